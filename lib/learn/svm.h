/* Linear support vector machines, one against the rest, a block of classes at a time. */
#ifndef KUNDIG_LEARN_SVM_H
#define KUNDIG_LEARN_SVM_H

#include "learn/documents.h"

#define KUNDIG__SVM_WIDE 32u /* classes of a block, at most */

/* Work on one block of classes; belongs to one thread. */
typedef struct kundig__svm {
    kundig__mem *mem;
    const kundig__documents *documents;
    uint32_t width;   /* room for classes; a multiple of four */
    uint32_t blocks;  /* of all classes */
    uint32_t first;   /* class of the first column */
    uint32_t classes; /* columns in use */
    float *weights;   /* [feature_count + 1][width]; the last row is the bias */
    float *duals;     /* [documents][width] */
    uint32_t *order;
    uint8_t *rests; /* epochs that a document sits out */
} kundig__svm;

/* How many classes stand in a block. */
uint32_t kundig__svm_width(uint32_t class_count);
/* A failed init needs no free. */
bool kundig__svm_init(kundig__svm *svm, kundig__mem *mem, const kundig__documents *documents);
void kundig__svm_free(kundig__svm *svm);
/* Begin with a block of classes and learn from the documents that are not aside; allocates nothing.
 */
void kundig__svm_begin(kundig__svm *svm, uint32_t block);
/* Go on with all documents; allocates nothing. */
void kundig__svm_finish(kundig__svm *svm);
/* What the classes of the block say of a document that was not learned from, as if it were
 * classified, in `width` numbers; weights below `least` do not count. */
void kundig__svm_margins(const kundig__svm *svm, const kundig__document *document, float least,
                         float *margins);

#endif
