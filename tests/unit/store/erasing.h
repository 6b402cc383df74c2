/* A store from which somebody is erased. */
#ifndef KUNDIG_TESTS_ERASING_H
#define KUNDIG_TESTS_ERASING_H

#include "stored.h"
#include "table/table.h"

static inline kundig__receipt erasing_receipt(void)
{
    kundig__receipt receipt = {.time_ms = 1000, .action = "erase"};
    strcpy(receipt.subject, "00112233445566778899aabbccddeeff");
    return receipt;
}

/* Erase a customer; the receipt as a table, which may be NULL. */
static inline int erasing_forget(stored *s, const char *customer, kundig_table **out)
{
    kundig__forgetting forgetting;
    kundig__receipt receipt = erasing_receipt();
    int rc = kundig__store_begin(s->store, &s->corpus, &s->err);
    if (rc) {
        return rc;
    }
    rc = kundig__forget_customer(s->corpus, kundig__str(customer), &forgetting, &s->err);
    if (rc) {
        kundig__store_rollback(s->store);
        return rc;
    }
    rc = kundig__store_forget(s->store, &s->corpus, &forgetting, NULL, &receipt, out, &s->err);
    kundig__forgetting_free(&forgetting);
    return rc;
}

/* Do these bytes stand in a file of the store? */
static inline bool erasing_finds(const stored *s, const char *bytes)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    size_t len = strlen(bytes);
    bool found = false;
    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
        char path[120];
        snprintf(path, sizeof path, "%s%s", s->path, ends[e]);
        FILE *file = fopen(path, "rb");
        if (!file) {
            continue;
        }
        static char content[1 << 22];
        size_t size = fread(content, 1, sizeof content, file);
        fclose(file);
        for (size_t i = 0; i + len <= size && !found; i++) {
            found = memcmp(content + i, bytes, len) == 0;
        }
    }
    return found;
}

static inline kundig_text erasing_cell(const kundig_table *table, size_t row, const char *column)
{
    return kundig_table_text(table, row, kundig_table_find_column(table, column, strlen(column)));
}

static inline int64_t erasing_count(const kundig_table *table, size_t row, const char *column)
{
    return kundig_table_int(table, row, kundig_table_find_column(table, column, strlen(column)));
}

#endif
