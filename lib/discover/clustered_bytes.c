/* A clustering as bytes, and back.
 *
 *   version, quality, counts, curve of fits     facts of the whole
 *   clusters                                    facts of each, what its size costs
 *   rows of words, of characters, of pairs      bucket, weight, and what clusters say: a byte each,
 *                                               or few by their numbers
 *
 * Invariants: what is read would be written as these very bytes; every number is in range and in
 * its order, whoever wrote it; room is made for no more than the bytes are worth.
 * Cost: linear in the bytes. */
#include <string.h>

#include "discover/clustered.h"

#define CLUSTERED_VERSION 1u
#define CLUSTERED_SHARE   1000000u /* steps of a share */
#define CLUSTERED_FIXED                                                                            \
    (4 + 4 + 4 + 4 + 1 + 1 + 4 * 8 + 2 * 4 + 4 + 4 * KUNDIG__FROZEN_FITS + 3 * 4)
#define CLUSTERED_CLUSTER (4 + 2 * 8 + 4 + 1 + 4 + 4)
#define CLUSTERED_ROW     (2 + 2 + 2)
#define CLUSTERED_TEXTS   UINT64_C(0x001FFFFFFFFFFFFF) /* no texts are more */
#define CLUSTERED_PRIOR   (64 * KUNDIG__FROZEN_PRIOR)
#define CLUSTERED_MARGIN  (64 * KUNDIG__FROZEN_PRIOR)

/* Bytes of a cluster's number. */
static uint32_t clustered_number_size(uint32_t cluster_count)
{
    return cluster_count <= 256 ? 1 : 2;
}

/* Is a row of so many clusters that are not 0 told by all of them? */
static bool clustered_is_dense(uint32_t some, uint32_t cluster_count)
{
    return some * (clustered_number_size(cluster_count) + 1) >= cluster_count;
}

static uint32_t clustered_some(const kundig__clustered *clustered, const uint8_t *row)
{
    uint32_t some = 0;
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        some += row[t] != 0;
    }
    return some;
}

uint64_t kundig__clustered_size(const kundig__clustered *clustered)
{
    uint32_t clusters = clustered->cluster_count;
    uint64_t size = CLUSTERED_FIXED + (uint64_t)clusters * CLUSTERED_CLUSTER;
    for (size_t i = 0; i < clustered->row_count; i++) {
        uint32_t some = clustered_some(clustered, clustered->rows + i * clustered->width);
        size += CLUSTERED_ROW + (clustered_is_dense(some, clusters)
                                     ? clusters
                                     : some * (clustered_number_size(clusters) + 1));
    }
    return size;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void clustered_put_short(kundig__buf *buf, uint32_t value)
{
    kundig__put_u8(buf, (uint8_t)value);
    kundig__put_u8(buf, (uint8_t)(value >> 8));
}

static void clustered_put_share(kundig__buf *buf, double share)
{
    kundig__put_u32(buf, (uint32_t)(share * CLUSTERED_SHARE + 0.5));
}

double kundig__clustered_share(double share)
{
    share = share > 0 ? share < 1 ? share : 1 : 0;
    return (double)(uint32_t)(share * CLUSTERED_SHARE + 0.5) / CLUSTERED_SHARE;
}

static void clustered_put_row(kundig__buf *buf, const kundig__clustered *clustered, size_t row)
{
    uint32_t clusters = clustered->cluster_count;
    const uint8_t *cells = clustered->rows + row * clustered->width;
    uint32_t some = clustered_some(clustered, cells);
    clustered_put_short(buf, clustered->buckets[row] & ((1u << KUNDIG__NOTE_BITS) - 1));
    clustered_put_short(buf, clustered->weights[row]);
    clustered_put_short(buf, some);
    if (clustered_is_dense(some, clusters)) {
        kundig__buf_add(buf, cells, clusters);
        return;
    }
    bool wide = clustered_number_size(clusters) > 1;
    for (uint32_t t = 0; t < clusters; t++) {
        if (cells[t]) {
            kundig__put_u8(buf, (uint8_t)t);
            if (wide) {
                kundig__put_u8(buf, (uint8_t)(t >> 8));
            }
            kundig__put_u8(buf, cells[t]);
        }
    }
}

void kundig__clustered_put(kundig__buf *buf, const kundig__clustered *clustered)
{
    const kundig__clustering_facts *facts = &clustered->facts;
    uint32_t spaces[KUNDIG__NOTE_SPACES] = {0};
    for (uint32_t i = 0; i < clustered->row_count; i++) {
        spaces[clustered->buckets[i] >> KUNDIG__NOTE_BITS]++;
    }
    kundig__put_u32(buf, CLUSTERED_VERSION);
    kundig__put_u32(buf, clustered->cluster_count);
    kundig__put_u32(buf, facts->theme_count);
    kundig__put_u32(buf, clustered->row_count);
    kundig__put_u8(buf, (uint8_t)facts->quality);
    kundig__put_u8(buf, facts->cut);
    kundig__put_u64(buf, facts->texts);
    kundig__put_u64(buf, facts->fitted);
    kundig__put_u64(buf, facts->nowhere);
    kundig__put_u64(buf, facts->writers);
    clustered_put_share(buf, facts->collisions);
    clustered_put_share(buf, facts->agreement);
    kundig__put_u32(buf, (uint32_t)clustered->least_fit);
    for (uint32_t i = 0; i < KUNDIG__FROZEN_FITS; i++) {
        kundig__put_u32(buf, (uint32_t)clustered->fits[i]);
    }
    for (uint32_t i = 0; i < KUNDIG__NOTE_SPACES; i++) {
        kundig__put_u32(buf, spaces[i]);
    }
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        const kundig__cluster_facts *cluster = &clustered->clusters[t];
        kundig__put_u32(buf, cluster->theme);
        kundig__put_u64(buf, cluster->texts);
        kundig__put_u64(buf, cluster->writers);
        clustered_put_share(buf, cluster->sureness);
        kundig__put_u8(buf, (uint8_t)cluster->came);
        kundig__put_u32(buf, cluster->from);
        kundig__put_u32(buf, (uint32_t)clustered->priors[t]);
    }
    for (size_t i = 0; i < clustered->row_count; i++) {
        clustered_put_row(buf, clustered, i);
    }
}

