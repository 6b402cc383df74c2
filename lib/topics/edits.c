/* What people say of discovered topics: checked, and heeded where no fit is needed. */
#include "topics/compiled.h"

int kundig__edit_check(const kundig_edit *edit, const char **field, kundig_error *err)
{
    (void)edit;
    (void)field;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig__model_edited(const kundig_model *model, const kundig_edit *edits, size_t count,
                         kundig_model **out, kundig_error *err)
{
    (void)model;
    (void)edits;
    (void)count;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
