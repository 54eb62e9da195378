/* SPDX-License-Identifier: MIT
 *
 * Chunks and threads, and rows in an order gathered for kernels that know of none.
 */
#include "kernels/pass.h"

#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "base/parallel/stealing.h"
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "data/precision.h"
#include "kernels/phases.h"
#include "kernels/variants.h"

#include <assert.h>
#include <string.h>

struct pass {
    const struct kernel_problem *problem;
    size_t rows; /* at most */
    bool gathers;
    int threads;
    const struct entry *variant; /* of the kernel; NULL: it has none */
    struct stealing *stealing;   /* who sums which chunk */
    size_t stride;               /* doubles from one chunk's sums to the next: whole cache lines */
    double *partial;             /* (chunks, stride) */
    size_t scratch;              /* doubles of workspace a thread */
    double *scratches;           /* (threads, scratch) */
    double *residuals;           /* (rows of the data), or NULL: not wanted */
    double *gathered;            /* (branches of all ranks, length of the sums), or NULL */
};

/* Doubles that `count` gathered rows take: copies of dense rows and their labels; of sparse rows
 * labels and places, which are as wide as doubles. */
static size_t gathered_length(const struct dataset *data, size_t count)
{
    _Static_assert(sizeof(size_t) <= sizeof(double), "places are stored among doubles");
    if (dataset_is_sparse(data))
        return 3 * memory_apart(count);
    if (dataset_is_stored(data))
        return memory_apart(stored_doubles(data, count)) + memory_apart(count);
    return memory_apart(count * data->features) + memory_apart(count);
}

/* A thread's workspace: the kernel's and, where rows are gathered, these and their labels. */
static size_t scratch_length(const struct kernel_problem *problem, size_t rows, bool gathers)
{
    size_t longest = chunk_longest(problem->data, rows);
    size_t gathered = gathers ? gathered_length(problem->data, longest) : 0;
    return memory_apart(problem->pass->scratch(longest, problem->data->features, problem->models)) +
           gathered;
}

/* Of rows that do not count for a model there are two sums more. */
static size_t length_of(const struct kernel_problem *problem, size_t models)
{
    return pass_sums_length(problem->data->features, models) +
           (problem->left != NULL ? 2 * models : 0);
}

static struct pass_sums sums_at(const struct kernel_problem *problem, double *block, size_t models)
{
    const size_t d = problem->data->features;
    struct pass_sums sums = pass_sums_at(block, d, models);
    if (problem->left != NULL) {
        sums.heldout_loss = block + pass_sums_length(d, models);
        sums.heldout_correct = sums.heldout_loss + models;
    }
    return sums;
}

static size_t sums_length(const struct kernel_problem *problem)
{
    return length_of(problem, problem->models);
}

static size_t sums_stride(const struct kernel_problem *problem)
{
    return memory_apart(sums_length(problem) + AGREEMENT_NOTES);
}

/* No more than there are chunks for. */
static int threads_for(const struct kernel_problem *problem, size_t rows)
{
    return threads_for_shares(problem->threads, chunking_of(problem->data, rows).count);
}

/* Doubles for the branches of all ranks (chunks.h), where a rank has several. */
static size_t branches_length(const struct kernel_problem *problem, size_t rows)
{
    const struct chunking cut = chunking_of(problem->data, rows);
    const struct chunk_branches branches = chunking_branches(&cut);
    return branches.count > 1 ? branches.all * sums_length(problem) : 0;
}

struct variant_case pass_case(const struct kernel_problem *problem, size_t rows)
{
    return variant_case_of(problem->pass, rows, problem->data->features,
                           dataset_width(problem->data), problem->models,
                           threads_for(problem, rows));
}

/* Rows that were just copied lie in a cache: there is nothing to choose. */
static const struct entry *variant_for(const struct kernel_problem *problem, size_t rows,
                                       bool gathers)
{
    const struct table *variants = problem->pass->variants;
    const struct variant_case what = pass_case(problem, rows);
    return variants != NULL && gathers ? variants->entries[0] : variant_of(&what);
}

struct pass *pass_create(const struct kernel_problem *problem, size_t rows, bool gathers)
{
    size_t chunks = chunking_of(problem->data, rows).count;
    struct pass *pass = memory_allocate(1, sizeof *pass);
    pass->problem = problem;
    pass->rows = rows;
    pass->gathers = gathers;
    pass->threads = threads_for(problem, rows);
    pass->variant = variant_for(problem, rows, gathers);
    pass->stealing = stealing_create(pass->threads);
    pass->stride = sums_stride(problem);
    pass->partial = memory_allocate_untouched(chunks * pass->stride, sizeof(double));
    pass->scratch = scratch_length(problem, rows, gathers);
    pass->scratches =
        memory_allocate_untouched((size_t)pass->threads * pass->scratch, sizeof(double));
    if (branches_length(problem, rows) > 0)
        pass->gathered = memory_allocate_untouched(branches_length(problem, rows), sizeof(double));
    return pass;
}

