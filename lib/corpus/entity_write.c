/* Customers, events, labels, links, consents, retention rules and edits: checked, mended and
 * written as canonical bytes, which make two of them the same on every machine and are what is kept
 * of them.
 *
 * Little-endian, texts as in canon.c:
 *
 *   customer    u8 1, text source, id, i64 updated, since, u8 churned, text segment,
 *               number basket, orders, revenue, attributes
 *   event       u8 1, u32 kind, text source, id, customer, case, i64 time, u8 precision,
 *               i64 updated, text agent, department, topic, number value
 *   label       u8 1, u8 holds, text source, id, topic, by, i64 updated
 *   link        u8 1, u8 holds, text of the name that is less by its bytes, of the other one, by,
 *               i64 updated
 *   consent     u8 1, u8 consent, text customer, purpose, disclosure, i64 updated
 *   retention   u8 1, i64 days, text purpose, i64 updated
 *   edit        u8 1, u8 kind, u8 holds, text topic, other, name, words, source, id,
 *               other_source, other_id, by, i64 updated; of two records that belong together or
 *               apart the lesser one first
 *   number      u8 0 if null, else u8 2 and the IEEE 754 bits as u64
 *   attributes  u32 count; each, in byte order of names: text name, u8 type, then text, u64 bits
 *               of the number, or u8 of the boolean
 *
 * Invariant: what is refused leaves no trace but the sentence and the field's name. Cost: linear in
 * the record; attributes are sorted by insertion, at most 4,096. */
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/math.h"
#include "base/text.h"
#include "corpus/facts.h"
#include "topics/discovered.h"

#define ENTITY_MOST_DAYS 100000

static int entity_text(kundig__entity *entity, kundig_text *text, const char *name,
                       kundig_error *err)
{
    entity->field = name;
    if (!text->data && text->len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s has a length but no bytes", name);
    }
    if (text->len >= KUNDIG__MAX_TEXT) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s is longer than 1 GiB", name);
    }
    if (!kundig__text_mended(text, &entity->scratch, &entity->arena, &entity->replaced)) {
        return kundig__nomem(entity->mem, err);
    }
    return KUNDIG_OK;
}

static int entity_customer_name(kundig__entity *entity, kundig_text *text, const char *name,
                                kundig_error *err)
{
    int rc = entity_text(entity, text, name, err);
    if (!rc && !kundig__customer_kept(entity->context, text, &entity->arena)) {
        rc = kundig__nomem(entity->mem, err);
    }
    return rc;
}

static int entity_required(kundig__entity *entity, kundig_text *text, const char *name,
                           kundig_error *err)
{
    entity->field = name;
    if (!text->data || !text->len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is required", name);
    }
    return entity_text(entity, text, name, err);
}

static int entity_time(kundig__entity *entity, int64_t time_ms, const char *name, kundig_error *err)
{
    entity->field = name;
    if (time_ms != KUNDIG_TIME_ABSENT && !kundig__time_in_range(time_ms)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s lies outside the years 0001 to 9999", name);
    }
    return KUNDIG_OK;
}

static int entity_enum(kundig__entity *entity, int32_t value, int32_t least, int32_t greatest,
                       const char *name, kundig_error *err)
{
    entity->field = name;
    if (value < least || value > greatest) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is %ld; known are %ld to %ld", name,
                            (long)value, (long)least, (long)greatest);
    }
    return KUNDIG_OK;
}

static int entity_yes_no(kundig__entity *entity, int32_t value, const char *name, kundig_error *err)
{
    entity->field = name;
    if (value != KUNDIG_YES && value != KUNDIG_NO) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is %ld: say KUNDIG_YES or KUNDIG_NO", name,
                            (long)value);
    }
    return KUNDIG_OK;
}

static void entity_put_double(kundig__buf *out, double value)
{
    double one_zero = value == 0 ? 0 : value; /* -0 has other bytes */
    uint64_t bits;
    memcpy(&bits, &one_zero, sizeof bits);
    kundig__put_u64(out, bits);
}

static int entity_number(kundig__entity *entity, const kundig_value *value, const char *name,
                         kundig_error *err)
{
    entity->field = name;
    if (value->type == KUNDIG_VALUE_NULL) {
        kundig__put_u8(&entity->bytes, 0);
        return KUNDIG_OK;
    }
    if (value->type != KUNDIG_VALUE_NUMBER) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s must be a number or null", name);
    }
    if (!kundig__is_finite(value->number)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s is not a finite number", name);
    }
    kundig__put_u8(&entity->bytes, KUNDIG_VALUE_NUMBER);
    entity_put_double(&entity->bytes, value->number);
    return KUNDIG_OK;
}

