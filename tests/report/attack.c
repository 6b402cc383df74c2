/* An attacker of reporting mode who knows linear programming.
 *
 *   attack COUNT SEED        COUNT random corpora; says what it found, fails where a cell is known
 *   attack FILE FIELDS EVERY K   no attack: what a plan shows of a real file
 *
 * Of each corpus every table is asked for that the declared fields and windows allow, of every
 * metric. The attacker knows all cells there may be and sets up a variable for each kind of answer
 * in each of them: not negative, zero where a row is absent, one at least where a cell is hidden,
 * and every sum that a shown row tells. In all that is left each hidden cell is made as small and
 * as great as can be. It must have k values of room. Nothing here looks into the library: counts
 * are made anew from the records. */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kundig.h"
#include "simplex.h"

#define MOST_RECORDS  400
#define MOST_FIELDS   3
#define MOST_VALUES   5 /* with 0, missing */
#define SLOTS         9 /* with 0, no time */
#define MOST_BASES    (MOST_VALUES * MOST_VALUES * MOST_VALUES * SLOTS)
#define MOST_TABLES   (8 * 6)
#define MOST_CELLS    MOST_BASES
#define KINDS_OF_SUMS 5
#define ANSWERS       7 /* none, then three of others and three of employees */
#define RATINGS       3 /* none, 2, 5 */

static const char *const field_names[MOST_FIELDS] = {"stage", "channel", "attribute:plan"};
static const char *const metric_names[KINDS_OF_SUMS] = {"count", "nps", "score_mean", "enps",
                                                        "csat"};
static const int64_t slot_days[SLOTS] = {0, 20458, 20473, 20484, 20485, 20494, 20543, 20544, 20588};
/* A slot's label in days, weeks, months, quarters and years. */
static const char *const slot_labels[SLOTS][5] = {
    {NULL, NULL, NULL, NULL, NULL},
    {"2026-01-05", "2026-W02", "2026-01", "2026-Q1", "2026"},
    {"2026-01-20", "2026-W04", "2026-01", "2026-Q1", "2026"},
    {"2026-01-31", "2026-W05", "2026-01", "2026-Q1", "2026"},
    {"2026-02-01", "2026-W05", "2026-02", "2026-Q1", "2026"},
    {"2026-02-10", "2026-W07", "2026-02", "2026-Q1", "2026"},
    {"2026-03-31", "2026-W14", "2026-03", "2026-Q1", "2026"},
    {"2026-04-01", "2026-W14", "2026-04", "2026-Q2", "2026"},
    {"2026-05-15", "2026-W20", "2026-05", "2026-Q2", "2026"}};
static const int answer_values[3] = {3, 8, 10};

static void die(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)fprintf(stderr, "attack: ");
    (void)vfprintf(stderr, format, list);
    (void)fprintf(stderr, "\n");
    va_end(list);
    exit(1);
}

static void *room(size_t count, size_t size)
{
    void *out = calloc(count ? count : 1, size);
    if (!out) {
        die("out of memory");
    }
    return out;
}

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % bound);
}

/* ---- A corpus ------------------------------------------------------------------------------- */

typedef struct record {
    int fields[MOST_FIELDS];
    int slot;
    int customer; /* 0: none */
    int answer;   /* 0: none; 1 to 3, of employees 4 to 6 */
    int rating;   /* 0: none */
    int employee;
} record;

typedef struct corpus {
    record records[MOST_RECORDS];
    int count;
    int field_count;
    int values[MOST_FIELDS];
    uint32_t every; /* bits */
    int k;
    bool has_employees;
    bool has_ratings;
} corpus;

static int skewed(int count)
{
    int value = (int)random_below((uint32_t)count);
    return random_below(2) ? value : (int)random_below((uint32_t)value + 1);
}

