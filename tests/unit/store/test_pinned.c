/* The pinned model and the maps of sources. */
#include "stored.h"

TestSuite(pinned, .fini = probe_fini);

#define PINNED_TAXONOMY "theme service: Service\ntopic slowness: Slow\nen: late\n"

static kundig_bytes *pinned_bytes(stored *s)
{
    kundig_model *model = NULL;
    kundig_bytes *bytes = NULL;
    STORED_OK(s, kundig_model_new(&s->context.mem.hook, PINNED_TAXONOMY, sizeof PINNED_TAXONOMY - 1,
                                  &model, &s->err));
    STORED_OK(s, kundig_model_save(model, &bytes, &s->err));
    kundig_model_free(model);
    return bytes;
}

Test(pinned, a_model_is_kept_replaced_and_taken_away)
{
    stored s;
    kundig_model *model = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    kundig_bytes *bytes = pinned_bytes(&s);
    STORED_OK(&s, kundig__store_model(s.store, &model, &s.err));
    cr_assert_null(model);
    for (int i = 0; i < 2; i++) {
        STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
        STORED_OK(&s, kundig__store_pin(s.store, bytes, &s.err));
        STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    }
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_model(s.store, &model, &s.err));
    cr_assert_not_null(model);
    kundig_model *same = NULL;
    STORED_OK(&s, kundig__store_model(s.store, &same, &s.err));
    cr_assert_eq((void *)model, (void *)same, "it is loaded once");
    /* Given up, it is as before. */
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_pin(s.store, NULL, &s.err));
    kundig__store_rollback(s.store);
    STORED_OK(&s, kundig__store_model(s.store, &same, &s.err));
    cr_assert_eq((void *)model, (void *)same);
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_pin(s.store, NULL, &s.err));
    STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_model(s.store, &same, &s.err));
    cr_assert_null(same);
    stored_check(&s);
    kundig_bytes_free(bytes);
    stored_end(&s);
}

Test(pinned, a_changed_model_is_never_used)
{
    stored s;
    kundig_model *model = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    kundig_bytes *bytes = pinned_bytes(&s);
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_pin(s.store, bytes, &s.err));
    STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    kundig_bytes_free(bytes);
    stored_sql(&s, "UPDATE model SET bytes = zeroblob(100)");
    cr_assert_eq(kundig__store_model(s.store, &model, &s.err), KUNDIG_E_FORMAT);
    stored_sql(&s, "DELETE FROM model");
    cr_assert_eq(kundig__store_model(s.store, &model, &s.err), KUNDIG_E_FORMAT);
    cr_assert_null(model);
    stored_end(&s);
}

Test(pinned, maps_are_kept_by_source)
{
    stored s;
    kundig_text map = {NULL, 0};
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT("a"), &map, &s.err));
    cr_assert_null(map.data);
    static const char *const maps[] = {"id=x", "id=y,text=z"};
    for (int i = 0; i < 2; i++) {
        STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
        STORED_OK(&s, kundig__store_set_mapping(s.store, KUNDIG__TEXT("a"), kundig__str(maps[i]),
                                                &s.err));
        STORED_OK(
            &s, kundig__store_set_mapping(s.store, KUNDIG__TEXT(""), KUNDIG__TEXT("id=q"), &s.err));
        STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
        STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT("a"), &map, &s.err));
        cr_assert(kundig__text_equal(map, kundig__str(maps[i])));
    }
    STORED_OK(&s, kundig__store_mapping(s.store, KUNDIG__TEXT(""), &map, &s.err));
    cr_assert(kundig__text_equal(map, KUNDIG__TEXT("id=q")));
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM mapping WHERE typeof(source) = 'text'"),
                 2);
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM mapping"), 3, "the old one is blank");
    stored_sql(&s, "UPDATE mapping SET map = 'id=evil'");
    cr_assert_eq(kundig__store_mapping(s.store, KUNDIG__TEXT("a"), &map, &s.err), KUNDIG_E_FORMAT);
    stored_end(&s);
}
