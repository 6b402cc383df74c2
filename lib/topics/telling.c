/* The words and pairs that tell groups of texts from one another.
 *
 *   texts > words that enough customers use > pairs of such > how often in each topic, what is part
 *   of it, each theme > the best of each > how most customers write them
 *
 * Invariants: a word is among the best only if at least as many customers as asked used it (as many
 * texts, where none are named), and can be written only if most of its uses are no personal data;
 * the answer is a function of texts and places as sets.
 * Cost: five passes over the texts, of which a sample by content is taken where there are many; the
 * groups' best words are kept, not all. */
#include "topics/telling.h"

#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "discover/notes.h"
#include "text/language_words.h"

#define TELLING_MOST_TEXTS 100000u /* looked at */
#define TELLING_SMOOTH     0.001
#define TELLING_FORMS_MOST 64u /* bytes of a form */
#define TELLING_BUCKETS    ((size_t)1 << KUNDIG__NOTE_BITS)

#ifdef KUNDIG_TINY
#define TELLING_SLOTS 4u
#else
#define TELLING_SLOTS 4096u
#endif

/* Words that are too common to tell anything alone, beside those that the languages are told by. */
static const char telling_common[] =
    "die in am an as at be by do so is it if me my no of on or to up us we go he was war man "
    "hat es en de la le el un una il lo per con du des les et que qui e o da di os na em se "
    "non pas ne van het een dat op met voor niet i'm it's don't u ur i s t m re ve ll d im "
    "ich your you they them there their than then when what who how why which would could "
    "should has have had been being were are not can will just also very too more most much "
    "many any some all every each get got getting does did done doing use used using one two "
    "make made take took going goes say said know really even still always never ever back "
    "out off over again after before because while where thing things something anything "
    "everything nothing lot bit ist sind bei bin aus auf mit von vom zum zur dass wenn aber "
    "auch noch nur sehr mehr schon immer kann etwas alles viel viele wird wurde wurden "
    "werden haben habe hatte sein seine ihre wie wo wer until ago yet already since though "
    "although however nearly almost quite rather maybe perhaps today yesterday tomorrow "
    "tonight monday tuesday wednesday thursday friday saturday sunday january february march "
    "april june july august september october november december someone somebody anyone "
    "anybody everyone everybody nobody myself yourself himself herself itself tried try "
    "trying keep keeps kept told tell tells asked ask asking think thought feel felt look "
    "looked looking looks seem seems seemed give gave given find found put left let far near "
    "next last first second both few same other another such own able possible sure "
    "different please ok okay yes thats hasn't haven't hadn't isn't aren't wasn't weren't "
    "doesn't didn't won't wouldn't can't cannot couldn't shouldn't could've i've i'd i'll "
    "you're we're they're he's she's that's there's what's who's let's havent hasnt isnt "
    "doesnt didnt dont wont cant couldnt wasnt ive id ill theres whats may might must shall "
    "couple within else times taken without around between through during against instead "
    "along across behind gone went come comes came coming get's end start started starting "
    "way ways case kind sort point part bist seid gewesen geworden worden gibt gab geht ging "
    "gehen kommt kam kommen macht machen gemacht tut tun getan lassen lässt sagt sagte "
    "gesagt sagen weiss wissen finde finden heute gestern morgen montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag januar februar märz juni juli oktober dezember "
    "wieder bereits eben halt eigentlich vielleicht einfach mal ganz gerade dann danach dort "
    "hier denn doch jedoch trotzdem seit bis während zwischen ohne gegen unter über neben "
    "vor nach ab je jede jeder jedes jeden andere anderen anderer anderes beide beiden "
    "selbst sowie sonst fast etwa genau wirklich total echt wohl gar zwar nun jetzt damit "
    "dafür darauf daran davon dazu dabei weil obwohl falls soll sollte sollten muss musste "
    "müssen möchte würde würden könnte könnten können darf dürfen wollen wollte";

/* Words that a verb needs behind it to be one: "top up". */
static const char telling_particles[] = "up off out back down";

/* Words of the telling lists that say something all the same. */
static const char telling_kept[] =
    "service help work time day easy new good great nice love best better thank thanks need want "
    "gut danke leider geld lieferung day";

