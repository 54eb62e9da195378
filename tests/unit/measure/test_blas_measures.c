/* SPDX-License-Identifier: MIT
 *
 * What is measured of a BLAS: threads that are seen at work, products and their errors, results
 * beside others, special cases. The library is the linked one, whichever version that is.
 */
#include "base/parallel/threads.h"
#include "kernels/kernel.h"
#include "measure/blas/blas_columns.h"
#include "measure/blas/blas_operations.h"
#include "measure/blas/blas_specials.h"
#include "measure/blas/thread_use.h"
#include "testing.h"

#include <pthread.h>
#include <string.h>

/* Something to do that is not optimised away. */
static void work(void)
{
    volatile double sum = 0.0;
    for (int i = 0; i < 300000; i++)
        sum = sum + 1.0 / (i + 1);
}

static void *work_apart(void *nothing)
{
    work();
    return nothing;
}

/* --- Threads -------------------------------------------------------------------------------- */

static void test_caller_is_a_thread(void **state)
{
    (void)state;
    struct thread_use use;
    thread_use_begin(&use);
    work();
    thread_use_end(&use);
    assert_true(use.threads >= 1);
    assert_true(use.running >= 1);
    assert_true(use.seconds > 0.0 && use.processors > 0.0);
}

static void test_thread_that_ends_is_counted(void **state)
{
    (void)state;
    struct thread_use use;
    pthread_t thread;
    thread_use_begin(&use);
    assert_int_equal(pthread_create(&thread, NULL, work_apart, NULL), 0);
    work();
    pthread_join(thread, NULL);
    thread_use_end(&use);
    assert_true(use.threads >= 2);
}

/* The second region: its threads are there already, and sleep until it begins. */
static void test_threads_that_stay_are_counted(void **state)
{
    (void)state;
    struct thread_use use;
    for (int i = 0; i < 2; i++) {
        thread_use_begin(&use);
#pragma omp parallel num_threads(3)
        work();
        thread_use_end(&use);
        assert_true(use.threads >= 3);
    }
}

/* --- Products ------------------------------------------------------------------------------- */

static const struct blas_operation *operation_at(size_t index)
{
    return (const void *)blas_operation_table.entries[index];
}

/* No more than a rounding for each term; a result that is another's is far outside. */
static void test_errors_are_those_of_sums(void **state)
{
    (void)state;
    const struct blas_shape shape = {203, 37, 5, 64};
    for (size_t i = 0; i < blas_operation_table.count; i++) {
        struct blas_operands operands = blas_operands_create(operation_at(i), shape);
        const double error = blas_operands_error(&operands);
        assert_true(error >= 0.0 && error < 203.0);
        blas_operands_clear(&operands);
    }
}

static void test_shapes_are_those_of_the_operation(void **state)
{
    (void)state;
    const struct blas_shape shape = {203, 37, 5, 64};
    const size_t results[] = {1, 203, 37, 203 * 5, 37 * 5};
    for (size_t i = 0; i < blas_operation_table.count; i++) {
        struct blas_operands operands = blas_operands_create(operation_at(i), shape);
        const struct blas_shape own = operands.shape;
        assert_int_equal(operands.results, results[i]);
        assert_true(blas_shape_flops(own) == 2.0 * (double)(own.rows * own.columns * own.models));
        blas_operands_clear(&operands);
    }
}

static void test_numbers_are_the_same_every_time(void **state)
{
    (void)state;
    const struct blas_shape shape = {50, 7, 3, 50};
    char first[DIGEST_TEXT], second[DIGEST_TEXT];
    for (size_t i = 0; i < blas_operation_table.count; i++) {
        struct blas_operands a = blas_operands_create(operation_at(i), shape);
        struct blas_operands b = blas_operands_create(operation_at(i), shape);
        blas_operands_digest(&a, first);
        blas_operands_digest(&b, second);
        assert_string_equal(first, second);
        blas_operands_clear(&a);
        blas_operands_clear(&b);
    }
}

static void test_others_are_counted_among_all(void **state)
{
    (void)state;
    const struct blas_alone found = blas_alone_find((struct blas_shape){1000, 30, 1, 1});
    assert_int_equal(found.rows, 400);
    for (size_t i = 0; i < COLUMN_COUNTS; i++) {
        assert_int_equal(found.columns_of[i], 400 * blas_column_counts[i]);
        assert_true(found.columns[i] <= found.columns_of[i]);
    }
    assert_true(found.rows_gemm <= 400 && found.rows_gemv <= 400 && found.vector <= 400);
}

/* Passes over the data rely on it that beta = 0 overwrites. */
static void test_special_cases_have_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < blas_special_table.count; i++) {
        const struct blas_special *special = (const void *)blas_special_table.entries[i];
        char words[SPECIAL_WORDS] = "";
        special->answer(words);
        assert_true(words[0] != '\0');
        if (strstr(special->entry.name, "beta = 0") != NULL)
            assert_string_equal(words, special->expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caller_is_a_thread),
        cmocka_unit_test(test_thread_that_ends_is_counted),
        cmocka_unit_test(test_threads_that_stay_are_counted),
        cmocka_unit_test(test_errors_are_those_of_sums),
        cmocka_unit_test(test_shapes_are_those_of_the_operation),
        cmocka_unit_test(test_numbers_are_the_same_every_time),
        cmocka_unit_test(test_others_are_counted_among_all),
        cmocka_unit_test(test_special_cases_have_answers),
    };
    threads_initialise();
    kernels_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
