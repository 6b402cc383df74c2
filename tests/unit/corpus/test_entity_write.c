/* What may be said of customers, cases and people: checked with a sentence, written byte by byte.
 */
#include "records.h"

TestSuite(entity_write, .fini = probe_fini);

static int entity_write_try(fixture *f, const kundig__fact *fact, const char **field)
{
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    int rc = kundig__fact_add(f->corpus, fact, NULL, field, &f->err);
    kundig__batch_abandon(f->corpus);
    fixture_check(f);
    return rc;
}

static kundig__fact entity_write_link(const char *a, const char *b)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_LINKS};
    kundig_link_init(&fact.as.link);
    fact.as.link.customer = kundig__str(a);
    fact.as.link.same_as = kundig__str(b);
    return fact;
}

static void entity_write_refused(fixture *f, const kundig__fact *fact, int code, const char *field,
                                 const char *sentence)
{
    const char *refused = NULL;
    cr_assert_eq(entity_write_try(f, fact, &refused), code, "%s", sentence);
    cr_assert_str_eq(f->err.message, sentence);
    cr_assert(field ? refused && strcmp(refused, field) == 0 : !refused, "%s", sentence);
}

Test(entity_write, refuses_with_a_sentence_that_names_the_field)
{
    fixture f;
    fixture_open(&f);
    kundig__fact link = entity_write_link("a", "a");
    entity_write_refused(&f, &link, KUNDIG_E_VALUE, "same_as",
                         "customer and same_as are one name: a link joins two");
    link = entity_write_link("a\xFF", "a\xFE");
    entity_write_refused(&f, &link, KUNDIG_E_VALUE, "same_as",
                         "customer and same_as are one name: a link joins two");
    link = entity_write_link("", "a");
    entity_write_refused(&f, &link, KUNDIG_E_ARG, "customer", "customer is required");
    link = entity_write_link("a", NULL);
    entity_write_refused(&f, &link, KUNDIG_E_ARG, "same_as", "same_as is required");
    link = entity_write_link("a", "b");
    link.as.link.holds = KUNDIG_UNKNOWN;
    entity_write_refused(&f, &link, KUNDIG_E_ARG, "holds",
                         "holds is 0: say KUNDIG_YES or KUNDIG_NO");
    link.as.link.holds = KUNDIG_NO;
    link.as.link.updated_ms = INT64_MAX;
    entity_write_refused(&f, &link, KUNDIG_E_VALUE, "updated",
                         "updated lies outside the years 0001 to 9999");
    link.as.link.size = 8;
    entity_write_refused(&f, &link, KUNDIG_E_ARG, NULL,
                         "size is 8: fill the record with kundig_link_init()");
    kundig__fact label = {.kind = KUNDIG_FACTS_LABELS};
    kundig_label_init(&label.as.label);
    entity_write_refused(&f, &label, KUNDIG_E_ARG, "id", "id is required");
    label.as.label.id = kundig__str("1");
    entity_write_refused(&f, &label, KUNDIG_E_ARG, "topic", "topic is required");
    label.as.label.topic = kundig__str("price");
    label.as.label.by = kundig__text(NULL, 1);
    entity_write_refused(&f, &label, KUNDIG_E_ARG, "by", "by has a length but no bytes");
    kundig__fact consent = {.kind = KUNDIG_FACTS_CONSENTS};
    kundig_consent_init(&consent.as.consent);
    consent.as.consent.customer = kundig__str("a");
    entity_write_refused(&f, &consent, KUNDIG_E_ARG, "consent",
                         "consent is 0: say KUNDIG_YES or KUNDIG_NO");
    consent.as.consent.consent = KUNDIG_YES;
    consent.as.consent.customer = kundig__text(NULL, 0);
    entity_write_refused(&f, &consent, KUNDIG_E_ARG, "customer", "customer is required");
    kundig__fact retention = {.kind = KUNDIG_FACTS_RETENTION};
    kundig_retention_init(&retention.as.retention);
    entity_write_refused(&f, &retention, KUNDIG_E_VALUE, "days",
                         "days is -2147483648: give 0 to 100000, or -1 to keep for ever");
    retention.as.retention.days = 0;
    cr_assert_eq(entity_write_try(&f, &retention, NULL), KUNDIG_OK, "no purpose is one, too");
    retention.as.retention.days = -2;
    entity_write_refused(&f, &retention, KUNDIG_E_VALUE, "days",
                         "days is -2: give 0 to 100000, or -1 to keep for ever");
    retention.as.retention.days = 100001;
    entity_write_refused(&f, &retention, KUNDIG_E_VALUE, "days",
                         "days is 100001: give 0 to 100000, or -1 to keep for ever");
    kundig__fact event = {.kind = KUNDIG_FACTS_EVENTS};
    kundig_event_init(&event.as.event);
    event.as.event.kind = -1;
    event.as.event.id = kundig__str("1");
    entity_write_refused(&f, &event, KUNDIG_E_ARG, "kind", "kind is -1; known are 0 to 8");
    event.as.event.kind = KUNDIG_EVENT_ACTION;
    event.as.event.time_ms = 1;
    event.as.event.time_precision = KUNDIG_PRECISION_DAY;
    entity_write_refused(&f, &event, KUNDIG_E_VALUE, "time",
                         "a written date must be midnight in UTC");
    kundig__fact customer = {.kind = KUNDIG_FACTS_CUSTOMERS};
    kundig_attribute twice[2] = {{{"a", 1}, {.type = KUNDIG_VALUE_BOOL, .boolean = 1}},
                                 {{"a", 1}, {.type = KUNDIG_VALUE_BOOL, .boolean = 0}}};
    kundig_customer_init(&customer.as.customer);
    customer.as.customer.id = kundig__str("1");
    customer.as.customer.attributes = twice;
    customer.as.customer.attribute_count = 2;
    entity_write_refused(&f, &customer, KUNDIG_E_VALUE, "attribute",
                         "'a' is given twice in one record");
    fixture_close(&f);
}

