/* The steps of a case of a spec file, "+ label id=1, topic=delay" and its kin: what is done to a
 * corpus after its input was read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"

typedef struct step_fields {
    char text[400];
    const char *names[12];
    const char *values[12];
    size_t count;
    size_t used;
} step_fields;

/* "label id=1, topic=delay" without its verb. */
static void split_step(const char *step, step_fields *out)
{
    char *at = out->text;

    memset(out, 0, sizeof *out);
    step += strcspn(step, " ");
    step += *step == ' ';
    spec_must(strlen(step) < sizeof out->text, "a step is too long");
    memcpy(out->text, step, strlen(step));
    while (*at) {
        char *equals = strchr(at, '=');
        char *comma = strstr(at, ", ");
        spec_must(equals && out->count < 12 && (!comma || equals < comma),
                  "a step is name=value, ...");
        *equals = '\0';
        out->names[out->count] = at;
        out->values[out->count++] = equals + 1;
        at = comma ? comma + 2 : equals + 1 + strlen(equals + 1);
        if (comma) {
            *comma = '\0';
        }
    }
}

static const char *step_value(step_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->names[i], name) == 0) {
            fields->used++;
            return fields->values[i];
        }
    }
    return NULL;
}

static kundig_text step_text(step_fields *fields, const char *name)
{
    return spec_text(step_value(fields, name));
}

static int64_t step_number(step_fields *fields, const char *name, int64_t absent)
{
    const char *value = step_value(fields, name);

    return value ? strtoll(value, NULL, 10) : absent;
}

static int32_t step_yes(step_fields *fields, const char *name, int32_t absent)
{
    const char *value = step_value(fields, name);

    spec_must(!value || strcmp(value, "yes") == 0 || strcmp(value, "no") == 0, "yes or no");
    return !value ? absent : strcmp(value, "yes") == 0 ? KUNDIG_YES : KUNDIG_NO;
}

static int step_add(const char *verb, kundig *k, step_fields *fields, kundig_error *err)
{
    static const char *const kinds[] = {
        "other",      "case_opened", "case_answered",   "case_reopened", "case_resolved",
        "invitation", "action",      "acknowledgement", "purchase",      NULL};
    int64_t updated_ms = step_number(fields, "updated", KUNDIG_TIME_ABSENT);

    if (strcmp(verb, "label") == 0) {
        kundig_label label;
        kundig_label_init(&label);
        label.source = step_text(fields, "source");
        label.id = step_text(fields, "id");
        label.topic = step_text(fields, "topic");
        label.by = step_text(fields, "by");
        label.holds = step_yes(fields, "holds", KUNDIG_YES);
        label.updated_ms = updated_ms;
        return kundig_label_add(k, &label, 1, NULL, err);
    }
    if (strcmp(verb, "link") == 0) {
        kundig_link link;
        kundig_link_init(&link);
        link.customer = step_text(fields, "customer");
        link.same_as = step_text(fields, "same_as");
        link.by = step_text(fields, "by");
        link.holds = step_yes(fields, "holds", KUNDIG_YES);
        link.updated_ms = updated_ms;
        return kundig_link_add(k, &link, 1, NULL, err);
    }
    if (strcmp(verb, "consent") == 0) {
        kundig_consent consent;
        kundig_consent_init(&consent);
        consent.customer = step_text(fields, "customer");
        consent.purpose = step_text(fields, "purpose");
        consent.disclosure = step_text(fields, "disclosure");
        consent.consent = step_yes(fields, "consent", KUNDIG_UNKNOWN);
        consent.updated_ms = updated_ms;
        return kundig_consent_add(k, &consent, 1, NULL, err);
    }
    if (strcmp(verb, "retention") == 0) {
        kundig_retention retention;
        kundig_retention_init(&retention);
        retention.purpose = step_text(fields, "purpose");
        retention.days = (int32_t)step_number(fields, "days", retention.days);
        retention.updated_ms = updated_ms;
        return kundig_retention_add(k, &retention, 1, NULL, err);
    }
    if (strcmp(verb, "customer") == 0) {
        kundig_customer customer;
        kundig_customer_init(&customer);
        customer.source = step_text(fields, "source");
        customer.id = step_text(fields, "id");
        customer.segment = step_text(fields, "segment");
        customer.churned = step_yes(fields, "churned", KUNDIG_UNKNOWN);
        customer.updated_ms = updated_ms;
        return kundig_customer_add(k, &customer, 1, NULL, err);
    }
    if (strcmp(verb, "event") == 0) {
        kundig_event event;
        const char *kind = step_value(fields, "kind");
        kundig_event_init(&event);
        event.source = step_text(fields, "source");
        event.id = step_text(fields, "id");
        event.customer = step_text(fields, "customer");
        event.case_id = step_text(fields, "case");
        event.time_ms = step_number(fields, "time", KUNDIG_TIME_ABSENT);
        event.updated_ms = updated_ms;
        while (kind && kinds[event.kind] && strcmp(kinds[event.kind], kind) != 0) {
            event.kind++;
        }
        spec_must(!kind || kinds[event.kind], "a kind of event is unknown");
        return kundig_event_add(k, &event, 1, NULL, err);
    }
    spec_must(0, "a step is unknown");
    return 0;
}

