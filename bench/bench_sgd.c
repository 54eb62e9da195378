/* SPDX-License-Identifier: MIT
 *
 * What one sample of one-sample SGD costs on one thread, and what it could cost at least.
 *
 * A sample waits for the one before, so the limit is the latency of the chain from z to the next z:
 * eleven multiply-adds, an addition and a division (kernels/sgd.c, neuron/activation.h). Both
 * latencies are measured here, in the same rounds as the kernels: every round times each thing
 * once, in a rotated order, and medians over rounds are printed. A kernel whose weights differ from
 * the reference's by more than 1e-10 gets no time.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "kernels/kernel.h"
#include "measure/statistics.h"

#include <math.h>
#include <stdio.h>

enum { ROUNDS = 21, SAMPLES = 10000, EPOCHS = 20 };
enum { CHAIN_MULTIPLY_ADDS = 12, CHAIN_DIVISIONS = 1 }; /* the addition counts as a multiply-add */

static struct dataset *random_data(size_t features)
{
    struct dataset *data = dataset_create(SAMPLES, features, true);
    struct random_stream stream = random_open(1, RANDOM_FEATURES, 0);
    for (size_t i = 0; i < SAMPLES * features; i++)
        data->X[i] = random_normal(&stream);
    for (size_t i = 0; i < SAMPLES; i++)
        data->y[i] = (double)random_below(&stream, 2);
    return data;
}

/* Nanoseconds a sample; the weights after EPOCHS epochs are left in `models`. */
static double time_kernel(const struct kernel *kernel, const struct sgd_epoch *epoch,
                          struct models *models)
{
    double start = clock_seconds();
    for (int i = 0; i < EPOCHS; i++)
        kernel->sgd_epoch(epoch, models);
    return (clock_seconds() - start) * 1e9 / SAMPLES / EPOCHS;
}

/* Nanoseconds of one link in a chain of multiply-adds, or of divisions. */
static double time_chain(bool divide)
{
    volatile double seed = 1.5;
    double x = seed, a = seed;
    double start = clock_seconds();
    for (int i = 0; i < SAMPLES * EPOCHS; i++)
        x = divide ? a / x : multiply_add(x, -0.5, a);
    seed = x;
    return (clock_seconds() - start) * 1e9 / SAMPLES / EPOCHS;
}

/* All that is timed in a round. */
enum { REFERENCE, INLINED, MULTIPLY_ADD, DIVISION, KINDS };

static double residual(const struct models *a, const struct models *b)
{
    double worst = fabs(a->b[0] - b->b[0]);
    for (size_t f = 0; f < a->features; f++)
        worst = fmax(worst, fabs(a->W[f] - b->W[f]));
    for (size_t f = 0; f < a->features; f++)
        if (!isfinite(b->W[f]))
            return INFINITY; /* fmax() would pass over NaN */
    return worst;
}

static void bench(size_t features, const uint32_t *order)
{
    struct dataset *data = random_data(features);
    const double rate = 0.01, lambda = 0.0;
    const struct sgd_epoch epoch = {data, order, &rate, &lambda, ACTIVATION_SIGMOID};
    const struct kernel *const kernels[] = {&kernel_reference, &kernel_blas};
    double times[KINDS][ROUNDS], worst = 0.0;
    for (int round = 0; round < ROUNDS; round++) {
        struct models models[2] = {models_create(features, 1), models_create(features, 1)};
        for (int i = 0; i < KINDS; i++) {
            int kind = (round + i) % KINDS;
            times[kind][round] = kind < MULTIPLY_ADD
                                     ? time_kernel(kernels[kind], &epoch, &models[kind])
                                     : time_chain(kind == DIVISION);
        }
        worst = fmax(worst, residual(&models[0], &models[1]));
        models_clear(&models[0]);
        models_clear(&models[1]);
    }
    dataset_free(data);

    double plain = median(times[REFERENCE], ROUNDS), fast = median(times[INLINED], ROUNDS);
    double limit = CHAIN_MULTIPLY_ADDS * median(times[MULTIPLY_ADD], ROUNDS) +
                   CHAIN_DIVISIONS * median(times[DIVISION], ROUNDS);
    printf("%9d %9zu  %-8s", SAMPLES, features, order != NULL ? "shuffled" : "in order");
    if (worst > 1e-10)
        printf(" FAILED: residual %.1e against the reference\n", worst);
    else
        printf(" %9.1f %9.1f %8.2f %8.1f %6.0f %%  %.1e\n", plain, fast, plain / fast, limit,
               100.0 * limit / fast, worst);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    uint32_t *order = memory_allocate(SAMPLES, sizeof *order);
    struct random_stream stream = random_open(1, RANDOM_ORDER, 0);
    random_permutation(&stream, order, SAMPLES);
    printf("One-sample SGD, one thread, nanoseconds a sample (medians of %d interleaved rounds)\n",
           ROUNDS);
    printf("  samples  features  order    reference   inlined    ratio    limit  of limit  "
           "residual\n");
    const size_t features[] = {2, 4, 10, 100};
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        bench(features[i], NULL);
        bench(features[i], order);
    }
    memory_free(order);
    return 0;
}
