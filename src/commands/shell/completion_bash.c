/* SPDX-License-Identifier: MIT
 *
 * For bash: one function that knows, for every command and the word before the cursor, what may
 * follow. It needs nothing beside bash itself. To bash --option=value is three words.
 */
#include "base/memory.h"
#include "commands/shell/completion.h"

static const char *const names_action[] = {
    [NAMES_NONE] = "", [NAMES_FILES] = "-f", [NAMES_FOLDERS] = "-d"};

/* Where a value is typed that nothing is known of, nothing is offered. */
static void print_option(const struct command *command, const struct command_option *option,
                         FILE *out)
{
    struct completion value = completion_of_option(option);
    if (option->argument != NULL)
        fprintf(out, "        %s:--%s) words='%s' names='%s' ;;\n", command->entry.name,
                option->name, value.words, names_action[value.names]);
}

static void print_command(const struct command *command, FILE *out)
{
    size_t count;
    struct command_option *options = command_options(command, &count);
    struct completion operand = completion_of_operands(command);
    for (size_t i = 0; i < count; i++)
        print_option(command, &options[i], out);
    fprintf(out,
            "        %s:*)\n"
            "            words='%s' names='%s'\n"
            "            if [[ $current == -* ]]; then\n"
            "                names=''\n"
            "                words='",
            command->entry.name, operand.words, names_action[operand.names]);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s--%s", i > 0 ? " " : "", options[i].name);
    fputs("'\n"
          "            fi\n"
          "            ;;\n",
          out);
    memory_free(options);
}

static void print_bash(FILE *out)
{
    fputs("# Completion of descent for bash, made by 'descent completion bash'.\n"
          "_descent()\n"
          "{\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local words='' names=''\n"
          "    if [[ $current == '=' ]]; then\n"
          "        current=''\n"
          "    elif [[ $previous == '=' ]]; then\n"
          "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    fi\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        words='--help --version",
          out);
    for (size_t i = 0; i < command_table.count; i++)
        fprintf(out, " %s", command_table.entries[i]->name);
    fputs("'\n"
          "    else\n"
          "        case ${COMP_WORDS[1]}:$previous in\n",
          out);
    commands_print(print_command, out);
    fputs("        esac\n"
          "    fi\n"
          "    mapfile -t COMPREPLY < <(\n"
          "        compgen -W \"$words\" -- \"$current\"\n"
          "        [[ $names == '' ]] || compgen \"$names\" -- \"$current\"\n"
          "    )\n"
          "    [[ $names == '' ]] || compopt -o filenames 2>/dev/null\n"
          "    return 0\n"
          "}\n"
          "complete -F _descent descent\n",
          out);
}

const struct shell shell_bash = {
    .entry = {"bash", "source <(descent completion bash)"},
    .print = print_bash,
};