/* Words that stand before another one to turn it round. */
static const char telling_negations[] =
    "not no never nicht kein keine keinen nie ohne without pas non nao não niet geen sin sem senza";

/* ---- Words and pairs, counted --------------------------------------------------------------- */

static bool telling_map_grow(telling_map *map)
{
    size_t slots = map->slots ? 2 * map->slots : TELLING_SLOTS;
    telling_entry *entries = kundig__alloc_zero(map->mem, slots * sizeof *entries);
    if (!entries) {
        return false;
    }
    for (size_t i = 0; i < map->slots; i++) {
        if (map->entries[i].texts) {
            size_t at = map->entries[i].hash & (slots - 1);
            while (entries[at].texts) {
                at = (at + 1) & (slots - 1);
            }
            entries[at] = map->entries[i];
        }
    }
    kundig__free(map->mem, map->entries, map->slots * sizeof *map->entries);
    map->entries = entries;
    map->slots = slots;
    return true;
}

/* The place of a hash, or an empty one; NULL where the map is empty. */
static telling_entry *telling_map_find(const telling_map *map, uint64_t hash)
{
    if (!map->slots) {
        return NULL;
    }
    size_t at = hash & (map->slots - 1);
    while (map->entries[at].texts && map->entries[at].hash != hash) {
        at = (at + 1) & (map->slots - 1);
    }
    return &map->entries[at];
}

static const telling_entry *telling_map_seek(const telling_map *map, uint64_t hash)
{
    const telling_entry *entry = telling_map_find(map, hash);
    return entry && entry->texts ? entry : NULL;
}

/* Count a use; text and writer are those in work. NULL on failure of memory. */
static telling_entry *telling_map_count(telling_map *map, uint64_t hash, uint32_t text,
                                        uint32_t writer)
{
    if (map->count * 2 >= map->slots && !telling_map_grow(map)) {
        return NULL;
    }
    telling_entry *entry = telling_map_find(map, hash);
    if (!entry->texts) {
        map->count++;
        *entry = (telling_entry){.hash = hash,
                                 .last_text = TELLING_NONE,
                                 .last_writer = KUNDIG__NO_WRITER,
                                 .feature = TELLING_NONE};
    }
    if (entry->last_text != text) {
        entry->texts++;
        entry->last_text = text;
    }
    if (writer != KUNDIG__NO_WRITER && entry->last_writer != writer) {
        entry->writers++;
        entry->last_writer = writer;
    }
    return entry;
}

static bool telling_list(telling_work *work, const char *words, uint32_t kind)
{
    for (const char *at = words; *at;) {
        const char *end = strchr(at, ' ');
        size_t len = end ? (size_t)(end - at) : strlen(at);
        telling_entry *entry =
            telling_map_count(&work->lists, kundig__xxh3(at, len), 0, KUNDIG__NO_WRITER);
        if (!entry) {
            return false;
        }
        entry->feature = kind;
        at += len + (end != NULL);
    }
    return true;
}

static bool telling_lists(telling_work *work)
{
    bool room = true;
    for (size_t i = 0; room && i < kundig__language_list_count; i++) {
        const kundig__language_list *list = &kundig__language_lists[i];
        room = list->tier > LANGUAGE_TIER_COMMON || telling_list(work, list->words, 0);
    }
    return room && telling_list(work, telling_common, 0) && telling_list(work, telling_kept, 1) &&
           telling_list(work, telling_negations, 2) && telling_list(work, telling_particles, 3);
}

/* ---- Passes over the texts ------------------------------------------------------------------ */

static int telling_features(telling_work *work, uint32_t text)
{
    kundig_text of = work->surveyed->texts[text].text;
    return kundig__text_features(&work->scratch, of.data, of.len, KUNDIG__WORDS);
}

/* May the token be a term, or part of one? */
static bool telling_is_term(const telling_work *work, kundig_text text, const kundig__token *token)
{
    (void)work;
    uint32_t code;
    size_t len = token->end - token->start;
    if (len > TELLING_FORMS_MOST / 2) {
        return false;
    }
    if (token->kind == KUNDIG__TOKEN_SYMBOL) {
        kundig__utf8_decode(text.data + token->start, len, &code);
        return (code >= 0x2600 && code < 0x2800) || code >= 0x1F000;
    }
    return token->kind == KUNDIG__TOKEN_CJK || (token->kind == KUNDIG__TOKEN_WORD && len > 1);
}

