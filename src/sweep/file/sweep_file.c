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

bool sweep_file_gives(const struct sweep_file *file, const char *hyperparameter)
{
    const struct hyperparameter *row = hyperparameter_find(hyperparameter);
    for (size_t i = 0; i < file->run_count; i++)
        if (axes_find(file->runs[i].axes, file->runs[i].count, row) != NULL)
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
    return sweep_file_is_batched(file) && !sweep_file_gives(file, "folds") ? FINALS_OF_BATCHED : 0;
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
    for (size_t i = 0; i < file->run_count; i++) {
        for (size_t j = 0; j < file->runs[i].count; j++)
            axis_clear(&file->runs[i].axes[j]);
        memory_free(file->runs[i].axes);
    }
    memory_free(file->sources);
    memory_free(file->source_places);
    memory_free(file->runs);
    memory_free(file->text);
    memory_free(file->path);
    memory_free(file->folder);
    memory_free(file);
}
