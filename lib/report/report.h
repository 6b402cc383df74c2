/* How answers are shown: tables as text for people, the page of kundig_analyze(). */
#ifndef KUNDIG_REPORT_REPORT_H
#define KUNDIG_REPORT_REPORT_H

#include "metrics/metrics.h"

int kundig__table_page(kundig__mem *mem, const kundig_table *table,
                       const kundig_page_options *options, kundig_bytes **out, kundig_error *err);
int kundig__analyze(kundig__corpus *corpus, const kundig_query *query,
                    const kundig_ingest_report *report, const kundig_analyze_options *options,
                    kundig_bytes **out, kundig_error *err);

#endif
