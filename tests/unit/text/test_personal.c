#include "personal_cases.h"

#include <stdlib.h>
#include <time.h>

TestSuite(personal, .fini = probe_fini);

#define PERSONAL_KINDS 7

/* What a set of cases gave, a row a kind and one for all. */
typedef struct personal_score {
    unsigned wanted[PERSONAL_KINDS + 1];
    unsigned found[PERSONAL_KINDS + 1];
    unsigned right[PERSONAL_KINDS + 1];  /* of the same kind, from the same byte to the same byte */
    unsigned hidden[PERSONAL_KINDS + 1]; /* wanted, and every byte inside some span */
    unsigned lines;
    unsigned clean; /* lines without personal data in which nothing was found */
    unsigned plain; /* lines without personal data */
} personal_score;

static size_t personal_row(uint32_t kind)
{
    size_t row = 0;
    for (; !(kind & 1); kind >>= 1) {
        row++;
    }
    return row;
}

static bool personal_covered(const kundig__personal *found, const kundig__personal_span *span)
{
    uint32_t pos = span->start;
    for (size_t i = 0; i < found->count && pos < span->end; i++) {
        if (found->spans[i].start <= pos && found->spans[i].end > pos) {
            pos = found->spans[i].end;
        }
    }
    return pos >= span->end;
}

static void personal_count(personal_score *score, const personal_case *wanted,
                           const kundig__personal *found)
{
    score->lines++;
    score->plain += wanted->count == 0;
    score->clean += wanted->count == 0 && found->count == 0;
    for (size_t i = 0; i < wanted->count; i++) {
        size_t row = personal_row(wanted->spans[i].kind);
        bool hidden = personal_covered(found, &wanted->spans[i]);
        score->wanted[row]++;
        score->wanted[PERSONAL_KINDS]++;
        score->hidden[row] += hidden;
        score->hidden[PERSONAL_KINDS] += hidden;
        for (size_t j = 0; j < found->count; j++) {
            bool same = memcmp(&found->spans[j], &wanted->spans[i], sizeof *found->spans) == 0;
            score->right[row] += same;
            score->right[PERSONAL_KINDS] += same;
        }
    }
    for (size_t j = 0; j < found->count; j++) {
        score->found[personal_row(found->spans[j].kind)]++;
        score->found[PERSONAL_KINDS]++;
    }
}

