/* Customers, events, labels, links, consents, retention rules and edits from their canonical bytes,
 * as entity_write.c lays them out. Invariant: written again, a record gives the same bytes; bytes
 * that end early or go on behind the record are refused. Cost: linear; texts are not copied. */
#include "base/bytes.h"
#include "corpus/facts.h"

static double entity_take_double(kundig__reader *reader)
{
    uint64_t bits = kundig__take_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static kundig_value entity_take_number(kundig__reader *reader)
{
    kundig_value value = {.type = kundig__take_u8(reader)};
    if (value.type == KUNDIG_VALUE_NUMBER) {
        value.number = entity_take_double(reader);
    } else if (value.type != KUNDIG_VALUE_NULL) {
        reader->failed = true;
    }
    return value;
}

static void entity_take_attribute(kundig__reader *reader, kundig_attribute *out)
{
    out->name = kundig__take_text(reader);
    out->value = (kundig_value){.type = kundig__take_u8(reader)};
    switch (out->value.type) {
    case KUNDIG_VALUE_TEXT:
        out->value.text = kundig__take_text(reader);
        break;
    case KUNDIG_VALUE_NUMBER:
        out->value.number = entity_take_double(reader);
        break;
    case KUNDIG_VALUE_BOOL:
        out->value.boolean = kundig__take_u8(reader);
        break;
    default:
        reader->failed = true;
    }
}

static bool entity_take_attributes(kundig__reader *reader, kundig__arena *arena,
                                   kundig_customer *record)
{
    size_t count = kundig__take_u32(reader);
    if (count > KUNDIG__MAX_ATTRIBUTES) {
        reader->failed = true;
    }
    if (!count || reader->failed) {
        return true;
    }
    kundig_attribute *attributes = kundig__arena_alloc(arena, count * sizeof *attributes);
    if (!attributes) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        entity_take_attribute(reader, &attributes[i]);
    }
    record->attributes = attributes;
    record->attribute_count = count;
    return true;
}

static bool entity_take_customer(kundig__reader *reader, kundig__arena *arena,
                                 kundig_customer *record)
{
    kundig_customer_init(record);
    record->source = kundig__take_text(reader);
    record->id = kundig__take_text(reader);
    record->updated_ms = kundig__take_i64(reader);
    record->since_ms = kundig__take_i64(reader);
    record->churned = kundig__take_u8(reader);
    record->segment = kundig__take_text(reader);
    record->basket = entity_take_number(reader);
    record->orders = entity_take_number(reader);
    record->revenue = entity_take_number(reader);
    return entity_take_attributes(reader, arena, record);
}

static void entity_take_event(kundig__reader *reader, kundig_event *record)
{
    kundig_event_init(record);
    record->kind = (int32_t)kundig__take_u32(reader);
    record->source = kundig__take_text(reader);
    record->id = kundig__take_text(reader);
    record->customer = kundig__take_text(reader);
    record->case_id = kundig__take_text(reader);
    record->time_ms = kundig__take_i64(reader);
    record->time_precision = kundig__take_u8(reader);
    record->updated_ms = kundig__take_i64(reader);
    record->agent = kundig__take_text(reader);
    record->department = kundig__take_text(reader);
    record->topic = kundig__take_text(reader);
    record->value = entity_take_number(reader);
}

static void entity_take_label(kundig__reader *reader, kundig_label *record)
{
    kundig_label_init(record);
    record->holds = kundig__take_u8(reader);
    record->source = kundig__take_text(reader);
    record->id = kundig__take_text(reader);
    record->topic = kundig__take_text(reader);
    record->by = kundig__take_text(reader);
    record->updated_ms = kundig__take_i64(reader);
}

static void entity_take_link(kundig__reader *reader, kundig_link *record)
{
    kundig_link_init(record);
    record->holds = kundig__take_u8(reader);
    record->customer = kundig__take_text(reader);
    record->same_as = kundig__take_text(reader);
    record->by = kundig__take_text(reader);
    record->updated_ms = kundig__take_i64(reader);
}

static void entity_take_consent(kundig__reader *reader, kundig_consent *record)
{
    kundig_consent_init(record);
    record->consent = kundig__take_u8(reader);
    record->customer = kundig__take_text(reader);
    record->purpose = kundig__take_text(reader);
    record->disclosure = kundig__take_text(reader);
    record->updated_ms = kundig__take_i64(reader);
}

static void entity_take_retention(kundig__reader *reader, kundig_retention *record)
{
    kundig_retention_init(record);
    record->days = (int32_t)kundig__take_i64(reader);
    record->purpose = kundig__take_text(reader);
    record->updated_ms = kundig__take_i64(reader);
}

static void entity_take_edit(kundig__reader *reader, kundig_edit *record)
{
    kundig_edit_init(record);
    record->kind = kundig__take_u8(reader);
    record->holds = kundig__take_u8(reader);
    record->topic = kundig__take_text(reader);
    record->other = kundig__take_text(reader);
    record->name = kundig__take_text(reader);
    record->words = kundig__take_text(reader);
    record->source = kundig__take_text(reader);
    record->id = kundig__take_text(reader);
    record->other_source = kundig__take_text(reader);
    record->other_id = kundig__take_text(reader);
    record->by = kundig__take_text(reader);
    record->updated_ms = kundig__take_i64(reader);
}

int kundig__entity_read(int kind, kundig_text bytes, kundig__arena *arena, kundig__fact *out,
                        kundig_error *err)
{
    kundig__reader reader = {.data = (const uint8_t *)bytes.data, .size = bytes.len};
    bool memory = true;
    if (kundig__take_u8(&reader) != 1) {
        reader.failed = true;
    }
    out->kind = kind;
    switch (kind) {
    case KUNDIG_FACTS_CUSTOMERS:
        memory = entity_take_customer(&reader, arena, &out->as.customer);
        break;
    case KUNDIG_FACTS_EVENTS:
        entity_take_event(&reader, &out->as.event);
        break;
    case KUNDIG_FACTS_LABELS:
        entity_take_label(&reader, &out->as.label);
        break;
    case KUNDIG_FACTS_LINKS:
        entity_take_link(&reader, &out->as.link);
        break;
    case KUNDIG_FACTS_CONSENTS:
        entity_take_consent(&reader, &out->as.consent);
        break;
    case KUNDIG_FACTS_RETENTION:
        entity_take_retention(&reader, &out->as.retention);
        break;
    default:
        entity_take_edit(&reader, &out->as.edit);
    }
    if (!memory) {
        return kundig__nomem(arena->mem, err);
    }
    if (reader.failed || reader.pos != reader.size) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "the canonical bytes of a fact are damaged");
    }
    return KUNDIG_OK;
}
