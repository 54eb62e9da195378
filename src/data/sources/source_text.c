/* SPDX-License-Identifier: MIT
 *
 * What a generated set is called in messages and in the store is the very text that generates it
 * again, followed by how it is prepared.
 */
#include "data/sources/source_text.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/path.h"
#include "base/text.h"
#include "data/formats/format.h"
#include "data/generators/generator.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Applies "name=value,name=value" to source->settings; `text` is cut up. */
static bool settings_parse(struct source *source, const char *operand, char *text,
                           struct error *error)
{
    unsigned given = 0;
    char *rest;
    for (char *pair = strtok_r(text, ",", &rest); pair != NULL; pair = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(pair, '=');
        if (value == NULL)
            return error_usage(error, "'%s': expected SETTING=VALUE in place of '%s'", operand,
                               pair);
        *value++ = '\0';
        char reason[512];
        if (!generator_set(source->generator, &source->settings, pair, value, reason,
                           sizeof reason))
            return error_usage(error, "'%s': %s", operand, reason);
        unsigned flag = generator_setting_find(pair)->flag;
        if ((given & flag) != 0)
            return error_usage(error, "'%s': '%s' is given twice; leave one out", operand, pair);
        given |= flag;
    }
    return true;
}

static bool exists(const char *folder, const char *path)
{
    char *whole = path_in(folder, path);
    bool found = access(whole, F_OK) == 0;
    memory_free(whole);
    return found;
}

/* A text that names neither a generator nor an existing file, and does not look like a path: a
 * misspelt generator? A file elsewhere than in its folder is told by who looks for it there. */
static bool operand_check(const char *operand, const char *name, const char *folder,
                          struct error *error)
{
    if (strpbrk(name, "/.") != NULL || strcmp(name, "-") == 0 || exists(folder, operand) ||
        exists("", operand))
        return true;
    char text[512];
    return error_usage(error, "'%s': there is no such file; %s", operand,
                       table_unknown(&generator_table, name, text, sizeof text));
}

void source_set_path(struct source *source, const char *path, const char *folder)
{
    bool moved = folder[0] != '\0' && path[0] != '/' && strcmp(path, "-") != 0;
    source->path = moved ? path_in(folder, path) : memory_copy_text(path);
    if (folder[0] == '\0')
        return;
    source->written = memory_copy_text(path);
    source->folder = memory_copy_text(folder);
}

bool source_parse(struct source *source, const char *text, struct error *error)
{
    return source_parse_in(source, text, "", error);
}

bool source_parse_in(struct source *source, const char *text, const char *folder,
                     struct error *error)
{
    *source = (struct source){0};
    char *name = memory_copy_text(text);
    char *settings = strchr(name, ':');
    if (settings != NULL)
        *settings++ = '\0';
    bool parsed;
    source->generator = (const struct generator *)table_find(&generator_table, name);
    if (source->generator != NULL) {
        source->settings = source->generator->defaults;
        parsed = settings == NULL || settings_parse(source, text, settings, error);
    } else {
        parsed = operand_check(text, name, folder, error);
        if (parsed)
            source_set_path(source, text, folder);
    }
    memory_free(name);
    return parsed;
}

/* A generator and its settings, as they are read. */
static void settings_describe(const struct source *source, FILE *text)
{
    char number[TEXT_NUMBER], separator = ':';
    fputs(source->generator->entry.name, text);
    for (size_t i = 0; i < generator_settings_count; i++) {
        const struct generator_setting *setting = &generator_settings_table[i];
        const char *value =
            generator_setting_text(setting, source->generator, &source->settings, number);
        if (value == NULL)
            continue;
        fprintf(text, "%c%s=%s", separator, setting->entry.name, value);
        separator = ',';
    }
}

/* " (label species, scale standard)": what is not as it would be without a word. */
static void attributes_describe(const struct source *source, FILE *text)
{
    const char *before = " (";
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        char number[TEXT_NUMBER];
        const char *value = source_attribute_get(attribute, source, number);
        if (value == NULL || attribute->about == ATTRIBUTE_CACHE)
            continue;
        fprintf(text, "%s%s %s", before, attribute->entry.name, value);
        before = ", ";
    }
    if (*before == ',')
        putc(')', text);
}

