/* Conditions on texts: a byte a code where there are codes, else a bit a row.
 *
 * Invariant: "contains" folds both sides; all other comparisons are of bytes. Cost: one comparison
 * or folding a code, or a row. */
#include "base/text.h"
#include "corpus/filter.h"

static bool filter_has_part(const char *text, size_t len, const char *part, size_t part_len)
{
    if (part_len == 0) {
        return true;
    }
    const char *end = text + len;
    while ((size_t)(end - text) >= part_len) {
        const char *hit = memchr(text, part[0], (size_t)(end - text) - part_len + 1);
        if (!hit) {
            return false;
        }
        if (memcmp(hit, part, part_len) == 0) {
            return true;
        }
        text = hit + 1;
    }
    return false;
}

/* The folded value of "contains", kept in the arena. */
static int filter_fold_value(kundig__filter_maker *maker, const kundig__node *node,
                             kundig_text *out)
{
    kundig_text value = node->values[0].text;
    int rc = kundig__text_fold(&maker->scratch, value.data, value.len);
    if (!rc) {
        *out = kundig__arena_text(&maker->filter->arena,
                                  kundig__text(maker->scratch.folded ? maker->scratch.folded : "",
                                               maker->scratch.folded_len));
        rc = out->data ? KUNDIG_OK : KUNDIG_E_NOMEM;
    }
    return rc ? kundig__filter_nomem(maker) : KUNDIG_OK;
}

/* Does a text that is there meet the condition? folded is the folded value of "contains". */
static int filter_text_meets(kundig__filter_maker *maker, const kundig__node *node,
                             kundig_text folded, kundig_text text, bool *meets)
{
    const kundig_value *values = node->values;
    int first = 0;
    if (node->op != KUNDIG_OP_CONTAINS && node->op != KUNDIG_OP_MISSING) {
        first = kundig__text_order(text, values[0].text);
    }
    switch (node->op) {
    case KUNDIG_OP_EQUAL:
        *meets = first == 0;
        break;
    case KUNDIG_OP_NOT_EQUAL:
        *meets = first != 0;
        break;
    case KUNDIG_OP_LESS:
        *meets = first < 0;
        break;
    case KUNDIG_OP_LESS_OR_EQUAL:
        *meets = first <= 0;
        break;
    case KUNDIG_OP_GREATER:
        *meets = first > 0;
        break;
    case KUNDIG_OP_GREATER_OR_EQUAL:
        *meets = first >= 0;
        break;
    case KUNDIG_OP_BETWEEN:
        *meets = first >= 0 && kundig__text_order(text, values[1].text) <= 0;
        break;
    case KUNDIG_OP_IN:
        *meets = false;
        for (size_t i = 0; i < node->value_count && !*meets; i++) {
            *meets = kundig__text_equal(text, values[i].text);
        }
        break;
    case KUNDIG_OP_CONTAINS:
        if (kundig__text_fold(&maker->scratch, text.data, text.len)) {
            return kundig__filter_nomem(maker);
        }
        *meets = filter_has_part(maker->scratch.folded, maker->scratch.folded_len, folded.data,
                                 folded.len);
        break;
    default: /* missing */
        *meets = false;
        break;
    }
    return KUNDIG_OK;
}

static int filter_want_texts(kundig__filter_maker *maker, const kundig__node *node)
{
    for (size_t i = 0; i < node->value_count; i++) {
        if (node->values[i].type != KUNDIG_VALUE_TEXT) {
            return kundig__filter_refuse(maker, node, "is compared with texts, not with times");
        }
    }
    return KUNDIG_OK;
}

