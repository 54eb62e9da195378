/* SPDX-License-Identifier: MIT
 *
 * A training run from the inside: what training_open.c makes and training.c runs.
 */
#ifndef DESCENT_SOLVERS_TRAINING_RUN_H
#define DESCENT_SOLVERS_TRAINING_RUN_H

#include "base/system/clock.h"
#include "kernels/pass.h"
#include "kernels/shares.h"
#include "solvers/solver.h"
#include "solvers/training/training_hooks.h"

/* The model in one column. */
struct column {
    size_t index; /* of its configuration and trial */
    struct trial *trial;
    double limit;                   /* objective beyond which it has diverged */
    size_t targets_met;             /* of gap_targets */
    bool arrives, recorded;         /* this epoch: at a target; in the trace */
    bool claimed;                   /* this epoch: rows in fewer bits say that it is done */
    bool due;                       /* this epoch: it is one that `record` names, or a last one */
    int64_t next_record;            /* the next epoch that `record` names */
    struct trace_point before;      /* the last that was looked at */
    struct training_clocks carried; /* before this run, where the model goes on from a... */
    const struct phase_totals *phases; /* ...snapshot, or NULL */
};

/* When snapshots are kept next (training_keep.c). */
struct keeping {
    int64_t next_look, stride; /* the epoch at which the clock is looked at, and from there on */
    int64_t kept;              /* the last epoch that was; 0: none */
    double looked, last;       /* on the clock: the last look, and the last time */
    double interval;           /* seconds from time to time */
    bool hurried, over;        /* the keeper has been; and that long ago */
    double hurried_at;
};

struct training {
    const struct dataset *data;
    const struct training_hooks *hooks;
    const struct configuration *common; /* what compatible configurations share */
    const struct solver *solver;
    struct dataset rows;           /* the data, as they are cut into blocks */
    struct kernel_problem problem; /* what the loops over them are made for */
    struct parts_left left;        /* rows that models leave out, where hooks->masks says so */
    struct objective *objective;
    struct dataset rows_given;           /* where those are stored in fewer bits: as they were... */
    struct kernel_problem problem_given; /* ...given, what loops over them are made for, ... */
    struct objective *given;             /* ...and the objective that is recorded; or NULL: it is
                                          * the one above */
    double compare_below;                /* the gradient norm at which `refine` compares the two */
    bool refined;                        /* it went over to the rows as they were given */
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
    bool drawn;              /* an order of samples has been */
    struct keeping keeping;
    double train_seconds, evaluate_seconds, record_seconds;
    double own_seconds;   /* on the training clock, each step shared out among the models in it */
    double mark;          /* what went before it is on one of these clocks, or on none */
    int64_t first_record; /* the least of the models' next, */
    int64_t first_epochs; /* and of their limits, */
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

/* Prepares for the models that are left: to be called whenever others are trained than before. */
void training_prepare_models(struct training *training);

/* --- The clocks --- */

/* Seconds since the mark, which moves up to now. */
static inline double clocks_lap(struct training *training)
{
    double now = clock_seconds(), seconds = now - training->mark;
    training->mark = now;
    return seconds;
}

/* What went on since the mark belongs to no clock. */
static inline void clocks_leave_out(struct training *training)
{
    training->mark = clock_seconds();
}

/* Adding up phases is no part of what they measure. */
static inline void clocks_leave_out_phases(struct training *training)
{
    if (training->hooks->phases)
        clocks_leave_out(training);
}

/* --- training_order.c --- */

/* The order of this epoch; training->order is not NULL. */
void order_draw(struct training *training);

/* The order of the next epoch, while this one is stepped through: struct spare_work. */
void order_draw_ahead(void *training);

/* --- training_look.c: where models stand, and what the trace keeps of it --- */

/* Records the points of models that are due, and of those that have met a target or a limit; sets
 * the status of those that are done. */
void look_and_record(struct training *training);

/* Where hooks->untraced says that nobody looks: ends the models, if they are all to end now, and
 * nothing but epochs and time decides it. */
bool look_end_unseen(struct training *training);

/* The points (models.count) where models stand that are to be paused, of the rows as they were
 * given. */
void look_at_pause(struct training *training);

/* Sets the first epoch that the trace of a model is to have next. */
void look_find_first_record(struct training *training);

/* --- training_leave.c --- */

/* Lets those go that are done, and packs the columns of the others. */
void leave_done(struct training *training);

/* Hands all that still train over to their snapshots. */
void leave_paused(struct training *training);

/* --- training_pause.c: from models in training to snapshots, and back --- */

/* A snapshot of the model in column j, at the end of an epoch. */
struct snapshot *pause_snapshot(const struct training *training, size_t j);

/* What column j's clocks show, of this run and those before it. */
struct training_clocks training_clocks_of(const struct training *training, size_t j);

/* --- training_keep.c: snapshots that are kept while training goes on --- */

void keep_begin(struct training *training);

/* Is this an epoch after which the clock is to be looked at? */
static inline bool keep_is_near(const struct training *training)
{
    const struct training_keeper *keeper = training->hooks->keeper;
    return keeper != NULL && keeper->keep != NULL &&
           (training->epoch >= training->keeping.next_look ||
            (keeper->hurry != NULL && *keeper->hurry != 0));
}

/* Looks at training->mark, which is now, and keeps what is due; time goes on from there. */
void keep_look(struct training *training);

/* Keeps all models that still train, unless this epoch is kept. */
void keep_models(struct training *training);

/* Puts all models where hooks->resume says that they are, once steps are prepared. */
void resume_models(struct training *training);

/* --- training_refine.c: the end of training over rows as they were given --- */

/* Is what training knows of the models by rows in fewer bits, `at`, to be compared with the same of
 * the rows as they were given? To be asked with each model's status as
 * the former have it. */
bool refine_compares(struct training *training, const struct evaluation *at);

/* Having compared them, and settled each model's status: goes over to the rows as they were given,
 * or on as before. */
void refine_decide(struct training *training, const struct evaluation *at,
                   const struct evaluation *given);

/* What is kept from step to step stays: it is about the models. */
void refine_go_over(struct training *training);

/* Samples in a mini-batch; 0 where the solver takes none. */
size_t training_batch(const struct configuration *configuration);

#endif
