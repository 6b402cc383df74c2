/* kundig_represent(): do those who answered stand for those who could?
 *
 *   invitations, else customers > people of the base > what the CRM knows of each
 *   records that meet the query > people who answered
 *
 * Links are heeded throughout. Where several facts tell of one person, each field is what the
 * newest says that knows it, of equally new ones the least by its bytes. A record without a score
 * is an answer all the same: it counts in the response rate and not in the score. The score is that
 * of the base's people, each once.
 *
 * Invariant: neither the order of facts nor that of links shows.
 * Cost: one pass over events, two over customers, and over the rows, a look-up each; 16 bytes a
 * person and field, 8 bytes a row. */
#include "metrics/represent.h"
#include "base/number.h"
#include "base/text.h"
#include "corpus/nearest.h"
#include "corpus/rows.h"
#include "metrics/share.h"

static bool represent_is_later(const kundig__represent_job *job, int64_t time_ms)
{
    return job->query->as_of_ms != KUNDIG_TIME_ABSENT && time_ms != KUNDIG_TIME_ABSENT &&
           time_ms > job->query->as_of_ms;
}

/* Every current fact of a kind, one after the other. */
typedef int represent_fact(kundig__represent_job *job, const kundig__fact *fact, kundig_error *err);

static int represent_facts(kundig__represent_job *job, int kind, represent_fact *use,
                           kundig_error *err)
{
    uint32_t rows = kundig__fact_rows(job->corpus, kind);
    int rc = KUNDIG_OK;
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        kundig__arena arena;
        if (!kundig__fact_is_current(job->corpus, kind, row)) {
            continue;
        }
        kundig__arena_init(&arena, job->mem);
        rc = kundig__fact_at(job->corpus, kind, row, &arena, &fact, err);
        rc = rc ? rc : use(job, &fact, err);
        kundig__arena_free(&arena);
    }
    return rc;
}

/* ---- People of the base --------------------------------------------------------------------- */

static int represent_person(kundig__represent_job *job, kundig_text customer, kundig_error *err)
{
    kundig_text name;
    int rc = kundig__person_name(job->corpus, customer, &name, err);
    if (!rc && kundig__dict_add(&job->people, name.data, name.len) == KUNDIG__DICT_NONE) {
        rc = kundig__nomem(job->mem, err);
    }
    return rc;
}

static int represent_event(kundig__represent_job *job, const kundig__fact *fact, kundig_error *err)
{
    const kundig_event *event = &fact->as.event;
    if (event->kind != KUNDIG_EVENT_INVITATION || !event->customer.data ||
        represent_is_later(job, event->time_ms)) {
        return KUNDIG_OK;
    }
    return represent_person(job, event->customer, err);
}

static int represent_customer(kundig__represent_job *job, const kundig__fact *fact,
                              kundig_error *err)
{
    const kundig_customer *customer = &fact->as.customer;
    return represent_is_later(job, customer->since_ms) ? KUNDIG_OK
                                                       : represent_person(job, customer->id, err);
}

static int represent_people(kundig__represent_job *job, kundig_error *err)
{
    int rc = represent_facts(job, KUNDIG_FACTS_EVENTS, represent_event, err);
    job->invited = job->people.count > 0;
    if (!rc && !job->invited) {
        rc = represent_facts(job, KUNDIG_FACTS_CUSTOMERS, represent_customer, err);
    }
    if (!rc && !job->people.count) {
        rc = kundig__fail(err, KUNDIG_E_EMPTY, 0,
                          "nobody is known who could have answered: add invitations (events) or "
                          "customers");
    }
    job->base = job->people.count;
    return rc;
}

/* ---- What is known of them ------------------------------------------------------------------ */

static kundig_text represent_value_text(const kundig_value *value, char buffer[KUNDIG__NUMBER_SIZE])
{
    switch (value->type) {
    case KUNDIG_VALUE_TEXT:
        return value->text;
    case KUNDIG_VALUE_NUMBER:
        return kundig__text(buffer, kundig__number_write(value->number, buffer));
    case KUNDIG_VALUE_BOOL:
        return value->boolean ? KUNDIG__TEXT("true") : KUNDIG__TEXT("false");
    default:
        return kundig__text(NULL, 0);
    }
}