/* Run the cases of a file that stands beside this one. */
static void personal_run(const char *name, personal_score *score)
{
    char path[1024];
    char line[2048];
    char shown[4096];
    const char *own = __FILE__;
    const char *slash = strrchr(own, '/');
    personal_fixture fixture;
    memset(score, 0, sizeof *score);
    personal_begin(&fixture);
    snprintf(path, sizeof path, "%.*s/%s", (int)(slash - own), own, name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    while (fgets(line, sizeof line, file)) {
        personal_case wanted;
        if (line[0] == '#' && (line[1] == ' ' || line[1] == '\n')) {
            continue;
        }
        personal_case_read(line, &wanted);
        cr_assert_eq(
            kundig__personal_find(&fixture.personal, wanted.text, wanted.len, KUNDIG_PERSONAL_ALL),
            KUNDIG_OK);
        unsigned right = score->right[PERSONAL_KINDS];
        personal_count(score, &wanted, &fixture.personal);
        right = score->right[PERSONAL_KINDS] - right;
        if (right != wanted.count || right != fixture.personal.count) {
            personal_show(&fixture.personal, wanted.text, wanted.len, shown, sizeof shown);
            cr_log_info("%sgives %s", line, shown);
        }
    }
    fclose(file);
    personal_end(&fixture);
    for (size_t row = 0; row <= PERSONAL_KINDS; row++) {
        cr_log_info("%-8s wanted %u found %u right %u hidden %u",
                    row < PERSONAL_KINDS ? kundig__personal_name(1u << row) : "all",
                    score->wanted[row], score->found[row], score->right[row], score->hidden[row]);
    }
    cr_log_info("%u lines, %u without personal data, %u of them left alone", score->lines,
                score->plain, score->clean);
}

/* At least so many are right, at most so many are wrong: what was reached. */
typedef struct personal_reached {
    unsigned wanted[PERSONAL_KINDS + 1];
    unsigned right[PERSONAL_KINDS + 1];
    unsigned wrong[PERSONAL_KINDS + 1];
} personal_reached;

static void personal_compare(const personal_score *score, const personal_reached *reached)
{
    for (size_t row = 0; row <= PERSONAL_KINDS; row++) {
        const char *kind = row < PERSONAL_KINDS ? kundig__personal_name(1u << row) : "all";
        unsigned wrong = score->found[row] - score->right[row];
        cr_assert_eq(score->wanted[row], reached->wanted[row], "%s: %u cases", kind,
                     score->wanted[row]);
        cr_assert_geq(score->right[row], reached->right[row], "%s: %u right", kind,
                      score->right[row]);
        cr_assert_leq(wrong, reached->wrong[row], "%s: %u wrong", kind, wrong);
    }
}

/* Order of rows: e-mail, phone, IBAN, card, URL, address, name, all. */
Test(personal, finds_what_it_found_before_in_the_cases_it_was_tuned_on)
{
    static const personal_reached reached = {{27, 56, 12, 11, 19, 46, 73, 244},
                                             {27, 56, 12, 11, 19, 46, 71, 242},
                                             {0, 0, 0, 0, 0, 0, 1, 1}};
    personal_score score;
    personal_run("personal_cases.txt", &score);
    cr_assert_geq(score.lines, 300);
    cr_assert_eq(score.clean, score.plain);
    personal_compare(&score, &reached);
}

Test(personal, finds_what_it_found_before_in_the_cases_kept_back)
{
    static const personal_reached reached = {
        {4, 12, 1, 2, 2, 12, 23, 56}, {4, 12, 1, 2, 2, 12, 20, 53}, {0, 0, 0, 0, 0, 0, 6, 6}};
    personal_score score;
    personal_run("personal_kept.txt", &score);
    cr_assert_geq(score.lines, 100);
    cr_assert_geq(score.clean, 57);
    personal_compare(&score, &reached);
}

/* README's table is made of the same run. */
Test(personal, readme_states_these_figures)
{
    char path[1024];
    static char readme[1 << 18];
    const char *own = __FILE__;
    personal_score tuned;
    personal_score kept;
    personal_run("personal_cases.txt", &tuned);
    personal_run("personal_kept.txt", &kept);
    snprintf(path, sizeof path, "%.*s/../../../README.md", (int)(strrchr(own, '/') - own), own);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    size_t len = fread(readme, 1, sizeof readme - 1, file);
    readme[len] = 0;
    fclose(file);
    for (size_t row = 0; row <= PERSONAL_KINDS; row++) {
        char line[160];
        snprintf(line, sizeof line, "| %s | %u of %u | %u of %u | %u of %u | %u of %u |",
                 row < PERSONAL_KINDS ? kundig__personal_name(1u << row) : "all", tuned.right[row],
                 tuned.found[row], tuned.right[row], tuned.wanted[row], kept.right[row],
                 kept.found[row], kept.right[row], kept.wanted[row]);
        cr_assert_not_null(strstr(readme, line), "README.md has not: %s", line);
    }
}

Test(personal, names_its_kinds)
{
    cr_assert_str_eq(kundig__personal_name(KUNDIG_PERSONAL_EMAIL), "e-mail");
    cr_assert_str_eq(kundig__personal_name(KUNDIG_PERSONAL_NAME), "name");
    cr_assert_null(kundig__personal_name(0));
    cr_assert_null(kundig__personal_name(3));
    cr_assert_null(kundig__personal_name(KUNDIG_PERSONAL_ALL + 1));
}

/* Mask text; the result stands in out. */
static void personal_masks(personal_fixture *fixture, const char *text, size_t len, uint32_t kinds,
                           char *out, size_t room)
{
    kundig__buf buf;
    kundig__buf_init(&buf, &fixture->mem);
    cr_assert_eq(kundig__personal_find(&fixture->personal, text, len, kinds), KUNDIG_OK);
    kundig__personal_mask(&fixture->personal, text, len, &buf);
    cr_assert(!buf.failed && buf.len < room);
    if (buf.len) {
        memcpy(out, buf.data, buf.len);
    }
    out[buf.len] = 0;
    kundig__buf_free(&buf);
}

Test(personal, masks_what_it_finds)
{
    static const char text[] = "Frau Müller, Tel. 030 23125001, anna@example.com, IBAN DE89 3704 "
                               "0044 0532 0130 00, Karte 4111 1111 1111 1111, "
                               "https://example.com/?token=1, Musterstr. 1, 10115 Berlin.";
    char masked[512];
    personal_fixture fixture;
    personal_begin(&fixture);
    personal_masks(&fixture, text, sizeof text - 1, KUNDIG_PERSONAL_ALL, masked, sizeof masked);
    cr_assert_str_eq(masked,
                     "Frau [name], Tel. [phone], [e-mail], IBAN [IBAN], Karte [card], [URL], "
                     "[address].");
    personal_masks(&fixture, "nothing", 7, KUNDIG_PERSONAL_ALL, masked, sizeof masked);
    cr_assert_str_eq(masked, "nothing");
    personal_masks(&fixture, "", 0, KUNDIG_PERSONAL_ALL, masked, sizeof masked);
    cr_assert_str_eq(masked, "");
    personal_end(&fixture);
}

Test(personal, asking_for_fewer_kinds_changes_no_span)
{
    static const char text[] = "Frau Lang, https://example.com/?tel=030-23125001&token=1, "
                               "DE89 3704 0044 0532 0130 00 oder 030 23125002";
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert_eq(kundig__personal_find(&fixture.again, text, sizeof text - 1, KUNDIG_PERSONAL_ALL),
                 KUNDIG_OK);
    cr_assert_eq(fixture.again.count, 4);
    for (uint32_t kinds = 1; kinds <= KUNDIG_PERSONAL_ALL; kinds++) {
        size_t at = 0;
        cr_assert_eq(kundig__personal_find(&fixture.personal, text, sizeof text - 1, kinds),
                     KUNDIG_OK);
        for (size_t i = 0; i < fixture.again.count; i++) {
            if (fixture.again.spans[i].kind & kinds) {
                cr_assert_lt(at, fixture.personal.count);
                cr_assert_eq(memcmp(&fixture.personal.spans[at++], &fixture.again.spans[i],
                                    sizeof *fixture.again.spans),
                             0);
            }
        }
        cr_assert_eq(at, fixture.personal.count);
    }
    personal_end(&fixture);
}

Test(personal, spans_hold_whole_grapheme_clusters)
{
    /* The mark belongs to the last letter, the sign before the number to its first digit. */
    personal_finds("Frau {name:Rene\\u0301}, x");
    personal_finds("Tel. {phone:\\u0600030 23125001\\u0301} x");
    personal_finds("👩‍👩‍👧{e-mail:a@example.com}👍🏽");
    personal_finds("🇩🇪{phone:+49 30 23125001}🇩🇪");
    personal_finds("Herr {name:Bau\\u0308er}🙂");
    personal_finds("\\u202BFrau {name:Levi}\\u202C שלום {phone:030 23125001} שלום");
    /* Two spans that share a cluster: the second begins behind it. */
    personal_finds("{e-mail:a@example.com\\u0301}");
}

Test(personal, masking_twice_changes_nothing)
{
    static const char *const pieces[] = {
        "Frau ",
        "Mr. ",
        "Müller",
        "Anna ",
        "Smith",
        " ",
        "\n",
        ", ",
        ".",
        "030",
        " 23125 ",
        "001",
        "+49 ",
        "-",
        "/",
        "(",
        ")",
        "@",
        "example",
        ".com",
        "a@b.de",
        "https://x.de/?token=1",
        "www.",
        "Str. ",
        "Musterstr. ",
        "12",
        "10115 ",
        "Berlin",
        "High Street",
        "NW1 6XE",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111",
        "Tel. ",
        "call me on ",
        "Order ",
        "Nummer ",
        "my name is ",
        "Gruß",
        "LG ",
        "[name]",
        "[phone]",
        "[",
        "]",
        "(at)",
        " dot ",
        "com",
        "e\xCC\x81",
        "😀",
        "PO Box ",
        "Flat 3, ",
        "IL 62704",
        "#",
        "ext. 5",
        "00",
        "Am Markt 3, ",
        "Postfach ",
        "von der ",
        "Dr. ",
        "'s ",
        "ich heiße ",
        "Thanks, ",
        "Nr. ",
        "€",
    };
    char text[512];
    char once[2048];
    char twice[2048];
    personal_fixture fixture;
    uint64_t seed = 3;
    personal_begin(&fixture);
    for (int round = 0; round < 60000; round++) {
        size_t len = 0;
        for (unsigned count = 0; count < 14; count++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            const char *piece = pieces[(seed >> 33) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        uint32_t kinds = round & 1 ? KUNDIG_PERSONAL_ALL : 1 + (uint32_t)(seed >> 40) % 127;
        personal_masks(&fixture, text, len, kinds, once, sizeof once);
        personal_masks(&fixture, once, strlen(once), kinds, twice, sizeof twice);
        cr_assert_str_eq(once, twice, "%.*s\n%s\n%s", (int)len, text, once, twice);
    }
    personal_end(&fixture);
}

/* Texts that make a careless rule look at the same bytes again and again. */
Test(personal, takes_linear_time_and_bounded_memory_on_any_text, .timeout = 120)
{
    static const char *const pieces[] = {
        "1",          "@",         "Frau ",     "1 ",       "a@",           "+49 ",
        "(",          "a?",        "a.b/?x=1 ", "://",      "http://a.de/", "www.a",
        "12 High ",   "Str. 1 ",   "Am ",       "[at] ",    " dot a",       "a at b dot com ",
        "DE89 3704 ", "4111-",     "Gruß\n",    "A",        "Tel. ",        "030 ",
        "Müller ",    "e\xCC\x81", "10115 ",    "Nr. ",     "Mr von ",      "\xC2\xAD",
        "NW1 6XE ",   "a-",        "'s",        "Flat 3, ", "my name is ",  "😀",
        "1-",         "1/",        "x;a",       "von der ", "http://a?",    "%40",
    };
    size_t len = 1000000;
    char *text = malloc(len + 64);
    personal_fixture fixture;
    personal_begin(&fixture);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t at = 0;
        while (at < len) {
            memcpy(text + at, pieces[i], strlen(pieces[i]));
            at += strlen(pieces[i]);
        }
        clock_t begin = clock();
        cr_assert_eq(kundig__personal_find(&fixture.personal, text, at, KUNDIG_PERSONAL_ALL),
                     KUNDIG_OK);
        double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        cr_assert_lt(seconds, 2.0, "\"%s\" takes %.2f s", pieces[i], seconds);
        cr_assert_lt(fixture.mem.peak, 40 * len, "\"%s\" takes %zu bytes", pieces[i],
                     fixture.mem.peak);
    }
    free(text);
    personal_end(&fixture);
}

Test(personal, refuses_texts_that_are_too_long)
{
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert_eq(
        kundig__personal_find(&fixture.personal, "", KUNDIG__PERSONAL_MOST, KUNDIG_PERSONAL_ALL),
        KUNDIG_E_LIMIT);
    cr_assert_eq(fixture.mem.used, 0);
    personal_end(&fixture);
}

Test(personal, fails_cleanly_without_memory)
{
    static const char text[] = "Frau Müller, 030 23125001, a@example.com, b@example.com, Gruß\nMax";
    for (int forever = 0; forever < 2; forever++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n++) {
            personal_fixture fixture;
            kundig__buf buf;
            personal_begin(&fixture);
            kundig__buf_init(&buf, &fixture.mem);
            cr_assert_lt(n, 100);
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = forever;
            rc = kundig__personal_find(&fixture.personal, text, sizeof text - 1,
                                       KUNDIG_PERSONAL_ALL);
            if (rc == KUNDIG_OK) {
                kundig__personal_mask(&fixture.personal, text, sizeof text - 1, &buf);
                rc = buf.failed ? KUNDIG_E_NOMEM : KUNDIG_OK;
            }
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig__buf_free(&buf);
            personal_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
}