static void corpus_make(corpus *c)
{
    static const uint32_t windows[] = {0,
                                       1u << KUNDIG_EVERY_MONTH,
                                       1u << KUNDIG_EVERY_QUARTER,
                                       1u << KUNDIG_EVERY_WEEK,
                                       1u << KUNDIG_EVERY_MONTH | 1u << KUNDIG_EVERY_QUARTER,
                                       1u << KUNDIG_EVERY_MONTH | 1u << KUNDIG_EVERY_WEEK,
                                       1u << KUNDIG_EVERY_QUARTER | 1u << KUNDIG_EVERY_YEAR};
    memset(c, 0, sizeof *c);
    c->k = 2 + (int)random_below(4);
    c->field_count = (int)random_below(MOST_FIELDS + 1);
    c->every = windows[random_below(sizeof windows / sizeof *windows)];
    c->count = 5 + (int)random_below(random_below(3) ? 120 : MOST_RECORDS - 5);
    int customers = 0;
    switch (random_below(4)) {
    case 0:
        break;
    case 1:
        customers = -1; /* each of their own */
        break;
    default:
        customers = 3 + (int)random_below((uint32_t)c->count);
    }
    int missing = random_below(2) ? 12 : 1000000;
    int timeless = random_below(2) ? 15 : 1000000;
    int silent = 2 + (int)random_below(20);
    c->has_employees = random_below(4) == 0;
    c->has_ratings = random_below(3) == 0;
    bool loyal = random_below(4) == 0;
    for (int f = 0; f < c->field_count; f++) {
        c->values[f] = 2 + (int)random_below(MOST_VALUES - 2);
    }
    int last_slot = 3 + (int)random_below(SLOTS - 3);
    for (int i = 0; i < c->count; i++) {
        record *r = &c->records[i];
        for (int f = 0; f < c->field_count; f++) {
            r->fields[f] = random_below((uint32_t)missing) ? 1 + skewed(c->values[f] - 1) : 0;
        }
        r->slot = random_below((uint32_t)timeless) ? 1 + skewed(last_slot) : 0;
        r->customer = customers < 0 ? i + 1 : customers ? 1 + skewed(customers) : 0;
        if (loyal && customers && random_below(3) == 0) {
            r->customer = 1;
        }
        r->employee = c->has_employees && random_below(8) == 0;
        r->answer = random_below((uint32_t)silent) ? 1 + (int)random_below(3) : 0;
        r->answer += r->answer && r->employee ? 3 : 0;
        r->rating = c->has_ratings && random_below(3) ? 1 + (int)random_below(2) : 0;
    }
}

static kundig_text text_of(const char *text)
{
    return (kundig_text){text, text ? strlen(text) : 0};
}

static void corpus_add(const corpus *c, kundig *k)
{
    kundig_error err;
    for (int i = 0; i < c->count; i++) {
        const record *r = &c->records[i];
        char id[16];
        char customer[16];
        char fields[MOST_FIELDS][8];
        kundig_feedback feedback;
        kundig_score scores[2];
        kundig_attribute plan;
        kundig_feedback_init(&feedback);
        memset(scores, 0, sizeof scores);
        memset(&plan, 0, sizeof plan);
        (void)snprintf(id, sizeof id, "r%d", i);
        (void)snprintf(customer, sizeof customer, "c%d", r->customer);
        for (int f = 0; f < MOST_FIELDS; f++) {
            (void)snprintf(fields[f], sizeof fields[f], "v%d", r->fields[f]);
        }
        feedback.id = text_of(id);
        feedback.customer = text_of(r->customer ? customer : NULL);
        feedback.kind = r->employee ? KUNDIG_KIND_EMPLOYEE : KUNDIG_KIND_UNKNOWN;
        feedback.time_ms =
            r->slot ? slot_days[r->slot] * INT64_C(86400000) + 1000 : KUNDIG_TIME_ABSENT;
        feedback.stage = text_of(r->fields[0] ? fields[0] : NULL);
        feedback.channel = text_of(r->fields[1] ? fields[1] : NULL);
        if (r->fields[2]) {
            plan.name = text_of("plan");
            plan.value.type = KUNDIG_VALUE_TEXT;
            plan.value.text = text_of(fields[2]);
            feedback.attributes = &plan;
            feedback.attribute_count = 1;
        }
        feedback.scores = scores;
        if (r->answer) {
            scores[feedback.score_count].scale = KUNDIG_SCALE_NPS;
            scores[feedback.score_count++].value = answer_values[(r->answer - 1) % 3];
        }
        if (r->rating) {
            scores[feedback.score_count].scale = KUNDIG_SCALE_CSAT;
            scores[feedback.score_count++].value = r->rating == 1 ? 2 : 5;
        }
        if (kundig_feedback_add(k, &feedback, 1, NULL, &err)) {
            die("adding: %s", err.message);
        }
    }
}

/* ---- Cells as the attacker sees them -------------------------------------------------------- */

typedef struct base {
    int fields[MOST_FIELDS];
    int slot;
} base;

typedef struct table {
    int fields; /* bits */
    int every;  /* 0: none */
} table;

enum { ABSENT, SHOWN, HIDDEN };

typedef struct world {
    const corpus *c;
    base bases[MOST_BASES];
    int base_count;
    int slot_of[SLOTS]; /* the first slot that no window tells from it */
    table tables[MOST_TABLES];
    int table_count;
    int cells[MOST_TABLES][MOST_BASES]; /* a base's cell: the first base of it; -1: in none */
    bool told[MOST_TABLES][KINDS_OF_SUMS];
    char state[MOST_TABLES][KINDS_OF_SUMS][MOST_CELLS];
    double customers[MOST_TABLES][KINDS_OF_SUMS][MOST_CELLS];
} world;

