/* SPDX-License-Identifier: MIT
 *
 * A program that trains in several runs is asked once. All are started before the first is asked,
 * so that what they do before they answer takes as long as the slowest of them; they are asked, and
 * what fails is told, in the order of the file. Where it does not use threads, its trials
 * are of one thread, whatever the file says for those that do.
 */
#include "sweep/programs/greeting.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/words.h"
#include "programs/blas/blas_list.h"
#include "solvers/solver.h"
#include "sweep/file/yaml.h"
#include "sweep/programs/talk.h"

#include <stdio.h>
#include <string.h>

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

/* A program from its start to its end. */
struct guest {
    struct talk talk;
    char reason[TALK_REASON]; /* why it is not started */
};

static bool greet(struct sweep_file *file, const struct program *program, struct guest *guest,
                  struct error *error)
{
    if (guest->talk.process == NULL || !talk_greet(&guest->talk, guest->reason))
        return fail_at(file, program->place, error, program->name, guest->reason);
    bool done = true;
    for (size_t i = 0; i < file->run_count && done; i++)
        if (file->runs[i].own.program == program)
            done = complete_run(file, &file->runs[i], &guest->talk.hello, error);
    return done;
}

static bool is_used(const struct sweep_file *file, const struct program *program)
{
    for (size_t i = 0; i < file->run_count; i++)
        if (file->runs[i].own.program == program)
            return true;
    return false;
}

/* --- Other descents ------------------------------------------------------------------------ */

/* "../old/descent 0.1.0 abc", with what its worker says that it is; NULL, with why. Free with
 * memory_free(). */
static char *ask_binary(const struct sweep_file *file, const char *path,
                        char reason[static TALK_REASON])
{
    const char *const arguments[] = {path, "worker", NULL};
    const struct process_command command = {
        .name = path, .arguments = arguments, .folder = file->folder, .out = stderr};
    struct talk talk;
    char *name = NULL;
    if (!talk_begin(&talk, command, reason))
        return NULL;
    if (asprintf(&name, "%s %s", path, text_shown(talk.hello.version)) < 0)
        memory_exhausted(1, TALK_REASON);
    talk_end(&talk);
    return name;
}

static const struct entry *keep(struct sweep_file *file, const struct entry *given,
                                const char *name, const char *path)
{
    file->greeted = memory_resize(file->greeted, file->greeted_count + 1, sizeof *file->greeted);
    struct greeted *greeted = &file->greeted[file->greeted_count++];
    *greeted =
        (struct greeted){.given = given, .word = word_of(name), .path = memory_copy_text(path)};
    return greeted->word;
}

static const struct entry *greet_binary(struct sweep_file *file, const struct entry *given,
                                        struct place place, struct error *error)
{
    char reason[TALK_REASON];
    char *name = ask_binary(file, given->name, reason);
    if (name == NULL) {
        error_at(error, place, yaml_line(file->text, place.line),
                 "binary: %s; give the path of a descent, from the folder of this file", reason);
        return NULL;
    }
    const struct entry *word = keep(file, given, name, given->name);
    memory_free(name);
    return word;
}

/* --- BLAS libraries ------------------------------------------------------------------------ */

/* Of this machine, and the file that is given, if it is one. */
static const struct entry *greet_blas(struct sweep_file *file, const struct entry *given,
                                      struct place place, struct error *error)
{
    const char *const paths[] = {given->name};
    struct blas_list list = {0};
    struct error why = {.kind = ERROR_NONE};
    const struct entry *word = NULL;
    const struct blas_listed *listed = NULL;
    if (blas_list_find("/proc/self/exe", paths, strchr(given->name, '/') != NULL, &list, &why))
        listed = blas_list_choose(&list, given->name, &why);
    if (listed != NULL) {
        char name[2 * BLAS_NAME];
        snprintf(name, sizeof name, "%s %s", listed->name,
                 listed->version != NULL ? listed->version : "");
        word = keep(file, given, name, listed->path);
        file->greeted[file->greeted_count - 1].no_lapack = !listed->lapack;
    } else {
        error_at(error, place, yaml_line(file->text, place.line), "blas: %s", why.message);
    }
    blas_list_clear(&list);
    return word;
}