/* Do two tokens make a pair: words with one blank between them? */
static bool telling_is_pair(kundig_text text, const kundig__token *first,
                            const kundig__token *second)
{
    return first->kind == KUNDIG__TOKEN_WORD && second->kind == KUNDIG__TOKEN_WORD &&
           second->start == first->end + 1 && text.data[first->end] == ' ';
}

static int telling_writer_order(const void *ud, uint32_t a, uint32_t b)
{
    const telling_work *work = ud;
    uint32_t left = work->surveyed->texts[a].writer;
    uint32_t right = work->surveyed->texts[b].writer;
    return left != right ? (left < right ? -1 : 1) : a < b ? -1 : a > b;
}

/* The texts that are looked at: those in topics, of many the ones whose content says so. */
static bool telling_sample(telling_work *work)
{
    size_t count = work->surveyed->count;
    uint64_t most = UINT64_MAX;
    work->texts = kundig__alloc(work->mem, count * sizeof *work->texts);
    if (!work->texts) {
        return false;
    }
    if (count > TELLING_MOST_TEXTS) {
        most = UINT64_MAX / count * TELLING_MOST_TEXTS;
    }
    for (uint32_t i = 0; i < count; i++) {
        const kundig__told_text *text = &work->surveyed->texts[i];
        work->writers = work->writers || text->writer != KUNDIG__NO_WRITER;
        if (work->placed[i].cluster != KUNDIG__NO_CLUSTER &&
            (most == UINT64_MAX || kundig__xxh3(text->text.data, text->text.len) <= most)) {
            work->texts[work->count++] = i;
        }
    }
    kundig__order_sort(work->texts, work->count, telling_writer_order, work);
    return true;
}

static bool telling_enough(const telling_work *work, const telling_entry *entry)
{
    return entry->texts >= work->least && (!work->writers || entry->writers >= work->least);
}

static bool telling_feature_add(telling_work *work, telling_entry *entry, bool pair)
{
    void *features = work->features;
    bool room = kundig__grow(work->mem, &features, &work->feature_capacity, work->feature_count + 1,
                             sizeof *work->features);
    work->features = features;
    if (!room) {
        return false;
    }
    const telling_entry *listed = pair ? NULL : telling_map_seek(&work->lists, entry->hash);
    entry->feature = (uint32_t)work->feature_count;
    work->features[work->feature_count++] =
        (telling_feature){.texts = entry->texts,
                          .first = pair ? entry->first : TELLING_NONE,
                          .second = pair ? entry->second : TELLING_NONE,
                          .form = TELLING_NONE,
                          .common = listed && listed->feature != 1,
                          .negation = listed && listed->feature == 2,
                          .particle = listed && listed->feature == 3,
                          .hash = entry->hash};
    return true;
}

static int telling_count_words(telling_work *work)
{
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < work->count && !rc; i++) {
        const kundig__told_text *text = &work->surveyed->texts[work->texts[i]];
        rc = telling_features(work, work->texts[i]);
        for (size_t j = 0; !rc && j < work->scratch.token_count; j++) {
            const kundig__token *token = &work->scratch.tokens[j];
            if (telling_is_term(work, text->text, token) &&
                !telling_map_count(&work->words, token->hash, work->texts[i], text->writer)) {
                rc = kundig__nomem(work->mem, NULL);
            }
        }
    }
    for (size_t i = 0; i < work->words.slots && !rc; i++) {
        telling_entry *entry = &work->words.entries[i];
        if (entry->texts && telling_enough(work, entry) &&
            !telling_feature_add(work, entry, false)) {
            rc = kundig__nomem(work->mem, NULL);
        }
    }
    return rc;
}

