/* SPDX-License-Identifier: MIT
 *
 * CSV: with the label last, first, and without labels.
 */
#include "data/format_csv.h"
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char *const labels[] = {NULL, "1", "none"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        check_format(&format_csv, bytes, size,
                     &(struct source){.path = "fuzz", .label = labels[i]});
    return 0;
}
