/* What makes two sets of records hard to compare: another scale or wording, another mix of
 * channels, sources, kinds or languages, other sampling, weights, gaps in time. Each is marked and
 * left to the reader; none is averaged away.
 *
 * Something is a break where it is both sure and large: a share must move by BREAK_SHIFT, a rate by
 * BREAK_RATIO, with p below BREAK_P; so a huge set does not shout about nothing. Shares are of
 * records; tests are clustered by customer, so that one who writes 100 times makes no break.
 * Invariant: counts alone, so no order of rows shows. Cost: one pass over the rows for each thing
 * that is looked at, two bytes a row, 16 bytes a customer and 16 a value. */
#include "base/calendar.h"
#include "base/int128.h"
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "corpus/rows.h"
#include "why/explain.h"

#define BREAK_P         0.001
#define BREAK_SHIFT     0.1 /* of a share */
#define BREAK_RATIO     1.5
#define BREAK_ASKED     0.05 /* of the records answered a question: it was asked */
#define BREAK_QUESTIONS 256  /* more are not looked through */
#define BREAK_DAYS      100000
#define BREAK_WEEK      7

typedef struct break_set {
    uint64_t records;
    uint64_t customers;
    uint64_t repeaters; /* customers with several records */
    bool timed;
    int64_t first; /* days since 1970 */
    int64_t last;
} break_set;

typedef struct break_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig__question *question;
    int32_t language;
    const uint8_t *of;     /* a row: 0, 1, KUNDIG__IN_NEITHER */
    uint8_t *flags;        /* a row: is it one of those whose share is measured? */
    const uint32_t *codes; /* of customers, a row; NULL: none is known */
    size_t code_count;
    uint32_t rows;
    break_set sets[2];
    uint32_t kinds;
    kundig_table *table;
} break_job;

static bool break_in_german(const break_job *job)
{
    return job->language == KUNDIG_SENTENCES_GERMAN;
}

static double break_size(double x)
{
    return x < 0 ? -x : x;
}

/* ---- Tests ----------------------------------------------------------------------------------- */

/* Two shares, each known from so many: the pooled test. */
static double break_shares_p(double a, double na, double b, double nb)
{
    double pooled = (a * na + b * nb) / (na + nb);
    double variance = pooled * (1 - pooled) * (1 / na + 1 / nb);
    return variance > 0 ? kundig__erfc(break_size(b - a) / kundig__sqrt(2 * variance)) : 1;
}

static bool break_is_ratio(double a, double b)
{
    double small = a < b ? a : b;
    double large = a < b ? b : a;
    return large >= BREAK_RATIO * small;
}

/* ---- Rows of the table ----------------------------------------------------------------------- */

enum { BREAK_KIND, BREAK_WHAT, BREAK_BEFORE, BREAK_AFTER, BREAK_PROBABILITY, BREAK_SENTENCE };

/* A sentence with blanks: %0 and %1 are the numbers, %s the thing. */
static void break_write(const break_job *job, const char *english, const char *german, int unit,
                        kundig_text what, double before, double after, kundig__buf *out)
{
    const char *at = break_in_german(job) ? german : english;
    for (; *at; at++) {
        if (at[0] == '%' && (at[1] == '0' || at[1] == '1')) {
            double value = at[1] == '0' ? before : after;
            if (unit == KUNDIG_UNIT_COUNT) {
                kundig__say_number(out, job->language, value,
                                   value == kundig__floor(value) ? 0 : 1);
            } else {
                kundig__say_value(out, job->language, unit, value, false);
            }
            at++;
        } else if (at[0] == '%' && at[1] == 's') {
            kundig__buf_add(out, what.data, (size_t)kundig__shown(what));
            at++;
        } else {
            kundig__buf_char(out, *at);
        }
    }
}

