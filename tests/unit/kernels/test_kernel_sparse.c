/* SPDX-License-Identifier: MIT
 *
 * Kernels of sparse data: against the reference on the same data with their zeros, the same bits at
 * any number of threads and in any company.
 */
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "data/incidence_layout.h"
#include "kernel_fixture.h"
#include "kernels/stochastic/reduced_epoch.h"

static const size_t row_counts[] = {1, 2, 7, 64, 65, 1003};
static const size_t feature_counts[] = {1, 2, 5, 33, 129};
static const size_t model_counts[] = {1, 3, 9, 33, 65};

/* Passes over the same rows of two sets, by the reference over the dense one. */
static void compare_pass(const struct kernel *kernel, const struct dataset *sparse,
                         const struct dataset *dense, size_t k, const uint32_t *order, size_t count)
{
    struct models models = random_models(sparse->features, k);
    size_t length = pass_sums_length(sparse->features, k);
    const struct kernel_problem problem = {
        .data = sparse, .pass = kernel, .models = k, .threads = 2};
    const struct kernel_problem naive = {
        .data = dense, .pass = &kernel_reference, .models = k, .threads = 2};
    struct pass *actual = pass_create(&problem, count, order != NULL);
    struct pass *expected = pass_create(&naive, count, order != NULL);
    struct pass_sums a = pass_run(actual, order, 0, count, &models);
    struct pass_sums b = pass_run(expected, order, 0, count, &models);
    assert_true(difference(a.G, b.G, length - k) < 1e-12);
    assert_memory_equal(a.correct, b.correct, k * sizeof(double));
    pass_free(actual);
    pass_free(expected);
    models_clear(&models);
}

static void every_pass_agrees_with_the_dense_reference(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *sparse = random_sparse(*n, *d), *dense = dense_copy(sparse);
            EACH (k, model_counts)
                EACH_KERNEL(kernel, pass, TAKES_SPARSE)
            compare_pass(kernel, sparse, dense, *k, NULL, *n);
            dataset_free(sparse);
            dataset_free(dense);
        }
}

static void every_pass_agrees_on_gathered_rows(void **state)
{
    (void)state;
    struct dataset *sparse = random_sparse(1000, 37), *dense = dense_copy(sparse);
    uint32_t order[1000];
    random_order(order, 1000);
    EACH_KERNEL(kernel, pass, TAKES_SPARSE)
    for (size_t count = 1; count <= 1000; count += 111)
        compare_pass(kernel, sparse, dense, 3, order, count);
    dataset_free(sparse);
    dataset_free(dense);
}

/* 30,000 rows with 40 features and about 250,000 entries make 8 chunks. */
static void every_pass_has_the_same_bits_at_any_thread_count(void **state)
{
    (void)state;
    struct dataset *data = random_sparse(30000, 40);
    uint32_t *order = memory_allocate(data->rows, sizeof *order);
    size_t length = pass_sums_length(40, 3);
    struct models models = random_models(40, 3);
    random_order(order, data->rows);
    assert_true(chunk_count(data, data->rows) >= 4);
    EACH_KERNEL(kernel, pass, TAKES_SPARSE)
    {
        struct kernel_problem problem = {.data = data, .pass = kernel, .models = 3, .threads = 1};
        struct pass *one = pass_create(&problem, data->rows, true);
        double *expected = pass_run(one, order, 0, data->rows, &models).G;
        for (problem.threads = 2; problem.threads <= 3; problem.threads++) {
            struct pass *many = pass_create(&problem, data->rows, true);
            double *actual = pass_run(many, order, 0, data->rows, &models).G;
            assert_memory_equal(expected, actual, length * sizeof(double));
            pass_free(many);
        }
        pass_free(one);
    }
    models_clear(&models);
    memory_free(order);
    dataset_free(data);
}

