#include "discovering.h"
#include "topics/edits.h"

TestSuite(edits, .fini = probe_fini);

static kundig_edit edits_record(int32_t kind, const char *id, const char *other)
{
    kundig_edit edit = discover_edit(kind, (kundig_text){NULL, 0}, NULL);
    edit.source = KUNDIG__TEXT("app");
    edit.id = kundig__str(id);
    edit.other_source = other ? KUNDIG__TEXT("app") : (kundig_text){NULL, 0};
    edit.other_id = kundig__str(other);
    return edit;
}

static void edits_refused(const kundig_edit *edit, const char *field)
{
    kundig_error err = {0, 0, ""};
    const char *which = NULL;
    cr_expect_eq(kundig__edit_check(edit, &which, &err), KUNDIG_E_VALUE, "%s", field);
    cr_expect_str_eq(which ? which : "none", field, "%s: %s", field, err.message);
    cr_expect(err.message[0]);
}

static void edits_taken(const kundig_edit *edit)
{
    kundig_error err = {0, 0, ""};
    const char *which = NULL;
    cr_expect_eq(kundig__edit_check(edit, &which, &err), KUNDIG_OK, "%s", err.message);
}

#define EDITS_TOPIC KUNDIG__TEXT("t-0123456789ab")
#define EDITS_THEME KUNDIG__TEXT("g-0123456789ab")

Test(edits, need_what_their_kind_says_and_nothing_else)
{
    kundig_edit edit = discover_edit(KUNDIG_EDIT_RENAME, EDITS_TOPIC, "Parcels");
    edits_taken(&edit);
    edit.topic = EDITS_THEME;
    edits_taken(&edit);
    edit.topic = KUNDIG__TEXT("t-0123456789aB");
    edits_refused(&edit, "topic");
    edit.topic = KUNDIG__TEXT("t-0123456789a");
    edits_refused(&edit, "topic");
    edit.topic = (kundig_text){NULL, 0};
    edits_refused(&edit, "topic");
    edit = discover_edit(KUNDIG_EDIT_RENAME, EDITS_TOPIC, NULL);
    edits_refused(&edit, "name");
    edit.name = KUNDIG__TEXT("two\nlines");
    edits_refused(&edit, "name");
    edit = discover_edit(KUNDIG_EDIT_RENAME, EDITS_TOPIC, "a");
    edit.words = KUNDIG__TEXT("word");
    edits_refused(&edit, "words");
    edit = discover_edit(KUNDIG_EDIT_MERGE, EDITS_TOPIC, NULL);
    edits_refused(&edit, "other");
    edit.other = EDITS_TOPIC;
    edits_refused(&edit, "other");
    edit.other = EDITS_THEME;
    edits_refused(&edit, "other");
    edit.other = KUNDIG__TEXT("t-0123456789ac");
    edits_taken(&edit);
    edit.topic = EDITS_THEME;
    edits_refused(&edit, "topic");
    edit = discover_edit(KUNDIG_EDIT_PIN, EDITS_TOPIC, NULL);
    edits_taken(&edit);
    edit.name = KUNDIG__TEXT("a");
    edits_refused(&edit, "name");
    edit = discover_edit(KUNDIG_EDIT_HIDE, EDITS_THEME, NULL);
    edits_taken(&edit);
    edit = discover_edit(KUNDIG_EDIT_KNOWN, EDITS_TOPIC, "delivery/late");
    edits_taken(&edit);
    edit = discover_edit(KUNDIG_EDIT_SPLIT, EDITS_TOPIC, "Customs");
    edits_refused(&edit, "words");
    edit.words = KUNDIG__TEXT("customs; import tax");
    edits_taken(&edit);
    edit = discover_edit(KUNDIG_EDIT_TOPIC, (kundig_text){NULL, 0}, "Customs");
    edit.id = KUNDIG__TEXT("7");
    edits_taken(&edit);
    edit = discover_edit(0, EDITS_TOPIC, NULL);
    edits_refused(&edit, "kind");
    edit.kind = 10;
    edits_refused(&edit, "kind");
    edit = discover_edit(KUNDIG_EDIT_PIN, EDITS_TOPIC, NULL);
    edit.holds = 7;
    edits_refused(&edit, "holds");
    edit.holds = KUNDIG_NO;
    edits_taken(&edit);
}

