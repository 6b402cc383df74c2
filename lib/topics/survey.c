/* Examples and edits become texts and hints.
 *
 *   groups    labels in byte order, then what makes or pins topics, then records of pairs
 *   hints     groups joined: texts of a record that two edits name, pairs that belong together
 *
 * Invariants: a text has one hint at most, that of what was said of its record before that of its
 * label; two groups that are topics are never joined, so what a label says is not undone by a pair.
 * Hints are in order of what was said, never of texts.
 * Cost: linear in the examples; n log n in labels and edits. */
#include "topics/survey.h"

#include "base/order.h"
#include "base/text.h"

/* What was said of one thing. */
typedef struct survey_group {
    uint32_t up; /* the group it was joined with; itself */
    bool topic;
    uint64_t told;
    kundig_text called;
    uint32_t before;
    const uint64_t *words;
    size_t word_count;
    uint32_t label; /* the first label of its records; KUNDIG__NO_HINT */
    uint32_t hint;
} survey_group;

typedef struct survey_making {
    kundig__surveyed *out;
    const kundig_examples *set;
    const kundig__edits *edits;
    const kundig__discovered *before;
    survey_group *groups;
    size_t group_count;
    size_t group_capacity;
    uint32_t *labels;     /* by code of set->names: its group */
    kundig__dict records; /* keys of records that edits name; code: place in record_groups */
    uint32_t *record_groups;
    size_t record_capacity;
    kundig__buf key;
    kundig__scratch scratch;
} survey_making;

/* ---- Groups --------------------------------------------------------------------------------- */

/* Ways are halved as they are gone: chains of pairs stay short. */
static uint32_t survey_root(const survey_making *making, uint32_t group)
{
    survey_group *groups = making->groups;
    while (groups[group].up != group) {
        groups[group].up = groups[groups[group].up].up;
        group = groups[group].up;
    }
    return group;
}

/* The group that came first stays; two topics stay apart. */
static void survey_join(survey_making *making, uint32_t a, uint32_t b)
{
    a = survey_root(making, a);
    b = survey_root(making, b);
    if (a == b || (making->groups[a].topic && making->groups[b].topic)) {
        return;
    }
    survey_group *first = &making->groups[making->groups[b].topic ? b : a];
    survey_group *second = &making->groups[making->groups[b].topic ? a : b];
    second->up = first->up;
}

static bool survey_group_add(survey_making *making, survey_group group)
{
    void *groups = making->groups;
    bool room = kundig__grow(making->out->mem, &groups, &making->group_capacity,
                             making->group_count + 1, sizeof *making->groups);
    making->groups = groups;
    if (room) {
        group.up = (uint32_t)making->group_count;
        group.label = KUNDIG__NO_HINT;
        making->groups[making->group_count++] = group;
    }
    return room;
}

/* The cluster of before that was made by what is said again. */
static uint32_t survey_before(const survey_making *making, uint64_t told)
{
    for (uint32_t i = 0; making->before && i < kundig__discovered_count(making->before); i++) {
        if (making->before->topics[i].told == told) {
            return i;
        }
    }
    return KUNDIG__NO_CLUSTER;
}

static int survey_label_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__dict *names = ud;
    return kundig__text_order(kundig__dict_text(names, a), kundig__dict_text(names, b));
}

/* A group for each label that an example has. */
static bool survey_labels(survey_making *making)
{
    const kundig_examples *set = making->set;
    uint32_t count = set->lesson == KUNDIG_LESSON_TOPICS ? set->names.count : 0;
    making->labels = kundig__arena_alloc(&making->out->arena, (count + 1) * sizeof(uint32_t));
    uint32_t *order = kundig__arena_alloc(&making->out->arena, (count + 1) * sizeof(uint32_t));
    if (!making->labels || !order) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        making->labels[i] = KUNDIG__NO_HINT;
        order[i] = i;
    }
    for (size_t i = 0; count && i < set->count; i++) {
        const kundig__example *example = &set->examples[i];
        if (!example->gone && example->mark_count == 1 && set->marks[example->first].holds) {
            making->labels[set->marks[example->first].klass] = 0;
        }
    }
    kundig__order_sort(order, count, survey_label_order, &set->names);
    for (uint32_t i = 0; i < count; i++) {
        if (making->labels[order[i]] == KUNDIG__NO_HINT) {
            continue;
        }
        kundig_text name = kundig__dict_text(&set->names, order[i]);
        uint64_t told = kundig__label_told(name);
        making->labels[order[i]] = (uint32_t)making->group_count;
        if (!survey_group_add(making, (survey_group){.topic = true,
                                                     .told = told,
                                                     .called = name,
                                                     .before = survey_before(making, told)})) {
            return false;
        }
    }
    return true;
}

/* ---- Edits ---------------------------------------------------------------------------------- */

