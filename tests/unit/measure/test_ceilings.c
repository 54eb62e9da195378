/* SPDX-License-Identifier: MIT
 *
 * Ceilings: which working sets are chosen on machines that are made up, what is made of the times
 * of a clock that is made up, and rates between sizes. No real time is judged.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "kernels/kernel.h"
#include "measure/ceilings/ceilings.h"
#include "measure/ceilings/gemm.h"
#include "measure/ceilings/read_pass.h"
#include "testing.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

static const double kib = 1024.0, mib = 1048576.0, gib = 1073741824.0;

/* --- Working sets --------------------------------------------------------------------------- */

/* Two packages of four cores with two hardware threads each; 16 MiB of L3 in all. */
static const struct topology made_up = {
    .packages = 2,
    .cores = 8,
    .processing_units = 16,
    .units_per_core = 2,
    .cache_count = 3,
    .caches = {{.level = 1, .bytes = 48 << 10, .count = 8, .shared_by = 2},
               {.level = 2, .bytes = 1 << 20, .count = 8, .shared_by = 2},
               {.level = 3, .bytes = 8 << 20, .count = 2, .shared_by = 8}},
};

static struct ceilings plan(const struct topology *topology, int threads, double available)
{
    struct ceilings ceilings;
    struct error error = {0};
    assert_true(ceilings_plan(threads, topology, available, &ceilings, &error));
    assert_int_equal(ceilings.threads, threads);
    for (size_t i = 0; i < ceilings.read_count; i++)
        assert_true(ceilings.reads[i].bytes == ldexp(16.0 * kib * threads, (int)i));
    return ceilings;
}

/* The levels, a digit each. */
static const char *levels(const struct ceilings *ceilings)
{
    static char text[CEILING_READS + 1];
    for (size_t i = 0; i < ceilings->read_count; i++)
        text[i] = (char)('0' + ceilings->reads[i].cache_level);
    text[ceilings->read_count] = '\0';
    return text;
}

/* A set as large as the cache does not fit: 1 MiB of L2, 8 MiB of L3. */
static void sets_of_one_thread(void **state)
{
    (void)state;
    struct ceilings one = plan(&made_up, 1, 16.0 * gib);
    assert_string_equal(levels(&one), "112222333000");
    assert_true(one.reads[one.read_count - 1].bytes == 32.0 * mib);
    assert_string_equal(one.bounded_by, "4 times the last caches");
}

/* Four on cores of their own share one L3, eight have both, and sixteen share cores, too. */
static void shared_caches_are_shared(void **state)
{
    (void)state;
    struct ceilings team = plan(&made_up, 4, 16.0 * gib);
    assert_string_equal(levels(&team), "1122223000");
    team = plan(&made_up, 8, 16.0 * gib);
    assert_string_equal(levels(&team), "1122223000");
    assert_true(team.reads[team.read_count - 1].bytes == 64.0 * mib);
    team = plan(&made_up, 16, 16.0 * gib);
    assert_string_equal(levels(&team), "122223000");
    team = plan(&made_up, 3, 16.0 * gib);
    assert_true(team.reads[team.read_count - 1].bytes == 24.0 * mib); /* 48 MiB were too many */
}

static void no_set_is_larger_than_a_gibibyte(void **state)
{
    (void)state;
    struct topology large = made_up;
    large.caches[2].bytes = (size_t)480 << 20;
    struct ceilings one = plan(&large, 1, 16.0 * gib);
    assert_int_equal(one.read_count, CEILING_READS);
    assert_true(one.reads[CEILING_READS - 1].bytes == gib);
    assert_int_equal(one.reads[CEILING_READS - 1].cache_level, 0);
    assert_string_equal(one.bounded_by, "1 GiB");
}

static void unknown_caches_are_none(void **state)
{
    (void)state;
    static const struct topology unknown = {0};
    struct ceilings team = plan(&unknown, 2, 16.0 * gib);
    assert_string_equal(levels(&team), "0000000000000000");
    assert_string_equal(team.bounded_by, "1 GiB");
}

