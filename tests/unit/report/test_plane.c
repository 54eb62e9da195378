/* SPDX-License-Identifier: MIT
 *
 * The plane in which data and boundaries are drawn, the animation of a training run, and the
 * colours.
 */
#include "report/plots/lesson/animation.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/preparation/scaling.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "report/plots/palette.h"
#include "solvers/solver.h"

#include <math.h>
#include <string.h>

static struct error error;

static void a_line_is_clipped_at_the_edges(void **state)
{
    (void)state;
    const struct projection projection = {.low = {0, 0}, .high = {2, 1}};
    double ends[4];
    assert_true(projection_clip(&projection, (double[]){0, 1, -2}, ends)); /* y = x / 2 */
    assert_true(fabs(ends[0] - 2 * ends[1]) < 1e-12 && fabs(ends[2] - 2 * ends[3]) < 1e-12);
    assert_true(fabs(fabs(ends[2] - ends[0]) - 2.0) < 1e-12);
    assert_true(projection_clip(&projection, (double[]){-1, 1, 0}, ends)); /* x = 1 */
    assert_true(fabs(ends[0] - 1.0) < 1e-12 && fabs(fabs(ends[3] - ends[1]) - 1.0) < 1e-12);
    assert_false(projection_clip(&projection, (double[]){5, 1, 1}, ends)); /* x + y = -5 */
    assert_false(projection_clip(&projection, (double[]){1, 0, 0}, ends)); /* no line */
    assert_false(
        projection_clip(&projection, (double[]){NAN, 1, 1}, ends)); /* a model that diverged */
}

static void an_equation_has_the_weights_as_they_are(void **state)
{
    (void)state;
    const struct projection projection = {.names = {"a", "b"}};
    char text[PROJECTION_EQUATION];
    assert_string_equal(projection_equation(&projection, (double[]){1, 3, -2}, 80, text),
                        "3 a - 2 b + 1 = 0");
    assert_string_equal(projection_equation(&projection, (double[]){-1, 2, 0}, 80, text),
                        "2 a + 0 b - 1 = 0");
    assert_string_equal(projection_equation(&projection, (double[]){1, 0, 0}, 80, text),
                        "none, both weights are zero");
    const struct projection wide = {.names = {"petal length", "petal width"}};
    assert_true(strlen(projection_equation(&wide, (double[]){1, 3, -2}, 20, text)) <=
                20 + 2 * strlen("…"));
    assert_non_null(strstr(text, "3 p"));
    assert_non_null(strstr(text, " + 1 = 0"));
}

/* A boundary in scaled features is drawn where it is in those of the file. */
static void a_scaling_is_undone(void **state)
{
    (void)state;
    struct dataset *data = random_data(20, 2);
    data->name = memory_copy_text("made");
    data->scaling = scaling_create(table_find(&scale_table, "standard"), 2);
    for (int f = 0; f < 2; f++) {
        data->scaling->offset[f] = 10.0;
        data->scaling->factor[f] = 2.0;
    }
    struct projection projection;
    double line[3];
    assert_true(projection_create(&projection, data, &error));
    projection_line(&projection, (double[]){1, 1}, 0.0, line); /* (x - 10) / 2 + (y - 10) / 2 = 0 */
    assert_true(fabs(line[1] - 0.5) < 1e-12 && fabs(line[2] - 0.5) < 1e-12);
    assert_true(fabs(line[0] + 10.0) < 1e-12);
    assert_true(projection.low[0] > 0.0);
    projection_clear(&projection);
    dataset_free(data);
}

/* In the plane of components a boundary is where z = 0 there. */
static void a_boundary_is_cut_with_the_plane_of_components(void **state)
{
    (void)state;
    struct dataset *data = random_data(40, 5);
    const double w[] = {1, -2, 0.5, 0, 3};
    struct projection projection;
    double line[3], z = 0.25;
    data->name = memory_copy_text("made");
    assert_true(projection_create(&projection, data, &error));
    assert_true(projection.reduced);
    projection_line(&projection, w, 0.25, line);
    for (int f = 0; f < 5; f++) /* z at mean + 2 first - 3 second */
        z += w[f] * (projection.components.mean[f] + 2 * projection.components.axes[f] -
                     3 * projection.components.axes[5 + f]);
    assert_true(fabs(line[0] + 2 * line[1] - 3 * line[2] - z) < 1e-9);
    projection_clear(&projection);
    dataset_free(data);
}

static void one_feature_has_no_plane(void **state)
{
    (void)state;
    struct dataset *data = random_data(5, 1);
    struct projection projection;
    data->name = memory_copy_text("made");
    assert_false(projection_create(&projection, data, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    projection_clear(&projection);
    dataset_free(data);
}

/* Whatever the number of epochs, the frames are few, ascending, from the first to the last. */
static void a_film_stays_short(void **state)
{
    (void)state;
    static const char *const words[] = {"epochs=1",   "epochs=7",   "epochs=100",
                                        "epochs=199", "epochs=200", "epochs=1234"};
    struct dataset *data = random_data(10, 2);
    data->name = memory_copy_text("made");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct animation animation;
        assert_true(
            animation_create(&animation, data, solver_of(table_find(&solver_table, "gd")), &error));
        const struct training_hooks hooks = {.observe = animation_observe, .context = &animation};
        struct trial trial = trained(data, words[i], &hooks);
        animation_end(&animation);
        assert_true(animation.count > 1 && animation.count <= 2 * ANIMATION_SHOWN);
        assert_int_equal(animation.frames[0].epoch, 0);
        assert_int_equal(animation.frames[animation.count - 1].epoch, trial.epochs);
        for (size_t f = 1; f < animation.count; f++)
            assert_true(animation.frames[f].epoch > animation.frames[f - 1].epoch);
        assert_true(animation.frames[animation.count - 1].line[0] == trial.b);
        trial_clear(&trial);
        animation_clear(&animation);
    }
    dataset_free(data);
}

static void every_solver_has_an_ink_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < solver_table.count; i++) {
        const char *name = solver_table.entries[i]->name;
        struct ink ink = palette_ink(name, 0), elsewhere = palette_ink(name, 2);
        if (strcmp(ink.colour, elsewhere.colour) != 0 || ink.dash != elsewhere.dash)
            fail_msg("solver %s has another ink in another place", name);
        for (size_t j = 0; j < i; j++) {
            struct ink other = palette_ink(solver_table.entries[j]->name, 1);
            assert_false(strcmp(ink.colour, other.colour) == 0 && ink.dash == other.dash);
        }
    }
    assert_string_equal(palette_ink("SGD", 5).colour, palette_ink("sgd", 0).colour);
    assert_string_equal(palette_ink("batch", 5).colour, palette_ink("gd", 0).colour);
    assert_string_not_equal(palette_ink("rate 1", 0).colour, palette_ink("rate 2", 1).colour);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_clipped_at_the_edges),
        cmocka_unit_test(an_equation_has_the_weights_as_they_are),
        cmocka_unit_test(a_scaling_is_undone),
        cmocka_unit_test(a_boundary_is_cut_with_the_plane_of_components),
        cmocka_unit_test(one_feature_has_no_plane),
        cmocka_unit_test(a_film_stays_short),
        cmocka_unit_test(every_solver_has_an_ink_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
