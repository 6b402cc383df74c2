/* Any bytes as a taxonomy: reading and checking agree on whether it is one, place and sentence of
 * the fault are in bounds, and both do the same twice. */
#include <stdlib.h>

#include "base/text.h"
#include "base/utf8.h"
#include "probe.h"
#include "topics/taxonomy.h"

static void taxonomy_fuzz_expect(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* All that reading says, as bytes. */
static void taxonomy_fuzz_print(kundig__buf *out, const kundig__taxonomy *taxonomy)
{
    kundig__buf_text(out, taxonomy->title);
    for (size_t i = 0; i < taxonomy->theme_count; i++) {
        kundig__buf_text(out, taxonomy->themes[i].name);
        kundig__buf_text(out, taxonomy->themes[i].title);
        kundig__buf_int(out, taxonomy->themes[i].line);
    }
    for (size_t i = 0; i < taxonomy->topic_count; i++) {
        const kundig__topic *topic = &taxonomy->topics[i];
        taxonomy_fuzz_expect(topic->theme < taxonomy->theme_count && topic->name.len <= 64);
        kundig__buf_text(out, topic->name);
        kundig__buf_text(out, topic->title);
    }
    for (size_t i = 0; i < taxonomy->rule_count; i++) {
        const kundig__rule *rule = &taxonomy->rules[i];
        bool part = rule->kind == KUNDIG__RULE_PART;
        taxonomy_fuzz_expect(part || rule->topic < taxonomy->topic_count);
        taxonomy_fuzz_expect(rule->term_count > 0 && rule->term_count <= KUNDIG__MOST_TERMS);
        for (uint32_t k = 0; k < rule->term_count; k++) {
            const kundig__term *term = &rule->terms[k];
            bool open = term->type == KUNDIG__TERM_ANY || term->type == KUNDIG__TERM_GAP;
            taxonomy_fuzz_expect(open == !term->text.data);
            taxonomy_fuzz_expect(!open || (k > 0 && k + 1 < rule->term_count));
            taxonomy_fuzz_expect(term->type != KUNDIG__TERM_STEM || rule->language);
            kundig__buf_int(out, term->type);
            kundig__buf_text(out, term->text);
        }
        kundig__buf_int(out, rule->line);
        kundig__buf_int(out, rule->column);
        kundig__buf_text(out, rule->written);
    }
}

static bool taxonomy_fuzz_same(const kundig__findings *a, const kundig__findings *b)
{
    for (size_t i = 0; i < a->count && a->count == b->count; i++) {
        if (a->items[i].severity != b->items[i].severity || a->items[i].line != b->items[i].line ||
            a->items[i].column != b->items[i].column ||
            !kundig__text_equal(a->items[i].sentence, b->items[i].sentence)) {
            return false;
        }
    }
    return a->count == b->count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__taxonomy taxonomies[2];
    kundig__findings findings[2];
    kundig__buf prints[2];
    kundig_error errs[2];
    int codes[2];
    const char *text = (const char *)data;
    kundig__mem_init(&mem, &allocator, 0);
    memset(errs, 0, sizeof errs);
    for (int i = 0; i < 2; i++) {
        kundig__taxonomy_init(&taxonomies[i], &mem);
        kundig__findings_init(&findings[i], &mem);
        kundig__buf_init(&prints[i], &mem);
        codes[i] = kundig__taxonomy_read(&taxonomies[i], text, size, &errs[i]);
        taxonomy_fuzz_print(&prints[i], &taxonomies[i]);
        taxonomy_fuzz_expect(kundig__taxonomy_check(&findings[i], text, size, &errs[i]) ==
                             KUNDIG_OK);
    }
    taxonomy_fuzz_expect(codes[0] == codes[1] && memcmp(&errs[0], &errs[1], sizeof errs[0]) == 0);
    taxonomy_fuzz_expect(
        prints[0].len == prints[1].len &&
        (!prints[0].len || memcmp(prints[0].data, prints[1].data, prints[0].len) == 0));
    taxonomy_fuzz_expect(taxonomy_fuzz_same(&findings[0], &findings[1]));
    taxonomy_fuzz_expect((codes[0] == KUNDIG_OK) == !findings[0].kept[KUNDIG__FINDING_ERROR]);
    if (codes[0]) {
        size_t len = strlen(errs[0].message);
        taxonomy_fuzz_expect(errs[0].code == codes[0] && errs[0].pos <= size && len > 0);
        taxonomy_fuzz_expect(kundig__utf8_valid(errs[0].message, len) == len);
    }
    for (int i = 0; i < 2; i++) {
        kundig__taxonomy_free(&taxonomies[i]);
        kundig__findings_free(&findings[i]);
        kundig__buf_free(&prints[i]);
    }
    probe_fini();
    return 0;
}
