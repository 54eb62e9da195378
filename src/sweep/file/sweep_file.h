/* SPDX-License-Identifier: MIT
 *
 * The sweep file: YAML in, a checked tree of axes out. See docs/sweep-files.md for the vocabulary.
 * Everything that can be wrong in the file is found here, with line and column, before anything
 * runs.
 */
#ifndef DESCENT_SWEEP_FILE_SWEEP_FILE_H
#define DESCENT_SWEEP_FILE_SWEEP_FILE_H

#include "base/error.h"
#include "data/source.h"
#include "solvers/hyperparameter.h"
#include "store/placement.h"
#include "sweep/file/program.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The values one hyper-parameter takes: a list (a range with steps is spread out already), or, for
 * random search, an interval to draw from. */
struct axis {
    const struct hyperparameter *hyperparameter;
    size_t count;
    struct value *values; /* (count); none when `range` */
    bool range;           /* random search draws from [minimum, maximum] ... */
    bool logarithmic;     /* ... evenly in the logarithm */
    double minimum, maximum;
    size_t zip;         /* axes of a run with the same number go together: the i-th value of each;
                           0: this one goes with no other */
    size_t clause;      /* number of the entry of `when` that it is from; 0: it is from none */
    struct place place; /* in the file; place.file belongs to the sweep file */
};

/* The number at `share` in [0, 1] of the way from minimum to maximum, on the axis' scale. The ends
 * are exact; what lies between is rounded to 12 digits, or, of large integers, to the nearest. */
double axis_between(const struct axis *axis, double share);

/* A number worked out, to the 12 digits that values of an axis have. */
double axis_rounded(double number);

struct axis axis_copy(const struct axis *axis);
void axis_clear(struct axis *axis);

/* The axis of that hyper-parameter, or NULL. */
const struct axis *axes_find(const struct axis *axes, size_t count,
                             const struct hyperparameter *row);

/* The first of the axes that go together with axis `index`: of those that go with no other, it is
 * itself. */
size_t axes_first_of_zip(const struct axis *axes, size_t index);

/* An entry of `when`: in configurations that have one of the values of each condition, its axes
 * take the place of the run's. A condition on a hyper-parameter that does not apply is not met. */
struct clause {
    size_t number; /* in the file, from 1 */
    size_t condition_count;
    struct axis *conditions; /* (condition_count) */
    size_t count;
    struct axis *axes; /* (count) */
    struct place place;
};

/* Of a run that another program trains: which, and values of its own parameters. */
struct program_run {
    const struct program *program; /* NULL: descent trains */
    size_t count;
    struct program_axis *parameters; /* (count), by name */
};

void program_run_clear(struct program_run *own);

/* A value of `environment`. */
struct environment {
    const struct entry *word; /* as configurations have it */
    size_t count;
    char **variables; /* (count) "NAME=VALUE", or "NAME" for none, and NULL */
};

void environment_clear(struct environment *environment);

/* A value of `binary` or of `blas` that has been asked what it is (sweep/programs/greeting.h). */
struct greeted {
    const struct entry *given; /* in the file */
    const struct entry *word;  /* as configurations have it, with the version */
    char *path;
    bool no_lapack; /* a BLAS library that has none */
};

/* One entry of `runs`: a grid over its axes or, where some hold under conditions, the grids of its
 * parts (run_parts.h). */
struct run {
    size_t count;
    struct axis *axes; /* its own, then those of the top level that it does not override */
    size_t clause_count;
    struct clause *clauses; /* (clause_count), in the order in which they apply */
    size_t part_count;      /* 0: it is one grid */
    struct run *parts;      /* (part_count), each a grid without conditions */
    struct program_run own; /* of a run that is no part */
    struct place place;
};

/* The grids of a run: its parts, or itself. */
static inline size_t run_grid_count(const struct run *run)
{
    return run->part_count > 0 ? run->part_count : 1;
}

