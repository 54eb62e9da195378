/* SPDX-License-Identifier: MIT
 *
 * The reference solve. The steps are those of solver_newton.c, on an objective of its own.
 */
#include "solvers/optimum.h"

#include "base/clock.h"
#include "base/memory.h"
#include "kernels/choice.h"
#include "solvers/hyperparameter.h"
#include "solvers/line_search.h"
#include "solvers/separation.h"
#include "solvers/solver.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 200, BIAS_STEPS = 50 };

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

/* What the search works with. */
struct search {
    const struct dataset *data;
    double lambda;
    struct objective *objective;
    struct models models;
    double *state;
    struct configuration configuration;
    struct optimum *optimum;
};

static void search_open(struct search *search, int threads)
{
    const struct dataset *data = search->data;
    const struct objective_shape shape = {
        .data = data,
        .pass = kernel_for_pass(&kernel_auto, dataset_is_sparse(data), data->features, false),
        .models = 1,
        .second_order = true,
        .threads = threads,
    };
    search->objective = objective_create(&shape, &search->lambda);
    search->models = models_create(data->features, 1);
    search->configuration = configuration_default();
    size_t rows = solver_newton.state_rows(data->rows, data->features, &search->configuration);
    search->state = memory_allocate(rows, sizeof *search->state);
}

static void search_close(struct search *search)
{
    objective_free(search->objective);
    models_clear(&search->models);
    memory_free(search->state);
}

static void take_step(struct search *search)
{
    const struct configuration *configuration = &search->configuration;
    const double no_rate = 0.0;
    const struct step step = {
        .objective = search->objective,
        .models = &search->models,
        .configurations = &configuration,
        .rates = &no_rate,
        .state = search->state,
        .epoch = ++search->optimum->steps,
    };
    solver_newton.step(&step);
}

/* F, and the gradient's norm, where the model is. */
static void note(struct search *search)
{
    struct evaluation at = objective_evaluate(search->objective, &search->models);
    search->optimum->objective = at.objective[0];
    search->optimum->gradient_norm = at.gradient_norm[0];
}

/* Without regularisation: do the weights themselves, or the step that led to them, show that there
 * is no optimum? */
static bool is_unbounded(struct search *search, const double *step, const double *point)
{
    struct optimum *optimum = search->optimum;
    char *reason = optimum->reason;
    if (search->lambda > 0.0)
        return false;
    if (!separation_along(search->data, step, reason, sizeof optimum->reason) &&
        !separation_along(search->data, point, reason, sizeof optimum->reason))
        return false;
    optimum->status = OPTIMUM_NONE;
    return true;
}

/* Newton's steps until F and its gradient fall no more. Where F no longer changes a step still
 * halves digits of the gradient, so the gradient decides. */
static void descend(struct search *search)
{
    struct optimum *optimum = search->optimum;
    size_t length = search->data->features + 1;
    double *point = memory_allocate(2 * length, sizeof *point), *step = point + length;
    int idle = 0;
    while (optimum->steps < STEPS && idle < 3 && optimum->gradient_norm > 0.0) {
        double objective = optimum->objective, norm = optimum->gradient_norm;
        line_read(&search->models, step);
        take_step(search);
        note(search);
        line_read(&search->models, point);
        for (size_t i = 0; i < length; i++)
            step[i] = point[i] - step[i];
        if (is_unbounded(search, step, point))
            break;
        bool gains = objective - optimum->objective > 1e-15 * fabs(objective);
        idle = gains || optimum->gradient_norm < 0.5 * norm ? 0 : idle + 1;
    }
    memory_free(point);
}

/* Newton's method in the bias alone; then F_b and ||dw|| of the bound. */
static void certify(struct search *search)
{
    struct optimum *optimum = search->optimum;
    size_t d = search->data->features;
    double *unit = memory_allocate(2 * (d + 1), sizeof *unit), *column = unit + d + 1;
    unit[d] = 1.0;
    struct evaluation at = objective_at(search->objective, &search->models);
    for (int i = 0; i < BIAS_STEPS && fabs(at.db[0]) > 1e-17; i++) {
        objective_hessian_at(search->objective, &search->models);
        objective_hessian_multiply(search->objective, unit, column);
        if (!(column[d] > 0.0))
            break;
        search->models.b[0] -= at.db[0] / column[d];
        at = objective_at(search->objective, &search->models);
    }
    double square = at.gradient_norm[0] * at.gradient_norm[0] - at.db[0] * at.db[0];
    optimum->bound = fmax(optimum->objective - at.objective[0], 0.0) +
                     fmax(square, 0.0) / (2.0 * search->lambda) +
                     DBL_EPSILON * fabs(optimum->objective);
    memory_free(unit);
}

/* Half the square of the gradient over the curvature is what a step could still gain; where that is
 * not small against F, the search has failed. */
static void conclude(struct search *search)
{
    struct optimum *optimum = search->optimum;
    double scale = fmax(fabs(optimum->objective), 1e-300);
    bool found = optimum->gradient_norm <= 1e-9 * fmax(1.0, scale) &&
                 (search->lambda == 0.0 || optimum->bound <= 1e-11 * scale);
    optimum->status = found ? OPTIMUM_FOUND : OPTIMUM_UNKNOWN;
    if (!found)
        snprintf(optimum->reason, sizeof optimum->reason,
                 "Newton's method came to a gradient of norm %.2g in %d steps, and no further",
                 optimum->gradient_norm, (int)optimum->steps);
}

struct optimum optimum_find(const struct dataset *data, double lambda, int threads)
{
    struct optimum optimum = {.lambda = lambda, .bound = INFINITY};
    double start = clock_seconds();
    if (lambda == 0.0 && separation_by_feature(data, optimum.reason, sizeof optimum.reason))
        optimum.status = OPTIMUM_NONE;
    struct search search = {.data = data, .lambda = lambda, .optimum = &optimum};
    search_open(&search, threads);
    note(&search);
    if (optimum.status != OPTIMUM_NONE)
        descend(&search);
    if (lambda > 0.0)
        certify(&search);
    if (optimum.status != OPTIMUM_NONE)
        conclude(&search);
    search_close(&search);
    optimum.seconds = clock_seconds() - start;
    return optimum;
}
