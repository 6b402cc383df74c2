/* Who speaks of what, and how unevenly.
 *
 *   rows > entries (person, group), placed person by person (a counting sort)
 *        > runs (group, records of one person), placed group by group
 *        > each group's records of a customer, in order: Gini, the busiest 1 %
 *
 * Gini is sum (2 i - C - 1) x_i / (C sum x), x_i ascending: 0 where all write alike, near 1 where
 * one writes all. Customers have links applied; a record that names none counts as a record alone.
 * Revenue is what the CRM said last of any name of a person, as a whole number of thousandths.
 * Invariant: all sums are of integers, so the order of arrival shows nowhere.
 * Cost: two passes a layer over the rows, 12 bytes a record and group, 4 a person and customer
 * record; n log n within a group. */
#include "why/concentration.h"

#include "base/math.h"
#include "base/order.h"
#include "corpus/rows.h"
#include "corpus/said.h"

#define VOICES_REVENUE_MOST 9e15 /* thousandths kept of one customer; a whole double */

double kundig__voices_top_share(const kundig__voices *voices)
{
    return (double)voices->of_busiest / (double)voices->of_customers;
}

double kundig__voices_gini(const kundig__voices *voices)
{
    return kundig__i128_to_double(voices->uneven) /
           ((double)voices->customers * (double)voices->of_customers);
}

double kundig__voices_revenue(const kundig__voices *voices)
{
    double zero = 0;
    return voices->valued ? kundig__i128_to_double(voices->revenue) / 1000 : zero / zero;
}

static int voices_order(const void *ud, uint32_t a, uint32_t b)
{
    (void)ud;
    return a < b ? -1 : a > b;
}

void kundig__voices_count(kundig__voices *voices, uint32_t *records, size_t customers)
{
    kundig__order_sort(records, customers, voices_order, NULL);
    voices->customers = customers;
    voices->busiest = customers / 100 + (customers % 100 > 0);
    for (size_t i = 0; i < customers; i++) {
        voices->of_customers += records[i];
        voices->of_busiest += i >= customers - voices->busiest ? records[i] : 0;
        voices->uneven +=
            (2 * (kundig__i128)i + 1 - (kundig__i128)customers) * (kundig__i128)records[i];
    }
}

/* ---- The rows ------------------------------------------------------------------------------- */

typedef struct voices_run {
    uint32_t group;
    uint32_t records;
    uint32_t person;
} voices_run;

typedef struct voices_job {
    kundig__mem *mem;
    kundig__gather *gather;
    kundig__concentration *out;
    const kundig__dimension *people;
    uint32_t persons;
    size_t *starts;    /* persons + 1: of a person's entries */
    uint32_t *entries; /* groups; UINT32_MAX: the record itself, of all */
    size_t entry_count;
    voices_run *runs;
    size_t run_count;
    uint32_t *counts;  /* a group; and behind them all */
    size_t *places;    /* the same, and one more */
    uint32_t *sorted;  /* records of runs, group by group */
    int64_t *revenues; /* a person */
    int64_t *updated;  /* of that */
    uint8_t *known;
    uint32_t *block;
} voices_job;

static void voices_end(voices_job *job)
{
    size_t groups = job->out->side.count;
    kundig__free(job->mem, job->starts, ((size_t)job->persons + 1) * sizeof *job->starts);
    kundig__free(job->mem, job->entries, job->entry_count * sizeof *job->entries);
    kundig__free(job->mem, job->runs, job->entry_count * sizeof *job->runs);
    kundig__free(job->mem, job->sorted, job->entry_count * sizeof *job->sorted);
    kundig__free(job->mem, job->counts, (groups + 1) * sizeof *job->counts);
    kundig__free(job->mem, job->places, (groups + 2) * sizeof *job->places);
    kundig__free(job->mem, job->revenues, job->persons * sizeof *job->revenues);
    kundig__free(job->mem, job->updated, job->persons * sizeof *job->updated);
    kundig__free(job->mem, job->known, job->persons);
    kundig__free(job->mem, job->block, KUNDIG__GROUP_BLOCK * sizeof *job->block);
}

/* The person of a row, from 1; 0: nobody is named. */
static uint32_t voices_person(const voices_job *job, uint32_t row)
{
    return job->people->codes ? job->people->codes[row] : 0;
}

/* One entry: counted, or placed once there is room. */
static void voices_entry(voices_job *job, uint32_t row, uint32_t group)
{
    uint32_t person = voices_person(job, row);
    kundig__voices *voices =
        group == job->out->side.count ? &job->out->all : &job->out->groups[group];
    if (!job->entries) {
        voices->records++;
        if (person) {
            job->starts[person]++;
            job->entry_count++;
        }
    } else if (person) {
        job->entries[job->starts[person - 1]++] = group;
    }
}

