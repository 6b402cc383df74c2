#include <stdio.h>

#include "support.h"

TestSuite(token, .fini = probe_fini);

static const char *const token_names[] = {"?", "w", "n", "c", "s", "u", "e", "h"};

/* What tokens of text are, written as kind:folded separated by blanks. */
static void splits(const char *text, const char *expected)
{
    text_fixture fixture;
    text_begin(&fixture);
    cr_assert_eq(
        kundig__text_features(&fixture.scratch, text, strlen(text), KUNDIG__WORDS | KUNDIG__PAIRS),
        KUNDIG_OK);
    char shown[2048];
    size_t len = 0;
    for (size_t i = 0; i < fixture.scratch.token_count; i++) {
        const kundig__token *token = &fixture.scratch.tokens[i];
        len += (size_t)snprintf(shown + len, sizeof shown - len, "%s%s:%.*s", i ? " " : "",
                                token_names[token->kind], (int)token->folded_len,
                                fixture.scratch.folded + token->folded);
    }
    shown[len] = 0;
    cr_assert_str_eq(shown, expected);
    text_end(&fixture);
}

Test(token, splits_words_numbers_and_symbols)
{
    splits("", "");
    splits(" \t\n", "");
    splits("Die Lieferung war zu spät.", "w:die w:lieferung w:war w:zu w:spät s:.");
    splits("I paid 49.99 for 2 items_x", "w:i w:paid n:49 s:. n:99 w:for n:2 w:items_x");
    splits("A1 b2c 3D", "w:a1 w:b2c w:3d");
    splits("Größe/Farbe", "w:grösse s:/ w:farbe");
    splits("50 %, 3 €", "n:50 s:%, n:3 s:€");
    splits("½ m² Ⅳ ٣٤", "n:½ w:m² n:ⅳ n:٣٤");
    splits("a\xC2\xA0"
           "b\xE2\x80\x8B"
           "c",
           "w:a w:b w:c");
    splits("Donaudampfschifffahrtsgesellschaftskapitän",
           "w:donaudampfschiffahrtsgesellschaftskapitän");
}

Test(token, keeps_inner_apostrophes)
{
    splits("don't don’t donʼt", "w:don't w:don't w:don't");
    splits("'tis dogs' rock'n'roll", "s:' w:tis w:dogs s:' w:rock'n'roll");
    splits("‘quoted’ it''s", "s:‘ w:quoted s:' w:it s:'' w:s");
    splits("l’été c'est", "w:l'été w:c'est");
    splits("o’", "w:o s:'");
}

Test(token, folds_words)
{
    splits("STRASSE Straße ẞ", "w:strasse w:strasse w:ss");
    splits("sooooo goooood 1111", "w:soo w:good n:1111");
    splits("cafe\xCC\x81 café CAFÉ", "w:café w:café w:café");
    splits("Ver\xC2\xADsand\xC2\xAD", "w:versand");
    splits("İstanbul", "w:i\xCC\x87stanbul");
    splits("ᾂᾂ x", "w:ἂιἂι w:x");
    splits("می\xE2\x80\x8Cخواهم", "w:می\xE2\x80\x8Cخواهم");
}

Test(token, cuts_symbol_runs_at_four_clusters)
{
    splits("super!!!!! :-) ...", "w:super s:!!!! s:! s::-) s:...");
    splits("?!?!?!?!", "s:?!?! s:?!?!");
    splits("toll😀😀😀😀😀", "w:toll s:😀😀😀😀 s:😀");
}

Test(token, keeps_emoji_sequences_whole)
{
    splits(
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩"
        "‍"
        "👩"
        "‍"
        "👧"
        "‍"
        "👦",
        "s:"
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍"
        "👧"
        "‍"
        "👦"
        " "
        "s:👩‍👩‍👧‍👦");
    splits("🇩🇪🇫🇷🇮🇹🇪🇸🇵🇹", "s:🇩🇪🇫🇷🇮🇹🇪🇸 s:🇵🇹");
    splits("👍🏽👍🏽👍🏽👍🏽👍🏽",
           "s:👍🏽👍🏽👍🏽👍🏽 s:👍🏽");
    splits("❤️❤️❤️❤️❤️", "s:❤️❤️❤️❤️ s:❤️");
    splits("1️⃣2️⃣3️⃣#️⃣*️⃣", "s:1️⃣2️⃣3️⃣#️⃣ s:*️⃣");
    splits("Platz 1️⃣ und 12⃣", "w:platz s:1️⃣ w:und n:1 s:2⃣");
    splits("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", "s:🏴󠁧󠁢󠁥󠁮󠁧󠁿!");
    splits("ok👍", "w:ok s:👍");
}

