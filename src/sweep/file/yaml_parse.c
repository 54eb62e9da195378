/* SPDX-License-Identifier: MIT
 *
 * The tree is built from libfyaml's events rather than taken from its documents: events tell where
 * a list or a mapping begins, so that every message can point at it. An anchor is known once its
 * node is complete, so no node can contain itself.
 */
#include "base/memory.h"
#include "sweep/file/yaml_anchors.h"
#include "sweep/file/yaml_tags.h"
#include "sweep/file/yaml_tree.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    DEEPEST = 8,            /* a sweep file needs six: file, runs, run, stop, axis, values */
    KEYS_MAX = 256,         /* of one mapping: keys are searched one by one */
    REPEATED_MAX = 1000000, /* nodes that aliases stand for, all together */
};

/* What is needed while reading. */
struct reader {
    struct yaml *yaml;
    const char *path, *text;
    struct fy_parser *parser;
    struct fy_diag *diagnostics;
    struct yaml_anchors anchors;
    double repeated; /* nodes that aliases have stood for */
    struct error *error;
};

/* --- Reading ------------------------------------------------------------------------------- */

static bool refuse(struct reader *reader, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct reader *reader, struct place place, const char *format, ...)
{
    char message[ERROR_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_at(reader->error, place, yaml_line(reader->text, place.line), "%s", message);
}

/* The parser stops without a word at "%YAML 2.0" (libfyaml 0.7.12). */
static bool refuse_version(struct reader *reader)
{
    size_t line = 1;
    for (const char *at = reader->text, *end; *at != '\0'; at = end + (*end == '\n'), line++) {
        end = at + strcspn(at, "\n");
        if (strncmp(at, "%YAML", 5) == 0)
            return refuse(reader, (struct place){reader->path, line, 1},
                          "YAML of this version is not read; write '%%YAML 1.2', or leave the line "
                          "out");
    }
    return error_usage(reader->error, "%s: not YAML", reader->path);
}

/* Why the parser stopped, in its words and at its place. */
static bool refuse_syntax(struct reader *reader)
{
    void *next = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(reader->diagnostics, &next);
    if (first == NULL)
        return refuse_version(reader);
    struct place place = {reader->path, (size_t)first->line, (size_t)first->column};
    return refuse(reader, place, "%s", first->msg);
}

/* An empty text without quotes. Some versions of libfyaml know a place for it, and others do not.
 */
static bool is_nothing(struct fy_event *event)
{
    size_t length = 0;
    if (event->type != FYET_SCALAR)
        return false;
    struct fy_token *value = event->scalar.value;
    if (value != NULL)
        fy_token_get_text(value, &length);
    return value == NULL || (length == 0 && fy_token_scalar_style(value) == FYSS_PLAIN);
}

/* Where there is nothing, the place is that of what it belongs to. */
static struct place place_of(const struct reader *reader, struct fy_event *event,
                             struct place otherwise)
{
    const struct fy_mark *mark = is_nothing(event) ? NULL : fy_event_start_mark(event);
    if (mark == NULL)
        return otherwise;
    return (struct place){reader->path, (size_t)mark->line + 1, (size_t)mark->column + 1};
}

static char *copy_token(struct fy_token *token)
{
    size_t length = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : "";
    char *copy = memory_resize(NULL, length + 1, 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* The latest node of that name, and counts what is in it: an alias costs a few letters and may
 * stand for thousands of values, each of which is looked at. */
static struct yaml_node *resolve_alias(struct reader *reader, const char *name, struct place place)
{
    struct yaml_node *node = yaml_anchors_find(&reader->anchors, name);
    if (node == NULL) {
        refuse(reader, place, "*%s: there is no anchor of that name before here", name);
        return NULL;
    }
    reader->repeated += node->weight;
    if (reader->repeated <= (double)REPEATED_MAX)
        return node;
    refuse(
        reader, place,
        "*%s: with this one, aliases stand for more than %d values; what all runs share is given "
        "once, at the top level",
        name, REPEATED_MAX);
    return NULL;
}

static struct yaml_node *read_node(struct reader *reader, struct fy_event *event,
                                   struct place otherwise, int depth);

/* The next event, to be freed by the one who reads it; NULL with the error set. */
static struct fy_event *next_event(struct reader *reader)
{
    struct fy_event *event = fy_parser_parse(reader->parser);
    if (event == NULL)
        refuse_syntax(reader);
    return event;
}

/* The next node; NULL at the end of a list, mapping, document or stream, or with the error set. */
static struct yaml_node *read_next(struct reader *reader, struct place otherwise, int depth)
{
    struct fy_event *event = next_event(reader);
    if (event == NULL)
        return NULL;
    bool end = event->type == FYET_SEQUENCE_END || event->type == FYET_MAPPING_END ||
               event->type == FYET_DOCUMENT_END || event->type == FYET_STREAM_END;
    struct yaml_node *node = end ? NULL : read_node(reader, event, otherwise, depth);
    fy_parser_event_free(reader->parser, event);
    return node;
}

static bool read_list(struct reader *reader, struct yaml_node *list, int depth)
{
    struct yaml_node *item;
    while ((item = read_next(reader, list->place, depth)) != NULL)
        yaml_append(list, NULL, item);
    return reader->error->kind == ERROR_NONE;
}

static bool check_room(struct reader *reader, const struct yaml_node *mapping, struct place place)
{
    return mapping->count < KEYS_MAX ||
           refuse(reader, place, "more than %d keys in one mapping", KEYS_MAX);
}

/* Adds the pairs of `from` whose keys are not there yet. */
static bool merge(struct reader *reader, struct yaml_node *mapping, const struct yaml_node *from)
{
    if (from->kind == YAML_TEXT)
        return refuse(reader, from->place, "<< merges a mapping or a list of them, not %s",
                      yaml_kind_name(from));
    bool done = true;
    for (size_t i = 0; i < from->count && done; i++) {
        if (from->kind == YAML_LIST && from->items[i]->kind != YAML_MAPPING)
            return refuse(reader, from->items[i]->place, "<< merges mappings, not %s",
                          yaml_kind_name(from->items[i]));
        if (from->kind == YAML_LIST) {
            done = merge(reader, mapping, from->items[i]);
        } else if (yaml_find_index(mapping, from->keys[i]->text) == mapping->count) {
            done = check_room(reader, mapping, from->keys[i]->place);
            if (done)
                yaml_append(mapping, from->keys[i], from->items[i]);
        }
    }
    return done;
}

static bool check_key(struct reader *reader, const struct yaml_node *mapping,
                      const struct yaml_node *key)
{
    if (key->kind != YAML_TEXT)
        return refuse(reader, key->place, "a key is a text, not %s", yaml_kind_name(key));
    if (!check_room(reader, mapping, key->place))
        return false;
    size_t first = yaml_find_index(mapping, key->text);
    if (first < mapping->count)
        return refuse(reader, key->place, "duplicate key '%s'; it is given on line %zu already",
                      key->text, mapping->keys[first]->place.line);
    return true;
}

static bool is_merge(const struct yaml_node *key)
{
    return strcmp(key->text, "<<") == 0 && !key->quoted && !key->string;
}

/* Keys are unique (YAML 1.2, 3.2.1.1), and << is one of them. */
static bool check_merge(struct reader *reader, const struct yaml_node *first,
                        const struct yaml_node *key)
{
    return first == NULL ||
           refuse(reader, key->place,
                  "duplicate key '<<'; it is given on line %zu already. Several are merged by "
                  "<<: [*a, *b], of which the first counts where both have a key",
                  first->place.line);
}

static bool read_mapping(struct reader *reader, struct yaml_node *mapping, int depth)
{
    const struct yaml_node *merged = NULL, *merging = NULL; /* the value of <<, and its key */
    struct yaml_node *key;
    while ((key = read_next(reader, mapping->place, depth)) != NULL) {
        if (!check_key(reader, mapping, key) ||
            (is_merge(key) && !check_merge(reader, merging, key)))
            return false;
        struct yaml_node *item = read_next(reader, key->place, depth);
        if (item == NULL)
            return false;
        if (is_merge(key)) {
            merging = key;
            merged = item;
        } else {
            yaml_append(mapping, key, item);
        }
    }
    return reader->error->kind == ERROR_NONE && (merged == NULL || merge(reader, mapping, merged));
}

static struct yaml_node *read_alias(struct reader *reader, struct fy_event *event,
                                    struct place place)
{
    char *name = copy_token(event->alias.anchor);
    struct yaml_node *node = resolve_alias(reader, name, place);
    memory_free(name);
    return node;
}

/* What a scalar is, and how it is written. "\0" is a character of YAML, after which a text of C
 * would be taken to end: "gd\0x" is not gd. */
static bool read_text(struct reader *reader, struct yaml_node *node, struct fy_event *event)
{
    struct fy_token *value = event->scalar.value;
    size_t length = 0;
    if (value != NULL)
        fy_token_get_text(value, &length);
    node->text = copy_token(value);
    node->quoted = value != NULL && fy_token_scalar_style(value) != FYSS_PLAIN;
    return strlen(node->text) == length ||
           refuse(reader, node->place, "NUL (\\0) in a text; nothing in a sweep file has one");
}

static struct fy_token *tag_of(struct fy_event *event)
{
    if (event->type == FYET_SCALAR)
        return event->scalar.tag;
    return event->type == FYET_SEQUENCE_START ? event->sequence_start.tag
                                              : event->mapping_start.tag;
}

/* Reads the tag of a node whose kind and text are known. */
static bool read_tag(struct reader *reader, struct fy_event *event, struct yaml_node *node)
{
    struct fy_token *token = tag_of(event);
    char reason[256];
    if (token == NULL)
        return true;
    char *tag = copy_token(token);
    bool known = yaml_tag_apply(tag, node, reason, sizeof reason);
    memory_free(tag);
    return known || refuse(reader, node->place, "%s", reason);
}

/* The contents of a node, of which the kind is not known yet. */
static bool read_contents(struct reader *reader, struct fy_event *event, struct yaml_node *node,
                          int depth)
{
    if (event->type == FYET_SCALAR)
        return read_text(reader, node, event) && read_tag(reader, event, node);
    bool list = event->type == FYET_SEQUENCE_START;
    node->kind = list ? YAML_LIST : YAML_MAPPING;
    return read_tag(reader, event, node) &&
           (list ? read_list(reader, node, depth + 1) : read_mapping(reader, node, depth + 1));
}

static struct yaml_node *read_node(struct reader *reader, struct fy_event *event,
                                   struct place otherwise, int depth)
{
    struct place place = place_of(reader, event, otherwise);
    if (event->type == FYET_ALIAS)
        return read_alias(reader, event, place);
    if (depth == DEEPEST) {
        refuse(reader, place, "nested too deep for a sweep file");
        return NULL;
    }
    struct yaml_node *node = yaml_node_create(reader->yaml, YAML_TEXT, place);
    if (!read_contents(reader, event, node, depth))
        return NULL;
    struct fy_token *anchor = fy_event_get_anchor_token(event);
    if (anchor != NULL)
        yaml_anchors_set(&reader->anchors, copy_token(anchor), node);
    return node;
}

/* Skips the events that only mark beginnings. */
static bool skip(struct reader *reader, enum fy_event_type type)
{
    struct fy_event *event = next_event(reader);
    bool found = event != NULL && event->type == type;
    if (event != NULL)
        fy_parser_event_free(reader->parser, event);
    return found;
}

static bool read_document(struct reader *reader)
{
    const struct place start = {reader->path, 1, 1};
    if (!skip(reader, FYET_STREAM_START) || !skip(reader, FYET_DOCUMENT_START))
        return reader->error->kind == ERROR_NONE; /* nothing but comments */
    reader->yaml->root = read_next(reader, start, 0);
    if (reader->yaml->root == NULL || !skip(reader, FYET_DOCUMENT_END))
        return false;
    struct fy_event *event = next_event(reader);
    if (event == NULL)
        return false;
    if (event->type != FYET_STREAM_END)
        refuse(reader, place_of(reader, event, start), "a second document; a sweep file has one");
    fy_parser_event_free(reader->parser, event);
    return reader->error->kind == ERROR_NONE;
}

static bool reader_open(struct reader *reader)
{
    struct fy_diag_cfg diagnostics;
    fy_diag_cfg_default(&diagnostics);
    diagnostics.fp = NULL;
    reader->diagnostics = fy_diag_create(&diagnostics);
    if (reader->diagnostics == NULL)
        return false;
    fy_diag_set_collect_errors(reader->diagnostics, true);
    struct fy_parse_cfg parsing = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE,
                                   .diag = reader->diagnostics};
    reader->parser = fy_parser_create(&parsing);
    return reader->parser != NULL &&
           fy_parser_set_string(reader->parser, reader->text, strlen(reader->text)) == 0;
}

static void reader_close(struct reader *reader)
{
    yaml_anchors_clear(&reader->anchors);
    if (reader->parser != NULL)
        fy_parser_destroy(reader->parser);
    if (reader->diagnostics != NULL)
        fy_diag_destroy(reader->diagnostics);
}

struct yaml *yaml_parse(const char *path, const char *text, struct error *error)
{
    struct yaml *yaml = memory_allocate(1, sizeof *yaml);
    struct reader reader = {.yaml = yaml, .path = path, .text = text, .error = error};
    if (!reader_open(&reader))
        memory_exhausted(1, strlen(text));
    bool done = read_document(&reader);
    reader_close(&reader);
    if (done)
        return yaml;
    yaml_free(yaml);
    return NULL;
}

const char *yaml_library_version(void)
{
    return fy_library_version();
}
