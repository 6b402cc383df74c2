/* States as bytes, and the distrust of bytes.
 *
 *   "KUNDIGST"  u32 version  u64 length of all  head  counts  groups  bases  u64 XXH3 of all before
 *
 * Little-endian; a text is its length + 1 and its bytes. Equal facts give equal bytes.
 * Invariant: what load returns has passed every check that merge, subtract and finish rely on:
 * order, counts that agree, sums within what so many answers can give.
 * Cost: linear in the bytes. */
#include "base/text.h"
#include "base/utf8.h"
#include "metrics/state.h"
#include "text/text.h"

#define STATE_MAGIC       "KUNDIGST"
#define STATE_MAGIC_SIZE  8
#define STATE_VERSION     999
#define STATE_PREFIX_SIZE (STATE_MAGIC_SIZE + 4 + 8)
#define STATE_SUM_SIZE    8
#define STATE_MOST        (UINT64_C(1) << 40) /* records in a group */
#define STATE_CELL_SIZE   (3 * 8 + 9 * 16)
#define STATE_MEMBER_SIZE (16 + 8 + 2 * 16)
#define STATE_BOUND       INT32_C(1000000000)

/* ---- Writing -------------------------------------------------------------------------------- */

static void state_put_hash(kundig__buf *buf, kundig__hash128 hash)
{
    kundig__buf_add(buf, hash.bytes, sizeof hash.bytes);
}

void kundig__state_put_head(kundig__buf *buf, const kundig__state_head *head)
{
    const kundig__asked *asked = &head->asked;
    uint64_t level;
    memcpy(&level, &asked->level, sizeof level);
    kundig__put_text(buf, head->tokeniser);
    kundig__put_text(buf, head->unicode);
    state_put_hash(buf, head->key);
    state_put_hash(buf, head->model);
    kundig__put_u64(buf, head->zone);
    state_put_hash(buf, head->query);
    kundig__put_text(buf, kundig__str(asked->metric->name));
    kundig__put_text(buf, asked->question);
    kundig__put_i64(buf, head->scale);
    kundig__put_i64(buf, head->direction);
    kundig__put_i64(buf, asked->minimum);
    kundig__put_i64(buf, asked->maximum);
    kundig__put_i64(buf, asked->unit);
    kundig__put_i64(buf, asked->interval);
    kundig__put_u64(buf, level);
    kundig__put_u64(buf, asked->min_n);
    kundig__put_u32(buf, (uint32_t)head->key_count);
    kundig__put_u32(buf, head->topic_keys);
    for (size_t i = 0; i < head->key_count; i++) {
        kundig__put_text(buf, head->keys[i]);
    }
}

static void state_put_group(kundig__buf *buf, const kundig__state_group *group, size_t key_count)
{
    const kundig__cell *cell = &group->cell;
    for (size_t i = 0; i < key_count; i++) {
        kundig__put_text(buf, group->keys[i]);
    }
    kundig__put_u64(buf, cell->selected);
    kundig__put_u64(buf, cell->n);
    kundig__put_u64(buf, cell->nameless);
    kundig__put_i128(buf, cell->w);
    kundig__put_i128(buf, cell->wx);
    kundig__put_i128(buf, cell->wxx);
    kundig__put_i128(buf, cell->ww);
    kundig__put_i128(buf, cell->wwx);
    kundig__put_i128(buf, cell->wwxx);
    kundig__put_i128(buf, cell->cww);
    kundig__put_i128(buf, cell->cwx);
    kundig__put_i128(buf, cell->cxx);
    kundig__put_u64(buf, (uint64_t)group->member_count);
    for (size_t i = 0; i < group->member_count; i++) {
        const kundig__state_member *member = &group->members[i];
        state_put_hash(buf, member->pseudonym);
        kundig__put_u64(buf, member->n);
        kundig__put_i128(buf, member->w);
        kundig__put_i128(buf, member->x);
    }
}

