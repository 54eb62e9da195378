/* SPDX-License-Identifier: MIT
 *
 * Epochs with reduced variance: against the formulas in plain loops of long double, dense and
 * sparse, with and without update; the same bits at any number of threads and in any company.
 */
#include "base/parallel/threads.h"
#include "data/incidence_layout.h"
#include "kernel_fixture.h"
#include "kernels/row_sums.h"
#include "kernels/shares.h"
#include "kernels/stochastic/reduced_epoch.h"

static const size_t row_counts[] = {1, 7, 65, 771};
static const size_t feature_counts[] = {1, 2, 5, 33};
static const size_t model_counts[] = {1, 3, 9};

enum { MODELS_MOST = 9, COMPANY_MOST = ROW_WIDEST + 3 };

/* k models with their table. */
struct state {
    struct models models;
    struct reduced_table table;
    double rates[COMPANY_MOST], lambdas[COMPANY_MOST];
};

/* A table at other models than those that are trained, as after some steps. */
static void fill_table(const struct dataset *data, const struct models *models,
                       struct reduced_table *table)
{
    size_t n = data->rows, d = data->features, k = models->count;
    table->residuals = memory_allocate(n * k, sizeof(double));
    table->A = memory_allocate((d + 1) * k, sizeof(double));
    table->a = table->A + d * k;
    reduced_fill(data, models, table->residuals, 2);
    for (size_t i = 0; i < n; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t j = 0; j < k; j++) {
            double t = table->residuals[i * k + j] / (double)n;
            for (size_t c = 0; c < x.count; c++)
                table->A[sample_column(&x, c) * k + j] += t * x.values[c];
            table->a[j] += t;
        }
    }
}

static struct state state_open(const struct dataset *data, size_t k, double shrinkage)
{
    struct state state = {.models = random_models(data->features, k)};
    fill_table(data, &state.models, &state.table);
    for (size_t j = 0; j < k; j++) {
        state.rates[j] = 0.02 / (double)(j + 1);
        state.lambdas[j] = shrinkage * (double)(j % 3) / state.rates[j];
        state.models.b[j] += 0.1;
    }
    for (size_t i = 0; i < data->features * k; i++)
        state.models.W[i] *= 1.1;
    return state;
}

static void state_close(struct state *state)
{
    models_clear(&state->models);
    memory_free(state->table.residuals);
    memory_free(state->table.A);
}

/* The numbers of one model of a state, in long double: w and A (d + 1), the bias last, and t (n).
 */
struct naive {
    long double *w, *A, *t;
};

static void naive_step(const struct dataset *dense, const struct state *state, size_t j,
                       bool update, size_t row, const struct naive *naive)
{
    size_t d = dense->features;
    const double *x = dense->X + row * d;
    long double rate = state->rates[j], lambda = state->lambdas[j], z = naive->w[d];
    for (size_t f = 0; f < d; f++)
        z += naive->w[f] * x[f];
    long double p = 1.0L / (1.0L + expl(-z)), y = dense->y[row];
    long double r = dense->class_weights[(int)y] * (p - y), delta = r - naive->t[row];
    for (size_t f = 0; f <= d; f++) {
        long double change = delta * (f < d ? x[f] : 1.0L);
        naive->w[f] -= rate * (change + naive->A[f] + (f < d ? lambda * naive->w[f] : 0.0L));
        naive->A[f] += update ? change / (long double)dense->rows : 0.0L;
    }
    naive->t[row] = update ? r : naive->t[row];
}

/* Model j of `state` for two epochs. */
static void naive_epochs(const struct dataset *dense, struct state *state, size_t j, bool update,
                         const uint32_t *order)
{
    size_t n = dense->rows, d = dense->features, k = state->models.count;
    long double *numbers = memory_allocate(2 * (d + 1) + n, sizeof *numbers);
    const struct naive naive = {numbers, numbers + d + 1, numbers + 2 * (d + 1)};
    for (size_t f = 0; f <= d; f++) {
        naive.w[f] = f < d ? state->models.W[f * k + j] : state->models.b[j];
        naive.A[f] = state->table.A[f * k + j]; /* a follows A */
    }
    for (size_t i = 0; i < n; i++)
        naive.t[i] = state->table.residuals[i * k + j];
    for (size_t i = 0; i < 2 * n; i++)
        naive_step(dense, state, j, update, order != NULL ? order[i % n] : i % n, &naive);
    for (size_t f = 0; f < d; f++)
        state->models.W[f * k + j] = (double)naive.w[f];
    state->models.b[j] = (double)naive.w[d];
    for (size_t f = 0; f <= d; f++)
        state->table.A[f * k + j] = (double)naive.A[f];
    for (size_t i = 0; i < n; i++)
        state->table.residuals[i * k + j] = (double)naive.t[i];
    memory_free(numbers);
}

