/* SPDX-License-Identifier: MIT
 *
 * Rows in fewer bits: what is stored is within the bound of data/precision.h of what was given, and
 * what every kernel makes of it within the bound of kernels/narrow/narrow.h of exact arithmetic, on
 * rows that cancel, of 1e30, of 1e-30, and below the normal numbers. Exact arithmetic is that of
 * long doubles, whose rounding is a thousandth of what the bounds allow doubles.
 */
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "data/precision.h"
#include "kernel_fixture.h"
#include "kernels/choice.h"
#include "kernels/hessian.h"
#include "kernels/narrow/narrow.h"

#include <float.h>

static const char *const precisions[] = {"float32", "bfloat16", "int8"};
enum { PRECISIONS = 3 };

static const struct entry *precision_named(const char *name)
{
    return table_find(&precision_table, name);
}

static void store(struct dataset *data, const char *name)
{
    struct error error = {.kind = ERROR_NONE};
    const int threads = data->rows > 500 ? 2 : 1;
    if (!precision_apply(precision_named(name), false, data, threads, &error))
        fail_msg("%s", error.message);
}

/* --- What is stored -------------------------------------------------------------------------- */

enum { KINDS = 8 };

/* Row i of a kind of data: what goes wrong in floats differs from kind to kind. */
static double adversary(struct random_stream *stream, size_t kind, size_t f)
{
    const double x = random_normal(stream), sign = f % 2 == 0 ? 1.0 : -1.0;
    switch (kind) {
    case 0:
        return x;
    case 1:
        return sign * (1e30 + 1e23 * x); /* cancels */
    case 2:
        return 1e-30 * x;
    case 3:
        return 1e-42 * x; /* below the normal numbers of a float */
    case 4:
        return f % 5 == 0 ? 1e30 * x : 1e-30 * x;
    case 5:
        return sign * (1.0 + 1e-9 * x); /* all but equal */
    case 6:
        return 1e-310 * x; /* below the normal numbers of a double */
    default:
        return f % 3 == 0 ? 0.0 : ldexp(x, (int)random_below(stream, 200) - 100);
    }
}

static struct dataset *adversarial(size_t rows, size_t features, size_t kind)
{
    struct dataset *data = dataset_create(rows, features, true);
    for (size_t i = 0; i < rows; i++) {
        struct random_stream stream = random_open(9, RANDOM_FEATURES, i);
        for (size_t f = 0; f < features; f++)
            data->X[i * features + f] = adversary(&stream, kind == KINDS ? i % KINDS : kind, f);
        data->y[i] = (double)random_below(&stream, 2);
    }
    return data;
}

/* The same with some of its values alone, and rows that have none. */
static struct dataset *adversarial_sparse(size_t rows, size_t features, size_t kind)
{
    struct dataset *dense = adversarial(rows, features, kind);
    struct dataset *data = dataset_create_sparse(rows, features, rows * features, true);
    size_t entries = 0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t f = 0; f < features; f++)
            if ((i + f) % 3 != 0 && i % 5 != 4) {
                data->columns[entries] = (uint32_t)f;
                data->values[entries++] = dense->X[i * features + f];
            }
        data->starts[i + 1] = entries;
        data->y[i] = dense->y[i];
    }
    dataset_free(dense);
    return data;
}

/* Row i as it is stored, and as it was given. */
static void both_rows(const struct dataset *data, size_t i, double *stored, double *given)
{
    const size_t d = data->features;
    if (!dataset_is_sparse(data)) {
        stored_row(data, i, stored);
        memcpy(given, data->X + i * d, d * sizeof *given);
        return;
    }
    memset(stored, 0, d * sizeof *stored);
    memset(given, 0, d * sizeof *given);
    for (size_t t = data->starts[i]; t < data->ends[i]; t++) {
        stored[data->columns[t]] = (double)((const float *)data->stored.values)[t];
        given[data->columns[t]] = data->values[t];
    }
}

/* How far a stored value may be from x: u |x| + t, or half a unit with its own rounding. */
static double storage_bound(const struct dataset *data, size_t f, double x)
{
    const struct precision *precision = precision_of(data->stored.precision);
    if (data->stored.units != NULL)
        return data->stored.units[f] * (0.5 + 0x1p-45);
    if (dataset_is_sparse(data) && x == 0.0)
        return 0.0; /* it is not stored */
    return precision->roundoff * fabs(x) + precision->least;
}

