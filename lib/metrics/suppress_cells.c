/* Base cells and tables of reporting mode: from the corpus' rows to what a plan is made of.
 *
 * Base cells stand in order of their coordinates, which are places of values in byte order, so
 * nothing depends on the order of arrival. Records of one supply are alike in everything that a
 * table tells of one question (answer, weight, employee or not): where they change places, no sum
 * over them changes, whatever the metric.
 *
 * Cost: O(rows log rows) a question and O(rows) a table; memory is 8 bytes a table and base cell
 * and 8 a universe and cell. CUBE_MOST bounds both. */
#include "base/order.h"
#include "corpus/rows.h"
#include "metrics/suppress.h"

#define CUBE_MOST_BASES (UINT32_C(1) << 20)
#define CUBE_MOST       (UINT64_C(1) << 25)

static void *cube_array(kundig__arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (!kundig__size_mul(count ? count : 1, size, &bytes)) {
        return NULL;
    }
    void *array = kundig__arena_alloc(arena, bytes);
    if (array) {
        memset(array, 0, bytes);
    }
    return array;
}

/* ---- Coordinates of rows -------------------------------------------------------------------- */

/* Places of the groups that rows stand in, in order of their keys, from `first`; rows without a
 * group get 0. */
static int cube_rank(kundig__cube *cube, const kundig__grouping *grouping, uint32_t first,
                     uint32_t *codes, kundig_error *err)
{
    uint32_t count = kundig__grouping_count(grouping);
    uint32_t *used = cube_array(&cube->work, count, sizeof *used);
    uint32_t *places = cube_array(&cube->work, count, sizeof *places);
    size_t used_count = 0;
    if (!used || !places) {
        return kundig__nomem(cube->mem, err);
    }
    for (uint32_t at = 0; at < cube->row_count; at += KUNDIG__GROUP_BLOCK) {
        uint32_t rows = cube->row_count - at;
        rows = rows < KUNDIG__GROUP_BLOCK ? rows : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, at, rows, codes + at);
        for (uint32_t i = 0; i < rows; i++) {
            uint32_t group = codes[at + i];
            if (group != KUNDIG__NO_GROUP && !places[group]) {
                places[group] = 1;
                used[used_count++] = group;
            }
        }
    }
    kundig__grouping_sort(grouping, used, used_count);
    for (uint32_t i = 0; i < used_count; i++) {
        places[used[i]] = i + first;
    }
    for (uint32_t row = 0; row < cube->row_count; row++) {
        codes[row] = codes[row] == KUNDIG__NO_GROUP ? 0 : places[codes[row]];
    }
    return KUNDIG_OK;
}

static int cube_coordinate(kundig__cube *cube, kundig__corpus *corpus,
                           const kundig__plan_rules *rules, size_t at, uint32_t *codes,
                           kundig_error *err)
{
    kundig_query *query = NULL;
    kundig__grouping *grouping = NULL;
    bool is_field = at < cube->field_count;
    int rc = kundig_query_new(&cube->mem->hook, &query);
    if (!rc && is_field) {
        rc = kundig_query_group_by(query, rules->fields[at].data, rules->fields[at].len, err);
    } else if (!rc) {
        rc = kundig_query_set_every(query, cube->windows[at - cube->field_count], err);
        rc = rc ? rc : kundig_query_set_zone(query, rules->zone.data, rules->zone.len, err);
    }
    if (rc == KUNDIG_E_NOMEM) {
        rc = kundig__nomem(cube->mem, err);
    }
    rc = rc ? rc : kundig__grouping_new(corpus, query, KUNDIG__NO_NODE, &grouping, err);
    rc = rc ? rc : cube_rank(cube, grouping, is_field ? 0 : 1, codes, err);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    return rc;
}

/* ---- Base cells ----------------------------------------------------------------------------- */

typedef struct cube_rows {
    const uint32_t *codes; /* a coordinate and row */
    size_t width;
    uint32_t row_count;
} cube_rows;

