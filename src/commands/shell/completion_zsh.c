/* SPDX-License-Identifier: MIT
 *
 * For zsh: what _arguments needs to know of each command. The text is a function to be found on
 * $fpath under the name _descent, and may as well be read by the shell's start file.
 */
#include "base/memory.h"
#include "commands/shell/completion.h"

#include <string.h>

/* Within single quotes, and within a specification, where [ ] and : have a meaning. */
static void put(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\'", out);
        else if (strchr("[]:\\", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* ":what:action" */
static void put_action(const char *what, const struct completion *completion, FILE *out)
{
    static const char *const names[] = {
        [NAMES_NONE] = "", [NAMES_FILES] = "_files", [NAMES_FOLDERS] = "_files -/"};
    fputc(':', out);
    put(what, out);
    if (completion->names == NAMES_NONE && *completion->words != '\0')
        fprintf(out, ":(%s)", completion->words);
    else if (*completion->words != '\0')
        fprintf(out, ":{compadd - %s; %s}", completion->words, names[completion->names]);
    else
        fprintf(out, ":%s", completion->names == NAMES_NONE ? " " : names[completion->names]);
}

static void print_option(const struct command_option *option, FILE *out)
{
    struct completion value = completion_of_option(option);
    fprintf(out, " \\\n                '--%s%s[", option->name,
            option->argument != NULL ? "=" : "");
    put(option->help, out);
    fputc(']', out);
    if (option->argument != NULL)
        put_action(option->argument, &value, out);
    fputc('\'', out);
}

static void print_command(const struct command *command, FILE *out)
{
    size_t count;
    struct command_option *options = command_options(command, &count);
    struct completion operand = completion_of_operands(command);
    fprintf(out, "        %s)\n            _arguments", command->entry.name);
    for (size_t i = 0; i < count; i++)
        print_option(&options[i], out);
    if (command->operand_max > 0) {
        fputs(" \\\n                '*", out);
        put_action(command->operands, &operand, out);
        fputc('\'', out);
    }
    fputs("\n            ;;\n", out);
    memory_free(options);
}

static void print_name(const struct command *command, FILE *out)
{
    fputs("            '", out);
    put(command->entry.name, out);
    fputc(':', out);
    put(command->entry.summary, out);
    fputs("'\n", out);
}

static void print_zsh(FILE *out)
{
    fputs("#compdef descent\n"
          "# Completion of descent for zsh, made by 'descent completion zsh'.\n"
          "_descent()\n"
          "{\n"
          "    local context state line\n"
          "    local -A opt_args\n"
          "    local -a commands\n"
          "    _arguments -C '(- 1 *)--help[list the commands]' \\\n"
          "        '(- 1 *)--version[what this build is]' \\\n"
          "        '1:command:->command' '*::argument:->argument' && return\n"
          "    case $state in\n"
          "    command)\n"
          "        commands=(\n",
          out);
    commands_print(print_name, out);
    fputs("        )\n"
          "        _describe command commands\n"
          "        ;;\n"
          "    argument)\n"
          "        case $line[1] in\n",
          out);
    commands_print(print_command, out);
    fputs("        esac\n"
          "        ;;\n"
          "    esac\n"
          "}\n"
          "if [[ $funcstack[1] == _descent ]]; then\n"
          "    _descent \"$@\"\n"
          "else\n"
          "    compdef _descent descent\n"
          "fi\n",
          out);
}

const struct shell shell_zsh = {
    .entry = {"zsh", "descent completion zsh >_descent, in a folder of $fpath"},
    .print = print_zsh,
};
