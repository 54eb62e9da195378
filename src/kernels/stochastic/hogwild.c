/* SPDX-License-Identifier: MIT
 *
 * Threads that do not wait for each other. Weights are read and written by relaxed atomic
 * operations, which cost what plain ones cost: they only say that the race is meant.
 */
#include "kernels/stochastic/hogwild.h"

#include "base/memory.h"
#include "kernels/shares.h"
#include "kernels/vector.h"
#include "neuron/activation.h"

#include <assert.h>
#include <math.h>

enum {
    SAMPLES_AHEAD = 8,  /* between asking for a row and using it */
    FEWEST_SAMPLES = 16 /* between two exchanges */
};

struct hogwild {
    const struct kernel_problem *problem;
    double *shares; /* (d) n / n_f */
    size_t samples; /* that a thread takes between two exchanges */
    size_t stride;  /* of a copy of the weights: whole pairs of cache lines */
    double *copies; /* (threads, 2, stride), or NULL: weights are shared as they are */
};

/* Where a thread can take samples with eight times as many entries as there are features, and still
 * exchange eight times per epoch, copies pay: an exchange is an eighth of the work, and lines are
 * not fought for in between. Wide data have no hot lines to fight for; their weights are shared. */
static size_t copies_pay_from(const struct dataset *data)
{
    double a_row = fmax(1.0, (double)dataset_entries(data) / (double)data->rows);
    return (size_t)(8.0 * (double)data->features / a_row) + FEWEST_SAMPLES;
}

static bool copies_pay(const struct kernel_problem *problem)
{
    return copies_pay_from(problem->data) <= problem->data->rows / (8 * (size_t)problem->threads);
}

static void choose_exchange(struct hogwild *hogwild)
{
    const struct kernel_problem *problem = hogwild->problem;
    hogwild->samples = FEWEST_SAMPLES;
    if (!copies_pay(problem))
        return;
    hogwild->samples = copies_pay_from(problem->data);
    hogwild->stride = memory_apart(problem->data->features);
    hogwild->copies =
        memory_allocate(2 * (size_t)problem->threads * hogwild->stride, sizeof(double));
}

struct hogwild *hogwild_create(const struct kernel_problem *problem)
{
    const struct dataset *data = problem->data;
    struct hogwild *hogwild = memory_allocate(1, sizeof *hogwild);
    double *shares = memory_allocate(data->features, sizeof *shares);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++)
            shares[sample_column(&x, t)] += 1.0;
    }
    for (size_t f = 0; f < data->features; f++)
        shares[f] = shares[f] > 0.0 ? (double)data->rows / shares[f] : 0.0;
    *hogwild = (struct hogwild){.problem = problem, .shares = shares};
    choose_exchange(hogwild);
    return hogwild;
}

void hogwild_free(struct hogwild *hogwild)
{
    if (hogwild == NULL)
        return;
    memory_free(hogwild->shares);
    memory_free(hogwild->copies);
    memory_free(hogwild);
}

double hogwild_bytes(const struct kernel_problem *problem)
{
    size_t features = problem->data->features;
    double copies =
        copies_pay(problem) ? 2.0 * (double)problem->threads * (double)memory_apart(features) : 0.0;
    return sizeof(double) * ((double)features + copies);
}

static inline double load(const double *place)
{
    double value;
    __atomic_load(place, &value, __ATOMIC_RELAXED);
    return value;
}

static inline void store(double *place, double value)
{
    __atomic_store(place, &value, __ATOMIC_RELAXED);
}