static int entity_attribute(kundig__entity *entity, const kundig_attribute *attribute,
                            kundig_error *err)
{
    kundig_text text = attribute->value.text;
    entity->field = "attribute";
    kundig__put_text(&entity->bytes, attribute->name);
    kundig__put_u8(&entity->bytes, (uint8_t)attribute->value.type);
    switch (attribute->value.type) {
    case KUNDIG_VALUE_TEXT: {
        int rc = entity_text(entity, &text, "attribute", err);
        if (rc) {
            return rc;
        }
        if (!text.data) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the text of '%.*s' is NULL",
                                kundig__shown(attribute->name), attribute->name.data);
        }
        kundig__put_text(&entity->bytes, text);
        return KUNDIG_OK;
    }
    case KUNDIG_VALUE_NUMBER:
        if (!kundig__is_finite(attribute->value.number)) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is not a finite number",
                                kundig__shown(attribute->name), attribute->name.data);
        }
        entity_put_double(&entity->bytes, attribute->value.number);
        return KUNDIG_OK;
    case KUNDIG_VALUE_BOOL:
        if (attribute->value.boolean != 0 && attribute->value.boolean != 1) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the boolean '%.*s' is neither 0 nor 1",
                                kundig__shown(attribute->name), attribute->name.data);
        }
        kundig__put_u8(&entity->bytes, (uint8_t)attribute->value.boolean);
        return KUNDIG_OK;
    default:
        return kundig__fail(err, KUNDIG_E_ARG, 0, "'%.*s' must be a text, a number or a boolean",
                            kundig__shown(attribute->name), attribute->name.data);
    }
}

static int entity_attributes(kundig__entity *entity, const kundig_attribute *given, size_t count,
                             kundig_error *err)
{
    kundig_attribute *sorted = NULL;
    size_t kept = 0;
    int rc = KUNDIG_OK;
    entity->field = "attribute";
    if (count && !given) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "attributes is NULL, attribute_count is not 0");
    }
    if (count > KUNDIG__MAX_ATTRIBUTES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "attribute_count is %zu; at most %d", count,
                            KUNDIG__MAX_ATTRIBUTES);
    }
    if (count) {
        sorted = kundig__arena_alloc(&entity->arena, count * sizeof *sorted);
        if (!sorted) {
            return kundig__nomem(entity->mem, err);
        }
    }
    for (size_t i = 0; i < count; i++) {
        kundig_attribute attribute = given[i];
        rc = entity_text(entity, &attribute.name, "attribute", err);
        if (rc) {
            return rc;
        }
        if (!attribute.name.data || !attribute.name.len) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "an attribute has no name");
        }
        if (attribute.value.type == KUNDIG_VALUE_NULL) {
            continue;
        }
        size_t at = kept++;
        int order = 1;
        while (at > 0 && (order = kundig__text_order(sorted[at - 1].name, attribute.name)) > 0) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        if (at > 0 && order == 0) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is given twice in one record",
                                kundig__shown(attribute.name), attribute.name.data);
        }
        sorted[at] = attribute;
    }
    kundig__put_u32(&entity->bytes, (uint32_t)kept);
    for (size_t i = 0; i < kept && !rc; i++) {
        rc = entity_attribute(entity, &sorted[i], err);
    }
    return rc;
}

/* ---- The kinds ---- */

static int entity_customer(kundig__entity *entity, const kundig_customer *given, kundig_error *err)
{
    kundig_customer record = *given;
    int rc = entity_enum(entity, record.churned, 0, KUNDIG_YES, "churned", err);
    rc = rc ? rc : entity_text(entity, &record.source, "source", err);
    rc = rc ? rc : entity_required(entity, &record.id, "id", err);
    rc = rc ? rc : entity_customer_name(entity, &record.id, "id", err);
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    rc = rc ? rc : entity_time(entity, record.since_ms, "since", err);
    rc = rc ? rc : entity_text(entity, &record.segment, "segment", err);
    if (rc) {
        return rc;
    }
    kundig__put_text(&entity->bytes, record.source);
    kundig__put_text(&entity->bytes, record.id);
    kundig__put_i64(&entity->bytes, record.updated_ms);
    kundig__put_i64(&entity->bytes, record.since_ms);
    kundig__put_u8(&entity->bytes, (uint8_t)record.churned);
    kundig__put_text(&entity->bytes, record.segment);
    rc = entity_number(entity, &record.basket, "basket", err);
    rc = rc ? rc : entity_number(entity, &record.orders, "orders", err);
    rc = rc ? rc : entity_number(entity, &record.revenue, "revenue", err);
    rc = rc ? rc : entity_attributes(entity, record.attributes, record.attribute_count, err);
    entity->source = record.source;
    entity->id = record.id;
    entity->updated = record.updated_ms;
    return rc;
}

