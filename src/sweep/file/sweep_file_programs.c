/* SPDX-License-Identifier: MIT
 *
 * Other programs: `programs`, and runs that have `program: NAME` (sweep/file/program.h).
 *
 * In such a run the keys are those that say what is to be trained (lambda, seed, threads, folds,
 * stop: seconds); every other one is a parameter of the program itself. A list of programs is as
 * many runs. Values of a parameter are a value, a list, or a range with steps, like those of any
 * axis; what is allowed is checked where the program is asked (sweep/programs/greeting.h).
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "base/words.h"
#include "solvers/solver.h"
#include "sweep/file/sweep_file_reading.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_name(const char *name)
{
    return sweep_file_is_name(name) && strcmp(name, "descent") != 0;
}

/* --- Parameters ---------------------------------------------------------------------------- */

static void add_value(struct program_axis *axis, const char *text, struct place place)
{
    axis->values[axis->count] = memory_copy_text(text);
    axis->places[axis->count++] = place;
}

/* Room for so many values. */
static void open_values(struct program_axis *axis, size_t count)
{
    axis->values = memory_allocate(count, sizeof *axis->values);
    axis->places = memory_allocate(count, sizeof *axis->places);
}

/* Numbers in the shortest way of writing them, so that 1e-1 and 0.1 are one configuration; what is
 * quoted is a text. */
static bool read_value(const struct reading *reading, const struct yaml_node *node,
                       struct program_axis *axis)
{
    char number[TEXT_NUMBER];
    int64_t integer;
    double real;
    if (!reading_expect(reading, node, YAML_TEXT, axis->name, "a number or a name"))
        return false;
    const bool plain = !node->quoted && !node->string;
    const bool rewritten = plain && !text_to_integer(node->text, &integer) &&
                           text_to_real(node->text, &real) && isfinite(real);
    add_value(axis, rewritten ? text_from_real(number, real) : node->text, node->place);
    return true;
}

static bool read_list(const struct reading *reading, const struct yaml_node *list,
                      struct program_axis *axis)
{
    if (list->count == 0)
        return reading_error(reading, list->place, "%s: the list is empty; give at least one value",
                             axis->name);
    open_values(axis, list->count);
    for (size_t i = 0; i < list->count; i++)
        if (!read_value(reading, list->items[i], axis))
            return false;
    return true;
}

/* A range is read as one of a hyper-parameter that may be any number. */
static bool read_range(const struct reading *reading, const struct yaml_node *range,
                       struct program_axis *axis)
{
    const struct hyperparameter row = {
        .entry = {axis->name, ""}, .type = TYPE_REAL, .minimum = -DBL_MAX, .maximum = DBL_MAX};
    char number[TEXT_NUMBER];
    struct axes axes = {0};
    bool done = reading_axis(reading, &row, range, &axes);
    if (done && axes.items[0].range)
        done = reading_error(reading, range->place,
                             "%s: a parameter of a program is not drawn from a range; give it "
                             "steps, or a list",
                             axis->name);
    if (done) {
        open_values(axis, axes.items[0].count);
        for (size_t i = 0; i < axes.items[0].count; i++)
            add_value(axis, text_from_real(number, axes.items[0].values[i].real), range->place);
    }
    axes_clear(&axes);
    return done;
}

static bool read_parameter(const struct reading *reading, const struct yaml_node *node,
                           struct program_axis *axis)
{
    const struct yaml_node *values = node->kind == YAML_MAPPING ? yaml_find(node, "values") : NULL;
    if (node->kind == YAML_MAPPING && values == NULL)
        return read_range(reading, node, axis);
    if (values != NULL && !reading_expect(reading, values, YAML_LIST, "values", "a list"))
        return false;
    if (values != NULL || node->kind == YAML_LIST)
        return read_list(reading, values != NULL ? values : node, axis);
    open_values(axis, 1);
    return read_value(reading, node, axis);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct program_axis *)a)->name, ((const struct program_axis *)b)->name);
}

/* --- `programs` ---------------------------------------------------------------------------- */

