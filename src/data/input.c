/* SPDX-License-Identifier: MIT
 *
 * A regular file is mapped, so that opening 10 TB costs nothing until the bytes are looked at;
 * anything else (a pipe, standard input, files of /proc that claim to be empty) is read into
 * memory.
 */
#include "data/input.h"

#include "base/memory.h"
#include "base/output_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_CHUNK = 1 << 16 }; /* bytes first made room for when a pipe is read */

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

static bool input_copy(struct input *input, int file, struct error *error)
{
    char *bytes = NULL;
    size_t size = 0, capacity = 0;
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

/* --- Pipes that are opened again ----------------------------------------------------------- */

struct pipe {
    dev_t device;
    ino_t inode;
    const char *bytes;
    size_t size;
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
    pipes[pipe_count++] = (struct pipe){status->st_dev, status->st_ino, input->bytes, input->size};
    input->kept = true;
}

/* --- Opening ------------------------------------------------------------------------------- */

static bool file_open(struct input *input, struct error *error)
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
        opened = input_map(input, file, (size_t)status.st_size, error);
    else
        opened = input_copy(input, file, error);
    close(file);
    if (opened && keeping && !S_ISREG(status.st_mode))
        pipe_keep(input, &status);
    return opened;
}

bool input_open(struct input *input, const char *path, struct error *error)
{
    *input = (struct input){.path = path};
    const struct pipe *before = pipe_find(path);
    if (before == NULL)
        return file_open(input, error);
    input->bytes = before->bytes;
    input->size = before->size;
    input->kept = true;
    return true;
}

struct mapping *input_release(struct input *input)
{
    struct mapping *mapping = input->mapping;
    *input = (struct input){.path = input->path};
    return mapping;
}

bool input_is_unchanged(const struct input *input, struct error *error)
{
    return input->mapping == NULL || mapping_look(input->mapping) != MAPPING_CHANGED ||
           mapping_refuse(input->mapping, error);
}

void input_close(struct input *input)
{
    if (input->mapping != NULL)
        mapping_close(input->mapping);
    else if (!input->kept)
        memory_free((void *)input->bytes);
    *input = (struct input){0};
}