static void memory_bounds_sets(void **state)
{
    (void)state;
    struct ceilings team = plan(&made_up, 2, gemm_bytes(2, GEMM_SIZE) + 8.1 * mib);
    assert_true(team.reads[team.read_count - 1].bytes == 2.0 * mib);
    assert_string_equal(team.bounded_by, "a quarter of the memory available");
    team = plan(&made_up, 2, gemm_bytes(2, GEMM_SIZE) + 128.0 * kib);
    assert_int_equal(team.read_count, 1);
}

static void short_memory_is_an_error(void **state)
{
    (void)state;
    struct ceilings ceilings;
    struct error error = {0};
    assert_false(
        ceilings_plan(2, &made_up, gemm_bytes(2, GEMM_SIZE) + 127.0 * kib, &ceilings, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    assert_non_null(strstr(error.message, "with 2 threads needs 18.1 MiB of memory"));
    assert_non_null(strstr(error.message, "use fewer threads"));
    error = (struct error){0};
    assert_false(ceilings_plan(1, &made_up, 0.0, &ceilings, &error));
    assert_non_null(strstr(error.message, "with 1 thread needs"));
}

/* --- Times ---------------------------------------------------------------------------------- */

static double now, step;
static int readings_left; /* before the clock becomes slow */

static double made_up_clock(void)
{
    if (readings_left-- == 0)
        step *= 1000.0;
    return now += step;
}

/* Two sets, on a clock that goes on by a millisecond at every reading. */
static struct ceilings measure(int readings, double seconds)
{
    struct ceilings ceilings = plan(&made_up, 2, 16.0 * gib);
    ceilings.read_count = 2;
    ceilings.gemm_size = 8; /* the clock does not know how long they take */
    now = 0.0;
    step = 0x1p-10;
    readings_left = readings;
    clock_replace(made_up_clock);
    ceilings_measure_planned(&ceilings, seconds);
    clock_replace(NULL);
    return ceilings;
}

/* `product`: seconds of a product at least, of which there are three in the first sample. */
static void check(const struct ceilings *ceilings, double least, double product)
{
    assert_true(ceilings->reads[0].rate == 32.0 * kib / least);
    assert_true(ceilings->reads[1].rate == 64.0 * kib / least);
    assert_true(ceilings->gemm_rate == 2.0 * 2.0 * pow(ceilings->gemm_size, 3.0) / product);
    assert_true(ceilings->fork_join_seconds == least);
    assert_true(ceilings->barrier_seconds == least);
}

/* All samples take a reading's step, and their turns double: 1, 2, 4, 8 in four rounds, and of
 * products 3, 6, 12, 24. */
static void a_turn_is_its_share_of_a_sample(void **state)
{
    (void)state;
    struct ceilings ceilings = measure(1000, 0.0);
    check(&ceilings, 0x1p-13, 0x1p-10 / 24.0);
    assert_true(now == 42.0 * 0x1p-10); /* 4 rounds, 5 samples, 2 readings; and two around them */
}

/* One reading begins, and a round has ten. */
static void the_least_time_counts(void **state)
{
    (void)state;
    struct ceilings ceilings = measure(21, 0.0);
    check(&ceilings, 0x1p-11, 0x1p-10 / 6.0);
    ceilings = measure(0, 0.0); /* samples of 2^-10 s times 1000, of as few turns as can be */
    check(&ceilings, 1000.0 * 0x1p-10, 1000.0 * 0x1p-10 / 3.0);
}

/* Ten readings a round and one between them: in 45 steps there are five rounds, not four. */
static void rounds_go_on_for_so_many_seconds(void **state)
{
    (void)state;
    struct ceilings ceilings = measure(1000, 45.0 * 0x1p-10);
    check(&ceilings, 0x1p-14, 0x1p-10 / 49.0);
    assert_true(now == 53.0 * 0x1p-10);
}

static atomic_int placed[3];

static void count_placed(int thread)
{
    atomic_fetch_add(&placed[thread], 1);
}

static void threads_are_put_in_their_places(void **state)
{
    (void)state;
    threads_place_with(count_placed);
    measure(1000, 0.0);
    threads_place_with(NULL);
    assert_int_equal(atomic_load(&placed[0]), 1);
    assert_int_equal(atomic_load(&placed[1]), 1);
    assert_int_equal(atomic_load(&placed[2]), 0);
}

/* --- What is measured ----------------------------------------------------------------------- */

static void sums_are_right(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 7, 127, 128, 129, 1000, 4096, 5001};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double *x = memory_allocate(counts[i] + 1, sizeof *x), sum = 0.0;
        for (size_t j = 0; j < counts[i]; j++)
            sum += x[j] = (double)(j % 97) - 13.0; /* whole numbers: any order has the same sum */
        x[counts[i]] = NAN;
        assert_true(read_sum(x, counts[i], 1) == sum);
        assert_true(read_sum(x, counts[i], 3) == 3.0 * sum);
        for (int threads = 1; threads <= 3; threads++)
            assert_true(read_pass(x, counts[i], threads) == sum);
        memory_free(x);
    }
}

