/* SPDX-License-Identifier: MIT
 *
 * The list of arrays is a table; a set has those that it has numbers for.
 */
#include "programs/data_files.h"

#include "base/memory.h"
#include "base/system/output.h"
#include "base/system/path.h"
#include "data/formats/format.h"
#include "data/formats/npy/format_npy.h"
#include "data/formats/npy/npy_array.h"

#include <unistd.h>

enum { PATH = 4096 };

/* --- The arrays ---------------------------------------------------------------------------- */

static void write_shape(const char *type, size_t count, FILE *file)
{
    char shape[64];
    snprintf(shape, sizeof shape, "(%zu,)", count);
    npy_header_write(type, shape, file);
}

static void write_labels(const struct dataset *data, FILE *file)
{
    write_shape("<f8", data->rows, file);
    fwrite(data->y, sizeof *data->y, data->rows, file);
}

static void write_matrix(const struct dataset *data, FILE *file)
{
    npy_write(data, (struct format_writing){0}, file);
}

/* The entries of row i are values[starts[i]] .. values[ends[i] - 1]: other than in a file, there
 * may be some between two rows, which are left out. */
static void write_starts(const struct dataset *data, FILE *file)
{
    int64_t start = 0;
    write_shape("<i8", data->rows + 1, file);
    fwrite(&start, sizeof start, 1, file);
    for (size_t i = 0; i < data->rows; i++) {
        start += (int64_t)(data->ends[i] - data->starts[i]);
        fwrite(&start, sizeof start, 1, file);
    }
}

static size_t entries_of(const struct dataset *data)
{
    size_t entries = 0;
    for (size_t i = 0; i < data->rows; i++)
        entries += data->ends[i] - data->starts[i];
    return entries;
}

static void write_columns(const struct dataset *data, FILE *file)
{
    write_shape("<i4", entries_of(data), file);
    for (size_t i = 0; i < data->rows; i++)
        fwrite(data->columns + data->starts[i], sizeof *data->columns,
               data->ends[i] - data->starts[i], file);
}

static void write_values(const struct dataset *data, FILE *file)
{
    write_shape("<f8", entries_of(data), file);
    for (size_t i = 0; i < data->rows; i++)
        fwrite(data->values + data->starts[i], sizeof *data->values,
               data->ends[i] - data->starts[i], file);
}

/* --- The files ----------------------------------------------------------------------------- */

enum { LABELS, MATRIX, STARTS, COLUMNS, VALUES, ARRAYS };

static const struct array {
    const char *name;
    bool sparse, dense; /* of which sets */
    void (*write)(const struct dataset *data, FILE *file);
} arrays[ARRAYS] = {
    [LABELS] = {"y.npy", true, true, write_labels},
    [MATRIX] = {"X.npy", false, true, write_matrix},
    [STARTS] = {"starts.npy", true, false, write_starts},
    [COLUMNS] = {"columns.npy", true, false, write_columns},
    [VALUES] = {"values.npy", true, false, write_values},
};

struct data_files {
    char *folder;
    char *paths[ARRAYS]; /* NULL: there is none */
    struct protocol_data message;
};

static bool write_array(struct data_files *files, size_t i, const struct dataset *data,
                        struct error *error)
{
    char path[PATH];
    struct output output;
    snprintf(path, sizeof path, "%s/%s", files->folder, arrays[i].name);
    if (!output_open(&output, path, false, error))
        return false;
    files->paths[i] = memory_copy_text(path);
    arrays[i].write(data, output.file);
    return output_commit(&output, error);
}

struct data_files *data_files_write(const struct dataset *data, bool dense, struct error *error)
{
    struct data_files *files = memory_allocate(1, sizeof *files);
    const bool sparse = dataset_is_sparse(data) && !dense;
    files->folder = path_temporary("descent-data", "a program's data", error);
    bool written = files->folder != NULL;
    for (size_t i = 0; i < ARRAYS && written; i++)
        if (sparse ? arrays[i].sparse : arrays[i].dense)
            written = write_array(files, i, data, error);
    if (!written) {
        data_files_remove(files);
        return NULL;
    }
    files->message = (struct protocol_data){
        data->rows,           data->features,        files->paths[LABELS], files->paths[MATRIX],
        files->paths[STARTS], files->paths[COLUMNS], files->paths[VALUES]};
    return files;
}

const struct protocol_data *data_files_message(const struct data_files *files)
{
    return &files->message;
}

void data_files_remove(struct data_files *files)
{
    if (files == NULL)
        return;
    for (size_t i = 0; i < ARRAYS; i++) {
        if (files->paths[i] != NULL)
            unlink(files->paths[i]);
        memory_free(files->paths[i]);
    }
    if (files->folder != NULL)
        rmdir(files->folder);
    memory_free(files->folder);
    memory_free(files);
}
