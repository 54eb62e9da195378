/* SPDX-License-Identifier: MIT
 *
 * Where a data set comes from: a file in a format, or a generator with its settings. A source is
 * what a sweep file or a command line names (sources/source_load.h).
 */
#ifndef DESCENT_DATA_SOURCE_H
#define DESCENT_DATA_SOURCE_H

#include "base/error.h"
#include "base/table.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Settings of generators; each generator says which it uses, and has its own defaults. */
struct generator_settings {
    size_t rows;
    size_t features;
    double separation; /* distance of the class means, in standard deviations */
    double noise;      /* share of labels that are flipped, in [0, 0.5] */
    double condition;  /* ratio of the largest to the smallest variance along an axis, >= 1 */
    uint64_t seed;
};

struct generator; /* data/generators/generator.h */
struct format;    /* data/formats/format.h */
struct scratch;   /* data/scratch.h */

/* The columns that a model needs, in a file that it is to predict: those that it was trained on
 * before they were encoded. Where it knows names, and all stand in the first line, columns are
 * found by name in any order, and others are left alone. */
struct columns_wanted {
    size_t features;
    char *const *names;                /* (features), or NULL: it knows none */
    const struct columns_found *found; /* of the file that it was trained on */
    const bool *categories; /* (features) which hold categories, whatever their cells look like; the
                             * others hold numbers; NULL: all do */
};

/* What is not told by path or generator is set by name through attributes.h. */
struct source {
    char *path;                  /* of a file, as it is opened; NULL: generated */
    char *label;                 /* label column by name or position from 1, "none"; of NumPy
                                  * files the path of the labels; NULL: the last, or what goes with the path */
    char *array;                 /* of an archive of NumPy the array with the features; NULL: the
                                  * one that goes with the label, or that is called so */
    const struct format *format; /* of the file; NULL: told by its ending */
    const struct entry *header;  /* a row of header_table; NULL: told by what it holds */
    const struct entry *first_index; /* a row of first_index_table; NULL: 1 */
    size_t features; /* that the set has, perhaps more than the file shows; 0: what it shows */
    const struct generator *generator;
    struct generator_settings settings;
    char *columns;        /* which columns of a CSV file are read, a list; NULL: all */
    char *drop;           /* which of those are left out, a list; NULL: none */
    char *category;       /* which are categories, though their cells be numbers; NULL: none */
    char *missing_tokens; /* what marks a missing value beside the usual marks, a list; "=LIST": in
                           * place of them; NULL: the usual ones */
    const struct entry *decimal; /* a row of decimal_table; NULL: told by what the file holds */

    const struct entry *cache; /* a row of cache_table; NULL: nothing is kept */

    /* What is done to the set before training. */
    const struct entry *scale;   /* a row of scale_table, or NULL: none */
    double split;                /* share of the rows held out, in [0, 1) */
    uint64_t split_seed;         /* which they are */
    const struct entry *weights; /* a row of weighting_table, or NULL: none */
    char *positive;              /* the class that is 1; NULL: as labels are mapped (labels.h) */
    char *categories;            /* how they are encoded (preparation/encoding.h); NULL: onehot */
    size_t rare;                 /* levels of fewer rows are one; 0: none is */
    const struct entry *missing; /* a row of missing_table, or NULL: refuse */

    /* How values are stored for training. */
    const struct entry *precision; /* a row of precision_table, or NULL: float64 */
    const struct entry *refine;    /* a row of refine_table, or NULL: no */

    /* Over which rows are distributed: rank p of P reads and keeps the rows from n p / P to before
     * n (p + 1) / P of the n that are trained on, and likewise of those held out. All of them load
     * at the same time. NULL: the whole set is read here. Not a part of the description. */
    const struct ranks *ranks;

    /* Of a sweep file, whose paths are taken from its folder: the path as it is written there,
     * which is how the set is described from wherever it is read; and that folder, from which the
     * path in `label` is taken. NULL: `path` is as written, from the working directory. */
    char *written, *folder;

    /* For a file that is to be predicted: which columns are features, and whether there is a label,
     * is told by what the model needs, in one reading. A label that is `none` is then passed over,
     * where there is one. NULL: there is no model. Not a part of the description. */
    const struct columns_wanted *wanted;

    /* Rows are to be a matrix even where they could be sparse: for what is to be done with them, as
     * source_read() knows. Not a part of the description. */
    bool dense;

    /* Training reads numbers as float32, so that an array of them may stay as it lies in its file;
     * and what is to be done with them that needs doubles, in words, or NULL: nothing. As
     * source_read() knows. Not a part of the description. */
    bool singles;
    const char *needs_doubles;

    /* Where rows may lie that memory does not hold (scratch.h); NULL: then they cannot be read. Not
     * a part of the description. */
    struct scratch *scratch;

    /* Where the columns of a table are told, one a line, once they are known, even if they cannot
     * be used as they are; NULL: nowhere. Of many columns first a shorter table, in which some
     * share a line, then SOURCE_TOLD_WHOLE. Not a part of the description. */
    FILE *told;
};

#define SOURCE_TOLD_WHOLE '\f'

#endif
