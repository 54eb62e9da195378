/* SPDX-License-Identifier: MIT
 *
 * What `method: halving` and `asha` cannot do, and what to do in its place. Configurations are
 * compared at the same epoch, and most of them end there: repeats of what is cut make no sense, a
 * profile is of a whole trial, and a first cut after the last epoch cuts nothing.
 */
#include "store/criterion.h"
#include "sweep/file/sweep_file_reading.h"

#include <inttypes.h>
#include <math.h>

/* Of a key or, where it is not given, of `method`. */
static struct place place_of(const struct yaml_node *root, const char *key)
{
    const struct yaml_node *node = yaml_find(root, key);
    return node != NULL ? node->place : yaml_find(root, "method")->place;
}

/* The place where the first run gives it; of `method` where none does. */
static struct place place_of_axis(const struct reading *reading, const struct yaml_node *root,
                                  const char *name)
{
    const struct sweep_file *file = reading->file;
    const struct hyperparameter *row = hyperparameter_find(name);
    for (size_t r = 0; r < file->run_count; r++) {
        const struct axis *axis = axes_find(file->runs[r].axes, file->runs[r].count, row);
        if (axis != NULL)
            return axis->place;
    }
    return place_of(root, "method");
}

static bool check_keys(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    if (file->repeats > 1)
        return reading_error(reading, place_of(root, "repeats"),
                             "repeats: method: %s trains every configuration once; leave "
                             "repeats out, or list several seeds, as in seed: [1, 2, 3]",
                             file->method->name);
    if (sweep_file_gives(file, "folds"))
        return reading_error(reading, place_of_axis(reading, root, "folds"),
                             "folds: method: %s compares single trainings, and with folds a "
                             "configuration has one for each; cut by held-out rows (split: 0.2 and "
                             "cut_by: heldout_loss), or leave out one of the two",
                             file->method->name);
    if (file->path_axis != NULL)
        return reading_error(reading, place_of(root, "path"),
                             "path: method: %s leaves most configurations unfinished, so that "
                             "there is no solution to go on from; leave out one of the two",
                             file->method->name);
    if (file->halving.brackets > 1 && file->trials == 0)
        return reading_error(reading, place_of(root, "brackets"),
                             "brackets: a grid dealt out to them would have some values in one "
                             "bracket only; give trials: how many to draw at random, too");
    return file->profile == &profile_off ||
           reading_error(reading, place_of(root, "profile"),
                         "profile: on is for trials in one piece, and method: %s trains "
                         "them rung by rung; leave out one of the two",
                         file->method->name);
}

/* Widens a range by that of a grid. */
static void find_range_of(const struct run *grid, const struct hyperparameter *row, double *least,
                          double *most)
{
    const struct axis *axis = axes_find(grid->axes, grid->count, row);
    const struct configuration defaults = configuration_default();
    const double fallback = setting_number(&row->setting, setting_get(&row->setting, &defaults));
    for (size_t i = 0; axis != NULL && i < axis->count; i++) {
        *least = fmin(*least, setting_number(&row->setting, axis->values[i]));
        *most = fmax(*most, setting_number(&row->setting, axis->values[i]));
    }
    if (axis == NULL || axis->range) {
        *least = fmin(*least, axis != NULL ? axis->minimum : fallback);
        *most = fmax(*most, axis != NULL ? axis->maximum : fallback);
    }
}

/* The largest and the least value that configurations have of a hyper-parameter of real or whole
 * numbers; of one that no run gives, its default. */
static void find_range(const struct sweep_file *file, const char *name, double *least, double *most)
{
    const struct hyperparameter *row = hyperparameter_find(name);
    *least = INFINITY;
    *most = -INFINITY;
    for (size_t r = 0; r < file->run_count; r++)
        for (size_t g = 0; g < run_grid_count(&file->runs[r]); g++)
            find_range_of(run_grid(&file->runs[r], g), row, least, most);
}

/* All that are compared are looked at after the same epochs. */
static bool check_epochs(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    double least, most;
    find_range(file, "epochs", &least, &most);
    if ((double)file->halving.first >= most)
        return reading_error(reading, place_of(root, "first"),
                             "first: the first cut comes after %" PRId64 " epoch%s, and no "
                             "configuration has more than %.0f; give first: less than that, or "
                             "stop: {epochs: ...} more",
                             file->halving.first, file->halving.first == 1 ? "" : "s", most);
    find_range(file, "record", &least, &most);
    return least == most ||
           reading_error(reading, place_of_axis(reading, root, "record"),
                         "record: method: %s compares configurations after the same recorded "
                         "epochs; give one value for all of them",
                         file->method->name);
}

static bool check_criterion(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    const struct criterion *criterion = criterion_of(file->halving.criterion);
    double least, most;
    if (criterion->needs_optimum && file->optimum == &optimum_never)
        return reading_error(reading, place_of(root, "cut_by"),
                             "cut_by: %s needs F*, and this file has optimum: never; leave that "
                             "out, or give cut_by: objective",
                             criterion->entry.name);
    if (criterion != &criterion_time_to_target)
        return true;
    find_range(file, "gap", &least, &most);
    if (!(least > 0.0))
        return reading_error(reading, place_of(root, "cut_by"),
                             "cut_by: time_to_target needs a target; give stop: {gap: 1e-6}");
    return !sweep_file_is_batched(file) ||
           reading_error(reading, place_of(root, "cut_by"),
                         "cut_by: time_to_target needs times of its own for every trial, and this "
                         "file has execution: %s; give execution: solo, or cut_by: gap",
                         file->execution->name);
}

/* A share of the rows must be held out of every data set. */
static bool check_heldout(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    for (size_t i = 0; i < file->source_count; i++)
        if (file->halving.criterion == &criterion_heldout_loss.entry &&
            !(file->sources[i].split > 0.0))
            return reading_error(reading, place_of(root, "cut_by"),
                                 "cut_by: heldout_loss needs rows held out; give split: 0.2");
    return true;
}

bool reading_halving(const struct reading *reading, const struct yaml_node *root)
{
    return !sweep_file_halves(reading->file) ||
           (check_keys(reading, root) && check_epochs(reading, root) &&
            check_criterion(reading, root) && check_heldout(reading, root));
}