static void run_epochs(const struct dataset *data, struct state *state, bool update,
                       const uint32_t *order, int threads)
{
    const struct kernel_problem problem = {
        .data = data, .models = state->models.count, .threads = threads};
    struct reduced *reduced = reduced_create(&problem);
    const struct reduced_epoch epoch = {.order = order,
                                        .rates = state->rates,
                                        .lambdas = state->lambdas,
                                        .table = state->table,
                                        .update = update};
    reduced_run(reduced, &epoch, &state->models);
    reduced_run(reduced, &epoch, &state->models);
    reduced_free(reduced);
}

static void compare(const struct dataset *data, const struct dataset *dense, size_t k, bool update,
                    const uint32_t *order, double shrinkage)
{
    struct state actual = state_open(data, k, shrinkage), expected = state_open(data, k, shrinkage);
    size_t d = data->features;
    for (size_t j = 0; j < k; j++)
        naive_epochs(dense, &expected, j, update, order);
    run_epochs(data, &actual, update, order, 2);
    double residual = difference(actual.models.W, expected.models.W, d * k);
    residual = fmax(residual, difference(actual.models.b, expected.models.b, k));
    residual = fmax(residual, difference(actual.table.A, expected.table.A, (d + 1) * k));
    residual = fmax(residual,
                    difference(actual.table.residuals, expected.table.residuals, data->rows * k));
    if (residual > 1e-10)
        fail_msg("n %zu, d %zu, k %zu, update %d, shrinkage %g: residual %g", data->rows, d, k,
                 update, shrinkage, residual);
    state_close(&actual);
    state_close(&expected);
}

/* A step shrinks weights by nothing, a little, a half, and all or more of them. */
static void compare_all(const struct dataset *data, const struct dataset *dense)
{
    static const double shrinkages[] = {0.0, 1e-4, 0.25, 0.5, 0.7};
    uint32_t *order = memory_allocate(data->rows, sizeof *order);
    random_order(order, data->rows);
    EACH (k, model_counts)
        for (size_t s = 0; s < sizeof shrinkages / sizeof *shrinkages; s++)
            for (int update = 0; update <= 1; update++)
                compare(data, dense, *k, update, s % 2 == 0 ? order : NULL, shrinkages[s]);
    for (size_t i = 0; i < data->rows; i++) /* with repetitions */
        order[i] = order[i] / 2;
    compare(data, dense, 3, true, order, 1e-3);
    memory_free(order);
}

static void epochs_agree_with_plain_loops(void **state)
{
    (void)state;
    EACH (n, row_counts)
        EACH (d, feature_counts) {
            struct dataset *sparse = random_sparse(*n, *d), *dense = dense_copy(sparse);
            struct dataset *full = random_data(*n, *d);
            compare_all(sparse, dense);
            compare_all(full, full);
            sparse->class_weights[0] = dense->class_weights[0] = 0.25;
            sparse->class_weights[1] = dense->class_weights[1] = 1.5;
            compare(sparse, dense, 3, true, NULL, 1e-3);
            compare(dense, dense, 3, true, NULL, 1e-3);
            dataset_free(sparse);
            dataset_free(dense);
            dataset_free(full);
        }
}

static void check_bits(const struct dataset *data, const struct state *one,
                       const struct state *many, size_t first)
{
    size_t k = one->models.count, all = many->models.count, d = data->features;
    for (size_t j = 0; j < k; j++) {
        for (size_t f = 0; f < d; f++)
            assert_memory_equal(&one->models.W[f * k + j], &many->models.W[f * all + first + j],
                                sizeof(double));
        for (size_t f = 0; f <= d; f++)
            assert_memory_equal(&one->table.A[f * k + j], &many->table.A[f * all + first + j],
                                sizeof(double));
        assert_memory_equal(&one->models.b[j], &many->models.b[first + j], sizeof(double));
    }
}

