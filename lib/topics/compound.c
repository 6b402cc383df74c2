/* German compounds: a word that is nothing but known words, one behind the other.
 *
 *   liefer|verzögerung      "liefer" is the stem of a rule's word, "verzögerung" a rule's word
 *   bearbeitung[s]zeit      and between parts a linking element may stand
 *
 * All is compared as written without umlauts, in place, so offsets stay. Every known word has
 * roots: beginnings that the word itself, its stem, and its forms with and without umlaut have in
 * common. From the end of the compound to its beginning each place learns whether the rest can be
 * split from there, with the fewest parts, the first of them as long as can be; an ending is looked
 * at, and Snowball asked, only where a root leads to a place that can.
 *
 * Invariants: a split covers the word; where parts meet no character is cut; equal words split
 * alike.
 * Cost: a filter look a place for a word that has no part in it; at most 64 places, 8 endings a
 * root and COMPOUND_MOST_STEMS stems a word. */
#include "base/order.h"
#include "base/text.h"
#include "topics/compiled.h"

#define COMPOUND_ENDING     7  /* letters of an ending behind a root, at most */
#define COMPOUND_MOST_STEMS 96 /* asked for one word; a word that needs more is not split */

static const char *const compound_links[] = {"", "s", "n", "e", "es", "en", "er", "ns"};
enum { COMPOUND_LINKS = sizeof compound_links / sizeof compound_links[0] };

static size_t compound_letters(kundig_text text)
{
    size_t letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        letters += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return letters;
}

