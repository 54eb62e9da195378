/* SPDX-License-Identifier: MIT
 *
 * A word ends at a blank that is not quoted; quotes and backslashes are those of a POSIX shell.
 * What a shell would do beside is not done: a command that asks for it (`$`, backquotes, `>`) is
 * refused.
 */
#include "race/link_command.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/random.h"
#include "base/system/path.h"
#include "base/text.h"
#include "race/whole_process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINK_SECONDS = 600 };

/* --- Reading ------------------------------------------------------------------------------- */

/* The last line that is not empty; NULL: there is none, or no file. Free with free(). */
static char *last_line(FILE *file)
{
    char *line = NULL, *last = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " \t")] == '\0')
            continue;
        free(last);
        last = line;
        line = NULL;
        capacity = 0;
    }
    free(line);
    return last;
}

static void add_word(struct link_command *command, char *word)
{
    command->words = memory_resize(command->words, command->count + 2, sizeof *command->words);
    command->words[command->count++] = word;
    command->words[command->count] = NULL;
}

/* The text of a word from `at` on, which moves behind it. False: a quote is not closed. */
static bool read_word(const char **at, FILE *out)
{
    char quote = '\0';
    const char *c = *at;
    for (; *c != '\0' && (quote != '\0' || strchr(" \t", *c) == NULL); c++) {
        if (quote == '\0' && strchr("'\"", *c) != NULL)
            quote = *c;
        else if (*c == quote)
            quote = '\0';
        else if (*c == '\\' && quote != '\'' && c[1] != '\0')
            putc(*++c, out);
        else
            putc(*c, out);
    }
    *at = c;
    return quote == '\0';
}

static bool split(struct link_command *command, const char *line)
{
    bool closed = true;
    for (const char *at = line + strspn(line, " \t"); *at != '\0' && closed;
         at += strspn(at, " \t")) {
        struct memory_stream stream;
        FILE *out = memory_stream_open(&stream);
        closed = read_word(&at, out);
        add_word(command, memory_stream_close(&stream));
    }
    return closed;
}

/* ":", "&&" before the command, and behind it. */
static void leave_out_empty_commands(struct link_command *command)
{
    size_t kept = 0;
    for (size_t i = 0; i < command->count; i++)
        if (strcmp(command->words[i], ":") == 0 || strcmp(command->words[i], "&&") == 0)
            memory_free(command->words[i]);
        else
            command->words[kept++] = command->words[i];
    command->count = kept;
    if (command->words != NULL)
        command->words[kept] = NULL;
}

/* --- What it says -------------------------------------------------------------------------- */

static bool is_object(const char *word)
{
    const size_t length = strlen(word);
    return length > 2 && word[0] != '-' && strcmp(word + length - 2, ".o") == 0;
}

static size_t count_objects(const struct link_command *command)
{
    size_t objects = 0;
    for (size_t i = 0; i < command->count; i++)
        objects += is_object(command->words[i]) && i != command->output;
    return objects;
}

static void find_output(struct link_command *command)
{
    for (size_t i = 1; i < command->count; i++)
        if (strcmp(command->words[i - 1], "-o") == 0)
            command->output = i;
}

bool link_command_read(const char *path, struct link_command *command, struct error *error)
{
    *command = (struct link_command){.folder = path_folder(path)};
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_usage(error, "%s: it cannot be read: %s", text_shown(path), strerror(errno));
    char *line = last_line(file);
    fclose(file);
    const bool closed = line != NULL && split(command, line);
    free(line);
    if (!closed)
        return error_usage(error, "%s: its last line is no command", text_shown(path));
    leave_out_empty_commands(command);
    find_output(command);
    if (command->output == 0)
        return error_usage(error, "%s: the command has no -o FILE", text_shown(path));
    return count_objects(command) > 1 ||
           error_usage(error,
                       "%s: the command has no two objects (FILE.o) that could change places; give "
                       "those of a library in place of it",
                       text_shown(path));
}

void link_command_clear(struct link_command *command)
{
    for (size_t i = 0; i < command->count; i++)
        memory_free(command->words[i]);
    memory_free(command->words);
    memory_free(command->folder);
    *command = (struct link_command){.count = 0};
}

/* --- Running ------------------------------------------------------------------------------- */

const char **link_command_words(const struct link_command *command, uint64_t seed, uint64_t order,
                                const char *output)
{
    const size_t objects = count_objects(command);
    const char **words = memory_allocate(command->count + 1, sizeof *words);
    size_t *places = memory_allocate(objects, sizeof *places), place = 0;
    uint32_t *permutation = memory_allocate(objects, sizeof *permutation);
    struct random_stream stream = random_open(seed, RANDOM_ROUNDS, order);
    random_permutation(&stream, permutation, objects);
    for (size_t i = 0; i < command->count; i++) {
        words[i] = i == command->output ? output : command->words[i];
        if (i != command->output && is_object(command->words[i]))
            places[place++] = i;
    }
    for (size_t i = 0; i < objects; i++)
        words[places[i]] = command->words[places[permutation[i]]];
    memory_free(places);
    memory_free(permutation);
    return words;
}

bool link_command_run(const struct link_command *command, uint64_t seed, uint64_t order,
                      const char *output, struct error *error)
{
    const char **words = link_command_words(command, seed, order, output);
    const struct process_command process = {.arguments = words, .folder = command->folder};
    struct race_sample sample;
    struct race_output said = {.objective = 0.0};
    char reason[RACE_REASON];
    const bool linked = whole_process_run(&process, LINK_SECONDS, &sample, &said, reason);
    race_output_clear(&said);
    memory_free(words);
    return linked || error_usage(error, "race: linking failed: %.1500s", reason);
}
