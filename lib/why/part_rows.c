/* From rows to the parts of a score: which records, whose, in which parts.
 *
 *   sides (labels, groups) > parts, joined by their keys
 *   rows, block by block > entries, placed person by person (a counting sort) > parts.c
 *
 * Invariant: an entry is a current record of the query with an answer, and stands in one set; which
 * ones a metric reads is decided where kundig_measure() has it decided (gather.c, side.c). Persons
 * come in the order of their codes, nameless records in that of rows; sums do not show it.
 * Cost: one pass a layer over the rows to label them, two to place them; 16 bytes a record (24 with
 * weights; 4 more where persons are kept), 4 a value behind the second, 4 a person. No hashing. */
#include "why/parts.h"

#include <inttypes.h>

#include "base/text.h"
#include "corpus/rows.h"
#include "corpus/said.h"
#include "metrics/gather.h"

#define PART_FEW     2                                    /* values that an entry has room for */
#define PART_ROWS    (UINT32_C(16) * KUNDIG__GROUP_BLOCK) /* between two reports of progress */
#define PART_HELD    6 /* layers behind the second that are read once */
#define PART_AHEAD   16
#define PART_NOWHERE UINT32_MAX
#define PART_FIRST   UINT32_C(1) /* the set, in the lowest bit of an entry's `values` */

typedef struct part_entry {
    int32_t x;
    uint32_t values; /* number of parts, times two, and the set */
    union {
        uint32_t few[PART_FEW];
        uint64_t at; /* in the pool */
    } parts;
} part_entry;

/* What a block of rows says of its layers. */
typedef struct part_block {
    uint32_t second[KUNDIG__GROUP_BLOCK];            /* parts of layer 1 */
    uint32_t layers[PART_HELD][KUNDIG__GROUP_BLOCK]; /* behind it; those after are read anew */
    uint32_t other[KUNDIG__GROUP_BLOCK];
    uint32_t counts[KUNDIG__GROUP_BLOCK]; /* parts of a row behind layer 1 */
    uint64_t places[KUNDIG__GROUP_BLOCK]; /* in the pool */
} part_block;

typedef struct part_job {
    kundig__mem *mem;
    kundig__gather gather;
    kundig__side sides[2];
    kundig__score_parts *out;
    const int32_t *answers; /* NULL: none has one */
    int32_t *own_answers;
    const int64_t *weights;
    const uint32_t *codes; /* of people; NULL: nobody is named */
    uint32_t people;
    uint32_t rows;
    uint32_t *starts; /* people + 2: of a person's entries; behind them the nameless ones */
    part_entry *entries;
    int64_t *entry_weights;
    uint32_t *entry_rows; /* where they are kept */
    bool keeps;
    uint32_t entry_count;
    uint32_t *pool; /* parts of entries with more than PART_FEW */
    size_t pool_count;
    size_t pool_capacity;
    /* of a block: */
    part_block *block;
} part_job;

/* What only making the sums needs. */
static void part_job_drop(part_job *job)
{
    kundig__mem *mem = job->mem;
    kundig__free(mem, job->own_answers, job->rows * sizeof *job->own_answers);
    kundig__free(mem, job->block, sizeof *job->block);
    job->own_answers = NULL;
    job->block = NULL;
    kundig__side_free(&job->sides[0]);
    kundig__side_free(&job->sides[1]);
    kundig__gather_free(&job->gather);
}

static void part_job_end(part_job *job)
{
    kundig__mem *mem = job->mem;
    part_job_drop(job);
    kundig__free(mem, job->starts, ((size_t)job->people + 2) * sizeof *job->starts);
    kundig__free(mem, job->entries, job->entry_count * sizeof *job->entries);
    kundig__free(mem, job->entry_weights, job->entry_count * sizeof *job->entry_weights);
    kundig__free(mem, job->entry_rows, job->entry_count * sizeof *job->entry_rows);
    kundig__free(mem, job->pool, job->pool_capacity * sizeof *job->pool);
}

/* ---- Parts ---------------------------------------------------------------------------------- */

static kundig_text part_key(const kundig__side *side, uint32_t place, char buffer[32])
{
    return kundig__grouping_key(side->grouping, side->groups[place], 0, buffer);
}

