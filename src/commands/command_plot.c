/* SPDX-License-Identifier: MIT
 *
 * descent plot: pictures of data, of training and of what sweeps recorded (report/plots/plot.h).
 */
#include "base/memory.h"
#include "base/output_guard.h"
#include "commands/plot_paths.h"
#include "commands/training/model_data.h"
#include "commands/training/training_command.h"
#include "report/opened_store.h"
#include "report/plots/lesson/animation.h"
#include "report/plots/plot.h"
#include "solvers/solver.h"

#include <string.h>

enum { STORES_MOST = 2 };

static const struct option_row options[] = {
    {.entry =
         {"output",
          "write the picture to this file: .png, .svg, .pdf or .gif; an animation: .gif or .mp4"},
     .argument = "FILE"},
    {.entry = {"force", "replace the file if it exists"}},
    {.entry = {"model", "points, calibration: of this model, that 'descent train --save' wrote"},
     .argument = "FILE"},
    {.entry = {"probability", "points, boundary: shade the plane by the probability of class 1"}},
    {.entry = {"init", "what is trained: initial weights, separated by commas (default: drawn)"},
     .argument = "LIST"},
    {.entry = {"bias", "what is trained: initial bias (default: 0)"}, .argument = "R"},
    {.entry = {"by",
               "gap, targets, performance, crossover: what tells the sides apart, as in compare"},
     .argument = "AXIS"},
    {.entry = {"set", "of several data sets in RESULTS, this one (default: the largest)"},
     .argument = "NAME"},
    {.entry = {"x",
               "heatmap, validation: the hyper-parameter across; gap: seconds (default), epochs or "
               "both"},
     .argument = "AXIS"},
    {.entry = {"y", "heatmap: the hyper-parameter upwards"}, .argument = "AXIS"},
    {.entry = {"value", "heatmap: gap (at the end; default), seconds (to a target) or, over folds, "
                        "heldout_loss; loss: loss or heldout_loss"},
     .argument = "NAME"},
    {.entry = {"target", "heatmap: the target of --value seconds (default: the last one met)"},
     .argument = "GAP"},
    {.entry = {"size", "width and height, in points of a screen (default: what the kind needs)"},
     .argument = "WIDTHxHEIGHT"},
    {.entry = {"font", "the type: a name, and a size in points of a screen (default: 13)"},
     .argument = "NAME[,SIZE]"},
    {.entry = {"title", "the title, in place of the one that the kind gives"}, .argument = "TEXT"},
    {.entry = {"theme", "light, dark, or slide: large type and thick lines, 1280x720"},
     .argument = "THEME",
     .fallback = "light",
     .choices = &theme_table},
};
enum { OPTIONS = sizeof options / sizeof *options };

/* Which of them a kind must look at to be given them; of rows that are not here, every kind. */
static const struct {
    const char *option;
    unsigned use;
} uses[] = {
    {"init", PLOT_TRAINS}, {"bias", PLOT_TRAINS}, {"probability", PLOT_PROBABILITY},
    {"model", PLOT_MODEL}, {"by", PLOT_BY},       {"set", PLOT_SET},
    {"x", PLOT_X},         {"y", PLOT_AXES},      {"value", PLOT_VALUE},
    {"target", PLOT_AXES},
};

/* --- What is asked for ---------------------------------------------------------------------- */

static const struct plot_kind *find_kind(const struct arguments *arguments, struct error *error)
{
    char reason[512];
    const char *name = arguments->operands[0];
    const struct entry *entry = table_find(&plot_table, name);
    if (entry == NULL)
        error_usage(error, "%s", table_unknown(&plot_table, name, reason, sizeof reason));
    return (const struct plot_kind *)(const void *)entry;
}

/* An option that the plot does not look at is a misunderstanding; it is said. */
static bool check_options(const struct arguments *arguments, unsigned use, struct error *error)
{
    const char *kind = arguments->operands[0];
    char name[OPTION_NAME];
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (arguments_value(arguments, uses[i].option) != NULL && (use & uses[i].use) == 0)
            return error_usage(error, "--%s is not used by plot %s", uses[i].option, kind);
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (arguments->given[i] && (use & PLOT_TRAINS) == 0) {
            option_name(hyperparameters[i].entry.name, name);
            return error_usage(error, "--%s is not used by plot %s, which trains nothing", name,
                               kind);
        }
    for (size_t i = 0; i < source_attribute_count; i++)
        if (arguments->attributes[i] != NULL && (use & PLOT_DATA) == 0) {
            attribute_option(arguments->command, &source_attributes[i], name);
            return error_usage(error, "--%s is not used by plot %s, which reads no data", name,
                               kind);
        }
    return true;
}