/* name is what the row is about, thing what the sentence calls so. */
static int break_row(break_job *job, int kind, kundig_text name, kundig_text thing, int unit,
                     double before, double after, double p, const char *english, const char *german,
                     kundig_error *err)
{
    kundig__buf sentence;
    kundig__buf_init(&sentence, job->mem);
    break_write(job, english, german, unit, thing, before, after, &sentence);
    if (p <= 1) {
        kundig__buf_str(&sentence, " (");
        kundig__say_p(&sentence, job->language, p);
        kundig__buf_char(&sentence, ')');
    }
    kundig__buf_char(&sentence, '.');
    int rc = sentence.failed ? kundig__nomem(job->mem, err) : KUNDIG_OK;
    if (!rc) {
        kundig_table *table = job->table;
        kundig__table_row(table);
        kundig__table_set_text(table, BREAK_KIND,
                               kundig__str(kundig__break_name(kind, KUNDIG_SENTENCES_ENGLISH)));
        kundig__table_set_text(table, BREAK_WHAT, name);
        kundig__table_set_number(table, BREAK_BEFORE, before);
        kundig__table_set_number(table, BREAK_AFTER, after);
        if (p <= 1) {
            kundig__table_set_number(table, BREAK_PROBABILITY, p);
        }
        kundig__table_set_text(table, BREAK_SENTENCE, kundig__text(sentence.data, sentence.len));
        job->kinds |= UINT32_C(1) << kind;
    }
    kundig__buf_free(&sentence);
    return rc;
}

/* ---- Which rows are in which set ------------------------------------------------------------- */

int kundig__rows_in_sets(kundig__corpus *corpus, const kundig_query *query, const uint32_t nodes[2],
                         uint8_t *sets, kundig_error *err)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    uint32_t rows = kundig__corpus_rows(corpus);
    int rc = KUNDIG_OK;
    memset(sets, KUNDIG__IN_NEITHER, rows);
    for (uint8_t set = 0; set < 2 && !rc; set++) {
        kundig__grouping *grouping = NULL;
        rc = kundig__grouping_new(corpus, query, nodes[set], &grouping, err);
        for (uint32_t first = 0; first < rows && !rc; first += KUNDIG__GROUP_BLOCK) {
            uint32_t left = rows - first;
            uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
            kundig__grouping_rows(grouping, 0, first, count, groups);
            for (uint32_t i = 0; i < count; i++) {
                if (groups[i] != KUNDIG__NO_GROUP) {
                    sets[first + i] = set;
                }
            }
        }
        kundig__grouping_free(grouping);
    }
    return rc;
}

static void break_count(break_job *job)
{
    const int64_t *times = kundig__corpus_times(job->corpus);
    for (uint32_t row = 0; row < job->rows; row++) {
        if (job->of[row] == KUNDIG__IN_NEITHER) {
            continue;
        }
        break_set *set = &job->sets[job->of[row]];
        set->records++;
        if (times && times[row] != KUNDIG_TIME_ABSENT) {
            int64_t day = kundig__floor_div(times[row], KUNDIG__DAY_MS);
            set->first = !set->timed || day < set->first ? day : set->first;
            set->last = !set->timed || day > set->last ? day : set->last;
            set->timed = true;
        }
    }
}

static int break_people(break_job *job, kundig_error *err)
{
    const kundig__dimension *people = NULL;
    int rc = kundig__corpus_people(job->corpus, &people, err);
    if (rc || !people->codes) {
        return rc;
    }
    size_t count = (size_t)people->dict.count + 1;
    uint8_t *records = kundig__alloc_zero(job->mem, 2 * count);
    if (!records) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        uint32_t code = people->codes[row];
        if (job->of[row] != KUNDIG__IN_NEITHER && code) {
            uint8_t *mine = &records[job->of[row] * count + code];
            break_set *set = &job->sets[job->of[row]];
            set->customers += *mine == 0;
            set->repeaters += *mine == 1;
            *mine = *mine ? 2 : 1;
        }
    }
    job->codes = people->codes;
    job->code_count = count;
    kundig__free(job->mem, records, 2 * count);
    return KUNDIG_OK;
}

/* ---- A share, and whether it moved ----------------------------------------------------------- */

typedef struct break_share {
    double before;
    double after;
    double p; /* 1 where the move is small */
} break_share;

typedef struct break_person {
    uint32_t flagged;
    uint32_t records;
} break_person;

/* Sums over the persons of a set. */
typedef struct break_products {
    kundig__u128 ff, fn, nn; /* flagged squared, flagged times records, records squared */
} break_products;

static void break_product(break_products *sums, const break_person *person)
{
    sums->ff += (kundig__u128)person->flagged * person->flagged;
    sums->fn += (kundig__u128)person->flagged * person->records;
    sums->nn += (kundig__u128)person->records * person->records;
}

