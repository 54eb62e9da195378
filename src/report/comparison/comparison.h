/* SPDX-License-Identifier: MIT
 *
 * The comparison: which side comes to a target first, when each may choose the best of its
 * configurations, and how sure that is. What it says is worked out here once, from stores alone;
 * comparison_markdown.c and comparison_json.c say it.
 *
 * The level of all statements together is 95 %: each of m comparisons has 1 - 0.05 / m (Bonferroni;
 * measure/statistics/paired.h says why m need not be the number of all pairs).
 */
#ifndef DESCENT_REPORT_COMPARISON_COMPARISON_H
#define DESCENT_REPORT_COMPARISON_COMPARISON_H

#include "report/comparison/verdict.h"
#include "report/machines.h"
#include "report/noise.h"

#include <stdio.h>

#define COMPARISON_ALPHA 0.05

/* What happened to the entrants of a side. */
struct standing {
    size_t planned;  /* entrants */
    size_t pending;  /* of them, without a trial */
    size_t needless; /* of them, not run, as a looser rung of their ladder tells */
    size_t unfit;    /* of the rest, with a trial that diverged or failed */
    size_t untimed;  /* of the rest, those never timed alone */
    size_t cut;      /* with a trial that was cut at a rung (`method: halving`) */
};

/* What may be expected of the best of so many configurations tried (measure/statistics/tuning.h),
 * at the last target that every side comes to; of none where configurations were cut, for then it
 * is not known what they come to. */
enum { TRIES_MOST = 32 };
struct tuning {
    int target; /* -1: none */
    bool timed; /* in seconds; else in epochs, where configurations shared a clock */
    size_t count;
    size_t tried[TRIES_MOST]; /* (count) 1, 2, 4, ... and the most of a side */
    double *best;             /* (count, sides); NaN: the side has not so many */
};

struct match {
    struct verdict verdicts[TARGETS_MOST]; /* (problem->targets) */
    struct standing *standings;            /* (sides) */
    struct tuning tuning;
};

/* Who leads with a budget of threads: the side ahead at each target among entrants that use at most
 * so many, and what a verdict on these entrants alone says of it, at the level of all others: those
 * of one budget hold together with 95 %. */
struct crossover {
    size_t budgets;
    int64_t *threads;               /* (budgets), ascending */
    int *ahead;                     /* (problems, budgets, TARGETS_MOST) side; -1: none arrives */
    enum verdict_outcome *outcomes; /* (problems, budgets, TARGETS_MOST); VERDICT_UNTIMED, too,
                                       where only one side was timed with so few threads */
};

struct comparison {
    struct contenders contenders;
    struct match *matches;      /* (contenders.count) */
    struct side_best *places;   /* of all verdicts */
    struct standing *standings; /* of all matches */
    size_t comparisons;         /* m */
    double alpha;               /* of each */
    struct machines machines;   /* that recorded what is compared, in all stores */
    struct crossover crossover;
    struct noise noise; /* of all stores */
    size_t withheld;    /* verdicts that noise has left none of */
    size_t verdicts;    /* of all problems together */
    double *times,
        *best; /* (verdicts, sides) seconds of the best of each side; (verdicts) the least */
};

/* Works it out. Clear with comparison_clear() in any case. */
bool comparison_create(struct comparison *comparison, const char *by,
                       const struct opened_store *opened, size_t count, struct error *error);
void comparison_clear(struct comparison *comparison);

/* Share of the pairs of problem and target at which a side is within a factor of the best (Dolan
 * and More; measure/statistics/performance_profile.h). */
enum { COMPARISON_FACTORS = 8 };
extern const double comparison_factors[COMPARISON_FACTORS]; /* that reports show; the last: any */
double comparison_performance_profile(const struct comparison *comparison, size_t side,
                                      double factor);

/* Prints all of it for people: Markdown, which a terminal shows as well. */
void comparison_markdown(const struct comparison *comparison, FILE *out);

/* All problems in one table, where there are several. */
void comparison_print_summary(const struct comparison *comparison, FILE *out);

/* The closing paragraph alone. */
void comparison_words(const struct comparison *comparison, FILE *out);

/* Was a configuration of any side cut at a rung? */
bool comparison_has_cuts(const struct comparison *comparison);

/* The answer in one sentence: on the largest data, at the hardest target at which there is one. */
enum { COMPARISON_ANSWER = 320 };
struct comparison_answer {
    size_t problem, target;        /* that it is about; SIZE_MAX: it is about none */
    const struct verdict *verdict; /* NULL where there is none */
    int other;                     /* the side that the ratio is to; -1: there is no ratio */
    bool trusted;                  /* noise has not taken it */
    char words[COMPARISON_ANSWER]; /* mostly 15 at most, without interval and data */
};
struct comparison_answer comparison_answer_of(const struct comparison *comparison);

/* It, with its interval, its data and what it is subject to, and under it a warning where noise has
 * taken this verdict or others; the first lines of all that is printed. */
void comparison_print_answer(const struct comparison *comparison, FILE *out);

/* One strict JSON object. */
void comparison_json(const struct comparison *comparison, FILE *out);

#endif
