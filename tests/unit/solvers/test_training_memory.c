/* SPDX-License-Identifier: MIT
 *
 * Memory counted is memory taken: training_bytes() is compared with the most that was allocated at
 * a time while training, for every solver, on data of many shapes, dense and sparse, with rows held
 * out, for one model and for several. The allocations of base/memory.h come here (ld --wrap).
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/sources/describe.h"
#include "fixture.h"
#include "solvers/solver.h"

#include <malloc.h>

void *__real_memory_allocate(size_t count, size_t size);
void *__real_memory_allocate_untouched(size_t count, size_t size);
void *__real_memory_resize(void *old, size_t count, size_t size);
void *__real_memory_grow(void *old, size_t *capacity, size_t needed, size_t size);
char *__real_memory_copy_text(const char *text);
void __real_memory_free(void *block);

void *__wrap_memory_allocate(size_t count, size_t size);
void *__wrap_memory_allocate_untouched(size_t count, size_t size);
void *__wrap_memory_resize(void *old, size_t count, size_t size);
void *__wrap_memory_grow(void *old, size_t *capacity, size_t needed, size_t size);
char *__wrap_memory_copy_text(const char *text);
void __wrap_memory_free(void *block);

static double taken, most; /* bytes: now, and at a time */

static void *add(void *block)
{
    taken += block != NULL ? (double)malloc_usable_size(block) : 0.0;
    most = taken > most ? taken : most;
    return block;
}

static void *drop(void *block)
{
    taken -= block != NULL ? (double)malloc_usable_size(block) : 0.0;
    return block;
}

void *__wrap_memory_allocate(size_t count, size_t size)
{
    return add(__real_memory_allocate(count, size));
}

void *__wrap_memory_allocate_untouched(size_t count, size_t size)
{
    return add(__real_memory_allocate_untouched(count, size));
}

void *__wrap_memory_resize(void *old, size_t count, size_t size)
{
    return add(__real_memory_resize(drop(old), count, size));
}

void *__wrap_memory_grow(void *old, size_t *capacity, size_t needed, size_t size)
{
    return add(__real_memory_grow(drop(old), capacity, needed, size));
}

char *__wrap_memory_copy_text(const char *text)
{
    return add(__real_memory_copy_text(text));
}

void __wrap_memory_free(void *block)
{
    __real_memory_free(drop(block));
}

/* --- The check ------------------------------------------------------------------------------ */

enum {
    SMALL = 24 * 1024, /* traces, digests, and what each block is rounded up by */
    A_MODEL = 2 * 1024 /* its configuration, and where its trial begins */
};

/* The estimate covers what was allocated since `most` was 0, and is not much above it. */
static void check_counted(const char *what, double counted)
{
    if (counted + (double)SMALL < most || counted > 1.1 * most + (double)SMALL)
        fail_msg("%s: %.0f bytes were counted, %.0f taken", what, counted, most);
}

/* Epochs enough that all is taken that will be. */
static void check(const struct dataset *data, const char *words, size_t models)
{
    struct configuration configuration = configured(words);
    const struct configuration *configurations[64];
    const struct training_hooks hooks = {0};
    struct trial trials[64];
    for (size_t i = 0; i < models; i++)
        configurations[i] = &configuration;
    double counted = training_bytes(data, &configuration, models, models > 1);
    taken = most = 0.0;
    training_run(data, configurations, models, &hooks, trials);
    double small = (double)SMALL + (double)A_MODEL * (double)models;
    if (counted + small < most || counted > 1.1 * most + small)
        fail_msg("%s, %zu models, (%zu, %zu)%s%s: %.0f bytes were counted, %.0f taken", words,
                 models, data->rows, data->features, dataset_is_sparse(data) ? " sparse" : "",
                 data->heldout != NULL ? " with rows held out" : "", counted, most);
    for (size_t i = 0; i < models; i++)
        trial_clear(&trials[i]);
}

/* On 1 and on 7 threads, of which small data have no use for all. */
static void check_solver(const struct dataset *data, const struct solver *solver, size_t models)
{
    static const char *const more[] = {"threads=1", "threads=7 batch=64 shuffle=none",
                                       "threads=3 batch=1 memory=3 workers=3 schedule=inverse"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        char words[256];
        snprintf(words, sizeof words, "solver=%s epochs=2 lambda=0.1 rate=0.001 %s",
                 solver->entry.name, more[i]);
        check(data, words, models);
    }
}

static void check_solvers(const struct dataset *data)
{
    static const size_t models[] = {1, 33};
    for (size_t i = 0; i < solver_table.count; i++)
        for (size_t j = 0; j < sizeof models / sizeof *models; j++) {
            const struct solver *solver = solver_of(solver_table.entries[i]);
            if (models[j] == 1 || !solver->alone)
                check_solver(data, solver, models[j]);
        }
}

static void what_is_counted_is_what_is_taken(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{64, 1}, {2000, 3}, {300, 130}, {9, 999}, {9, 1300}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct dataset *dense = random_data(shapes[i][0], shapes[i][1]);
        struct dataset *sparse = thinned(dense);
        check_solvers(dense);
        check_solvers(sparse);
        dataset_free(sparse);
        dataset_free(dense);
    }
}

static void rows_held_out_are_counted(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 40);
    data->heldout = random_data(200, 40);
    check_solvers(data);
    dataset_free(data);
}

/* Where there are more than a thousand features, H is never formed. */
static void newton_on_wide_data_takes_little(void **state)
{
    (void)state;
    struct dataset *data = dataset_create_sparse(4, 60000, 8, true);
    for (size_t i = 0; i < 4; i++) {
        data->columns[2 * i] = (uint32_t)i;
        data->columns[2 * i + 1] = 59999;
        data->values[2 * i] = data->values[2 * i + 1] = 1.0;
        data->starts[i + 1] = 2 * i + 2;
        data->y[i] = i % 2 == 1;
    }
    check(data, "solver=newton epochs=3 lambda=0.1", 1);
    struct configuration newton = configured("solver=newton lambda=0.1");
    assert_true(training_bytes(data, &newton, 1, false) < 20e6);
    dataset_free(data);
}

/* Data, what is known of their features, and fitting their scale. */
static void sets_are_counted_as_well(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{100000, 3}, {500, 900}, {3, 100000}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t n = shapes[i][0], d = shapes[i][1];
        taken = most = 0.0;
        struct dataset *data = dataset_create(n, d, true);
        check_counted("a dense set", dataset_bytes(n, d));
        memset(data->X, 0, n * d * sizeof *data->X);
        taken = most = 0.0;
        memory_free(describe_features(data, 1));
        check_counted("the summaries of its features", describe_bytes(data));
        dataset_free(data);
        taken = most = 0.0;
        data = dataset_create_sparse(n, d, 5 * n, true);
        check_counted("a sparse set", dataset_bytes_sparse(n, 5 * n));
        dataset_free(data);
    }
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_counted_is_what_is_taken),
        cmocka_unit_test(rows_held_out_are_counted),
        cmocka_unit_test(newton_on_wide_data_takes_little),
        cmocka_unit_test(sets_are_counted_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
