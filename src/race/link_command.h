/* SPDX-License-Identifier: MIT
 *
 * The command that links a program, to be run again with its objects in other orders. Where
 * functions lie in a file moves times by some per cent, and every change of the source moves them:
 * a race between files of one order each tells such a difference as if it were of the source. Over
 * many orders it is noise like any other.
 */
#ifndef DESCENT_RACE_LINK_COMMAND_H
#define DESCENT_RACE_LINK_COMMAND_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link_command {
    char *folder; /* that its paths are taken from: that of its file */
    size_t count;
    char **words;  /* (count), and NULL */
    size_t output; /* of the words: the file that it makes */
};

/* Reads the last line of a file: words as in a shell, with quotes, but nothing is expanded. Ninja's
 * `: && ... && :` around them is left out. False, with an error, where it has no -o FILE or fewer
 * than two objects (words that end in .o). Clear in any case. */
bool link_command_read(const char *path, struct link_command *command, struct error *error);
void link_command_clear(struct link_command *command);

/* Links into `output`, an absolute path, with the objects in the order of that number. */
bool link_command_run(const struct link_command *command, uint64_t seed, uint64_t order,
                      const char *output, struct error *error);

/* The words with the objects in that order and the output in its place; they belong to the command.
 * Free with memory_free(). */
const char **link_command_words(const struct link_command *command, uint64_t seed, uint64_t order,
                                const char *output);

#endif
