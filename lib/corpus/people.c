/* Who is one person: names of customers that links join.
 *
 *   links that hold   b-a  c-b  e-d
 *   names             b a c e d          parents: a tree a person
 *   person            a a a d d          the name that is least by its bytes
 *
 * Links that are current and say "yes" are edges, and whatever they connect is one person: a
 * property of the set of links, so neither their order nor their direction shows. Where none holds
 * nothing is made and people are the customers as given. Invariant: made from the link rows that it
 * counts and the feedback rows [0, rows); rows that come later are read on. Cost: a look-up a link
 * and customer, 4 bytes a row. */
#include "base/text.h"
#include "corpus/facts.h"

void kundig__people_init(kundig__people *people, kundig__corpus *corpus)
{
    memset(people, 0, sizeof *people);
    kundig__dict_init(&people->names, corpus->mem, corpus->context->siphash_key);
    kundig__dict_init(&people->persons.dict, corpus->mem, corpus->context->siphash_key);
}

void kundig__people_free(kundig__people *people, kundig__mem *mem)
{
    kundig__dict_free(&people->names);
    kundig__dict_free(&people->persons.dict);
    kundig__free(mem, people->parents, people->parent_capacity * sizeof *people->parents);
    kundig__free(mem, people->persons.codes,
                 people->persons.capacity * sizeof *people->persons.codes);
    kundig__free(mem, people->person_of, people->person_of_capacity * sizeof *people->person_of);
}

size_t kundig__people_memory(const kundig__people *people)
{
    return kundig__dict_memory(&people->names) + kundig__dict_memory(&people->persons.dict) +
           (people->parent_capacity + people->persons.capacity + people->person_of_capacity) *
               sizeof(uint32_t);
}

static void people_forget(kundig__corpus *corpus)
{
    kundig__people_free(&corpus->people, corpus->mem);
    kundig__people_init(&corpus->people, corpus);
}

/* ---- Names ---- */

static uint32_t people_root(uint32_t *parents, uint32_t name)
{
    while (parents[name] != name) {
        parents[name] = parents[parents[name]];
        name = parents[name];
    }
    return name;
}

/* Code of a name that stands in a link; KUNDIG__DICT_NONE on failure of memory. */
static uint32_t people_name(kundig__people *people, kundig__mem *mem, kundig_text text)
{
    uint32_t before = people->names.count;
    void *parents = people->parents;
    if (!kundig__grow(mem, &parents, &people->parent_capacity, (size_t)before + 1,
                      sizeof *people->parents)) {
        return KUNDIG__DICT_NONE;
    }
    people->parents = parents;
    uint32_t name = kundig__dict_add(&people->names, text.data, text.len);
    if (name == before) {
        people->parents[name] = name;
    }
    return name;
}

/* The root of a joined tree is its least name. */
static void people_join(kundig__people *people, uint32_t a, uint32_t b)
{
    a = people_root(people->parents, a);
    b = people_root(people->parents, b);
    if (a != b) {
        bool less = kundig__text_order(kundig__dict_text(&people->names, a),
                                       kundig__dict_text(&people->names, b)) < 0;
        people->parents[less ? b : a] = less ? a : b;
    }
}

static int people_read_links(kundig__corpus *corpus, kundig_error *err)
{
    kundig__people *people = &corpus->people;
    uint32_t rows = kundig__fact_rows(corpus, KUNDIG_FACTS_LINKS);
    if (people->links == rows) {
        return KUNDIG_OK;
    }
    people_forget(corpus);
    for (uint32_t row = 0; row < rows; row++) {
        kundig__fact fact;
        const kundig_link *link = &fact.as.link;
        if (!kundig__fact_is_current(corpus, KUNDIG_FACTS_LINKS, row)) {
            continue;
        }
        int rc = kundig__fact_at(corpus, KUNDIG_FACTS_LINKS, row, NULL, &fact, err);
        if (rc) {
            return rc;
        }
        if (link->holds == KUNDIG_YES) {
            uint32_t a = people_name(people, corpus->mem, link->customer);
            uint32_t b =
                a == KUNDIG__DICT_NONE ? a : people_name(people, corpus->mem, link->same_as);
            if (b == KUNDIG__DICT_NONE) {
                return kundig__nomem(corpus->mem, err);
            }
            people_join(people, a, b);
        }
    }
    for (uint32_t name = 0; name < people->names.count; name++) {
        people->parents[name] = people_root(people->parents, name);
    }
    people->links = rows;
    return KUNDIG_OK;
}

/* The name of the person whom a name stands for. */
static kundig_text people_person(const kundig__people *people, kundig_text name)
{
    uint32_t code = kundig__dict_find(&people->names, name.data, name.len);
    return code == KUNDIG__DICT_NONE ? name
                                     : kundig__dict_text(&people->names, people->parents[code]);
}

/* ---- Rows ---- */

static bool people_reserve(kundig__mem *mem, uint32_t **array, size_t *capacity, size_t need)
{
    if (need <= *capacity) {
        return true;
    }
    size_t wanted = kundig__row_capacity(need);
    uint32_t *fresh =
        kundig__realloc(mem, *array, *capacity * sizeof *fresh, wanted * sizeof *fresh);
    if (fresh) {
        *array = fresh;
        *capacity = wanted;
    }
    return fresh != NULL;
}

