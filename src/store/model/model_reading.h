/* SPDX-License-Identifier: MIT
 *
 * How the data of a model were read and prepared, as JSON; see model_file.h.
 */
#ifndef DESCENT_STORE_MODEL_MODEL_READING_H
#define DESCENT_STORE_MODEL_MODEL_READING_H

#include "base/error.h"
#include "data/dataset.h"
#include "data/sources/attributes.h"

#include <jansson.h>

/* `source` says what was asked for, and `data` what was found. */
json_t *reading_to_json(const struct source *source, const struct dataset *data);

/* Reads and checks what a model keeps; the column of the label is that of a file with any number of
 * columns, which may not be the next one's. `path` is what messages call the file.
 * `attributes` (source_attribute_count) becomes the texts that were given for them, or NULL. Both
 * are freed by the caller, texts with memory_free(), also on failure. */
bool reading_from_json(const char *path, const json_t *value, struct columns_found *found,
                       char **attributes, struct error *error);

#endif
