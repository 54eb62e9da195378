/* SPDX-License-Identifier: MIT
 *
 * Conformance of every kernel in the table: against the reference on odd sizes, and the same bits
 * at any number of threads. A new row is tested because these tests walk the table.
 */
#include "base/parallel/threads.h"
#include "kernel_fixture.h"
#include "kernels/choice.h"

#if defined(SANITIZED)
/* Three chunks of rows show a sanitizer nothing that one does not. */
static const size_t row_counts[] = {1, 2, 7, 33, 64, 515};
enum { ROWS_OF_MANY_CHUNKS = 20000 };
#else
static const size_t row_counts[] = {1, 2, 7, 33, 64, 1000, 4099};
enum { ROWS_OF_MANY_CHUNKS = 80000 };
#endif
static const size_t feature_counts[] = {1, 2, 3, 4, 5, 7, 33, 65};
static const size_t model_counts[] = {1, 3, 7, 33, 65};

/* A kernel's sums of these models beside those of the reference. */
static void compare_pass(const struct kernel *kernel, const struct dataset *data,
                         const struct models *models, const uint32_t *order, size_t count,
                         const struct pass_sums *expected)
{
    const size_t k = models->count;
    const struct kernel_problem problem = {.data = data, .pass = kernel, .models = k, .threads = 1};
    struct pass *pass = pass_create(&problem, count, order != NULL);
    struct pass_sums sums = pass_run(pass, order, 0, count, models);
    /* All but the counts, which are exact. */
    double residual = difference(sums.G, expected->G, pass_sums_length(data->features, k) - k);
    if (residual > 1e-12)
        fail_msg("%s: n %zu, d %zu, k %zu: residual %g", kernel->entry.name, count, data->features,
                 k, residual);
    assert_memory_equal(expected->correct, sums.correct, k * sizeof(double));
    pass_free(pass);
}

/* Of all kernels; the reference is the slowest, and runs once. */
static void compare_passes(const struct dataset *data, size_t k, const uint32_t *order,
                           size_t count)
{
    struct models models = random_models(data->features, k);
    const struct kernel_problem naive = {
        .data = data, .pass = &kernel_reference, .models = k, .threads = 1};
    struct pass *reference = pass_create(&naive, count, order != NULL);
    const struct pass_sums expected = pass_run(reference, order, 0, count, &models);
    EACH_KERNEL(kernel, pass, TAKES_DENSE)
    compare_pass(kernel, data, &models, order, count, &expected);
    pass_free(reference);
    models_clear(&models);
}

static void every_pass_agrees_with_the_reference(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *data = random_data(*n, *d);
            EACH (k, model_counts)
                compare_passes(data, *k, NULL, *n);
            dataset_free(data);
        }
}

static void every_pass_agrees_on_gathered_rows(void **state)
{
    (void)state;
    struct dataset *data = random_data(1000, 37);
    uint32_t order[1000];
    random_order(order, 1000);
    for (size_t count = 1; count <= 1000; count += 111)
        compare_passes(data, 3, order, count);
    dataset_free(data);
}

/* 80,000 rows of 50 make 64 chunks; the tree must not see who computed them. */
static void every_pass_has_the_same_bits_at_any_thread_count(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS_OF_MANY_CHUNKS, 50);
    size_t length = pass_sums_length(50, 3);
    struct models models = random_models(50, 3);
    EACH_KERNEL(kernel, pass, TAKES_DENSE)
    {
        struct kernel_problem problem = {.data = data, .pass = kernel, .models = 3, .threads = 1};
        struct pass *one = pass_create(&problem, data->rows, false);
        double *expected = pass_run(one, NULL, 0, data->rows, &models).G;
        for (problem.threads = 2; problem.threads <= 7; problem.threads++) {
            struct pass *many = pass_create(&problem, data->rows, false);
            double *actual = pass_run(many, NULL, 0, data->rows, &models).G;
            assert_memory_equal(expected, actual, length * sizeof(double));
            pass_free(many);
        }
        pass_free(one);
    }
    models_clear(&models);
    dataset_free(data);
}

static void compare_sgd(const struct kernel *kernel, const struct sgd_epoch *epoch, size_t k,
                        const struct models *expected)
{
    const struct dataset *data = epoch->data;
    struct models actual = random_models(data->features, k);
    run_sgd(kernel, epoch, &actual, 2);
    double residual = fmax(difference(actual.W, expected->W, data->features * k),
                           difference(actual.b, expected->b, k));
    if (residual > 1e-10)
        fail_msg("%s: n %zu, d %zu, k %zu: residual %g", kernel->entry.name, data->rows,
                 data->features, k, residual);
    models_clear(&actual);
}