static bool people_read_rows(kundig__corpus *corpus)
{
    kundig__people *people = &corpus->people;
    const kundig__dimension *customers = &corpus->dims[KUNDIG__DIM_CUSTOMER];
    if (!people_reserve(corpus->mem, &people->persons.codes, &people->persons.capacity,
                        corpus->rows) ||
        !people_reserve(corpus->mem, &people->person_of, &people->person_of_capacity,
                        customers->dict.count)) {
        return false;
    }
    for (; people->customers < customers->dict.count; people->customers++) {
        kundig_text name =
            people_person(people, kundig__dict_text(&customers->dict, people->customers));
        uint32_t person = kundig__dict_add(&people->persons.dict, name.data, name.len);
        if (person == KUNDIG__DICT_NONE) {
            return false;
        }
        people->person_of[people->customers] = person + 1;
    }
    for (; people->rows < corpus->rows; people->rows++) {
        uint32_t customer = customers->codes[people->rows];
        people->persons.codes[people->rows] = customer ? people->person_of[customer - 1] : 0;
    }
    return true;
}

int kundig__corpus_people(kundig__corpus *corpus, const kundig__dimension **out, kundig_error *err)
{
    kundig__people *people = &corpus->people;
    int rc = people_read_links(corpus, err);
    if (!rc && people->names.count && corpus->dims[KUNDIG__DIM_CUSTOMER].codes &&
        !people_read_rows(corpus)) {
        rc = kundig__nomem(corpus->mem, err);
    }
    if (rc) {
        people_forget(corpus);
        return rc;
    }
    *out = kundig__people_known(corpus);
    return KUNDIG_OK;
}

const kundig__dimension *kundig__people_known(const kundig__corpus *corpus)
{
    return corpus->people.persons.codes ? &corpus->people.persons
                                        : &corpus->dims[KUNDIG__DIM_CUSTOMER];
}

int kundig__person_name(kundig__corpus *corpus, kundig_text customer, kundig_text *out,
                        kundig_error *err)
{
    const kundig__dimension *people = NULL;
    int rc = kundig__corpus_people(corpus, &people, err);
    if (!rc) {
        *out = people_person(&corpus->people, customer);
    }
    return rc;
}

static int people_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__dict *names = ud;
    return kundig__text_order(kundig__dict_text(names, a), kundig__dict_text(names, b));
}

int kundig__person_names(kundig__corpus *corpus, kundig_text customer, kundig__arena *arena,
                         kundig_text **names, size_t *count, kundig_error *err)
{
    const kundig__people *people = &corpus->people;
    const kundig__dimension *known = NULL;
    size_t found = 0;
    int rc = kundig__corpus_people(corpus, &known, err);
    if (rc) {
        return rc;
    }
    uint32_t code = kundig__dict_find(&people->names, customer.data, customer.len);
    uint32_t person = code == KUNDIG__DICT_NONE ? code : people->parents[code];
    for (uint32_t name = 0; code != KUNDIG__DICT_NONE && name < people->names.count; name++) {
        found += people->parents[name] == person;
    }
    size_t most = found ? found : 1;
    kundig_text *list = kundig__arena_alloc(arena, most * sizeof *list);
    uint32_t *codes = kundig__alloc(corpus->mem, most * sizeof *codes);
    if (!list || !codes) {
        kundig__free(corpus->mem, codes, codes ? most * sizeof *codes : 0);
        return kundig__nomem(list ? corpus->mem : arena->mem, err);
    }
    list[0] = customer;
    for (uint32_t name = 0, at = 0; at < found; name++) {
        if (people->parents[name] == person) {
            codes[at++] = name;
        }
    }
    kundig__order_sort(codes, found, people_order, &people->names);
    for (size_t i = 0; i < most && !rc; i++) {
        /* Copies: the facts that they are found by may be forgotten. */
        list[i] = kundig__arena_text(arena,
                                     found ? kundig__dict_text(&people->names, codes[i]) : list[i]);
        rc = list[i].data ? KUNDIG_OK : kundig__nomem(arena->mem, err);
    }
    kundig__free(corpus->mem, codes, most * sizeof *codes);
    if (!rc) {
        *names = list;
        *count = most;
    }
    return rc;
}

const char *kundig__people_check(const kundig__corpus *corpus)
{
    const kundig__people *people = &corpus->people;
    const kundig__dimension *customers = &corpus->dims[KUNDIG__DIM_CUSTOMER];
    for (uint32_t name = 0; name < people->names.count; name++) {
        uint32_t person = people->parents[name];
        if (person >= people->names.count || people->parents[person] != person ||
            people_order(&people->names, person, name) > 0) {
            return "a name is linked to none that is less and stands for itself";
        }
    }
    if (people->rows > corpus->rows || people->rows > people->persons.capacity) {
        return "there are more persons than customers";
    }
    for (uint32_t row = 0; row < people->rows; row++) {
        kundig_text given = kundig__dimension_text(customers, row);
        kundig_text name = kundig__dimension_text(&people->persons, row);
        if (given.data ? !kundig__text_equal(name, people_person(people, given))
                       : name.data != NULL) {
            return "a row belongs to another person than its customer";
        }
    }
    return NULL;
}