/* The first four bytes as a number that sorts as they do. */
static uint32_t compound_leading(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* ---- Making the roots ----------------------------------------------------------------------- */

typedef struct parts_making {
    kundig_model *model;
    kundig__stemmer *stemmer;
    compiled_root *roots;
    size_t root_count;
    size_t root_capacity;
} parts_making;

static bool parts_keep(parts_making *making, kundig_text key, uint32_t part, uint32_t whole)
{
    if (compound_letters(key) < COMPOUND_PART || key.len > COMPOUND_MOST_BYTES) {
        return true;
    }
    void *roots = making->roots;
    bool grown = kundig__grow(&making->model->mem, &roots, &making->root_capacity,
                              making->root_count + 1, sizeof *making->roots);
    making->roots = roots;
    if (!grown) {
        return false;
    }
    kundig_text own = kundig__arena_text(&making->model->arena, key);
    if (own.data) {
        making->roots[making->root_count++] =
            (compiled_root){.key = own, .part = part, .whole = whole};
    }
    return own.data != NULL;
}

/* The roots of a part that has this stem; word is its word with umlauts. */
static bool parts_roots(parts_making *making, uint32_t part, kundig_text stem, kundig_text word)
{
    char room[2 * COMPOUND_MOST_BYTES];
    if (stem.len > COMPOUND_MOST_BYTES || word.len > COMPOUND_MOST_BYTES) {
        return true;
    }
    if (!parts_keep(making, stem, part, 0)) {
        return false;
    }
    /* as much of the word as the stem has letters: Snowball takes umlauts away */
    size_t letters = compound_letters(stem);
    size_t len = word.len;
    while (compound_letters(kundig__text(word.data, len)) > letters) {
        len--;
    }
    kundig_text head = kundig__text(word.data, len);
    if (kundig__spelling_key(head.data, head.len, room)) {
        head.data = room;
    }
    if (!parts_keep(making, head, part, 0)) {
        return false;
    }
    /* its last a, o or u with umlaut, as in many a plural: vertrag, vertraeg; haus, haeus */
    for (size_t i = stem.len; i-- > 0;) {
        char c = stem.data[i];
        if (c == 'u' && i > 0 && stem.data[i - 1] == 'a') {
            c = 'a';
            i--;
        }
        if (c == 'a' || c == 'o' || c == 'u') {
            memcpy(room, stem.data, i + 1);
            room[i + 1] = 'e';
            memcpy(room + i + 2, stem.data + i + 1, stem.len - i - 1);
            return parts_keep(making, kundig__text(room, stem.len + 1), part, 0);
        }
    }
    return true;
}

static int parts_stem(parts_making *making, kundig_text word, kundig_text *out)
{
    kundig_text stem;
    int rc = kundig__stem(making->stemmer, KUNDIG__LANGUAGE_DE, word, &stem);
    if (rc == KUNDIG_OK) {
        *out = kundig__arena_text(&making->model->arena, stem);
    }
    return rc == KUNDIG_OK && !out->data ? kundig__nomem(&making->model->mem, NULL) : rc;
}

static int parts_add(parts_making *making, uint32_t rule)
{
    kundig_model *model = making->model;
    compiled_parts *parts = &model->parts;
    kundig_text word = model->rules[rule].terms[0].text;
    uint32_t number = (uint32_t)parts->part_count;
    compiled_part *part = &parts->parts[parts->part_count++];
    char room[COMPOUND_MOST_BYTES];
    char umlauts[COMPOUND_MOST_BYTES];
    kundig_text key = word;
    kundig_text respelt = word;
    if (kundig__spelling_key(word.data, word.len, room)) {
        key.data = room;
    }
    if (kundig__spelling_umlauts(word.data, word.len, umlauts)) {
        respelt.data = umlauts;
    }
    part->rule = model->rules[rule].kind == KUNDIG__RULE_HIT ? rule : COMPILED_NONE;
    int rc = parts_stem(making, word, &part->stem);
    if (rc == KUNDIG_OK) {
        rc = parts_stem(making, respelt, &part->respelt);
    }
    if (rc != KUNDIG_OK) {
        return rc;
    }
    bool kept = parts_keep(making, key, number, 1) &&
                parts_roots(making, number, part->stem, respelt) &&
                (kundig__text_equal(part->stem, part->respelt) ||
                 parts_roots(making, number, part->respelt, respelt));
    return kept ? KUNDIG_OK : kundig__nomem(&model->mem, NULL);
}

/* Order by key; what is looked for in one way side by side. */
static int parts_order(const void *ud, uint32_t a, uint32_t b)
{
    const parts_making *making = ud;
    const compiled_root *left = &making->roots[a];
    const compiled_root *right = &making->roots[b];
    const compiled_part *parts = making->model->parts.parts;
    int order = kundig__text_order(left->key, right->key);
    if (order == 0) {
        order = (int)right->whole - (int)left->whole;
    }
    if (order == 0) {
        order = kundig__text_order(parts[left->part].stem, parts[right->part].stem);
    }
    if (order == 0) {
        order = kundig__text_order(parts[left->part].respelt, parts[right->part].respelt);
    }
    return order != 0 ? order : left->part < right->part ? -1 : left->part > right->part;
}

static bool parts_is_one(const kundig__rule *rule)
{
    bool german = rule->language == KUNDIG__LANGUAGE_DE;
    bool any = rule->language == KUNDIG__LANGUAGE_UNKNOWN;
    return rule->term_count == 1 &&
           (rule->terms[0].type == KUNDIG__TERM_WORD || rule->terms[0].type == KUNDIG__TERM_STEM) &&
           ((rule->kind == KUNDIG__RULE_HIT && german) ||
            (rule->kind == KUNDIG__RULE_PART && (german || any))) &&
           rule->terms[0].text.len <= COMPOUND_MOST_BYTES &&
           compound_letters(rule->terms[0].text) >= COMPOUND_PART;
}

static int parts_make(parts_making *making)
{
    kundig_model *model = making->model;
    compiled_parts *parts = &model->parts;
    for (uint32_t rule = 0; rule < model->rule_count; rule++) {
        if (parts_is_one(&model->rules[rule])) {
            int rc = parts_add(making, rule);
            if (rc != KUNDIG_OK) {
                return rc;
            }
        }
    }
    size_t count = making->root_count;
    if (count == 0) {
        return KUNDIG_OK;
    }
    uint32_t *order = kundig__alloc(&model->mem, count * sizeof *order);
    parts->roots = kundig__arena_alloc(&model->arena, count * sizeof *parts->roots);
    parts->heads =
        kundig__alloc_zero(&model->mem, sizeof *parts->heads << (COMPILED_HEAD_BITS - 6));
    parts->leading = kundig__arena_alloc(&model->arena, count * sizeof *parts->leading);
    bool done = order && parts->roots && parts->heads && parts->leading;
    if (done) {
        for (uint32_t i = 0; i < count; i++) {
            order[i] = i;
        }
        kundig__order_sort(order, count, parts_order, making);
        for (size_t i = 0; i < count; i++) {
            const compiled_root *root = &making->roots[order[i]];
            if (i > 0 && parts_order(making, order[i - 1], order[i]) == 0) {
                continue;
            }
            uint32_t bit = compiled_head(root->key.data);
            parts->heads[bit / 64] |= UINT64_C(1) << (bit % 64);
            parts->leading[parts->root_count] = compound_leading(root->key.data);
            parts->roots[parts->root_count++] = *root;
        }
    }
    kundig__free(&model->mem, order, order ? count * sizeof *order : 0);
    return done ? KUNDIG_OK : kundig__nomem(&model->mem, NULL);
}

int kundig__parts_build(kundig_model *model, kundig__stemmer *stemmer, kundig_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < model->rule_count; i++) {
        count += parts_is_one(&model->rules[i]);
    }
    parts_making making = {.model = model, .stemmer = stemmer};
    model->parts.parts = kundig__arena_alloc(&model->arena, count * sizeof *model->parts.parts);
    int rc = model->parts.parts ? parts_make(&making) : KUNDIG_E_NOMEM;
    kundig__free(&model->mem, making.roots, making.root_capacity * sizeof *making.roots);
    return rc == KUNDIG_OK ? rc : kundig__nomem(&model->mem, err);
}