static kundig_text represent_field_text(const kundig_customer *customer, kundig_text field,
                                        char buffer[KUNDIG__NUMBER_SIZE])
{
    if (kundig__text_equal(field, KUNDIG__TEXT("segment"))) {
        return customer->segment;
    }
    for (size_t i = 0; i < customer->attribute_count; i++) {
        if (kundig__text_equal(customer->attributes[i].name, field)) {
            return represent_value_text(&customer->attributes[i].value, buffer);
        }
    }
    return kundig__text(NULL, 0);
}

static int represent_known(kundig__represent_job *job, const kundig__fact *fact, kundig_error *err)
{
    const kundig_customer *customer = &fact->as.customer;
    kundig_text name;
    int rc = kundig__person_name(job->corpus, customer->id, &name, err);
    if (rc) {
        return rc;
    }
    uint32_t person = kundig__dict_find(&job->people, name.data, name.len);
    for (size_t i = 0; i < job->field_count; i++) {
        char buffer[KUNDIG__NUMBER_SIZE];
        kundig__base_field *field = &job->fields[i];
        kundig_text value = represent_field_text(customer, field->name, buffer);
        if (!value.data) {
            continue;
        }
        field->known = true;
        if (person == KUNDIG__DICT_NONE) {
            continue;
        }
        uint32_t *code = &field->codes[person];
        int64_t *updated = &field->updated[person];
        if (*code &&
            (customer->updated_ms < *updated ||
             (customer->updated_ms == *updated &&
              kundig__text_order(value, kundig__dict_text(&field->values, *code - 1)) >= 0))) {
            continue;
        }
        uint32_t added = kundig__dict_add(&field->values, value.data, value.len);
        if (added == KUNDIG__DICT_NONE) {
            return kundig__nomem(job->mem, err);
        }
        *code = added + 1;
        *updated = customer->updated_ms;
    }
    return KUNDIG_OK;
}

/* Which names there are, for the sentence that a wrong one gets. */
typedef struct represent_names {
    kundig__nearest nearest;
    kundig__dict seen; /* holds them until it is told */
} represent_names;

static int represent_unknown(kundig__represent_job *job, kundig_text wanted, kundig_error *err)
{
    represent_names names = {.nearest = {.wanted = wanted}};
    uint32_t rows = kundig__fact_rows(job->corpus, KUNDIG_FACTS_CUSTOMERS);
    kundig__arena arena;
    int rc = KUNDIG_OK;
    kundig__arena_init(&arena, job->mem);
    kundig__dict_init(&names.seen, job->mem, kundig__corpus_context(job->corpus)->siphash_key);
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        if (!kundig__fact_is_current(job->corpus, KUNDIG_FACTS_CUSTOMERS, row)) {
            continue;
        }
        rc = kundig__fact_at(job->corpus, KUNDIG_FACTS_CUSTOMERS, row, &arena, &fact, err);
        for (size_t i = 0; !rc && i < fact.as.customer.attribute_count; i++) {
            kundig_text name = fact.as.customer.attributes[i].name;
            if (kundig__dict_add(&names.seen, name.data, name.len) == KUNDIG__DICT_NONE) {
                rc = kundig__nomem(job->mem, err);
            }
        }
    }
    if (!rc) {
        kundig__nearest_consider(&names.nearest, KUNDIG__TEXT("segment"));
        for (uint32_t i = 0; i < names.seen.count; i++) {
            kundig__nearest_consider(&names.nearest, kundig__dict_text(&names.seen, i));
        }
        rc = kundig__nearest_fail(&names.nearest, "field of customers", err);
    }
    kundig__dict_free(&names.seen);
    kundig__arena_free(&arena);
    return rc;
}

