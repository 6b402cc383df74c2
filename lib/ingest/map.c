/* The guess: what each column means, from its name and from the values of the whole column, and
 * why. Order of decisions: what the caller said, personal data, scores, then each single-use field
 * takes the column that fits best (name before amount of text before place), the rest become
 * attributes or are left out.
 *
 * Invariant: the guess is a function of names and profiles, so the order of rows changes nothing;
 * every plan ends with a reason. A Net Promoter question is only what says so: a bare 0 to 10
 * column is a score on a declared scale. Cost: O(columns x fields). */
#include "base/text.h"
#include "ingest/columns.h"

static const char *const map_nps_words[] = {"nps*",
                                            "net promoter*",
                                            "recommend*",
                                            "likelihood",
                                            "likely to refer",
                                            "weiterempfehl*",
                                            "empfehl*",
                                            "e nps",
                                            "enps",
                                            "ltr",
                                            NULL};
/* "Likelihood to buy again" is another question. */
static const char *const map_other_likelihood[] = {
    "buy",   "purchase", "repurchase", "renew*",      "return",   "churn",    "cancel*", "switch",
    "again", "stay",     "kauf*",      "wiederkauf*", "kuendig*", "wechsel*", NULL};
static const char *const map_employee_words[] = {"e nps", "enps", "employee nps", NULL};
static const char *const map_nps_name[] = {"nps*", "e nps", "enps", "net promoter*", NULL};
static const char *const map_group_words[] = {"group", "category", "gruppe", "kategorie", "segment",
                                              "class", "klasse",   "typ",    NULL};
static const char *const map_csat_words[] = {
    "csat*", "satisf*", "zufrieden*", "c sat", "kundenzufriedenheit*", "gesamtzufriedenheit*",
    NULL};
static const char *const map_ces_words[] = {"ces",  "effort*",  "aufwand*", "easy",
                                            "ease", "einfach*", "muehe*",   NULL};
static const char *const map_easy_words[] = {"easy", "ease", "einfach*", NULL};
static const char *const map_grade_words[] = {"schulnote*", "note", "noten", "zensur", NULL};
static const char *const map_score_words[] = {
    "score",           "scores",     "rating",      "ratings",    "stars", "star",
    "sterne",          "bewertung",  "punkte",      "punktzahl",  "grade", "overall",
    "gesamtbewertung", "gesamtnote", "reviewscore", "starrating", NULL};
static const char *const map_star_words[] = {"star*", "stern*", NULL};
static const char *const map_count_words[] = {
    "count",  "counts", "number of", "num",      "anzahl", "confidence", "retweet*", "id",
    "tenure", "age",    "alter",     "duration", "dauer",  "credit",     NULL};
static const char *const map_code_words[] = {"id",     "ids", "code", "nr",       "no",  "number",
                                             "nummer", "plz", "zip",  "postcode", "sku", NULL};

static bool map_named(const kundig__column_plan *plan, const char *const *words)
{
    return kundig__name_have_any(&plan->words, words) ||
           kundig__name_have_any(&plan->question, words);
}

static bool map_most(uint64_t part, uint64_t whole, unsigned percent)
{
    return whole > 0 && part * 100 >= whole * percent;
}

static bool map_is_open(const kundig__column_plan *plan)
{
    return plan->field < 0;
}

static void map_set(kundig__column_plan *plan, int field, kundig_text why)
{
    plan->field = field;
    plan->why = why;
}

static void map_scale(kundig__column_plan *plan, int32_t scale, double minimum, double maximum,
                      int32_t direction, kundig_text why)
{
    map_set(plan, KUNDIG__COLUMN_SCORE, why);
    plan->scale = scale;
    plan->minimum = minimum;
    plan->maximum = maximum;
    plan->direction = direction;
}

/* The smallest usual scale that holds the values. */
static double map_usual_maximum(const kundig__profile *profile)
{
    double maximum = profile->high;
    if (profile->low == 0) {
        return maximum <= 10 ? 10 : 100;
    }
    if (maximum <= 5) {
        return 5;
    }
    return maximum == 7 ? 7 : maximum <= 10 ? 10 : 100;
}

