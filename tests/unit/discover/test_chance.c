#include "support.h"

TestSuite(chance, .fini = probe_fini);

static kundig__assigning chance_ask(kundig__mem *mem, const kundig__clustered *clustered,
                                    const char *text)
{
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, mem);
    kundig__assigning assigning;
    size_t len = strlen(text);
    cr_assert_eq(kundig__assigning_init(&assigning, mem, clustered), KUNDIG_OK);
    cr_assert_eq(kundig__text_features(&scratch, text, len, KUNDIG__DISCOVER_FAMILIES), KUNDIG_OK);
    cr_assert_eq(kundig__assign(&assigning, &scratch, text, len, false), KUNDIG_OK);
    kundig__assigning told = assigning;
    kundig__assigning_free(&assigning);
    kundig__scratch_free(&scratch);
    return told;
}

Test(chance, tells_texts_of_something_from_texts_of_nothing)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 9);
    kundig__placed placed[DISCOVER_TEXTS];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    cr_assert_neq(clustered->least_fit, 0);
    size_t nowhere = 0;
    for (uint32_t i = 0; i < DISCOVER_TEXTS; i++) {
        nowhere += placed[i].nowhere;
    }
    cr_assert_eq(nowhere, kundig__clustered_facts(clustered)->nowhere);
    cr_assert_lt(nowhere, DISCOVER_TEXTS / 4);
    kundig__assigning known = chance_ask(&mem, clustered, "my parcel delivery was late");
    kundig__assigning mixed = chance_ask(&mem, clustered, "parcel invoice staff login");
    kundig__assigning odd = chance_ask(&mem, clustered, "the zebra of the quagga hums");
    cr_assert(!known.nowhere);
    cr_assert(odd.nowhere);
    cr_assert_gt(known.fit, mixed.fit);
    cr_assert_gt(mixed.fit, odd.fit);
    cr_assert_lt(known.novelty, odd.novelty);
    cr_assert_gt(odd.novelty, 0.9f);
    kundig__clustered_free(clustered);
    free(set);
}

Test(chance, is_no_matter_of_long_words_or_long_texts)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(100, 9);
    size_t len = (size_t)1 << 20;
    char *endless = malloc(len);
    cr_assert(endless);
    memset(endless, 'a', len);
    for (size_t i = 50; i < len; i += 50 + i % 200) {
        endless[i] = i % 3 ? ' ' : 'b';
    }
    set->texts[0].text = (kundig_text){endless, len};
    kundig__placed placed[100];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    cr_assert_lt(kundig__clustered_facts(clustered)->bytes, 100000);
    kundig__clustered_free(clustered);
    free(endless);
    free(set);
}