static const char *label_of(int slot, int every)
{
    return slot_labels[slot][every - 1];
}

static bool slots_look_alike(const corpus *c, int a, int b)
{
    for (int every = 1; every <= 5; every++) {
        if (c->every >> every & 1) {
            const char *first = label_of(a, every);
            const char *second = label_of(b, every);
            if ((first == NULL) != (second == NULL) || (first && strcmp(first, second) != 0)) {
                return false;
            }
        }
    }
    return true;
}

static bool in_one_cell(const world *w, const table *t, const base *a, const base *b)
{
    for (int f = 0; f < w->c->field_count; f++) {
        if (t->fields >> f & 1 && a->fields[f] != b->fields[f]) {
            return false;
        }
    }
    return !t->every || strcmp(label_of(a->slot, t->every), label_of(b->slot, t->every)) == 0;
}

static void world_make(world *w, const corpus *c)
{
    memset(w, 0, sizeof *w);
    w->c = c;
    for (int slot = 0; slot < SLOTS; slot++) {
        w->slot_of[slot] = slot;
        for (int other = slot - 1; other >= 0; other--) {
            if (slots_look_alike(c, slot, other)) {
                w->slot_of[slot] = other;
            }
        }
    }
    int counts[MOST_FIELDS] = {1, 1, 1};
    for (int f = 0; f < c->field_count; f++) {
        counts[f] = c->values[f];
    }
    for (int at = 0; at < counts[0] * counts[1] * counts[2] * SLOTS; at++) {
        int slot = at % SLOTS;
        int rest = at / SLOTS;
        if (w->slot_of[slot] == slot) {
            base *b = &w->bases[w->base_count++];
            b->slot = slot;
            for (int f = 0; f < MOST_FIELDS; f++) {
                b->fields[f] = rest % counts[f];
                rest /= counts[f];
            }
        }
    }
    for (int fields = 0; fields < 1 << c->field_count; fields++) {
        for (int every = 0; every <= 5; every++) {
            if (!every || c->every >> every & 1) {
                table *t = &w->tables[w->table_count];
                *t = (table){fields, every};
                for (int i = 0; i < w->base_count; i++) {
                    int *cell = &w->cells[w->table_count][i];
                    *cell = every && !w->bases[i].slot ? -1 : i;
                    for (int j = 0; j < i && *cell == i; j++) {
                        if (w->cells[w->table_count][j] == j &&
                            in_one_cell(w, t, &w->bases[i], &w->bases[j])) {
                            *cell = j;
                        }
                    }
                }
                w->table_count++;
            }
        }
    }
}

/* The base of a record. */
static int base_of(const world *w, const record *r)
{
    for (int i = 0; i < w->base_count; i++) {
        if (w->bases[i].slot == w->slot_of[r->slot] &&
            memcmp(w->bases[i].fields, r->fields, sizeof r->fields) == 0) {
            return i;
        }
    }
    die("a record stands nowhere");
    return 0;
}

/* What of each variable a metric counts. Variables of a base: answers, then ratings. */
#define KINDS (ANSWERS + RATINGS)
static bool counts_in(int metric, int kind)
{
    switch (metric) {
    case 0:
        return kind < ANSWERS;
    case 1:
        return kind >= 1 && kind <= 3;
    case 2:
        return kind >= 1 && kind < ANSWERS;
    case 3:
        return kind >= 4 && kind < ANSWERS;
    default:
        return kind > ANSWERS;
    }
}

static bool record_counts(int metric, const record *r)
{
    return metric == 4 ? r->rating > 0 : counts_in(metric, r->answer);
}

/* ---- Asking --------------------------------------------------------------------------------- */

static bool asks(const corpus *c, int metric)
{
    return metric < 2 || (metric == 4 ? c->has_ratings : c->has_employees);
}

static int cell_of_row(const world *w, int t, const kundig_table *answer, size_t row)
{
    base like = {{0, 0, 0}, 0};
    size_t column = 0;
    for (int f = 0; f < w->c->field_count; f++) {
        if (w->tables[t].fields >> f & 1) {
            kundig_text text = kundig_table_text(answer, row, column++);
            like.fields[f] = text.data ? text.data[1] - '0' : 0;
        }
    }
    kundig_text period = {NULL, 0};
    if (w->tables[t].every) {
        period = kundig_table_text(answer, row, column);
        for (int slot = 1; slot < SLOTS && !like.slot; slot++) {
            const char *label = label_of(slot, w->tables[t].every);
            if (strlen(label) == period.len && memcmp(label, period.data, period.len) == 0) {
                like.slot = slot;
            }
        }
    }
    for (int i = 0; i < w->base_count; i++) {
        if (w->cells[t][i] == i && in_one_cell(w, &w->tables[t], &w->bases[i], &like)) {
            return i;
        }
    }
    die("a row that no cell is behind");
    return 0;
}

