/* SPDX-License-Identifier: MIT
 *
 * Paths: which configuration begins with whose solution, and what is trained side by side.
 */
#include "base/memory.h"
#include "solvers/training/training.h"
#include "sweep/workload/groups.h"
#include "sweep/workload/paths.h"
#include "testing.h"

#include <math.h>

static double features[1];
static const struct dataset hundred = {.rows = 100, .features = 1, .X = features};
static const struct dataset *const sets[] = {&hundred, &hundred};

/* The items of a sweep file on data sets of 100 rows, joined to paths. */
static struct expansion joined(const char *text, struct sweep_file **file)
{
    struct error error = {0};
    struct expansion expansion = {0};
    *file = sweep_file_parse("test.yaml", text, &error);
    if (*file == NULL || !expansion_create(*file, sets, &expansion, &error))
        fail_msg("%s", error.message);
    paths_join(*file, &expansion);
    return expansion;
}

/* Differs nothing but the value on the axis? */
static bool are_neighbours(const struct planned *a, const struct planned *b,
                           const struct hyperparameter *axis)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameter_equal(&hyperparameters[i], &a->configuration, &b->configuration) ==
            (&hyperparameters[i] == axis))
            return false;
    return a->source == b->source;
}

/* Every item but the first of its path begins with the one whose value comes just before. */
static void check(const char *text, size_t paths, size_t longest)
{
    struct sweep_file *file;
    struct expansion expansion = joined(text, &file);
    size_t deepest = 0;
    assert_int_equal(expansion.paths, paths);
    for (size_t i = 0; i < expansion.count; i++) {
        const struct planned *item = &expansion.items[i];
        assert_true((item->from > 0) == (item->depth > 0));
        assert_true((item->from > 0) == (item->configuration.start != 0));
        deepest = item->depth > deepest ? item->depth : deepest;
        if (item->from == 0)
            continue;
        const struct planned *from = &expansion.items[item->from - 1];
        assert_true(are_neighbours(item, from, file->path_axis));
        assert_int_equal(item->depth, from->depth + 1);
        assert_int_equal(path_head(&expansion, i), path_head(&expansion, item->from - 1));
        if (file->path_axis->path == PATH_FALLING)
            assert_true(item->configuration.lambda <= from->configuration.lambda &&
                        item->configuration.rate <= from->configuration.rate);
        else
            assert_true(item->configuration.batch > from->configuration.batch);
    }
    assert_int_equal(deepest + 1, longest);
    expansion_clear(&expansion);
    sweep_file_free(file);
}

static void neighbours_follow_each_other(void **state)
{
    (void)state;
    check("data: pets\nsolver: gd\nlambda: [0.1, 0, 1, 0.01]\npath: lambda\n", 1, 4);
    check("data: pets\nsolver: gd\nrate: [1, 0.5]\nlambda: [0.1, 1]\npath: lambda\n", 2, 2);
    check("data: pets\nsolver: gd\nrate: [0.5, 1, 2]\nlambda: [0.1, 1]\npath: rate\n", 2, 3);
    check("data: pets\nsolver: minibatch\nbatch: [64, 8, 32]\npath: batch\n", 1, 3);
    check("data: [pets, {generate: blobs, rows: 100}]\nsolver: [gd, lbfgs]\nlambda: [2, 1]\n"
          "path: lambda\n",
          4, 2);
    check("data: pets\nruns: [{solver: gd, lambda: [2, 1]}, {solver: lbfgs}]\npath: lambda\n", 1,
          2);
    check("data: pets\nsolver: gd\nlambda: [2, 1]\n", 0, 1);
}

/* Which way led to a configuration is a part of what it is. */
static void another_way_is_another_configuration(void **state)
{
    (void)state;
    static const char *const texts[] = {"lambda: [1, 0.1, 0.01]\npath: lambda\n",
                                        "lambda: [1, 0.5, 0.1, 0.01]\npath: lambda\n",
                                        "lambda: [1, 0.1, 0.01]\n"};
    char keys[3][DIGEST_TEXT];
    for (size_t i = 0; i < 3; i++) {
        char text[128];
        struct sweep_file *file;
        snprintf(text, sizeof text, "data: pets\nsolver: gd\n%s", texts[i]);
        struct expansion expansion = joined(text, &file);
        configuration_key(&expansion.items[expansion.count - 1].configuration, "", keys[i]);
        expansion_clear(&expansion);
        sweep_file_free(file);
    }
    assert_string_not_equal(keys[0], keys[1]);
    assert_string_not_equal(keys[0], keys[2]);
    assert_string_not_equal(keys[1], keys[2]);
}

/* The first two of a path are what they are without; the others are not, and their share is that of
 * the logarithms. What has none, such as 0, is not predicted. */
