/* SPDX-License-Identifier: MIT
 *
 * Options that say how a data file is meant, whichever command reads it.
 */
#include "commands/command.h"
#include "data/generator.h"

#include <stdio.h>
#include <string.h>

/* The command's row for an attribute, or NULL. */
static const struct option_row *row_find(const struct command *command, const char *name)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strcmp(command->options[i].entry.name, name) == 0)
            return &command->options[i];
    return NULL;
}

static bool is_setting(const char *name)
{
    for (size_t i = 0; i < generator_settings_count; i++)
        if (strcmp(generator_settings_table[i].entry.name, name) == 0)
            return true;
    return false;
}

bool arguments_attributes(const struct arguments *arguments, struct source *source,
                          struct error *error)
{
    for (size_t i = 0; i < file_attribute_count; i++) {
        const struct file_attribute *attribute = &file_attributes[i];
        char name[64], reason[512];
        snprintf(name, sizeof name, "data_%s", attribute->entry.name);
        const struct option_row *row = row_find(arguments->command, name);
        if (row == NULL)
            row = row_find(arguments->command, attribute->entry.name);
        const char *text = row != NULL ? arguments_value(arguments, row->entry.name) : NULL;
        if (text == NULL || (source->generator != NULL && is_setting(attribute->entry.name)))
            continue;
        snprintf(name, sizeof name, "%s", row->entry.name);
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? '-' : *c;
        if (source->generator != NULL)
            return error_usage(error, "--%s is for files, and '%s' is a generator", name,
                               source->generator->entry.name);
        if (!attribute->set(source, text, reason, sizeof reason))
            return error_usage(error, "--%s: %s", name, reason);
    }
    return true;
}