static bool read_command(const struct reading *reading, const struct yaml_node *node,
                         struct program *program)
{
    struct memory_stream stream;
    if (!reading_expect(reading, node, YAML_LIST, "command",
                        "a list of the program and its arguments, as in [./mine, --fast]"))
        return false;
    if (node->count == 0)
        return reading_error(reading, node->place, "command: the list is empty; give a program");
    program->command = memory_allocate(node->count + 1, sizeof *program->command);
    for (size_t i = 0; i < node->count; i++) {
        if (!reading_expect(reading, node->items[i], YAML_TEXT, "command", "a text"))
            return false;
        program->command[program->argument_count++] = memory_copy_text(node->items[i]->text);
    }
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < program->argument_count; i++) {
        char *word = text_operand(program->command[i]);
        fprintf(out, "%s%s", i > 0 ? " " : "", word);
        memory_free(word);
    }
    program->written = memory_stream_close(&stream);
    return true;
}

static bool read_fixed(const struct reading *reading, const struct yaml_node *node,
                       struct program *program)
{
    if (node == NULL)
        return true;
    if (!reading_expect(reading, node, YAML_MAPPING, "parameters",
                        "a mapping, as in {tolerance: 1e-6}"))
        return false;
    program->parameters = memory_allocate(node->count, sizeof *program->parameters);
    for (size_t i = 0; i < node->count; i++) {
        struct program_axis *axis = &program->parameters[program->parameter_count++];
        *axis = (struct program_axis){.name = memory_copy_text(node->keys[i]->text),
                                      .place = node->keys[i]->place};
        if (!reading_expect(reading, node->items[i], YAML_TEXT, axis->name,
                            "one value, which all runs of the program have") ||
            !read_parameter(reading, node->items[i], axis))
            return false;
    }
    return true;
}

static bool read_program(const struct reading *reading, const struct yaml_node *key,
                         const struct yaml_node *node)
{
    static const struct names allowed = {2, {"command", "parameters"}};
    struct program *program = &reading->file->programs[reading->file->program_count++];
    *program = (struct program){.name = memory_copy_text(key->text), .place = key->place};
    if (!is_name(key->text))
        return reading_error(reading, key->place,
                             "'%s' cannot be the name of a program; give " SWEEP_NAMES
                             ", and not 'descent', which is this one",
                             key->text);
    if (!reading_expect(reading, node, YAML_MAPPING, key->text,
                        "a mapping, as in {command: [./mine]}") ||
        !reading_check_keys(reading, node, "of a program", &allowed))
        return false;
    const struct yaml_node *command = yaml_find(node, "command");
    if (command == NULL)
        return reading_error(reading, key->place,
                             "program %s: command is missing; give command: [./mine]", key->text);
    return read_command(reading, command, program) &&
           read_fixed(reading, yaml_find(node, "parameters"), program);
}

bool reading_programs(const struct reading *reading, const struct yaml_node *node)
{
    if (node == NULL)
        return true;
    if (!reading_expect(reading, node, YAML_MAPPING, "programs",
                        "a mapping, as in {mine: {command: [./mine]}}"))
        return false;
    reading->file->programs = memory_allocate(node->count, sizeof *reading->file->programs);
    for (size_t i = 0; i < node->count; i++)
        if (!read_program(reading, node->keys[i], node->items[i]))
            return false;
    return true;
}

/* --- A run of a program -------------------------------------------------------------------- */

/* Does a key say what is to be trained, by whomever? */
static const struct hyperparameter *common_key(const char *key)
{
    struct configuration configuration = configuration_default();
    const struct hyperparameter *row = hyperparameter_in_section(key, NULL);
    configuration.solver = &solver_program.entry;
    return row != NULL && strcmp(key, "solver") != 0 && hyperparameter_applies(row, &configuration)
               ? row
               : NULL;
}

static bool is_common(const char *key)
{
    static const char *const others[] = {"program", "ladder", "stop", "zip", "when"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(key, others[i]) == 0)
            return true;
    return common_key(key) != NULL;
}

struct yaml_node reading_common_keys(const struct yaml_node *run)
{
    struct yaml_node common = *run;
    common.count = 0;
    common.keys = memory_allocate(run->count, sizeof *common.keys);
    common.items = memory_allocate(run->count, sizeof *common.items);
    for (size_t i = 0; i < run->count; i++)
        if (is_common(run->keys[i]->text)) {
            common.keys[common.count] = run->keys[i];
            common.items[common.count++] = run->items[i];
        }
    return common;
}

