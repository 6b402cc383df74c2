#include "teaching.h"

TestSuite(taught, .fini = probe_fini);

typedef struct taught_fixture {
    kundig__mem mem;
    kundig_examples *set;
    kundig_model *base;
    kundig_model *model;
    kundig__reading reading;
} taught_fixture;

static void taught_begin(taught_fixture *f, const char *taxonomy)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->mem, &allocator, 0);
    f->set = taught_examples();
    f->base = taxonomy ? model_of(taxonomy) : NULL;
    f->model = teach(f->base, f->set);
    kundig__reading_init(&f->reading, &f->mem, f->model);
}

static void taught_end(taught_fixture *f)
{
    kundig__reading_free(&f->reading);
    kundig_model_free(f->model);
    kundig_model_free(f->base);
    kundig_examples_free(f->set);
    cr_assert_eq(f->mem.used, 0);
}

static const char *taught_in(taught_fixture *f, const char *text)
{
    static char shown[4096];
    cr_assert_eq(kundig__reading_run(&f->reading, text, strlen(text), 0), KUNDIG_OK);
    show_hits(&f->reading, shown, sizeof shown);
    return shown;
}

Test(taught, topics_have_hits_and_probabilities)
{
    taught_fixture f;
    taught_begin(&f, NULL);
    const kundig__reading *reading = &f.reading;
    taught_in(&f, "the courier was late by weeks");
    cr_assert_eq(reading->topic_count, 1);
    cr_assert_gt(reading->hit_count, 0);
    for (size_t i = 0; i < reading->hit_count; i++) {
        cr_assert_eq(reading->hits[i].rule, KUNDIG__RULE_TAUGHT);
        cr_assert_lt(reading->hits[i].start, reading->hits[i].end);
        cr_assert_leq(reading->hits[i].end, 29);
    }
    cr_assert_gt(reading->probabilities[0], 0.5f);
    cr_assert_leq(reading->probabilities[0], 1.0f);
    cr_assert_str_eq(taught_in(&f, ""), "");
    cr_assert_eq(reading->topic_count, 0);
    cr_assert_str_eq(taught_in(&f, " \n "), "");
    taught_end(&f);
}

/* Of a defined topic that is taught the classifier decides; of others rules do. */
Test(taught, topics_are_decided_by_what_was_learned)
{
    taught_fixture f;
    taught_begin(&f, "theme s: S\ntopic staff: Staff\nen: password, friendly people\n"
                     "theme r: R\ntopic refund: Refund\nen: refund\n");
    const kundig__reading *reading = &f.reading;
    taught_in(&f, "password was not accepted, screen stays white, refund");
    for (size_t i = 0; i < reading->topic_count; i++) {
        kundig_text name = kundig__model_topic(f.model, reading->topics[i])->name;
        cr_expect(!kundig__text_equal(name, KUNDIG__TEXT("staff")), "a hit of a rule is overruled");
        bool ruled = kundig__text_equal(name, KUNDIG__TEXT("refund"));
        cr_expect_eq(reading->probabilities[i] < 0, ruled);
    }
    cr_assert_eq(reading->topic_count, 2);
    cr_assert_not_null(
        strstr(taught_in(&f, "very friendly people, and a refund"), "5-20 staff; 28-34 refund"),
        "%s", taught_in(&f, "very friendly people, and a refund"));
    cr_assert_neq(reading->hits[0].rule, KUNDIG__RULE_TAUGHT, "what a rule found stays evidence");
    f.reading.plain = true;
    cr_assert_str_eq(taught_in(&f, "password was not accepted"), "0-8 staff");
    taught_end(&f);
}

/* Topics ascend, and so do hits, whichever of the two found them. */
Test(taught, topics_stand_in_order_among_those_of_rules)
{
    taught_fixture f;
    taught_begin(&f, "topic a: A\nen: again\ntopic b: B\nen: weeks\ntopic z: Z\nen: today\n"
                     "topic delivery: D\nen: courier\n");
    const kundig__reading *reading = &f.reading;
    size_t blended = 0;
    char text[160];
    for (uint32_t i = 0; i < 300; i++) {
        teach_text(i % TEACH_SUBJECTS, i, text);
        taught_in(&f, text);
        for (size_t t = 1; t < reading->topic_count; t++) {
            cr_assert_lt(reading->topics[t - 1], reading->topics[t]);
        }
        for (size_t h = 1; h < reading->hit_count; h++) {
            cr_assert_leq(reading->hits[h - 1].start, reading->hits[h].start);
        }
        size_t seen = 0;
        for (size_t t = 0; t < reading->topic_count; t++) {
            size_t hits = 0;
            for (size_t h = 0; h < reading->hit_count; h++) {
                hits += reading->hits[h].topic == reading->topics[t];
            }
            cr_assert_gt(hits, 0, "every topic has a hit");
            seen += hits;
        }
        cr_assert_eq(seen, reading->hit_count, "every hit has its topic");
        blended += reading->topic_count > 1;
    }
    cr_assert_gt(blended, 20);
    taught_end(&f);
}

Test(taught, texts_read_before_change_nothing)
{
    taught_fixture f;
    taught_begin(&f, "topic late: L\nen: late\n");
    char first[4096];
    char text[160];
    const char *asked = "parcel came late, waiting for weeks";
    snprintf(first, sizeof first, "%s", taught_in(&f, asked));
    for (uint32_t i = 0; i < 40; i++) {
        teach_text(i % TEACH_SUBJECTS, i, text);
        taught_in(&f, text);
        cr_assert_str_eq(taught_in(&f, asked), first);
    }
    taught_end(&f);
}

Test(taught, readings_fail_cleanly_at_every_allocation)
{
    taught_fixture f;
    taught_begin(&f, "topic late: L\nen: late\n");
    const char *text = "parcel came late, waiting for weeks";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig__mem mem;
            kundig__reading reading;
            kundig__mem_init(&mem, &allocator, 0);
            kundig__reading_init(&reading, &mem, f.model);
            int rc = kundig__reading_run(&reading, text, strlen(text), 0);
            cr_assert(rc == KUNDIG_OK ||
                      (rc == KUNDIG_E_NOMEM && reading.topic_count + reading.hit_count == 0));
            kundig__reading_free(&reading);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (p.allocations < n) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
    taught_end(&f);
}
