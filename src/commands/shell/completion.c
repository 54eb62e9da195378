/* SPDX-License-Identifier: MIT
 *
 * What completes what. The names that stand for values in --help say it: FILE and DIR are paths,
 * RESULTS is a folder; in the operands of a command what is in lower case is a word to be typed.
 */
#include "commands/shell/completion.h"

#include <string.h>

static const struct entry *const rows[] = {
    &shell_bash.entry,
    &shell_zsh.entry,
    &shell_fish.entry,
};
const struct table shell_table = TABLE("shell", rows);

static void add_word(struct completion *completion, const char *word, size_t length)
{
    size_t used = strlen(completion->words);
    snprintf(completion->words + used, sizeof completion->words - used, "%s%.*s",
             used > 0 ? " " : "", (int)length, word);
}

static void add_table(struct completion *completion, const struct table *table)
{
    for (size_t i = 0; table != NULL && i < table->count; i++)
        add_word(completion, table->entries[i]->name, strlen(table->entries[i]->name));
}

struct completion completion_of_option(const struct command_option *option)
{
    struct completion completion = {NAMES_NONE, ""};
    add_table(&completion, option->choices);
    if (option->keyword != NULL)
        add_word(&completion, option->keyword, strlen(option->keyword));
    if (option->argument != NULL && strcmp(option->argument, "FILE") == 0)
        completion.names = NAMES_FILES;
    if (option->argument != NULL && strcmp(option->argument, "DIR") == 0)
        completion.names = NAMES_FOLDERS;
    return completion;
}

/* The words among the operands: "convert" of "[convert] FILE|GENERATOR [OUT]". */
static void add_literals(struct completion *completion, const char *operands)
{
    for (const char *c = operands; *c != '\0';) {
        size_t length = strspn(c, "abcdefghijklmnopqrstuvwxyz");
        if (length > 0)
            add_word(completion, c, length);
        c += length;
        c += strcspn(c, "abcdefghijklmnopqrstuvwxyz");
    }
}

struct completion completion_of_operands(const struct command *command)
{
    struct completion completion = {NAMES_NONE, ""};
    if (!command->only_words)
        add_literals(&completion, command->operands);
    add_table(&completion, command->words);
    if (!command->only_words && command->operand_max > 0)
        completion.names =
            strstr(command->operands, "RESULTS") != NULL ? NAMES_FOLDERS : NAMES_FILES;
    return completion;
}