static size_t column_of(const kundig_table *answer, const char *name)
{
    return kundig_table_find_column(answer, name, strlen(name));
}

static bool note_says(const kundig_table *answer, const char *what)
{
    for (size_t i = 0; i < kundig_table_note_count(answer); i++) {
        if (strstr(kundig_table_note(answer, i), what)) {
            return true;
        }
    }
    return false;
}

/* Counts, sums and distinct customers of a cell, from the records. */
typedef struct truth {
    int n;
    double net;
    int customers;
    bool named;
} truth;

static truth truth_of(const world *w, int t, int metric, const bool *cells)
{
    truth out = {0, 0, 0, false};
    static bool seen[MOST_RECORDS * 2];
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < w->c->count; i++) {
        const record *r = &w->c->records[i];
        int cell = w->cells[t][base_of(w, r)];
        if (cell >= 0 && cells[cell] && record_counts(metric, r)) {
            out.n++;
            out.net += metric == 4 ? r->rating == 2 : (r->answer - 1) % 3 - 1;
            out.named = out.named || r->customer;
            if (r->customer && !seen[r->customer]) {
                seen[r->customer] = true;
                out.customers++;
            }
        }
    }
    return out;
}

static truth truth_of_cell(const world *w, int t, int metric, int cell)
{
    static bool cells[MOST_CELLS];
    memset(cells, 0, sizeof cells);
    cells[cell] = true;
    return truth_of(w, t, metric, cells);
}

static void check_row(world *w, int t, int metric, const kundig_table *answer, size_t row)
{
    int cell = cell_of_row(w, t, answer, row);
    kundig_text status = kundig_table_text(answer, row, column_of(answer, "status"));
    bool hidden = status.len == 10 && memcmp(status.data, "suppressed", 10) == 0;
    truth is = truth_of_cell(w, t, metric, cell);
    static const char *const numbers[] = {"value", "lo", "hi",        "se",
                                          "n_eff", "n",  "customers", "method"};
    if (hidden) {
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            if (!kundig_table_is_null(answer, row, column_of(answer, numbers[i]))) {
                die("a hidden cell tells %s", numbers[i]);
            }
        }
        if (!is.n && (w->tables[t].fields || w->tables[t].every)) {
            die("an empty cell is hidden");
        }
    } else {
        int64_t n = kundig_table_int(answer, row, column_of(answer, "n"));
        if (n != is.n) {
            die("n is %lld, not %d", (long long)n, is.n);
        }
        if (is.n && (is.named ? is.customers : is.n) < w->c->k) {
            die("a cell of %d customers is shown", is.customers);
        }
        if (metric == 1 && is.n &&
            fabs(kundig_table_number(answer, row, column_of(answer, "value")) * is.n - is.net) >
                1e-6) {
            die("a score is wrong");
        }
        size_t customers = column_of(answer, "customers");
        if (!kundig_table_is_null(answer, row, customers) &&
            kundig_table_int(answer, row, customers) != is.customers) {
            die("customers are wrong");
        }
    }
    w->state[t][metric][cell] = hidden ? HIDDEN : is.n ? SHOWN : ABSENT;
}

static void ask(world *w, kundig *k, int t, int metric)
{
    kundig_query *query = NULL;
    kundig_table *answer = NULL;
    kundig_error err;
    const char *name = metric_names[metric];
    int rc = kundig_query_new(NULL, &query);
    rc = rc ? rc : kundig_query_set_metric(query, name, strlen(name), &err);
    rc = rc || metric != 2 ? rc : kundig_query_set_question(query, "nps", 3, &err);
    for (int f = 0; f < w->c->field_count && !rc; f++) {
        if (w->tables[t].fields >> f & 1) {
            rc = kundig_query_group_by(query, field_names[f], strlen(field_names[f]), &err);
        }
    }
    rc = rc ? rc : kundig_query_set_every(query, w->tables[t].every, &err);
    rc = rc ? rc : kundig_measure(k, query, &answer, &err);
    if (rc == KUNDIG_E_NOT_FOUND && metric) {
        w->told[t][metric] = false; /* nobody answered the question */
    } else if (rc) {
        die("asking %s: %s", name, err.message);
    } else {
        w->told[t][metric] = !note_says(answer, "this table is not told");
        for (size_t row = 0; w->told[t][metric] && row < kundig_table_row_count(answer); row++) {
            check_row(w, t, metric, answer, row);
        }
        for (int i = 0; w->told[t][metric] && i < w->base_count; i++) {
            if (w->cells[t][i] == i && w->state[t][metric][i] == ABSENT &&
                truth_of_cell(w, t, metric, i).n) {
                die("a cell is missing");
            }
        }
    }
    kundig_table_free(answer);
    kundig_query_free(query);
}