static inline const struct run *run_grid(const struct run *run, size_t i)
{
    return run->part_count > 0 ? &run->parts[i] : run;
}

struct clause clause_copy(const struct clause *clause);
void clause_clear(struct clause *clause);
void run_clear(struct run *run);

/* Has a run an axis of that hyper-parameter, under whatever conditions? */
bool run_gives(const struct run *run, const struct hyperparameter *row);

/* Grids around the best of those before (sweep/zoom/zoom.h). */
enum { ZOOM_AXES_MOST = 8 };
struct zoom {
    size_t axis_count; /* 0: there are none */
    const struct hyperparameter *axes[ZOOM_AXES_MOST];
    int64_t points; /* values of each axis, the best in their middle: odd */
    int64_t rounds; /* such grids, one after the other */
};

/* Models that are trained side by side, at most: what W and the caches bear, and what a kill may
 * lose. */
enum { GROUP_MOST = 64 };

/* Which combinations of values are trained: all, or some drawn at random. */
extern const struct table method_table;
extern const struct entry method_grid, method_random, method_halving, method_asha;

/* How random search draws (workload/draws.h). */
extern const struct table draws_table;
extern const struct entry draws_independent, draws_sobol;
extern const struct entry predict_none, predict_line;

/* How configurations are trained: each alone, or side by side in groups (groups.h), laid out as the
 * file says or as was found best on this machine (placement.h). */
extern const struct table execution_table;
extern const struct entry execution_solo, execution_batched, execution_placed;

/* In which order configurations take their turns (workload/rounds.h). */
extern const struct table order_table;
extern const struct entry order_interleaved, order_listed;

/* Where the threads of a trial run. */
extern const struct table binding_table;
extern const struct entry binding_cores, binding_none;

/* Whether a trial's phases are measured too (kernels/phases.h). */
extern const struct table tuning_table;
extern const struct entry tuning_no, tuning_yes;
extern const struct table profile_table;
extern const struct entry profile_off, profile_on;

/* Whether F*, from which gaps are measured, is looked for before training (optima.h). */
extern const struct table optimum_table;
extern const struct entry optimum_auto, optimum_always, optimum_never;

enum { FINALS_OPEN = -1 }; /* that finals are not given */

/* Keys of the top level that are settings of the whole sweep. The others are data, runs, stop,
 * preparations (data/sources/attributes.h) and hyper-parameters. */
struct sweep_key {
    SETTING_ROW;                /* of a field of struct sweep_file */
    const char *with;           /* the key is only for files in which this one ... */
    const struct entry *choice; /* ... is that; both NULL: for all */
    const struct entry *other;  /* ... or that; NULL: there is no other */
};

extern const struct sweep_key sweep_keys[];
extern const size_t sweep_key_count;

/* `method: halving` and `asha`: when configurations are cut, and by what (workload/rungs.h). */
struct halving {
    int64_t eta;
    int64_t first;
    int64_t brackets;
    const struct entry *criterion; /* a row of criterion_table (store/criterion.h) */
};

/* The name of a sweep becomes the name of a folder: can this one? And which can, in words. */
bool sweep_file_is_name(const char *name);
#define SWEEP_NAMES "at most 100 letters, digits, '-', '_' and '.', the first a letter or digit"

