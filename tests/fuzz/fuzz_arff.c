/* SPDX-License-Identifier: MIT
 *
 * ARFF: with the label last, first, by name, and without labels.
 */
#include "data/formats/arff/format_arff.h"
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char *const labels[] = {NULL, "1", "y", "none"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        check_format(&format_arff, bytes, size,
                     &(struct source){.path = "fuzz", .label = labels[i]});
    return 0;
}
