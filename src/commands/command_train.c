/* SPDX-License-Identifier: MIT
 *
 * descent train: one configuration on one data set, told as the lesson tells it (epoch, loss,
 * accuracy, at every tenth of the way) or as one JSON object.
 */
#include "base/memory.h"
#include "base/text.h"
#include "commands/parsing/distribution.h"
#include "commands/training/train_checkpoint.h"
#include "commands/training/train_defaults.h"
#include "commands/training/train_findings.h"
#include "commands/training/train_folds.h"
#include "commands/training/train_from.h"
#include "commands/training/train_steps.h"
#include "commands/training/training_command.h"
#include "data/columns.h"
#include "data/generators/generator.h"
#include "data/preparation/scaling.h"
#include "data/sources/source_load.h"
#include "measure/variants/variant_tuning.h"
#include "report/plots/lesson/animation.h"
#include "solvers/solver.h"
#include "store/model/model_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WEIGHTS_SHOWN = 20 };

/* How it is told what comes of it. */
struct telling {
    bool json;
    double threshold;                  /* of the probability of class 1, above which it is said */
    size_t coefficients;               /* how many are told */
    bool plain;                        /* how to train was left open */
    char chosen[TRAIN_CHOICE];         /* what was chosen, there or of a sweep; "": nothing */
    struct feature_summary *summaries; /* (d) of the data, or NULL: not known */
};

/* --- As the lesson tells it ------------------------------------------------------------------ */

/* How categories and missing values became features, where there were any. */
static void tell_encoding(const struct dataset *data)
{
    const struct encoding *encoding = data->encoding;
    size_t columns = 0, features = 0;
    for (size_t c = 0; encoding != NULL && c < encoding->count; c++)
        if (encoding->columns[c].category) {
            columns++;
            features += encoding->columns[c].features;
        }
    char buckets[TEXT_NUMBER] = "";
    if (columns > 0 && encoding->buckets > 0)
        snprintf(buckets, sizeof buckets, ":%zu", encoding->buckets);
    if (columns > 0)
        printf("Categories: %s%s, %zu column%s as %zu feature%s\n", encoding->method->name, buckets,
               columns, columns == 1 ? "" : "s", features, features == 1 ? "" : "s");
    if (encoding != NULL && data->gaps)
        printf("Missing: %s\n", encoding->missing->name);
}

/* What was done to the data, if anything; `given`: the first weights are. */
static void tell_preparation(const struct dataset *data, bool given)
{
    const double *weights = data->class_weights;
    tell_encoding(data);
    if (data->scaling != NULL)
        printf("Scale: %s\n", data->scaling->method->name);
    if (data->heldout != NULL)
        printf("Held out: %zu rows\n", dataset_samples(data->heldout));
    if (weights[0] != 1.0 || weights[1] != 1.0)
        printf("Class weights: %.6g and %.6g\n", weights[0], weights[1]);
    if (dataset_is_stored(data))
        printf("Precision: %s, which training reads%s; F, F* and gaps are of the features as "
               "given, in float64\n",
               data->stored.precision->name, data->stored.refine ? " until the last epochs" : "");
    if (data->zeros_count > 0)
        printf("Zeros: %zu feature%s 0 in all rows, and nothing moves the weights there: %s\n",
               data->zeros_count, data->zeros_count == 1 ? " is" : "s are",
               given ? "they stay as --init has them" : "they are 0");
}

/* A number as text; one that overflowed is said to have done so. */
static const char *number_text(char text[static TEXT_NUMBER], double number)
{
    return isfinite(number) ? text_from_real(text, number) : "not a finite number";
}

static void tell_start(const struct dataset *data, const struct configuration *configuration,
                       bool given, const struct telling *telling)
{
    printf("Data: %s, %zu rows, %zu features; label '%s' is 0, '%s' is 1\n", text_shown(data->name),
           dataset_samples(data), data->features, text_shown(data->class_names[0]),
           text_shown(data->class_names[1]));
    tell_preparation(data, given);
    char text[1024];
    printf("Training: %s\n", configuration_describe(configuration, text, sizeof text));
    if (!solver_of(configuration->solver)->minimises_objective)
        printf("Rule: %s does not minimise the loss, which is shown for comparison; look at the "
               "accuracy\n",
               configuration->solver->name);
    if (*telling->chosen != '\0')
        train_tell_choice(telling->chosen);
}

