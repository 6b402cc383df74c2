/* JSON as a list of values with their places; json.c alone knows jansson.
 *
 * jansson says what is JSON and what is wrong with what is not; a walk over what is right then
 * notes where each value stands, which jansson does not keep. jansson's own memory, given back
 * before the call returns, comes from malloc and not through the hook: its hook is one for the
 * whole process, and that belongs to the program. Where malloc fails inside it, jansson may say
 * that the text is at fault, and then so does this. */
#ifndef KUNDIG_BASE_JSON_H
#define KUNDIG_BASE_JSON_H

#include "base/mem.h"
#include "base/text.h"

#define KUNDIG__JSON_DEPTH  32u                 /* arrays and objects inside each other */
#define KUNDIG__JSON_VALUES (UINT32_C(1) << 21) /* a bound for memory behind the hook's back */

enum {
    KUNDIG__JSON_OBJECT,
    KUNDIG__JSON_ARRAY,
    KUNDIG__JSON_STRING,
    KUNDIG__JSON_NUMBER,
    KUNDIG__JSON_TRUE,
    KUNDIG__JSON_FALSE,
    KUNDIG__JSON_NULL
};

/* What an object or array holds follows it: the first at its index + 1, the one behind node i at
 * nodes[i].next, until its own next is reached. */
typedef struct kundig__json_node {
    int32_t type;
    kundig__place place;     /* its first byte */
    kundig__place key_place; /* of the key's first quote */
    kundig_text key;         /* absent outside objects */
    kundig_text text;        /* of a string, escapes resolved */
    size_t next;
} kundig__json_node;

typedef struct kundig__json {
    kundig__mem *mem;
    kundig__arena arena;
    kundig__json_node *nodes; /* in the order of the text */
    size_t count;
    size_t capacity;
    kundig__place fault; /* line 0 unless the text is at fault */
} kundig__json;

void kundig__json_init(kundig__json *json, kundig__mem *mem);
void kundig__json_free(kundig__json *json);
/* Read data[from.pos..), valid UTF-8 without NUL, as one value. Keys of an object differ. If the
 * text is at fault err holds a sentence and json->fault the place: KUNDIG_E_FORMAT, or
 * KUNDIG_E_LIMIT for what is too deep or too much. */
int kundig__json_read(kundig__json *json, kundig_text data, kundig__place from, kundig_error *err);
/* Where byte `offset` of a string's text stands. */
kundig__place kundig__json_place(const kundig__json_node *string, kundig_text data, size_t offset);

#endif
