/* SPDX-License-Identifier: MIT
 *
 * descent tune-placement: how a batched sweep is best laid out on this machine, from a short
 * calibration; the best is recorded for --execution placed.
 */
#include "base/duration.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "measure/machine/blas_threads.h"
#include "store/json_value.h"
#include "sweep/placement/placement_tuning.h"

#include <math.h>
#include <stdio.h>

#define SECONDS_MOST 86400.0

static const struct option_row options[] = {
    RESULTS_OPTION("folder of all results; the placement is recorded in this sweep's"),
    {.entry = {"seconds", "total training time, to measure what a pass costs"},
     .argument = "SECONDS",
     .fallback = "5"},
    {.entry = {"format", "how to print"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
};

/* --- As text ------------------------------------------------------------------------------- */

/* Whose are the times that trials will have? */
static const char *timings_of(const struct placement *placement)
{
    if (placement->side_by_side > 1)
        return "times not comparable";
    return placement->models > 1 ? "times shared in a pass" : "times of its own";
}

static void print_choice(const struct placement_choice *choice, const struct placement_choice *best)
{
    char seconds[DURATION_TEXT];
    const struct placement *placement = &choice->placement;
    printf("%6lld  %7lld  %12lld  %10s  %5.2f  %-22s%s\n", (long long)placement->models,
           (long long)placement->threads, (long long)placement->side_by_side,
           duration_text(choice->seconds, seconds), choice->seconds / best->seconds,
           timings_of(placement), choice == best ? "  best" : "");
}

static void print_text(const struct sweep_file *file, const struct placement_tuning *tuning)
{
    printf("sweep %s: %zu configurations, %lld %s\n\n"
           "models  threads  side by side    expected  ratio  timings\n",
           file->name, tuning->configurations, (long long)tuning->rounds,
           tuning->rounds == 1 ? "round" : "rounds");
    for (size_t i = 0; i < tuning->count; i++)
        print_choice(&tuning->choices[i], tuning->choices);
    printf(
        "\nThe time is that of the whole sweep on an idle machine, without finals, if every model "
        "goes all its\nepochs but those that were seen to end sooner.\n"
        "The best is recorded: descent sweep ");
    text_write_operand(file->path, stdout);
    puts(" --execution placed");
}

/* --- As JSON ------------------------------------------------------------------------------- */

static json_t *choice_json(const struct placement_choice *choice,
                           const struct placement_choice *best)
{
    json_t *object = json_value_object();
    json_value_set(object, "models", json_value_integer(choice->placement.models));
    json_value_set(object, "threads", json_value_integer(choice->placement.threads));
    json_value_set(object, "side_by_side", json_value_integer(choice->placement.side_by_side));
    json_value_set(object, "seconds", json_value_real(choice->seconds));
    json_value_set(object, "ratio", json_value_real(choice->seconds / best->seconds));
    json_value_set(object, "comparable", json_boolean(choice->placement.side_by_side == 1));
    json_value_set(object, "best", json_boolean(choice == best));
    return object;
}

static void print_json(const struct sweep_file *file, const struct placement_tuning *tuning)
{
    json_t *object = json_value_object(), *choices = json_value_array();
    for (size_t i = 0; i < tuning->count; i++)
        json_value_append(choices, choice_json(&tuning->choices[i], tuning->choices));
    json_value_set(object, "sweep", json_value_text(file->name));
    json_value_set(object, "configurations", json_value_integer((int64_t)tuning->configurations));
    json_value_set(object, "rounds", json_value_integer(tuning->rounds));
    json_value_set(object, "placements", choices);
    json_value_print(stdout, object);
}

/* ------------------------------------------------------------------------------------------- */

static bool read_seconds(const struct arguments *arguments, double *seconds, struct error *error)
{
    const char *text = arguments_value(arguments, "seconds");
    if (text_to_real(text, seconds) && *seconds > 0.0 && *seconds <= SECONDS_MOST)
        return true;
    return error_usage(error, "--seconds: '%s' is not a number above 0 and up to %.0f", text,
                       SECONDS_MOST);
}

static bool run(const struct arguments *arguments, struct error *error)
{
    double seconds;
    if (!read_seconds(arguments, &seconds, error))
        return false;
    blas_threads_probe(); /* a fact of the machine, and before any parallel region */
    struct sweep_file *file = sweep_file_read(arguments->operands[0], error);
    if (file == NULL)
        return false;
    bool json = arguments_choice(arguments, "format") == &format_json;
    struct placement_tuning tuning;
    bool done = placement_tune(file, arguments_value(arguments, "results"), seconds,
                               json ? stderr : stdout, &tuning, error);
    if (done)
        (json ? print_json : print_text)(file, &tuning);
    placement_tuning_clear(&tuning);
    sweep_file_free(file);
    return done;
}

const struct command command_tune_placement = {
    .entry = {"tune-placement", "find the fastest layout of a batched sweep on this machine"},
    .operands = "FILE",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "It tries how many models a pass trains, how many threads a pass has, and how many passes\n"
        "run side by side, says how long the sweep would take under each, and records the best "
        "for\n"
        "this machine and build. The machine should be idle. Trials have the same bits under "
        "every\n"
        "placement of as many models; times of passes side by side are not comparable.\n"
        "  descent tune-placement configs/schedules.yaml\n"
        "  descent sweep configs/schedules.yaml --execution placed\n",
    .run = run,
};