static int break_clusters(break_job *job, break_products sums[2], kundig_error *err)
{
    size_t count = job->codes ? job->code_count : 0;
    break_person *persons = kundig__alloc_zero(job->mem, 2 * count * sizeof *persons);
    if (!persons) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        uint8_t set = job->of[row];
        uint32_t code = count ? job->codes[row] : 0;
        if (set != KUNDIG__IN_NEITHER && code) {
            persons[set * count + code].flagged += job->flags[row];
            persons[set * count + code].records++;
        } else if (set != KUNDIG__IN_NEITHER) {
            break_product(&sums[set], &(break_person){job->flags[row], 1});
        }
    }
    for (size_t i = 0; i < 2 * count; i++) {
        break_product(&sums[i >= count], &persons[i]);
    }
    kundig__free(job->mem, persons, 2 * count * sizeof *persons);
    return KUNDIG_OK;
}

/* The pooled test of the flagged rows' share in both sets, clustered by customer. */
static int break_measure(break_job *job, double least, break_share *out, kundig_error *err)
{
    break_products sums[2] = {{0}};
    uint64_t counts[2] = {0, 0};
    for (uint32_t row = 0; row < job->rows; row++) {
        if (job->of[row] != KUNDIG__IN_NEITHER) {
            counts[job->of[row]] += job->flags[row];
        }
    }
    double na = (double)job->sets[0].records;
    double nb = (double)job->sets[1].records;
    *out = (break_share){(double)counts[0] / na, (double)counts[1] / nb, 1};
    if (break_size(out->after - out->before) < least) {
        return KUNDIG_OK;
    }
    int rc = break_clusters(job, sums, err);
    double pooled = ((double)counts[0] + (double)counts[1]) / (na + nb);
    double variance = 0;
    for (int set = 0; set < 2; set++) {
        double n = set ? nb : na;
        double square = (double)sums[set].ff - 2 * pooled * (double)sums[set].fn +
                        pooled * pooled * (double)sums[set].nn;
        variance += square / (n * n);
    }
    if (!rc && variance > 0) {
        out->p = kundig__erfc(break_size(out->after - out->before) / kundig__sqrt(2 * variance));
    }
    return rc;
}

/* ---- Scale and wording ----------------------------------------------------------------------- */

/* A question that one set alone was asked. */
static int break_question(break_job *job, const kundig__question *question, kundig_error *err)
{
    break_share share;
    for (uint32_t row = 0; row < job->rows; row++) {
        job->flags[row] = question->values && question->values[row] != KUNDIG__SCORE_MISSING;
    }
    int rc = break_measure(job, BREAK_ASKED, &share, err);
    double most = share.before > share.after ? share.before : share.after;
    double least = share.before > share.after ? share.after : share.before;
    if (rc || least > most / 100 || share.p >= BREAK_P) {
        return rc;
    }
    const kundig__question *asked = job->question;
    bool alike = asked && asked->minimum == question->minimum &&
                 asked->maximum == question->maximum && asked->direction == question->direction;
    return break_row(job, alike ? KUNDIG__BREAK_WORDING : KUNDIG__BREAK_SCALE, question->name,
                     question->name, KUNDIG_UNIT_SHARE, share.before, share.after, share.p,
                     "The question \"%s\" was answered by %0 of the records before and by %1 after",
                     "Die Frage \"%s\" ist vorher in %0 der Antworten beantwortet, nachher in %1",
                     err);
}

/* ---- Mixes ----------------------------------------------------------------------------------- */

/* The value whose share moved most, ties by bytes; 0: the missing one. */
static uint32_t break_mover(const uint64_t *counts, const kundig__dict *dict, size_t values,
                            const break_set sets[2])
{
    uint32_t best = 0;
    double most = -1;
    for (uint32_t value = 0; value < values; value++) {
        double a = (double)counts[value] / (double)sets[0].records;
        double b = (double)counts[values + value] / (double)sets[1].records;
        double moved = break_size(b - a);
        bool tie = moved == most && value && best &&
                   kundig__text_order(kundig__dict_text(dict, value - 1),
                                      kundig__dict_text(dict, best - 1)) < 0;
        if (moved > most || tie) {
            most = moved;
            best = value;
        }
    }
    return best;
}

