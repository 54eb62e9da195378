/* SPDX-License-Identifier: MIT
 *
 * The store: what a sweep records, in one SQLite file, results/NAME/store.sqlite. Nothing outside
 * this folder knows SQLite. Tables (store/schema.c has them in full):
 *
 *     sweep          name, question, path, text and digest of the sweep file
 *     machine        one row for each machine and build that recorded something, as JSON
 *     data           one row for each data set: description, digest, rows, features, classes
 *     configuration  one row for each configuration on a data set; a column a hyper-parameter
 *     plan           the configurations that the sweep file names now, in order, and whether they
 *                    are this store's to run or another shard's (sweep/workload/shard.h); and
 *                    which grid around the best they are of (sweep/zoom/zoom.h)
 *     optimum        F*, or that there is none, for each data set and lambda
 *     trial          one row for each trial, with its three clocks, its digest, where it ran, and
 *                    the evidence of noise (measure/machine/evidence.h)
 *     finalist       the configurations that were timed again for a verdict, by finals
 *     trace          one row for each recorded point of a trial
 *     rung           where configurations stood when some were cut (store_rungs.h)
 *     checkpoint     trials in flight, where they can be continued (store/checkpoint.h)
 *     placement      how a batched sweep is best placed on each machine (store/placement.h)
 *     phase, phase_thread, counter, ceiling, remark, exchange
 *                    of sweeps with `profile: on` (store_profile.h)
 *
 * A trial and its trace are committed together when it ends, in WAL mode: a kill at any instant
 * loses what the trial in flight did since its checkpoint and nothing else. A write that fails
 * (disk full) is an error (ERROR_FAILED) and leaves the store readable.
 */
#ifndef DESCENT_STORE_STORE_H
#define DESCENT_STORE_STORE_H

#include "base/error.h"
#include "base/lookup.h"
#include "base/system/host.h"
#include "data/dataset.h"
#include "measure/machine/evidence.h"
#include "solvers/hyperparameter.h"
#include "solvers/optimum/optimum.h"
#include "solvers/trial.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORE_VERSION = 1 }; /* of the schema; a store written by a newer one is refused */

struct store;

/* Creates a folder and those above it, where they are missing. */
bool store_create_folder(const char *folder, struct error *error);

/* Is anything recorded in `folder`? */
bool store_exists(const char *folder);

/* May this process write in the folder, and to the store in it? */
bool store_is_writable(const char *folder);

/* Do both name one folder? */
bool store_is_same(const char *a, const char *b);

/* Opens the store in `folder` for reading only; an error if there is none. */
struct store *store_open(const char *folder, struct error *error);

/* No output of this command may take the place of a file of the store in this folder, if one is
 * there (base/output_guard.h). What opens a store, protects it. */
void store_protect(const char *folder);

/* Opens the store in `folder` to write, creating both when missing. One writer at a time: a second
 * one is refused with a message. */
struct store *store_open_to_write(const char *folder, struct error *error);

void store_close(struct store *store); /* NULL is allowed */

/* The version of SQLite that runs. */
const char *store_library_version(void);

/* Is the store that is open to write still the one in its folder, and the lock still its own? An
 * error (ERROR_FAILED) when one was removed, renamed or replaced. store_commit() asks too. A store
 * that is open for reading is not asked. */
bool store_is_in_place(struct store *store, struct error *error);

/* Removes the store in `folder` (its three files, not the folder); no error if there is none. What
 * is no store of descent is refused. */
bool store_remove(const char *folder, struct error *error);

/* Removes one that this process has made, with its lock and, where nothing else is in it, the
 * folder. */
bool store_remove_folder(const char *folder, struct error *error);

struct sweep_facts {
    const char *name;     /* of the sweep */
    const char *question; /* that the sweep file asks */
    const char *by;       /* the axis that it is about; "": it does not say */
    const char *metric;   /* a name in metric_table (store/metric.h) */
    const char *path;     /* of the sweep file, as given */
    const char *text;     /* all of it */
    int64_t repeats;
    int64_t finals;      /* rounds in which finalists are timed again */
    const char *folder;  /* that the sweep file lies in, absolute; NULL: not known */
    const char *targets; /* gaps that its answer is about, "0.001 1e-06"; NULL or "": all */
};

/* Is another text of the sweep file recorded? Also for stores opened for reading. */
bool store_sweep_changed(struct store *store, const char *text, bool *changed, struct error *error);

/* Records the sweep file. `*changed` tells whether another text was recorded before. */
bool store_set_sweep(struct store *store, const struct sweep_facts *facts, bool *changed,
                     struct error *error);

/* Each finds or adds a row and gives its number. */
bool store_add_machine(struct store *store, const char *json, int64_t *machine,
                       struct error *error);
bool store_find_machine(struct store *store, const char *json, int64_t *machine,
                        struct error *error); /* 0: it is not recorded */
bool store_add_data(struct store *store, const struct dataset *data, const char *description,
                    int64_t *id, struct error *error);
