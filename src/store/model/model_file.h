/* SPDX-License-Identifier: MIT
 *
 * A trained neuron as a file: what `descent train --save` writes and `descent predict` reads.
 *
 *     {"format": "descent model", "version": 4, "features": 2, "weights": [1.5, -2], "bias": 0.25,
 *      "feature_names": ["height", "weight"] or null, "classes": ["cat", "dog"],
 *      "encoding": {"categories": "onehot", "buckets": 0, "missing": "median", "columns": [
 *          {"name": "age", "fill": 28.5, "marked": false},
 *          {"name": "sex", "levels": ["f", "m"], "rare": [], "fill": "m", "marked": false}]} or
 * null, "scaling": {"method": "standard", "offset": [...], "factor": [...]} or null,
 *      "configuration": {...}, "data": {"name": "pets.csv", "digest": "..."},
 *      "reading": {"attributes": {"label": "kind", "split": "0.2"}, "delimiter": "," or null,
 *                  "header": true, "decimal_comma": false, "label": {"column": 3, "name": "kind" or
 * null} or null},
 *      "cross_validation": {"folds": 10, "repeats": 1, "heldout_loss": {"mean": 0.3,
 *                           "standard_error": 0.01}, ...} or null}
 *
 * The weights are those of scaled features, x' = (x - offset) / factor; an offset or factor that
 * the method does not have is null. Features are what columns are encoded as; without an encoding
 * they are the columns. "reading" is what was said of the data (the attributes of
 * data/sources/attributes.h) and what was found in them. Version 1 knew no scaling, version 2 no
 * reading, version 3 no encoding. "cross_validation" is for people: nothing that predicts looks at
 * it, and files without it are whole.
 */
#ifndef DESCENT_STORE_MODEL_MODEL_FILE_H
#define DESCENT_STORE_MODEL_MODEL_FILE_H

#include "base/error.h"
#include "base/system/output.h"
#include "data/dataset.h"
#include "data/preparation/scaling.h"
#include "data/sources/attributes.h"
#include "measure/statistics/fold_mean.h"
#include "solvers/hyperparameter.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { MODEL_FILE_VERSION = 4 }; /* files of a newer version are refused */

struct model_file {
    size_t features;
    double *w; /* (d) */
    double b;
    char **feature_names;      /* (d), or NULL: they had none */
    char *class_names[2];      /* what 0 and 1 are called */
    struct encoding *encoding; /* of columns as features, or NULL: each is one */
    struct scaling *scaling;   /* of the rows that w and b are for, or NULL: as they are */
    char *data_name;           /* what the data trained on were called; "": not known */
    char **attributes; /* (source_attribute_count) what was said of them, as text; NULL: nothing */
    struct columns_found found; /* how their columns were told apart */
};

/* How its configuration did in a cross-validation, before it was trained on all rows. */
struct model_report {
    size_t folds, repeats; /* 0: there was none */
    struct fold_means means;
};

/* Writes the weights `w` (d) and bias `b` that were trained on `data`, read from `source`, and
 * closes the file in any case. Weights that are not finite are an error: such a model predicts
 * nothing. `report`: NULL, there is none. */
bool model_file_write(struct output *output, const struct source *source,
                      const struct dataset *data, const struct configuration *configuration,
                      const struct model_report *report, const double *w, double b,
                      struct error *error);

/* null where there is none. */
json_t *model_report_to_json(const struct model_report *report);

/* Reads and checks. NULL on error. */
struct model_file *model_file_read(const char *path, struct error *error);
void model_file_free(struct model_file *model); /* NULL is allowed */

#endif