static void map_declared(kundig__ingest *ingest, kundig__column_plan *plan, const char *what)
{
    const kundig__profile *profile = &plan->profile;
    double maximum = map_usual_maximum(profile);
    double minimum = profile->low == 0 || maximum == 100 ? 0 : 1;
    kundig_text why = kundig__ingest_say(
        ingest, "%s; values from %d to %d fit a scale of %d to %d, higher is better", what,
        (int)profile->low, (int)profile->high, (int)minimum, (int)maximum);
    map_scale(plan, KUNDIG_SCALE_DECLARED, minimum, maximum, KUNDIG_HIGHER_IS_BETTER, why);
}

static void map_nps(kundig__ingest *ingest, kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    bool name = map_named(plan, map_nps_name);
    if (name && map_named(plan, map_group_words) && profile->high <= 3) {
        return; /* 1, 2, 3 stand for detractors, passives and promoters */
    }
    if (profile->high <= 1 && profile->filled > 20) {
        if (!name) {
            return; /* recommended: yes or no */
        }
    } else if (!name && profile->low >= 1 && profile->high <= 5 && profile->filled > 20) {
        map_declared(ingest, plan, "the name says recommend, yet no value is 0 or above 5");
        return;
    }
    if (!name && !map_most(profile->in_ten, profile->scores, 50)) {
        if (profile->low >= 0 && profile->high <= 100) {
            map_declared(ingest, plan, "the name says recommend, yet most values are above 10");
        }
        return;
    }
    plan->employees = map_named(plan, map_employee_words);
    map_scale(plan, KUNDIG_SCALE_NPS, 0, 10, KUNDIG_HIGHER_IS_BETTER,
              kundig__ingest_say(ingest, "%s %s; 0 to 10",
                                 kundig__name_have_any(&plan->words, map_nps_words)
                                     ? "the name says"
                                     : "its question says",
                                 plan->employees ? "eNPS: rows are employees' answers"
                                 : name          ? "NPS"
                                                 : "recommend"));
}

static void map_csat(kundig__ingest *ingest, kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    if (profile->low >= 1 && profile->high <= 5) {
        map_scale(plan, KUNDIG_SCALE_CSAT, 1, 5, KUNDIG_HIGHER_IS_BETTER,
                  kundig__ingest_say(ingest, "the name says satisfaction; values within 1 to 5"));
    } else if (profile->low >= 0 && profile->high <= 100) {
        map_declared(ingest, plan, "the name says satisfaction");
    }
}

static void map_ces(kundig__ingest *ingest, kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    bool easy = map_named(plan, map_easy_words);
    if (profile->low < 1 || profile->high > 7) {
        if (profile->low >= 0 && profile->high <= 100) {
            map_declared(ingest, plan, "the name says effort");
        }
    } else if (profile->high > 5) {
        map_scale(plan, KUNDIG_SCALE_CES, 1, 7, KUNDIG_HIGHER_IS_BETTER,
                  kundig__ingest_say(ingest,
                                     "the name says effort; values within 1 to 7: CES 2.0, higher "
                                     "is easier"));
    } else if (easy) {
        map_declared(ingest, plan, "the name says easy");
    } else {
        map_scale(plan, KUNDIG_SCALE_CES_2010, 1, 5, KUNDIG_LOWER_IS_BETTER,
                  kundig__ingest_say(ingest, "the name says effort; no value above 5: CES 1.0 of "
                                             "2010, lower is better (map it as ces if the scale "
                                             "is 1 to 7)"));
    }
}

static void map_rating(kundig__ingest *ingest, kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    if (profile->low < 0 || profile->high > 100 || profile->high <= 1) {
        return;
    }
    if (map_named(plan, map_grade_words) && profile->low >= 1 && profile->high <= 6) {
        map_scale(plan, KUNDIG_SCALE_DECLARED, 1, 6, KUNDIG_LOWER_IS_BETTER,
                  kundig__ingest_say(ingest, "the name says grade (Note); values within 1 to 6, "
                                             "lower is better"));
    } else if (profile->low >= 1 && profile->high <= 5) {
        map_scale(
            plan, KUNDIG_SCALE_STARS, 1, 5, KUNDIG_HIGHER_IS_BETTER,
            kundig__ingest_say(ingest, "the name says %s; values within 1 to 5",
                               map_named(plan, map_star_words) ? "stars" : "rating or score"));
    } else if (profile->high <= 10) {
        map_declared(ingest, plan,
                     "a rating whose name does not say recommend, so not NPS (map it as nps if it "
                     "is)");
    } else {
        map_declared(ingest, plan, "the name says rating or score");
    }
}