bool store_add_configuration(struct store *store, int64_t data, const char *data_digest,
                             const struct configuration *configuration, int64_t *id,
                             struct error *error);

/* Looks up a configuration by its key (configuration_key); *id = 0 when it is not recorded. Also
 * for stores opened for reading. */
bool store_find_configuration(struct store *store, const char *key, int64_t *id,
                              struct error *error);

/* True in *found when a data set of this description but of another digest is recorded. */
bool store_data_changed(struct store *store, const char *description, const char *digest,
                        bool *found, struct error *error);

/* Many rows in one transaction: begin, add..., commit. On an error, roll back. */
bool store_begin(struct store *store, struct error *error);
bool store_commit(struct store *store, struct error *error);
void store_rollback(struct store *store);

/* Replaces the plan: the configurations that the sweep file names now, in its order. */
bool store_set_plan(struct store *store, const int64_t *configurations, size_t count,
                    struct error *error);

/* Marks this configuration of the plan as another shard's to run. */
bool store_leave_to_others(struct store *store, int64_t configuration, struct error *error);

/* Says which grid around the best a configuration of the plan is of (sweep/zoom/zoom.h); 0: of the
 * first grid. */
bool store_set_zoom(struct store *store, int64_t configuration, int64_t zoom, struct error *error);

/* Which trial of a configuration. */
struct trial_key {
    int64_t configuration;
    int64_t final;  /* 0: of the sweep; n: of its n-th finals, in which the best are timed again */
    int64_t repeat; /* from 1; of finals: the round */
};

/* What is recorded of one trial: status (STATUS_RUNNING: nothing), digest, and what its bits depend
 * on. Where there are several attempts, the last. */
struct trial_record {
    enum trial_status status;
    int64_t attempt; /* from 1 */
    bool disturbed;  /* the evidence was over a limit */
    char digest[DIGEST_TEXT];
    int64_t machine;
    int64_t models;  /* in its group */
    char kernel[32]; /* that ran, "" if unknown */
    int64_t id;      /* of the trial */
    int64_t epochs;  /* done */
    double train_seconds;
};
bool store_find_trial(struct store *store, struct trial_key key, struct trial_record *record,
                      struct error *error);

/* Whose solution the last attempt of a trial began with, in a store that is open to write; "": of
 * none, or it is not recorded. */
bool store_find_start(struct store *store, struct trial_key key, char start[static START_TEXT],
                      struct error *error);

/* Where the last attempt of a trial has ended: its weights (features) and bias. *found: it is
 * recorded, and has weights that are finite, of so many features. */
bool store_read_solution(struct store *store, struct trial_key key, size_t features,
                         double *weights, double *bias, bool *found, struct error *error);

/* The optimum of a data set with that digest for optimum->lambda. It is looked for once; the same
 * data and lambda replace what was recorded. store_find_optimum: OPTIMUM_UNKNOWN with an empty
 * reason when nothing is. */
bool store_add_optimum(struct store *store, const char *digest, const struct optimum *optimum,
                       struct error *error);
bool store_find_optimum(struct store *store, const char *digest, double lambda,
                        struct optimum *optimum, struct error *error);

/* Likewise that of the data of a trial that was read; what a trial of its list refutes is withdrawn
 * from `optimum`, not from the store. */
struct stored_trial;
bool store_find_optimum_of(struct store *store, const struct stored_trial *row, double lambda,
                           struct optimum *optimum, struct error *error);

/* A number for a group of models that share a clock, which no recorded trial has. */
bool store_new_group(struct store *store, int64_t *number, struct error *error);

/* Where a trial ran: the process of a job that trained it. All zero: the only one, on a host whose
 * name is not known; a count of 0 is taken as 1. */
struct seat {
    int64_t rank;           /* from 0 */
    int64_t ranks;          /* processes in the job */
    int64_t ranks_per_host; /* the most of them on one host */
    char host[HOST_TEXT];   /* "": not known */
};

/* Where a trial comes from. */
struct trial_origin {
    struct trial_key key;
    int64_t attempt; /* from 1 */
    int64_t machine;
    int64_t models;                  /* in its group */
    const struct evidence *evidence; /* NULL: not watched */
    const struct counters *counters; /* NULL: not counted */
    struct seat seat;
};

/* Records a trial and its trace, in a transaction of its own, in which its checkpoint goes. One of
 * the same key and attempt is replaced. */
bool store_add_trial(struct store *store, const struct trial_origin *origin,
                     const struct trial *trial, struct error *error);

/* Forgets the trials that ended with a status, so that they run again; how many, in *count. */
bool store_forget(struct store *store, enum trial_status status, int64_t *count,
                  struct error *error);

/* The last finals: their number (0: there were none) and the configurations in them, ascending.
 * Free *configurations with memory_free(). */
bool store_read_finalists(struct store *store, int64_t *final, int64_t **configurations,
                          size_t *count, struct error *error);

/* New finals of these configurations (count); the trials of earlier ones are kept and superseded.
 */
