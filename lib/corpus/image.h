/* A corpus' feedback as one stream of bytes, to be ready again faster than record by record. */
#ifndef KUNDIG_CORPUS_IMAGE_H
#define KUNDIG_CORPUS_IMAGE_H

#include "corpus/corpus.h"

/* Changes whenever the layout does: an image of another version is not read. */
#define KUNDIG__IMAGE_VERSION 1u

/* Where an image goes: false once and for all where it cannot go on. */
typedef struct kundig__image_sink {
    void *ud;
    bool (*put)(void *ud, const void *data, size_t size);
} kundig__image_sink;

/* Where it comes from: all of size bytes, or false. left: bytes still to come. */
typedef struct kundig__image_source {
    void *ud;
    bool (*take)(void *ud, void *data, size_t size);
    uint64_t left;
} kundig__image_source;

/* false: the sink said so. */
bool kundig__image_save(const kundig__corpus *corpus, const kundig__image_sink *sink);
/* A corpus with that feedback alone and no model chosen. KUNDIG_E_FORMAT if the bytes are not an
 * image that a sound corpus of this library on this kind of machine would give, or the source
 * ended. */
int kundig__image_load(kundig__context *context, kundig__image_source *source, kundig__corpus **out,
                       kundig_error *err);

#endif
