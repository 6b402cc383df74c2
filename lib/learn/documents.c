/* Lessons to documents: in order of content, equal ones merged, rare features dropped.
 *
 *   lessons > order by (hash, text, marks, signs) > documents > cells (bucket, count)
 *           > some kept aside > how many have each bucket > features, most frequent first
 *           > cells (feature, value)
 *
 * Invariants: what is made is a function of the lessons as a set; a feature has its least number of
 * documents, or of customers where lessons name any; so has a class.
 * Cost: linear in the bytes but for n log n to put lessons in order; 8 bytes a feature of a
 * document, about 25 a byte of text. */
#include "learn/documents.h"

#include "base/hash.h"
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "learn/split.h"

#define DOCUMENTS_MANY      5000u             /* from here on a feature needs two documents */
#define DOCUMENTS_WIDE      50000u            /* more buckets from here on, */
#define DOCUMENTS_LONG      ((size_t)8 << 20) /* or from these bytes on */
#define DOCUMENTS_DF_SORTED 65536u

/* ---- Order of lessons ----------------------------------------------------------------------- */

typedef struct documents_order {
    const kundig__lesson *lessons;
    const uint64_t *hashes;
} documents_order;

static uint64_t documents_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t documents_hash(const kundig__lesson *lesson)
{
    uint64_t hash = kundig__xxh3(lesson->text.data ? lesson->text.data : "", lesson->text.len);
    hash = kundig__pair_hash(hash, lesson->partial);
    for (uint32_t i = 0; i < lesson->mark_count; i++) {
        const kundig__mark *mark = &lesson->marks[i];
        hash = kundig__pair_hash(hash, (uint64_t)mark->klass << 1 | mark->holds);
        hash = kundig__pair_hash(hash, documents_bits(mark->weight));
    }
    for (uint32_t i = 0; i < lesson->sign_count; i++) {
        hash = kundig__pair_hash(hash, lesson->signs[i]);
    }
    return hash;
}

static int documents_number_order(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Order by all that a document is; 0: equal ones. */
static int documents_content_order(const documents_order *ordering, uint32_t a, uint32_t b)
{
    const kundig__lesson *left = &ordering->lessons[a];
    const kundig__lesson *right = &ordering->lessons[b];
    int order = documents_number_order(ordering->hashes[a], ordering->hashes[b]);
    if (order == 0) {
        kundig_text empty = KUNDIG__TEXT("");
        order = kundig__text_order(left->text.data ? left->text : empty,
                                   right->text.data ? right->text : empty);
    }
    if (order == 0) {
        order = documents_number_order(left->partial, right->partial);
    }
    if (order == 0) {
        order = documents_number_order(left->mark_count, right->mark_count);
    }
    if (order == 0) {
        order = documents_number_order(left->sign_count, right->sign_count);
    }
    for (uint32_t i = 0; order == 0 && i < left->mark_count; i++) {
        const kundig__mark *one = &left->marks[i];
        const kundig__mark *two = &right->marks[i];
        order = documents_number_order(one->klass, two->klass);
        if (order == 0) {
            order = documents_number_order(one->holds, two->holds);
        }
        if (order == 0) {
            order =
                documents_number_order(documents_bits(one->weight), documents_bits(two->weight));
        }
    }
    for (uint32_t i = 0; order == 0 && i < left->sign_count; i++) {
        order = documents_number_order(left->signs[i], right->signs[i]);
    }
    return order;
}

/* Weights are added from the least on, so their sum knows no order. */
static int documents_lesson_order(const void *ud, uint32_t a, uint32_t b)
{
    const documents_order *ordering = ud;
    int order = documents_content_order(ordering, a, b);
    if (order == 0) {
        double left = ordering->lessons[a].weight;
        double right = ordering->lessons[b].weight;
        order = left < right ? -1 : left > right;
    }
    return order;
}

static int documents_customer_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__lesson *lessons = ud;
    return documents_number_order(lessons[a].customer, lessons[b].customer);
}

/* ---- Classes -------------------------------------------------------------------------------- */