static int part_key_add(part_job *job, kundig_text key, kundig_error *err)
{
    kundig__score_parts *out = job->out;
    uint32_t part = out->count++;
    out->keys[part] = key;
    if (key.data) {
        out->keys[part] = kundig__arena_text(&out->arena, key);
        if (!out->keys[part].data) {
            return kundig__nomem(job->mem, err);
        }
    }
    return KUNDIG_OK;
}

/* Merge the ordered groups of the sides; their places become parts. */
static int part_join(part_job *job, uint32_t sets, kundig_error *err)
{
    kundig__score_parts *out = job->out;
    kundig__side *a = &job->sides[0];
    kundig__side *b = &job->sides[1];
    size_t most = (size_t)a->count + (sets == 2 ? b->count : 0);
    kundig_text *keys = kundig__alloc(job->mem, most * sizeof *keys);
    if (!keys) {
        return kundig__nomem(job->mem, err);
    }
    int rc = KUNDIG_OK;
    uint32_t i = 0;
    uint32_t j = 0;
    out->keys = keys;
    while (!rc && (i < a->count || j < b->count)) {
        char buffer_a[32];
        char buffer_b[32];
        kundig_text key_a = i < a->count ? part_key(a, i, buffer_a) : kundig__text(NULL, 0);
        kundig_text key_b = j < b->count ? part_key(b, j, buffer_b) : kundig__text(NULL, 0);
        int order = i == a->count ? 1 : j == b->count ? -1 : kundig__text_order(key_a, key_b);
        uint32_t part = out->count;
        rc = part_key_add(job, order <= 0 ? key_a : key_b, err);
        if (order <= 0) {
            a->places[a->groups[i++]] = part;
        }
        if (order >= 0) {
            b->places[b->groups[j++]] = part;
        }
    }
    if (!rc && out->count < most) {
        out->keys = kundig__realloc(job->mem, keys, most * sizeof *keys, out->count * sizeof *keys);
    }
    if (rc || !out->keys) {
        kundig__free(job->mem, keys, most * sizeof *keys);
        out->keys = NULL;
        out->count = 0;
        return rc ? rc : kundig__nomem(job->mem, err);
    }
    return KUNDIG_OK;
}

/* Numbers and titles of topics and themes. */
static int part_titles(part_job *job, kundig_text field, kundig_error *err)
{
    kundig__score_parts *out = job->out;
    const kundig__said *said = NULL;
    kundig__field known;
    int rc = kundig__field_resolve(job->gather.corpus, field, &known, err);
    out->of_topics =
        !rc && (known.type == KUNDIG__FIELD_TOPIC || known.type == KUNDIG__FIELD_THEME);
    if (!rc && out->of_topics) {
        rc = kundig__corpus_said(job->gather.corpus, &said, err);
    }
    for (uint32_t part = 0; !rc && part < out->count; part++) {
        out->numbers[part] = UINT32_MAX;
        out->titles[part] = kundig__text(NULL, 0);
        if (out->of_topics && out->keys[part].data) {
            bool topic = known.type == KUNDIG__FIELD_TOPIC;
            const kundig__dict *names = topic ? said->topic_names : said->theme_names;
            size_t most = topic ? kundig__model_topic_count(said->model)
                                : kundig__model_theme_count(said->model);
            uint32_t number = kundig__dict_find(names, out->keys[part].data, out->keys[part].len);
            if (number < most) {
                out->numbers[part] = number;
                out->titles[part] = topic ? kundig__model_topic(said->model, number)->title
                                          : kundig__model_theme(said->model, number)->title;
            }
        }
    }
    return rc;
}

static int part_new(part_job *job, kundig_text field, uint32_t sets, kundig_error *err)
{
    kundig__score_parts *out = job->out;
    int rc = part_join(job, sets, err);
    if (rc) {
        return rc;
    }
    out->parts = kundig__alloc_zero(job->mem, out->count * sizeof *out->parts);
    out->titles = kundig__alloc(job->mem, out->count * sizeof *out->titles);
    out->numbers = kundig__alloc(job->mem, out->count * sizeof *out->numbers);
    if (!out->parts || !out->titles || !out->numbers) {
        return kundig__nomem(job->mem, err);
    }
    return part_titles(job, field, err);
}

/* ---- Sets ----------------------------------------------------------------------------------- */

