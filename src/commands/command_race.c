/* SPDX-License-Identifier: MIT
 *
 * descent race: is B slower than A? The exit code says it: 0 not slower, 1 slower than is allowed,
 * 2 no verdict.
 */
#include "base/memory.h"
#include "base/system/interruption.h"
#include "base/system/output.h"
#include "commands/race/race_command.h"
#include "commands/training/training_command.h"
#include "data/sources/source_text.h"
#include "race/race_json.h"
#include "race/race_plan.h"
#include "race/race_tasks.h"
#include "race/race_text.h"
#include "race/whole_process.h"
#include "store/json_value.h"

#include <stdio.h>

/* All that one race comes to. */
struct racing {
    const struct arguments *arguments;
    struct race_request request;
    struct racers racers;
    struct race_tasks tasks;
    struct race_trainings *trainings; /* NULL: the sides are commands */
    const char **names;               /* of the tasks */
    struct race race;
    struct race_verdicts verdicts;
    struct output baseline; /* to be written */
};

/* --- What is raced ------------------------------------------------------------------------- */

/* A command knows no tasks. */
static bool run_side(void *context, struct race_turn turn, struct race_sample *sample,
                     struct race_output *output, char reason[static RACE_REASON])
{
    const struct racing *racing = context;
    cpu_set_t half;
    const struct process_command command = {
        .arguments = racing->racers.list[turn.side].arguments,
        .processors = turn.half >= 0 ? &half : NULL,
    };
    if (racing->trainings != NULL)
        return race_trainings_run(racing->trainings, turn, sample, output, reason);
    race_half(turn.half == 1, &half);
    return whole_process_run(&command, racing->request.limit, sample, output, reason);
}

static bool relink_sides(void *context, size_t order, char reason[static RACE_REASON])
{
    const struct racing *racing = context;
    return racers_relink(&racing->racers, order, reason);
}

static bool take_data(struct racing *racing, struct error *error)
{
    struct source source = {0};
    struct dataset *data = NULL;
    if (arguments_source_named(racing->arguments, racing->request.data, &source, error))
        data = arguments_load(racing->arguments, &source, error);
    source_clear(&source);
    if (data == NULL)
        return false;
    if (arguments_check_configuration(racing->arguments, data, error))
        return race_tasks_of_data(data, &racing->arguments->configuration, &racing->tasks, error);
    dataset_free(data);
    return false;
}

/* Those that are not told what a build of descent is. */
static bool check_given(const struct racing *racing, struct error *error)
{
    static const char *const told[] = {"lambda", "seed", "threads"};
    const struct arguments *arguments = racing->arguments;
    char name[OPTION_NAME];
    if (race_trainings_are_of_descent(racing->trainings))
        return true;
    if (racing->request.sweep != NULL)
        return error_usage(error, "--sweep: its configurations are trained by builds of descent; "
                                  "give programs --data, --lambda and --parameters");
    for (size_t i = 0; i < hyperparameter_count; i++) {
        bool is_told = !arguments->given[i];
        for (size_t j = 0; j < sizeof told / sizeof *told; j++)
            is_told = is_told || hyperparameter_find(told[j]) == &hyperparameters[i];
        option_name(hyperparameters[i].entry.name, name);
        if (!is_told)
            return error_usage(error,
                               "--%s is for builds of descent; give programs --lambda, "
                               "--seed, --threads and --parameters",
                               name);
    }
    return true;
}

static bool take_trainings(struct racing *racing, struct error *error)
{
    const struct race_request *request = &racing->request;
    if (!(request->data != NULL ? take_data(racing, error)
                                : race_tasks_of_sweep(request->sweep, &racing->tasks, error)))
        return false;
    racing->trainings = race_trainings_open(racing->tasks.file, &racing->racers, racing->tasks.list,
                                            racing->tasks.count, request->parameters, error);
    return racing->trainings != NULL && check_given(racing, error) &&
           (!request->options.duet || race_trainings_halve(racing->trainings, error));
}