size_t reading_count_programs(const struct yaml_node *run)
{
    const struct yaml_node *node = run->kind == YAML_MAPPING ? yaml_find(run, "program") : NULL;
    return node != NULL && node->kind == YAML_LIST && node->count > 0 ? node->count : 1;
}

size_t sweep_file_program(const struct sweep_file *file, const char *name)
{
    size_t i = 0;
    while (i < file->program_count && strcmp(file->programs[i].name, name) != 0)
        i++;
    return i;
}

static const struct program *find_program(const struct reading *reading,
                                          const struct yaml_node *node)
{
    const struct sweep_file *file = reading->file;
    const char **names = memory_allocate(file->program_count + 1, sizeof *names);
    char list[512] = "";
    size_t used = 0;
    const size_t i = sweep_file_program(file, node->text);
    if (i == file->program_count) {
        for (size_t j = 0; j < file->program_count; j++) {
            names[j] = file->programs[j].name;
            if (used < sizeof list)
                used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", j > 0 ? ", " : "",
                                         names[j]);
        }
        const char *nearest = text_nearest(node->text, names, file->program_count);
        reading_error(reading, node->place, "unknown program '%s'%s%s%s %s%s", node->text,
                      nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                      nearest != NULL ? "'?" : ";",
                      used > 0 ? "programs has " : "give programs: {NAME: {command: [...]}}", list);
    }
    memory_free(names);
    return i < file->program_count ? &file->programs[i] : NULL;
}

/* What the run gives of the program's own parameters, and what `programs` says for all its runs. */
static bool read_own(const struct reading *reading, const struct yaml_node *run,
                     struct program_run *own)
{
    own->parameters =
        memory_allocate(run->count + own->program->parameter_count, sizeof *own->parameters);
    for (size_t i = 0; i < run->count; i++) {
        if (is_common(run->keys[i]->text))
            continue;
        struct program_axis *axis = &own->parameters[own->count++];
        *axis = (struct program_axis){.name = memory_copy_text(run->keys[i]->text),
                                      .place = run->keys[i]->place};
        if (!read_parameter(reading, run->items[i], axis))
            return false;
    }
    for (size_t i = 0, given = own->count; i < own->program->parameter_count; i++) {
        const struct program_axis *fixed = &own->program->parameters[i];
        size_t at = 0;
        while (at < given && strcmp(own->parameters[at].name, fixed->name) != 0)
            at++;
        if (at < given)
            continue;
        struct program_axis *axis = &own->parameters[own->count++];
        *axis = (struct program_axis){.name = memory_copy_text(fixed->name), .place = fixed->place};
        open_values(axis, 1);
        add_value(axis, fixed->values[0], fixed->places[0]);
    }
    qsort(own->parameters, own->count, sizeof *own->parameters, by_name);
    return true;
}

static struct axis *add_axis(struct axes *axes, const char *name, size_t count, struct place place)
{
    axes->items = memory_grow(axes->items, &axes->capacity, axes->count + 1, sizeof *axes->items);
    struct axis *axis = &axes->items[axes->count++];
    *axis = (struct axis){.hyperparameter = hyperparameter_find(name),
                          .count = count,
                          .values = memory_allocate(count, sizeof *axis->values),
                          .place = place};
    return axis;
}

static void add_word(struct axes *axes, const char *name, const char *word, struct place place)
{
    add_axis(axes, name, 1, place)->values[0].choice = word_of(word);
}

/* Counts like an odometer whose last wheel turns fastest; false after the last combination. */
static bool advance(const struct program_run *own, size_t *wheels)
{
    for (size_t i = own->count; i > 0; i--) {
        if (++wheels[i - 1] < own->parameters[i - 1].count)
            return true;
        wheels[i - 1] = 0;
    }
    return false;
}

static bool add_parameters(const struct reading *reading, const struct program_run *own,
                           struct place place, struct axes *axes)
{
    double count = 1.0;
    for (size_t i = 0; i < own->count; i++)
        count *= (double)own->parameters[i].count;
    if (!reading_count_values(reading, place, (size_t)fmin(count, 1e9)))
        return false;
    struct axis *axis = add_axis(axes, "parameters", (size_t)count, place);
    size_t *wheels = memory_allocate(own->count + 1, sizeof *wheels), filled = 0;
    do {
        char *word = program_word(own->parameters, own->count, wheels);
        axis->values[filled++].choice = word_of(word);
        memory_free(word);
    } while (advance(own, wheels));
    memory_free(wheels);
    return true;
}