/* Export programs write one "Score" for all kinds of survey and the kind beside it. */
static bool map_survey_is(const kundig__ingest *ingest, const char *kind)
{
    static const char *const names[] = {"survey type", "score type", "question type", "fragetyp",
                                        NULL};
    for (size_t i = 0; i < ingest->count; i++) {
        const kundig__column_plan *plan = &ingest->plans[i];
        const kundig__profile *profile = &plan->profile;
        if (kundig__name_have_any(&plan->words, names) && !profile->many &&
            profile->distinct.count == 1 &&
            kundig__text_equal_nocase(kundig__dict_text(&profile->distinct, 0),
                                      kundig__str(kind))) {
            return true;
        }
    }
    return false;
}

/* "q7", "Q12_3", "Frage 4", "question 2" */
static bool map_question_number(const kundig__column_plan *plan)
{
    static const char *const items[] = {"frage", "question", "item", NULL};
    const char *text = plan->words.text;
    return (plan->words.len > 3 && text[1] == 'q' && kundig__text_is_digit(text[2])) ||
           kundig__name_have_any(&plan->words, items);
}

static void map_scores(kundig__ingest *ingest)
{
    for (size_t i = 0; i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        const kundig__profile *profile = &plan->profile;
        if (!map_is_open(plan) || !map_most(profile->scores, profile->filled, 50) ||
            map_most(profile->loose_dates, profile->filled, 50)) {
            continue;
        }
        bool sure = map_most(profile->scores, profile->filled, 95);
        bool counts = kundig__name_have_any(&plan->words, map_count_words);
        bool named = map_named(plan, map_nps_name);
        bool recommends =
            map_named(plan, map_nps_words) && !counts && !map_named(plan, map_other_likelihood);
        bool scored = kundig__name_have_any(&plan->words, map_score_words);
        if (named || recommends) {
            map_nps(ingest, plan);
        } else if (sure && scored && map_survey_is(ingest, "nps")) {
            map_scale(plan, KUNDIG_SCALE_NPS, 0, 10, KUNDIG_HIGHER_IS_BETTER,
                      kundig__ingest_say(ingest, "the survey type beside it is NPS; 0 to 10"));
        } else if (map_named(plan, map_csat_words) && !counts) {
            map_csat(ingest, plan);
        } else if (map_named(plan, map_ces_words) && !counts) {
            map_ces(ingest, plan);
        } else if (sure && !counts &&
                   (scored || kundig__name_have_any(&plan->words, map_grade_words))) {
            map_rating(ingest, plan);
        } else if (sure && !counts && map_question_number(plan) &&
                   profile->integers == profile->numbers && profile->minimum >= 0 &&
                   profile->maximum <= 10 && profile->maximum > 1) {
            map_declared(ingest, plan, "a numbered question");
        }
    }
}

static void map_personal(kundig__ingest *ingest)
{
    for (size_t i = 0; i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        const kundig__profile *profile = &plan->profile;
        if (!map_is_open(plan) || !profile->filled) {
            continue;
        }
        const char *what = NULL;
        if (map_most(profile->emails, profile->filled, 50)) {
            what = "holds e-mail addresses";
        } else if (map_most(profile->ips, profile->filled, 50)) {
            what = "holds IP addresses";
        } else if (kundig__name_personal(&plan->words) && profile->bytes / profile->filled < 64 &&
                   profile->bools * 2 < profile->filled) {
            what = "the name says personal data";
        }
        if (what) {
            plan->personal = true;
            map_set(
                plan, KUNDIG__COLUMN_IGNORE,
                kundig__ingest_say(
                    ingest, "personal: %s; left out unless it is mapped, say as customer", what));
        }
    }
}