/* The labels of the first side become part * 2 + set. */
static int part_labels(part_job *job, uint32_t sets, kundig_error *err)
{
    uint32_t *labels = job->sides[0].labels;
    const uint32_t *others = job->sides[1].labels;
    uint32_t both = 0;
    for (uint32_t set = 0; set < sets; set++) {
        kundig__side_translate(&job->sides[set]);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        uint32_t label = labels[row] == KUNDIG__NO_GROUP ? labels[row] : labels[row] * 2;
        if (sets == 2 && others[row] != KUNDIG__NO_GROUP) {
            both += label != KUNDIG__NO_GROUP;
            label = others[row] * 2 + PART_FIRST;
        }
        labels[row] = label;
    }
    if (both) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%" PRIu32 " records stand in both sets; a comparison needs two sets "
                            "without a common record",
                            both);
    }
    return KUNDIG_OK;
}

static int part_sets(part_job *job, const kundig_query *query, const uint32_t *nodes, uint32_t sets,
                     kundig_error *err)
{
    int rc = KUNDIG_OK;
    for (uint32_t set = 0; !rc && set < sets; set++) {
        rc = kundig__side_new(&job->gather, query, nodes[set], &job->sides[set], err);
        if (!rc && kundig__grouping_count(job->sides[set].grouping) > UINT32_MAX / 4) {
            rc = kundig__fail(err, KUNDIG_E_LIMIT, 0, "the field has more than 2^30 values");
        }
        if (!rc) {
            kundig__left_out left_out = {0};
            kundig__grouping_left_out(job->sides[set].grouping, &left_out);
            job->out->counted.left_out.no_time += left_out.no_time;
            job->out->counted.left_out.other_purpose += left_out.other_purpose;
            job->out->counted.left_out.no_consent += left_out.no_consent;
        }
    }
    rc = rc ? rc : part_new(job, query->group_fields[0], sets, err);
    return rc ? rc : part_labels(job, sets, err);
}

/* ---- Answers -------------------------------------------------------------------------------- */

/* What comments express, as answers of the rows. */
static int part_moods(part_job *job, kundig_error *err)
{
    const kundig__said *said = NULL;
    int rc = kundig__corpus_moods(job->gather.corpus, &said, err);
    if (rc) {
        return rc;
    }
    job->own_answers = kundig__alloc(job->mem, job->rows * sizeof *job->own_answers);
    if (!job->own_answers) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        bool has = said->sentiments && said->sentiments[row] != KUNDIG_SENTIMENT_UNKNOWN;
        job->own_answers[row] = has ? said->values[row] : KUNDIG__SCORE_MISSING;
    }
    job->answers = job->own_answers;
    return KUNDIG_OK;
}

static int part_bits(uint64_t value)
{
    return value ? 64 - __builtin_clzll(value) : 0;
}

static int part_above(int bits, int most)
{
    return bits > most ? bits - most : 0;
}

/* Where digits are kept, from bounds alone: of x, of weights, of how many records there are. The
 * centre is the whole part of the mean, so that what differs keeps the digits. */
static void part_places(part_job *job, const kundig__asked *asked)
{
    kundig__score_parts *out = job->out;
    bool values = kundig__metric_is_of_values(asked->metric);
    bool own = kundig__metric_is_of_comments(asked->metric);
    int64_t least = !values ? -1 : own ? -KUNDIG__MOOD_BOUND : asked->minimum;
    int64_t most = !values ? 1 : own ? KUNDIG__MOOD_BOUND : asked->maximum;
    const uint8_t *flags = kundig__corpus_flags(job->gather.corpus);
    const uint32_t *labels = job->sides[0].labels;
    uint64_t heaviest = 1;
    kundig__i128 w = 0;
    kundig__i128 x = 0;
    for (uint32_t row = 0; row < job->rows; row++) {
        if (job->weights && !(flags[row] & KUNDIG__ROW_SUPERSEDED)) {
            heaviest =
                (uint64_t)job->weights[row] > heaviest ? (uint64_t)job->weights[row] : heaviest;
        }
        if (values && labels[row] != KUNDIG__NO_GROUP && job->answers &&
            job->answers[row] != KUNDIG__SCORE_MISSING) {
            int64_t weight = job->weights ? job->weights[row] : 1;
            w += weight;
            x += (kundig__i128)weight * job->answers[row];
        }
    }
    out->per = values ? 1000 : 1;
    out->weighted = job->weights && asked->unit != KUNDIG_OF_CUSTOMERS;
    out->votes = asked->unit == KUNDIG_OF_CUSTOMERS;
    if (w) {
        out->centre = (int64_t)(x / w - (x % w < 0));
    }
    int records = part_bits(kundig__corpus_current_rows(job->gather.corpus));
    int of_w = (out->votes ? part_bits(KUNDIG__PARTS_VOTE) : part_bits(heaviest)) + records;
    int of_x = values ? part_bits((uint64_t)(most - least)) : 0;
    int of_split = part_bits(KUNDIG__PARTS_SPLIT);
    int whole[2] = {part_above(of_w + of_x, 62), part_above(of_w, 62)};
    int split[2] = {part_above(of_w + of_x + of_split, 62), part_above(of_w + of_split, 62)};
    for (int i = 0; i < KUNDIG__PARTS_LOCAL; i++) {
        out->local_shift[i] = out->sets == 1 && i < 2 ? whole[i] : split[i % 2];
        out->global_shift[i] = whole[i % 2];
    }
}

