/* SPDX-License-Identifier: MIT
 *
 * The studies (report/scaling/study.h) that a picture has room for: those of one data set, and of
 * each solver and kernel the first configuration, for a learning rate changes nothing about the
 * time of an epoch.
 */
#ifndef DESCENT_REPORT_PLOTS_PLOT_STUDIES_H
#define DESCENT_REPORT_PLOTS_PLOT_STUDIES_H

#include "report/plots/plot.h"
#include "report/scaling/study.h"

enum { PLOT_STUDIES = 8 };

struct plot_studies {
    struct studies all;
    char set[PLOT_SET_TEXT]; /* the data set, as pictures name it */
    size_t found;            /* studies of it */
    size_t count;
    const struct study *studies[PLOT_STUDIES]; /* (count) of them, in the order of the plan */
    struct plot_threads threads;               /* at which one of them has a point */
};

/* Those of the subject's first store, with at least so many points, on the data set that --set
 * names or on the largest; perhaps none. Clear with plot_studies_clear() in any case. */
bool plot_studies_read(const struct plot_subject *subject, size_t points,
                       struct plot_studies *studies, struct error *error);
void plot_studies_clear(struct plot_studies *studies);

/* "3 configurations are shown: of each solver and kernel the first of 12", or "" where all are.
 * Returns `text`. */
char *plot_studies_note(const struct plot_studies *studies, char text[static PLOT_SET_TEXT]);

/* A study as a legend has it: "gd, rate 0.1, kernel blas". Returns `text`. */
enum { PLOT_STUDY_NAME = PLOT_NAME + 96 };
char *plot_study_name(const struct study *study, char text[static PLOT_STUDY_NAME]);

/* Its ink: the solver's. */
struct ink plot_study_ink(const struct plot_studies *studies, size_t study);

/* A number of gnuplot's pointtypes, filled, another for each of the first. */
int plot_study_point(size_t study);

#endif