static int break_mix_row(break_job *job, int kind, kundig_text name, kundig_text value,
                         const break_share *share, kundig_error *err)
{
    kundig__buf what;
    kundig__buf_init(&what, job->mem);
    kundig__buf_text(&what, name);
    kundig__buf_str(&what, ": ");
    kundig__buf_text(&what, value.data ? value : KUNDIG__TEXT("-"));
    kundig_text text = kundig__text(what.data, what.len);
    int rc = what.failed
                 ? kundig__nomem(job->mem, err)
                 : break_row(job, kind, text, text, KUNDIG_UNIT_SHARE, share->before, share->after,
                             share->p, "%s has %0 of the records before and %1 after",
                             "%s: %0 der Antworten vorher, %1 nachher", err);
    kundig__buf_free(&what);
    return rc;
}

/* How many of the records would have to be of another value. */
static double break_moved(const uint64_t *counts, size_t values, const break_set sets[2])
{
    kundig__i128 moved = 0; /* times the records of both sets */
    for (size_t value = 0; value < values; value++) {
        kundig__i128 a = (kundig__i128)counts[value] * (kundig__i128)sets[1].records;
        kundig__i128 b = (kundig__i128)counts[values + value] * (kundig__i128)sets[0].records;
        moved += b > a ? b - a : 0;
    }
    return kundig__i128_to_double(moved) / (double)sets[0].records / (double)sets[1].records;
}

static int break_mix(break_job *job, int kind, kundig_text name, const kundig__dimension *dimension,
                     kundig_error *err)
{
    size_t values = (size_t)dimension->dict.count + 1;
    break_share share;
    double occurring = 0;
    if (!dimension->codes) {
        return KUNDIG_OK;
    }
    uint64_t *counts = kundig__alloc_zero(job->mem, 2 * values * sizeof *counts);
    if (!counts) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        if (job->of[row] != KUNDIG__IN_NEITHER) {
            counts[job->of[row] * values + dimension->codes[row]]++;
        }
    }
    for (size_t value = 0; value < values; value++) {
        occurring += counts[value] || counts[values + value];
    }
    double moved = break_moved(counts, values, job->sets);
    uint32_t mover = break_mover(counts, &dimension->dict, values, job->sets);
    kundig__free(job->mem, counts, 2 * values * sizeof *counts);
    if (moved < BREAK_SHIFT) {
        return KUNDIG_OK;
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        job->flags[row] = dimension->codes[row] == mover;
    }
    int rc = break_measure(job, 0, &share, err);
    share.p *= occurring; /* every value was looked at (Bonferroni) */
    if (rc || share.p >= BREAK_P) {
        return rc;
    }
    kundig_text value =
        mover ? kundig__dict_text(&dimension->dict, mover - 1) : kundig__text(NULL, 0);
    return break_mix_row(job, kind, name, value, &share, err);
}

static int break_mixes(break_job *job, kundig_error *err)
{
    static const struct {
        int kind;
        int dim;
    } mixes[] = {{KUNDIG__BREAK_CHANNEL, KUNDIG__DIM_CHANNEL},
                 {KUNDIG__BREAK_SOURCE, KUNDIG__DIM_SOURCE},
                 {KUNDIG__BREAK_KIND, KUNDIG__DIM_KIND},
                 {KUNDIG__BREAK_LANGUAGE, KUNDIG__DIM_LANGUAGE}};
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < sizeof mixes / sizeof *mixes && !rc; i++) {
        rc = break_mix(job, mixes[i].kind, kundig__str(kundig__dimension_name(mixes[i].dim)),
                       kundig__corpus_dimension(job->corpus, mixes[i].dim), err);
    }
    return rc;
}

/* Does an attribute tell which form of the questions was used? */
static bool break_tells_wording(kundig_text name)
{
    static const char *const words[] = {"wording",  "version", "question", "questionnaire",
                                        "wortlaut", "fassung", "frage",    "fragebogen"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        kundig_text word = kundig__str(words[i]);
        for (size_t at = 0; at + word.len <= name.len; at++) {
            if (kundig__text_equal_nocase(kundig__text(name.data + at, word.len), word)) {
                return true;
            }
        }
    }
    return false;
}

static kundig_text break_question_name(const kundig__corpus *corpus, uint32_t i)
{
    return kundig__corpus_question(corpus, i)->name;
}

static kundig_text break_attribute_name(const kundig__corpus *corpus, uint32_t i)
{
    return kundig__corpus_attribute(corpus, i)->name;
}

