/* What a query for shares asks: which of its keys are of topics, and what remains without them.
 *
 * Invariant: the rest of the query groups every comment once, so it has one layer.
 * Cost: O(topics); answers take 4 bytes a row and one look at each text. */
#include "metrics/share.h"

#include "base/text.h"

static bool plan_is_topic(int32_t type)
{
    return type == KUNDIG__FIELD_TOPIC || type == KUNDIG__FIELD_THEME;
}

/* A sentiment beside a topic is that of the topic, of which there is no share. */
static int plan_refuse_moods(const kundig__share_plan *plan, bool moods, kundig_error *err)
{
    const kundig__metric *metric = kundig__metric_find(plan->query->metric);
    bool shares = metric && metric->reads == KUNDIG__READS_TOPICS;
    return plan->keys.topics && moods && shares
               ? kundig__fail(err, KUNDIG_E_ARG, 0,
                              "a share by topic is not one by sentiment, too: kundig_topics() "
                              "tells both, and count takes both groups")
               : KUNDIG_OK;
}

/* Parts the keys; types of those of topics. */
static int plan_keys(kundig__corpus *corpus, const kundig_query *query, kundig__share_plan *plan,
                     int32_t types[KUNDIG__MAX_KEYS], kundig_error *err)
{
    bool moods = false;
    plan->of_themes = true;
    plan->query->group_field_count = 0;
    for (size_t i = 0; i < query->group_field_count; i++) {
        kundig__field field;
        int rc = kundig__field_resolve(corpus, query->group_fields[i], &field, err);
        if (rc) {
            return rc;
        }
        types[i] = field.type;
        moods = moods || field.type == KUNDIG__FIELD_SENTIMENT;
        plan->names[plan->keys.count] = query->group_fields[i];
        if (plan_is_topic(field.type)) {
            plan->keys.topics |= UINT32_C(1) << plan->keys.count;
            plan->of_themes = plan->of_themes && field.type == KUNDIG__FIELD_THEME;
        } else {
            plan->query->group_fields[plan->query->group_field_count++] = query->group_fields[i];
        }
        plan->keys.count++;
    }
    if (query->every != KUNDIG_EVERY_NONE) {
        plan->names[plan->keys.count++] = KUNDIG__TEXT("period");
    }
    return plan_refuse_moods(plan, moods, err);
}

/* The text of a topic (or theme) in a key. */
static kundig_text plan_text(const kundig__share_plan *plan, int32_t type, uint32_t topic)
{
    const kundig__said *said = plan->said;
    if (type == KUNDIG__FIELD_TOPIC) {
        return kundig__dict_text(said->topic_names, topic);
    }
    return kundig__dict_text(said->theme_names, plan->of_themes ? topic : said->themes[topic]);
}

static int plan_texts(kundig__share_plan *plan, const int32_t *types, kundig_error *err)
{
    size_t topic_keys = kundig__share_topic_keys(&plan->keys);
    const kundig__dict *names = plan->of_themes ? plan->said->theme_names : plan->said->topic_names;
    plan->topic_count = names->count + 1;
    plan->text_count = plan->topic_count * topic_keys;
    plan->texts = kundig__alloc_zero(plan->mem, plan->text_count * sizeof *plan->texts);
    if (!plan->texts) {
        return kundig__nomem(plan->mem, err);
    }
    kundig_text *text = plan->texts + topic_keys;
    for (uint32_t topic = 0; topic + 1 < plan->topic_count; topic++) {
        for (size_t key = 0; key < plan->keys.count; key++) {
            if (plan->keys.topics >> key & 1) {
                *text++ = plan_text(plan, types[key], topic);
            }
        }
    }
    return KUNDIG_OK;
}

int kundig__share_plan_new(kundig__corpus *corpus, const kundig_query *query,
                           kundig__share_plan *plan, kundig_error *err)
{
    int32_t types[KUNDIG__MAX_KEYS] = {0};
    *plan = (kundig__share_plan){0};
    plan->mem = &kundig__corpus_context(corpus)->mem;
    int rc = kundig__query_copy(query, &plan->mem->hook, &plan->query, err);
    rc = rc ? rc : plan_keys(corpus, query, plan, types, err);
    if (!rc && plan->keys.topics) {
        rc = kundig__corpus_said(corpus, &plan->said, err);
        rc = rc ? rc : plan_texts(plan, types, err);
    }
    return rc;
}

