/* SPDX-License-Identifier: MIT
 *
 * From rows to a parsed command line. The C library's getopt_long() does the parsing; its table is
 * made from the list of all options (command_options.c). Messages are ours, because they name the
 * nearest option.
 */
#include "base/memory.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "data/generators/generator.h"
#include "data/sources/attributes.h"
#include "measure/machine/blas_threads.h"
#include "sweep/file/hints.h"
#include "sweep/file/sweep_file.h"
#include "sweep/programs/greeting.h"
#include "sweep/workload/placement.h"

#include <assert.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_CODE = 1 << 12 }; /* above every letter */

/* getopt_long()'s table: the code of option i is FIRST_CODE + i. */
struct option_list {
    struct command_option *options; /* (count) */
    struct option *parsed;          /* (count), and the end */
    size_t count;
};

static struct option_list option_list_create(const struct command *command)
{
    struct option_list list;
    list.options = command_options(command, &list.count);
    list.parsed = memory_allocate(list.count + 1, sizeof *list.parsed);
    for (size_t i = 0; i < list.count; i++)
        list.parsed[i] = (struct option){
            .name = list.options[i].name,
            .has_arg = list.options[i].argument != NULL ? required_argument : no_argument,
            .val = FIRST_CODE + (int)i,
        };
    return list;
}

static void option_list_free(struct option_list *list)
{
    memory_free(list->options);
    memory_free(list->parsed);
}

static bool has_option(const struct option_list *list, const char *name)
{
    size_t i = 0;
    while (i < list->count && strcmp(list->options[i].name, name) != 0)
        i++;
    return i < list->count;
}

/* What a key of ours is to a command that has no option for it, or false: nothing. */
static bool foreign_key(const struct command *command, const char *given, const char *key,
                        struct error *error)
{
    bool data = strcmp(key, "data") == 0 || strcmp(key, "file") == 0;
    if (strcmp(command->operands, "FILE") == 0) /* of a sweep */
        error_usage(error, "unknown option '%s'; write %s in the sweep file", given, key);
    else if (data && strstr(command->operands, "DATA") != NULL)
        error_usage(error, "unknown option '%s'; data are named without one: descent %s %s", given,
                    command->entry.name, command->operands);
    return error->kind != ERROR_NONE;
}

/* A word of another program, where it is something in this command. False: no error was made. */
static bool foreign_option(const struct command *command, const struct option_list *list,
                           const char *given, const char *word, struct error *error)
{
    char name[OPTION_NAME];
    const struct hint *hint = hint_find(word, NULL);
    if (hint == NULL)
        return false;
    if (hint->key == NULL) {
        error_usage(error, "unknown option '%s'; leave it out: %s", given, hint->about);
        return true;
    }
    option_for_key(command, hint->key, name);
    if (!has_option(list, name))
        return foreign_key(command, given, hint->key, error);
    const char *about =
        hint->inverse ? "1/(n C), where n is how many rows are trained on" : hint->about;
    error_usage(
        error, "unknown option '%s'; here it is --%s%s%s%s%s; 'descent %s --help' lists all", given,
        name, hint->written != NULL ? " " : "", hint->written != NULL ? hint->written : "",
        about != NULL ? ": " : "", about != NULL ? about : "", command->entry.name);
    return true;
}

/* A long option, perhaps with its value. */
static bool unknown_word(const struct command *command, const struct option_list *list,
                         const char *given, struct error *error)
{
    char word[OPTION_NAME];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(given + 2, "="), given + 2);
    if (foreign_option(command, list, given, word, error))
        return false;
    const char **names = memory_allocate(list->count, sizeof *names);
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->options[i].name;
    const char *nearest = text_nearest(word, names, list->count);
    memory_free(names);
    if (nearest != NULL)
        return error_usage(
            error, "unknown option '%s'; did you mean '--%s'? 'descent %s --help' lists all", given,
            nearest, command->entry.name);
    return error_usage(error, "unknown option '%s'; 'descent %s --help' lists all", given,
                       command->entry.name);
}

/* After getopt_long() said '?': optopt is the letter of a short option, of which there are none, or
 * the code of an option that was given a value and takes none. */
static bool unknown_option(const struct command *command, const struct option_list *list,
                           const char *given, struct error *error)
{
    if (optopt >= FIRST_CODE)
        return error_usage(error, "option '--%s' takes no value, but '%s' gives one",
                           list->options[optopt - FIRST_CODE].name, given);
    if (optopt == 0)
        return unknown_word(command, list, given, error);
    const char letter[] = {(char)optopt, '\0'}, option[] = {'-', (char)optopt, '\0'};
    return !foreign_option(command, list, option, letter, error) &&
           error_usage(error, "unknown option '-%c'; 'descent %s --help' lists all", optopt,
                       command->entry.name);
}

/* The option that was given last, without a value, and is the last word. */
static bool refuse_valueless(const struct command_option *option, const char *given,
                             struct error *error)
{
    char names[512];
    if (option->choices == NULL)
        return error_usage(error, "option '%s' needs a value", given);
    return error_usage(error, "option '%s' needs a value: one of %s", given,
                       table_names(option->choices, names, sizeof names));
}