/* Does the column's content suit the field? Its name does. */
static bool map_suits(const kundig__column_plan *plan, int field, int fit)
{
    const kundig__profile *profile = &plan->profile;
    uint64_t filled = profile->filled;
    uint64_t distinct = profile->distinct.count;
    bool dated = map_most(profile->dates, filled, 50);
    if (!filled) {
        return false;
    }
    switch (field) {
    case KUNDIG__COLUMN_TEXT:
        if (map_most(profile->numbers, filled, 50) || dated || profile->bools * 2 > filled) {
            return false;
        }
        return fit >= 6 || profile->many || distinct > 20 || distinct * 2 >= filled ||
               profile->bytes / filled >= 20;
    case KUNDIG__COLUMN_TIME:
    case KUNDIG__COLUMN_UPDATED:
        return dated || map_most(profile->loose_dates, filled, 50);
    case KUNDIG__COLUMN_ID:
        return profile->many || distinct * 2 > filled;
    case KUNDIG__COLUMN_KIND:
        return map_most(profile->kinds, filled, 90);
    case KUNDIG__COLUMN_CONSENT:
        return map_most(profile->bools, filled, 90) ||
               (profile->numbers == filled && profile->minimum >= 0 && profile->maximum <= 1);
    case KUNDIG__COLUMN_WEIGHT:
        return profile->numbers == filled && profile->minimum > 0;
    case KUNDIG__COLUMN_CUSTOMER:
    case KUNDIG__COLUMN_CASE:
        return !dated;
    default:
        return !dated && profile->bytes / filled < 100;
    }
}

static void map_single(kundig__ingest *ingest, int field)
{
    kundig__column_plan *best = NULL;
    int best_fit = 0;
    for (size_t i = 0; i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        if (plan->field == field) {
            return; /* the caller gave one */
        }
        if (!map_is_open(plan)) {
            continue;
        }
        int fit = kundig__name_fit(&plan->words, field);
        if (!fit || !map_suits(plan, field, fit)) {
            continue;
        }
        bool longer = best && field == KUNDIG__COLUMN_TEXT && fit / 2 == best_fit / 2 &&
                      plan->profile.bytes > best->profile.bytes;
        if (!best || fit / 2 > best_fit / 2 || longer ||
            (fit > best_fit && field != KUNDIG__COLUMN_TEXT)) {
            best = plan;
            best_fit = fit;
        }
    }
    if (best) {
        map_set(best, field,
                kundig__ingest_say(ingest, "the name fits %s", kundig__column_field_name(field)));
    }
}

static bool map_has(const kundig__ingest *ingest, int field)
{
    for (size_t i = 0; i < ingest->count; i++) {
        if (ingest->plans[i].field == field) {
            return true;
        }
    }
    return false;
}

static bool map_reads_as_text(const kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    uint64_t filled = profile->filled;
    return filled && profile->bytes / filled >= 20 && profile->blanks >= filled * 3 &&
           !map_most(profile->dates, filled, 50) && !map_most(profile->numbers, filled, 50) &&
           (profile->many || profile->distinct.count * 2 >= filled);
}

/* No name says so: the column with most free text, the first that holds dates. */
static void map_by_value(kundig__ingest *ingest)
{
    if (!map_has(ingest, KUNDIG__COLUMN_TEXT)) {
        kundig__column_plan *best = NULL;
        for (size_t i = 0; i < ingest->count; i++) {
            kundig__column_plan *plan = &ingest->plans[i];
            if (map_is_open(plan) && map_reads_as_text(plan) &&
                (!best || plan->profile.bytes > best->profile.bytes)) {
                best = plan;
            }
        }
        if (best) {
            map_set(best, KUNDIG__COLUMN_TEXT,
                    kundig__ingest_say(ingest, "holds most of the free text"));
        }
    }
    for (size_t i = 0; i < ingest->count && !map_has(ingest, KUNDIG__COLUMN_TIME); i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        if (map_is_open(plan) && map_most(plan->profile.dates, plan->profile.filled, 90) &&
            !kundig__name_fit(&plan->words, KUNDIG__COLUMN_UPDATED)) {
            map_set(plan, KUNDIG__COLUMN_TIME, kundig__ingest_say(ingest, "its values are dates"));
        }
    }
}

static bool map_numbers_alone(const kundig__column_plan *plan)
{
    return plan->profile.filled && plan->profile.numbers == plan->profile.filled &&
           !plan->profile.padded && !kundig__name_have_any(&plan->words, map_code_words);
}

/* The type of an attribute: by its values, else as the corpus knows it. */
static void map_type(const kundig__ingest *ingest, kundig__column_plan *plan)
{
    bool numbers = map_numbers_alone(plan);
    bool bools = plan->profile.filled && plan->profile.bools == plan->profile.filled;
    plan->type = numbers ? KUNDIG_VALUE_NUMBER : bools ? KUNDIG_VALUE_BOOL : KUNDIG_VALUE_TEXT;
    for (size_t i = 0; i < kundig__corpus_attribute_count(ingest->corpus); i++) {
        const kundig__attribute_column *known = kundig__corpus_attribute(ingest->corpus, i);
        if (kundig__text_equal(known->name, plan->name)) {
            plan->type = known->type;
        }
    }
}

