/* Reads every file of tests/hostile/files and compares what is said of it with expected.txt: the
 * result, the counts, and words that must stand in the error, a finding or a reason. Then the same
 * with the files of tests/hostile/taxonomies and expected_taxonomies.txt. A file that is not named
 * there is a failure, as is a name without its file. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "ingest/ingest.h"
#include "probe.h"
#include "topics/taxonomy.h"

#define HOSTILE_PEAK ((size_t)16 << 20)

static int failures;

static const char *result_name(int rc)
{
    switch (rc) {
    case KUNDIG_OK:
        return "OK";
    case KUNDIG_E_EMPTY:
        return "EMPTY";
    case KUNDIG_E_FORMAT:
        return "FORMAT";
    case KUNDIG_E_AMBIGUOUS:
        return "AMBIGUOUS";
    case KUNDIG_E_LIMIT:
        return "LIMIT";
    default:
        return "another error";
    }
}

static void complain(const char *file, const char *what, const char *wanted, const char *got)
{
    failures++;
    fprintf(stderr, "%s: %s: wanted \"%s\", got \"%s\"\n", file, what, wanted, got);
}

static int stands_in(kundig_table *table, size_t column, const char *words)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text text = kundig_table_text(table, row, column);
        if (text.data && strstr(text.data, words)) {
            return 1;
        }
    }
    return 0;
}

static void check_counts(const char *file, const kundig_ingest_report *report, const char *wanted)
{
    char got[80] = "-";
    if (report) {
        kundig_table *summary = kundig_ingest_report_table(report, KUNDIG_INGEST_SUMMARY);
        long long counts[3];
        for (size_t i = 0; i < 3; i++) {
            counts[i] = (long long)kundig_table_int(summary, i, 1);
        }
        snprintf(got, sizeof got, "%lld %lld %lld", counts[0], counts[1], counts[2]);
        if (counts[0] != counts[1] + counts[2]) {
            complain(file, "rows", "accepted + rejected", got);
        }
    }
    if (strcmp(got, wanted) != 0) {
        complain(file, "counts", wanted, got);
    }
}

/* End the words at the first " & "; what stands behind it. */
static char *cut_words(char *words)
{
    char *next = strstr(words, " & ");
    if (next) {
        *next = '\0';
        next += 3;
    }
    return next;
}

static void check_words(const char *file, const kundig_ingest_report *report,
                        const kundig_error *err, char *words)
{
    while (words && *words) {
        char *next = cut_words(words);
        int found = strstr(err->message, words) != NULL;
        if (report) {
            found =
                found ||
                stands_in(kundig_ingest_report_table(report, KUNDIG_INGEST_FINDINGS), 1, words) ||
                stands_in(kundig_ingest_report_table(report, KUNDIG_INGEST_REJECTS), 3, words);
        }
        if (!found) {
            complain(file, "words", words, err->message);
        }
        words = next;
    }
}

static void run_case(const char *folder, const char *file, const char *result, const char *counts,
                     char *words)
{
    char path[4096];
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__context context;
    kundig__corpus *corpus = NULL;
    kundig__rows *rows = NULL;
    kundig_ingest_report *report = NULL;
    kundig_ingest_options options;
    kundig__csv_options csv = {0, 0, 0};
    kundig_error err = {0, 0, ""};
    snprintf(path, sizeof path, "%s/files/%s", folder, file);
    memset(&context, 0, sizeof context);
    kundig__mem_init(&context.mem, &allocator, 0);
    context.threads = 1;
    kundig_ingest_options_init(&options);
    probe_shared.peak_bytes = 0;
    int rc = kundig__corpus_new(&context, &corpus, &err);
    if (!rc) {
        rc = kundig__rows_from_file(&context, kundig__str(path), &csv, &rows, &err);
    }
    if (!rc) {
        rc = kundig__ingest_rows(corpus, rows, &options, kundig__text(NULL, 0), &report, &err);
        rows->close(rows);
    }
    if (strcmp(result_name(rc), result) != 0) {
        complain(file, "result", result, result_name(rc));
        fprintf(stderr, "  %s\n", err.message);
    }
    if (rc && !err.message[0]) {
        complain(file, "sentence", "one", "none");
    }
    check_counts(file, report, counts);
    check_words(file, report, &err, words);
    kundig_error fault;
    if (corpus && kundig__corpus_check(corpus, &fault)) {
        complain(file, "corpus", "whole", fault.message);
    }
    kundig_ingest_report_free(report);
    kundig__corpus_free(corpus);
    kundig__context_free(&context);
    if (probe_shared.live_blocks || probe_shared.peak_bytes > HOSTILE_PEAK) {
        complain(file, "memory", "bounded and given back", "not so");
    }
}