struct lesson {
    int64_t epochs;   /* asked for */
    int64_t tenth;    /* the last tenth of them that was told */
    double last_loss; /* told then */
    bool minimises;   /* the loss: a method with another aim is not warned of it */
};

static void tell_point(struct lesson *lesson, const struct trace_point *point)
{
    const double epochs = fmax((double)lesson->epochs, 1.0);
    int64_t tenth = (int64_t)(10.0 * (double)point->epoch / epochs);
    if (tenth <= lesson->tenth)
        return;
    bool warned = lesson->minimises && point->loss > lesson->last_loss;
    char loss[TEXT_NUMBER], accuracy[TEXT_NUMBER];
    printf("========== Epoch %" PRId64 " ==========\n", point->epoch);
    printf("Train loss: %s%s\n", number_text(loss, point->loss),
           warned ? "  WARNING - Loss Increasing" : "");
    printf("Accuracy: %s\n", text_from_real(accuracy, point->accuracy));
    lesson->tenth = tenth;
    lesson->last_loss = point->loss;
}

/* w1 x1 + w2 x2 + b = 0, solved for x2 where that is possible: where the slope is a number. */
static void tell_line(const double *w, double b)
{
    char m[TEXT_NUMBER], c[TEXT_NUMBER];
    double slope = -w[0] / w[1], constant = -b / w[1], place = -b / w[0];
    if (isfinite(slope) && isfinite(constant)) {
        text_from_real(m, slope);
        text_from_real(c, fabs(constant));
        printf("Boundary: x2 = %s x1 %c %s\n", m, constant < 0.0 ? '-' : '+', c);
    } else if (isfinite(place)) {
        printf("Boundary: vertical, x1 = %s\n", text_from_real(c, place));
    } else if (w[0] == 0.0 && w[1] == 0.0) {
        printf("Boundary: none, both weights are zero\n");
    } else {
        printf("Boundary: none that numbers can express\n");
    }
}

/* The boundary is told in the features as they are in the file; where rows were divided by their
 * lengths there is no line to tell. */
static void tell_boundary(const struct scaling *scaling, const double *w, double b)
{
    double raw[2];
    if (scaling == NULL) {
        tell_line(w, b);
    } else if (scaling->factor != NULL) {
        scaling_fold(scaling, w, b, raw, &b);
        tell_line(raw, b);
    }
}

/* The points of a training that goes on, as they were told when it came to them; those before an
 * arrival, which nobody was told of, meet no target that those before them do not. */
static void tell_again(struct lesson *lesson, const struct trace *trace, double optimum)
{
    size_t met = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct trace_point *point = &trace->points[i];
        const size_t before = met;
        while (met < GAP_TARGETS && point->objective <= optimum + gap_targets[met])
            met++;
        if (!point->between || met > before)
            tell_point(lesson, point);
    }
}

static void tell_end(const struct dataset *data, const struct trial *trial)
{
    char number[TEXT_NUMBER];
    const struct trace_point *last = trial_last(trial);
    printf("\nStopped: %s after %" PRId64 " epochs\n", trial_status_words(trial->status),
           trial->epochs);
    printf("Final loss: %s\n", number_text(number, last->loss));
    if (last->objective != last->loss && isfinite(last->loss))
        printf("Objective: %s\n", number_text(number, last->objective));
    if (isfinite(trial->optimum) && isfinite(last->objective))
        printf("Gap: %.3g above the optimum %s\n", last->objective - trial->optimum,
               text_from_real(number, trial->optimum));
    printf("Final accuracy: %s\n", text_from_real(number, last->accuracy));
    if (isfinite(last->heldout_loss)) {
        printf("Held-out loss: %s\n", text_from_real(number, last->heldout_loss));
        printf("Held-out accuracy: %s\n", text_from_real(number, last->heldout_accuracy));
    }
    printf("Weights:");
    for (size_t f = 0; f < trial->features && f < WEIGHTS_SHOWN; f++)
        printf(" %s", isfinite(trial->w[f]) ? text_from_real(number, trial->w[f]) : "not-finite");
    if (trial->features > WEIGHTS_SHOWN)
        printf(" ... and %zu more (--save and --format json have all)",
               trial->features - WEIGHTS_SHOWN);
    printf("\nBias: %s\n", number_text(number, trial->b));
    if (trial->features == 2)
        tell_boundary(data->scaling, trial->w, trial->b);
    printf("Seconds: %.3g training, %.3g evaluating, %.3g recording\n", trial->train_seconds,
           trial->evaluate_seconds, trial->record_seconds);
    if (trial->continued > 0)
        printf("Parts: %" PRId64 ", the seconds are those of all\n", trial->continued + 1);
}