/* ---- Entries -------------------------------------------------------------------------------- */

static bool part_counts(const part_job *job, uint32_t row)
{
    return job->sides[0].labels[row] != KUNDIG__NO_GROUP && job->answers &&
           job->answers[row] != KUNDIG__SCORE_MISSING &&
           !(job->out->votes && (!job->codes || !job->codes[row]));
}

/* How many entries each person has, as starts; the nameless stand behind all. */
static int part_starts(part_job *job, kundig_error *err)
{
    kundig__counted *counted = &job->out->counted;
    const uint32_t *labels = job->sides[0].labels;
    job->starts = kundig__alloc_zero(job->mem, ((size_t)job->people + 2) * sizeof *job->starts);
    if (!job->starts) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        if (labels[row] != KUNDIG__NO_GROUP) {
            bool answered = job->answers && job->answers[row] != KUNDIG__SCORE_MISSING;
            uint32_t code = job->codes ? job->codes[row] : 0;
            if (job->codes && row + PART_AHEAD < job->rows && job->codes[row + PART_AHEAD]) {
                __builtin_prefetch(&job->starts[job->codes[row + PART_AHEAD] - 1], 1);
            }
            counted->selected++;
            counted->n += answered;
            counted->nameless += answered && !code;
            if (part_counts(job, row)) {
                job->starts[code ? code - 1 : job->people]++;
                job->entry_count++;
            }
        }
    }
    uint32_t at = 0;
    for (uint32_t person = 0; person < job->people + 2; person++) {
        uint32_t count = job->starts[person];
        job->starts[person] = at;
        at += count;
    }
    job->entries = kundig__alloc(job->mem, job->entry_count * sizeof *job->entries);
    if (job->weights) {
        job->entry_weights = kundig__alloc(job->mem, job->entry_count * sizeof *job->entry_weights);
    }
    if (job->keeps) {
        job->entry_rows = kundig__alloc(job->mem, job->entry_count * sizeof *job->entry_rows);
    }
    if (!job->entries || (job->weights && !job->entry_weights) ||
        (job->keeps && !job->entry_rows)) {
        return kundig__nomem(job->mem, err);
    }
    return KUNDIG_OK;
}

/* Parts of a layer behind the first, as the sides list them. */
static void part_layer(const part_job *job, uint32_t layer, uint32_t first, uint32_t count,
                       uint32_t *parts)
{
    const uint32_t *labels = job->sides[0].labels + first;
    memset(parts, 0xFF, count * sizeof *parts);
    for (uint32_t set = 0; set < job->out->sets; set++) {
        const kundig__side *side = &job->sides[set];
        uint32_t *groups = job->block->other;
        if (layer < kundig__grouping_layers(side->grouping)) {
            kundig__grouping_rows(side->grouping, layer, first, count, groups);
            for (uint32_t i = 0; i < count; i++) {
                if (groups[i] != KUNDIG__NO_GROUP && labels[i] != KUNDIG__NO_GROUP &&
                    (labels[i] & 1) == set) {
                    parts[i] = side->places[groups[i]];
                }
            }
        }
    }
}

