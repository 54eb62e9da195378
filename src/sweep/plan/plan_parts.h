/* SPDX-License-Identifier: MIT
 *
 * The parts of the plan: plan.c (what there is to do), plan_time.c (how long it takes),
 * plan_shards.c (how long the shards of it take), plan_rungs.c (where configurations are cut),
 * plan_zoom.c (grids around the best),
 * plan_finals.c (what is timed again at the end) and plan_rates.c (which learning rates are too
 * large).
 */
#ifndef DESCENT_SWEEP_PLAN_PLAN_PARTS_H
#define DESCENT_SWEEP_PLAN_PLAN_PARTS_H

#include "sweep/workload/workload.h"

#include <stdbool.h>
#include <stdio.h>

/* What is known of one class of trials. */
struct class_plan {
    size_t configurations, trials, done;
    size_t recorded;         /* trials in the store that tell how long one takes, */
    double recorded_seconds; /* and the sum of their clocks */
    double seconds;          /* expected for what is to do; NaN: unknown */
};

struct plan {
    const struct workload *workload;
    size_t *remaining;          /* (workload->expansion.count): repeats to do */
    double *seconds;            /* (likewise) expected for one of them; NaN: unknown */
    struct class_plan *classes; /* (workload_class_count) */
    double whole_seconds; /* of `method: halving`: expected if nothing were cut; NaN: unknown */
    size_t finals;        /* recorded trials of finals */
    struct placement_record placement; /* recorded for this machine; of 0 models: none is */
    bool zoom;                         /* grids around the best are still to be decided */
    const char *told;                  /* of those that are; "": nothing */
    bool trained; /* times come from training a few epochs, not only from the store */
};

/* The arrays of a plan, zeroed. */
void plan_open(struct plan *plan, const struct workload *workload);
void plan_close(struct plan *plan);

/* Fills in the expected seconds of every configuration that has something to do, and of every
 * class: from recorded trials of the class where there are any, otherwise from training a few
 * epochs, for about two seconds in all. Where a group is more than one, a trial's are its share. */
void plan_estimate(struct plan *plan);

/* The rungs of `method: halving`, and the work and time beside those of training all to the end;
 * `seconds` are expected for it. Nothing where the file does not halve. */
void plan_print_rungs(const struct plan *plan, double seconds, FILE *out);

/* Epochs of the warm-up before a trial that is timed alone. */
int64_t plan_warmup(const struct sweep_file *file, const struct configuration *configuration);

/* The finals that there are at most, where finalists are the best at so many targets. */
struct finals_bound {
    size_t configurations;
    double seconds; /* of a round, about; NaN: unknown */
};
struct finals_bound plan_finals_bound(const struct plan *plan, size_t targets);

/* Prints that, for all rounds; nothing where there are none. */
void plan_print_finals(const struct plan *plan, size_t targets, FILE *out);

/* Extends a workload by grids around the best that what is recorded decides; *open: there will be
 * others. *told: what there is to say of them, also on an error; free with memory_free(). And
 * prints, of a plan, how many configurations the others will have. */
bool plan_extend(struct workload *workload, const char *results, char **told, bool *open,
                 struct error *error);
void plan_print_zoom(const struct plan *plan, FILE *out);

/* Prints which learning rates of full-batch descent exceed what theory allows. */
void plan_print_rates(const struct workload *workload, FILE *out);

#endif