/* --- The command ------------------------------------------------------------------------------ */

/* What is watched while it trains: told, where json is not asked for, and filmed, where an
 * animation is. */
struct lookout {
    struct lesson *lesson;       /* NULL: nothing is told */
    struct animation *animation; /* NULL: no animation */
    struct train_steps *steps;   /* told one by one */
};

static void watch_step(void *context, const struct step *step)
{
    const struct lookout *watch = context;
    train_steps_tell(watch->steps, step);
}

static void watch_point(void *context, const struct observation *seen)
{
    const struct lookout *watch = context;
    if (watch->lesson != NULL)
        tell_point(watch->lesson, seen->point);
    if (watch->animation != NULL)
        animation_observe(watch->animation, seen);
}

/* Makes the animation and its picture, where it is asked for; what is wrong with them is
 * said before training. */
static bool open_animation(const char *path, bool replace, const struct dataset *data,
                           const struct solver *solver, struct animation *animation,
                           struct picture *picture, struct error *error)
{
    if (path == NULL)
        return true;
    if (data->ranks != NULL)
        return error_usage(
            error, "--animate needs all rows, and they are distributed; leave out one of the two");
    return picture_format_for(path, true, error) != NULL &&
           animation_create(animation, data, solver, error) &&
           picture_open(picture, path, replace, error);
}

/* Opens the file of the model, if there is to be one: one file, by one rank. */
static bool open_model(const struct arguments *arguments, struct output *save, struct error *error)
{
    const char *path = arguments_value(arguments, "save");
    bool replace = arguments_flag(arguments, "force");
    if (replace && path == NULL && arguments_value(arguments, "animate") == NULL)
        return error_usage(error, "--force is not used without --save or --animate");
    return path == NULL || ranks_index(arguments->ranks) > 0 ||
           output_open(save, path, replace, error);
}

static bool draw_animation(struct animation *animation, struct picture *picture,
                           struct error *error)
{
    animation_end(animation);
    animation_animate(animation, picture);
    return picture_draw(picture, error);
}

static bool interrupted(const struct trial *trial, struct error *error)
{
    if (trial->status != STATUS_INTERRUPTED)
        return false;
    error_failed(error, "stopped before the end; the figures above are those of the last epoch");
    error->kind = ERROR_INTERRUPTED;
    return true;
}

/* Files that are written beside what is told, and updates that are told beside epochs. */
struct products {
    struct output model;
    struct animation animation;
    struct picture picture;
    bool saves, filmed; /* there is such a file */
    struct train_steps steps;
    struct train_checkpoint checkpoint;
    struct model_report report;
};

/* Trains it on all rows, from where a checkpoint has it, and tells of every point. */
static bool train_model(const struct arguments *arguments, const struct dataset *data,
                        struct training_hooks hooks, struct optimum *optimum,
                        const struct telling *telling, struct products *products,
                        struct trial *trial, struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    const int64_t epochs = telling->plain ? 10 : configuration->epochs; /* all of a few are told */
    struct train_checkpoint *checkpoint = &products->checkpoint;
    struct lesson lesson = {epochs, -1, INFINITY,
                            solver_of(configuration->solver)->minimises_objective};
    struct lookout watch = {telling->json ? NULL : &lesson,
                            products->filmed ? &products->animation : NULL, &products->steps};
    if (!train_checkpoint_hook(checkpoint, data, &hooks, error))
        return false;
    if (hooks.resume != NULL && !telling->json)
        tell_again(&lesson, &hooks.resume[0]->trace, optimum->objective);
    hooks.observe = watch_point;
    hooks.before_step = products->steps.left > 0 ? watch_step : NULL;
    hooks.context = &watch;
    hooks.optima = &optimum->objective;
    bool done = arguments_train(arguments, data, hooks, trial, error);
    trial->continued = checkpoint->content.continued;
    return done &&
           (checkpoint->path == NULL || train_checkpoint_completed(checkpoint, trial, error));
}

