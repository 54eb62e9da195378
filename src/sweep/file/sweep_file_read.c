/* SPDX-License-Identifier: MIT
 *
 * The top level of a sweep file: its keys are those of sweep_keys[], of which each may be given
 * once; data, runs and stop; preparations of data; and hyper-parameters.
 */
#include "base/memory.h"
#include "base/system/path.h"
#include "data/sources/attributes.h"
#include "sweep/file/sweep_file_reading.h"

#include <stdio.h>
#include <string.h>

/* --- Keys that are settings of the whole sweep --------------------------------------------- */

static const struct sweep_key *key_find(const char *name)
{
    for (size_t i = 0; i < sweep_key_count; i++)
        if (strcmp(sweep_keys[i].entry.name, name) == 0)
            return &sweep_keys[i];
    return NULL;
}

/* A key that is only for some files must not be in others. */
static bool check_with(const struct reading *reading, const struct sweep_key *key,
                       struct place place)
{
    if (key->choice == NULL)
        return true;
    const struct sweep_key *with = key_find(key->with);
    const struct entry *choice = setting_get(&with->setting, reading->file).choice;
    return choice == key->choice || (key->other != NULL && choice == key->other) ||
           reading_error(reading, place, "%s is for %s: %s%s%s; this file has %s: %s",
                         key->entry.name, key->with, key->choice->name,
                         key->other != NULL ? " and " : "",
                         key->other != NULL ? key->other->name : "", key->with, choice->name);
}

static bool read_keys(const struct reading *reading, const struct yaml_node *root)
{
    for (size_t i = 0; i < sweep_key_count; i++) {
        const struct setting *key = &sweep_keys[i].setting;
        const struct yaml_node *node = yaml_find(root, key->entry.name);
        struct value value = setting_fallback(key);
        if (node != NULL && !reading_value(reading, key, node, &value))
            return false;
        setting_set(key, reading->file, value);
    }
    for (size_t i = 0; i < sweep_key_count; i++) {
        const struct yaml_node *node = yaml_find(root, sweep_keys[i].entry.name);
        if (node != NULL && !check_with(reading, &sweep_keys[i], node->place))
            return false;
    }
    return true;
}

/* --- What the rows of keys cannot check alone ---------------------------------------------- */

/* Without a name it is the file's own. */
static bool check_name(const struct reading *reading, const struct yaml_node *root)
{
    const struct yaml_node *node = yaml_find(root, "name");
    struct sweep_file *file = reading->file;
    if (node == NULL)
        file->name = sweep_text_name(file->path);
    if (sweep_file_is_name(file->name))
        return true;
    struct place place = node != NULL ? node->place : (struct place){file->path, 0, 0};
    return reading_error(
        reading, place,
        "'%s' cannot be the name of the folder of results; give name: of " SWEEP_NAMES, file->name);
}

/* Sides are those of `descent compare --by`. */
static bool check_by(const struct reading *reading, const struct yaml_node *root)
{
    const char *by = reading->file->by;
    if (by == NULL) {
        reading->file->by = memory_copy_text("");
        return true;
    }
    const struct hyperparameter *axis = hyperparameter_find(by);
    if (strcmp(by, "family") == 0 || strcmp(by, "store") == 0 ||
        source_attribute_of_sides(by) != NULL ||
        (axis != NULL && axis->section == NULL && !hyperparameter_deals_rows(axis)))
        return true;
    return reading_error(
        reading, yaml_find(root, "by")->place,
        "unknown axis '%s'; give " SIDES_KNOWN " or a hyper-parameter, as in by: rate", by);
}

/* An axis with an order: how solvers get from one value to the next is what a path is about. */
static bool check_path(const struct reading *reading, const struct yaml_node *root)
{
    struct sweep_file *file = reading->file;
    if (file->path_key == NULL)
        return file->predict == &predict_none ||
               reading_error(reading, yaml_find(root, "predict")->place,
                             "predict: %s is for paths; give one, as in path: lambda, or leave "
                             "predict out",
                             file->predict->name);
    file->path_axis = hyperparameter_find(file->path_key);
    if (file->path_axis != NULL && file->path_axis->path != PATH_NONE)
        return true;
    char list[256] = "";
    for (size_t i = 0, used = 0; i < hyperparameter_count && used < sizeof list; i++)
        if (hyperparameters[i].path != PATH_NONE)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "",
                                     hyperparameters[i].entry.name);
    return reading_error(
        reading, yaml_find(root, "path")->place, "'%s' %s; give one of %s, as in path: lambda",
        file->path_key,
        file->path_axis != NULL ? "has no order that a path could follow" : "is no axis", list);
}

/* A path of one value each is what the file means without the key. */
static bool check_path_axis(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    bool several = file->path_axis == NULL;
    for (size_t i = 0; i < file->run_count && !several; i++)
        for (size_t g = 0; g < run_grid_count(&file->runs[i]) && !several; g++) {
            const struct run *grid = run_grid(&file->runs[i], g);
            const struct axis *axis = axes_find(grid->axes, grid->count, file->path_axis);
            several = axis != NULL && (axis->range || axis->count > 1);
        }
    return several || reading_error(reading, yaml_find(root, "path")->place,
                                    "%s has no second value that a path could lead to; give a "
                                    "list, as in %s: [...], or leave path out",
                                    file->path_key, file->path_key);
}