static bool documents_holds(const kundig__mark *mark)
{
    return mark->holds && mark->weight >= KUNDIG__MARK_SURE;
}

/* Count lessons and customers of classes; order holds all lessons by customer. */
static int documents_count_classes(kundig__documents *documents, const uint32_t *order)
{
    const kundig__course *course = documents->course;
    size_t size = course->class_count * sizeof(uint32_t);
    uint32_t *last = kundig__alloc(documents->mem, size);
    if (!last) {
        return kundig__nomem(documents->mem, NULL);
    }
    memset(last, 0xFF, size);
    for (size_t i = 0; i < course->lesson_count; i++) {
        const kundig__lesson *lesson = &course->lessons[order[i]];
        bool named = lesson->customer != KUNDIG__NOBODY;
        documents->customers +=
            named && (i == 0 || course->lessons[order[i - 1]].customer != lesson->customer);
        for (uint32_t j = 0; j < lesson->mark_count; j++) {
            const kundig__mark *mark = &lesson->marks[j];
            if (documents_holds(mark)) {
                kundig__class_facts *facts = &documents->classes[mark->klass];
                facts->lessons++;
                facts->customers += named && last[mark->klass] != lesson->customer;
                last[mark->klass] = lesson->customer;
            }
        }
    }
    kundig__free(documents->mem, last, size);
    for (uint32_t i = 0; i < course->class_count; i++) {
        kundig__class_facts *facts = &documents->classes[i];
        documents->taught[i] = facts->lessons > 0 && (documents->customers == 0 ||
                                                      facts->customers >= course->least_customers);
        documents->taught_count += documents->taught[i];
        if (!documents->taught[i]) {
            *facts = (kundig__class_facts){0};
        }
    }
    return KUNDIG_OK;
}

/* The rarest class that surely holds, KUNDIG__NO_CLASS if there is none. *out says that one holds
 * that was left out. */
static uint32_t documents_label(const kundig__documents *documents, const kundig__lesson *lesson,
                                bool *out)
{
    uint32_t label = KUNDIG__NO_CLASS;
    *out = false;
    for (uint32_t i = 0; i < lesson->mark_count; i++) {
        const kundig__mark *mark = &lesson->marks[i];
        if (!documents_holds(mark)) {
            continue;
        }
        if (!documents->taught[mark->klass]) {
            *out = true;
        } else if (label == KUNDIG__NO_CLASS ||
                   documents->classes[mark->klass].lessons < documents->classes[label].lessons) {
            label = mark->klass;
        }
    }
    return label;
}

/* ---- Documents ------------------------------------------------------------------------------ */

/* Merge equal lessons; order holds all lessons by content and weight. of_lesson tells the document
 * of each. */
static int documents_merge(kundig__documents *documents, const documents_order *ordering,
                           const uint32_t *order, uint32_t *of_lesson)
{
    const kundig__course *course = documents->course;
    size_t count = 0;
    for (size_t i = 0; i < course->lesson_count; i++) {
        count += i == 0 || documents_content_order(ordering, order[i - 1], order[i]) != 0;
    }
    documents->list = kundig__alloc_zero(documents->mem, count * sizeof *documents->list);
    if (!documents->list) {
        return kundig__nomem(documents->mem, NULL);
    }
    size_t room = count;
    double weight = 0;
    kundig__document *document = NULL;
    for (size_t i = 0; i < course->lesson_count; i++) {
        const kundig__lesson *lesson = &course->lessons[order[i]];
        of_lesson[order[i]] = UINT32_MAX;
        if (i == 0 || documents_content_order(ordering, order[i - 1], order[i]) != 0) {
            bool left_out;
            uint32_t label = documents_label(documents, lesson, &left_out);
            document = NULL;
            weight = 0;
            if (course->kind == KUNDIG__COURSE_SEVERAL || !left_out || label != KUNDIG__NO_CLASS) {
                document = &documents->list[documents->count++];
                document->marks = lesson->marks;
                document->mark_count = lesson->mark_count;
                document->label = label;
                document->lesson = order[i];
                document->partial = lesson->partial;
            }
        }
        if (document) {
            weight += lesson->weight;
            document->weight = (float)weight;
            document->times++;
            documents->lessons++;
            of_lesson[order[i]] = (uint32_t)(documents->count - 1);
        }
    }
    /* Some may have been left out. */
    if (documents->count < room) {
        kundig__document *list =
            kundig__realloc(documents->mem, documents->list, room * sizeof *documents->list,
                            documents->count * sizeof *documents->list);
        if (!list) {
            kundig__free(documents->mem, documents->list, room * sizeof *documents->list);
            documents->list = NULL;
            documents->count = 0;
            return kundig__nomem(documents->mem, NULL);
        }
        documents->list = list;
    }
    return KUNDIG_OK;
}