typedef struct break_names {
    const kundig__corpus *corpus;
    kundig_text (*name)(const kundig__corpus *corpus, uint32_t i);
} break_names;

static int break_by_name(const void *ud, uint32_t a, uint32_t b)
{
    const break_names *names = ud;
    return kundig__text_order(names->name(names->corpus, a), names->name(names->corpus, b));
}

/* Questions and attributes stand in the order of arrival, which must not show. */
static void break_sort(const break_job *job, uint32_t *items, size_t count,
                       kundig_text (*name)(const kundig__corpus *corpus, uint32_t i))
{
    break_names names = {job->corpus, name};
    for (uint32_t i = 0; i < count; i++) {
        items[i] = i;
    }
    kundig__order_sort(items, count, break_by_name, &names);
}

static int break_wordings(break_job *job, kundig_error *err)
{
    size_t questions = kundig__corpus_question_count(job->corpus);
    size_t attributes = kundig__corpus_attribute_count(job->corpus);
    size_t most = questions > attributes ? questions : attributes;
    uint32_t *items = kundig__alloc(job->mem, most * sizeof *items);
    int rc = items ? KUNDIG_OK : kundig__nomem(job->mem, err);
    if (!rc) {
        break_sort(job, items, questions, break_question_name);
    }
    for (size_t i = 0; i < questions && questions <= BREAK_QUESTIONS && !rc; i++) {
        rc = break_question(job, kundig__corpus_question(job->corpus, items[i]), err);
    }
    if (!rc) {
        break_sort(job, items, attributes, break_attribute_name);
    }
    for (size_t i = 0; i < attributes && !rc; i++) {
        const kundig__attribute_column *attribute = kundig__corpus_attribute(job->corpus, items[i]);
        if (attribute->type == KUNDIG_VALUE_TEXT && break_tells_wording(attribute->name)) {
            rc = break_mix(job, KUNDIG__BREAK_WORDING, attribute->name, &attribute->texts, err);
        }
    }
    kundig__free(job->mem, items, most * sizeof *items);
    return rc;
}

/* ---- Sampling and weights -------------------------------------------------------------------- */

static int break_flagged(break_job *job, int kind, const char *what, const char *english,
                         const char *german, kundig_error *err)
{
    break_share share;
    int rc = break_measure(job, BREAK_SHIFT, &share, err);
    return rc || share.p >= BREAK_P
               ? rc
               : break_row(job, kind, kundig__str(what), kundig__str(what), KUNDIG_UNIT_SHARE,
                           share.before, share.after, share.p, english, german, err);
}

static int break_repeaters(break_job *job, kundig_error *err)
{
    double na = (double)job->sets[0].customers;
    double nb = (double)job->sets[1].customers;
    if (na < 1 || nb < 1) {
        return KUNDIG_OK;
    }
    double a = (double)job->sets[0].repeaters / na;
    double b = (double)job->sets[1].repeaters / nb;
    double p = break_shares_p(a, na, b, nb);
    return break_size(b - a) < BREAK_SHIFT || p >= BREAK_P
               ? KUNDIG_OK
               : break_row(job, KUNDIG__BREAK_SAMPLING, KUNDIG__TEXT("answers per customer"),
                           KUNDIG__TEXT(""), KUNDIG_UNIT_SHARE, a, b, p,
                           "%0 of the customers before have several records, and %1 after",
                           "%0 der Kunden vorher haben mehrere Antworten, %1 nachher", err);
}