/* ---- Rows and columns ----------------------------------------------------------------------- */

static void check_lines(const world *w, int t, int metric)
{
    static bool cells[MOST_CELLS];
    for (int axis = 0; axis <= w->c->field_count; axis++) {
        bool time = axis == w->c->field_count;
        if (time ? !w->tables[t].every : !(w->tables[t].fields >> axis & 1)) {
            continue;
        }
        table above = w->tables[t];
        above.fields &= time ? ~0 : ~(1 << axis);
        above.every = time ? 0 : above.every;
        for (int first = 0; first < w->base_count; first++) {
            int hidden = 0;
            int shown = 0;
            if (w->cells[t][first] != first) {
                continue;
            }
            memset(cells, 0, sizeof cells);
            for (int i = 0; i < w->base_count; i++) {
                if (w->cells[t][i] == i && in_one_cell(w, &above, &w->bases[i], &w->bases[first])) {
                    char state = w->state[t][metric][i];
                    hidden += state == HIDDEN;
                    shown += state == SHOWN;
                    cells[i] = state == HIDDEN;
                }
            }
            if (hidden && shown) {
                truth sum = truth_of(w, t, metric, cells);
                if (hidden < 2 || (sum.named ? sum.customers : sum.n) < w->c->k) {
                    die("a line has %d hidden cells of %d customers", hidden, sum.customers);
                }
            }
        }
    }
}

/* ---- The attack ----------------------------------------------------------------------------- */

typedef struct attack {
    int variable_count;
    int *base_of_variable;
    int *kind_of_variable;
    double *truth;
    double *equations; /* rows of variable_count */
    int equation_count;
    int equation_room;
    double *least; /* rows of variable_count: at least 1 */
    int least_count;
    int least_room;
} attack;

static double *attack_more(double **rows, int *count, int *space, int width)
{
    if (*count == *space) {
        *space = *space ? *space * 2 : 64;
        *rows = realloc(*rows, (size_t)*space * (size_t)width * sizeof **rows);
        if (!*rows) {
            die("out of memory");
        }
    }
    double *row = *rows + (size_t)(*count)++ * (size_t)width;
    memset(row, 0, (size_t)width * sizeof *row);
    return row;
}

static double *attack_equation(attack *a)
{
    return attack_more(&a->equations, &a->equation_count, &a->equation_room, a->variable_count);
}

/* Is it known that nothing of the kind is there? */
static bool known_empty(const world *w, int at, int kind)
{
    for (int t = 0; t < w->table_count; t++) {
        int cell = w->cells[t][at];
        for (int metric = 0; metric < KINDS_OF_SUMS && cell >= 0; metric++) {
            bool counted = counts_in(metric, kind) || metric == 0;
            if (asks(w->c, metric) && w->told[t][metric] && counted &&
                w->state[t][metric][cell] == ABSENT) {
                return true;
            }
        }
    }
    return false;
}

static void attack_variables(attack *a, const world *w)
{
    memset(a, 0, sizeof *a);
    a->base_of_variable = room(MOST_BASES * KINDS, sizeof(int));
    a->kind_of_variable = room(MOST_BASES * KINDS, sizeof(int));
    a->truth = room(MOST_BASES * KINDS, sizeof(double));
    for (int i = 0; i < w->base_count; i++) {
        for (int kind = 0; kind < KINDS; kind++) {
            bool used = kind < 4 || (kind < ANSWERS ? w->c->has_employees : w->c->has_ratings);
            if (used && !known_empty(w, i, kind)) {
                a->base_of_variable[a->variable_count] = i;
                a->kind_of_variable[a->variable_count++] = kind;
            }
        }
    }
    for (int i = 0; i < w->c->count; i++) {
        const record *r = &w->c->records[i];
        int at = base_of(w, r);
        for (int v = 0; v < a->variable_count; v++) {
            a->truth[v] +=
                a->base_of_variable[v] == at && (a->kind_of_variable[v] == r->answer ||
                                                 a->kind_of_variable[v] == ANSWERS + r->rating);
        }
    }
}

