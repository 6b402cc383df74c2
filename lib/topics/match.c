/* Matching: which rules begin at a token, and which of them go on to their end.
 *
 * Every token of a sentence is asked whether rules begin with it: its key in the table, its stems
 * in the languages that may be spoken and that have rules by stem, its beginnings. Filters answer
 * most of that without a look into the table, and a cache that holds whole words answers all of it
 * with one line of memory. From there on the tree is followed, token by token.
 *
 * Invariants: what is found never depends on the cache; nothing is taken for equal by its hash
 * alone; a node that several ways lead to is followed once from each place.
 * Cost: to begin, at most one probe for the word, one for each other stem it has in the languages
 * that may be spoken, and six for its beginnings, at most eight a token in taxonomies made to
 * cost much (test_match); each rule that goes on asks as much of the next token. From one first
 * token a node of the tree is followed once, below a gap once from each place. */
#include "topics/matching.h"

#include "base/text.h"
#include "text/fold.h"

#ifdef KUNDIG_TINY
#define MATCH_CACHE_SETS 2u
#else
#define MATCH_CACHE_SETS 4096u
#endif
#define MATCH_CACHE_WAYS  2u
#define MATCH_CACHE_COUNT ((size_t)MATCH_CACHE_SETS * MATCH_CACHE_WAYS)
#define MATCH_MOST_NODES  160 /* that one token may lead to: by word, stems and beginnings */
#define MATCH_AHEAD       8   /* words whose place in the cache is fetched before it is needed */
#define MATCH_QUEUE       32  /* known words whose nodes are being fetched */
#define MATCH_GAP         3   /* tokens that .. stands for, at most */

/* A word of the sentence that is known, and what begins with it. */
typedef struct match_waiting {
    uint32_t nodes[MATCH_CACHED_NODES];
    uint32_t token;
    uint32_t node_count;
    uint32_t compound;
} match_waiting;

typedef struct match_run {
    kundig__reading *reading;
    kundig__matching *matching;
    const kundig_model *model;
    const compiled_tree *tree;
    const char *text;
    const char *folded;
    const kundig__token *tokens;
    const match_key *keys; /* NULL: there are no umlauts, a token is its own key */
    uint32_t start;        /* first token of the rules in work */
    uint32_t end;          /* of the sentence */
    uint8_t languages;
    int rc;
    size_t waiting_count;
    match_waiting waiting[MATCH_QUEUE];
} match_run;

typedef struct match_nodes {
    uint32_t nodes[MATCH_MOST_NODES];
    size_t count;
    uint32_t group; /* edges found last by word or stem: stems are often the word, or each other */
    bool whole;     /* a rule of one word hit the token */
} match_nodes;

/* ---- Tokens --------------------------------------------------------------------------------- */

static kundig_text match_folded(const match_run *run, uint32_t token)
{
    const kundig__token *at = &run->tokens[token];
    return kundig__text(run->folded + at->folded, at->folded_len);
}

/* Write the key of a token with umlauts into matching->respelt; false if it has none. */
static bool match_respell(match_run *run, kundig_text folded)
{
    kundig__matching *matching = run->matching;
    void *room = matching->respelt;
    bool fits = kundig__grow(matching->mem, &room, &matching->respelt_capacity, folded.len, 1);
    matching->respelt = room;
    if (!fits) {
        run->rc = kundig__nomem(matching->mem, NULL);
        return false;
    }
    return kundig__spelling_key(folded.data, folded.len, matching->respelt);
}

/* Find the keys of all tokens of the sentence, if it may hold an umlaut. */
static void match_find_keys(match_run *run, uint32_t first)
{
    kundig__matching *matching = run->matching;
    size_t from = run->tokens[first].start;
    if (!memchr(run->text + from, 0xC3, run->tokens[run->end - 1].end - from) &&
        !memchr(run->text + from, 0xCC, run->tokens[run->end - 1].end - from)) {
        return;
    }
    void *keys = matching->keys;
    bool fits = kundig__grow(matching->mem, &keys, &matching->key_capacity, run->end,
                             sizeof *matching->keys);
    matching->keys = keys;
    if (!fits) {
        run->rc = kundig__nomem(matching->mem, NULL);
        return;
    }
    for (uint32_t token = first; token < run->end && run->rc == KUNDIG_OK; token++) {
        kundig_text folded = match_folded(run, token);
        match_key *key = &matching->keys[token];
        *key = (match_key){.hash = run->tokens[token].hash};
        if (memchr(folded.data, 0xC3, folded.len) && match_respell(run, folded)) {
            key->umlauts = 1;
            key->hash = kundig__xxh3(matching->respelt, folded.len);
        }
    }
    run->keys = matching->keys;
}

