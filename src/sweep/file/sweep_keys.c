/* SPDX-License-Identifier: MIT
 *
 * The table of keys of the top level, and the tables of those that are choices. A key that is added
 * here is read, checked, told in messages and listed by `descent list keys`; what it does stands
 * where its field is looked at.
 */
#include "sweep/file/sweep_file.h"

#include "data/preparation/folds.h"
#include "data/sources/attributes.h"
#include "store/criterion.h"
#include "store/metric.h"

#include <float.h>
#include <math.h>

const struct entry method_grid = {"grid", "all combinations"};
const struct entry method_random = {"random", "as many as `trials` says, drawn at random"};
const struct entry method_halving = {"halving",
                                     "all, and after some epochs only the best of them go on"};
const struct entry method_asha = {
    "asha", "the same, each compared with those before it in the plan, so that none waits for all"};
static const struct entry *const methods[] = {&method_grid, &method_random, &method_halving,
                                              &method_asha};
const struct table method_table = TABLE("method", methods);

const struct entry draws_independent = {"independent", "each draw on its own"};
const struct entry draws_sobol = {
    "sobol", "evenly spread together, by a scrambled Sobol sequence; best of 2, 4, 8, ... trials"};
static const struct entry *const draws[] = {&draws_independent, &draws_sobol};
const struct table draws_table = TABLE("draws", draws);

const struct entry predict_none = {"none", "where its neighbour has ended"};
const struct entry predict_line = {
    "line", "on the line through the ends of the last two, over the axis's logarithm"};
static const struct entry *const predictions[] = {&predict_none, &predict_line};
const struct table predict_table = TABLE("predict", predictions);

const struct entry execution_solo = {"solo", "each trial alone on the machine, timed by itself"};
const struct entry execution_batched = {
    "batched", "compatible configurations side by side; times are shared, never shown as solo"};
const struct entry execution_placed = {
    "placed", "batched, laid out as tune-placement found best on this machine"};
static const struct entry *const executions[] = {&execution_solo, &execution_batched,
                                                 &execution_placed};
const struct table execution_table = TABLE("execution", executions);

const struct entry order_interleaved = {
    "interleaved", "by a cyclic Latin square: none is always first, or always after the same one"};
const struct entry order_listed = {"listed", "as in the sweep file, the same in every round"};
static const struct entry *const orders[] = {&order_interleaved, &order_listed};
const struct table order_table = TABLE("order", orders);

const struct entry binding_cores = {"cores", "each on a processor of its own, cores first"};
const struct entry binding_none = {"none", "where the system puts them"};
static const struct entry *const bindings[] = {&binding_cores, &binding_none};
const struct table binding_table = TABLE("binding", bindings);

const struct entry profile_off = {"off", "times alone"};
const struct entry profile_on = {"on", "where the time goes as well: phases, ceilings, counters"};
static const struct entry *const profiles[] = {&profile_off, &profile_on};
const struct table profile_table = TABLE("profile", profiles);

const struct entry tuning_yes = {"yes", "the fastest of their variants, once that is measured"};
const struct entry tuning_no = {"no", "the first of their variants"};
static const struct entry *const tunings[] = {&tuning_yes, &tuning_no};
const struct table tuning_table = TABLE("tuning", tunings);

const struct entry optimum_auto = {"auto",
                                   "if a trial stops by its gap, or if it takes only seconds"};
const struct entry optimum_always = {"always", "whatever it takes"};
const struct entry optimum_never = {"never", "gaps are not reported"};
static const struct entry *const optima[] = {&optimum_auto, &optimum_always, &optimum_never};
const struct table optimum_table = TABLE("optimum", optima);

enum { REPEATS_MAX = 1000000, TRIALS_MAX = 10000000, RETRIES_MAX = 100, THREADS_MAX = 1024 };
enum { ETA_MAX = 1000, FIRST_MAX = 1000000000, BRACKETS_MAX = 64 };
enum { FOLD_REPEATS_MAX = FOLD_MOST / FOLDS_MOST };

static double finals_open(void)
{
    return FINALS_OPEN;
}

static double fair_share(void)
{
    return 0.0;
}

static double never(void)
{
    return INFINITY;
}

#define FIELD(name_) .offset = offsetof(struct sweep_file, name_)

