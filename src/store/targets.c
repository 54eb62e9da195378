/* SPDX-License-Identifier: MIT
 *
 * Numbers between single blanks.
 */
#include "store/targets.h"

#include "base/memory_stream.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

size_t targets_find(double gap)
{
    size_t t = 0;
    while (t < GAP_TARGETS && gap_targets[t] != gap)
        t++;
    return t;
}

bool targets_read(const char *text, bool asked[static GAP_TARGETS])
{
    for (size_t t = 0; t < GAP_TARGETS; t++)
        asked[t] = *text == '\0';
    while (*text != '\0') {
        char *end;
        const size_t t = targets_find(strtod(text, &end));
        if (end == text || t == GAP_TARGETS)
            return false;
        asked[t] = true;
        text = *end == ' ' ? end + 1 : end;
    }
    return true;
}

char *targets_write(const bool asked[static GAP_TARGETS])
{
    struct memory_stream stream;
    char number[TEXT_NUMBER];
    const char *separator = "";
    FILE *out = memory_stream_open(&stream);
    for (size_t t = 0; t < GAP_TARGETS; t++)
        if (asked[t]) {
            fprintf(out, "%s%s", separator, text_from_real(number, gap_targets[t]));
            separator = " ";
        }
    return memory_stream_close(&stream);
}