static int represent_rank(kundig__represent_job *job, kundig__base_field *field, kundig_error *err)
{
    uint32_t count = field->values.count;
    uint32_t *scratch = kundig__alloc(job->mem, count * sizeof *scratch);
    field->ranks = kundig__alloc_zero(job->mem, ((size_t)count + 1) * sizeof *field->ranks);
    bool made = scratch && field->ranks;
    if (made) {
        kundig__dict_ranks(&field->values, field->ranks + 1, scratch);
        for (uint32_t code = 1; code <= count; code++) {
            field->ranks[code]++;
        }
    }
    kundig__free(job->mem, scratch, scratch ? count * sizeof *scratch : 0);
    return made ? KUNDIG_OK : kundig__nomem(job->mem, err);
}

static int represent_fields(kundig__represent_job *job, bool named, kundig_error *err)
{
    for (size_t i = 0; i < job->field_count; i++) {
        kundig__base_field *field = &job->fields[i];
        field->codes = kundig__alloc_zero(job->mem, job->base * sizeof *field->codes);
        field->updated = kundig__alloc(job->mem, job->base * sizeof *field->updated);
        if (!field->codes || !field->updated) {
            return kundig__nomem(job->mem, err);
        }
    }
    int rc = represent_facts(job, KUNDIG_FACTS_CUSTOMERS, represent_known, err);
    for (size_t i = 0; i < job->field_count && !rc; i++) {
        rc = named && !job->fields[i].known ? represent_unknown(job, job->fields[i].name, err)
                                            : represent_rank(job, &job->fields[i], err);
    }
    return rc;
}

/* ---- Who answered --------------------------------------------------------------------------- */

static int represent_gather(const kundig__represent_job *job, kundig__gather *gather,
                            kundig_error *err)
{
    kundig__gather_init(gather, job->corpus, &job->asked, job->question);
    int rc = kundig__gather_ready(gather, err);
    if (!rc && job->asked.metric->reads == KUNDIG__READS_TOPICS) {
        rc = kundig__share_answers(gather, KUNDIG__SHARE_OF_ANY, err);
    }
    return rc;
}

/* members: of a person's code the place in the base + 1, 0 for strangers; with `met` set once. */
static void represent_rows(kundig__represent_job *job, const kundig__dimension *people,
                           const kundig__side *side, const uint32_t *members, uint8_t *met)
{
    const int64_t *weights = kundig__corpus_weights(job->corpus);
    for (uint32_t row = 0; row < side->rows; row++) {
        uint32_t code = people->codes ? people->codes[row] : 0;
        if (side->labels[row] == KUNDIG__NO_GROUP) {
            continue;
        }
        if (!code) {
            job->nameless++;
        } else if (!members[code]) {
            job->strangers += !met[code];
            met[code] = 1;
        } else {
            uint8_t *answered = &job->answered[members[code] - 1];
            job->answered_count += !*answered;
            *answered = 1;
            job->row_weights[row] = weights ? weights[row] : KUNDIG__WEIGHT_ONE;
        }
    }
}

static int represent_match(kundig__represent_job *job, const kundig__side *side, kundig_error *err)
{
    const kundig__dimension *people = NULL;
    int rc = kundig__corpus_people(job->corpus, &people, err);
    if (rc) {
        return rc;
    }
    size_t count = (size_t)people->dict.count + 1;
    uint32_t *members = kundig__alloc_zero(job->mem, count * sizeof *members);
    uint8_t *met = kundig__alloc_zero(job->mem, count);
    job->answered = kundig__alloc_zero(job->mem, job->base);
    job->row_weights = kundig__alloc_zero(job->mem, side->rows * sizeof *job->row_weights);
    if (!members || !met || !job->answered || !job->row_weights) {
        rc = kundig__nomem(job->mem, err);
    } else {
        for (uint32_t code = 1; code < count; code++) {
            kundig_text name = kundig__dict_text(&people->dict, code - 1);
            uint32_t person = kundig__dict_find(&job->people, name.data, name.len);
            members[code] = person == KUNDIG__DICT_NONE ? 0 : person + 1;
        }
        represent_rows(job, people, side, members, met);
    }
    kundig__free(job->mem, members, members ? count * sizeof *members : 0);
    kundig__free(job->mem, met, met ? count : 0);
    return rc;
}

