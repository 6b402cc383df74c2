/* One text masked at a time, for outputs that show few of them. Cost: linear, two allocations. */
#include "text/mask.h"

#include "text/personal.h"

int kundig__text_masked(kundig__mem *mem, kundig_text text, uint32_t kinds, kundig__buf *out)
{
    kundig__personal personal;
    int rc = KUNDIG_OK;
    if (!kinds || !text.len) {
        kundig__buf_text(out, text);
        return out->failed ? kundig__nomem(mem, NULL) : KUNDIG_OK;
    }
    kundig__personal_init(&personal, mem);
    rc = kundig__personal_find(&personal, text.data, text.len, kinds);
    if (!rc) {
        kundig__personal_mask(&personal, text.data, text.len, out);
        rc = out->failed ? kundig__nomem(mem, NULL) : KUNDIG_OK;
    }
    kundig__personal_free(&personal);
    return rc;
}
