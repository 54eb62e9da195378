/* SPDX-License-Identifier: MIT
 *
 * Programs of a sweep file: other programs that train (docs/protocol.md), each with the name that
 * the file gives it.
 *
 *     programs:
 *       sklearn: {command: [python3, sklearn_program.py], parameters: {algorithm: lbfgs}}
 *     runs:
 *       - {program: sklearn, tolerance: [1e-1, 1e-2, 1e-3], lambda: 0.01}
 *
 * A run of a program is a run of the solver `program`. What it gives of the program's own
 * parameters is one axis of words, of which each has all of them: "algorithm=lbfgs tolerance=0.1".
 * So a configuration that a program trains is one like any other. Whether the program has such
 * parameters, it says itself (sweep/programs/greeting.h).
 */
#ifndef DESCENT_SWEEP_FILE_PROGRAM_H
#define DESCENT_SWEEP_FILE_PROGRAM_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Values of one of a program's own parameters, as written, but that numbers are in the shortest way
 * of writing them. */
struct program_axis {
    char *name;
    struct place place; /* of the name's value; those of the values: */
    size_t count;
    char **values;        /* (count) */
    struct place *places; /* (count) */
};

void program_axis_clear(struct program_axis *axis);

struct program {
    char *name;
    size_t argument_count;
    char **command;     /* (argument_count), and NULL; it is started in the folder of the file */
    char **environment; /* "NAME=VALUE" and NULL, beside ours; NULL: ours */
    char *written;      /* the command as a shell would be given it: part of its identity */
    size_t parameter_count;
    struct program_axis *parameters; /* (parameter_count) of one value each, for all its runs */
    struct place place;
};

void program_clear(struct program *program);

/* The word (programs/parameter_word.h) of these axes, where `values[i]` says which value of axis i.
 * To be freed with memory_free(). */
char *program_word(const struct program_axis *axes, size_t count, const size_t *values);

#endif