/* The parts of a layer behind the second. */
static const uint32_t *part_held(const part_job *job, uint32_t layer, uint32_t first,
                                 uint32_t count, bool anew)
{
    uint32_t held = layer - PART_FEW;
    uint32_t *parts = job->block->layers[held < PART_HELD ? held : PART_HELD - 1];
    if (anew || held >= PART_HELD - 1) {
        part_layer(job, layer, first, count, parts);
    }
    return parts;
}

/* Rows of more than two parts get a place in the pool. */
static int part_block_pool(part_job *job, uint32_t layers, uint32_t first, uint32_t count,
                           kundig_error *err)
{
    part_block *block = job->block;
    memset(block->counts, 0, count * sizeof *block->counts);
    for (uint32_t layer = PART_FEW; layer < layers; layer++) {
        const uint32_t *parts = part_held(job, layer, first, count, true);
        for (uint32_t i = 0; i < count; i++) {
            block->counts[i] += parts[i] != KUNDIG__NO_GROUP;
        }
    }
    size_t used = job->pool_count;
    for (uint32_t i = 0; i < count; i++) {
        if (block->counts[i]) {
            block->places[i] = used;
            used += block->counts[i] + PART_FEW;
        }
    }
    void *pool = job->pool;
    if (!kundig__grow(job->mem, &pool, &job->pool_capacity, used, sizeof *job->pool)) {
        return kundig__nomem(job->mem, err);
    }
    job->pool = pool;
    job->pool_count = used;
    for (uint32_t i = 0; i < count; i++) {
        if (block->counts[i]) {
            job->pool[block->places[i]++] = job->sides[0].labels[first + i] / 2;
            job->pool[block->places[i]++] = block->second[i];
        }
    }
    for (uint32_t layer = PART_FEW; layer < layers; layer++) {
        const uint32_t *parts = part_held(job, layer, first, count, false);
        for (uint32_t i = 0; i < count; i++) {
            if (parts[i] != KUNDIG__NO_GROUP) {
                job->pool[block->places[i]++] = parts[i];
            }
        }
    }
    return KUNDIG_OK;
}

static part_entry part_entry_of(part_job *job, uint32_t i, uint32_t label)
{
    const part_block *block = job->block;
    uint32_t more = block->counts[i];
    uint32_t count = more + (block->second[i] == KUNDIG__NO_GROUP ? 1 : 2);
    part_entry entry = {0, count * 2 + (label & PART_FIRST), {{label / 2, block->second[i]}}};
    if (more) {
        entry.parts.at = block->places[i] - count;
    }
    job->out->crowded += count > KUNDIG__PARTS_MOST;
    return entry;
}

/* Where the entries of a block go; people stand anywhere, so what is needed soon is asked for. */
static void part_block_places(part_job *job, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = first + i;
        uint32_t code = job->codes ? job->codes[row] : 0;
        if (job->codes && i + PART_AHEAD < count && job->codes[row + PART_AHEAD]) {
            __builtin_prefetch(&job->starts[job->codes[row + PART_AHEAD] - 1], 1);
        }
        job->block->other[i] =
            part_counts(job, row) ? job->starts[code ? code - 1 : job->people]++ : PART_NOWHERE;
    }
}

static void part_block_entries(part_job *job, uint32_t first, uint32_t count)
{
    const kundig__metric *metric = job->gather.asked->metric;
    const uint32_t *places = job->block->other;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = first + i;
        uint32_t at = places[i];
        uint32_t later = i + PART_AHEAD < count ? places[i + PART_AHEAD] : PART_NOWHERE;
        if (job->codes && later != PART_NOWHERE) {
            __builtin_prefetch(&job->entries[later], 1);
        }
        if (at != PART_NOWHERE) {
            part_entry entry = part_entry_of(job, i, job->sides[0].labels[row]);
            entry.x = (int32_t)kundig__metric_x(metric, job->answers[row]);
            job->entries[at] = entry;
            if (job->weights) {
                job->entry_weights[at] = job->weights[row];
            }
            if (job->keeps) {
                job->entry_rows[at] = row;
            }
        }
    }
}