static int cube_rows_order(const void *ud, uint32_t a, uint32_t b)
{
    const cube_rows *rows = ud;
    for (size_t i = 0; i < rows->width; i++) {
        const uint32_t *codes = rows->codes + i * rows->row_count;
        if (codes[a] != codes[b]) {
            return codes[a] < codes[b] ? -1 : 1;
        }
    }
    return 0;
}

static int cube_too_many(kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                        "the declared fields and windows have too many combinations to plan what "
                        "may be shown: declare fewer, or longer windows");
}

static int cube_bases(kundig__cube *cube, kundig__corpus *corpus, const cube_rows *rows,
                      kundig_error *err)
{
    const uint8_t *flags = kundig__corpus_flags(corpus);
    size_t width = rows->width;
    uint32_t *order = cube_array(&cube->work, cube->row_count, sizeof *order);
    size_t count = 0;
    cube->base_of = cube_array(&cube->keep, cube->row_count, sizeof *cube->base_of);
    if (!order || !cube->base_of) {
        return kundig__nomem(cube->mem, err);
    }
    for (uint32_t row = 0; row < cube->row_count; row++) {
        cube->base_of[row] = KUNDIG__PLAN_NO_BASE;
        if (!(flags[row] & KUNDIG__ROW_SUPERSEDED)) {
            order[count++] = row;
        }
    }
    kundig__order_sort(order, count, cube_rows_order, rows);
    for (size_t i = 0; i < count; i++) {
        cube->base_count += i == 0 || cube_rows_order(rows, order[i - 1], order[i]) != 0;
        cube->base_of[order[i]] = cube->base_count - 1;
    }
    if (cube->base_count > CUBE_MOST_BASES) {
        return cube_too_many(err);
    }
    cube->codes = cube_array(&cube->work, cube->base_count * (width + 1), sizeof *cube->codes);
    cube->records = cube_array(&cube->work, cube->base_count, sizeof *cube->records);
    if (!cube->codes || !cube->records) {
        return kundig__nomem(cube->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t base = cube->base_of[order[i]];
        for (size_t c = 0; !cube->records[base] && c < width; c++) {
            cube->codes[base * width + c] = rows->codes[c * rows->row_count + order[i]];
        }
        cube->records[base]++;
    }
    return KUNDIG_OK;
}

uint32_t kundig__cube_find(const kundig__cube *cube, const uint32_t *codes)
{
    size_t width = kundig__cube_width(cube);
    uint32_t low = 0;
    uint32_t high = cube->base_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const uint32_t *found = cube->codes + middle * width;
        size_t i = 0;
        while (i < width && found[i] == codes[i]) {
            i++;
        }
        if (i == width) {
            return middle;
        }
        if (found[i] < codes[i]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return KUNDIG__PLAN_NO_BASE;
}

uint32_t kundig__cube_differ(const kundig__cube *cube, uint32_t a, uint32_t b)
{
    size_t width = kundig__cube_width(cube);
    const uint32_t *first = cube->codes + a * width;
    const uint32_t *second = cube->codes + b * width;
    uint32_t axes = 0;
    for (size_t i = 0; i < width; i++) {
        size_t axis = i < cube->field_count ? i : cube->field_count;
        axes |= (uint32_t)(first[i] != second[i]) << axis;
    }
    return axes;
}

bool kundig__cube_tells(const kundig__cube *cube, const kundig__cube_table *table, uint32_t axes,
                        uint32_t a, uint32_t b)
{
    size_t width = kundig__cube_width(cube);
    if (axes & ~table->axes) {
        return false;
    }
    if (!(axes >> cube->field_count)) {
        return true;
    }
    size_t at = cube->field_count + (size_t)table->window;
    return cube->codes[a * width + at] != cube->codes[b * width + at];
}

/* ---- Tables --------------------------------------------------------------------------------- */

typedef struct cube_project {
    const kundig__cube *cube;
    const kundig__cube_table *table;
} cube_project;

static int cube_project_order(const void *ud, uint32_t a, uint32_t b)
{
    const cube_project *project = ud;
    const kundig__cube *cube = project->cube;
    size_t width = kundig__cube_width(cube);
    for (size_t i = 0; i < width; i++) {
        bool used = i < cube->field_count
                        ? project->table->fields >> i & 1
                        : (int32_t)(i - cube->field_count) == project->table->window;
        uint32_t first = cube->codes[a * width + i];
        uint32_t second = cube->codes[b * width + i];
        if (used && first != second) {
            return first < second ? -1 : 1;
        }
    }
    return 0;
}

static int cube_place_order(const void *ud, uint32_t a, uint32_t b)
{
    int order = cube_project_order(ud, a, b);
    return order ? order : (a > b) - (a < b);
}

static void cube_list_tables(kundig__cube *cube, const bool *withheld)
{
    cube->table_count = 0;
    for (uint32_t fields = 0; fields < (UINT32_C(1) << cube->field_count); fields++) {
        for (int32_t window = -1; window < (int32_t)cube->window_count; window++) {
            kundig__cube_table *table = &cube->tables[cube->table_count];
            uint32_t time = (uint32_t)(window >= 0) << cube->field_count;
            *table = (kundig__cube_table){
                fields, window, fields | time, withheld && withheld[cube->table_count], 0, 0};
            cube->table_count++;
        }
    }
}

static int cube_tables(kundig__cube *cube, kundig_error *err)
{
    size_t size = cube->table_count * cube->base_count;
    size_t width = kundig__cube_width(cube);
    if (size > CUBE_MOST / 2) {
        return cube_too_many(err);
    }
    cube->cells = cube_array(&cube->keep, size, sizeof *cube->cells);
    cube->cell_bases = cube_array(&cube->work, size, sizeof *cube->cell_bases);
    cube->cell_starts = cube_array(&cube->work, size + 1, sizeof *cube->cell_starts);
    cube->timeless = cube_array(&cube->keep, size, sizeof *cube->timeless);
    if (!cube->cells || !cube->cell_bases || !cube->cell_starts || !cube->timeless) {
        return kundig__nomem(cube->mem, err);
    }
    for (size_t t = 0; t < cube->table_count; t++) {
        kundig__cube_table *table = &cube->tables[t];
        uint32_t *order = cube->cell_bases + t * cube->base_count;
        uint32_t *cells = cube->cells + t * cube->base_count;
        cube_project project = {cube, table};
        table->first = cube->cell_count;
        for (uint32_t base = 0; base < cube->base_count; base++) {
            order[base] = base;
        }
        kundig__order_sort(order, cube->base_count, cube_place_order, &project);
        for (uint32_t i = 0; i < cube->base_count; i++) {
            if (i == 0 || cube_project_order(&project, order[i - 1], order[i])) {
                uint32_t cell = cube->cell_count++;
                cube->cell_starts[cell] = i;
                cube->timeless[cell] =
                    table->window >= 0 &&
                    !cube->codes[order[i] * width + cube->field_count + (size_t)table->window];
            }
            cells[order[i]] = cube->cell_count - 1;
        }
        table->count = cube->cell_count - table->first;
    }
    return KUNDIG_OK;
}

/* ---- Answers -------------------------------------------------------------------------------- */

typedef struct cube_answers {
    const kundig__cube *cube;
    const int32_t *values;  /* NULL: nobody answers */
    const uint32_t *kinds;  /* NULL: no employees */
    const int64_t *weights; /* NULL: all weigh 1 */
} cube_answers;

static kundig__cube_supply cube_answer(const cube_answers *answers, uint32_t row)
{
    kundig__cube_supply supply = {KUNDIG__LEAF_NONE, 0, 0, 1};
    if (answers->values && answers->values[row] != KUNDIG__SCORE_MISSING) {
        bool employee = answers->kinds && answers->kinds[row] == KUNDIG_KIND_EMPLOYEE;
        supply.leaf = employee ? KUNDIG__LEAF_EMPLOYEES : KUNDIG__LEAF_OTHERS;
        supply.value = answers->values[row];
        supply.weight = answers->weights ? answers->weights[row] : KUNDIG__WEIGHT_ONE;
    }
    return supply;
}

static int cube_supply_order(const kundig__cube_supply *a, const kundig__cube_supply *b)
{
    if (a->leaf != b->leaf) {
        return a->leaf < b->leaf ? -1 : 1;
    }
    if (a->value != b->value) {
        return a->value < b->value ? -1 : 1;
    }
    return (a->weight > b->weight) - (a->weight < b->weight);
}

static int cube_answers_order(const void *ud, uint32_t a, uint32_t b)
{
    const cube_answers *answers = ud;
    uint32_t first = answers->cube->base_of[a];
    uint32_t second = answers->cube->base_of[b];
    if (first != second) {
        return first < second ? -1 : 1;
    }
    kundig__cube_supply one = cube_answer(answers, a);
    kundig__cube_supply other = cube_answer(answers, b);
    return cube_supply_order(&one, &other);
}

/* movable: rows that may stand elsewhere. */
static int cube_system(kundig__cube *cube, kundig__cube_system *system, const cube_answers *answers,
                       const uint32_t *movable, size_t movable_count, kundig_error *err)
{
    uint32_t *order = cube_array(&cube->work, movable_count, sizeof *order);
    bool met[KUNDIG__LEAVES] = {false};
    size_t count = 0;
    uint32_t last = 0;
    system->totals =
        cube_array(&cube->work, (size_t)cube->base_count * KUNDIG__LEAVES, sizeof(uint32_t));
    system->starts = cube_array(&cube->work, (size_t)cube->base_count + 1, sizeof(size_t));
    if (!order || !system->totals || !system->starts) {
        return kundig__nomem(cube->mem, err);
    }
    for (uint32_t row = 0; row < cube->row_count; row++) {
        if (cube->base_of[row] != KUNDIG__PLAN_NO_BASE) {
            int32_t leaf = cube_answer(answers, row).leaf;
            system->totals[cube->base_of[row] * KUNDIG__LEAVES + (uint32_t)leaf]++;
            met[leaf] = true;
        }
    }
    system->mixed = met[KUNDIG__LEAF_OTHERS] && met[KUNDIG__LEAF_EMPLOYEES];
    if (movable_count) {
        memcpy(order, movable, movable_count * sizeof *order);
    }
    kundig__order_sort(order, movable_count, cube_answers_order, answers);
    for (size_t i = 0; i < movable_count; i++) {
        count += i == 0 || cube_answers_order(answers, order[i - 1], order[i]) != 0;
    }
    system->supplies = cube_array(&cube->work, count, sizeof *system->supplies);
    if (!system->supplies) {
        return kundig__nomem(cube->mem, err);
    }
    count = 0;
    for (size_t i = 0; i < movable_count; i++) {
        uint32_t base = cube->base_of[order[i]];
        if (i > 0 && cube_answers_order(answers, order[i - 1], order[i]) == 0) {
            system->supplies[count - 1].count++;
            continue;
        }
        for (; last < base; last++) {
            system->starts[last + 1] = count;
        }
        system->supplies[count++] = cube_answer(answers, order[i]);
    }
    for (; last < cube->base_count; last++) {
        system->starts[last + 1] = count;
    }
    return KUNDIG_OK;
}

/* ---- Counts of cells ------------------------------------------------------------------------ */

/* Rows of one customer stand one behind the other; those without one first. */
static int cube_by_customer(kundig__cube *cube, const kundig__dimension *people, uint32_t **rows,
                            size_t *count, kundig_error *err)
{
    size_t names = people->codes ? (size_t)people->dict.count + 1 : 1;
    size_t *starts = cube_array(&cube->work, names + 1, sizeof *starts);
    *rows = cube_array(&cube->work, cube->row_count, sizeof **rows);
    if (!starts || !*rows) {
        return kundig__nomem(cube->mem, err);
    }
    for (uint32_t row = 0; row < cube->row_count; row++) {
        if (cube->base_of[row] != KUNDIG__PLAN_NO_BASE) {
            starts[(people->codes ? people->codes[row] : 0) + 1]++;
        }
    }
    for (size_t i = 0; i < names; i++) {
        starts[i + 1] += starts[i];
    }
    *count = starts[names];
    for (uint32_t row = 0; row < cube->row_count; row++) {
        if (cube->base_of[row] != KUNDIG__PLAN_NO_BASE) {
            (*rows)[starts[people->codes ? people->codes[row] : 0]++] = row;
        }
    }
    return KUNDIG_OK;
}

/* Count a row in a universe of all cells it stands in. stamps: the last customer of each. */
static void cube_count(kundig__cube *cube, uint32_t base, size_t universe, uint32_t customer,
                       uint32_t *stamps)
{
    size_t first = universe * cube->cell_count;
    for (size_t t = 0; t < cube->table_count; t++) {
        size_t cell = first + cube->cells[t * cube->base_count + base];
        cube->n[cell]++;
        if (customer && stamps[cell] != customer) {
            stamps[cell] = customer;
            cube->sizes[cell]++;
        }
    }
}

typedef struct cube_last {
    uint32_t customer;
    uint32_t base;
} cube_last;

/* A customer counts in the least of their base cells. */
static void cube_first(kundig__cube *cube, size_t universe, uint32_t base, uint32_t customer,
                       cube_last *lasts)
{
    uint32_t *firsts = cube->firsts + universe * cube->base_count;
    cube_last *last = &lasts[universe];
    if (!customer || customer != last->customer) {
        firsts[base]++;
        *last = (cube_last){customer, base};
    } else if (base < last->base) {
        firsts[last->base]--;
        firsts[base]++;
        last->base = base;
    }
}

static int cube_counts(kundig__cube *cube, const kundig__dimension *people,
                       const cube_answers *answers, const uint32_t *rows, size_t count,
                       kundig_error *err)
{
    size_t universes = 1 + (cube->group_count - 1) * KUNDIG__LEAVES;
    size_t size = universes * cube->cell_count;
    cube_last lasts[1 + KUNDIG__PLAN_MAX_QUESTIONS * KUNDIG__LEAVES] = {{0, 0}};
    if (size > CUBE_MOST) {
        return cube_too_many(err);
    }
    uint32_t *stamps = cube_array(&cube->work, size, sizeof *stamps);
    cube->n = cube_array(&cube->work, size, sizeof *cube->n);
    cube->sizes = cube_array(&cube->work, size, sizeof *cube->sizes);
    cube->firsts = cube_array(&cube->work, cube->base_count * universes, sizeof *cube->firsts);
    if (!stamps || !cube->n || !cube->sizes || !cube->firsts) {
        return kundig__nomem(cube->mem, err);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        uint32_t base = cube->base_of[row];
        uint32_t customer = people->codes ? people->codes[row] : 0;
        cube_count(cube, base, 0, customer, stamps);
        cube_first(cube, 0, base, customer, lasts);
        for (size_t s = 0; s + 1 < cube->group_count; s++) {
            int32_t leaf = cube_answer(&answers[s], row).leaf;
            for (int32_t of = 0; leaf != KUNDIG__LEAF_NONE && of <= leaf; of += leaf) {
                cube_count(cube, base, KUNDIG__CUBE_UNIVERSE(s, of), customer, stamps);
                cube_first(cube, KUNDIG__CUBE_UNIVERSE(s, of), base, customer, lasts);
            }
        }
    }
    for (size_t i = 0; i < size; i++) {
        cube->sizes[i] = cube->sizes[i] ? cube->sizes[i] : cube->n[i];
    }
    return KUNDIG_OK;
}

/* ---- The whole ------------------------------------------------------------------------------ */

/* Rows that may stand elsewhere: with strict, those of customers with a single one. */
static size_t cube_movable(const kundig__cube *cube, const kundig__dimension *people, bool strict,
                           const uint32_t *rows, size_t count, uint32_t *movable)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t customer = people->codes ? people->codes[rows[i]] : 0;
        bool same_before = i > 0 && people->codes && people->codes[rows[i - 1]] == customer;
        bool same_behind = i + 1 < count && people->codes && people->codes[rows[i + 1]] == customer;
        if (!strict || !cube->named || (customer && !same_before && !same_behind)) {
            movable[used++] = rows[i];
        }
    }
    return used;
}