static inline uint64_t match_key_hash(const match_run *run, uint32_t token)
{
    return run->keys ? run->keys[token].hash : run->tokens[token].hash;
}

static kundig_text match_key_text(match_run *run, uint32_t token)
{
    kundig_text folded = match_folded(run, token);
    if (run->keys && run->keys[token].umlauts) {
        match_respell(run, folded); /* there is room */
        folded.data = run->matching->respelt;
    }
    return folded;
}

/* May the word have a stem that begins with one of these letters? */
static inline bool match_may_stem(const match_run *run, const compiled_node *node, uint32_t token)
{
    if (!(node->stems & run->languages)) {
        return false;
    }
    char first = run->folded[run->tokens[token].folded];
    return (unsigned char)first >= 0x80 || (node->letters & tree_letter_bit(first));
}

/* ---- Where a token leads from a node -------------------------------------------------------- */

static uint32_t match_probe(match_run *run, uint32_t node, kundig_text key, uint64_t mixed)
{
    run->matching->probes++;
    return tree_find(run->tree, node, key.data, key.len, mixed);
}

static void match_keep(const match_run *run, match_nodes *out, uint32_t node)
{
    if (run->tree->nodes[node].languages & run->languages) {
        out->nodes[out->count++] = node;
    }
}

/* Does a rule of one term that counts end here? */
static void match_whole(const match_run *run, match_nodes *out, uint32_t child)
{
    const compiled_node *node = &run->tree->nodes[child];
    for (uint32_t i = 0; i < node->end_count; i++) {
        const kundig__rule_info *rule = &run->model->infos[run->tree->ends[node->ends + i]];
        out->whole |= rule->kind == KUNDIG__RULE_HIT && (run->languages >> rule->language & 1);
    }
}

static void match_word(match_run *run, uint32_t node, kundig_text key, uint64_t hash,
                       kundig_text folded, match_nodes *out)
{
    uint64_t mixed = tree_mix(hash, node, run->tree->seed);
    if (!tree_may(run->tree, mixed)) {
        return;
    }
    uint32_t at = match_probe(run, node, key, mixed);
    out->group = at;
    for (bool more = at != COMPILED_NONE; more; at++) {
        const compiled_edge *edge = &run->tree->edges[at];
        if (edge->kind == EDGE_GERMAN ||
            (edge->kind == EDGE_WORD && kundig__text_equal(edge->plain, folded))) {
            match_keep(run, out, edge->child);
            match_whole(run, out, edge->child);
        }
        more = edge->more != 0;
    }
}

static void match_stem(match_run *run, uint32_t node, int language, kundig_text word,
                       uint64_t word_hash, match_nodes *out)
{
    kundig__stemmer *stemmer = &run->matching->stemmer;
    uint64_t hash;
    kundig_text stem;
    run->rc = kundig__stem_hash(stemmer, language, word, word_hash, &hash);
    if (run->rc != KUNDIG_OK) {
        return;
    }
    uint64_t mixed = tree_mix(hash, node, run->tree->seed);
    if (!tree_may(run->tree, mixed)) {
        return;
    }
    run->rc = kundig__stem(stemmer, language, word, &stem);
    if (run->rc != KUNDIG_OK) {
        return;
    }
    uint32_t at = out->group;
    if (at == COMPILED_NONE || !tree_key_is(&run->tree->edges[at], node, stem.data, stem.len)) {
        at = match_probe(run, node, stem, mixed);
        out->group = at;
    }
    for (bool more = at != COMPILED_NONE; more; at++) {
        const compiled_edge *edge = &run->tree->edges[at];
        if (edge->kind == EDGE_STEM + language) {
            for (size_t i = 0; i < out->count; i++) {
                if (out->nodes[i] == edge->child) {
                    return; /* both spellings have one stem */
                }
            }
            match_keep(run, out, edge->child);
            match_whole(run, out, edge->child);
        }
        more = edge->more != 0;
    }
}

