/* What the facts teach: examples of topics and of sentiment, and models learned from them. */
#ifndef KUNDIG_CORPUS_COLLECT_H
#define KUNDIG_CORPUS_COLLECT_H

#include "corpus/corpus.h"
#include "topics/examples.h"
#include "topics/model.h"

/* ---- collect.c: examples ---- */

/* The question whose scores teach: the one named, else that of NPS, else the only one; NULL if none
 * is named and there is none. KUNDIG_E_NOT_FOUND, KUNDIG_E_AMBIGUOUS (the sentence names them). */
int kundig__collect_question(const kundig__corpus *corpus, kundig_text name,
                             const kundig__question **out, kundig_error *err);
/* Add what the facts teach to a set, all or nothing: as kundig_examples_collect(). options:
 * field and question are used. rules: NULL, or a model whose rules make weak examples of records
 * that nobody judged, where labels teach and it has a rule for one of their topics. */
int kundig__corpus_collect(kundig__corpus *corpus, const kundig_learn_options *options,
                           const kundig_model *rules, kundig_examples *set, kundig_error *err);

/* ---- edits.c, survey.c, surest.c: topics that nobody named ---- */

/* Edits in their current versions; texts borrow from the facts, the list from the arena. */
int kundig__corpus_edits(const kundig__corpus *corpus, kundig__arena *arena,
                         const kundig_edit **out, size_t *count, kundig_error *err);
/* As kundig_discover(); options: as kundig__discover_options() left them. */
int kundig__corpus_discover(kundig__corpus *corpus, const kundig_model *base,
                            const kundig_query *query, const kundig_discover_options *options,
                            kundig_model **out, kundig_error *err);
bool kundig__model_is_discovered_of_facts(const kundig_model *model);
/* Such a model, all of it counted anew from these facts. */
int kundig__corpus_settle(kundig__corpus *corpus, const kundig_model *model, kundig_model **out,
                          kundig_error *err);

/* The rows whose main topic is this one, as the model in use numbers topics, surest first: `limit`
 * of them at most. */
int kundig__corpus_surest(kundig__corpus *corpus, uint32_t topic, uint32_t *rows, size_t limit,
                          size_t *count, kundig_error *err);

/* ---- course.c: models ---- */

/* Learn both lessons as far as there is something to learn. options: as kundig__learn_options()
 * left them. KUNDIG_E_EMPTY where there is nothing, and what kundig_teach() may say. */
int kundig__corpus_teach(kundig__corpus *corpus, const kundig_model *base,
                         const kundig_learn_options *options, kundig_model **out,
                         kundig_error *err);
/* Was a lesson of the model learned, or were its topics discovered, from the facts of a corpus? */
bool kundig__model_is_of_facts(const kundig_model *model);
/* The model as these facts teach it, by the plans it was learned with: lessons that were not
 * learned from facts stay, those that nothing teaches any more go; discovered topics stay, with
 * numbers counted anew. */
int kundig__corpus_teach_anew(kundig__corpus *corpus, const kundig_model *model, kundig_model **out,
                              kundig_error *err);

#endif
