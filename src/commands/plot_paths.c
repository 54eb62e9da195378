/* SPDX-License-Identifier: MIT
 *
 * Each solver is trained as 'descent train' would train it, with the options of the command line.
 */
#include "commands/plot_paths.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "commands/training/training_command.h"
#include "report/plots/lesson/path.h"
#include "report/plots/lesson/surface.h"

#include <string.h>

enum { PATHS = 2 };
static const char *const usual[PATHS] = {"sgd", "gd"};

/* What all of them start from. */
struct start {
    double *w; /* (2), or NULL: drawn by seed */
    double b;
};

/* Was the hyper-parameter of this name given on the command line? */
static bool is_given(const struct arguments *arguments, const char *name)
{
    return arguments->given[hyperparameter_find(name) - hyperparameters];
}

/* The command line with another solver, at a rate of its own where none was given. */
static struct arguments with_solver(const struct arguments *arguments, const char *solver)
{
    struct arguments one = *arguments;
    char reason[128];
    struct value value;
    const struct hyperparameter *rate = hyperparameter_find("rate");
    one.configuration.solver = table_find(&solver_table, solver);
    if (!is_given(arguments, "rate") &&
        setting_parse(&rate->setting, "auto", &value, reason, sizeof reason))
        hyperparameter_set(rate, &one.configuration, value);
    configuration_canonicalise(&one.configuration);
    return one;
}

static bool train_path(const struct arguments *arguments, const struct dataset *data,
                       const struct start *start, struct path *path, struct error *error)
{
    struct optimum optimum;
    struct trial trial = {0};
    path_create(path, &arguments->configuration);
    if (!arguments_check_training(arguments, data, &optimum, error))
        return false;
    const struct training_hooks hooks = {.observe = path_observe,
                                         .before_step = path_step,
                                         .context = path,
                                         .initial_weights = start->w,
                                         .initial_bias = start->b,
                                         .optima = &optimum.objective};
    bool done =
        arguments_train(arguments, data, hooks, &trial, error) && trial_completed(&trial, error);
    path->configuration.rate = trial.rate;
    path_end(path);
    trial_clear(&trial);
    return done;
}

/* Where F is least: what Newton's method comes to, if the optimum is known and this is it. */
static bool find_minimum(const struct arguments *arguments, const struct dataset *data,
                         double minimum[static 2])
{
    const double near = 1e-9, lambda = arguments->configuration.lambda;
    struct configuration newton = configuration_default();
    const struct configuration *configuration = &newton;
    newton.solver = table_find(&solver_table, "newton");
    newton.lambda = lambda;
    configuration_canonicalise(&newton);
    const struct optimum optimum = optimum_find(data, lambda, threads_default());
    const struct training_hooks hooks = {.initial_weights = (const double[]){0.0, 0.0}};
    struct trial trial;
    if (optimum.status != OPTIMUM_FOUND)
        return false;
    training_run(data, &configuration, 1, &hooks, &trial);
    bool found = trial_last(&trial)->objective - optimum.objective <= near;
    memcpy(minimum, trial.w, 2 * sizeof *minimum);
    trial_clear(&trial);
    return found;
}

static bool check_data(const struct dataset *data, struct error *error)
{
    if (data->features != 2)
        return error_usage(error,
                           "%s: the surface is drawn over two weights, and the data have %zu "
                           "feature%s",
                           data->name, data->features, data->features == 1 ? "" : "s");
    return data->rows <= SURFACE_ROWS_MOST ||
           error_usage(error,
                       "%s: the surface looks at every row for each of its places, and %zu rows "
                       "are too many; take %d at most",
                       data->name, data->rows, (int)SURFACE_ROWS_MOST);
}

bool plot_paths_draw(const struct arguments *arguments, const struct plot_kind *kind,
                     struct plot_subject subject, struct picture *picture, struct error *error)
{
    const bool chosen = is_given(arguments, "solver");
    struct path paths[PATHS] = {{.count = 0}};
    struct start start = {0};
    double minimum[2];
    bool done = check_data(subject.data, error) &&
                arguments_initial(arguments, 2, &start.w, &start.b, error);
    subject.path_count = chosen ? 1 : PATHS;
    for (size_t p = 0; p < subject.path_count && done; p++) {
        const char *solver = chosen ? arguments->configuration.solver->name : usual[p];
        const struct arguments one = with_solver(arguments, solver);
        done = train_path(&one, subject.data, &start, &paths[p], error);
    }
    if (done && find_minimum(arguments, subject.data, minimum))
        subject.minimum = minimum;
    subject.paths = paths;
    subject.configuration = &arguments->configuration;
    done = done && kind->draw(&subject, picture, error);
    for (size_t p = 0; p < PATHS; p++)
        path_clear(&paths[p]);
    memory_free(start.w);
    return done;
}
