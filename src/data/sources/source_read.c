/* SPDX-License-Identifier: MIT
 *
 * Reading a file in its format, and generating. What ranks generate is compared as files are: a
 * mathematical library that rounds differently would give each host a set of its own.
 */
#include "data/sources/source_read.h"

#include "base/memory.h"
#include "data/cache/cache_table.h"
#include "data/formats/format.h"
#include "data/generators/generator.h"
#include "data/precision.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling.h"
#include "data/scratch.h"
#include "data/sources/attributes.h"
#include "data/sources/source_cache.h"
#include "data/sources/source_text.h"

#include <string.h>

enum { ROWS_COMPARED = 64 };

/* Will zeros not stay zeros, or cells be asked for by column? Those of a model are scaled, encoded
 * and filled as it says. */
static bool needs_matrix(const struct source *source)
{
    return source->wanted != NULL || source->missing != NULL ||
           (source->scale != NULL && scale_row(source->scale)->offsets);
}

/* What has to change numbers, or needs them as doubles, though training reads them as float32;
 * NULL: nothing. */
static const char *needs_doubles(const struct source *source)
{
    const bool fills = source->missing != NULL && source->missing != &missing_refuse.entry;
    return source->scale != NULL           ? "they are scaled (scale)"
           : source->split > 0.0           ? "rows are held out (split)"
           : fills                         ? "missing values are treated (missing)"
           : source->refine == &refine_yes ? "training ends in float64 (refine)"
           : source->wanted != NULL        ? "a model asks for columns"
                                           : NULL;
}

/* Opens the file on every rank. Where one process reads all of a text with several threads, one of
 * them may unpack while the others read. */
static bool file_open(const struct source *source, const struct share *share, int threads,
                      struct input *input, struct error *error)
{
    const char *folder = source->scratch != NULL ? source->scratch->folder : NULL;
    bool begin = source_format(source)->streams && threads > 1 && share_is_whole(share);
    if (begin || folder != NULL)
        return input_open_large(input, source->path, folder, begin, error);
    return share_open(share, input, source->path, error);
}

/* Reads the text. */
static struct dataset *rows_read(const struct source *source, struct share *share, int threads,
                                 struct error *error)
{
    struct input input;
    if (!file_open(source, share, threads, &input, error))
        return NULL;
    struct dataset *data = source_format(source)->read(&input, source, share, threads, error);
    bool whole =
        data != NULL && share_agree(share->ranks, input_is_unchanged(&input, error), error);
    input_close(&input);
    if (!whole) {
        dataset_free(data);
        return NULL;
    }
    const char *slash = strrchr(source->path, '/');
    data->name = memory_copy_text(slash != NULL ? slash + 1 : source->path);
    return data;
}

static struct dataset *file_read(const struct source *source, struct share *share, int threads,
                                 struct error *error)
{
    struct source meant = *source;
    meant.dense = needs_matrix(source);
    meant.singles =
        source->precision != NULL && precision_of(source->precision)->storage == STORAGE_FLOAT32;
    meant.needs_doubles = needs_doubles(source);
    char reason[512];
    if (!source_attributes_check(source, reason, sizeof reason)) {
        error_usage(error, "%s: %s", source->path, reason);
        return NULL;
    }
    return source->cache == &cache_yes ? source_cached(&meant, share, threads, rows_read, error)
                                       : rows_read(&meant, share, threads, error);
}

/* The digest of the first rows of those from `first` on. */
static void rows_digest(const struct source *source, size_t first, size_t rows,
                        char text[static DIGEST_TEXT])
{
    rows = rows < ROWS_COMPARED ? rows : ROWS_COMPARED;
    struct dataset *data = dataset_create(rows, source->settings.features, true);
    source->generator->generate(&source->settings, first, 1, data);
    struct digest *digest = digest_create();
    digest_add(digest, data->X, rows * data->features * sizeof *data->X);
    digest_add(digest, data->y, rows * sizeof *data->y);
    digest_finish(digest, text);
    dataset_free(data);
}

static bool rows_compare(const struct source *source, const struct share *share,
                         struct error *error)
{
    int ranks = ranks_count(share->ranks);
    if (ranks == 1)
        return true;
    size_t mine[2] = {share->first, share->rows},
           *all = memory_allocate((size_t)ranks, sizeof mine);
    ranks_allgather(share->ranks, mine, sizeof mine, all);
    const size_t *next = all + 2 * ((ranks_index(share->ranks) + 1) % ranks);
    char own[DIGEST_TEXT], other[DIGEST_TEXT];
    rows_digest(source, mine[0], mine[1], own);
    rows_digest(source, next[0], next[1], other);
    memory_free(all);
    const struct share_difference words = {
        source->generator->entry.name, "generate different rows",
        "use hosts with the same mathematical library, or save the set as a file"};
    return share_compare_digests(share, own, other, &words, error);
}

static void names_set(const struct generator *generator, struct dataset *data)
{
    data->name = memory_copy_text(generator->entry.name);
    for (int k = 0; k < 2; k++)
        data->class_names[k] = memory_copy_text(generator->class_names[k]);
    if (generator->feature_names == NULL)
        return;
    data->feature_names = memory_allocate(data->features, sizeof *data->feature_names);
    for (size_t j = 0; j < data->features; j++)
        data->feature_names[j] = memory_copy_text(generator->feature_names[j]);
}

static struct dataset *rows_generate(const struct source *source, struct share *share, int threads,
                                     struct error *error)
{
    const struct generator_settings *settings = &source->settings;
    share_rows(share, settings->rows);
    double bytes = dataset_bytes(settings->rows, settings->features) * share_of_host(share);
    char *description = source_describe(source);
    bool fits = memory_check(bytes, description, error);
    memory_free(description);
    if (!share_agree(share->ranks, fits, error) || !rows_compare(source, share, error))
        return NULL;
    struct dataset *data = dataset_create(share->rows, settings->features, true);
    source->generator->generate(settings, share->first, threads, data);
    names_set(source->generator, data);
    return data;
}

struct dataset *source_read(const struct source *source, struct share *share, int threads,
                            struct error *error)
{
    struct dataset *data = source->path != NULL ? file_read(source, share, threads, error)
                                                : rows_generate(source, share, threads, error);
    if (data != NULL)
        share_note(data, share->ranks, share->first, share->whole);
    return data;
}