static void match_stems(match_run *run, uint32_t node, uint32_t token, match_nodes *out)
{
    unsigned stems = run->tree->nodes[node].stems & run->languages;
    kundig_text folded = match_folded(run, token);
    if (run->tokens[token].kind != KUNDIG__TOKEN_WORD || folded.len > KUNDIG__STEM_MOST) {
        return;
    }
    for (int language = 1; stems >> language && run->rc == KUNDIG_OK; language++) {
        if (stems >> language & 1) {
            match_stem(run, node, language, folded, run->tokens[token].hash, out);
        }
    }
    char respelt[KUNDIG__STEM_MOST];
    if (stems >> KUNDIG__LANGUAGE_DE & 1 && run->rc == KUNDIG_OK &&
        kundig__spelling_umlauts(folded.data, folded.len, respelt)) {
        kundig_text word = kundig__text(respelt, folded.len);
        match_stem(run, node, KUNDIG__LANGUAGE_DE, word, kundig__xxh3(respelt, folded.len), out);
    }
}

static bool match_begins(const compiled_edge *edge, kundig_text folded)
{
    if (edge->kind == EDGE_BEGIN) {
        return folded.len >= edge->plain.len &&
               memcmp(folded.data, edge->plain.data, edge->plain.len) == 0;
    }
    /* Of the two bytes of an umlaut either both are meant or none. */
    return edge->kind == EDGE_GERMAN_BEGIN &&
           (edge->key.len == folded.len ||
            ((unsigned char)folded.data[edge->key.len] & 0xC0) != 0x80);
}

static bool match_is_step(const compiled_tree *tree, uint32_t at)
{
    for (;; at++) {
        uint8_t kind = tree->edges[at].kind;
        if (kind == EDGE_MARK || kind == EDGE_BEGIN || kind == EDGE_GERMAN_BEGIN) {
            return true;
        }
        if (!tree->edges[at].more) {
            return false;
        }
    }
}

static void match_beginnings(match_run *run, uint32_t node, kundig_text key, kundig_text folded,
                             match_nodes *out)
{
    const compiled_tree *tree = run->tree;
    uint64_t lengths = tree->nodes[node].lengths;
    if (node == 0) {
        unsigned char first = (unsigned char)key.data[0];
        if (!(tree->short_heads[first / 64] >> (first % 64) & 1) &&
            (key.len < COMPILED_SHORT_HEAD || !compiled_head_may(tree->heads, key.data))) {
            return;
        }
    }
    uint32_t found = COMPILED_NONE;
    size_t len = 0;
    for (size_t step = (COMPILED_LONGEST + 1) / 2; step; step /= 2) {
        size_t longer = len + step;
        uint64_t within = ((UINT64_C(1) << step) - 1) << longer;
        if (longer > key.len || !(lengths & within)) {
            continue;
        }
        kundig_text head = kundig__text(key.data, longer);
        uint64_t hash = kundig__xxh3(head.data, head.len);
        uint32_t at = match_probe(run, node, head, tree_mix(hash, node, tree->seed));
        if (at != COMPILED_NONE && match_is_step(tree, at)) {
            found = at;
            len = longer;
        }
    }
    for (; found != COMPILED_NONE; found = tree->edges[found].shorter) {
        for (uint32_t at = found;; at++) {
            if (match_begins(&tree->edges[at], folded)) {
                match_keep(run, out, tree->edges[at].child);
            }
            if (!tree->edges[at].more) {
                break;
            }
        }
    }
}

/* Where a token leads from a node: by word, stems and beginnings. */
static void match_step(match_run *run, uint32_t from, uint32_t token, match_nodes *out)
{
    const compiled_node *node = &run->tree->nodes[from];
    kundig_text folded = match_folded(run, token);
    kundig_text key = match_key_text(run, token);
    out->count = 0;
    out->group = COMPILED_NONE;
    out->whole = false;
    if (node->words) {
        match_word(run, from, key, match_key_hash(run, token), folded, out);
    }
    if (node->lengths) {
        match_beginnings(run, from, key, folded, out);
    }
    if (match_may_stem(run, node, token)) {
        match_stems(run, from, token, out);
    }
}

