/* SPDX-License-Identifier: MIT
 *
 * A sweep file needs no tags: what a value is, its key says. Programs that write YAML may give
 * those of the core schema (YAML 1.2, chapter 10), which are taken at their word. One that is not
 * known would change what a value means (3.3.3), so its value is not known either.
 */
#include "sweep/file/yaml_tags.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CORE "tag:yaml.org,2002:"

static bool is_integer(const char *text)
{
    int64_t integer;
    return text_to_integer(text, &integer);
}

static bool is_real(const char *text)
{
    double real;
    return text_to_real(text, &real);
}

static bool is_truth(const char *text)
{
    return strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0;
}

static bool is_null(const char *text)
{
    return *text == '\0' || strcmp(text, "~") == 0 || strcasecmp(text, "null") == 0;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_TEXT && !node->quoted && !node->string && is_null(node->text);
}

static bool is_merge_key(const char *text)
{
    return strcmp(text, "<<") == 0;
}

static const struct core_tag {
    const char *name;
    bool (*holds)(const char *text); /* of a text; NULL: of any */
    enum yaml_kind kind;
    bool string, nothing; /* what it makes of a text */
} core_tags[] = {
    {"map", NULL, YAML_MAPPING, false, false},   {"seq", NULL, YAML_LIST, false, false},
    {"str", NULL, YAML_TEXT, true, false},       {"int", is_integer, YAML_TEXT, false, false},
    {"float", is_real, YAML_TEXT, false, false}, {"bool", is_truth, YAML_TEXT, false, false},
    {"null", is_null, YAML_TEXT, false, true},   {"merge", is_merge_key, YAML_TEXT, false, false},
};

static const struct core_tag *find(const char *tag)
{
    size_t length = strlen(CORE);
    for (size_t i = 0; i < sizeof core_tags / sizeof *core_tags; i++)
        if (strncmp(tag, CORE, length) == 0 && strcmp(tag + length, core_tags[i].name) == 0)
            return &core_tags[i];
    return NULL;
}

static bool refuse_unknown(const char *tag, char *reason, size_t size)
{
    size_t length = strlen(CORE);
    bool core = strncmp(tag, CORE, length) == 0;
    int used = snprintf(reason, size, "tag '%s%.64s' is not known; leave it out, or give one of",
                        core ? "!!" : "", core ? tag + length : tag);
    for (size_t i = 0; i < sizeof core_tags / sizeof *core_tags && (size_t)used < size; i++)
        used += snprintf(reason + used, size - (size_t)used, "%s !!%s", i > 0 ? "," : "",
                         core_tags[i].name);
    return false;
}

bool yaml_tag_apply(const char *tag, struct yaml_node *node, char *reason, size_t size)
{
    if (strcmp(tag, "!") == 0) { /* a list, a mapping or a text, and never a number */
        node->string = node->kind == YAML_TEXT;
        return true;
    }
    const struct core_tag *row = find(tag);
    if (row == NULL)
        return refuse_unknown(tag, reason, size);
    if (node->kind != row->kind) {
        snprintf(reason, size, "tag '!!%s' is wrong: this is %s", row->name, yaml_kind_name(node));
        return false;
    }
    if (row->holds != NULL && !row->holds(node->text)) {
        snprintf(reason, size, "tag '!!%s' is wrong: this is '%.64s'", row->name, node->text);
        return false;
    }
    node->string = row->string;
    if (row->nothing)
        *node->text = '\0';
    return true;
}