static bool map_type_fits(const kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    return plan->type == KUNDIG_VALUE_TEXT ||
           (plan->type == KUNDIG_VALUE_NUMBER && profile->numbers == profile->filled) ||
           (plan->type == KUNDIG_VALUE_BOOL && profile->bools == profile->filled);
}

static void map_rest(kundig__ingest *ingest, kundig__column_plan *plan)
{
    const kundig__profile *profile = &plan->profile;
    uint64_t filled = profile->filled;
    const char *out = NULL;
    map_type(ingest, plan);
    bool number = plan->type == KUNDIG_VALUE_NUMBER;
    if (!filled) {
        out = "no row has a value";
    } else if (kundig__name_counter(&plan->words) && profile->integers == filled &&
               (profile->many || profile->distinct.count == filled)) {
        out = "it numbers the rows; a row's place is no identity";
    } else if (map_most(profile->dates, filled, 90)) {
        out = "dates, and another column is the time; map it as attribute to keep it";
    } else if (!map_type_fits(plan)) {
        out = "the corpus holds an attribute of that name with another type of value";
    } else if (map_reads_as_text(plan) && profile->many) {
        out = "more free text; one column is the text. Map it as attribute to keep it";
    } else if (!number && profile->many) {
        out = "too many different values to group by; map it as attribute to keep it";
    } else if (!number && filled > 100 && profile->distinct.count * 2 > filled) {
        out = "nearly every row has another value; map it as attribute to keep it";
    }
    if (out) {
        map_set(plan, KUNDIG__COLUMN_IGNORE, kundig__ingest_say(ingest, "%s", out));
    } else if (number && map_named(plan, map_nps_words) && profile->maximum <= 1) {
        map_set(plan, KUNDIG__COLUMN_ATTRIBUTE,
                kundig__ingest_say(ingest, "0 and 1 alone: yes or no, so no NPS question"));
    } else if (kundig__name_fit(&plan->words, KUNDIG__COLUMN_ID)) {
        map_set(plan, KUNDIG__COLUMN_ATTRIBUTE,
                kundig__ingest_say(ingest, "named like an id, yet most values repeat; map it as id "
                                           "if they are versions of one response"));
    } else if (number || plan->type == KUNDIG_VALUE_BOOL) {
        map_set(plan, KUNDIG__COLUMN_ATTRIBUTE,
                kundig__ingest_say(ingest, "%s", number ? "numbers" : "yes or no"));
    } else {
        map_set(plan, KUNDIG__COLUMN_ATTRIBUTE,
                kundig__ingest_say(ingest, "%lu different value%s",
                                   (unsigned long)profile->distinct.count,
                                   profile->distinct.count == 1 ? "" : "s"));
    }
}

static kundig_text map_add_reason(kundig__ingest *ingest, const kundig__column_plan *plan,
                                  const char *more)
{
    return kundig__ingest_say(ingest, "%.*s%s%s", (int)plan->why.len,
                              plan->why.data ? plan->why.data : "", plan->why.len ? "; " : "",
                              more);
}

static const char *map_order_name(int32_t order)
{
    return order == KUNDIG_DATES_MONTH_FIRST ? "month first" : "day first";
}

