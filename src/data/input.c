/* SPDX-License-Identifier: MIT
 *
 * A regular file is mapped, so that opening 10 TB costs nothing until the bytes are looked at;
 * anything else (a pipe, standard input, files of /proc that claim to be empty) is read into
 * memory. A compressed pipe is unpacked as it is read, so that only its content is kept.
 */
#include "data/input.h"

#include "base/memory.h"
#include "base/output_guard.h"
#include "data/compression/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    INPUT_CHUNK = 1 << 16,          /* bytes first made room for when a pipe is read */
    INPUT_BEGIN = 3 * INPUT_SAMPLE, /* that are unpacked before a text is looked at, ... */
    INPUT_STEP = 1 << 20,           /* ... and those at a time from then on */
};

static bool input_fail(const struct input *input, const char *what, struct error *error)
{
    return error_usage(error, "%s: %s: %s", input->path, what, strerror(errno));
}

static bool input_map(struct input *input, int file, size_t size, struct error *error)
{
    input->mapping = mapping_open(file, size, input->path, error);
    if (input->mapping == NULL)
        return false;
    input->bytes = mapping_bytes(input->mapping);
    input->size = size;
    return true;
}

/* Reads what is left of a file behind the `size` bytes of it that are in `bytes`, which has the
 * given capacity and is taken over. */
static bool input_copy(struct input *input, int file, char *bytes, size_t size, size_t capacity,
                       struct error *error)
{
    for (;;) {
        if (capacity - size < INPUT_CHUNK + INPUT_PADDING) {
            if (!memory_check(2.0 * (double)capacity, input->path, error))
                break;
            bytes = memory_grow(bytes, &capacity, size + INPUT_CHUNK + INPUT_PADDING, 1);
        }
        ssize_t count = read(file, bytes + size, capacity - size - INPUT_PADDING);
        if (count > 0) {
            size += (size_t)count;
        } else if (count == 0) {
            memset(bytes + size, 0, INPUT_PADDING);
            *input = (struct input){.path = input->path, .bytes = bytes, .size = size};
            return true;
        } else if (errno != EINTR) {
            input_fail(input, "cannot be read", error);
            break;
        }
    }
    memory_free(bytes);
    return false;
}

/* Reads the first bytes, by which it is told what a pipe gives. -1 when that fails. */
static ssize_t head_read(int file, char *bytes, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t count = read(file, bytes + got, size - got);
        if (count < 0 && errno != EINTR)
            return -1;
        if (count == 0)
            break;
        got += count > 0 ? (size_t)count : 0;
    }
    return (ssize_t)got;
}

/* --- What is compressed -------------------------------------------------------------------- */

/* Puts what was unpacked in the place of what was read: a file stays open until the content is
 * read, and a copy goes. */
static void content_set(struct input *input, const struct room *room, size_t size)
{
    if (input->mapping == NULL)
        memory_free((void *)input->bytes);
    input->packed = input->mapping;
    input->mapping = mapping_of_room(room, size, input->path);
    input->bytes = mapping_bytes(input->mapping);
    input->size = size;
}

/* Is it an archive that is read as it is: of arrays, or a document? */
static bool is_read_as_archive(const struct zip *zip)
{
    bool is_document = zip_all_end(zip, ".npy");
    for (size_t i = 0; i < zip->count; i++)
        is_document = is_document || strcmp(zip->members[i].name, "[Content_Types].xml") == 0 ||
                      strcmp(zip->members[i].name, "mimetype") == 0;
    return is_document;
}

static bool member_unpack(struct input *input, const struct zip *zip, struct error *error)
{
    if (is_read_as_archive(zip))
        return true;
    if (zip->count != 1)
        return error_usage(error,
                           "%s: this archive has %zu files, and a set of data is one; unpack it: "
                           "unzip FILE, and name the file itself",
                           input->path, zip->count);
    struct room room;
    if (!zip_unpack(zip, &zip->members[0], input->folder, &room, error))
        return false;
    content_set(input, &room, zip->members[0].size);
    return true;
}

/* Where the lines end that are there, if they are enough to tell what the text is; otherwise NULL.
 * The last is not blank: it could be one of those at the end, which do not count. */
