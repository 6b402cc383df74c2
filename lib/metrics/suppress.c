/* The plan of reporting mode: which cells are hidden.
 *
 * Hidden at first are cells of fewer than k customers, in any universe. Then each hidden cell gets
 * a witness: a move (suppress_moves.c) that changes its count by k or more and nothing that is
 * shown. The cells it passes are hidden as well, and it protects all of them. Of the moves that
 * would do, the one that hides fewest records is taken; where none has room for k, several that
 * share one base cell add up. At last every row and column must have none or two hidden cells, of k
 * customers together: the least shown cell of others is hidden, with a witness of its own. A cell
 * hidden for all records is hidden for every question.
 *
 * Where no move is found, the finest table that tells the cell is withheld whole, nothing of it is
 * answered, and the plan is made anew; so is a table of two axes or more that would be hidden by
 * more than half. A question whose cells cannot be protected is withheld.
 *
 * Distinct customers do not add up over cells, so they are told only if moving records moves
 * customers alike: where those that have a single record are enough to make a plan of about the
 * same reach. Else all records may move, and customers are told nowhere. Intervals stay: what they
 * tell of customers is a sum of squares over a cell.
 *
 * What is not promised: a hidden cell whose row is known to hold equal answers alone has that
 * answer; and facts that change between two questions can be told apart by them.
 *
 * Invariant: whatever is told can be told of other records as well, in which any one hidden cell
 * counts k more or fewer. Cost: bounded by PLAN_TRIES base cells tried for each hidden cell. */
#include "metrics/suppress.h"
#include "base/text.h"

#define PLAN_STARTS 4
#define PLAN_TRIES  4096
#define PLAN_POOL   8

static uint8_t *plan_flag(const kundig__plan *plan, uint8_t *flags, size_t group, uint32_t cell)
{
    return &flags[group * plan->cube.cell_count + cell];
}

static uint32_t plan_n(const kundig__cube *cube, size_t universe, uint32_t cell)
{
    return cube->n[universe * cube->cell_count + cell];
}

static size_t plan_universe(size_t group, size_t leaf)
{
    return group ? KUNDIG__CUBE_UNIVERSE(group - 1, leaf) : 0;
}

/* Universes of a group that have records in a cell, a bit each; bit 0: of all its answers. */
static uint8_t plan_universes(const kundig__cube *cube, size_t group, uint32_t cell)
{
    uint8_t bits = 0;
    size_t leaves = group && cube->systems[group - 1].mixed ? KUNDIG__LEAVES : 1;
    for (size_t leaf = 0; leaf < leaves; leaf++) {
        bits |= (uint8_t)((plan_n(cube, plan_universe(group, leaf), cell) > 0) << leaf);
    }
    return bits;
}

static void plan_hide(kundig__plan *plan, size_t group, uint32_t cell)
{
    *plan_flag(plan, plan->hidden, group, cell) = 1;
    for (size_t other = 1; !group && other < plan->cube.group_count; other++) {
        *plan_flag(plan, plan->hidden, other, cell) = 1;
    }
}

/* What is hidden at first. */
static void plan_few(kundig__plan *plan)
{
    const kundig__cube *cube = &plan->cube;
    for (size_t t = 0; t < cube->table_count; t++) {
        const kundig__cube_table *table = &cube->tables[t];
        for (uint32_t cell = table->first; !table->withheld && cell < table->first + table->count;
             cell++) {
            for (size_t group = 0; group < cube->group_count; group++) {
                uint8_t universes = plan_universes(cube, group, cell);
                for (size_t leaf = 0; leaf < KUNDIG__LEAVES; leaf++) {
                    size_t at = plan_universe(group, leaf) * cube->cell_count + cell;
                    if (universes >> leaf & 1 && cube->sizes[at] < cube->k) {
                        plan_hide(plan, group, cell);
                    }
                }
            }
        }
    }
}

/* ---- Finding a move ------------------------------------------------------------------------- */

typedef struct plan_choice {
    bool found;
    bool whole; /* records move, else answers of the group */
    uint64_t cost;
    uint64_t reach;
    kundig__move move;
    kundig__room room;
} plan_choice;