/* Part `number` in a store of its own, merged. */
static int step_merge(const spec_case *c, const kundig_allocator *allocator, kundig *k,
                      step_fields *fields, kundig_table **receipt, kundig_error *err)
{
    size_t part = (size_t)step_number(fields, "part", 2);
    int64_t time_ms = step_number(fields, "time", KUNDIG_TIME_ABSENT);
    char path[80];
    kundig *other = NULL;
    int rc = 0;

    spec_must(part >= 2 && part <= c->part_count,
              "a part that is merged is the second or a later one");
    snprintf(path, sizeof path, "%s/other.kundig", spec_folder);
    rc = spec_open(c, allocator, path, 0, &other, err);
    rc = rc ? rc : spec_read_part(c, other, part - 1, NULL, err);
    kundig_close(other);
    rc = rc ? rc : kundig_merge(k, path, strlen(path), time_ms, receipt, err);
    spec_remove(path);
    return rc;
}

/* Learn from the facts, and keep what was learned with them. */
static int step_teach(kundig *k, step_fields *fields, kundig_error *err)
{
    kundig_learn_options options;
    kundig_model *model = NULL;
    const char *quality = step_value(fields, "quality");
    const char *labels = step_value(fields, "labels");
    int rc = 0;

    spec_must(!quality || strcmp(quality, "best") == 0, "a quality is best");
    spec_must(!labels || strcmp(labels, "one") == 0 || strcmp(labels, "several") == 0,
              "labels are one or several");
    kundig_learn_options_init(&options);
    options.quality = quality ? KUNDIG_QUALITY_BEST : KUNDIG_QUALITY_FAST;
    options.labels = !labels                      ? KUNDIG_LABELS_GUESS
                     : strcmp(labels, "one") == 0 ? KUNDIG_LABELS_ONE
                                                  : KUNDIG_LABELS_SEVERAL;
    options.least_customers = (uint32_t)step_number(fields, "least_customers", 0);
    options.most_bytes = (uint64_t)step_number(fields, "most_bytes", 0);
    options.field = step_text(fields, "field");
    options.question = step_text(fields, "question");
    rc = kundig_teach(k, &options, &model, err);
    rc = rc ? rc : kundig_pin_model(k, model, err);
    kundig_model_free(model);
    return rc;
}

static int take_step(const spec_case *c, const kundig_allocator *allocator, kundig *k,
                     const char *step, kundig_table **receipt, kundig_error *err)
{
    step_fields fields;
    char verb[16] = "";
    int rc = 0;

    spec_must(sscanf(step, "%15s", verb) == 1, "a step has a verb");
    split_step(step, &fields);
    if (strcmp(verb, "erase") == 0) {
        kundig_erasure erasure;
        kundig_erasure_init(&erasure);
        erasure.customer = step_text(&fields, "customer");
        erasure.source = step_text(&fields, "source");
        erasure.id = step_text(&fields, "id");
        erasure.time_ms = step_number(&fields, "time", KUNDIG_TIME_ABSENT);
        rc = kundig_erase(k, &erasure, receipt, err);
    } else if (strcmp(verb, "expire") == 0) {
        rc = kundig_expire(k, step_number(&fields, "as_of", 0), receipt, err);
    } else if (strcmp(verb, "merge") == 0) {
        rc = step_merge(c, allocator, k, &fields, receipt, err);
    } else if (strcmp(verb, "pin") == 0) {
        kundig_model *model = NULL;
        rc = kundig_model_new(allocator, c->taxonomy, spec_text(c->taxonomy).len, &model, err);
        rc = rc ? rc : kundig_pin_model(k, model, err);
        kundig_model_free(model);
    } else if (strcmp(verb, "teach") == 0) {
        rc = step_teach(k, &fields, err);
    } else {
        rc = step_add(verb, k, &fields, err);
    }
    spec_must(fields.used == fields.count, "a step has a field that it does not know");
    return rc;
}

int spec_take_steps(const spec_case *c, const kundig_allocator *allocator, kundig *k,
                    kundig_table **receipt, kundig_error *err)
{
    int rc = 0;

    for (size_t i = 0; i < c->steps.count && !rc; i++) {
        kundig_table *given = NULL;
        rc = take_step(c, allocator, k, c->steps.lines[i], &given, err);
        if (given) {
            kundig_table_free(*receipt);
            *receipt = given;
        }
    }
    return rc;
}
