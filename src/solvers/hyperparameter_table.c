/* SPDX-License-Identifier: MIT
 *
 * The list of hyper-parameters. What each column means is in hyperparameter.h; a row left out of a
 * solver's or schedule's `uses` does not apply to its configurations.
 */
#include "solvers/hyperparameter.h"

#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"
#include "data/preparation/folds.h"
#include "kernels/choice.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"

#include <float.h>
#include <math.h>

const struct entry shuffle_none = {"none", "samples in the order of the data, every epoch"};
const struct entry shuffle_once = {"once", "one random order, drawn before the first epoch"};
const struct entry shuffle_epoch = {"epoch", "a new random order every epoch"};
static const struct entry *const shuffle_rows[] = {&shuffle_none, &shuffle_once, &shuffle_epoch};
const struct table shuffle_table = TABLE("shuffle", shuffle_rows);

const struct entry record_every = {"every", "record every epoch"};
const struct entry record_geometric = {
    "geometric",
    "record epochs 0 1 2 3 4 6 9 13 ... and the last; limits are looked at there, and in "
    "every epoch where that costs no pass over the data"};
static const struct entry *const record_rows[] = {&record_every, &record_geometric};
const struct table record_table = TABLE("record", record_rows);

/* What users call their programs, and what those say of themselves. */
static const struct table word_table = {.noun = "word", .open = true};

static double all_threads(void)
{
    return (double)threads_available();
}

static double default_threads(void)
{
    return (double)threads_default();
}

static double all_ranks(void)
{
    return (double)ranks_of_rows();
}

static double infinite(void)
{
    return INFINITY;
}

static double below_all(void)
{
    return -INFINITY;
}

#define LARGEST_MOMENTUM 0.999999 /* 1 would keep every step for ever */
#define FIELD(name_) .offset = offsetof(struct configuration, name_)