Test(edits, of_pairs_name_two_records)
{
    kundig_edit edit = edits_record(KUNDIG_EDIT_TOGETHER, "1", "2");
    edits_taken(&edit);
    edit.other_source = edit.source = (kundig_text){NULL, 0};
    edits_taken(&edit);
    edit.other_id = KUNDIG__TEXT("1");
    edits_refused(&edit, "other_id");
    edit.other_id = (kundig_text){NULL, 0};
    edits_refused(&edit, "other_id");
    edit = edits_record(KUNDIG_EDIT_APART, "1", "\xFF");
    edits_refused(&edit, "other_id");
}

Test(edits, say_words_one_or_two_in_a_row)
{
    static const char *const right[] = {"parcel", "lost parcel; customs", " a b ;c",
                                        "lost\tparcel"};
    static const char *const wrong[] = {
        "", " ", ";", "a;", ";a", "a;;b", "one two three", "a b c; d", "\xFFparcel"};
    kundig_edit edit = discover_edit(KUNDIG_EDIT_TOPIC, (kundig_text){NULL, 0}, "Customs");
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        edit.words = kundig__str(right[i]);
        edits_taken(&edit);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        edit.words = kundig__str(wrong[i]);
        edits_refused(&edit, "words");
    }
}

/* Names of those that hold, parted by blanks. */
static void edits_kept(const kundig_edit *edits, size_t count, const char *expected)
{
    char shown[256] = "";
    kundig__mem mem;
    kundig__edits read;
    kundig_error err = {0, 0, ""};
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert_eq(kundig__edits_read(&read, &mem, edits, count, &err), KUNDIG_OK, "%s", err.message);
    for (size_t i = 0; i < read.count; i++) {
        kundig_text text = read.edits[i].name.data ? read.edits[i].name : read.edits[i].other;
        strncat(shown, i ? " " : "", 2);
        strncat(shown, text.data ? text.data : "-", text.data ? text.len : 1);
    }
    cr_expect_str_eq(shown, expected);
    kundig__edits_free(&read);
    cr_assert_eq(mem.used, 0);
}

Test(edits, of_one_matter_count_once_and_the_latest_wins)
{
    kundig_edit edits[4];
    for (int i = 0; i < 4; i++) {
        edits[i] = discover_edit(KUNDIG_EDIT_RENAME, EDITS_TOPIC, "a");
        edits[i].updated_ms = 10 - i;
        edits[i].by = i % 2 ? KUNDIG__TEXT("Ann") : KUNDIG__TEXT("Bob");
    }
    edits[0].name = KUNDIG__TEXT("latest");
    edits_kept(edits, 4, "latest");
    edits[3].updated_ms = 20;
    edits_kept(edits, 4, "a");
    edits[3].holds = KUNDIG_NO;
    edits_kept(edits, 4, "");
    edits[3].topic = KUNDIG__TEXT("t-0123456789ac");
    edits_kept(edits, 4, "latest");
    /* merged twice: the last word counts, and the first again where that is taken back */
    for (int i = 0; i < 2; i++) {
        edits[i] = discover_edit(KUNDIG_EDIT_MERGE, EDITS_TOPIC, NULL);
        edits[i].other = i ? KUNDIG__TEXT("t-00000000000b") : KUNDIG__TEXT("t-00000000000a");
        edits[i].updated_ms = i;
    }
    edits_kept(edits, 2, "t-00000000000b");
    edits[2] = edits[1];
    edits[2].holds = KUNDIG_NO;
    edits[2].updated_ms = 5;
    edits_kept(edits, 3, "t-00000000000a");
    /* a pair is one whichever stands first */
    edits[0] = edits_record(KUNDIG_EDIT_TOGETHER, "1", "2");
    edits[1] = edits_record(KUNDIG_EDIT_TOGETHER, "2", "1");
    edits_kept(edits, 2, "-");
}