static bool take_hyperparameter(struct arguments *arguments, size_t index, const char *text,
                                struct error *error)
{
    const struct hyperparameter *row = &hyperparameters[index];
    struct value value;
    char reason[1024], name[OPTION_NAME];
    option_name(row->entry.name, name);
    if (!setting_parse(&row->setting, text, &value, reason, sizeof reason))
        return option_refuse_value(name, row->entry.name, text, reason, error);
    hyperparameter_set(row, &arguments->configuration, value);
    arguments->given[index] = true;
    return true;
}

/* Is the value a name, which an empty one never is? Others are checked as what they are. */
static bool names_something(const struct option_row *row)
{
    static const char *const arguments[] = {"NAME", "FILE", "DIR", "AXIS"};
    bool name = false;
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        name = name || strcmp(row->argument, arguments[i]) == 0;
    return name && row->choices == NULL;
}

/* The value of an option of the command's own, which is "yes" where it has none. */
static bool take_own(struct arguments *arguments, size_t index, const char *text,
                     struct error *error)
{
    const struct option_row *row = &arguments->command->options[index];
    char reason[1024], name[OPTION_NAME];
    arguments->values[index] = text != NULL ? text : "yes";
    if (text != NULL && *text == '\0' && names_something(row)) {
        option_name(row->entry.name, name);
        return error_usage(error, "--%s: its %s is empty", name, row->argument);
    }
    if (row->choices == NULL || table_find(row->choices, text) != NULL)
        return true;
    option_name(row->entry.name, name);
    return error_usage(error, "--%s: %s", name,
                       table_unknown(row->choices, text, reason, sizeof reason));
}

/* A list that is given in parts is one, so that what a message advises may be added to a command.
 */
static void take_attribute(struct arguments *arguments, size_t i, const char *text)
{
    const char *before = arguments->attributes[i];
    char *joined = NULL;
    if (before != NULL && source_attribute_adds(&source_attributes[i], text)) {
        size_t size = strlen(before) + strlen(text) + 2;
        joined = memory_allocate(size, 1);
        snprintf(joined, size, "%s,%s", before, text);
    }
    memory_free(arguments->lists[i]);
    arguments->lists[i] = joined;
    arguments->attributes[i] = joined != NULL ? joined : text;
}

static bool take(struct arguments *arguments, const struct command_option *option, const char *text,
                 struct error *error)
{
    switch (option->origin) {
    case OPTION_ATTRIBUTE:
        take_attribute(arguments, option->index, text);
        return true;
    case OPTION_SETTING:
        arguments->settings[option->index] = text;
        return true;
    case OPTION_OWN:
        return take_own(arguments, option->index, text, error);
    case OPTION_HYPERPARAMETER:
        return take_hyperparameter(arguments, option->index, text, error);
    case OPTION_HELP:
        command_print_help(arguments->command);
    }
    return false;
}

static bool parse_options(struct arguments *arguments, const struct option_list *list, int argc,
                          char **argv, struct error *error)
{
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, ":", list->parsed, NULL)) != -1;) {
        const char *given = argv[optind - 1];
        if (code == ':')
            return refuse_valueless(&list->options[optopt - FIRST_CODE], given, error);
        if (code == '?')
            return unknown_option(arguments->command, list, given, error);
        if (!take(arguments, &list->options[code - FIRST_CODE], optarg, error))
            return false;
    }
    return true;
}

/* What is given for a solver or schedule that ignores it. */
static void word_ignored(const struct arguments *arguments, const struct hyperparameter *row,
                         const char *consequence, char *text, size_t size)
{
    char users[1024], name[OPTION_NAME];
    const struct configuration *configuration = &arguments->configuration;
    bool scheduled = hyperparameter_applies(hyperparameter_find("schedule"), configuration);
    option_name(row->entry.name, name);
    snprintf(text, size, "--%s is not used by solver %s%s%s%s; it is used by: %s", name,
             configuration->solver->name, scheduled ? " with schedule " : "",
             scheduled ? configuration->schedule->name : "", consequence,
             hyperparameter_users(row, users, sizeof users));
}

/* Scripts go through solvers with the same options: what one does not use is told, once by all
 * processes together. Where something else would be done than was meant, it is an error. */
static bool check_applicable(const struct arguments *arguments, struct error *error)
{
    char text[768];
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (!arguments->given[i] || hyperparameter_applies(row, &arguments->configuration))
            continue;
        bool ignored = hyperparameter_can_be_ignored(row, &arguments->configuration);
        word_ignored(arguments, row, ignored ? ", and is ignored" : "", text, sizeof text);
        if (!ignored)
            return error_usage(error, "%s", text);
        if (ranks_launched_as() == 0)
            fprintf(stderr, "descent: warning: %s\n", text);
    }
    return true;
}

const char *command_operands_blank(const struct command *command)
{
    return command->operands[0] != '\0' ? " " : "";
}

