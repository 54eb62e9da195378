/* SPDX-License-Identifier: MIT
 *
 * The workload: what a sweep file comes to on this machine. Its data sets are loaded, all of them,
 * because their digests are part of what is recorded, and its configurations expanded.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_WORKLOAD_H
#define DESCENT_SWEEP_WORKLOAD_WORKLOAD_H

#include "base/parallel/ranks.h"
#include "data/dataset.h"
#include "solvers/smoothness.h"
#include "sweep/file/sweep_file.h"
#include "sweep/workload/expansion.h"
#include "sweep/workload/fold_copies.h"
#include "sweep/workload/groups.h"
#include "sweep/workload/rungs.h"

/* The data sets distributed over the first ranks of a job. */
struct spread {
    int count;
    struct ranks *ranks;   /* they; NULL: this is none of them */
    struct dataset **data; /* (file->source_count); NULL likewise */
};

struct workload {
    const struct sweep_file *file;
    const struct ranks *ranks; /* that the rows are distributed over, or NULL: they are all here */
    struct dataset **data;     /* (file->source_count); distributed over all ranks */
    struct spread *spreads;    /* (spread_count) for configurations that want fewer ranks */
    size_t spread_count;
    char **descriptions; /* (file->source_count) */
    struct expansion expansion;
    size_t *starts; /* (file->source_count + 1): items of data set s are starts[s] .. starts[s+1] */
    struct groups groups;
    size_t *group_starts;      /* (file->source_count + 1): groups of data set s, likewise */
    size_t trials;             /* configurations times repeats */
    struct rungs rungs;        /* where the file halves; else all zero */
    struct fold_copies *folds; /* what is trained on without a fold (fold_copies.h) */
};

/* Loads and expands; false on an error, also when memory for the data is short. Whether there is
 * enough for training is asked for each group when its turn comes (group_training.c): one that is
 * refused does not refuse the others. */
bool workload_create(const struct sweep_file *file, struct workload *workload, struct error *error);
void workload_clear(struct workload *workload);

/* The same, with the rows of all data sets distributed over ranks, which call it together: the
 * error of one is that of all. NULL: as above. */
bool workload_create_over(const struct sweep_file *file, const struct ranks *ranks,
                          struct workload *workload, struct error *error);

/* Adds items, in the order of their sources (expansion_extend()); where rows are distributed over
 * ranks, not possible. */
bool workload_extend(struct workload *workload, const struct planned *more, size_t count,
                     struct error *error);

/* What an item is trained on, here; NULL where none of its rows are. Of one that is trained without
 * a fold, all rows: fold_copies_take() has its own. */
const struct dataset *workload_data(const struct workload *workload, const struct planned *item);

/* Bytes of all data, and the most that passes take beside them. */
double workload_data_bytes(const struct workload *workload);
double workload_training_bytes(const struct workload *workload);

/* What training so many models of an item's group takes beside the data, with a fold's copy of them
 * or the marks of its rows; 0 where none of its rows are here. And how many configurations are in
 * groups that take more than so many bytes. */
double workload_item_bytes(const struct workload *workload, size_t item, size_t models);
size_t workload_count_beyond(const struct workload *workload, double bytes);

/* Trials of one data set and one solver, or one program, are a class: they take about the same
 * time, and are a line of the plan. Classes are numbered by data set, then by solver in the order
 * of solver_table, then by program in that of the file. */
size_t workload_class_count(const struct workload *workload);
size_t workload_class(const struct workload *workload, const struct planned *item);

/* The data set of a class, and the name of its solver or program. */
size_t workload_class_source(const struct workload *workload, size_t class);
const char *workload_class_name(const struct workload *workload, size_t class);

/* Would an epoch of these two take the same time, side by side with as many others? */
bool workload_is_alike(const struct planned *a, const struct planned *b);

#endif