int kundig__filter_pass(kundig__filter_maker *maker, const kundig__node *node,
                        const kundig__dict *dict, uint8_t **out)
{
    kundig_text folded = {NULL, 0};
    int rc = filter_want_texts(maker, node);
    if (rc) {
        return rc;
    }
    uint8_t *pass = kundig__arena_alloc(&maker->filter->arena, (size_t)dict->count + 1);
    if (!pass) {
        return kundig__filter_nomem(maker);
    }
    memset(pass, 0, (size_t)dict->count + 1);
    pass[0] = kundig__filter_meets_missing(node);
    if (node->op == KUNDIG_OP_EQUAL || node->op == KUNDIG_OP_NOT_EQUAL ||
        node->op == KUNDIG_OP_IN) {
        bool negate = node->op == KUNDIG_OP_NOT_EQUAL;
        memset(pass + 1, negate, dict->count);
        for (size_t i = 0; i < node->value_count; i++) {
            kundig_text text = node->values[i].text;
            uint32_t code = kundig__dict_find(dict, text.data, text.len);
            if (code != KUNDIG__DICT_NONE) {
                pass[code + 1] = !negate;
            }
        }
    } else {
        if (node->op == KUNDIG_OP_CONTAINS) {
            rc = filter_fold_value(maker, node, &folded);
        }
        for (uint32_t code = 0; code < dict->count && !rc; code++) {
            bool meets = false;
            rc = filter_text_meets(maker, node, folded, kundig__dict_text(dict, code), &meets);
            pass[code + 1] = meets;
        }
    }
    *out = pass;
    return rc;
}

int kundig__filter_codes(kundig__filter_maker *maker, const kundig__node *node,
                         const kundig__dimension *dimension, kundig__filter_step *step)
{
    uint8_t *pass = NULL;
    int rc = kundig__filter_pass(maker, node, &dimension->dict, &pass);
    if (rc) {
        return rc;
    }
    step->type = dimension->codes ? KUNDIG__FILTER_CODES : KUNDIG__FILTER_CONST;
    step->constant = kundig__filter_meets_missing(node);
    step->codes = dimension->codes;
    step->pass = pass;
    return KUNDIG_OK;
}

int kundig__filter_people(kundig__filter_maker *maker, const kundig__node *node,
                          kundig__filter_step *step)
{
    const kundig__dimension *people = NULL;
    kundig__node persons = *node; /* a view, its values exchanged */
    int rc = kundig__corpus_people(maker->corpus, &people, maker->err);
    if (!rc && node->value_count &&
        (node->op == KUNDIG_OP_EQUAL || node->op == KUNDIG_OP_NOT_EQUAL ||
         node->op == KUNDIG_OP_IN)) {
        persons.values =
            kundig__arena_alloc(&maker->filter->arena, node->value_count * sizeof *persons.values);
        if (!persons.values) {
            return kundig__filter_nomem(maker);
        }
        memcpy(persons.values, node->values, node->value_count * sizeof *persons.values);
        for (size_t i = 0; i < node->value_count && !rc; i++) {
            kundig_value *value = &persons.values[i];
            if (value->type == KUNDIG_VALUE_TEXT) {
                rc = kundig__person_name(maker->corpus, value->text, &value->text, maker->err);
            }
        }
    }
    return rc ? rc : kundig__filter_codes(maker, &persons, people, step);
}

/* Text and id: read row by row, once. */
int kundig__filter_rows_text(kundig__filter_maker *maker, const kundig__node *node, bool of_id,
                             kundig__filter_step *step)
{
    kundig__corpus *corpus = maker->corpus;
    kundig_text folded = {NULL, 0};
    uint64_t *bits = kundig__filter_bits_new(maker);
    int rc = filter_want_texts(maker, node);
    if (!rc && !bits) {
        rc = kundig__filter_nomem(maker);
    }
    if (!rc && node->op == KUNDIG_OP_CONTAINS) {
        rc = filter_fold_value(maker, node, &folded);
    }
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        bool meets = false;
        if (row % 65536 == 65535) {
            rc = kundig__progress(corpus->context, row, corpus->rows, maker->err);
        }
        if (rc || !kundig__row_is_current(corpus, row)) {
            continue;
        }
        kundig_text text =
            of_id ? kundig__corpus_id(corpus, row) : kundig__corpus_text(corpus, row);
        if (text.data) {
            rc = filter_text_meets(maker, node, folded, text, &meets);
        } else {
            meets = kundig__filter_meets_missing(node);
        }
        if (meets) {
            kundig__filter_bits_set(bits, row);
        }
    }
    step->type = KUNDIG__FILTER_BITS;
    step->bits = bits;
    return rc;
}
