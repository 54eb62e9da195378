/* SPDX-License-Identifier: MIT
 *
 * Replayed updates: those that the solvers make, to rounding, in their order.
 */
#include "solvers/replay.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "fixture.h"
#include "kernels/kernel.h"

#include <math.h>

enum { FEATURES = 3, ROWS = 23 };

struct seen {
    size_t updates, limit, samples;
    double w[FEATURES], b; /* after the last update */
    double loss;           /* of its first sample, from p */
    bool rows[ROWS];       /* which were seen in this epoch */
};

static bool see(void *context, const struct update *update)
{
    struct seen *seen = context;
    for (size_t i = 0; i < update->count; i++) {
        const struct replay_sample sample = replay_sample(update, i);
        assert_false(seen->rows[sample.row]);
        seen->rows[sample.row] = true;
        assert_true(update->activation == ACTIVATION_HEAVISIDE ||
                    fabs(sample.loss + log(sample.y > 0.5 ? sample.answer : 1.0 - sample.answer)) <
                        1e-12);
    }
    seen->updates++;
    seen->samples += update->count;
    memcpy(seen->w, update->moved_w, sizeof seen->w);
    seen->b = update->moved_b;
    return seen->updates != seen->limit;
}

static void replay(void *context, const struct step *step)
{
    struct seen *seen = context;
    memset(seen->rows, 0, sizeof seen->rows);
    replay_epoch(step, see, seen);
}

/* What the replay of each epoch comes to is what the solver came to. */
static void follows(const struct dataset *data, const char *words, size_t updates)
{
    struct seen seen = {0};
    const struct training_hooks hooks = {.before_step = replay, .context = &seen};
    struct trial trial = trained(data, words, &hooks);
    assert_int_equal(seen.updates, updates * (size_t)trial.epochs);
    assert_int_equal(seen.samples, ROWS * (size_t)trial.epochs);
    for (size_t f = 0; f < FEATURES; f++)
        if (!(fabs(seen.w[f] - trial.w[f]) < 1e-12))
            fail_msg("%s: weight %zu is %.17g, replayed %.17g", words, f, trial.w[f], seen.w[f]);
    assert_true(fabs(seen.b - trial.b) < 1e-12);
    trial_clear(&trial);
}

static void every_update_is_that_of_the_solver(void **state)
{
    (void)state;
    struct dataset *dense = random_data(ROWS, FEATURES), *sparse = thinned(dense);
    struct dataset *const sets[] = {dense, sparse};
    for (int i = 0; i < 4; i++) {
        struct dataset *data = sets[i % 2];
        data->class_weights[0] = i < 2 ? 1.0 : 0.75;
        data->class_weights[1] = i < 2 ? 1.0 : 1.5;
        follows(data, "solver=sgd rate=0.2 epochs=1", ROWS);
        follows(data, "solver=sgd rate=auto lambda=0.1 epochs=3 schedule=inverse", ROWS);
        follows(data, "solver=perceptron rate=0.5 epochs=2 shuffle=none", ROWS);
        follows(data, "solver=minibatch rate=0.3 batch=5 lambda=0.01 epochs=2", 5);
        follows(data, "solver=gd rate=1 lambda=0.1 epochs=3", 1);
    }
    dataset_free(dense);
    dataset_free(sparse);
}

static void a_replay_ends_when_it_is_told(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS, FEATURES);
    struct seen seen = {.limit = 4};
    const struct training_hooks hooks = {.before_step = replay, .context = &seen};
    struct trial trial = trained(data, "solver=sgd epochs=1", &hooks);
    assert_int_equal(seen.updates, 4);
    trial_clear(&trial);
    dataset_free(data);
}

static void not_every_solver_is_known(void **state)
{
    (void)state;
    assert_true(replay_knows(solver_of(table_find(&solver_table, "sgd"))));
    assert_false(replay_knows(solver_of(table_find(&solver_table, "newton"))));
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_update_is_that_of_the_solver),
        cmocka_unit_test(a_replay_ends_when_it_is_told),
        cmocka_unit_test(not_every_solver_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