static int cube_fill(kundig__cube *cube, kundig__corpus *corpus, const kundig__plan_rules *rules,
                     bool strict, const kundig__question *const *questions, kundig_error *err)
{
    const kundig__dimension *people = NULL;
    const uint32_t *kinds = kundig__corpus_dimension(corpus, KUNDIG__DIM_KIND)->codes;
    cube_answers answers[KUNDIG__PLAN_MAX_QUESTIONS];
    size_t width = kundig__cube_width(cube);
    uint32_t *codes = cube_array(&cube->work, cube->row_count, width * sizeof *codes);
    uint32_t *rows = NULL;
    uint32_t *movable = NULL;
    size_t count = 0;
    int rc = codes || !width ? KUNDIG_OK : kundig__nomem(cube->mem, err);
    for (size_t i = 0; i < width && !rc; i++) {
        rc = cube_coordinate(cube, corpus, rules, i, codes + i * cube->row_count, err);
    }
    cube_rows of_rows = {codes, width, cube->row_count};
    rc = rc ? rc : cube_bases(cube, corpus, &of_rows, err);
    rc = rc ? rc : cube_tables(cube, err);
    rc = rc ? rc : kundig__corpus_people(corpus, &people, err);
    rc = rc ? rc : cube_by_customer(cube, people, &rows, &count, err);
    if (!rc) {
        movable = cube_array(&cube->work, count, sizeof *movable);
        rc = movable ? KUNDIG_OK : kundig__nomem(cube->mem, err);
    }
    if (rc) {
        return rc;
    }
    cube->named = count && people->codes && people->codes[rows[count - 1]];
    size_t movable_count = cube_movable(cube, people, strict, rows, count, movable);
    cube->lone = !cube->named || (strict && movable_count == count);
    for (size_t s = 0; s < cube->system_count && !rc; s++) {
        answers[s] = (cube_answers){cube, questions[s] ? questions[s]->values : NULL, kinds,
                                    kundig__corpus_weights(corpus)};
        cube->systems[s].question = questions[s];
        rc = cube_system(cube, &cube->systems[s], &answers[s], movable, movable_count, err);
    }
    return rc ? rc : cube_counts(cube, people, answers, rows, count, err);
}