static void state_put_all(kundig__buf *buf, const kundig_state *state, uint64_t length)
{
    kundig__buf_add(buf, STATE_MAGIC, STATE_MAGIC_SIZE);
    kundig__put_u32(buf, STATE_VERSION);
    kundig__put_u64(buf, length);
    kundig__state_put_head(buf, &state->head);
    kundig__put_u64(buf, state->counted.left_out.no_time);
    kundig__put_u64(buf, state->counted.left_out.other_purpose);
    kundig__put_u64(buf, state->counted.left_out.no_consent);
    kundig__put_u64(buf, state->counted.other_kind);
    kundig__put_u64(buf, state->counted.selected);
    kundig__put_u64(buf, state->counted.n);
    kundig__put_u64(buf, state->counted.nameless);
    for (int list = 0; list < KUNDIG__STATE_LISTS; list++) {
        const kundig__state_list *groups = &state->lists[list];
        kundig__put_u64(buf, (uint64_t)groups->count);
        for (size_t i = 0; i < groups->count; i++) {
            state_put_group(buf, &groups->groups[i], state->head.key_count);
        }
    }
}

int kundig_state_save(const kundig_state *state, kundig_bytes **out, kundig_error *err)
{
    if (!state || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", state ? "out" : "the state");
    }
    kundig__mem mem;
    kundig__buf buf;
    kundig__mem_init(&mem, &state->mem.hook, 0);
    kundig__buf_init(&buf, &mem);
    state_put_all(&buf, state, 0);
    if (!buf.failed) {
        /* the length is known now: write it in its place */
        uint64_t length = (uint64_t)buf.len + STATE_SUM_SIZE;
        for (size_t i = 0; i < 8; i++) {
            buf.data[STATE_MAGIC_SIZE + 4 + i] = (char)(uint8_t)(length >> (8 * i));
        }
        kundig__put_u64(&buf, kundig__xxh3(buf.data, buf.len));
    }
    int rc = kundig__buf_take(&buf, out, err);
    kundig__buf_free(&buf);
    return rc;
}

/* ---- Checks --------------------------------------------------------------------------------- */

typedef struct state_range {
    int64_t lowest; /* contribution of one answer */
    int64_t highest;
} state_range;

static state_range state_contributions(const kundig__state_head *head, int list)
{
    const kundig__asked *asked = &head->asked;
    if (kundig__state_is_share(head)) {
        return list == KUNDIG__STATE_BASES ? (state_range){0, 0} : (state_range){1, 1};
    }
    switch (asked->metric->reads) {
    case KUNDIG__READS_TOPICS:
    case KUNDIG__READS_STEPS:
        return (state_range){asked->metric->low == KUNDIG__NO_STEP ? 0 : -1, 1};
    case KUNDIG__READS_VALUE:
    case KUNDIG__READS_MOODS:
    case KUNDIG__READS_NOVELTY:
        return (state_range){asked->minimum, asked->maximum};
    default:
        return (state_range){0, 0};
    }
}

/* Is sum of w x within what weights of w in all can give? A limit beyond 128 bits limits nothing.
 */
static bool state_within(kundig__i128 wx, kundig__i128 w, state_range range)
{
    kundig__i128 lowest;
    kundig__i128 highest;
    return (!kundig__i128_mul(w, range.lowest, &lowest) || wx >= lowest) &&
           (!kundig__i128_mul(w, range.highest, &highest) || wx <= highest);
}