void kundig__parts_free(compiled_parts *parts, kundig__mem *mem)
{
    kundig__free(mem, parts->heads,
                 parts->heads ? sizeof *parts->heads << (COMPILED_HEAD_BITS - 6) : 0);
    memset(parts, 0, sizeof *parts);
}

/* ---- Splitting ------------------------------------------------------------------------------ */

typedef struct compound_word {
    const compiled_parts *parts;
    kundig__stemmer *stemmer;
    kundig_text folded;
    const char *key; /* folded without umlauts */
    char room[COMPOUND_MOST_BYTES];
    uint32_t stems; /* asked for so far */
    int rc;
} compound_word;

static void compound_open(compound_word *word, const compiled_parts *parts,
                          kundig__stemmer *stemmer, kundig_text folded)
{
    word->parts = parts;
    word->stemmer = stemmer;
    word->folded = folded;
    word->stems = 0;
    word->rc = KUNDIG_OK;
    word->key =
        kundig__spelling_key(folded.data, folded.len, word->room) ? word->room : folded.data;
}

/* May parts meet at this byte? */
static bool compound_border(const compound_word *word, size_t at)
{
    return at == word->folded.len || ((unsigned char)word->folded.data[at] & 0xC0) != 0x80;
}

/* First root that begins with these four bytes or stands behind all that do. */
static size_t compound_first(const compiled_parts *parts, uint32_t leading)
{
    size_t low = 0;
    size_t count = parts->root_count;
    while (count > 0) {
        size_t half = count / 2;
        bool below = parts->leading[low + half] < leading;
        low = below ? low + half + 1 : low;
        count = below ? count - half - 1 : half;
    }
    return low;
}