/* Every record in each of its groups, and in all. */
static int voices_rows(voices_job *job, kundig_error *err)
{
    const kundig__side *side = &job->out->side;
    int rc = KUNDIG_OK;
    for (uint32_t first = 0; !rc && first < side->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = side->rows - first;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__grouping_layers_of(side->grouping, first, count);
        rc = kundig__progress(job->gather->context, first, side->rows, err);
        for (uint32_t layer = 0; !rc && layer < layers; layer++) {
            if (layer) {
                kundig__grouping_rows(side->grouping, layer, first, count, job->block);
            }
            for (uint32_t i = 0; i < count; i++) {
                uint32_t label = side->labels[first + i]; /* of layer 0: is it read at all? */
                uint32_t group = layer ? job->block[i] : label;
                if (label != KUNDIG__NO_GROUP && group != KUNDIG__NO_GROUP) {
                    voices_entry(job, first + i, side->places[group]);
                    if (!layer) {
                        voices_entry(job, first + i, side->count);
                    }
                }
            }
        }
    }
    return rc;
}

static int voices_place(voices_job *job, kundig_error *err)
{
    job->starts = kundig__alloc_zero(job->mem, ((size_t)job->persons + 1) * sizeof *job->starts);
    job->block = kundig__alloc(job->mem, KUNDIG__GROUP_BLOCK * sizeof *job->block);
    if (!job->starts || !job->block) {
        return kundig__nomem(job->mem, err);
    }
    int rc = voices_rows(job, err);
    for (uint32_t person = 0; person < job->persons; person++) {
        job->starts[person + 1] += job->starts[person];
    }
    if (rc) {
        return rc;
    }
    size_t count = job->entry_count;
    job->runs = kundig__alloc(job->mem, count * sizeof *job->runs);
    job->sorted = kundig__alloc(job->mem, count * sizeof *job->sorted);
    job->entries = kundig__alloc(job->mem, count * sizeof *job->entries);
    return job->runs && job->sorted && job->entries ? voices_rows(job, err)
                                                    : kundig__nomem(job->mem, err);
}

/* ---- Persons -------------------------------------------------------------------------------- */

/* Entries of a person become runs, one a group. starts[person] is where they end. */
static int voices_runs(voices_job *job, kundig_error *err)
{
    uint32_t groups = job->out->side.count;
    job->counts = kundig__alloc_zero(job->mem, ((size_t)groups + 1) * sizeof *job->counts);
    job->places = kundig__alloc_zero(job->mem, ((size_t)groups + 2) * sizeof *job->places);
    if (!job->counts || !job->places) {
        return kundig__nomem(job->mem, err);
    }
    size_t at = 0;
    for (uint32_t person = 0; person < job->persons; person++) {
        size_t begin = at;
        for (; at < job->starts[person]; at++) {
            job->counts[job->entries[at]]++;
        }
        for (size_t i = begin; i < at; i++) {
            uint32_t group = job->entries[i];
            if (job->counts[group]) {
                job->runs[job->run_count++] = (voices_run){group, job->counts[group], person};
                job->counts[group] = 0;
                job->places[group + 1]++;
            }
        }
    }
    for (uint32_t group = 0; group <= groups; group++) {
        job->places[group + 1] += job->places[group];
    }
    for (size_t i = 0; i < job->run_count; i++) {
        job->sorted[job->places[job->runs[i].group]++] = job->runs[i].records;
    }
    at = 0;
    for (uint32_t group = 0; group <= groups; group++) {
        kundig__voices *voices = group == groups ? &job->out->all : &job->out->groups[group];
        kundig__voices_count(voices, job->sorted + at, job->places[group] - at);
        at = job->places[group];
    }
    return KUNDIG_OK;
}

/* ---- Revenue -------------------------------------------------------------------------------- */

/* Of records of one person the latest holds, of equal times the greater. */
static int voices_customer(voices_job *job, const kundig_customer *customer, kundig_error *err)
{
    kundig_text name;
    double value = customer->revenue.number * 1000;
    int rc = kundig__person_name(job->gather->corpus, customer->id, &name, err);
    uint32_t person =
        rc ? KUNDIG__DICT_NONE : kundig__dict_find(&job->people->dict, name.data, name.len);
    if (rc || person == KUNDIG__DICT_NONE || customer->revenue.type != KUNDIG_VALUE_NUMBER) {
        return rc;
    }
    value = value > VOICES_REVENUE_MOST    ? VOICES_REVENUE_MOST
            : value < -VOICES_REVENUE_MOST ? -VOICES_REVENUE_MOST
                                           : value;
    int64_t revenue = (int64_t)kundig__floor(value + 0.5);
    bool later = !job->known[person] || customer->updated_ms > job->updated[person] ||
                 (customer->updated_ms == job->updated[person] && revenue > job->revenues[person]);
    if (later) {
        job->known[person] = 1;
        job->updated[person] = customer->updated_ms;
        job->revenues[person] = revenue;
    }
    return KUNDIG_OK;
}