static int break_sampling(break_job *job, kundig_error *err)
{
    const int64_t *weights = kundig__corpus_weights(job->corpus);
    const int32_t *answers = job->question ? job->question->values : NULL;
    int rc = break_repeaters(job, err);
    for (uint32_t row = 0; row < job->rows; row++) {
        job->flags[row] = job->codes && job->codes[row];
    }
    rc = rc ? rc
            : break_flagged(job, KUNDIG__BREAK_SAMPLING, "customers known",
                            "%0 of the records before name a customer, and %1 after",
                            "%0 der Antworten vorher nennen einen Kunden, %1 nachher", err);
    for (uint32_t row = 0; row < job->rows; row++) {
        job->flags[row] = kundig__corpus_text(job->corpus, row).len > 0;
    }
    rc = rc ? rc
            : break_flagged(job, KUNDIG__BREAK_SAMPLING, "comments",
                            "%0 of the records before have a comment, and %1 after",
                            "%0 der Antworten vorher haben einen Kommentar, %1 nachher", err);
    for (uint32_t row = 0; row < job->rows; row++) {
        job->flags[row] = answers && answers[row] != KUNDIG__SCORE_MISSING;
    }
    rc = rc ? rc
            : break_flagged(job, KUNDIG__BREAK_SAMPLING, "answers",
                            "%0 of the records before have an answer, and %1 after",
                            "%0 der Datens\xC3\xA4tze vorher haben eine Antwort, %1 nachher", err);
    for (uint32_t row = 0; row < job->rows; row++) {
        job->flags[row] = weights && weights[row] != KUNDIG__WEIGHT_ONE;
    }
    return rc ? rc
              : break_flagged(job, KUNDIG__BREAK_WEIGHTS, "weights",
                              "%0 of the records before have a weight of their own, and %1 after",
                              "%0 der Antworten vorher haben ein eigenes Gewicht, %1 nachher", err);
}

/* ---- Time ------------------------------------------------------------------------------------ */

typedef struct break_days {
    double days; /* of the set, from first to last */
    double used; /* with a record */
    double mean; /* records a day */
    double variance;
    double gap; /* longest run of days without a record */
} break_days;

static void break_days_of(const uint32_t *counts, size_t days, break_days *out)
{
    uint64_t sum = 0;
    double squares = 0;
    size_t gap = 0;
    size_t longest = 0;
    size_t used = 0;
    for (size_t day = 0; day < days; day++) {
        sum += counts[day];
        used += counts[day] > 0;
        gap = counts[day] ? 0 : gap + 1;
        longest = gap > longest ? gap : longest;
    }
    out->days = (double)days;
    out->used = (double)used;
    out->gap = (double)longest;
    out->mean = (double)sum / (double)days;
    for (size_t day = 0; day < days; day++) {
        double away = (double)counts[day] - out->mean;
        squares += away * away;
    }
    out->variance = days > 1 ? squares / (double)(days - 1) : 0;
}

/* Chance that days spread evenly leave a gap as long: Boole's bound. */
static double break_gap_p(const break_days *days)
{
    double left = 1 - days->gap / days->days;
    double p = left > 0 ? days->used * kundig__exp(days->used * kundig__log(left)) : 0;
    return p < 1 ? p : 1;
}

static int break_rate(break_job *job, const break_days days[2], kundig_error *err)
{
    double variance = days[0].variance / days[0].days + days[1].variance / days[1].days;
    if (days[0].days < BREAK_WEEK || days[1].days < BREAK_WEEK || !(variance > 0) ||
        !break_is_ratio(days[0].mean, days[1].mean)) {
        return KUNDIG_OK;
    }
    double away = break_size(days[1].mean - days[0].mean);
    double p = kundig__erfc(away / kundig__sqrt(2 * variance));
    return p < BREAK_P ? break_row(job, KUNDIG__BREAK_SAMPLING, KUNDIG__TEXT("records a day"),
                                   KUNDIG__TEXT(""), KUNDIG_UNIT_COUNT, days[0].mean, days[1].mean,
                                   p, "There were %0 records a day before and %1 after",
                                   "Vorher waren es %0 Antworten am Tag, nachher %1", err)
                       : KUNDIG_OK;
}

static int break_gaps(break_job *job, const break_days days[2], kundig_error *err)
{
    double p = 1;
    for (int set = 0; set < 2; set++) {
        if (days[set].gap >= BREAK_WEEK && days[set].gap >= days[set].days * BREAK_SHIFT) {
            double of_set = break_gap_p(&days[set]);
            p = of_set < p ? of_set : p;
        }
    }
    return p < BREAK_P
               ? break_row(job, KUNDIG__BREAK_TIME, KUNDIG__TEXT("gap inside"), KUNDIG__TEXT(""),
                           KUNDIG_UNIT_COUNT, days[0].gap, days[1].gap, p,
                           "The longest time without a record is %0 days before and %1 days after",
                           "Die l\xC3\xA4ngste Zeit ohne Antwort sind vorher %0 Tage, nachher %1",
                           err)
               : KUNDIG_OK;
}