static int finding_says(const kundig__findings *findings, const char *words)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strstr(findings->items[i].sentence.data, words)) {
            return 1;
        }
    }
    return 0;
}

static void run_taxonomy(const char *folder, const char *file, const char *result,
                         const char *errors, char *words)
{
    static char data[1 << 20];
    char path[4096];
    char got[32];
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__taxonomy taxonomy;
    kundig__findings findings;
    kundig_error err = {0, 0, ""};
    kundig_error second;
    snprintf(path, sizeof path, "%s/taxonomies/%s", folder, file);
    FILE *open = fopen(path, "rb");
    size_t len = open ? fread(data, 1, sizeof data, open) : 0;
    if (!open) {
        complain(file, "file", "one", "none");
        return;
    }
    fclose(open);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__taxonomy_init(&taxonomy, &mem);
    kundig__findings_init(&findings, &mem);
    probe_shared.peak_bytes = 0;
    int rc = kundig__taxonomy_read(&taxonomy, data, len, &err);
    if (strcmp(result_name(rc), result) != 0) {
        complain(file, "result", result, result_name(rc));
        fprintf(stderr, "  %s\n", err.message);
    }
    if (kundig__taxonomy_check(&findings, data, len, &second)) {
        complain(file, "check", "findings", second.message);
    }
    snprintf(got, sizeof got, "%zu", findings.kept[KUNDIG__FINDING_ERROR]);
    if (strcmp(got, errors) != 0) {
        complain(file, "errors", errors, got);
    }
    while (words && *words) {
        char *next = cut_words(words);
        if (!strstr(err.message, words) && !finding_says(&findings, words)) {
            complain(file, "words", words, err.message);
        }
        words = next;
    }
    kundig__taxonomy_free(&taxonomy);
    kundig__findings_free(&findings);
    if (probe_shared.live_blocks || probe_shared.peak_bytes > HOSTILE_PEAK) {
        complain(file, "memory", "bounded and given back", "not so");
    }
}

static char *cut_field(char **line)
{
    char *start = *line;
    char *bar = start ? strstr(start, " | ") : NULL;
    if (bar) {
        *bar = '\0';
        *line = bar + 3;
    } else {
        *line = NULL;
    }
    return start;
}

static size_t count_files(const char *folder, const char *files)
{
    char path[4096];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/%s", folder, files);
    DIR *open = opendir(path);
    if (!open) {
        return 0;
    }
    for (const struct dirent *entry = readdir(open); entry; entry = readdir(open)) {
        count += entry->d_name[0] != '.';
    }
    closedir(open);
    return count;
}

typedef void case_fn(const char *folder, const char *file, const char *result, const char *counts,
                     char *words);

/* Run every case of a list; each of the files must be one. */
static void run_list(const char *folder, const char *list, const char *files, case_fn *run)
{
    char path[4096];
    char line[1024];
    size_t cases = 0;
    snprintf(path, sizeof path, "%s/%s", folder, list);
    FILE *expected = fopen(path, "r");
    if (!expected) {
        fprintf(stderr, "cannot open %s\n", path);
        failures++;
        return;
    }
    while (fgets(line, sizeof line, expected)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || !line[0]) {
            continue;
        }
        char *rest = line;
        const char *file = cut_field(&rest);
        const char *result = cut_field(&rest);
        const char *counts = cut_field(&rest);
        if (!rest) {
            fprintf(stderr, "%s: a line is not whole: %s\n", list, file);
            failures++;
            continue;
        }
        run(folder, file, result, counts, rest);
        cases++;
    }
    fclose(expected);
    if (cases == 0 || cases != count_files(folder, files)) {
        fprintf(stderr, "%zu cases for %zu files\n", cases, count_files(folder, files));
        failures++;
    }
    printf("%zu hostile %s, %d failures\n", cases, files, failures);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "give the folder tests/hostile\n");
        return 2;
    }
    run_list(argv[1], "expected.txt", "files", run_case);
    run_list(argv[1], "expected_taxonomies.txt", "taxonomies", run_taxonomy);
    return failures ? 1 : 0;
}
