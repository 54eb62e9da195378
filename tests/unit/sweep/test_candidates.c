/* SPDX-License-Identifier: MIT
 *
 * Which placements are tried for a sweep, on machines of some processors, and what its passes are
 * made of; and what a sweep file says of its own placement.
 */
#include "solvers/solver.h"
#include "sweep/placement/candidates.h"
#include "sweep/workload/placement.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static struct sweep_file *parsed(const char *text)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    return file;
}

/* Placements as "models x threads x side by side", in order. */
static void check_within(const char *text, int processors, double memory, const char *expected)
{
    char found[1024] = "";
    size_t length = 0;
    struct error error = {0};
    struct workload workload;
    struct sweep_file *file = parsed(text);
    if (!workload_create(file, &workload, &error))
        fail_msg("%s", error.message);
    struct candidates candidates = candidates_create(&workload, processors, memory);
    for (size_t i = 0; i < candidates.count && length < sizeof found; i++) {
        const struct placement *placement = &candidates.items[i].placement;
        length += (size_t)snprintf(found + length, sizeof found - length, "%s%dx%dx%d",
                                   i > 0 ? " " : "", (int)placement->models,
                                   (int)placement->threads, (int)placement->side_by_side);
    }
    assert_string_equal(found, expected);
    candidates_clear(&candidates);
    workload_clear(&workload);
    sweep_file_free(file);
}

static void check(const char *text, int processors, const char *expected)
{
    check_within(text, processors, INFINITY, expected);
}

#define RATES(solver_, steps_)                                                                     \
    "data: pets\nsolver: " solver_ "\nrate: {min: 0.001, max: 0.1, steps: " steps_ "}\n"

static void models_go_up_to_the_largest_group(void **state)
{
    (void)state;
    check(RATES("gd", "20"), 1, "1x1x1 8x1x1 16x1x1 20x1x1");
    check(RATES("gd", "200"), 1, "1x1x1 8x1x1 16x1x1 32x1x1 64x1x1");
    check(RATES("gd", "8"), 1, "1x1x1 8x1x1");
    check("data: pets\nsolver: gd\n", 1, "1x1x1");
}

static void threads_and_passes_share_the_processors(void **state)
{
    (void)state;
    check(RATES("gd", "20"), 2,
          "1x1x1 1x1x2 1x2x1 8x1x1 8x1x2 8x2x1 16x1x1 16x1x2 16x2x1 20x1x1 20x2x1");
    check(RATES("gd", "8"), 6,
          "1x1x1 1x1x2 1x1x4 1x1x6 1x2x1 1x2x2 1x2x3 1x4x1 1x6x1 8x1x1 8x2x1 8x4x1 8x6x1");
}

/* SGD of one model has no use for threads, and one group none for passes. */
static void what_makes_no_difference_is_left_out(void **state)
{
    (void)state;
    check(RATES("sgd", "5"), 2, "1x1x1 1x1x2 5x1x1 5x2x1");
    check("data: pets\nsolver: sgd\n", 4, "1x1x1");
    check(RATES("gd", "5") "threads: [1, 2]\n", 2, "1x1x1 1x1x2 5x1x1 5x1x2");
    check("data: pets\nsolver: hogwild\nrate: [0.1, 0.2]\n", 2, "1x1x1 1x1x2");
}

static void what_does_not_fit_is_left_out(void **state)
{
    (void)state;
    check_within(RATES("gd", "20"), 2, 1.0, "1x1x1");
}

/* --- Kinds --------------------------------------------------------------------------------- */

static void groups_that_are_alike_are_of_one_kind(void **state)
{
    (void)state;
    struct error error = {0};
    struct workload workload;
    struct sweep_file *file =
        parsed("data: [pets, {generate: blobs, rows: 50}]\nsolver: [gd, sgd]\n"
               "rate: {min: 0.1, max: 1, steps: 70}\nexecution: batched\n");
    assert_true(workload_create(file, &workload, &error));
    struct candidates candidates = candidates_create(&workload, 1, INFINITY);
    /* On two data sets, by two solvers: 1, 8, 16, 32, 64, and what is left of 70. */
    assert_int_equal(candidates.layout_count, 5);
    assert_int_equal(candidates.kind_count, 2 * 2 * 6);
    for (size_t i = 0; i < candidates.kind_count; i++) {
        const struct kind *kind = &candidates.kinds[i];
        assert_true(kind->count > 0);
        for (size_t e = 0; e < kind->count; e++)
            for (size_t m = 0; m < kind->models; m++)
                assert_true(
                    workload_is_alike(kind->like, &workload.expansion.items[kind->examples[e][m]]));
    }
    candidates_clear(&candidates);
    workload_clear(&workload);
    sweep_file_free(file);
}

