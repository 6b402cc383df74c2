/* What a file is, from its first bytes: a text table or something else; its line end; its
 * delimiter. Nothing here looks beyond what is handed in. Cost: one pass a candidate. */
#include "io/sniff.h"

#include "base/text.h"

#define SNIFF_MOST_RECORDS 64

typedef struct sniff_magic {
    const char *bytes;
    size_t len;
    const char *what;
    const char *advice;
} sniff_magic;

#define SNIFF_EXPORT      "open it in the program that made it and save it as CSV (UTF-8)"
#define SNIFF_UNPACK      "unpack it first and give the CSV file inside"
#define SNIFF_MAGIC(text) (text), sizeof(text) - 1

static const sniff_magic sniff_magics[] = {
    {SNIFF_MAGIC("PK\x03\x04"), "an Excel workbook (XLSX) or ZIP archive",
     "open it in a spreadsheet and save the sheet as CSV (UTF-8), or unpack it first"},
    {SNIFF_MAGIC("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "an old Excel workbook (XLS)",
     "open it in a spreadsheet and save the sheet as CSV (UTF-8)"},
    {SNIFF_MAGIC("\x1F\x8B"), "compressed with gzip", SNIFF_UNPACK},
    {SNIFF_MAGIC("BZh"), "compressed with bzip2", SNIFF_UNPACK},
    {SNIFF_MAGIC("\xFD"
                 "7zXZ\x00"),
     "compressed with xz", SNIFF_UNPACK},
    {SNIFF_MAGIC("\x28\xB5\x2F\xFD"), "compressed with zstd", SNIFF_UNPACK},
    {SNIFF_MAGIC("7z\xBC\xAF\x27\x1C"), "a 7z archive", SNIFF_UNPACK},
    {SNIFF_MAGIC("Rar!\x1A\x07"), "a RAR archive", SNIFF_UNPACK},
    {SNIFF_MAGIC("%PDF"), "a PDF document", SNIFF_EXPORT},
    {SNIFF_MAGIC("SQLite format 3\x00"), "an SQLite data base",
     "export the table with feedback as CSV"},
    {SNIFF_MAGIC("PAR1"), "a Parquet file", "export it as CSV, or hand its rows over as cells"},
    {SNIFF_MAGIC("ARROW1"), "an Arrow file", "export it as CSV, or hand its rows over as cells"},
    {SNIFF_MAGIC("{\\rtf"), "an RTF document", SNIFF_EXPORT},
    {SNIFF_MAGIC("\x89PNG"), "an image", "give a table of feedback as CSV"},
    {SNIFF_MAGIC("\xFF\xD8\xFF"), "an image", "give a table of feedback as CSV"},
    {SNIFF_MAGIC("GIF8"), "an image", "give a table of feedback as CSV"},
    {SNIFF_MAGIC("\xFF\xFE\x00\x00"), "text in UTF-32", "save it as CSV in UTF-8"},
    {SNIFF_MAGIC("\x00\x00\xFE\xFF"), "text in UTF-32", "save it as CSV in UTF-8"},
    {SNIFF_MAGIC("\xFF\xFE"), "text in UTF-16", "save it as CSV in UTF-8"},
    {SNIFF_MAGIC("\xFE\xFF"), "text in UTF-16", "save it as CSV in UTF-8"},
};

static int sniff_refuse(const char *what, const char *advice, size_t pos, kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_FORMAT, pos, "this is %s, not a CSV file: %s", what, advice);
}

/* "<name" at the start, in any case. */
static bool sniff_tag(kundig_text text, const char *name)
{
    kundig_text wanted = kundig__str(name);
    return text.len >= wanted.len &&
           kundig__text_equal_nocase(kundig__text(text.data, wanted.len), wanted);
}

static bool sniff_json(kundig_text text)
{
    if (!text.len || (text.data[0] != '{' && text.data[0] != '[')) {
        return false;
    }
    kundig_text rest = kundig__text_trim(kundig__text(text.data + 1, text.len - 1));
    return rest.len && (rest.data[0] == '"' || rest.data[0] == '{' || rest.data[0] == '[' ||
                        rest.data[0] == '}' || rest.data[0] == ']');
}