/* Many features and few entries: clearing the sums of 64 chunks would be more than the pass. */
static void chunks_have_more_entries_than_sums(void **state)
{
    (void)state;
    struct dataset wide = {.rows = 1000, .features = 47000};
    size_t starts[1001];
    for (size_t i = 0; i <= 1000; i++)
        starts[i] = i * 950;
    wide.starts = starts;
    assert_int_equal(chunk_count(&wide, 1000), 8); /* 950,000 / 94,000, to a power of two */
    assert_int_equal(chunk_count(&wide, 99), 1);
    for (size_t rows = 1; rows <= 1000; rows++)
        for (size_t fewer = 1; fewer <= rows; fewer += 7) {
            size_t chunks = chunk_count(&wide, fewer);
            assert_true((fewer + chunks - 1) / chunks <= chunk_longest(&wide, rows));
        }
}

static void compare_sgd(const struct kernel *kernel, const struct dataset *sparse,
                        const struct dataset *dense, size_t k, const uint32_t *order,
                        double shrinkage, enum activation activation)
{
    struct models expected = random_models(sparse->features, k);
    struct models actual = random_models(sparse->features, k);
    double *rates = memory_allocate(2 * k, sizeof *rates), *lambdas = rates + k;
    for (size_t j = 0; j < k; j++) {
        rates[j] = 0.05 / (double)(j + 1);
        lambdas[j] = shrinkage * (double)(j % 3) / rates[j];
    }
    struct sgd_epoch epoch = {dense, order, rates, lambdas, activation};
    run_sgd(&kernel_reference, &epoch, &expected, 1);
    epoch.data = sparse;
    run_sgd(kernel, &epoch, &actual, 2);
    double residual = fmax(difference(actual.W, expected.W, sparse->features * k),
                           difference(actual.b, expected.b, k));
    if (residual > 1e-10)
        fail_msg("%s: n %zu, d %zu, k %zu, shrinkage %g: residual %g", kernel->entry.name,
                 sparse->rows, sparse->features, k, shrinkage, residual);
    memory_free(rates);
    models_clear(&expected);
    models_clear(&actual);
}

/* A step shrinks weights by nothing, a little, a half, all and twice that much: at 0.5 and 1 the
 * scale is zero at once for some models, and at 0.75 and 0.9 negative. */
static void every_sgd_epoch_agrees_with_the_dense_reference(void **state)
{
    (void)state;
    static const double shrinkages[] = {0.0, 1e-3, 0.25, 0.5, 0.75, 0.9, 1.0};
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *sparse = random_sparse(*n, *d), *dense = dense_copy(sparse);
            uint32_t *order = memory_allocate(*n, sizeof *order);
            random_order(order, *n);
            EACH_KERNEL(kernel, sgd_epoch, TAKES_SPARSE)
            for (size_t s = 0; s < sizeof shrinkages / sizeof *shrinkages; s++) {
                compare_sgd(kernel, sparse, dense, 1, order, shrinkages[s], ACTIVATION_SIGMOID);
                compare_sgd(kernel, sparse, dense, 9, order, shrinkages[s], ACTIVATION_SIGMOID);
            }
            EACH_KERNEL(kernel, sgd_epoch, TAKES_SPARSE)
            compare_sgd(kernel, sparse, dense, 65, NULL, 0.0, ACTIVATION_HEAVISIDE);
            memory_free(order);
            dataset_free(sparse);
            dataset_free(dense);
        }
}

/* Model j of `many` alone. */
static struct models single(const struct models *many, size_t j)
{
    struct models one = models_create(many->features, 1);
    models_copy_weights(many, j, one.W);
    one.b[0] = many->b[j];
    return one;
}

static void check_same(const struct models *one, const struct models *many, size_t j)
{
    for (size_t f = 0; f < many->features; f++)
        assert_memory_equal(&one->W[f], &many->W[f * many->count + j], sizeof(double));
    assert_memory_equal(one->b, &many->b[j], sizeof(double));
}

