/* SPDX-License-Identifier: MIT
 *
 * The bits that kernels promise: for each set of instructions one digest of what every kernel
 * computes, whatever the compiler, its version and its optimisation. Any compiler that fuses a
 * product and a sum by itself, or adds up in an order of its own, ends up with another.
 *
 * Data and weights are made without the mathematics library, and what goes through it is left out:
 * kernel `reference`, the logarithms of losses, and BLAS.
 */
#include "base/parallel/threads.h"
#include "data/precision.h"
#include "kernel_fixture.h"
#include "kernels/hessian.h"
#include "kernels/stochastic/local_sgd.h"
#include "kernels/stochastic/reduced_epoch.h"

static const size_t row_counts[] = {1, 7, 33, 203};
static const size_t feature_counts[] = {1, 2, 3, 5, 7, 12, 33, 50, 65};
static const size_t model_counts[] = {1, 3, 9, 65};

enum { MODELS_MOST = 65, WORKERS = 4, DIGITS = 12 };
enum { DENSE = TAKES_DENSE, SPARSE = TAKES_SPARSE, BOTH = DENSE | SPARSE };
enum { THREADS = 2, THREADS_MOST = 3 };

/* Of small sets, which are stored in every precision; beside them there is a large one. */
enum { NARROW_ROWS = 33 };

static int threads = THREADS; /* of passes and of SGD in fewer bits */

/* --- What is computed ----------------------------------------------------------------------- */

/* In (-scale, scale). */
static double draw(struct random_stream *stream, double scale)
{
    return scale * (2.0 * random_uniform(stream) - 1.0);
}

static struct dataset *uniform_data(size_t rows, size_t features, bool sparse)
{
    struct random_stream stream = random_open(7, RANDOM_FEATURES, rows);
    struct dataset *data = sparse ? dataset_create_sparse(rows, features, rows * features, true)
                                  : dataset_create(rows, features, true);
    size_t entries = 0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t f = 0; f < features; f++) {
            double x = draw(&stream, i % 11 == 3 ? 40.0 : 2.0);
            if (!sparse)
                data->X[i * features + f] = x;
            else if (random_below(&stream, 3) == 0) {
                data->columns[entries] = (uint32_t)f;
                data->values[entries++] = x;
            }
        }
        if (sparse)
            data->starts[i + 1] = entries;
        data->y[i] = (double)random_below(&stream, 2);
    }
    return data;
}

/* Models with their rates and lambdas. */
struct company {
    struct models models;
    double rates[MODELS_MOST], lambdas[MODELS_MOST];
};

static struct company uniform_company(size_t features, size_t count)
{
    struct random_stream stream = random_open(8, RANDOM_WEIGHTS, count);
    struct company company = {.models = models_create(features, count)};
    for (size_t i = 0; i < features * count; i++)
        company.models.W[i] = draw(&stream, 0.5);
    for (size_t j = 0; j < count; j++) {
        company.models.b[j] = draw(&stream, 1.0);
        company.rates[j] = 0.03 * random_uniform(&stream);
        company.lambdas[j] = j % 2 == 0 ? 0.1 * random_uniform(&stream) : 0.0;
    }
    return company;
}

static void add(struct digest *digest, const double *numbers, size_t count)
{
    digest_add(digest, numbers, count * sizeof *numbers);
}

static void add_models(struct digest *digest, const struct models *models)
{
    add(digest, models->W, models->features * models->count);
    add(digest, models->b, models->count);
}

static void add_pass(struct digest *digest, const struct kernel *kernel, struct dataset *data,
                     size_t k)
{
    struct company company = uniform_company(data->features, k);
    const struct kernel_problem problem = {
        .data = data, .pass = kernel, .models = k, .threads = threads};
    for (int weighted = 0; weighted <= 1; weighted++) {
        data->class_weights[0] = weighted ? 0.7 : 1.0;
        data->class_weights[1] = weighted ? 1.9 : 1.0;
        struct pass *pass = pass_create(&problem, data->rows, false);
        struct pass_sums sums = pass_run(pass, NULL, 0, data->rows, &company.models);
        add(digest, sums.G, data->features * k);
        add(digest, sums.gb, k);
        add(digest, sums.correct, k);
        if (weighted) /* each loss has a logarithm of our own */
            add(digest, sums.loss, k);
        pass_free(pass);
    }
    data->class_weights[0] = data->class_weights[1] = 1.0;
    models_clear(&company.models);
}

