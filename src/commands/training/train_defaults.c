/* SPDX-License-Identifier: MIT
 *
 * See train_defaults.h.
 */
#include "commands/training/train_defaults.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "report/text_table.h"
#include "solvers/solver.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LESSON "the lesson's way is --solver sgd --rate 0.1 --epochs 100"

static const double gap = 1e-6;     /* to F*, or to the 0 that F falls to */
static const double minutes = 1e11; /* operations */
static const double glance = 3e7;   /* values that are looked at in a tenth of a second or so */
enum { EPOCHS = 100, EPOCHS_FALLING = 40 }; /* where each step makes what is left e times smaller */

static const char *const says_nothing[] = {"lambda",    "seed",    "folds", "fold",
                                           "fold_seed", "threads", "ranks"};

static bool is_about_how(const char *name)
{
    for (size_t i = 0; i < sizeof says_nothing / sizeof *says_nothing; i++)
        if (strcmp(name, says_nothing[i]) == 0)
            return false;
    return true;
}

bool train_is_plain(const struct arguments *arguments)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (arguments->given[i] && is_about_how(hyperparameters[i].entry.name))
            return false;
    return arguments_value(arguments, "init") == NULL &&
           !arguments_flag(arguments, "step-by-step") &&
           arguments_value(arguments, "animate") == NULL;
}

static void set_solver(struct configuration *configuration, const char *name, int64_t epochs)
{
    configuration->solver = table_find(&solver_table, name);
    configuration->epochs = epochs;
    configuration_canonicalise(configuration);
}

/* Limits for Newton's method, or L-BFGS in its place, by what is known of F*. */
static void choose_limits(struct configuration *configuration, const struct optimum *optimum,
                          const char *method, char words[static TRAIN_CHOICE])
{
    switch (optimum->status) {
    case OPTIMUM_FOUND:
        configuration->gap = gap;
        snprintf(words, TRAIN_CHOICE, "%s, until F is at most %g above its optimum; " LESSON,
                 method, gap);
        break;
    case OPTIMUM_NONE:
        configuration->loss = gap;
        configuration->epochs = EPOCHS_FALLING;
        snprintf(words, TRAIN_CHOICE,
                 "%s, until F is at most %g or for %d epochs: F has no finite "
                 "minimiser (%s), and weights grow as long as training goes on; add --lambda 1e-4 "
                 "for a model that does not depend on when it stops; " LESSON,
                 method, gap, (int)configuration->epochs, optimum->reason);
        break;
    case OPTIMUM_UNKNOWN:
        snprintf(words, TRAIN_CHOICE,
                 "%s for %d epochs: the optimum of F was not found (%s), so how far "
                 "it is away is not known; " LESSON,
                 method, (int)configuration->epochs, optimum->reason);
        break;
    }
}

bool train_choose(struct arguments *arguments, const struct dataset *data, struct optimum *optimum,
                  char words[static TRAIN_CHOICE], struct error *error)
{
    struct configuration *configuration = &arguments->configuration;
    bool large = optimum_flops(data) > minutes;
    *optimum = (struct optimum){.objective = NAN};
    const bool newton = !large && !dataset_is_stored(data); /* which it does not read */
    set_solver(configuration, newton ? "newton" : "lbfgs", EPOCHS);
    if (!arguments_check_configuration(arguments, data, error))
        return false;
    if (large) {
        snprintf(words, TRAIN_CHOICE,
                 "L-BFGS for %d epochs: the data are so large that looking for the optimum of F "
                 "takes minutes, so how far it is away is not known; --solver newton --gap %g "
                 "looks for it; " LESSON,
                 (int)configuration->epochs, gap);
        return true;
    }
    *optimum = optimum_find(data, configuration->lambda, threads_default());
    choose_limits(configuration, optimum, newton ? "Newton's method" : "L-BFGS", words);
    if (optimum->status != OPTIMUM_FOUND)
        optimum->objective = NAN; /* where the search ended is no F* */
    return true;
}

void train_tell_choice(const char *words)
{
    char text[TRAIN_CHOICE + 16];
    snprintf(text, sizeof text, "Chosen: %s", text_shown(words));
    text_print_wrapped(text, 0, REPORT_WIDTH, stdout);
}

/* --- Scales --------------------------------------------------------------------------------- */

struct feature_summary *train_look(const struct dataset *data)
{
    struct error shortage = {.kind = ERROR_NONE};
    double values = (double)dataset_entries(data) + (double)data->features;
    return data->ranks == NULL && values <= glance &&
                   memory_check(describe_bytes(data), "a look at the features", &shortage)
               ? describe_features(data, threads_default())
               : NULL;
}

void train_tell_scales(const struct dataset *data, const struct feature_summary *summaries)
{
    char names[2][DATASET_NAME];
    struct feature_scales scales;
    if (data->scaling != NULL || summaries == NULL || !describe_scales(data, summaries, &scales))
        return;
    fprintf(stderr,
            "descent: note: %s: the scales of '%s' and '%s' differ by a factor of %.2Lg, which "
            "makes gradient descent slow, or diverge, and weights hard to compare; add --scale "
            "%s\n",
            text_shown(data->name), text_shown(dataset_feature_name(data, scales.wide, names[0])),
            text_shown(dataset_feature_name(data, scales.narrow, names[1])), scales.ratio,
            describe_scale_advised(data));
}
