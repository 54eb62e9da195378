/* SPDX-License-Identifier: MIT
 *
 * The reference solve: a search, and what may be said of where it ends.
 */
#include "solvers/optimum/optimum.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "data/ranges.h"
#include "solvers/optimum/optimum_search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 8 }; /* samples that are left undecided, of those that are, ... */

/* A bound that is larger says too little: of F*, and where that is next to 0, as with little
 * regularisation on separable data. F is log 2 at weights 0. */
static const double worth = 1e-9, worth_at_zero = 1e-16;

static const struct {
    enum optimum_status status;
    const char *name;
} names[] = {{OPTIMUM_UNKNOWN, "unknown"}, {OPTIMUM_FOUND, "found"}, {OPTIMUM_NONE, "none"}};

enum { NAMES = sizeof names / sizeof *names };

const char *optimum_status_name(enum optimum_status status)
{
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].status == status)
            return names[i].name;
    return "unknown";
}

enum optimum_status optimum_status_find(const char *name)
{
    for (size_t i = 0; i < NAMES; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].status;
    return OPTIMUM_UNKNOWN;
}

/* About twenty steps, each with a Hessian: all pairs of the values of a row, or, where conjugate
 * gradients take its place, some hundred products with it. */
double optimum_flops(const struct dataset *data)
{
    double entries = (double)dataset_whole_entries(data), rows = (double)dataset_samples(data);
    double a_row = entries / rows;
    double pairs = 2.0 * entries * a_row, products = 200.0 * 4.0 * entries;
    double d = (double)data->features;
    return 20.0 * (d <= 1000.0 ? pairs + d * d * d / 3.0 : products);
}

/* --- Are there samples on both sides of every direction? ------------------------------------- */

static enum separation what_separates(struct search *search, const struct ranges *ranges,
                                      char *reason, size_t size)
{
    struct normalised *problem = &search->problem;
    enum separation found = separation_by_threshold(problem, ranges, search->touched);
    if (found == SEPARATION_COMPLETE)
        return found;
    const enum separation one =
        separation_by_feature(problem, ranges, search->touched, reason, size);
    return one != SEPARATION_UNPROVEN ? one
           : found == SEPARATION_UNPROVEN
               ? found
               : separation_by_threshold(problem, ranges, search->touched);
}

enum answer { NO, YES, UNCLEAR };

/* Are the active samples completely separable? */
static enum answer is_complete(const struct dataset *data, const unsigned char *active, int threads,
                               int depth)
{
    char reason[256];
    struct search search;
    struct ranges ranges = ranges_find(data, active, threads);
    search_open(&search, data, &ranges, 0.0, active, threads);
    enum answer answer = UNCLEAR;
    search.separation = what_separates(&search, &ranges, reason, sizeof reason);
    if (search.separation == SEPARATION_UNPROVEN)
        search_descend(&search);
    if (search.separation == SEPARATION_UNPROVEN && isfinite(search_certify(&search)))
        answer = NO;
    else if (search.separation == SEPARATION_UNPROVEN)
        search.separation = separation_by_fractions(&search.problem, SEARCH_DENSE, search.touched);
    if (search.separation == SEPARATION_COMPLETE)
        answer = YES;
    if (search.separation == SEPARATION_TOUCHING && depth < DEEPEST)
        answer = is_complete(data, search.touched, threads, depth + 1);
    search_close(&search);
    ranges_clear(&ranges);
    return answer;
}

/* --- What is said ---------------------------------------------------------------------------- */

/* With K times a direction that leaves samples undecided, and another one that decides those, all
 * are decided. So what is undecided says which word holds. */
static void tell_separable(struct optimum *optimum, const struct search *search, int threads)
{
    static const char *const words[] = {
        [NO] = "quasi-completely ", [YES] = "completely ", [UNCLEAR] = ""};
    enum answer complete = YES;
    if (search->separation == SEPARATION_TOUCHING)
        complete = is_complete(search->problem.data, search->touched, threads, 1);
    optimum->status = OPTIMUM_NONE;
    snprintf(optimum->reason, sizeof optimum->reason,
             "the data are %sseparable: F decreases forever along a direction", words[complete]);
}

static void tell_unknown(struct optimum *optimum, const struct search *search)
{
    const bool dependent = search->factor != NULL && search->factor->least < 1e-10;
    optimum->status = OPTIMUM_UNKNOWN;
    if (!isfinite(optimum->objective)) {
        snprintf(optimum->reason, sizeof optimum->reason, "F is too large for a double");
        return;
    }
    snprintf(optimum->reason, sizeof optimum->reason,
             "Newton's method reached F = %.10g in %d steps, but what is left to gain cannot be "
             "bounded%s",
             optimum->objective, (int)optimum->steps,
             dependent || optimum->lambda == 0.0
                 ? ": columns are nearly dependent, or classes overlap by hardly more than rounding"
                 : "");
}

