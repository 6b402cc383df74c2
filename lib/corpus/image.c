/* Feedback as one stream of bytes: every column as it stands in memory, one behind the other.
 *
 *   u64 mark   version, sizes and byte order of this kind of machine
 *   rows, counters, columns, dimensions, questions, attributes, texts, identity
 *
 * A count goes before each list, and no list is asked for that is longer than what is left. Hashes
 * of dictionaries are made anew, for their key is another in each handle. An image is read by the
 * library that wrote it or not at all: the numbers are this machine's.
 *
 * Invariant: a corpus that comes out of an image passes kundig__corpus_check() and holds valid
 * UTF-8, whatever the bytes were. Cost: about that of copying the bytes, and one SipHash a text. */
#include "corpus/image.h"

#include "base/math.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/facts.h"

/* ---- Writing ---- */

typedef struct image_writer {
    const kundig__image_sink *sink;
    bool failed;
} image_writer;

static void image_put(image_writer *writer, const void *data, size_t size)
{
    if (size && !writer->failed) {
        writer->failed = !writer->sink->put(writer->sink->ud, data, size);
    }
}

static void image_put_u64(image_writer *writer, uint64_t value)
{
    image_put(writer, &value, sizeof value);
}

static void image_put_text(image_writer *writer, kundig_text text)
{
    image_put_u64(writer, text.len);
    image_put(writer, text.data, text.len);
}

/* A list that may be absent: 0, or the count and one more. */
static void image_put_list(image_writer *writer, const void *data, size_t count, size_t size)
{
    image_put_u64(writer, data ? (uint64_t)count + 1 : 0);
    image_put(writer, data, data ? count * size : 0);
}

static void image_put_dict(image_writer *writer, const kundig__dict *dict)
{
    image_put_u64(writer, dict->count);
    image_put_u64(writer, dict->bytes_len);
    image_put(writer, dict->ends, dict->count * sizeof *dict->ends);
    image_put(writer, dict->bytes, dict->bytes_len);
}

static void image_put_pool(image_writer *writer, const kundig__pool *pool)
{
    image_put_list(writer, pool->offsets, pool->rows, sizeof *pool->offsets);
    image_put_u64(writer, pool->chunk_count);
    for (size_t i = 0; i < pool->chunk_count; i++) {
        image_put_u64(writer, pool->chunks[i].first_row);
        image_put_u64(writer, pool->chunks[i].used);
        image_put(writer, pool->chunks[i].data, pool->chunks[i].used);
    }
}

static void image_put_identity(image_writer *writer, const kundig__identity *identity,
                               uint32_t rows)
{
    image_put_dict(writer, &identity->keys);
    image_put_dict(writer, &identity->versions);
    image_put_list(writer, identity->record_of, rows, sizeof *identity->record_of);
    image_put_list(writer, identity->heads, identity->keys.count, sizeof *identity->heads);
}

/* What a number of this machine looks like, above the version of the list. */
static uint64_t image_mark(void)
{
    return UINT64_C(0x6B756E6469670000) ^ ((uint64_t)sizeof(size_t) << 8) ^ KUNDIG__IMAGE_VERSION;
}

static const size_t image_sizes[KUNDIG__COL_COUNT] = {1, 8, 1, 8, 8, 1};

bool kundig__image_save(const kundig__corpus *corpus, const kundig__image_sink *sink)
{
    image_writer writer = {sink, false};
    uint32_t rows = corpus->rows;
    image_put_u64(&writer, image_mark());
    image_put_u64(&writer, rows);
    image_put_u64(&writer, corpus->timeless);
    image_put_u64(&writer, (uint64_t)corpus->time_least);
    image_put_u64(&writer, (uint64_t)corpus->time_greatest);
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        image_put_list(&writer, corpus->columns[i].data, rows, image_sizes[i]);
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        if (d != KUNDIG__DIM_KIND) {
            image_put_dict(&writer, &corpus->dims[d].dict);
        }
        image_put_list(&writer, corpus->dims[d].codes, rows, sizeof *corpus->dims[d].codes);
    }
    image_put_u64(&writer, corpus->question_count);
    for (size_t i = 0; i < corpus->question_count; i++) {
        const kundig__question *question = &corpus->questions[i];
        int32_t scale[4] = {question->scale, question->direction, question->minimum,
                            question->maximum};
        image_put_text(&writer, question->name);
        image_put(&writer, scale, sizeof scale);
        image_put(&writer, question->values, rows * sizeof *question->values);
    }
    image_put_u64(&writer, corpus->attribute_count);
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        const kundig__attribute_column *column = &corpus->attributes[i];
        image_put_text(&writer, column->name);
        image_put_u64(&writer, (uint64_t)column->type);
        if (column->type == KUNDIG_VALUE_TEXT) {
            image_put_dict(&writer, &column->texts.dict);
            image_put(&writer, column->texts.codes, rows * sizeof *column->texts.codes);
        } else {
            image_put(&writer, column->numbers, rows * sizeof *column->numbers);
        }
    }
    image_put_pool(&writer, &corpus->texts);
    image_put_identity(&writer, &corpus->identity, rows);
    return !writer.failed;
}

