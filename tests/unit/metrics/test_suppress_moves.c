#include "planned.h"

TestSuite(suppress_moves, .fini = probe_fini);

/* Two stages, two channels: base cells 0 to 3 are A email, A phone, B email, B phone. */
static void moves_open(fixture *f, const planned *records, size_t count, kundig__cube *cube)
{
    kundig__plan_rules rules = planned_rules(3, true, 0);
    const kundig__question *questions[1];
    fixture_open(f);
    planned_add(f, records, count);
    questions[0] = kundig__corpus_question(f->corpus, 0);
    cr_assert_eq(kundig__cube_new(f->corpus, &rules, true, NULL, questions, 1, cube, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
}

Test(suppress_moves, corners_alternate_and_hold_records)
{
    static const planned records[] = {{"A", "email", 1, 9, NULL, 4},
                                      {"A", "phone", 1, 9, NULL, 5},
                                      {"B", "email", 1, 9, NULL, 6},
                                      {"B", "phone", 1, 9, NULL, 7},
                                      {"C", "phone", 1, 9, NULL, 7}};
    fixture f;
    kundig__cube cube;
    kundig__move move;
    kundig__room room;
    moves_open(&f, records, 5, &cube);
    cr_assert(kundig__move_make(&cube, 0, 3, &move));
    cr_assert_eq(move.corner_count, 4);
    cr_assert_eq(move.corners[0], 0);
    cr_assert_eq(move.corners[1] + move.corners[3], 1 + 2, "odd corners");
    cr_assert_eq(move.corners[2], 3);
    kundig__move_room(&cube, &move, &room);
    cr_assert_eq(room.all.up, 4, "A phone keeps one of 5");
    cr_assert_eq(room.all.down, 3, "A email keeps one of 4");
    cr_assert_eq(room.answers[0][0].up + room.answers[0][0].down, 7);
    cr_assert(kundig__move_make(&cube, 0, 2, &move));
    kundig__move_room(&cube, &move, &room);
    cr_assert_eq(move.corner_count, 2);
    cr_assert_eq(room.all.up, 5);
    cr_assert_not(kundig__move_make(&cube, 0, 4, &move), "nobody is at C by e-mail");
    cr_assert_not(kundig__move_make(&cube, 0, 0, &move));
    kundig__cube_free(&cube);
    fixture_close(&f);
}

Test(suppress_moves, only_equal_answers_change_places)
{
    static const planned records[] = {{"A", "email", 1, 9, NULL, 4},
                                      {"A", "phone", 1, 3, NULL, 6},
                                      {"B", "email", 1, 9, NULL, 6},
                                      {"B", "phone", 1, 9, NULL, 2},
                                      {"B", "phone", 1, 3, NULL, 3}};
    fixture f;
    kundig__cube cube;
    kundig__move move;
    kundig__room room;
    moves_open(&f, records, 5, &cube);
    cr_assert(kundig__move_make(&cube, 0, 3, &move));
    kundig__move_room(&cube, &move, &room);
    cr_assert_eq(room.all.up, 0, "A phone and B email have no answer in common");
    cr_assert_eq(room.all.down, 2, "A email and B phone have two");
    kundig__cube_free(&cube);
    fixture_close(&f);
}

Test(suppress_moves, answers_move_against_records_without_one)
{
    static const planned records[] = {{"A", "email", 1, 9, NULL, 4},
                                      {"A", "email", 1, -1, NULL, 3},
                                      {"B", "email", 1, 9, NULL, 3},
                                      {"B", "email", 1, -1, NULL, 5}};
    fixture f;
    kundig__cube cube;
    kundig__move move;
    kundig__room room;
    moves_open(&f, records, 4, &cube);
    cr_assert(kundig__move_make(&cube, 0, 1, &move));
    kundig__move_answers(&cube, &move, 0, &room);
    cr_assert_eq(room.all.up + room.all.down, 0);
    cr_assert_eq(room.answers[0][0].up, 2, "B keeps one of three answers");
    cr_assert_eq(room.answers[0][0].down, 3, "A keeps one of four answers");
    cr_assert_eq(room.answers[0][0].gain, 0);
    kundig__move_room(&cube, &move, &room);
    cr_assert_eq(room.all.up, 7, "two answers and five without one");
    cr_assert_eq(room.all.down, 6);
    kundig__cube_free(&cube);
    fixture_close(&f);
}

Test(suppress_moves, who_has_several_records_stays_where_a_strict_plan_is_made)
{
    static const planned records[] = {{"A", "email", 1, 9, "Ann", 4},
                                      {"B", "email", 1, 9, NULL, 6}};
    fixture f;
    kundig__cube cube;
    kundig__move move;
    kundig__room room;
    moves_open(&f, records, 2, &cube);
    cr_assert(kundig__move_make(&cube, 0, 1, &move));
    kundig__move_room(&cube, &move, &room);
    cr_assert_eq(room.all.up, 5);
    cr_assert_eq(room.all.down, 0);
    kundig__cube_free(&cube);
    fixture_close(&f);
}
