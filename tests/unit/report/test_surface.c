/* SPDX-License-Identifier: MIT
 *
 * The objective over the plane of two weights, and the paths through it.
 */
#include "report/plots/lesson/surface.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "neuron/activation.h"
#include "report/plots/lesson/path.h"

#include <math.h>

/* F at weights and bias, the class weights of the data considered. */
static double objective(const struct dataset *data, double lambda, const double *w, double b)
{
    double sum = 0.0;
    for (size_t i = 0; i < data->rows; i++) {
        double z = data->X[2 * i] * w[0] + data->X[2 * i + 1] * w[1] + b;
        sum += class_weight(data, data->y[i]) * neuron_point(z, data->y[i]).loss;
    }
    return sum / (double)data->rows + 0.5 * lambda * (w[0] * w[0] + w[1] * w[1]);
}

/* No bias of a fine net has less, and one of them has about as much. */
static void the_bias_is_the_best(void **state)
{
    (void)state;
    struct dataset *data = random_data(37, 2);
    const double places[][2] = {{0, 0}, {1, -1}, {-3, 2}, {40, -60}, {1e4, 1e4}, {0, 1e-3}};
    data->class_weights[0] = 0.8;
    data->class_weights[1] = 1.3;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const double *w = places[i];
        double value = surface_at(data, 0.01, w), least = INFINITY;
        double reach = 20.0 + 4.0 * (fabs(w[0]) + fabs(w[1]));
        for (int step = -20000; step <= 20000; step++)
            least = fmin(least, objective(data, 0.01, w, reach * step / 20000.0));
        assert_true(value <= least + 1e-9 * least);
        assert_true(value >= least - 1e-3 * fmax(least, 1.0) * reach / 20.0);
    }
    dataset_free(data);
}

static void the_grid_has_its_places(void **state)
{
    (void)state;
    struct dataset *data = random_data(20, 2);
    struct surface *surface = memory_allocate(1, sizeof *surface);
    *surface = (struct surface){.low = {-1, 0}, .high = {3, 2}};
    surface_fill(surface, data, 0.0);
    for (size_t row = 0; row < SURFACE_SIZE; row += 10)
        for (size_t column = 0; column < SURFACE_SIZE; column += 8) {
            const double w[2] = {-1.0 + 4.0 * (double)column / 40.0, 2.0 * (double)row / 40.0};
            assert_true(fabs(surface->values[row][column] - surface_at(data, 0.0, w)) < 1e-9);
            assert_true(surface->values[row][column] >= surface->least);
            assert_true(surface->values[row][column] <= surface->most);
        }
    memory_free(surface);
    dataset_free(data);
}

/* Whatever the number of updates, points are few, from the first weights to the last. */
static void a_path_goes_from_start_to_end(void **state)
{
    (void)state;
    static const char *const words[] = {"solver=sgd epochs=1",  "solver=sgd epochs=333",
                                        "solver=gd epochs=20",  "solver=newton epochs=4",
                                        "solver=svrg epochs=9", "solver=minibatch epochs=7 batch=3",
                                        "solver=gd epochs=0"};
    static const size_t points[] = {21, 0, 21, 5, 10, 50, 1};
    struct dataset *data = random_data(20, 2);
    const double start[] = {0.5, -0.25};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct configuration configuration = configured(words[i]);
        struct path path;
        path_create(&path, &configuration);
        const struct training_hooks hooks = {.observe = path_observe,
                                             .before_step = path_step,
                                             .context = &path,
                                             .initial_weights = start};
        struct trial trial = trained(data, words[i], &hooks);
        path_end(&path);
        assert_true(path.count <= PATH_POINTS);
        if (points[i] > 0)
            assert_int_equal(path.count, points[i]);
        for (int k = 0; k < 2; k++) {
            assert_true(path.at[0][k] == start[k]);
            assert_true(fabs(path.at[path.count - 1][k] - trial.w[k]) < 1e-9);
        }
        trial_clear(&trial);
        path_clear(&path);
    }
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bias_is_the_best),
        cmocka_unit_test(the_grid_has_its_places),
        cmocka_unit_test(a_path_goes_from_start_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
