/* SPDX-License-Identifier: MIT
 *
 * cmocka, with the headers that it needs before it, and what a test leaves behind taken away.
 */
#ifndef DESCENT_TESTS_TESTING_H
#define DESCENT_TESTS_TESTING_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>

/* Whole numbers from `least` to `most`. cmocka 2 deprecates assert_in_range() in favour of names
 * that cmocka 1 does not have. */
#define assert_between(value, least, most)                                                         \
    testing_between((int64_t)(value), (int64_t)(least), (int64_t)(most), __FILE__, __LINE__)

static inline void testing_between(int64_t value, int64_t least, int64_t most, const char *file,
                                   int line)
{
    if (value >= least && value <= most)
        return;
    print_error("%" PRId64 " is not from %" PRId64 " to %" PRId64 "\n", value, least, most);
    _fail(file, line);
}

static inline int testing_remove_entry(const char *path, const struct stat *facts, int type,
                                       struct FTW *where)
{
    (void)facts, (void)type, (void)where;
    return remove(path);
}

/* Removes a folder with all that is in it. */
static inline void testing_remove_folder(const char *path)
{
    nftw(path, testing_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