char *source_describe(const struct source *source)
{
    struct memory_stream description;
    FILE *text = memory_stream_open(&description);
    if (source->path != NULL)
        fputs(source->written != NULL ? source->written : source->path, text);
    else
        settings_describe(source, text);
    attributes_describe(source, text);
    return memory_stream_close(&description);
}

/* Where a description says this of the attribute, the last time; NULL: nowhere. `length`: of what
 * it says, with the comma that follows or, where nothing does, with the one that goes before. */
static const char *find_described(const char *description, const char *words, size_t *length)
{
    const size_t size = strlen(description), said = strlen(words);
    for (size_t at = size > said ? size - said : 0; at-- > 2;) {
        const char *text = description + at;
        const bool first = text[-1] == '(' && text[-2] == ' ';
        const bool follows = text[-1] == ' ' && text[-2] == ',';
        if (strncmp(text, words, said) != 0 || !(first || follows))
            continue;
        if (strncmp(text + said, ", ", 2) == 0) {
            *length = said + 2;
            return text;
        }
        if (strcmp(text + said, ")") != 0)
            continue;
        *length = first ? said + 3 : said + 2; /* " (...)" or ", ..." */
        return text - 2;
    }
    return NULL;
}

/* Where the description says anything of the attribute, the last time, and in `value` what; NULL:
 * it does not. */
static const char *find_value(const char *description, const struct source_attribute *attribute,
                              char value[static TEXT_NUMBER], size_t *length)
{
    const char *name = attribute->entry.name;
    const size_t named = strlen(name);
    char reason[512], words[2 * TEXT_NUMBER];
    for (size_t at = strlen(description); at-- > 2;) {
        const char *text = description + at;
        if (strncmp(text, name, named) != 0 || text[named] != ' ')
            continue;
        const size_t size = strcspn(text + named + 1, ",)");
        if (size >= TEXT_NUMBER || named + 1 + size >= sizeof words)
            continue;
        snprintf(words, sizeof words, "%.*s", (int)(named + 1 + size), text);
        snprintf(value, TEXT_NUMBER, "%s", words + named + 1);
        struct source any = {0};
        const bool allowed = source_attribute_set(attribute, &any, value, reason, sizeof reason);
        source_clear(&any);
        const char *said = allowed ? find_described(description, words, length) : NULL;
        if (said != NULL)
            return said;
    }
    return NULL;
}

bool source_described(const char *description, const struct source_attribute *attribute,
                      char value[static TEXT_NUMBER], char **rest)
{
    size_t length;
    const char *said = find_value(description, attribute, value, &length);
    if (said == NULL)
        snprintf(value, TEXT_NUMBER, "%s", attribute->fallback);
    if (rest == NULL)
        return said != NULL;
    *rest = memory_copy_text(description);
    if (said != NULL)
        memmove(*rest + (said - description), said + length, strlen(said + length) + 1);
    return said != NULL;
}

char *source_described_rows(const char *description)
{
    char *rest = memory_copy_text(description), value[TEXT_NUMBER];
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        size_t length;
        const char *said =
            attribute->other_rows != NULL ? find_value(rest, attribute, value, &length) : NULL;
        if (said == NULL || strcmp(value, attribute->other_rows) == 0)
            continue;
        memmove(rest + (said - rest), said + length, strlen(said + length) + 1);
    }
    return rest;
}

void source_clear(struct source *source)
{
    memory_free(source->path);
    memory_free(source->written);
    memory_free(source->folder);
    memory_free(source->label);
    memory_free(source->array);
    memory_free(source->positive);
    memory_free(source->columns);
    memory_free(source->drop);
    memory_free(source->category);
    memory_free(source->missing_tokens);
    memory_free(source->categories);
    *source = (struct source){0};
}