Test(edits, that_are_wrong_are_told_by_their_number)
{
    kundig__mem mem;
    kundig__edits read;
    kundig_error err = {0, 0, ""};
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_edit edits[2] = {discover_edit(KUNDIG_EDIT_PIN, EDITS_TOPIC, NULL),
                            discover_edit(KUNDIG_EDIT_PIN, EDITS_TOPIC, "name")};
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert_eq(kundig__edits_read(&read, &mem, edits, 2, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 1);
    cr_assert_eq(mem.used, 0);
}

static kundig_model *edited(const kundig_model *model, const kundig_edit *edits, size_t count)
{
    kundig_model *out = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig__model_edited(model, edits, count, &out, &err), KUNDIG_OK, "%s",
                 err.message);
    return out;
}

Test(edits, change_a_model_and_taken_back_leave_no_trace)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *before = kundig__model_discovered_of(model);
    kundig_text a = before->topics[0].name;
    kundig_text b = before->topics[1].name;
    kundig_edit edits[4] = {discover_edit(KUNDIG_EDIT_RENAME, a, "Parcels & post"),
                            discover_edit(KUNDIG_EDIT_MERGE, b, NULL),
                            discover_edit(KUNDIG_EDIT_HIDE, before->topics[2].name, NULL),
                            discover_edit(KUNDIG_EDIT_KNOWN, before->topics[3].name, "apps/all")};
    edits[1].other = a;
    kundig_model *changed = edited(model, edits, 4);
    const kundig__discovered *after = kundig__model_discovered_of(changed);
    cr_assert(kundig__text_equal(kundig__discovered_title(&after->topics[0]), edits[0].name));
    cr_assert_eq(after->wholes[1], 0);
    cr_assert_eq(after->numbers[1], after->numbers[0]);
    cr_assert_eq(after->topics[0].texts, before->topics[0].texts + before->topics[1].texts);
    cr_assert_eq(after->topics[0].customers, KUNDIG__NOT_COUNTED);
    cr_assert_eq(after->numbers[2], KUNDIG__NO_CLUSTER);
    const kundig__topic_info *known = kundig__model_topic(changed, after->numbers[3]);
    cr_assert(kundig__text_equal(known->name, edits[3].name));
    cr_assert_eq(known->cluster, KUNDIG__NO_CLASS);
    cr_assert_eq(kundig__model_topic_count(changed), 2);
    kundig_model *back = edited(changed, NULL, 0);
    cr_assert(discover_same(back, model));
    kundig_model_free(back);
    kundig_model_free(changed);
    kundig_model_free(model);
}

Test(edits, name_and_hide_themes_and_let_models_without_topics_be)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *before = kundig__model_discovered_of(model);
    kundig_edit edits[2] = {discover_edit(KUNDIG_EDIT_RENAME, before->themes[0].name, "All"),
                            discover_edit(KUNDIG_EDIT_HIDE, before->themes[0].name, NULL)};
    kundig_model *changed = edited(model, edits, 2);
    const kundig__discovered *after = kundig__model_discovered_of(changed);
    cr_assert(kundig__text_equal(kundig__discovered_theme_title(&after->themes[0]), edits[0].name));
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        cr_assert_eq(after->numbers[i] == KUNDIG__NO_CLUSTER, after->topics[i].theme == 0);
    }
    kundig_model_free(changed);
    kundig_model_free(model);
    kundig_model *rules = model_of("topic late: Late\nen: late\n");
    kundig_model *same = edited(rules, edits, 2);
    cr_assert_eq(same, rules);
    kundig_model_free(same);
    kundig_model_free(rules);
}

Test(edits, fail_cleanly_at_every_allocation)
{
    kundig_model *model = discover_all(NULL);
    kundig_edit edits[2] = {
        discover_edit(KUNDIG_EDIT_RENAME, kundig__model_discovered_of(model)->topics[0].name, "A"),
        discover_edit(KUNDIG_EDIT_KNOWN, kundig__model_discovered_of(model)->topics[1].name, "B")};
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n = probe_next(n)) {
            kundig_model *out = NULL;
            kundig_error err = {0, 0, ""};
            size_t blocks = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig__model_edited(model, edits, 2, &out, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d %s", rc, err.message);
            kundig_model_free(out);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    kundig_model_free(model);
}
