/* What holds of what people said of topics. */
#include "corpus/collect.h"
#include "records.h"

TestSuite(edits, .fini = probe_fini);

static void edits_give(fixture *f, int32_t kind, const char *topic, const char *name,
                       const char *by, int32_t holds, int64_t updated)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_EDITS};
    kundig_edit *edit = &fact.as.edit;
    kundig_edit_init(edit);
    edit->kind = kind;
    edit->topic = kundig__str(topic);
    edit->name = kundig__str(name);
    edit->by = kundig__str(by);
    edit->holds = holds;
    edit->updated_ms = updated;
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f->corpus, &fact, NULL, NULL, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig__batch_commit(f->corpus);
}

/* "1 t-000000000001 yes Parcels; 5 ...": kind, topic, holds, name. */
static const char *edits_told(fixture *f)
{
    static char text[400];
    const kundig_edit *list = NULL;
    size_t count = 0;
    size_t len = 0;
    kundig__arena arena;
    kundig__arena_init(&arena, &f->context.mem);
    cr_assert_eq(kundig__corpus_edits(f->corpus, &arena, &list, &count, &f->err), KUNDIG_OK);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%d %.*s %s%s%.*s", i ? "; " : "",
                                (int)list[i].kind, (int)list[i].topic.len, list[i].topic.data,
                                list[i].holds == KUNDIG_YES ? "yes" : "no",
                                list[i].name.len ? " " : "", (int)list[i].name.len,
                                list[i].name.data ? list[i].name.data : "");
    }
    kundig__arena_free(&arena);
    return text;
}

Test(edits, are_given_in_their_current_versions)
{
    fixture f;
    fixture_open(&f);
    cr_assert_str_eq(edits_told(&f), "");
    edits_give(&f, KUNDIG_EDIT_HIDE, "t-000000000002", NULL, "ada", KUNDIG_YES, 5);
    edits_give(&f, KUNDIG_EDIT_RENAME, "t-000000000001", "Parcels", "ada", KUNDIG_YES, 3);
    edits_give(&f, KUNDIG_EDIT_RENAME, "t-000000000001", "Post", "ben", KUNDIG_YES, 2);
    cr_assert_str_eq(edits_told(&f), "5 t-000000000002 yes; 1 t-000000000001 yes Parcels; "
                                     "1 t-000000000001 yes Post");
    edits_give(&f, KUNDIG_EDIT_RENAME, "t-000000000001", "Late post", "ben", KUNDIG_YES, 7);
    edits_give(&f, KUNDIG_EDIT_HIDE, "t-000000000002", NULL, "ada", KUNDIG_NO, 6);
    edits_give(&f, KUNDIG_EDIT_HIDE, "t-000000000002", NULL, "ada", KUNDIG_YES, 4);
    cr_assert_str_eq(edits_told(&f), "1 t-000000000001 yes Parcels; "
                                     "1 t-000000000001 yes Late post; 5 t-000000000002 no");
    fixture_close(&f);
}

static int64_t edits_call(fixture *f, void *ud)
{
    const kundig_edit *list = NULL;
    size_t count = 0;
    kundig__arena arena;
    (void)ud;
    kundig__arena_init(&arena, &f->context.mem);
    int rc = kundig__corpus_edits(f->corpus, &arena, &list, &count, &f->err);
    cr_assert_eq(count, rc ? 0 : 2);
    kundig__arena_free(&arena);
    return rc;
}

Test(edits, survive_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    edits_give(&f, KUNDIG_EDIT_PIN, "t-000000000001", NULL, NULL, KUNDIG_YES, 1);
    edits_give(&f, KUNDIG_EDIT_PIN, "t-000000000002", NULL, NULL, KUNDIG_YES, 1);
    fixture_sweep(&f, edits_call, NULL);
    fixture_close(&f);
}