static int represent_answers(kundig__represent_job *job, kundig_error *err)
{
    kundig__gather gather;
    kundig__gather score;
    kundig__side side = {0};
    int rc = represent_gather(job, &gather, err);
    rc = rc ? rc : kundig__side_new(&gather, job->query, KUNDIG__NO_NODE, &side, err);
    rc = rc ? rc : represent_match(job, &side, err);
    if (!rc && job->has_metric) {
        rc = represent_gather(job, &score, err);
        score.weights = job->row_weights;
        rc = rc ? rc : kundig__gather_groups(&score, side.grouping, err);
        if (!rc) {
            job->cell = score.cells[0];
        }
        kundig__gather_free(&score);
    }
    if (!rc) {
        job->counted = gather.counted;
        kundig__grouping_left_out(side.grouping, &job->counted.left_out);
    }
    kundig__side_free(&side);
    kundig__gather_free(&gather);
    return rc;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int represent_ask(kundig__represent_job *job, const kundig_query *query, kundig_error *err)
{
    int rc = kundig__query_copy(query, &job->mem->hook, &job->query, err);
    if (rc) {
        return rc;
    }
    if (job->query->every != KUNDIG_EVERY_NONE) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "those who could answer are counted once: filter times, in the place "
                            "of windows");
    }
    job->field_count = job->query->group_field_count;
    for (size_t i = 0; i < job->field_count; i++) {
        job->fields[i].name = job->query->group_fields[i];
    }
    if (!job->field_count) {
        job->fields[job->field_count++].name = KUNDIG__TEXT("segment");
    }
    job->query->group_field_count = 0;
    job->query->unit = KUNDIG_OF_CUSTOMERS;
    bool named = job->query->metric.data != NULL;
    rc = kundig__ask_default(job->corpus, job->query, &job->asked, &job->question, err);
    job->has_metric = !rc;
    if (rc == KUNDIG_E_NOT_FOUND && !named) {
        /* Nobody gave a score; whether they answered can be asked all the same. */
        job->query->metric = KUNDIG__TEXT("count");
        rc = kundig__ask(job->corpus, job->query, &job->asked, &job->question, err);
    } else if (!rc && !job->asked.metric->contrast) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0, "%s is a count: name a score",
                          job->asked.metric->name);
    }
    return rc;
}

static void represent_end(kundig__represent_job *job)
{
    for (size_t i = 0; i < job->field_count; i++) {
        kundig__base_field *field = &job->fields[i];
        kundig__free(job->mem, field->codes, field->codes ? job->base * sizeof *field->codes : 0);
        kundig__free(job->mem, field->updated,
                     field->updated ? job->base * sizeof *field->updated : 0);
        kundig__free(job->mem, field->ranks,
                     field->ranks ? ((size_t)field->values.count + 1) * sizeof *field->ranks : 0);
        kundig__dict_free(&field->values);
    }
    kundig__free(job->mem, job->answered, job->answered ? job->base : 0);
    kundig__free(job->mem, job->row_weights,
                 job->row_weights ? kundig__corpus_rows(job->corpus) * sizeof *job->row_weights
                                  : 0);
    kundig__dict_free(&job->people);
    kundig_query_free(job->query);
}

int kundig__represent(kundig__corpus *corpus, const kundig_query *query,
                      kundig_table *out[KUNDIG_REPRESENT_TABLES], kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    kundig__represent_job job = {.corpus = corpus, .mem = &context->mem};
    kundig__dict_init(&job.people, job.mem, context->siphash_key);
    for (size_t i = 0; i < KUNDIG__MAX_GROUP_FIELDS; i++) {
        kundig__dict_init(&job.fields[i].values, job.mem, context->siphash_key);
    }
    int rc = represent_ask(&job, query, err);
    rc = rc ? rc : represent_people(&job, err);
    rc = rc ? rc : represent_fields(&job, query->group_field_count > 0, err);
    rc = rc ? rc : represent_answers(&job, err);
    rc = rc ? rc : kundig__represent_tables(&job, out, err);
    represent_end(&job);
    return rc;
}
