/* SPDX-License-Identifier: MIT
 *
 * Plots. A kind of plot is a row of plot_table and a file plot_NAME.c: it says what it is made
 * from and which options it looks at, and writes a script for gnuplot (report/plots/gnuplot.h) with
 * its data in it. Numbers of stores are those that the comparison has
 * (report/comparison/contenders.h, comparison.h); none is worked out a second time.
 */
#ifndef DESCENT_REPORT_PLOTS_PLOT_H
#define DESCENT_REPORT_PLOTS_PLOT_H

#include "base/table.h"
#include "data/dataset.h"
#include "report/comparison/sides.h"
#include "report/plots/gnuplot.h"
#include "report/plots/palette.h"
#include "report/plots/plot_sheet.h"
#include "store/model/model_file.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

struct animation;
struct path;
struct trial;

/* What a kind looks at. */
enum plot_use {
    PLOT_DATA = 1,     /* takes DATA; ... */
    PLOT_TRAINS = 2,   /* ... and trains on it, with the hyper-parameters of the command line */
    PLOT_RESULTS = 4,  /* takes RESULTS; with PLOT_DATA, either */
    PLOT_TWO = 8,      /* takes a second store */
    PLOT_MODEL = 16,   /* --model */
    PLOT_BY = 32,      /* --by */
    PLOT_SET = 64,     /* --set */
    PLOT_AXES = 128,   /* --y, --target */
    PLOT_MOVES = 256,  /* is an animation */
    PLOT_LABELS = 512, /* labels are those of the model */
    PLOT_PROBABILITY = 1024, /* --probability */
    PLOT_PATHS = 2048,       /* trains solver after solver, for their paths */
    PLOT_X = 4096,           /* --x */
    PLOT_VALUE = 8192,       /* --value */
};

/* What there is to be drawn; of options that were not given, NULL. */
struct plot_subject {
    const struct dataset *data;
    const struct model_file *model;
    const struct animation *animation; /* of the training, and ... */
    const struct trial *trial;         /* ... what came of it */
    const struct configuration *configuration;
    const struct opened_store *opened; /* (opened_count) */
    size_t opened_count;
    const char *by, *set, *x, *y, *value, *target;
    bool probability;
    const struct path *paths; /* (path_count) of one start, each of a solver */
    size_t path_count;
    const double *minimum; /* (2) weights where F is least, where that is known */
};

struct plot_kind {
    struct entry entry;
    unsigned uses; /* PLOT_... */
    bool (*draw)(const struct plot_subject *subject, struct picture *picture, struct error *error);
};

extern const struct table plot_table;

/* --- What kinds share ----------------------------------------------------------------------- */

/* "set title 'TEXT'" and the like, on a line; of the title of a picture, the one that is asked for.
 */
void plot_set_text(struct picture *picture, const char *what, const char *text);

/* A width with room for the title. */
int plot_width(const char *title, int least);

/* What is shown along an axis; start with PLOT_EMPTY. */
struct plot_range {
    double low, high;
};
#define PLOT_EMPTY                                                                                 \
    (struct plot_range)                                                                            \
    {                                                                                              \
        INFINITY, -INFINITY                                                                        \
    }
void plot_widen(struct plot_range *range, double value);

/* Axes ("x", "y" or, of a scale of colours, "cb") of the panels of a sheet, with as many marks as
 * have room; seconds have units. Logarithmic, of whole decades around what is shown: */
void plot_set_log(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                  struct plot_range range, bool seconds);

/* Logarithmic, of just that range: for what is close together. */
void plot_set_close(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                    struct plot_range range, bool seconds);

/* Where a value lies in such a range, on a length from `from` to `to`. */
double plot_place(struct plot_range range, double value, double from, double to);

/* As plot_set_log() where what is shown spans more than a decade or so; else linear, from 0. */
void plot_set_axis(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                   struct plot_range range, bool seconds);

/* Numbers of threads (count), ascending, each once; a number for which there is no room is left
 * out. */
enum { PLOT_THREADS = 64 };
struct plot_threads {
    size_t count;
    int64_t values[PLOT_THREADS];
};
void plot_threads_add(struct plot_threads *threads, int64_t value);

/* The horizontal axis over them, in powers of two, and on to `most` where that is more. There is
 * one at least. */
void plot_set_threads(struct picture *picture, const struct plot_threads *threads, double most);

/* The axis of the seconds of curves, or, where nothing is shown, that nothing was timed. */
void plot_set_seconds(struct picture *picture, const struct plot_sheet *sheet,
                      struct plot_range range);

/* " linecolor rgb '#rrggbb' dashtype 2", after a line's style. */
void plot_ink(struct picture *picture, struct ink ink);

/* A configuration as a legend has it: "sgd, rate 0.03". Returns `text`. */
enum { PLOT_NAME = 160 };
char *plot_name(const struct configuration *values, char text[static PLOT_NAME]);

/* Is this point of a trace drawn? Of long traces few are, closer together in the beginning; start
 * with *next = 0. */
bool plot_shows(int64_t epoch, bool last, double *next);

/* One of several data sets. */
struct plot_set {
    const char *name;
    double lambda; /* NaN: it tells nothing apart */
    int64_t rows, features;
    int64_t fold; /* that is held out; 0: none */
};

/* The one that --set names ("NAME" or "NAME lambda=0.01 fold=2"), the largest when `set` is NULL;
 * -1, with an error that names all, when there is none. */
int plot_choose_set(const struct plot_set *sets, size_t count, const char *set,
                    struct error *error);

/* What --set calls it. Returns `text`. */
enum { PLOT_SET_TEXT = 256 };
char *plot_set_name(const struct plot_set *set, char text[static PLOT_SET_TEXT]);

/* The name of a data set without the settings of a generator and the folders of a file, its middle
 * cut out where it is long. Returns `text`. */
char *plot_data_name(const char *name, char text[static PLOT_SET_TEXT]);

/* What a title calls a data set: "blobs (200 rows, 3 features)". Returns `text`. */
char *plot_data_words(const char *name, int64_t rows, int64_t features,
                      char text[static PLOT_SET_TEXT]);

struct contenders; /* report/comparison/contenders.h */
struct comparison; /* report/comparison/comparison.h */

/* The same for the problems of a field and the sections of results; they are not empty. `text`: the
 * one that is chosen, in words, with its lambda where that tells it from another. A fold is chosen
 * by its number alone: none speaks for the others. */
int plot_choose_problem(const struct contenders *contenders, const char *set,
                        char text[static PLOT_SET_TEXT], struct error *error);
int plot_choose_section(const struct results *results, const char *set,
                        char text[static PLOT_SET_TEXT], struct error *error);

/* What a legend calls a side: a store without the folders that it is in. Returns `text`. */
char *plot_side(const struct contenders *contenders, size_t side, char text[static PLOT_NAME]);

/* "sgd-vs-gd: Which reaches ...?", of the sweeps that are drawn; "" where there is nothing to say.
 * Returns `text`. */
enum { PLOT_QUESTION = 512 };
char *plot_question(const struct plot_subject *subject, char text[static PLOT_QUESTION]);

/* Compares the subject's stores, and chooses of its problems the one to draw; -1 on an error. Clear
 * `comparison` with comparison_clear() in any case. */
int plot_compare(const struct plot_subject *subject, struct comparison *comparison,
                 char name[static PLOT_SET_TEXT], struct error *error);

#endif