/* A ladder has two rungs or more, and each is a number. */
static bool check_ladder(const struct reading *reading, const struct yaml_node *node,
                         const struct program_axis *axis)
{
    double number;
    for (size_t i = 0; i < axis->count; i++)
        if (!text_to_real(axis->values[i], &number))
            return reading_error(reading, axis->places[i],
                                 "ladder: %s: '%s' is not a number, and so neither looser nor "
                                 "tighter than others",
                                 axis->name, axis->values[i]);
    return axis->count > 1 ||
           reading_error(reading, node->place,
                         "ladder: %s has one value; give the tolerances that are to be tried, as "
                         "in %s: [1e-1, 1e-2, 1e-3]",
                         axis->name, axis->name);
}

static bool read_ladder(const struct reading *reading, const struct yaml_node *run,
                        const struct program_run *own, struct axes *axes)
{
    const struct yaml_node *node = yaml_find(run, "ladder");
    if (node == NULL)
        return true;
    if (!reading_expect(reading, node, YAML_TEXT, "ladder", "the name of a parameter of the run"))
        return false;
    for (size_t i = 0; i < own->count; i++)
        if (strcmp(own->parameters[i].name, node->text) == 0) {
            add_word(axes, "ladder", node->text, node->place);
            return check_ladder(reading, node, &own->parameters[i]);
        }
    return reading_error(reading, node->place,
                         "ladder: the run does not give '%s'; give it, as in %s: [1e-1, 1e-2, "
                         "1e-3]",
                         node->text, node->text);
}

bool reading_program_run(const struct reading *reading, const struct yaml_node *run, size_t index,
                         struct program_run *own, struct axes *axes)
{
    const struct yaml_node *node = yaml_find(run, "program");
    if (node->kind == YAML_LIST && node->count == 0)
        return reading_error(reading, node->place, "program: the list is empty; give a name");
    if (node->kind == YAML_LIST)
        node = node->items[index];
    if (!reading_expect(reading, node, YAML_TEXT, "program", "a name of programs"))
        return false;
    own->program = find_program(reading, node);
    if (own->program == NULL || !read_own(reading, run, own))
        return false;
    add_axis(axes, "solver", 1, node->place)->values[0].choice = &solver_program.entry;
    add_word(axes, "program", own->program->name, node->place);
    add_word(axes, "program_version", "", node->place); /* until it is asked */
    add_word(axes, "program_command", own->program->written, node->place);
    return read_ladder(reading, run, own, axes) && add_parameters(reading, own, node->place, axes);
}

void program_run_clear(struct program_run *own)
{
    for (size_t i = 0; i < own->count; i++)
        program_axis_clear(&own->parameters[i]);
    memory_free(own->parameters);
    *own = (struct program_run){0};
}

/* --- What else is in the file -------------------------------------------------------------- */

bool reading_check_programs(const struct reading *reading, const struct yaml_node *root)
{
    const struct sweep_file *file = reading->file;
    const struct yaml_node *zoom = yaml_find(root, "zoom"), *path = yaml_find(root, "path");
    for (size_t i = 0; i < file->run_count; i++) {
        const struct run *run = &file->runs[i];
        const char *with = sweep_file_halves(file) ? "method: halving"
                           : path != NULL          ? "path"
                           : zoom != NULL          ? "zoom"
                                                   : NULL;
        if (run->own.program != NULL && with != NULL)
            return reading_error(reading, run->place,
                                 "%s does not go with program: a program trains once, and to its "
                                 "own end; give it a sweep of its own",
                                 with);
        for (size_t j = 0; j < run->count; j++)
            if (run->axes[j].hyperparameter->of_workers && with != NULL && zoom == NULL)
                return reading_error(reading, run->axes[j].place,
                                     "%s does not go with %s: a process of its own trains from "
                                     "the start to the end; give it a sweep of its own",
                                     with, run->axes[j].hyperparameter->entry.name);
    }
    return true;
}
