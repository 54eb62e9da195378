/* SPDX-License-Identifier: MIT
 *
 * A trained neuron as a file: what `descent train --save` writes and `descent predict` reads. JSON,
 * so that any language can use it:
 *
 *     {"format": "descent model", "version": 1, "features": 2, "weights": [...], "bias": ...,
 *      "feature_names": ["x1", ...] or null, "classes": ["cat", "dog"],
 *      "configuration": {...}, "data": {"name": "pets.csv", "digest": "..."}}
 */
#ifndef DESCENT_STORE_MODEL_FILE_H
#define DESCENT_STORE_MODEL_FILE_H

#include "base/error.h"
#include "data/dataset.h"
#include "solvers/hyperparameter.h"

#include <stdbool.h>
#include <stddef.h>

struct model_file {
    size_t features; /* d */
    double *weights; /* (d) */
    double bias;
    char *classes[2]; /* what 0 and 1 are called in the data it was trained on */
};

/* Writes a model with weights w (d) and bias b, trained on `data`; replaces a file of that name,
 * and leaves the old one when something fails. Weights that are not finite are refused. */
bool model_file_write(const char *path, const struct dataset *data,
                      const struct configuration *configuration, const double *w, double b,
                      struct error *error);

/* NULL, with an error, when there is no such file or it is no model. */
struct model_file *model_file_read(const char *path, struct error *error);
void model_file_free(struct model_file *model); /* NULL is allowed */

#endif
