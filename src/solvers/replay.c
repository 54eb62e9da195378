/* SPDX-License-Identifier: MIT
 *
 * A solver is known by its name, and by what an update of it is made of.
 */
#include "solvers/replay.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

enum extent { ONE_SAMPLE, BATCH, ALL_SAMPLES };

static const struct known {
    const char *solver;
    enum extent extent;
    enum activation activation;
} known[REPLAY_SOLVERS] = {
    {"perceptron", ONE_SAMPLE, ACTIVATION_HEAVISIDE},
    {"sgd", ONE_SAMPLE, ACTIVATION_SIGMOID},
    {"minibatch", BATCH, ACTIVATION_SIGMOID},
    {"gd", ALL_SAMPLES, ACTIVATION_SIGMOID},
};

static const struct known *find(const char *solver)
{
    for (size_t i = 0; i < REPLAY_SOLVERS; i++)
        if (strcmp(known[i].solver, solver) == 0)
            return &known[i];
    return NULL;
}

bool replay_knows(const struct solver *solver)
{
    return find(solver->entry.name) != NULL;
}

struct replay_sample replay_sample(const struct update *update, size_t i)
{
    const size_t place = update->first + i;
    struct replay_sample sample = {.row = update->order != NULL ? update->order[place] : place};
    sample.x = dataset_sample(update->data, sample.row);
    sample.y = update->data->y[sample.row];
    sample.weight = class_weight(update->data, sample.y);
    sample.z = sample_dot(&sample.x, update->w) + update->b;
    sample.answer = update->activation == ACTIVATION_SIGMOID ? neuron_sigmoid(sample.z)
                                                             : neuron_heaviside(sample.z);
    sample.loss = neuron_point(sample.z, sample.y).loss;
    return sample;
}

/* p - y with all its digits where p is near y. */
static double residual_of(const struct update *update, const struct replay_sample *sample)
{
    return update->activation == ACTIVATION_SIGMOID ? neuron_point(sample->z, sample->y).residual
                                                    : sample->answer - sample->y;
}

/* dw and db of an update whose samples, weights and bias are known. */
static void find_gradient(struct update *update, double *dw)
{
    const size_t d = update->data->features;
    const double share = 1.0 / (double)update->count;
    for (size_t f = 0; f < d; f++)
        dw[f] = update->lambda * update->w[f];
    update->db = 0.0;
    for (size_t i = 0; i < update->count; i++) {
        const struct replay_sample sample = replay_sample(update, i);
        const double part = share * sample.weight * residual_of(update, &sample);
        sample_add(&sample.x, part, dw);
        update->db += part;
    }
}

void replay_epoch(const struct step *step, bool (*see)(void *context, const struct update *update),
                  void *context)
{
    const struct known *rule = find(step->configurations[0]->solver->name);
    assert(rule != NULL && step->problem->data->ranks == NULL);
    const struct dataset *data = step->problem->data;
    const size_t n = data->rows, d = data->features;
    const size_t most = rule->extent == ONE_SAMPLE ? 1 : rule->extent == BATCH ? step->batch : n;
    double *w = memory_allocate(3 * d, sizeof *w), *dw = w + d, *moved_w = dw + d;
    models_copy_weights(step->models, 0, w);
    struct update update = {
        .data = data,
        .configuration = step->configurations[0],
        .activation = rule->activation,
        .rate = step->rates[0],
        .lambda = step->lambdas[0],
        .epoch = step->epoch,
        .order = step->order,
        .w = w,
        .dw = dw,
        .moved_w = moved_w,
        .b = step->models->b[0],
    };
    for (bool more = true; more && update.first < n; update.first += update.count) {
        update.count = n - update.first < most ? n - update.first : most;
        find_gradient(&update, dw);
        for (size_t f = 0; f < d; f++)
            moved_w[f] = w[f] - update.rate * dw[f];
        update.moved_b = update.b - update.rate * update.db;
        more = see(context, &update);
        memcpy(w, moved_w, d * sizeof *w);
        update.b = update.moved_b;
    }
    memory_free(w);
}