/* The feature of a token; TELLING_NONE. */
static uint32_t telling_of_token(const telling_work *work, kundig_text text,
                                 const kundig__token *token)
{
    const telling_entry *entry =
        telling_is_term(work, text, token) ? telling_map_seek(&work->words, token->hash) : NULL;
    return entry ? entry->feature : TELLING_NONE;
}

/* Pairs that may stand in a label: both say something, or the first turns the second round, or the
 * second makes another verb of the first. */
static bool telling_may_pair(const telling_work *work, uint32_t first, uint32_t second)
{
    const telling_feature *a = &work->features[first];
    const telling_feature *b = &work->features[second];
    return (!a->common && (!b->common || b->particle)) || (a->negation && !b->common);
}

static int telling_count_pairs(telling_work *work)
{
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < work->count && !rc; i++) {
        const kundig__told_text *text = &work->surveyed->texts[work->texts[i]];
        const kundig__token *tokens = work->scratch.tokens;
        rc = telling_features(work, work->texts[i]);
        tokens = work->scratch.tokens;
        uint32_t before = TELLING_NONE;
        for (size_t j = 0; !rc && j < work->scratch.token_count; j++) {
            uint32_t feature = telling_of_token(work, text->text, &tokens[j]);
            if (before != TELLING_NONE && feature != TELLING_NONE &&
                telling_is_pair(text->text, &tokens[j - 1], &tokens[j]) &&
                telling_may_pair(work, before, feature)) {
                telling_entry *entry = telling_map_count(
                    &work->pairs, kundig__pair_hash(tokens[j - 1].hash, tokens[j].hash),
                    work->texts[i], text->writer);
                if (!entry) {
                    rc = kundig__nomem(work->mem, NULL);
                    break;
                }
                entry->first = before;
                entry->second = feature;
            }
            before = feature;
        }
    }
    for (size_t i = 0; i < work->pairs.slots && !rc; i++) {
        telling_entry *entry = &work->pairs.entries[i];
        if (entry->texts && telling_enough(work, entry) &&
            !telling_feature_add(work, entry, true)) {
            rc = kundig__nomem(work->mem, NULL);
        }
    }
    return rc;
}

/* The feature of the pair that ends with token j; TELLING_NONE. */
static uint32_t telling_of_pair(const telling_work *work, kundig_text text, size_t j)
{
    const kundig__token *tokens = work->scratch.tokens;
    if (j == 0 || !telling_is_pair(text, &tokens[j - 1], &tokens[j])) {
        return TELLING_NONE;
    }
    const telling_entry *entry =
        telling_map_seek(&work->pairs, kundig__pair_hash(tokens[j - 1].hash, tokens[j].hash));
    return entry ? entry->feature : TELLING_NONE;
}

/* The features of one text, once each. */
static int telling_find(telling_work *work, uint32_t text)
{
    work->found_count = 0;
    int rc = telling_features(work, text);
    for (size_t j = 0; !rc && j < work->scratch.token_count; j++) {
        kundig_text of = work->surveyed->texts[text].text;
        uint32_t both[2] = {telling_of_token(work, of, &work->scratch.tokens[j]),
                            telling_of_pair(work, of, j)};
        for (size_t k = 0; k < 2; k++) {
            if (both[k] != TELLING_NONE && work->stamps[both[k]] != text + 1) {
                work->stamps[both[k]] = text + 1;
                work->found[work->found_count++] = both[k];
            }
        }
    }
    return rc;
}

/* ---- The best of each group ----------------------------------------------------------------- */

static telling_group *telling_group_of(const telling_work *work, uint32_t text, int level)
{
    uint32_t count = kundig__discovered_count(work->discovered);
    uint32_t cluster = work->placed[text].cluster;
    uint32_t whole = work->discovered->wholes[cluster];
    return level == 0   ? &work->groups[cluster]
           : level == 1 ? &work->groups[count + whole]
                        : &work->groups[2 * count + work->discovered->topics[whole].theme];
}

static int telling_group_order(const void *ud, uint32_t a, uint32_t b)
{
    const telling_work *work = ud;
    for (int level = TELLING_LEVELS - 1; level >= 0; level--) {
        const telling_group *left = telling_group_of(work, a, level);
        const telling_group *right = telling_group_of(work, b, level);
        if (left != right) {
            return left < right ? -1 : 1;
        }
    }
    return a < b ? -1 : a > b;
}