static bool open_sides(struct racing *racing, struct error *error)
{
    const struct race_request *request = &racing->request;
    return racers_open(&racing->racers, &request->a, request->has_b ? &request->b : NULL,
                       arguments_flag(racing->arguments, "in-place"), error);
}

/* Those of both, or of one where there is no other. */
static bool link_sides(struct racing *racing, struct error *error)
{
    const struct race_request *request = &racing->request;
    struct link_command commands[2] = {{.count = 0}, {.count = 0}};
    const bool linked =
        link_command_read(request->links[0], &commands[0], error) &&
        (!request->has_b || link_command_read(request->links[1], &commands[1], error)) &&
        racers_link(&racing->racers, &commands[0], &commands[1], request->options.orders,
                    request->options.seed, error);
    link_command_clear(&commands[0]);
    link_command_clear(&commands[1]);
    return linked;
}

/* Each verdict has an interval only where orders are enough. */
static bool take_orders(struct racing *racing, struct error *error)
{
    const size_t orders = racing->race.options.orders, least = race_values_least(&racing->race);
    if (orders == 0)
        return true;
    if (orders < least)
        return error_usage(error, "--relink: %zu is not allowed; give at least %zu here", orders,
                           least);
    return link_sides(racing, error);
}

/* --- The race ------------------------------------------------------------------------------ */

static bool run_race(struct racing *racing, struct error *error)
{
    const bool trains = racing->trainings != NULL;
    const struct race_runner runner = {run_side, relink_sides, racing};
    const size_t count = trains ? racing->tasks.count : 1;
    struct interruption before;
    racing->names = memory_allocate(count, sizeof *racing->names);
    for (size_t i = 0; i < count; i++)
        racing->names[i] = trains ? racing->tasks.list[i].name : "process";
    racing->race = (struct race){.options = racing->request.options,
                                 .sides = racing->racers.count,
                                 .tasks = count,
                                 .names = racing->names};
    interruption_install(&before);
    const bool done = take_orders(racing, error) && race_run(&racing->race, &runner, stderr, error);
    interruption_restore(&before, false);
    if (!done)
        race_print_times(&racing->race, stderr);
    return done;
}

static void print(const struct racing *racing)
{
    if (arguments_choice(racing->arguments, "format") == &format_json)
        json_value_print(stdout, race_json(&racing->race, &racing->verdicts, &racing->racers));
    else
        race_print_text(&racing->race, &racing->verdicts, &racing->racers, stdout);
}

/* Exit code 1 or 2, where it is one of them. */
static bool conclude(const struct racing *racing, struct error *error)
{
    const enum race_outcome outcome = racing->verdicts.list[racing->verdicts.main].outcome;
    if (race_outcome_is_invalid(outcome))
        return error_usage(error, "race: it is invalid, and there is no verdict");
    if (outcome == RACE_SLOWER)
        return error_failed(error, "race: B is slower than is allowed");
    return !racing->request.options.same_results || !race_has_other_results(&racing->verdicts) ||
           error_failed(error, "race: B has other results than A");
}

static bool save_baseline(struct racing *racing, struct error *error)
{
    if (racing->baseline.file == NULL)
        return true;
    json_t *race = race_json(&racing->race, &racing->verdicts, &racing->racers);
    json_value_print(racing->baseline.file, baseline_json(race, &racing->racers));
    return output_commit(&racing->baseline, error);
}

static bool open_baseline(struct racing *racing, struct error *error)
{
    const char *path = arguments_value(racing->arguments, "save-baseline");
    return path == NULL ||
           output_open(&racing->baseline, path, arguments_flag(racing->arguments, "force"), error);
}

/* Whatever else fails leaves no verdict: that is exit code 2 as well. */
static bool race(struct racing *racing, struct error *error)
{
    const struct race_request *request = &racing->request;
    bool raced =
        race_request_read(racing->arguments, &racing->request, error) &&
        open_baseline(racing, error) && open_sides(racing, error) &&
        ((request->data == NULL && request->sweep == NULL) || take_trainings(racing, error)) &&
        run_race(racing, error);
    if (raced) {
        racing->verdicts = race_judge(&racing->race);
        print(racing);
        if (race_outcome_is_invalid(racing->verdicts.list[racing->verdicts.main].outcome))
            return conclude(racing, error);
        raced = save_baseline(racing, error);
    }
    if (error->kind == ERROR_FAILED)
        error->kind = ERROR_USAGE;
    return raced && conclude(racing, error);
}