void kundig__share_plan_free(kundig__share_plan *plan)
{
    if (plan->texts) {
        kundig__free(plan->mem, plan->texts, plan->text_count * sizeof *plan->texts);
    }
    kundig_query_free(plan->query);
    *plan = (kundig__share_plan){0};
}

static kundig_text plan_key(const kundig__share_group *group, size_t own, char buffer[32])
{
    return kundig__grouping_key(group->grouping, group->number, own, buffer);
}

/* The first of all keys in which a group is another than the one before. */
static uint8_t plan_differs(const kundig__share_keys *keys, const kundig__share_group *before,
                            const kundig__share_group *group)
{
    size_t own = 0;
    size_t key = 0;
    for (; key < keys->count; key++) {
        char buffer[32];
        char buffer_before[32];
        if (keys->topics >> key & 1) {
            continue;
        }
        if (kundig__text_order(plan_key(before, own, buffer_before),
                               plan_key(group, own, buffer)) != 0) {
            break;
        }
        own++;
    }
    return (uint8_t)key;
}

int kundig__share_plan_rows(const kundig__share_plan *plan, const kundig__share_group *groups,
                            size_t group_count, uint32_t *topics, size_t topic_count,
                            kundig__share_rows *out, kundig_error *err)
{
    uint8_t *differ = kundig__alloc_zero(plan->mem, group_count);
    if (!differ) {
        return kundig__nomem(plan->mem, err);
    }
    for (size_t i = 1; i < group_count; i++) {
        differ[i] = plan_differs(&plan->keys, &groups[i - 1], &groups[i]);
    }
    int rc = kundig__share_rows_new(plan->mem, &plan->keys, group_count, differ, plan->texts,
                                    topics, topic_count, out, err);
    kundig__free(plan->mem, differ, group_count);
    return rc;
}

void kundig__share_plan_columns(const kundig__share_plan *plan, kundig_table *table)
{
    for (size_t key = 0; key < plan->keys.count; key++) {
        kundig__table_column_text(table, plan->names[key], KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
}

void kundig__share_plan_keys(const kundig__share_plan *plan, const kundig__share_group *group,
                             uint32_t topic, kundig_table *table)
{
    const kundig_text *text = plan->texts + topic * kundig__share_topic_keys(&plan->keys);
    size_t own = 0;
    for (size_t key = 0; key < plan->keys.count; key++) {
        char buffer[32];
        if (plan->keys.topics >> key & 1) {
            kundig__table_set_text(table, key, *text++);
        } else {
            kundig__table_set_text(table, key, plan_key(group, own++, buffer));
        }
    }
}

int kundig__share_answers(kundig__gather *gather, int how, kundig_error *err)
{
    const kundig__corpus *corpus = gather->corpus;
    const kundig__said *said = NULL;
    uint32_t rows = kundig__corpus_rows(corpus);
    if (how == KUNDIG__SHARE_OF_ANY) {
        int rc = kundig__corpus_said(gather->corpus, &said, err);
        if (rc) {
            return rc;
        }
    }
    gather->answers = kundig__alloc(&gather->context->mem, rows * sizeof *gather->answers);
    if (!gather->answers) {
        return kundig__nomem(&gather->context->mem, err);
    }
    gather->answer_rows = rows;
    for (uint32_t row = 0; row < rows; row++) {
        bool one = said ? said->starts[row] < said->starts[row + 1] : how == KUNDIG__SHARE_EACH;
        gather->answers[row] =
            kundig__corpus_text(corpus, row).len ? (int32_t)one : KUNDIG__SCORE_MISSING;
    }
    return KUNDIG_OK;
}

int kundig__share_ungrouped(kundig__gather *gather, const kundig_query *query, kundig_error *err)
{
    if (gather->asked->metric->reads != KUNDIG__READS_TOPICS) {
        return KUNDIG_OK;
    }
    for (size_t i = 0; i < query->group_field_count; i++) {
        kundig__field field;
        int rc = kundig__field_resolve(gather->corpus, query->group_fields[i], &field, err);
        if (rc) {
            return rc;
        }
        if (plan_is_topic(field.type)) {
            return kundig__fail(err, KUNDIG_E_ARG, 0,
                                "topics are no groups of comments here: the share of each is told "
                                "by kundig_measure(); group by another field");
        }
    }
    return kundig__share_answers(gather, KUNDIG__SHARE_OF_ANY, err);
}
