/* SPDX-License-Identifier: MIT
 *
 * What programs of a sweep file own, and their parameters as words.
 */
#include "sweep/file/program.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "programs/parameter_word.h"

#include <stdio.h>

void program_axis_clear(struct program_axis *axis)
{
    for (size_t i = 0; i < axis->count; i++)
        memory_free(axis->values[i]);
    memory_free(axis->values);
    memory_free(axis->places);
    memory_free(axis->name);
}

static void clear_texts(char **texts)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        memory_free(texts[i]);
    memory_free(texts);
}

void program_clear(struct program *program)
{
    for (size_t i = 0; i < program->parameter_count; i++)
        program_axis_clear(&program->parameters[i]);
    memory_free(program->parameters);
    clear_texts(program->command);
    clear_texts(program->environment);
    memory_free(program->written);
    memory_free(program->name);
}

char *program_word(const struct program_axis *axes, size_t count, const size_t *values)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < count; i++)
        parameter_word_write(out, i == 0, axes[i].name, axes[i].values[values[i]]);
    return memory_stream_close(&stream);
}
