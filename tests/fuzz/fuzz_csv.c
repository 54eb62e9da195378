/* SPDX-License-Identifier: MIT
 *
 * CSV: with the label last, first, by name, and without labels; and with the first line as it is
 * told or said; and with columns chosen, marks of missing values, decimal commas, a table of all
 * columns, and as a model wants them.
 */
#include "data/formats/csv/csv.h"
#include "fuzzing.h"

static void check_choices(const uint8_t *bytes, size_t size)
{
    char *const names[] = {"y", "x"};
    const bool categories[] = {true, false};
    const struct columns_found found = {.label_name = "z"};
    const struct columns_wanted wanted = {2, names, &found, categories};
    FILE *told = fopen("/dev/null", "w");
    assert(told != NULL);
    const struct source sources[] = {
        {.drop = "1", .missing_tokens = "-999,x"},
        {.columns = "x*,2-,\"a,b\"", .label = "1"},
        {.category = "1-3", .decimal = &decimal_comma, .missing_tokens = "="},
        {.label = "none", .told = told, .decimal = &decimal_point},
        {.category = "x", .drop = "y", .told = told},
        {.wanted = &wanted},
        {.wanted = &wanted, .label = "none", .drop = "x1"},
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct source source = sources[i];
        source.path = "fuzz";
        check_format(&format_csv, bytes, size, &source);
    }
    fclose(told);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char *const labels[] = {NULL, "1", "y", "none"};
    const struct entry *const first_lines[] = {NULL, &header_yes, &header_no};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        for (size_t k = 0; k < sizeof first_lines / sizeof *first_lines; k++)
            check_format(
                &format_csv, bytes, size,
                &(struct source){.path = "fuzz", .label = labels[i], .header = first_lines[k]});
    check_choices(bytes, size);
    return 0;
}
