/* SPDX-License-Identifier: MIT
 *
 * The lesson's data and trajectories, which were computed apart from this program: every kernel
 * must follow them, epoch by epoch.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "fixture.h"
#include "kernels/kernel.h"

#include <jansson.h>
#include <math.h>

struct lesson {
    struct dataset *data;
    json_t *trajectories;
    double w[2];
    struct training_hooks hooks;
};

static struct lesson *lesson_open(void)
{
    FILE *file = fopen(SHARED_DATA "/linear-bin-classification.csv", "r");
    if (file == NULL) {
        print_message("skipped: no ../shared/data\n");
        skip();
    }
    struct lesson *lesson = memory_allocate(1, sizeof *lesson);
    lesson->data = dataset_create(100, 2, true);
    for (size_t i = 0; i < 100; i++) {
        double *x = lesson->data->X + 2 * i;
        assert_int_equal(fscanf(file, "%lf,%lf,%lf", x, x + 1, lesson->data->y + i), 3);
    }
    fclose(file);
    lesson->trajectories = json_load_file(SHARED_DATA "/trajectories.json", 0, NULL);
    json_t *w = json_object_get(json_object_get(lesson->trajectories, "init"), "w");
    for (size_t f = 0; f < 2; f++)
        lesson->w[f] = json_real_value(json_array_get(w, f));
    lesson->hooks.initial_weights = lesson->w;
    return lesson;
}

static void lesson_close(struct lesson *lesson)
{
    dataset_free(lesson->data);
    json_decref(lesson->trajectories);
    memory_free(lesson);
}

static double listed(const json_t *list, size_t i)
{
    return json_number_value(json_array_get(list, i));
}

/* Trains and compares the whole trace with the trajectory of that name, losses to `bound`. */
static void follow(const struct lesson *lesson, const char *name, const char *words, double bound)
{
    struct trial trial = trained(lesson->data, words, &lesson->hooks);
    const json_t *expected = json_object_get(lesson->trajectories, name);
    const json_t *losses = json_object_get(expected, "loss");
    const json_t *correct = json_object_get(expected, "correct");
    const json_t *errors = json_object_get(expected, "errors_after_epoch");
    size_t epochs = trial.trace.count - 1;
    double worst = 0.0;
    for (size_t i = 0; i < epochs; i++) {
        const struct trace_point *point = &trial.trace.points[i + 1];
        double right = round(100.0 * point->accuracy);
        assert_true(isfinite(point->loss) != 0);
        if (losses != NULL)
            worst = fmax(worst, fabs(point->loss - listed(losses, i)));
        assert_true(right == (correct != NULL ? listed(correct, i) : 100.0 - listed(errors, i)));
    }
    print_message("%s: %zu epochs, losses within %.2g, last %.16g\n", words, epochs, worst,
                  trial_last(&trial)->loss);
    assert_true(worst <= bound);
    const json_t *w = json_object_get(expected, "w_final");
    assert_true(fabs(trial.w[0] - listed(w, 0)) < 1e-11);
    assert_true(fabs(trial.w[1] - listed(w, 1)) < 1e-11);
    trial_clear(&trial);
}

static void the_lesson_starts_at_its_loss(void **state)
{
    (void)state;
    struct lesson *lesson = lesson_open();
    struct trial trial = trained(lesson->data, "solver=gd epochs=1", &lesson->hooks);
    assert_true(fabs(trial.trace.points[0].loss - 0.66255159735203) < 1e-14);
    assert_true(trial.trace.points[0].accuracy == 0.60);
    trial_clear(&trial);
    lesson_close(lesson);
}

static void every_kernel_follows_the_lesson(void **state)
{
    (void)state;
    struct lesson *lesson = lesson_open();
    for (size_t i = 0; i < kernel_table.count; i++) {
        char words[256];
        const char *kernel = kernel_table.entries[i]->name;
        snprintf(words, sizeof words, "solver=sgd rate=0.01 shuffle=none epochs=100 kernel=%s",
                 kernel);
        follow(lesson, "sgd_lr0p01_100epochs", words, 1e-12);
        snprintf(words, sizeof words, "solver=gd rate=0.1 epochs=1000 kernel=%s", kernel);
        follow(lesson, "gd_lr0p1_1000epochs", words, 1e-12);
        snprintf(words, sizeof words, "solver=gd rate=1 epochs=1000 kernel=%s", kernel);
        follow(lesson, "gd_lr1_1000epochs", words, 1e-12);
        snprintf(words, sizeof words,
                 "solver=perceptron rate=0.01 shuffle=none epochs=100 kernel=%s", kernel);
        follow(lesson, "perceptron_lr0p01_100epochs", words, 1e-12);
    }
    lesson_close(lesson);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lesson_starts_at_its_loss),
        cmocka_unit_test(every_kernel_follows_the_lesson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