static const char *state_members_check(const kundig__state_group *group, state_range range)
{
    const kundig__cell *cell = &group->cell;
    uint64_t n = cell->nameless;
    kundig__i128 w = 0;
    for (size_t i = 0; i < group->member_count; i++) {
        const kundig__state_member *member = &group->members[i];
        if (i > 0 && memcmp(group->members[i - 1].pseudonym.bytes, member->pseudonym.bytes,
                            sizeof member->pseudonym.bytes) >= 0) {
            return "customers are not in order";
        }
        if (member->n == 0 || member->n > cell->n || member->w < (kundig__i128)member->n ||
            member->w > cell->w || !state_within(member->x, member->w, range)) {
            return "a customer's sums are impossible";
        }
        n += member->n; /* stays below 2^41: looked at each time */
        w += member->w;
        if (n > cell->n || w > cell->w) {
            return "customers have more answers than their group";
        }
    }
    if (n != cell->n || (cell->nameless == 0 ? w != cell->w : w >= cell->w)) {
        return "answers of customers do not add up";
    }
    return NULL;
}

const char *kundig__state_group_check(const kundig__state_group *group,
                                      const kundig__state_head *head, int list)
{
    const kundig__cell *cell = &group->cell;
    state_range range = state_contributions(head, list);
    kundig__i128 n = (kundig__i128)cell->n;
    kundig__cell finished;
    if (cell->selected == 0 || cell->selected > STATE_MOST || cell->n > cell->selected ||
        cell->nameless > cell->n) {
        return "counts of records do not agree";
    }
    if (head->asked.metric->reads == KUNDIG__READS_NOTHING && cell->n != cell->selected) {
        return "counts of records do not agree";
    }
    if (cell->w < n || cell->w > n * (INT64_C(1) << 40) || cell->ww < cell->w ||
        cell->ww > cell->w * (INT64_C(1) << 40) || !state_within(cell->wx, cell->w, range) ||
        !state_within(cell->wwx, cell->ww, range)) {
        return "sums of a group are impossible";
    }
    if (cell->wxx < 0 || cell->wwxx < cell->wxx || cell->cww < 0 || cell->cww > cell->ww ||
        !state_within(cell->cwx, cell->cww, range) || cell->cxx < 0 || cell->cxx > cell->wwxx ||
        (cell->nameless == 0 && (cell->cww || cell->cwx || cell->cxx)) ||
        cell->cww < (kundig__i128)cell->nameless || cell->customers || cell->m || cell->mm) {
        return "sums of a group are impossible";
    }
    if (kundig__metric_is_of_steps(head->asked.metric) &&
        (cell->wxx > cell->w || cell->wx > cell->wxx || -cell->wx > cell->wxx)) {
        return "sums of a group are impossible";
    }
    if (head->asked.metric->reads == KUNDIG__READS_TOPICS &&
        (cell->wxx != cell->wx || cell->wwxx != cell->wwx)) {
        return "sums of a group are impossible";
    }
    const char *wrong = state_members_check(group, range);
    if (wrong) {
        return wrong;
    }
    return kundig__state_cell(group, &head->asked, &finished) ? NULL : "a sum leaves 128 bits";
}

/* Records, each once, against the groups that count them: exactly, unless topics overlap. */
static const char *state_counted_check(const kundig_state *state)
{
    bool share = kundig__state_is_share(&state->head);
    const kundig__state_list *list =
        &state->lists[share ? KUNDIG__STATE_BASES : KUNDIG__STATE_GROUPS];
    const uint64_t counted[] = {state->counted.selected, state->counted.n, state->counted.nameless};
    kundig__i128 sums[3] = {0, 0, 0};
    for (size_t i = 0; i < list->count; i++) {
        const kundig__cell *cell = &list->groups[i].cell;
        const uint64_t here[] = {cell->selected, cell->n, cell->nameless};
        for (size_t c = 0; c < 3; c++) {
            sums[c] += here[c];
            if (here[c] > counted[c]) {
                return "groups hold more records than there are";
            }
        }
    }
    for (size_t c = 0; c < 3; c++) {
        bool exact = share || !state->head.topic_keys;
        if (sums[c] < counted[c] || (exact && sums[c] != counted[c])) {
            return "records and their groups do not add up";
        }
    }
    return state->counted.n > state->counted.selected || state->counted.nameless > state->counted.n
               ? "counts of records do not agree"
               : NULL;
}

