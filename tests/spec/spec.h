/* What the files of the runner in C share. */
#ifndef KUNDIG_SPEC_H
#define KUNDIG_SPEC_H

#include "kundig.h"

#define MOST 128 /* of everything that repeats in a case */

typedef struct line_list {
    char *lines[MOST];
    size_t count;
} line_list;

typedef struct spec_case {
    const char *file;
    char *title;
    char *parts[8];
    size_t part_count;
    char *taxonomy;     /* lines behind "> " */
    line_list settings; /* "map nps=score" and the like */
    line_list steps;    /* behind "+ " */
    line_list checks;   /* behind "~ " */
    char *failure;      /* behind "! " */
    char *json;         /* behind "= " */
    int store_alone;    /* "store": the case means nothing in memory */
} spec_case;

extern char spec_folder[]; /* where stores are made */

void spec_must(int condition, const char *what);
kundig_text spec_text(const char *s);
/* What stands behind the last line of this name; NULL where there is none. */
const char *spec_setting(const spec_case *c, const char *name);

int spec_read_part(const spec_case *c, kundig *k, size_t part, kundig_ingest_report **report,
                   kundig_error *err);
/* A corpus as the case wants it, in memory where path is NULL. asked: it is there already, and
 * opened to be asked. */
int spec_open(const spec_case *c, const kundig_allocator *allocator, const char *path, int asked,
              kundig **k, kundig_error *err);
void spec_remove(const char *path);
int spec_has_step(const spec_case *c, const char *verb);

/* Take all steps; *receipt becomes that of the last one that gave any. */
int spec_take_steps(const spec_case *c, const kundig_allocator *allocator, kundig *k,
                    kundig_table **receipt, kundig_error *err);

/* A question that asks why. Returns 0 where it is another one. */
int spec_ask_why(const spec_case *c, const char *ask, kundig *k, kundig_query *query, int *rc,
                 kundig_table **out, kundig_error *err);

#endif
