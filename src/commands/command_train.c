/* SPDX-License-Identifier: MIT
 *
 * descent train: one configuration on one data set, told as the lesson tells it (epoch, loss,
 * accuracy, at every tenth of the way) or as one JSON object.
 */
#include "base/memory.h"
#include "base/text.h"
#include "commands/distribution.h"
#include "commands/training_command.h"
#include "data/generator.h"
#include "data/scaling.h"
#include "report/film.h"
#include "store/json_value.h"
#include "store/model_file.h"
#include "store/trial_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WEIGHTS_SHOWN = 20 };

/* --- As the lesson tells it ------------------------------------------------------------------ */

/* What was done to the data, if anything. */
static void tell_preparation(const struct dataset *data)
{
    const double *weights = data->class_weights;
    if (data->scaling != NULL)
        printf("Scale: %s\n", data->scaling->method->name);
    if (data->heldout != NULL)
        printf("Held out: %zu rows\n", dataset_samples(data->heldout));
    if (weights[0] != 1.0 || weights[1] != 1.0)
        printf("Class weights: %.6g and %.6g\n", weights[0], weights[1]);
}

static void tell_start(const struct dataset *data, const struct configuration *configuration)
{
    printf("Data: %s, %zu rows, %zu features; label '%s' is 0, '%s' is 1\n", data->name,
           dataset_samples(data), data->features, data->class_names[0], data->class_names[1]);
    tell_preparation(data);
    char text[1024];
    printf("Training: %s\n", configuration_describe(configuration, text, sizeof text));
}

struct lesson {
    int64_t epochs;   /* asked for */
    int64_t tenth;    /* the last tenth of them that was told */
    double last_loss; /* told then */
};

static void tell_point(struct lesson *lesson, const struct trace_point *point)
{
    int64_t tenth = (int64_t)(10.0 * (double)point->epoch / (double)lesson->epochs);
    if (tenth <= lesson->tenth)
        return;
    char loss[TEXT_NUMBER], accuracy[TEXT_NUMBER];
    printf("========== Epoch %" PRId64 " ==========\n", point->epoch);
    printf("Train loss: %s%s\n", text_from_real(loss, point->loss),
           point->loss > lesson->last_loss ? "  WARNING - Loss Increasing" : "");
    printf("Accuracy: %s\n", text_from_real(accuracy, point->accuracy));
    lesson->tenth = tenth;
    lesson->last_loss = point->loss;
}