/* What each document counts: of ordered classes the rare ones count for more. */
static int documents_cost(kundig__documents *documents)
{
    const kundig__course *course = documents->course;
    size_t size = course->class_count * sizeof(uint64_t);
    uint64_t *counts = kundig__alloc_zero(documents->mem, size);
    if (!counts) {
        return kundig__nomem(documents->mem, NULL);
    }
    uint64_t labelled = 0;
    for (size_t i = 0; i < documents->count; i++) {
        uint32_t label = documents->list[i].label;
        if (label < course->class_count) {
            counts[label]++;
            labelled++;
        }
    }
    for (size_t i = 0; i < documents->count; i++) {
        kundig__document *document = &documents->list[i];
        document->cost = document->weight;
        if (course->kind == KUNDIG__COURSE_ORDERED && document->label < course->class_count) {
            double share = (double)labelled /
                           ((double)documents->taught_count * (double)counts[document->label]);
            document->cost *= (float)kundig__sqrt(kundig__sqrt(share));
        }
    }
    kundig__free(documents->mem, counts, size);
    return KUNDIG_OK;
}

/* Cells as buckets and counts, documents one after the other. */
static int documents_read(kundig__documents *documents)
{
    const kundig__course *course = documents->course;
    int rc = KUNDIG_OK;
    kundig__scratch scratch;
    kundig__features features;
    kundig__scratch_init(&scratch, documents->mem);
    if (!kundig__features_init(&features, documents->mem, documents->bits, course->sign_count, NULL,
                               0)) {
        return kundig__nomem(documents->mem, NULL);
    }
    for (size_t i = 0; i < documents->count && rc == KUNDIG_OK; i++) {
        kundig__document *document = &documents->list[i];
        const kundig__lesson *lesson = &course->lessons[document->lesson];
        rc = kundig__text_features(&scratch, lesson->text.data ? lesson->text.data : "",
                                   lesson->text.len, KUNDIG__LEARN_FAMILIES);
        if (rc != KUNDIG_OK) {
            break;
        }
        void *cells = documents->cells;
        bool fits = kundig__features_read(&features, &scratch, lesson->signs, lesson->sign_count);
        fits = fits && kundig__grow(documents->mem, &cells, &documents->cell_capacity,
                                    documents->cell_count + features.ends[KUNDIG__BLOCK_SIGNS] + 1,
                                    sizeof *documents->cells);
        documents->cells = cells;
        if (!fits) {
            rc = kundig__nomem(documents->mem, NULL);
            break;
        }
        document->words = kundig__split_words(&scratch);
        document->first = documents->cell_count;
        for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
            document->ends[block] = document->first + features.ends[block];
        }
        for (size_t j = 0; j < features.ends[KUNDIG__BLOCK_SIGNS]; j++) {
            documents->cells[document->first + j] =
                (kundig__learn_cell){features.list[j].row, (float)features.list[j].count};
        }
        documents->cell_count += features.ends[KUNDIG__BLOCK_SIGNS];
    }
    kundig__features_free(&features);
    kundig__scratch_free(&scratch);
    return rc;
}

/* ---- Features ------------------------------------------------------------------------------- */

