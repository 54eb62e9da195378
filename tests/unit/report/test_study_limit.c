/* SPDX-License-Identifier: MIT
 *
 * Kernels that are made to be slow for one cause each, from training through the store to the words
 * of the diagnosis. Their work takes time on a virtual clock alone.
 */
#include "report/scaling/study_limit.h"

#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "report/scaling/studies.h"
#include "store_fixture.h"
#include "virtual_clock.h"

#include <sched.h>
#include <string.h>

enum { ROWS = 20000, FEATURES = 20 };

static const double row_seconds = 1e-6; /* of a row on one thread */

static size_t no_scratch(size_t rows, size_t features, size_t models)
{
    (void)rows, (void)features, (void)models;
    return 0;
}

/* On this clock a chunk takes no time of its thread, which could then take those of the others,
 * too. So each thread takes one, and waits until all have: each has its own share. */
static void keep_pace(void)
{
    static unsigned arrived;
    unsigned threads = (unsigned)omp_get_num_threads(), ticket, now = 0;
    if (threads == 1)
        return;
#pragma omp atomic capture
    ticket = arrived++;
    while (now < (ticket / threads + 1) * threads) {
        sched_yield();
#pragma omp atomic read
        now = arrived;
    }
}

/* Rows of the first half take three times as long. */
static void pass_imbalanced(const struct dataset *data, size_t row_begin, size_t row_end,
                            const struct models *models, const struct pass_sums *sums,
                            double *scratch)
{
    (void)models, (void)sums, (void)scratch;
    keep_pace();
    for (size_t i = row_begin; i < row_end; i++)
        virtual_work(row_seconds * (i < data->rows / 2 ? 3.0 : 1.0));
}

/* As with a lock that one thread has at a time: while it works, so it seems, the others do. */
static void pass_serial(const struct dataset *data, size_t row_begin, size_t row_end,
                        const struct models *models, const struct pass_sums *sums, double *scratch)
{
    (void)data, (void)models, (void)sums, (void)scratch;
    keep_pace();
    virtual_work(row_seconds * (double)(row_end - row_begin) * omp_get_num_threads());
}

static void pass_balanced(const struct dataset *data, size_t row_begin, size_t row_end,
                          const struct models *models, const struct pass_sums *sums,
                          double *scratch)
{
    (void)data, (void)models, (void)sums, (void)scratch;
    keep_pace();
    virtual_work(row_seconds * (double)(row_end - row_begin));
}

static double no_work(struct problem_size problem)
{
    (void)problem;
    return 0.0;
}

static const struct kernel imbalanced = {.entry = {"imbalanced", "uneven rows"},
                                         .takes = TAKES_DENSE,
                                         .pass = pass_imbalanced,
                                         .scratch = no_scratch,
                                         .flops = no_work,
                                         .bytes = no_work};
static const struct kernel serial = {.entry = {"serial", "one thread at a time"},
                                     .takes = TAKES_DENSE,
                                     .pass = pass_serial,
                                     .scratch = no_scratch,
                                     .flops = no_work,
                                     .bytes = no_work};
static const struct kernel balanced = {.entry = {"balanced", "even rows"},
                                       .takes = TAKES_DENSE,
                                       .pass = pass_balanced,
                                       .scratch = no_scratch,
                                       .flops = no_work,
                                       .bytes = no_work};
static const struct kernel at_limit = {.entry = {"at-limit", "as fast as it is read"},
                                       .takes = TAKES_DENSE,
                                       .pass = pass_balanced,
                                       .scratch = no_scratch,
                                       .flops = no_work,
                                       .bytes = bytes_one_reading};

/* A trial with that kernel on so many threads, recorded as one of a configuration of the store that
 * is like it but for the kernel, which the store does not know. */
static void train(struct store *store, const struct dataset *data, int64_t data_id,
                  const struct kernel *kernel, int threads)
{
    char words[64];
    struct error error = {0};
    struct trial trial;
    int64_t id, machine;
    snprintf(words, sizeof words, "solver=gd rate=0.1 epochs=5 threads=%d", threads);
    struct configuration recorded = configured(words), own = recorded;
    const struct configuration *one = &own;
    own.kernel = &kernel->entry;
    const struct training_hooks hooks = {.phases = true};
    virtual_clock_begin();
    training_run(data, &one, 1, &hooks, &trial);
    clock_replace(NULL);
    assert_done(store_add_machine(store, "{}", &machine, &error), &error);
    assert_done(store_add_configuration(store, data_id, "d", &recorded, &id, &error), &error);
    const struct trial_origin origin = {{id, 0, 1}, 1, machine, 1, NULL, NULL, {0}};
    assert_done(store_add_trial(store, &origin, &trial, &error), &error);
    trial_clear(&trial);
}

