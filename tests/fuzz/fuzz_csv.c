/* SPDX-License-Identifier: MIT
 *
 * CSV: with the label last, first, by name, and without labels; and with the first line as it is
 * told or said.
 */
#include "data/formats/csv/format_csv.h"
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char *const labels[] = {NULL, "1", "y", "none"};
    const struct entry *const first_lines[] = {NULL, &first_line_header, &first_line_row};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        for (size_t k = 0; k < sizeof first_lines / sizeof *first_lines; k++)
            check_format(
                &format_csv, bytes, size,
                &(struct source){.path = "fuzz", .label = labels[i], .first_line = first_lines[k]});
    return 0;
}
