/* Consents: the latest word counts, for a purpose or for every one; nothing goes away. */
#include "records.h"

TestSuite(consent, .fini = probe_fini);

static void consent_say(fixture *f, const char *customer, const char *purpose, int32_t consent,
                        int64_t updated)
{
    kundig_consent record;
    kundig_added added;
    kundig_consent_init(&record);
    kundig_added_init(&added);
    record.customer = kundig__str(customer);
    record.purpose = kundig__str(purpose);
    record.consent = consent;
    record.updated_ms = updated;
    cr_assert_eq(kundig__facts_add(f->corpus, KUNDIG_FACTS_CONSENTS, &record, 1, &added, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
}

static void consent_record(fixture *f, const char *id, const char *customer, int32_t consent)
{
    kundig_feedback record = fixture_record(id, "words");
    record.customer = kundig__str(customer);
    record.consent = consent;
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
}

/* How many records a purpose may use, and how many it leaves out: kept * 100 + no_consent. */
static int64_t consent_count(fixture *f, const char *purpose)
{
    kundig_query *query = fixture_query(NULL);
    kundig__grouping *grouping = NULL;
    kundig__left_out left_out;
    query->purpose = kundig__str(purpose);
    int64_t kept = fixture_count(f, query);
    cr_assert_geq(kept, 0, "%s", f->err.message);
    cr_assert_eq(kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err),
                 KUNDIG_OK);
    kundig__grouping_left_out(grouping, &left_out);
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    return kept * 100 + (int64_t)left_out.no_consent;
}

Test(consent, the_latest_word_of_a_customer_counts)
{
    fixture f;
    fixture_open(&f);
    consent_record(&f, "1", "a", KUNDIG_UNKNOWN);
    consent_record(&f, "2", "a", KUNDIG_YES);
    consent_record(&f, "3", "b", KUNDIG_NO);
    consent_record(&f, "4", NULL, KUNDIG_UNKNOWN);
    cr_assert_eq(consent_count(&f, "quality"), 301);
    consent_say(&f, "a", "quality", KUNDIG_NO, 10);
    cr_assert_eq(consent_count(&f, "quality"), 103, "a said no, whatever the records carry");
    cr_assert_eq(consent_count(&f, "research"), 301, "of quality alone");
    cr_assert_eq(consent_count(&f, NULL), 400, "no purpose, no question of consent");
    consent_say(&f, "a", "quality", KUNDIG_YES, 5);
    cr_assert_eq(consent_count(&f, "quality"), 103, "what came later was said before");
    consent_say(&f, "a", NULL, KUNDIG_YES, 11);
    cr_assert_eq(consent_count(&f, "quality"), 301, "every purpose is this one, too");
    consent_say(&f, "a", NULL, KUNDIG_NO, 12);
    cr_assert_eq(consent_count(&f, "quality"), 103);
    cr_assert_eq(consent_count(&f, "research"), 103);
    consent_say(&f, "a", "research", KUNDIG_YES, 12);
    cr_assert_eq(consent_count(&f, "research"), 103, "of one time, no is heard");
    consent_say(&f, "a", "research", KUNDIG_YES, 13);
    cr_assert_eq(consent_count(&f, "research"), 301);
    cr_assert_eq(consent_count(&f, "quality"), 103);
    consent_say(&f, "b", "quality", KUNDIG_YES, 99);
    cr_assert_eq(consent_count(&f, "quality"), 103, "a record's own no is not lifted");
    consent_say(&f, "nobody", "quality", KUNDIG_NO, 99);
    cr_assert_eq(consent_count(&f, "quality"), 103);
    fixture_check(&f);
    fixture_close(&f);
}

Test(consent, of_a_conflict_no_is_heard)
{
    for (int order = 0; order < 2; order++) {
        fixture f;
        fixture_open(&f);
        consent_record(&f, "1", "a", KUNDIG_UNKNOWN);
        consent_say(&f, "a", "quality", order ? KUNDIG_NO : KUNDIG_YES, 10);
        consent_say(&f, "a", "quality", order ? KUNDIG_YES : KUNDIG_NO, 10);
        cr_assert_eq(consent_count(&f, "quality"), 1);
        consent_say(&f, "a", "quality", KUNDIG_YES, 11);
        cr_assert_eq(consent_count(&f, "quality"), 100);
        fixture_close(&f);
    }
}

Test(consent, under_any_name_of_a_person_counts)
{
    fixture f;
    kundig_link link;
    kundig_added added;
    fixture_open(&f);
    consent_record(&f, "1", "a", KUNDIG_UNKNOWN);
    consent_record(&f, "2", "b", KUNDIG_UNKNOWN);
    consent_say(&f, "c", "quality", KUNDIG_NO, 10);
    consent_say(&f, "a", "quality", KUNDIG_YES, 9);
    cr_assert_eq(consent_count(&f, "quality"), 200);
    for (int i = 0; i < 2; i++) {
        kundig_link_init(&link);
        kundig_added_init(&added);
        link.customer = kundig__str(i ? "b" : "a");
        link.same_as = kundig__str("c");
        cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, &link, 1, &added, &f.err),
                     KUNDIG_OK);
    }
    cr_assert_eq(consent_count(&f, "quality"), 2);
    consent_say(&f, "b", NULL, KUNDIG_YES, 10);
    cr_assert_eq(consent_count(&f, "quality"), 2);
    consent_say(&f, "b", NULL, KUNDIG_YES, 11);
    cr_assert_eq(consent_count(&f, "quality"), 200);
    fixture_close(&f);
}

Test(consent, leaves_records_out_of_groups_numbered_by_occurrence)
{
    fixture f;
    fixture_open(&f);
    /* Many names of many fields: more combinations than are numbered densely. */
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    for (int i = 0; i < 200; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%d", i);
        kundig_feedback record = fixture_record(name, "words");
        record.customer = kundig__str(name);
        record.stage = record.customer;
        record.channel = record.customer;
        record.agent = record.customer;
        cr_assert_eq(kundig__batch_add(f.corpus, &record, NULL, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    consent_say(&f, "n7", "quality", KUNDIG_NO, 1);
    consent_say(&f, "n8", NULL, KUNDIG_NO, 1);
    kundig_query *query = fixture_query(NULL);
    query->purpose = kundig__str("quality");
    static const char *const fields[] = {"stage", "channel", "agent"};
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(kundig_query_group_by(query, fields[i], strlen(fields[i]), NULL), KUNDIG_OK);
    }
    cr_assert_eq(fixture_count(&f, query), 198);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t consent_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(consent, survives_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    consent_record(&f, "1", "a", KUNDIG_UNKNOWN);
    consent_record(&f, "2", "b", KUNDIG_UNKNOWN);
    consent_say(&f, "a", "quality", KUNDIG_NO, 10);
    kundig_query *query = fixture_query(NULL);
    query->purpose = kundig__str("quality");
    cr_assert_eq(fixture_count(&f, query), 1);
    fixture_sweep(&f, consent_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