/* --- The sweep file ------------------------------------------------------------------------ */

#define BATCHED "data: pets\nsolver: gd\nexecution: batched\n"

static void keys_of_placement(void **state)
{
    (void)state;
    struct sweep_file *file = parsed(BATCHED);
    struct placement placement = placement_of(file);
    assert_int_equal(placement.models, GROUP_MOST);
    assert_int_equal(placement.threads, 0);
    assert_int_equal(placement.side_by_side, 1);
    sweep_file_free(file);
    file = parsed(BATCHED "models: 5\npass_threads: 3\nside_by_side: 2\n");
    placement = placement_of(file);
    assert_int_equal(placement.models, 5);
    assert_int_equal(placement.threads, 3);
    assert_int_equal(placement.side_by_side, 2);
    sweep_file_free(file);
    file = parsed(BATCHED "side_by_side: 1000\n"); /* a fair share is one thread at least */
    assert_int_equal(placement_of(file).threads, 1);
    sweep_file_free(file);
}

static void refused(const char *text, const char *expected)
{
    struct error error = {0};
    assert_null(sweep_file_parse("test.yaml", text, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strstr(error.message, expected) == NULL)
        fail_msg("'%s' is not in:\n%s", expected, error.message);
}

static void slips_in_placements_have_places(void **state)
{
    (void)state;
    refused(BATCHED "models: 65\n",
            "test.yaml:4:9: '65' is not allowed for models; give an integer from 1 to 64");
    refused(BATCHED "models: many\n",
            "test.yaml:4:9: 'many' is not allowed for models; give an integer");
    refused(BATCHED "side_by_side: 0\n",
            "test.yaml:4:15: '0' is not allowed for side_by_side; give an integer from 1 to 1024");
    refused(BATCHED "pass_threads: [1, 2]\n", "test.yaml:4:15: pass_threads: expected an integer");
    refused(BATCHED "side-by-side: 2\n", "did you mean 'side_by_side'?");
    refused("data: pets\nsolver: gd\nmodels: 5\n",
            "test.yaml:3:9: models is for execution: batched; this file has execution: solo");
    refused(
        "data: pets\nsolver: gd\nside_by_side: 2\nexecution: placed\n",
        "test.yaml:3:15: side_by_side is for execution: batched; this file has execution: placed");
    refused("data: pets\nruns: [{solver: gd, models: 5}]\nexecution: batched\n",
            "test.yaml:2:21: unknown key 'models' in a run");
}

/* The file's own numbers of threads come first, where a solver uses them. */
static void threads_that_a_file_gives_stay(void **state)
{
    (void)state;
    const struct placement placement = {1, 3, 1};
    struct configuration configuration = configuration_default();
    struct sweep_file *file = parsed(BATCHED "threads: [1, 2]\n");
    configuration.solver = table_find(&solver_table, "gd");
    configuration.threads = 2;
    assert_int_equal(placement_threads(file, &placement, &configuration), 0);
    assert_int_equal(placement_threads_alone(file, &placement, &configuration), 2);
    configuration.solver = table_find(&solver_table, "sgd");
    assert_int_equal(placement_threads(file, &placement, &configuration), 3);
    assert_int_equal(placement_threads_alone(file, &placement, &configuration), 1);
    sweep_file_free(file);
    file = parsed(BATCHED);
    configuration.solver = table_find(&solver_table, "gd");
    assert_int_equal(placement_threads(file, &placement, &configuration), 3);
    assert_int_equal(placement_threads_alone(file, &placement, &configuration), 3);
    configuration.solver = table_find(&solver_table, "hogwild"); /* whose bits depend on them */
    assert_int_equal(placement_threads(file, &placement, &configuration), 0);
    sweep_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_go_up_to_the_largest_group),
        cmocka_unit_test(threads_and_passes_share_the_processors),
        cmocka_unit_test(what_makes_no_difference_is_left_out),
        cmocka_unit_test(what_does_not_fit_is_left_out),
        cmocka_unit_test(groups_that_are_alike_are_of_one_kind),
        cmocka_unit_test(keys_of_placement),
        cmocka_unit_test(slips_in_placements_have_places),
        cmocka_unit_test(threads_that_a_file_gives_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