enum { ROWS_STORED = 70, FEATURES_STORED = 37 };

static void check_storage(struct dataset *data, const char *precision, size_t kind)
{
    double row[FEATURES_STORED], given[FEATURES_STORED];
    store(data, precision);
    for (size_t i = 0; i < data->rows; i++) {
        both_rows(data, i, row, given);
        for (size_t f = 0; f < data->features; f++)
            if (!(fabs(row[f] - given[f]) <= storage_bound(data, f, given[f])))
                fail_msg("%s, kind %zu: %.17g became %.17g", precision, kind, given[f], row[f]);
    }
    dataset_free(data);
}

static void every_value_is_stored_within_its_bound(void **state)
{
    (void)state;
    for (size_t p = 0; p < PRECISIONS; p++)
        for (size_t kind = 0; kind <= KINDS; kind++)
            check_storage(adversarial(ROWS_STORED, FEATURES_STORED, kind), precisions[p], kind);
    for (size_t kind = 0; kind <= KINDS; kind++)
        check_storage(adversarial_sparse(ROWS_STORED, FEATURES_STORED, kind), "float32", kind);
}

/* Stores one number and reads it back. */
static double through(const char *precision, double x)
{
    struct dataset *data = dataset_create(1, 1, true);
    double row[1];
    data->X[0] = x;
    data->y[0] = 0.0;
    store(data, precision);
    stored_row(data, 0, row);
    dataset_free(data);
    return row[0];
}

static void ties_go_to_even_in_one_rounding(void **state)
{
    (void)state;
    assert_true(through("bfloat16", 1.0 + 0x1p-8) == 1.0);
    assert_true(through("bfloat16", 1.0 + 0x3p-8) == 1.0 + 0x4p-8);
    assert_true(through("bfloat16", 1.0 + 0x1p-8 + 0x1p-40) == 1.0 + 0x1p-7); /* a tie as a float */
    assert_true(through("bfloat16", -1.0 - 0x1p-8 - 0x1p-40) == -1.0 - 0x1p-7);
    assert_true(through("bfloat16", 1.0 + 0x3p-8 - 0x1p-40) == 1.0 + 0x1p-7);
    assert_true(through("float32", 1.0 + 0x1p-24) == 1.0);
    assert_true(through("float32", 1.0 + 0x3p-24) == 1.0 + 0x4p-24);
    assert_true(through("float32", 0x1p-149) == 0x1p-149);
    assert_true(through("float32", 0.0) == 0.0);
    assert_true(through("int8", 190.0 * DBL_TRUE_MIN) > 188.0 * DBL_TRUE_MIN);
    assert_true(fabs(through("int8", 1e300) - 1e300) <= 1e286);
    assert_true(through("int8", 0.0) == 0.0);
}

static void a_value_that_would_be_infinite_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *precision;
        double x;
    } cases[] = {
        {"float32", 1e300}, {"float32", 3.5e38}, {"bfloat16", -1e39}, {"bfloat16", 3.4e38}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct error error = {.kind = ERROR_NONE};
        struct dataset *data = random_data(20, 3);
        data->X[17 * 3 + 1] = cases[c].x;
        assert_false(precision_apply(precision_named(cases[c].precision), false, data, 2, &error));
        assert_non_null(strstr(error.message, "feature 'x2'"));
        assert_non_null(strstr(error.message, "row 18"));
        assert_non_null(strstr(error.message, "scale standard"));
        dataset_free(data);
    }
    struct error error = {.kind = ERROR_NONE};
    struct dataset *sparse = random_sparse(50, 3);
    assert_false(precision_apply(precision_named("int8"), false, sparse, 1, &error));
    assert_non_null(strstr(error.message, "these are sparse, which float32 stores"));
    size_t wrong = 20;
    while (sparse->starts[wrong] == sparse->ends[wrong])
        wrong++;
    sparse->values[sparse->starts[wrong]] = 1e300;
    error = (struct error){.kind = ERROR_NONE};
    assert_false(precision_apply(precision_named("float32"), false, sparse, 1, &error));
    char place[32];
    snprintf(place, sizeof place, "in row %zu of", wrong + 1);
    assert_non_null(strstr(error.message, place));
    assert_non_null(strstr(error.message, "scale maxabs"));
    dataset_free(sparse);
}

