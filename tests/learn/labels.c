/* Labels that are wrong, and labels that would teach most: are they found?
 *
 * Three labels in a hundred are made wrong; kundig_examples_doubts() should name them first. Of a
 * heap of texts without labels some are labelled, as kundig_model_next() asks or at random; the
 * models that learn from as many labels are compared.
 *
 * usage: labels made | labels CSV     CSV: text,label with a header; absent: nothing to do (77) */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"

typedef struct labels_set {
    kundig_example *examples;
    kundig_text *labels; /* one each: examples borrow it */
    size_t count;
    made_set *made;
    char *bytes;
} labels_set;

static void labels_check(int rc, const char *what, const kundig_error *err)
{
    if (rc != KUNDIG_OK) {
        fprintf(stderr, "labels: %s: %d %s\n", what, rc, err->message);
        exit(2);
    }
}

static void *labels_memory(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) {
        exit(2);
    }
    return memory;
}

/* One cell of a CSV file, unquoted in place; *at moves behind what ended it. */
static kundig_text labels_cell(char *bytes, size_t len, size_t *at, bool *last)
{
    size_t from = *at;
    size_t to = from;
    bool quoted = from < len && bytes[from] == '"';
    size_t read = from + quoted;
    while (read < len) {
        if (quoted && bytes[read] == '"') {
            if (read + 1 < len && bytes[read + 1] == '"') {
                read++;
            } else {
                quoted = false;
                read++;
                continue;
            }
        } else if (!quoted && (bytes[read] == ',' || bytes[read] == '\n' || bytes[read] == '\r')) {
            break;
        }
        bytes[to++] = bytes[read++];
    }
    *last = read >= len || bytes[read] != ',';
    while (*last && read < len && (bytes[read] == '\r' || bytes[read] == '\n')) {
        read++;
    }
    *at = *last ? read : read + 1;
    return (kundig_text){bytes + from, to - from};
}

static bool labels_read(labels_set *set, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    size_t most = (size_t)64 << 20;
    set->bytes = labels_memory(most);
    size_t len = fread(set->bytes, 1, most, file);
    fclose(file);
    size_t room = 1 << 17;
    set->examples = labels_memory(room * sizeof *set->examples);
    set->labels = labels_memory(room * sizeof *set->labels);
    for (size_t at = 0, row = 0; at < len && set->count < room; row++) {
        bool last = false;
        kundig_text text = labels_cell(set->bytes, len, &at, &last);
        kundig_text label = last ? text : labels_cell(set->bytes, len, &at, &last);
        while (!last) {
            labels_cell(set->bytes, len, &at, &last);
        }
        if (row) {
            kundig_example_init(&set->examples[set->count]);
            set->examples[set->count].text = text;
            set->labels[set->count++] = label;
        }
    }
    return set->count > 0;
}

static void labels_make(labels_set *set)
{
    set->made = made_new(21, 4000, 30, 0);
    set->count = set->made->count;
    set->examples = labels_memory(set->count * sizeof *set->examples);
    set->labels = labels_memory(set->count * sizeof *set->labels);
    for (size_t i = 0; i < set->count; i++) {
        set->examples[i] = set->made->examples[i];
        set->labels[i] = set->made->examples[i].labels[0];
    }
}

static void labels_tie(labels_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        set->examples[i].labels = &set->labels[i];
        set->examples[i].label_count = 1;
    }
}

static void labels_free(labels_set *set)
{
    free(set->examples);
    free(set->labels);
    free(set->bytes);
    made_free(set->made);
}

/* ---- Wrong labels ---- */