Test(token, pairs_characters_of_scripts_without_blanks)
{
    splits("漢", "c:漢");
    splits("漢字", "c:漢字");
    splits("質が良い。", "c:質が c:が良 c:良い s:。");
    splits("abc漢字def", "w:abc c:漢字 w:def");
    splits("か\xE3\x82\x99い", "c:がい");
    splits("哈哈哈哈好", "c:哈哈 c:哈好");
    splits("哈哈哈哈", "c:哈哈");
    splits("3月", "n:3 c:月");
    splits("二〇二六", "c:二〇 c:〇二 c:二六");
    splits("ดีมาก", "c:ดีม c:มา c:าก");
    splits("กกกั", "c:กกั");
    splits("๑๒", "n:๑๒");
    splits("값이 좋다", "w:값이 w:좋다");
}

Test(token, recognises_addresses)
{
    splits("Siehe https://Example.com/Pfad?x=1.", "w:siehe u:https://example.com/pfad?x=1 s:.");
    splits("(www.shop.de)", "s:( u:ww.shop.de s:)");
    splits("http:// x", "w:http s::// w:x");
    splits("xhttp://a.de", "w:xhttp s::// w:a s:. w:de");
    splits("Mail an Jörg.Müller+shop@Beispiel.de!",
           "w:mail w:an e:jörg.müller+shop@beispiel.de s:!");
    splits("..a@b.de", "s:.. e:a@b.de");
    splits("a@b", "w:a s:@ w:b");
    splits("@KundenDienst hilft", "h:@kundendienst w:hilft");
    splits("!!@a_b's", "s:!! h:@a_b s:' w:s");
    splits("a @ b @", "w:a s:@ w:b s:@");
    splits("联系a@b.cn谢谢", "c:联系 e:a@b.cn c:谢谢");
    splits("example.com", "w:example s:. w:com");
}

/* What must hold of the tokens of any text. */
static void token_check(text_fixture *fixture, const char *text, size_t len)
{
    kundig__scratch *scratch = &fixture->scratch;
    cr_assert_eq(kundig__text_features(scratch, text, len, KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    size_t covered = 0;
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        const kundig__token *last = i ? token - 1 : NULL;
        const char *folded = scratch->folded + token->folded;
        cr_assert(token->start < token->end && token->end <= len);
        cr_assert(token->folded_len > 0 &&
                  token->folded + token->folded_len <= scratch->folded_len);
        bool overlaps = last && token->start < last->end;
        if (overlaps) {
            cr_assert(token->kind == KUNDIG__TOKEN_CJK && last->kind == KUNDIG__TOKEN_CJK &&
                      token->start > last->start && token->end > last->end);
        }
        /* Between tokens stand gaps alone. */
        for (size_t pos = covered; pos < token->start;) {
            uint32_t code;
            pos += kundig__utf8_decode(text + pos, len - pos, &code);
            cr_assert_eq(kundig__utf8_traits(code) & KUNDIG__CODE_KIND, KUNDIG__CODE_GAP,
                         "U+%04X is in no token of \"%.*s\"", (unsigned)code, (int)len, text);
        }
        covered = token->end;
        cr_assert_eq(kundig__utf8_valid(text + token->start, token->end - token->start),
                     token->end - token->start);
        cr_assert_eq(
            kundig__text_fold(&fixture->other, text + token->start, token->end - token->start),
            KUNDIG_OK);
        cr_assert(fixture->other.folded_len == token->folded_len &&
                      memcmp(fixture->other.folded, folded, token->folded_len) == 0,
                  "token %zu of \"%.*s\" is \"%.*s\", its slice folds to \"%.*s\"", i, (int)len,
                  text, (int)token->folded_len, folded, (int)fixture->other.folded_len,
                  fixture->other.folded);
        cr_assert_eq(token->hash, kundig__xxh3(folded, token->folded_len));
        cr_assert(token->kind >= KUNDIG__TOKEN_WORD && token->kind <= KUNDIG__TOKEN_HANDLE);
        if (last) {
            cr_assert_eq(scratch->pairs[i - 1], kundig__pair_hash(last->hash, token->hash));
        }
        bool word = token->kind == KUNDIG__TOKEN_WORD || token->kind == KUNDIG__TOKEN_NUMBER;
        bool after_word = last && last->end == token->start &&
                          (last->kind == KUNDIG__TOKEN_WORD || last->kind == KUNDIG__TOKEN_NUMBER);
        cr_assert(!word || !after_word, "a word of \"%.*s\" is cut", (int)len, text);
        if (token->kind == KUNDIG__TOKEN_NUMBER) {
            for (size_t pos = token->start; pos < token->end;) {
                uint32_t code;
                pos += kundig__utf8_decode(text + pos, len - pos, &code);
                cr_assert((kundig__utf8_traits(code) & KUNDIG__CODE_KIND) == KUNDIG__CODE_DIGIT ||
                              code == 0xAD,
                          "U+%04X in the number \"%.*s\" of \"%.*s\"", (unsigned)code,
                          (int)(token->end - token->start), text + token->start, (int)len, text);
            }
        }
        if (token->kind == KUNDIG__TOKEN_SYMBOL) {
            int32_t state = 0;
            uint32_t before;
            uint32_t after;
            size_t clusters = 1;
            size_t pos = token->start;
            pos += kundig__utf8_decode(text + pos, len - pos, &before);
            while (pos < token->end) {
                pos += kundig__utf8_decode(text + pos, len - pos, &after);
                clusters += kundig__utf8_breaks(before, after, &state);
                before = after;
            }
            cr_assert_leq(clusters, 4);
        }
    }
    for (size_t pos = covered; pos < len;) {
        uint32_t code;
        pos += kundig__utf8_decode(text + pos, len - pos, &code);
        cr_assert_eq(kundig__utf8_traits(code) & KUNDIG__CODE_KIND, KUNDIG__CODE_GAP);
    }
}

Test(token, folds_each_slice_as_the_folder_does)
{
    text_fixture fixture;
    text_begin(&fixture);
    uint64_t seed = 11;
    for (int i = 0; i < 300000; i++) {
        char text[256];
        token_check(&fixture, text, text_make(&seed, text, sizeof text));
    }
    text_end(&fixture);
}

Test(token, holds_on_every_code_point_between_others)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char *const before[] = {"a", "1", "!", "漢", "ö", ""};
    static const char *const after[] = {"b", "2", "\xCC\x81", "字", "'s", ""};
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        for (size_t i = 0; i < 6; i++) {
            char text[24];
            size_t len = strlen(before[i]);
            memcpy(text, before[i], len);
            len += kundig__utf8_encode(code, text + len);
            const char *tail = after[(i + code) % 6];
            memcpy(text + len, tail, strlen(tail));
            token_check(&fixture, text, len + strlen(tail));
        }
    }
    text_end(&fixture);
}

