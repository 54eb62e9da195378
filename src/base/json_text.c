/* SPDX-License-Identifier: MIT
 *
 * jansson reports memory that was refused as it reports anything else, by NULL or -1, which is
 * easily overlooked at one of a hundred calls, and for a file that is read as "not JSON". Given
 * memory that is never refused, it cannot.
 */
#include "base/json_text.h"

#include "base/memory.h"

static void *allocate(size_t size)
{
    return memory_resize(NULL, size, 1);
}

void json_text_initialise(void)
{
    json_set_alloc_funcs(allocate, memory_free);
}

char *json_text(const json_t *value, size_t flags)
{
    char *text = json_dumps(value, flags | JSON_ENCODE_ANY);
    if (text == NULL)
        memory_exhausted(1, sizeof(json_t));
    return text;
}

void json_text_write(const json_t *value, size_t flags, FILE *out)
{
    if (json_dumpf(value, out, flags | JSON_ENCODE_ANY) != 0 && ferror(out) == 0)
        memory_exhausted(1, sizeof(json_t));
}