static int entity_event(kundig__entity *entity, const kundig_event *given, kundig_error *err)
{
    kundig_event record = *given;
    int rc = KUNDIG_OK;
    if (record.reserved) {
        rc = kundig__fail(err, KUNDIG_E_VERSION, 0, "a reserved field of the record is not zero");
    }
    rc = rc ? rc : entity_enum(entity, record.kind, 0, KUNDIG_EVENT_PURCHASE, "kind", err);
    rc = rc ? rc
            : entity_enum(entity, record.time_precision, 0, KUNDIG_PRECISION_DAY, "time_precision",
                          err);
    rc = rc ? rc : entity_text(entity, &record.source, "source", err);
    rc = rc ? rc : entity_required(entity, &record.id, "id", err);
    rc = rc ? rc : entity_customer_name(entity, &record.customer, "customer", err);
    rc = rc ? rc : entity_text(entity, &record.case_id, "case", err);
    rc = rc ? rc : entity_text(entity, &record.agent, "agent", err);
    rc = rc ? rc : entity_text(entity, &record.department, "department", err);
    rc = rc ? rc : entity_text(entity, &record.topic, "topic", err);
    rc = rc ? rc : entity_time(entity, record.time_ms, "time", err);
    if (!rc && record.time_ms != KUNDIG_TIME_ABSENT &&
        record.time_precision == KUNDIG_PRECISION_DAY && record.time_ms % KUNDIG__DAY_MS) {
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0, "a written date must be midnight in UTC");
    }
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    if (rc) {
        return rc;
    }
    kundig__put_u32(&entity->bytes, (uint32_t)record.kind);
    kundig__put_text(&entity->bytes, record.source);
    kundig__put_text(&entity->bytes, record.id);
    kundig__put_text(&entity->bytes, record.customer);
    kundig__put_text(&entity->bytes, record.case_id);
    kundig__put_i64(&entity->bytes, record.time_ms);
    kundig__put_u8(&entity->bytes, record.time_ms == KUNDIG_TIME_ABSENT
                                       ? KUNDIG_PRECISION_MS
                                       : (uint8_t)record.time_precision);
    kundig__put_i64(&entity->bytes, record.updated_ms);
    kundig__put_text(&entity->bytes, record.agent);
    kundig__put_text(&entity->bytes, record.department);
    kundig__put_text(&entity->bytes, record.topic);
    entity->source = record.source;
    entity->id = record.id;
    entity->updated = record.updated_ms;
    return entity_number(entity, &record.value, "value", err);
}

static int entity_label(kundig__entity *entity, const kundig_label *given, kundig_error *err)
{
    kundig_label record = *given;
    int rc = entity_yes_no(entity, record.holds, "holds", err);
    rc = rc ? rc : entity_text(entity, &record.source, "source", err);
    rc = rc ? rc : entity_required(entity, &record.id, "id", err);
    rc = rc ? rc : entity_required(entity, &record.topic, "topic", err);
    rc = rc ? rc : entity_customer_name(entity, &record.by, "by", err);
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    if (rc) {
        return rc;
    }
    kundig__put_u8(&entity->bytes, (uint8_t)record.holds);
    kundig__put_text(&entity->bytes, record.source);
    kundig__put_text(&entity->bytes, record.id);
    kundig__put_text(&entity->bytes, record.topic);
    kundig__put_text(&entity->bytes, record.by);
    kundig__put_i64(&entity->bytes, record.updated_ms);
    kundig__put_text(&entity->key, record.id);
    kundig__put_text(&entity->key, record.topic);
    kundig__put_text(&entity->key, record.by);
    entity->source = record.source;
    entity->updated = record.updated_ms;
    return KUNDIG_OK;
}

