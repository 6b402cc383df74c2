/* How each kind of fact lies in its table: the columns behind n and hash, in the order of the
 * schema, and where each stands in the record's struct. Reading and writing walk over these lists,
 * so that a kind is described once. */
#include "store/db.h"

#define KINDS_AT(kind, field) offsetof(kundig__fact, as.kind.field)
#define KINDS_COUNT(list)     ((int)(sizeof(list) / sizeof *(list)))

static const kundig__store_column kinds_feedback[] = {
    {"source", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, source)},
    {"id", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, id)},
    {"customer", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, customer)},
    {"time_ms", KUNDIG__COLUMN_TIME, KINDS_AT(feedback, time_ms)},
    {"time_precision", KUNDIG__COLUMN_CODE, KINDS_AT(feedback, time_precision)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(feedback, updated_ms)},
    {"kind", KUNDIG__COLUMN_CODE, KINDS_AT(feedback, kind)},
    {"consent", KUNDIG__COLUMN_CODE, KINDS_AT(feedback, consent)},
    {"weight", KUNDIG__COLUMN_WEIGHT, KINDS_AT(feedback, weight)},
    {"channel", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, channel)},
    {"touchpoint", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, touchpoint)},
    {"stage", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, stage)},
    {"case_id", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, case_id)},
    {"agent", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, agent)},
    {"department", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, department)},
    {"segment", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, segment)},
    {"product", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, product)},
    {"language", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, language)},
    {"purpose", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, purpose)},
    {"text", KUNDIG__COLUMN_TEXT, KINDS_AT(feedback, text)},
};

static const kundig__store_column kinds_customer[] = {
    {"source", KUNDIG__COLUMN_TEXT, KINDS_AT(customer, source)},
    {"id", KUNDIG__COLUMN_TEXT, KINDS_AT(customer, id)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(customer, updated_ms)},
    {"since_ms", KUNDIG__COLUMN_TIME, KINDS_AT(customer, since_ms)},
    {"churned", KUNDIG__COLUMN_CODE, KINDS_AT(customer, churned)},
    {"segment", KUNDIG__COLUMN_TEXT, KINDS_AT(customer, segment)},
    {"basket", KUNDIG__COLUMN_NUMBER, KINDS_AT(customer, basket)},
    {"orders", KUNDIG__COLUMN_NUMBER, KINDS_AT(customer, orders)},
    {"revenue", KUNDIG__COLUMN_NUMBER, KINDS_AT(customer, revenue)},
};

static const kundig__store_column kinds_event[] = {
    {"source", KUNDIG__COLUMN_TEXT, KINDS_AT(event, source)},
    {"id", KUNDIG__COLUMN_TEXT, KINDS_AT(event, id)},
    {"customer", KUNDIG__COLUMN_TEXT, KINDS_AT(event, customer)},
    {"case_id", KUNDIG__COLUMN_TEXT, KINDS_AT(event, case_id)},
    {"time_ms", KUNDIG__COLUMN_TIME, KINDS_AT(event, time_ms)},
    {"time_precision", KUNDIG__COLUMN_CODE, KINDS_AT(event, time_precision)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(event, updated_ms)},
    {"kind", KUNDIG__COLUMN_CODE, KINDS_AT(event, kind)},
    {"agent", KUNDIG__COLUMN_TEXT, KINDS_AT(event, agent)},
    {"department", KUNDIG__COLUMN_TEXT, KINDS_AT(event, department)},
    {"topic", KUNDIG__COLUMN_TEXT, KINDS_AT(event, topic)},
    {"value", KUNDIG__COLUMN_NUMBER, KINDS_AT(event, value)},
};

static const kundig__store_column kinds_label[] = {
    {"source", KUNDIG__COLUMN_TEXT, KINDS_AT(label, source)},
    {"id", KUNDIG__COLUMN_TEXT, KINDS_AT(label, id)},
    {"topic", KUNDIG__COLUMN_TEXT, KINDS_AT(label, topic)},
    {"by", KUNDIG__COLUMN_TEXT, KINDS_AT(label, by)},
    {"holds", KUNDIG__COLUMN_CODE, KINDS_AT(label, holds)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(label, updated_ms)},
};