static void check_pass_company(const struct dataset *data, const struct models *many)
{
    struct kernel_problem problem = {
        .data = data, .pass = &kernel_sparse, .models = many->count, .threads = 1};
    struct pass *together = pass_create(&problem, data->rows, false),
                *apart = pass_create(&problem, data->rows, false);
    struct pass_sums sums = pass_run(together, NULL, 0, data->rows, many);
    for (size_t j = 0; j < many->count; j += 4) {
        struct models one = single(many, j);
        struct pass_sums own = pass_run(apart, NULL, 0, data->rows, &one);
        for (size_t f = 0; f < data->features; f++)
            assert_memory_equal(&own.G[f], &sums.G[f * many->count + j], sizeof(double));
        assert_memory_equal(own.loss, &sums.loss[j], sizeof(double));
        assert_memory_equal(own.gb, &sums.gb[j], sizeof(double));
        models_clear(&one);
    }
    pass_free(together);
    pass_free(apart);
}

static void check_sgd_company(const struct dataset *data, struct models *many)
{
    enum { MODEL = 20, MOST = 65 };
    double rates[MOST], lambdas[MOST];
    for (size_t j = 0; j < many->count; j++) {
        rates[j] = 0.01 * (double)(j + 1);
        lambdas[j] = 0.9 * (double)j;
    }
    struct models one = single(many, MODEL);
    struct sgd_epoch epoch = {data, NULL, rates, lambdas, ACTIVATION_SIGMOID};
    run_sgd(&kernel_sparse, &epoch, many, 3);
    epoch.rates += MODEL;
    epoch.lambdas += MODEL;
    run_sgd(&kernel_sparse, &epoch, &one, 1);
    check_same(&one, many, MODEL);
    models_clear(&one);
}

static void a_model_has_the_same_bits_in_any_company(void **state)
{
    (void)state;
    EACH (d, feature_counts) {
        struct dataset *data = random_sparse(1003, *d);
        for (size_t k = 24; k <= 65; k += 41) { /* in place, and in lanes that are not full */
            struct models many = random_models(*d, k);
            check_pass_company(data, &many);
            check_sgd_company(data, &many);
            models_clear(&many);
        }
        dataset_free(data);
    }
}

/* --- Values that are all 1 ------------------------------------------------------------------ */

/* The sums of a pass with that many threads, with and without the second layout. */
static void check_incidence(struct dataset *data, int threads)
{
    struct models models = random_models(data->features, 1);
    const struct kernel_problem problem = {
        .data = data, .pass = &kernel_sparse, .models = 1, .threads = threads};
    struct incidence *incidence = data->incidence;
    struct pass *one = pass_create(&problem, data->rows, false);
    struct pass *other = pass_create(&problem, data->rows, false);
    struct pass_sums actual = pass_run(one, NULL, 0, data->rows, &models);
    data->incidence = NULL;
    struct pass_sums expected = pass_run(other, NULL, 0, data->rows, &models);
    data->incidence = incidence;
    assert_memory_equal(actual.G, expected.G, pass_sums_length(data->features, 1) * sizeof(double));
    pass_free(one);
    pass_free(other);
    models_clear(&models);
}

/* The residuals that a pass keeps are those of its samples; several models have none. */
static void check_residuals(struct dataset *data)
{
    struct models models = random_models(data->features, 1);
    const struct kernel_problem problem = {
        .data = data, .pass = &kernel_sparse, .models = 1, .threads = 2};
    struct kernel_problem many = problem;
    many.models = 2;
    double *kept = memory_allocate(2 * data->rows, sizeof *kept), *expected = kept + data->rows;
    struct pass *pass = pass_create(&problem, data->rows, false);
    struct pass *of_many = pass_create(&many, data->rows, false);
    assert_true(pass_keep_residuals(pass, kept));
    assert_false(pass_keep_residuals(of_many, kept));
    assert_false(pass_keep_residuals(pass, NULL));
    pass_keep_residuals(pass, kept);
    pass_run(pass, NULL, 0, data->rows, &models);
    reduced_fill(data, &models, expected, 2);
    assert_true(difference(kept, expected, data->rows) < 1e-14);
    pass_free(pass);
    pass_free(of_many);
    memory_free(kept);
    models_clear(&models);
}

