/* SPDX-License-Identifier: MIT
 *
 * Blanks part the parameters, and "=" a name from its value; both are escaped in them.
 */
#include "programs/parameter_word.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void write_text(const char *text, FILE *out)
{
    for (const char *c = text; *c != '\0'; c++)
        if (*c == ' ' || *c == '=' || *c == '%')
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*c);
        else
            putc(*c, out);
}

void parameter_word_write(FILE *out, bool first, const char *name, const char *value)
{
    if (!first)
        putc(' ', out);
    write_text(name, out);
    putc('=', out);
    write_text(value, out);
}

/* In place. */
static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        char digits[3] = "";
        if (*from == '%' && from[1] != '\0' && from[2] != '\0') {
            memcpy(digits, from + 1, 2);
            *to = (char)strtoul(digits, NULL, 16);
            from += 3;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

bool parameter_word_read(const char *word,
                         bool (*take)(void *context, const char *name, const char *value),
                         void *context)
{
    char *copy = memory_copy_text(word), *rest = NULL;
    bool done = true;
    for (char *pair = strtok_r(copy, " ", &rest); pair != NULL && done;
         pair = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(pair, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        decode(pair);
        decode(value);
        done = take(context, pair, value);
    }
    memory_free(copy);
    return done;
}
