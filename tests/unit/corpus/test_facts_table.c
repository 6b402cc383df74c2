/* Facts as tables: which columns and rows, in what order, and read back from CSV. */
#include <stdio.h>

#include "corpus/rows.h"
#include "fixture.h"

TestSuite(facts_table, .fini = probe_fini);

static kundig *facts_open(uint32_t mask)
{
    kundig_options options;
    kundig *k = NULL;
    kundig_error err = {0};
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.mask = mask;
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, &err), KUNDIG_OK, "%s", err.message);
    return k;
}

/* Feedback with every field that there is; more of them for greater numbers. */
static void facts_give(kundig *k, int number)
{
    static const char *const texts[] = {"Zu spät, leider.", "great \"service\"\nindeed",
                                        "Mail an a.b@example.com"};
    char id[16];
    kundig_error err = {0};
    kundig_feedback r;
    kundig_score scores[3] = {{.scale = KUNDIG_SCALE_NPS, .value = number % 11},
                              {.scale = KUNDIG_SCALE_CES_2010, .value = 1 + number % 5},
                              {.question = KUNDIG__TEXT("Wie, = war's?"),
                               .scale = KUNDIG_SCALE_DECLARED,
                               .direction = KUNDIG_LOWER_IS_BETTER,
                               .minimum = -1.5,
                               .maximum = 6,
                               .value = number % 4 + 0.125}};
    kundig_attribute attributes[3] = {
        {KUNDIG__TEXT("plan"), {.type = KUNDIG_VALUE_TEXT, .text = KUNDIG__TEXT("gold, plus")}},
        {KUNDIG__TEXT("spent"), {.type = KUNDIG_VALUE_NUMBER, .number = number + 0.1}},
        {KUNDIG__TEXT("vip"), {.type = KUNDIG_VALUE_BOOL, .boolean = number % 2}}};
    snprintf(id, sizeof id, "r%02d", number);
    kundig_feedback_init(&r);
    r.source = kundig__str(number % 3 ? "b.csv" : "a.csv");
    r.id = kundig__str(id);
    r.text = kundig__str(texts[number % 3]);
    r.customer = kundig__str(number % 2 ? "kim" : "lou");
    r.time_ms = INT64_C(1767225600000) + number * INT64_C(86400000);
    r.time_precision = number % 3;
    if (r.time_precision == KUNDIG_PRECISION_MS) {
        r.time_ms += number % 2 ? 0 : 12345;
    }
    r.updated_ms = r.time_ms + 60000;
    r.kind = 1 + number % KUNDIG_KIND_EMPLOYEE;
    r.channel = kundig__str("e-mail");
    r.touchpoint = kundig__str("Lieferung");
    r.stage = kundig__str(number % 2 ? "kauf" : "nutzung");
    r.case_id = kundig__str("C-7");
    r.agent = kundig__str("Ada");
    r.department = kundig__str("Versand");
    r.segment = kundig__str("neu");
    r.product = kundig__str("Lampe");
    r.language = kundig__str("de");
    r.purpose = kundig__str("quality");
    r.consent = number % 3;
    r.has_weight = 1;
    r.weight = 0.5 + number % 4;
    r.scores = scores;
    r.score_count = 3;
    r.attributes = attributes;
    r.attribute_count = 3;
    cr_assert_eq(kundig_feedback_add(k, &r, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    if (number % 5 == 0) { /* another version */
        r.updated_ms += 1000;
        r.text = kundig__str("=anders");
        r.text.data++; /* no formula */
        r.text.len--;
        cr_assert_eq(kundig_feedback_add(k, &r, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    }
}

static kundig_table *facts_of(kundig *k, int which, const kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_facts(k, which, query, &table, &err), KUNDIG_OK, "%s", err.message);
    return table;
}

static kundig_bytes *facts_csv(kundig *k, int which)
{
    kundig_error err = {0};
    kundig_bytes *csv = NULL;
    kundig_table *table = facts_of(k, which, NULL);
    cr_assert_eq(kundig_table_to_csv(table, &csv, &err), KUNDIG_OK);
    kundig_table_free(table);
    return csv;
}

static bool facts_same(const kundig_bytes *a, const kundig_bytes *b)
{
    return kundig_bytes_len(a) == kundig_bytes_len(b) &&
           memcmp(kundig_bytes_data(a), kundig_bytes_data(b), kundig_bytes_len(a)) == 0;
}

Test(facts_table, come_back_from_their_csv_with_the_same_hash)
{
    kundig *k = facts_open(0);
    kundig *other = facts_open(0);
    kundig_ingest_options options;
    kundig_ingest_report *report = NULL;
    kundig_error err = {0};
    char hash[2][33];
    for (int i = 0; i < 40; i++) {
        facts_give(k, i);
    }
    kundig_table *table = facts_of(k, KUNDIG_FACTS_FEEDBACK, NULL);
    cr_assert_eq(kundig_table_row_count(table), 48);
    const char *map = kundig_table_note(table, 0);
    cr_assert(strncmp(map, "map: source=", 12) == 0, "%s", map);
    kundig_bytes *csv = NULL;
    cr_assert_eq(kundig_table_to_csv(table, &csv, &err), KUNDIG_OK);
    kundig_ingest_options_init(&options);
    options.map = kundig__str(map + 5);
    cr_assert_eq(kundig_ingest_bytes(other, kundig_bytes_data(csv), kundig_bytes_len(csv), &options,
                                     &report, &err),
                 KUNDIG_OK, "%s", err.message);
    kundig_bytes *again = facts_csv(other, KUNDIG_FACTS_FEEDBACK);
    cr_assert(facts_same(csv, again), "%s\n%s", kundig_bytes_data(csv), kundig_bytes_data(again));
    cr_assert_eq(kundig_facts_hash(k, hash[0], &err), KUNDIG_OK);
    cr_assert_eq(kundig_facts_hash(other, hash[1], &err), KUNDIG_OK);
    cr_assert_str_eq(hash[0], hash[1]);
    kundig_bytes_free(again);
    kundig_bytes_free(csv);
    kundig_table_free(table);
    kundig_ingest_report_free(report);
    kundig_close(other);
    kundig_close(k);
}

/* Without a map the names of fields are guessed, and the usual scores are. */
Test(facts_table, are_mostly_guessed_from_their_csv)
{
    kundig *k = facts_open(0);
    kundig *other = facts_open(0);
    kundig_error err = {0};
    for (int i = 1; i < 60; i += 1 + (i % 5 == 4)) { /* one version each */
        facts_give(k, i);
    }
    kundig_bytes *csv = facts_csv(k, KUNDIG_FACTS_FEEDBACK);
    cr_assert_eq(
        kundig_ingest_bytes(other, kundig_bytes_data(csv), kundig_bytes_len(csv), NULL, NULL, &err),
        KUNDIG_OK, "%s", err.message);
    kundig_bytes_free(csv);
    kundig_bytes *answers[2];
    for (int i = 0; i < 2; i++) {
        kundig_query *query = fixture_query(NULL);
        kundig_table *table = NULL;
        cr_assert_eq(kundig_query_set_metric(query, "nps", 3, &err), KUNDIG_OK);
        cr_assert_eq(kundig_query_group_by(query, "stage", 5, &err), KUNDIG_OK);
        cr_assert_eq(kundig_measure(i ? other : k, query, &table, &err), KUNDIG_OK, "%s",
                     err.message);
        cr_assert_eq(kundig_table_to_csv(table, &answers[i], &err), KUNDIG_OK);
        kundig_table_free(table);
        kundig_query_free(query);
    }
    cr_assert(facts_same(answers[0], answers[1]), "%s\n%s", kundig_bytes_data(answers[0]),
              kundig_bytes_data(answers[1]));
    kundig_bytes_free(answers[0]);
    kundig_bytes_free(answers[1]);
    kundig_close(other);
    kundig_close(k);
}

Test(facts_table, do_not_tell_the_order_of_arrival)
{
    kundig_bytes *csv[2];
    for (int backwards = 0; backwards < 2; backwards++) {
        kundig *k = facts_open(0);
        kundig_error err = {0};
        for (int i = 0; i < 20; i++) {
            facts_give(k, backwards ? 19 - i : i);
        }
        kundig_feedback r[4];
        kundig_score score = {
            .question = KUNDIG__TEXT("zz"), .scale = KUNDIG_SCALE_STARS, .value = 3};
        for (int i = 0; i < 4; i++) { /* without id, two of them equal */
            kundig_feedback_init(&r[i]);
            r[i].source = kundig__str("a.csv");
            r[i].text = kundig__str((backwards ? i : 3 - i) < 2 ? "eins" : "zwei");
            r[i].scores = &score;
            r[i].score_count = (backwards ? i : 3 - i) == 0;
        }
        cr_assert_eq(kundig_feedback_add(k, r, 4, NULL, &err), KUNDIG_OK, "%s", err.message);
        csv[backwards] = facts_csv(k, KUNDIG_FACTS_FEEDBACK);
        kundig_close(k);
    }
    cr_assert(facts_same(csv[0], csv[1]), "%s\n%s", kundig_bytes_data(csv[0]),
              kundig_bytes_data(csv[1]));
    kundig_bytes_free(csv[0]);
    kundig_bytes_free(csv[1]);
}

Test(facts_table, of_a_query_are_current_and_masked)
{
    kundig *k = facts_open(KUNDIG_PERSONAL_ALL);
    for (int i = 0; i < 20; i++) {
        facts_give(k, i);
    }
    kundig_query *query = fixture_query("id = \"r05\"");
    kundig_table *table = facts_of(k, KUNDIG_FACTS_FEEDBACK, query);
    cr_assert_eq(kundig_table_row_count(table), 1);
    size_t text = kundig_table_find_column(table, "text", 4);
    cr_assert_eq(text + 1, kundig_table_column_count(table));
    cr_assert(kundig__text_equal(kundig_table_text(table, 0, text), KUNDIG__TEXT("anders")));
    kundig_table_free(table);
    kundig_query_free(query);
    query = fixture_query("id = \"r02\"");
    table = facts_of(k, KUNDIG_FACTS_FEEDBACK, query);
    cr_assert(
        kundig__text_equal(kundig_table_text(table, 0, text), KUNDIG__TEXT("Mail an [e-mail]")));
    kundig_table_free(table);
    kundig_table *none = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_facts(k, KUNDIG_FACTS_EVENTS, query, &none, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_facts(k, 8, NULL, &none, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_facts(k, -1, NULL, &none, &err), KUNDIG_E_ARG);
    cr_assert_null(none);
    kundig_query_free(query);
    kundig_close(k);
}

static void facts_is(kundig *k, int which, const char *want)
{
    kundig_bytes *csv = facts_csv(k, which);
    cr_assert_str_eq(kundig_bytes_data(csv), want);
    kundig_bytes_free(csv);
}

static void facts_give_others(kundig *k)
{
    kundig_error err = {0};
    kundig_customer customer[2];
    kundig_event event;
    kundig_label label;
    kundig_link link;
    kundig_consent consent;
    kundig_retention retention;
    kundig_edit edit[2];
    kundig_attribute city = {KUNDIG__TEXT("city"),
                             {.type = KUNDIG_VALUE_TEXT, .text = KUNDIG__TEXT("Bonn")}};
    kundig_attribute visits = {KUNDIG__TEXT("city"), {.type = KUNDIG_VALUE_NUMBER, .number = 7}};
    for (int i = 0; i < 2; i++) {
        kundig_customer_init(&customer[i]);
        customer[i].source = kundig__str("crm");
        customer[i].id = kundig__str(i ? "kim" : "lou");
        customer[i].since_ms = i ? 0 : KUNDIG_TIME_ABSENT;
        customer[i].churned = i ? KUNDIG_NO : KUNDIG_YES;
        customer[i].revenue = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = 12.5 + i};
        customer[i].attributes = i ? &city : &visits;
        customer[i].attribute_count = 1;
    }
    cr_assert_eq(kundig_customer_add(k, customer, 2, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_event_init(&event);
    event.source = kundig__str("crm");
    event.id = kundig__str("e1");
    event.kind = KUNDIG_EVENT_CASE_RESOLVED;
    event.customer = kundig__str("kim");
    event.time_ms = 0;
    event.time_precision = KUNDIG_PRECISION_DAY;
    event.value = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = 3};
    cr_assert_eq(kundig_event_add(k, &event, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_label_init(&label);
    label.source = kundig__str("a.csv");
    label.id = kundig__str("r1");
    label.topic = kundig__str("delay");
    label.by = kundig__str("ada");
    label.updated_ms = 1000;
    cr_assert_eq(kundig_label_add(k, &label, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_link_init(&link);
    link.customer = kundig__str("kim");
    link.same_as = kundig__str("kimmy");
    cr_assert_eq(kundig_link_add(k, &link, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_consent_init(&consent);
    consent.customer = kundig__str("kim");
    consent.consent = KUNDIG_NO;
    cr_assert_eq(kundig_consent_add(k, &consent, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_retention_init(&retention);
    retention.purpose = kundig__str("quality");
    retention.days = -1;
    cr_assert_eq(kundig_retention_add(k, &retention, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_edit_init(&edit[0]);
    edit[0].kind = KUNDIG_EDIT_RENAME;
    edit[0].topic = kundig__str("t-0123456789ab");
    edit[0].name = kundig__str("Lost parcels");
    edit[0].by = kundig__str("ada");
    edit[0].updated_ms = 2000;
    kundig_edit_init(&edit[1]);
    edit[1].kind = KUNDIG_EDIT_APART;
    edit[1].holds = KUNDIG_NO;
    edit[1].source = edit[1].other_source = kundig__str("a.csv");
    edit[1].id = kundig__str("r2");
    edit[1].other_id = kundig__str("r1");
    cr_assert_eq(kundig_edit_add(k, edit, 2, NULL, &err), KUNDIG_OK, "%s", err.message);
}

Test(facts_table, list_every_kind)
{
    kundig *k = facts_open(0);
    facts_give_others(k);
    facts_is(k, KUNDIG_FACTS_FEEDBACK, "\r\n");
    facts_is(k, KUNDIG_FACTS_CUSTOMERS,
             "source,id,since,churned,revenue,city\r\n"
             "crm,kim,1970-01-01T00:00:00Z,no,13.5,Bonn\r\n"
             "crm,lou,,yes,12.5,7\r\n");
    facts_is(k, KUNDIG_FACTS_EVENTS,
             "source,id,customer,time,kind,value\r\n"
             "crm,e1,kim,1970-01-01,case_resolved,3\r\n");
    facts_is(k, KUNDIG_FACTS_LABELS,
             "source,id,topic,by,holds,updated\r\n"
             "a.csv,r1,delay,ada,yes,1970-01-01T00:00:01Z\r\n");
    facts_is(k, KUNDIG_FACTS_LINKS, "customer,same_as,holds\r\nkim,kimmy,yes\r\n");
    facts_is(k, KUNDIG_FACTS_CONSENTS, "customer,consent\r\nkim,no\r\n");
    facts_is(k, KUNDIG_FACTS_RETENTION, "purpose,days\r\nquality,-1\r\n");
    facts_is(k, KUNDIG_FACTS_EDITS,
             "kind,topic,name,source,id,other_source,other_id,by,holds,updated\r\n"
             "apart,,,a.csv,r1,a.csv,r2,,no,\r\n"
             "rename,t-0123456789ab,Lost parcels,,,,,ada,yes,1970-01-01T00:00:02Z\r\n");
    kundig_close(k);
}

Test(facts_table, names_of_fields_stay_those_of_fields)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    kundig_score score = {
        .question = KUNDIG__TEXT("text"), .scale = KUNDIG_SCALE_STARS, .value = 2};
    kundig_feedback r = fixture_record("1", "words");
    r.scores = &score;
    r.score_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_facts(f.corpus, KUNDIG_FACTS_FEEDBACK, NULL, &table, &f.err),
                 KUNDIG_OK);
    cr_assert_str_eq(kundig_table_column_name(table, 3), "text");
    cr_assert_eq(kundig_table_column_type(table, 3), KUNDIG_COLUMN_TEXT);
    const char *name = kundig_table_column_name(table, 2);
    cr_assert_str_neq(name, "text");
    cr_assert(strstr(kundig_table_note(table, 0), name) != NULL);
    kundig_table_free(table);
    fixture_close(&f);
}

static int64_t facts_call(fixture *f, void *ud)
{
    kundig_table *table = NULL;
    int rc = kundig__corpus_facts(f->corpus, KUNDIG_FACTS_FEEDBACK, ud, &table, &f->err);
    kundig_table_free(table);
    return rc;
}

Test(facts_table, fails_cleanly_at_every_allocation)
{
    fixture f;
    fixture_open(&f);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    for (int i = 0; i < 4; i++) {
        char id[4];
        char name[8];
        snprintf(id, sizeof id, "%d", i);
        snprintf(name, sizeof name, "q%d", 3 - i);
        kundig_score score = {
            .question = kundig__str(name), .scale = KUNDIG_SCALE_STARS, .value = 2};
        kundig_attribute attribute = {kundig__str(name + 1),
                                      {.type = KUNDIG_VALUE_NUMBER, .number = i}};
        kundig_feedback r = fixture_record(id, "Mail an a.b@example.com");
        r.scores = &score;
        r.score_count = 1;
        r.attributes = &attribute;
        r.attribute_count = 1;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = fixture_query("id != \"0\"");
    fixture_sweep(&f, facts_call, NULL);
    fixture_sweep(&f, facts_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
