/* SPDX-License-Identifier: MIT
 *
 * There is one place for entries, whoever reads the file and from wherever: $XDG_CACHE_HOME, or
 * ~/.cache, then descent/data/. All of it may be removed at any time. An entry is named by the
 * digest of its key: where the file is, how it is called (notes name it so), and all that was said
 * of how to read it. A file that changes has the same key, so that its entry is replaced.
 *
 * Is the file what the entry was made of? It is when size, both times and inode are the same. Times
 * tell less than they seem to: two changes within a tick of the file system's clock leave the same
 * time. So an entry that was made of a file just changed goes by the file's bytes alone, and so
 * does a file whose times are others.
 *
 * Ranks read the rows that are theirs from the text: the cache has no part in what they compare.
 */
#include "data/sources/source_cache.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/path.h"
#include "base/text.h"
#include "data/cache/entry.h"
#include "data/formats/format.h"
#include "data/scratch.h"
#include "data/sources/attributes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SETTLED = 2 }; /* seconds after which the next change has another time, on any file system */

/* --- Place and key ------------------------------------------------------------------------- */

/* All that what is read depends on, but the file's content. */
static char *key_of(const struct source *source)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    char *real = path_real(source->path), number[TEXT_NUMBER];
    fprintf(out, "%s\n%s\nformat %s\n", real, source->path, source_format(source)->entry.name);
    for (size_t i = 0; i < source_attribute_count; i++) {
        const char *value = source_attribute_get(&source_attributes[i], source, number);
        if ((source_attributes[i].about & ATTRIBUTES_READING) != 0 && value != NULL)
            fprintf(out, "%s %s\n", source_attributes[i].entry.name, value);
    }
    fputs(source->dense ? "a matrix\n" : "", out);
    memory_free(real);
    return memory_stream_close(&stream);
}

/* --- The file ------------------------------------------------------------------------------ */

static struct entry_origin origin_of(const struct stat *status)
{
    return (struct entry_origin){
        .size = (uint64_t)status->st_size,
        .modified = {status->st_mtim.tv_sec, status->st_mtim.tv_nsec},
        .changed = {status->st_ctim.tv_sec, status->st_ctim.tv_nsec},
        .device = status->st_dev,
        .inode = status->st_ino,
    };
}

static bool same_state(const struct entry_origin *a, const struct entry_origin *b)
{
    return a->size == b->size && memcmp(a->modified, b->modified, sizeof a->modified) == 0 &&
           memcmp(a->changed, b->changed, sizeof a->changed) == 0 && a->device == b->device &&
           a->inode == b->inode;
}

/* The digest of a file's bytes, "" where they cannot be read. */
static void file_digest(const char *path, size_t size, char digest[static DIGEST_TEXT])
{
    struct error plain = {.kind = ERROR_NONE};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct mapping *mapping = file >= 0 ? mapping_open(file, size, path, &plain) : NULL;
    digest[0] = '\0';
    if (mapping != NULL)
        digest_of_bytes(mapping_bytes(mapping), size, digest);
    mapping_close(mapping);
    if (file >= 0)
        close(file);
}

struct file_state {
    const char *path;
    struct entry_origin now; /* without a digest */
};

/* Is the file what an entry was made of? */
static bool is_origin(const struct entry_origin *origin, void *context)
{
    const struct file_state *file = context;
    char digest[DIGEST_TEXT];
    if (same_state(origin, &file->now))
        return true;
    if (origin->size != file->now.size)
        return false;
    file_digest(file->path, file->now.size, digest);
    return digest[0] != '\0' && strcmp(origin->digest, digest) == 0;
}

/* Has it been as it is for so long that the next change will show in its times? */
static bool is_settled(const struct entry_origin *now)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    return now->changed[0] + SETTLED < clock.tv_sec && now->modified[0] + SETTLED < clock.tv_sec;
}

/* --- Reading and keeping ------------------------------------------------------------------- */

struct cache {
    char *folder, *path, *key;
    struct file_state file;
};

static void cache_clear(struct cache *cache)
{
    memory_free(cache->folder);
    memory_free(cache->path);
    memory_free(cache->key);
}

/* Why the set is not kept, a part of a sentence; or NULL: it is, and where is told. */
static const char *cache_open(const struct source *source, const struct share *share,
                              struct cache *cache)
{
    struct stat status;
    char digest[DIGEST_TEXT];
    *cache = (struct cache){.file = {.path = source->path}};
    if (!share_is_whole(share))
        return "ranks read their own rows of the text";
    if (source_format(source)->labels_path != NULL)
        return "arrays of numbers are as fast to read as it is";
    if (strcmp(source->path, "-") == 0 || stat(source->path, &status) != 0 ||
        !S_ISREG(status.st_mode) || status.st_size == 0)
        return "only what a file holds can be known to be the same the next time";
    cache->folder = path_cache("descent/data");
    if (cache->folder == NULL)
        return "neither XDG_CACHE_HOME nor HOME names a folder for it";
    cache->file.now = origin_of(&status);
    cache->key = key_of(source);
    digest_of_text(cache->key, digest);
    cache->path = path_in(cache->folder, digest);
    return NULL;
}

