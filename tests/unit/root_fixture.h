/* SPDX-License-Identifier: MIT
 *
 * A folder that stands for the root of a system: tests write files of /proc and /sys below it.
 */
#ifndef DESCENT_TESTS_ROOT_FIXTURE_H
#define DESCENT_TESTS_ROOT_FIXTURE_H

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char root[64];

static inline int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "root_fixture.XXXXXX");
    return mkdtemp(root) != NULL ? 0 : -1;
}

static inline int remove_root(void **state)
{
    (void)state;
    testing_remove_folder(root);
    return 0;
}

/* Writes a file below the root, and the folders on the way to it. */
static inline void make_file(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s%s", root, name);
    for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#endif