/* ---- Reading ---- */

typedef struct image_reader {
    kundig__image_source *source;
    kundig__mem *mem;
    bool wrong; /* not an image */
    bool nomem;
    uint32_t rows;
} image_reader;

static bool image_bad(const image_reader *reader)
{
    return reader->wrong || reader->nomem;
}

static void image_take(image_reader *reader, void *data, size_t size)
{
    if (image_bad(reader) || size > reader->source->left ||
        (size && !reader->source->take(reader->source->ud, data, size))) {
        reader->wrong = reader->wrong || !reader->nomem;
        memset(data, 0, size);
        return;
    }
    reader->source->left -= size;
}

static uint64_t image_take_u64(image_reader *reader)
{
    uint64_t value = 0;
    image_take(reader, &value, sizeof value);
    return value;
}

/* A count of things that take `size` bytes each and are still to come; 0 where that cannot be. */
static size_t image_take_count(image_reader *reader, size_t size, uint64_t most)
{
    uint64_t count = image_take_u64(reader);
    if (count > most || count > reader->source->left / size) {
        reader->wrong = true;
    }
    return image_bad(reader) ? 0 : (size_t)count;
}

/* Room for count elements, filled; NULL on any failure. */
static void *image_take_array(image_reader *reader, size_t count, size_t size)
{
    void *data = NULL;
    if (!image_bad(reader) && count > reader->source->left / size) {
        reader->wrong = true;
    }
    if (!image_bad(reader)) {
        data = kundig__alloc(reader->mem, count * size);
        reader->nomem = !data;
    }
    if (data) {
        image_take(reader, data, count * size);
        if (image_bad(reader)) {
            kundig__free(reader->mem, data, count * size);
            data = NULL;
        }
    }
    return data;
}

/* A list of exactly count elements or none. */
static void *image_take_list(image_reader *reader, size_t count, size_t size, size_t *capacity)
{
    uint64_t given = image_take_u64(reader);
    void *data = NULL;
    if (given && given != (uint64_t)count + 1) {
        reader->wrong = true;
    } else if (given) {
        data = image_take_array(reader, count, size);
    }
    *capacity = data ? count : 0;
    return data;
}

static void image_take_dict(image_reader *reader, kundig__dict *dict, bool utf8)
{
    size_t count = image_take_count(reader, sizeof *dict->ends, KUNDIG__DICT_NONE - 1);
    size_t bytes_len = image_take_count(reader, 1, SIZE_MAX);
    size_t *ends = image_take_array(reader, count, sizeof *ends);
    char *bytes = image_take_array(reader, bytes_len, 1);
    size_t start = 0;
    for (size_t i = 0; bytes && i < count; i++) {
        reader->wrong = reader->wrong || ends[i] < start || ends[i] > bytes_len;
        if (!reader->wrong && utf8) {
            size_t len = ends[i] - start;
            reader->wrong = kundig__utf8_valid(bytes + start, len) != len;
        }
        start = ends[i];
        if (reader->wrong) {
            break;
        }
    }
    reader->wrong = reader->wrong || (bytes && start != bytes_len);
    if (!image_bad(reader) &&
        !kundig__dict_restore(dict, bytes, bytes_len, ends, (uint32_t)count)) {
        reader->nomem = true;
    }
    if (image_bad(reader)) {
        if (ends) {
            kundig__free(reader->mem, ends, count * sizeof *ends);
        }
        if (bytes) {
            kundig__free(reader->mem, bytes, bytes_len);
        }
    }
}

