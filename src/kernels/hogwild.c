/* SPDX-License-Identifier: MIT
 *
 * Threads that do not wait for each other. Weights are read and written by relaxed atomic
 * operations, which cost what plain ones cost: they only say that the race is meant.
 */
#include "kernels/hogwild.h"

#include "base/memory.h"
#include "base/threads.h"
#include "neuron/activation.h"

#include <assert.h>

struct hogwild {
    const struct dataset *data;
    int threads;
    double *shares; /* (d) n / n_f */
};

struct hogwild *hogwild_create(const struct dataset *data, int threads)
{
    struct hogwild *hogwild = memory_allocate(1, sizeof *hogwild);
    double *shares = memory_allocate(data->features, sizeof *shares);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++)
            shares[sample_column(&x, t)] += 1.0;
    }
    for (size_t f = 0; f < data->features; f++)
        shares[f] = shares[f] > 0.0 ? (double)data->rows / shares[f] : 0.0;
    *hogwild = (struct hogwild){data, threads, shares};
    return hogwild;
}

void hogwild_free(struct hogwild *hogwild)
{
    if (hogwild == NULL)
        return;
    memory_free(hogwild->shares);
    memory_free(hogwild);
}

double hogwild_bytes(const struct dataset *data)
{
    return sizeof(double) * (double)data->features;
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

static void take_sample(const struct hogwild *hogwild, const struct models *models, size_t row,
                        double rate, double lambda)
{
    const struct dataset *data = hogwild->data;
    const struct sample x = dataset_sample(data, row);
    double z = load(models->b);
    for (size_t t = 0; t < x.count; t++)
        z = multiply_add(x.values[t], load(&models->W[sample_column(&x, t)]), z);
    double weight = data->class_weights[data->y[row] > 0.5];
    double step = rate * weight * neuron_terms(z, data->y[row]).residual;
    for (size_t t = 0; t < x.count; t++) {
        size_t f = sample_column(&x, t);
        double w = load(&models->W[f]);
        store(&models->W[f], w - step * x.values[t] - rate * lambda * hogwild->shares[f] * w);
    }
    store(models->b, load(models->b) - step);
}

void hogwild_run(const struct hogwild *hogwild, const struct models *models, const uint32_t *order,
                 double rate, double lambda)
{
    assert(models->count == 1);
    size_t rows = hogwild->data->rows;
#pragma omp parallel for num_threads(hogwild->threads) schedule(static)
    for (size_t i = 0; i < rows; i++)
        take_sample(hogwild, models, order != NULL ? order[i] : i, rate, lambda);
}
