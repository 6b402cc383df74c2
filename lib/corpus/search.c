/* Searching comments: which rows hold the words.
 *
 * Rows are looked at in rounds; in a round each part takes a stretch of blocks with memory of its
 * own and sets a bit a row that holds the words. Bytes are looked at first (text/find_scan.c), and
 * only what they leave open is read. Where the handle masks, a comment that may hold the words is
 * masked and read as it is shown, so a search never tells of what a mask hides.
 * Invariant: the bits depend on neither rounds nor parts.
 * Cost: one pass over the comments' bytes, 10 ns a row; reading, at 100 to 300 MB/s, of those that
 * looking leaves open, masking as well where the handle masks; then what showing.c costs a row
 * shown. */
#include "base/os.h"
#include "corpus/comments.h"
#include "text/personal.h"

/* Blocks of rows a part in a round; a block fills whole words of bits. */
#ifdef KUNDIG_TINY
#define SEARCH_BLOCK  64u
#define SEARCH_BLOCKS 1u
#else
#define SEARCH_BLOCK  KUNDIG__GROUP_BLOCK
#define SEARCH_BLOCKS 8u
#endif

typedef struct search_part {
    kundig__mem mem;
    kundig__finder finder;
    kundig__personal personal;
    kundig__buf masked;
    uint32_t first; /* rows [first, end) of this round; first is a block's */
    uint32_t end;
    int error;
} search_part;

typedef struct search_job {
    const kundig__corpus *corpus;
    const kundig__grouping *grouping;
    const kundig__find *find;
    search_part *parts;
    uint64_t *bits;
} search_job;

/* Does the row hold the words? */
static bool search_row(const search_job *job, search_part *part, uint32_t row)
{
    kundig_text text = kundig__corpus_text(job->corpus, row);
    uint32_t mask = job->corpus->context->mask;
    bool met = false;
    if (!text.data) {
        return false;
    }
    int look = kundig__find_look(job->find, text.data, text.len);
    if (look == KUNDIG__FIND_NO || (look == KUNDIG__FIND_YES && !mask)) {
        return look == KUNDIG__FIND_YES;
    }
    if (mask) {
        part->masked.len = 0;
        part->error = kundig__personal_find(&part->personal, text.data, text.len, mask);
        if (part->error) {
            return false;
        }
        kundig__personal_mask(&part->personal, text.data, text.len, &part->masked);
        if (part->masked.failed) {
            part->error = KUNDIG_E_NOMEM;
            return false;
        }
        text = (kundig_text){part->masked.data ? part->masked.data : "", part->masked.len};
    }
    part->error = kundig__finder_read(&part->finder, job->find, text.data, text.len, false, &met);
    return met && !part->error;
}

static void search_work(void *ud, uint32_t index)
{
    const search_job *job = ud;
    search_part *part = &job->parts[index];
    uint32_t groups[SEARCH_BLOCK];
    for (uint32_t first = part->first; first < part->end; first += SEARCH_BLOCK) {
        uint32_t count = part->end - first < SEARCH_BLOCK ? part->end - first : SEARCH_BLOCK;
        kundig__grouping_rows(job->grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count && !part->error; i++) {
            uint32_t row = first + i;
            if (groups[i] != KUNDIG__NO_GROUP && search_row(job, part, row)) {
                job->bits[row / 64] |= UINT64_C(1) << row % 64;
            }
        }
    }
}

static int search_rounds(search_job *job, uint32_t part_count, kundig_error *err)
{
    const kundig__corpus *corpus = job->corpus;
    uint32_t width = SEARCH_BLOCK * SEARCH_BLOCKS;
    int rc = KUNDIG_OK;
    for (uint64_t first = 0; first < corpus->rows && !rc; first += (uint64_t)width * part_count) {
        for (uint32_t i = 0; i < part_count; i++) {
            uint64_t from = first + (uint64_t)width * i;
            uint64_t end = from + width;
            job->parts[i].first = (uint32_t)(from < corpus->rows ? from : corpus->rows);
            job->parts[i].end = (uint32_t)(end < corpus->rows ? end : corpus->rows);
        }
        rc = kundig__progress(corpus->context, first, corpus->rows, err);
        if (rc) {
            break;
        }
        kundig__fork_join(part_count, search_work, job);
        for (uint32_t i = 0; i < part_count && !rc; i++) {
            if (job->parts[i].error) {
                corpus->mem->limit_hit = job->parts[i].mem.limit_hit;
                rc = kundig__nomem(corpus->mem, err);
            }
        }
    }
    return rc;
}

static int search_bits(search_job *job, kundig_error *err)
{
    kundig__mem *mem = job->corpus->mem;
    uint32_t most = job->corpus->rows / (SEARCH_BLOCK * SEARCH_BLOCKS) + 1;
    uint32_t threads = job->corpus->context->threads;
    uint32_t count = threads < most ? threads : most;
    job->parts = kundig__alloc_zero(mem, count * sizeof *job->parts);
    if (!job->parts) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < count; i++) {
        search_part *part = &job->parts[i];
        kundig__mem_lend(mem, &part->mem, count, i);
        kundig__finder_init(&part->finder, &part->mem);
        kundig__personal_init(&part->personal, &part->mem);
        kundig__buf_init(&part->masked, &part->mem);
    }
    int rc = search_rounds(job, count, err);
    for (uint32_t i = 0; i < count; i++) {
        search_part *part = &job->parts[i];
        kundig__finder_free(&part->finder);
        kundig__personal_free(&part->personal);
        kundig__buf_free(&part->masked);
        kundig__mem_take_back(mem, &part->mem);
    }
    kundig__free(mem, job->parts, count * sizeof *job->parts);
    return rc;
}

static int search_list(const search_job *job, kundig__comments *list, size_t limit,
                       kundig_error *err)
{
    int rc = KUNDIG_OK;
    for (uint32_t word = 0; word < job->corpus->rows / 64 + 1 && !rc; word++) {
        uint64_t bits = job->bits[word];
        for (uint32_t i = 0; bits && !rc; i++, bits >>= 1) {
            if (bits & 1) {
                rc = kundig__comments_take(list, word * 64 + i, limit, err);
            }
        }
    }
    return rc;
}

int kundig__corpus_search(kundig__corpus *corpus, kundig_text text, const kundig_query *query,
                          size_t limit, kundig_table **out, kundig_error *err)
{
    kundig__mem *mem = corpus->mem;
    kundig__grouping *grouping = NULL;
    kundig__find *find = NULL;
    kundig__comments list = {.corpus = corpus};
    search_job job = {.corpus = corpus};
    size_t words = (size_t)corpus->rows / 64 + 1;
    int rc = kundig__find_new(mem, text.data, text.len, corpus->context->mask != 0, &find, err);
    rc = rc ? rc : kundig__comments_grouping(corpus, query, &grouping, err);
    if (!rc) {
        job.find = find;
        job.grouping = grouping;
        job.bits = kundig__alloc_zero(mem, words * sizeof *job.bits);
        rc = job.bits ? search_bits(&job, err) : kundig__nomem(mem, err);
    }
    rc = rc ? rc : search_list(&job, &list, limit, err);
    rc = rc ? rc : kundig__comments_show(&list, query, find, out, err);
    kundig__free(mem, job.bits, job.bits ? words * sizeof *job.bits : 0);
    kundig__comments_free(&list);
    kundig__grouping_free(grouping);
    kundig__find_free(find);
    return rc;
}