/* w1 x1 + w2 x2 + b = 0, solved for x2 where that is possible. */
static void tell_line(const double *w, double b)
{
    char m[TEXT_NUMBER], c[TEXT_NUMBER];
    if (w[1] != 0.0) {
        double constant = -b / w[1];
        text_from_real(m, -w[0] / w[1]);
        text_from_real(c, fabs(constant));
        printf("Boundary: x2 = %s x1 %c %s\n", m, constant < 0.0 ? '-' : '+', c);
    } else if (w[0] != 0.0) {
        printf("Boundary: vertical, x1 = %s\n", text_from_real(c, -b / w[0]));
    } else {
        printf("Boundary: none, both weights are zero\n");
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

static void tell_end(const struct dataset *data, const struct trial *trial)
{
    char number[TEXT_NUMBER];
    const struct trace_point *last = trial_last(trial);
    printf("\nStatus: %s after %" PRId64 " epochs\n", trial_status_name(trial->status),
           trial->epochs);
    printf("Final loss: %s\n", text_from_real(number, last->loss));
    if (last->objective != last->loss)
        printf("Objective: %s\n", text_from_real(number, last->objective));
    if (isfinite(trial->optimum))
        printf("Gap: %.3g above the optimum %s\n", last->objective - trial->optimum,
               text_from_real(number, trial->optimum));
    printf("Final accuracy: %s\n", text_from_real(number, last->accuracy));
    if (isfinite(last->heldout_loss)) {
        printf("Held-out loss: %s\n", text_from_real(number, last->heldout_loss));
        printf("Held-out accuracy: %s\n", text_from_real(number, last->heldout_accuracy));
    }
    printf("Weights:");
    for (size_t f = 0; f < trial->features && f < WEIGHTS_SHOWN; f++)
        printf(" %s", text_from_real(number, trial->w[f]));
    if (trial->features > WEIGHTS_SHOWN)
        printf(" ... and %zu more (--save and --format json have all)",
               trial->features - WEIGHTS_SHOWN);
    printf("\nBias: %s\n", text_from_real(number, trial->b));
    if (trial->features == 2)
        tell_boundary(data->scaling, trial->w, trial->b);
    printf("Seconds: %.3g training, %.3g evaluating, %.3g recording\n", trial->train_seconds,
           trial->evaluate_seconds, trial->record_seconds);
}

/* --- As JSON --------------------------------------------------------------------------------- */

static void print_json(const struct configuration *configuration, const struct trial *trial)
{
    const struct trace_point *last = trial_last(trial);
    json_t *seconds = json_value_object();
    json_value_set(seconds, "train", json_value_real(trial->train_seconds));
    json_value_set(seconds, "evaluate", json_value_real(trial->evaluate_seconds));
    json_value_set(seconds, "record", json_value_real(trial->record_seconds));

    json_t *object = json_value_object();
    json_value_set(object, "configuration", configuration_to_json(configuration));
    json_value_set(object, "status", json_value_text(trial_status_name(trial->status)));
    json_value_set(object, "epochs", json_value_integer(trial->epochs));
    json_value_set(object, "loss", json_value_real(last->loss));
    json_value_set(object, "objective", json_value_real(last->objective));
    json_value_set(object, "accuracy", json_value_real(last->accuracy));
    json_value_set(object, "weights", json_value_reals(trial->w, trial->features));
    json_value_set(object, "bias", json_value_real(trial->b));
    json_value_set(object, "seconds", seconds);
    json_value_set(object, "trace", trace_to_json(&trial->trace, trial->optimum));
    json_dumpf(object, stdout, JSON_VALUE_FLAGS);
    putchar('\n');
    json_decref(object);
}

/* --- The command ------------------------------------------------------------------------------ */

/* "0.1,-2,3e-1" as d numbers. NULL, with an error, when they are not. */
static double *parse_weights(const char *text, size_t features, struct error *error)
{
    double *w = memory_allocate(features, sizeof *w);
    char *copy = memory_copy_text(text), *rest = copy;
    size_t count = 0;
    for (char *word; (word = strsep(&rest, ",")) != NULL; count++) {
        double number;
        if (!text_to_real(word, &number) || !isfinite(number)) {
            error_usage(error,
                        "--init: '%s' is not a number; give one number a feature, "
                        "separated by commas",
                        word);
            break;
        }
        if (count < features)
            w[count] = number;
    }
    memory_free(copy);
    if (error->kind == ERROR_NONE && count != features)
        error_usage(error, "--init: %zu numbers were given, and the data have %zu features", count,
                    features);
    if (error->kind == ERROR_NONE)
        return w;
    memory_free(w);
    return NULL;
}

/* What is watched while it trains: told, where json is not asked for, and filmed, where an
 * animation is. */
struct lookout {
    struct lesson *lesson; /* NULL: nothing is told */
    struct film *film;     /* NULL: no animation */
};

static void watch_point(void *context, const struct observation *seen)
{
    const struct lookout *watch = context;
    if (watch->lesson != NULL)
        tell_point(watch->lesson, seen->point);
    if (watch->film != NULL)
        film_observe(watch->film, seen);
}

/* Makes the animation's film and picture, where it is asked for; what is wrong with them is said
 * before training. */
static bool open_animation(const char *path, bool replace, const struct dataset *data,
                           struct film *film, struct picture *picture, struct error *error)
{
    if (path == NULL)
        return !replace || error_usage(error, "--force is not used without --animate");
    if (data->ranks != NULL)
        return error_usage(error, "--animate looks at all rows, which are distributed; leave out "
                                  "one of the two");
    const struct entry *format = picture_format_of(path, error);
    if (format == NULL)
        return false;
    if (strcmp(format->name, "gif") != 0)
        return error_usage(error, "--animate: %s: an animation is written as .gif", path);
    return film_create(film, data, error) && picture_open(picture, path, replace, error);
}

static bool draw_animation(struct film *film, struct picture *picture, struct error *error)
{
    film_end(film);
    film_animate(film, picture);
    return picture_draw(picture, error);
}

static bool interrupted(const struct trial *trial, struct error *error)
{
    if (trial->status != STATUS_INTERRUPTED)
        return false;
    error_failed(error, "stopped before the end; what is above is the state it had reached");
    error->kind = ERROR_INTERRUPTED;
    return true;
}

/* Everything is ready: trains, tells, saves and draws. `film` is NULL without an animation. */
static bool train_ready(const struct arguments *arguments, const struct dataset *data,
                        struct training_hooks hooks, bool json, struct film *film,
                        struct picture *picture, struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    const char *save = arguments_value(arguments, "save");
    struct lesson lesson = {configuration->epochs, -1, INFINITY};
    struct lookout watch = {json ? NULL : &lesson, film};
    struct trial trial;
    if (!json)
        tell_start(data, configuration);
    hooks.observe = watch_point;
    hooks.context = &watch;
    arguments_train(arguments, data, hooks, &trial);
    if (json)
        print_json(configuration, &trial);
    else
        tell_end(data, &trial);
    bool sound = trial.status != STATUS_FAILED || error_failed(error, "%s", trial.message);
    bool drawn = sound && (film == NULL || draw_animation(film, picture, error));
    bool saves = save != NULL && ranks_index(arguments->ranks) == 0; /* one file, by one rank */
    bool saved =
        drawn && (!saves || model_file_write(save, data, configuration, trial.w, trial.b, error));
    saved = ranks_settle(arguments->ranks, error) && saved;
    bool done = saved && !interrupted(&trial, error);
    trial_clear(&trial);
    return done;
}

static bool train(const struct arguments *arguments, const struct dataset *data, bool json,
                  struct error *error)
{
    const char *init = arguments_value(arguments, "init"),
               *animate = arguments_value(arguments, "animate");
    struct film film = {0};
    struct picture picture = {0};
    double *w = NULL, optimum;
    bool done =
        arguments_check_training(arguments, data, &optimum, error) &&
        (init == NULL || (w = parse_weights(init, data->features, error)) != NULL) &&
        open_animation(animate, arguments_flag(arguments, "force"), data, &film, &picture, error);
    done = ranks_settle(arguments->ranks, error) && done;
    if (done) {
        const struct training_hooks hooks = {.initial_weights = w, .optima = &optimum};
        done = train_ready(arguments, data, hooks, json, animate != NULL ? &film : NULL, &picture,
                           error);
    }
    film_clear(&film);
    memory_free(w);
    return done;
}

static bool run_train(const struct arguments *arguments, struct error *error)
{
    bool json = arguments_choice(arguments, "format") == &format_json;
    if (arguments_choice(arguments, "distribute") == &distribution_models)
        error_usage(error, "--distribute models: there is one model here; give rows, or use "
                           "'descent sweep'");
    if (!ranks_settle(arguments->ranks, error))
        return false;
    struct dataset *data = arguments_training_data(arguments, 0, error);
    bool done = data != NULL && train(arguments, data, json, error);
    dataset_free(data);
    return done;
}

static const struct option_row options[] = {
    DISTRIBUTION_OPTION("with mpirun: train in all its processes together; what is distributed"),
    {.entry = {"init", "initial weights, separated by commas (default: drawn from N(0, 1/d))"},
     .argument = "LIST"},
    {.entry = {"format", "text: as the lesson tells it; json: one object"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
    {.entry = {"save", "write the model to this file, for 'descent predict'"}, .argument = "FILE"},
    {.entry = {"animate", "write an animation of the boundary to this file, .gif (needs gnuplot)"},
     .argument = "FILE"},
    {.entry = {"force", "replace the file of --animate if it exists"}},
};

const struct command command_train = {
    .entry = {"train", "train one neuron and tell how it goes"},
    .operands = "DATA",
    .operand_min = 1,
    .operand_max = 1,
    .words = &generator_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .hyperparameters = true,
    .distributes = true,
    .attributes = ATTRIBUTES_ALL,
    .details = "DATA is a file, or a generator such as pets or blobs:rows=1000,features=5,seed=1.\n"
               "\n"
               "  descent train pets --solver sgd --rate 0.01 --epochs 100\n",
    .run = run_train,
};