static void image_take_chunks(image_reader *reader, kundig__pool *pool, uint32_t rows, bool utf8)
{
    size_t count = image_take_count(reader, 2 * sizeof(uint64_t), rows);
    if (image_bad(reader) || !count) {
        return;
    }
    pool->chunks = kundig__alloc(reader->mem, count * sizeof *pool->chunks);
    reader->nomem = !pool->chunks;
    pool->chunk_capacity = pool->chunks ? count : 0;
    uint32_t row = 0;
    for (size_t i = 0; i < count && !image_bad(reader); i++) {
        uint64_t first = image_take_u64(reader);
        size_t used = image_take_count(reader, 1, UINT32_MAX);
        if (image_bad(reader) || first >= rows || (i == 0 ? first != 0 : first < row)) {
            reader->wrong = !reader->nomem;
            return;
        }
        char *data = image_take_array(reader, used, 1);
        if (!data) {
            return;
        }
        pool->chunks[i] = (kundig__pool_chunk){data, used, used, (uint32_t)first};
        pool->chunk_count = i + 1;
        pool->bytes += used;
        row = (uint32_t)first;
        reader->wrong = utf8 && kundig__utf8_valid(data, used) != used;
    }
}

/* Starts of texts never fall within a chunk, end in it, and in UTF-8 stand between characters. */
static bool image_pool_sound(const kundig__pool *pool, uint32_t rows, bool utf8)
{
    size_t at = 0;
    for (uint32_t row = 0; row < rows; row++) {
        uint32_t before = row ? pool->offsets[row - 1] : 0;
        while (at + 1 < pool->chunk_count && pool->chunks[at + 1].first_row <= row) {
            at++;
            before = 0;
        }
        const kundig__pool_chunk *chunk = pool->chunk_count ? &pool->chunks[at] : NULL;
        uint32_t start = pool->offsets[row];
        if (start < before || start > (chunk ? chunk->used : 0)) {
            return false;
        }
        if (utf8 && chunk && start < chunk->used && ((uint8_t)chunk->data[start] & 0xC0) == 0x80) {
            return false;
        }
        if (row % KUNDIG__POOL_STRIDE == 0) {
            pool->directory[row / KUNDIG__POOL_STRIDE] = (uint32_t)at;
        }
    }
    return true;
}

static void image_take_pool(image_reader *reader, kundig__pool *pool, uint32_t rows, bool utf8)
{
    pool->offsets = image_take_list(reader, rows, sizeof *pool->offsets, &pool->capacity);
    image_take_chunks(reader, pool, rows, utf8);
    if (image_bad(reader) || !pool->offsets) {
        reader->wrong = reader->wrong || (!reader->nomem && pool->chunk_count);
        return;
    }
    size_t strides = rows / KUNDIG__POOL_STRIDE + 1;
    pool->directory = kundig__alloc_zero(reader->mem, strides * sizeof *pool->directory);
    if (!pool->directory) {
        reader->nomem = true;
        return;
    }
    pool->directory_capacity = strides;
    pool->rows = rows;
    reader->wrong = !image_pool_sound(pool, rows, utf8);
}

/* Keys begin with the number of a source, or a mark; versions with the number of a record. */
static bool image_keys_sound(const kundig__dict *dict, size_t least)
{
    for (uint32_t i = 0; i < dict->count; i++) {
        if (kundig__dict_text(dict, i).len < least) {
            return false;
        }
    }
    return true;
}

static void image_take_identity(image_reader *reader, kundig__identity *identity, uint32_t rows)
{
    image_take_dict(reader, &identity->keys, false);
    image_take_dict(reader, &identity->versions, false);
    identity->record_of =
        image_take_list(reader, rows, sizeof *identity->record_of, &identity->record_of_capacity);
    identity->heads = image_take_list(reader, identity->keys.count, sizeof *identity->heads,
                                      &identity->heads_capacity);
    reader->wrong =
        reader->wrong || (!reader->nomem && (!image_keys_sound(&identity->keys, 4) ||
                                             !image_keys_sound(&identity->versions, 12)));
}

/* Every byte of a column is one that the library could have written. */
static bool image_bytes_below(const void *data, size_t count, uint8_t end)
{
    const uint8_t *bytes = data;
    uint8_t most = 0;
    for (size_t i = 0; bytes && i < count; i++) {
        most = bytes[i] > most ? bytes[i] : most;
    }
    return most < end;
}

