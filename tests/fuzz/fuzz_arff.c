/* SPDX-License-Identifier: MIT
 *
 * ARFF: with the label last, first, by name, and without labels; with columns that are chosen, and
 * for a model. Tables are written as well, before they are encoded.
 */
#include "data/formats/arff/format_arff.h"
#include "fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *const names[] = {"b", "a"};
    const bool categories[] = {true, false};
    const struct columns_found found = {.label = 3, .label_name = "y"};
    const struct columns_wanted wanted = {2, names, &found, categories};
    const struct columns_wanted unnamed = {.features = 1, .found = &found};
    const struct source sources[] = {
        {.label = NULL},     {.label = "1"},
        {.label = "y"},      {.label = "none"},
        {.drop = "1,s*"},    {.columns = "a,2-,\"y\"", .drop = "d"},
        {.wanted = &wanted}, {.wanted = &unnamed, .label = "none", .drop = "x1"},
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct source source = sources[i];
        source.path = "fuzz";
        struct dataset *data = read_copy(&format_arff, bytes, size, &source);
        if (data != NULL)
            check_written(&format_arff, data);
    }
    return 0;
}