static bool survey_key(survey_making *making, kundig_text source, kundig_text id)
{
    making->key.len = 0;
    kundig__buf_int(&making->key, source.data ? (int64_t)source.len : -1);
    kundig__buf_char(&making->key, ' ');
    kundig__buf_text(&making->key, source);
    kundig__buf_text(&making->key, id);
    return !making->key.failed;
}

/* A record belongs to a group, too: it has one of its own that is joined with it. */
static bool survey_record(survey_making *making, kundig_text source, kundig_text id, uint32_t group,
                          uint32_t *own)
{
    if (!survey_key(making, source, id)) {
        return false;
    }
    uint32_t code = kundig__dict_find(&making->records, making->key.data, making->key.len);
    if (code == KUNDIG__DICT_NONE) {
        code = kundig__dict_add(&making->records, making->key.data, making->key.len);
        void *groups = making->record_groups;
        bool room = code != KUNDIG__DICT_NONE &&
                    kundig__grow(making->out->mem, &groups, &making->record_capacity, code + 1,
                                 sizeof *making->record_groups);
        making->record_groups = groups;
        if (!room) {
            return false;
        }
        making->record_groups[code] = (uint32_t)making->group_count;
        if (!survey_group_add(making, (survey_group){.before = KUNDIG__NO_CLUSTER})) {
            return false;
        }
    }
    *own = making->record_groups[code];
    if (group != KUNDIG__NO_HINT) {
        survey_join(making, group, *own);
    }
    return true;
}

/* Hashes of "lost parcel; customs". */
static bool survey_words(survey_making *making, kundig_text words, survey_group *group)
{
    size_t most = words.len / 2 + 1;
    uint64_t *hashes = kundig__arena_alloc(&making->out->arena, most * sizeof *hashes);
    if (!hashes) {
        return false;
    }
    group->words = hashes;
    for (size_t at = 0; at < words.len;) {
        const char *end = memchr(words.data + at, ';', words.len - at);
        size_t stop = end ? (size_t)(end - words.data) : words.len;
        if (kundig__text_features(&making->scratch, words.data + at, stop - at,
                                  KUNDIG__WORDS | KUNDIG__PAIRS)) {
            return false;
        }
        const kundig__scratch *scratch = &making->scratch;
        if (scratch->token_count == 1) {
            hashes[group->word_count++] = scratch->tokens[0].hash;
        }
        for (size_t i = 0; i + 1 < scratch->token_count && group->word_count < most; i++) {
            hashes[group->word_count++] = scratch->pairs[i];
        }
        at = stop + 1;
    }
    return true;
}

static bool survey_edit(survey_making *making, const kundig_edit *edit)
{
    survey_group group = {.topic = true, .before = KUNDIG__NO_CLUSTER};
    uint32_t number = (uint32_t)making->group_count;
    uint32_t own;
    switch (edit->kind) {
    case KUNDIG_EDIT_SPLIT:
    case KUNDIG_EDIT_TOPIC:
        group.told = kundig__edit_told(edit);
        group.before = survey_before(making, group.told);
        return (!edit->words.data || survey_words(making, edit->words, &group)) &&
               survey_group_add(making, group) &&
               (!edit->id.data || survey_record(making, edit->source, edit->id, number, &own));
    case KUNDIG_EDIT_PIN:
        group.before =
            making->before ? kundig__discovered_find(making->before, edit->topic) : group.before;
        for (size_t i = 0; i < making->group_count; i++) {
            if (making->groups[i].before == group.before) {
                return true; /* it is one already, or is not there */
            }
        }
        return group.before == KUNDIG__NO_CLUSTER || survey_group_add(making, group);
    case KUNDIG_EDIT_TOGETHER:
        return survey_record(making, edit->source, edit->id, KUNDIG__NO_HINT, &number) &&
               survey_record(making, edit->other_source, edit->other_id, number, &own);
    case KUNDIG_EDIT_APART:
        return survey_record(making, edit->source, edit->id, KUNDIG__NO_HINT, &own) &&
               survey_record(making, edit->other_source, edit->other_id, KUNDIG__NO_HINT, &own);
    default:
        return true;
    }
}