/* Add rows for one cell of a told table. */
static void attack_cell(attack *a, const world *w, int t, int metric, int cell)
{
    char state = w->state[t][metric][cell];
    if (state == ABSENT) {
        return;
    }
    double *rows[4] = {NULL, NULL, NULL, NULL};
    /* What is told of answers and ratings: how many, their sum, that of their squares. */
    int count = state == HIDDEN ? 1 : metric == 0 ? 1 : metric == 4 ? 2 : 3;
    for (int i = 0; i < count; i++) {
        if (state == HIDDEN) {
            (void)attack_more(&a->least, &a->least_count, &a->least_room, a->variable_count);
        } else {
            (void)attack_equation(a);
        }
    }
    for (int i = 0; i < count; i++) {
        rows[i] = state == HIDDEN
                      ? a->least + (size_t)(a->least_count - count + i) * (size_t)a->variable_count
                      : a->equations +
                            (size_t)(a->equation_count - count + i) * (size_t)a->variable_count;
    }
    for (int v = 0; v < a->variable_count; v++) {
        int kind = a->kind_of_variable[v];
        if (w->cells[t][a->base_of_variable[v]] != cell || !counts_in(metric, kind)) {
            continue;
        }
        rows[0][v] = 1;
        if (rows[1]) {
            rows[1][v] = metric == 4 ? kind == ANSWERS + 2 : (kind - 1) % 3 == 0;
        }
        if (rows[2]) {
            rows[2][v] = (kind - 1) % 3 == 2;
        }
    }
}

static void attack_rows(attack *a, const world *w)
{
    for (int t = 0; t < w->table_count; t++) {
        for (int metric = 0; metric < KINDS_OF_SUMS; metric++) {
            for (int i = 0; asks(w->c, metric) && w->told[t][metric] && i < w->base_count; i++) {
                if (w->cells[t][i] == i) {
                    attack_cell(a, w, t, metric, i);
                }
            }
        }
    }
    /* Both questions see the same records. */
    for (int i = 0; w->c->has_ratings && i < w->base_count; i++) {
        double *row = NULL;
        for (int v = 0; v < a->variable_count; v++) {
            if (a->base_of_variable[v] == i) {
                row = row ? row : attack_equation(a);
                row[v] = a->kind_of_variable[v] < ANSWERS ? 1 : -1;
            }
        }
    }
}

/* Express every variable by free ones: steps[v] is a row of *free_count. */
static double *attack_steps(attack *a, int *free_count)
{
    int width = a->variable_count;
    int *pivot_of = room((size_t)width, sizeof(int));
    int used = 0;
    for (int v = 0; v < width; v++) {
        int best = -1;
        pivot_of[v] = -1;
        for (int i = used; i < a->equation_count; i++) {
            double size = fabs(a->equations[(size_t)i * (size_t)width + (size_t)v]);
            if (size > 1e-7 &&
                (best < 0 || size > fabs(a->equations[(size_t)best * (size_t)width + (size_t)v]))) {
                best = i;
            }
        }
        if (best < 0) {
            continue;
        }
        double *top = a->equations + (size_t)used * (size_t)width;
        double *from = a->equations + (size_t)best * (size_t)width;
        for (int j = 0; j < width; j++) {
            double swap = top[j];
            top[j] = from[j];
            from[j] = swap;
        }
        double pivot = top[v];
        for (int j = 0; j < width; j++) {
            top[j] /= pivot;
        }
        for (int i = 0; i < a->equation_count; i++) {
            double *row = a->equations + (size_t)i * (size_t)width;
            double factor = row[v];
            if (i == used || fabs(factor) < 1e-12) {
                continue;
            }
            for (int j = 0; j < width; j++) {
                row[j] -= factor * top[j];
                if (fabs(row[j]) < 1e-10) {
                    row[j] = 0;
                }
            }
        }
        pivot_of[v] = used++;
    }
    int *free_of = room((size_t)width, sizeof(int));
    *free_count = 0;
    for (int v = 0; v < width; v++) {
        free_of[v] = pivot_of[v] < 0 ? (*free_count)++ : -1;
    }
    double *steps = room((size_t)width * (size_t)(*free_count + 1), sizeof(double));
    for (int v = 0; v < width; v++) {
        for (int j = 0; j < width; j++) {
            double *step = &steps[(size_t)v * (size_t)*free_count];
            if (free_of[j] >= 0) {
                step[free_of[j]] =
                    v == j ? 1
                    : pivot_of[v] >= 0
                        ? -a->equations[(size_t)pivot_of[v] * (size_t)width + (size_t)j]
                        : 0;
            }
        }
    }
    free(pivot_of);
    free(free_of);
    return steps;
}

typedef struct figures {
    uint64_t corpora, cells, hidden, attacks, tables, withheld, with_hidden, customers_told;
    double least; /* width in k */
} figures;