static void from_the_third_on_starts_are_predicted(void **state)
{
    (void)state;
    const char *text = "data: pets\nsolver: gd\nlambda: [1, 0.1, 0.001, 0.0001, 0]\npath: lambda\n";
    static const double shares[] = {0.0, 0.0, 2.0, 0.5, 0.0};
    char with[128];
    struct sweep_file *plain, *line;
    snprintf(with, sizeof with, "%spredict: line\n", text);
    struct expansion before = joined(text, &plain), expansion = joined(with, &line);
    assert_int_equal(expansion.count, 5);
    for (size_t i = 0; i < expansion.count; i++) {
        const struct planned *item = &expansion.items[i], *other = &before.items[i];
        double share = 0.0;
        const bool predicted = path_predicts(line, &expansion, item, &share);
        assert_false(path_predicts(plain, &before, other, &share));
        assert_true(predicted == (shares[i] > 0.0));
        assert_true(!predicted || fabs(share - shares[i]) <= 1e-12);
        assert_true((item->configuration.start == other->configuration.start) == (item->depth < 2));
    }
    expansion_clear(&before);
    expansion_clear(&expansion);
    sweep_file_free(plain);
    sweep_file_free(line);
}

static void a_start_is_told(void **state)
{
    (void)state;
    char text_of_start[START_TEXT];
    struct sweep_file *file;
    struct expansion expansion =
        joined("data: pets\nsolver: gd\nlambda: [1, 0.1]\npath: lambda\n", &file);
    assert_string_equal(path_start(file, &expansion.items[0], NULL, text_of_start), "lambda=1");
    assert_string_equal(path_start(file, &expansion.items[1], &expansion.items[0], text_of_start),
                        "lambda=1 to 0.1");
    expansion_clear(&expansion);
    sweep_file_free(file);
}

/* Groups have whole paths, and their members the order of their steps. */
static void check_groups(const char *text, size_t expected, size_t models)
{
    struct sweep_file *file;
    struct expansion expansion = joined(text, &file);
    struct groups groups =
        groups_create(file, &expansion, sweep_file_is_batched(file) ? (size_t)GROUP_MOST : 1);
    size_t *place = memory_allocate(expansion.count, sizeof *place);
    assert_int_equal(groups.count, expected);
    for (size_t g = 0; g < groups.count; g++)
        for (size_t i = groups.starts[g]; i < groups.starts[g + 1]; i++)
            place[groups.members[i]] = g;
    for (size_t g = 0; g < groups.count; g++) {
        assert_true(groups_models(&groups, &expansion, g) <= models);
        for (size_t begin = groups.starts[g], end; begin < groups.starts[g + 1]; begin = end) {
            end = groups_step(&groups, &expansion, begin, groups.starts[g + 1]);
            for (size_t i = begin; i < end; i++) {
                const struct planned *item = &expansion.items[groups.members[i]];
                assert_true(item->from == 0 || place[item->from - 1] == g);
                assert_true(
                    i == begin ||
                    training_compatible(&item->configuration,
                                        &expansion.items[groups.members[begin]].configuration));
            }
        }
    }
    memory_free(place);
    groups_clear(&groups);
    expansion_clear(&expansion);
    sweep_file_free(file);
}

static void a_path_is_never_cut(void **state)
{
    (void)state;
    check_groups("data: pets\nsolver: gd\nrate: [1, 2]\nlambda: [1, 2, 3]\npath: lambda\n", 2, 1);
    check_groups("data: pets\nsolver: gd\nrate: [1, 2]\nlambda: [1, 2, 3]\npath: lambda\n"
                 "execution: batched\n",
                 1, 2);
    check_groups("data: pets\nsolver: [gd, newton]\nlambda: [1, 2, 3]\nseed: [1, 2]\n"
                 "path: lambda\nexecution: batched\n",
                 4, 1);
    check_groups("data: pets\nsolver: minibatch\nrate: [1, 2]\nbatch: [2, 4]\npath: batch\n"
                 "execution: batched\n",
                 2, 1);
}

static void check_refused(const char *text, const char *message)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    assert_null(file);
    if (strstr(error.message, message) == NULL)
        fail_msg("%s", error.message);
}

static void what_has_no_order_is_refused(void **state)
{
    (void)state;
    check_refused("data: pets\nsolver: [gd, sgd]\npath: solver\n",
                  "test.yaml:3:7: 'solver' has no order that a path could follow; give one of");
    check_refused("data: pets\nsolver: gd\nseed: [1, 2]\npath: seed\n", "'seed' has no order");
    check_refused("data: pets\nsolver: gd\nlambda: [1, 2]\npath: lamda\n",
                  "'lamda' is no axis; give one of");
    check_refused("data: pets\nsolver: gd\nlambda: 1\npath: lambda\n",
                  "test.yaml:4:7: lambda has no second value that a path could lead to");
    check_refused("data: pets\nsolver: gd\nlambda: [1, 2]\npath: [lambda]\n", "path");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_follow_each_other),
        cmocka_unit_test(another_way_is_another_configuration),
        cmocka_unit_test(from_the_third_on_starts_are_predicted),
        cmocka_unit_test(a_start_is_told),
        cmocka_unit_test(a_path_is_never_cut),
        cmocka_unit_test(what_has_no_order_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
