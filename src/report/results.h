/* SPDX-License-Identifier: MIT
 *
 * Results: what a store holds of the sweep as its file says now, grouped the way reports speak of
 * it. An outcome is a configuration with its repeats; a section holds the outcomes that may be
 * ranked against each other, those that minimise the same function: one data set and one lambda.
 */
#ifndef DESCENT_REPORT_RESULTS_H
#define DESCENT_REPORT_RESULTS_H

#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/* A configuration of the plan and its trials. Medians are over the repeats that are recorded. */
struct outcome {
    const struct stored_trial *trials; /* by repeat; with count == 0 only data and values are set */
    size_t count;                      /* trials recorded */
    const struct stored_trial *finals; /* by round; those of the last finals */
    size_t final_count;
    size_t diverged, failed, needless; /* of them */
    size_t solo;      /* of them, timed alone on the machine that times are of (hosts.h) */
    size_t quiet;     /* of the solo trials, those that nothing disturbed */
    size_t elsewhere; /* of them, timed alone on another host */
    size_t in_parts;  /* of them, alone, but continued from a checkpoint */
    size_t led;       /* of them, that began with the solution of another (path) */
    size_t section;   /* index in results.sections */
    bool sound; /* count > 0, none diverged, failed or was needless, and the final objective is
                   finite */
    double objective, loss, accuracy, epochs; /* final; medians, because trials that end by time
                                                 differ */
    double gap;              /* of the objective to F*; NaN: F* is not known, or there is none */
    double heldout_accuracy; /* NaN: no rows are held out */
    double seconds;          /* median training time of the quiet trials; of the solo trials where
                              * none of them is quiet; or NaN */
    double range;            /* slowest minus fastest of these as a share of it; NaN below two */
};

struct section {
    const char *data; /* description of the data set */
    int64_t rows, features;
    struct optimum optimum; /* as the store has it; OPTIMUM_UNKNOWN without a reason: it has none */
    bool regularised; /* lambda is one of the things that differ between sections, and applies */
    int64_t fold;     /* that is held out of the data set; 0: none is */
    double lambda;    /* of its solvers with an L2 term, all the same; NaN: it has none of them */
};

/* A lambda drawn at random makes as many sections as draws; a report shows the first of them. */
enum { SECTIONS_SHOWN = 24 };

struct results {
    struct stored_sweep sweep;
    struct stored_trials list;
    size_t count;
    struct outcome *outcomes; /* (count), in the order of the plan */
    size_t section_count;
    struct section *sections; /* (section_count), in the order of the plan */
    size_t planned;           /* trials: configurations times repeats */
    size_t done;              /* of them, recorded */
    size_t left_out;          /* trials recorded that the sweep file no longer asks for */
    size_t machines;          /* machines or builds that recorded the trials done, or finals */
    int64_t *machine;         /* (machines) their numbers, in the order of the plan */
    char **records;           /* (machines) what is recorded of each (machine_record.h) */
    size_t timed, elsewhere;  /* trials timed alone; of them, those whose time is left out because
                                 more of their section ran on another host */
    size_t in_parts;          /* trials alone that have no time, as they were continued */
    bool lambda_varies;
    bool busy;     /* disturbed trials count as others do: the question is of a busy machine */
    size_t zoomed; /* outcomes of later grids than the first */
};

/* Reads all but the traces. Clear with results_clear() in any case. */
bool results_read(struct store *store, struct results *results, struct error *error);
void results_clear(struct results *results);

/* The section with the most entries, rows times features; the first of equals. There is one. */
size_t results_largest_section(const struct results *results);

/* How many sections a report shows. */
size_t results_sections_shown(const struct results *results);

/* Values of an outcome, recorded or not. */
const struct configuration *outcome_values(const struct outcome *outcome);

#endif
