/* SPDX-License-Identifier: MIT
 *
 * LIBSVM: indices from 1 and from 0, a given number of features, and without labels.
 */
#include "data/formats/libsvm/format_libsvm.h"
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct source sources[] = {
        {.path = "fuzz"},
        {.path = "fuzz", .first_index = &first_index_zero},
        {.path = "fuzz", .features = 20},
        {.path = "fuzz", .label = "none"},
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        check_format(&format_libsvm, bytes, size, &sources[i]);
    return 0;
}