void pass_free(struct pass *pass)
{
    if (pass == NULL)
        return;
    stealing_free(pass->stealing);
    memory_free(pass->partial);
    memory_free(pass->scratches);
    memory_free(pass->gathered);
    memory_free(pass);
}

const struct entry *pass_variant(const struct pass *pass)
{
    return pass->variant;
}

bool pass_keep_residuals(struct pass *pass, double *residuals)
{
    const bool keeps = pass->problem->pass->keeps_residuals && pass->problem->models == 1;
    pass->residuals = keeps ? residuals : NULL;
    return pass->residuals != NULL;
}

double pass_bytes(const struct kernel_problem *problem, size_t rows, bool gathers)
{
    size_t chunks = chunking_of(problem->data, rows).count;
    double sums = (double)chunks * (double)sums_stride(problem);
    double scratch =
        (double)threads_for(problem, rows) * (double)scratch_length(problem, rows, gathers);
    return stealing_bytes(threads_for(problem, rows)) +
           sizeof(double) * (sums + scratch + (double)branches_length(problem, rows));
}

/* Dense rows picked by an order, copied side by side so that every kernel may assume they are. */
static void gather_dense(const struct dataset *data, const uint32_t *order,
                         struct dataset *gathered, double *scratch)
{
    size_t d = data->features;
    gathered->X = scratch;
    gathered->y = scratch + memory_apart(gathered->rows * d);
    for (size_t i = 0; i < gathered->rows; i++) {
        dataset_rows(data, order[i], 1, gathered->X + i * d);
        gathered->y[i] = data->y[order[i]];
    }
}

/* The same of rows that are stored in fewer bits, and that training sees nothing else of. */
static void gather_stored(const struct dataset *data, const uint32_t *order,
                          struct dataset *gathered, double *scratch)
{
    gathered->stored = data->stored;
    gathered->stored.values = scratch;
    gathered->y = scratch + memory_apart(stored_doubles(data, gathered->rows));
    stored_gather(data, order, gathered->rows, scratch);
    for (size_t i = 0; i < gathered->rows; i++)
        gathered->y[i] = data->y[order[i]];
}

/* Sparse rows stay where they are: a set knows of each row where it begins and ends. */
static void gather_sparse(const struct dataset *data, const uint32_t *order,
                          struct dataset *gathered, double *scratch)
{
    size_t length = memory_apart(gathered->rows);
    gathered->columns = data->columns;
    gathered->values = data->values;
    gathered->stored = data->stored;
    gathered->y = scratch;
    gathered->starts = (size_t *)(void *)(scratch + length);
    gathered->ends = (size_t *)(void *)(scratch + 2 * length);
    for (size_t i = 0; i < gathered->rows; i++) {
        gathered->y[i] = data->y[order[i]];
        gathered->starts[i] = data->starts[order[i]];
        gathered->ends[i] = data->ends[order[i]];
    }
}

/* `count` rows in an order as a set of their own. */
static struct dataset gather(const struct dataset *data, const uint32_t *order, size_t count,
                             double *scratch)
{
    struct dataset gathered = {
        .rows = count,
        .features = data->features,
        .class_weights = {data->class_weights[0], data->class_weights[1]},
    };
    (dataset_is_sparse(data)   ? gather_sparse
     : dataset_is_stored(data) ? gather_stored
                               : gather_dense)(data, order, &gathered, scratch);
    return gathered;
}

/* One run, as its chunks see it. It lies on the stack of the thread that began it, but not on a
 * line with anything that this thread writes while the others read: they would wait for the line
 * again and again. */
struct pass_run {
    _Alignas(MEMORY_ALIGNMENT) const struct pass *pass;
    struct models models;
    const uint32_t *order; /* or NULL */
    size_t row_begin, row_end;
    struct chunking cut;
    struct chunk_branches branches;
    size_t length; /* of a chunk's sums in use */
};

/* Adds the sums over rows by the pass's variant of its kernel. */
static void sum_rows(const struct pass *pass, const struct dataset *data, size_t begin, size_t end,
                     const struct models *models, const struct pass_sums *sums, double *scratch)
{
    const struct kernel *kernel = pass->problem->pass;
    if (pass->variant != NULL)
        kernel->pass_by(pass->variant, data, begin, end, models, sums, scratch);
    else
        kernel->pass(data, begin, end, models, sums, scratch);
}