static void a_pass_keeps_residuals(void **state)
{
    (void)state;
    EACH (n, row_counts) {
        struct dataset *data = random_sparse(*n, 33), *ones = random_ones(*n, 5);
        incidence_add(ones, 1);
        check_residuals(data);
        check_residuals(ones);
        ones->class_weights[1] = 1.75;
        check_residuals(ones);
        dataset_free(data);
        dataset_free(ones);
    }
}

/* Several blocks in a chunk, several chunks, and classes that count differently. */
static void ones_have_the_bits_of_any_values(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 7, 65, 1003, 4096, 4097, 12291, 60000};
    EACH (n, rows)
        EACH (d, feature_counts) {
            struct dataset *data = random_ones(*n, *d);
            incidence_add(data, 2);
            assert_true(data->incidence != NULL || dataset_entries(data) < 16 * *d ||
                        *n <= INCIDENCE_ROWS);
            for (int threads = 1; threads <= 3; threads += 2)
                check_incidence(data, threads);
            data->class_weights[0] = 0.75;
            check_incidence(data, 2);
            dataset_free(data);
        }
}

/* Its own blocks are those of the rows of whole chunks; all others go by CSR. */
static void blocks_are_found_by_their_rows(void **state)
{
    (void)state;
    struct dataset *data = random_ones(60000, 5);
    incidence_add(data, 2);
    const struct incidence *incidence = data->incidence;
    const struct chunking cut = chunking_of(data, data->rows);
    assert_non_null(incidence);
    assert_true(incidence->count > cut.count && cut.count > 1);
    for (size_t chunk = 0; chunk < cut.count; chunk++) {
        const size_t begin = chunking_begin(&cut, chunk), end = chunking_begin(&cut, chunk + 1);
        const struct incidence_block *block = incidence_find(incidence, begin, end);
        assert_non_null(block);
        assert_int_equal(block->begin, begin);
        assert_null(incidence_find(incidence, begin, end - 1));
        assert_null(incidence_find(incidence, begin + 1, end));
    }
    assert_true(incidence_bytes(data) > 4.0 * (double)dataset_entries(data));
    const struct dataset slice = dataset_slice(data, 0, 100);
    assert_null(slice.incidence);
    dataset_free(data);
}

static void other_values_and_few_rows_have_no_second_layout(void **state)
{
    (void)state;
    struct dataset *data = random_ones(1003, 33), *wide = random_ones(7, 129);
    data->values[dataset_entries(data) - 1] = 1.5;
    incidence_add(data, 2);
    incidence_add(wide, 2);
    assert_null(data->incidence);
    assert_null(wide->incidence);
    assert_true(incidence_bytes(data) == 0.0);
    dataset_free(data);
    dataset_free(wide);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pass_agrees_with_the_dense_reference),
        cmocka_unit_test(every_pass_agrees_on_gathered_rows),
        cmocka_unit_test(every_pass_has_the_same_bits_at_any_thread_count),
        cmocka_unit_test(chunks_have_more_entries_than_sums),
        cmocka_unit_test(every_sgd_epoch_agrees_with_the_dense_reference),
        cmocka_unit_test(a_model_has_the_same_bits_in_any_company),
        cmocka_unit_test(ones_have_the_bits_of_any_values),
        cmocka_unit_test(a_pass_keeps_residuals),
        cmocka_unit_test(blocks_are_found_by_their_rows),
        cmocka_unit_test(other_values_and_few_rows_have_no_second_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