static bool check_operands(const struct arguments *arguments, unsigned use, struct error *error)
{
    size_t count = arguments->count - 1;
    size_t least = (use & (PLOT_DATA | PLOT_RESULTS)) != 0, most = least + ((use & PLOT_TWO) != 0);
    const char *kind = arguments->operands[0], *what = (use & PLOT_RESULTS) == 0 ? "DATA"
                                                       : (use & PLOT_DATA) == 0  ? "RESULTS"
                                                                                : "DATA or RESULTS";
    if (count < least)
        return error_usage(error, "%s is missing; usage: descent plot %s %s --output FILE", what,
                           kind, what);
    if (count > most)
        return error_usage(error,
                           "unexpected argument '%s'; usage: descent plot %s %s--output FILE",
                           arguments->operands[most + 1], kind,
                           most == 0   ? ""
                           : most == 1 ? "OPERAND "
                                       : "RESULTS [RESULTS] ");
    return true;
}

static bool check_output(const struct arguments *arguments, unsigned use, struct error *error)
{
    const char *path = arguments_value(arguments, "output");
    if (path == NULL)
        return error_usage(error, "--output FILE is missing: .png, .svg, .pdf or .gif");
    return picture_format_for(path, (use & PLOT_MOVES) != 0, error) != NULL;
}

/* --- From data ------------------------------------------------------------------------------ */

/* Trains and draws; without a picture of the boundary the animation is of no use, and is not made.
 */
static bool plot_training(const struct arguments *arguments, const struct plot_kind *kind,
                          struct plot_subject subject, struct picture *picture, struct error *error)
{
    struct animation animation = {0};
    struct trial trial = {0};
    bool filmed = (kind->uses & PLOT_RESULTS) == 0;
    struct optimum optimum;
    double *w = NULL, bias;
    bool done = arguments_initial(arguments, subject.data->features, &w, &bias, error) &&
                arguments_check_training(arguments, subject.data, &optimum, error) &&
                (!filmed || animation_create(&animation, subject.data,
                                             solver_of(arguments->configuration.solver), error));
    if (done) {
        const struct training_hooks hooks = {.observe = filmed ? animation_observe : NULL,
                                             .context = &animation,
                                             .initial_weights = w,
                                             .initial_bias = bias,
                                             .optima = &optimum.objective};
        done = arguments_train(arguments, subject.data, hooks, &trial, error) &&
               trial_completed(&trial, error);
        if (filmed)
            animation_end(&animation);
    }
    subject.animation = &animation;
    subject.trial = &trial;
    subject.configuration = &arguments->configuration;
    done = done && kind->draw(&subject, picture, error);
    trial_clear(&trial);
    animation_clear(&animation);
    memory_free(w);
    return done;
}

/* The points that a model is for, scaled as it wants them; or any. */
static bool plot_points_of(const struct arguments *arguments, const struct plot_kind *kind,
                           struct plot_subject subject, struct picture *picture,
                           struct error *error)
{
    const char *path = arguments_value(arguments, "model");
    struct model_file *model = path != NULL ? model_file_read(path, error) : NULL;
    struct dataset *data = NULL;
    if (model != NULL)
        data = arguments_model_data(arguments, 1, model, error);
    else if (path == NULL)
        data = arguments_training_data(arguments, 1, error);
    bool done = data != NULL && (model == NULL || model_data_scale(model, data, error));
    if (done && (kind->uses & PLOT_LABELS) != 0 && model != NULL)
        done = model_data_label(model, data, error);
    subject.data = data;
    subject.model = model;
    done = done && kind->draw(&subject, picture, error);
    model_file_free(model);
    dataset_free(data);
    return done;
}

static bool plot_data(const struct arguments *arguments, const struct plot_kind *kind,
                      struct plot_subject subject, struct picture *picture, struct error *error)
{
    if ((kind->uses & PLOT_TRAINS) == 0)
        return plot_points_of(arguments, kind, subject, picture, error);
    if (arguments->configuration.folds > 0 || arguments->configuration.fold > 0)
        return error_usage(error, "--folds and --fold are for sweeps and train; pictures are of "
                                  "training on all rows");
    struct dataset *data = arguments_training_data(arguments, 1, error);
    subject.data = data;
    bool done = data != NULL;
    if (done && (kind->uses & PLOT_PATHS) != 0)
        done = plot_paths_draw(arguments, kind, subject, picture, error);
    else if (done)
        done = plot_training(arguments, kind, subject, picture, error);
    dataset_free(data);
    return done;
}

/* --- From stores ---------------------------------------------------------------------------- */

/* Is an operand that may be either a store? */
static bool is_store(const struct arguments *arguments, unsigned use)
{
    return (use & PLOT_RESULTS) != 0 &&
           ((use & PLOT_DATA) == 0 || store_exists(arguments->operands[1]));
}