typedef struct telling_ranking {
    const telling_work *work;
    const double *scores; /* by place among touched */
    const uint32_t *touched;
} telling_ranking;

/* Better first; of equals the pair, then the hash decides. */
static int telling_rank_order(const void *ud, uint32_t a, uint32_t b)
{
    const telling_ranking *ranking = ud;
    if (ranking->scores[a] < ranking->scores[b] || ranking->scores[a] > ranking->scores[b]) {
        return ranking->scores[a] > ranking->scores[b] ? -1 : 1;
    }
    const telling_feature *left = &ranking->work->features[ranking->touched[a]];
    const telling_feature *right = &ranking->work->features[ranking->touched[b]];
    bool pair = left->first != TELLING_NONE;
    if (pair != (right->first != TELLING_NONE)) {
        return pair ? -1 : 1;
    }
    return left->hash < right->hash ? -1 : left->hash > right->hash;
}

/* A group is counted: keep its best, forget the counts. */
static int telling_group_end(telling_work *work, int level, telling_group *group)
{
    size_t count = work->touched_count[level];
    uint32_t *counts = work->counts[level];
    uint32_t *touched = work->touched[level];
    double *scores = kundig__alloc(work->mem, count * sizeof *scores);
    uint32_t heap[TELLING_BEST];
    size_t kept = 0;
    if (!scores) {
        return kundig__nomem(work->mem, NULL);
    }
    telling_ranking ranking = {work, scores, touched};
    for (uint32_t i = 0; i < count; i++) {
        const telling_feature *feature = &work->features[touched[i]];
        double inside = (double)counts[touched[i]] / (double)group->texts;
        double all = (double)feature->texts / (double)work->count;
        scores[i] = inside * kundig__log((inside + TELLING_SMOOTH) / (all + TELLING_SMOOTH));
        if (scores[i] > 0 && !feature->common) {
            kundig__order_push(heap, &kept, TELLING_BEST, i, telling_rank_order, &ranking);
        }
    }
    kundig__order_sort(heap, kept, telling_rank_order, &ranking);
    for (size_t i = 0; i < kept; i++) {
        uint32_t feature = touched[heap[i]];
        work->features[feature].wanted = true;
        group->best[group->count++] =
            (telling_candidate){feature, counts[feature], scores[heap[i]]};
    }
    for (size_t i = 0; i < count; i++) {
        counts[touched[i]] = 0;
    }
    work->touched_count[level] = 0;
    kundig__free(work->mem, scores, count * sizeof *scores);
    return KUNDIG_OK;
}

static int telling_count_groups(telling_work *work)
{
    uint32_t *order = kundig__alloc(work->mem, work->count * sizeof *order);
    if (!order) {
        return kundig__nomem(work->mem, NULL);
    }
    memcpy(order, work->texts, work->count * sizeof *order);
    kundig__order_sort(order, work->count, telling_group_order, work);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < work->count && !rc; i++) {
        rc = telling_find(work, order[i]);
        for (int level = 0; level < TELLING_LEVELS && !rc; level++) {
            telling_group *group = telling_group_of(work, order[i], level);
            group->texts++;
            for (size_t j = 0; j < work->found_count; j++) {
                uint32_t feature = work->found[j];
                if (work->counts[level][feature]++ == 0) {
                    work->touched[level][work->touched_count[level]++] = feature;
                }
            }
            bool ends =
                i + 1 == work->count || telling_group_of(work, order[i + 1], level) != group;
            rc = ends ? telling_group_end(work, level, group) : KUNDIG_OK;
        }
    }
    kundig__free(work->mem, order, work->count * sizeof *order);
    return rc;
}

/* ---- How they are written ------------------------------------------------------------------- */

static bool telling_is_private(const telling_work *work, uint32_t start, uint32_t end)
{
    for (size_t i = 0; i < work->personal.count; i++) {
        const kundig__personal_span *span = &work->personal.spans[i];
        if (span->start < end && start < span->end) {
            return true;
        }
    }
    return false;
}

