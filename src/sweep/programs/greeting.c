/* SPDX-License-Identifier: MIT
 *
 * A program that trains in several runs is asked once. Where it does not use threads, its trials
 * are of one thread, whatever the file says for those that do.
 */
#include "sweep/programs/greeting.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/words.h"
#include "sweep/file/yaml.h"
#include "sweep/programs/talk.h"

#include <stdio.h>

static bool fail_at(const struct sweep_file *file, struct place place, struct error *error,
                    const char *name, const char *reason)
{
    return error_at(error, place, yaml_line(file->text, place.line), "program %s: %s", name,
                    reason);
}

/* --- Parameters ---------------------------------------------------------------------------- */

static bool refuse_name(const struct sweep_file *file, const struct program *program,
                        const struct hello *hello, const struct program_axis *axis,
                        struct error *error)
{
    const char **names = memory_allocate(hello->parameter_count + 1, sizeof *names);
    char list[512] = "no parameters", reason[1024];
    size_t used = 0;
    for (size_t i = 0; i < hello->parameter_count; i++) {
        names[i] = hello->parameters[i].name;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                                     text_shown(names[i]));
    }
    const char *nearest = text_nearest(axis->name, names, hello->parameter_count);
    snprintf(reason, sizeof reason, "unknown parameter '%s'%s%s%s it has: %s", axis->name,
             nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
             nearest != NULL ? "'?" : ";", list);
    memory_free(names);
    return fail_at(file, axis->place, error, program->name, reason);
}

static bool check_axis(const struct sweep_file *file, const struct program *program,
                       const struct hello *hello, const struct program_axis *axis,
                       struct error *error)
{
    const struct parameter *parameter = hello_parameter(hello, axis->name);
    char reason[PROTOCOL_REASON];
    if (parameter == NULL)
        return refuse_name(file, program, hello, axis, error);
    for (size_t i = 0; i < axis->count; i++)
        if (!parameter_allows(parameter, axis->values[i], reason))
            return fail_at(file, axis->places[i], error, program->name, reason);
    return true;
}

/* --- Runs ---------------------------------------------------------------------------------- */

static struct axis *find_axis(struct run *grid, const char *name)
{
    const struct hyperparameter *row = hyperparameter_find(name);
    for (size_t i = 0; i < grid->count; i++)
        if (grid->axes[i].hyperparameter == row)
            return &grid->axes[i];
    return NULL;
}

/* One thread, and one value of it. */
static void set_one_thread(struct run *grid)
{
    struct axis *axis = find_axis(grid, "threads");
    if (axis == NULL) {
        grid->axes = memory_resize(grid->axes, grid->count + 1, sizeof *grid->axes);
        axis = &grid->axes[grid->count++];
        *axis =
            (struct axis){.hyperparameter = hyperparameter_find("threads"), .place = grid->place};
    }
    if (axis->count == 0) /* new, or a range that is drawn from */
        axis->values = memory_allocate(1, sizeof *axis->values);
    for (size_t i = 1; i < axis->count && axis->zip != 0; i++)
        axis->values[i].integer = 1;
    if (axis->zip == 0) {
        axis->count = 1;
        axis->range = false;
    }
    axis->values[0].integer = 1;
}

static void complete(struct run *grid, const struct hello *hello, const struct entry *version)
{
    struct axis *axis = find_axis(grid, "program_version");
    axis->values[0].choice = version;
    if (!hello->threads)
        set_one_thread(grid);
}

static bool complete_run(const struct sweep_file *file, struct run *run, const struct hello *hello,
                         struct error *error)
{
    for (size_t i = 0; i < run->own.count; i++)
        if (!check_axis(file, run->own.program, hello, &run->own.parameters[i], error))
            return false;
    char *version = talk_version(hello);
    const struct entry *word = word_of(version);
    complete(run, hello, word);
    for (size_t i = 0; i < run->part_count; i++)
        complete(&run->parts[i], hello, word);
    memory_free(version);
    return true;
}

static bool greet(struct sweep_file *file, const struct program *program, struct error *error)
{
    struct talk talk;
    char reason[TALK_REASON];
    if (!talk_begin(&talk, file, program, stderr, reason))
        return fail_at(file, program->place, error, program->name, reason);
    bool done = true;
    for (size_t i = 0; i < file->run_count && done; i++)
        if (file->runs[i].own.program == program)
            done = complete_run(file, &file->runs[i], &talk.hello, error);
    talk_end(&talk);
    return done;
}

static bool is_used(const struct sweep_file *file, const struct program *program)
{
    for (size_t i = 0; i < file->run_count; i++)
        if (file->runs[i].own.program == program)
            return true;
    return false;
}

bool programs_greet(struct sweep_file *file, struct error *error)
{
    for (size_t i = 0; i < file->program_count; i++)
        if (is_used(file, &file->programs[i]) && !greet(file, &file->programs[i], error))
            return false;
    return true;
}