/* x.w in four chains of additions, whose latency is what a short row costs. */
static inline double row_sum(const struct sample *x, const double *w)
{
    assert(x->values != NULL); /* it reads no rows in fewer bits */
    double sums[4] = {0.0};
    size_t t = 0;
    for (; t + 4 <= x->count; t += 4)
        UNROLLED_LOOP
    for (size_t i = 0; i < 4; i++)
        sums[i] = multiply_add(x->values[t + i], load(&w[sample_column(x, t + i)]), sums[i]);
    for (; t < x->count; t++)
        sums[0] = multiply_add(x->values[t], load(&w[sample_column(x, t)]), sums[0]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* Without lambda, shares are not looked at. */
static inline void row_step(const struct sample *x, double step, double shrink,
                            const double *shares, double *w)
{
    assert(x->values != NULL);
    for (size_t t = 0; t < x->count; t++) {
        size_t f = sample_column(x, t);
        double before = load(&w[f]);
        double decay = shrink > 0.0 ? shrink * shares[f] : 0.0;
        store(&w[f], multiply_add(-step, x->values[t], before - decay * before));
    }
}

/* What one thread works with: the shared weights themselves, or a copy of its own (d + 1 numbers,
 * the bias last) and what it last saw of them. */
struct worker {
    const struct hogwild *hogwild;
    const struct models *models; /* shared */
    double *w;                   /* (d) that samples are taken with */
    double b;
    double decay;  /* rate lambda */
    double *seen;  /* (d) or NULL: w is shared */
    double seen_b; /* the bias is always a copy: every sample changes it */
};

/* Adds this thread's changes to a shared number, and takes over those of others. */
static inline double exchange(double *shared, double own, double seen)
{
    double now = load(shared) + (own - seen);
    store(shared, now);
    return now;
}

/* After `samples` samples. A copy is shrunk by lambda now, all of it at once. */
static void exchange_all(struct worker *worker, size_t samples)
{
    const double shrink = pow(1.0 - worker->decay, (double)samples);
    worker->b = worker->seen_b = exchange(worker->models->b, worker->b, worker->seen_b);
    for (size_t f = 0; worker->seen != NULL && f < worker->models->features; f++)
        worker->w[f] = worker->seen[f] =
            exchange(&worker->models->W[f], shrink * worker->w[f], worker->seen[f]);
}

INLINED void prefetch_row(const struct dataset *data, size_t row)
{
    const struct sample x = dataset_sample(data, row);
    __builtin_prefetch(x.values);
    __builtin_prefetch(x.values + 8);
    if (x.columns != NULL)
        __builtin_prefetch(x.columns);
}

/* Samples [begin, end) of the order. */
static void take_samples(struct worker *worker, const uint32_t *order, size_t begin, size_t end,
                         double rate)
{
    const struct hogwild *hogwild = worker->hogwild;
    const struct dataset *data = hogwild->problem->data;
    for (size_t i = begin; i < end; i++) {
        size_t row = order != NULL ? order[i] : i;
        if (order != NULL && i + SAMPLES_AHEAD < end)
            prefetch_row(data, order[i + SAMPLES_AHEAD]);
        const struct sample x = dataset_sample(data, row);
        double z = row_sum(&x, worker->w) + worker->b;
        double sign = data->y[row] > 0.5 ? 1.0 : -1.0; /* p - y = -s / (1 + exp(s z)) */
        double weight = rate * class_weight(data, data->y[row]);
        double step = -sign * weight / (1.0 + neuron_exp(sign * z));
        row_step(&x, step, worker->seen == NULL ? worker->decay : 0.0, hogwild->shares, worker->w);
        worker->b -= step;
        if ((i - begin) % hogwild->samples == hogwild->samples - 1)
            exchange_all(worker, hogwild->samples);
    }
    exchange_all(worker, (end - begin) % hogwild->samples);
}

/* An epoch, as its shares see it. */
struct racing {
    const struct hogwild *hogwild;
    const struct models *models;
    const uint32_t *order;
    double rate, lambda;
};

static void run_share(const void *context, int share, int shares)
{
    const struct racing *run = context;
    const struct hogwild *hogwild = run->hogwild;
    const struct models *models = run->models;
    size_t rows = hogwild->problem->data->rows, d = models->features;
    size_t number = (size_t)share, count = (size_t)shares;
    struct worker worker = {.hogwild = hogwild, .models = models, .w = models->W};
    worker.decay = run->rate * run->lambda;
    worker.b = worker.seen_b = load(models->b);
    if (hogwild->copies != NULL) {
        worker.w = hogwild->copies + number * 2 * hogwild->stride;
        worker.seen = worker.w + hogwild->stride;
        for (size_t f = 0; f < d; f++)
            worker.w[f] = worker.seen[f] = load(&models->W[f]);
    }
    take_samples(&worker, run->order, rows * number / count, rows * (number + 1) / count,
                 run->rate);
}

void hogwild_run(const struct hogwild *hogwild, const struct models *models, const uint32_t *order,
                 double rate, double lambda)
{
    assert(models->count == 1);
    const struct racing run = {hogwild, models, order, rate, lambda};
    shares_run(PHASE_SAMPLES, hogwild->problem->threads, run_share, &run);
}
