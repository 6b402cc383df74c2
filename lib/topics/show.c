/* What a model knows of what it learned, as tables; and a smaller model.
 *
 * Cost: linear in the rows; to make a model smaller is to compile its rules again. */
#include "base/text.h"
#include "table/table.h"
#include "topics/compiled.h"
#include "topics/discovered_show.h"

static const char *const show_lessons[] = {"topics", "sentiment"};

static const kundig__classifier *show_learned(const kundig_model *model, int32_t lesson)
{
    return lesson == KUNDIG_LESSON_SENTIMENT ? model->mood.classifier : model->taught.classifier;
}

static double show_ratio(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0.0 / 0.0;
}

/* ---- Tables --------------------------------------------------------------------------------- */

typedef struct show_table {
    kundig_table *table;
    const kundig_model *model;
    int32_t lesson;
    const kundig__classifier_facts *facts;
} show_table;

static kundig_text show_class(const show_table *show, uint32_t klass)
{
    return kundig_model_class_name(show->model, show->lesson, klass);
}

static void show_value(kundig_table *table, const char *name, double value)
{
    kundig__table_row(table);
    kundig__table_set_text(table, 0, kundig__str(name));
    kundig__table_set_number(table, 1, value);
}

/* What only examples that were kept aside can tell: null where there were none. */
static void show_aside(const show_table *show, const char *name, double value)
{
    kundig__table_row(show->table);
    kundig__table_set_text(show->table, 0, kundig__str(name));
    if (show->facts->aside) {
        kundig__table_set_number(show->table, 1, value);
    }
}