/* Canonically equivalent texts have the same tokens. */
Test(token, sees_no_difference_between_composed_and_decomposed)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char composed[] = "Größere Schälchen, déjà vu! ộ ấ 각 が≠b ẛ̣";
    static const char decomposed[] =
        "Gro\xCC\x88ßere Scha\xCC\x88lchen, de\xCC\x81ja\xCC\x80 vu! o\xCC\xA3\xCC\x82 "
        "a\xCC\x82\xCC\x81 \xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8 か\xE3\x82\x99=\xCC\xB8"
        "b ſ\xCC\xA3\xCC\x87";
    cr_assert_eq(
        kundig__text_features(&fixture.scratch, composed, sizeof composed - 1, KUNDIG__WORDS), 0);
    cr_assert_eq(
        kundig__text_features(&fixture.other, decomposed, sizeof decomposed - 1, KUNDIG__WORDS), 0);
    cr_assert_eq(fixture.scratch.token_count, fixture.other.token_count);
    for (size_t i = 0; i < fixture.scratch.token_count; i++) {
        cr_assert_eq(fixture.scratch.tokens[i].hash, fixture.other.tokens[i].hash, "token %zu", i);
    }
    text_end(&fixture);
}

/* Known answers: hashes stand in states and models, so they never change by accident. */
Test(token, hashes_as_ever)
{
    text_fixture fixture;
    text_begin(&fixture);
    cr_assert_eq(kundig__text_features(&fixture.scratch, "Sehr GUT!", 9, KUNDIG__PAIRS), 0);
    cr_assert_eq(fixture.scratch.token_count, 3);
    cr_assert_eq(fixture.scratch.tokens[0].hash, UINT64_C(0xFA3F9B89AF220660));
    cr_assert_eq(fixture.scratch.tokens[1].hash, UINT64_C(0x9407F26C68DCBA68));
    cr_assert_eq(fixture.scratch.tokens[2].hash, kundig__xxh3("!", 1));
    cr_assert_eq(fixture.scratch.pairs[0], UINT64_C(0xA9236EB43C96092D));
    text_end(&fixture);
}