/* Sparse values that are all 1 are not read at all. */
static void ones_are_not_stored(void **state)
{
    (void)state;
    struct dataset *data = random_sparse(50, 3);
    for (size_t t = 0; t < dataset_entries(data); t++)
        data->values[t] = 1.0;
    store(data, "float32");
    assert_false(dataset_is_stored(data));
    assert_true(data->stored.precision == precision_named("float32"));
    assert_non_null(strstr(data->notes, "all values are 1"));
    dataset_free(data);
}

/* --- What kernels make of it ----------------------------------------------------------------- */

/* One model on all rows, in long doubles, and how far a kernel may be from it. `given`: of what was
 * given, so that the bound has the rounding of storage in it. */
struct exact {
    long double *G, gb, loss;
    double *G_bound, gb_bound, loss_bound;
};

/* Sums over sparse rows are doubles, and begin with values that are. */
static double sums_bound(const struct dataset *data, double size, double terms, double products)
{
    const double m = NARROW_SUMS + NARROW_HALVINGS + 2, v = 0x1p-24;
    if (dataset_is_sparse(data))
        return (terms + 4.0) * (0x1p-52 * products + DBL_TRUE_MIN);
    return (m * v / (1.0 - m * v) + (terms + 4.0) * 0x1p-52) * products + 0x1p-149 * size;
}

static long double sigmoid_of(long double z)
{
    return z >= 0.0L ? 1.0L / (1.0L + expl(-z)) : expl(z) / (1.0L + expl(z));
}

/* z of a row, and how far that of a kernel may be from it. */
static long double exact_sum(const struct dataset *data, const double *x, const double *X,
                             const double *w, double b, bool given, double *bound)
{
    const size_t d = data->features;
    const double *units = data->stored.units;
    long double z = (long double)b;
    double products = 0.0, size = 0.0, storage = 0.0;
    for (size_t f = 0; f < d; f++) {
        z += (long double)(given ? X[f] : x[f]) * (long double)w[f];
        products += fabs(x[f] * w[f]);
        size += fabs(x[f]) / (units != NULL ? units[f] : 1.0) + 1.0;
        storage += given ? storage_bound(data, f, X[f]) * fabs(w[f]) : 0.0;
    }
    *bound = sums_bound(data, size, (double)d, products + fabs(b)) + storage;
    return z;
}

static void exact_row(const struct dataset *data, size_t i, const double *w, double b, bool given,
                      struct exact *exact, double *row)
{
    const size_t d = data->features;
    double z_bound, *as_given = row + d;
    both_rows(data, i, row, as_given);
    const long double z = exact_sum(data, row, as_given, w, b, given, &z_bound), y = data->y[i];
    const long double r = sigmoid_of(z) - y;
    const double r_bound = fmin(1.0, z_bound / 4.0) + 1e-14;
    exact->loss += (z > 0.0L ? z : 0.0L) - z * y + log1pl(expl(-fabsl(z)));
    exact->loss_bound += z_bound + 1e-14 * (1.0 + fabs((double)z));
    exact->gb += r;
    exact->gb_bound += r_bound;
    for (size_t f = 0; f < d; f++) {
        const double *units = data->stored.units, X = as_given[f];
        const double unit = units != NULL ? units[f] : 1.0;
        exact->G[f] += (long double)(given ? X : row[f]) * r;
        exact->G_bound[f] += fabs(row[f]) * r_bound + (given ? storage_bound(data, f, X) : 0.0) +
                             unit * sums_bound(data, fabs(row[f]) / unit + 1.0, (double)data->rows,
                                               fabs(row[f] / unit));
    }
}

static void check(const char *what, double actual, long double exact, double bound, size_t kind)
{
    if (!(fabsl((long double)actual - exact) <= (long double)bound))
        fail_msg("%s, kind %zu: %.17Lg became %.17g, which is not within %g", what, kind, exact,
                 actual, bound);
}

