/* SPDX-License-Identifier: MIT
 *
 * JSON values that are always valid: numbers that JSON cannot say become null, text that is not
 * UTF-8 is taken for Windows-1252 (base/utf8.h). None of these returns NULL.
 */
#ifndef DESCENT_STORE_JSON_VALUE_H
#define DESCENT_STORE_JSON_VALUE_H

#include "base/json_text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* For json_text_write(): one line, 17 significant digits, so that doubles read back equal.
 */
#define JSON_VALUE_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(17))

json_t *json_value_object(void);
json_t *json_value_array(void);
json_t *json_value_real(double value); /* null when it is not finite */
json_t *json_value_integer(int64_t value);
json_t *json_value_text(const char *text);                    /* null for NULL */
json_t *json_value_reals(const double *values, size_t count); /* an array */

/* Each takes over `value`. */
void json_value_write(FILE *out, json_t *value); /* on one line, which it does not end */
void json_value_print(FILE *out, json_t *value); /* a line of its own */
void json_value_set(json_t *object, const char *key, json_t *value);
void json_value_append(json_t *array, json_t *value);

#endif