static void show_summary(const show_table *show)
{
    const kundig__classifier_facts *facts = show->facts;
    kundig_table *table = show->table;
    const kundig__mood_learned *mood = &show->model->mood;
    kundig__table_column(table, "name", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    show_value(table, "bytes", (double)facts->bytes);
    show_value(table, "classes", facts->class_count);
    show_value(table, "several", facts->kind == KUNDIG__COURSE_SEVERAL);
    show_value(table, "best", facts->quality == KUNDIG_QUALITY_BEST);
    show_value(table, "examples", (double)facts->lessons);
    show_value(table, "different", (double)facts->documents);
    if (facts->customers) {
        show_value(table, "customers", (double)facts->customers);
    }
    show_value(table, "words", (double)facts->words);
    show_value(table, "characters", (double)facts->characters);
    show_value(table, "weights", (double)facts->weights);
    show_value(table, "aside", (double)facts->aside);
    show_aside(show, "accuracy", facts->accuracy);
    show_aside(show, "macro_f1", facts->macro_f1);
    show_aside(show, "micro_f1", facts->micro_f1);
    show_aside(show, "log_loss", facts->log_loss);
    show_aside(show, "ece", facts->calibration_error);
    show_value(table, "temperature", facts->temperature);
    show_value(table, "sure", facts->sure);
    show_value(table, "loss", facts->loss);
    if (show->lesson == KUNDIG_LESSON_SENTIMENT) {
        show_value(table, "lexicon", mood->lexicon);
        show_value(table, "least_known", mood->least_known);
        if (mood->scale.scale) {
            show_value(table, "mean_negative", mood->means[0]);
            show_value(table, "mean_neutral", mood->means[1]);
            show_value(table, "mean_positive", mood->means[2]);
        }
    }
}

static void show_classes(const show_table *show)
{
    kundig_table *table = show->table;
    size_t name = kundig__table_column(table, "class", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t examples = kundig__table_column(table, "examples", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t customers =
        kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t precision =
        kundig__table_column(table, "precision", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t recall = kundig__table_column(table, "recall", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t f1 = kundig__table_column(table, "f1", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t threshold =
        kundig__table_column(table, "threshold", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    for (uint32_t i = 0; i < show->facts->class_count; i++) {
        const kundig__class_facts *facts = &show->facts->classes[i];
        kundig__table_row(table);
        kundig__table_set_text(table, name, show_class(show, i));
        kundig__table_set_int(table, examples, (int64_t)facts->lessons);
        if (show->facts->customers) {
            kundig__table_set_int(table, customers, (int64_t)facts->customers);
        }
        kundig__table_set_number(table, precision,
                                 show_ratio(facts->right, facts->right + facts->wrong));
        kundig__table_set_number(table, recall,
                                 show_ratio(facts->right, facts->right + facts->missed));
        kundig__table_set_number(
            table, f1,
            show_ratio(2 * facts->right, 2 * facts->right + facts->wrong + facts->missed));
        if (show->facts->kind == KUNDIG__COURSE_SEVERAL) {
            kundig__table_set_number(table, threshold, facts->threshold);
        }
    }
}

static void show_features(const show_table *show)
{
    kundig_table *table = show->table;
    size_t name = kundig__table_column(table, "class", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t feature = kundig__table_column(table, "feature", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t weight = kundig__table_column(table, "weight", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i < show->facts->feature_count; i++) {
        const kundig__named_feature *named = &show->facts->features[i];
        kundig__table_row(table);
        kundig__table_set_text(table, name, show_class(show, named->klass));
        kundig__table_set_text(table, feature, named->name);
        kundig__table_set_number(table, weight, named->weight);
    }
}

static void show_calibration(const show_table *show)
{
    kundig_table *table = show->table;
    size_t least = kundig__table_column(table, "least", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t most = kundig__table_column(table, "most", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t n = kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t mean =
        kundig__table_column(table, "probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t accuracy =
        kundig__table_column(table, "accuracy", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    for (uint32_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        const kundig__learn_bin *bin = &show->facts->bins[i];
        kundig__table_row(table);
        kundig__table_set_number(table, least, (double)i / KUNDIG__LEARN_BINS);
        kundig__table_set_number(table, most, (double)(i + 1) / KUNDIG__LEARN_BINS);
        kundig__table_set_int(table, n, (int64_t)bin->count);
        if (bin->count) {
            kundig__table_set_number(table, mean, bin->probability / (double)bin->count);
            kundig__table_set_number(table, accuracy, show_ratio(bin->right, bin->count));
        }
    }
}

static void show_confusion(const show_table *show)
{
    kundig_table *table = show->table;
    size_t name = kundig__table_column(table, "class", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t decided = kundig__table_column(table, "decided", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t n = kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    for (size_t i = 0; i < show->facts->mistake_count; i++) {
        const kundig__mistake *mistake = &show->facts->mistakes[i];
        kundig__table_row(table);
        kundig__table_set_text(table, name, show_class(show, mistake->truth));
        kundig__table_set_text(table, decided, show_class(show, mistake->decided));
        kundig__table_set_int(table, n, (int64_t)mistake->count);
    }
}

static void show_sizes(const show_table *show)
{
    kundig_table *table = show->table;
    size_t bytes = kundig__table_column(table, "bytes", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t accuracy =
        kundig__table_column(table, "accuracy", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t loss = kundig__table_column(table, "loss", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    for (uint32_t i = 0; i < show->facts->size_count; i++) {
        const kundig__learn_size *size = &show->facts->sizes[i];
        kundig__table_row(table);
        kundig__table_set_int(table, bytes, (int64_t)size->bytes);
        kundig__table_set_number(table, accuracy, size->accuracy);
        kundig__table_set_number(table, loss, show->facts->sizes[0].accuracy - size->accuracy);
    }
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static int show_arguments(const kundig_model *model, int32_t lesson, const void *out,
                          kundig_error *err)
{
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    if (lesson != KUNDIG_LESSON_TOPICS && lesson != KUNDIG_LESSON_SENTIMENT) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "lesson is none of KUNDIG_LESSON_");
    }
    return show_learned(model, lesson)
               ? KUNDIG_OK
               : kundig__fail(err, KUNDIG_E_EMPTY, 0, "the model learned no %s: teach it some",
                              show_lessons[lesson]);
}

int kundig_model_show(const kundig_model *model, int32_t lesson, int32_t which, kundig_table **out,
                      kundig_error *err)
{
    static void (*const tables[])(const show_table *) = {
        [KUNDIG_SHOW_SUMMARY] = show_summary,     [KUNDIG_SHOW_CLASSES] = show_classes,
        [KUNDIG_SHOW_FEATURES] = show_features,   [KUNDIG_SHOW_CALIBRATION] = show_calibration,
        [KUNDIG_SHOW_CONFUSION] = show_confusion, [KUNDIG_SHOW_SIZES] = show_sizes};
    bool discovered = lesson == KUNDIG_LESSON_DISCOVERED;
    int rc = discovered && model && out ? KUNDIG_OK : show_arguments(model, lesson, out, err);
    if (rc) {
        return rc;
    }
    if (which < KUNDIG_SHOW_SUMMARY || which > KUNDIG_SHOW_HISTORY) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "which is none of KUNDIG_SHOW_");
    }
    if (discovered) {
        return kundig__discovered_show(model, which, out, err);
    }
    if (which == KUNDIG_SHOW_HISTORY) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "discovered topics alone have a history");
    }
    kundig__mem mem;
    kundig__mem_init(&mem, &model->mem.hook, 0);
    show_table show = {kundig__table_new(&mem), model, lesson,
                       kundig__classifier_facts_of(show_learned(model, lesson))};
    tables[which](&show);
    return kundig__table_finish(show.table, out, err);
}

int kundig_model_prune(const kundig_model *model, int32_t lesson, uint64_t most_bytes,
                       kundig_model **out, kundig_error *err)
{
    if (lesson == KUNDIG_LESSON_DISCOVERED) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "what was discovered cannot be made smaller: discover fewer topics");
    }
    int rc = show_arguments(model, lesson, out, err);
    if (rc) {
        return rc;
    }
    kundig__mem mem;
    kundig__classifier *pruned = NULL;
    kundig__learned learned = kundig__learned_of(model);
    kundig__mem_init(&mem, &model->mem.hook, 0);
    rc = kundig__classifier_prune(&mem, show_learned(model, lesson), most_bytes, &pruned, err);
    if (lesson == KUNDIG_LESSON_SENTIMENT) {
        learned.mood.classifier = pruned;
    } else {
        learned.taught.classifier = pruned;
    }
    rc = rc ? rc : kundig__model_remake(&mem.hook, model, &learned, out, err);
    kundig__classifier_free(pruned);
    return rc;
}
