/* One move: the witness that a hidden cell is not known.
 *
 * Two base cells that differ in some axes span a cube whose corners take each axis from one or the
 * other. Records go from the odd corners to the even ones, equally many from and to each. A table
 * that does not tell the two values of some axis apart has both ends of every edge along it in one
 * cell, so nothing it tells changes; the others tell all corners apart, and there each cell that
 * holds a corner must be hidden (Repsilber 1994). What moves are records that are alike in all that
 * is told of a question, so no sum of any metric changes either. A cell is empty before and
 * afterwards or neither, for empty cells can be seen.
 *
 * All questions see the same records move: how many may is what every question allows. Which
 * answers move together across questions is free, for no table crosses two questions.
 *
 * Cost: O(corners times supplies of one of them) a question. */
#include "metrics/suppress.h"

bool kundig__move_make(const kundig__cube *cube, uint32_t a, uint32_t b, kundig__move *move)
{
    size_t width = kundig__cube_width(cube);
    uint32_t codes[KUNDIG__PLAN_MAX_FIELDS + KUNDIG__PLAN_MAX_WINDOWS];
    size_t axes[KUNDIG__PLAN_MAX_FIELDS + 1];
    size_t axis_count = 0;
    move->a = a;
    move->b = b;
    move->axes = kundig__cube_differ(cube, a, b);
    for (size_t axis = 0; axis <= cube->field_count; axis++) {
        if (move->axes >> axis & 1) {
            axes[axis_count++] = axis;
        }
    }
    move->corner_count = (size_t)1 << axis_count;
    for (size_t corner = 0; corner < move->corner_count; corner++) {
        uint32_t from_b = 0;
        size_t ones = 0;
        for (size_t i = 0; i < axis_count; i++) {
            from_b |= (uint32_t)(corner >> i & 1) << axes[i];
            ones += corner >> i & 1;
        }
        for (size_t i = 0; i < width; i++) {
            size_t axis = i < cube->field_count ? i : cube->field_count;
            codes[i] = cube->codes[(from_b >> axis & 1 ? b : a) * width + i];
        }
        uint32_t base = kundig__cube_find(cube, codes);
        if (base == KUNDIG__PLAN_NO_BASE) {
            return false;
        }
        /* Of two corners that differ in the first axis one is odd. */
        move->corners[(corner & ~(size_t)1) | (ones & 1)] = base;
    }
    return axis_count > 0;
}

/* Records of each leaf that all corners of one sign can give, of supplies that all of them have. */
static void move_common(const kundig__cube_system *system, const kundig__move *move, size_t sign,
                        uint64_t out[KUNDIG__LEAVES])
{
    uint32_t first = move->corners[sign];
    size_t at[KUNDIG__MOVE_CORNERS / 2 + 1] = {0};
    memset(out, 0, KUNDIG__LEAVES * sizeof *out);
    for (size_t i = system->starts[first]; i < system->starts[first + 1]; i++) {
        const kundig__cube_supply *supply = &system->supplies[i];
        uint32_t count = supply->count;
        for (size_t c = sign + 2; c < move->corner_count; c += 2) {
            uint32_t base = move->corners[c];
            size_t start = system->starts[base];
            size_t supply_count = system->starts[base + 1] - start;
            size_t *place = &at[c / 2];
            const kundig__cube_supply *other = NULL;
            for (; *place < supply_count; ++*place) {
                other = &system->supplies[start + *place];
                bool before = other->leaf != supply->leaf     ? other->leaf < supply->leaf
                              : other->value != supply->value ? other->value < supply->value
                                                              : other->weight < supply->weight;
                if (!before) {
                    break;
                }
            }
            bool same = *place < supply_count && other->leaf == supply->leaf &&
                        other->value == supply->value && other->weight == supply->weight;
            count = same ? (other->count < count ? other->count : count) : 0;
        }
        out[supply->leaf] += count;
    }
}

static uint64_t move_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* How far the leaves can go up (odd corners give) and down. */
typedef struct move_reach {
    uint64_t up[KUNDIG__LEAVES];
    uint64_t down[KUNDIG__LEAVES];
} move_reach;

static void move_reaches(const kundig__cube_system *system, const kundig__move *move,
                         move_reach *reach)
{
    move_common(system, move, 1, reach->up);
    move_common(system, move, 0, reach->down);
    for (size_t leaf = KUNDIG__LEAF_OTHERS; leaf < KUNDIG__LEAVES; leaf++) {
        for (size_t c = 0; c < move->corner_count; c++) {
            uint64_t there = system->totals[move->corners[c] * KUNDIG__LEAVES + leaf];
            uint64_t *given = c & 1 ? &reach->up[leaf] : &reach->down[leaf];
            *given = move_least(*given, there ? there - 1 : 0);
            if (!there) {
                reach->up[leaf] = 0;
                reach->down[leaf] = 0;
            }
        }
    }
}

/* The room of a question's universes, once all its answers can go so far; gain: as far as records
 * come with them. */
static void move_answers_room(const move_reach *reach, uint64_t up, uint64_t down, uint64_t gain,
                              kundig__move_span room[KUNDIG__LEAVES])
{
    room[0] = (kundig__move_span){up, down, move_least(reach->up[1] + reach->up[2], gain)};
    for (size_t leaf = KUNDIG__LEAF_OTHERS; leaf < KUNDIG__LEAVES; leaf++) {
        size_t other = KUNDIG__LEAF_OTHERS + KUNDIG__LEAF_EMPLOYEES - leaf;
        room[leaf] = (kundig__move_span){move_least(reach->up[leaf], up + reach->down[other]),
                                         move_least(reach->down[leaf], down + reach->up[other]),
                                         move_least(reach->up[leaf], gain)};
    }
}

void kundig__move_room(const kundig__cube *cube, const kundig__move *move, kundig__room *room)
{
    move_reach reaches[KUNDIG__PLAN_MAX_QUESTIONS];
    uint64_t up = UINT64_MAX;
    uint64_t down = UINT64_MAX;
    for (size_t c = 0; c < move->corner_count; c++) {
        uint64_t spare = cube->records[move->corners[c]] - 1;
        if (c & 1) {
            up = move_least(up, spare);
        } else {
            down = move_least(down, spare);
        }
    }
    for (size_t s = 0; s < cube->system_count; s++) {
        move_reach *reach = &reaches[s];
        move_reaches(&cube->systems[s], move, reach);
        up = move_least(up, reach->up[0] + reach->up[1] + reach->up[2]);
        down = move_least(down, reach->down[0] + reach->down[1] + reach->down[2]);
    }
    room->all = (kundig__move_span){up, down, up};
    for (size_t s = 0; s < cube->system_count; s++) {
        const move_reach *reach = &reaches[s];
        move_answers_room(reach, move_least(reach->up[1] + reach->up[2], up + reach->down[0]),
                          move_least(reach->down[1] + reach->down[2], down + reach->up[0]), up,
                          room->answers[s]);
    }
}

void kundig__move_answers(const kundig__cube *cube, const kundig__move *move, size_t system,
                          kundig__room *room)
{
    move_reach reach;
    memset(room, 0, sizeof *room);
    move_reaches(&cube->systems[system], move, &reach);
    move_answers_room(&reach, move_least(reach.up[1] + reach.up[2], reach.down[0]),
                      move_least(reach.down[1] + reach.down[2], reach.up[0]), 0,
                      room->answers[system]);
}