/* What is counted of each bucket. */
typedef struct documents_counts {
    size_t size; /* buckets */
    uint32_t *all;
    uint32_t *trained;   /* documents that are not aside */
    uint32_t *customers; /* NULL where nobody is named */
    uint32_t *rows;      /* number of the feature */
} documents_counts;

static void documents_counts_free(kundig__mem *mem, documents_counts *counts)
{
    kundig__free(mem, counts->all, counts->size * sizeof *counts->all);
    kundig__free(mem, counts->trained, counts->size * sizeof *counts->trained);
    kundig__free(mem, counts->customers, counts->size * sizeof *counts->customers);
    kundig__free(mem, counts->rows, counts->size * sizeof *counts->rows);
}

static int documents_count(kundig__documents *documents, documents_counts *counts,
                           const uint32_t *order, const uint32_t *of_lesson)
{
    const kundig__course *course = documents->course;
    kundig__mem *mem = documents->mem;
    counts->all = kundig__alloc_zero(mem, counts->size * sizeof *counts->all);
    counts->trained = kundig__alloc_zero(mem, counts->size * sizeof *counts->trained);
    counts->rows = kundig__alloc(mem, counts->size * sizeof *counts->rows);
    if (!counts->all || !counts->trained || !counts->rows) {
        return kundig__nomem(mem, NULL);
    }
    for (size_t i = 0; i < documents->count; i++) {
        const kundig__document *document = &documents->list[i];
        for (size_t j = document->first; j < document->ends[KUNDIG__BLOCK_SIGNS]; j++) {
            counts->all[documents->cells[j].feature]++;
            counts->trained[documents->cells[j].feature] += !document->aside;
        }
    }
    if (documents->customers == 0) {
        return KUNDIG_OK;
    }
    counts->customers = kundig__alloc_zero(mem, counts->size * sizeof *counts->customers);
    if (!counts->customers) {
        return kundig__nomem(mem, NULL);
    }
    uint32_t *last = counts->rows; /* not in use yet: the customer that was counted last */
    memset(last, 0xFF, counts->size * sizeof *last);
    for (size_t i = 0; i < course->lesson_count; i++) {
        uint32_t customer = course->lessons[order[i]].customer;
        if (of_lesson[order[i]] == UINT32_MAX || customer == KUNDIG__NOBODY) {
            continue;
        }
        const kundig__document *document = &documents->list[of_lesson[order[i]]];
        for (size_t j = document->first; j < document->ends[KUNDIG__BLOCK_SIGNS]; j++) {
            uint32_t bucket = documents->cells[j].feature;
            counts->customers[bucket] += last[bucket] != customer;
            last[bucket] = customer;
        }
    }
    return KUNDIG_OK;
}

/* Signs are named by their readers, not by texts: one is enough. */
static bool documents_is_feature(const kundig__documents *documents, const documents_counts *counts,
                                 size_t bucket)
{
    if (bucket >= (size_t)2 << documents->bits) {
        return counts->all[bucket] > 0;
    }
    const uint32_t *most = counts->customers ? counts->customers : counts->all;
    return most[bucket] >= documents->least;
}

