/* SPDX-License-Identifier: MIT
 *
 * The scaling of a model as JSON; see model_file.h.
 */
#ifndef DESCENT_STORE_MODEL_MODEL_SCALING_H
#define DESCENT_STORE_MODEL_MODEL_SCALING_H

#include "base/error.h"
#include "data/preparation/scaling.h"

#include <jansson.h>
#include <stddef.h>

json_t *scaling_to_json(const struct scaling *scaling); /* null for NULL */

/* Reads and checks a scaling of `features` features; `path` is what messages call the file. NULL on
 * error; free with scaling_free(). */
struct scaling *scaling_from_json(const char *path, const json_t *value, size_t features,
                                  struct error *error);

#endif
