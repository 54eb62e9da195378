/* SPDX-License-Identifier: MIT
 *
 * The encoding of a model as JSON; see model_file.h.
 */
#ifndef DESCENT_STORE_MODEL_MODEL_ENCODING_H
#define DESCENT_STORE_MODEL_MODEL_ENCODING_H

#include "base/error.h"
#include "data/preparation/encoding.h"

#include <jansson.h>
#include <stddef.h>

json_t *encoding_to_json(const struct encoding *encoding); /* null for NULL */

/* Reads and checks an encoding that makes `features` features, called feature_names (NULL: they
 * have no names); `path` is what messages call the file. NULL on error; free with encoding_free().
 */
struct encoding *encoding_from_json(const char *path, const json_t *value, size_t features,
                                    char *const *feature_names, struct error *error);

#endif
