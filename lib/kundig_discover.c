/* The door of discovery: topics that nobody named, found in the facts, and what people say of them.
 * Invariant and company: kundig.c. */
#include "door.h"

int kundig_discover(kundig *k, const kundig_query *query, const kundig_discover_options *options,
                    kundig_model **out, kundig_error *err)
{
    (void)query;
    (void)options;
    int rc = kundig__door_enter_operational(k, err);
    if (rc) {
        return rc;
    }
    rc = out ? kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet")
             : kundig__door_missing(err, "out");
    return kundig__door_leave(k, rc);
}

int kundig_label_discovered(kundig *k, kundig_text topic, kundig_text name, size_t limit,
                            kundig_text by, int64_t time_ms, kundig_added *added, kundig_error *err)
{
    (void)topic;
    (void)name;
    (void)limit;
    (void)by;
    (void)time_ms;
    (void)added;
    int rc = kundig__door_enter_operational(k, err);
    return rc ? rc
              : kundig__door_leave(k, kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet"));
}