static bool plan_passes(const kundig__plan *plan, const kundig__move *move, size_t t)
{
    const kundig__cube_table *table = &plan->cube.tables[t];
    return !table->withheld && kundig__cube_tells(&plan->cube, table, move->axes, move->a, move->b);
}

/* Records that a move would hide. */
static uint64_t plan_cost(const kundig__plan *plan, const kundig__move *move, bool whole,
                          size_t group)
{
    const kundig__cube *cube = &plan->cube;
    uint64_t cost = 0;
    for (size_t t = 0; t < cube->table_count; t++) {
        for (size_t c = 0; plan_passes(plan, move, t) && c < move->corner_count; c++) {
            uint32_t cell = cube->cells[t * cube->base_count + move->corners[c]];
            for (size_t g = whole ? 0 : group; g < (whole ? cube->group_count : group + 1); g++) {
                bool hidden = *plan_flag(plan, plan->hidden, g, cell);
                cost += hidden ? 0 : plan_n(cube, plan_universe(g, 0), cell);
            }
        }
    }
    return cost;
}

static kundig__move_span plan_span(const kundig__room *room, size_t group, size_t leaf)
{
    return group ? room->answers[group - 1][leaf] : room->all;
}

/* Universes of a group that have room for k. */
static uint8_t plan_roomy(const kundig__cube *cube, const kundig__room *room, size_t group)
{
    uint8_t bits = 0;
    for (size_t leaf = 0; leaf < (group ? KUNDIG__LEAVES : 1); leaf++) {
        kundig__move_span span = plan_span(room, group, leaf);
        bits |= (uint8_t)((span.up + span.down >= cube->k) << leaf);
    }
    return bits;
}

static void plan_consider(const kundig__plan *plan, const kundig__move *move, bool whole,
                          size_t group, uint8_t missing, plan_choice *best)
{
    plan_choice choice = {.found = true, .whole = whole, .move = *move};
    choice.cost = plan_cost(plan, move, whole, group);
    if (best->found && choice.cost > best->cost) {
        return;
    }
    if (whole) {
        kundig__move_room(&plan->cube, move, &choice.room);
    } else {
        kundig__move_answers(&plan->cube, move, group - 1, &choice.room);
    }
    kundig__move_span span = plan_span(&choice.room, group, 0);
    choice.reach = span.up + span.down;
    if ((plan_roomy(&plan->cube, &choice.room, group) & missing) == 0 ||
        (best->found && choice.cost == best->cost && choice.reach <= best->reach)) {
        return;
    }
    *best = choice;
}

static uint32_t plan_cell_end(const kundig__cube *cube, const kundig__cube_table *table,
                              uint32_t cell)
{
    return cell + 1 < table->first + table->count ? cube->cell_starts[cell + 1] : cube->base_count;
}

static void plan_search(const kundig__plan *plan, size_t t, uint32_t cell, size_t group,
                        uint8_t missing, plan_choice *best)
{
    const kundig__cube *cube = &plan->cube;
    const kundig__cube_table *table = &cube->tables[t];
    const uint32_t *order = cube->cell_bases + t * cube->base_count;
    uint32_t start = cube->cell_starts[cell];
    uint32_t end = plan_cell_end(cube, table, cell);
    uint32_t stride = cube->base_count / PLAN_TRIES + 1;
    uint32_t step = (end - start) / PLAN_STARTS + 1;
    best->found = false;
    for (uint32_t i = start; i < end; i += step) {
        for (uint32_t b = order[i] % stride; b < cube->base_count; b += stride) {
            kundig__move move;
            uint32_t axes = kundig__cube_differ(cube, order[i], b);
            if (!axes || !kundig__cube_tells(cube, table, axes, order[i], b) ||
                !kundig__move_make(cube, order[i], b, &move)) {
                continue;
            }
            if (group) {
                plan_consider(plan, &move, false, group, missing, best);
            }
            plan_consider(plan, &move, true, group, missing, best);
        }
    }
}