/* What makes topics goes first: pins find what stands already. */
static bool survey_edits(survey_making *making)
{
    static const int32_t turns[] = {KUNDIG_EDIT_TOPIC, KUNDIG_EDIT_SPLIT, KUNDIG_EDIT_PIN,
                                    KUNDIG_EDIT_TOGETHER, KUNDIG_EDIT_APART};
    for (size_t turn = 0; turn < sizeof turns / sizeof *turns; turn++) {
        for (size_t i = 0; i < making->edits->count; i++) {
            const kundig_edit *edit = &making->edits->edits[i];
            if (edit->kind == turns[turn] && !survey_edit(making, edit)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- Texts ---------------------------------------------------------------------------------- */

static bool survey_texts(survey_making *making)
{
    kundig__surveyed *out = making->out;
    const kundig_examples *set = making->set;
    size_t count = kundig_examples_count(set);
    out->texts = kundig__arena_alloc(&out->arena, count * sizeof *out->texts);
    out->examples = kundig__arena_alloc(&out->arena, count * sizeof *out->examples);
    if (!out->texts || !out->examples) {
        return false;
    }
    for (size_t i = 0; i < set->count; i++) {
        const kundig__example *example = &set->examples[i];
        if (example->gone) {
            continue;
        }
        uint32_t label = KUNDIG__NO_HINT;
        uint32_t record = KUNDIG__NO_HINT;
        if (set->lesson == KUNDIG_LESSON_TOPICS && example->mark_count == 1 &&
            set->marks[example->first].holds) {
            label = making->labels[set->marks[example->first].klass];
        }
        if (making->records.count && example->id.data) {
            if (!survey_key(making, example->source, example->id)) {
                return false;
            }
            uint32_t code = kundig__dict_find(&making->records, making->key.data, making->key.len);
            record = code == KUNDIG__DICT_NONE ? record : making->record_groups[code];
        }
        if (label != KUNDIG__NO_HINT && record != KUNDIG__NO_HINT) {
            survey_group *root = &making->groups[survey_root(making, record)];
            root->label = root->label < label ? root->label : label;
        }
        out->examples[out->count] = (uint32_t)i;
        out->texts[out->count++] = (kundig__told_text){
            .text = example->text,
            .writer = example->customer == KUNDIG__NOBODY ? KUNDIG__NO_WRITER : example->customer,
            .hint = record != KUNDIG__NO_HINT ? record : label};
    }
    /* Records that belong together have the first of their labels, whichever row came first. */
    for (uint32_t i = 0; i < making->group_count; i++) {
        if (making->groups[i].label != KUNDIG__NO_HINT) {
            survey_join(making, making->groups[i].label, i);
        }
    }
    return true;
}

/* Groups that were joined become hints; texts have those. */
static bool survey_hints(survey_making *making)
{
    kundig__surveyed *out = making->out;
    size_t most = making->group_count + 1;
    out->hints = kundig__arena_alloc(&out->arena, most * sizeof *out->hints);
    out->tolds = kundig__arena_alloc(&out->arena, most * sizeof *out->tolds);
    out->aparts =
        kundig__arena_alloc(&out->arena, (making->edits->count + 1) * sizeof *out->aparts);
    if (!out->hints || !out->tolds || !out->aparts) {
        return false;
    }
    for (uint32_t i = 0; i < making->group_count; i++) {
        survey_group *group = &making->groups[i];
        if (group->up == i) {
            group->hint = out->hint_count;
            out->tolds[out->hint_count] = (kundig__told_hint){group->told, group->called};
            out->hints[out->hint_count++] = (kundig__hint){.topic = group->topic,
                                                           .words = group->words,
                                                           .word_count = group->word_count,
                                                           .before = group->before};
        }
    }
    for (size_t i = 0; i < out->count; i++) {
        if (out->texts[i].hint != KUNDIG__NO_HINT) {
            out->texts[i].hint = making->groups[survey_root(making, out->texts[i].hint)].hint;
        }
    }
    for (size_t i = 0; i < making->edits->count; i++) {
        const kundig_edit *edit = &making->edits->edits[i];
        uint32_t a;
        uint32_t b;
        if (edit->kind != KUNDIG_EDIT_APART) {
            continue;
        }
        if (!survey_record(making, edit->source, edit->id, KUNDIG__NO_HINT, &a) ||
            !survey_record(making, edit->other_source, edit->other_id, KUNDIG__NO_HINT, &b)) {
            return false;
        }
        a = making->groups[survey_root(making, a)].hint;
        b = making->groups[survey_root(making, b)].hint;
        if (a != b) {
            out->aparts[out->apart_count++] = (kundig__apart){a, b};
        }
    }
    return true;
}

int kundig__survey_make(kundig__surveyed *surveyed, kundig__mem *mem, const kundig_examples *set,
                        const kundig__edits *edits, const kundig__discovered *before,
                        kundig_error *err)
{
    survey_making making = {.out = surveyed, .set = set, .edits = edits, .before = before};
    memset(surveyed, 0, sizeof *surveyed);
    surveyed->mem = mem;
    kundig__arena_init(&surveyed->arena, mem);
    kundig__dict_init(&making.records, mem, set->key);
    kundig__buf_init(&making.key, mem);
    kundig__scratch_init(&making.scratch, mem);
    bool made = survey_labels(&making) && survey_edits(&making) && survey_texts(&making) &&
                survey_hints(&making);
    int rc = made ? KUNDIG_OK : kundig__nomem(mem, err);
    kundig__scratch_free(&making.scratch);
    kundig__buf_free(&making.key);
    kundig__dict_free(&making.records);
    kundig__free(mem, making.groups, making.group_capacity * sizeof *making.groups);
    kundig__free(mem, making.record_groups, making.record_capacity * sizeof *making.record_groups);
    if (rc) {
        kundig__survey_free(surveyed);
    }
    return rc;
}

void kundig__survey_free(kundig__surveyed *surveyed)
{
    kundig__arena_free(&surveyed->arena);
}