int kundig__sniff_format(const char *data, size_t len, kundig_error *err)
{
    for (size_t i = 0; i < sizeof sniff_magics / sizeof sniff_magics[0]; i++) {
        const sniff_magic *magic = &sniff_magics[i];
        if (len >= magic->len && memcmp(data, magic->bytes, magic->len) == 0) {
            return sniff_refuse(magic->what, magic->advice, 0, err);
        }
    }
    size_t head = len < 4096 ? len : 4096;
    size_t zeros[2] = {0, 0};
    size_t controls = 0;
    size_t first_control = 0;
    for (size_t i = 0; i < head; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == 0) {
            zeros[i & 1]++;
        } else if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A &&
                   c != 0x1B && c != 0x1F) {
            first_control = controls ? first_control : i;
            controls++;
        }
    }
    if (head >= 4) {
        size_t pairs = head / 2;
        if ((zeros[0] * 10 >= pairs * 7 && zeros[1] * 10 <= pairs) ||
            (zeros[1] * 10 >= pairs * 7 && zeros[0] * 10 <= pairs)) {
            return sniff_refuse("text in UTF-16", "save it as CSV in UTF-8", 0, err);
        }
        if ((zeros[0] + zeros[1]) * 10 >= head * 6) {
            return sniff_refuse("text in UTF-32 or a binary file", "save it as CSV in UTF-8", 0,
                                err);
        }
    }
    if (controls > 8 && controls * 20 > head) {
        return sniff_refuse("a binary file", "give a table of feedback as CSV in UTF-8",
                            first_control, err);
    }
    if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        len -= 3;
    }
    kundig_text text = kundig__text_trim(kundig__text(data, len));
    if (sniff_tag(text, "<!doctype") || sniff_tag(text, "<html") || sniff_tag(text, "<table")) {
        return sniff_refuse("an HTML page", "export the table on it as CSV", 0, err);
    }
    if (sniff_tag(text, "<?xml")) {
        return sniff_refuse("an XML document", "export it as CSV", 0, err);
    }
    if (sniff_json(text)) {
        return sniff_refuse("JSON", "turn it into CSV, or hand its rows over as cells", 0, err);
    }
    return KUNDIG_OK;
}

char kundig__sniff_line_end(const char *data, size_t len)
{
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && data[i] == '\n') {
            return '\n';
        } else if (!quoted && data[i] == '\r') {
            bool alone = i + 1 >= len || (data[i + 1] != '\n' && data[i + 1] != '\r');
            return alone ? '\r' : '\n';
        }
    }
    return '\n';
}

/* Cells of the record that starts at *at; moves *at behind it. false: the record is not whole. */
static bool sniff_record(const char *data, size_t len, size_t *at, char delimiter, char line_end,
                         size_t *cells)
{
    size_t p = *at;
    bool quoted = false;
    bool start = true;
    *cells = 1;
    for (; p < len; p++) {
        if (quoted) {
            if (data[p] == '"') {
                if (p + 1 < len && data[p + 1] == '"') {
                    p++;
                } else {
                    quoted = false;
                }
            }
            continue;
        }
        if (data[p] == line_end) {
            *at = p + 1;
            return true;
        }
        if (data[p] == delimiter) {
            *cells += 1;
            start = true;
            continue;
        }
        if (data[p] == '"' && start) {
            quoted = true;
        }
        start = false;
    }
    *at = len;
    return !quoted;
}

char kundig__sniff_delimiter(const char *data, size_t len, bool whole, char line_end)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = 0;
    size_t best_agree = 0;
    size_t best_seen = 1;
    size_t best_columns = 1;
    for (size_t c = 0; c < sizeof candidates; c++) {
        size_t at = 0;
        size_t columns = 0;
        size_t seen = 0;
        size_t agree = 0;
        while (at < len && seen < SNIFF_MOST_RECORDS) {
            size_t start = at;
            size_t cells;
            bool closed = sniff_record(data, len, &at, candidates[c], line_end, &cells);
            if (columns && (!closed || (at == len && !whole && data[len - 1] != line_end))) {
                break;
            }
            if (at - start <= 2 && (data[start] == line_end || data[start] == '\r')) {
                continue; /* a blank line */
            }
            if (!columns) {
                columns = cells;
            } else {
                seen++;
                agree += cells == columns;
            }
        }
        if (columns < 2) {
            continue;
        }
        seen = seen ? seen : 1;
        /* Greater share of rows that agree, then more columns; earlier candidates win ties. */
        size_t left = agree * best_seen;
        size_t right = best_agree * seen;
        if (!best || left > right || (left == right && columns > best_columns)) {
            best = candidates[c];
            best_agree = agree;
            best_seen = seen;
            best_columns = columns;
        }
    }
    return best;
}
