/* SPDX-License-Identifier: MIT
 *
 * Who races: A, its copy and B, each a list of words, never a line for a shell. A program that is
 * given by its path is run from a copy of its own below one private folder, at a path as long as
 * the others': so A's copy differs from A by what B, too, differs by (where a file lies on the disk
 * and in memory), and the stack of each begins at the same place. One that is looked for in PATH is
 * run where it is.
 */
#ifndef DESCENT_RACE_RACERS_H
#define DESCENT_RACE_RACERS_H

#include "base/digest.h"
#include "base/error.h"
#include "race/link_command.h"
#include "race/race.h"

#include <stdbool.h>
#include <stddef.h>

/* A side as it was given. */
struct side_words {
    size_t count;
    const char *const *words; /* (count) */
};

struct racer {
    char *label;              /* the words, as a shell would be given them */
    const char **arguments;   /* to start it with, and NULL; one more is room for another */
    size_t count;             /* of them */
    size_t given;             /* of those, on the command line */
    char *path;               /* of the program's file, absolute and without links */
    char *copy;               /* that is run in its place; NULL: it is run itself */
    size_t orders;            /* of links that there are files of, beside the copy */
    char digest[DIGEST_TEXT]; /* of the file */
    char *version;            /* that it says it is; NULL: it is not asked */
};

struct racers {
    char *folder; /* of the copies; NULL: there are none */
    size_t count; /* sides */
    struct racer list[RACE_SIDES];
};

/* `b` may be NULL. `in_place`: nothing is copied. False, with an error, where a program is not
 * there, or cannot be copied. Close in any case. */
bool racers_open(struct racers *racers, const struct side_words *a, const struct side_words *b,
                 bool in_place, struct error *error);
void racers_close(struct racers *racers);

/* Links each side in so many orders, by A's command and by B's, for racers_relink(). Not for
 * programs that are run in place. False, with an error. */
bool racers_link(struct racers *racers, const struct link_command *a, const struct link_command *b,
                 size_t orders, uint64_t seed, struct error *error);

/* From now on the copies are those of that order, below `orders`. */
bool racers_relink(const struct racers *racers, size_t order, char reason[static RACE_REASON]);

/* The absolute path, without links, of the file that such a command runs, looked for in PATH where
 * the word has no slash; NULL, with an error. Free with memory_free(). */
char *racer_find(const char *word, struct error *error);

/* The digest of a file's bytes; false, with an error, where it cannot be read. */
bool racer_digest(const char *path, char digest[static DIGEST_TEXT], struct error *error);

#endif
