/* SPDX-License-Identifier: MIT
 *
 * A training run from the inside: what training_open.c makes and training.c runs.
 */
#ifndef DESCENT_SOLVERS_TRAINING_RUN_H
#define DESCENT_SOLVERS_TRAINING_RUN_H

#include "kernels/pass.h"
#include "kernels/shares.h"
#include "solvers/solver.h"
#include "solvers/training_hooks.h"

/* The model in one column. */
struct column {
    size_t index; /* of its configuration and trial */
    struct trial *trial;
    double limit;              /* objective beyond which it has diverged */
    size_t targets_met;        /* of gap_targets */
    bool arrives, recorded;    /* this epoch: at a target; in the trace */
    bool claimed;              /* this epoch: rows in fewer bits say that it is done */
    struct trace_point before; /* the last that was looked at */
};

struct training {
    const struct dataset *data;
    const struct training_hooks *hooks;
    const struct configuration *common; /* what compatible configurations share */
    const struct solver *solver;
    struct dataset rows;           /* the data, as they are cut into blocks */
    struct kernel_problem problem; /* what the loops over them are made for */
    struct objective *objective;
    struct dataset rows_given;           /* where those are stored in fewer bits: as they were... */
    struct kernel_problem problem_given; /* ...given, what loops over them are made for, ... */
    struct objective *given;             /* ...and the objective that is recorded; or NULL: it is
                                          * the one above */
    double compare_below;                /* the gradient norm at which `refine` compares the two */
    void *workspace;                     /* of the solver, or NULL */
    struct models models;
    struct column *columns;         /* (models.count) */
    struct trace_point *points;     /* (models.count) of this epoch */
    struct configuration *resolved; /* (models.count at the start) with rates in place of `auto` */
    const struct configuration **configurations; /* (models.count) of them */
    double *rates, *lambdas;                     /* (models.count) */
    double *state; /* (state_rows, models.count) of the solver, or NULL */
    size_t state_rows;
    uint32_t *order;         /* (n), or NULL: as the data lie */
    uint32_t *next_order;    /* (n) of the next epoch, where a thread of a step may have the time to
                              * draw it; or NULL */
    int64_t next_drawn;      /* the epoch whose order that is; 0: none's */
    struct spare_work spare; /* which draws it */
    int64_t epoch;           /* done */
    int64_t next_record;     /* the next epoch that is due for the trace */
    double train_seconds, evaluate_seconds, record_seconds;
    double own_seconds;   /* on the training clock, each step shared out among the models in it */
    double mark;          /* what went before it is on one of these clocks, or on none */
    int64_t first_epochs; /* the least of the models' limits, */
    double first_seconds; /* of each kind */
    bool rates_change;    /* from epoch to epoch */
    struct step one;      /* the next, but for its epoch */
    bool stopped;         /* an observer gave up */
    struct agreement agreement;         /* of ranks, where rows are distributed */
    struct ranks_traffic traffic_begun; /* what they had sent before */
    double pass_seconds; /* of the last evaluation: what a step that takes it is charged */
};

/* Makes ready what `training` names (data, hooks, common) for these configurations (count), and
 * their trials. */
void training_open(struct training *training, const struct configuration *const *configurations,
                   size_t count, struct trial *trials);
void training_close(struct training *training);

/* --- training_refine.c: the end of training over rows as they were given --- */

/* Is what training knows of the models by rows in fewer bits, `at`, to be compared with the same of
 * the rows as they were given? To be asked with each model's status as
 * the former have it. */
bool refine_compares(struct training *training, const struct evaluation *at);

/* Having compared them, and settled each model's status: goes over to the rows as they were given,
 * or on as before. */
void refine_decide(struct training *training, const struct evaluation *at,
                   const struct evaluation *given);

/* Samples in a mini-batch; 0 where the solver takes none. */
size_t training_batch(const struct configuration *configuration);

#endif