const char *kundig__state_check(const kundig_state *state)
{
    const char *wrong = state_counted_check(state);
    if (!wrong && kundig__state_is_share(&state->head)) {
        wrong = kundig__state_share_check(state);
    } else if (!wrong && state->lists[KUNDIG__STATE_BASES].count) {
        wrong = "a metric that has no bases has some";
    }
    return wrong;
}

/* ---- Reading -------------------------------------------------------------------------------- */

static int state_bad(kundig_error *err, size_t pos, const char *what)
{
    return kundig__fail(err, KUNDIG_E_FORMAT, pos, "the bytes are not a state: %s", what);
}

static bool state_is_text(kundig_text text)
{
    return !text.data || kundig__utf8_valid(text.data, text.len) == text.len;
}

static kundig__hash128 state_take_hash(kundig__reader *reader)
{
    kundig__hash128 hash;
    for (size_t i = 0; i < sizeof hash.bytes; i++) {
        hash.bytes[i] = kundig__take_u8(reader);
    }
    return hash;
}

/* A small number kept in 64 bits; out of range reads as failure. */
static int32_t state_take_int(kundig__reader *reader, int32_t lowest, int32_t highest)
{
    int64_t value = kundig__take_i64(reader);
    if (value < lowest || value > highest) {
        reader->failed = true;
        return lowest;
    }
    return (int32_t)value;
}

/* What the question must be for the metric to read it. */
static bool state_question_fits(const kundig__state_head *head)
{
    const kundig__asked *asked = &head->asked;
    const kundig__metric *metric = asked->metric;
    if (metric->scales == 0) {
        int32_t bound = kundig__metric_is_of_comments(metric) ? KUNDIG__MOOD_BOUND : 0;
        return !asked->question.data && head->scale == 0 && asked->minimum == -bound &&
               asked->maximum == bound && head->direction == 0;
    }
    return asked->question.data && head->scale >= KUNDIG_SCALE_NPS &&
           (metric->scales >> head->scale & 1) && asked->minimum < asked->maximum;
}

static int state_take_head(kundig__reader *reader, kundig__state_head *head, kundig_error *err)
{
    kundig__asked *asked = &head->asked;
    head->tokeniser = kundig__take_text(reader);
    head->unicode = kundig__take_text(reader);
    head->key = state_take_hash(reader);
    head->model = state_take_hash(reader);
    head->zone = kundig__take_u64(reader);
    head->query = state_take_hash(reader);
    kundig_text metric = kundig__take_text(reader);
    asked->question = kundig__take_text(reader);
    head->scale = state_take_int(reader, 0, KUNDIG_SCALE_DECLARED);
    head->direction = state_take_int(reader, KUNDIG_HIGHER_IS_BETTER, KUNDIG_LOWER_IS_BETTER);
    asked->minimum = state_take_int(reader, -STATE_BOUND, STATE_BOUND);
    asked->maximum = state_take_int(reader, -STATE_BOUND, STATE_BOUND);
    asked->unit = state_take_int(reader, KUNDIG_OF_RECORDS, KUNDIG_OF_CUSTOMERS);
    asked->interval = state_take_int(reader, KUNDIG_INTERVAL_DEFAULT, KUNDIG_INTERVAL_SCORE);
    uint64_t level = kundig__take_u64(reader);
    asked->min_n = kundig__take_u64(reader);
    head->key_count = kundig__take_u32(reader);
    head->topic_keys = kundig__take_u32(reader);
    if (reader->failed || head->key_count > KUNDIG__STATE_MAX_KEYS ||
        head->topic_keys >> head->key_count) {
        return state_bad(err, reader->pos, "the head is cut or out of range");
    }
    for (size_t i = 0; i < head->key_count; i++) {
        head->keys[i] = kundig__take_text(reader);
        if (reader->failed || !head->keys[i].data || !state_is_text(head->keys[i])) {
            return state_bad(err, reader->pos, "a group has no name");
        }
    }
    if (!kundig__text_equal(head->tokeniser, KUNDIG__TEXT(KUNDIG__TOKENISER_VERSION)) ||
        !kundig__text_equal(head->unicode, kundig__str(kundig__unicode_version()))) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "the state was made with other rules for text; make it again");
    }
    asked->metric = kundig__metric_find(metric);
    if (!asked->metric || asked->metric->class_ == KUNDIG__CLASS_SCAN) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "the state is of a metric that this library does not know");
    }
    memcpy(&asked->level, &level, sizeof level);
    if (!(asked->level > 0 && asked->level < 1)) {
        return state_bad(err, reader->pos, "the level is not between 0 and 1");
    }
    if (!state_is_text(asked->question) || !state_question_fits(head)) {
        return state_bad(err, reader->pos, "the question does not fit the metric");
    }
    return KUNDIG_OK;
}

