/* SPDX-License-Identifier: MIT
 *
 * Key and origin stand at the beginning, so that an entry that is of no use is told without reading
 * the rest. What is of use is read once for its digest, which the digest of the set does as well:
 * that costs little beside reading text, and a wrong bit would be a wrong model.
 *
 * Nothing but this program writes entries, yet what a digest does not prove is checked: sizes, and
 * that sparse rows are rows.
 */
#include "data/cache/entry.h"

#include "base/memory.h"
#include "base/system/output.h"
#include "build_facts.h"
#include "data/cache/record.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record that begins otherwise is not looked at: another program, or byte order, or readers that
 * may read otherwise. */
#define ENTRY_BEGIN "descent data cache 1, " BUILD_VERSION ", " BUILD_COMMIT
static const uint64_t byte_order = 0x0102030405060708;

/* --- Writing ------------------------------------------------------------------------------- */

static void origin_put(struct record_writer *writer, const struct entry_origin *origin)
{
    record_put_number(writer, origin->size);
    for (int i = 0; i < 2; i++) {
        record_put_number(writer, (uint64_t)origin->modified[i]);
        record_put_number(writer, (uint64_t)origin->changed[i]);
    }
    record_put_number(writer, origin->device);
    record_put_number(writer, origin->inode);
    record_put_text(writer, origin->digest);
}

static void found_put(struct record_writer *writer, const struct columns_found *found)
{
    record_put_number(writer, found->header);
    record_put_number(writer, found->decimal_comma);
    record_put_number(writer, (unsigned char)found->delimiter);
    record_put_number(writer, found->label);
    record_put_text(writer, found->label_name);
}

static void table_put(struct record_writer *writer, const struct data_columns *table)
{
    record_put_number(writer, table != NULL);
    for (size_t j = 0; table != NULL && j < table->count; j++) {
        const struct data_column *column = &table->columns[j];
        record_put_text(writer, column->name);
        record_put_number(writer, column->count);
        record_put_texts(writer, column->categories, column->count);
        record_put_number(writer, column->missing);
    }
}

static void rows_put(struct record_writer *writer, const struct dataset *data)
{
    size_t entries = dataset_entries(data);
    if (data->y != NULL)
        record_put_array(writer, data->y, data->rows * sizeof *data->y);
    if (!dataset_is_sparse(data)) {
        record_put_array(writer, data->X, entries * sizeof *data->X);
        return;
    }
    record_put_array(writer, data->starts, (data->rows + 1) * sizeof *data->starts);
    record_put_array(writer, data->columns, entries * sizeof *data->columns);
    record_put_array(writer, data->values, entries * sizeof *data->values);
}

bool cache_entry_write(const struct entry_content *content, const char *path, struct error *error)
{
    const struct dataset *data = content->data;
    struct output output;
    struct record_writer writer;
    if (!output_open(&output, path, true, error))
        return false;
    record_begin(&writer, output.file);
    record_put_number(&writer, byte_order);
    record_put_text(&writer, ENTRY_BEGIN);
    record_put_text(&writer, content->key);
    origin_put(&writer, &content->origin);
    record_put_text(&writer, content->told);
    record_put_text(&writer, data->notes);
    found_put(&writer, &data->found);
    for (int k = 0; k < 2; k++)
        record_put_text(&writer, data->class_names[k]);
    record_put_number(&writer, data->rows);
    record_put_number(&writer, data->features);
    record_put_texts(&writer, data->feature_names, data->features);
    table_put(&writer, data->table);
    record_put_number(&writer, data->y != NULL);
    record_put_number(&writer, dataset_is_sparse(data));
    record_put_number(&writer, dataset_entries(data));
    rows_put(&writer, data);
    record_end(&writer);
    return output_commit(&output, error);
}

/* --- Reading ------------------------------------------------------------------------------- */

/* Is the next text this one? */
static bool take_same(struct record_reader *reader, const char *expected)
{
    char *text = record_take_text(reader);
    bool same = text != NULL && strcmp(text, expected) == 0;
    memory_free(text);
    return same;
}