static int entity_link(kundig__entity *entity, const kundig_link *given, kundig_error *err)
{
    kundig_link record = *given;
    int rc = entity_yes_no(entity, record.holds, "holds", err);
    rc = rc ? rc : entity_required(entity, &record.customer, "customer", err);
    rc = rc ? rc : entity_customer_name(entity, &record.customer, "customer", err);
    rc = rc ? rc : entity_required(entity, &record.same_as, "same_as", err);
    rc = rc ? rc : entity_customer_name(entity, &record.same_as, "same_as", err);
    rc = rc ? rc : entity_customer_name(entity, &record.by, "by", err);
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    if (rc) {
        return rc;
    }
    int order = kundig__text_order(record.customer, record.same_as);
    if (order == 0) {
        entity->field = "same_as";
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "customer and same_as are one name: a link joins two");
    }
    kundig_text least = order < 0 ? record.customer : record.same_as;
    kundig_text other = order < 0 ? record.same_as : record.customer;
    kundig__put_u8(&entity->bytes, (uint8_t)record.holds);
    kundig__put_text(&entity->bytes, least);
    kundig__put_text(&entity->bytes, other);
    kundig__put_text(&entity->bytes, record.by);
    kundig__put_i64(&entity->bytes, record.updated_ms);
    kundig__put_text(&entity->key, least);
    kundig__put_text(&entity->key, other);
    entity->updated = record.updated_ms;
    return KUNDIG_OK;
}

static int entity_consent(kundig__entity *entity, const kundig_consent *given, kundig_error *err)
{
    kundig_consent record = *given;
    int rc = entity_yes_no(entity, record.consent, "consent", err);
    rc = rc ? rc : entity_required(entity, &record.customer, "customer", err);
    rc = rc ? rc : entity_customer_name(entity, &record.customer, "customer", err);
    rc = rc ? rc : entity_text(entity, &record.purpose, "purpose", err);
    rc = rc ? rc : entity_text(entity, &record.disclosure, "disclosure", err);
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    if (rc) {
        return rc;
    }
    kundig__put_u8(&entity->bytes, (uint8_t)record.consent);
    kundig__put_text(&entity->bytes, record.customer);
    kundig__put_text(&entity->bytes, record.purpose);
    kundig__put_text(&entity->bytes, record.disclosure);
    kundig__put_i64(&entity->bytes, record.updated_ms);
    kundig__put_text(&entity->key, record.customer);
    kundig__put_text(&entity->key, record.purpose);
    entity->updated = record.updated_ms;
    return KUNDIG_OK;
}

static int entity_retention(kundig__entity *entity, const kundig_retention *given,
                            kundig_error *err)
{
    kundig_retention record = *given;
    entity->field = "days";
    if (record.days < -1 || record.days > ENTITY_MOST_DAYS) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "days is %ld: give 0 to %d, or -1 to keep for ever", (long)record.days,
                            ENTITY_MOST_DAYS);
    }
    int rc = entity_text(entity, &record.purpose, "purpose", err);
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    if (rc) {
        return rc;
    }
    kundig__put_i64(&entity->bytes, record.days);
    kundig__put_text(&entity->bytes, record.purpose);
    kundig__put_i64(&entity->bytes, record.updated_ms);
    kundig__put_text(&entity->key, record.purpose);
    entity->updated = record.updated_ms;
    return KUNDIG_OK;
}

/* An empty text says what an absent one does. */
static int entity_optional(kundig__entity *entity, kundig_text *text, const char *name,
                           kundig_error *err)
{
    int rc = entity_text(entity, text, name, err);
    if (!text->len) {
        *text = kundig__text(NULL, 0);
    }
    return rc;
}

/* That two records belong together says the same of them the other way round. */
static void entity_edit_order(kundig_edit *record)
{
    if (record->kind != KUNDIG_EDIT_TOGETHER && record->kind != KUNDIG_EDIT_APART) {
        return;
    }
    int order = kundig__text_order(record->source, record->other_source);
    order = order ? order : kundig__text_order(record->id, record->other_id);
    if (order > 0) {
        kundig_text source = record->source;
        kundig_text id = record->id;
        record->source = record->other_source;
        record->id = record->other_id;
        record->other_source = source;
        record->other_id = id;
    }
}

