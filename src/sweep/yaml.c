/* SPDX-License-Identifier: MIT
 *
 * The tree is built from libfyaml's events rather than taken from its documents: events tell where
 * a list or a mapping begins, so that every message can point at it. An anchor is known once its
 * node is complete, so no node can contain itself.
 */
#include "sweep/yaml.h"

#include "base/memory.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    DEEPEST = 8,    /* a sweep file needs six: file, runs, run, stop, axis, values */
    KEYS_MAX = 256, /* of one mapping: keys are searched one by one */
};

struct anchor {
    char *name;
    struct yaml_node *node;
};

struct yaml {
    struct yaml_node *root;
    size_t count, capacity;
    struct yaml_node **nodes; /* (count): all of them, to be freed */
};

/* What is needed while reading. */
struct reader {
    struct yaml *yaml;
    const char *path, *text;
    struct fy_parser *parser;
    struct fy_diag *diagnostics;
    size_t anchor_count, anchor_capacity;
    struct anchor *anchors; /* (anchor_count) */
    struct error *error;
};

const char *yaml_line(const char *text, size_t line)
{
    for (; line > 1; line--) {
        const char *end = strchr(text, '\n');
        if (end == NULL)
            break;
        text = end + 1;
    }
    return text;
}

const char *yaml_kind_name(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_TEXT:
        return *node->text == '\0' ? "nothing" : "a text";
    case YAML_LIST:
        return "a list";
    case YAML_MAPPING:
        return "a mapping";
    }
    return "";
}

const struct yaml_node *yaml_root(const struct yaml *yaml)
{
    return yaml->root;
}

static size_t find_key(const struct yaml_node *mapping, const char *key)
{
    size_t i = 0;
    while (i < mapping->count && strcmp(mapping->keys[i]->text, key) != 0)
        i++;
    return i;
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    size_t i = find_key(mapping, key);
    return i < mapping->count ? mapping->items[i] : NULL;
}

void yaml_free(struct yaml *yaml)
{
    if (yaml == NULL)
        return;
    for (size_t i = 0; i < yaml->count; i++) {
        memory_free(yaml->nodes[i]->text);
        memory_free(yaml->nodes[i]->keys);
        memory_free(yaml->nodes[i]->items);
        memory_free(yaml->nodes[i]);
    }
    memory_free(yaml->nodes);
    memory_free(yaml);
}

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

/* Why the parser stopped, in its words and at its place. */
static bool refuse_syntax(struct reader *reader)
{
    void *next = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(reader->diagnostics, &next);
    if (first == NULL)
        return error_usage(reader->error, "%s: not YAML", reader->path);
    struct place place = {reader->path, (size_t)first->line, (size_t)first->column};
    return refuse(reader, place, "%s", first->msg);
}

static struct place place_of(const struct reader *reader, struct fy_event *event,
                             struct place otherwise)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (mark == NULL) /* a value that is not there has none: its key's is taken */
        return otherwise;
    return (struct place){reader->path, (size_t)mark->line + 1, (size_t)mark->column + 1};
}

