/* SPDX-License-Identifier: MIT
 *
 * The data that a command is given: an operand, and the options that are attributes of it
 * (data/sources/attributes.h), which are the same whichever command reads it.
 */
#include "data/sources/attributes.h"

#include "base/output_guard.h"
#include "commands/parsing/command.h"
#include "data/generators/generator.h"
#include "data/sources/source_load.h"

#include <stdio.h>
#include <string.h>

void attribute_option(const struct command *command, const struct source_attribute *attribute,
                      char text[static OPTION_NAME])
{
    bool taken = false; /* --format of train is that of what it prints */
    for (size_t i = 0; i < command->option_count; i++)
        taken = taken || strcmp(command->options[i].entry.name, attribute->entry.name) == 0;
    char name[OPTION_NAME];
    snprintf(name, sizeof name, "%s%s", taken ? "data_" : "", attribute->entry.name);
    option_name(name, text);
}

static bool attribute_set(const struct arguments *arguments,
                          const struct source_attribute *attribute, const char *text,
                          struct source *source, struct error *error)
{
    char reason[512], name[OPTION_NAME];
    attribute_option(arguments->command, attribute, name);
    if (!source_attribute_suits(attribute, source))
        return error_usage(error, "--%s applies to files, but '%s' is a generator", name,
                           source->generator->entry.name);
    return source_attribute_set(attribute, source, text, reason, sizeof reason) ||
           option_refuse_value(name, attribute->entry.name, text, reason, error);
}

/* Sets the attributes that were given; one that is not looked at is a misunderstanding. */
static bool attributes_set(const struct arguments *arguments, struct source *source,
                           struct error *error)
{
    for (size_t i = 0; i < source_attribute_count; i++)
        if (arguments->attributes[i] != NULL &&
            !attribute_set(arguments, &source_attributes[i], arguments->attributes[i], source,
                           error))
            return false;
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        char name[OPTION_NAME], needed[OPTION_NAME];
        if (arguments->attributes[i] == NULL || source_attribute_applies(attribute, source))
            continue;
        attribute_option(arguments->command, attribute, name);
        attribute_option(arguments->command, source_attribute_find(attribute->needs), needed);
        return error_usage(error, "--%s is not used without --%s", name, needed);
    }
    return true;
}

bool arguments_source_named(const struct arguments *arguments, const char *text,
                            struct source *source, struct error *error)
{
    if (!source_parse(source, text, error))
        return false;
    if (source->path != NULL)
        output_protect(source->path);
    if (attributes_set(arguments, source, error))
        return true;
    source_clear(source);
    return false;
}

bool arguments_source(const struct arguments *arguments, size_t index, struct source *source,
                      struct error *error)
{
    return arguments_source_named(arguments, arguments->operands[index], source, error);
}