/* An array of count pieces that the rest of the bytes can hold. */
static void *state_array(kundig_state *state, const kundig__reader *reader, uint64_t count,
                         size_t piece, size_t stored)
{
    size_t size;
    if (count > (reader->size - reader->pos) / stored ||
        !kundig__size_mul((size_t)count, piece, &size)) {
        return NULL;
    }
    return kundig__arena_alloc(&state->arena, size);
}

static bool state_array_fits(const kundig__reader *reader, uint64_t count, size_t stored)
{
    return !reader->failed && count <= (reader->size - reader->pos) / stored;
}

static int state_take_group(kundig__reader *reader, kundig_state *state, int list,
                            kundig__state_group *group, kundig_error *err)
{
    kundig__cell *cell = &group->cell;
    size_t start = reader->pos;
    *group = (kundig__state_group){0};
    group->keys = kundig__arena_alloc(&state->arena, state->head.key_count * sizeof *group->keys);
    if (!group->keys) {
        return kundig__nomem(&state->mem, err);
    }
    for (size_t i = 0; i < state->head.key_count; i++) {
        kundig_text key = kundig__take_text(reader);
        if (!state_is_text(key)) {
            return state_bad(err, reader->pos, "a key is not UTF-8");
        }
        group->keys[i] = key.data ? kundig__arena_text(&state->arena, key) : key;
        if (key.data && !group->keys[i].data) {
            return kundig__nomem(&state->mem, err);
        }
    }
    cell->selected = kundig__take_u64(reader);
    cell->n = kundig__take_u64(reader);
    cell->nameless = kundig__take_u64(reader);
    kundig__i128 *const sums[] = {&cell->w,    &cell->wx,  &cell->wxx, &cell->ww, &cell->wwx,
                                  &cell->wwxx, &cell->cww, &cell->cwx, &cell->cxx};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        *sums[i] = kundig__take_i128(reader);
    }
    uint64_t count = kundig__take_u64(reader);
    if (!state_array_fits(reader, count, STATE_MEMBER_SIZE)) {
        return state_bad(err, reader->pos, "a group is cut");
    }
    group->members = state_array(state, reader, count, sizeof *group->members, STATE_MEMBER_SIZE);
    if (!group->members) {
        return kundig__nomem(&state->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        kundig__state_member *member = &group->members[i];
        member->pseudonym = state_take_hash(reader);
        member->n = kundig__take_u64(reader);
        member->w = kundig__take_i128(reader);
        member->x = kundig__take_i128(reader);
    }
    group->member_count = (size_t)count;
    const char *wrong = kundig__state_group_check(group, &state->head, list);
    return wrong ? state_bad(err, start, wrong) : KUNDIG_OK;
}

