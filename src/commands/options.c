/* SPDX-License-Identifier: MIT
 *
 * From rows to a parsed command line and its help. The C library's getopt_long() does the parsing;
 * its table is made from the command's own rows and, for commands that read data or train,
 * from the lists of attributes of data and of hyper-parameters. Messages are ours, because they
 * name the nearest option.
 */
#include "base/memory.h"
#include "base/text.h"
#include "commands/command.h"
#include "data/attributes.h"
#include "sweep/sweep_file.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { HELP = 1 << 12, OWN = 1 << 13, HYPERPARAMETER = 1 << 14, ATTRIBUTE = 1 << 15 };

void option_name(const char *name, char text[static OPTION_NAME])
{
    snprintf(text, OPTION_NAME, "%s", name);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
}

/* getopt_long()'s table, and the storage of its names. */
struct option_list {
    struct option *options;
    char (*names)[OPTION_NAME];
    size_t count;
};

static void option_add(struct option_list *list, const char *name, bool takes_value, int code)
{
    option_name(name, list->names[list->count]);
    list->options[list->count] = (struct option){
        .name = list->names[list->count],
        .has_arg = takes_value ? required_argument : no_argument,
        .val = code,
    };
    list->count++;
}

static struct option_list option_list_create(const struct command *command)
{
    size_t most = command->option_count + hyperparameter_count + source_attribute_count +
                  2; /* --help, and the end */
    struct option_list list = {
        .options = memory_allocate(most, sizeof *list.options),
        .names = memory_allocate(most, sizeof *list.names),
    };
    for (size_t i = 0; i < command->option_count; i++)
        option_add(&list, command->options[i].entry.name, command->options[i].argument != NULL,
                   OWN | (int)i);
    for (size_t i = 0; command->hyperparameters && i < hyperparameter_count; i++)
        option_add(&list, hyperparameters[i].entry.name, true, HYPERPARAMETER | (int)i);
    for (size_t i = 0; i < source_attribute_count; i++) {
        char name[OPTION_NAME];
        attribute_option(command, &source_attributes[i], name);
        if ((source_attributes[i].about & command->attributes) != 0)
            option_add(&list, name, true, ATTRIBUTE | (int)i);
    }
    option_add(&list, "help", false, HELP);
    return list;
}

static void option_list_free(struct option_list *list)
{
    memory_free(list->options);
    memory_free(list->names);
}

/* After getopt_long() said '?': optopt is the letter of a short option, of which there are none. */
static bool unknown_option(const struct command *command, const struct option_list *list,
                           const char *given, struct error *error)
{
    if (optopt > 0 && optopt < HELP)
        return error_usage(error, "unknown option '-%c'; 'descent %s --help' lists all", optopt,
                           command->entry.name);
    char word[OPTION_NAME];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(given + 2, "="), given + 2);
    const char **names = memory_allocate(list->count, sizeof *names);
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->names[i];
    const char *nearest = text_nearest(word, names, list->count);
    memory_free(names);
    if (nearest != NULL)
        return error_usage(
            error, "unknown option '%s'; did you mean '--%s'? 'descent %s --help' lists all", given,
            nearest, command->entry.name);
    return error_usage(error, "unknown option '%s'; 'descent %s --help' lists all", given,
                       command->entry.name);
}

static bool take_hyperparameter(struct arguments *arguments, size_t index, const char *text,
                                struct error *error)
{
    const struct hyperparameter *row = &hyperparameters[index];
    struct value value;
    char reason[1024], name[OPTION_NAME];
    option_name(row->entry.name, name);
    if (!hyperparameter_parse(row, text, &value, reason, sizeof reason))
        return error_usage(error, "--%s: %s", name, reason);
    hyperparameter_set(row, &arguments->configuration, value);
    arguments->given[index] = true;
    return true;
}

static bool parse_options(struct arguments *arguments, const struct option_list *list, int argc,
                          char **argv, struct error *error)
{
    const struct command *command = arguments->command;
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, ":", list->options, NULL)) != -1;) {
        const char *given = argv[optind - 1];
        if (code == ':')
            return error_usage(error, "option '%s' needs a value", given);
        if (code == '?')
            return unknown_option(command, list, given, error);
        if (code == HELP) {
            command_print_help(command);
            return false;
        }
        size_t index = (size_t)code & (OWN - 1) & ~(size_t)HELP;
        if ((code & OWN) != 0)
            arguments->values[index] = optarg != NULL ? optarg : "yes";
        else if ((code & ATTRIBUTE) != 0)
            arguments->attributes[index] = optarg;
        else if (!take_hyperparameter(arguments, index, optarg, error))
            return false;
    }
    return true;
}

