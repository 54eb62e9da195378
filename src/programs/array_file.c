/* SPDX-License-Identifier: MIT
 *
 * Arrays are mapped: of a gigabyte that is announced and not wanted, only the header is read.
 */
#include "programs/array_file.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Does it begin as arrays do? A pipe that nobody writes is not waited for. */
static bool is_array(int descriptor)
{
    static const char magic[] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};
    char begin[sizeof magic];
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
           read(descriptor, begin, sizeof begin) == (ssize_t)sizeof begin &&
           memcmp(begin, magic, sizeof magic) == 0;
}

static bool check_kind(const char *path, struct error *error)
{
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return error_usage(error, "%s: cannot be opened: %s", text_shown(path), strerror(errno));
    const bool sound = is_array(descriptor);
    close(descriptor);
    return sound || error_usage(error, "%s: this is not a .npy file", text_shown(path));
}

static bool check_count(const struct npy_array *array, size_t count, struct error *error)
{
    const size_t numbers = array->shape[0] * array->shape[1];
    return numbers == count || error_usage(error, "%s: it has %zu numbers, and is to have %zu",
                                           text_shown(array->path), numbers, count);
}

bool array_file_open(struct array_file *file, const char *path, size_t count, struct error *error)
{
    if (!check_kind(path, error) || !input_open(&file->input, path, error))
        return false;
    const bool sound = npy_array_open(&file->array, &file->input, error) &&
                       npy_array_check_type(&file->array, false, error) &&
                       npy_array_check_size(&file->array, error) &&
                       check_count(&file->array, count, error);
    if (!sound)
        input_close(&file->input);
    return sound;
}

void array_file_close(struct array_file *file)
{
    input_close(&file->input);
}
