/* SPDX-License-Identifier: MIT
 *
 * The training loop with the solver `null`, on two rows of one feature:
 *
 *     epoch     training seconds of a trial / its epochs
 *     trial     all seconds of training_run() with no epoch to train: memory is taken and given
 *               back, the point of epoch 0 evaluated and recorded
 *     clock     readings one after the other
 *
 * Each is the least of several rounds, because whatever else the machine does can only add to it.
 */
#include "measure/machine/harness.h"

#include "base/system/clock.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"

#include <math.h>

enum { ROUNDS = 20, READINGS = 1000, EPOCHS = 1000, TRIALS = 200 };

double clock_cost(void)
{
    double least = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = clock_seconds(), end = begin;
        for (int i = 0; i < READINGS; i++)
            end = clock_seconds();
        least = fmin(least, (end - begin) / (double)READINGS);
    }
    return least;
}

static struct dataset *two_rows(void)
{
    struct dataset *data = dataset_create(2, 1, true);
    for (size_t i = 0; i < data->rows; i++) {
        data->X[i] = (double)i - 0.5;
        data->y[i] = (double)i;
    }
    return data;
}

/* Seconds on the training clock of a trial of so many epochs. */
static double train_nothing(const struct dataset *data, int64_t epochs)
{
    struct configuration configuration = configuration_default();
    configuration.solver = table_find(&solver_table, "null");
    configuration.epochs = epochs;
    configuration.record = &record_geometric;
    configuration_canonicalise(&configuration);
    const struct configuration *one = &configuration;
    const struct training_hooks none = {0};
    struct trial trial;
    training_run(data, &one, 1, &none, &trial);
    double seconds = trial.train_seconds;
    trial_clear(&trial);
    return seconds;
}

void harness_measure(struct harness_cost *cost)
{
    *cost = (struct harness_cost){INFINITY, INFINITY, clock_cost()};
    struct dataset *data = two_rows();
    for (int round = 0; round < ROUNDS; round++)
        cost->epoch_seconds =
            fmin(cost->epoch_seconds, train_nothing(data, EPOCHS) / (double)EPOCHS);
    for (int i = 0; i < TRIALS; i++) {
        double begin = clock_seconds();
        train_nothing(data, 0);
        cost->trial_seconds = fmin(cost->trial_seconds, clock_seconds() - begin);
    }
    dataset_free(data);
}
