/* Names that are near to one that nothing has.
 *
 * Near is the optimal string alignment distance in bytes; equal but for ASCII case is nearest of
 * all. Invariant: the answer depends on the set of names alone, not on their order. Cost: one edit
 * distance of at most 64 bytes a name. */
#include "corpus/nearest.h"

#include "base/text.h"

#define NEAREST_LONGEST 64 /* bytes of a name that are compared */

static size_t nearest_len(kundig_text text)
{
    return text.len < NEAREST_LONGEST ? text.len : NEAREST_LONGEST;
}

/* Optimal string alignment distance of two short texts, in bytes. */
static unsigned nearest_distance(kundig_text a, kundig_text b)
{
    unsigned rows[3][NEAREST_LONGEST + 1];
    size_t a_len = nearest_len(a);
    size_t b_len = nearest_len(b);
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *last = rows[(i + 2) % 3];
        const unsigned *before = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned best = last[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1] && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return rows[a_len % 3][b_len];
}

void kundig__nearest_consider(kundig__nearest *nearest, kundig_text name)
{
    size_t apart = nearest_len(nearest->wanted) > nearest_len(name)
                       ? nearest_len(nearest->wanted) - nearest_len(name)
                       : nearest_len(name) - nearest_len(nearest->wanted);
    if (nearest->count == KUNDIG__NEAREST_SHOWN &&
        apart > nearest->distances[KUNDIG__NEAREST_SHOWN - 1]) {
        return; /* the lengths alone say no */
    }
    unsigned distance = nearest_distance(nearest->wanted, name);
    if (kundig__text_equal_nocase(nearest->wanted, name)) {
        distance = 0;
    }
    size_t at = nearest->count;
    while (at > 0 && (nearest->distances[at - 1] > distance ||
                      (nearest->distances[at - 1] == distance &&
                       kundig__text_order(nearest->names[at - 1], name) > 0))) {
        if (at < KUNDIG__NEAREST_SHOWN) {
            nearest->names[at] = nearest->names[at - 1];
            nearest->distances[at] = nearest->distances[at - 1];
        }
        at--;
    }
    if (at < KUNDIG__NEAREST_SHOWN) {
        nearest->names[at] = name;
        nearest->distances[at] = distance;
        nearest->count += nearest->count < KUNDIG__NEAREST_SHOWN;
    }
}

int kundig__nearest_fail(const kundig__nearest *nearest, const char *what, kundig_error *err)
{
    kundig_text name = nearest->wanted;
    kundig_text n[KUNDIG__NEAREST_SHOWN];
    if (!nearest->count) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "there is no %s '%.*s'", what,
                            kundig__shown(name), name.data);
    }
    for (size_t i = 0; i < KUNDIG__NEAREST_SHOWN; i++) {
        n[i] = i < nearest->count ? nearest->names[i] : kundig__text("", 0);
    }
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                        "there is no %s '%.*s'; the nearest %s '%.*s'%s%.*s%s%.*s%s", what,
                        kundig__shown(name), name.data, nearest->count > 1 ? "are" : "is",
                        kundig__shown(n[0]), n[0].data, nearest->count > 1 ? ", '" : "",
                        kundig__shown(n[1]), n[1].data, nearest->count > 2 ? "', '" : "",
                        kundig__shown(n[2]), n[2].data, nearest->count > 1 ? "'" : "");
}