static void sum_chunk(const struct pass_run *run, size_t chunk, double *scratch)
{
    const struct pass *pass = run->pass;
    const struct dataset *data = pass->problem->data;
    size_t begin = run->row_begin + chunking_begin(&run->cut, chunk);
    size_t end = run->row_begin + chunking_begin(&run->cut, chunk + 1);
    double *block = pass->partial + chunk * pass->stride;
    memset(block, 0, run->length * sizeof *block);
    struct pass_sums sums = sums_at(pass->problem, block, run->models.count);
    if (run->order == NULL) {
        sums.residuals = pass->residuals;
        sum_rows(pass, data, begin, end, &run->models, &sums, scratch);
        return;
    }
    size_t count = end - begin;
    struct dataset gathered = gather(data, run->order + begin, count, scratch);
    scratch += gathered_length(data, count);
    sum_rows(pass, &gathered, 0, count, &run->models, &sums, scratch);
}

static void run_serially(const struct pass_run *run)
{
    for (size_t chunk = 0; chunk < run->cut.count; chunk++)
        sum_chunk(run, chunk, run->pass->scratches);
    phase_share(PHASE_PASS);
    chunks_add_branches(run->pass->partial, run->pass->stride, &run->branches, run->length);
    phase_lap(PHASE_REDUCE);
}

/* Chunks go to threads in contiguous shares, and from one that is slow to the others: sums are kept
 * by chunk, so that whoever made them, they are added in the same order. */
static void run_in_parallel(const struct pass_run *run, int threads)
{
    struct stealing *stealing = run->pass->stealing;
    stealing_begin(stealing, run->cut.count, threads);
#pragma omp parallel num_threads(threads)
    {
        threads_enter();
        phases_enter();
        double *scratch = run->pass->scratches + (size_t)threads_current() * run->pass->scratch;
        struct stealing_turn turn = stealing_enter(stealing, threads_current());
        bool works = false;
        for (size_t chunk; stealing_take(stealing, &turn, &chunk); works = true)
            sum_chunk(run, chunk, scratch);
        if (works) /* it may have come when others had done all */
            phase_share(PHASE_PASS);
#pragma omp barrier
        phase_lap(PHASE_WAIT);
        chunks_add_branches(run->pass->partial, run->pass->stride, &run->branches, run->length);
        phase_lap(PHASE_REDUCE);
    }
}

void agreement_sum(const struct ranks *ranks, struct agreement *agreement, double *sums,
                   size_t length)
{
    size_t notes = agreement != NULL ? AGREEMENT_NOTES : 0;
    for (size_t i = 0; i < notes; i++)
        sums[length + i] = agreement->said[i];
    ranks_allreduce(ranks, sums, length + notes);
    for (size_t i = 0; i < notes; i++)
        agreement->heard[i] = sums[length + i];
    phase_lap(PHASE_EXCHANGE);
}

/* The sums over all ranks, in one block. Where they were gathered, the notes of ranks follow. */
static double *sum_over_ranks(const struct pass_run *run)
{
    const struct pass *pass = run->pass;
    const struct ranks *ranks = pass->problem->data->ranks;
    struct agreement *agreement = pass->problem->agreement;
    double notes[AGREEMENT_NOTES];
    if (run->branches.count == 1) {
        agreement_sum(ranks, agreement, pass->partial, run->length);
        return pass->partial;
    }
    chunks_gather(ranks, pass->partial, pass->stride, &run->branches, run->length, pass->gathered);
    agreement_sum(ranks, agreement, notes, 0);
    return pass->gathered;
}

struct pass_sums pass_run(struct pass *pass, const uint32_t *order, size_t row_begin,
                          size_t row_end, const struct models *models)
{
    const struct dataset *data = pass->problem->data;
    assert(models->count <= pass->problem->models && row_end - row_begin <= pass->rows);
    assert(order == NULL || pass->gathers);
    struct pass_run run = {
        .pass = pass,
        .models = *models,
        .order = order,
        .row_begin = row_begin,
        .row_end = row_end,
        .cut = chunking_of(data, row_end - row_begin),
        .length = length_of(pass->problem, models->count),
    };
    if (pass->problem->left != NULL) {
        assert(order == NULL && pass->problem->pass->leaves_parts);
        run.models.row_parts = pass->problem->left->row_parts;
        run.models.parts = pass->problem->left->parts;
    }
    run.branches = chunking_branches(&run.cut);
    int threads = threads_for_shares(pass->threads, run.cut.count);
    phases_fork(threads);
    if (threads == 1)
        run_serially(&run);
    else
        run_in_parallel(&run, threads);
    phases_join();
    double *sums = pass->partial;
    if (data->ranks != NULL && order == NULL && row_end - row_begin == pass->rows)
        sums = sum_over_ranks(&run);
    phases_count_pass(pass->problem->pass, data, row_end - row_begin, models->count, order == NULL);
    phases_count_sums(run.cut.count, run.length);
    return sums_at(pass->problem, sums, models->count);
}