static void program_fill(program *p, const attack *a, const double *steps, int free_count)
{
    for (int i = 0; i < p->rows; i++) {
        double *row = program_row(p, i);
        memset(row, 0, (size_t)(p->columns + 1) * sizeof *row);
        for (int v = 0; v < a->variable_count; v++) {
            bool own = i < a->variable_count;
            double weight =
                own ? v == i
                    : a->least[(size_t)(i - a->variable_count) * (size_t)a->variable_count +
                               (size_t)v];
            if (weight == 0) {
                continue;
            }
            row[p->columns] += weight * a->truth[v];
            for (int j = 0; j < free_count; j++) {
                double step = weight * steps[(size_t)v * (size_t)free_count + (size_t)j];
                row[2 * j] += step;
                row[2 * j + 1] -= step;
            }
        }
        row[p->columns] -= i >= a->variable_count;
        /* A little room, different everywhere, so that no step stands still. */
        row[p->columns] += 1e-7 * (1 + random_below(1000) / 1000.0);
    }
}

static double attack_width(program *p, const attack *a, const double *steps, int free_count,
                           const double *sum, double enough, int *names)
{
    double reached[2] = {0, 0};
    double *goal = room((size_t)p->columns + 1, sizeof *goal);
    for (int v = 0; v < a->variable_count; v++) {
        for (int j = 0; j < free_count && sum[v] != 0; j++) {
            double step = sum[v] * steps[(size_t)v * (size_t)free_count + (size_t)j];
            goal[2 * j] += step;
            goal[2 * j + 1] -= step;
        }
    }
    for (int side = 0; side < 2 && reached[0] < enough; side++) {
        memcpy(p->a, p->start, (size_t)p->rows * (size_t)(p->columns + 1) * sizeof *p->a);
        for (int j = 0; j <= p->columns; j++) {
            p->goal[j] = side ? -goal[j] : goal[j];
        }
        for (int i = 0; i < p->rows + p->columns; i++) {
            names[i] = i;
        }
        reached[side] = program_climb(p, enough - reached[0], names + p->columns, names);
    }
    free(goal);
    return reached[0] + reached[1];
}

static void attack_all(const world *w, figures *f)
{
    attack a;
    int free_count;
    attack_variables(&a, w);
    attack_rows(&a, w);
    double *steps = attack_steps(&a, &free_count);
    program p = {.rows = a.variable_count + a.least_count, .columns = 2 * free_count};
    size_t size = (size_t)p.rows * (size_t)(p.columns + 1);
    p.a = room(size, sizeof *p.a);
    p.goal = room((size_t)p.columns + 1, sizeof *p.goal);
    int *names = room((size_t)(p.rows + p.columns), sizeof *names);
    program_fill(&p, &a, steps, free_count);
    p.start = room(size, sizeof *p.start);
    memcpy(p.start, p.a, size * sizeof *p.a);
    for (int i = 0; i < p.rows; i++) {
        if (program_row(&p, i)[p.columns] < -1e-9) {
            die("the truth is not among what is possible");
        }
    }
    for (int i = 0; i < a.least_count; i++) {
        double width = attack_width(&p, &a, steps, free_count,
                                    a.least + (size_t)i * (size_t)a.variable_count, w->c->k, names);
        f->attacks++;
        f->least = width / w->c->k < f->least ? width / w->c->k : f->least;
        if (!(width >= w->c->k - 1e-3)) {
            die("a hidden cell is known to %.3f where k is %d", width, w->c->k);
        }
    }
    free(p.a);
    free(p.start);
    free(p.goal);
    free(names);
    free(steps);
    free(a.base_of_variable);
    free(a.kind_of_variable);
    free(a.truth);
    free(a.equations);
    free(a.least);
}

static kundig *open_for(const char *fields, uint32_t every, uint32_t k)
{
    kundig_options options;
    kundig_error err;
    kundig *out = NULL;
    kundig_options_init(&options);
    options.report_k = k;
    options.report_fields = text_of(fields);
    options.report_every = every;
    if (kundig_open(":memory:", 8, &options, &out, &err)) {
        die("%s", err.message);
    }
    return out;
}

static void one(figures *f)
{
    static corpus c;
    static world w;
    char fields[80] = "";
    corpus_make(&c);
    for (int i = 0; i < c.field_count; i++) {
        (void)strcat(strcat(fields, i ? ", " : ""), field_names[i]);
    }
    /* An attribute that nobody has is not known. */
    bool has_plan = c.field_count < 3;
    for (int i = 0; i < c.count; i++) {
        has_plan = has_plan || c.records[i].fields[2];
    }
    c.records[0].fields[2] = has_plan ? c.records[0].fields[2] : 1;
    kundig *k = open_for(fields, c.every, (uint32_t)c.k);
    world_make(&w, &c);
    corpus_add(&c, k);
    uint64_t hidden = f->hidden;
    for (int t = 0; t < w.table_count; t++) {
        for (int metric = 0; metric < KINDS_OF_SUMS; metric++) {
            if (!asks(&c, metric)) {
                continue;
            }
            ask(&w, k, t, metric);
            f->tables++;
            f->withheld += !w.told[t][metric];
            for (int i = 0; w.told[t][metric] && i < w.base_count; i++) {
                if (w.cells[t][i] == i) {
                    f->cells += w.state[t][metric][i] != ABSENT;
                    f->hidden += w.state[t][metric][i] == HIDDEN;
                    if (metric && w.told[t][0] && w.state[t][0][i] == HIDDEN &&
                        w.state[t][metric][i] == SHOWN) {
                        die("hidden for all records, shown for a question");
                    }
                }
            }
            if (w.told[t][metric]) {
                check_lines(&w, t, metric);
            }
        }
    }
    f->with_hidden += f->hidden > hidden;
    attack_all(&w, f);
    kundig_close(k);
    f->corpora++;
}