/* Says where the entry is, and how large. */
static void tell(struct dataset *data, const struct cache *cache, const char *what)
{
    struct stat status;
    char bytes[TEXT_NUMBER];
    double size = stat(cache->path, &status) == 0 ? (double)status.st_size : 0.0;
    if (asprintf(&data->cache, "%s, %s, %s", cache->path, text_from_bytes(bytes, size), what) < 0)
        memory_exhausted(1, strlen(cache->path));
}

/* The file's name, as readers give it to a set. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Takes an entry as if it had just been read from the text. */
static struct dataset *entry_take(const struct source *source, const struct cache *cache,
                                  struct share *share, struct entry_content *content)
{
    struct dataset *data = content->data;
    share_rows(share, data->rows);
    share->entries = dataset_is_sparse(data) ? dataset_entries(data) : share->entries;
    data->name = memory_copy_text(name_of(source->path));
    if (source->told != NULL && content->told != NULL)
        fputs(content->told, source->told);
    memory_free(content->told);
    tell(data, cache, "read");
    return data;
}

/* The file as it was before it was read, if it still is so. */
static bool origin_settle(const struct cache *cache, struct entry_origin *origin)
{
    struct stat status;
    *origin = cache->file.now;
    bool settled = is_settled(origin);
    file_digest(cache->file.path, origin->size, origin->digest);
    if (stat(cache->file.path, &status) != 0)
        return false;
    const struct entry_origin after = origin_of(&status);
    bool same = same_state(origin, &after) && origin->digest[0] != '\0';
    if (!settled)
        memset(origin->changed, 0, sizeof origin->changed);
    return same;
}

/* Keeps what was read. */
static void entry_keep(const struct cache *cache, struct dataset *data, char *told)
{
    struct error error = {.kind = ERROR_NONE};
    struct entry_content content = {.key = cache->key, .data = data, .told = told};
    if (!origin_settle(cache, &content.origin))
        dataset_note(&data->notes,
                     "%s: cache: the file changed while it was read, so that what was read is not "
                     "kept",
                     cache->file.path);
    else if (path_create_folder(cache->folder, 0700, &error) &&
             cache_entry_write(&content, cache->path, &error))
        tell(data, cache, "written");
    else
        dataset_note(&data->notes, "%s: cache: what was read is not kept for the next time: %s",
                     cache->file.path, error.message);
}

/* Keeps what was read. Rows that memory does not hold stay where they are kept from then on: what
 * is given is the set to go on with. */
static struct dataset *entry_keep_rows(const struct cache *cache, struct dataset *data, char *told)
{
    struct error plain = {.kind = ERROR_NONE};
    struct entry_content content = {.data = NULL};
    struct file_state file = cache->file;
    entry_keep(cache, data, told);
    if (data->cache == NULL || data->mapping == NULL ||
        cache_entry_read(cache->path, cache->key, is_origin, &file, &content, &plain) != ENTRY_READ)
        return data;
    struct dataset *kept = content.data;
    memory_free(content.told);
    kept->name = memory_copy_text(data->name);
    tell(kept, cache, "written");
    dataset_free(data);
    return kept;
}

/* Reads the text, and keeps what it told of the columns as well. */
static struct dataset *read_and_keep(const struct source *source, const struct cache *cache,
                                     struct share *share, int threads, source_reader *read,
                                     struct error *error)
{
    struct memory_stream stream;
    struct source heard = *source;
    struct error plain = {.kind = ERROR_NONE};
    struct scratch scratch = {.folder = cache->folder};
    heard.told = memory_stream_open(&stream);
    heard.scratch = path_create_folder(cache->folder, 0700, &plain) ? &scratch : NULL;
    struct dataset *data = read(&heard, share, threads, error);
    char *told = memory_stream_close(&stream);
    if (source->told != NULL)
        fputs(told, source->told);
    if (data != NULL)
        data = entry_keep_rows(cache, data, told);
    memory_free(told);
    scratch_clear(&scratch);
    return data;
}

static struct dataset *cached(const struct source *source, const struct cache *cache,
                              struct share *share, int threads, source_reader *read,
                              struct error *error)
{
    struct entry_content content;
    struct file_state file = cache->file;
    enum entry_state state =
        cache_entry_read(cache->path, cache->key, is_origin, &file, &content, error);
    if (state == ENTRY_READ)
        return entry_take(source, cache, share, &content);
    if (state == ENTRY_FAILED)
        return NULL;
    struct dataset *data = read_and_keep(source, cache, share, threads, read, error);
    if (data != NULL && state == ENTRY_DAMAGED)
        dataset_note(&data->notes, "%s: cache: %s was damaged, and is made anew", source->path,
                     cache->path);
    return data;
}

struct dataset *source_cached(const struct source *source, struct share *share, int threads,
                              source_reader *read, struct error *error)
{
    struct cache cache;
    const char *reason = cache_open(source, share, &cache);
    struct dataset *data;
    if (reason == NULL) {
        data = cached(source, &cache, share, threads, read, error);
    } else {
        data = read(source, share, threads, error);
        if (data != NULL)
            dataset_note(&data->notes, "%s: cache: nothing is kept: %s", source->path, reason);
    }
    cache_clear(&cache);
    return data;
}