/* Ceilings that allow so much of a balanced pass: bytes over row_seconds. */
static void add_ceilings(struct store *store, int threads, double share)
{
    struct error error = {0};
    struct ceilings ceilings = {.threads = threads, .read_count = 1, .gemm_rate = 1e12};
    double bytes = 8.0 * (FEATURES + 1);
    ceilings.reads[0] = (struct read_ceiling){1e9, bytes / row_seconds / share * threads, 0};
    assert_done(store_add_ceilings(store, 1, &ceilings, &error), &error);
}

static struct diagnosis diagnosed(const char *folder, const struct kernel *kernel, double share)
{
    struct error error = {0};
    struct results results = {0};
    struct studies studies = {0};
    struct dataset *data = random_data(ROWS, FEATURES);
    struct store *store = opened_to_write(folder);
    int64_t data_id, ids[2];
    const struct sweep_facts facts = {"p", "", "", "objective", "p", "", 1, 0, NULL, NULL};
    bool changed;
    assert_done(store_set_sweep(store, &facts, &changed, &error), &error);
    assert_done(store_add_data(store, data, "made", &data_id, &error), &error);
    for (int threads = 1; threads <= 2; threads++) {
        char words[64];
        snprintf(words, sizeof words, "solver=gd rate=0.1 epochs=5 threads=%d", threads);
        struct configuration configuration = configured(words);
        assert_done(
            store_add_configuration(store, data_id, "d", &configuration, &ids[threads - 1], &error),
            &error);
        train(store, data, data_id, kernel, threads);
        add_ceilings(store, threads, share);
    }
    assert_done(store_set_plan(store, ids, 2, &error), &error);
    assert_done(results_read(store, &results, &error), &error);
    assert_done(studies_read(store, &results, &studies, &error), &error);
    const struct study_list *list = &studies.strong[OVER_THREADS];
    assert_int_equal(list->count, 1);
    assert_int_equal(list->items[0].count, 2);
    struct diagnosis diagnosis =
        study_diagnose(&studies, &list->items[0], &list->items[0].points[1]);
    studies_free(&studies);
    results_clear(&results);
    store_close(store);
    dataset_free(data);
    return diagnosis;
}

static void an_imbalanced_kernel_is_found(void **state)
{
    struct diagnosis diagnosis = diagnosed(*state, &imbalanced, 1.0);
    assert_string_equal(diagnosis.cause->name, "imbalance");
    assert_non_null(strstr(diagnosis.text, "works 50 % longer than the mean"));
}

static void a_serial_kernel_is_found(void **state)
{
    struct diagnosis diagnosis = diagnosed(*state, &serial, 1.0);
    assert_string_equal(diagnosis.cause->name, "serial-work");
    assert_non_null(strstr(diagnosis.text, "2.0 times the processor time"));
    assert_non_null(strstr(diagnosis.text, "serial fraction 1.00"));
}

static void a_balanced_kernel_scales(void **state)
{
    struct diagnosis diagnosis = diagnosed(*state, &balanced, 1.0);
    assert_string_equal(diagnosis.cause->name, "scales");
    assert_non_null(strstr(diagnosis.text, "100 % efficient on 2 threads"));
}

static void a_kernel_at_its_limit_is_found(void **state)
{
    struct diagnosis diagnosis = diagnosed(*state, &at_limit, 0.9);
    assert_string_equal(diagnosis.cause->name, "bandwidth");
    assert_non_null(strstr(diagnosis.text, "at 90 % of the read ceiling of memory"));
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(an_imbalanced_kernel_is_found),
        FOLDER_TEST(a_serial_kernel_is_found),
        FOLDER_TEST(a_balanced_kernel_scales),
        FOLDER_TEST(a_kernel_at_its_limit_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