/* May a token lead anywhere from a node? Most do not, and a look at filters tells. */
static inline bool match_may_step(const match_run *run, uint32_t at, uint32_t token)
{
    const compiled_node *node = &run->tree->nodes[at];
    uint64_t hash = match_key_hash(run, token);
    if ((node->words && tree_may(run->tree, tree_mix(hash, at, run->tree->seed))) ||
        match_may_stem(run, node, token)) {
        return true;
    }
    if (!node->lengths) {
        return false;
    }
    const kundig__token *found = &run->tokens[token];
    return (run->keys && run->keys[token].umlauts) ||
           (node->heads & tree_head_bit(run->folded + found->folded, found->folded_len)) != 0;
}

/* ---- Following the tree --------------------------------------------------------------------- */

static bool match_push(kundig__mem *mem, kundig__hit **hits, size_t *count, size_t *capacity,
                       kundig__hit hit)
{
    void *array = *hits;
    bool grown = kundig__grow(mem, &array, capacity, *count + 1, sizeof hit);
    *hits = array;
    if (grown) {
        (*hits)[(*count)++] = hit;
    }
    return grown;
}

static void match_add(match_run *run, uint32_t start, uint32_t end, uint32_t rule)
{
    kundig__reading *reading = run->reading;
    kundig__matching *matching = run->matching;
    const kundig__rule_info *info = &run->model->infos[rule];
    kundig__hit hit = {start, end, info->topic, rule};
    bool kept = info->kind == KUNDIG__RULE_HIT
                    ? match_push(reading->mem, &reading->hits, &reading->hit_count,
                                 &reading->hit_capacity, hit)
                    : match_push(matching->mem, &matching->nots, &matching->not_count,
                                 &matching->not_capacity, hit);
    if (!kept) {
        run->rc = kundig__nomem(reading->mem, NULL);
    }
}

/* The rules that end at a node were met by the tokens before pos. */
static void match_end(match_run *run, const compiled_node *node, uint32_t pos)
{
    uint32_t start = run->tokens[run->start].start;
    uint32_t end = run->tokens[pos - 1].end;
    for (uint32_t i = 0; i < node->end_count && run->rc == KUNDIG_OK; i++) {
        uint32_t rule = run->tree->ends[node->ends + i];
        if (run->languages >> run->model->infos[rule].language & 1) {
            match_add(run, start, end, rule);
        }
    }
}

/* The same where a shorter way may be found later: then the hits are moved. */
static void match_end_loose(match_run *run, const compiled_node *node, match_seen *seen,
                            uint32_t pos)
{
    kundig__reading *reading = run->reading;
    kundig__matching *matching = run->matching;
    if (seen->end == 0) {
        seen->hits = reading->hit_count;
        seen->nots = matching->not_count;
        seen->end = pos;
        match_end(run, node, pos);
        return;
    }
    if (pos >= seen->end) {
        return;
    }
    seen->end = pos;
    size_t hits = seen->hits;
    size_t nots = seen->nots;
    for (uint32_t i = 0; i < node->end_count; i++) {
        const kundig__rule_info *rule = &run->model->infos[run->tree->ends[node->ends + i]];
        if (run->languages >> rule->language & 1) {
            kundig__hit *hit =
                rule->kind == KUNDIG__RULE_HIT ? &reading->hits[hits++] : &matching->nots[nots++];
            hit->end = run->tokens[pos - 1].end;
        }
    }
}

/* Was the node reached at pos before, from the same first token? */
static bool match_was_here(match_run *run, const compiled_node *node, uint32_t pos)
{
    match_seen *seen = &run->matching->seen[node->loose - 1];
    if (seen->turn != run->matching->turn) {
        *seen = (match_seen){.turn = run->matching->turn};
    }
    uint64_t place = UINT64_C(1) << (pos - run->start);
    bool was = (seen->places & place) != 0;
    seen->places |= place;
    return was;
}

static void match_follow(match_run *run, uint32_t at, uint32_t pos);

/* None to three tokens are left out. */
static void match_gap(match_run *run, uint32_t at, uint32_t pos)
{
    const compiled_node *node = &run->tree->nodes[at];
    bool looks_on = node->any || node->gap;
    if (!(node->languages & run->languages)) {
        return;
    }
    for (uint32_t skip = 0; skip <= MATCH_GAP && pos + skip < run->end; skip++) {
        if (looks_on || match_may_step(run, at, pos + skip)) {
            match_follow(run, at, pos + skip);
        }
    }
}

