/* SPDX-License-Identifier: MIT
 *
 * The child's threads of OpenMP sleep while they wait (OMP_WAIT_POLICY=passive): so one that works
 * is told from one that spins. That changes no bits.
 */
#include "programs/blas/blas_behaviour.h"

#include <string.h>

enum { ENTRIES_MOST = 1 << 19, ERROR_ROWS = 20000, CALLERS = 4 };

const struct blas_operation *blas_operation_at(size_t index)
{
    return (const void *)blas_operation_table.entries[index];
}

/* What is looked for the first of. */
struct size_search {
    struct blas_process *process;
    const struct blas_operation *operation;
    struct blas_shape shape; /* but for the rows that are looked at */
    int threads;
    bool (*holds)(const struct size_search *search, bool *yes, struct error *error);
};

static bool look(const struct size_search *search, size_t rows, bool *yes, struct error *error)
{
    const struct blas_shape shape = {rows, search->shape.columns, search->shape.models, rows};
    return blas_ask_operands(search->process, search->operation, shape, error) &&
           search->holds(search, yes, error);
}

/* It holds at `high` and not at `low`. */
static bool halve(const struct size_search *search, size_t low, size_t high, size_t *rows,
                  struct error *error)
{
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        bool yes = false;
        if (!look(search, middle, &yes, error))
            return false;
        *(yes ? &high : &low) = middle;
    }
    *rows = high;
    return true;
}

/* The least number of rows from `least` on at which it holds, if it holds from there on. */
static bool first_rows(const struct size_search *search, size_t least, size_t most, size_t *rows,
                       struct error *error)
{
    size_t low = least - 1, high = least;
    bool yes = false;
    while (look(search, high, &yes, error)) {
        if (yes)
            return halve(search, low, high, rows, error);
        if (high == most)
            return true;
        low = high;
        high = 2 * high < most ? 2 * high : most;
    }
    return false;
}

static bool forks(const struct size_search *search, bool *yes, struct error *error)
{
    int threads = 0;
    const bool counted = blas_ask_threads(search->process, &threads, error);
    *yes = threads > 1;
    return counted;
}

static bool changes_bits(const struct size_search *search, bool *yes, struct error *error)
{
    char one[DIGEST_TEXT], all[DIGEST_TEXT];
    bool repeats;
    if (!blas_ask_use(search->process, 1, error) ||
        !blas_ask_digest(search->process, one, &repeats, error) ||
        !blas_ask_use(search->process, search->threads, error) ||
        !blas_ask_digest(search->process, all, &repeats, error))
        return false;
    *yes = strcmp(one, all) != 0;
    return true;
}

static bool find_error(const struct size_search *search, struct blas_call *call,
                       struct error *error)
{
    struct blas_shape shape = search->shape;
    call->error_rows = shape.rows < ERROR_ROWS ? shape.rows : ERROR_ROWS;
    shape.rows = shape.block = call->error_rows;
    return blas_ask_operands(search->process, search->operation, shape, error) &&
           blas_ask_error(search->process, &call->error, error);
}

/* The search for threads ends with the operands of the most rows, or not far from them. */
static bool find_threads(struct size_search *search, struct blas_call *call, struct error *error)
{
    bool yes = false;
    search->holds = forks;
    return first_rows(search, 1, call->rows_most, &call->forks_from, error) &&
           look(search, call->rows_most, &yes, error) &&
           blas_ask_threads(search->process, &call->threads, error);
}

/* A call that uses one thread has the bits of one. */
static bool find_sizes(struct size_search *search, struct blas_call *call, struct error *error)
{
    const struct blas_shape own = blas_shape_for(search->operation, search->shape);
    call->rows_most = ENTRIES_MOST / (own.columns * own.models) + 1;
    if (!find_threads(search, call, error))
        return false;
    search->holds = changes_bits;
    return call->forks_from == 0 ||
           first_rows(search, call->forks_from, call->rows_most, &call->bits_from, error);
}

static bool find_call(struct size_search *search, struct blas_call *call, struct error *error)
{
    call->threads = 1;
    return blas_ask_use(search->process, search->threads, error) &&
           find_error(search, call, error) &&
           (search->threads == 1 || find_sizes(search, call, error));
}

static bool find_all(struct size_search *search, struct blas_behaviour *behaviour,
                     struct error *error)
{
    bool found = blas_ask_alone(search->process, search->shape, &behaviour->alone, error) &&
                 blas_ask_together(search->process, CALLERS, &behaviour->together_wrong,
                                   &behaviour->together_calls, error) &&
                 blas_ask_specials(search->process, behaviour->specials, error);
    for (size_t i = 0; i < BLAS_OPERATIONS && found; i++) {
        search->operation = blas_operation_at(i);
        found = find_call(search, &behaviour->calls[i], error);
    }
    return found;
}

bool blas_behaviour_find(const char *program, const char *path, struct blas_shape shape,
                         int threads, struct blas_behaviour *behaviour, struct error *error)
{
    struct size_search search = {.shape = shape, .threads = threads};
    *behaviour = (struct blas_behaviour){0};
    search.process = blas_process_start(program, path, true, error);
    const bool found = search.process != NULL && find_all(&search, behaviour, error);
    blas_process_stop(search.process);
    return found;
}
