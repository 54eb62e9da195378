/* SPDX-License-Identifier: MIT
 *
 * The one list of hyper-parameters that configurations are made of.
 *
 * Every row of hyperparameters[] is a field of struct configuration. From this list alone come the
 * keys of sweep files, the command-line options and their help, the checks of type and range, the
 * columns of the store and of exports, and the identity of a configuration. Adding a
 * hyper-parameter is adding a field and a row.
 */
#ifndef DESCENT_SOLVERS_HYPERPARAMETER_H
#define DESCENT_SOLVERS_HYPERPARAMETER_H

#include "base/digest.h"
#include "data/dataset.h"
#include "solvers/configuration.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LARGEST_INTEGER 9007199254740992.0 /* 2^53: exact as a double, in JSON too */

enum hyperparameter_type { TYPE_REAL, TYPE_INTEGER, TYPE_CHOICE };

struct value {
    union {
        double real;
        int64_t integer;
        const struct entry *choice;
    };
};

struct hyperparameter {
    struct entry entry;  /* name as in sweep files, and help */
    const char *section; /* "stop", or NULL for the top level */
    enum hyperparameter_type type;
    size_t offset;               /* of the field in struct configuration */
    double minimum, maximum;     /* of a number */
    bool above_minimum;          /* the minimum itself is not allowed */
    const struct table *choices; /* of a choice */
    const char *fallback;        /* the default, as text */
    const char *keyword;         /* a word allowed in place of a number ("all", "never"), or NULL */
    double (*keyword_value)(void);
    double (*fallback_value)(void); /* the default, where it may be less than `fallback` says; or
                                       NULL */
    unsigned needs;                 /* USES_... */
    const char *was; /* what it was before there was such a row, or NULL: it always was. With this
                        value it is no part of a configuration's identity, which stays the same */
    bool own;        /* of models trained side by side, each may have its own */
    bool tunes;      /* it says how solvers that have it are to work; one that has not does what is
                        meant without it. Not so where it is part of the problem (lambda), or of
                        another solver (batch) or schedule (decay): then something else was meant */
};

extern const struct hyperparameter hyperparameters[];
extern const size_t hyperparameter_count;

/* The row of that name, or NULL. */
const struct hyperparameter *hyperparameter_find(const char *name);

/* Name of the column in the store and in exports: "rate", "stop_epochs". Returns `text`. */
char *hyperparameter_column(const struct hyperparameter *row, char *text, size_t size);

/* What may be given, for a message: "a number > 0", "one of none, once, epoch". Returns `text`. */
char *hyperparameter_allowed(const struct hyperparameter *row, char *text, size_t size);

/* Reads and checks a value. On failure writes why to `reason` (what it was, what is allowed, the
 * nearest name) and returns false. */
bool hyperparameter_parse(const struct hyperparameter *row, const char *text, struct value *value,
                          char *reason, size_t size);

/* The same for a number computed from a range or drawn at random; integers are rounded first. */
bool hyperparameter_from_real(const struct hyperparameter *row, double number, struct value *value,
                              char *reason, size_t size);

struct value hyperparameter_get(const struct hyperparameter *row,
                                const struct configuration *configuration);
void hyperparameter_set(const struct hyperparameter *row, struct configuration *configuration,
                        struct value value);

/* Is the value what the row's keyword stands for: no limit ("never"), or none of its own ("auto")?
 * Only of real numbers: the keyword of an integer is read as a number. */
bool hyperparameter_is_keyword(const struct hyperparameter *row, struct value value);

/* A value as text that hyperparameter_parse() reads back to the same bits. Returns `text`. */
enum { HYPERPARAMETER_TEXT = 64 };
char *hyperparameter_text(const struct hyperparameter *row, struct value value,
                          char text[static HYPERPARAMETER_TEXT]);

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

/* Of a row that does not: can it be passed over, without another thing being done than was meant?
 * Where a solver has no rate, all that is of schedules can. */
bool hyperparameter_can_be_ignored(const struct hyperparameter *row,
                                   const struct configuration *configuration);

/* The names of the solvers and schedules that use this row, for a message. Returns `text`. */
char *hyperparameter_users(const struct hyperparameter *row, char *text, size_t size);

/* Is the trial to stop by its gap? Then F* must be known. */
bool configuration_stops_by_gap(const struct configuration *configuration);

/* Is its learning rate still to be found? Then there is no number yet that could be computed with.
 */
bool configuration_rate_is_auto(const struct configuration *configuration);

/* All hyper-parameters at their defaults. */
struct configuration configuration_default(void);

/* Sets every row that does not apply back to its default, so that configurations which would do the
 * same are equal. */
void configuration_canonicalise(struct configuration *configuration);

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