const struct sweep_key sweep_keys[] = {
    {
        .entry = {"name", "of the folder of results"},
        .type = TYPE_TEXT,
        FIELD(name),
        .fallback = "that of the file",
    },
    {
        .entry = {"question", "what the sweep is to find out; reports begin with it"},
        .type = TYPE_TEXT,
        FIELD(question),
        .fallback = "the comment that opens the file",
    },
    {
        .entry = {"by", "what its answer compares: " SIDES_KNOWN ", or a hyper-parameter"},
        .type = TYPE_TEXT,
        FIELD(by),
        .fallback = "family, or the first axis where there is one family",
    },
    {
        .entry = {"path", "an axis along which each trial begins from its neighbour's solution"},
        .type = TYPE_TEXT,
        FIELD(path_key),
        .fallback = "none: each begins from weights drawn by seed",
    },
    {
        .entry = {"predict", "where on a path a trial begins"},
        .type = TYPE_CHOICE,
        FIELD(predict),
        .choices = &predict_table,
        .fallback = "none",
    },
    {
        .entry = {"data_folder", "what relative paths of data are taken from"},
        .type = TYPE_TEXT,
        FIELD(data_folder),
        .fallback = "the folder of the sweep file",
    },
    {
        .entry = {"metric", "what configurations are ranked by"},
        .type = TYPE_CHOICE,
        FIELD(metric),
        .choices = &metric_table,
        .fallback = "objective",
    },
    {
        .entry = {"method", "which combinations of the axes' values are trained"},
        .type = TYPE_CHOICE,
        FIELD(method),
        .choices = &method_table,
        .fallback = "grid",
    },
    {
        .entry = {"trials", "how many configurations to draw for each run and data set"},
        .type = TYPE_INTEGER,
        FIELD(trials),
        .minimum = 1,
        .maximum = TRIALS_MAX,
    },
    {
        .entry = {"eta", "of so many configurations one goes on after a cut"},
        .type = TYPE_INTEGER,
        FIELD(halving.eta),
        .minimum = 2,
        .maximum = ETA_MAX,
        .fallback = "4",
        .with = "method",
        .choice = &method_halving,
        .other = &method_asha,
    },
    {
        .entry = {"first", "epochs before the first cut; before each later one, eta times as many"},
        .type = TYPE_INTEGER,
        FIELD(halving.first),
        .minimum = 1,
        .maximum = FIRST_MAX,
        .fallback = "1",
        .with = "method",
        .choice = &method_halving,
        .other = &method_asha,
    },
    {
        .entry = {"brackets", "parts of the configurations, each with a later first cut"},
        .type = TYPE_INTEGER,
        FIELD(halving.brackets),
        .minimum = 1,
        .maximum = BRACKETS_MAX,
        .fallback = "1",
        .with = "method",
        .choice = &method_halving,
        .other = &method_asha,
    },
    {
        .entry = {"cut_by", "what configurations are cut by"},
        .type = TYPE_CHOICE,
        FIELD(halving.criterion),
        .choices = &criterion_table,
        .fallback = "objective",
        .with = "method",
        .choice = &method_halving,
        .other = &method_asha,
    },
    {
        .entry = {"draws", "how they are drawn"},
        .type = TYPE_CHOICE,
        FIELD(draws),
        .choices = &draws_table,
        .fallback = "independent",
        .with = "method",
        .choice = &method_random,
    },
    {
        .entry = {"repeats", "how often every configuration is trained"},
        .type = TYPE_INTEGER,
        FIELD(repeats),
        .minimum = 1,
        .maximum = REPEATS_MAX,
        .fallback = "1",
    },
    {
        .entry = {"fold_repeats", "how often rows are dealt into folds, each time anew"},
        .type = TYPE_INTEGER,
        FIELD(fold_repeats),
        .minimum = 1,
        .maximum = FOLD_REPEATS_MAX,
        .fallback = "1",
    },
    {
        .entry = {"execution", "whether trials are timed alone or share their time"},
        .type = TYPE_CHOICE,
        FIELD(execution),
        .choices = &execution_table,
        .fallback = "solo",
    },
    {
        .entry = {"optimum", "whether F*, from which gaps are measured, is looked for"},
        .type = TYPE_CHOICE,
        FIELD(optimum),
        .choices = &optimum_table,
        .fallback = "auto",
    },
    {
        .entry = {"order", "in which order configurations take their turns"},
        .type = TYPE_CHOICE,
        FIELD(order),
        .choices = &order_table,
        .fallback = "interleaved",
    },
    {
        .entry = {"binding", "where the threads of a trial run"},
        .type = TYPE_CHOICE,
        FIELD(binding),
        .choices = &binding_table,
        .fallback = "cores",
    },
    {
        .entry = {"warmup", "epochs trained before a solo trial, off its clocks"},
        .type = TYPE_INTEGER,
        FIELD(warmup),
        .maximum = REPEATS_MAX,
        .fallback = "1",
    },
    {
        .entry = {"retries", "how often a disturbed solo trial is run again, at most"},
        .type = TYPE_INTEGER,
        FIELD(retries),
        .maximum = RETRIES_MAX,
        .fallback = "2",
    },
    {
        .entry = {"finals", "rounds in which the best configurations are timed again, alone"},
        .type = TYPE_INTEGER,
        FIELD(finals),
        .maximum = REPEATS_MAX,
        .fallback = "15 where times are shared and there are no folds, 0 elsewhere",
        .fallback_value = finals_open,
    },
    {
        .entry = {"profile", "whether a trial's phases are measured too"},
        .type = TYPE_CHOICE,
        FIELD(profile),
        .choices = &profile_table,
        .fallback = "off",
    },
    {
        .entry = {"tuning", "whether kernels are tuned to this machine; it changes no bit"},
        .type = TYPE_CHOICE,
        FIELD(tuning),
        .choices = &tuning_table,
        .fallback = "yes",
    },
    {
        .entry = {"checkpoint", "how often a trial in flight is kept, to go on after a kill"},
        .type = TYPE_REAL,
        FIELD(checkpoint),
        .maximum = DBL_MAX,
        .fallback = "60 s",
        .keyword = "off",
        .keyword_value = never,
        .unit = "s",
    },
    {
        .entry = {"models", "models in a pass, at most"},
        .type = TYPE_INTEGER,
        FIELD(placement.models),
        .minimum = 1,
        .maximum = GROUP_MOST,
        .fallback = "64",
        .with = "execution",
        .choice = &execution_batched,
    },
    {
        .entry = {"pass_threads", "threads of a pass"},
        .type = TYPE_INTEGER,
        FIELD(placement.threads),
        .minimum = 1,
        .maximum = THREADS_MAX,
        .fallback = "a fair share of those there are",
        .fallback_value = fair_share,
        .with = "execution",
        .choice = &execution_batched,
    },
    {
        .entry = {"side_by_side", "passes at a time"},
        .type = TYPE_INTEGER,
        FIELD(placement.side_by_side),
        .minimum = 1,
        .maximum = THREADS_MAX,
        .fallback = "1",
        .with = "execution",
        .choice = &execution_batched,
    },
};

const size_t sweep_key_count = sizeof sweep_keys / sizeof *sweep_keys;
