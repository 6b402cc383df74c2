#include "planned.h"

TestSuite(suppress_cells, .fini = probe_fini);

static void cells_of(fixture *f, const kundig__plan_rules *rules, bool strict, kundig__cube *cube)
{
    const kundig__question *questions[] = {kundig__corpus_question(f->corpus, 0)};
    cr_assert_eq(kundig__cube_new(f->corpus, rules, strict, NULL, questions, 1, cube, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
}

Test(suppress_cells, base_cells_are_what_fields_and_windows_tell_apart)
{
    static const planned records[] = {{"B", NULL, 1, 9, NULL, 3},
                                      {"A", NULL, 40, 9, NULL, 2},
                                      {"A", NULL, 1, 3, NULL, 4},
                                      {NULL, NULL, 0, -1, NULL, 1}};
    kundig__plan_rules rules = planned_rules(3, false, 1u << KUNDIG_EVERY_MONTH);
    fixture f;
    kundig__cube cube;
    fixture_open(&f);
    planned_add(&f, records, 4);
    cells_of(&f, &rules, true, &cube);
    cr_assert_eq(cube.base_count, 4);
    cr_assert_eq(cube.table_count, 4);
    /* missing first, then A in January and February, then B */
    static const uint32_t counts[] = {1, 4, 2, 3};
    for (uint32_t base = 0; base < 4; base++) {
        cr_assert_eq(cube.records[base], counts[base]);
        cr_assert_eq(kundig__cube_find(&cube, cube.codes + base * 2), base);
    }
    cr_assert_eq(kundig__cube_find(&cube, (uint32_t[]){2, 2}), KUNDIG__PLAN_NO_BASE);
    cr_assert_eq(kundig__cube_differ(&cube, 1, 2), 2, "time alone");
    cr_assert_eq(kundig__cube_differ(&cube, 1, 3), 1, "the stage alone");
    cr_assert_not(kundig__cube_tells(&cube, &cube.tables[2], 2, 1, 2), "stages have no time");
    cr_assert(kundig__cube_tells(&cube, &cube.tables[3], 2, 1, 2));
    cr_assert(cube.timeless[cube.tables[1].first], "records without a time come first");
    cr_assert_not(cube.timeless[cube.tables[2].first]);
    kundig__cube_free(&cube);
    fixture_close(&f);
}

Test(suppress_cells, customers_count_once_a_cell_and_answers_by_who_gives_them)
{
    static const planned records[] = {{"A", NULL, 1, 9, "Ann", 3},
                                      {"A", NULL, 1, 9, "Bob", 1},
                                      {"B", NULL, 1, -1, "Ann", 2},
                                      {"B", NULL, 1, 5, "Cem", 1}};
    kundig__plan_rules rules = planned_rules(3, false, 0);
    fixture f;
    kundig__cube cube;
    fixture_open(&f);
    planned_add(&f, records, 4);
    cells_of(&f, &rules, true, &cube);
    uint32_t all = cube.tables[0].first;
    uint32_t a = cube.tables[1].first;
    size_t answered = KUNDIG__CUBE_UNIVERSE(0, 0) * cube.cell_count;
    cr_assert_eq(cube.n[all], 7);
    cr_assert_eq(cube.sizes[all], 3);
    cr_assert_eq(cube.n[a], 4);
    cr_assert_eq(cube.sizes[a], 2);
    cr_assert_eq(cube.sizes[a + 1], 2);
    cr_assert_eq(cube.n[answered + a + 1], 1, "Ann has no answer in B");
    cr_assert_eq(cube.sizes[answered + a + 1], 1);
    cr_assert_eq(cube.firsts[0] + cube.firsts[1], 3, "each in one base cell alone");
    cr_assert_not(cube.lone);
    /* Bob and Cem alone may move: the others have several records. */
    cr_assert_eq(cube.systems[0].starts[2], 2);
    kundig__cube_free(&cube);
    cells_of(&f, &rules, false, &cube);
    size_t movable = 0;
    for (size_t i = 0; i < cube.systems[0].starts[2]; i++) {
        movable += cube.systems[0].supplies[i].count;
    }
    cr_assert_eq(movable, 7);
    kundig__cube_free(&cube);
    fixture_close(&f);
}

Test(suppress_cells, fields_must_be_texts_of_records)
{
    static const planned records[] = {{"A", NULL, 1, 9, "Ann", 1}};
    static const char *const names[] = {"customer", "nps", "time", "text", "nothing"};
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, 1);
    for (size_t i = 0; i < 5; i++) {
        kundig__plan_rules rules = planned_rules(3, false, 0);
        kundig__cube cube;
        rules.fields[0] = kundig__str(names[i]);
        int rc = kundig__cube_new(f.corpus, &rules, true, NULL, NULL, 0, &cube, &f.err);
        cr_assert_eq(rc, i == 4 ? KUNDIG_E_NOT_FOUND : KUNDIG_E_ARG, "%s", names[i]);
        kundig__cube_free(&cube);
    }
    fixture_close(&f);
}
