/* SPDX-License-Identifier: MIT
 *
 * A coat over jansson that checks what can only fail for want of memory.
 */
#include "store/json_value.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

static json_t *checked(json_t *value)
{
    if (value == NULL)
        memory_exhausted(1, sizeof(void *));
    return value;
}

json_t *json_value_object(void)
{
    return checked(json_object());
}

json_t *json_value_array(void)
{
    return checked(json_array());
}

json_t *json_value_real(double value)
{
    return checked(isfinite(value) ? json_real(value) : json_null());
}

json_t *json_value_integer(int64_t value)
{
    return checked(json_integer(value));
}

json_t *json_value_text(const char *text)
{
    if (text == NULL)
        return checked(json_null());
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    char *utf8 = utf8_copy(text);
    value = checked(json_string(utf8));
    memory_free(utf8);
    return value;
}

json_t *json_value_reals(const double *values, size_t count)
{
    json_t *array = json_value_array();
    for (size_t i = 0; i < count; i++)
        json_value_append(array, json_value_real(values[i]));
    return array;
}

void json_value_set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        memory_exhausted(1, strlen(key));
}

void json_value_append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        memory_exhausted(1, sizeof(void *));
}

void json_value_write(FILE *out, json_t *value)
{
    json_text_write(value, JSON_VALUE_FLAGS, out);
    json_decref(value);
}

void json_value_print(FILE *out, json_t *value)
{
    json_value_write(out, value);
    fputc('\n', out);
}
