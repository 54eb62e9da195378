/* SPDX-License-Identifier: MIT
 *
 * Errors: one message that says what is wrong, where, and what to do.
 *
 * A function that can fail for a reason the user can mend returns false and fills in a
 * `struct error`; the caller passes it up, and main() prints it, once. Programming errors are
 * assertions; running out of memory ends the program (memory.h).
 *
 *     if (rows == 0)
 *         return error_usage(error, "%s: the file is empty", path);
 */
#ifndef DESCENT_BASE_ERROR_H
#define DESCENT_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* The kind is the program's exit code. */
enum error_kind {
    ERROR_NONE = 0,
    ERROR_FAILED = 1,        /* a run that failed: disk full, a file that cannot be written */
    ERROR_USAGE = 2,         /* input that cannot be used: an option, a sweep file, a data file */
    ERROR_INTERRUPTED = 130, /* ended by the user; what shells report for Ctrl-C */
};

enum { ERROR_MESSAGE = 2048 };

struct error {
    enum error_kind kind;
    char message[ERROR_MESSAGE]; /* one that is longer ends in "..." */
};

/* A position in a text file, counted from 1; column 0: the whole line, line 0: the whole file. */
struct place {
    const char *file;
    size_t line;
    size_t column;
};

/* Each returns false, so that `return error_usage(...)` reads as what it is. */
bool error_usage(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool error_failed(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds to the message what another program said, in as many lines. */
void error_append(struct error *error, const char *words);

/* Input that is wrong at a place (ERROR_USAGE): "file:line:column: message". When `source` (the
 * text of that line, ended by a line break or NUL) is given, it follows with a caret below it. */
bool error_at(struct error *error, struct place place, const char *source, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
