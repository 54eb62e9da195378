/* SPDX-License-Identifier: MIT
 *
 * Data sets in a sweep file: a file, or a generator with its settings.
 *
 *     data: pets                                 a generator, as on the command line
 *     data: [measured.csv, ./pets]               files
 *     data: {file: measured.csv, label: species}
 *     data: {file: a9a.test, format: libsvm, features: 123}
 *     data: {generate: blobs, rows: 1e5, features: 50, seed: 1}
 *
 * Relative paths are taken from the folder of the sweep file, so that a sweep finds its data from
 * wherever it is started. An entry is as many sets as its attributes have variants
 * (sweep_file_attributes.c).
 */
#include "base/memory.h"
#include "base/system/path.h"
#include "data/generators/generator.h"
#include "data/sources/attributes.h"
#include "data/sources/source_load.h"
#include "sweep/file/sweep_file_reading.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What relative paths are taken from; "": the working directory. */
static char *data_folder(const struct sweep_file *file)
{
    if (file->data_folder == NULL)
        return memory_copy_text(file->folder);
    char *folder = path_in(file->folder, file->data_folder), *near = path_near(folder);
    memory_free(folder);
    return near;
}

/* A file that is not where it is looked for. A path as one would type it on the command line is
 * told how it is written here. */
static bool refuse_missing(const struct reading *reading, const struct yaml_node *node,
                           const struct source *source)
{
    const char *reason = strerror(errno);
    if (strcmp(source->path, node->text) == 0 || access(node->text, F_OK) != 0)
        return reading_error(reading, node->place, "cannot read %s: %s", source->path, reason);
    char *folder = data_folder(reading->file), *way = path_from(folder, node->text);
    reading_error(reading, node->place,
                  "cannot read %s: %s; paths in a sweep file are taken from %s, not from the "
                  "working directory, where %s is; write %s, or its absolute path",
                  source->path, reason,
                  reading->file->data_folder != NULL ? "its data_folder" : "its own folder",
                  node->text, way);
    memory_free(folder);
    memory_free(way);
    return false;
}

/* Whether the file can be read is checked now, rather than after an hour of training on others. */
static bool check_path(const struct reading *reading, const struct yaml_node *node,
                       const struct source *source)
{
    struct stat facts;
    if (strcmp(source->path, "-") == 0)
        return true;
    if (stat(source->path, &facts) == 0 && S_ISDIR(facts.st_mode))
        return reading_error(reading, node->place, "%s: a directory; expected a data file",
                             source->path);
    return access(source->path, R_OK) == 0 || refuse_missing(reading, node, source);
}

/* The same text as on the command line: a generator with settings, or a path. */
static bool read_text(const struct reading *reading, const struct yaml_node *node,
                      struct source *source)
{
    struct error plain = {0};
    char *folder = data_folder(reading->file);
    bool parsed = source_parse_in(source, node->text, folder, &plain);
    memory_free(folder);
    if (!parsed)
        return reading_error(reading, node->place, "%s", plain.message);
    return source->path == NULL || check_path(reading, node, source);
}

static bool read_file_entry(const struct reading *reading, const struct yaml_node *mapping,
                            struct source *source)
{
    struct names allowed = {1, {"file"}};
    names_add_attributes(&allowed, ATTRIBUTES_ALL);
    if (!reading_check_keys(reading, mapping, "beside file", &allowed))
        return false;
    const struct yaml_node *path = yaml_find(mapping, "file");
    if (!reading_expect(reading, path, YAML_TEXT, "file", "the path of a data file"))
        return false;
    char *folder = data_folder(reading->file);
    source_set_path(source, path->text, folder);
    memory_free(folder);
    return check_path(reading, path, source);
}

static bool check_settings(const struct reading *reading, const struct yaml_node *mapping,
                           const struct generator *generator)
{
    struct names allowed = {0};
    names_add(&allowed, "generate");
    for (size_t i = 0; i < generator_settings_count; i++)
        if ((generator->uses & generator_settings_table[i].flag) != 0)
            names_add(&allowed, generator_settings_table[i].entry.name);
    names_add_attributes(&allowed, ATTRIBUTE_PREPARATION);
    char where[64];
    snprintf(where, sizeof where, "for %s", generator->entry.name);
    return reading_check_keys(reading, mapping, where, &allowed);
}

static bool read_setting(const struct reading *reading, const struct generator_setting *setting,
                         const struct yaml_node *node, struct source *source)
{
    struct value value;
    if (!reading_value(reading, &setting->setting, node, &value))
        return false;
    setting_set(&setting->setting, &source->settings, value);
    return true;
}

static bool read_generate_entry(const struct reading *reading, const struct yaml_node *mapping,
                                const struct yaml_node *name, struct source *source)
{
    if (!reading_expect(reading, name, YAML_TEXT, "generate", "the name of a generator"))
        return false;
    const struct entry *generator = table_find(&generator_table, name->text);
    if (generator == NULL) {
        char reason[640];
        return reading_error(reading, name->place, "%s",
                             table_unknown(&generator_table, name->text, reason, sizeof reason));
    }
    source->generator = (const struct generator *)generator;
    source->settings = source->generator->defaults;
    if (!check_settings(reading, mapping, source->generator))
        return false;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct generator_setting *setting = generator_setting_find(mapping->keys[i]->text);
        if (setting != NULL && !read_setting(reading, setting, mapping->items[i], source))
            return false;
    }
    return true;
}

