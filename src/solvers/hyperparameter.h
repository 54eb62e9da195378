/* SPDX-License-Identifier: MIT
 *
 * Configurations, and the one list of hyper-parameters they are made of.
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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The order in which samples are visited: no order at all, one drawn once, one drawn every epoch.
 */
extern const struct table shuffle_table;
extern const struct entry shuffle_none, shuffle_once, shuffle_epoch;

/* Which epochs are recorded: all, or 0 1 2 3 4 6 9 13 ... (each about 1.5 times the last). */
extern const struct table record_table;
extern const struct entry record_every, record_geometric;

/* One choice of a solver and all its hyper-parameters. */
struct configuration {
    const struct entry *solver;   /* a row of solver_table */
    const struct entry *kernel;   /* a row of kernel_choice_table */
    double rate;                  /* learning rate, eta0; 0: `auto` */
    const struct entry *schedule; /* a row of schedule_table */
    double decay;                /* of inverse, inverse-sqrt and exponential schedules, per epoch */
    int64_t period;              /* of the step schedule, epochs */
    double factor;               /* of the step schedule, by period */
    double floor;                /* of the cosine schedule: last rate as a share of the first */
    int64_t batch;               /* samples per mini-batch */
    double momentum;             /* share of the last step that the next one keeps; beta1 of Adam */
    double beta2;                /* of Adam: the same for squares of gradients */
    int64_t memory;              /* steps that L-BFGS remembers */
    int64_t workers;             /* of local SGD: parts of the rows */
    int64_t average_every;       /* of local SGD: samples of a worker */
    const struct entry *shuffle; /* a row of shuffle_table */
    double lambda;               /* L2 regularisation of the weights, not of the bias */
    int64_t seed;                /* of initial weights and sample order */
    int64_t threads;
    int64_t ranks;        /* processes that its rows are distributed over */
    int64_t epochs;       /* stop after so many */
    double seconds;       /* stop when training has taken so long; infinite: never */
    double gradient_norm; /* stop when ||gradient|| <= this; -INFINITY: never */
    double loss;          /* stop when the objective <= this; -INFINITY: never */
    double gap;           /* stop when the objective - F* <= this; -INFINITY: never */
    double divergence;    /* diverged when the objective > this times max(its start, 1) */
    const struct entry *record;
};

/* What a solver or a schedule makes use of. A hyper-parameter that needs what neither uses does not
 * apply to the configuration: it keeps its default and does not multiply runs. */
enum {
    USES_RATE = 1,
    USES_ORDER = 2,
    USES_BATCH = 4,
    USES_LAMBDA = 8,
    USES_THREADS = 16,
    USES_DECAY = 32,
    USES_STEPS = 64,
    USES_FLOOR = 128,
    USES_MOMENTUM = 256,
    USES_BETA2 = 512,
    USES_MEMORY = 1024,
    USES_WORKERS = 2048,
    USES_OPTIMUM = 4096, /* it minimises the objective: there is a gap to close */
    USES_RANKS = 8192,   /* rows may be distributed over processes */
};

struct hyperparameter {
    SETTING_ROW;         /* of a field of struct configuration */
    const char *section; /* "stop", or NULL for the top level */
    unsigned needs;      /* USES_... */
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

/* A real number as stores keep it, and back. Where a limit of `never` lies below every number, a
 * store has 0 for it, which it always had, and for a limit of 0 the smallest number above it. */
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

/* Can a trial of it use threads for one model, and how many are those? One where it cannot. */
bool configuration_is_threaded(const struct configuration *configuration);
int64_t configuration_threads(const struct configuration *configuration);

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
