/* Reporting mode: which cells are hidden so that no table, and no set of tables, tells of fewer
 * than k customers. For the files of this room.
 *
 *   rows > suppress_cells.c: base cells, tables, what may move > suppress_moves.c: one move >
 *   suppress.c: the plan
 *
 * A base cell is one value of every declared field and one window of every declared length of time
 * (0: the record has no time). A table is a set of the fields with one window or none; its cells
 * are unions of base cells. A universe is a set of records that is counted: all, and for each
 * question those with an answer, of them employees and others. */
#ifndef KUNDIG_METRICS_SUPPRESS_H
#define KUNDIG_METRICS_SUPPRESS_H

#include "metrics/metric.h"

#define KUNDIG__PLAN_MAX_FIELDS    4
#define KUNDIG__PLAN_MAX_WINDOWS   5
#define KUNDIG__PLAN_MAX_QUESTIONS 16
#define KUNDIG__PLAN_NO_BASE       UINT32_MAX

/* What may be asked, as it was declared. */
typedef struct kundig__plan_rules {
    uint64_t k;
    kundig_text fields[KUNDIG__PLAN_MAX_FIELDS];
    size_t field_count;
    uint32_t every; /* 1 << KUNDIG_EVERY_ */
    kundig_text zone;
} kundig__plan_rules;

/* ---- Base cells and tables (suppress_cells.c) ------------------------------------------------ */

/* What an answer is to a universe. */
enum { KUNDIG__LEAF_NONE, KUNDIG__LEAF_OTHERS, KUNDIG__LEAF_EMPLOYEES, KUNDIG__LEAVES };

/* Records of a base cell that are alike in all that is told of them and may stand elsewhere. */
typedef struct kundig__cube_supply {
    int32_t leaf;
    int32_t value;
    int64_t weight;
    uint32_t count;
} kundig__cube_supply;

/* All records as one question sees them. */
typedef struct kundig__cube_system {
    const kundig__question *question; /* NULL: there is none; nobody answers */
    bool mixed;                       /* employees answered and others */
    uint32_t *totals;                 /* records of a leaf of a base cell */
    size_t *starts;                   /* supplies of a base cell; base_count + 1 */
    kundig__cube_supply *supplies;    /* ascending in leaf, value, weight */
} kundig__cube_system;

typedef struct kundig__cube_table {
    uint32_t fields; /* a bit a field */
    int32_t window;  /* -1: none, else which of the declared ones */
    uint32_t axes;   /* fields, and the bit behind them for time */
    bool withheld;   /* nothing of it is published */
    uint32_t first;  /* its first cell: cells are numbered through all tables */
    uint32_t count;
} kundig__cube_table;

#define KUNDIG__CUBE_TABLES ((1 << KUNDIG__PLAN_MAX_FIELDS) * (KUNDIG__PLAN_MAX_WINDOWS + 1))

typedef struct kundig__cube {
    kundig__context *context;
    kundig__mem *mem;
    kundig__arena keep; /* what answers need */
    kundig__arena work; /* what only the planning needs */
    uint64_t k;
    size_t field_count;
    size_t window_count;
    kundig__field fields[KUNDIG__PLAN_MAX_FIELDS];
    int32_t windows[KUNDIG__PLAN_MAX_WINDOWS]; /* KUNDIG_EVERY_ */
    kundig__cube_table tables[KUNDIG__CUBE_TABLES];
    size_t table_count;

    uint32_t row_count;
    uint32_t *base_of; /* a row; KUNDIG__PLAN_NO_BASE: superseded */
    uint32_t base_count;
    uint32_t *codes;      /* a base cell: its coordinates, fields before windows */
    uint32_t *records;    /* a base cell */
    uint32_t *firsts;     /* a universe and base cell: customers, each counted in one alone */
    uint32_t *cells;      /* a table and base cell: number of the cell */
    uint32_t *cell_bases; /* a table: base cells in order of their cells */
    uint32_t cell_count;
    uint32_t *cell_starts; /* a cell: its first place in cell_bases, from that of its table */
    bool *timeless;        /* a cell: of records without a time, in a table with windows */
    bool named;            /* some record names a customer */
    bool lone;             /* every customer has one record, or there are none */

    kundig__cube_system systems[KUNDIG__PLAN_MAX_QUESTIONS];
    size_t system_count; /* 1 at least */
    size_t group_count;  /* all records, and each question: what is hidden together */
    /* A universe and cell; universe 0 is all records, 1 + 3 s + leaf those of a question: leaf 0
     * stands for all its answers. */
    uint32_t *n;
    uint32_t *sizes; /* distinct customers; records where none is named */
} kundig__cube;

