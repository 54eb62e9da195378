/* SPDX-License-Identifier: MIT
 *
 * All options of a command, in one list whatever table they come from. Who parses, explains or
 * completes options reads this list, so that a row added to any of the tables is parsed, explained
 * and completed.
 */
#include "base/memory.h"
#include "commands/parsing/command.h"
#include "data/generators/generator.h"
#include "data/sources/attributes.h"
#include "sweep/file/hints.h"

#include <stdio.h>
#include <string.h>

static const struct entry format_text = {"text", "for people"};
const struct entry format_json = {"json", "one JSON object"};
static const struct entry *const formats[] = {&format_text, &format_json};
const struct table text_or_json_table = TABLE("format", formats);

void option_name(const char *name, char text[static OPTION_NAME])
{
    snprintf(text, OPTION_NAME, "%s", name);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
}

void option_for_key(const struct command *command, const char *key, char text[static OPTION_NAME])
{
    const struct source_attribute *attribute = source_attribute_find(key);
    if (attribute != NULL)
        attribute_option(command, attribute, text);
    else
        option_name(key, text);
}

bool option_refuse_value(const char *name, const char *key, const char *value, const char *reason,
                         struct error *error)
{
    const struct hint *hint = hint_find_value(key, value);
    if (hint == NULL)
        return error_usage(error, "--%s: %s", name, reason);
    if (hint->key == NULL)
        return error_usage(error, "--%s: '%s' is not here: %s", name, value, hint->about);
    return error_usage(error, "--%s: unknown '%s'; write --%s %s; 'descent list' tells all", name,
                       value, name, hint->written);
}

static size_t add_attributes(const struct command *command, struct command_option *list)
{
    size_t count = 0;
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *row = &source_attributes[i];
        if ((row->about & command->attributes) == 0)
            continue;
        list[count] = (struct command_option){
            .origin = OPTION_ATTRIBUTE,
            .index = i,
            .argument = row->argument,
            .help = row->entry.summary,
            .fallback = row->fallback,
            .choices = row->choices,
        };
        attribute_option(command, row, list[count++].name);
    }
    return count;
}

/* What settings and attributes share by name is an attribute (attributes.c). */
static size_t add_settings(const struct command *command, struct command_option *list)
{
    size_t count = 0;
    for (size_t i = 0; command->settings && i < generator_settings_count; i++) {
        const struct generator_setting *row = &generator_settings_table[i];
        if (source_attribute_find(row->entry.name) != NULL)
            continue;
        list[count] = (struct command_option){
            .origin = OPTION_SETTING,
            .index = i,
            .argument = row->type == TYPE_INTEGER ? "N" : "R",
            .help = row->entry.summary,
        };
        option_name(row->entry.name, list[count++].name);
    }
    return count;
}

static size_t add_own(const struct command *command, struct command_option *list)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_row *row = &command->options[i];
        list[i] = (struct command_option){
            .origin = OPTION_OWN,
            .index = i,
            .argument = row->argument,
            .help = row->entry.summary,
            .fallback = row->fallback,
            .choices = row->choices,
        };
        option_name(row->entry.name, list[i].name);
    }
    return command->option_count;
}

static size_t add_hyperparameters(const struct command *command, struct command_option *list)
{
    static const char *const arguments[] = {
        [TYPE_REAL] = "NUMBER", [TYPE_INTEGER] = "INTEGER", [TYPE_CHOICE] = "NAME"};
    size_t count = 0;
    for (size_t i = 0; command->hyperparameters && i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (row->of_programs)
            continue;
        list[count] = (struct command_option){
            .origin = OPTION_HYPERPARAMETER,
            .index = i,
            .argument = arguments[row->type],
            .help = row->entry.summary,
            .fallback = row->fallback,
            .choices = row->type == TYPE_CHOICE ? row->choices : NULL,
            .keyword = row->keyword,
        };
        option_name(row->entry.name, list[count++].name);
    }
    return count;
}

struct command_option *command_options(const struct command *command, size_t *count)
{
    size_t most = source_attribute_count + generator_settings_count + command->option_count +
                  hyperparameter_count + 1;
    struct command_option *list = memory_allocate(most, sizeof *list);
    *count = add_attributes(command, list);
    *count += add_settings(command, list + *count);
    *count += add_own(command, list + *count);
    list[(*count)++] =
        (struct command_option){.origin = OPTION_HELP, .name = "help", .help = "this text"};
    *count += add_hyperparameters(command, list + *count);
    return list;
}

void commands_print(void (*print)(const struct command *command, FILE *out), FILE *out)
{
    for (size_t i = 0; i < command_table.count; i++)
        print((const struct command *)(const void *)command_table.entries[i], out);
}
