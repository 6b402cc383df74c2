/* From texts to clusters: the whole way. Cost: see bottleneck.c. */
#include "discover/clusters.h"

int kundig__cluster(kundig__mem *mem, const kundig__survey *survey, kundig__clustered **out,
                    kundig__placed *placed, uint32_t *moved, kundig_error *err)
{
    (void)mem, (void)survey, (void)out, (void)placed, (void)moved;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "clusters are not there yet");
}

kundig__clustered *kundig__clustered_retain(kundig__clustered *clustered)
{
    return clustered;
}

void kundig__clustered_free(kundig__clustered *clustered)
{
    (void)clustered;
}

const kundig__clustering_facts *kundig__clustered_facts(const kundig__clustered *clustered)
{
    (void)clustered;
    return NULL;
}

void kundig__clustered_put(kundig__buf *buf, const kundig__clustered *clustered)
{
    (void)buf, (void)clustered;
}

int kundig__clustered_take(kundig__mem *mem, kundig__reader *reader, kundig__clustered **out,
                           kundig_error *err)
{
    (void)mem, (void)reader, (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "clusters are not there yet");
}

int kundig__assigning_init(kundig__assigning *assigning, kundig__mem *mem,
                           const kundig__clustered *clustered)
{
    (void)assigning, (void)mem, (void)clustered;
    return KUNDIG_E_INTERNAL;
}

void kundig__assigning_free(kundig__assigning *assigning)
{
    (void)assigning;
}

int kundig__assign(kundig__assigning *assigning, const kundig__scratch *scratch, const char *text,
                   size_t len, bool units)
{
    (void)assigning, (void)scratch, (void)text, (void)len, (void)units;
    return KUNDIG_E_INTERNAL;
}

double kundig__clustered_weight(const kundig__clustered *clustered, uint64_t hash, bool pair,
                                uint32_t cluster)
{
    (void)clustered, (void)hash, (void)pair, (void)cluster;
    return 0;
}
