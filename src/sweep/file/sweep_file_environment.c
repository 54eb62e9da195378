/* SPDX-License-Identifier: MIT
 *
 * Environments that a process is started with which trains:
 *
 *     environment: [{OMP_WAIT_POLICY: passive}, {OMP_WAIT_POLICY: active, MALLOC_ARENA_MAX: 1}, {}]
 *
 * Each mapping is one value, a word: its variables by name, as a shell would be given them, and
 * "NAME unset" for one that is null, which the process does not have. An empty mapping,
 * "unchanged", is descent's own environment, in a process of its own like the others.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "base/words.h"
#include "sweep/file/sweep_file_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool check_variable(const struct reading *reading, const struct yaml_node *key,
                           const struct yaml_node *value)
{
    if (*key->text == '\0' || strchr(key->text, '=') != NULL)
        return reading_error(reading, key->place,
                             "environment: '%s' cannot be the name of a variable", key->text);
    return value->kind == YAML_TEXT ||
           reading_error(reading, value->place,
                         "environment: %s: expected a text, or null, which unsets it; this is %s",
                         key->text, yaml_kind_name(value));
}

/* "NAME=VALUE", or "NAME", which takes it away. */
static char *variable_of(const struct yaml_node *key, const struct yaml_node *value)
{
    char *variable = NULL;
    if (yaml_is_null(value))
        return memory_copy_text(key->text);
    if (asprintf(&variable, "%s=%s", key->text, value->text) < 0)
        memory_exhausted(1, strlen(key->text) + strlen(value->text) + 2);
    return variable;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Free with memory_free(). */
static char *write_word(char *const *variables, size_t count)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < count; i++) {
        char *text = text_operand(variables[i]);
        fprintf(out, "%s%s%s", i > 0 ? " " : "", text,
                strchr(variables[i], '=') == NULL ? " unset" : "");
        memory_free(text);
    }
    if (count == 0)
        fputs("unchanged", out);
    return memory_stream_close(&stream);
}

static void keep(struct sweep_file *file, const struct entry *word, char **variables, size_t count)
{
    file->environments =
        memory_resize(file->environments, file->environment_count + 1, sizeof *file->environments);
    file->environments[file->environment_count++] =
        (struct environment){.word = word, .count = count, .variables = variables};
}

bool reading_environment(const struct reading *reading, const struct yaml_node *node,
                         struct value *value)
{
    if (!reading_expect(reading, node, YAML_MAPPING, "environment",
                        "a mapping of variables, as in {OMP_WAIT_POLICY: passive}"))
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (!check_variable(reading, node->keys[i], node->items[i]))
            return false;
    char **variables = memory_allocate(node->count + 1, sizeof *variables);
    for (size_t i = 0; i < node->count; i++)
        variables[i] = variable_of(node->keys[i], node->items[i]);
    qsort(variables, node->count, sizeof *variables, by_name);
    char *text = write_word(variables, node->count);
    value->choice = word_of(text);
    memory_free(text);
    keep(reading->file, value->choice, variables, node->count);
    return true;
}

const struct environment *sweep_file_environment(const struct sweep_file *file,
                                                 const struct entry *word)
{
    for (size_t i = 0; i < file->environment_count; i++)
        if (file->environments[i].word == word)
            return &file->environments[i];
    return NULL;
}

void environment_clear(struct environment *environment)
{
    for (size_t i = 0; i < environment->count; i++)
        memory_free(environment->variables[i]);
    memory_free(environment->variables);
}