/* Number the features from the most frequent to the rarest, equal ones by their buckets. */
static int documents_number(kundig__documents *documents, documents_counts *counts)
{
    kundig__mem *mem = documents->mem;
    size_t size = (DOCUMENTS_DF_SORTED + 1) * sizeof(uint32_t);
    uint32_t *starts = kundig__alloc_zero(mem, size);
    if (!starts) {
        return kundig__nomem(mem, NULL);
    }
    for (size_t i = 0; i < counts->size; i++) {
        if (documents_is_feature(documents, counts, i)) {
            uint32_t df =
                counts->all[i] < DOCUMENTS_DF_SORTED ? counts->all[i] : DOCUMENTS_DF_SORTED;
            starts[DOCUMENTS_DF_SORTED - df]++;
            documents->feature_count++;
        }
    }
    uint32_t at = 0;
    for (size_t i = 0; i <= DOCUMENTS_DF_SORTED; i++) {
        uint32_t here = starts[i];
        starts[i] = at;
        at += here;
    }
    documents->buckets = kundig__alloc(mem, documents->feature_count * sizeof *documents->buckets);
    documents->idf = kundig__alloc_zero(mem, documents->feature_count);
    documents->trained = kundig__alloc_zero(mem, documents->feature_count);
    if (!documents->buckets || !documents->idf || !documents->trained) {
        kundig__free(mem, starts, size);
        return kundig__nomem(mem, NULL);
    }
    uint32_t least = documents->least < 2 ? 1 : 2;
    for (size_t i = 0; i < counts->size; i++) {
        counts->rows[i] = KUNDIG__NO_ROW;
        if (documents_is_feature(documents, counts, i)) {
            uint32_t df =
                counts->all[i] < DOCUMENTS_DF_SORTED ? counts->all[i] : DOCUMENTS_DF_SORTED;
            uint32_t row = starts[DOCUMENTS_DF_SORTED - df]++;
            counts->rows[i] = row;
            documents->buckets[row] = (uint32_t)i;
            documents->trained[row] = counts->trained[i] >= least;
        }
    }
    kundig__free(mem, starts, size);
    return KUNDIG_OK;
}

static uint8_t documents_step(const kundig__documents *documents, double value)
{
    double steps = kundig__floor(value / (double)documents->idf_step + 0.5);
    return (uint8_t)(steps < 1 ? 1 : steps > 255 ? 255 : steps);
}

/* The rarer, the more a feature counts: the root of its idf, which does better than the whole. */
static void documents_weigh(kundig__documents *documents, const documents_counts *counts)
{
    double n = (double)documents->count;
    double most = kundig__sqrt(kundig__log(1 + n) + 1);
    documents->idf_step = (float)(most / 255);
    documents->idf_unknown = 255;
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        double df = (double)counts->all[documents->buckets[i]];
        double idf = kundig__log((1 + n) / (1 + df)) + 1;
        documents->idf[i] = documents_step(documents, kundig__sqrt(idf));
    }
}

/* How much more often a class has a feature than the others have, or less often: the greatest of
 * all classes. */
static double documents_ratio(const kundig__documents *documents, const uint32_t *with,
                              const uint32_t *all, uint32_t df, uint32_t total)
{
    double greatest = 0;
    for (uint32_t k = 0; k < documents->course->class_count; k++) {
        if (documents->taught[k]) {
            double here = ((double)with[k] + 1) / ((double)all[k] + 2);
            double there = ((double)(df - with[k]) + 1) / ((double)(total - all[k]) + 2);
            double ratio = kundig__abs(kundig__log(here / there));
            greatest = ratio > greatest ? ratio : greatest;
        }
    }
    return greatest;
}

/* The more a feature tells the classes apart, the more it counts. Documents aside have no say, or
 * they would look easier than they are. */
static int documents_weigh_classes(kundig__documents *documents, const documents_counts *counts)
{
    uint32_t classes = documents->course->class_count;
    size_t size = ((size_t)documents->feature_count + 2) * classes * sizeof(uint32_t);
    uint32_t *with = kundig__alloc_zero(documents->mem, size);
    double *ratios =
        kundig__alloc(documents->mem, ((size_t)documents->feature_count + 1) * sizeof *ratios);
    if (!with || !ratios) {
        kundig__free(documents->mem, with, size);
        kundig__free(documents->mem, ratios,
                     ((size_t)documents->feature_count + 1) * sizeof *ratios);
        return kundig__nomem(documents->mem, NULL);
    }
    uint32_t *all = with + (size_t)documents->feature_count * classes;
    uint32_t *none = all + classes;
    uint32_t total = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const kundig__document *document = &documents->list[i];
        if (document->aside || document->label == KUNDIG__NO_CLASS) {
            continue;
        }
        all[document->label]++;
        total++;
        for (size_t j = document->first; j < document->ends[KUNDIG__BLOCK_SIGNS]; j++) {
            uint32_t row = counts->rows[documents->cells[j].feature];
            if (row != KUNDIG__NO_ROW) {
                with[(size_t)row * classes + document->label]++;
            }
        }
    }
    double most = 0;
    for (uint32_t i = 0; i <= documents->feature_count; i++) {
        const uint32_t *row = i < documents->feature_count ? with + (size_t)i * classes : none;
        uint32_t df = 0;
        for (uint32_t k = 0; k < classes; k++) {
            df += row[k];
        }
        ratios[i] = documents_ratio(documents, row, all, df, total);
        most = ratios[i] > most ? ratios[i] : most;
    }
    documents->idf_step = (float)((most > 0 ? most : 1) / 255);
    for (uint32_t i = 0; i < documents->feature_count; i++) {
        documents->idf[i] = documents_step(documents, ratios[i]);
    }
    documents->idf_unknown = 1;
    kundig__free(documents->mem, with, size);
    kundig__free(documents->mem, ratios, ((size_t)documents->feature_count + 1) * sizeof *ratios);
    return KUNDIG_OK;
}

