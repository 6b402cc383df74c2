/* Who has taken consent back, for a purpose.
 *
 * Of all that was ever said under any name of a person, of this purpose or of every purpose, the
 * latest counts; of statements of the same time "no" does, and one without a time is older than all
 * others. Every version is looked at, so that a conflict is a "no" too. Invariant: a property of
 * the set of statements. Cost: a look-up a statement; 9 bytes a person while it is made, then one.
 */
#include "base/text.h"
#include "corpus/group.h"

typedef struct consent_job {
    kundig__corpus *corpus;
    const kundig__dimension *people;
    size_t count;     /* of persons, with missing */
    int64_t *latest;  /* when a person said it */
    uint8_t *refused; /* what: 1 is "no" */
} consent_job;

static void consent_free(consent_job *job)
{
    kundig__mem *mem = job->corpus->mem;
    kundig__free(mem, job->latest, job->latest ? job->count * sizeof *job->latest : 0);
    kundig__free(mem, job->refused, job->refused ? job->count : 0);
}

static int consent_begin(consent_job *job, kundig_error *err)
{
    kundig__mem *mem = job->corpus->mem;
    job->latest = kundig__alloc(mem, job->count * sizeof *job->latest);
    job->refused = kundig__alloc_zero(mem, job->count);
    if (!job->latest || !job->refused) {
        return kundig__nomem(mem, err);
    }
    for (size_t i = 0; i < job->count; i++) {
        job->latest[i] = KUNDIG_TIME_ABSENT;
    }
    return KUNDIG_OK;
}

static int consent_note(consent_job *job, const kundig_consent *said, kundig_error *err)
{
    kundig_text person;
    int rc = kundig__person_name(job->corpus, said->customer, &person, err);
    if (rc) {
        return rc;
    }
    uint32_t code = kundig__dict_find(&job->people->dict, person.data, person.len);
    if (code == KUNDIG__DICT_NONE) {
        return KUNDIG_OK; /* nobody gave feedback under that name */
    }
    if (!job->latest) {
        rc = consent_begin(job, err);
    }
    if (!rc && said->updated_ms >= job->latest[code + 1]) {
        uint8_t no = said->consent == KUNDIG_NO;
        bool newer = said->updated_ms > job->latest[code + 1];
        job->refused[code + 1] = newer ? no : (uint8_t)(job->refused[code + 1] | no);
        job->latest[code + 1] = said->updated_ms;
    }
    return rc;
}

int kundig__consent_refused(kundig__corpus *corpus, kundig_text purpose,
                            const kundig__dimension **people, uint8_t **refused, size_t *count,
                            kundig_error *err)
{
    consent_job job = {.corpus = corpus};
    uint32_t rows = kundig__fact_rows(corpus, KUNDIG_FACTS_CONSENTS);
    int rc = rows ? kundig__corpus_people(corpus, &job.people, err) : KUNDIG_OK;
    *refused = NULL;
    *count = 0;
    if (rc || !rows || !job.people->codes) {
        return rc;
    }
    job.count = (size_t)job.people->dict.count + 1;
    for (uint32_t row = 0; row < rows && !rc; row++) {
        kundig__fact fact;
        rc = kundig__fact_at(corpus, KUNDIG_FACTS_CONSENTS, row, NULL, &fact, err);
        if (!rc && (!fact.as.consent.purpose.data ||
                    kundig__text_equal(fact.as.consent.purpose, purpose))) {
            rc = consent_note(&job, &fact.as.consent, err);
        }
    }
    if (!rc && job.refused && memchr(job.refused, 1, job.count)) {
        *people = job.people;
        *refused = job.refused;
        *count = job.count;
        job.refused = NULL;
    }
    consent_free(&job);
    return rc;
}