static int state_take_list(kundig__reader *reader, kundig_state *state, int list, kundig_error *err)
{
    kundig__state_list *out = &state->lists[list];
    uint64_t count = kundig__take_u64(reader);
    if (!state_array_fits(reader, count, STATE_CELL_SIZE) ||
        (state->head.key_count == 0 && count > 1)) {
        return state_bad(err, reader->pos, "the number of groups is impossible");
    }
    out->groups = state_array(state, reader, count, sizeof *out->groups, STATE_CELL_SIZE);
    if (!out->groups) {
        return kundig__nomem(&state->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        size_t start = reader->pos;
        int rc = state_take_group(reader, state, list, &out->groups[i], err);
        if (rc) {
            return rc;
        }
        if (i > 0 &&
            kundig__state_order(&out->groups[i - 1], &out->groups[i], state->head.key_count) >= 0) {
            return state_bad(err, start, "groups are not in order");
        }
        out->count = i + 1;
    }
    return KUNDIG_OK;
}

static int state_take_lists(kundig__reader *reader, kundig_state *state, kundig_error *err)
{
    int rc = KUNDIG_OK;
    state->counted.left_out.no_time = kundig__take_u64(reader);
    state->counted.left_out.other_purpose = kundig__take_u64(reader);
    state->counted.left_out.no_consent = kundig__take_u64(reader);
    state->counted.other_kind = kundig__take_u64(reader);
    state->counted.selected = kundig__take_u64(reader);
    state->counted.n = kundig__take_u64(reader);
    state->counted.nameless = kundig__take_u64(reader);
    for (int list = 0; !rc && list < KUNDIG__STATE_LISTS; list++) {
        rc = state_take_list(reader, state, list, err);
    }
    if (!rc && reader->pos != reader->size) {
        rc = state_bad(err, reader->pos, "bytes stand behind the end");
    }
    const char *wrong = rc ? NULL : kundig__state_check(state);
    return wrong ? state_bad(err, reader->pos, wrong) : rc;
}

/* The frame: magic, version, length, checksum. */
static int state_check_frame(kundig__reader *reader, kundig_error *err)
{
    if (reader->size < STATE_PREFIX_SIZE + STATE_SUM_SIZE ||
        memcmp(reader->data, STATE_MAGIC, STATE_MAGIC_SIZE) != 0) {
        return state_bad(err, 0, "they begin otherwise");
    }
    reader->pos = STATE_MAGIC_SIZE;
    uint32_t version = kundig__take_u32(reader);
    if (version != STATE_VERSION) {
        return kundig__fail(err, KUNDIG_E_VERSION, STATE_MAGIC_SIZE,
                            "the state has format %u, this library reads %d; make it again",
                            (unsigned)version, STATE_VERSION);
    }
    if (kundig__take_u64(reader) != reader->size) {
        return state_bad(err, STATE_MAGIC_SIZE + 4, "their length is another");
    }
    kundig__reader sum = *reader;
    sum.pos = reader->size - STATE_SUM_SIZE;
    if (kundig__take_u64(&sum) != kundig__xxh3(reader->data, reader->size - STATE_SUM_SIZE)) {
        return state_bad(err, reader->size - STATE_SUM_SIZE, "the checksum does not fit");
    }
    reader->size -= STATE_SUM_SIZE;
    return KUNDIG_OK;
}

int kundig_state_load(const kundig_allocator *allocator, const void *data, size_t size,
                      kundig_state **out, kundig_error *err)
{
    if ((!data && size) || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", out ? "data" : "out");
    }
    kundig__reader reader = {data, size, 0, false};
    kundig__state_head head = {0};
    kundig_state *state = NULL;
    int rc = state_check_frame(&reader, err);
    rc = rc ? rc : state_take_head(&reader, &head, err);
    if (rc) {
        return rc;
    }
    state = kundig__state_make(allocator);
    if (!state) {
        return kundig__fail(err, KUNDIG_E_NOMEM, 0, "out of memory");
    }
    rc = kundig__state_set_head(state, &head) ? state_take_lists(&reader, state, err)
                                              : kundig__nomem(&state->mem, err);
    if (!rc) {
        *out = state;
        state = NULL;
    }
    kundig_state_free(state);
    return rc;
}
