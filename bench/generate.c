/* Writes generated feedback as CSV: kundig_generate RECORDS [SEED [GERMAN_PERCENT]] > feedback.csv
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feedback.h"

static uint64_t parse_count(const char *text, uint64_t most)
{
    uint64_t value = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9' || value > most) {
            value = UINT64_MAX;
            break;
        }
        value = value * 10 + (uint64_t)(*at - '0');
    }
    if (!*text || value > most) {
        fprintf(stderr, "kundig_generate: \"%s\" is not a number up to %llu\n", text,
                (unsigned long long)most);
        exit(2);
    }
    return value;
}

static void write_quoted(const char *text)
{
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"') {
            putchar('"');
        }
        putchar(*text);
    }
    putchar('"');
}

static void write_score(int score)
{
    if (score >= 0) {
        printf("%d", score);
    }
    putchar(',');
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 5) {
        fprintf(stderr, "usage: kundig_generate RECORDS [SEED [GERMAN_PERCENT [COMMENT_BYTES]]]\n");
        return 2;
    }
    uint64_t records = parse_count(argv[1], 100000000);
    feedback_source source;
    feedback_record record;
    feedback_start(&source, argc > 2 ? parse_count(argv[2], UINT32_MAX) : 1, records);
    if (argc > 3) {
        source.german_percent = (uint32_t)parse_count(argv[3], 100);
    }
    if (argc > 4 && strcmp(argv[4], "none") == 0) {
        source.no_comments = 1;
    } else if (argc > 4) {
        source.comment_bytes = (uint32_t)parse_count(argv[4], 1500);
    }
    fputs("id,date,customer,channel,touchpoint,stage,nps,csat,comment,language\n", stdout);
    for (uint64_t i = 0; i < records; i++) {
        feedback_next(&source, &record);
        printf("%s,%s,%s,%s,%s,%s,", record.id, record.date, record.customer, record.channel,
               record.touchpoint, record.stage);
        write_score(record.nps);
        write_score(record.csat);
        write_quoted(record.comment);
        printf(",%s\n", record.language);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("kundig_generate");
        return 1;
    }
    return 0;
}