static int voices_revenues(voices_job *job, kundig_error *err)
{
    kundig__corpus *corpus = job->gather->corpus;
    uint32_t rows = kundig__fact_rows(corpus, KUNDIG_FACTS_CUSTOMERS);
    int rc = KUNDIG_OK;
    if (!rows || !job->persons) {
        return KUNDIG_OK;
    }
    job->revenues = kundig__alloc_zero(job->mem, job->persons * sizeof *job->revenues);
    job->updated = kundig__alloc_zero(job->mem, job->persons * sizeof *job->updated);
    job->known = kundig__alloc_zero(job->mem, job->persons);
    if (!job->revenues || !job->updated || !job->known) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; !rc && row < rows; row++) {
        if (kundig__fact_is_current(corpus, KUNDIG_FACTS_CUSTOMERS, row)) {
            kundig__arena arena;
            kundig__fact fact;
            kundig__arena_init(&arena, job->mem);
            rc = kundig__fact_at(corpus, KUNDIG_FACTS_CUSTOMERS, row, &arena, &fact, err);
            rc = rc ? rc : voices_customer(job, &fact.as.customer, err);
            kundig__arena_free(&arena);
        }
    }
    for (size_t i = 0; !rc && i < job->run_count; i++) {
        const voices_run *run = &job->runs[i];
        kundig__voices *voices =
            run->group == job->out->side.count ? &job->out->all : &job->out->groups[run->group];
        voices->valued += job->known[run->person];
        voices->revenue += job->known[run->person] ? job->revenues[run->person] : 0;
    }
    return rc;
}

/* ---- Who blames nothing --------------------------------------------------------------------- */

static bool voices_blames(const kundig__said *said, uint32_t row)
{
    for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
        if (said->topic_sentiments[at] == KUNDIG_SENTIMENT_NEGATIVE ||
            said->topic_sentiments[at] == KUNDIG_SENTIMENT_MIXED) {
            return true;
        }
    }
    return false;
}

static int voices_failures(voices_job *job, kundig_error *err)
{
    kundig__concentration *out = job->out;
    const kundig__said *said = NULL;
    int rc = kundig__corpus_moods(job->gather->corpus, &said, err);
    if (rc || !said->sentiments || !said->topic_sentiments) {
        return rc;
    }
    uint8_t *seen = kundig__alloc_zero(job->mem, (size_t)job->persons + 1);
    if (!seen) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < out->side.rows; row++) {
        uint32_t person = voices_person(job, row);
        if (out->side.labels[row] != KUNDIG__NO_GROUP &&
            kundig__corpus_text(job->gather->corpus, row).len) {
            bool blames = voices_blames(said, row);
            if (!person) {
                out->journeys++;
                out->failures += blames;
            } else {
                out->journeys += !seen[person];
                out->failures += blames && seen[person] < 2;
                seen[person] = blames ? 2 : seen[person] ? seen[person] : 1;
            }
        }
    }
    out->has_failures = true;
    kundig__free(job->mem, seen, (size_t)job->persons + 1);
    return KUNDIG_OK;
}

/* ---- The whole ------------------------------------------------------------------------------ */

int kundig__concentration_new(kundig__gather *gather, const kundig_query *query, bool of_topics,
                              kundig__concentration *out, kundig_error *err)
{
    voices_job job = {.mem = &gather->context->mem, .gather = gather, .out = out};
    *out = (kundig__concentration){.mem = job.mem};
    int rc = kundig__corpus_people(gather->corpus, &job.people, err);
    if (rc) {
        return rc;
    }
    job.persons = job.people->codes ? job.people->dict.count : 0;
    rc = kundig__side_new(gather, query, KUNDIG__NO_NODE, &out->side, err);
    if (!rc) {
        out->groups = kundig__alloc_zero(job.mem, out->side.count * sizeof *out->groups);
        rc = out->groups ? KUNDIG_OK : kundig__nomem(job.mem, err);
    }
    rc = rc ? rc : voices_place(&job, err);
    rc = rc ? rc : voices_runs(&job, err);
    rc = rc ? rc : voices_revenues(&job, err);
    rc = rc || !of_topics ? rc : voices_failures(&job, err);
    voices_end(&job);
    return rc;
}

void kundig__concentration_free(kundig__concentration *concentration)
{
    if (concentration->mem) {
        kundig__free(concentration->mem, concentration->groups,
                     concentration->side.count * sizeof *concentration->groups);
    }
    kundig__side_free(&concentration->side);
}
