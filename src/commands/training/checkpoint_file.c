/* SPDX-License-Identifier: MIT
 *
 * The signature comes first, so that a file of another kind is told from one that is damaged: the
 * first is somebody's, and never replaced. The snapshot is a record within the record.
 */
#include "commands/training/checkpoint_file.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "data/cache/record.h"

#include <string.h>

#define SIGNATURE "descent train checkpoint 1"

/* The record around it says what the snapshot is of. */
static const struct snapshot_identity within_file = {"", "", ""};

void checkpoint_content_clear(struct checkpoint_content *content)
{
    snapshot_free(content->snapshot);
    memory_free(content->folds);
    *content = (struct checkpoint_content){0};
}

/* --- Writing ------------------------------------------------------------------------------- */

static void put_folds(struct record_writer *writer, const struct checkpoint_content *content)
{
    record_put_number(writer, content->measured);
    for (size_t i = 0; i < content->measured; i++)
        for (size_t m = 0; m < fold_measure_count; m++)
            record_put_array(writer, &fold_mean_find(&fold_measures[m], &content->folds[i])->mean,
                             sizeof(double));
}

static void put_snapshot(struct record_writer *writer, const struct snapshot *snapshot)
{
    struct memory_stream stream;
    snapshot_write(snapshot, &within_file, memory_stream_open(&stream));
    char *bytes = memory_stream_close(&stream);
    record_put_number(writer, stream.length);
    record_put_array(writer, bytes, stream.length);
    memory_free(bytes);
}

void checkpoint_file_write(const struct checkpoint_origin *origin,
                           const struct checkpoint_content *content, FILE *file)
{
    struct record_writer writer;
    record_begin(&writer, file);
    record_put_text(&writer, SIGNATURE);
    record_put_text(&writer, origin->build);
    record_put_text(&writer, origin->digest);
    record_put_text(&writer, origin->data);
    record_put_text(&writer, origin->key);
    record_put_text(&writer, origin->words);
    record_put_number(&writer, (uint64_t)content->continued);
    put_folds(&writer, content);
    put_snapshot(&writer, content->snapshot);
    record_end(&writer);
}

/* --- Reading ------------------------------------------------------------------------------- */

/* Texts of the file, which are its own. */
struct found {
    char *build, *digest, *data, *key, *words;
};

static void found_clear(struct found *found)
{
    memory_free(found->build);
    memory_free(found->digest);
    memory_free(found->data);
    memory_free(found->key);
    memory_free(found->words);
}

static bool take_found(struct record_reader *reader, struct found *found)
{
    found->build = record_take_text(reader);
    found->digest = record_take_text(reader);
    found->data = record_take_text(reader);
    found->key = record_take_text(reader);
    found->words = record_take_text(reader);
    return found->build != NULL && found->digest != NULL && found->data != NULL &&
           found->key != NULL && found->words != NULL;
}

static bool check_found(const char *path, const struct found *found,
                        const struct checkpoint_origin *origin, struct error *error)
{
    static const char *const remedy = "give --checkpoint another name, or remove the file to "
                                      "start over";
    if (strcmp(found->build, origin->build) != 0)
        return error_usage(error,
                           "%s: a checkpoint of another build or processor: '%s', and here it is "
                           "'%s'; go on there, %s",
                           path, found->build, origin->build, remedy);
    if (strcmp(found->digest, origin->digest) != 0)
        return error_usage(error, "%s: a checkpoint of other data, '%s'; give those, %s", path,
                           found->data, remedy);
    return strcmp(found->key, origin->key) == 0 ||
           error_usage(error,
                       "%s: a checkpoint of another configuration, '%s'; give all options as "
                       "before, %s",
                       path, found->words, remedy);
}

static void take_folds(struct record_reader *reader, struct checkpoint_content *content)
{
    const uint64_t count = record_take_number(reader);
    if (!record_has(reader, count, fold_measure_count * sizeof(double)))
        return;
    content->measured = (size_t)count;
    content->folds = memory_allocate(content->measured + 1, sizeof *content->folds);
    for (size_t i = 0; i < content->measured; i++)
        for (size_t m = 0; m < fold_measure_count; m++) {
            const double *value = record_take_array(reader, 1, sizeof *value);
            if (value != NULL)
                fold_mean_find(&fold_measures[m], &content->folds[i])->mean = *value;
        }
}

static void take_snapshot(struct record_reader *reader, struct checkpoint_content *content)
{
    struct error damage = {.kind = ERROR_NONE};
    const uint64_t size = record_take_number(reader);
    const void *bytes = record_take_array(reader, size, 1);
    if (bytes != NULL)
        content->snapshot = snapshot_read(bytes, (size_t)size, &within_file, &damage);
    reader->sound = reader->sound && content->snapshot != NULL && reader->at == reader->size;
}

static bool is_checkpoint(struct record_reader *reader)
{
    char *text = record_take_text(reader);
    const bool is = text != NULL && strcmp(text, SIGNATURE) == 0;
    memory_free(text);
    return is;
}

bool checkpoint_file_read(const char *path, const void *bytes, size_t size,
                          const struct checkpoint_origin *origin,
                          struct checkpoint_content *content, struct error *error)
{
    struct record_reader reader = record_open(bytes, size);
    struct found found = {0};
    *content = (struct checkpoint_content){0};
    if (!is_checkpoint(&reader))
        return error_usage(error,
                           "%s: this file exists, and is no checkpoint of 'descent train'; give "
                           "--checkpoint another name",
                           path);
    bool sound = record_is_whole(&reader) && take_found(&reader, &found);
    if (sound && check_found(path, &found, origin, error)) {
        content->continued = (int64_t)record_take_number(&reader);
        take_folds(&reader, content);
        take_snapshot(&reader, content);
        sound = reader.sound;
    }
    found_clear(&found);
    if (!sound) {
        checkpoint_content_clear(content);
        error_usage(error, "%s: a damaged checkpoint; remove the file to start over", path);
    }
    return error->kind == ERROR_NONE;
}
