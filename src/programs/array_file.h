/* SPDX-License-Identifier: MIT
 *
 * An array that a message names by the path of its file. The message says how many numbers it is to
 * have; the file is asked first, so that nothing is made for numbers that are not there.
 */
#ifndef DESCENT_PROGRAMS_ARRAY_FILE_H
#define DESCENT_PROGRAMS_ARRAY_FILE_H

#include "data/formats/npy/npy_array.h"
#include "data/input.h"

struct array_file {
    struct input input;
    struct npy_array array; /* its numbers: npy_array_value(&file.array, i) */
};

/* Opens a .npy file of exactly `count` numbers. False, with an error (ERROR_USAGE), where it is
 * none, or is no regular file: a pipe would be waited for, and what is compressed be unpacked,
 * whatever it comes to. */
bool array_file_open(struct array_file *file, const char *path, size_t count, struct error *error);
void array_file_close(struct array_file *file);

#endif