static void add_sgd(struct digest *digest, const struct kernel *kernel, struct dataset *data,
                    size_t k)
{
    uint32_t *order = memory_allocate(data->rows, sizeof *order);
    random_order(order, data->rows);
    for (int activation = 0; activation < 2; activation++) {
        struct company company = uniform_company(data->features, k);
        const struct sgd_epoch epoch = {data, activation == 0 ? order : NULL, company.rates,
                                        company.lambdas, (enum activation)activation};
        run_sgd(kernel, &epoch, &company.models, threads);
        add_models(digest, &company.models);
        models_clear(&company.models);
    }
    memory_free(order);
}

/* Of rows so long that their sums have slices. */
static void add_long_sgd(struct digest *digest, const struct kernel *kernel, struct dataset *data,
                         size_t k)
{
    struct dataset *longer = uniform_data(data->rows, 13 * data->features + 99, false);
    add_sgd(digest, kernel, data, k);
    if (k == 1)
        add_sgd(digest, kernel, longer, k);
    dataset_free(longer);
}

static void add_reduced(struct digest *digest, const struct kernel *none, struct dataset *data,
                        size_t k)
{
    (void)none;
    size_t n = data->rows, d = data->features;
    struct company company = uniform_company(d, k);
    double *numbers = memory_allocate((n + d + 1) * k, sizeof *numbers);
    struct reduced_epoch epoch = {.rates = company.rates, .lambdas = company.lambdas};
    epoch.table = (struct reduced_table){numbers, numbers + n * k, numbers + (n + d) * k};
    reduced_fill(data, &company.models, numbers, 2);
    const struct kernel_problem problem = {.data = data, .models = k, .threads = 2};
    struct reduced *reduced = reduced_create(&problem);
    for (int update = 0; update <= 1; update++) {
        epoch.update = update != 0;
        reduced_run(reduced, &epoch, &company.models);
    }
    add_models(digest, &company.models);
    add(digest, numbers, (n + d + 1) * k);
    reduced_free(reduced);
    memory_free(numbers);
    models_clear(&company.models);
}

static void add_local(struct digest *digest, const struct kernel *none, struct dataset *data,
                      size_t k)
{
    (void)none;
    struct company company = uniform_company(data->features, k);
    const struct kernel *kernel = dataset_is_sparse(data) ? &kernel_sparse : &kernel_lanes;
    const struct kernel_problem problem = {
        .data = data, .sgd = kernel, .models = k, .workers = WORKERS, .threads = 2};
    const struct sgd_epoch epoch = {data, NULL, company.rates, company.lambdas, ACTIVATION_SIGMOID};
    if (data->rows >= WORKERS) {
        struct local_sgd *local = local_sgd_create(&problem);
        local_sgd_run(local, &epoch, 3, &company.models);
        add_models(digest, &company.models);
        local_sgd_free(local);
    }
    models_clear(&company.models);
}

static void add_hessian(struct digest *digest, const struct kernel *none, struct dataset *data,
                        size_t k)
{
    (void)none;
    size_t length = data->features + 1;
    struct company company = uniform_company(data->features, 1);
    double *v = memory_allocate(2 * length, sizeof *v);
    struct random_stream stream = random_open(9, RANDOM_WEIGHTS, k);
    for (size_t f = 0; f < length; f++)
        v[f] = draw(&stream, 1.0);
    struct hessian *hessian = hessian_create(data, 2);
    hessian_set(hessian, &company.models);
    hessian_multiply(hessian, v, v + length);
    add(digest, v + length, length);
    hessian_free(hessian);
    memory_free(v);
    models_clear(&company.models);
}