/* All rules of a node, of which the terms before pos are met; some count in this sentence. At most
 * 16 deep: a level a term. */
static void match_follow(match_run *run, uint32_t at, uint32_t pos)
{
    const compiled_node *node = &run->tree->nodes[at];
    if (node->loose) {
        if (match_was_here(run, node, pos)) {
            return;
        }
        if (node->end_count) {
            match_end_loose(run, node, &run->matching->seen[node->loose - 1], pos);
        }
    } else if (node->end_count) {
        match_end(run, node, pos);
    }
    if (pos >= run->end || run->rc != KUNDIG_OK) {
        return;
    }
    if (node->gap) {
        match_gap(run, node->gap, pos);
    }
    uint32_t kind = run->tokens[pos].kind;
    if (node->any && (kind == KUNDIG__TOKEN_WORD || kind == KUNDIG__TOKEN_NUMBER) &&
        (run->tree->nodes[node->any].languages & run->languages)) {
        match_follow(run, node->any, pos + 1);
    }
    if (match_may_step(run, at, pos)) {
        match_nodes next;
        match_step(run, at, pos, &next);
        for (size_t i = 0; i < next.count && run->rc == KUNDIG_OK; i++) {
            match_follow(run, next.nodes[i], pos + 1);
        }
    }
}

/* ---- Compounds ------------------------------------------------------------------------------ */

/* Bytes of a word's source that fold to bytes [start, end) of its folded form; false if a
 * character stands across a border. */
static bool match_source(match_run *run, const kundig__token *token, compound_piece piece,
                         uint32_t *start, uint32_t *end)
{
    kundig__scratch *slice = &run->matching->slice;
    const char *source = run->text + token->start;
    size_t len = token->end - token->start;
    bool plain = len == token->folded_len;
    for (size_t i = 0; plain && i < len; i++) {
        unsigned char byte = (unsigned char)source[i];
        plain = byte < 0x80 || byte == 0xC3;
        i += byte == 0xC3;
    }
    if (plain) {
        *start = token->start + piece.start;
        *end = token->start + piece.end;
        return ((unsigned char)source[piece.start] & 0xC0) != 0x80 &&
               (piece.end == len || ((unsigned char)source[piece.end] & 0xC0) != 0x80);
    }
    /* Each stretch is folded once. Where runs of letters were cut the sum is another: no place. */
    bool started = false;
    bool ended = false;
    size_t folded = 0;
    for (size_t at = 0;;) {
        if (folded == piece.start) {
            *start = token->start + (uint32_t)at;
            started = true;
        }
        if (folded == piece.end && !ended) {
            *end = token->start + (uint32_t)at;
            ended = true;
        }
        if (at == len) {
            break;
        }
        uint32_t code;
        size_t to = at + kundig__utf8_decode(source + at, len - at, &code);
        to = kundig__fold_stretch(source, len, to);
        run->rc = kundig__text_fold(slice, source + at, to - at);
        if (run->rc != KUNDIG_OK) {
            return false;
        }
        folded += slice->folded_len;
        at = to;
    }
    return started && ended && folded == token->folded_len;
}

/* Add the hits of a compound's parts; false if the token is none. */
static bool match_compound(match_run *run, const kundig__token *token)
{
    const compiled_parts *parts = &run->model->parts;
    kundig__stemmer *stemmer = &run->matching->stemmer;
    kundig_text folded = kundig__text(run->folded + token->folded, token->folded_len);
    compound_split split;
    run->rc = kundig__compound_split(parts, stemmer, folded, &split);
    if (run->rc != KUNDIG_OK || split.count == 0) {
        return false;
    }
    for (size_t i = 0; i < split.count && run->rc == KUNDIG_OK; i++) {
        uint32_t start = 0;
        uint32_t end = 0;
        if (!match_source(run, token, split.pieces[i], &start, &end)) {
            continue;
        }
        size_t at = 0;
        uint32_t part = 0;
        while (run->rc == KUNDIG_OK) {
            run->rc = kundig__compound_part(parts, stemmer, folded, split.pieces[i], &at, &part);
            if (run->rc != KUNDIG_OK || part == COMPILED_NONE) {
                break;
            }
            if (parts->parts[part].rule != COMPILED_NONE) {
                match_add(run, start, end, parts->parts[part].rule);
            }
        }
    }
    return true;
}

