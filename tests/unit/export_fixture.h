/* SPDX-License-Identifier: MIT
 *
 * What tests of exports share: one in memory, and JSON read by jansson, which takes none that is
 * not strict.
 */
#ifndef DESCENT_TESTS_EXPORT_FIXTURE_H
#define DESCENT_TESTS_EXPORT_FIXTURE_H

#include "store/export/export.h"
#include "store_fixture.h"

#include <jansson.h>

/* Free with free(). */
static inline char *exported_with(struct store *store, const struct export_format *format,
                                  struct export_options options)
{
    struct error error = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_done(export_write(store, format, options, out, &error), &error);
    fclose(out);
    return text;
}

static inline char *exported(struct store *store, const struct export_format *format, bool traces)
{
    return exported_with(store, format, (struct export_options){.traces = traces});
}

static inline json_t *parsed(const char *text)
{
    json_error_t problem;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        fail_msg("line %d, column %d: %s", problem.line, problem.column, problem.text);
    return root;
}

#endif