/* Everything is ready: trains, tells, draws and saves. */
static bool train_ready(const struct arguments *arguments, const struct source *source,
                        const struct dataset *data, struct training_hooks hooks,
                        struct optimum *optimum, const struct telling *telling,
                        struct products *products, struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    struct train_checkpoint *checkpoint = &products->checkpoint;
    struct trial trial = {0};
    if (!telling->json) {
        tell_start(data, configuration, hooks.initial_weights != NULL, telling);
        train_checkpoint_tell(checkpoint);
    }
    if (!train_folds(arguments, source, data, telling->json, checkpoint, &products->report, error))
        return false;
    if (products->report.folds > 0 && !telling->json)
        puts("On all rows:");
    if (!train_model(arguments, data, hooks, optimum, telling, products, &trial, error)) {
        trial_clear(&trial);
        return false;
    }
    arguments_tell_of_trial(arguments, data, optimum, &trial);
    struct findings findings = train_find(data, telling->summaries, configuration, &trial,
                                          telling->threshold, telling->coefficients);
    if (telling->json) {
        train_print_json(data, configuration, &trial, &findings, &products->report,
                         *telling->chosen != '\0' ? telling->chosen : NULL);
    } else {
        tell_end(data, &trial);
        train_tell_findings(data, &findings);
    }
    findings_clear(&findings);
    bool sound = trial.status != STATUS_FAILED || error_failed(error, "%s", trial.message);
    bool drawn = sound && (!products->filmed ||
                           draw_animation(&products->animation, &products->picture, error));
    bool saved = drawn && (!products->saves ||
                           model_file_write(&products->model, source, data, configuration,
                                            &products->report, trial.w, trial.b, error));
    saved = ranks_settle(arguments->ranks, error) && saved;
    bool done = saved && !interrupted(&trial, error) && train_checkpoint_remove(checkpoint, error);
    trial_clear(&trial);
    return done;
}

/* Checks that the configuration can be trained, and chooses it where that was left open. */
static bool prepare(struct arguments *arguments, const struct dataset *data,
                    struct optimum *optimum, struct telling *telling, struct error *error)
{
    telling->plain = *telling->chosen == '\0' && train_is_plain(arguments);
    if (!(telling->plain ? train_choose(arguments, data, optimum, telling->chosen, error)
                         : arguments_check_training(arguments, data, optimum, error)))
        return false;
    telling->summaries = train_look(data);
    if (!telling->json)
        train_tell_scales(data, telling->summaries);
    return true;
}

static bool train(struct arguments *arguments, const struct source *source,
                  const struct dataset *data, const char *chosen, bool json, struct error *error)
{
    const char *animate = arguments_value(arguments, "animate");
    struct products products = {.filmed = animate != NULL};
    struct optimum optimum;
    struct telling telling = {.json = json};
    snprintf(telling.chosen, sizeof telling.chosen, "%s", chosen);
    double *w = NULL, bias;
    bool done =
        train_steps_open(&products.steps, arguments, data, json, error) &&
        open_model(arguments, &products.model, error) &&
        open_animation(animate, arguments_flag(arguments, "force"), data,
                       solver_of(arguments->configuration.solver), &products.animation,
                       &products.picture, error) &&
        train_checkpoint_check(&products.checkpoint, arguments, error) &&
        quality_threshold(arguments_value(arguments, "threshold"), &telling.threshold, error) &&
        coefficients_number(arguments_value(arguments, "coefficients"), &telling.coefficients,
                            error) &&
        arguments_initial(arguments, data->features, &w, &bias, error);
    products.saves = products.model.file != NULL;
    done = ranks_settle(arguments->ranks, error) && done;
    done = done && prepare(arguments, data, &optimum, &telling, error) &&
           train_checkpoint_find(&products.checkpoint, arguments, data, w, bias, error);
    if (done) {
        const struct training_hooks hooks = {.initial_weights = w, .initial_bias = bias};
        done = train_ready(arguments, source, data, hooks, &optimum, &telling, &products, error);
    }
    if (!done) {
        output_discard(&products.model);
        picture_discard(&products.picture);
    }
    animation_clear(&products.animation);
    train_checkpoint_clear(&products.checkpoint);
    memory_free(telling.summaries);
    memory_free(w);
    return done;
}