static const kundig__store_column kinds_link[] = {
    {"customer", KUNDIG__COLUMN_TEXT, KINDS_AT(link, customer)},
    {"same_as", KUNDIG__COLUMN_TEXT, KINDS_AT(link, same_as)},
    {"by", KUNDIG__COLUMN_TEXT, KINDS_AT(link, by)},
    {"holds", KUNDIG__COLUMN_CODE, KINDS_AT(link, holds)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(link, updated_ms)},
};

static const kundig__store_column kinds_consent[] = {
    {"customer", KUNDIG__COLUMN_TEXT, KINDS_AT(consent, customer)},
    {"purpose", KUNDIG__COLUMN_TEXT, KINDS_AT(consent, purpose)},
    {"consent", KUNDIG__COLUMN_CODE, KINDS_AT(consent, consent)},
    {"disclosure", KUNDIG__COLUMN_TEXT, KINDS_AT(consent, disclosure)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(consent, updated_ms)},
};

static const kundig__store_column kinds_retention[] = {
    {"purpose", KUNDIG__COLUMN_TEXT, KINDS_AT(retention, purpose)},
    {"days", KUNDIG__COLUMN_INT, KINDS_AT(retention, days)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(retention, updated_ms)},
};

static const kundig__store_column kinds_edit[] = {
    {"kind", KUNDIG__COLUMN_CODE, KINDS_AT(edit, kind)},
    {"topic", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, topic)},
    {"other", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, other)},
    {"name", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, name)},
    {"words", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, words)},
    {"source", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, source)},
    {"id", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, id)},
    {"other_source", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, other_source)},
    {"other_id", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, other_id)},
    {"by", KUNDIG__COLUMN_TEXT, KINDS_AT(edit, by)},
    {"holds", KUNDIG__COLUMN_CODE, KINDS_AT(edit, holds)},
    {"updated_ms", KUNDIG__COLUMN_TIME, KINDS_AT(edit, updated_ms)},
};

/* In the order of KUNDIG_FACTS_. */
static const kundig__store_table kinds_tables[KUNDIG__FACT_KINDS] = {
    {"feedback", "attribute", "answer", KINDS_COUNT(kinds_feedback), kinds_feedback},
    {"customer", "customer_attribute", NULL, KINDS_COUNT(kinds_customer), kinds_customer},
    {"event", NULL, NULL, KINDS_COUNT(kinds_event), kinds_event},
    {"label", NULL, NULL, KINDS_COUNT(kinds_label), kinds_label},
    {"link", NULL, NULL, KINDS_COUNT(kinds_link), kinds_link},
    {"consent", NULL, NULL, KINDS_COUNT(kinds_consent), kinds_consent},
    {"retention", NULL, NULL, KINDS_COUNT(kinds_retention), kinds_retention},
    {"edit", NULL, NULL, KINDS_COUNT(kinds_edit), kinds_edit},
};

const kundig__store_table *kundig__store_table_of(int kind)
{
    return &kinds_tables[kind];
}

void kundig__store_fact_init(kundig__fact *fact, int kind)
{
    fact->kind = kind;
    switch (kind) {
    case KUNDIG_FACTS_FEEDBACK:
        kundig_feedback_init(&fact->as.feedback);
        break;
    case KUNDIG_FACTS_CUSTOMERS:
        kundig_customer_init(&fact->as.customer);
        break;
    case KUNDIG_FACTS_EVENTS:
        kundig_event_init(&fact->as.event);
        break;
    case KUNDIG_FACTS_LABELS:
        kundig_label_init(&fact->as.label);
        fact->as.label.holds = KUNDIG_UNKNOWN;
        break;
    case KUNDIG_FACTS_LINKS:
        kundig_link_init(&fact->as.link);
        fact->as.link.holds = KUNDIG_UNKNOWN;
        break;
    case KUNDIG_FACTS_CONSENTS:
        kundig_consent_init(&fact->as.consent);
        break;
    case KUNDIG_FACTS_RETENTION:
        kundig_retention_init(&fact->as.retention);
        break;
    default:
        kundig_edit_init(&fact->as.edit);
        fact->as.edit.holds = KUNDIG_UNKNOWN;
        break;
    }
}