static void the_bits_are_the_same_at_any_thread_count(void **state)
{
    (void)state;
    struct dataset *sets[] = {random_data(501, 21), random_sparse(501, 21)};
    for (int i = 0; i < 2; i++) {
        struct state one = state_open(sets[i], MODELS_MOST, 1e-3);
        run_epochs(sets[i], &one, true, NULL, 1);
        for (int threads = 2; threads <= 3; threads++) {
            struct state many = state_open(sets[i], MODELS_MOST, 1e-3);
            run_epochs(sets[i], &many, true, NULL, threads);
            check_bits(sets[i], &one, &many, 0);
            state_close(&many);
        }
        state_close(&one);
        dataset_free(sets[i]);
    }
}

/* Enough entries that a thread without models of its own lays out samples for another; one row has
 * more of them than a block of others. */
static struct dataset *large_data(bool ones)
{
    enum { ROWS = 3000, FEATURES = 6000, SOME = 12 };
    struct dataset *data = dataset_create_sparse(ROWS, FEATURES, 2 * ROWS * SOME + FEATURES, true);
    struct random_stream stream = random_open(10, RANDOM_FEATURES, 0);
    size_t entries = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t count = i == 1234 ? FEATURES : i % 5 * SOME / 2;
        for (size_t t = 0; t < count; t++) {
            const size_t begin = FEATURES * t / count, end = FEATURES * (t + 1) / count;
            const size_t wide = i % 3 == 0 ? 1 : end - begin; /* some features are frequent */
            data->columns[entries] = (uint32_t)(begin + random_below(&stream, wide));
            data->values[entries++] = ones ? 1.0 : random_normal(&stream);
        }
        data->starts[i + 1] = entries;
        data->y[i] = (double)random_below(&stream, 2);
    }
    return data;
}

static void check_help(const struct dataset *data, size_t k, bool update, const uint32_t *order)
{
    struct state alone = state_open(data, k, 1e-4);
    run_epochs(data, &alone, update, order, 1);
    for (int threads = 2; threads <= 5; threads++) {
        struct state helped = state_open(data, k, 1e-4);
        run_epochs(data, &helped, update, order, threads);
        check_bits(data, &alone, &helped, 0);
        assert_memory_equal(alone.table.residuals, helped.table.residuals,
                            data->rows * k * sizeof(double));
        state_close(&helped);
    }
    state_close(&alone);
}

/* Who lays samples out changes nothing: for one model, for several in a share, and for more of them
 * than a group has. */
static void help_changes_no_bits(void **state)
{
    (void)state;
    static const size_t companies[] = {1, MODELS_MOST, COMPANY_MOST};
    for (int ones = 0; ones <= 1; ones++) {
        struct dataset *data = large_data(ones);
        uint32_t *order = memory_allocate(data->rows, sizeof *order);
        random_order(order, data->rows);
        if (ones)
            incidence_add(data, 2);
        EACH (k, companies) {
            check_help(data, *k, true, order);
            check_help(data, *k, false, NULL);
        }
        memory_free(order);
        dataset_free(data);
    }
}

static void count_work(void *context)
{
    ++*(int *)context;
}

/* By a thread that has no models, where there is one; and then once. */
static void spare_work_is_done_once(void **state)
{
    (void)state;
    struct dataset *sets[] = {large_data(true), random_data(2000, 21)};
    for (int i = 0; i < 2; i++) {
        struct state one = state_open(sets[i], 1, 0.0);
        for (int threads = 1; threads <= 4; threads++) {
            int done = 0;
            const struct spare_work spare = {count_work, &done};
            const struct kernel_problem problem = {
                .data = sets[i], .models = 1, .threads = threads};
            const struct reduced_epoch epoch = {
                .rates = one.rates, .lambdas = one.lambdas, .table = one.table, .spare = &spare};
            struct reduced *reduced = reduced_create(&problem);
            reduced_run(reduced, &epoch, &one.models);
            reduced_free(reduced);
            assert_int_equal(done, threads > 1);
        }
        state_close(&one);
        dataset_free(sets[i]);
    }
}