/* What else an edit may hold is checked where topics are. */
Test(entity_write, an_edit_holds_what_its_kind_needs_and_nothing_else)
{
    fixture f;
    const char *field = NULL;
    fixture_open(&f);
    kundig__fact fact = {.kind = KUNDIG_FACTS_EDITS};
    kundig_edit *edit = &fact.as.edit;
    kundig_edit_init(edit);
    entity_write_refused(&f, &fact, KUNDIG_E_ARG, "kind", "kind is 0; known are 1 to 9");
    edit->kind = KUNDIG_EDIT_PIN;
    cr_assert_eq(entity_write_try(&f, &fact, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(field, "topic");
    edit->topic = kundig__str("t-0123456789ab");
    cr_assert_eq(entity_write_try(&f, &fact, NULL), KUNDIG_OK);
    edit->name = kundig__str("");
    cr_assert_eq(entity_write_try(&f, &fact, NULL), KUNDIG_OK, "empty is absent");
    edit->name = kundig__str("x");
    cr_assert_eq(entity_write_try(&f, &fact, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(field, "name");
    edit->name = kundig__text(NULL, 0);
    edit->holds = KUNDIG_UNKNOWN;
    entity_write_refused(&f, &fact, KUNDIG_E_ARG, "holds",
                         "holds is 0: say KUNDIG_YES or KUNDIG_NO");
    edit->holds = KUNDIG_NO;
    edit->reserved = 1;
    cr_assert_eq(entity_write_try(&f, &fact, NULL), KUNDIG_E_VERSION);
    fixture_close(&f);
}

/* Two records that belong together are one edit, whichever is named first. */
Test(entity_write, edits_of_two_records_have_no_direction)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_added_init(&added);
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    for (int i = 0; i < 6; i++) {
        kundig__fact fact = {.kind = KUNDIG_FACTS_EDITS};
        kundig_edit *edit = &fact.as.edit;
        bool first = i % 2 == 0;
        kundig_edit_init(edit);
        edit->kind = i < 2 ? KUNDIG_EDIT_TOGETHER : i < 4 ? KUNDIG_EDIT_APART : KUNDIG_EDIT_MERGE;
        if (i < 4) {
            edit->source = kundig__str(first ? "a" : "b");
            edit->id = kundig__str(first ? "2" : "1");
            edit->other_source = kundig__str(first ? "b" : "a");
            edit->other_id = kundig__str(first ? "1" : "2");
        } else {
            edit->topic = kundig__str(first ? "t-000000000001" : "t-000000000002");
            edit->other = kundig__str(first ? "t-000000000002" : "t-000000000001");
        }
        cr_assert_eq(kundig__fact_add(f.corpus, &fact, &added, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    cr_assert_eq(added.added, 4);
    cr_assert_eq(added.unchanged, 2);
    cr_assert_eq(kundig__fact_rows(f.corpus, KUNDIG_FACTS_EDITS), 4);
    fixture_close(&f);
}

Test(entity_write, bytes_are_as_written_down)
{
    static const uint8_t edit_bytes[] = {1,   1,   2, /* version, kind, holds */
                                         15,  0,   0,   0,   0,   0,   0,   0,   't', '-',
                                         '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
                                         'a', 'b', 0,   0,   0,   0,   0,   0,   0,   0, /* other */
                                         2,   0,   0,   0,   0,   0,   0,   0,   'n',    /* name */
                                         0,   0,   0,   0,   0,   0,   0,   0,           /* words */
                                         0,   0,   0,   0,   0,   0,   0,   0, /* source */
                                         0,   0,   0,   0,   0,   0,   0,   0, /* id */
                                         0,   0,   0,   0,   0,   0,   0,   0, /* other_source */
                                         0,   0,   0,   0,   0,   0,   0,   0, /* other_id */
                                         2,   0,   0,   0,   0,   0,   0,   0,   'u', /* by */
                                         7,   0,   0,   0,   0,   0,   0,   0};       /* updated */
    static const uint8_t link_bytes[] = {1, 2,                           /* version, holds: yes */
                                         2, 0, 0, 0, 0, 0, 0, 0, 'a',    /* the lesser name */
                                         2, 0, 0, 0, 0, 0, 0, 0, 'b',    /* the other one */
                                         0, 0, 0, 0, 0, 0, 0, 0,         /* by */
                                         5, 0, 0, 0, 0, 0, 0, 0};        /* updated */
    static const uint8_t label_bytes[] = {1, 1,                          /* version, holds: no */
                                          0, 0, 0, 0, 0, 0, 0, 0,        /* source */
                                          2, 0, 0, 0, 0, 0, 0, 0,   '1', /* id */
                                          2, 0, 0, 0, 0, 0, 0, 0,   't', /* topic */
                                          2, 0, 0, 0, 0, 0, 0, 0,   'u', /* by */
                                          0, 0, 0, 0, 0, 0, 0, 0x80};    /* updated: absent */
    static const uint8_t consent_bytes[] = {
        1, 1,                        /* version, consent: no */
        2, 0, 0, 0, 0, 0, 0, 0, 'a', /* customer */
        1, 0, 0, 0, 0, 0, 0, 0,      /* purpose: empty is not absent */
        2, 0, 0, 0, 0, 0, 0, 0, 'v', /* disclosure */
        6, 0, 0, 0, 0, 0, 0, 0};     /* updated */
    static const uint8_t retention_bytes[] = {
        1,                                                   /* version */
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,      /* days: for ever */
        2,    0,    0,    0,    0,    0,    0,    0,    'p', /* purpose */
        0,    0,    0,    0,    0,    0,    0,    0x80};     /* updated: absent */
    static const struct written {
        int kind;
        const uint8_t *bytes;
        size_t len;
    } written[] = {{KUNDIG_FACTS_LINKS, link_bytes, sizeof link_bytes},
                   {KUNDIG_FACTS_LABELS, label_bytes, sizeof label_bytes},
                   {KUNDIG_FACTS_CONSENTS, consent_bytes, sizeof consent_bytes},
                   {KUNDIG_FACTS_RETENTION, retention_bytes, sizeof retention_bytes},
                   {KUNDIG_FACTS_EDITS, edit_bytes, sizeof edit_bytes}};
    fixture f;
    kundig__buf bytes;
    fixture_open(&f);
    kundig__buf_init(&bytes, &f.context.mem);
    kundig__fact link = entity_write_link("b", "a");
    link.as.link.updated_ms = 5;
    kundig__fact label = {.kind = KUNDIG_FACTS_LABELS};
    kundig_label_init(&label.as.label);
    label.as.label.holds = KUNDIG_NO;
    label.as.label.id = kundig__str("1");
    label.as.label.topic = kundig__str("t");
    label.as.label.by = kundig__str("u");
    kundig__fact consent = {.kind = KUNDIG_FACTS_CONSENTS};
    kundig_consent_init(&consent.as.consent);
    consent.as.consent.consent = KUNDIG_NO;
    consent.as.consent.customer = kundig__str("a");
    consent.as.consent.purpose = kundig__str("");
    consent.as.consent.disclosure = kundig__str("v");
    consent.as.consent.updated_ms = 6;
    kundig__fact retention = {.kind = KUNDIG_FACTS_RETENTION};
    kundig_retention_init(&retention.as.retention);
    retention.as.retention.days = -1;
    retention.as.retention.purpose = kundig__str("p");
    kundig__fact edit = {.kind = KUNDIG_FACTS_EDITS};
    kundig_edit_init(&edit.as.edit);
    edit.as.edit.kind = KUNDIG_EDIT_RENAME;
    edit.as.edit.topic = kundig__str("t-0123456789ab");
    edit.as.edit.name = kundig__str("n");
    edit.as.edit.words = kundig__str(""); /* as if it were absent */
    edit.as.edit.by = kundig__str("u");
    edit.as.edit.updated_ms = 7;
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f.corpus, &edit, NULL, NULL, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f.corpus, &link, NULL, NULL, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f.corpus, &label, NULL, NULL, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f.corpus, &consent, NULL, NULL, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f.corpus, &retention, NULL, NULL, &f.err), KUNDIG_OK);
    kundig__batch_commit(f.corpus);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        bytes.len = 0;
        kundig__fact_canonical(f.corpus, written[i].kind, 0, &bytes);
        cr_assert_eq(bytes.len, written[i].len, "%s", kundig__fact_kind_name(written[i].kind));
        cr_assert_arr_eq((const uint8_t *)bytes.data, written[i].bytes, bytes.len);
    }
    kundig__buf_free(&bytes);
    fixture_close(&f);
}

Test(entity_write, several_fields_together_are_an_identity)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_added_init(&added);
    kundig__fact there = entity_write_link("a", "b");
    kundig__fact back = entity_write_link("b", "a");
    kundig__fact other = entity_write_link("a", "bb");
    kundig__fact taken = back;
    taken.as.link.holds = KUNDIG_NO;
    taken.as.link.updated_ms = 3;
    const kundig__fact *facts[] = {&there, &back, &other, &taken};
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(kundig__fact_add(f.corpus, facts[i], &added, NULL, &f.err), KUNDIG_OK);
    }
    kundig__fact label = {.kind = KUNDIG_FACTS_LABELS};
    for (int i = 0; i < 4; i++) { /* the same bytes, cut elsewhere: four labels */
        static const char *const cuts[4][3] = {
            {"1", "22", "3"}, {"12", "2", "3"}, {"1", "2", "23"}, {"122", "3", NULL}};
        kundig_label_init(&label.as.label);
        label.as.label.id = kundig__str(cuts[i][0]);
        label.as.label.topic = kundig__str(cuts[i][1]);
        label.as.label.by = kundig__str(cuts[i][2]);
        cr_assert_eq(kundig__fact_add(f.corpus, &label, &added, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    cr_assert_eq(added.added, 6);
    cr_assert_eq(added.unchanged, 1);
    cr_assert_eq(added.versions, 1);
    cr_assert(!kundig__fact_is_current(f.corpus, KUNDIG_FACTS_LINKS, 0));
    cr_assert(kundig__fact_is_current(f.corpus, KUNDIG_FACTS_LINKS, 2));
    fixture_check(&f);
    fixture_close(&f);
}