static int part_place(part_job *job, uint32_t first, uint32_t count, kundig_error *err)
{
    part_block *block = job->block;
    uint32_t layers = 1;
    for (uint32_t set = 0; set < job->out->sets; set++) {
        uint32_t of_set = kundig__grouping_layers_of(job->sides[set].grouping, first, count);
        layers = of_set > layers ? of_set : layers;
    }
    memset(block->second, 0xFF, count * sizeof *block->second);
    memset(block->counts, 0, count * sizeof *block->counts);
    if (layers > 1) {
        part_layer(job, 1, first, count, block->second);
    }
    int rc = layers > PART_FEW ? part_block_pool(job, layers, first, count, err) : KUNDIG_OK;
    if (!rc) {
        part_block_places(job, first, count);
        part_block_entries(job, first, count);
    }
    return rc;
}

static int part_place_all(part_job *job, kundig_error *err)
{
    job->block = kundig__alloc(job->mem, sizeof *job->block);
    int rc = job->block ? part_starts(job, err) : kundig__nomem(job->mem, err);
    for (uint32_t first = 0; !rc && first < job->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = job->rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        if (first % PART_ROWS == 0) {
            rc = kundig__progress(job->gather.context, first, job->rows, err);
        }
        rc = rc ? rc : part_place(job, first, count, err);
    }
    return rc;
}

/* ---- Persons -------------------------------------------------------------------------------- */

static kundig__score_answer part_answer(const part_job *job, uint32_t at)
{
    const part_entry *entry = &job->entries[at];
    uint32_t count = entry->values / 2;
    uint32_t soon = at + PART_AHEAD < job->entry_count ? at + PART_AHEAD : at;
    if (job->entries[soon].values / 2 > PART_FEW) {
        __builtin_prefetch(&job->pool[job->entries[soon].parts.at]);
    }
    return (kundig__score_answer){.x = entry->x,
                                  .set = entry->values & PART_FIRST,
                                  .w = job->entry_weights ? job->entry_weights[at] : 1,
                                  .parts = count > PART_FEW ? job->pool + entry->parts.at
                                                            : entry->parts.few,
                                  .count = count,
                                  .row = job->entry_rows ? job->entry_rows[at] : 0,
                                  .later = job->entry_rows ? job->entry_rows[soon] : 0};
}

/* After placing, starts[person] is where their entries end. */
static int part_persons(const part_job *job, kundig__person_visitor *visit, void *ud,
                        kundig_error *err)
{
    kundig__score_answer *answers = NULL;
    size_t capacity = 0;
    uint32_t at = 0;
    int rc = KUNDIG_OK;
    for (uint32_t person = 0; !rc && person < job->people; person++) {
        uint32_t count = job->starts[person] - at;
        void *grown = answers;
        if (person % PART_ROWS == 0) {
            rc = kundig__progress(job->gather.context, at, job->entry_count, err);
        }
        if (!rc && !kundig__grow(job->mem, &grown, &capacity, count, sizeof *answers)) {
            rc = kundig__nomem(job->mem, err);
        }
        answers = grown;
        for (uint32_t i = 0; !rc && i < count; i++) {
            answers[i] = part_answer(job, at++);
        }
        if (!rc && count) {
            visit(ud, answers, count, true);
        }
    }
    kundig__free(job->mem, answers, capacity * sizeof *answers);
    for (; !rc && at < job->entry_count; at++) {
        kundig__score_answer answer = part_answer(job, at);
        visit(ud, &answer, 1, false);
        if (at % PART_ROWS == 0) {
            rc = kundig__progress(job->gather.context, at, job->entry_count, err);
        }
    }
    return rc;
}

typedef struct part_sum {
    kundig__score_parts *out;
    kundig__score_bench *bench;
} part_sum;

static void part_sum_person(void *ud, const kundig__score_answer *answers, size_t count, bool named)
{
    part_sum *sum = ud;
    kundig__score_parts_person(sum->out, sum->bench, answers, count, named, 1);
}

int kundig__score_parts_each(const kundig__score_parts *parts, kundig__person_visitor *visit,
                             void *ud, kundig_error *err)
{
    const part_job *job = parts->kept;
    return part_persons(job, visit, ud, err);
}