static void check_model(const struct kernel *kernel, const struct dataset *data,
                        const struct models *models, const struct pass_sums *sums, size_t j,
                        bool given, size_t kind)
{
    const size_t d = data->features, k = models->count;
    struct exact exact = {.G = memory_allocate(d, sizeof(long double)),
                          .G_bound = memory_allocate(d, sizeof(double))};
    double *row = memory_allocate(2 * d, sizeof *row), *w = memory_allocate(d, sizeof *w);
    models_copy_weights(models, j, w);
    for (size_t i = 0; i < data->rows; i++)
        exact_row(data, i, w, models->b[j], given, &exact, row);
    for (size_t f = 0; f < d; f++)
        check(kernel->entry.name, sums->G[f * k + j], exact.G[f], exact.G_bound[f], kind);
    check(kernel->entry.name, sums->gb[j], exact.gb, exact.gb_bound, kind);
    check(kernel->entry.name, sums->loss[j], exact.loss, exact.loss_bound, kind);
    memory_free(exact.G);
    memory_free(exact.G_bound);
    memory_free(row);
    memory_free(w);
}

/* Weights that bring the sums of such data near the steep part of the sigmoid, or far beyond. */
static void scale_weights(const struct models *models, double scale)
{
    for (size_t i = 0; i < models->features * models->count; i++)
        models->W[i] *= scale;
}

/* Weights of one model that are all the same, for which features of other signs cancel. */
static void even_weights(const struct models *models)
{
    for (size_t f = 0; f < models->features; f++)
        models->W[f * models->count] = models->W[0];
}

/* On data that are stored here and freed. */
static void check_set(struct dataset *data, const char *precision, size_t k, size_t kind,
                      double scale)
{
    struct models models = random_models(data->features, k);
    scale_weights(&models, scale);
    if (kind == 1 || kind == 5)
        even_weights(&models);
    store(data, precision);
    EACH_KERNEL(kernel, pass, kernel_kind(data))
    {
        const struct kernel_problem problem = {
            .data = data, .pass = kernel, .models = k, .threads = 1};
        struct pass *pass = pass_create(&problem, data->rows, false);
        const struct pass_sums sums = pass_run(pass, NULL, 0, data->rows, &models);
        for (size_t j = 0; j<k; j += k> 3 ? k / 3 : 1)
            for (int given = 0; given <= 1; given++)
                check_model(kernel, data, &models, &sums, j, given, kind);
        pass_free(pass);
    }
    models_clear(&models);
    dataset_free(data);
}

static void check_kernels(size_t rows, size_t features, size_t k, size_t kind, double scale)
{
    for (size_t p = 0; p < PRECISIONS; p++)
        check_set(adversarial(rows, features, kind), precisions[p], k, kind, scale);
    check_set(adversarial_sparse(rows, features, kind), "float32", k, kind, scale);
}

static void every_kernel_is_within_the_proved_bound(void **state)
{
    (void)state;
    static const double scales[KINDS + 1] = {1.0, 1e-30, 1e30,  1e42, 1e-30,
                                             1.0, 1e30,  1e-20, 1e-10};
    static const size_t rows[] = {1, 7, 63, 200}, features[] = {1, 3, 16, 33};
    for (size_t kind = 0; kind <= KINDS; kind++)
        EACH (n, rows)
            EACH (d, features)
                check_kernels(*n, *d, *n == 7 ? 49 : 1, kind, scales[kind]);
    check_kernels(150, 17, 100, 0, 1.0);
    check_kernels(70, 1100, 2, 0, 1.0); /* more than one block of features, with any vectors */
    check_kernels(9, 2100, 1, 5, 1.0);
}

/* Sums that are beyond a float, of values, weights and residuals that are not. */
static void what_overflows_in_floats_is_taken_in_doubles(void **state)
{
    (void)state;
    for (size_t d = 1; d <= 40; d += 13) {
        check_kernels(130, d, 1, 1, 1e12);
        check_kernels(130, d, 35, 4, 1e12);
        check_kernels(9, d, 3, 2, 1e200);
    }
    struct dataset *data = random_data(150, 5);
    struct models models = random_models(5, 2);
    data->class_weights[0] = 1e30; /* X' r is beyond a float */
    data->class_weights[1] = 0.5;
    for (size_t i = 0; i < 150; i++)
        data->X[i * 5] *= 1e30;
    store(data, "float32");
    EACH_KERNEL(kernel, pass, TAKES_NARROW)
    {
        const struct kernel_problem problem = {
            .data = data, .pass = kernel, .models = 2, .threads = 1};
        struct pass *pass = pass_create(&problem, 150, false);
        const struct pass_sums sums = pass_run(pass, NULL, 0, 150, &models);
        for (size_t i = 0; i < pass_sums_length(5, 2); i++)
            assert_true(isfinite(sums.G[i]));
        assert_true(fabs(sums.G[0]) > 1e39);
        pass_free(pass);
    }
    models_clear(&models);
    dataset_free(data);
}

