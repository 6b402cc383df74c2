/* kundig_model_show() of what was discovered. Cost: linear in the rows. */
#include "topics/discovered_show.h"

#include "base/text.h"
#include "table/table.h"
#include "topics/compiled.h"

static void discovered_show_value(kundig_table *table, const char *name, double value)
{
    kundig__table_row(table);
    kundig__table_set_text(table, 0, kundig__str(name));
    kundig__table_set_number(table, 1, value);
}

static void discovered_summary(kundig_table *table, const kundig__discovered *discovered)
{
    const kundig__clustering_facts *facts = kundig__clustered_facts(discovered->clustered);
    kundig__table_column(table, "name", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    discovered_show_value(table, "bytes", (double)facts->bytes);
    discovered_show_value(table, "classes", facts->cluster_count);
    discovered_show_value(table, "themes", facts->theme_count);
    discovered_show_value(table, "quality", facts->quality);
    discovered_show_value(table, "generation", (double)discovered->generation);
    discovered_show_value(table, "texts", (double)facts->texts);
    discovered_show_value(table, "fitted", (double)facts->fitted);
    discovered_show_value(table, "nowhere", (double)facts->nowhere);
    if (facts->writers) {
        discovered_show_value(table, "customers", (double)facts->writers);
    }
    discovered_show_value(table, "words", facts->words);
    discovered_show_value(table, "characters", facts->characters);
    discovered_show_value(table, "collisions", facts->collisions);
    discovered_show_value(table, "agreement", facts->agreement);
    discovered_show_value(table, "least_fit", facts->least_fit);
}

static void discovered_classes(kundig_table *table, const kundig__discovered *discovered)
{
    const kundig__clustering_facts *facts = kundig__clustered_facts(discovered->clustered);
    size_t name = kundig__table_column(table, "class", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t title = kundig__table_column(table, "title", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t texts = kundig__table_column(table, "examples", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t customers =
        kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t sureness =
        kundig__table_column(table, "sureness", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t part = kundig__table_column(table, "part_of", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (uint32_t i = 0; i < facts->cluster_count; i++) {
        uint32_t cluster = discovered->classes[i];
        const kundig__discovered_topic *topic = &discovered->topics[cluster];
        kundig__table_row(table);
        kundig__table_set_text(table, name, topic->name);
        kundig__table_set_text(table, title, kundig__discovered_title(topic));
        kundig__table_set_int(table, texts, (int64_t)topic->own_texts);
        if (topic->own_customers != KUNDIG__NOT_COUNTED) {
            kundig__table_set_int(table, customers, (int64_t)topic->own_customers);
        }
        kundig__table_set_number(table, sureness, facts->clusters[cluster].sureness);
        if (discovered->wholes[cluster] != cluster) {
            kundig__table_set_text(table, part,
                                   discovered->topics[discovered->wholes[cluster]].name);
        }
    }
}

static void discovered_features(kundig_table *table, const kundig__discovered *discovered)
{
    size_t name = kundig__table_column(table, "class", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t feature = kundig__table_column(table, "feature", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t weight = kundig__table_column(table, "weight", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        const kundig__discovered_topic *topic = &discovered->topics[discovered->classes[i]];
        for (uint32_t j = 0; j < topic->word_count; j++) {
            kundig__table_row(table);
            kundig__table_set_text(table, name, topic->name);
            kundig__table_set_text(table, feature, topic->words[j].name);
            kundig__table_set_number(table, weight, topic->words[j].weight);
        }
    }
}

static const char *discovered_why(int came)
{
    switch (came) {
    case KUNDIG__CAME_NEW:
        return "no earlier topic held its texts";
    case KUNDIG__CAME_SPLIT:
        return "part of `other` became a topic of its own";
    case KUNDIG__CAME_MERGED:
        return "most texts of `other` came here; that name is used no more";
    case KUNDIG__CAME_TOLD:
        return "a person or a label said that it is a topic";
    case KUNDIG__CAME_GONE:
        return "its texts went to several others, or are no longer there";
    default:
        return "it goes on";
    }
}

static void discovered_history(kundig_table *table, const kundig__discovered *discovered)
{
    size_t topic = kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t came = kundig__table_column(table, "came", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t other = kundig__table_column(table, "other", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t texts = kundig__table_column(table, "texts", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t why = kundig__table_column(table, "why", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i < discovered->event_count; i++) {
        const kundig__discovered_event *event = &discovered->events[i];
        kundig__table_row(table);
        kundig__table_set_text(table, topic, event->topic);
        kundig__table_set_text(table, came, kundig__came_name(event->came));
        kundig__table_set_text(table, other, event->other);
        kundig__table_set_int(table, texts, (int64_t)event->texts);
        kundig__table_set_text(table, why, kundig__str(discovered_why(event->came)));
    }
    kundig__table_note(table, "of the latest fit, number %llu; topics without a line went on",
                       (unsigned long long)discovered->generation + 1);
}

int kundig__discovered_show(const kundig_model *model, int32_t which, kundig_table **out,
                            kundig_error *err)
{
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    if (!discovered) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                            "the model discovered nothing: kundig_model_discover() makes one that "
                            "did");
    }
    if (which == KUNDIG_SHOW_CALIBRATION || which == KUNDIG_SHOW_CONFUSION ||
        which == KUNDIG_SHOW_SIZES) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "nobody labelled discovered topics, so that is not known of them: ask "
                            "for summary, classes, features or history");
    }
    kundig__mem mem;
    kundig__mem_init(&mem, &model->mem.hook, 0);
    kundig_table *table = kundig__table_new(&mem);
    switch (which) {
    case KUNDIG_SHOW_SUMMARY:
        discovered_summary(table, discovered);
        break;
    case KUNDIG_SHOW_CLASSES:
        discovered_classes(table, discovered);
        break;
    case KUNDIG_SHOW_FEATURES:
        discovered_features(table, discovered);
        break;
    default:
        discovered_history(table, discovered);
        break;
    }
    return kundig__table_finish(table, out, err);
}
