/* The parts of a score the slow way: every record and person by itself, in doubles. */
#ifndef KUNDIG_TESTS_WHY_BRUTE_H
#define KUNDIG_TESTS_WHY_BRUTE_H

#include "../metrics/spoken.h"
#include "base/math.h"
#include "why/parts.h"

#define BRUTE_PARTS   (SAYING_TOPICS + 1) /* the missing part first */
#define BRUTE_PERSONS (2 * SURVEY_MAX)

typedef struct brute_sums {
    double n, A, B, a, b;
} brute_sums;

typedef struct brute {
    brute_sums persons[BRUTE_PERSONS][2][BRUTE_PARTS]; /* [][][] of what a person brings */
    double X[BRUTE_PERSONS][2], W[BRUTE_PERSONS][2], n[BRUTE_PERSONS][2];
    bool named[BRUTE_PERSONS];
    size_t count;
} brute;

/* The parts of a record: of topics, by the bits of its set. */
static inline size_t brute_parts(uint8_t set, uint32_t parts[SAYING_TOPICS])
{
    size_t count = 0;
    for (uint32_t topic = 0; topic < SAYING_TOPICS; topic++) {
        if (set >> topic & 1) {
            parts[count++] = topic + 1;
        }
    }
    if (!count) {
        parts[count++] = 0;
    }
    return count;
}

/* The answer to a question of a scale, in natural units; false: there is none. */
static inline bool brute_answer(const survey_answer *answer, bool nps, double *x)
{
    for (size_t i = 0; i < answer->record.score_count; i++) {
        const kundig_score *score = &answer->scores[i];
        if (nps && score->scale == KUNDIG_SCALE_NPS) {
            *x = (score->value >= 9) - (score->value < 7);
            return true;
        }
        if (!nps && score->scale == KUNDIG_SCALE_CSAT) {
            *x = score->value;
            return true;
        }
    }
    return false;
}

/* Person of an answer: a customer's number, or one of its own. */
static inline size_t brute_person(const survey_answer *answer, size_t i)
{
    size_t person = 0;
    if (!answer->record.customer.data) {
        return SURVEY_MAX + i;
    }
    for (const char *at = answer->customer + 1; *at; at++) {
        person = person * 10 + (size_t)(*at - '0');
    }
    return person;
}

/* set_of says which set a record is in; 2: none. */
static inline void brute_make(brute *out, const spoken *s, bool nps, bool weighted, bool votes,
                              unsigned (*set_of)(const survey_answer *))
{
    memset(out, 0, sizeof *out);
    out->count = BRUTE_PERSONS;
    for (int pass = 0; pass < 2; pass++) {
        static double heavy[BRUTE_PERSONS][2];
        if (pass == 0) {
            memset(heavy, 0, sizeof heavy);
        }
        for (size_t i = 0; i < s->survey.count; i++) {
            const survey_answer *answer = &s->survey.answers[i];
            size_t person = brute_person(answer, i);
            unsigned set = set_of ? set_of(answer) : 0;
            double x;
            double w = weighted ? answer->record.weight : 1;
            if (set > 1 || !brute_answer(answer, nps, &x) ||
                (votes && !answer->record.customer.data)) {
                continue;
            }
            if (pass == 0) {
                heavy[person][set] += w;
                continue;
            }
            uint32_t parts[SAYING_TOPICS];
            size_t count = brute_parts(s->sets[i], parts);
            w = votes ? w / heavy[person][set] : w;
            out->named[person] = answer->record.customer.data != NULL;
            out->n[person][set]++;
            out->X[person][set] += w * x;
            out->W[person][set] += w;
            for (size_t j = 0; j < count; j++) {
                brute_sums *sums = &out->persons[person][set][parts[j]];
                sums->n++;
                sums->A += w * x;
                sums->B += w;
                sums->a += w * x / (double)count;
                sums->b += w / (double)count;
            }
        }
    }
}

#endif