/* Two sets apart in time: does much lie between, is one much longer? */
static int break_apart(break_job *job, const break_days days[2], kundig_error *err)
{
    const break_set *a = &job->sets[0];
    const break_set *b = &job->sets[1];
    bool overlap = a->first <= b->last && b->first <= a->last;
    double between = (double)(a->first <= b->first ? b->first - a->last : a->first - b->last) - 1;
    double shorter = days[0].days < days[1].days ? days[0].days : days[1].days;
    int rc = KUNDIG_OK;
    if (!overlap && between >= BREAK_WEEK && between > shorter / 2) {
        rc = break_row(job, KUNDIG__BREAK_TIME, KUNDIG__TEXT("time between"), KUNDIG__TEXT(""),
                       KUNDIG_UNIT_COUNT, between, between, 2, "%0 days lie between the two sets",
                       "Zwischen den beiden Mengen liegen %0 Tage", err);
    }
    if (!rc && !overlap && days[0].used >= 10 && days[1].used >= 10 &&
        break_is_ratio(days[0].days, days[1].days)) {
        rc = break_row(job, KUNDIG__BREAK_TIME, KUNDIG__TEXT("length"), KUNDIG__TEXT(""),
                       KUNDIG_UNIT_COUNT, days[0].days, days[1].days, 2,
                       "The set before spans %0 days and the one after %1",
                       "Die Menge vorher umfasst %0 Tage, die nachher %1", err);
    }
    return rc;
}

static int break_times(break_job *job, kundig_error *err)
{
    const int64_t *times = kundig__corpus_times(job->corpus);
    break_days days[2];
    size_t spans[2];
    if (!times || !job->sets[0].timed || !job->sets[1].timed) {
        return KUNDIG_OK;
    }
    for (int set = 0; set < 2; set++) {
        spans[set] = (size_t)(job->sets[set].last - job->sets[set].first) + 1;
        if (spans[set] > BREAK_DAYS) {
            return KUNDIG_OK;
        }
    }
    uint32_t *counts = kundig__alloc_zero(job->mem, (spans[0] + spans[1]) * sizeof *counts);
    if (!counts) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        uint8_t set = job->of[row];
        if (set != KUNDIG__IN_NEITHER && times[row] != KUNDIG_TIME_ABSENT) {
            int64_t day = kundig__floor_div(times[row], KUNDIG__DAY_MS);
            counts[(set ? spans[0] : 0) + (size_t)(day - job->sets[set].first)]++;
        }
    }
    break_days_of(counts, spans[0], &days[0]);
    break_days_of(counts + spans[0], spans[1], &days[1]);
    kundig__free(job->mem, counts, (spans[0] + spans[1]) * sizeof *counts);
    int rc = break_rate(job, days, err);
    rc = rc ? rc : break_gaps(job, days, err);
    return rc ? rc : break_apart(job, days, err);
}

/* ---- The whole ------------------------------------------------------------------------------- */

static int break_all(break_job *job, kundig_error *err)
{
    break_count(job);
    int rc = break_people(job, err);
    if (rc || !job->sets[0].records || !job->sets[1].records) {
        return rc;
    }
    rc = break_wordings(job, err);
    rc = rc ? rc : break_mixes(job, err);
    rc = rc ? rc : break_sampling(job, err);
    return rc ? rc : break_times(job, err);
}

int kundig__breaks(kundig__corpus *corpus, const kundig__question *question, const uint8_t *sets,
                   int32_t language, uint32_t *kinds, kundig_table **out, kundig_error *err)
{
    break_job job = {.corpus = corpus, .question = question, .language = language, .of = sets};
    job.mem = &kundig__corpus_context(corpus)->mem;
    job.rows = kundig__corpus_rows(corpus);
    job.flags = kundig__alloc(job.mem, job.rows);
    job.table = kundig__table_new(job.mem);
    if (!job.flags || !job.table) {
        kundig__free(job.mem, job.flags, job.rows);
        kundig_table_free(job.table);
        return kundig__nomem(job.mem, err);
    }
    kundig__table_column(job.table, "kind", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(job.table, "what", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(job.table, "before", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    kundig__table_column(job.table, "after", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    kundig__table_column(job.table, "p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE);
    kundig__table_column(job.table, "sentence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    int rc = break_all(&job, err);
    kundig__free(job.mem, job.flags, job.rows);
    if (rc) {
        kundig_table_free(job.table);
        return rc;
    }
    *kinds = job.kinds;
    return kundig__table_finish(job.table, out, err);
}
