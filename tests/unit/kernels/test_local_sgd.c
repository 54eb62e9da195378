/* SPDX-License-Identifier: MIT
 *
 * Local SGD against loops that are written out here: workers one after the other, and a plain mean.
 * With one worker it is sgd, threads and company change nothing, and it closes the gap.
 */
#include "base/parallel/threads.h"
#include "data/generators/generators.h"
#include "fixture.h"
#include "solvers/solver.h"

#include <math.h>

enum { FEATURES = 6, LENGTH = FEATURES + 1, ROWS_MOST = 200, EPOCHS = 3 };

static const double start[FEATURES] = {0.3, -0.2, 0.1, 0.0, -0.4, 0.2};

/* --- The formula ---------------------------------------------------------------------------- */

struct plan {
    size_t rows, workers, every;
    const char *shuffle;
};

/* One sample, at x = (w, b), with rate 0.1 and lambda 0.05. */
static void plain_step(const struct dataset *data, size_t row, double *x)
{
    const struct sample sample = dataset_sample(data, row);
    double r = 1.0 / (1.0 + exp(-sample_dot(&sample, x) - x[FEATURES])) - data->y[row];
    for (size_t f = 0; f < FEATURES; f++)
        x[f] -= 0.1 * 0.05 * x[f];
    sample_add(&sample, -0.1 * r, x);
    x[FEATURES] -= 0.1 * r;
}

static void plain_epoch(const struct dataset *data, const struct plan *plan, const uint32_t *order,
                        double *x)
{
    size_t n = data->rows, W = plan->workers, longest = (n + W - 1) / W;
    for (size_t done = 0; done < longest; done += plan->every) {
        double sums[LENGTH] = {0};
        for (size_t m = 0; m < W; m++) {
            double own[LENGTH];
            memcpy(own, x, sizeof own);
            for (size_t i = n * m / W; i < n * (m + 1) / W; i++)
                if (i - n * m / W >= done && i - n * m / W < done + plan->every)
                    plain_step(data, order[i], own);
            for (size_t f = 0; f < LENGTH; f++)
                sums[f] += own[f];
        }
        for (size_t f = 0; f < LENGTH; f++)
            x[f] = sums[f] / (double)W;
    }
}

/* The order of an epoch: worker m permutes its own rows, from stream number epoch W + m. */
static void plain_order(const struct plan *plan, uint64_t epoch, uint32_t *order)
{
    for (size_t m = 0; m < plan->workers; m++) {
        size_t begin = plan->rows * m / plan->workers;
        size_t end = plan->rows * (m + 1) / plan->workers;
        struct random_stream stream = random_open(3, RANDOM_ORDER, epoch * plan->workers + m);
        if (strcmp(plan->shuffle, "none") != 0)
            random_permutation(&stream, order + begin, end - begin);
        for (size_t i = begin; i < end; i++)
            order[i] = (uint32_t)begin +
                       (strcmp(plan->shuffle, "none") != 0 ? order[i] : (uint32_t)(i - begin));
    }
}

static void compare(const struct dataset *data, const struct plan *plan)
{
    char words[256];
    snprintf(words, sizeof words,
             "solver=local-sgd rate=0.1 lambda=0.05 seed=3 epochs=%d threads=2 workers=%zu "
             "average_every=%zu shuffle=%s",
             EPOCHS, plan->workers, plan->every, plan->shuffle);
    const struct training_hooks hooks = {.initial_weights = start};
    struct trial trial = trained(data, words, &hooks);
    double x[LENGTH] = {0};
    uint32_t order[ROWS_MOST];
    memcpy(x, start, sizeof start);
    for (uint64_t epoch = 1; epoch <= EPOCHS; epoch++) {
        plain_order(plan, strcmp(plan->shuffle, "once") == 0 ? 0 : epoch, order);
        plain_epoch(data, plan, order, x);
    }
    for (size_t f = 0; f < FEATURES; f++)
        assert_true(fabs(trial.w[f] - x[f]) < 1e-12);
    assert_true(fabs(trial.b - x[FEATURES]) < 1e-12);
    trial_clear(&trial);
}

static void it_is_the_mean_of_loops_over_samples(void **state)
{
    (void)state;
    static const struct plan plans[] = {
        {101, 7, 4, "none"}, /* neither workers nor H divide anything */
        {101, 7, 4, "once"},    {101, 7, 4, "epoch"},
        {100, 3, 33, "epoch"},  /* the last round is of one worker's last sample */
        {96, 8, 3, "epoch"},    /* all divide */
        {96, 8, 12, "epoch"},   /* once at the end */
        {97, 4, 1000, "epoch"}, /* likewise: H is larger than any part */
        {61, 5, 1, "epoch"},    /* after every step */
        {11, 11, 2, "none"},    /* a row each */
        {200, 2, 7, "epoch"},   {53, 1, 5, "epoch"},
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        struct dataset *dense = random_data(plans[i].rows, FEATURES), *sparse = thinned(dense);
        compare(dense, &plans[i]);
        compare(sparse, &plans[i]);
        dataset_free(sparse);
        dataset_free(dense);
    }
}

/* --- The same bits -------------------------------------------------------------------------- */