/* --- Bits ------------------------------------------------------------------------------------ */

static void bits_depend_on_neither_threads_nor_company(void **state)
{
    (void)state;
    enum { ROWS = 5000, FEATURES = 29, MODELS = 53, SUMS = FEATURES + 3 };
    const size_t length = pass_sums_length(FEATURES, MODELS);
    double *expected = memory_allocate(length, sizeof *expected);
    struct models models = random_models(FEATURES, MODELS), one = random_models(FEATURES, 1);
    models_copy_weights(&models, MODELS - 1, one.W);
    one.b[0] = models.b[MODELS - 1];
    for (size_t p = 0; p < PRECISIONS; p++) {
        struct dataset *data = random_data(ROWS, FEATURES);
        store(data, precisions[p]);
        assert_true(chunking_of(data, ROWS).count > 2);
        EACH_KERNEL(kernel, pass, TAKES_NARROW)
        {
            struct kernel_problem problem = {
                .data = data, .pass = kernel, .models = MODELS, .threads = 1};
            for (; problem.threads <= 2; problem.threads++) {
                struct pass *pass = pass_create(&problem, ROWS, false);
                const double *G = pass_run(pass, NULL, 0, ROWS, &models).G;
                if (problem.threads == 1)
                    memcpy(expected, G, length * sizeof *G);
                else
                    assert_memory_equal(expected, G, length * sizeof *G);
                const double *alone = pass_run(pass, NULL, 0, ROWS, &one).G;
                for (size_t f = 0; f < SUMS; f++)
                    assert_memory_equal(&alone[f], &expected[f * MODELS + MODELS - 1],
                                        sizeof *alone);
                pass_free(pass);
            }
        }
        dataset_free(data);
    }
    models_clear(&models);
    models_clear(&one);
    memory_free(expected);
}

/* What lies in a file as float32: as it is, and the same numbers as doubles. */
static void rows_of_float32_in_a_file_have_the_bits_of_the_same_rows_as_doubles(void **state)
{
    (void)state;
    static const size_t features[] = {1, 3, 16, 33, 150};
    enum { ROWS = 1037, MODELS = 9 };
    uint32_t order[ROWS];
    random_order(order, ROWS);
    EACH (d, features) {
        struct dataset *doubles = random_data(ROWS, *d), *lent = random_data(ROWS, *d);
        float *numbers = memory_allocate(ROWS * *d + STORED_BEHIND, sizeof *numbers);
        for (size_t i = 0; i < ROWS * *d; i++)
            doubles->X[i] = (double)(numbers[i] = (float)doubles->X[i]);
        struct dataset singles = *lent;
        singles.X = NULL;
        singles.singles = numbers;
        struct models models = random_models(*d, MODELS);
        for (int stored = 0; stored <= 1; stored++) {
            if (stored) {
                store(doubles, "float32");
                store(&singles, "float32");
                assert_true(singles.stored.values == numbers && stored_bytes(&singles) == 0.0);
                assert_true(singles.stored.largest == doubles->stored.largest);
            }
            EACH_KERNEL(kernel, pass, stored ? TAKES_NARROW : TAKES_SINGLES)
            {
                struct kernel_problem a = {
                    .data = doubles, .pass = kernel, .models = MODELS, .threads = 2};
                struct kernel_problem b = a;
                b.data = &singles;
                struct pass *one = pass_create(&a, ROWS, true), *two = pass_create(&b, ROWS, true);
                for (int picked = 0; picked <= 1; picked++) {
                    const uint32_t *of = picked ? order : NULL;
                    const double *p = pass_run(one, of, 0, ROWS, &models).G;
                    const double *q = pass_run(two, of, 0, ROWS, &models).G;
                    assert_memory_equal(p, q, pass_sums_length(*d, MODELS) * sizeof *p);
                }
                pass_free(one);
                pass_free(two);
            }
        }
        models_clear(&models);
        memory_free(numbers);
        dataset_free(lent);
        dataset_free(doubles);
    }
}

