/* SPDX-License-Identifier: MIT
 *
 * A trial: one configuration trained once, and everything that is kept of it.
 */
#ifndef DESCENT_SOLVERS_TRIAL_H
#define DESCENT_SOLVERS_TRIAL_H

#include "base/digest.h"
#include "kernels/phases/phase_totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a trial ended. Positive: it stopped well; negative: it did not; each with its rule. */
enum trial_status {
    STATUS_RUNNING = 0,
    STATUS_EPOCHS = 1,        /* epoch == epochs */
    STATUS_GRADIENT_NORM = 2, /* ||gradient|| <= gradient_norm */
    STATUS_LOSS = 3,          /* objective <= loss */
    STATUS_GAP = 4,           /* objective - F* <= gap */
    STATUS_OWN_RULE = 5,      /* another program trained, until it thought it well */
    STATUS_DIVERGED = -1,     /* objective not finite, or > divergence * max(objective_0, 1) */
    STATUS_TIME_LIMIT = -2,   /* training took >= seconds */
    STATUS_FAILED = -3,       /* an error; the trial's message says which */
    STATUS_INTERRUPTED = -4,  /* stopped by the user; never recorded */
    STATUS_PAUSED = -5,       /* to go on from its snapshot; never recorded */
    STATUS_WAITING = -6,      /* at a rung, until it is known which go on (sweep/run/halving.h) */
    STATUS_CUT = -7,          /* at a rung: others were better, and it did not go on */
    STATUS_NEEDLESS = -8,     /* not run: a looser rung of its ladder says what it would tell */
};

/* "epochs", "gradient-norm", "loss", "gap", "own-rule", "diverged", "time-limit", "failed",
 * "interrupted", "paused", "waiting", "cut", "needless", "running"
 */
const char *trial_status_name(enum trial_status status);

/* What the trial did, "reached the epoch limit", to follow a number of trials. */
const char *trial_status_words(enum trial_status status);

/* The i-th of all statuses, in the order in which reports count them: ends that are well first. */
extern const size_t trial_status_count;
enum trial_status trial_status_at(size_t i);

/* The name's status; STATUS_RUNNING when there is none of that name. */
enum trial_status trial_status_find(const char *name);

/* Is it the status of a trial that is recorded: at its end or, for now, at a rung? */
static inline bool trial_status_is_end(enum trial_status status)
{
    return status != STATUS_RUNNING && status != STATUS_INTERRUPTED && status != STATUS_PAUSED;
}

struct trace_point {
    int64_t epoch;                         /* epochs done; 0: before training */
    double seconds;                        /* on the training clock */
    double loss;                           /* mean cross-entropy */
    double objective;                      /* loss + lambda/2 ||w||^2 */
    double gradient_norm;                  /* of the objective, weights and bias */
    double accuracy;                       /* share of rows with (z > 0) == y */
    double heldout_loss, heldout_accuracy; /* on the rows held out; NaN: there are none, or it is
                                            * the point before an arrival */
    bool between; /* not named by `record`: there since a target was met, and F* says which are met.
                   * Known of a trial that has just ended, and not stored */
};

/* The gaps F - F* that trials are compared at, descending: when each was met stands in the trace,
 * as far as looking costs nothing (solver.h). */
enum { GAP_TARGETS = 6 };
extern const double gap_targets[GAP_TARGETS];

/* The real numbers of a point, in the order in which they are stored and exported. */
#define TRACE_VALUES(X)                                                                            \
    X(seconds)                                                                                     \
    X(loss) X(objective) X(gradient_norm) X(accuracy) X(heldout_loss) X(heldout_accuracy)

enum {
#define COUNT(name_) +1
    TRACE_VALUE_COUNT = 0 TRACE_VALUES(COUNT)
#undef COUNT
};
extern const char *const trace_value_names[TRACE_VALUE_COUNT];

/* The i-th of them, to be read or set. */
double *trace_value(struct trace_point *point, size_t i);
double trace_value_of(const struct trace_point *point, size_t i);

struct trace {
    size_t count, capacity;
    struct trace_point *points; /* (count), ascending epochs */
};

/* The numbers that training itself measures and that are recorded as they are: fields here and of
 * struct stored_trial (store/store.h), each with a row in store/trial_columns.c. Three of them are
 * clocks, and only the first of those is the trial's time. */
#define TRIAL_VALUES(X)                                                                            \
    X(rate)             /* learning rate at the start: what `auto` came to */                      \
    X(train_seconds)    /* stepping: of the whole group, while this model was in it */             \
    X(evaluate_seconds) /* loss, gradient norm and accuracy for the trace */                       \
    X(record_seconds)   /* handing points to observers and storing them */                         \
    X(heldout_auc)      /* on the rows of the fold held out; NaN: there is none */                 \
    X(own_seconds)      /* of another program, by its own clock; NaN: it did not say */            \
    X(own_iterations)   /* likewise, of whatever kind its iterations are */                        \
    X(load_seconds)     /* until it had the data, if it read them for this trial; else NaN */      \
    X(peak_bytes)       /* of memory, of another process, while it trained; NaN: not known */      \
    X(threads_used)     /* likewise, threads that ran (programs/process_watch.h) */

/* What a trial began with that began with the solution of another: "lambda=0.1". */
enum { START_TEXT = 64 };

struct trial {
    enum trial_status status;
    int64_t epochs; /* done */
    struct trace trace;
    size_t features;
    double *w; /* (d) final weights */
    double b;  /* final bias */
#define FIELD(name_) double name_;
    TRIAL_VALUES(FIELD)
#undef FIELD
    size_t group;           /* models in its group; 1: alone */
    int64_t shared;         /* number of the group whose clock it shares; 0: none */
    int64_t continued;      /* how often it went on from a checkpoint */
    char start[START_TEXT]; /* whose solution it began with; "": of none */
    double optimum;         /* F* of its data and lambda; NaN: not known, or there is none */
    const char *kernel;     /* that ran: of the steps, where a solver has two (kernel_beside) */
    const char *variant;    /* of that kernel (kernels/variants.h); NULL: it has none */
    struct phase_totals *phases; /* where its time went; NULL: that was not asked for */
    char digest[DIGEST_TEXT];    /* of trace (without seconds, and what is between) and final
                                    weights: equal bits */
    char message[256];           /* why it failed, or "" */
};

void trace_append(struct trace *trace, struct trace_point point);

/* The last point; the trace must not be empty (entry 0 always exists after training). */
const struct trace_point *trial_last(const struct trial *trial);

/* Computes trial->digest from the rest. */
void trial_seal(struct trial *trial);

/* Frees what the trial owns and zeroes it. */
void trial_clear(struct trial *trial);

#endif
