/* SPDX-License-Identifier: MIT
 *
 * descent judge: has a program that speaks the trial protocol train once, and says what its weights
 * are to our objective: at the optimum, on the way to it, or at that of another objective.
 */
#include "base/duration.h"
#include "base/memory.h"
#include "base/system/interruption.h"
#include "base/text.h"
#include "commands/training/training_command.h"
#include "programs/data_files.h"
#include "solvers/judge/judge.h"
#include "store/json_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PARAMETERS_MOST = 64 };

static const struct option_row options[] = {
    {.entry = {"lambda", "L2 regularisation that it is asked for"},
     .argument = "NUMBER",
     .fallback = "0.01"},
    {.entry = {"parameters", "its own parameters: tolerance=1e-6,memory=5"}, .argument = "LIST"},
    {.entry = {"seed", "that it is given"}, .argument = "N", .fallback = "0"},
    {.entry = {"threads", "that it is to use"}, .argument = "N", .fallback = "1"},
    {.entry = {"limit", "seconds for each of its answers"}, .argument = "S", .fallback = "600"},
    {.entry = {"gap", "at which weights count as converged"},
     .argument = "NUMBER",
     .fallback = "1e-6"},
    {.entry = {"format", "how to print"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
};

/* All that one run comes to. */
struct judging {
    const struct dataset *data;
    double lambda, limit, gap;
    int64_t seed, threads;
    struct process *process;
    struct hello hello;
    struct data_files *files;
    double load_seconds;
    struct protocol_result result;
    struct process_usage usage;
    struct optimum optimum;
    struct judgement judgement;
    struct explanation explanation;
    size_t count; /* of its parameters that are given */
    const struct parameter *parameters[PARAMETERS_MOST];
    const char *values[PARAMETERS_MOST];
};

/* --- What is asked ---------------------------------------------------------------------------- */

static bool real_option(const struct arguments *arguments, const char *name, double least,
                        double *value, struct error *error)
{
    const char *text = arguments_value(arguments, name);
    return (text_to_real(text, value) && isfinite(*value) && *value >= least) ||
           error_usage(error, "--%s: '%s' is not allowed; give a number of at least %g", name, text,
                       least);
}

static bool read_options(const struct arguments *arguments, struct judging *run,
                         struct error *error)
{
    return real_option(arguments, "lambda", 0.0, &run->lambda, error) &&
           real_option(arguments, "limit", 0.0, &run->limit, error) &&
           real_option(arguments, "gap", 0.0, &run->gap, error) &&
           arguments_integer(arguments, "seed", 0, INT64_MAX, &run->seed, error) &&
           arguments_integer(arguments, "threads", 1, 4096, &run->threads, error);
}

/* "name=value" of --parameters, which is cut. */
static bool take_parameter(struct judging *run, char *word, struct error *error)
{
    char reason[PROTOCOL_REASON], *value = strchr(word, '=');
    if (value == NULL)
        return error_usage(error, "--parameters: '%s' has no value; write %s=VALUE",
                           text_shown(word), text_shown(word));
    *value++ = '\0';
    const struct parameter *parameter = hello_parameter(&run->hello, word);
    if (parameter == NULL)
        return error_usage(error,
                           "--parameters: %s has no parameter '%s'; it has those of its hello",
                           text_shown(run->hello.name), text_shown(word));
    if (!parameter_allows(parameter, value, reason))
        return error_usage(error, "--parameters: %s", reason);
    if (run->count == PARAMETERS_MOST)
        return error_usage(error, "--parameters: there are more than %d", PARAMETERS_MOST);
    run->parameters[run->count] = parameter;
    run->values[run->count++] = value;
    return true;
}

static bool take_parameters(struct judging *run, char *list, struct error *error)
{
    char *rest = NULL;
    for (char *word = strtok_r(list, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest))
        if (!take_parameter(run, word, error))
            return false;
    return true;
}

/* --- The run ---------------------------------------------------------------------------------- */

/* The program has failed: why, and what it said last. */
static bool fail(struct judging *run, const char *stage, const char *reason, struct error *error)
{
    char words[256];
    snprintf(words, sizeof words, "%s", process_last_words(run->process));
    process_stop(run->process, 0.5, &run->usage);
    run->process = NULL;
    return error_failed(error, "the program failed at '%s': %s; it %s%s%s", stage, reason,
                        run->usage.end, words[0] != '\0' ? "; its last words: " : "",
                        text_shown(words));
}

static bool load(struct judging *run, struct error *error)
{
    char reason[PROTOCOL_REASON];
    run->files = data_files_write(run->data, !run->hello.sparse, error);
    return run->files != NULL && (protocol_data(run->process, data_files_message(run->files),
                                                run->limit, &run->load_seconds, reason) ||
                                  fail(run, "data", reason, error));
}

static bool train(struct judging *run, struct error *error)
{
    char reason[PROTOCOL_REASON];
    const struct protocol_task task = {
        .lambda = run->lambda,
        .seed = run->seed,
        .threads = (int)run->threads,
        .seconds = INFINITY,
        .count = run->count,
        .parameters = run->parameters,
        .values = run->values,
    };
    const bool trained =
        protocol_train(run->process, &task, run->data->features, run->limit, &run->result, reason);
    return trained || fail(run, "train", reason, error);
}

static bool converse(struct judging *run, const struct process_command *command, char *list,
                     struct error *error)
{
    char reason[PROTOCOL_REASON];
    run->process = process_start(command, error);
    if (run->process == NULL)
        return false;
    if (!protocol_hello(run->process, run->limit, &run->hello, reason))
        return fail(run, "hello", reason, error);
    if (!take_parameters(run, list, error) || !load(run, error) || !train(run, error))
        return false;
    protocol_quit(run->process);
    process_stop(run->process, 5.0, &run->usage);
    run->process = NULL;
    return true;
}

static bool has_converged(const struct judging *run)
{
    const struct judgement *at = &run->judgement;
    return at->gap <= run->gap || (isnan(at->gap) && at->gradient_norm <= run->gap);
}

static void judge(struct judging *run)
{
    const struct judged judged = {run->data, run->lambda, run->result.w, run->result.b,
                                  (int)run->threads};
    run->optimum = optimum_find(run->data, run->lambda, (int)run->threads);
    run->judgement = judge_weights(&judged, &run->optimum);
    if (!has_converged(run))
        run->explanation = judge_explain(&judged);
}

/* --- What is said ----------------------------------------------------------------------------- */

static void print_verdict(const struct judging *run)
{
    const struct judgement *at = &run->judgement;
    if (at->refutes)
        printf("F is below F*: this is an error of descent, please report it\n");
    else if (has_converged(run) && !isnan(at->gap))
        printf("at the optimum: the gap is %.3g\n", at->gap);
    else if (has_converged(run))
        printf("at a stationary point: the gradient norm is %.3g\n", at->gradient_norm);
    else if (run->explanation.found)
        printf("another objective: %s\n", run->explanation.words);
    else if (!isnan(at->gap))
        printf("not converged: the gap is %.3g, and no known objective explains the weights\n",
               at->gap);
    else
        printf("not converged: the gradient norm is %.3g, and no known objective explains the "
               "weights\n",
               at->gradient_norm);
}

static void print_clocks(const struct judging *run)
{
    const struct protocol_result *result = &run->result;
    char ours[DURATION_TEXT], own[DURATION_TEXT], reading[DURATION_TEXT];
    printf("time:    %s by our clock", duration_text(result->seconds, ours));
    if (!isnan(result->own_seconds))
        printf(", %s by its own%s", duration_text(result->own_seconds, own),
               fabs(result->own_seconds - result->seconds) > 0.05 * result->seconds
                   ? ": they differ by more than 5 %"
                   : "");
    if (result->iterations >= 0)
        printf("; %lld iterations", (long long)result->iterations);
    printf("\ndata:    %zu x %zu, read in %s\n", run->data->rows, run->data->features,
           duration_text(run->load_seconds, reading));
}

static void print_use(const struct judging *run)
{
    const struct process_use *use = &run->result.use;
    char peak[TEXT_NUMBER], training[TEXT_NUMBER];
    printf("memory:  %s at most", text_from_bytes(peak, run->usage.peak_bytes));
    if (!isnan(use->peak_bytes))
        printf(", %s %s", text_from_bytes(training, use->peak_bytes),
               use->peak_of_trial ? "while it trained" : "until it had trained");
    if (!isnan(use->processor_seconds))
        printf("\nused:    %.3g processors while it trained",
               use->processor_seconds / run->result.seconds);
    if (use->threads >= 0)
        printf(", by %d thread%s (told: %lld)", use->threads, use->threads == 1 ? "" : "s",
               (long long)run->threads);
    if (!isnan(use->involuntary_switches))
        printf("; %.0f voluntary and %.0f involuntary context switches", use->voluntary_switches,
               use->involuntary_switches);
    putchar('\n');
}

static void print_text(const struct judging *run)
{
    const struct judgement *at = &run->judgement;
    print_verdict(run);
    printf("program: %s %s\n", text_shown(run->hello.name), text_shown(run->hello.version));
    printf("F:       %.10g", at->objective);
    if (run->optimum.status == OPTIMUM_FOUND)
        printf(", F* %.10g, gap %.3g", run->optimum.objective, at->gap);
    else
        printf(", and F* is not known: %s", run->optimum.reason);
    printf("; gradient norm %.3g; accuracy %.4g\n", at->gradient_norm, at->accuracy);
    print_clocks(run);
    print_use(run);
}

/* What was used while it trained is null where the system does not tell. */
static void set_use(const struct judging *run, json_t *object)
{
    const struct process_use *use = &run->result.use;
    const struct {
        const char *name;
        double value;
    } rows[] = {
        {"peak_bytes", run->usage.peak_bytes},
        {"train_peak_bytes", use->peak_of_trial ? use->peak_bytes : NAN},
        {"processors", use->processor_seconds / run->result.seconds},
        {"waiting_seconds", use->waiting_seconds},
        {"voluntary_switches", use->voluntary_switches},
        {"involuntary_switches", use->involuntary_switches},
        {"threads_used", use->threads >= 0 ? (double)use->threads : NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_value_set(object, rows[i].name, json_value_real(rows[i].value));
}

static void print_json(const struct judging *run)
{
    const struct judgement *at = &run->judgement;
    const struct protocol_result *result = &run->result;
    json_t *object = json_value_object();
    json_value_set(object, "program", json_value_text(run->hello.name));
    json_value_set(object, "version", json_value_text(run->hello.version));
    json_value_set(object, "lambda", json_value_real(run->lambda));
    json_value_set(object, "objective", json_value_real(at->objective));
    json_value_set(object, "gap", json_value_real(at->gap));
    json_value_set(object, "gradient_norm", json_value_real(at->gradient_norm));
    json_value_set(object, "accuracy", json_value_real(at->accuracy));
    json_value_set(object, "converged", json_boolean(has_converged(run)));
    json_value_set(object, "explanation",
                   json_value_text(run->explanation.found ? run->explanation.words : NULL));
    json_value_set(object, "seconds", json_value_real(result->seconds));
    json_value_set(object, "own_seconds", json_value_real(result->own_seconds));
    json_value_set(object, "read_seconds", json_value_real(run->load_seconds));
    json_value_set(object, "iterations",
                   result->iterations >= 0 ? json_value_integer(result->iterations) : json_null());
    set_use(run, object);
    json_value_set(object, "bias", json_value_real(result->b));
    json_value_set(object, "weights", json_value_reals(result->w, run->data->features));
    json_value_print(stdout, object);
}

static void clear(struct judging *run)
{
    if (run->process != NULL)
        process_stop(run->process, 0.0, NULL);
    data_files_remove(run->files);
    hello_clear(&run->hello);
    memory_free(run->result.w);
}

/* The operands behind the data are the program's command. */
static const char **command_of(const struct arguments *arguments)
{
    const char **command = memory_allocate(arguments->count, sizeof *command);
    for (size_t i = 1; i < arguments->count; i++)
        command[i - 1] = arguments->operands[i];
    return command;
}

/* For its only training a descent would measure variants of the kernel, and on the clock. */
static const char *const variables[] = {"DESCENT_TUNING=no", NULL};

static bool run_judge(const struct arguments *arguments, struct error *error)
{
    struct judging run = {0};
    struct interruption before;
    if (!read_options(arguments, &run, error))
        return false;
    struct dataset *data = arguments_training_data(arguments, 0, error);
    if (data == NULL)
        return false;
    const char *text = arguments_value(arguments, "parameters");
    char *list = memory_copy_text(text != NULL ? text : "");
    const char **words = command_of(arguments);
    const struct process_command command = {
        .name = words[0], .arguments = words, .environment = variables, .out = stderr};
    run.data = data;
    interruption_install(&before);
    const bool done = converse(&run, &command, list, error);
    interruption_restore(&before, false);
    if (done) {
        judge(&run);
        if (arguments_choice(arguments, "format") == &format_json)
            print_json(&run);
        else
            print_text(&run);
    }
    clear(&run);
    memory_free(words);
    memory_free(list);
    dataset_free(data);
    return done;
}

const struct command command_judge = {
    .entry = {"judge", "have another program train, and say what its weights are"},
    .operands = "DATA -- PROGRAM [ARGUMENT ...]",
    .operand_min = 2,
    .operand_max = SIZE_MAX,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .settings = true,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "What stands behind -- is the program, which speaks the trial protocol "
        "(docs/protocol.md);\n"
        "options of this command go before it. Its weights are looked at with\n"
        "our objective and F*: at the optimum, on the way to it, or at the optimum of another\n"
        "objective, which is named: the bias regularised, lambda times n, labels swapped, ...\n\n"
        "  descent judge data.csv --lambda 0.01 --parameters tolerance=1e-6 -- ./my-solver\n",
    .run = run_judge,
};
