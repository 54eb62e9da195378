/* SPDX-License-Identifier: MIT
 *
 * NumPy: the bytes are X, without labels, and then also its own y, which they can be when X has one
 * feature. What X is written as must be read again.
 */
#include "data/formats/npy/format_npy.h"
#include "fuzzing.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    check_format(&format_npy, bytes, size, &(struct source){.path = "fuzz", .label = "none"});
    char label[64];
    int file = memfd_create("y", MFD_CLOEXEC);
    assert(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    snprintf(label, sizeof label, "/proc/self/fd/%d", file);
    dataset_free(
        read_copy(&format_npy, bytes, size, &(struct source){.path = "fuzz", .label = label}));
    close(file);
    return 0;
}