/* Cells become features and values in place: no document grows. */
static void documents_values(kundig__documents *documents, const documents_counts *counts)
{
    float tf[KUNDIG__FEATURE_MOST + 1];
    kundig__feature_counts(tf);
    size_t out = 0;
    for (size_t i = 0; i < documents->count; i++) {
        kundig__document *document = &documents->list[i];
        size_t from = document->first;
        document->first = out;
        for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
            size_t start = out;
            size_t end = document->ends[block];
            double sum = 0;
            for (; from < end; from++) {
                kundig__learn_cell cell = documents->cells[from];
                uint32_t row = counts->rows[cell.feature];
                if (row == KUNDIG__NO_ROW) {
                    document->dropped[block]++;
                    continue;
                }
                float idf = documents->idf_step * (float)documents->idf[row];
                float value = block == KUNDIG__BLOCK_SIGNS ? 1 : tf[(uint32_t)cell.value] * idf;
                documents->cells[out++] = (kundig__learn_cell){row, value};
                sum += (double)value * (double)value;
            }
            float norm = (float)kundig__sqrt(sum);
            for (size_t j = start; j < out && norm > 0; j++) {
                documents->cells[j].value /= norm;
            }
            if (block < KUNDIG__BLOCK_SIGNS) {
                document->norms[block] = norm;
            }
            document->ends[block] = out;
        }
    }
    documents->cell_count = out;
}

static int documents_features(kundig__documents *documents, const uint32_t *order,
                              const uint32_t *of_lesson)
{
    const kundig__course *course = documents->course;
    documents_counts counts = {0};
    counts.size = kundig__feature_buckets(documents->bits, course->sign_count);
    bool named = documents->customers > 0;
    bool many = documents->count >= DOCUMENTS_MANY || course->kind == KUNDIG__COURSE_ORDERED;
    documents->least = named ? course->least_customers : many ? 2 : 1;
    int rc = documents_count(documents, &counts, order, of_lesson);
    if (rc == KUNDIG_OK) {
        rc = documents_number(documents, &counts);
    }
    if (rc == KUNDIG_OK) {
        if (course->kind == KUNDIG__COURSE_ORDERED) {
            rc = documents_weigh_classes(documents, &counts);
        } else {
            documents_weigh(documents, &counts);
        }
    }
    if (rc == KUNDIG_OK) {
        documents_values(documents, &counts);
    }
    documents_counts_free(documents->mem, &counts);
    return rc;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int documents_learnable(const kundig__documents *documents, kundig_error *err)
{
    const kundig__course *course = documents->course;
    uint32_t need = course->kind == KUNDIG__COURSE_SEVERAL ? 1 : 2;
    if (documents->taught_count >= need) {
        return KUNDIG_OK;
    }
    const char *has = documents->taught_count ? "one class has" : "no class has";
    const char *needed = need == 1 ? "one is" : "two are";
    if (documents->customers > 0) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                            "%s examples of %lu different customers, %s needed: give more "
                            "examples, or ask for fewer customers",
                            has, (unsigned long)course->least_customers, needed);
    }
    return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                        "%s examples, %s needed: give examples of more classes", has, needed);
}