/* ---- Sentences ------------------------------------------------------------------------------ */

static bool match_may_be_compound(const match_run *run, const kundig__token *token)
{
    return (run->languages >> KUNDIG__LANGUAGE_DE & 1) && run->model->parts.root_count &&
           token->kind == KUNDIG__TOKEN_WORD && token->folded_len >= COMPOUND_LETTERS &&
           token->folded_len <= COMPOUND_MOST_BYTES;
}

/* Are two words of 1 to MATCH_CACHED_BYTES bytes equal? No call, no branch a byte. */
static inline bool match_same(const char *a, const char *b, size_t len)
{
    if (len >= 8) {
        uint64_t left;
        uint64_t right;
        uint64_t differ = 0;
        for (size_t i = 0; i + 8 < len; i += 8) {
            memcpy(&left, a + i, 8);
            memcpy(&right, b + i, 8);
            differ |= left ^ right;
        }
        memcpy(&left, a + len - 8, 8);
        memcpy(&right, b + len - 8, 8);
        return (differ | (left ^ right)) == 0;
    }
    if (len >= 4) {
        uint32_t left[2];
        uint32_t right[2];
        memcpy(&left[0], a, 4);
        memcpy(&left[1], a + len - 4, 4);
        memcpy(&right[0], b, 4);
        memcpy(&right[1], b + len - 4, 4);
        return ((left[0] ^ right[0]) | (left[1] ^ right[1])) == 0;
    }
    return a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1];
}

static inline uint32_t match_tag(const match_run *run, const kundig__token *token)
{
    return token->folded_len << 16 | token->kind << 8 | run->languages;
}

static inline void match_fetch(const void *memory)
{
#if defined(__GNUC__)
    __builtin_prefetch(memory);
#else
    (void)memory;
#endif
}

/* The set of a word among those known. */
static inline match_known *match_set(const match_run *run, uint64_t hash)
{
    size_t set = (size_t)(hash >> 40 ^ run->languages) & (MATCH_CACHE_SETS - 1);
    return &run->matching->known[set * MATCH_CACHE_WAYS];
}

/* The place of a word among those known; *known tells whether it stands there. */
static inline match_known *match_place(match_run *run, const kundig__token *token, bool *known)
{
    uint64_t hash = token->hash;
    uint32_t tag = match_tag(run, token);
    const char *folded = run->folded + token->folded;
    match_known *place = match_set(run, hash);
    *known = true;
    for (size_t way = 0; way < MATCH_CACHE_WAYS; way++) {
        if (place[way].hash == hash && place[way].tag == tag &&
            match_same(place[way].bytes, folded, token->folded_len)) {
            return &place[way];
        }
    }
    *known = false;
    memmove(place + 1, place, (MATCH_CACHE_WAYS - 1) * sizeof *place);
    return place;
}

/* Follow all that begins with the token at run->start, a word not known yet. */
static void match_unknown(match_run *run, match_known *place)
{
    const kundig__token *token = &run->tokens[run->start];
    match_nodes next;
    match_step(run, 0, run->start, &next);
    for (size_t i = 0; i < next.count && run->rc == KUNDIG_OK; i++) {
        match_follow(run, next.nodes[i], run->start + 1);
    }
    bool compound = run->rc == KUNDIG_OK && !next.whole && match_may_be_compound(run, token) &&
                    match_compound(run, token);
    if (!place) {
        return;
    }
    if (run->rc != KUNDIG_OK || next.count > MATCH_CACHED_NODES) {
        place->tag = 0;
        return;
    }
    memcpy(place->nodes, next.nodes, next.count * sizeof *next.nodes);
    memcpy(place->bytes, run->folded + token->folded, token->folded_len);
    place->hash = token->hash;
    place->tag = match_tag(run, token);
    place->node_count = (uint8_t)next.count;
    place->compound = compound;
}

/* Follow what waits, its nodes near by now. The order in which hits are found shows nowhere. */
static void match_flush(match_run *run)
{
    for (size_t i = 0; i < run->waiting_count && run->rc == KUNDIG_OK; i++) {
        const match_waiting *waiting = &run->waiting[i];
        run->start = waiting->token;
        run->matching->turn++;
        for (size_t at = 0; at < waiting->node_count && run->rc == KUNDIG_OK; at++) {
            match_follow(run, waiting->nodes[at], run->start + 1);
        }
        if (waiting->compound && run->rc == KUNDIG_OK) {
            match_compound(run, &run->tokens[run->start]);
        }
    }
    run->waiting_count = 0;
}

