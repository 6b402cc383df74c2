#include <criterion/criterion.h>

#include "io/sniff.h"
#include "probe.h"

TestSuite(sniff, .fini = probe_fini);

static void refused(const char *data, size_t len, const char *word)
{
    kundig_error err = {0, 0, ""};
    int rc = kundig__sniff_format(data, len, &err);
    cr_expect(rc == KUNDIG_E_FORMAT, "%s: %d", word, rc);
    cr_expect(strstr(err.message, word), "%s in: %s", word, err.message);
}

#define REFUSED(data, word) refused(data, sizeof(data) - 1, word)

Test(sniff, names_other_formats_and_says_what_to_do)
{
    REFUSED("PK\x03\x04\x14\x00\x06\x00", "XLSX");
    REFUSED("PK\x03\x04\x14\x00\x06\x00", "save the sheet as CSV");
    REFUSED("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "XLS");
    REFUSED("\x1F\x8B\x08\x00", "gzip");
    REFUSED("%PDF-1.7\n", "PDF");
    REFUSED("SQLite format 3\x00\x10", "SQLite");
    REFUSED("PAR1\x15", "Parquet");
    REFUSED("\xFF\xFE"
            "a\0,\0",
            "UTF-16");
    REFUSED("\xFE\xFF\0a\0,", "UTF-16");
    REFUSED("\xFF\xFE\0\0a\0\0\0", "UTF-32");
    REFUSED("a\0,\0b\0\r\0\n\0"
            "1\0,\0"
            "2\0",
            "UTF-16");
    REFUSED("\0a\0,\0b\0\n\0"
            "1\0,\0"
            "2",
            "UTF-16");
    REFUSED("  <!DOCTYPE html><html>", "HTML");
    REFUSED("<HTML><body>", "HTML");
    REFUSED("<?xml version=\"1.0\"?>", "XML");
    REFUSED("{\"text\": \"nice\"}\n", "JSON");
    REFUSED("\xEF\xBB\xBF[\n  {\"a\": 1}]", "JSON");
    REFUSED("\x01\x02\x03\x04\x05\x06\x07\x08\x0B\x0E\x0F", "binary");
}

Test(sniff, takes_text_tables)
{
    static const char *const good[] = {"text,score\nnice,1\n",
                                       "",
                                       "a",
                                       "[id];[text]\n1;2\n",
                                       "{a},b\n",
                                       "\xEF\xBB\xBFtext\n",
                                       "M\xFCller;1\n",
                                       "<b>,score\n1,2\n"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        kundig_error err;
        cr_expect(kundig__sniff_format(good[i], strlen(good[i]), &err) == KUNDIG_OK, "%s", good[i]);
    }
    cr_expect(kundig__sniff_format("text,score\na\0b,1\nnice day,2\n", 28, NULL) == KUNDIG_OK);
}

Test(sniff, finds_the_line_end)
{
    cr_expect(kundig__sniff_line_end("a\nb", 3) == '\n');
    cr_expect(kundig__sniff_line_end("a\r\nb", 4) == '\n');
    cr_expect(kundig__sniff_line_end("a\r\r\nb", 5) == '\n');
    cr_expect(kundig__sniff_line_end("\"a\nb\"\rc", 7) == '\r');
    cr_expect(kundig__sniff_line_end("abc", 3) == '\n');
}

static char delimiter_of(const char *data)
{
    return kundig__sniff_delimiter(data, strlen(data), true, '\n');
}

Test(sniff, prefers_the_delimiter_under_which_rows_agree)
{
    cr_expect(delimiter_of("a,b;c\n1;2\n3;4\n") == ';');
    cr_expect(delimiter_of("id;text, long;score\n1;a,b;2\n2;c;3\n") == ';');
    cr_expect(delimiter_of("a,b\n\"x\ny\",2\n") == ',');
    cr_expect(delimiter_of("a\tb,c\n1,0\t2\n1\t2\n") == '\t');
    cr_expect(delimiter_of("alone\n1\n2\n") == 0);
    cr_expect(delimiter_of("a,b") == ',');
}