/* ---- What a plan shows of a file ------------------------------------------------------------ */

static int show_file(const char *path, const char *fields, const char *every, uint32_t least)
{
    static const char *const names[] = {"none", "day", "week", "month", "quarter", "year"};
    static const char *const metrics[] = {"count", "nps"};
    kundig_error err;
    kundig_ingest_report *report = NULL;
    int window = 0;
    char list[256];
    const char *each[4];
    int field_count = 0;
    for (int i = 1; i < 6; i++) {
        window = strcmp(every, names[i]) == 0 ? i : window;
    }
    (void)snprintf(list, sizeof list, "%s", fields);
    for (char *at = strtok(list, ","); at && field_count < 4; at = strtok(NULL, ",")) {
        each[field_count++] = at;
    }
    kundig *k = open_for(fields, window ? 1u << window : 0, least);
    if (kundig_ingest_file(k, path, strlen(path), NULL, &report, &err)) {
        die("%s", err.message);
    }
    kundig_ingest_report_free(report);
    for (int set = 0; set < 1 << field_count; set++) {
        for (int timed = 0; timed <= (window > 0); timed++) {
            for (int m = 0; m < 2; m++) {
                kundig_query *query = NULL;
                kundig_table *answer = NULL;
                int rc = kundig_query_new(NULL, &query);
                rc = rc ? rc : kundig_query_set_metric(query, metrics[m], strlen(metrics[m]), &err);
                for (int i = 0; i < field_count && !rc; i++) {
                    if (set >> i & 1) {
                        rc = kundig_query_group_by(query, each[i], strlen(each[i]), &err);
                        (void)printf("%s ", each[i]);
                    }
                }
                rc = rc || !timed ? rc : kundig_query_set_every(query, window, &err);
                rc = rc ? rc : kundig_measure(k, query, &answer, &err);
                if (rc) {
                    die("%s", err.message);
                }
                size_t hidden = 0;
                size_t column = column_of(answer, "status");
                size_t customers = column_of(answer, "customers");
                size_t rows = kundig_table_row_count(answer);
                bool told = false;
                for (size_t row = 0; row < rows; row++) {
                    hidden += kundig_table_text(answer, row, column).len == 10;
                    told = told || !kundig_table_is_null(answer, row, customers);
                }
                (void)printf("%s %s: %zu of %zu cells hidden%s%s\n", timed ? every : "", metrics[m],
                             hidden, rows,
                             note_says(answer, "this table is not told") ? ", withheld" : "",
                             told ? ", customers told" : "");
                kundig_table_free(answer);
                kundig_query_free(query);
            }
        }
    }
    kundig_close(k);
    return 0;
}

int main(int argc, char **argv)
{
    figures f = {.least = INFINITY};
    if (argc == 5) {
        return show_file(argv[1], argv[2], argv[3], (uint32_t)atoi(argv[4]));
    }
    if (argc != 3) {
        die("attack COUNT SEED, or attack FILE FIELDS EVERY K");
    }
    for (int i = 0; i < atoi(argv[1]); i++) {
        uint64_t seed = (uint64_t)atoi(argv[2]) + (uint64_t)i;
        random_state = seed * UINT64_C(0xD1342543DE82EF95);
        (void)fprintf(stderr, "%s", "");
        one(&f);
        if (getenv("ATTACK_SAYS")) {
            (void)printf("%llu\n", (unsigned long long)seed);
            (void)fflush(stdout);
        }
    }
    (void)printf("%llu corpora, %llu with hidden cells; %llu of %llu cells hidden; %llu of %llu "
                 "tables withheld; %llu cells attacked, none known better than k\n",
                 (unsigned long long)f.corpora, (unsigned long long)f.with_hidden,
                 (unsigned long long)f.hidden, (unsigned long long)f.cells,
                 (unsigned long long)f.withheld, (unsigned long long)f.tables,
                 (unsigned long long)f.attacks);
    return 0;
}