static bool image_columns_sound(const kundig__corpus *corpus)
{
    const kundig__row_column *columns = corpus->columns;
    const int64_t *weights = columns[KUNDIG__COL_WEIGHT].data;
    const int64_t *updated = columns[KUNDIG__COL_UPDATED].data;
    size_t rows = corpus->rows;
    bool sound =
        image_bytes_below(columns[KUNDIG__COL_FLAGS].data, rows, 8) &&
        image_bytes_below(columns[KUNDIG__COL_PRECISION].data, rows, KUNDIG_PRECISION_DAY + 1) &&
        image_bytes_below(columns[KUNDIG__COL_CONSENT].data, rows, KUNDIG_YES + 1);
    for (size_t row = 0; weights && sound && row < rows; row++) {
        sound = weights[row] > 0 && weights[row] <= KUNDIG__WEIGHT_ONE << 20;
    }
    for (size_t row = 0; updated && sound && row < rows; row++) {
        sound = updated[row] == KUNDIG_TIME_ABSENT || kundig__time_in_range(updated[row]);
    }
    return sound;
}

/* A name that is not there yet; it becomes number `index`. */
static bool image_take_name(image_reader *reader, kundig__dict *names, size_t index,
                            kundig_text *out)
{
    size_t len = image_take_count(reader, 1, KUNDIG__MAX_TEXT);
    char *data = image_bad(reader) ? NULL : kundig__alloc(reader->mem, len + 1);
    if (!data) {
        reader->nomem = reader->nomem || !reader->wrong;
        return false;
    }
    data[len] = '\0';
    *out = kundig__text(data, len);
    image_take(reader, data, len);
    if (!image_bad(reader)) {
        uint32_t number = kundig__dict_add(names, data, len);
        reader->nomem = number == KUNDIG__DICT_NONE;
        reader->wrong = !reader->nomem && (number != index || kundig__utf8_valid(data, len) != len);
    }
    return !image_bad(reader);
}

/* Numbers of names in the order of their bytes. */
static bool image_order(image_reader *reader, const kundig__dict *names, uint32_t **order,
                        size_t *capacity)
{
    size_t count = names->count;
    if (!count) {
        return true;
    }
    uint32_t *sorted = kundig__alloc(reader->mem, count * sizeof *sorted);
    uint32_t *ranks = kundig__alloc(reader->mem, 2 * count * sizeof *ranks);
    if (sorted && ranks) {
        kundig__dict_ranks(names, ranks, ranks + count);
        for (size_t i = 0; i < count; i++) {
            sorted[ranks[i]] = (uint32_t)i;
        }
        *order = sorted;
        *capacity = count;
    } else {
        reader->nomem = true;
        kundig__free(reader->mem, sorted, sorted ? count * sizeof *sorted : 0);
    }
    kundig__free(reader->mem, ranks, ranks ? 2 * count * sizeof *ranks : 0);
    return !reader->nomem;
}

static void image_take_questions(image_reader *reader, kundig__corpus *corpus)
{
    size_t count = image_take_count(reader, 1, KUNDIG__MAX_QUESTIONS);
    if (count) {
        corpus->questions = kundig__alloc_zero(reader->mem, count * sizeof *corpus->questions);
        corpus->question_capacity = corpus->questions ? count : 0;
        reader->nomem = !corpus->questions;
    }
    for (size_t i = 0; i < count && !image_bad(reader); i++) {
        kundig__question *question = &corpus->questions[i];
        int32_t scale[4] = {0};
        bool named = image_take_name(reader, &corpus->question_names, i, &question->name);
        corpus->question_count += question->name.data != NULL;
        if (named) {
            image_take(reader, scale, sizeof scale);
            question->scale = scale[0];
            question->direction = scale[1];
            question->minimum = scale[2];
            question->maximum = scale[3];
            question->values = image_take_array(reader, reader->rows, sizeof *question->values);
            question->capacity = question->values ? reader->rows : 0;
            reader->wrong = reader->wrong ||
                            (!reader->nomem &&
                             (scale[0] < KUNDIG_SCALE_NPS || scale[0] > KUNDIG_SCALE_DECLARED ||
                              scale[1] < 0 || scale[1] > 1 || scale[2] >= scale[3]));
        }
    }
    if (!image_bad(reader)) {
        image_order(reader, &corpus->question_names, &corpus->question_order,
                    &corpus->question_order_capacity);
    }
}

