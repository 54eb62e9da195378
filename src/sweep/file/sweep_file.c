/* SPDX-License-Identifier: MIT
 *
 * What is asked of a sweep file that has been read (sweep_file_read.c).
 */
#include "sweep/file/sweep_file.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/sources/source_load.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FINALS_OF_BATCHED = 15, NAME_MAX_LENGTH = 100 };

bool sweep_file_is_name(const char *name)
{
    size_t length = strlen(name);
    bool plain = length > 0 && length <= NAME_MAX_LENGTH && isalnum((unsigned char)name[0]);
    for (size_t i = 0; i < length && plain; i++)
        plain = isalnum((unsigned char)name[i]) || strchr("-_.", name[i]) != NULL;
    return plain;
}

bool sweep_file_is_batched(const struct sweep_file *file)
{
    return file->execution != &execution_solo;
}

static struct axis *copy_axes(const struct axis *axes, size_t count)
{
    struct axis *copies = memory_allocate(count, sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = axis_copy(&axes[i]);
    return copies;
}

static void clear_axes(struct axis *axes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        axis_clear(&axes[i]);
    memory_free(axes);
}

struct clause clause_copy(const struct clause *clause)
{
    struct clause copy = *clause;
    copy.conditions = copy_axes(clause->conditions, clause->condition_count);
    copy.axes = copy_axes(clause->axes, clause->count);
    return copy;
}

void clause_clear(struct clause *clause)
{
    clear_axes(clause->conditions, clause->condition_count);
    clear_axes(clause->axes, clause->count);
}

void run_clear(struct run *run)
{
    clear_axes(run->axes, run->count);
    for (size_t i = 0; i < run->clause_count; i++)
        clause_clear(&run->clauses[i]);
    memory_free(run->clauses);
    for (size_t i = 0; i < run->part_count; i++)
        run_clear(&run->parts[i]);
    memory_free(run->parts);
    program_run_clear(&run->own);
}

bool run_gives(const struct run *run, const struct hyperparameter *row)
{
    bool given = axes_find(run->axes, run->count, row) != NULL;
    for (size_t i = 0; i < run->clause_count && !given; i++)
        given = axes_find(run->clauses[i].axes, run->clauses[i].count, row) != NULL;
    return given;
}

bool sweep_file_has_programs(const struct sweep_file *file)
{
    for (size_t i = 0; i < file->run_count; i++)
        if (file->runs[i].own.program != NULL)
            return true;
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameters[i].of_workers && sweep_file_gives(file, hyperparameters[i].entry.name))
            return true;
    return false;
}

bool sweep_file_gives(const struct sweep_file *file, const char *hyperparameter)
{
    const struct hyperparameter *row = hyperparameter_find(hyperparameter);
    for (size_t i = 0; i < file->run_count; i++)
        if (run_gives(&file->runs[i], row))
            return true;
    return false;
}

void sweep_file_tell_threads(const struct sweep_file *file, FILE *out)
{
    const char *words = threads_default_words();
    if (words != NULL && !sweep_file_gives(file, "threads"))
        fprintf(out, "%s\n", words);
}

int64_t sweep_file_finals(const struct sweep_file *file)
{
    if (file->finals != FINALS_OPEN)
        return file->finals;
    const bool undecided = sweep_file_halves(file) || sweep_file_gives(file, "folds");
    return sweep_file_is_batched(file) && !undecided ? FINALS_OF_BATCHED : 0;
}

bool sweep_file_halves(const struct sweep_file *file)
{
    return file->method == &method_halving || sweep_file_halves_in_order(file);
}

bool sweep_file_halves_in_order(const struct sweep_file *file)
{
    return file->method == &method_asha;
}

bool sweep_file_draws(const struct sweep_file *file)
{
    return file->method == &method_random || (sweep_file_halves(file) && file->trials > 0);
}

char *sweep_file_folder(const struct sweep_file *file, const char *results)
{
    char *folder = NULL;
    if (asprintf(&folder, "%s/%s", results, file->name) < 0)
        memory_exhausted(1, strlen(results));
    return folder;
}

void sweep_file_free(struct sweep_file *file)
{
    if (file == NULL)
        return;
    for (size_t i = 0; i < sweep_key_count; i++)
        if (sweep_keys[i].type == TYPE_TEXT)
            setting_set(&sweep_keys[i].setting, file, (struct value){.text = NULL});
    for (size_t i = 0; i < file->source_count; i++)
        source_clear(&file->sources[i]);
    for (size_t i = 0; i < file->run_count; i++)
        run_clear(&file->runs[i]);
    for (size_t i = 0; i < file->program_count; i++)
        program_clear(&file->programs[i]);
    for (size_t i = 0; i < file->environment_count; i++)
        environment_clear(&file->environments[i]);
    for (size_t i = 0; i < file->greeted_count; i++)
        memory_free(file->greeted[i].path);
    memory_free(file->environments);
    memory_free(file->greeted);
    memory_free(file->programs);
    memory_free(file->sources);
    memory_free(file->source_places);
    memory_free(file->runs);
    memory_free(file->text);
    memory_free(file->path);
    memory_free(file->folder);
    memory_free(file->targets);
    memory_free(file);
}