static bool read_mapping(const struct reading *reading, const struct yaml_node *mapping,
                         struct source *source)
{
    const struct yaml_node *generate = yaml_find(mapping, "generate");
    if (generate != NULL)
        return read_generate_entry(reading, mapping, generate, source);
    if (yaml_find(mapping, "file") != NULL)
        return read_file_entry(reading, mapping, source);
    struct names allowed = {2, {"file", "generate"}};
    for (size_t i = 0; i < generator_settings_count; i++)
        names_add(&allowed, generator_settings_table[i].entry.name);
    names_add_attributes(&allowed, ATTRIBUTES_ALL);
    if (!reading_check_keys(reading, mapping, "in data", &allowed))
        return false;
    return reading_error(reading, mapping->place,
                         "data: expected a path, {file: PATH} or {generate: NAME}");
}

/* The same data twice would only run everything twice. */
static bool check_different(const struct reading *reading)
{
    const struct sweep_file *file = reading->file;
    size_t last = file->source_count - 1;
    char *description = source_describe(&file->sources[last]);
    bool different = true;
    for (size_t i = 0; i < last && different; i++) {
        char *other = source_describe(&file->sources[i]);
        different = strcmp(description, other) != 0;
        if (!different)
            reading_error(reading, file->source_places[last],
                          "%s is given on line %zu already; leave one out", description,
                          file->source_places[i].line);
        memory_free(other);
    }
    memory_free(description);
    return different;
}

/* The source of an entry, without attributes. */
static bool read_source(const struct reading *reading, const struct yaml_node *node,
                        struct source *source)
{
    if (node->kind == YAML_MAPPING)
        return read_mapping(reading, node, source);
    return reading_expect(reading, node, YAML_TEXT, "data", "a path or a mapping") &&
           read_text(reading, node, source);
}

/* The rows of an entry that stands alone, before anything is read. */
static double rows_of_entry(const struct reading *reading, const struct yaml_node *node)
{
    struct error ignored = {0};
    const struct reading trial = {reading->file, reading->values, reading->zips, reading->clauses,
                                  &ignored};
    struct source source = {0};
    bool known = node->kind != YAML_LIST &&
                 (node->kind != YAML_MAPPING || yaml_find(node, "split") == NULL) &&
                 read_source(&trial, node, &source) && source.generator != NULL;
    double rows = known ? (double)source.settings.rows : 0.0;
    source_clear(&source);
    return rows;
}

double reading_rows(const struct reading *reading, const struct yaml_node *mapping)
{
    const struct sweep_file *file = reading->file;
    const struct yaml_node *data = yaml_find(mapping, "data");
    if (file->source_count == 0)
        return data != NULL && yaml_find(mapping, "split") == NULL ? rows_of_entry(reading, data)
                                                                   : 0.0;
    const struct source *source = &file->sources[0];
    bool known = file->source_count == 1 && source->generator != NULL && source->split == 0.0;
    return known ? (double)source->settings.rows : 0.0;
}

/* Is the last source one of those before it, from `first` on? */
static bool is_repeated(const struct sweep_file *file, size_t first)
{
    size_t last = file->source_count - 1;
    char *description = source_describe(&file->sources[last]);
    bool repeated = false;
    for (size_t i = first; i < last && !repeated; i++) {
        char *other = source_describe(&file->sources[i]);
        repeated = strcmp(description, other) == 0;
        memory_free(other);
    }
    memory_free(description);
    return repeated;
}

/* What is said of a file must go with its format. */
static bool check_attributes(const struct reading *reading, const struct yaml_node *node,
                             const struct source *source)
{
    char reason[512];
    const struct yaml_node *path = node->kind == YAML_MAPPING ? yaml_find(node, "file") : node;
    return source_attributes_check(source, reason, sizeof reason) ||
           reading_error(reading, path->place, "%s", reason);
}

/* Appends an entry once for each variant. Those that come to the same, as seeds of a split of 0,
 * are one. */
static bool read_entry(const struct reading *reading, const struct yaml_node *node,
                       const struct yaml_node *root, size_t *capacity)
{
    struct sweep_file *file = reading->file;
    struct variants variants;
    size_t first = file->source_count;
    if (!reading_variants(reading, node, root, &variants))
        return false;
    for (size_t i = 0; i < variants.count; i++) {
        file->sources =
            memory_grow(file->sources, capacity, file->source_count + 1, sizeof *file->sources);
        file->source_places =
            memory_resize(file->source_places, *capacity, sizeof *file->source_places);
        struct source *source = &file->sources[file->source_count];
        *source = (struct source){0};
        file->source_places[file->source_count++] = node->place;
        if (!read_source(reading, node, source) || !variants_set(reading, &variants, i, source) ||
            !check_attributes(reading, node, source))
            return false;
        if (is_repeated(file, first))
            source_clear(&file->sources[--file->source_count]);
        else if (!check_different(reading))
            return false;
    }
    return node->kind != YAML_MAPPING || variants_check(reading, node, first);
}

bool reading_data(const struct reading *reading, const struct yaml_node *node,
                  const struct yaml_node *root)
{
    bool single = node->kind != YAML_LIST;
    size_t count = single ? 1 : node->count, capacity = 0;
    if (count == 0)
        return reading_error(reading, node->place,
                             "data: the list is empty; give at least one data set");
    for (size_t i = 0; i < count; i++)
        if (!read_entry(reading, single ? node : node->items[i], root, &capacity))
            return false;
    return variants_check(reading, root, 0);
}