struct sweep_file {
    char *path;
    char *folder;      /* that it lies in; "": the working directory */
    char *data_folder; /* as given: what relative paths of data are taken from; NULL: its own */
    char *text;        /* all of it */
    char *question; /* as given, or the comment that opens it, without # signs; "": there is none */
    char *by;       /* the axis that it is about; "": it does not say */
    char *path_key; /* the axis that paths follow, as given; NULL: there are none */
    const struct hyperparameter *path_axis; /* likewise */
    const struct entry *predict;            /* where on a path trials begin; a row of a table */
    const struct entry *metric;             /* a row of metric_table (store/metric.h) */
    char *name;
    size_t source_count;
    struct source *sources;      /* `data` */
    struct place *source_places; /* (source_count) */
    size_t program_count;
    struct program *programs; /* (program_count) other programs that train */
    size_t environment_count;
    struct environment *environments; /* (environment_count) that runs give */
    size_t greeted_count;
    struct greeted *greeted; /* (greeted_count) */
    size_t run_count;
    struct run *runs;
    struct zoom zoom;
    char *targets; /* gaps that its answer is about, "0.001 1e-06", descending; "": all */
    const struct entry *method; /* a row of method_table */
    struct halving halving;     /* of those methods */
    int64_t trials;             /* of random search, per run and data set */
    const struct entry *draws;  /* likewise; a row of draws_table */
    int64_t seed;               /* of random search: the first value of `seed` */
    int64_t repeats;
    int64_t fold_repeats;           /* how often rows are dealt into folds, each time anew */
    const struct entry *execution;  /* a row of execution_table */
    const struct entry *optimum;    /* a row of optimum_table */
    const struct entry *order;      /* a row of order_table */
    const struct entry *binding;    /* a row of binding_table */
    const struct entry *profile;    /* a row of profile_table */
    const struct entry *tuning;     /* a row of tuning_table */
    double checkpoint;              /* seconds between those of a trial in flight; infinite: off */
    int64_t warmup;                 /* epochs trained before a solo trial, off its clocks */
    int64_t retries;                /* how often a disturbed solo trial is run again, at most */
    int64_t finals;                 /* as given; FINALS_OPEN: not */
    struct placement placement;     /* where trials share their time; see placement_of() */
    struct placement_record placed; /* `placed`: what placement_resolve() found */
};

/* Do trials share their time? */
bool sweep_file_is_batched(const struct sweep_file *file);

/* Are configurations cut before their end? And, if so, each compared with those before it in the
 * plan, and not with all? */
bool sweep_file_halves(const struct sweep_file *file);
bool sweep_file_halves_in_order(const struct sweep_file *file);

/* Are configurations drawn at random? Else all combinations are planned. */
bool sweep_file_draws(const struct sweep_file *file);

/* The number of the program of that name; their count: there is none. */
size_t sweep_file_program(const struct sweep_file *file, const char *name);

/* The variables of a value of `environment`; NULL: it is none of the file's. */
const struct environment *sweep_file_environment(const struct sweep_file *file,
                                                 const struct entry *word);

/* Does a process of its own train any of it: another program, or descent, started otherwise? */
bool sweep_file_has_programs(const struct sweep_file *file);

/* Does it give values for this hyper-parameter, in any of its runs? */
bool sweep_file_gives(const struct sweep_file *file, const char *hyperparameter);

/* Tells, where the file leaves threads open and OMP_NUM_THREADS is set, what that comes to. */
void sweep_file_tell_threads(const struct sweep_file *file, FILE *out);

/* Rounds in which the best configurations are timed again, alone: what the file says or, where
 * times are shared and there are no folds, 15. */
int64_t sweep_file_finals(const struct sweep_file *file);

/* The folder of the sweep's results, "RESULTS/NAME"; free with memory_free(). */
char *sweep_file_folder(const struct sweep_file *file, const char *results);

/* Reads and checks. NULL on error (ERROR_USAGE, with file:line:column). Relative paths of data
 * files are taken from the folder that `path` names, whether or not it is a link. What comes
 * through /dev or /proc, as a pipe does, has no folder: they are taken from the working directory.
 */
struct sweep_file *sweep_file_read(const char *path, struct error *error);

/* The same from text; `path` is what messages call it. */
struct sweep_file *sweep_file_parse(const char *path, const char *text, struct error *error);

/* The same of a file that lies, or lay, in that folder. */
struct sweep_file *sweep_file_parse_in(const char *folder, const char *path, const char *text,
                                       struct error *error);

void sweep_file_free(struct sweep_file *file); /* NULL is allowed */

#endif