static bool labels_wrong(labels_set *set, double least_precision, double least_recall)
{
    bool *wrong = labels_memory(set->count * sizeof *wrong);
    kundig_text *kept = labels_memory(set->count * sizeof *kept);
    size_t made_wrong = 0;
    uint64_t state = 5;
    kundig_examples *examples = NULL;
    kundig_table *table = NULL;
    kundig_learn_options options;
    kundig_error err;
    memcpy(kept, set->labels, set->count * sizeof *kept);
    for (size_t i = 0; i < set->count; i++) {
        size_t other = made_random(&state) % set->count;
        if (made_random(&state) % 100 < 3 &&
            (kept[other].len != kept[i].len ||
             memcmp(kept[other].data, kept[i].data, kept[i].len) != 0)) {
            set->labels[i] = kept[other];
            wrong[i] = true;
            made_wrong++;
        }
    }
    labels_check(kundig_examples_new(NULL, KUNDIG_LESSON_TOPICS, &examples, &err), "new", &err);
    labels_check(kundig_examples_add(examples, set->examples, set->count, &err), "add", &err);
    kundig_learn_options_init(&options);
    options.threads = 2;
    labels_check(kundig_examples_doubts(NULL, examples, &options, 0, &table, &err), "doubts", &err);
    size_t rows = kundig_table_row_count(table);
    size_t found = 0;
    size_t top = 0;
    size_t half = 0;
    size_t mended = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t example = (size_t)kundig_table_int(table, row, 0);
        kundig_text instead = kundig_table_text(table, row, 5);
        found += wrong[example];
        top += row < made_wrong && wrong[example];
        half += row < made_wrong / 2 && wrong[example];
        mended += wrong[example] && instead.len == kept[example].len &&
                  memcmp(instead.data, kept[example].data, instead.len) == 0;
    }
    double wanted = (double)made_wrong;
    double precision = (double)top / wanted;
    double recall = (double)found / wanted;
    printf("wrong labels: %zu of %zu; precision of the first %zu: %.3f, of the first %zu: %.3f; "
           "all %zu doubts hold %.3f of them; the true label is named for %.3f\n",
           made_wrong, set->count, made_wrong / 2, (double)half / (wanted / 2), made_wrong,
           precision, rows, recall, (double)mended / wanted);
    memcpy(set->labels, kept, set->count * sizeof *kept);
    kundig_table_free(table);
    kundig_examples_free(examples);
    free(kept);
    free(wrong);
    return precision >= least_precision && recall >= least_recall;
}

/* ---- Labels to ask for ---- */

typedef struct labels_heap {
    const labels_set *set;
    const size_t *pool; /* examples that may be labelled */
    size_t pool_count;
    const size_t *asked; /* by which models are judged */
    size_t asked_count;
} labels_heap;

static kundig_model *labels_learn(const labels_heap *heap, const bool *labelled)
{
    kundig_examples *examples = NULL;
    kundig_model *model = NULL;
    kundig_error err;
    labels_check(kundig_examples_new(NULL, KUNDIG_LESSON_TOPICS, &examples, &err), "new", &err);
    for (size_t i = 0; i < heap->pool_count; i++) {
        if (labelled[i]) {
            labels_check(
                kundig_examples_add(examples, &heap->set->examples[heap->pool[i]], 1, &err), "add",
                &err);
        }
    }
    labels_check(kundig_model_teach(NULL, examples, NULL, &model, &err), "teach", &err);
    kundig_examples_free(examples);
    return model;
}

static double labels_judge(const labels_heap *heap, const kundig_model *model)
{
    kundig_text *texts = labels_memory(heap->asked_count * sizeof *texts);
    int32_t *classes = labels_memory(heap->asked_count * sizeof *classes);
    size_t class_count = kundig_model_class_count(model, KUNDIG_LESSON_TOPICS);
    float *probabilities = labels_memory(heap->asked_count * class_count * sizeof *probabilities);
    kundig_error err;
    size_t right = 0;
    for (size_t i = 0; i < heap->asked_count; i++) {
        texts[i] = heap->set->examples[heap->asked[i]].text;
    }
    labels_check(kundig_model_classify(model, KUNDIG_LESSON_TOPICS, texts, heap->asked_count, 2,
                                       classes, probabilities, NULL, NULL, &err),
                 "classify", &err);
    for (size_t i = 0; i < heap->asked_count; i++) {
        size_t best = 0;
        for (size_t k = 1; k < class_count; k++) {
            if (probabilities[i * class_count + k] > probabilities[i * class_count + best]) {
                best = k;
            }
        }
        kundig_text is = kundig_model_class_name(model, KUNDIG_LESSON_TOPICS, best);
        kundig_text truth = heap->set->labels[heap->asked[i]];
        right += is.len == truth.len && memcmp(is.data, truth.data, is.len) == 0;
    }
    free(texts);
    free(classes);
    free(probabilities);
    return (double)right / (double)heap->asked_count;
}

