/* SPDX-License-Identifier: MIT
 *
 * For fish: one `complete` an option, each on the condition that its command is the first word.
 */
#include "base/memory.h"
#include "commands/shell/completion.h"

#include <string.h>

/* A text in single quotes, with ` -x` before it. */
static void put(const char *before, const char *text, FILE *out)
{
    fprintf(out, " %s '", before);
    for (; *text != '\0'; text++) {
        if (strchr("'\\", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('\'', out);
}

static void put_condition(const struct command *command, FILE *out)
{
    fprintf(out, "complete -c descent -n '__fish_descent_command %s'", command->entry.name);
}

static void put_value(const struct completion *completion, FILE *out)
{
    if (*completion->words != '\0')
        put("-a", completion->words, out);
    if (completion->names == NAMES_FILES)
        fputs(" -F", out);
    if (completion->names == NAMES_FOLDERS)
        put("-a", "(__fish_complete_directories)", out);
}

static void print_command(const struct command *command, FILE *out)
{
    size_t count;
    struct command_option *options = command_options(command, &count);
    struct completion operand = completion_of_operands(command);
    for (size_t i = 0; i < count; i++) {
        struct completion value = completion_of_option(&options[i]);
        put_condition(command, out);
        fprintf(out, " -l %s", options[i].name);
        if (options[i].argument != NULL)
            fputs(value.names == NAMES_FILES ? " -r" : " -x", out);
        put_value(&value, out);
        put("-d", options[i].help, out);
        fputc('\n', out);
    }
    if (operand.names != NAMES_NONE || *operand.words != '\0') {
        put_condition(command, out);
        put_value(&operand, out);
        fputc('\n', out);
    }
    memory_free(options);
}

static void print_name(const struct command *command, FILE *out)
{
    fprintf(out, "complete -c descent -n __fish_descent_command -a %s", command->entry.name);
    put("-d", command->entry.summary, out);
    fputc('\n', out);
}

static void print_fish(FILE *out)
{
    fputs("# Completion of descent for fish, made by 'descent completion fish'.\n"
          "function __fish_descent_command\n"
          "    set -l words (commandline -opc)\n"
          "    if test (count $argv) -eq 0\n"
          "        test (count $words) -eq 1\n"
          "    else\n"
          "        test (count $words) -gt 1; and test $words[2] = $argv[1]\n"
          "    end\n"
          "end\n"
          "complete -c descent -f\n"
          "complete -c descent -n __fish_descent_command -l help -d 'list the commands'\n"
          "complete -c descent -n __fish_descent_command -l version -d 'what this build is'\n",
          out);
    commands_print(print_name, out);
    commands_print(print_command, out);
}

const struct shell shell_fish = {
    .entry = {"fish", "descent completion fish | source"},
    .print = print_fish,
};
