/* SPDX-License-Identifier: MIT
 *
 * Causes from figures made by hand; and kernels that are made to be slow for one cause each, from
 * training through the store to the words. Their work takes time on a virtual clock alone.
 */
#include "measure/statistics/diagnosis.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "report/scaling/studies.h"
#include "report/scaling/study_limit.h"
#include "store_fixture.h"
#include "virtual_clock.h"

#include <math.h>
#include <sched.h>
#include <string.h>

/* --- Figures made by hand -------------------------------------------------------------------- */

/* Two threads that scale to 1.2, with nothing that accounts for it yet. */
static struct diagnosis_facts made_facts(void)
{
    return (struct diagnosis_facts){
        .threads = 2,
        .working = 2,
        .seconds = 1.0,
        .limit = 0.2,
        .bound = "memory",
        .headroom = 1.0,
        .work = 1.8,
        .longest = 0.9,
        .base_work = 1.8,
        .efficiency = 0.6,
        .serial = 0.67,
        .hottest = "products",
        .hottest_share = 0.5,
    };
}

static void check(const struct diagnosis_facts *facts, const struct entry *cause, const char *words)
{
    struct diagnosis diagnosis = diagnose(facts);
    assert_string_equal(diagnosis.cause->name, cause->name);
    assert_non_null(strstr(diagnosis.text, words));
    assert_non_null(strstr(diagnosis.text, "To try: "));
}

static void each_cause_is_named(void **state)
{
    (void)state;
    struct diagnosis_facts facts = made_facts();
    check(&facts, &diagnosis_inside, "'products' takes 50 % of the time per epoch");
    facts = made_facts();
    facts.limit = 0.91;
    check(&facts, &diagnosis_bandwidth, "at 91 % of the read ceiling of memory; serial fraction");
    check(&facts, &diagnosis_bandwidth, "more threads have no more bandwidth.");
    facts.headroom = 1.9;
    check(&facts, &diagnosis_bandwidth, "whose ceiling is up to 1.9 times as high.");
    facts.bound = "GEMM";
    check(&facts, &diagnosis_compute, "at 91 % of the ceiling of GEMM");
    facts = made_facts();
    facts.efficiency = 0.95;
    check(&facts, &diagnosis_scales, "95 % efficient on 2 threads");
    facts = made_facts();
    facts.work = 1.2;
    check(&facts, &diagnosis_imbalance,
          "works 50 % longer than the mean, and the others wait 30 %");
    facts = made_facts();
    facts.forks = 0.4;
    facts.longest = 0.5;
    facts.work = facts.base_work = 1.0;
    check(&facts, &diagnosis_fork_join, "at this size 40 % of the time per epoch");
    facts = made_facts();
    facts.alone = 0.35;
    check(&facts, &diagnosis_serial,
          "for 35 % of the time per epoch one thread works alone; serial fraction "
          "0.67 (Karp-Flatt)");
    facts = made_facts();
    facts.base_work = 0.9;
    check(&facts, &diagnosis_hindrance, "it takes 2.0 times the processor time");
    facts = made_facts();
    facts.exchange = 0.3;
    check(&facts, &diagnosis_exchange, "exchange: 30 % of the time per epoch");
    facts.threads = 1;
    facts.efficiency = facts.serial = NAN;
    check(&facts, &diagnosis_exchange,
          "or on waiting for the slowest rank; at 20 % of the ceiling");
    facts.exchange = 0.05;
    check(&facts, &diagnosis_inside, "'products' takes 50 % of the time per epoch");
    facts = made_facts();
    facts.threads = 8;
    check(&facts, &diagnosis_chunks, "cut into 2, and 6 of 8 threads get none");
}

/* A machine that was busy while its ceilings were measured, or while some of the trials ran, gives
 * figures that do not go together. What is told is never more than all of an epoch. */