/* An option given for a solver or schedule that ignores it is a misunderstanding; it is said. */
static bool check_applicable(const struct arguments *arguments, struct error *error)
{
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (!arguments->given[i] || hyperparameter_applies(row, &arguments->configuration))
            continue;
        char users[512], name[OPTION_NAME];
        option_name(row->entry.name, name);
        return error_usage(
            error, "--%s is not used by solver %s with schedule %s; it is used by: %s", name,
            arguments->configuration.solver->name, arguments->configuration.schedule->name,
            hyperparameter_users(row, users, sizeof users));
    }
    return true;
}

/* What stands between the name of a command and its operands: nothing where it takes none. */
static const char *blank_before_operands(const struct command *command)
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
        return error_usage(error, "'%s' is one too many; usage: descent %s%s%s",
                           arguments->operands[command->operand_max], command->entry.name,
                           blank_before_operands(command), command->operands);
    return true;
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
    *arguments = (struct arguments){0};
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    const struct command *command = arguments->command;
    size_t i = 0;
    while (strcmp(command->options[i].entry.name, name) != 0) {
        i++;
        assert(i < command->option_count);
    }
    return arguments->values[i] != NULL ? arguments->values[i] : command->options[i].fallback;
}

bool arguments_flag(const struct arguments *arguments, const char *name)
{
    return arguments_value(arguments, name) != NULL;
}

bool arguments_format_is_json(const struct arguments *arguments, bool *json, struct error *error)
{
    const char *format = arguments_value(arguments, "format");
    *json = strcmp(format, "json") == 0;
    if (*json || strcmp(format, "text") == 0)
        return true;
    return error_usage(error, "--format: unknown format '%s'; known: text, json", format);
}

static void print_option(const char *name, const char *argument, const char *help,
                         const char *fallback)
{
    char left[OPTION_NAME + 32];
    snprintf(left, sizeof left, "--%s%s%s", name, argument != NULL ? " " : "",
             argument != NULL ? argument : "");
    printf("  %-24s %s", left, help);
    if (fallback != NULL)
        printf(" (default %s)", fallback);
    printf("\n");
}

struct sweep_file *arguments_sweep_file(const struct arguments *arguments, struct error *error)
{
    const char *name = arguments_value(arguments, "execution");
    const struct entry *execution = name != NULL ? table_find(&execution_table, name) : NULL;
    if (name != NULL && execution == NULL) {
        char reason[256];
        error_usage(error, "--execution: %s",
                    table_unknown(&execution_table, name, reason, sizeof reason));
        return NULL;
    }
    struct sweep_file *file = sweep_file_read(arguments->operands[0], error);
    if (file != NULL && execution != NULL)
        file->execution = execution;
    return file;
}

static void print_hyperparameters(void)
{
    printf("\nHyper-parameters (each also a key of sweep files):\n");
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        const char *const arguments[] = {"NUMBER", "INTEGER", "NAME"};
        char name[OPTION_NAME];
        option_name(row->entry.name, name);
        print_option(name, arguments[row->type], row->entry.summary, row->fallback);
        char allowed[512];
        if (row->type == TYPE_CHOICE)
            printf("  %-24s %s\n", "", hyperparameter_allowed(row, allowed, sizeof allowed));
    }
}

void command_print_help(const struct command *command)
{
    printf("descent %s: %s\n\nUsage: descent %s%s%s [options]\n", command->entry.name,
           command->entry.summary, command->entry.name, blank_before_operands(command),
           command->operands);
    printf("\nOptions:\n");
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *row = &source_attributes[i];
        char name[OPTION_NAME];
        attribute_option(command, row, name);
        if ((row->about & command->attributes) != 0)
            print_option(name, row->argument, row->entry.summary, row->fallback);
    }
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_row *row = &command->options[i];
        print_option(row->entry.name, row->argument, row->entry.summary, row->fallback);
    }
    print_option("help", NULL, "this text", NULL);
    if (command->hyperparameters)
        print_hyperparameters();
    if (command->details != NULL)
        printf("\n%s", command->details);
}