/* ---- Reading -------------------------------------------------------------------------------- */

static uint32_t clustered_take_short(kundig__reader *reader)
{
    uint32_t low = kundig__take_u8(reader);
    return low | (uint32_t)kundig__take_u8(reader) << 8;
}

static double clustered_take_share(kundig__reader *reader)
{
    uint32_t steps = kundig__take_u32(reader);
    reader->failed = reader->failed || steps > CLUSTERED_SHARE;
    return (double)steps / CLUSTERED_SHARE;
}

static uint64_t clustered_take_texts(kundig__reader *reader)
{
    uint64_t texts = kundig__take_u64(reader);
    reader->failed = reader->failed || texts > CLUSTERED_TEXTS;
    return texts;
}

/* A whole number in [least, most]. */
static int32_t clustered_take_number(kundig__reader *reader, int32_t least, int32_t most)
{
    uint32_t bits = kundig__take_u32(reader);
    int32_t value;
    memcpy(&value, &bits, sizeof value);
    reader->failed = reader->failed || value < least || value > most;
    return value;
}

static void clustered_take_clusters(kundig__reader *reader, kundig__clustered *clustered)
{
    for (uint32_t t = 0; t < clustered->cluster_count && !reader->failed; t++) {
        kundig__cluster_facts *cluster = &clustered->clusters[t];
        cluster->theme = kundig__take_u32(reader);
        cluster->texts = clustered_take_texts(reader);
        cluster->writers = clustered_take_texts(reader);
        cluster->sureness = clustered_take_share(reader);
        cluster->came = kundig__take_u8(reader);
        cluster->from = kundig__take_u32(reader);
        clustered->priors[t] = clustered_take_number(reader, 0, CLUSTERED_PRIOR);
        reader->failed =
            reader->failed || cluster->theme >= clustered->facts.theme_count ||
            cluster->came > KUNDIG__CAME_MERGED ||
            (cluster->from >= KUNDIG__MOST_CLUSTERS && cluster->from != KUNDIG__NO_CLUSTER);
    }
}

static void clustered_take_row(kundig__reader *reader, kundig__clustered *clustered, size_t row,
                               uint32_t space)
{
    uint32_t clusters = clustered->cluster_count;
    uint8_t *cells = clustered->rows + row * clustered->width;
    clustered->buckets[row] = clustered_take_short(reader) | space << KUNDIG__NOTE_BITS;
    clustered->weights[row] = (uint16_t)clustered_take_short(reader);
    uint32_t some = clustered_take_short(reader);
    reader->failed = reader->failed || clustered->weights[row] == 0 || some > clusters ||
                     (row > 0 && clustered->buckets[row - 1] >= clustered->buckets[row]);
    if (reader->failed) {
        return;
    }
    if (clustered_is_dense(some, clusters)) {
        for (uint32_t t = 0; t < clusters; t++) {
            cells[t] = kundig__take_u8(reader);
        }
        reader->failed = reader->failed || clustered_some(clustered, cells) != some;
        return;
    }
    bool wide = clustered_number_size(clusters) > 1;
    uint32_t next = 0;
    for (uint32_t i = 0; i < some && !reader->failed; i++) {
        uint32_t number = wide ? clustered_take_short(reader) : kundig__take_u8(reader);
        uint8_t value = kundig__take_u8(reader);
        reader->failed = reader->failed || number < next || number >= clusters || value == 0;
        if (!reader->failed) {
            cells[number] = value;
            next = number + 1;
        }
    }
}