void kundig__score_parts_drop(kundig__score_parts *parts)
{
    part_job *job = parts->kept;
    if (job) {
        part_job_end(job);
        kundig__free(parts->mem, job, sizeof *job);
        parts->kept = NULL;
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int part_ready(part_job *job, const kundig__question *question, kundig_error *err)
{
    const kundig__dimension *people = NULL;
    int rc = kundig__gather_ready(&job->gather, err);
    rc = rc ? rc : kundig__corpus_people(job->gather.corpus, &people, err);
    if (rc) {
        return rc;
    }
    job->codes = people->codes;
    job->people = people->codes ? people->dict.count : 0;
    job->weights = kundig__corpus_weights(job->gather.corpus);
    job->answers = question ? question->values : job->gather.answers;
    return job->gather.asked->metric->reads == KUNDIG__READS_MOODS ? part_moods(job, err)
                                                                   : KUNDIG_OK;
}

/* The rows outlive the sums. */
static int part_keep(part_job *job, kundig_error *err)
{
    part_job *kept = kundig__alloc(job->mem, sizeof *kept);
    if (!kept) {
        return kundig__nomem(job->mem, err);
    }
    part_job_drop(job);
    *kept = *job;
    job->out->kept = kept;
    return KUNDIG_OK;
}

static int part_sums(part_job *job, const kundig_query *query, const uint32_t *nodes,
                     const kundig__asked *asked, const kundig__question *question,
                     kundig_error *err)
{
    part_sum sum = {job->out, NULL};
    int rc = part_ready(job, question, err);
    rc = rc ? rc : part_sets(job, query, nodes, job->out->sets, err);
    if (!rc) {
        job->out->counted.other_kind = job->gather.counted.other_kind;
        part_places(job, asked);
    }
    rc = rc ? rc : part_place_all(job, err);
    rc = rc ? rc : kundig__score_bench_new(job->out, &sum.bench, err);
    rc = rc ? rc : part_persons(job, part_sum_person, &sum, err);
    kundig__score_bench_free(job->out, sum.bench);
    return rc;
}

static int part_make(kundig__corpus *corpus, const kundig_query *query, const kundig__asked *asked,
                     const kundig__question *question, const uint32_t *nodes, uint32_t sets,
                     bool keep, kundig__score_parts *out, kundig_error *err)
{
    part_job job = {0};
    *out = (kundig__score_parts){0};
    if (query->group_field_count != 1 || query->every) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the parts of a score are of one field");
    }
    kundig__gather_init(&job.gather, corpus, asked, question);
    job.mem = &job.gather.context->mem;
    job.rows = kundig__corpus_rows(corpus);
    job.keeps = keep;
    job.out = out;
    out->mem = job.mem;
    out->sets = sets;
    kundig__arena_init(&out->arena, job.mem);
    int rc = part_sums(&job, query, nodes, asked, question, err);
    rc = rc || !keep ? rc : part_keep(&job, err);
    if (rc || !keep) {
        part_job_end(&job);
    }
    return rc;
}

int kundig__score_parts_new(kundig__corpus *corpus, const kundig_query *query,
                            const kundig__asked *asked, const kundig__question *question,
                            const uint32_t *nodes, uint32_t sets, kundig__score_parts *out,
                            kundig_error *err)
{
    return part_make(corpus, query, asked, question, nodes, sets, false, out, err);
}

int kundig__score_parts_keep(kundig__corpus *corpus, const kundig_query *query,
                             const kundig__asked *asked, const kundig__question *question,
                             const uint32_t *nodes, uint32_t sets, kundig__score_parts *out,
                             kundig_error *err)
{
    return part_make(corpus, query, asked, question, nodes, sets, true, out, err);
}

int kundig__why_ask(kundig__corpus *corpus, const kundig_query *query, const char *field,
                    kundig_query **copy, kundig__asked *asked, const kundig__question **question,
                    kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    kundig_query *own = NULL;
    int rc = kundig__query_copy(query, &context->mem.hook, &own, err);
    if (!rc && !own->group_field_count) {
        rc = kundig_query_group_by(own, field, strlen(field), err);
    }
    rc = rc ? rc : kundig__ask_default(corpus, own, asked, question, err);
    if (!rc && (!asked->metric->contrast || asked->metric->reads == KUNDIG__READS_TOPICS)) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "%s is no mean of answers: name a score, as nps or csat_mean",
                          asked->metric->name);
    }
    if (rc) {
        kundig_query_free(own);
        return rc;
    }
    own->every = KUNDIG_EVERY_NONE;
    *copy = own;
    return KUNDIG_OK;
}