bool store_add_finalists(struct store *store, const int64_t *configurations, size_t count,
                         int64_t *final, struct error *error);

/* --- Reading: what reports and exports are made from --------------------------------------- */

/* A configuration, its data set and one of its trials: the fields of the columns of
 * store/trial_columns.c, and what follows from them. Texts belong to the list. Configurations of
 * the plan that have no trial yet have status STATUS_RUNNING, repeat 0. What another shard runs is
 * not in the plan. */
struct stored_trial {
    int64_t id;            /* of the trial; 0: not run yet */
    int64_t configuration; /* number of the configuration */
    int64_t position;      /* in the plan, from 1; 0: no longer in the sweep file */
    int64_t zoom;          /* the grid around the best that it is of; 0: the first grid */
    int64_t repeat;        /* from 1 */
    int64_t final;         /* number of the finals it is of; 0: of the sweep */
    int64_t attempt;       /* from 1 */
    bool superseded;       /* another attempt, or later finals, came after it: it does not count */
    int64_t models;        /* in its group */
    int64_t continued;     /* how often it went on from a checkpoint: its time is in parts */
    int64_t shared;        /* number of the group whose clock it shares; 0: solo. A group of one
                              has a number where other passes ran beside it */
    const char *start;     /* whose solution it began with, "lambda=0.1"; "": it began as usual */
    int64_t machine;
    const char *data;        /* description of the data set */
    const char *data_digest; /* of its content, without the rows of the fold that is held out: the
                              * same description may have had another */
    const char *set_digest;  /* of all its rows */
    int64_t rows, features;
    struct configuration values;
    enum trial_status status;
    int64_t epochs;
    struct trace_point last; /* final loss, objective, ... */
#define FIELD(name_) double name_;
    TRIAL_VALUES(FIELD) /* rate: NaN where it is not recorded, or there is none */
#undef FIELD
    const char *digest;
    const char *message;
    const char *kernel;   /* that ran, "" if unknown */
    const char *variant;  /* of the kernel; "" if it has none, or it is unknown */
    double optimum;       /* F* of its data and lambda; NaN: not known, refuted, or there is none */
    double optimum_bound; /* on its error */
    double refuting; /* F of a trial that is below what was found to be F*; NaN: there is none */
    struct evidence evidence;
    struct seat seat;
    double bias;           /* at the end */
    const double *weights; /* likewise, (features); only of one that is being recorded */
    bool elsewhere; /* for reports to set (report/hosts.h): its time is not to be compared here */
};

struct stored_trials {
    size_t count;
    struct stored_trial *rows; /* by position, final, repeat, attempt; those no longer planned come
                                  last */
    struct text_block *texts;  /* private */
};

/* Reads those that count or, with `superseded`, all. */
bool store_read_trials(struct store *store, bool superseded, struct stored_trials *list,
                       struct error *error);
void stored_trials_clear(struct stored_trials *list);

/* Did it begin with the solution of another (sweep/workload/paths.h)? */
static inline bool stored_trial_is_led(const struct stored_trial *row)
{
    return row->start != NULL && *row->start != '\0';
}

/* Is the time of this trial its own? Nothing shared a pass with it, no pass ran beside it, no other
 * trial did some of its work before, and it was taken in one go. */
static inline bool stored_trial_is_solo(const struct stored_trial *row)
{
    return row->models == 1 && row->shared == 0 && row->continued == 0 && !stored_trial_is_led(row);
}

/* Would it be, had the trial not been continued from a checkpoint? */
static inline bool stored_trial_is_in_parts(const struct stored_trial *row)
{
    return row->models == 1 && row->shared == 0 && row->continued > 0 && !stored_trial_is_led(row);
}

/* May it be compared with other times as well? */
static inline bool stored_trial_is_timed(const struct stored_trial *row)
{
    return stored_trial_is_solo(row) && !row->elsewhere;
}

/* The number of its problem, of one content of data and one lambda, among those that were asked for
 * with these numbers. */
size_t stored_trial_problem(const struct stored_trial *row, struct lookup *problems);

/* The trace of a trial; clear with memory_free(trace->points). */
bool store_read_trace(struct store *store, int64_t trial, struct trace *trace, struct error *error);

/* Reads the epochs, seconds and objectives of a trial's trace only, all else being 0: where those
 * of very many are read, in half the time. */
bool store_read_descent(struct store *store, int64_t trial, struct trace *trace,
                        struct error *error);

/* The sweep as recorded; texts are freed with stored_sweep_clear(). */
struct stored_sweep {
    char *name, *question, *path, *text, *by, *metric;
    int64_t repeats, finals;
    char *folder;  /* "": not recorded, as by earlier versions */
    char *targets; /* gaps that its answer is about, as in struct sweep_facts */
};
bool store_read_sweep(struct store *store, struct stored_sweep *sweep, struct error *error);
void stored_sweep_clear(struct stored_sweep *sweep);

/* The JSON of the machine of that number; free with memory_free(). NULL on error. */
char *store_read_machine(struct store *store, int64_t machine, struct error *error);

#endif