/* A wanted feature was written so. Sentences' first words count less: their capitals say little. */
static bool telling_form_seen(telling_work *work, uint32_t number, uint32_t text,
                              kundig_text written, bool first)
{
    telling_feature *feature = &work->features[number];
    uint32_t writer = work->surveyed->texts[text].writer;
    char code[4] = {(char)(uint8_t)number, (char)(uint8_t)(number >> 8),
                    (char)(uint8_t)(number >> 16), (char)(uint8_t)(number >> 24)};
    work->key.len = 0;
    kundig__buf_add(&work->key, code, sizeof code);
    kundig__buf_text(&work->key, written);
    if (work->key.failed) {
        return false;
    }
    uint32_t at = kundig__dict_find(&work->form_keys, work->key.data, work->key.len);
    if (at == KUNDIG__DICT_NONE) {
        at = kundig__dict_add(&work->form_keys, work->key.data, work->key.len);
        void *forms = work->forms;
        bool room = at != KUNDIG__DICT_NONE && kundig__grow(work->mem, &forms, &work->form_capacity,
                                                            at + 1, sizeof *work->forms);
        work->forms = forms;
        if (!room) {
            return false;
        }
        work->forms[at] = (telling_form){feature->form, 0, 0, KUNDIG__NO_WRITER, TELLING_NONE};
        feature->form = at;
    }
    telling_form *form = &work->forms[at];
    bool again =
        writer == KUNDIG__NO_WRITER ? form->last_text == text : form->last_writer == writer;
    uint32_t weight = first ? 1 : 8;
    uint32_t counted = again ? form->weight : 0;
    form->weight = weight > counted ? weight : counted;
    form->count += form->weight - counted;
    form->last_writer = writer;
    form->last_text = text;
    return true;
}

static int telling_forms_of(telling_work *work, uint32_t text)
{
    kundig_text of = work->surveyed->texts[text].text;
    bool looked = false;
    int rc = telling_features(work, text);
    const kundig__token *tokens = work->scratch.tokens;
    for (size_t j = 0; !rc && j < work->scratch.token_count; j++) {
        uint32_t both[2] = {telling_of_token(work, of, &tokens[j]), telling_of_pair(work, of, j)};
        for (size_t k = 0; k < 2 && !rc; k++) {
            if (both[k] == TELLING_NONE || !work->features[both[k]].wanted) {
                continue;
            }
            if (!looked) {
                rc = kundig__personal_find(&work->personal, of.data, of.len, KUNDIG_PERSONAL_ALL);
                looked = true;
            }
            size_t from = k ? j - 1 : j;
            bool first = from == 0 || tokens[from - 1].kind == KUNDIG__TOKEN_SYMBOL;
            uint32_t start = tokens[from].start;
            bool hidden = !rc && telling_is_private(work, start, tokens[j].end);
            work->features[both[k]].uses++;
            work->features[both[k]].private += hidden;
            if (!rc && !hidden &&
                !telling_form_seen(work, both[k], text,
                                   kundig__text(of.data + start, tokens[j].end - start), first)) {
                rc = kundig__nomem(work->mem, NULL);
            }
        }
    }
    return rc;
}

/* Texts stand in order of writers: so is each counted once. */
static int telling_find_forms(telling_work *work)
{
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < work->count && !rc; i++) {
        rc = telling_forms_of(work, work->texts[i]);
    }
    return rc;
}

