/* SPDX-License-Identifier: MIT
 *
 * SGD on several threads: the same bits as on one. Of many models, where threads make together what
 * is the same for all of them, over many stretches of the data; where some of them have no models;
 * and where models are too many to share anything. Of one model whose features they share out. And
 * where products of rows are beyond a double.
 */
#include "base/digest.h"
#include "base/parallel/threads.h"
#include "kernel_fixture.h"

enum { EPOCHS = 2, THREADS_MOST = 5 };

struct shape {
    const struct kernel *kernel;
    size_t rows, features, models;
};

static void train(const struct dataset *data, const struct shape *shape, const uint32_t *order,
                  int threads, char digest[static DIGEST_TEXT])
{
    struct models models = random_models(shape->features, shape->models);
    double *rates = memory_allocate(2 * shape->models, sizeof *rates);
    double *lambdas = rates + shape->models;
    for (size_t j = 0; j < shape->models; j++) {
        rates[j] = 1e-3 * (double)(j % 7);
        lambdas[j] = 1e-2 * (double)(j % 3);
    }
    const struct sgd_epoch epoch = {data, order, rates, lambdas, ACTIVATION_SIGMOID};
    for (int i = 0; i < EPOCHS; i++)
        run_sgd(shape->kernel, &epoch, &models, threads);
    struct digest *all = digest_create();
    digest_add(all, models.W, shape->features * shape->models * sizeof *models.W);
    digest_add(all, models.b, shape->models * sizeof *models.b);
    digest_finish(all, digest);
    memory_free(rates);
    models_clear(&models);
}

static void compare(const struct dataset *data, const struct shape *shape, const uint32_t *order)
{
    char expected[DIGEST_TEXT], found[DIGEST_TEXT];
    train(data, shape, order, 1, expected);
    for (int threads = 2; threads <= THREADS_MOST; threads++) {
        train(data, shape, order, threads, found);
        assert_string_equal(found, expected);
    }
}

static void threads_share_blocks_and_keep_bits(void **state)
{
    (void)state;
    const struct kernel *const gram = &kernel_gram, *const pipelined = &kernel_pipelined;
    const struct shape shapes[] = {
        {gram, 3, 20, 9},         {gram, 16, 128, 65},      {gram, 701, 131, 1},
        {gram, 1300, 128, 33},    {gram, 307, 900, 3},      {gram, 150, 900, 65},
        {gram, 40, 129, 900},     {gram, 41, 9000, 2},      {pipelined, 1, 768, 1},
        {pipelined, 2, 800, 1},   {pipelined, 3, 1025, 2},  {pipelined, 301, 784, 1},
        {pipelined, 61, 2100, 3}, {pipelined, 40, 9001, 1}, {pipelined, 50, 790, 20}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct shape *shape = &shapes[i];
        struct dataset *data = random_data(shape->rows, shape->features);
        uint32_t *order = memory_allocate(shape->rows, sizeof *order);
        random_order(order, shape->rows);
        compare(data, shape, NULL);
        compare(data, shape, order);
        memory_free(order);
        dataset_free(data);
    }
}

/* A row whose square is beyond a double, here and there. */
static void check_beyond_a_double(const struct shape *shape)
{
    struct dataset *data = random_data(shape->rows, shape->features);
    uint32_t *order = memory_allocate(shape->rows, sizeof *order);
    random_order(order, shape->rows);
    for (size_t i = 0; i < shape->rows; i += 37)
        for (size_t f = 0; f < shape->features; f++)
            data->X[i * shape->features + f] = 1e160;
    compare(data, shape, order);
    memory_free(order);
    dataset_free(data);
}

static void products_beyond_a_double_keep_bits(void **state)
{
    (void)state;
    check_beyond_a_double(&(struct shape){&kernel_gram, 700, 200, 20});
    check_beyond_a_double(&(struct shape){&kernel_pipelined, 350, 800, 1});
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_blocks_and_keep_bits),
        cmocka_unit_test(products_beyond_a_double_keep_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