static void image_take_attribute(image_reader *reader, kundig__attribute_column *column)
{
    uint64_t type = image_take_u64(reader);
    if (type != KUNDIG_VALUE_TEXT && type != KUNDIG_VALUE_NUMBER && type != KUNDIG_VALUE_BOOL) {
        reader->wrong = true;
        return;
    }
    column->type = (int32_t)type;
    if (type == KUNDIG_VALUE_TEXT) {
        image_take_dict(reader, &column->texts.dict, true);
        column->texts.codes = image_take_array(reader, reader->rows, sizeof *column->texts.codes);
        column->texts.capacity = column->texts.codes ? reader->rows : 0;
        return;
    }
    column->numbers = image_take_array(reader, reader->rows, sizeof *column->numbers);
    column->capacity = column->numbers ? reader->rows : 0;
    for (size_t row = 0; column->numbers && row < reader->rows; row++) {
        double value = column->numbers[row];
        bool missing = value != value;
        reader->wrong = reader->wrong || (!missing && !kundig__is_finite(value));
    }
}

static void image_take_attributes(image_reader *reader, kundig__corpus *corpus)
{
    size_t count = image_take_count(reader, 1, KUNDIG__MAX_ATTRIBUTES);
    if (count) {
        corpus->attributes = kundig__alloc_zero(reader->mem, count * sizeof *corpus->attributes);
        corpus->attribute_capacity = corpus->attributes ? count : 0;
        reader->nomem = !corpus->attributes;
    }
    for (size_t i = 0; i < count && !image_bad(reader); i++) {
        kundig__attribute_column *column = &corpus->attributes[i];
        kundig__dict_init(&column->texts.dict, reader->mem, corpus->context->siphash_key);
        bool named = image_take_name(reader, &corpus->attribute_names, i, &column->name);
        corpus->attribute_count += column->name.data != NULL;
        if (named) {
            image_take_attribute(reader, column);
        }
    }
    if (!image_bad(reader)) {
        image_order(reader, &corpus->attribute_names, &corpus->attribute_order,
                    &corpus->attribute_order_capacity);
    }
}

static void image_take_all(image_reader *reader, kundig__corpus *corpus)
{
    reader->wrong = image_take_u64(reader) != image_mark();
    reader->rows = (uint32_t)image_take_count(reader, 1, KUNDIG__MAX_ROWS);
    corpus->timeless = (uint32_t)image_take_u64(reader);
    corpus->time_least = (int64_t)image_take_u64(reader);
    corpus->time_greatest = (int64_t)image_take_u64(reader);
    corpus->rows = reader->rows;
    corpus->row_capacity = reader->rows;
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        kundig__row_column *column = &corpus->columns[i];
        column->data = image_take_list(reader, reader->rows, image_sizes[i], &column->capacity);
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        kundig__dimension *dimension = &corpus->dims[d];
        if (d != KUNDIG__DIM_KIND) {
            image_take_dict(reader, &dimension->dict, true);
        }
        dimension->codes =
            image_take_list(reader, reader->rows, sizeof *dimension->codes, &dimension->capacity);
    }
    image_take_questions(reader, corpus);
    image_take_attributes(reader, corpus);
    image_take_pool(reader, &corpus->texts, reader->rows, true);
    image_take_identity(reader, &corpus->identity, reader->rows);
    reader->wrong = reader->wrong ||
                    (!reader->nomem && (reader->source->left != 0 || !image_columns_sound(corpus)));
}

int kundig__image_load(kundig__context *context, kundig__image_source *source, kundig__corpus **out,
                       kundig_error *err)
{
    kundig__corpus *corpus = NULL;
    image_reader reader = {.source = source, .mem = &context->mem};
    int rc = kundig__corpus_new(context, &corpus, err);
    if (rc) {
        return rc;
    }
    image_take_all(&reader, corpus);
    kundig_error broken;
    if (reader.nomem) {
        rc = kundig__nomem(&context->mem, err);
    } else if (reader.wrong) {
        rc = kundig__fail(err, KUNDIG_E_FORMAT, 0, "the image of the facts is damaged");
    } else if (kundig__corpus_check(corpus, &broken) != KUNDIG_OK) {
        rc = kundig__fail(err, KUNDIG_E_FORMAT, 0, "the image of the facts is not sound: %s",
                          broken.message);
    }
    if (rc) {
        kundig__corpus_free(corpus);
        return rc;
    }
    *out = corpus;
    return KUNDIG_OK;
}