static struct entry_origin origin_take(struct record_reader *reader)
{
    struct entry_origin origin = {.size = record_take_number(reader)};
    for (int i = 0; i < 2; i++) {
        origin.modified[i] = (int64_t)record_take_number(reader);
        origin.changed[i] = (int64_t)record_take_number(reader);
    }
    origin.device = record_take_number(reader);
    origin.inode = record_take_number(reader);
    char *digest = record_take_text(reader);
    snprintf(origin.digest, sizeof origin.digest, "%s", digest != NULL ? digest : "");
    memory_free(digest);
    return origin;
}

/* What is known of a set before its rows. */
struct description {
    char *notes;
    struct columns_found found;
    char *class_names[2];
    size_t rows, features, entries;
    char **feature_names;
    struct data_columns *table;
    bool labelled, sparse;
};

static void description_clear(struct description *description)
{
    memory_free(description->notes);
    memory_free(description->found.label_name);
    for (int k = 0; k < 2; k++)
        memory_free(description->class_names[k]);
    texts_free(description->feature_names, description->features);
    data_columns_free(description->table);
}

static struct columns_found found_take(struct record_reader *reader)
{
    struct columns_found found = {.header = record_take_flag(reader)};
    found.decimal_comma = record_take_flag(reader);
    found.delimiter = (char)record_take_number(reader);
    found.label = record_take_number(reader);
    found.label_name = record_take_text(reader);
    return found;
}

static void column_take(struct record_reader *reader, struct data_column *column)
{
    column->name = record_take_text(reader);
    size_t count = record_take_number(reader);
    column->categories = record_take_texts(reader, count);
    column->count = column->categories != NULL ? count : 0;
    column->missing = record_take_number(reader);
}

static struct data_columns *table_take(struct record_reader *reader, size_t features)
{
    if (!record_take_flag(reader) || !record_has(reader, features, 4 * sizeof(uint64_t)))
        return NULL;
    struct data_columns *table = data_columns_create(features);
    for (size_t j = 0; j < features && reader->sound; j++)
        column_take(reader, &table->columns[j]);
    return table;
}

/* Takes all but the rows. */
static struct description description_take(struct record_reader *reader)
{
    struct description description = {.notes = record_take_text(reader)};
    description.found = found_take(reader);
    for (int k = 0; k < 2; k++)
        description.class_names[k] = record_take_text(reader);
    description.rows = record_take_number(reader);
    description.features = record_take_number(reader);
    reader->sound = reader->sound && description.rows > 0 && description.rows <= UINT32_MAX &&
                    description.features > 0 && description.features < UINT32_MAX;
    description.feature_names = record_take_texts(reader, description.features);
    description.table = table_take(reader, description.features);
    description.labelled = record_take_flag(reader);
    description.sparse = record_take_flag(reader);
    description.entries = record_take_number(reader);
    return description;
}

/* The arrays, where they are in the record. */
struct arrays {
    const double *y, *X, *values;
    const size_t *starts;
    const uint32_t *columns;
};

static struct arrays arrays_take(struct record_reader *reader,
                                 const struct description *description)
{
    struct arrays arrays = {0};
    size_t rows = description->rows, entries = description->entries;
    if (description->labelled)
        arrays.y = record_take_array(reader, rows, sizeof *arrays.y);
    if (description->sparse) {
        arrays.starts = record_take_array(reader, (uint64_t)rows + 1, sizeof *arrays.starts);
        arrays.columns = record_take_array(reader, entries, sizeof *arrays.columns);
        arrays.values = record_take_array(reader, entries, sizeof *arrays.values);
    } else {
        reader->sound = reader->sound && entries / description->features == rows &&
                        entries % description->features == 0;
        arrays.X = record_take_array(reader, entries, sizeof *arrays.X);
    }
    reader->sound = reader->sound && reader->at == reader->size;
    return arrays;
}

static bool row_is_ascending(const uint32_t *columns, size_t count, size_t features)
{
    for (size_t t = 0; t < count; t++)
        if (columns[t] >= features || (t > 0 && columns[t] <= columns[t - 1]))
            return false;
    return true;
}