/* The same kernels over what is stored in fewer bits. */
static void stored_in(const struct dataset *data, const char *precision, struct dataset *stored)
{
    struct error error = {.kind = ERROR_NONE};
    *stored = *data;
    assert_true(precision_apply(table_find(&precision_table, precision), false, stored, 1, &error));
}

static void add_narrow(struct digest *digest, const struct kernel *kernel, struct dataset *data,
                       size_t k,
                       void (*add_wide)(struct digest *digest, const struct kernel *kernel,
                                        struct dataset *data, size_t k))
{
    static const char *const precisions[] = {"float32", "bfloat16", "int8"};
    const size_t count = dataset_is_sparse(data) ? 1 : sizeof precisions / sizeof *precisions;
    for (size_t p = 0; p < count; p++) {
        struct dataset stored;
        stored_in(data, precisions[p], &stored);
        add_wide(digest, kernel, &stored, k);
        memory_free(stored.stored.values);
        memory_free(stored.stored.units);
    }
}

static void add_narrow_pass(struct digest *digest, const struct kernel *kernel,
                            struct dataset *data, size_t k)
{
    add_narrow(digest, kernel, data, k, add_pass);
}

static void add_narrow_sgd(struct digest *digest, const struct kernel *kernel, struct dataset *data,
                           size_t k)
{
    add_narrow(digest, kernel, data, k, add_sgd);
}

/* --- Digests -------------------------------------------------------------------------------- */

/* What bits depend on among the instructions that a program is compiled for: how wide vectors are,
 * and whether a product and a sum are rounded once. On others nothing is known yet. */
enum target { TARGET_AVX512, TARGET_AVX_FMA, TARGET_SSE2, TARGETS };

static enum target target_of_this(void)
{
#if defined(__AVX512F__) && defined(NEURON_FUSES)
    return TARGET_AVX512;
#elif defined(__AVX512F__)
    return TARGETS;
#elif defined(__AVX__) && defined(NEURON_FUSES)
    return TARGET_AVX_FMA;
#elif defined(__x86_64__) && !defined(__AVX__)
    return TARGET_SSE2;
#else
    return TARGETS;
#endif
}

static const struct row {
    const char *name;
    const struct kernel *kernel;
    void (*add)(struct digest *digest, const struct kernel *kernel, struct dataset *data, size_t k);
    unsigned takes;
    const char *digests[TARGETS]; /* their first DIGITS digits */
} rows[] = {
    {"pass of fused",
     &kernel_fused,
     add_pass,
     DENSE,
     {"ee1a52b112ec", "9f907dda108d", "26d7629d422a"}},
    {"pass of batched",
     &kernel_batched,
     add_pass,
     DENSE,
     {"f2cd6fb76e76", "f2cd6fb76e76", "438dd22dd272"}},
    {"pass of sparse",
     &kernel_sparse,
     add_pass,
     SPARSE,
     {"f08bb9d45669", "f08bb9d45669", "bc6e637ae75f"}},
    {"SGD of chain",
     &kernel_chain,
     add_sgd,
     DENSE,
     {"71b6a718ef61", "a7d60da66d5c", "1c3c53d7cf57"}},
    {"SGD of lanes",
     &kernel_lanes,
     add_sgd,
     DENSE,
     {"1258d3ac6c0e", "1258d3ac6c0e", "c659a2a7f70b"}},
    {"SGD of gram", &kernel_gram, add_sgd, DENSE, {"21f35ef5dd6f", "4084620530c6", "86c96d9a7482"}},
    {"SGD of pipelined",
     &kernel_pipelined,
     add_long_sgd,
     DENSE,
     {"8b78bd7d7104", "d75ca9b0d435", "d2c9c6393d1d"}},
    {"SGD of sparse",
     &kernel_sparse,
     add_sgd,
     SPARSE,
     {"1770ae1b3982", "1770ae1b3982", "78f6874dc00a"}},
    {"SGD by workers", NULL, add_local, BOTH, {"d312363cfda3", "d312363cfda3", "0ada82d738eb"}},
    {"reduced variance", NULL, add_reduced, BOTH, {"0ca42b482505", "0ca42b482505", "9a8276b24c2b"}},
    {"pass of fused-narrow",
     &kernel_fused_narrow,
     add_narrow_pass,
     DENSE,
     {"3a64e929e217", "cbb06653a293", "3d2cca3c6b6c"}},
    {"pass of batched-narrow",
     &kernel_batched_narrow,
     add_narrow_pass,
     DENSE,
     {"f1a60f8c8ca8", "f1a60f8c8ca8", "345ec0d6a3d5"}},
    {"SGD of chain-narrow",
     &kernel_chain_narrow,
     add_narrow_sgd,
     DENSE,
     {"4f4df52a5662", "e3b0cae6036d", "871243ebfb93"}},
    {"SGD of lanes-narrow",
     &kernel_lanes_narrow,
     add_narrow_sgd,
     DENSE,
     {"4250ae947bc1", "4250ae947bc1", "b387dadca4aa"}},
    {"SGD of gram-narrow",
     &kernel_gram_narrow,
     add_narrow_sgd,
     DENSE,
     {"5df905b4181d", "39a7b67d7119", "64e965cbf19b"}},
    {"pass of sparse float32",
     &kernel_sparse,
     add_narrow_pass,
     SPARSE,
     {"fec72ef08fcf", "fec72ef08fcf", "671d0b1521d9"}},
    {"SGD of sparse float32",
     &kernel_sparse,
     add_narrow_sgd,
     SPARSE,
     {"a9dcf2ea8a9a", "a9dcf2ea8a9a", "3aadb5cb1e2e"}},
    {"products with the Hessian",
     NULL,
     add_hessian,
     BOTH,
     {"f02833e78e4c", "f02833e78e4c", "1c0fd01ad755"}},
};

