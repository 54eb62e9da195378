/* SPDX-License-Identifier: MIT
 *
 * Which configurations are trained side by side.
 */
#include "base/memory.h"
#include "solvers/training/training.h"
#include "sweep/workload/groups.h"
#include "sweep/workload/placement.h"
#include "testing.h"

static double features[1];
static const struct dataset hundred = {.rows = 100, .features = 1, .X = features};
static const struct dataset *const sets[] = {&hundred, &hundred};

/* The groups of a sweep file on one data set of 100 rows. */
static struct expansion expanded(const char *text, struct sweep_file **file)
{
    struct error error = {0};
    struct expansion expansion = {0};
    *file = sweep_file_parse("test.yaml", text, &error);
    if (*file == NULL || !expansion_create(*file, sets, &expansion, &error))
        fail_msg("%s", error.message);
    return expansion;
}

static void check(const char *text, size_t groups_expected)
{
    struct sweep_file *file;
    struct expansion expansion = expanded(text, &file);
    struct groups groups = groups_create(file, &expansion, (size_t)placement_of(file).models);
    assert_int_equal(groups.count, groups_expected);
    assert_int_equal(groups.starts[groups.count], expansion.count);
    bool *seen = memory_allocate(expansion.count, sizeof *seen);
    for (size_t g = 0; g < groups.count; g++) {
        const struct planned *first = &expansion.items[groups.members[groups.starts[g]]];
        assert_between(groups.starts[g + 1] - groups.starts[g], 1, GROUP_MOST);
        for (size_t i = groups.starts[g]; i < groups.starts[g + 1]; i++) {
            const struct planned *item = &expansion.items[groups.members[i]];
            assert_false(seen[groups.members[i]]);
            seen[groups.members[i]] = true;
            assert_int_equal(item->source, first->source);
            assert_true(training_compatible(&item->configuration, &first->configuration));
        }
    }
    memory_free(seen);
    groups_clear(&groups);
    expansion_clear(&expansion);
    sweep_file_free(file);
}

static void solo_trials_are_alone(void **state)
{
    (void)state;
    check("data: pets\nsolver: gd\nrate: [1, 2, 3]\n", 3);
    check("data: pets\nsolver: gd\nrate: [1, 2, 3]\nexecution: solo\n", 3);
}

static void what_each_model_may_have_for_itself_does_not_divide(void **state)
{
    (void)state;
    check("data: pets\nsolver: sgd\nexecution: batched\nrate: [1, 2, 3]\nlambda: [0, 0.1]\n"
          "schedule: [constant, inverse, cosine]\nstop: {epochs: [5, 6], loss: 0.1}\n",
          1);
}

static void what_must_be_shared_divides(void **state)
{
    (void)state;
    check("data: [pets, {generate: blobs, rows: 100}]\nsolver: [sgd, gd]\nexecution: batched\n"
          "rate: [1, 2]\n",
          4);
    check("data: pets\nsolver: sgd\nexecution: batched\nrate: [1, 2]\nseed: [1, 2, 3]\n", 3);
    check("data: pets\nsolver: minibatch\nexecution: batched\nrate: [1, 2]\nbatch: [5, 10]\n"
          "shuffle: [once, epoch]\n",
          4);
}

static void groups_are_not_too_large(void **state)
{
    (void)state;
    check("data: pets\nsolver: gd\nexecution: batched\nrate: {min: 1, max: 2, steps: 130}\n", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solo_trials_are_alone),
        cmocka_unit_test(what_each_model_may_have_for_itself_does_not_divide),
        cmocka_unit_test(what_must_be_shared_divides),
        cmocka_unit_test(groups_are_not_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
