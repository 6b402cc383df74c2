/* Labels a person would write: the words and pairs that many texts of a topic have and few others.
 *
 * Invariants: no two topics have one label; a label stays, at a later fit, while all its words tell
 * the topic at least half as well as the best. Cost: that of counting the words (telling.c), and a
 * little for each topic. */
#include "topics/topic_words.h"

#include "base/order.h"
#include "base/text.h"
#include "discover/notes.h"
#include "topics/telling.h"

#define TELLING_LABEL  3u   /* terms of a label, at most */
#define TELLING_SECOND 0.15 /* a further term's score, at least, as a share of the first's */
#define TELLING_THIRD  0.35
#define TELLING_INSIDE 0.35 /* of the texts with a word, those with the pair that replaces it */
#define TELLING_STAYS  0.5

/* ---- Choosing ------------------------------------------------------------------------------- */

/* The pair that the word is mostly met in, by its place among the best; the word's own place. */
static uint32_t telling_around(const telling_work *work, const telling_group *group, uint32_t at)
{
    const telling_candidate *word = &group->best[at];
    uint32_t best = at;
    uint32_t most = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        const telling_feature *pair = &work->features[group->best[i].feature];
        if (pair->first != TELLING_NONE &&
            (pair->first == word->feature || pair->second == word->feature) &&
            (double)group->best[i].texts >= TELLING_INSIDE * (double)word->texts &&
            group->best[i].texts > most &&
            kundig__telling_written(work, group->best[i].feature).data) {
            best = i;
            most = group->best[i].texts;
        }
    }
    return best;
}

/* Do two terms say one thing: a word of one begins as one of the other does? */
static bool telling_akin(kundig_text a, kundig_text b)
{
    for (size_t i = 0; i < a.len; i++) {
        if (i > 0 && a.data[i - 1] != ' ') {
            continue;
        }
        for (size_t j = 0; j < b.len; j++) {
            if (j > 0 && b.data[j - 1] != ' ') {
                continue;
            }
            size_t same = 0;
            size_t left = 0;
            size_t right = 0;
            while (i + left < a.len && a.data[i + left] != ' ') {
                left++;
            }
            while (j + right < b.len && b.data[j + right] != ' ') {
                right++;
            }
            while (same < left && same < right &&
                   ((unsigned char)a.data[i + same] | 0x20) ==
                       ((unsigned char)b.data[j + same] | 0x20)) {
                same++;
            }
            size_t longer = left > right ? left : right;
            size_t shorter = left < right ? left : right;
            if (same == longer || (same == shorter && same >= 3 && longer - same <= 2) ||
                (same >= 4 && 3 * same >= 2 * longer)) {
                return true;
            }
        }
    }
    return false;
}

/* The words of a group, in order; a pair takes the place of the first word that is met inside it.
 */
static uint32_t telling_choose(const telling_work *work, const telling_group *group,
                               kundig__topic_word *words, uint32_t most)
{
    bool taken[TELLING_BEST] = {false};
    uint32_t count = 0;
    for (uint32_t i = 0; i < group->count && count < most; i++) {
        bool pair = work->features[group->best[i].feature].first != TELLING_NONE;
        uint32_t at = pair ? i : telling_around(work, group, i);
        kundig_text written = kundig__telling_written(work, group->best[at].feature);
        if (written.data && !taken[at]) {
            words[count++] = (kundig__topic_word){written, group->best[i].score};
        }
        taken[at] = true;
    }
    return count;
}

static bool telling_label_taken(const kundig_text *labels, size_t count, kundig_text label)
{
    for (size_t i = 0; i < count; i++) {
        if (kundig__text_equal(labels[i], label)) {
            return true;
        }
    }
    return false;
}

/* Join terms to a label that no other has; skip: so many of the later terms are passed over. */
static void telling_join(kundig__buf *buf, const kundig__topic_word *words, uint32_t count,
                         uint32_t skip)
{
    uint32_t chosen[TELLING_LABEL];
    uint32_t terms = 0;
    buf->len = 0;
    for (uint32_t i = 0; i < count && terms < TELLING_LABEL; i++) {
        bool akin = false;
        for (uint32_t j = 0; j < terms; j++) {
            akin = akin || telling_akin(words[chosen[j]].name, words[i].name);
        }
        double least = terms < 2 ? TELLING_SECOND : TELLING_THIRD;
        bool weak = skip == 0 && words[i].weight < least * words[0].weight;
        if (akin || weak || (terms > 0 && i <= skip)) {
            continue;
        }
        chosen[terms++] = i;
        kundig__buf_str(buf, terms > 1 ? ", " : "");
        kundig__buf_text(buf, words[i].name);
    }
}

/* Do all terms of an earlier label still tell the group? */
static bool telling_label_stays(const telling_work *work, const telling_group *group,
                                kundig_text label)
{
    bool stays = label.len > 0 && group->count > 0;
    for (size_t at = 0; at < label.len && stays;) {
        size_t end = at;
        while (end < label.len &&
               !(label.data[end] == ',' && end + 1 < label.len && label.data[end + 1] == ' ')) {
            end++;
        }
        kundig_text term = kundig__text(label.data + at, end - at);
        bool found = false;
        for (uint32_t i = 0; i < group->count && !found; i++) {
            kundig_text written = kundig__telling_written(work, group->best[i].feature);
            found = kundig__text_equal_nocase(written, term) &&
                    group->best[i].score >= TELLING_STAYS * group->best[0].score;
        }
        stays = found;
        at = end + 2;
    }
    return stays;
}