/* First root in [from, to) whose key is not below key[0..len); to if there is none. */
static size_t compound_lower(const compiled_parts *parts, size_t from, size_t to, const char *key,
                             size_t len)
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (kundig__text_order(parts->roots[middle].key, kundig__text(key, len)) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

static bool compound_same_stem(compound_word *word, const char *text, size_t len,
                               const compiled_part *part)
{
    kundig_text stem;
    word->stems++;
    word->rc = kundig__stem(word->stemmer, KUNDIG__LANGUAGE_DE, kundig__text(text, len), &stem);
    return word->rc == KUNDIG_OK &&
           (kundig__text_equal(stem, part->stem) || kundig__text_equal(stem, part->respelt));
}

/* Is key[start..end) a form of the root's word? It begins with the root. */
static bool compound_is_form(compound_word *word, const compiled_root *root, size_t start,
                             size_t end)
{
    size_t len = end - start;
    if (root->whole || len == root->key.len) {
        return len == root->key.len;
    }
    const compiled_part *part = &word->parts->parts[root->part];
    const char *text = word->key + start;
    char respelt[COMPOUND_MOST_BYTES];
    return compound_same_stem(word, text, len, part) ||
           (word->rc == KUNDIG_OK && kundig__spelling_umlauts(text, len, respelt) &&
            compound_same_stem(word, respelt, len, part));
}

/* What is known of the rest of the word from a place on. */
typedef struct compound_place {
    uint8_t parts; /* fewest; 0: it cannot be split */
    uint8_t end;   /* of the first of them */
    uint8_t next;  /* where the second begins, behind a link */
} compound_place;

/* How the word goes on behind a part that ends at `end`; parts 0: it does not. */
static compound_place compound_rest(const compound_word *word, const compound_place *places,
                                    size_t end)
{
    compound_place best = {0, (uint8_t)end, 0};
    size_t len = word->folded.len;
    if (end == len) {
        return (compound_place){1, (uint8_t)end, (uint8_t)end};
    }
    for (size_t i = 0; i < COMPOUND_LINKS; i++) {
        size_t link = strlen(compound_links[i]);
        size_t next = end + link;
        if (next < len && places[next].parts &&
            memcmp(word->key + end, compound_links[i], link) == 0 &&
            (!best.parts || places[next].parts + 1 < best.parts)) {
            best.parts = (uint8_t)(places[next].parts + 1);
            best.next = (uint8_t)next;
        }
    }
    return best;
}

/* Try all ends of parts that begin at start with this root. */
static void compound_try(compound_word *word, compound_place *places, const compiled_root *root,
                         size_t start, uint64_t *failed)
{
    size_t first = start + root->key.len;
    size_t last = root->whole ? first : first + COMPOUND_ENDING;
    for (size_t end = first; end <= last && end <= word->folded.len; end++) {
        compound_place rest = compound_rest(word, places, end);
        compound_place *here = &places[start];
        bool better = rest.parts && (!here->parts || rest.parts < here->parts ||
                                     (rest.parts == here->parts && end > here->end));
        if (!better || (start == 0 && rest.parts == 1) || !compound_border(word, end) ||
            (*failed >> (end - first) & 1) || word->stems > COMPOUND_MOST_STEMS) {
            continue;
        }
        if (compound_is_form(word, root, start, end)) {
            *here = rest;
        } else {
            *failed |= UINT64_C(1) << (end - first);
        }
        if (word->rc != KUNDIG_OK) {
            return;
        }
    }
}

static bool compound_alike(const compiled_parts *parts, const compiled_root *a,
                           const compiled_root *b)
{
    return a->whole == b->whole &&
           (a->whole ||
            (kundig__text_equal(parts->parts[a->part].stem, parts->parts[b->part].stem) &&
             kundig__text_equal(parts->parts[a->part].respelt, parts->parts[b->part].respelt)));
}

/* Does the root's key begin with key[0..len)? */
static bool compound_begins(const compiled_root *root, const char *key, size_t len)
{
    return root->key.len >= len && memcmp(root->key.data, key, len) == 0;
}

/* All parts that may begin at start. */
static void compound_place_at(compound_word *word, compound_place *places, size_t start)
{
    const compiled_parts *parts = word->parts;
    const char *key = word->key + start;
    size_t left = word->folded.len - start;
    uint32_t leading = compound_leading(key);
    size_t at = compound_first(parts, leading);
    size_t end = leading < UINT32_MAX ? compound_first(parts, leading + 1) : parts->root_count;
    for (size_t len = COMPOUND_PART; len <= left && at < end && word->rc == KUNDIG_OK; len++) {
        at = compound_lower(parts, at, end, key, len);
        if (at == end || !compound_begins(&parts->roots[at], key, len)) {
            return;
        }
        const compiled_root *before = NULL;
        uint64_t failed = 0;
        for (; at < end && parts->roots[at].key.len == len && word->rc == KUNDIG_OK &&
               compound_begins(&parts->roots[at], key, len);
             at++) {
            const compiled_root *root = &parts->roots[at];
            if (!before || !compound_alike(parts, before, root)) {
                failed = 0;
                compound_try(word, places, root, start, &failed);
            }
            before = root;
        }
    }
}

/* Does a root stand at the beginning of the word? Of most words it does not. */
static bool compound_may(const compound_word *word)
{
    const compiled_parts *parts = word->parts;
    uint32_t leading = compound_leading(word->key);
    if (!compiled_head_may(parts->heads, word->key)) {
        return false;
    }
    size_t at = compound_first(parts, leading);
    for (; at < parts->root_count && parts->leading[at] == leading; at++) {
        const compiled_root *root = &parts->roots[at];
        size_t same = COMPOUND_PART;
        while (same < root->key.len && same < word->folded.len &&
               root->key.data[same] == word->key[same]) {
            same++;
        }
        if (same == root->key.len) {
            return true;
        }
        if (same < word->folded.len &&
            (unsigned char)root->key.data[same] > (unsigned char)word->key[same]) {
            return false;
        }
    }
    return false;
}

int kundig__compound_split(const compiled_parts *parts, kundig__stemmer *stemmer,
                           kundig_text folded, compound_split *split)
{
    compound_word word;
    compound_place places[COMPOUND_MOST_BYTES + 1];
    split->count = 0;
    size_t len = folded.len;
    if (len > COMPOUND_MOST_BYTES || compound_letters(folded) < COMPOUND_LETTERS) {
        return KUNDIG_OK;
    }
    compound_open(&word, parts, stemmer, folded);
    if (!compound_may(&word)) {
        return KUNDIG_OK;
    }
    memset(places, 0, (len + 1) * sizeof *places);
    for (size_t start = len - COMPOUND_PART + 1; start-- > 0;) {
        if (!compiled_head_may(parts->heads, word.key + start) || !compound_border(&word, start)) {
            continue;
        }
        compound_place_at(&word, places, start);
        if (word.rc != KUNDIG_OK) {
            return word.rc;
        }
    }
    if (places[0].parts < 2 || places[0].parts > COMPOUND_MOST_PARTS ||
        word.stems > COMPOUND_MOST_STEMS) {
        return KUNDIG_OK;
    }
    for (size_t at = 0; at < len; at = places[at].next) {
        split->pieces[split->count++] = (compound_piece){(uint8_t)at, places[at].end};
    }
    return KUNDIG_OK;
}

int kundig__compound_part(const compiled_parts *parts, kundig__stemmer *stemmer, kundig_text folded,
                          compound_piece piece, size_t *at, uint32_t *part)
{
    compound_word word;
    compound_open(&word, parts, stemmer, folded);
    const char *key = word.key + piece.start;
    size_t len = (size_t)piece.end - piece.start;
    *part = COMPILED_NONE;
    /* roots in order of their bytes: those that begin the piece follow each other with others
     * between them, each longer than the one before */
    size_t root = *at ? *at : compound_first(parts, compound_leading(key));
    while (root < parts->root_count && word.rc == KUNDIG_OK) {
        const compiled_root *candidate = &parts->roots[root];
        size_t same = 0;
        while (same < len && same < candidate->key.len && candidate->key.data[same] == key[same]) {
            same++;
        }
        if (same < COMPOUND_PART) {
            break;
        }
        if (same < candidate->key.len) {
            /* beyond the piece: nothing more, or something that begins it comes later */
            if (same == len ||
                (unsigned char)candidate->key.data[same] > (unsigned char)key[same]) {
                break;
            }
            root = compound_lower(parts, root + 1, parts->root_count, key, same + 1);
            continue;
        }
        root++;
        if (compound_is_form(&word, candidate, piece.start, piece.end)) {
            *part = candidate->part;
            break;
        }
    }
    *at = root;
    return word.rc;
}
