/* What is known of discovered topics, as tables: discovered_table.c, discovered_show.c. */
#ifndef KUNDIG_TOPICS_DISCOVERED_SHOW_H
#define KUNDIG_TOPICS_DISCOVERED_SHOW_H

#include "topics/discovered.h"

/* "kept"; static text. */
kundig_text kundig__came_name(int came);
/* Append "refund 3.10; money back 2.72". */
void kundig__topic_words_text(kundig__buf *buf, const kundig__discovered_topic *topic);
/* kundig_model_show() of KUNDIG_LESSON_DISCOVERED. */
int kundig__discovered_show(const kundig_model *model, int32_t which, kundig_table **out,
                            kundig_error *err);

#endif
