/* SPDX-License-Identifier: MIT
 *
 * descent programs: who the programs of a sweep file say that they are, and what may be set.
 */
#include "base/duration.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/clock.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "report/text_table.h"
#include "store/json_value.h"
#include "sweep/programs/talk.h"

#include <math.h>
#include <stdio.h>

static const struct option_row options[] = {
    {.entry = {"format", "how to print"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
};

/* What one of them was asked, and what came of it. */
struct asked {
    const struct program *program;
    const struct hello *hello; /* NULL: it failed, ... */
    const char *reason;        /* ...for this */
    double seconds;            /* from its start to its answer */
};

/* --- As text ------------------------------------------------------------------------------- */

/* "0 to 1", "at least 0", "lbfgs, newton": what is allowed. Free with memory_free(). */
static char *allowed_text(const struct parameter *parameter)
{
    struct memory_stream stream;
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    FILE *out = memory_stream_open(&stream);
    const bool bounded[2] = {isfinite(parameter->minimum), isfinite(parameter->maximum)};
    text_from_real(low, parameter->minimum);
    text_from_real(high, parameter->maximum);
    if (parameter->kind != PARAMETER_CHOICE && bounded[0] && bounded[1])
        fprintf(out, "%s to %s", low, high);
    else if (parameter->kind != PARAMETER_CHOICE && bounded[0])
        fprintf(out, "at least %s", low);
    else if (parameter->kind != PARAMETER_CHOICE && bounded[1])
        fprintf(out, "at most %s", high);
    else if (parameter->kind != PARAMETER_CHOICE)
        fputs("any", out);
    for (size_t i = 0; i < parameter->choice_count; i++)
        fprintf(out, "%s%s", i > 0 || parameter->kind != PARAMETER_CHOICE ? ", " : "",
                text_shown(parameter->choices[i]));
    return memory_stream_close(&stream);
}

static void print_parameters(const struct hello *hello)
{
    static const struct text_column columns[] = {
        {.header = "parameter"}, {.header = "type"}, {.header = "default"}, {.header = "allowed"}};
    if (hello->parameter_count == 0)
        return;
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < hello->parameter_count; i++) {
        const struct parameter *parameter = &hello->parameters[i];
        char *allowed = allowed_text(parameter);
        text_table_cell(table, "%s", text_shown(parameter->name));
        text_table_cell(table, "%s", parameter_kind_names[parameter->kind]);
        text_table_cell(table, "%s", text_shown(parameter->standard));
        text_table_cell(table, "%s", allowed);
        memory_free(allowed);
    }
    text_table_print(table, 2, stdout);
    text_table_free(table);
}

static void print_text(const struct asked *asked)
{
    const struct hello *hello = asked->hello;
    char seconds[DURATION_TEXT];
    if (hello == NULL) {
        printf("%s: it failed: %s\n", asked->program->name, asked->reason);
        printf("  command: %s\n", text_shown(asked->program->written));
        return;
    }
    char *version = talk_version(hello);
    printf("%s: %s, after %s\n", asked->program->name, version,
           duration_text(asked->seconds, seconds));
    printf("  command: %s\n", text_shown(asked->program->written));
    printf("  takes:   %s; %s%s%s\n", hello->sparse ? "sparse rows as they are" : "matrices only",
           hello->threads ? "as many threads as it is told" : "one thread",
           hello->warm_start ? "; weights to begin with" : "",
           hello->regularises_bias ? "; says that it regularises the bias too" : "");
    print_parameters(hello);
    memory_free(version);
}

/* --- As JSON ------------------------------------------------------------------------------- */

static json_t *parameter_json(const struct parameter *parameter)
{
    json_t *object = json_value_object(), *values = json_value_array();
    for (size_t i = 0; i < parameter->choice_count; i++)
        json_value_append(values, json_value_text(parameter->choices[i]));
    json_value_set(object, "type", json_value_text(parameter_kind_names[parameter->kind]));
    json_value_set(object, "default", json_value_text(parameter->standard));
    json_value_set(object, "minimum", json_value_real(parameter->minimum));
    json_value_set(object, "maximum", json_value_real(parameter->maximum));
    json_value_set(object, "values", values);
    return object;
}

static json_t *hello_json(const struct hello *hello)
{
    json_t *object = json_value_object(), *parameters = json_value_object();
    for (size_t i = 0; i < hello->parameter_count; i++)
        json_value_set(parameters, hello->parameters[i].name,
                       parameter_json(&hello->parameters[i]));
    json_value_set(object, "name", json_value_text(hello->name));
    json_value_set(object, "version", json_value_text(hello->version));
    json_value_set(object, "sparse", json_boolean(hello->sparse));
    json_value_set(object, "threads", json_boolean(hello->threads));
    json_value_set(object, "warm_start", json_boolean(hello->warm_start));
    json_value_set(object, "regularises_bias", json_boolean(hello->regularises_bias));
    json_value_set(object, "parameters", parameters);
    return object;
}

static json_t *asked_json(const struct asked *asked)
{
    json_t *object = json_value_object();
    json_value_set(object, "program", json_value_text(asked->program->name));
    json_value_set(object, "command", json_value_text(asked->program->written));
    json_value_set(object, "seconds", json_value_real(asked->seconds));
    json_value_set(object, "error", json_value_text(asked->reason));
    json_value_set(object, "hello", asked->hello != NULL ? hello_json(asked->hello) : json_null());
    return object;
}

/* --- All of them --------------------------------------------------------------------------- */

/* Asks one, and prints it or, where there is a list, adds it to that. */
static bool ask(const struct sweep_file *file, const struct program *program, json_t *list)
{
    struct talk talk;
    char reason[TALK_REASON];
    const double start = clock_seconds();
    const bool done = talk_begin(&talk, talk_command(file, program, stderr), reason);
    const struct asked asked = {program, done ? &talk.hello : NULL, done ? NULL : reason,
                                clock_seconds() - start};
    if (list != NULL)
        json_value_append(list, asked_json(&asked));
    else
        print_text(&asked);
    talk_end(&talk);
    return done;
}

static bool ask_all(const struct sweep_file *file, bool as_json, struct error *error)
{
    json_t *list = as_json ? json_value_array() : NULL;
    size_t failed = 0;
    for (size_t i = 0; i < file->program_count; i++)
        failed += !ask(file, &file->programs[i], list);
    if (as_json)
        json_value_print(stdout, list);
    return failed == 0 || error_failed(error, "%s: %zu of %zu programs failed", file->path, failed,
                                       file->program_count);
}

static bool run(const struct arguments *arguments, struct error *error)
{
    struct sweep_file *file = sweep_file_read(arguments->operands[0], error);
    if (file == NULL)
        return false;
    bool done =
        file->program_count > 0
            ? ask_all(file, arguments_choice(arguments, "format") == &format_json, error)
            : error_usage(error, "%s: it has no programs; give programs: {NAME: {command: [...]}}",
                          file->path);
    sweep_file_free(file);
    return done;
}

const struct command command_programs = {
    .entry = {"programs", "ask the programs of a sweep file who they are and what may be set"},
    .operands = "FILE",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details = "Each is started, says hello by the trial protocol (docs/protocol.md), and ends.\n"
               "Nothing is trained. What a run may give of a program is what this prints.\n",
    .run = run,
};