/* Label `step` more, as the model asks. */
static void labels_ask(const labels_heap *heap, const kundig_model *model, bool *labelled,
                       size_t step)
{
    kundig_text *texts = labels_memory(heap->pool_count * sizeof *texts);
    size_t *from = labels_memory(heap->pool_count * sizeof *from);
    size_t count = 0;
    kundig_table *table = NULL;
    kundig_error err;
    for (size_t i = 0; i < heap->pool_count; i++) {
        if (!labelled[i]) {
            texts[count] = heap->set->examples[heap->pool[i]].text;
            from[count++] = i;
        }
    }
    labels_check(kundig_model_next(model, KUNDIG_LESSON_TOPICS, texts, count, step, &table, &err),
                 "next", &err);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        labelled[from[kundig_table_int(table, row, 0)]] = true;
    }
    kundig_table_free(table);
    free(texts);
    free(from);
}

#define LABELS_ROUNDS 5

static bool labels_next(const labels_set *set, size_t first, size_t step, uint64_t draws)
{
    size_t *order = labels_memory(set->count * sizeof *order);
    double sums[2][LABELS_ROUNDS] = {{0}};
    for (uint64_t draw = 1; draw <= draws; draw++) {
        uint64_t state = draw;
        for (size_t i = 0; i < set->count; i++) {
            size_t at = made_random(&state) % (i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        size_t fifth = set->count / 5;
        labels_heap heap = {set, order + fifth, set->count - fifth, order, fifth};
        for (int asks = 0; asks < 2; asks++) {
            bool *labelled = labels_memory(heap.pool_count * sizeof *labelled);
            size_t drawn = first;
            memset(labelled, 1, first * sizeof *labelled);
            for (size_t round = 0; round < LABELS_ROUNDS; round++) {
                kundig_model *model = labels_learn(&heap, labelled);
                sums[asks][round] += labels_judge(&heap, model);
                if (asks) {
                    labels_ask(&heap, model, labelled, step);
                } else {
                    memset(labelled + drawn, 1, step * sizeof *labelled);
                    drawn += step;
                }
                kundig_model_free(model);
            }
            free(labelled);
        }
    }
    double gain = 0;
    for (size_t round = 0; round < LABELS_ROUNDS; round++) {
        double random = sums[0][round] / (double)draws;
        double asked = sums[1][round] / (double)draws;
        printf("%5zu labels: at random %.4f, as asked for %.4f\n", first + round * step, random,
               asked);
        gain += round ? asked - random : 0;
    }
    printf("mean gain: %.4f\n", gain / (LABELS_ROUNDS - 1));
    free(order);
    return gain > 0;
}

int main(int argc, char **argv)
{
    labels_set set;
    memset(&set, 0, sizeof set);
    if (argc < 2) {
        fputs("usage: labels made | labels CSV\n", stderr);
        return 2;
    }
    bool is_made = strcmp(argv[1], "made") == 0;
    if (is_made) {
        labels_make(&set);
    } else if (!labels_read(&set, argv[1])) {
        printf("%s is not there\n", argv[1]);
        labels_free(&set);
        return 77;
    }
    labels_tie(&set);
    bool fine = labels_wrong(&set, is_made ? 0.75 : 0.65, 0.85);
    fine = labels_next(&set, is_made ? 100 : 200, is_made ? 60 : 200, 3) && fine;
    labels_free(&set);
    return fine ? 0 : 1;
}