static bool check_method(const struct reading *reading, const struct yaml_node *root)
{
    const struct yaml_node *trials = yaml_find(root, "trials");
    if (trials != NULL && reading->file->method == &method_grid)
        return reading_error(reading, trials->place,
                             "trials is for method: random, halving and asha; this file has "
                             "method: grid");
    return reading->file->method != &method_random || trials != NULL ||
           reading_error(reading, yaml_find(root, "method")->place,
                         "method: random needs trials: how many to draw for each run and "
                         "data set");
}

/* Finals choose single trials, and a configuration has one for each fold. */
static bool check_folds(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    const struct yaml_node *finals = yaml_find(root, "finals"),
                           *repeats = yaml_find(root, "fold_repeats");
    const bool folds = sweep_file_gives(file, "folds");
    if (repeats != NULL && !folds)
        return reading_error(reading, repeats->place,
                             "fold_repeats is for folds, and there are none; give folds: 10");
    return !folds || finals == NULL || file->finals == 0 ||
           reading_error(reading, finals->place,
                         "finals time single trials again, and with folds a configuration has one "
                         "for each; leave out one of the two");
}

/* Grids around the best are chosen by single trials, each from the usual start, that were trained
 * to the end. */
static bool check_zoom(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    const char *with = sweep_file_halves_in_order(file)  ? "method: asha"
                       : sweep_file_halves(file)         ? "method: halving"
                       : file->path_axis != NULL         ? "path"
                       : sweep_file_gives(file, "folds") ? "folds"
                                                         : NULL;
    return file->zoom.rounds == 0 || with == NULL ||
           reading_error(reading, yaml_find(root, "zoom")->place,
                         "zoom does not go with %s; leave out one of the two", with);
}

/* --- The whole file ------------------------------------------------------------------------ */

static bool check_keys(const struct reading *reading, const struct yaml_node *root)
{
    struct names allowed = {8,
                            {"data", "programs", "runs", "stop", "targets", "zip", "when", "zoom"}};
    for (size_t i = 0; i < sweep_key_count; i++)
        names_add(&allowed, sweep_keys[i].entry.name);
    names_add_attributes(&allowed, ATTRIBUTE_PREPARATION);
    names_add_hyperparameters(&allowed, NULL);
    for (size_t i = 0; i < root->count; i++)
        if (hyperparameter_in_section(root->keys[i]->text, "stop") != NULL)
            return reading_error(reading, root->keys[i]->place,
                                 "'%s' belongs under stop, as in stop: {%s: ...}",
                                 root->keys[i]->text, root->keys[i]->text);
    return reading_check_keys(reading, root, "at the top level", &allowed);
}

static bool read_root(const struct reading *reading, const struct yaml_node *root)
{
    struct sweep_file *file = reading->file;
    if (root == NULL)
        return error_usage(reading->error, "%s: the file is empty; see configs/ for examples",
                           file->path);
    if (!reading_expect(reading, root, YAML_MAPPING, "a sweep file", "a mapping of keys") ||
        !check_keys(reading, root) || !read_keys(reading, root) || !check_name(reading, root) ||
        !check_by(reading, root) || !reading_targets(reading, yaml_find(root, "targets")) ||
        !check_path(reading, root) || !check_method(reading, root))
        return false;
    const struct yaml_node *data = yaml_find(root, "data");
    if (data == NULL)
        return reading_error(reading, root->place,
                             "data is missing; give data: with a path or {generate: NAME}");
    return reading_data(reading, data, root) &&
           reading_programs(reading, yaml_find(root, "programs")) && reading_runs(reading, root) &&
           reading_check_programs(reading, root) && check_path_axis(reading, root) &&
           reading_halving(reading, root) && check_folds(reading, root) &&
           reading_zoom(reading, yaml_find(root, "zoom")) && check_zoom(reading, root);
}

/* The folder of a path that is one of a file: a descriptor of this process has none. */
static char *folder_of(const char *path)
{
    bool descriptor = strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
    return descriptor ? memory_copy_text("") : path_folder(path);
}

struct sweep_file *sweep_file_parse(const char *path, const char *text, struct error *error)
{
    char *folder = folder_of(path);
    struct sweep_file *file = sweep_file_parse_in(folder, path, text, error);
    memory_free(folder);
    return file;
}

struct sweep_file *sweep_file_parse_in(const char *folder, const char *path, const char *text,
                                       struct error *error)
{
    struct sweep_file *file = memory_allocate(1, sizeof *file);
    file->path = memory_copy_text(path);
    file->folder = memory_copy_text(folder);
    file->text = memory_copy_text(text);
    size_t values = 0, zips = 0, clauses = 0;
    const struct reading reading = {file, &values, &zips, &clauses, error};
    bool done = false;
    if (sweep_text_check(file->path, file->text, error)) {
        struct yaml *yaml = yaml_parse(file->path, file->text, error);
        done = yaml != NULL && read_root(&reading, yaml_root(yaml));
        yaml_free(yaml);
    }
    if (done && file->question == NULL)
        file->question = sweep_text_question(text);
    if (done)
        return file;
    sweep_file_free(file);
    return NULL;
}

struct sweep_file *sweep_file_read(const char *path, struct error *error)
{
    char *text = sweep_text_read(path, error);
    struct sweep_file *file = text != NULL ? sweep_file_parse(path, text, error) : NULL;
    memory_free(text);
    return file;
}