int kundig__cube_new(kundig__corpus *corpus, const kundig__plan_rules *rules, bool strict,
                     const bool *withheld, const kundig__question *const *questions,
                     size_t question_count, kundig__cube *cube, kundig_error *err)
{
    const kundig__question *none[1] = {NULL};
    memset(cube, 0, sizeof *cube);
    cube->context = kundig__corpus_context(corpus);
    cube->mem = &cube->context->mem;
    kundig__arena_init(&cube->keep, cube->mem);
    kundig__arena_init(&cube->work, cube->mem);
    cube->k = rules->k;
    cube->row_count = kundig__corpus_rows(corpus);
    cube->system_count = question_count ? question_count : 1;
    cube->group_count = question_count + 1;
    for (size_t i = 0; i < rules->field_count; i++) {
        kundig__field *field = &cube->fields[cube->field_count++];
        int rc = kundig__field_resolve(corpus, rules->fields[i], field, err);
        if (rc) {
            return rc;
        }
        bool is_text = field->type == KUNDIG__FIELD_ATTRIBUTE &&
                       kundig__corpus_attribute(corpus, field->index)->type == KUNDIG_VALUE_TEXT;
        if ((field->type != KUNDIG__FIELD_DIMENSION && !is_text) ||
            (field->type == KUNDIG__FIELD_DIMENSION && field->index == KUNDIG__DIM_CUSTOMER)) {
            return kundig__fail(err, KUNDIG_E_ARG, 0,
                                "report_fields names %.*s: reports go by dimensions other than "
                                "customer, and by attributes that are texts",
                                kundig__shown(rules->fields[i]), rules->fields[i].data);
        }
    }
    for (int32_t every = KUNDIG_EVERY_DAY; every <= KUNDIG_EVERY_YEAR; every++) {
        if (rules->every >> every & 1) {
            cube->windows[cube->window_count++] = every;
        }
    }
    cube_list_tables(cube, withheld);
    return cube_fill(cube, corpus, rules, strict, question_count ? questions : none, err);
}

void kundig__cube_free(kundig__cube *cube)
{
    if (cube->mem) {
        kundig__arena_free(&cube->keep);
        kundig__arena_free(&cube->work);
    }
}