/* The label of a group: that it had, the best words, further ones until it is its own. */
static bool telling_label(telling_work *work, const telling_group *group, kundig_text earlier,
                          const kundig__topic_word *words, uint32_t count, kundig_text name,
                          kundig_text *labels, size_t *label_count, kundig_text *out)
{
    kundig__buf *buf = &work->key;
    buf->len = 0;
    if (telling_label_stays(work, group, earlier) &&
        !telling_label_taken(labels, *label_count, earlier)) {
        kundig__buf_text(buf, earlier);
    } else {
        for (uint32_t skip = 0; skip < count; skip++) {
            telling_join(buf, words, count, skip);
            if (!telling_label_taken(labels, *label_count, kundig__text(buf->data, buf->len))) {
                break;
            }
            buf->len = 0;
        }
    }
    if (buf->len == 0) {
        kundig__buf_text(buf, name);
    }
    if (buf->failed) {
        return false;
    }
    *out = kundig__arena_text(work->arena, kundig__text(buf->data, buf->len));
    labels[(*label_count)++] = *out;
    return out->data != NULL;
}

/* The share of a group's best words, those of pairs among them, that share their bucket. */
static double telling_collisions(const telling_work *work, const telling_group *group)
{
    uint32_t shared = 0;
    uint32_t all = 0;
    for (uint32_t i = 0; i < group->count && i < KUNDIG__TOPIC_WORDS; i++) {
        const telling_feature *feature = &work->features[group->best[i].feature];
        uint32_t words[2] = {group->best[i].feature, TELLING_NONE};
        if (feature->first != TELLING_NONE) {
            words[0] = feature->first;
            words[1] = feature->second;
        }
        for (size_t j = 0; j < 2 && words[j] != TELLING_NONE; j++) {
            uint64_t hash = work->features[words[j]].hash;
            shared += work->shared[kundig__note_bucket(hash, KUNDIG__NOTE_WORDS)];
            all++;
        }
    }
    return all ? (double)shared / (double)all : 0;
}

static bool telling_keep(telling_work *work, kundig__discovered_topic *topic,
                         const telling_group *group)
{
    topic->collisions = telling_collisions(work, group);
    topic->word_count = telling_choose(work, group, topic->words, KUNDIG__TOPIC_WORDS);
    for (uint32_t i = 0; i < topic->word_count; i++) {
        topic->words[i].name = kundig__arena_text(work->arena, topic->words[i].name);
        if (!topic->words[i].name.data) {
            return false;
        }
    }
    return true;
}

static int telling_size_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__discovered *discovered = ud;
    uint64_t left = discovered->topics[a].texts;
    uint64_t right = discovered->topics[b].texts;
    if (left != right) {
        return left > right ? -1 : 1;
    }
    return kundig__text_order(discovered->topics[a].name, discovered->topics[b].name);
}

/* Greater topics choose first; wholes have the words of all that is part of them. */
static bool telling_name_topics(telling_work *work)
{
    kundig__discovered *discovered = work->discovered;
    uint32_t count = kundig__discovered_count(discovered);
    uint32_t themes = kundig__discovered_theme_count(discovered);
    size_t most = (size_t)count + themes + 1;
    size_t label_count = 0;
    kundig_text *labels = kundig__arena_alloc(work->arena, most * sizeof *labels);
    uint32_t *order = kundig__arena_alloc(work->arena, most * sizeof *order);
    bool room = labels && order;
    for (uint32_t i = 0; room && i < count; i++) {
        order[i] = i;
    }
    if (room) {
        kundig__order_sort(order, count, telling_size_order, discovered);
    }
    for (uint32_t i = 0; room && i < count; i++) {
        kundig__discovered_topic *topic = &discovered->topics[order[i]];
        bool whole = discovered->wholes[order[i]] == order[i];
        const telling_group *group = &work->groups[(whole ? count : 0) + order[i]];
        uint32_t old =
            work->before ? kundig__discovered_find(work->before, topic->name) : KUNDIG__NO_CLUSTER;
        kundig_text earlier =
            old == KUNDIG__NO_CLUSTER ? (kundig_text){NULL, 0} : work->before->topics[old].label;
        room = telling_keep(work, topic, group) &&
               telling_label(work, group, earlier, topic->words, topic->word_count, topic->name,
                             labels, &label_count, &topic->label);
    }
    label_count = 0;
    for (uint32_t i = 0; room && i < themes; i++) {
        kundig__topic_word words[KUNDIG__TOPIC_WORDS];
        kundig__discovered_theme *theme = &discovered->themes[i];
        const telling_group *group = &work->groups[2 * count + i];
        uint32_t chosen = telling_choose(work, group, words, KUNDIG__TOPIC_WORDS);
        uint32_t old = work->before ? kundig__discovered_find_theme(work->before, theme->name)
                                    : KUNDIG__NO_CLUSTER;
        kundig_text earlier =
            old == KUNDIG__NO_CLUSTER ? (kundig_text){NULL, 0} : work->before->themes[old].label;
        room = telling_label(work, group, earlier, words, chosen, theme->name, labels, &label_count,
                             &theme->label);
    }
    return room;
}

/* ---- All of it ------------------------------------------------------------------------------ */

int kundig__topic_words(kundig__mem *mem, kundig__arena *arena, const kundig__surveyed *surveyed,
                        const kundig__placed *placed, uint32_t least_customers,
                        const kundig__discovered *before, kundig__discovered *discovered)
{
    telling_work work = {.mem = mem,
                         .arena = arena,
                         .surveyed = surveyed,
                         .placed = placed,
                         .before = before,
                         .discovered = discovered,
                         .least = least_customers};
    int rc = kundig__telling_count(&work);
    rc = rc || telling_name_topics(&work) ? rc : kundig__nomem(mem, NULL);
    kundig__telling_free(&work);
    return rc;
}