static int entity_edit(kundig__entity *entity, const kundig_edit *given, kundig_error *err)
{
    kundig_edit record = *given;
    int rc = KUNDIG_OK;
    if (record.reserved) {
        rc = kundig__fail(err, KUNDIG_E_VERSION, 0, "a reserved field of the record is not zero");
    }
    rc = rc ? rc
            : entity_enum(entity, record.kind, KUNDIG_EDIT_RENAME, KUNDIG_EDIT_KNOWN, "kind", err);
    rc = rc ? rc : entity_yes_no(entity, record.holds, "holds", err);
    rc = rc ? rc : entity_optional(entity, &record.topic, "topic", err);
    rc = rc ? rc : entity_optional(entity, &record.other, "other", err);
    rc = rc ? rc : entity_optional(entity, &record.name, "name", err);
    rc = rc ? rc : entity_optional(entity, &record.words, "words", err);
    rc = rc ? rc : entity_text(entity, &record.source, "source", err);
    rc = rc ? rc : entity_optional(entity, &record.id, "id", err);
    rc = rc ? rc : entity_text(entity, &record.other_source, "other_source", err);
    rc = rc ? rc : entity_optional(entity, &record.other_id, "other_id", err);
    rc = rc ? rc : entity_customer_name(entity, &record.by, "by", err);
    rc = rc ? rc : entity_time(entity, record.updated_ms, "updated", err);
    rc = rc ? rc : kundig__edit_check(&record, &entity->field, err);
    if (rc) {
        return rc;
    }
    entity_edit_order(&record);
    const kundig_text texts[] = {record.topic, record.other,        record.words,    record.source,
                                 record.id,    record.other_source, record.other_id, record.by};
    kundig__put_u8(&entity->key, (uint8_t)record.kind);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kundig__put_text(&entity->key, texts[i]);
    }
    kundig__put_u8(&entity->bytes, (uint8_t)record.kind);
    kundig__put_u8(&entity->bytes, (uint8_t)record.holds);
    kundig__put_text(&entity->bytes, record.topic);
    kundig__put_text(&entity->bytes, record.other);
    kundig__put_text(&entity->bytes, record.name);
    for (size_t i = 2; i < sizeof texts / sizeof *texts; i++) {
        kundig__put_text(&entity->bytes, texts[i]);
    }
    kundig__put_i64(&entity->bytes, record.updated_ms);
    entity->updated = record.updated_ms;
    return KUNDIG_OK;
}

/* The size that the record claims to have, of its kind's struct. */
static int entity_size(const kundig__fact *fact, kundig_error *err)
{
    static const struct entity_kind {
        const char *init;
        size_t size;
    } kinds[KUNDIG__FACT_KINDS] = {
        [KUNDIG_FACTS_CUSTOMERS] = {"kundig_customer_init", sizeof(kundig_customer)},
        [KUNDIG_FACTS_EVENTS] = {"kundig_event_init", sizeof(kundig_event)},
        [KUNDIG_FACTS_LABELS] = {"kundig_label_init", sizeof(kundig_label)},
        [KUNDIG_FACTS_LINKS] = {"kundig_link_init", sizeof(kundig_link)},
        [KUNDIG_FACTS_CONSENTS] = {"kundig_consent_init", sizeof(kundig_consent)},
        [KUNDIG_FACTS_RETENTION] = {"kundig_retention_init", sizeof(kundig_retention)},
        [KUNDIG_FACTS_EDITS] = {"kundig_edit_init", sizeof(kundig_edit)},
    };
    uint32_t size;
    memcpy(&size, &fact->as, sizeof size); /* every record begins with it */
    if (size < kinds[fact->kind].size) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "size is %lu: fill the record with %s()",
                            (unsigned long)size, kinds[fact->kind].init);
    }
    return KUNDIG_OK;
}

int kundig__entity_write(kundig__entity *entity, const kundig__fact *fact, kundig_error *err)
{
    kundig__arena_free(&entity->arena);
    entity->bytes.len = 0;
    entity->bytes.failed = false;
    entity->key.len = 0;
    entity->key.failed = false;
    entity->scratch.failed = false;
    entity->replaced = 0;
    entity->source = kundig__text(NULL, 0);
    entity->id = kundig__text(NULL, 0);
    entity->field = NULL;
    int rc = entity_size(fact, err);
    if (rc) {
        return rc;
    }
    kundig__put_u8(&entity->bytes, 1);
    switch (fact->kind) {
    case KUNDIG_FACTS_CUSTOMERS:
        rc = entity_customer(entity, &fact->as.customer, err);
        break;
    case KUNDIG_FACTS_EVENTS:
        rc = entity_event(entity, &fact->as.event, err);
        break;
    case KUNDIG_FACTS_LABELS:
        rc = entity_label(entity, &fact->as.label, err);
        break;
    case KUNDIG_FACTS_LINKS:
        rc = entity_link(entity, &fact->as.link, err);
        break;
    case KUNDIG_FACTS_CONSENTS:
        rc = entity_consent(entity, &fact->as.consent, err);
        break;
    case KUNDIG_FACTS_RETENTION:
        rc = entity_retention(entity, &fact->as.retention, err);
        break;
    default:
        rc = entity_edit(entity, &fact->as.edit, err);
    }
    if (!rc && (entity->bytes.failed || entity->key.failed)) {
        rc = kundig__nomem(entity->mem, err);
    }
    if (!rc) {
        entity->field = NULL;
        if (entity->key.len) {
            entity->id = kundig__text(entity->key.data, entity->key.len);
        }
    }
    return rc;
}