static void plan_apply(kundig__plan *plan, const plan_choice *choice, size_t group)
{
    const kundig__cube *cube = &plan->cube;
    const kundig__move *move = &choice->move;
    for (size_t t = 0; t < cube->table_count; t++) {
        for (size_t c = 0; plan_passes(plan, move, t) && c < move->corner_count; c++) {
            uint32_t cell = cube->cells[t * cube->base_count + move->corners[c]];
            plan_hide(plan, choice->whole ? 0 : group, cell);
            for (size_t g = choice->whole ? 0 : group;
                 g < (choice->whole ? cube->group_count : group + 1); g++) {
                *plan_flag(plan, plan->safe, g, cell) |= plan_roomy(cube, &choice->room, g);
            }
        }
    }
}

/* ---- Several moves together ------------------------------------------------------------------ */

/* Moves that share one base cell alone, of the cell to be protected: what they bring into it adds
 * up. */
typedef struct plan_pool {
    plan_choice moves[PLAN_POOL];
    size_t count;
    uint64_t gain; /* together */
    uint64_t down; /* the best of them */
} plan_pool;

static bool plan_pool_meets(const plan_pool *pool, const kundig__move *move)
{
    for (size_t i = 0; i < pool->count; i++) {
        const kundig__move *other = &pool->moves[i].move;
        for (size_t a = 1; a < move->corner_count; a++) {
            for (size_t b = 1; b < other->corner_count; b++) {
                if (move->corners[a] == other->corners[b]) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* The move that brings most for what it hides. */
static bool plan_pool_next(const kundig__plan *plan, const kundig__cube_table *table,
                           uint32_t start, size_t group, size_t leaf, plan_pool *pool)
{
    const kundig__cube *cube = &plan->cube;
    uint32_t stride = cube->base_count / PLAN_TRIES + 1;
    plan_choice best = {.found = false};
    uint64_t best_gain = 0;
    for (uint32_t b = start % stride; b < cube->base_count; b += stride) {
        plan_choice choice = {.found = true, .whole = true};
        uint32_t axes = kundig__cube_differ(cube, start, b);
        if (!axes || !kundig__cube_tells(cube, table, axes, start, b) ||
            !kundig__move_make(cube, start, b, &choice.move) ||
            plan_pool_meets(pool, &choice.move)) {
            continue;
        }
        kundig__move_room(cube, &choice.move, &choice.room);
        uint64_t gain = plan_span(&choice.room, group, leaf).gain;
        gain = gain < cube->k ? gain : cube->k;
        if (!gain) {
            continue;
        }
        choice.cost = plan_cost(plan, &choice.move, true, group);
        if (!best.found || (choice.cost + 1) * best_gain < (best.cost + 1) * gain) {
            best = choice;
            best_gain = gain;
        }
    }
    if (best.found) {
        kundig__move_span span = plan_span(&best.room, group, leaf);
        pool->moves[pool->count++] = best;
        pool->gain += span.gain;
        pool->down = span.down > pool->down ? span.down : pool->down;
    }
    return best.found;
}

/* Protect one universe of a cell by several moves; false where they do not suffice either. */
static bool plan_pool_protect(kundig__plan *plan, size_t t, uint32_t cell, size_t group,
                              size_t leaf)
{
    const kundig__cube *cube = &plan->cube;
    const kundig__cube_table *table = &cube->tables[t];
    const uint32_t *order = cube->cell_bases + t * cube->base_count;
    uint32_t end = plan_cell_end(cube, table, cell);
    uint32_t step = (end - cube->cell_starts[cell]) / PLAN_STARTS + 1;
    for (uint32_t i = cube->cell_starts[cell]; i < end; i += step) {
        plan_pool pool = {.count = 0};
        while (pool.count < PLAN_POOL && pool.gain + pool.down < cube->k &&
               plan_pool_next(plan, table, order[i], group, leaf, &pool)) {
        }
        if (pool.gain + pool.down < cube->k) {
            continue;
        }
        for (size_t m = 0; m < pool.count; m++) {
            plan_apply(plan, &pool.moves[m], group);
        }
        *plan_flag(plan, plan->safe, group, cell) |= (uint8_t)(1u << leaf);
        return true;
    }
    return false;
}

/* ---- Rows and columns ----------------------------------------------------------------------- */

typedef struct plan_line {
    uint32_t hidden;
    uint64_t customers; /* of the hidden cells, each once */
    uint32_t least;     /* shown cell; UINT32_MAX: none */
} plan_line;

/* The line of a table that lies in one cell of the table above it, as a universe shows it. seen: a
 * cell. */
static plan_line plan_read_line(const kundig__plan *plan, size_t t, const uint32_t *bases,
                                size_t count, size_t group, size_t universe, uint64_t *seen,
                                uint64_t stamp)
{
    const kundig__cube *cube = &plan->cube;
    const uint32_t *cells = cube->cells + t * cube->base_count;
    plan_line line = {0, 0, UINT32_MAX};
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = cells[bases[i]];
        uint32_t n = plan_n(cube, universe, cell);
        if (!n || cube->timeless[cell]) {
            continue;
        }
        bool hidden = *plan_flag(plan, plan->hidden, group, cell);
        line.customers += hidden ? cube->firsts[universe * cube->base_count + bases[i]] : 0;
        if (seen[cell] == stamp) {
            continue;
        }
        seen[cell] = stamp;
        line.hidden += hidden;
        if (!hidden && (line.least == UINT32_MAX || n < plan_n(cube, universe, line.least) ||
                        (n == plan_n(cube, universe, line.least) && cell < line.least))) {
            line.least = cell;
        }
    }
    return line;
}

/* The table without one of its axes; tables stand in order of fields, then window. */
static size_t plan_above(const kundig__cube *cube, size_t t, size_t axis)
{
    size_t windows = cube->window_count + 1;
    return axis < cube->field_count ? t - ((size_t)1 << axis) * windows
                                    : t - (size_t)(cube->tables[t].window + 1);
}

/* Hide until every line has none or two hidden cells of k customers. */
static bool plan_lines(kundig__plan *plan, uint64_t *seen, uint64_t *stamp)
{
    const kundig__cube *cube = &plan->cube;
    bool changed = false;
    for (size_t t = 0; t < cube->table_count; t++) {
        for (size_t axis = 0; axis <= cube->field_count; axis++) {
            if (cube->tables[t].withheld || !(cube->tables[t].axes >> axis & 1)) {
                continue;
            }
            size_t above = plan_above(cube, t, axis);
            const kundig__cube_table *parent = &cube->tables[above];
            const uint32_t *order = cube->cell_bases + above * cube->base_count;
            for (uint32_t i = 0; i < parent->count; i++) {
                uint32_t start = cube->cell_starts[parent->first + i];
                uint32_t end = i + 1 < parent->count ? cube->cell_starts[parent->first + i + 1]
                                                     : cube->base_count;
                for (size_t at = 0; at < cube->group_count * KUNDIG__LEAVES; at++) {
                    size_t group = at / KUNDIG__LEAVES;
                    size_t leaf = at % KUNDIG__LEAVES;
                    if (leaf && !(group && cube->systems[group - 1].mixed)) {
                        continue;
                    }
                    plan_line line = plan_read_line(plan, t, order + start, end - start, group,
                                                    plan_universe(group, leaf), seen, ++*stamp);
                    if (line.hidden && (line.hidden < 2 || line.customers < cube->k) &&
                        line.least != UINT32_MAX) {
                        plan_hide(plan, group, line.least);
                        changed = true;
                    }
                }
            }
        }
    }
    return changed;
}

/* ---- One attempt ---------------------------------------------------------------------------- */

typedef struct plan_failure {
    bool failed;
    size_t table;
    size_t group;
} plan_failure;

static unsigned plan_bits(uint32_t bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* Universes of a hidden cell that have no witness yet. */
static uint8_t plan_missing(const kundig__plan *plan, size_t group, uint32_t cell)
{
    if (!*plan_flag(plan, plan->hidden, group, cell)) {
        return 0;
    }
    return (uint8_t)(plan_universes(&plan->cube, group, cell) &
                     ~*plan_flag(plan, plan->safe, group, cell));
}

static void plan_protect_table(kundig__plan *plan, size_t t, bool *changed, plan_failure *failure)
{
    const kundig__cube *cube = &plan->cube;
    const kundig__cube_table *table = &cube->tables[t];
    for (uint32_t cell = table->first; cell < table->first + table->count; cell++) {
        for (size_t group = 0; group < cube->group_count; group++) {
            uint8_t missing;
            while ((missing = plan_missing(plan, group, cell)) != 0) {
                plan_choice best;
                size_t leaf = missing & 1 ? 0 : missing & 2 ? 1 : 2;
                plan_search(plan, t, cell, group, missing, &best);
                if (best.found) {
                    plan_apply(plan, &best, group);
                } else if (!plan_pool_protect(plan, t, cell, group, leaf)) {
                    *failure = (plan_failure){true, t, group};
                    return;
                }
                *changed = true;
            }
        }
    }
}

/* Coarse tables come first: what is hidden there is hidden below as well. */
static int plan_protect(kundig__plan *plan, plan_failure *failure, kundig_error *err)
{
    const kundig__cube *cube = &plan->cube;
    bool changed = true;
    while (changed) {
        changed = false;
        for (unsigned axes = 0; axes <= cube->field_count + 1; axes++) {
            for (size_t t = 0; t < cube->table_count; t++) {
                if (cube->tables[t].withheld || plan_bits(cube->tables[t].axes) != axes) {
                    continue;
                }
                int rc = kundig__progress(cube->context, t, 0, err);
                if (rc) {
                    return rc;
                }
                plan_protect_table(plan, t, &changed, failure);
                if (failure->failed) {
                    return KUNDIG_OK;
                }
            }
        }
    }
    return KUNDIG_OK;
}

/* Do windows of `fine` make up those of `coarse`? -1: no window. */
static bool plan_nests(const kundig__cube *cube, int32_t fine, int32_t coarse)
{
    if (coarse < 0 || fine == coarse) {
        return true;
    }
    if (fine < 0) {
        return false;
    }
    int32_t every = cube->windows[fine];
    int32_t above = cube->windows[coarse];
    return every == KUNDIG_EVERY_DAY || (every >= KUNDIG_EVERY_MONTH && above > every);
}

static bool plan_refines(const kundig__cube *cube, size_t fine, size_t coarse)
{
    const kundig__cube_table *table = &cube->tables[fine];
    const kundig__cube_table *above = &cube->tables[coarse];
    return !(above->fields & ~table->fields) && plan_nests(cube, table->window, above->window);
}

/* Too much is hidden where a table of two axes or more shows less than half of its cells, or one of
 * a single axis less than three quarters while finer ones stand on it: those are given up. */
static bool plan_hides_too_much(const kundig__plan *plan, size_t t)
{
    const kundig__cube *cube = &plan->cube;
    const kundig__cube_table *table = &cube->tables[t];
    uint32_t hidden = 0;
    bool single = plan_bits(table->axes) == 1;
    bool carries = false;
    for (size_t other = 0; other < cube->table_count; other++) {
        carries =
            carries || (!cube->tables[other].withheld && plan_bits(cube->tables[other].axes) > 1 &&
                        !(table->axes & ~cube->tables[other].axes) && plan_refines(cube, other, t));
    }
    for (uint32_t i = 0; i < table->count; i++) {
        hidden += *plan_flag(plan, plan->hidden, 0, table->first + i);
    }
    return !table->withheld && table->axes && (!single || carries) &&
           hidden > table->count / (single ? 4 : 2);
}

static int plan_attempt(kundig__plan *plan, plan_failure *failure, kundig_error *err)
{
    kundig__cube *cube = &plan->cube;
    size_t flags = cube->group_count * cube->cell_count;
    uint64_t stamp = 0;
    *failure = (plan_failure){false, 0, 0};
    plan->hidden = kundig__arena_alloc(&cube->keep, flags + 1);
    plan->safe = kundig__arena_alloc(&cube->work, flags + 1);
    uint64_t *seen = kundig__arena_alloc(&cube->work, (cube->cell_count + 1) * sizeof *seen);
    if (!plan->hidden || !plan->safe || !seen) {
        return kundig__nomem(cube->mem, err);
    }
    memset(plan->hidden, 0, flags);
    memset(plan->safe, 0, flags);
    memset(seen, 0, cube->cell_count * sizeof *seen);
    plan_few(plan);
    int rc = KUNDIG_OK;
    do {
        rc = plan_protect(plan, failure, err);
    } while (!rc && !failure->failed && plan_lines(plan, seen, &stamp));
    for (size_t t = 0; t < cube->table_count && !rc && !failure->failed; t++) {
        if (plan_hides_too_much(plan, t)) {
            *failure = (plan_failure){true, t, 0};
        }
    }
    return rc;
}

/* ---- What is given up ----------------------------------------------------------------------- */

typedef struct plan_offer {
    bool withheld[KUNDIG__CUBE_TABLES];
    const kundig__question *questions[KUNDIG__PLAN_MAX_QUESTIONS]; /* most answers first */
    size_t question_count;
} plan_offer;

static void plan_give_up(const kundig__cube *cube, const plan_failure *failure, plan_offer *offer)
{
    size_t finest = failure->table;
    if (failure->group) {
        size_t at = failure->group - 1;
        for (; at + 1 < offer->question_count; at++) {
            offer->questions[at] = offer->questions[at + 1];
        }
        offer->question_count--;
        return;
    }
    for (size_t t = 0; t < cube->table_count; t++) {
        bool finer = plan_bits(cube->tables[t].axes) > plan_bits(cube->tables[finest].axes) ||
                     (t != finest && cube->tables[t].axes == cube->tables[finest].axes &&
                      plan_nests(cube, cube->tables[t].window, cube->tables[finest].window));
        if (!cube->tables[t].withheld && plan_refines(cube, t, failure->table) && finer) {
            finest = t;
        }
    }
    if (finest == failure->table && plan_bits(cube->tables[finest].axes) <= 1 &&
        offer->question_count) {
        offer->question_count--;
        return;
    }
    for (size_t t = 0; t < cube->table_count; t++) {
        if (plan_refines(cube, t, finest)) {
            offer->withheld[t] = true;
        }
    }
}

static uint64_t plan_answers(const kundig__corpus *corpus, const kundig__question *question)
{
    const uint8_t *flags = kundig__corpus_flags(corpus);
    uint64_t count = 0;
    for (uint32_t row = 0; row < kundig__corpus_rows(corpus); row++) {
        count += !(flags[row] & KUNDIG__ROW_SUPERSEDED) &&
                 question->values[row] != KUNDIG__SCORE_MISSING;
    }
    return count;
}

/* The questions with most answers. */
static void plan_questions(const kundig__corpus *corpus, plan_offer *offer)
{
    uint64_t counts[KUNDIG__PLAN_MAX_QUESTIONS + 1];
    for (size_t i = 0; i < kundig__corpus_question_count(corpus); i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        uint64_t count = plan_answers(corpus, question);
        size_t at = offer->question_count;
        while (at > 0 &&
               (counts[at - 1] < count ||
                (counts[at - 1] == count &&
                 kundig__text_order(question->name, offer->questions[at - 1]->name) < 0))) {
            if (at < KUNDIG__PLAN_MAX_QUESTIONS) {
                offer->questions[at] = offer->questions[at - 1];
                counts[at] = counts[at - 1];
            }
            at--;
        }
        if (count && at < KUNDIG__PLAN_MAX_QUESTIONS) {
            offer->questions[at] = question;
            counts[at] = count;
            offer->question_count += offer->question_count < KUNDIG__PLAN_MAX_QUESTIONS;
        }
    }
}

/* A plan that holds; what had to be given up stays so. */
static int plan_make(kundig__corpus *corpus, const kundig__plan_rules *rules, bool strict,
                     kundig__plan *plan, plan_offer *offer, kundig_error *err)
{
    plan_failure failure = {true, 0, 0};
    int rc = KUNDIG_OK;
    memset(offer, 0, sizeof *offer);
    plan_questions(corpus, offer);
    while (failure.failed && !rc) {
        kundig__cube_free(&plan->cube);
        rc = kundig__cube_new(corpus, rules, strict, offer->withheld, offer->questions,
                              offer->question_count, &plan->cube, err);
        rc = rc ? rc : plan_attempt(plan, &failure, err);
        if (!rc && failure.failed) {
            plan_give_up(&plan->cube, &failure, offer);
        }
    }
    plan->shows_customers = strict || plan->cube.lone;
    return rc;
}

static uint64_t plan_hidden_records(const kundig__plan *plan)
{
    uint64_t sum = 0;
    for (uint32_t cell = 0; cell < plan->cube.cell_count; cell++) {
        for (size_t group = 0; group < plan->cube.group_count; group++) {
            sum += *plan_flag(plan, plan->hidden, group, cell)
                       ? plan_n(&plan->cube, plan_universe(group, 0), cell)
                       : 0;
        }
    }
    return sum;
}

static bool plan_gives_as_much(const kundig__plan *strict, const plan_offer *mine,
                               const kundig__plan *loose, const plan_offer *theirs)
{
    return mine->question_count == theirs->question_count &&
           memcmp(mine->withheld, theirs->withheld, sizeof mine->withheld) == 0 &&
           plan_hidden_records(strict) / 5 <= plan_hidden_records(loose) / 4;
}

int kundig__plan_new(kundig__corpus *corpus, const kundig__plan_rules *rules, kundig__plan **out,
                     kundig_error *err)
{
    kundig__mem *mem = &kundig__corpus_context(corpus)->mem;
    kundig__plan *plans[2] = {NULL, NULL};
    plan_offer offers[2];
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < 2 && !rc; i++) {
        plans[i] = kundig__alloc_zero(mem, sizeof *plans[i]);
        rc = plans[i] ? plan_make(corpus, rules, i == 0, plans[i], &offers[i], err)
                      : kundig__nomem(mem, err);
        if (!rc && plans[i]->cube.lone) {
            break;
        }
    }
    if (!rc) {
        bool strict = !plans[1] || plan_gives_as_much(plans[0], &offers[0], plans[1], &offers[1]);
        kundig__plan *chosen = plans[strict ? 0 : 1];
        plans[strict ? 0 : 1] = NULL;
        kundig__arena_free(&chosen->cube.work);
        kundig__arena_init(&chosen->cube.work, mem);
        *out = chosen;
    }
    kundig__plan_free(plans[0]);
    kundig__plan_free(plans[1]);
    return rc;
}

void kundig__plan_free(kundig__plan *plan)
{
    if (plan) {
        kundig__mem *mem = plan->cube.mem;
        kundig__cube_free(&plan->cube);
        kundig__free(mem, plan, sizeof *plan);
    }
}

/* ---- Asking --------------------------------------------------------------------------------- */

const kundig__cube_table *kundig__plan_table(const kundig__plan *plan, const kundig__field *fields,
                                             size_t field_count, int32_t every)
{
    const kundig__cube *cube = &plan->cube;
    uint32_t wanted = 0;
    int32_t window = -1;
    for (size_t i = 0; i < field_count; i++) {
        size_t at = 0;
        while (at < cube->field_count && (cube->fields[at].type != fields[i].type ||
                                          cube->fields[at].index != fields[i].index)) {
            at++;
        }
        if (at == cube->field_count) {
            return NULL;
        }
        wanted |= UINT32_C(1) << at;
    }
    for (size_t i = 0; i < cube->window_count; i++) {
        window = cube->windows[i] == every ? (int32_t)i : window;
    }
    if (every != KUNDIG_EVERY_NONE && window < 0) {
        return NULL;
    }
    return &cube->tables[wanted * (cube->window_count + 1) + (size_t)(window + 1)];
}

int kundig__plan_says(const kundig__plan *plan, const kundig__cube_table *table,
                      const kundig__question *question, uint32_t row)
{
    const kundig__cube *cube = &plan->cube;
    size_t group = 0;
    if (question) {
        group = 1;
        while (group < cube->group_count && cube->systems[group - 1].question != question) {
            group++;
        }
    }
    if (table->withheld || group == cube->group_count) {
        return KUNDIG__PLAN_WITHHELD;
    }
    if (row >= cube->row_count || cube->base_of[row] == KUNDIG__PLAN_NO_BASE) {
        return KUNDIG__PLAN_SHOWN;
    }
    size_t t = (size_t)(table - cube->tables);
    uint32_t cell = cube->cells[t * cube->base_count + cube->base_of[row]];
    return *plan_flag(plan, plan->hidden, group, cell) ? KUNDIG__PLAN_HIDDEN : KUNDIG__PLAN_SHOWN;
}