static struct yaml_node *node_create(struct yaml *yaml, enum yaml_kind kind, struct place place)
{
    yaml->nodes = memory_grow(yaml->nodes, &yaml->capacity, yaml->count + 1, sizeof *yaml->nodes);
    struct yaml_node *node = memory_allocate(1, sizeof *node);
    *node = (struct yaml_node){.kind = kind, .place = place};
    yaml->nodes[yaml->count++] = node;
    return node;
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

/* Both arrays grow together, by doubling: they are full when the count is a power of two. */
static void append(struct yaml_node *node, struct yaml_node *key, struct yaml_node *item)
{
    size_t count = node->count;
    if ((count & (count - 1)) == 0) {
        size_t capacity = count == 0 ? 1 : 2 * count;
        node->items = memory_resize(node->items, capacity, sizeof *node->items);
        node->keys = memory_resize(node->keys, capacity, sizeof *node->keys);
    }
    node->keys[count] = key;
    node->items[count] = item;
    node->count++;
}

static struct yaml_node *resolve_alias(struct reader *reader, const char *name, struct place place)
{
    for (size_t i = reader->anchor_count; i > 0; i--) /* the latest of that name counts */
        if (strcmp(reader->anchors[i - 1].name, name) == 0)
            return reader->anchors[i - 1].node;
    refuse(reader, place, "*%s: there is no anchor of that name before here", name);
    return NULL;
}

/* Takes the name, which may be NULL. */
static void add_anchor(struct reader *reader, char *name, struct yaml_node *node)
{
    if (name == NULL)
        return;
    reader->anchors = memory_grow(reader->anchors, &reader->anchor_capacity,
                                  reader->anchor_count + 1, sizeof *reader->anchors);
    reader->anchors[reader->anchor_count++] = (struct anchor){name, node};
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
        append(list, NULL, item);
    return reader->error->kind == ERROR_NONE;
}

/* Adds the pairs of `from` whose keys are not there yet. */
static bool merge(struct reader *reader, struct yaml_node *mapping, const struct yaml_node *from)
{
    if (from->kind == YAML_TEXT)
        return refuse(reader, from->place, "<< merges a mapping or a list of them, not %s",
                      yaml_kind_name(from));
    for (size_t i = 0; i < from->count; i++) {
        if (from->kind == YAML_LIST && from->items[i]->kind != YAML_MAPPING)
            return refuse(reader, from->items[i]->place, "<< merges mappings, not %s",
                          yaml_kind_name(from->items[i]));
        if (from->kind == YAML_LIST)
            merge(reader, mapping, from->items[i]);
        else if (find_key(mapping, from->keys[i]->text) == mapping->count)
            append(mapping, from->keys[i], from->items[i]);
    }
    return true;
}

static bool check_key(struct reader *reader, const struct yaml_node *mapping,
                      const struct yaml_node *key)
{
    if (key->kind != YAML_TEXT)
        return refuse(reader, key->place, "a key is a text, not %s", yaml_kind_name(key));
    if (mapping->count == KEYS_MAX)
        return refuse(reader, key->place, "more than %d keys in one mapping", KEYS_MAX);
    size_t first = find_key(mapping, key->text);
    if (first < mapping->count)
        return refuse(reader, key->place, "duplicate key '%s'; it is given on line %zu already",
                      key->text, mapping->keys[first]->place.line);
    return true;
}

static bool read_mapping(struct reader *reader, struct yaml_node *mapping, int depth)
{
    const struct yaml_node *merged = NULL;
    struct yaml_node *key;
    while ((key = read_next(reader, mapping->place, depth)) != NULL) {
        if (!check_key(reader, mapping, key))
            return false;
        struct yaml_node *item = read_next(reader, key->place, depth);
        if (item == NULL)
            return false;
        if (strcmp(key->text, "<<") == 0)
            merged = item;
        else
            append(mapping, key, item);
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
    struct fy_token *anchor = fy_event_get_anchor_token(event);
    char *name = anchor != NULL ? copy_token(anchor) : NULL;
    struct yaml_node *node = node_create(reader->yaml, YAML_TEXT, place);
    bool done = true;
    if (event->type == FYET_SCALAR) {
        node->text = copy_token(event->scalar.value);
    } else if (event->type == FYET_SEQUENCE_START) {
        node->kind = YAML_LIST;
        done = read_list(reader, node, depth + 1);
    } else {
        node->kind = YAML_MAPPING;
        done = read_mapping(reader, node, depth + 1);
    }
    add_anchor(reader, name, node);
    return done ? node : NULL;
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
        refuse(reader, place_of(reader, event, start), "a second document; a sweep file is one");
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
    for (size_t i = 0; i < reader->anchor_count; i++)
        memory_free(reader->anchors[i].name);
    memory_free(reader->anchors);
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