/* The order of day and month of one date column, by the whole column. */
static void map_dates(kundig__ingest *ingest, kundig__column_plan *plan)
{
    const kundig__date_votes *votes = &plan->profile.votes;
    char reason[96];
    const char *why = NULL;
    plan->loose = !map_most(plan->profile.dates, plan->profile.filled, 50) || plan->forced;
    plan->day_only = votes->clocks == 0;
    plan->order = KUNDIG_DATES_DAY_FIRST;
    if (ingest->options->dates != KUNDIG_DATES_GUESS) {
        plan->order = ingest->options->dates;
        if (votes->day_first + votes->month_first + votes->open) {
            why = "as asked";
        }
    } else if (votes->day_first != votes->month_first) {
        plan->order = votes->month_first > votes->day_first ? KUNDIG_DATES_MONTH_FIRST
                                                            : KUNDIG_DATES_DAY_FIRST;
        why = votes->day_first && votes->month_first ? "as most rows say"
                                                     : "the values leave no "
                                                       "other reading";
    } else if (votes->day_first) {
        plan->ambiguous = true;
        why = "as many values need the day first as the month first";
    } else if (votes->open) {
        if (votes->dotted == votes->open) {
            why = "as dots are used";
        } else {
            plan->ambiguous = true;
        }
    }
    for (size_t i = 0; i < ingest->count && plan->ambiguous && !votes->day_first; i++) {
        /* Another column of the same file may tell. */
        const kundig__date_votes *other = &ingest->plans[i].profile.votes;
        if ((other->day_first == 0) != (other->month_first == 0)) {
            plan->order = other->month_first ? KUNDIG_DATES_MONTH_FIRST : KUNDIG_DATES_DAY_FIRST;
            plan->ambiguous = false;
            why = "as another date column of the file leaves no other reading";
        }
    }
    if (plan->ambiguous) {
        plan->why = map_add_reason(
            ingest, plan,
            "nothing tells whether the day or the month stands first: it must be set");
    } else if (why) {
        const char *parts[] = {map_order_name(plan->order), ", ", why};
        size_t len = 0;
        for (size_t i = 0; i < 3; i++) {
            size_t part = strlen(parts[i]);
            memcpy(reason + len, parts[i], part);
            len += part;
        }
        reason[len] = '\0';
        plan->why = map_add_reason(ingest, plan, reason);
    }
    if (!plan->ambiguous && plan->day_only && plan->profile.filled) {
        plan->why = map_add_reason(ingest, plan, "days without a time");
    }
}

/* A corpus holds so many attributes and questions; of more, those that were asked for come first,
 * then those that stand first. */
static int map_keep_most(kundig__ingest *ingest, int field, size_t most, kundig_error *err)
{
    size_t kept = 0;
    for (int forced = 1; forced >= 0; forced--) {
        for (size_t i = 0; i < ingest->count; i++) {
            kundig__column_plan *plan = &ingest->plans[i];
            if (plan->field != field || plan->forced != (forced == 1) || ++kept <= most) {
                continue;
            }
            if (forced) {
                return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                    "map: more than %zu columns as %s; a corpus holds no more",
                                    most, kundig__column_field_name(field));
            }
            map_set(plan, KUNDIG__COLUMN_IGNORE,
                    kundig__ingest_say(ingest,
                                       "more than %zu columns like it; map it as %s to keep it "
                                       "instead of another",
                                       most, kundig__column_field_name(field)));
            if (!plan->why.data) {
                return kundig__nomem(&ingest->context->mem, err);
            }
        }
    }
    return KUNDIG_OK;
}

int kundig__map_guess(kundig__ingest *ingest, kundig_error *err)
{
    static const int order[] = {
        KUNDIG__COLUMN_UPDATED, KUNDIG__COLUMN_TIME,     KUNDIG__COLUMN_TEXT,
        KUNDIG__COLUMN_ID,      KUNDIG__COLUMN_CUSTOMER, KUNDIG__COLUMN_CASE,
        KUNDIG__COLUMN_KIND,    KUNDIG__COLUMN_CHANNEL,  KUNDIG__COLUMN_TOUCHPOINT,
        KUNDIG__COLUMN_STAGE,   KUNDIG__COLUMN_AGENT,    KUNDIG__COLUMN_DEPARTMENT,
        KUNDIG__COLUMN_SEGMENT, KUNDIG__COLUMN_PRODUCT,  KUNDIG__COLUMN_LANGUAGE,
        KUNDIG__COLUMN_PURPOSE, KUNDIG__COLUMN_CONSENT,  KUNDIG__COLUMN_WEIGHT};
    map_personal(ingest);
    map_scores(ingest);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        map_single(ingest, order[i]);
    }
    map_by_value(ingest);
    for (size_t i = 0; i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        if (map_is_open(plan)) {
            map_rest(ingest, plan);
        } else if (plan->field == KUNDIG__COLUMN_TIME || plan->field == KUNDIG__COLUMN_UPDATED) {
            map_dates(ingest, plan);
        } else if (plan->field == KUNDIG__COLUMN_ATTRIBUTE) {
            map_type(ingest, plan);
        }
        if (!plan->why.data) {
            return kundig__nomem(&ingest->context->mem, err);
        }
    }
    int rc = map_keep_most(ingest, KUNDIG__COLUMN_ATTRIBUTE, KUNDIG__MAX_ATTRIBUTES, err);
    return rc ? rc : map_keep_most(ingest, KUNDIG__COLUMN_SCORE, KUNDIG__MAX_QUESTIONS, err);
}