/* Data of several chunks. */
static void add_large(const struct row *row, struct digest *digest)
{
    enum { ROWS = 2100, FEATURES = 33 };
    static const size_t some_models[] = {1, 9};
    struct dataset *data = uniform_data(ROWS, FEATURES, (row->takes & SPARSE) != 0);
    EACH (k, some_models)
        row->add(digest, row->kernel, data, *k);
    dataset_free(data);
}

static bool is_narrow(const struct row *row)
{
    return row->add == add_narrow_pass || row->add == add_narrow_sgd;
}

static void digest_row(const struct row *row, char text[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    for (int sparse = 0; sparse <= 1; sparse++)
        EACH (n, row_counts)
            EACH (d, feature_counts) {
                if ((row->takes & (sparse ? TAKES_SPARSE : TAKES_DENSE)) == 0 ||
                    (is_narrow(row) && *n > NARROW_ROWS))
                    continue;
                struct dataset *data = uniform_data(*n, *d, sparse != 0);
                EACH (k, model_counts)
                    row->add(digest, row->kernel, data, *k);
                dataset_free(data);
            }
    if (is_narrow(row))
        add_large(row, digest);
    digest_finish(digest, text);
}

static void every_compiler_makes_the_same_bits(void **state)
{
    (void)state;
    const enum target target = target_of_this();
    bool same = true;
    if (target == TARGETS)
        skip();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char digest[DIGEST_TEXT];
        digest_row(&rows[i], digest);
        if (strncmp(digest, rows[i].digests[target], DIGITS) == 0)
            continue;
        print_error("%s: digest %.*s on target %d\n", rows[i].name, DIGITS, digest, (int)target);
        same = false;
    }
    assert_true(same);
}

static void kernels_in_fewer_bits_have_the_same_on_1_2_and_3_threads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char digests[THREADS_MOST][DIGEST_TEXT];
        for (threads = 1; threads <= THREADS_MOST && is_narrow(&rows[i]); threads++) {
            struct digest *digest = digest_create();
            add_large(&rows[i], digest);
            digest_finish(digest, digests[threads - 1]);
            assert_string_equal(digests[threads - 1], digests[0]);
        }
        threads = THREADS;
    }
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_compiler_makes_the_same_bits),
        cmocka_unit_test(kernels_in_fewer_bits_have_the_same_on_1_2_and_3_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