static bool plot_stores(const struct arguments *arguments, const struct plot_kind *kind,
                        struct plot_subject subject, struct picture *picture, struct error *error)
{
    struct opened_store opened[STORES_MOST] = {{0}};
    bool done = true;
    subject.opened = opened;
    subject.opened_count = arguments->count - 1;
    for (size_t s = 0; s < subject.opened_count && done; s++)
        done = opened_store_open(&opened[s], arguments->operands[s + 1], error);
    if (done && subject.by == NULL)
        subject.by = sides_axis(opened, subject.opened_count);
    done = done && kind->draw(&subject, picture, error);
    for (size_t s = 0; s < STORES_MOST; s++)
        opened_store_close(&opened[s]);
    return done;
}

/* --- The command ----------------------------------------------------------------------------- */

/* What is not used when the operand is a store is what only training uses, and the other way
 * round. */
static unsigned uses_of(const struct arguments *arguments, const struct plot_kind *kind)
{
    unsigned use = kind->uses;
    if ((use & PLOT_DATA) == 0 || (use & PLOT_RESULTS) == 0 || arguments->count < 2)
        return use;
    return is_store(arguments, use) ? use & ~(unsigned)(PLOT_DATA | PLOT_TRAINS)
                                    : use & ~(unsigned)(PLOT_SET | PLOT_RESULTS);
}

static bool read_look(const struct arguments *arguments, struct look *look, struct error *error)
{
    const struct look_options asked = {.size = arguments_value(arguments, "size"),
                                       .font = arguments_value(arguments, "font"),
                                       .title = arguments_value(arguments, "title"),
                                       .theme = arguments_value(arguments, "theme")};
    return look_read(&asked, look, error);
}

/* What is read, before the file to be written is opened. */
static void protect_inputs(const struct arguments *arguments)
{
    const char *model = arguments_value(arguments, "model");
    for (size_t i = 1; i < arguments->count; i++) {
        output_protect(arguments->operands[i]);
        store_protect(arguments->operands[i]);
    }
    if (model != NULL)
        output_protect(model);
}

static bool run_plot(const struct arguments *arguments, struct error *error)
{
    const struct plot_kind *kind = find_kind(arguments, error);
    struct picture picture;
    struct look look;
    unsigned use = kind != NULL ? uses_of(arguments, kind) : 0;
    protect_inputs(arguments);
    if (kind == NULL || !check_operands(arguments, use, error) ||
        !check_options(arguments, use, error) || !check_output(arguments, use, error) ||
        !read_look(arguments, &look, error) ||
        !picture_open(&picture, arguments_value(arguments, "output"),
                      arguments_flag(arguments, "force"), error))
        return false;
    picture.look = look;
    struct plot_subject subject = {
        .by = arguments_value(arguments, "by"),
        .set = arguments_value(arguments, "set"),
        .x = arguments_value(arguments, "x"),
        .y = arguments_value(arguments, "y"),
        .value = arguments_value(arguments, "value"),
        .target = arguments_value(arguments, "target"),
        .probability = arguments_flag(arguments, "probability"),
    };
    bool drawn;
    if (is_store(arguments, use))
        drawn = plot_stores(arguments, kind, subject, &picture, error);
    else if ((use & PLOT_DATA) != 0)
        drawn = plot_data(arguments, kind, subject, &picture, error);
    else
        drawn = kind->draw(&subject, &picture, error);
    if (drawn)
        return picture_draw(&picture, error);
    picture_discard(&picture);
    return false;
}

const struct command command_plot = {
    .entry = {"plot", "draw data, a boundary moving into place, or what a sweep recorded"},
    .operands = "KIND [DATA | RESULTS...]",
    .operand_min = 1,
    .operand_max = 1 + STORES_MOST,
    .options = options,
    .option_count = OPTIONS,
    .words = &plot_table,
    .hyperparameters = true,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "'descent list plots' names the kinds and what each is made from. Pictures are drawn "
        "by\ngnuplot (Debian: gnuplot-nox), in the format that the ending of FILE names.\n"
        "\n"
        "  descent plot boundary pets --epochs 50 --output boundary.png\n"
        "  descent plot animation pets --output training.gif\n"
        "  descent plot surface cats-and-dogs --scale standard --output surface.svg\n"
        "  descent plot points pets.csv --model model.json --output points.svg\n"
        "  descent plot calibration pets.csv --model model.json --output calibration.svg\n"
        "  descent plot gap results/solvers --by solver --output gap.svg\n"
        "  descent plot gap results/solvers --theme slide --title 'Solvers' --output talk.png\n"
        "  descent plot heatmap results/batch-size --x rate --y batch --output map.png\n"
        "  descent plot validation results/regularisation --output lambda.svg\n"
        "  descent plot roofline results/profile --output roofline.svg\n",
    .run = run_plot,
};