/* Are sparse rows what dataset.h says they are? */
static bool rows_are_sound(const struct description *description, const struct arrays *arrays)
{
    const size_t *starts = arrays->starts;
    if (!description->sparse)
        return true;
    if (starts[0] != 0 || starts[description->rows] != description->entries)
        return false;
    for (size_t i = 0; i < description->rows; i++)
        if (starts[i + 1] < starts[i] || starts[i + 1] > description->entries ||
            !row_is_ascending(arrays->columns + starts[i], starts[i + 1] - starts[i],
                              description->features))
            return false;
    return true;
}

static bool memory_suffices(const char *path, const struct description *description,
                            struct error *error)
{
    return memory_check(dataset_bytes(description->rows, 0), path, error);
}

/* A set of these arrays; features stay where they are. */
static struct dataset *rows_create(const struct description *description,
                                   const struct arrays *arrays)
{
    size_t rows = description->rows, features = description->features;
    struct dataset *data =
        description->sparse
            ? dataset_create_around_sparse(rows, features, (size_t *)arrays->starts,
                                           (uint32_t *)arrays->columns, (double *)arrays->values)
            : dataset_create_around(rows, features, (double *)arrays->X);
    if (description->labelled) {
        data->y = memory_allocate_untouched(rows, sizeof *data->y);
        memcpy(data->y, arrays->y, rows * sizeof *data->y);
    }
    return data;
}

/* Gives what is known of the set to it. */
static void description_give(struct description *description, struct dataset *data)
{
    data->notes = description->notes;
    data->found = description->found;
    data->feature_names = description->feature_names;
    data->table = description->table;
    for (int k = 0; k < 2; k++)
        data->class_names[k] = description->class_names[k];
}

/* The set that the record goes on with. */
static enum entry_state data_take(struct record_reader *reader, const char *path,
                                  struct dataset **data, struct error *error)
{
    struct description description = description_take(reader);
    const struct arrays arrays = arrays_take(reader, &description);
    enum entry_state state = ENTRY_READ;
    if (!reader->sound || !rows_are_sound(&description, &arrays))
        state = ENTRY_DAMAGED;
    else if (!memory_suffices(path, &description, error))
        state = ENTRY_FAILED;
    if (state != ENTRY_READ) {
        description_clear(&description);
        return state;
    }
    *data = rows_create(&description, &arrays);
    description_give(&description, *data);
    return ENTRY_READ;
}

/* Maps the file. Not an error where that fails, as it is for data: there is another way. */
static enum entry_state entry_map(const char *path, struct mapping **mapping, size_t *size)
{
    struct error plain = {.kind = ERROR_NONE};
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return access(path, F_OK) == 0 ? ENTRY_DAMAGED : ENTRY_ABSENT;
    *mapping = NULL;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        *size = (size_t)status.st_size;
        *mapping = mapping_open(file, *size, path, &plain);
    }
    close(file);
    return *mapping != NULL ? ENTRY_READ : ENTRY_DAMAGED;
}

enum entry_state cache_entry_read(const char *path, const char *key,
                                  bool (*same)(const struct entry_origin *origin, void *context),
                                  void *context, struct entry_content *content, struct error *error)
{
    struct mapping *mapping;
    size_t bytes = 0;
    enum entry_state state = entry_map(path, &mapping, &bytes);
    if (state != ENTRY_READ)
        return state;
    struct record_reader reader = record_open(mapping_bytes(mapping), bytes);
    bool ours = record_take_number(&reader) == byte_order && take_same(&reader, ENTRY_BEGIN) &&
                take_same(&reader, key);
    *content = (struct entry_content){.origin = origin_take(&reader)};
    if (reader.sound && (!ours || !same(&content->origin, context)))
        state = ENTRY_OTHER;
    else if (!record_is_whole(&reader))
        state = ENTRY_DAMAGED;
    if (state == ENTRY_READ) {
        content->told = record_take_text(&reader);
        state = data_take(&reader, path, &content->data, error);
    }
    if (state != ENTRY_READ) {
        memory_free(content->told);
        content->told = NULL;
        mapping_close(mapping);
        return state;
    }
    content->data->mapping = mapping;
    return state;
}