#define KUNDIG__CUBE_UNIVERSE(system, leaf) (1 + KUNDIG__LEAVES * (system) + (size_t)(leaf))

/* strict: only records of customers with a single one may move. withheld: a flag a table, of
 * the order that the tables have; questions: those in use. */
int kundig__cube_new(kundig__corpus *corpus, const kundig__plan_rules *rules, bool strict,
                     const bool *withheld, const kundig__question *const *questions,
                     size_t question_count, kundig__cube *cube, kundig_error *err);
void kundig__cube_free(kundig__cube *cube);
/* The base cell with these coordinates, KUNDIG__PLAN_NO_BASE if no record is there. */
uint32_t kundig__cube_find(const kundig__cube *cube, const uint32_t *codes);
static inline size_t kundig__cube_width(const kundig__cube *cube)
{
    return cube->field_count + cube->window_count;
}
/* Axes in which two base cells differ. */
uint32_t kundig__cube_differ(const kundig__cube *cube, uint32_t a, uint32_t b);
/* Does a table tell two base cells apart in every one of the axes they differ in? */
bool kundig__cube_tells(const kundig__cube *cube, const kundig__cube_table *table, uint32_t axes,
                        uint32_t a, uint32_t b);

/* ---- One move (suppress_moves.c) ------------------------------------------------------------- */

#define KUNDIG__MOVE_CORNERS (1 << (KUNDIG__PLAN_MAX_FIELDS + 1))

/* Records go from every second corner of a cube to the others, or back. */
typedef struct kundig__move {
    uint32_t a; /* an even corner */
    uint32_t b; /* opposite */
    uint32_t axes;
    size_t corner_count;
    uint32_t corners[KUNDIG__MOVE_CORNERS]; /* odd ones lose where even ones gain */
} kundig__move;

/* How far the counts of even corners may go up and down. */
typedef struct kundig__move_span {
    uint64_t up;
    uint64_t down;
    uint64_t gain; /* of up, what even corners can take while they give nothing else away */
} kundig__move_span;

/* A span of each universe. */
typedef struct kundig__room {
    kundig__move_span all;
    kundig__move_span answers[KUNDIG__PLAN_MAX_QUESTIONS][KUNDIG__LEAVES]; /* leaf 0: all answers */
} kundig__room;

/* false where a corner holds no record, or the cells are the same. */
bool kundig__move_make(const kundig__cube *cube, uint32_t a, uint32_t b, kundig__move *move);
/* Whole records move. */
void kundig__move_room(const kundig__cube *cube, const kundig__move *move, kundig__room *room);
/* Answers to one question move, against records without one. */
void kundig__move_answers(const kundig__cube *cube, const kundig__move *move, size_t system,
                          kundig__room *room);

/* ---- The plan (suppress.c) ------------------------------------------------------------------- */

typedef struct kundig__plan {
    kundig__cube cube;
    uint8_t *hidden;      /* a group (all records, then questions) and cell */
    uint8_t *safe;        /* the same: universes whose count is known not better than k */
    bool shows_customers; /* distinct customers are told */
} kundig__plan;

/* What becomes of a row of an answer. */
#define KUNDIG__PLAN_SHOWN    0
#define KUNDIG__PLAN_HIDDEN   1
#define KUNDIG__PLAN_WITHHELD 2 /* the whole table, or the question, is not answered */

int kundig__plan_new(kundig__corpus *corpus, const kundig__plan_rules *rules, kundig__plan **out,
                     kundig_error *err);
void kundig__plan_free(kundig__plan *plan);
/* The table with these fields and KUNDIG_EVERY_; NULL: it was not declared. */
const kundig__cube_table *kundig__plan_table(const kundig__plan *plan, const kundig__field *fields,
                                             size_t field_count, int32_t every);
/* What becomes of the cell that a row of the corpus stands in; question NULL: of all records. */
/* Rows behind the last one stand in no cell. */
int kundig__plan_says(const kundig__plan *plan, const kundig__cube_table *table,
                      const kundig__question *question, uint32_t row);

#endif