static bool check_operands(const struct arguments *arguments, struct error *error)
{
    const struct command *command = arguments->command;
    if (arguments->count < command->operand_min)
        return error_usage(error, "%s is missing; usage: descent %s %s", command->operands,
                           command->entry.name, command->operands);
    if (arguments->count > command->operand_max)
        return error_usage(error, "unexpected argument '%s'; usage: descent %s%s%s",
                           arguments->operands[command->operand_max], command->entry.name,
                           command_operands_blank(command), command->operands);
    return true;
}

/* getopt_long() sorts the words that it is given, so it is given others. */
const char *arguments_written(const struct command *command, int argc, char **argv,
                              const char *name)
{
    struct option_list list = option_list_create(command);
    char **words = memory_allocate((size_t)argc + 1, sizeof *words);
    const char *value = NULL;
    memcpy(words, argv, (size_t)argc * sizeof *words);
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, words, ":", list.parsed, NULL)) != -1;) {
        const int known = code == ':' ? optopt : code;
        if (known >= FIRST_CODE && strcmp(list.options[known - FIRST_CODE].name, name) == 0)
            value = code == ':' || optarg == NULL ? "" : optarg;
    }
    memory_free(words);
    option_list_free(&list);
    return value;
}

bool arguments_parse(const struct command *command, int argc, char **argv,
                     struct arguments *arguments, struct error *error)
{
    *arguments = (struct arguments){
        .command = command,
        .operands = memory_allocate((size_t)argc, sizeof(char *)),
        .values = memory_allocate(command->option_count, sizeof(char *)),
        .configuration = configuration_default(),
        .given = memory_allocate(hyperparameter_count, sizeof(bool)),
        .attributes = memory_allocate(source_attribute_count, sizeof(char *)),
        .lists = memory_allocate(source_attribute_count, sizeof(char *)),
        .settings = memory_allocate(generator_settings_count, sizeof(char *)),
    };
    struct option_list list = option_list_create(command);
    bool parsed = parse_options(arguments, &list, argc, argv, error);
    option_list_free(&list);
    if (!parsed)
        return false;
    for (int i = optind; i < argc; i++)
        arguments->operands[arguments->count++] = argv[i];
    if (!check_operands(arguments, error) || !check_applicable(arguments, error))
        return false;
    configuration_canonicalise(&arguments->configuration);
    return true;
}

void arguments_clear(struct arguments *arguments)
{
    memory_free(arguments->operands);
    memory_free(arguments->values);
    memory_free(arguments->given);
    memory_free(arguments->attributes);
    for (size_t i = 0; arguments->lists != NULL && i < source_attribute_count; i++)
        memory_free(arguments->lists[i]);
    memory_free(arguments->lists);
    memory_free(arguments->settings);
    *arguments = (struct arguments){0};
}

/* The index of a row, which must be there. */
static size_t find_option(const struct command *command, const char *name)
{
    size_t i = 0;
    while (strcmp(command->options[i].entry.name, name) != 0) {
        i++;
        assert(i < command->option_count);
    }
    return i;
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    size_t i = find_option(arguments->command, name);
    return arguments->values[i] != NULL ? arguments->values[i]
                                        : arguments->command->options[i].fallback;
}

const struct entry *arguments_choice(const struct arguments *arguments, const char *name)
{
    const char *value = arguments_value(arguments, name);
    const struct table *choices =
        arguments->command->options[find_option(arguments->command, name)].choices;
    return value != NULL ? table_find(choices, value) : NULL;
}

bool arguments_flag(const struct arguments *arguments, const char *name)
{
    return arguments_value(arguments, name) != NULL;
}

bool arguments_integer(const struct arguments *arguments, const char *name, int64_t least,
                       int64_t most, int64_t *value, struct error *error)
{
    const char *text = arguments_value(arguments, name);
    if (text == NULL)
        return true;
    return (text_to_integer(text, value) && *value >= least && *value <= most) ||
           error_usage(error,
                       "--%s: '%s' is not allowed; give an integer from %" PRId64 " to %" PRId64,
                       name, text, least, most);
}

bool arguments_per_cent(const struct arguments *arguments, const char *name, double least,
                        double *share, struct error *error)
{
    const char *text = arguments_value(arguments, name);
    char number[TEXT_NUMBER];
    if (text == NULL)
        return true;
    size_t length = strlen(text);
    while (length > 0 && strchr(" %", text[length - 1]) != NULL)
        length--;
    snprintf(number, sizeof number, "%.*s", (int)length, text);
    if (!text_to_real(number, share) || !(*share >= least && *share <= 1000.0))
        return error_usage(error, "--%s: '%s' is not allowed; give per cent, from %g to 1000", name,
                           text_shown(text), least);
    *share /= 100.0;
    return true;
}

struct sweep_file *arguments_sweep_file(const struct arguments *arguments, struct error *error)
{
    blas_threads_begin(); /* a placement is recorded for a machine, of which it is a fact */
    const struct entry *execution = arguments_choice(arguments, "execution");
    struct sweep_file *file = sweep_file_read(arguments->operands[0], error);
    if (file != NULL && execution != NULL)
        file->execution = execution;
    if (file == NULL || (programs_greet(file, error) &&
                         placement_resolve(file, arguments_value(arguments, "results"), error)))
        return file;
    sweep_file_free(file);
    return NULL;
}