static int documents_build(kundig__documents *documents, uint64_t *hashes, uint32_t *order,
                           uint32_t *of_lesson, kundig_error *err)
{
    const kundig__course *course = documents->course;
    documents_order ordering = {course->lessons, hashes};
    size_t bytes = 0;
    for (size_t i = 0; i < course->lesson_count; i++) {
        hashes[i] = documents_hash(&course->lessons[i]);
        order[i] = (uint32_t)i;
        bytes += course->lessons[i].text.len;
    }
    kundig__order_sort(order, course->lesson_count, documents_customer_order, course->lessons);
    int rc = documents_count_classes(documents, order);
    if (rc == KUNDIG_OK) {
        rc = documents_learnable(documents, err);
    }
    if (rc != KUNDIG_OK) {
        return rc;
    }
    kundig__order_sort(order, course->lesson_count, documents_lesson_order, &ordering);
    rc = documents_merge(documents, &ordering, order, of_lesson);
    if (rc == KUNDIG_OK) {
        rc = documents_cost(documents);
    }
    bool wide = documents->count > DOCUMENTS_WIDE || bytes > DOCUMENTS_LONG;
    documents->bits = wide ? KUNDIG__FEATURE_BITS_WIDE : KUNDIG__FEATURE_BITS;
    if (rc == KUNDIG_OK) {
        rc = documents_read(documents);
    }
    if (rc == KUNDIG_OK) {
        kundig__order_sort(order, course->lesson_count, documents_customer_order, course->lessons);
        rc = kundig__documents_split(documents, order, of_lesson);
    }
    if (rc == KUNDIG_OK) {
        rc = documents_features(documents, order, of_lesson);
    }
    return rc;
}

int kundig__documents_make(kundig__documents *documents, kundig__mem *mem,
                           const kundig__course *course, kundig_error *err)
{
    memset(documents, 0, sizeof *documents);
    documents->mem = mem;
    documents->course = course;
    if (course->class_count == 0 || course->lesson_count == 0) {
        return documents_learnable(documents, err);
    }
    size_t count = course->lesson_count;
    uint64_t *hashes = kundig__alloc(mem, count * sizeof *hashes);
    uint32_t *order = kundig__alloc(mem, count * sizeof *order);
    uint32_t *of_lesson = kundig__alloc(mem, count * sizeof *of_lesson);
    documents->classes = kundig__alloc_zero(mem, course->class_count * sizeof *documents->classes);
    documents->taught = kundig__alloc_zero(mem, course->class_count);
    int rc = KUNDIG_E_NOMEM;
    if (hashes && order && of_lesson && documents->classes && documents->taught) {
        rc = documents_build(documents, hashes, order, of_lesson, err);
    }
    if (rc == KUNDIG_E_NOMEM || rc == KUNDIG_E_LIMIT) {
        rc = kundig__nomem(mem, err);
    }
    kundig__free(mem, hashes, count * sizeof *hashes);
    kundig__free(mem, order, count * sizeof *order);
    kundig__free(mem, of_lesson, count * sizeof *of_lesson);
    if (rc != KUNDIG_OK) {
        kundig__documents_free(documents);
    }
    return rc;
}

void kundig__documents_free(kundig__documents *documents)
{
    kundig__mem *mem = documents->mem;
    if (!mem) {
        return;
    }
    size_t classes = documents->course->class_count;
    kundig__free(mem, documents->list, documents->count * sizeof *documents->list);
    kundig__free(mem, documents->cells, documents->cell_capacity * sizeof *documents->cells);
    kundig__free(mem, documents->buckets, documents->feature_count * sizeof *documents->buckets);
    kundig__free(mem, documents->idf, documents->feature_count);
    kundig__free(mem, documents->trained, documents->feature_count);
    kundig__free(mem, documents->classes, classes * sizeof *documents->classes);
    kundig__free(mem, documents->taught, classes);
    memset(documents, 0, sizeof *documents);
}