static void products_with_the_hessian_are_those_of_doubles(void **state)
{
    (void)state;
    enum { ROWS = 300, FEATURES = 21, LENGTH = FEATURES + 1 };
    float numbers[ROWS * FEATURES];
    double v[LENGTH], out[2][LENGTH], *H[2], diagonal[2][LENGTH];
    struct dataset *doubles = random_data(ROWS, FEATURES);
    for (size_t i = 0; i < ROWS * FEATURES; i++)
        doubles->X[i] = (double)(numbers[i] = (float)doubles->X[i]);
    for (size_t f = 0; f < LENGTH; f++)
        v[f] = 1.0 / (double)(f + 1);
    struct dataset singles = *doubles;
    singles.X = NULL;
    singles.singles = numbers;
    struct models models = random_models(FEATURES, 1);
    for (size_t s = 0; s < 2; s++) {
        struct hessian *hessian = hessian_create(s == 0 ? doubles : &singles, 2);
        hessian_set(hessian, &models);
        hessian_multiply(hessian, v, out[s]);
        H[s] = memory_allocate((size_t)LENGTH * LENGTH, sizeof(double));
        hessian_matrix(hessian, H[s]);
        hessian_diagonal_in(hessian, NULL, diagonal[s]);
        hessian_free(hessian);
    }
    assert_memory_equal(out[0], out[1], sizeof out[0]);
    assert_memory_equal(H[0], H[1], (size_t)LENGTH * LENGTH * sizeof(double));
    assert_memory_equal(diagonal[0], diagonal[1], sizeof diagonal[0]);
    memory_free(H[0]);
    memory_free(H[1]);
    models_clear(&models);
    dataset_free(doubles);
}

/* --- Some rows, and SGD ---------------------------------------------------------------------- */

static void rows_in_an_order_are_those_rows(void **state)
{
    (void)state;
    enum { ROWS = 300, FEATURES = 19, SOME = 77 };
    uint32_t order[ROWS];
    struct models models = random_models(FEATURES, 2);
    random_order(order, ROWS);
    for (size_t p = 0; p < PRECISIONS; p++) {
        struct dataset *data = random_data(ROWS, FEATURES), *chosen = random_data(SOME, FEATURES);
        for (size_t i = 0; i < SOME; i++) {
            memcpy(chosen->X + i * FEATURES, data->X + order[i] * FEATURES,
                   FEATURES * sizeof *data->X);
            chosen->y[i] = data->y[order[i]];
        }
        store(data, precisions[p]);
        store(chosen, precisions[p]);
        if (data->stored.units != NULL) /* those of all rows */
            memcpy(chosen->stored.units, data->stored.units, FEATURES * sizeof(double));
        stored_gather(data, order, SOME, chosen->stored.values);
        EACH_KERNEL(kernel, pass, TAKES_NARROW)
        {
            const struct kernel_problem whole = {
                .data = data, .pass = kernel, .models = 2, .threads = 1};
            const struct kernel_problem part = {
                .data = chosen, .pass = kernel, .models = 2, .threads = 1};
            struct pass *some = pass_create(&whole, SOME, true);
            struct pass *all = pass_create(&part, SOME, false);
            const double *a = pass_run(some, order, 0, SOME, &models).G;
            const double *b = pass_run(all, NULL, 0, SOME, &models).G;
            assert_memory_equal(a, b, pass_sums_length(FEATURES, 2) * sizeof *a);
            pass_free(some);
            pass_free(all);
        }
        dataset_free(data);
        dataset_free(chosen);
    }
    models_clear(&models);
}

/* Sparse rows of float32 have the bits of the doubles that these are, in whatever order, and in
 * SGD.
 */