/* The data, and with --from the configuration as well. */
static struct dataset *open_data(struct arguments *arguments, struct source *source,
                                 struct train_origin *origin, struct error *error)
{
    const bool from = arguments_value(arguments, "from") != NULL;
    if (!from && arguments_value(arguments, "set") != NULL)
        error_usage(error, "--set is not used without --from");
    else if (!from && arguments->count == 0)
        error_usage(error, "DATA is missing; usage: descent train [OPTIONS] DATA");
    else if (from)
        train_from(arguments, source, origin, error);
    else
        arguments_source(arguments, 0, source, error);
    if (error->kind == ERROR_NONE)
        train_folds_check(arguments, source, error);
    struct dataset *data = arguments_load(arguments, source, error);
    if (data != NULL && train_from_changed(origin, data))
        fprintf(stderr, "descent: note: %s: the data have changed since the sweep\n",
                text_shown(data->name));
    if (data != NULL)
        train_folds_leave(arguments, source, &data, error);
    return data;
}

static bool run_train(const struct arguments *arguments, struct error *error)
{
    bool json = arguments_choice(arguments, "format") == &format_json;
    if (arguments_choice(arguments, "distribute") == &distribution_models)
        error_usage(error, "--distribute models: there is one model here; give rows, or use "
                           "'descent sweep'");
    if (!ranks_settle(arguments->ranks, error))
        return false;
    variant_tuning_begin(!arguments_flag(arguments, NO_TUNING));
    struct source source = {0};
    struct arguments own = *arguments; /* its configuration may be chosen here */
    struct train_origin origin = {.words = ""};
    struct dataset *data = open_data(&own, &source, &origin, error);
    bool done = data != NULL && train(&own, &source, data, origin.words, json, error);
    source_clear(&source);
    dataset_free(data);
    return done;
}

static const struct option_row options[] = {
    DISTRIBUTION_OPTION("with mpirun: train in all its processes together; what is distributed"),
    {.entry = {"init",
               "initial weights w, one per feature, separated by commas (default: drawn from "
               "N(0, 1/d))"},
     .argument = "LIST"},
    {.entry = {"bias", "initial bias"}, .argument = "R", .fallback = "0"},
    THRESHOLD_OPTION,
    COEFFICIENTS_OPTION,
    {.entry = {"format", "text: as in the lesson; json: one object"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
    {.entry = {"from", "train the best configuration that a sweep recorded in this folder, on its "
                       "data or on DATA"},
     .argument = "RESULTS"},
    {.entry = {"set", "--from: of several data sets, this one (default: the largest, and of its "
                      "preparations the one with the least held-out loss)"},
     .argument = "NAME"},
    {.entry = {"save", "write the model to this file, for 'descent predict'"}, .argument = "FILE"},
    {.entry = {"animate", "write an animation of the boundary to this file: .gif or .mp4"},
     .argument = "FILE"},
    {.entry = {"force", "replace the files of --save and --animate if they exist"}},
    TRAIN_FOLDS_OPTIONS,
    TRAIN_CHECKPOINT_OPTIONS,
    NO_TUNING_OPTION,
    TRAIN_STEPS_OPTIONS,
};

const struct command command_train = {
    .entry = {"train", "train one neuron and report its progress"},
    .operands = "[DATA]",
    .operand_min = 0,
    .operand_max = 1,
    .words = &generator_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .hyperparameters = true,
    .distributes = true,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "DATA is a file, or a generator such as pets or blobs:rows=1000,features=5,seed=1.\n"
        "\n"
        "Where nothing is said of how to train, Newton's method goes on until F is at most "
        "1e-6\nabove its optimum, or says why that cannot be. The lesson's way:\n"
        "\n"
        "  descent train pets --solver sgd --rate 0.1 --epochs 100\n"
        "  descent train cats-and-dogs --solver sgd --rate 0.01 --step-by-step\n"
        "\n"
        "With --from, the best of a sweep is trained: by its loss on the rows held out or, "
        "where there\nare none, by its objective.\n"
        "\n"
        "  descent train --from results/solvers --lambda 1e-4 --save model.json\n"
        "\n"
        "With --folds, it is trained without each fold in turn first, which tells how it does "
        "on rows\nthat it has not seen; the model is of all rows.\n"
        "\n"
        "  descent train data.csv --lambda 1e-3 --folds 10 --save model.json\n"
        "\n"
        "With --checkpoint, a training that was killed, or stopped with Ctrl-C or SIGTERM, goes on "
        "with\nthe same command, as if it had not been:\n"
        "\n"
        "  descent train data.csv --solver saga --epochs 5000 --checkpoint long.checkpoint\n",
    .run = run_train,
};