static void match_token(match_run *run, uint32_t at)
{
    const kundig__token *token = &run->tokens[at];
    match_known *place = NULL;
    bool known = false;
    if (run->matching->known && token->folded_len <= MATCH_CACHED_BYTES) {
        place = match_place(run, token, &known);
    }
    if (!known) {
        run->start = at;
        run->matching->turn++;
        match_unknown(run, place);
        return;
    }
    match_waiting *waiting = &run->waiting[run->waiting_count];
    memcpy(waiting->nodes, place->nodes, sizeof waiting->nodes);
    waiting->token = at;
    waiting->node_count = place->node_count;
    waiting->compound = place->compound;
    /* most words begin nothing; without a branch, for nobody can tell which */
    run->waiting_count += (place->node_count | place->compound) != 0;
    match_fetch(&run->tree->nodes[place->nodes[0]]);
    if (run->waiting_count == MATCH_QUEUE) {
        match_flush(run);
    }
}

int kundig__match_sentence(kundig__reading *reading, const char *text, uint32_t first, uint32_t end,
                           uint8_t languages)
{
    match_run run; /* its queue stays as it is */
    run.reading = reading;
    run.matching = reading->matching;
    run.model = reading->model;
    run.tree = &reading->model->tree;
    run.text = text;
    run.folded = reading->scratch.folded;
    run.tokens = reading->scratch.tokens;
    run.keys = NULL;
    run.start = first;
    run.end = end;
    run.languages = languages;
    run.rc = KUNDIG_OK;
    run.waiting_count = 0;
    const match_known *cache = reading->matching->known;
    if (first < end) {
        match_find_keys(&run, first);
    }
    for (uint32_t at = first; cache && at < end && at < first + MATCH_AHEAD; at++) {
        match_fetch(match_set(&run, run.tokens[at].hash));
    }
    for (uint32_t at = first; at < end && run.rc == KUNDIG_OK; at++) {
        if (cache && end - at > MATCH_AHEAD) {
            match_fetch(match_set(&run, run.tokens[at + MATCH_AHEAD].hash));
        }
        match_token(&run, at);
    }
    if (run.rc == KUNDIG_OK) {
        match_flush(&run);
    }
    return run.rc;
}

/* ---- What matching keeps -------------------------------------------------------------------- */

kundig__matching *kundig__matching_new(kundig__mem *mem, const kundig_model *model)
{
    kundig__matching *matching = kundig__alloc_zero(mem, sizeof *matching);
    if (!matching) {
        return NULL;
    }
    matching->mem = mem;
    kundig__stemmer_init(&matching->stemmer, mem);
    kundig__scratch_init(&matching->slice, mem);
    matching->seen = kundig__alloc_zero(mem, model->tree.loose_count * sizeof *matching->seen);
    if (!matching->seen) {
        kundig__matching_free(matching, model);
        return NULL;
    }
    return matching;
}

bool kundig__matching_remember(kundig__matching *matching)
{
    if (!matching->known) {
        matching->known =
            kundig__alloc_zero(matching->mem, MATCH_CACHE_COUNT * sizeof *matching->known);
    }
    return matching->known != NULL;
}

void kundig__matching_free(kundig__matching *matching, const kundig_model *model)
{
    if (!matching) {
        return;
    }
    kundig__mem *mem = matching->mem;
    kundig__stemmer_free(&matching->stemmer);
    kundig__scratch_free(&matching->slice);
    kundig__free(mem, matching->seen, model->tree.loose_count * sizeof *matching->seen);
    kundig__free(mem, matching->known, MATCH_CACHE_COUNT * sizeof *matching->known);
    kundig__free(mem, matching->keys, matching->key_capacity * sizeof *matching->keys);
    kundig__free(mem, matching->respelt, matching->respelt_capacity);
    kundig__free(mem, matching->nots, matching->not_capacity * sizeof *matching->nots);
    kundig__free(mem, matching->order, matching->order_capacity * sizeof *matching->order);
    kundig__free(mem, matching->spare, matching->spare_capacity * sizeof *matching->spare);
    kundig__free(mem, matching, sizeof *matching);
}