static bool run(const struct arguments *arguments, struct error *error)
{
    struct racing racing = {.arguments = arguments};
    const bool done = race(&racing, error);
    output_discard(&racing.baseline);
    race_verdicts_clear(&racing.verdicts);
    race_clear(&racing.race);
    race_trainings_free(racing.trainings);
    race_tasks_clear(&racing.tasks);
    racers_close(&racing.racers);
    race_request_clear(&racing.request);
    memory_free(racing.names);
    return done;
}

static const struct option_row options[] = {
    {.entry = {"data", "the sides train on these data: a file or a generator"}, .argument = "DATA"},
    {.entry = {"sweep", "the sides train each configuration of this sweep file"},
     .argument = "FILE"},
    {.entry = {"parameters", "of programs that are not descent: tolerance=1e-6,memory=5"},
     .argument = "LIST"},
    {.entry = {"resolution", "the difference that is to be found, in per cent"},
     .argument = "PERCENT",
     .fallback = "2"},
    {.entry = {"fail-slower", "B may be so many per cent slower; beyond, the exit code is 1"},
     .argument = "PERCENT",
     .fallback = "5"},
    {.entry = {"same-results", "other results than A's are not allowed either: exit code 1"}},
    {.entry = {"rounds", "at most so many rounds"}, .argument = "N", .fallback = "300"},
    {.entry = {"time", "at most so many seconds, as far as can be foreseen"},
     .argument = "S",
     .fallback = "300"},
    {.entry = {"limit", "seconds that one run of a command may take"},
     .argument = "S",
     .fallback = "600"},
    {.entry = {"order-seed", "of the order of sides (default: another every time)"},
     .argument = "N"},
    {.entry = {"duet", "two sides at a time, each on half of the processors, which are swapped"}},
    {.entry = {"relink", "each side takes part in K orders of its objects, at least 12"},
     .argument = "K"},
    {.entry = {"link-a",
               "--relink: the last line of this file is the command that links A; its paths "
               "are taken from the file's folder"},
     .argument = "FILE"},
    {.entry = {"link-b", "the same of B"}, .argument = "FILE"},
    {.entry = {"in-place", "run programs where they are, and not from copies"}},
    {.entry = {"save-baseline", "race one side against its copy, and write it down in this file"},
     .argument = "FILE"},
    {.entry = {"baseline", "A is the build that was written down in this file"},
     .argument = "FILE"},
    {.entry = {"force", "replace the file of --save-baseline if it exists"}},
    {.entry = {"format", "how to print"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
};
const struct command command_race = {
    .entry = {"race", "say whether one build is slower than another, by its exit code"},
    .operands = "A B",
    .operand_min = 1,
    .operand_max = SIZE_MAX,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .hyperparameters = true,
    .settings = true,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "A and B are builds of descent, or programs that speak the trial protocol\n"
        "(docs/protocol.md), and train what --data or --sweep says. Without either they are\n"
        "commands of any kind, timed as whole processes; their output is compared.\n"
        "\n"
        "  descent race old/descent new/descent --data data.csv --solver gd --epochs 500\n"
        "  descent race old/descent new/descent --sweep sweep.yaml --fail-slower 3%\n"
        "  descent race -- ./sort-old numbers.txt -- ./sort-new numbers.txt\n"
        "\n"
        "Both run in fresh processes, in turn, and a copy of A with them. Where A and its copy "
        "are\n"
        "told apart, or noise hides what is to be found, there is no verdict.\n"
        "\n"
        "Exit codes: 0 B is not slower (or not by more than --fail-slower), 1 it is, 2 no "
        "verdict.\n"
        "\n"
        "A baseline is a build that is run again, not a time:\n"
        "\n"
        "  descent race builds/v1/descent --data pets --save-baseline v1.json\n"
        "  descent race build/descent --data pets --baseline v1.json\n",
    .run = run,
};
