/* SPDX-License-Identifier: MIT
 *
 * The one list of hyper-parameters that configurations are made of.
 *
 * Every row of hyperparameters[] is a setting (base/setting.h), a field of struct configuration.
 * From this list alone come the keys of sweep files, the command-line options and their help, the
 * checks of type and range, the columns of the store and of exports, and the identity of a
 * configuration. Adding a hyper-parameter is adding a field and a row.
 */
#ifndef DESCENT_SOLVERS_HYPERPARAMETER_H
#define DESCENT_SOLVERS_HYPERPARAMETER_H

#include "base/digest.h"
#include "base/setting.h"
#include "data/dataset.h"
#include "data/preparation/folds.h"
#include "solvers/configuration.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In which order the values of an axis follow each other on a path (sweep/workload/paths.h). */
enum path_order { PATH_NONE, PATH_RISING, PATH_FALLING };

struct hyperparameter {
    SETTING_ROW;         /* of a field of struct configuration */
    const char *section; /* "stop", or NULL for the top level */
    unsigned needs;      /* USES_... */
    const char *was;  /* what it was before there was such a row, or NULL: it always was. With this
                         value it is no part of a configuration's identity, which stays the same */
    bool of_programs; /* a sweep file says it by `programs` (sweep/file/program.h): it is neither a
                         key by itself nor an option */
    bool own;         /* of models trained side by side, each may have its own */
    enum path_order path; /* PATH_NONE: its values have no order that training could follow */
    bool tunes; /* it says how solvers that have it are to work; one that has not does what is
                   meant without it. Not so where it is part of the problem (lambda), or of
                   another solver (batch) or schedule (decay): then something else was meant */
};

extern const struct hyperparameter hyperparameters[];
extern const size_t hyperparameter_count;

/* The row of that name, or NULL. */
const struct hyperparameter *hyperparameter_find(const char *name);

/* Does it say which rows are trained on (folds)? Objectives of two values are of two functions. */
bool hyperparameter_deals_rows(const struct hyperparameter *row);

/* Name of the column in the store and in exports: "rate", "stop_epochs". Returns `text`. */
enum { HYPERPARAMETER_TEXT = 64 };
char *hyperparameter_column(const struct hyperparameter *row, char *text, size_t size);

static inline struct value hyperparameter_get(const struct hyperparameter *row,
                                              const struct configuration *configuration)
{
    return setting_get(&row->setting, configuration);
}

static inline void hyperparameter_set(const struct hyperparameter *row,
                                      struct configuration *configuration, struct value value)
{
    setting_set(&row->setting, configuration, value);
}

/* A real number as stores keep it, and back. Where what a keyword stands for lies below every
 * number (a limit of `never`, a rate of `auto`), a store has 0 for it, which it always had, and for
 * a limit of 0 the smallest number above it. */
double hyperparameter_stored(const struct hyperparameter *row, double number);
double hyperparameter_restored(const struct hyperparameter *row, double stored);

bool hyperparameter_equal(const struct hyperparameter *row, const struct configuration *a,
                          const struct configuration *b);

/* Does the row matter to this configuration's solver and schedule? */
bool hyperparameter_applies(const struct hyperparameter *row,
                            const struct configuration *configuration);

/* For a row that does not apply: can it be ignored without doing something other than what was
 * meant? Where a solver has no rate, all that is of schedules can. */
bool hyperparameter_can_be_ignored(const struct hyperparameter *row,
                                   const struct configuration *configuration);

/* The names of the solvers and schedules that use this row, for a message. Returns `text`. */
char *hyperparameter_users(const struct hyperparameter *row, char *text, size_t size);

/* Is the trial to stop by its gap? Then F* must be known. */
bool configuration_stops_by_gap(const struct configuration *configuration);

/* Is its learning rate still to be found? Then there is no number yet that could be computed with.
 */
bool configuration_rate_is_auto(const struct configuration *configuration);
/* Can a trial of it use threads for one model, and how many are those? One where it cannot. */
bool configuration_is_threaded(const struct configuration *configuration);
int64_t configuration_threads(const struct configuration *configuration);

/* All hyper-parameters at their defaults. */
struct configuration configuration_default(void);

/* Sets every row that does not apply back to its default, so that configurations which would do the
 * same are equal. */
void configuration_canonicalise(struct configuration *configuration);

/* The fold that it is trained without; `fold` must be above 0. */
struct fold configuration_fold(const struct configuration *configuration);

/* The repeat, from 0, that deals the rows of its fold. */
int64_t configuration_repeat(const struct configuration *configuration);

/* Are both trained on the same rows of a data set? */
bool configuration_same_rows(const struct configuration *a, const struct configuration *b);

/* The digest of the rows that it is trained on, of a data set with that digest: without a fold they
 * are others, and F* is of them. */
void configuration_data_digest(const struct configuration *configuration, const char *data_digest,
                               char digest[static DIGEST_TEXT]);

/* Sets every row that each of several models may have for itself back to its default: what is left
 * is what models trained side by side share. */
void configuration_share(struct configuration *configuration);

/* The identity of a canonical configuration on a data set with that digest. */
void configuration_key(const struct configuration *configuration, const char *data_digest,
                       char key[static DIGEST_TEXT]);

/* The same for tables in memory, in a tenth of the time: of values and not of their texts, so that
 * a store cannot hold it. `beside`: what else is to be alike. */
void configuration_fingerprint(const struct configuration *configuration, const char *beside,
                               char key[static DIGEST_TEXT]);

/* "solver=sgd rate=0.1 ..." with what applies and differs from its default; the solver always.
 * Returns `text`. */
char *configuration_describe(const struct configuration *configuration, char *text, size_t size);

/* What the rows cannot check alone: a batch larger than the data, workers that these cannot be
 * shared out among, a kernel that does not do what the solver needs or does not take such data. The
 * row at fault, with why in `reason`; NULL if there is none. */
const struct hyperparameter *configuration_fault(const struct configuration *configuration,
                                                 const struct dataset *data, char *reason,
                                                 size_t size);

#endif