/* So many models side by side, told apart by rate, lambda and epochs. */
enum { MODELS = 5 };
static void train(const struct dataset *data, const char *words, struct trial trials[MODELS])
{
    static const char *const own[MODELS] = {
        "rate=0.1 epochs=4",  "rate=0.05 lambda=0.01 epochs=6",
        "rate=0.2 epochs=2",  "rate=0.01 lambda=1 epochs=6",
        "rate=0.02 epochs=5",
    };
    struct configuration configurations[MODELS];
    const struct configuration *pointers[MODELS];
    const struct training_hooks none = {0};
    for (size_t j = 0; j < MODELS; j++) {
        char all[256];
        snprintf(all, sizeof all, "%s %s", words, own[j]);
        configurations[j] = configured(all);
        pointers[j] = &configurations[j];
    }
    training_run(data, pointers, MODELS, &none, trials);
    const struct training_hooks company = {.group = MODELS};
    for (size_t j = 0; j < MODELS; j++) {
        struct trial alone;
        training_run(data, &pointers[j], 1, &company, &alone);
        assert_string_equal(alone.digest, trials[j].digest);
        trial_clear(&alone);
    }
}

static void agree(const struct dataset *data, const char *one, const char *other)
{
    struct trial a[MODELS], b[MODELS];
    train(data, one, a);
    train(data, other, b);
    for (size_t j = 0; j < MODELS; j++) {
        assert_string_equal(a[j].digest, b[j].digest);
        trial_clear(&a[j]);
        trial_clear(&b[j]);
    }
}

/* On few features and on many, which have kernels of their own, and on sparse data. */
static void on_each_kind_of_data(void (*check)(const struct dataset *data))
{
    struct dataset *few = random_data(301, FEATURES), *many = random_data(301, 23);
    struct dataset *sparse = thinned(many);
    check(few);
    check(many);
    check(sparse);
    dataset_free(sparse);
    dataset_free(many);
    dataset_free(few);
}

static void check_one_worker(const struct dataset *data)
{
    static const char *const shuffles[] = {"none", "once", "epoch"};
    for (size_t i = 0; i < 3; i++) {
        char sgd[128], local[128];
        snprintf(sgd, sizeof sgd, "seed=5 shuffle=%s solver=sgd", shuffles[i]);
        snprintf(local, sizeof local,
                 "seed=5 shuffle=%s solver=local-sgd workers=1 average_every=7", shuffles[i]);
        agree(data, sgd, local);
        struct trial one = trained(data, sgd, NULL), other = trained(data, local, NULL);
        assert_string_equal(one.digest, other.digest);
        trial_clear(&one);
        trial_clear(&other);
    }
}

static void one_worker_is_sgd_to_the_bit(void **state)
{
    (void)state;
    on_each_kind_of_data(check_one_worker);
}

static void check_threads(const struct dataset *data)
{
    agree(data, "solver=local-sgd workers=5 average_every=16 threads=1",
          "solver=local-sgd workers=5 average_every=16 threads=2");
    agree(data, "solver=local-sgd workers=8 average_every=9 threads=1",
          "solver=local-sgd workers=8 average_every=9 threads=3");
    agree(data, "solver=local-sgd workers=2 average_every=50 threads=2",
          "solver=local-sgd workers=2 average_every=50 threads=3");
}

static void threads_and_company_change_nothing(void **state)
{
    (void)state;
    on_each_kind_of_data(check_threads);
}

/* A mean of fewer steps, from the same point, is another. */
static void workers_and_averages_matter(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, FEATURES);
    static const char *const words[] = {"solver=sgd", "solver=local-sgd workers=2",
                                        "solver=local-sgd workers=3",
                                        "solver=local-sgd workers=2 average_every=10"};
    enum { WAYS = sizeof words / sizeof *words };
    struct trial trials[WAYS];
    for (size_t i = 0; i < WAYS; i++) {
        trials[i] = trained(data, words[i], NULL);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(trials[i].digest, trials[j].digest);
    }
    for (size_t i = 0; i < WAYS; i++)
        trial_clear(&trials[i]);
    dataset_free(data);
}

/* --- What it is for, and what it refuses ---------------------------------------------------- */

static double last_objective(const struct dataset *data, const char *words)
{
    struct trial trial = trained(data, words, NULL);
    double objective = trial_last(&trial)->objective;
    trial_clear(&trial);
    return objective;
}

static void it_closes_the_gap_on_blobs(void **state)
{
    (void)state;
    struct generator_settings settings = generator_blobs.defaults;
    settings.rows = 2000;
    settings.features = 8;
    settings.noise = 0.1;
    struct dataset *data = dataset_create(settings.rows, settings.features, true);
    generator_blobs.generate(&settings, 0, 2, data);
    double optimum = last_objective(data, "solver=newton lambda=1e-3 epochs=20");
    double first = last_objective(data, "solver=local-sgd lambda=1e-3 average_every=32 epochs=1");
    double last = last_objective(
        data, "solver=local-sgd lambda=1e-3 average_every=32 schedule=inverse rate=auto epochs=50");
    assert_true(last < first);
    assert_true(last >= optimum && last - optimum < 1e-3);
    dataset_free(data);
}

static void every_worker_has_a_row(void **state)
{
    (void)state;
    struct dataset *data = random_data(5, 2);
    char reason[256];
    struct configuration eight = configured("solver=local-sgd workers=8");
    struct configuration five = configured("solver=local-sgd workers=5");
    struct configuration sgd = configured("solver=sgd workers=8");
    assert_ptr_equal(configuration_fault(&eight, data, reason, sizeof reason),
                     hyperparameter_find("workers"));
    assert_string_equal(reason, "8 workers are too many for the data, which have 5 rows");
    assert_null(configuration_fault(&five, data, reason, sizeof reason));
    assert_null(configuration_fault(&sgd, data, reason, sizeof reason));
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_mean_of_loops_over_samples),
        cmocka_unit_test(one_worker_is_sgd_to_the_bit),
        cmocka_unit_test(threads_and_company_change_nothing),
        cmocka_unit_test(workers_and_averages_matter),
        cmocka_unit_test(it_closes_the_gap_on_blobs),
        cmocka_unit_test(every_worker_has_a_row),
    };
    threads_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