static void no_share_is_more_than_all(void **state)
{
    (void)state;
    static const double values[] = {0.0, 0.3, 0.95, 1.15, 17.18};
    enum { VALUES = sizeof values / sizeof *values };
    const size_t cases = VALUES * VALUES * VALUES * VALUES * VALUES;
    for (size_t i = 0; i < cases; i++) {
        struct diagnosis_facts facts = made_facts();
        size_t rest = i;
        double *const fields[] = {&facts.limit, &facts.forks, &facts.alone, &facts.exchange,
                                  &facts.longest};
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++, rest /= VALUES)
            *fields[f] = values[rest % VALUES];
        struct diagnosis diagnosis = diagnose(&facts);
        const struct entry *cause = diagnosis.cause;
        if (cause == &diagnosis_bandwidth)
            assert_true(facts.limit >= 0.7);
        else
            assert_true(diagnosis.share >= 0.0 && diagnosis.share <= 1.0);
        assert_null(strstr(diagnosis.text, "1718 %"));
        assert_null(strstr(diagnosis.text, "115 % of"));
        assert_null(strstr(diagnosis.text, "at 115 %"));
        if (facts.limit > 1.02)
            assert_non_null(strstr(diagnosis.text, "something else ran then"));
        if (cause == &diagnosis_fork_join) /* not while the others are known to work */
            assert_true(diagnosis.share <=
                        fmax(facts.seconds - facts.longest - facts.alone, 0.0) + 1e-12);
    }
}

/* Two threads can do what one of them can, whatever was measured. */
static void more_threads_have_no_lower_ceiling(void **state)
{
    (void)state;
    struct ceilings list[3] = {{.threads = 1, .read_count = 2, .gemm_rate = 10.0},
                               {.threads = 2, .read_count = 2, .gemm_rate = 7.0},
                               {.threads = 4, .read_count = 2, .gemm_rate = 30.0}};
    const double rates[3][2] = {{8.0, 4.0}, {16.0, 3.0}, {9.0, 5.0}};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 2; j++)
            list[i].reads[j] = (struct read_ceiling){j == 0 ? 1e3 : 1e6, rates[i][j], 0};
    ceilings_raise(list, 3);
    assert_true(list[1].gemm_rate == 10.0 && list[2].gemm_rate == 30.0);
    assert_true(list[1].reads[0].rate == 16.0 && list[1].reads[1].rate == 4.0);
    assert_true(list[2].reads[0].rate == 16.0 && list[2].reads[1].rate == 5.0);
    ceilings_raise(list, 0);
}

static void blas_below_its_threshold_is_told(void **state)
{
    (void)state;
    struct diagnosis_facts facts = made_facts();
    facts.gemv_elements = 9600;
    check(&facts, &diagnosis_inside,
          "BLAS would run on one thread here: it uses several from 9600");
}

static void what_is_unknown_is_no_cause(void **state)
{
    (void)state;
    struct diagnosis_facts facts = made_facts();
    facts.threads = facts.working = 1;
    facts.limit = facts.forks = facts.base_work = facts.efficiency = facts.serial = NAN;
    facts.bound = NULL;
    struct diagnosis diagnosis = diagnose(&facts);
    assert_ptr_equal(diagnosis.cause, &diagnosis_inside);
    assert_null(strstr(diagnosis.text, "nan"));
}

/* --- Kernels made for it --------------------------------------------------------------------- */

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
        cmocka_unit_test(each_cause_is_named),
        cmocka_unit_test(no_share_is_more_than_all),
        cmocka_unit_test(more_threads_have_no_lower_ceiling),
        cmocka_unit_test(blas_below_its_threshold_is_told),
        cmocka_unit_test(what_is_unknown_is_no_cause),
        FOLDER_TEST(an_imbalanced_kernel_is_found),
        FOLDER_TEST(a_serial_kernel_is_found),
        FOLDER_TEST(a_balanced_kernel_scales),
        FOLDER_TEST(a_kernel_at_its_limit_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