kundig_text kundig__telling_written(const telling_work *work, uint32_t number)
{
    const telling_feature *feature = &work->features[number];
    kundig_text best = {NULL, 0};
    uint32_t most = 0;
    if (2 * (uint64_t)feature->private > feature->uses) {
        return best;
    }
    for (uint32_t at = feature->form; at != TELLING_NONE; at = work->forms[at].next) {
        kundig_text key = kundig__dict_text(&work->form_keys, at);
        kundig_text form = kundig__text(key.data + 4, key.len - 4);
        uint32_t count = work->forms[at].count;
        if (count > most || (count == most && kundig__text_order(form, best) > 0)) {
            most = count;
            best = form;
        }
    }
    return best;
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Which buckets of clusters several words share. */
static bool telling_buckets(telling_work *work)
{
    work->owners = kundig__alloc_zero(work->mem, TELLING_BUCKETS * sizeof *work->owners);
    work->shared = kundig__alloc_zero(work->mem, TELLING_BUCKETS * sizeof *work->shared);
    for (size_t i = 0; work->owners && work->shared && i < work->words.slots; i++) {
        const telling_entry *entry = &work->words.entries[i];
        uint32_t bucket = kundig__note_bucket(entry->hash, KUNDIG__NOTE_WORDS);
        if (entry->texts) {
            work->shared[bucket] |= work->owners[bucket] != 0;
            work->owners[bucket] = entry->hash | 1;
        }
    }
    return work->owners && work->shared;
}

static bool telling_room(telling_work *work)
{
    size_t count = work->feature_count;
    size_t most = 0;
    for (int level = 0; level < TELLING_LEVELS; level++) {
        work->counts[level] = kundig__alloc_zero(work->mem, count * sizeof(uint32_t));
        work->touched[level] = kundig__alloc(work->mem, count * sizeof(uint32_t));
        most += work->counts[level] && work->touched[level];
    }
    work->stamps = kundig__alloc_zero(work->mem, count * sizeof(uint32_t));
    work->found = kundig__alloc(work->mem, count * sizeof(uint32_t));
    return most == TELLING_LEVELS && work->stamps && work->found;
}

void kundig__telling_free(telling_work *work)
{
    kundig__mem *mem = work->mem;
    size_t bytes = work->feature_count * sizeof(uint32_t);
    for (int level = 0; level < TELLING_LEVELS; level++) {
        kundig__free(mem, work->counts[level], work->counts[level] ? bytes : 0);
        kundig__free(mem, work->touched[level], work->touched[level] ? bytes : 0);
    }
    kundig__free(mem, work->owners, work->owners ? TELLING_BUCKETS * sizeof *work->owners : 0);
    kundig__free(mem, work->shared, work->shared ? TELLING_BUCKETS * sizeof *work->shared : 0);
    kundig__free(mem, work->stamps, work->stamps ? bytes : 0);
    kundig__free(mem, work->found, work->found ? bytes : 0);
    kundig__free(mem, work->groups, work->groups ? work->group_count * sizeof *work->groups : 0);
    kundig__free(mem, work->texts, work->texts ? work->surveyed->count * sizeof *work->texts : 0);
    kundig__free(mem, work->features, work->feature_capacity * sizeof *work->features);
    kundig__free(mem, work->forms, work->form_capacity * sizeof *work->forms);
    kundig__free(mem, work->words.entries, work->words.slots * sizeof *work->words.entries);
    kundig__free(mem, work->pairs.entries, work->pairs.slots * sizeof *work->pairs.entries);
    kundig__free(mem, work->lists.entries, work->lists.slots * sizeof *work->lists.entries);
    kundig__dict_free(&work->form_keys);
    kundig__buf_free(&work->key);
    kundig__personal_free(&work->personal);
    kundig__scratch_free(&work->scratch);
}

int kundig__telling_count(telling_work *work)
{
    static const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE] = {0};
    kundig__mem *mem = work->mem;
    kundig__scratch_init(&work->scratch, mem);
    kundig__dict_init(&work->form_keys, mem, key);
    kundig__buf_init(&work->key, mem);
    kundig__personal_init(&work->personal, mem);
    work->words.mem = work->pairs.mem = work->lists.mem = mem;
    work->group_count = 2 * (size_t)kundig__discovered_count(work->discovered) +
                        kundig__discovered_theme_count(work->discovered);
    work->groups = kundig__alloc_zero(mem, work->group_count * sizeof *work->groups);
    int rc = work->groups && telling_lists(work) && telling_sample(work) ? KUNDIG_OK
                                                                         : kundig__nomem(mem, NULL);
    rc = rc ? rc : telling_count_words(work);
    rc = rc ? rc : telling_count_pairs(work);
    rc = rc || telling_room(work) ? rc : kundig__nomem(mem, NULL);
    rc = rc ? rc : telling_count_groups(work);
    rc = rc ? rc : telling_find_forms(work);
    return rc || telling_buckets(work) ? rc : kundig__nomem(mem, NULL);
}