/* Of all kernels; the reference runs once. */
static void compare_epochs(const struct dataset *data, size_t k, const uint32_t *order,
                           enum activation activation)
{
    struct models expected = random_models(data->features, k);
    double *rates = memory_allocate(2 * k, sizeof *rates), *lambdas = rates + k;
    for (size_t j = 0; j < k; j++) {
        rates[j] = 0.05 / (double)(j + 1);
        lambdas[j] = activation == ACTIVATION_SIGMOID ? 1e-3 * (double)j : 0.0;
    }
    const struct sgd_epoch epoch = {data, order, rates, lambdas, activation};
    run_sgd(&kernel_reference, &epoch, &expected, 1);
    EACH_KERNEL(kernel, sgd_epoch, TAKES_DENSE)
    compare_sgd(kernel, &epoch, k, &expected);
    memory_free(rates);
    models_clear(&expected);
}

static void every_sgd_epoch_agrees_with_the_reference(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *data = random_data(*n, *d);
            uint32_t *order = memory_allocate(*n, sizeof *order);
            random_order(order, *n);
            compare_epochs(data, 1, NULL, ACTIVATION_SIGMOID);
            compare_epochs(data, 1, order, ACTIVATION_HEAVISIDE);
            compare_epochs(data, 7, order, ACTIVATION_SIGMOID);
            compare_epochs(data, 33, NULL, ACTIVATION_SIGMOID);
            compare_epochs(data, 65, order, ACTIVATION_HEAVISIDE);
            memory_free(order);
            dataset_free(data);
        }
}

/* x.x' is beyond a double though every sum x.w is not: looking ahead must not lose the way. */
static void sgd_survives_products_of_rows_that_overflow(void **state)
{
    (void)state;
    struct dataset *data = random_data(64, 5);
    for (size_t i = 0; i < 64 * 5; i++)
        data->X[i] *= 1e155;
    const double rate = 1e-300, lambda = 0.0;
    const struct sgd_epoch epoch = {data, NULL, &rate, &lambda, ACTIVATION_SIGMOID};
    EACH_KERNEL(kernel, sgd_epoch, TAKES_DENSE)
    {
        struct models expected = models_create(5, 1), actual = models_create(5, 1);
        run_sgd(&kernel_reference, &epoch, &expected, 1);
        run_sgd(kernel, &epoch, &actual, 1);
        assert_true(difference(actual.W, expected.W, 5) < 1e-6);
        models_clear(&expected);
        models_clear(&actual);
    }
    dataset_free(data);
}

/* Models [first, first + count) have the bits in a pass on their own that they have in `sums`, of
 * all of `many`. */
static void check_company(const struct kernel *kernel, const struct dataset *data,
                          const struct models *many, const struct pass_sums *sums, size_t first,
                          size_t count)
{
    size_t d = data->features;
    struct kernel_problem problem = {.data = data, .pass = kernel, .models = count, .threads = 1};
    struct pass *apart = pass_create(&problem, data->rows, false);
    struct models few = models_create(d, count);
    for (size_t j = 0; j < count; j++) {
        few.b[j] = many->b[first + j];
        for (size_t f = 0; f < d; f++)
            few.W[f * count + j] = many->W[f * many->count + first + j];
    }
    struct pass_sums own = pass_run(apart, NULL, 0, data->rows, &few);
    for (size_t f = 0; f < d; f++)
        assert_memory_equal(&own.G[f * count], &sums->G[f * many->count + first],
                            count * sizeof(double));
    assert_memory_equal(own.loss, &sums->loss[first], count * sizeof(double));
    models_clear(&few);
    pass_free(apart);
}

/* Kernels promise it, but for those that say otherwise: the bits of a model do not depend on who
 * else is there. */
static void a_model_has_the_same_bits_in_any_company(void **state)
{
    (void)state;
    enum { ROWS = 1003, MANY = 65 };
    static const size_t widths[] = {1, 2, 3, 7, 8, 12, 21, 33};
    EACH (d, widths) {
        struct dataset *data = random_data(ROWS, *d);
        struct models many = random_models(*d, MANY);
        EACH_KERNEL(kernel, pass, TAKES_DENSE)
        {
            struct kernel_problem problem = {
                .data = data, .pass = kernel, .models = MANY, .threads = 1};
            struct pass *together = pass_create(&problem, ROWS, false);
            struct pass_sums sums = pass_run(together, NULL, 0, ROWS, &many);
            for (size_t j = 0; j < MANY && !kernel->mixes_models; j += 16)
                for (size_t count = 1; count <= 5 && j + count <= MANY; count++)
                    check_company(kernel, data, &many, &sums, j, count);
            pass_free(together);
        }
        models_clear(&many);
        dataset_free(data);
    }
}

static void check_sgd_company(const struct kernel *kernel, const struct dataset *data)
{
    enum { MANY = 37 };
    size_t d = data->features;
    double rates[MANY], lambdas[MANY];
    struct models many = random_models(d, MANY), alone = models_create(d, 1);
    for (size_t j = 0; j < MANY; j++) {
        rates[j] = 0.01 * (double)(j + 1);
        lambdas[j] = 1e-3 * (double)j;
    }
    models_copy_weights(&many, 20, alone.W);
    alone.b[0] = many.b[20];
    run_sgd(kernel, &(struct sgd_epoch){data, NULL, rates, lambdas, ACTIVATION_SIGMOID}, &many, 3);
    run_sgd(kernel, &(struct sgd_epoch){data, NULL, rates + 20, lambdas + 20, ACTIVATION_SIGMOID},
            &alone, 1);
    for (size_t f = 0; f < d; f++)
        assert_memory_equal(&alone.W[f], &many.W[f * MANY + 20], sizeof(double));
    assert_memory_equal(&alone.b[0], &many.b[20], sizeof(double));
    models_clear(&many);
    models_clear(&alone);
}