static const char *lines_end(const char *bytes, size_t size)
{
    const char *first = memchr(bytes, '\n', size), *last = memrchr(bytes, '\n', size);
    if (first == NULL || last - first <= 2 * INPUT_SAMPLE)
        return NULL;
    const char *p = last;
    while (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r')
        p--;
    return p[-1] != '\n' ? last + 1 : NULL;
}

/* Takes over what was unpacked to its end. */
static void rest_finish(struct input *input)
{
    struct room room;
    size_t size = unpack_size(input->rest);
    unpack_end(input->rest, &room);
    input->rest = NULL;
    input->mapping = mapping_of_room(&room, size, input->path);
    input->size = size;
}

/* Unpacks what is told by `source`: all of it, or only the beginning if that is enough to be read
 * already. The bytes read so far are still the caller's. */
static bool stream_open(struct input *input, const struct compression *row,
                        const struct unpack_source *source, bool whole, struct error *error)
{
    input->rest = unpack_begin(row, source, error);
    if (input->rest == NULL)
        return false;
    const char *end = NULL;
    const struct room *room = unpack_room(input->rest);
    for (size_t size = INPUT_BEGIN; end == NULL && !unpack_is_whole(input->rest); size *= 2) {
        if (!unpack_until(input->rest, whole ? SIZE_MAX : size, error)) {
            unpack_end(input->rest, NULL);
            input->rest = NULL;
            return false;
        }
        end = whole ? NULL : lines_end(room->bytes, unpack_size(input->rest));
    }
    input->bytes = room->bytes;
    if (unpack_is_whole(input->rest))
        rest_finish(input);
    else
        input->size = (size_t)(end - room->bytes);
    return true;
}

bool input_more(struct input *input, size_t *ready, bool *whole, struct error *error)
{
    if (input->rest != NULL) {
        if (!unpack_until(input->rest, unpack_size(input->rest) + INPUT_STEP, error))
            return false;
        *ready = unpack_size(input->rest) - INPUT_PADDING;
        if (unpack_is_whole(input->rest))
            rest_finish(input);
    }
    *whole = input->rest == NULL;
    if (*whole)
        *ready = input->size;
    return true;
}

struct parts *input_parts(struct input *input, int threads)
{
    return input->rest != NULL ? unpack_parts(input->rest, threads) : NULL;
}

double input_expected(const struct input *input)
{
    return input->rest != NULL ? unpack_expected(input->rest) : (double)input->size;
}

const char *input_beyond(const struct input *input)
{
    const struct room *room = input->rest != NULL ? unpack_room(input->rest) : NULL;
    return room != NULL ? room->bytes + room->reserved : input->bytes + input->size;
}

/* Unpacks what a file holds. False, with an error, and the file is closed. */
static bool content_unpack(struct input *input, bool whole, struct error *error)
{
    const struct compression *row = compression_find(input->bytes, input->size);
    const struct unpack_source source = {input->path, input->bytes, input->size, -1, input->folder};
    struct zip zip;
    bool done = true;
    if (row != NULL) {
        input->packed = input->mapping;
        input->mapping = NULL;
        input->bytes = NULL;
        done = stream_open(input, row, &source, whole, error);
    } else if (zip_begins(input->bytes, input->size)) {
        done = zip_open(&zip, input->path, input->bytes, input->size, error) &&
               member_unpack(input, &zip, error);
        zip_close(&zip);
    }
    if (!done)
        input_close(input);
    return done;
}

/* Reads a pipe to its end. What begins it stays until all is unpacked. */
static bool pipe_read(struct input *input, int file, bool whole, struct error *error)
{
    size_t capacity = 2 * (size_t)INPUT_CHUNK;
    char *bytes = memory_allocate_untouched(capacity, 1);
    ssize_t head = head_read(file, bytes, COMPRESSION_BEGIN);
    const struct compression *row = head > 0 ? compression_find(bytes, (size_t)head) : NULL;
    if (head >= 0 && row == NULL)
        return input_copy(input, file, bytes, (size_t)head, capacity, error) &&
               content_unpack(input, true, error);
    const struct unpack_source source = {input->path, bytes, (size_t)head, file, input->folder};
    bool done = head < 0 ? input_fail(input, "cannot be read", error)
                         : stream_open(input, row, &source, whole, error);
    memory_free(bytes);
    return done;
}

bool input_open_member(struct input *input, const struct input *archive, const struct zip *zip,
                       const struct zip_member *member, struct error *error)
{
    struct room room;
    *input = (struct input){.path = archive->path};
    if (!zip_unpack(zip, member, archive->folder, &room, error))
        return false;
    content_set(input, &room, member->size);
    return true;
}

/* --- Names in an archive --------------------------------------------------------------------- */

static char *member_name(const char *path, int file, size_t size)
{
    struct error unused = {.kind = ERROR_NONE};
    struct mapping *mapping = mapping_open(file, size, path, &unused);
    struct zip zip = {.count = 0};
    char *name = NULL;
    if (mapping != NULL && zip_begins(mapping_bytes(mapping), size) &&
        zip_open(&zip, path, mapping_bytes(mapping), size, &unused) && zip.count > 0 &&
        (zip.count == 1 || zip_all_end(&zip, ".npy")))
        name = memory_copy_text(zip.members[0].name);
    zip_close(&zip);
    mapping_close(mapping);
    return name;
}

/* A pipe is not opened: what is read of it is gone. */
char *input_member_name(const char *path)
{
    static const char ending[] = ".zip";
    struct stat status;
    size_t length = strlen(path);
    if (length < strlen(ending) || strcasecmp(path + length - strlen(ending), ending) != 0 ||
        stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
        return NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *name = file >= 0 ? member_name(path, file, (size_t)status.st_size) : NULL;
    if (file >= 0)
        close(file);
    return name;
}

/* --- Pipes that are opened again ----------------------------------------------------------- */

struct pipe {
    dev_t device;
    ino_t inode;
    const char *bytes;
    size_t size;
    struct mapping *mapping; /* that they lie in, or NULL */
};

static bool keeping;
static struct pipe *pipes; /* (pipe_count) */
static size_t pipe_count, pipe_capacity;

void input_keep_pipes(void)
{
    keeping = true;
}

/* A named pipe is looked for before it is opened: that would wait for someone to write to it. */
static const struct pipe *pipe_find(const char *path)
{
    struct stat status;
    int found = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &status) : stat(path, &status);
    for (size_t i = 0; found == 0 && i < pipe_count; i++)
        if (pipes[i].device == status.st_dev && pipes[i].inode == status.st_ino)
            return &pipes[i];
    return NULL;
}

static void pipe_keep(struct input *input, const struct stat *status)
{
    pipes = memory_grow(pipes, &pipe_capacity, pipe_count + 1, sizeof *pipes);
    pipes[pipe_count++] =
        (struct pipe){status->st_dev, status->st_ino, input->bytes, input->size, input->mapping};
    input->mapping = NULL;
    input->kept = true;
}

/* --- Opening ------------------------------------------------------------------------------- */

static bool file_open(struct input *input, bool whole, struct error *error)
{
    const char *path = input->path;
    int file = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return input_fail(input, "cannot be opened", error);
    struct stat status;
    bool opened, known = fstat(file, &status) == 0;
    if (known)
        output_protect_status(&status);
    if (!known)
        opened = input_fail(input, "cannot be read", error);
    else if (S_ISDIR(status.st_mode))
        opened = error_usage(error, "%s: this is a directory; name a file in it", path);
    else if (S_ISREG(status.st_mode) && status.st_size > 0)
        opened = input_map(input, file, (size_t)status.st_size, error) &&
                 content_unpack(input, whole, error);
    else
        opened = pipe_read(input, file, whole || keeping, error); /* what is kept is whole */
    close(file);
    if (opened && keeping && !S_ISREG(status.st_mode))
        pipe_keep(input, &status);
    return opened;
}

static bool open_from(struct input *input, const char *path, const char *folder, bool whole,
                      struct error *error)
{
    *input = (struct input){.path = path, .folder = folder};
    const struct pipe *before = pipe_find(path);
    if (before == NULL)
        return file_open(input, whole, error);
    input->bytes = before->bytes;
    input->size = before->size;
    input->kept = true;
    return true;
}

bool input_open(struct input *input, const char *path, struct error *error)
{
    return open_from(input, path, NULL, true, error);
}

bool input_open_begin(struct input *input, const char *path, struct error *error)
{
    return open_from(input, path, NULL, false, error);
}

bool input_open_large(struct input *input, const char *path, const char *folder, bool begin,
                      struct error *error)
{
    return open_from(input, path, folder, !begin, error);
}

struct mapping *input_release(struct input *input)
{
    struct mapping *mapping = input->mapping;
    *input = (struct input){.path = input->path, .packed = input->packed};
    return mapping;
}

bool input_is_unchanged(const struct input *input, struct error *error)
{
    const struct mapping *file = input->packed != NULL ? input->packed : input->mapping;
    return file == NULL || mapping_look(file) != MAPPING_CHANGED || mapping_refuse(file, error);
}

void input_close(struct input *input)
{
    if (input->rest != NULL) {
        unpack_end(input->rest, NULL);
        input->bytes = NULL;
    }
    mapping_close(input->packed);
    if (input->mapping != NULL)
        mapping_close(input->mapping);
    else if (!input->kept)
        memory_free((void *)input->bytes);
    *input = (struct input){0};
}
