/* SPDX-License-Identifier: MIT
 *
 * Compressed input: the bytes are a file, which is opened or refused with a message. Content is
 * padded; what is no stream is as it was; an archive of arrays is read as one.
 */
#include "data/compression/compression.h"
#include "data/formats/npy/format_npy.h"
#include "fuzzing.h"

#include <sys/mman.h>
#include <unistd.h>

static void check_content(const struct input *input, const uint8_t *bytes, size_t size)
{
    static const char zeros[INPUT_PADDING];
    assert(memcmp(input->bytes + input->size, zeros, INPUT_PADDING) == 0);
    bool packed = compression_find((const char *)bytes, size) != NULL ||
                  zip_begins((const char *)bytes, size);
    assert(packed || (input->size == size && memcmp(input->bytes, bytes, size) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    struct error error = {.kind = ERROR_NONE};
    struct input input;
    int file = memfd_create("packed", MFD_CLOEXEC);
    assert(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    assert(lseek(file, 0, SEEK_SET) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (input_open(&input, path, &error)) {
        check_content(&input, bytes, size);
        input_close(&input);
    }
    assert((error.kind == ERROR_USAGE) == (error.message[0] != '\0'));
    close(file);
    if (zip_begins((const char *)bytes, size))
        dataset_free(read_copy(&format_npy, bytes, size, &(struct source){.path = "fuzz"}));
    return 0;
}
