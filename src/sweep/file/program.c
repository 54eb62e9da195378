/* SPDX-License-Identifier: MIT
 *
 * Parameters of a program as words, and back.
 */
#include "sweep/file/program.h"

#include "base/memory.h"
#include "base/memory_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* --- Words --------------------------------------------------------------------------------- */

static void write_text(const char *text, FILE *out)
{
    for (const char *c = text; *c != '\0'; c++)
        if (*c == ' ' || *c == '=' || *c == '%')
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*c);
        else
            putc(*c, out);
}

char *program_word(const struct program_axis *axes, size_t count, const size_t *values)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putc(' ', out);
        write_text(axes[i].name, out);
        putc('=', out);
        write_text(axes[i].values[values[i]], out);
    }
    return memory_stream_close(&stream);
}

/* In place. */
static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        char digits[3] = "";
        if (*from == '%' && from[1] != '\0' && from[2] != '\0') {
            memcpy(digits, from + 1, 2);
            *to = (char)strtoul(digits, NULL, 16);
            from += 3;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

bool program_word_read(const char *word,
                       bool (*take)(void *context, const char *name, const char *value),
                       void *context)
{
    char *copy = memory_copy_text(word), *rest = NULL;
    bool done = true;
    for (char *pair = strtok_r(copy, " ", &rest); pair != NULL && done;
         pair = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(pair, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        decode(pair);
        decode(value);
        done = take(context, pair, value);
    }
    memory_free(copy);
    return done;
}