/* After the search: what it has proven. */
static void conclude(struct optimum *optimum, struct search *search, int threads)
{
    if (search->separation == SEPARATION_UNPROVEN) {
        double *doubt = memory_allocate(search->problem.length, sizeof *doubt);
        const double above = search_certify(search);
        optimum->objective = search->problem.objective;
        optimum->gradient_norm = normalised_gradient_norm(&search->problem);
        normalised_evaluate(&search->problem); /* the proof has used its weights */
        const double rounding = normalised_doubt(&search->problem, doubt);
        memory_free(doubt);
        optimum->bound = above + rounding;
    }
    if (optimum->bound <= fmax(worth * optimum->objective, worth_at_zero)) {
        optimum->status = OPTIMUM_FOUND;
        return;
    }
    if (search->separation == SEPARATION_UNPROVEN && optimum->lambda == 0.0)
        search->separation =
            separation_by_fractions(&search->problem, SEARCH_DENSE, search->touched);
    if (search->separation != SEPARATION_UNPROVEN)
        tell_separable(optimum, search, threads);
    else
        tell_unknown(optimum, search);
}

/* --- Searches -------------------------------------------------------------------------------- */

struct optimum_path {
    const struct dataset *data;
    int threads;
    struct ranges ranges; /* of the data */
    double *reached;      /* (d + 1) where the last search ended: weights in the units of the data,
                           * and the constant of shifted columns, whose shifts all searches share */
    bool led;             /* is that an optimum, which the next search may begin with? */
};

struct optimum_path *optimum_path_open(const struct dataset *data, int threads)
{
    struct optimum_path *path = memory_allocate(1, sizeof *path);
    path->data = data;
    path->threads = threads;
    path->ranges = ranges_find(data, NULL, threads);
    path->reached = memory_allocate(data->features + 1, sizeof *path->reached);
    return path;
}

void optimum_path_close(struct optimum_path *path)
{
    ranges_clear(&path->ranges);
    memory_free(path->reached);
    memory_free(path);
}

/* Scales are powers of two: nothing is rounded. */
static void begin_where_reached(struct normalised *problem, const double *reached)
{
    const size_t d = problem->length - 1;
    for (size_t j = 0; j < d; j++)
        problem->point[j] = reached[j] / problem->scale[j];
    problem->point[d] = reached[d];
}

static void keep_where_reached(const struct normalised *problem, double *reached)
{
    const size_t d = problem->length - 1;
    for (size_t j = 0; j < d; j++)
        reached[j] = problem->point[j] * problem->scale[j];
    reached[d] = problem->point[d];
}

/* One search: from weights 0, or from where the last has ended. */
static struct optimum search_for(struct optimum_path *path, double lambda, bool led)
{
    struct optimum optimum = {.lambda = lambda, .bound = INFINITY};
    struct search search;
    search_open(&search, path->data, &path->ranges, lambda, NULL, path->threads);
    if (led)
        begin_where_reached(&search.problem, path->reached);
    if (lambda == 0.0)
        search.separation =
            what_separates(&search, &path->ranges, optimum.reason, sizeof optimum.reason);
    const bool told = *optimum.reason != '\0';
    if (search.separation == SEPARATION_UNPROVEN)
        search_descend(&search);
    else
        normalised_evaluate(&search.problem);
    optimum.objective = search.problem.objective;
    optimum.gradient_norm = normalised_gradient_norm(&search.problem);
    optimum.steps = search.steps;
    if (told)
        optimum.status = OPTIMUM_NONE;
    else
        conclude(&optimum, &search, path->threads);
    path->led = optimum.status == OPTIMUM_FOUND;
    if (path->led)
        keep_where_reached(&search.problem, path->reached);
    search_close(&search);
    return optimum;
}

/* What the proof of one that was led says less of than it might, is searched for from weights 0. */
struct optimum optimum_path_find(struct optimum_path *path, double lambda)
{
    const double start = clock_seconds();
    const bool led = path->led && lambda > 0.0;
    struct optimum optimum = search_for(path, lambda, led);
    if (led && optimum.status != OPTIMUM_FOUND)
        optimum = search_for(path, lambda, false);
    optimum.seconds = clock_seconds() - start;
    return optimum;
}

struct optimum optimum_find(const struct dataset *data, double lambda, int threads)
{
    const double start = clock_seconds();
    struct optimum_path *path = optimum_path_open(data, threads);
    struct optimum optimum = optimum_path_find(path, lambda);
    optimum_path_close(path);
    optimum.seconds = clock_seconds() - start;
    return optimum;
}