/* The models of `many` from `first` on, as many as `few` has, with their tables. */
static void copy_models(const struct dataset *data, const struct state *many, size_t first,
                        struct state *few)
{
    size_t k = few->models.count, all = many->models.count;
    for (size_t j = 0; j < k; j++) {
        few->rates[j] = many->rates[first + j];
        few->lambdas[j] = many->lambdas[first + j];
        few->models.b[j] = many->models.b[first + j];
        for (size_t f = 0; f < data->features; f++)
            few->models.W[f * k + j] = many->models.W[f * all + first + j];
        for (size_t f = 0; f <= data->features; f++)
            few->table.A[f * k + j] = many->table.A[f * all + first + j];
        for (size_t i = 0; i < data->rows; i++)
            few->table.residuals[i * k + j] = many->table.residuals[i * all + first + j];
    }
}

static void a_model_has_the_same_bits_in_any_company(void **state)
{
    (void)state;
    struct dataset *sets[] = {random_data(301, 21), random_sparse(301, 21)};
    for (int i = 0; i < 2; i++)
        for (size_t k = 1; k <= 8; k++)
            for (int update = 0; update <= 1; update++) {
                struct state few = state_open(sets[i], k, 1e-3);
                struct state many = state_open(sets[i], MODELS_MOST, 1e-3);
                copy_models(sets[i], &many, 1, &few);
                run_epochs(sets[i], &many, update, NULL, 2);
                run_epochs(sets[i], &few, update, NULL, 1);
                check_bits(sets[i], &few, &many, 1);
                state_close(&few);
                state_close(&many);
            }
    dataset_free(sets[0]);
    dataset_free(sets[1]);
}

/* --- Tables ---------------------------------------------------------------------------------- */

/* Sets of each kind; the last two have the same entries, with and without the layout for ones. */
enum { KINDS = 4, ONES = 2 };

static void open_kinds(struct dataset *sets[static KINDS], size_t rows)
{
    sets[0] = random_data(rows, 21);
    sets[1] = random_sparse(rows, 21);
    sets[ONES] = random_ones(rows, 21);
    sets[ONES + 1] = random_ones(rows, 21);
    incidence_add(sets[ONES], 2);
    for (int i = 0; i < KINDS; i++)
        sets[i]->class_weights[1] = 1.75;
}

static void close_kinds(struct dataset *sets[static KINDS])
{
    for (int i = 0; i < KINDS; i++)
        dataset_free(sets[i]);
}

static void a_table_of_ones_has_the_bits_of_any_values(void **state)
{
    (void)state;
    static const size_t rows[] = {7, 1003, 12291};
    EACH (n, rows) {
        struct dataset *sets[KINDS];
        open_kinds(sets, *n);
        struct models models = random_models(21, 1);
        double *ones = memory_allocate(2 * *n, sizeof *ones), *others = ones + *n;
        assert_true(*n < 1000 || sets[ONES]->incidence != NULL);
        reduced_fill(sets[ONES + 1], &models, others, 1);
        for (int threads = 1; threads <= 3; threads++) {
            reduced_fill(sets[ONES], &models, ones, threads);
            assert_memory_equal(ones, others, *n * sizeof *ones);
        }
        memory_free(ones);
        models_clear(&models);
        close_kinds(sets);
    }
}

/* Where a table was just made, and A and a are 0, no step moves anything: r and t have the same
 * bits. */
static void steps_and_tables_cancel(void **state)
{
    (void)state;
    struct dataset *sets[KINDS];
    open_kinds(sets, 1003);
    for (int i = 0; i < KINDS; i++)
        EACH (k, model_counts) {
            struct state one = state_open(sets[i], *k, 0.0);
            size_t numbers = 21 * *k;
            double *before = memory_allocate(numbers, sizeof *before);
            memcpy(before, one.models.W, numbers * sizeof *before);
            memset(one.table.A, 0, (numbers + *k) * sizeof *one.table.A);
            reduced_fill(sets[i], &one.models, one.table.residuals, 2);
            run_epochs(sets[i], &one, true, NULL, 2);
            assert_memory_equal(one.models.W, before, numbers * sizeof *before);
            memory_free(before);
            state_close(&one);
        }
    close_kinds(sets);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_agree_with_plain_loops),
        cmocka_unit_test(the_bits_are_the_same_at_any_thread_count),
        cmocka_unit_test(help_changes_no_bits),
        cmocka_unit_test(spare_work_is_done_once),
        cmocka_unit_test(a_model_has_the_same_bits_in_any_company),
        cmocka_unit_test(a_table_of_ones_has_the_bits_of_any_values),
        cmocka_unit_test(steps_and_tables_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