/* Everything behind the counts. */
static void clustered_take_rest(kundig__reader *reader, kundig__clustered *clustered)
{
    kundig__clustering_facts *facts = &clustered->facts;
    uint32_t spaces[KUNDIG__NOTE_SPACES];
    facts->quality = kundig__take_u8(reader);
    uint32_t cut = kundig__take_u8(reader);
    facts->cut = cut == 1;
    facts->texts = clustered_take_texts(reader);
    facts->fitted = clustered_take_texts(reader);
    facts->nowhere = clustered_take_texts(reader);
    facts->writers = clustered_take_texts(reader);
    facts->collisions = clustered_take_share(reader);
    facts->agreement = clustered_take_share(reader);
    clustered->least_fit = clustered_take_number(reader, -CLUSTERED_MARGIN, CLUSTERED_MARGIN);
    reader->failed = reader->failed || facts->quality > KUNDIG_QUALITY_DRAFT || cut > 1;
    for (uint32_t i = 0; i < KUNDIG__FROZEN_FITS; i++) {
        int32_t least = i ? clustered->fits[i - 1] : -CLUSTERED_MARGIN;
        clustered->fits[i] = clustered_take_number(reader, least, CLUSTERED_MARGIN);
    }
    uint64_t rows = 0;
    for (uint32_t i = 0; i < KUNDIG__NOTE_SPACES; i++) {
        spaces[i] = kundig__take_u32(reader);
        rows += spaces[i];
    }
    reader->failed = reader->failed || rows != clustered->row_count;
    clustered_take_clusters(reader, clustered);
    size_t row = 0;
    for (uint32_t i = 0; i < KUNDIG__NOTE_SPACES && !reader->failed; i++) {
        for (uint32_t j = 0; j < spaces[i] && !reader->failed; j++) {
            clustered_take_row(reader, clustered, row++, i);
        }
    }
}

int kundig__clustered_take(kundig__mem *mem, kundig__reader *reader, kundig__clustered **out,
                           kundig_error *err)
{
    uint32_t version = kundig__take_u32(reader);
    uint32_t clusters = kundig__take_u32(reader);
    uint32_t themes = kundig__take_u32(reader);
    uint32_t rows = kundig__take_u32(reader);
    if (!reader->failed && version != CLUSTERED_VERSION) {
        reader->failed = true;
        return kundig__fail(
            err, KUNDIG_E_VERSION, reader->pos,
            "discovered topics are in a form of version %lu, which this kundig does "
            "not read: use a newer one",
            (unsigned long)version);
    }
    size_t left = reader->size - reader->pos;
    size_t width =
        (clusters + (size_t)KUNDIG__FROZEN_WIDE - 1) / KUNDIG__FROZEN_WIDE * KUNDIG__FROZEN_WIDE;
    kundig__clustered *clustered = NULL;
    reader->failed =
        reader->failed || clusters < 1 || clusters > KUNDIG__MOST_CLUSTERS || themes < 1 ||
        themes > clusters || rows > KUNDIG__NOTE_BUCKETS ||
        (uint64_t)clusters * CLUSTERED_CLUSTER + (uint64_t)rows * CLUSTERED_ROW > left ||
        rows * width > KUNDIG__FROZEN_CELLS;
    if (!reader->failed) {
        clustered = kundig__clustered_new(&mem->hook, clusters, rows);
        if (!clustered) {
            return kundig__nomem(mem, err);
        }
        clustered->facts.theme_count = themes;
        clustered_take_rest(reader, clustered);
    }
    if (reader->failed) {
        kundig__clustered_free(clustered);
        return kundig__fail(err, KUNDIG_E_FORMAT, reader->pos,
                            "the bytes of discovered topics are damaged");
    }
    kundig__clustered_settle(clustered);
    *out = clustered;
    return KUNDIG_OK;
}