const struct hyperparameter hyperparameters[] = {
    {
        .entry = {"solver", "how the objective is minimised"},
        .type = TYPE_CHOICE,
        FIELD(solver),
        .choices = &solver_table,
        .fallback = "gd",
    },
    {
        .entry = {"kernel", "the loops over the data that the solver runs on"},
        .type = TYPE_CHOICE,
        FIELD(kernel),
        .choices = &kernel_choice_table,
        .fallback = "auto",
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"rate", "learning rate at the start"},
        .type = TYPE_REAL,
        FIELD(rate),
        .own = true,
        .path = PATH_FALLING,
        .above_minimum = true,
        .maximum = DBL_MAX,
        .fallback = "0.1",
        .keyword = "auto",
        .keyword_value = below_all,
        .tunes = true,
        .needs = USES_RATE,
    },
    {
        .entry = {"schedule", "how the learning rate changes from epoch to epoch"},
        .type = TYPE_CHOICE,
        FIELD(schedule),
        .own = true,
        .choices = &schedule_table,
        .fallback = "constant",
        .tunes = true,
        .needs = USES_RATE,
    },
    {
        .entry = {"decay",
                  "speed of the inverse, inverse-sqrt and exponential schedules, per epoch"},
        .type = TYPE_REAL,
        FIELD(decay),
        .own = true,
        .path = PATH_RISING,
        .maximum = DBL_MAX,
        .fallback = "0.1",
        .needs = USES_DECAY,
    },
    {
        .entry = {"period", "epochs between two steps of the step schedule"},
        .type = TYPE_INTEGER,
        FIELD(period),
        .own = true,
        .path = PATH_RISING,
        .minimum = 1,
        .maximum = LARGEST_INTEGER,
        .fallback = "10",
        .needs = USES_STEPS,
    },
    {
        .entry = {"factor", "factor by which the step schedule multiplies the rate"},
        .type = TYPE_REAL,
        FIELD(factor),
        .own = true,
        .path = PATH_RISING,
        .above_minimum = true,
        .maximum = 1,
        .fallback = "0.5",
        .needs = USES_STEPS,
    },
    {
        .entry = {"floor", "last rate of the cosine schedule, as a share of the first"},
        .type = TYPE_REAL,
        FIELD(floor),
        .own = true,
        .path = PATH_RISING,
        .maximum = 1,
        .fallback = "0",
        .needs = USES_FLOOR,
    },
    {
        .entry = {"batch", "samples in a mini-batch"},
        .type = TYPE_INTEGER,
        FIELD(batch),
        .path = PATH_RISING,
        .minimum = 1,
        .maximum = UINT32_MAX,
        .fallback = "32",
        .needs = USES_BATCH,
    },
    {
        .entry = {"momentum",
                  "share of the previous step that is kept in the next (beta1 of Adam)"},
        .type = TYPE_REAL,
        FIELD(momentum),
        .own = true,
        .path = PATH_RISING,
        .maximum = LARGEST_MOMENTUM,
        .fallback = "0.9",
        .needs = USES_MOMENTUM,
    },
    {
        .entry = {"beta2", "share of Adam's average of squared gradients that is kept"},
        .type = TYPE_REAL,
        FIELD(beta2),
        .own = true,
        .path = PATH_RISING,
        .maximum = LARGEST_MOMENTUM,
        .fallback = "0.999",
        .needs = USES_BETA2,
    },
    {
        .entry = {"memory", "steps that L-BFGS remembers"},
        .type = TYPE_INTEGER,
        FIELD(memory),
        .path = PATH_RISING,
        .minimum = 1,
        .maximum = 1000,
        .fallback = "10",
        .needs = USES_MEMORY,
    },
    {
        .entry = {"workers", "parts of the rows, each stepping on its own between averages"},
        .type = TYPE_INTEGER,
        FIELD(workers),
        .path = PATH_RISING,
        .minimum = 1,
        .maximum = 65536,
        .fallback = "8",
        .needs = USES_WORKERS,
    },
    {
        .entry = {"average_every", "samples of a worker between two averages"},
        .type = TYPE_INTEGER,
        FIELD(average_every),
        .path = PATH_RISING,
        .minimum = 1,
        .maximum = LARGEST_INTEGER,
        .fallback = "1024",
        .needs = USES_WORKERS,
    },
    {
        .entry = {"shuffle", "order in which samples are visited"},
        .type = TYPE_CHOICE,
        FIELD(shuffle),
        .choices = &shuffle_table,
        .fallback = "epoch",
        .tunes = true,
        .needs = USES_ORDER,
    },
    {
        .entry = {"lambda", "L2 regularisation of the weights (the bias is not regularised)"},
        .type = TYPE_REAL,
        FIELD(lambda),
        .own = true,
        .path = PATH_FALLING,
        .maximum = DBL_MAX,
        .fallback = "0",
        .needs = USES_LAMBDA,
    },
    {
        .entry = {"seed", "random seed of the initial weights and the sample order"},
        .type = TYPE_INTEGER,
        FIELD(seed),
        .maximum = LARGEST_INTEGER,
        .fallback = "0",
    },
    {
        .entry = {"folds", "parts that rows are dealt into, for as many trainings, each without "
                           "one of them (0: none)"},
        .type = TYPE_INTEGER,
        FIELD(folds),
        .maximum = FOLDS_MOST,
        .fallback = "0",
        .was = "0",
    },
    {
        .entry = {"fold", "train without this one of the folds, and hold it out (0: each in turn)"},
        .type = TYPE_INTEGER,
        FIELD(fold),
        .maximum = FOLD_MOST,
        .fallback = "0",
        .was = "0",
    },
    {
        .entry = {"fold_seed", "which rows are in which fold"},
        .type = TYPE_INTEGER,
        FIELD(fold_seed),
        .maximum = LARGEST_INTEGER,
        .fallback = "0",
        .was = "0",
    },
    {
        .entry = {"threads", "processors used by one trial (OMP_NUM_THREADS lowers the default)"},
        .type = TYPE_INTEGER,
        FIELD(threads),
        .minimum = 1,
        .maximum = 4096,
        .fallback = "all",
        .keyword = "all",
        .keyword_value = all_threads,
        .fallback_value = default_threads,
        .tunes = true,
        .needs = USES_THREADS,
    },
    {
        .entry = {"ranks", "processes that rows are distributed over (--distribute rows)"},
        .type = TYPE_INTEGER,
        FIELD(ranks),
        .minimum = 1,
        .maximum = 1 << 20,
        .fallback = "all",
        .keyword = "all",
        .keyword_value = all_ranks,
        .needs = USES_RANKS,
        .was = "1",
    },
    {
        .entry = {"epochs",
                  "stop after this many passes over the data (0: only look at the start)"},
        .section = "stop",
        .type = TYPE_INTEGER,
        FIELD(epochs),
        .own = true,
        .maximum = LARGEST_INTEGER,
        .fallback = "100",
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"seconds", "stop when training has taken this long"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(seconds),
        .own = true,
        .above_minimum = true,
        .maximum = INFINITY,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = infinite,
    },
    {
        .entry = {"gradient_norm",
                  "stop when the norm of the gradient is at most this (0 means exactly 0)"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(gradient_norm),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = below_all,
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"loss", "stop when the objective (loss and regularisation) is at most this (0 "
                          "means exactly 0)"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(loss),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = below_all,
        .needs = USES_EPOCHS,
    },
    {
        .entry =
            {"gap",
             "stop when the objective is at most this above the optimum F* (0 means exactly F*)"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(gap),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = below_all,
        .needs = USES_OPTIMUM | USES_EPOCHS,
    },
    {
        .entry = {"divergence",
                  "diverged when the objective exceeds this many times its start (or 1)"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(divergence),
        .own = true,
        .minimum = 1,
        .above_minimum = true,
        .maximum = INFINITY,
        .fallback = "100000",
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"record", "which epochs the trace keeps"},
        .type = TYPE_CHOICE,
        FIELD(record),
        .choices = &record_table,
        .fallback = "every",
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"environment", "variables of a process of its own that trains: "
                                 "{OMP_WAIT_POLICY: passive}"},
        .type = TYPE_CHOICE,
        FIELD(environment),
        .choices = &word_table,
        .fallback = "",
        .was = "",
        .of_workers = true,
    },
    {
        .entry = {"binary", "another descent, whose worker trains: ../old/build/descent"},
        .type = TYPE_CHOICE,
        FIELD(binary),
        .choices = &word_table,
        .fallback = "",
        .was = "",
        .of_workers = true,
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"blas",
                  "BLAS library of a worker that trains: a name of `descent list blas`, or a "
                  "path"},
        .type = TYPE_CHOICE,
        FIELD(blas),
        .choices = &word_table,
        .fallback = "",
        .was = "",
        .of_workers = true,
        .needs = USES_EPOCHS,
    },
    {
        .entry = {"program", "who trains: descent, or a program of the sweep file"},
        .type = TYPE_CHOICE,
        FIELD(program),
        .choices = &word_table,
        .fallback = "descent",
        .was = "descent",
        .of_programs = true,
    },
    {
        .entry = {"parameters", "parameters of the program, those that are given"},
        .type = TYPE_CHOICE,
        FIELD(parameters),
        .own = true,
        .choices = &word_table,
        .fallback = "",
        .of_programs = true,
        .needs = USES_PROGRAM,
    },
    {
        .entry = {"ladder", "parameter of the program whose loosest value that reaches a target "
                            "counts there"},
        .type = TYPE_CHOICE,
        FIELD(ladder),
        .own = true,
        .choices = &word_table,
        .fallback = "",
        .was = "",
        .of_programs = true,
        .needs = USES_PROGRAM,
    },
    {
        .entry = {"program_version", "name and version that the program says it has"},
        .type = TYPE_CHOICE,
        FIELD(program_version),
        .choices = &word_table,
        .fallback = "",
        .of_programs = true,
        .needs = USES_PROGRAM,
    },
    {
        .entry = {"program_command", "command that the program is started by"},
        .type = TYPE_CHOICE,
        FIELD(program_command),
        .choices = &word_table,
        .fallback = "",
        .of_programs = true,
        .needs = USES_PROGRAM,
    },
};

const size_t hyperparameter_count = sizeof hyperparameters / sizeof *hyperparameters;