/* --- Both ---------------------------------------------------------------------------------- */

/* A value has what it stands for as part of its name: built anew, it is another configuration. */
static const struct greeting {
    const char *axis;
    const struct entry *(*greet)(struct sweep_file *file, const struct entry *given,
                                 struct place place, struct error *error);
} greetings[] = {{"binary", greet_binary}, {"blas", greet_blas}};

static const struct entry *known(const struct sweep_file *file, const struct entry *given)
{
    for (size_t i = 0; i < file->greeted_count; i++)
        if (file->greeted[i].given == given)
            return file->greeted[i].word;
    return NULL;
}

static bool greet_axis(struct sweep_file *file, const struct greeting *greeting, struct run *grid,
                       struct error *error)
{
    struct axis *axis = find_axis(grid, greeting->axis);
    for (size_t i = 0; axis != NULL && i < axis->count; i++) {
        const struct entry *given = axis->values[i].choice, *word = known(file, given);
        if (word == NULL)
            word = greeting->greet(file, given, axis->place, error);
        if (word == NULL)
            return false;
        axis->values[i].choice = word;
    }
    for (size_t i = 0; i < grid->part_count; i++)
        if (!greet_axis(file, greeting, &grid->parts[i], error))
            return false;
    return true;
}

static bool greet_starts(struct sweep_file *file, struct error *error)
{
    for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++)
        for (size_t run = 0; run < file->run_count; run++)
            if (!greet_axis(file, &greetings[i], &file->runs[run], error))
                return false;
    return true;
}

/* --- What a library lacks ------------------------------------------------------------------ */

static bool has_no_lapack(const struct sweep_file *file, const struct entry *word)
{
    for (size_t i = 0; i < file->greeted_count; i++)
        if (file->greeted[i].word == word)
            return file->greeted[i].no_lapack;
    return false;
}

/* The first solver of a grid that factors a matrix, or NULL. */
static const struct entry *factoring_solver(struct run *grid)
{
    const struct axis *axis = find_axis(grid, "solver");
    for (size_t i = 0; axis != NULL && i < axis->count; i++)
        if (solver_of(axis->values[i].choice)->factors)
            return axis->values[i].choice;
    return NULL;
}

static bool check_lapack(const struct sweep_file *file, struct run *grid, struct error *error)
{
    const struct axis *axis = find_axis(grid, "blas");
    const struct entry *solver = factoring_solver(grid);
    for (size_t i = 0; axis != NULL && solver != NULL && i < axis->count; i++)
        if (has_no_lapack(file, axis->values[i].choice))
            return error_at(error, axis->place, yaml_line(file->text, axis->place.line),
                            "blas: '%s' has no LAPACK, with which solver %s factors a matrix; give "
                            "a library that has it (see 'descent list blas'), or another solver",
                            axis->values[i].choice->name, solver->name);
    for (size_t i = 0; i < grid->part_count; i++)
        if (!check_lapack(file, &grid->parts[i], error))
            return false;
    return true;
}

static bool check_libraries(const struct sweep_file *file, struct error *error)
{
    for (size_t run = 0; run < file->run_count; run++)
        if (!check_lapack(file, &file->runs[run], error))
            return false;
    return true;
}

/* --- Programs ------------------------------------------------------------------------------ */

static bool greet_programs(struct sweep_file *file, struct error *error)
{
    const size_t count = file->program_count;
    struct guest *guests = memory_allocate(count, sizeof *guests);
    bool done = true;
    for (size_t i = 0; i < count; i++)
        if (is_used(file, &file->programs[i]))
            talk_start(&guests[i].talk, talk_command(file, &file->programs[i], stderr),
                       guests[i].reason);
    for (size_t i = 0; i < count && done; i++)
        if (is_used(file, &file->programs[i]))
            done = greet(file, &file->programs[i], &guests[i], error);
    for (size_t i = 0; i < count; i++)
        talk_take_leave(&guests[i].talk);
    for (size_t i = 0; i < count; i++)
        talk_end(&guests[i].talk);
    memory_free(guests);
    return done;
}

bool programs_greet(struct sweep_file *file, struct error *error)
{
    if (!greet_starts(file, error) || !check_libraries(file, error))
        return false;
    return greet_programs(file, error);
}