static void a_model_has_the_same_bits_in_any_company_of_sgd(void **state)
{
    (void)state;
    static const size_t widths[] = {1, 2, 7, 21};
    EACH (d, widths) {
        struct dataset *data = random_data(1003, *d);
        EACH_KERNEL(kernel, sgd_epoch, TAKES_DENSE)
        if (!kernel->mixes_models)
            check_sgd_company(kernel, data);
        dataset_free(data);
    }
}

/* Blocks are no mini-batches: with steps this large, an epoch of mini-batches ends far away. */
static void gram_is_not_a_mini_batch(void **state)
{
    (void)state;
    enum { ROWS = 512, FEATURES = 33, BATCH = 16 };
    struct dataset *data = random_data(ROWS, FEATURES);
    const double rate = 0.5, lambda = 0.0, step = rate;
    const struct sgd_epoch epoch = {data, NULL, &rate, &lambda, ACTIVATION_SIGMOID};
    struct models exact = random_models(FEATURES, 1), blocks = random_models(FEATURES, 1);
    struct models batches = random_models(FEATURES, 1);
    run_sgd(&kernel_reference, &epoch, &exact, 1);
    run_sgd(&kernel_gram, &epoch, &blocks, 1);
    struct kernel_problem problem = {
        .data = data, .pass = &kernel_reference, .models = 1, .threads = 1};
    struct pass *pass = pass_create(&problem, ROWS, false);
    for (size_t i = 0; i < ROWS; i += BATCH) {
        struct pass_sums sums = pass_run(pass, NULL, i, i + BATCH, &batches);
        models_descend(&batches, &step, sums.G, sums.gb);
    }
    assert_true(difference(blocks.W, exact.W, FEATURES) < 1e-10);
    assert_true(difference(batches.W, exact.W, FEATURES) > 1e-3);
    pass_free(pass);
    models_clear(&exact);
    models_clear(&blocks);
    models_clear(&batches);
    dataset_free(data);
}

static void every_kernel_can_be_wished_for(void **state)
{
    (void)state;
    assert_int_equal(kernel_choice_table.count, kernel_table.count + 1); /* and auto */
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct entry *wish = kernel_table.entries[i];
        assert_ptr_equal(table_find(&kernel_choice_table, wish->name), wish);
        assert_true(kernel_has_pass(wish) || kernel_has_sgd(wish));
    }
    for (size_t d = 1; d <= 100; d += 33)
        for (int many = 0; many <= 1; many++)
            for (int kind = 0; kind < 3; kind++) {
                double number = 0.0;
                const struct dataset data = {.features = d,
                                             .X = kind == 0 ? NULL : &number,
                                             .stored.values = kind == 2 ? &number : NULL};
                const struct kernel *pass = kernel_for_pass(&kernel_auto, &data, many);
                const struct kernel *sgd = kernel_for_sgd(&kernel_auto, &data, many);
                assert_non_null(kernel_beside(sgd, &kernel_auto, d)->pass);
                assert_false(many && (pass->mixes_models || sgd->mixes_models));
                assert_non_null(pass->pass);
                assert_non_null(sgd->sgd_epoch);
                assert_true(kernel_takes(&pass->entry, &data));
                assert_true(kernel_takes(&sgd->entry, &data));
                assert_true(kernel_takes(&kernel_beside(sgd, &kernel_auto, d)->entry, &data));
            }
}

static void every_kernel_declares_its_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct kernel *kernel = kernel_of(kernel_table.entries[i]);
        const struct problem_size problem = {10, 3,    30, 2, (kernel->takes & TAKES_DENSE) == 0,
                                             8,  false};
        assert_true(kernel->flops(problem) >= 4.0 * 30 * 2);
        assert_true(kernel->bytes(problem) >= 8.0 * 30);
    }
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pass_agrees_with_the_reference),
        cmocka_unit_test(every_pass_agrees_on_gathered_rows),
        cmocka_unit_test(every_pass_has_the_same_bits_at_any_thread_count),
        cmocka_unit_test(every_sgd_epoch_agrees_with_the_reference),
        cmocka_unit_test(sgd_survives_products_of_rows_that_overflow),
        cmocka_unit_test(a_model_has_the_same_bits_in_any_company),
        cmocka_unit_test(a_model_has_the_same_bits_in_any_company_of_sgd),
        cmocka_unit_test(gram_is_not_a_mini_batch),
        cmocka_unit_test(every_kernel_can_be_wished_for),
        cmocka_unit_test(every_kernel_declares_its_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
