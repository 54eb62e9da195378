/* SPDX-License-Identifier: MIT
 *
 * JSON values as text: the one place that jansson writes from, and that its memory comes through.
 * What is built, written or read by it is whole, or the program ends (memory.h); a stream that
 * cannot be written to has its error flag set, as with every other text.
 */
#ifndef DESCENT_BASE_JSON_TEXT_H
#define DESCENT_BASE_JSON_TEXT_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* Before anything else is asked of jansson: a refused allocation of its own ends the program. */
void json_text_initialise(void);

/* `flags` are those of json_dumps(). Never NULL; free with memory_free(). */
char *json_text(const json_t *value, size_t flags);

void json_text_write(const json_t *value, size_t flags, FILE *out);

#endif
