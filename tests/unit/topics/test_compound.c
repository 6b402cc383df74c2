#include "modelling.h"

TestSuite(compound, .fini = probe_fini);

#define WORDS                                                                                      \
    "topic a: A\nde: Lieferung, ~Verzögerung, Kunde, Vertrag, Haus, Bahn, Hof, Reinigung, "       \
    "Servicekraft, Rückgabe, Preis, Garantie, Über, Kamera, Einstellung, Bus\n"                  \
    "parts de: Zeit, Punkt, Bearbeitung, Dauer, Abend\n"

/* The pieces of a word, parted by |; "-" if it is not split. */
static void splits_into(const char *word, const char *expected)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__stemmer stemmer;
    kundig_model *model = model_of(WORDS);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__stemmer_init(&stemmer, &mem);
    compound_split split;
    kundig_text folded = kundig__str(word);
    cr_assert_eq(kundig__compound_split(&model->parts, &stemmer, folded, &split), KUNDIG_OK);
    char shown[256] = "-";
    size_t len = 0;
    for (size_t i = 0; i < split.count; i++) {
        compound_piece piece = split.pieces[i];
        len += (size_t)snprintf(shown + len, sizeof shown - len, "%s%.*s", i ? "|" : "",
                                piece.end - piece.start, word + piece.start);
        size_t at = 0;
        uint32_t part;
        cr_assert_eq(kundig__compound_part(&model->parts, &stemmer, folded, piece, &at, &part),
                     KUNDIG_OK);
        cr_assert_neq(part, COMPILED_NONE, "%s", shown);
    }
    cr_expect_str_eq(shown, expected, "%s: %s, not %s", word, shown, expected);
    kundig__stemmer_free(&stemmer);
    kundig_model_free(model);
}

Test(compound, is_split_where_all_of_it_is_known)
{
    splits_into("lieferverzögerung", "liefer|verzögerung");
    splits_into("lieferverzoegerung", "liefer|verzoegerung");
    splits_into("lieferverzögerungen", "liefer|verzögerungen");
    splits_into("kundenvertrag", "kunden|vertrag");
    splits_into("kundenverträge", "kunden|verträge");
    splits_into("kundenvertraegen", "kunden|vertraegen");
    splits_into("vertragsrückgabe", "vertrags|rückgabe");
    splits_into("bearbeitungszeitpunkt", "bearbeitungs|zeit|punkt");
    splits_into("häuserpreise", "häuser|preise");
    splits_into("hauspreis", "haus|preis");
    splits_into("kameraeinstellung", "kamera|einstellung");
    splits_into("kundenkundenkunden", "kunden|kunden|kunden");
}

Test(compound, is_none_where_anything_is_left)
{
    splits_into("lieferverzug", "-");
    splits_into("kundenfreund", "-");
    splits_into("xlieferzeit", "-");
    splits_into("lieferxzeit", "-");
    splits_into("lieferung", "-");
    splits_into("lieferungen", "-");
    splits_into("hauszeit", "haus|zeit");
    splits_into("bushaus", "-");     /* seven letters */
    splits_into("bahnhofsbus", "-"); /* parts of three letters */
    splits_into("kundenbus", "-");
    splits_into("zeitzeitzeitzeitzeitzeitzeit", "-"); /* seven parts */
    splits_into("zeitzeitzeitzeitzeitzeit", "zeit|zeit|zeit|zeit|zeit|zeit");
}

Test(compound, of_ten_thousand_letters_or_of_none_costs_nothing)
{
    char word[20001];
    memset(word, 'z', sizeof word - 1);
    word[sizeof word - 1] = 0;
    splits_into(word, "-");
    splits_into("", "-");
    splits_into("zeit", "-");
}

Test(compound, fails_cleanly_at_every_allocation)
{
    kundig_model *model = model_of(WORDS);
    for (size_t n = 1;; n++) {
        probe p = {.fail_at = n};
        kundig_allocator allocator = probe_allocator(&p);
        kundig__mem mem;
        kundig__stemmer stemmer;
        compound_split split;
        kundig__mem_init(&mem, &allocator, 0);
        kundig__stemmer_init(&stemmer, &mem);
        int rc =
            kundig__compound_split(&model->parts, &stemmer, KUNDIG__TEXT("kundenverträge"), &split);
        kundig__stemmer_free(&stemmer);
        cr_assert_eq(p.live_blocks, 0);
        if (rc == KUNDIG_OK) {
            cr_assert_eq(split.count, 2);
            cr_assert_gt(n, 1);
            break;
        }
        cr_assert_eq(rc, KUNDIG_E_NOMEM);
    }
    kundig_model_free(model);
}