static void sparse_float32_has_the_bits_of_the_same_values_as_doubles(void **state)
{
    (void)state;
    enum { ROWS = 900, MODELS = 35 };
    static const size_t features[] = {3, 40, 200}, models_of[] = {1, 2, MODELS};
    uint32_t order[ROWS];
    double rates[MODELS], lambdas[MODELS];
    for (size_t j = 0; j < MODELS; j++) {
        rates[j] = 0.01 * (double)(j + 1);
        lambdas[j] = j % 2 == 0 ? 0.01 : 0.0;
    }
    random_order(order, ROWS);
    EACH (d, features)
        EACH (k, models_of) {
            struct dataset *data = random_sparse(ROWS, *d), *doubles = random_sparse(ROWS, *d);
            store(data, "float32");
            for (size_t t = 0; t < dataset_entries(doubles); t++)
                doubles->values[t] = (double)(float)doubles->values[t];
            EACH_KERNEL(kernel, pass, TAKES_SPARSE_NARROW)
            {
                struct models models = random_models(*d, *k);
                struct kernel_problem a = {
                    .data = data, .pass = kernel, .models = *k, .threads = 2};
                struct kernel_problem b = a;
                b.data = doubles;
                struct pass *one = pass_create(&a, ROWS, true), *two = pass_create(&b, ROWS, true);
                for (int picked = 0; picked <= 1; picked++) {
                    const uint32_t *of = picked ? order : NULL;
                    const double *p = pass_run(one, of, 0, ROWS, &models).G;
                    const double *q = pass_run(two, of, 0, ROWS, &models).G;
                    assert_memory_equal(p, q, pass_sums_length(*d, *k) * sizeof *p);
                }
                pass_free(one);
                pass_free(two);
                models_clear(&models);
                struct sgd_epoch epoch = {
                    .data = data, .order = order, .rates = rates, .lambdas = lambdas};
                struct models p = random_models(*d, *k), q = random_models(*d, *k);
                const struct dataset slice = dataset_slice(data, 5, ROWS - 5);
                const struct dataset twin = dataset_slice(doubles, 5, ROWS - 5);
                run_sgd(kernel, &epoch, &p, 2);
                epoch.data = doubles;
                run_sgd(kernel, &epoch, &q, 2);
                epoch.order = NULL;
                epoch.data = &slice;
                run_sgd(kernel, &epoch, &p, 1);
                epoch.data = &twin;
                run_sgd(kernel, &epoch, &q, 2);
                assert_memory_equal(p.W, q.W, *d * *k * sizeof *p.W);
                assert_memory_equal(p.b, q.b, *k * sizeof *p.b);
                models_clear(&p);
                models_clear(&q);
            }
            dataset_free(data);
            dataset_free(doubles);
        }
}

/* SGD on the stored values, which are doubles by then, beside the reference. */
static void sgd_steps_over_what_is_stored(void **state)
{
    (void)state;
    enum { ROWS = 301, MODELS = 9 };
    static const size_t features[] = {1, 2, 5, 16, 33, 150};
    uint32_t order[ROWS];
    double rates[MODELS], lambdas[MODELS];
    for (size_t j = 0; j < MODELS; j++) {
        rates[j] = 0.001 * (double)(j + 1);
        lambdas[j] = 0.01 * (double)j;
    }
    random_order(order, ROWS);
    for (size_t p = 0; p < PRECISIONS; p++)
        EACH (d, features) {
            struct dataset *whole = random_data(ROWS + 9, *d);
            store(whole, precisions[p]);
            const struct dataset data = dataset_slice(whole, 9, ROWS);
            const struct sgd_epoch epoch = {.data = &data,
                                            .order = *d % 2 == 0 ? order : NULL,
                                            .rates = rates,
                                            .lambdas = lambdas};
            struct models expected = random_models(*d, MODELS);
            run_sgd(&kernel_reference, &epoch, &expected, 1);
            EACH_KERNEL(kernel, sgd_epoch, TAKES_NARROW)
            {
                struct models models = random_models(*d, MODELS);
                run_sgd(kernel, &epoch, &models, 2);
                assert_true(difference(models.W, expected.W, *d * MODELS) < 1e-11);
                assert_true(difference(models.b, expected.b, MODELS) < 1e-11);
                models_clear(&models);
            }
            models_clear(&expected);
            dataset_free(whole);
        }
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_is_stored_within_its_bound),
        cmocka_unit_test(ties_go_to_even_in_one_rounding),
        cmocka_unit_test(a_value_that_would_be_infinite_is_refused),
        cmocka_unit_test(ones_are_not_stored),
        cmocka_unit_test(every_kernel_is_within_the_proved_bound),
        cmocka_unit_test(what_overflows_in_floats_is_taken_in_doubles),
        cmocka_unit_test(bits_depend_on_neither_threads_nor_company),
        cmocka_unit_test(rows_of_float32_in_a_file_have_the_bits_of_the_same_rows_as_doubles),
        cmocka_unit_test(products_with_the_hessian_are_those_of_doubles),
        cmocka_unit_test(rows_in_an_order_are_those_rows),
        cmocka_unit_test(sparse_float32_has_the_bits_of_the_same_values_as_doubles),
        cmocka_unit_test(sgd_steps_over_what_is_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
