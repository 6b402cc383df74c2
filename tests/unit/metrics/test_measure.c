#include "base/math.h"
#include "spoken.h"
#include "why/why.h"

TestSuite(measure, .fini = probe_fini);

Test(measure, gives_the_score_of_hand_counted_records)
{
    static const double answers[] = {0, 7, 7, 9, 9, 9};
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    for (size_t i = 0; i < 7; i++) {
        char id[4] = {'r', (char)('0' + i), 0, 0};
        kundig_feedback record = fixture_record(id, NULL);
        kundig_score score = i < 6 ? fixture_nps(answers[i]) : fixture_nps(0);
        record.scores = &score;
        record.score_count = i < 6;
        cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = survey_query("nps");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK, "%s", f.err.message);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_eq(survey_number(table, 0, "value"), 2.0 / 6);
    cr_assert_float_eq(survey_number(table, 0, "lo"), -.267433, 1e-6);
    cr_assert_eq(survey_number(table, 0, "n"), 6);
    cr_assert_eq(survey_number(table, 0, "n_eff"), 6);
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "customers")));
    cr_assert_str_eq(survey_text(table, 0, "status"), "ok");
    cr_assert_str_eq(survey_text(table, 0, "metric"), "nps");
    cr_assert_str_eq(survey_text(table, 0, "method"), "adjusted Wald");
    cr_assert(survey_note(table, "1 of 7 records have no answer to nps"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(measure, same_bytes_in_any_order_and_with_any_threads)
{
    static survey s;
    static const size_t strides[] = {1, 7, 11};
    for (unsigned how = 0; how < 8; how++) {
        survey_make(&s, 289, how, 40 + how);
        for (size_t q = 0; q < SURVEY_QUESTIONS; q++) {
            kundig_query *query = survey_question(q);
            kundig_bytes *first = NULL;
            for (size_t order = 0; order < 3; order++) {
                fixture f;
                fixture_open(&f);
                f.context.threads = (uint32_t)order + 1;
                for (size_t start = 0; start < strides[order]; start++) {
                    size_t from = (start * 5) % strides[order];
                    cr_assert_eq(survey_add(&f, &s, from, s.count, strides[order]), KUNDIG_OK);
                }
                kundig_bytes *bytes = survey_measure(&f, query);
                if (first) {
                    survey_same(first, bytes);
                    kundig_bytes_free(bytes);
                } else {
                    first = bytes;
                }
                fixture_close(&f);
            }
            kundig_bytes_free(first);
            kundig_query_free(query);
        }
    }
}

/* The documented formulas, straight from the records. */
static void measure_by_hand(const survey *s, bool clustered, double *value, double *se)
{
    double w = 0;
    double wx = 0;
    double q = 0;
    size_t clusters = 0;
    for (size_t i = 0; i < s->count; i++) {
        const kundig_feedback *r = &s->answers[i].record;
        if (r->score_count && r->scores[0].scale == KUNDIG_SCALE_NPS) {
            double weight = r->has_weight ? r->weight : 1;
            w += weight;
            wx += weight * ((r->scores[0].value >= 9) - (r->scores[0].value < 7));
        }
    }
    *value = wx / w;
    for (size_t i = 0; i < s->count; i++) {
        const kundig_feedback *r = &s->answers[i].record;
        bool joins = clustered && r->customer.data;
        bool stands = false; /* for an earlier record of the cluster */
        bool any = false;
        double sum = 0;
        for (size_t j = 0; j < s->count; j++) {
            const kundig_feedback *o = &s->answers[j].record;
            bool same = i == j || (joins && kundig__text_equal(r->customer, o->customer));
            stands = stands || (same && j < i);
            if (same && o->score_count && o->scores[0].scale == KUNDIG_SCALE_NPS) {
                double weight = o->has_weight ? o->weight : 1;
                sum += weight * ((o->scores[0].value >= 9) - (o->scores[0].value < 7) - *value);
                any = true;
            }
        }
        if (any && !stands) {
            q += sum * sum;
            clusters++;
        }
    }
    double c = (double)clusters;
    *se = kundig__sqrt((clustered ? c / (c - 1) : 1) * q) / w;
}

Test(measure, variance_follows_the_formula_computed_by_hand)
{
    static survey s;
    for (unsigned how = 0; how < 4; how++) {
        fixture f;
        double value;
        double se;
        kundig_table *table = NULL;
        survey_make(&s, 200, how, 3);
        fixture_open(&f);
        cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
        kundig_query *query = survey_query("nps");
        cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK);
        measure_by_hand(&s, how & SURVEY_CUSTOMERS, &value, &se);
        cr_assert_float_eq(survey_number(table, 0, "value"), value, 1e-14);
        cr_assert_float_eq(survey_number(table, 0, "se"), se, 1e-14);
        cr_assert_eq(strstr(survey_text(table, 0, "method"), "weighted") != NULL,
                     (how & SURVEY_WEIGHTS) != 0);
        cr_assert_eq(strstr(survey_text(table, 0, "method"), "clustered") != NULL,
                     (how & SURVEY_CUSTOMERS) != 0);
        kundig_table_free(table);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

Test(measure, employees_answer_their_own_score)
{
    static survey s;
    fixture f;
    kundig_table *nps = NULL;
    kundig_table *enps = NULL;
    kundig_table *count = NULL;
    survey_make(&s, 200, SURVEY_EMPLOYEES, 9);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    cr_assert_eq(kundig__measure(f.corpus, query, &nps, &f.err), KUNDIG_OK);
    query->metric = kundig__str("enps");
    cr_assert_eq(kundig__measure(f.corpus, query, &enps, &f.err), KUNDIG_OK);
    query->metric = kundig__str("count");
    cr_assert_eq(kundig__measure(f.corpus, query, &count, &f.err), KUNDIG_OK);
    int64_t answered = 0;
    for (size_t i = 0; i < s.count; i++) {
        const kundig_feedback *r = &s.answers[i].record;
        answered += r->score_count && r->scores[0].scale == KUNDIG_SCALE_NPS;
    }
    cr_assert_eq(survey_number(nps, 0, "n") + survey_number(enps, 0, "n"), (double)answered);
    cr_assert(survey_number(enps, 0, "n") > 10);
    cr_assert(survey_note(nps, "records of employees are left out"));
    cr_assert(survey_note(enps, "records of other kinds than employee are left out"));
    cr_assert_eq(survey_number(count, 0, "value"), 200);
    cr_assert_eq(survey_number(count, 0, "lo"), 200);
    cr_assert_str_eq(survey_text(count, 0, "method"), "enumeration");
    kundig_table_free(nps);
    kundig_table_free(enps);
    kundig_table_free(count);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(measure, groups_without_an_answer_are_no_data_and_small_ones_too_few)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    for (size_t i = 0; i < 6; i++) {
        char id[4] = {'r', (char)('0' + i), 0, 0};
        kundig_feedback record = fixture_record(id, NULL);
        kundig_score score = fixture_nps(9);
        record.stage = kundig__str(i < 3 ? "asked" : i < 5 ? "silent" : "rare");
        record.scores = &score;
        record.score_count = i < 3 || i == 5;
        cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    query->min_n = 2;
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 3);
    cr_assert_str_eq(survey_text(table, 0, "stage"), "asked");
    cr_assert_str_eq(survey_text(table, 0, "status"), "ok");
    cr_assert_str_eq(survey_text(table, 1, "stage"), "rare");
    cr_assert_str_eq(survey_text(table, 1, "status"), "too_few");
    cr_assert_str_eq(survey_text(table, 2, "status"), "no_data");
    for (size_t row = 1; row < 3; row++) {
        cr_assert(kundig_table_is_null(table, row, survey_column(table, "value")));
        cr_assert(kundig_table_is_null(table, row, survey_column(table, "hi")));
    }
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(measure, questions_are_found_or_named_in_the_refusal)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    kundig_query *query = survey_query("nps");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_NOT_FOUND);
    query->metric = kundig__str("count");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK);
    cr_assert_eq(survey_number(table, 0, "value"), 0);
    kundig_table_free(table);
    table = NULL;

    kundig_score scores[] = {
        fixture_nps(9), fixture_nps(3), {.scale = KUNDIG_SCALE_STARS, .value = 4}};
    scores[0].question = kundig__str("recommend us");
    scores[1].question = kundig__str("recommend app");
    kundig_feedback record = fixture_record("r1", NULL);
    record.scores = scores;
    record.score_count = 3;
    cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    query->metric = kundig__str("nps");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_AMBIGUOUS);
    cr_assert_str_eq(f.err.message,
                     "nps could read several questions, name one of: recommend app, recommend us");
    query->question = kundig__str("recommend app");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK);
    cr_assert_eq(survey_number(table, 0, "value"), -1);
    kundig_table_free(table);
    table = NULL;
    query->question = kundig__str("stars");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_ARG);
    query->question = kundig__str("nonsense");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_NOT_FOUND);
    cr_assert(strstr(f.err.message, "recommend app, recommend us, stars"));
    query->question = (kundig_text){NULL, 0};
    query->metric = kundig__str("csat");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_NOT_FOUND);
    cr_assert(strstr(f.err.message, "scale csat"), "%s", f.err.message);
    query->metric = kundig__str("nsp");
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_NOT_FOUND);
    query->metric = (kundig_text){NULL, 0};
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_E_ARG);
    cr_assert_null(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(measure, customers_as_unit_leave_out_records_without_one)
{
    fixture f;
    kundig_table *table = NULL;
    static const char *const customers[] = {"a", "a", "a", "b", NULL};
    static const double answers[] = {10, 10, 0, 0, 10};
    fixture_open(&f);
    for (size_t i = 0; i < 5; i++) {
        char id[4] = {'r', (char)('0' + i), 0, 0};
        kundig_feedback record = fixture_record(id, NULL);
        kundig_score score = fixture_nps(answers[i]);
        record.customer = kundig__str(customers[i]);
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = survey_query("nps");
    query->unit = KUNDIG_OF_CUSTOMERS;
    cr_assert_eq(kundig__measure(f.corpus, query, &table, &f.err), KUNDIG_OK);
    cr_assert_float_eq(survey_number(table, 0, "value"), (1.0 / 3 - 1) / 2, 1e-11);
    cr_assert_eq(survey_number(table, 0, "n"), 4);
    cr_assert_eq(survey_number(table, 0, "customers"), 2);
    cr_assert_eq(survey_number(table, 0, "n_eff"), 2);
    cr_assert(survey_note(table, "1 of 5 records name no customer"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

/* Rows of a topic are the rows of the same query among the records with that topic. */
Test(measure, by_topic_is_what_the_same_query_says_of_its_records)
{
    static spoken s;
    static const char *const metrics[] = {"nps", "csat_mean", "count", "customers", "csat"};
    for (unsigned how = 0; how < 20; how++) {
        fixture f;
        spoken_make(&s, 200, how & 7, 90 + how);
        spoken_open(&f, &s, how % 2, 1);
        for (uint32_t topic = 0; topic < SAYING_TOPICS; topic++) {
            char condition[64];
            const char *name = topic ? saying_topics[topic - 1] : NULL;
            kundig_query *query = spoken_query(metrics[how % 5], "topic", "stage", NULL);
            kundig_query *plain = spoken_query(metrics[how % 5], "stage", NULL, NULL);
            snprintf(condition, sizeof condition, name ? "topic = %s" : "topic is missing", name);
            cr_assert_eq(kundig_query_keep(plain, survey_node(plain, condition), NULL), KUNDIG_OK);
            query->unit = plain->unit = how & 8 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
            query->every = plain->every = KUNDIG_EVERY_MONTH;
            kundig_table *table = spoken_measure(&f, query);
            kundig_table *alone = spoken_measure(&f, plain);
            size_t at = 0;
            for (size_t row = 0; row < kundig_table_row_count(table); row++) {
                if (spoken_key_is(table, row, "topic", kundig__str(name))) {
                    spoken_same_row(table, row, alone, at++, "stage", NULL);
                }
            }
            cr_assert_eq(at, kundig_table_row_count(alone));
            kundig_table_free(table);
            kundig_table_free(alone);
            kundig_query_free(query);
            kundig_query_free(plain);
        }
        fixture_close(&f);
    }
}

Test(measure, notes_count_a_record_once_whatever_it_speaks_of)
{
    static spoken s;
    fixture f;
    spoken_make(&s, 200, SURVEY_CUSTOMERS | SURVEY_EMPLOYEES, 17);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = survey_query("nps");
    query->unit = KUNDIG_OF_CUSTOMERS;
    kundig_table *plain = spoken_measure(&f, query);
    survey_group(query, "topic");
    kundig_table *table = spoken_measure(&f, query);
    cr_assert_eq(kundig_table_note_count(plain), 3);
    cr_assert_eq(kundig_table_note_count(table), 3);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_str_eq(kundig_table_note(table, i), kundig_table_note(plain, i));
    }
    kundig_table_free(table);
    kundig_table_free(plain);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(measure, fails_cleanly_at_every_allocation)
{
    static survey s;
    fixture f;
    survey_make(&s, 60, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 5);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    survey_warm(&f);
    saying_plant(&f, (uint8_t[60]){3, 1, 2, 7, 31}, NULL);
    for (size_t q = 0; q < SURVEY_QUESTIONS; q += 3) {
        kundig_query *query = survey_question(q);
        if (q > 6) {
            survey_group(query, "topic");
        }
        for (int on = 0; on < 2; on++) {
            int rc = KUNDIG_E_NOMEM;
            for (size_t at = 1; rc; at++) {
                kundig_table *table = NULL;
                size_t live = probe_shared.live_blocks;
                probe_shared.fail_at = probe_shared.allocations + at;
                probe_shared.fail_on = on;
                rc = kundig__measure(f.corpus, query, &table, &f.err);
                probe_shared.fail_at = 0;
                probe_shared.fail_on = false;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
                cr_assert((rc == KUNDIG_OK) == (table != NULL));
                kundig_table_free(table);
                cr_assert_eq(probe_shared.live_blocks, live);
            }
        }
        kundig_query_free(query);
    }
    fixture_close(&f);
}

static kundig_bytes *measure_first(fixture *f)
{
    kundig_query *query = survey_question(0);
    kundig_bytes *bytes = survey_measure(f, query);
    kundig_query_free(query);
    return bytes;
}

/* Whatever is asked, linked names count as if every record had come with the person's name. */
static void measure_linked(fixture *f, fixture *g, kundig_query *query)
{
    kundig_table *a = NULL;
    kundig_table *b = NULL;
    kundig_state *s = NULL;
    kundig_state *t = NULL;
    kundig_bytes *x = survey_measure(f, query);
    kundig_bytes *y = survey_measure(g, query);
    survey_same(x, y);
    kundig_bytes_free(x);
    kundig_bytes_free(y);
    cr_assert_eq(kundig__state_new(f->corpus, query, &s, &f->err), KUNDIG_OK, "%s", f->err.message);
    cr_assert_eq(kundig__state_new(g->corpus, query, &t, &g->err), KUNDIG_OK);
    cr_assert_eq(kundig_state_save(s, &x, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_state_save(t, &y, NULL), KUNDIG_OK);
    survey_same(x, y);
    kundig_bytes_free(x);
    kundig_bytes_free(y);
    kundig_state_free(s);
    kundig_state_free(t);
    query->group_field_count = 0;
    query->every = KUNDIG_EVERY_NONE;
    query->metric = kundig__str("nps");
    uint32_t left = survey_node(query, "stage = Order");
    uint32_t right = survey_node(query, "stage = Delivery");
    cr_assert_eq(kundig__compare(f->corpus, query, left, right, &a, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    cr_assert_eq(kundig__compare(g->corpus, query, left, right, &b, &g->err), KUNDIG_OK);
    x = survey_json(a);
    y = survey_json(b);
    survey_same(x, y);
    kundig_bytes_free(x);
    kundig_bytes_free(y);
    kundig_words_options ten = {.limit = 10};
    cr_assert_eq(kundig__words(f->corpus, query, left, right, &ten, &a, &f->err), KUNDIG_OK);
    cr_assert_eq(kundig__words(g->corpus, query, left, right, &ten, &b, &g->err), KUNDIG_OK);
    x = survey_json(a);
    y = survey_json(b);
    survey_same(x, y);
    kundig_bytes_free(x);
    kundig_bytes_free(y);
    kundig_query_free(query);
}

Test(measure, linked_names_are_one_customer_in_every_answer)
{
    static survey s;
    static survey renamed;
    static char names[SURVEY_MAX][8];
    for (unsigned how = 1; how < 16; how += 2) {
        fixture f;
        fixture g;
        kundig_added added;
        kundig_link links[SURVEY_MAX];
        size_t count = 0;
        survey_make(&s, 289, how, 40 + how);
        renamed = s;
        fixture_open(&f);
        fixture_open(&g);
        f.context.threads = 2;
        kundig_added_init(&added);
        cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
        kundig_bytes *before = measure_first(&f);
        /* c7, c17, c27 ... are one, called by what is least by its bytes. */
        char least[10][32];
        for (size_t i = 0; i < 10; i++) {
            snprintf(least[i], sizeof least[i], "c%zu", i);
        }
        for (size_t i = 0; i < s.count; i++) {
            const char *name = s.answers[i].customer;
            char *known = least[name[strlen(name) - 1] - '0'];
            if (strcmp(name, known) < 0) {
                snprintf(known, sizeof least[0], "%s", name);
            }
        }
        for (size_t i = 0; i < s.count; i++) {
            const char *name = s.answers[i].customer;
            size_t digit = (size_t)(name[strlen(name) - 1] - '0');
            kundig_feedback *record = &renamed.answers[i].record;
            record->scores = renamed.answers[i].scores;
            if (record->customer.data) {
                record->customer = kundig__str(least[digit]);
            }
            snprintf(names[i], sizeof names[i], "c%zu", digit);
            if (strcmp(name, names[i]) != 0) {
                kundig_link_init(&links[count]);
                links[count].customer = kundig__str(name);
                links[count++].same_as = kundig__str(names[i]);
            }
        }
        cr_assert_eq(survey_add(&g, &renamed, 0, s.count, 1), KUNDIG_OK);
        cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, links, count, &added, &f.err),
                     KUNDIG_OK, "%s", f.err.message);
        for (size_t q = 0; q < SURVEY_QUESTIONS; q++) {
            measure_linked(&f, &g, survey_question(q));
        }
        kundig_query *query = survey_query("nps");
        survey_group(query, "customer");
        measure_linked(&f, &g, query);
        query = survey_query("share");
        survey_group(query, "topic");
        query->unit = how & 2 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        measure_linked(&f, &g, query);
        char where[128];
        kundig_query *persons = survey_query("csat");
        query = survey_query("csat");
        snprintf(where, sizeof where, "customer in (%s, %s)", least[3], least[4]);
        cr_assert_eq(kundig_query_keep(persons, survey_node(persons, where), NULL), KUNDIG_OK);
        cr_assert_eq(kundig_query_keep(query, survey_node(query, "customer in (c3, c4)"), NULL),
                     KUNDIG_OK);
        kundig_bytes *x = survey_measure(&f, query);
        kundig_bytes *y = survey_measure(&g, persons);
        survey_same(x, y);
        kundig_bytes_free(x);
        kundig_bytes_free(y);
        kundig_query_free(query);
        kundig_query_free(persons);
        fixture_check(&f);
        for (size_t i = 0; i < count; i++) {
            links[i].holds = KUNDIG_NO;
            links[i].updated_ms = 1;
        }
        cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_LINKS, links, count, &added, &f.err),
                     KUNDIG_OK);
        kundig_bytes *after = measure_first(&f);
        survey_same(before, after);
        kundig_bytes_free(before);
        kundig_bytes_free(after);
        fixture_close(&f);
        fixture_close(&g);
    }
}