static void products_are_right(void **state)
{
    (void)state;
    struct gemm gemm = gemm_create(2, GEMM_SIZE);
    gemm_run(&gemm);
    for (size_t thread = 0; thread < 2; thread++)
        for (size_t i = 0; i < GEMM_SIZE; i += 97) {
            size_t j = GEMM_SIZE - 1 - i;
            double expected = 0.0;
            for (size_t l = 0; l < GEMM_SIZE; l++)
                expected += gemm.A[i * GEMM_SIZE + l] * gemm.B[l * GEMM_SIZE + j];
            double value = gemm.C[(thread * GEMM_SIZE + i) * GEMM_SIZE + j];
            assert_true(fabs(value - expected) < 1e-10);
        }
    gemm_clear(&gemm);
    assert_null(gemm.C);
}

/* --- Between sizes -------------------------------------------------------------------------- */

static void rates_between_sizes(void **state)
{
    (void)state;
    const struct ceilings ceilings = {
        .read_count = 3,
        .reads = {{1024.0, 100.0, 1}, {4096.0, 60.0, 2}, {8192.0, 20.0, 0}},
    };
    assert_true(ceilings_read_rate(&ceilings, 0.0) == 100.0);
    assert_true(ceilings_read_rate(&ceilings, 1024.0) == 100.0);
    assert_true(fabs(ceilings_read_rate(&ceilings, 2048.0) - 80.0) < 1e-12);
    assert_true(ceilings_read_rate(&ceilings, 4096.0) == 60.0);
    assert_true(fabs(ceilings_read_rate(&ceilings, 4096.0 * sqrt(2.0)) - 40.0) < 1e-12);
    assert_true(ceilings_read_rate(&ceilings, 8192.0) == 20.0);
    assert_true(ceilings_read_rate(&ceilings, 1e30) == 20.0);
    const struct ceilings one = {.read_count = 1, .reads = {{1024.0, 100.0, 1}}};
    assert_true(ceilings_read_rate(&one, 1.0) == 100.0);
    assert_true(ceilings_read_rate(&one, 1e9) == 100.0);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_of_one_thread),
        cmocka_unit_test(shared_caches_are_shared),
        cmocka_unit_test(no_set_is_larger_than_a_gibibyte),
        cmocka_unit_test(unknown_caches_are_none),
        cmocka_unit_test(memory_bounds_sets),
        cmocka_unit_test(short_memory_is_an_error),
        cmocka_unit_test(a_turn_is_its_share_of_a_sample),
        cmocka_unit_test(the_least_time_counts),
        cmocka_unit_test(rounds_go_on_for_so_many_seconds),
        cmocka_unit_test(threads_are_put_in_their_places),
        cmocka_unit_test(sums_are_right),
        cmocka_unit_test(products_are_right),
        cmocka_unit_test(rates_between_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