/* Long texts of one thing: none may take more than linear time. Quadratic ones would take hours. */
Test(token, takes_linear_time_on_any_text, .timeout = 60)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char *const units[] = {
        "a",
        "1",
        "_",
        "@",
        ".",
        "!",
        "'",
        "a@",
        "a.",
        "a.b@",
        "@a",
        "a@a.",
        "http://",
        ":",
        "www.",
        "www.a.",
        "(",
        ")",
        "http://a)))",
        "\xCC\x81",
        "\xCC\x81\xCC\xA3",
        "\xCD\x85",
        "\xE2\x80\x8D",
        "\xC2\xAD",
        "a\xC2\xAD",
        "\xEF\xB8\x8F",
        "👩‍",
        "🇩",
        "1️⃣",
        "漢",
        "か\xE3\x82\x99",
        "\xEF\xA9\xAC",
        "\xF0\x9D\x85\xA0",
        "ᾂ",
        "ᾂ ",
        "ß",
        "’",
        "a’",
        "\xE1\x84\x80",
        "\xE1\x85\xA1",
        "ก",
        "ั",
        "a.a-a+",
        "\xF3\xA0\x81\xA7",
        "\xD8\x80",
        "\xEF\xBF\xBD",
        "ab",
        "aab",
    };
    size_t len = 1000000;
    char *text = kundig__alloc(&fixture.mem, len + 32);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t unit = strlen(units[i]);
        size_t used = 0;
        while (used + unit <= len) {
            memcpy(text + used, units[i], unit);
            used += unit;
        }
        for (int head = 0; head < 2; head++) {
            cr_assert_eq(
                kundig__text_features(&fixture.scratch, text, used, KUNDIG__WORDS | KUNDIG__PAIRS),
                KUNDIG_OK);
            cr_assert_leq(fixture.scratch.token_count, used);
            cr_assert_leq(fixture.scratch.folded_len, 8 * len + 64);
            cr_assert_eq(kundig__text_fold(&fixture.scratch, text, used), KUNDIG_OK);
            /* Once more with a letter in front. */
            memmove(text + 1, text, used);
            text[0] = 'q';
            used++;
        }
    }
    kundig__free(&fixture.mem, text, len + 32);
    text_end(&fixture);
}

Test(token, fails_cleanly_without_memory)
{
    static const char text[] = "Größe \xE1\xBE\x82\xE1\xBE\x82\xE1\xBE\x82 a@b.de "
                               "か\xE3\x82\x99\xEF\xA9\xAC漢字 a b c d e f g h i j k l m n o p";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t fail_at = 1;; fail_at++) {
            text_fixture fixture;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = forever != 0;
            text_begin(&fixture);
            int code = kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                             KUNDIG__WORDS | KUNDIG__PAIRS);
            bool reached = probe_shared.allocations >= fail_at;
            probe_shared.fail_at = 0;
            cr_assert_eq(code, reached ? KUNDIG_E_NOMEM : KUNDIG_OK);
            token_check(&fixture, text, sizeof text - 1);
            text_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
            if (!reached) {
                break;
            }
            cr_assert_lt(fail_at, 1000);
        }
    }
}

Test(token, tells_pairs_apart_by_order)
{
    uint64_t a = kundig__xxh3("gut", 3);
    uint64_t b = kundig__xxh3("nicht", 5);
    cr_assert_neq(kundig__pair_hash(a, b), kundig__pair_hash(b, a));
    cr_assert_neq(kundig__pair_hash(a, a), kundig__pair_hash(b, b));
    cr_assert_neq(kundig__pair_hash(a, a), 0);
}

/* Of a million pairs of 1,000 words, the low and the high 20 bits must fill their buckets as chance
 * does: 2^20 (1 - e^(-10^6/2^20)) = 644,554 of them, give or take 350. */
Test(token, spreads_pairs_over_low_and_high_bits)
{
    static uint8_t low[1 << 20];
    static uint8_t high[1 << 20];
    static uint64_t words[1000];
    for (unsigned i = 0; i < 1000; i++) {
        words[i] = kundig__xxh3(&i, sizeof i);
    }
    for (unsigned i = 0; i < 1000; i++) {
        for (unsigned j = 0; j < 1000; j++) {
            uint64_t hash = kundig__pair_hash(words[i], words[j]);
            low[hash & 0xFFFFF] = 1;
            high[hash >> 44] = 1;
        }
    }
    long low_count = 0;
    long high_count = 0;
    for (size_t i = 0; i < sizeof low; i++) {
        low_count += low[i];
        high_count += high[i];
    }
    cr_assert(low_count > 642500 && low_count < 646500, "%ld", low_count);
    cr_assert(high_count > 642500 && high_count < 646500, "%ld", high_count);
}
