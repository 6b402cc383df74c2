#include "brute.h"

TestSuite(part_rows, .fini = probe_fini);

static kundig__score_parts parts_of(fixture *f, const kundig_query *query, const uint32_t *nodes,
                                    uint32_t sets)
{
    static const uint32_t all[1] = {KUNDIG__NO_NODE};
    kundig__asked asked;
    const kundig__question *question;
    kundig__score_parts parts;
    cr_assert_eq(kundig__ask(f->corpus, query, &asked, &question, &f->err), KUNDIG_OK);
    int rc = kundig__score_parts_new(f->corpus, query, &asked, question, nodes ? nodes : all, sets,
                                     &parts, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return parts;
}

static bool near(double a, double b)
{
    double difference = a - b;
    double size = 1 + (a < 0 ? -a : a);
    return difference < 1e-9 * size && difference > -1e-9 * size;
}

static double natural(const kundig__score_parts *parts, kundig__i128 sum, bool of_x)
{
    double one = parts->votes      ? (double)KUNDIG__PARTS_VOTE
                 : parts->weighted ? (double)KUNDIG__WEIGHT_ONE
                                   : 1;
    return kundig__i128_to_double(sum) / one / (of_x ? parts->per : 1);
}

static unsigned by_channel(const survey_answer *answer)
{
    return kundig__text_equal(answer->record.channel, kundig__str("email")) ? 0 : 1;
}

/* Everything that is summed and every variance, against persons added one by one. */
static void check_against_brute(const kundig__score_parts *parts, const brute *slow)
{
    const double forms[2][4] = {{.25, -.5, 1, .125}, {-1, .75, .5, 2}};
    uint32_t seen = 0;
    for (uint32_t part = 0; part < parts->count; part++) {
        const kundig__score_part *sums = &parts->parts[part];
        size_t number = 0;
        while (parts->keys[part].data && ++number < BRUTE_PARTS &&
               !kundig__text_equal(parts->keys[part], kundig__str(saying_topics[number - 1]))) {
        }
        cr_assert_lt(number, BRUTE_PARTS);
        double variance = 0;
        double inside = 0;
        size_t persons = 0;
        size_t members = 0;
        double one = parts->votes      ? (double)KUNDIG__PARTS_VOTE
                     : parts->weighted ? (double)KUNDIG__WEIGHT_ONE
                                       : 1;
        for (uint32_t set = 0; set < parts->sets; set++) {
            brute_sums all = {0};
            double customers = 0;
            for (size_t p = 0; p < slow->count; p++) {
                const brute_sums *own = &slow->persons[p][set][number];
                all.n += own->n;
                all.A += own->A;
                all.B += own->B;
                all.a += own->a;
                all.b += own->b;
                customers += slow->named[p] && own->n > 0;
            }
            cr_assert_eq((double)sums->sets[set].n, all.n);
            cr_assert_eq((double)sums->sets[set].customers, customers);
            cr_assert(near(natural(parts, sums->sets[set].A, true), all.A));
            cr_assert(near(natural(parts, sums->sets[set].B, false), all.B));
            cr_assert(near(natural(parts, sums->sets[set].a, true) / KUNDIG__PARTS_SPLIT, all.a));
            cr_assert(near(natural(parts, sums->sets[set].b, false) / KUNDIG__PARTS_SPLIT, all.b));
        }
        for (size_t p = 0; p < slow->count; p++) {
            const brute_sums *a = &slow->persons[p][0][number];
            const brute_sums *b = &slow->persons[p][1][number];
            double local[4] = {a->A, a->B, a->a, a->b};
            double global[4] = {slow->X[p][0], slow->W[p][0], slow->X[p][1], slow->W[p][1]};
            double sum = 0;
            double of_part = 0;
            if (parts->sets == 2) {
                local[0] = a->a;
                local[1] = a->b;
                local[2] = b->a;
                local[3] = b->b;
            }
            for (int i = 0; i < 4; i++) {
                of_part += forms[0][i] * local[i];
                sum += forms[1][i] * global[i];
            }
            variance += (of_part + sum) * (of_part + sum);
            inside += of_part * of_part;
            persons += slow->n[p][0] + slow->n[p][1] > 0;
            members += a->n + b->n > 0;
        }
        cr_assert_eq(parts->persons, persons);
        cr_assert_eq(sums->persons, members);
        variance *= parts->clustered ? (double)persons / (double)(persons - 1) : 1;
        double local[4];
        double global[4];
        for (int i = 0; i < 4; i++) {
            bool split = parts->sets == 2 || i > 1;
            double unit = one * (i % 2 ? 1 : parts->per);
            local[i] = forms[0][i] / unit / (split ? KUNDIG__PARTS_SPLIT : 1);
            global[i] = forms[1][i] / unit;
        }
        double told = kundig__score_parts_variance(parts, part, local, global);
        double told_inside = kundig__score_parts_inside(parts, part, local);
        cr_assert(kundig__abs(told - variance) < 1e-7 * variance, "%.17g %.17g", told, variance);
        cr_assert(kundig__abs(told_inside - inside) < 1e-7 * inside + 1e-12);
        seen++;
    }
    cr_assert_geq(seen, SAYING_TOPICS);
}

Test(part_rows, sums_and_variances_are_those_of_persons_one_by_one)
{
    static spoken s;
    static brute slow;
    for (unsigned how = 0; how < 4; how++) {
        for (unsigned kind = 0; kind < 8; kind++) {
            bool nps = kind & 1;
            bool votes = kind & 2;
            bool two = kind & 4;
            fixture f;
            if (votes && !(how & SURVEY_CUSTOMERS)) {
                continue;
            }
            spoken_make(&s, 400, how, how * 8 + kind + 1);
            spoken_open(&f, &s, 0, 1);
            kundig_query *query = spoken_query(nps ? "nps" : "csat_mean", "topic", NULL, NULL);
            query->unit = votes ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
            uint32_t nodes[2] = {survey_node(query, "channel = email"),
                                 survey_node(query, "channel = phone")};
            kundig__score_parts parts = parts_of(&f, query, two ? nodes : NULL, two ? 2 : 1);
            brute_make(&slow, &s, nps, how & SURVEY_WEIGHTS, votes, two ? by_channel : NULL);
            check_against_brute(&parts, &slow);
            cr_assert(parts.of_topics);
            cr_assert_eq(parts.weighted, how & SURVEY_WEIGHTS && !votes);
            cr_assert_eq(parts.clustered, how & SURVEY_CUSTOMERS && (!votes || two));
            kundig__score_parts_free(&parts);
            kundig__score_parts_free(&parts);
            kundig_query_free(query);
            fixture_close(&f);
        }
    }
}

Test(part_rows, additive_shares_sum_to_the_whole_exactly)
{
    static spoken s;
    for (unsigned kind = 0; kind < 8; kind++) {
        fixture f;
        spoken_make(&s, 500, (kind & 1) * SURVEY_WEIGHTS + SURVEY_CUSTOMERS, kind + 70);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = spoken_query(kind & 2 ? "nps" : "csat_mean", "topic", NULL, NULL);
        query->unit = kind & 4 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig__score_parts parts = parts_of(&f, query, NULL, 1);
        kundig__i128 a = 0;
        kundig__i128 b = 0;
        for (uint32_t part = 0; part < parts.count; part++) {
            a += parts.parts[part].sets[0].a;
            b += parts.parts[part].sets[0].b;
        }
        cr_assert(a == parts.whole[0].A * KUNDIG__PARTS_SPLIT);
        cr_assert(b == parts.whole[0].B * KUNDIG__PARTS_SPLIT);
        cr_assert(a == parts.whole[0].a && b == parts.whole[0].b);
        kundig__score_parts_free(&parts);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

/* Bytes that the answer is made of. */
static void same_parts(const kundig__score_parts *a, const kundig__score_parts *b)
{
    cr_assert_eq(a->count, b->count);
    for (uint32_t part = 0; part < a->count; part++) {
        cr_assert(a->keys[part].data ? kundig__text_equal(a->keys[part], b->keys[part])
                                     : !b->keys[part].data);
    }
    cr_assert_eq(memcmp(a->parts, b->parts, a->count * sizeof *a->parts), 0);
    cr_assert_eq(memcmp(a->whole, b->whole, sizeof a->whole), 0);
    cr_assert_eq(memcmp(a->gg, b->gg, sizeof a->gg), 0);
    cr_assert_eq(memcmp(a->local_shift, b->local_shift, sizeof a->local_shift), 0);
    cr_assert_eq(memcmp(a->global_shift, b->global_shift, sizeof a->global_shift), 0);
    cr_assert_eq(memcmp(&a->counted, &b->counted, sizeof a->counted), 0);
    cr_assert(a->persons == b->persons && a->clustered == b->clustered && a->centre == b->centre &&
              a->crowded == b->crowded);
}

Test(part_rows, the_order_of_arrival_does_not_show)
{
    static spoken s;
    for (unsigned kind = 0; kind < 8; kind++) {
        fixture f;
        fixture g;
        spoken_make(&s, 300, SURVEY_CUSTOMERS | (kind & 1) * SURVEY_WEIGHTS, kind + 30);
        spoken_open(&f, &s, 0, 1);
        fixture_open(&g);
        for (size_t first = 7; first-- > 0;) {
            cr_assert_eq(survey_add(&g, &s.survey, first, s.survey.count, 7), KUNDIG_OK);
        }
        spoken_choose_model(&g, "theme some: Some\ntopic thing: A thing\nany: thing\n");
        spoken_plant(&g, &s, 0xFF);
        kundig_query *query =
            spoken_query(kind & 2 ? "nps" : "csat_mean", kind & 4 ? "topic" : "stage", NULL, NULL);
        query->unit = kind & 2 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig__score_parts parts = parts_of(&f, query, NULL, 1);
        kundig__score_parts others = parts_of(&g, query, NULL, 1);
        same_parts(&parts, &others);
        kundig__score_parts_free(&parts);
        kundig__score_parts_free(&others);
        kundig_query_free(query);
        fixture_close(&f);
        fixture_close(&g);
    }
}

Test(part_rows, records_are_read_as_those_of_a_measurement_are)
{
    static spoken s;
    fixture f;
    spoken_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_EMPLOYEES, 5);
    spoken_open(&f, &s, 0, 1);
    for (int unit = 0; unit < 2; unit++) {
        kundig_query *query = spoken_query("nps", "stage", NULL, NULL);
        query->unit = unit ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig_table *table = spoken_measure(&f, query);
        kundig__score_parts parts = parts_of(&f, query, NULL, 1);
        cr_assert_eq(parts.count, kundig_table_row_count(table));
        cr_assert(!parts.of_topics);
        for (uint32_t part = 0; part < parts.count; part++) {
            const kundig__score_part_set *set = &parts.parts[part].sets[0];
            cr_assert(spoken_key_is(table, part, "stage", parts.keys[part]));
            cr_assert_eq((double)set->n, survey_number(table, part, "n"));
            cr_assert_eq((double)set->customers, survey_number(table, part, "customers"));
            /* a vote is shared by all records of a customer, not by those of the part alone */
            cr_assert(unit || near(kundig__i128_to_double(set->A) / kundig__i128_to_double(set->B),
                                   survey_number(table, part, "value")));
            cr_assert_eq(parts.numbers[part], UINT32_MAX);
        }
        cr_assert_gt(parts.counted.other_kind, 0);
        cr_assert_lt(parts.counted.n, parts.counted.selected);
        cr_assert_gt(parts.counted.nameless, 0);
        kundig__score_parts_free(&parts);
        kundig_table_free(table);
        kundig_query_free(query);
    }
    fixture_close(&f);
}

Test(part_rows, many_topics_of_one_record_are_split_over_the_first_sixteen)
{
    fixture f;
    kundig__buf taxonomy;
    kundig__buf text;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&taxonomy, &mem);
    kundig__buf_init(&text, &mem);
    kundig__buf_str(&taxonomy, "theme all: All\n");
    for (int i = 0; i < 20; i++) {
        char line[64];
        snprintf(line, sizeof line, "topic t%02d: T%d\nen: word%c\n", i, i, 'a' + i);
        kundig__buf_str(&taxonomy, line);
        snprintf(line, sizeof line, "the word%c is here. ", 'a' + i);
        kundig__buf_str(&text, line);
    }
    kundig__buf_char(&taxonomy, 0);
    kundig__buf_char(&text, 0);
    fixture_open(&f);
    spoken_choose_model(&f, taxonomy.data);
    kundig_score nine = fixture_nps(9);
    kundig_score five = fixture_nps(5);
    kundig_feedback records[3] = {fixture_record("1", text.data),
                                  fixture_record("2", "the worda, the wordb and the wordt"),
                                  fixture_record("3", "nothing of it")};
    for (int i = 0; i < 3; i++) {
        records[i].language = kundig__str("en");
        records[i].scores = i == 1 ? &five : &nine;
        records[i].score_count = 1;
    }
    cr_assert_eq(fixture_add(&f, records, 3, NULL), KUNDIG_OK);
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    kundig__score_parts parts = parts_of(&f, query, NULL, 1);
    cr_assert_eq(parts.count, 21);
    cr_assert_eq(parts.crowded, 1);
    for (uint32_t part = 0; part < 21; part++) {
        const kundig__score_part_set *set = &parts.parts[part].sets[0];
        bool in_second = part == 1 || part == 2 || part == 20;
        int64_t of_first = part && part <= 16 ? KUNDIG__PARTS_SPLIT / 16 : 0;
        int64_t split = !part ? KUNDIG__PARTS_SPLIT : of_first;
        split -= in_second ? KUNDIG__PARTS_SPLIT / 3 : 0;
        cr_assert_eq(set->n, in_second ? 2 : 1, "%u", part);
        cr_assert(set->A == (in_second ? 0 : 1));
        cr_assert(set->a == split, "%u", part);
        if (part) {
            cr_assert_eq(parts.numbers[part], part - 1);
            cr_assert_eq(parts.titles[part].data[0], 'T');
        }
    }
    kundig__score_parts_free(&parts);
    kundig_query_free(query);
    kundig__buf_free(&taxonomy);
    kundig__buf_free(&text);
    fixture_close(&f);
}

Test(part_rows, sets_with_a_common_record_are_refused)
{
    static spoken s;
    fixture f;
    kundig__asked asked;
    const kundig__question *question;
    kundig__score_parts parts;
    spoken_make(&s, 50, 0, 5);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    uint32_t nodes[2] = {survey_node(query, "channel = email"), KUNDIG__NO_NODE};
    cr_assert_eq(kundig__ask(f.corpus, query, &asked, &question, &f.err), KUNDIG_OK);
    cr_assert_eq(
        kundig__score_parts_new(f.corpus, query, &asked, question, nodes, 2, &parts, &f.err),
        KUNDIG_E_ARG);
    cr_assert(strstr(f.err.message, "records stand in both sets"));
    kundig__score_parts_free(&parts);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(part_rows, a_query_of_its_own_gets_what_it_lacks)
{
    static spoken s;
    fixture f;
    kundig__asked asked;
    const kundig__question *question;
    kundig_query *own = NULL;
    spoken_make(&s, 50, 0, 5);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = fixture_query(NULL);
    cr_assert_eq(kundig__why_ask(f.corpus, query, "topic", &own, &asked, &question, &f.err),
                 KUNDIG_OK);
    cr_assert_str_eq(asked.metric->name, "nps");
    cr_assert(kundig__text_equal(own->group_fields[0], kundig__str("topic")));
    cr_assert_eq(query->group_field_count, 0);
    kundig_query_free(own);
    survey_group(query, "stage");
    query->every = KUNDIG_EVERY_WEEK;
    query->metric = kundig__str("csat_mean");
    cr_assert_eq(kundig__why_ask(f.corpus, query, "topic", &own, &asked, &question, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(own->group_field_count, 1);
    cr_assert(kundig__text_equal(own->group_fields[0], kundig__str("stage")));
    cr_assert_eq(own->every, KUNDIG_EVERY_NONE);
    kundig_query_free(own);
    static const char *const none[] = {"count", "customers", "share"};
    for (size_t i = 0; i < 3; i++) {
        query->metric = kundig__str(none[i]);
        cr_assert_eq(kundig__why_ask(f.corpus, query, "topic", &own, &asked, &question, &f.err),
                     KUNDIG_E_ARG);
        cr_assert(strstr(f.err.message, "is no mean of answers"));
    }
    kundig_query_free(query);
    fixture_close(&f);
}

static int parts_try(size_t fail_at, bool fail_on)
{
    static spoken s;
    static const uint32_t all[1] = {KUNDIG__NO_NODE};
    fixture f;
    kundig__asked asked;
    const kundig__question *question;
    kundig__score_parts parts;
    spoken_make(&s, 60, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 5);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("nps", "topic", NULL, NULL);
    cr_assert_eq(kundig__ask(f.corpus, query, &asked, &question, &f.err), KUNDIG_OK);
    survey_warm(&f);
    probe_shared.allocations = 0;
    probe_shared.fail_at = fail_at;
    probe_shared.fail_on = fail_on;
    int rc = kundig__score_parts_new(f.corpus, query, &asked, question, all, 1, &parts, &f.err);
    probe_shared.fail_at = 0;
    probe_shared.fail_on = false;
    kundig__score_parts_free(&parts);
    kundig_query_free(query);
    fixture_close(&f);
    return rc;
}

Test(part_rows, fails_cleanly_wherever_memory_ends)
{
    for (int on = 0; on < 2; on++) {
        size_t fail_at = 1;
        int rc;
        while ((rc = parts_try(fail_at, on)) != KUNDIG_OK) {
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
            fail_at++;
        }
        cr_assert_gt(fail_at, 10);
    }
}
