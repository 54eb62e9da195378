/* SPDX-License-Identifier: MIT
 *
 * Real data beside the project, and what was computed of them apart from this program. Tests that
 * need them are skipped where they are not.
 */
#ifndef DESCENT_TESTS_REAL_DATA_H
#define DESCENT_TESTS_REAL_DATA_H

#include "data/preparation/scaling.h"
#include "data/sources/source_load.h"
#include "fixture.h"

#include <jansson.h>

/* scale: a row of scale_table, or NULL. */
static inline struct dataset *real_data(const char *name, const char *scale)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", SHARED_DATA, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        print_message("skipped: no ../shared/data\n");
        skip();
    } else {
        fclose(file);
    }
    struct source source;
    struct error error = {.kind = ERROR_NONE};
    struct dataset *data = NULL;
    bool parsed = source_parse(&source, path, &error);
    source.scale = scale != NULL ? table_find(&scale_table, scale) : NULL;
    if (parsed)
        data = source_load(&source, true, 2, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    source_clear(&source);
    return data;
}

static inline json_t *real_reference(void)
{
    json_t *reference = json_load_file(SHARED_DATA "/reference.json", 0, NULL);
    assert_non_null(reference);
    return reference;
}

/* What is known of a file in a variant, "raw" or "scaled"; where both are the same, of "raw". */
static inline const json_t *real_variant(const json_t *reference, const char *name,
                                         const char *variant)
{
    const json_t *variants = json_object_get(json_object_get(reference, name), "variants");
    const json_t *found = json_object_get(variants, variant);
    return json_is_object(found) ? found : json_object_get(variants, "raw");
}

static inline double real_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

#endif
