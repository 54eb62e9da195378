/* SPDX-License-Identifier: MIT
 *
 * Numbers as they lie in files, to doubles. All but integers of 64 bits are doubles exactly.
 *
 * What NumPy cannot convert with astype() needs other advice: texts that are labels are compared
 * with one of them, which is read from the array, so that the advice can be followed as it stands.
 */
#include "data/formats/npy_type.h"

#include "data/formats/npy_array.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are taken as they lie in files");

/* --- Numbers --------------------------------------------------------------------------------- */

static double value_f8(const char *p)
{
    double value;
    memcpy(&value, p, sizeof value);
    return value;
}

static double value_f4(const char *p)
{
    float value;
    memcpy(&value, p, sizeof value);
    return value;
}

/* IEEE 754 binary16: a sign, 5 bits of exponent, 10 of mantissa. */
static double value_f2(const char *p)
{
    uint16_t bits;
    memcpy(&bits, p, sizeof bits);
    int exponent = bits >> 10 & 0x1f, mantissa = bits & 0x3ff;
    double sign = bits >> 15 != 0 ? -1.0 : 1.0;
    if (exponent == 0x1f)
        return mantissa == 0 ? sign * (double)INFINITY : (double)NAN;
    if (exponent == 0)
        return sign * ldexp(mantissa, -24);
    return sign * ldexp(mantissa + 0x400, exponent - 25);
}

static double value_i8(const char *p)
{
    int64_t value;
    memcpy(&value, p, sizeof value);
    return (double)value;
}

static double value_u8(const char *p)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    return (double)value;
}

static double value_i4(const char *p)
{
    int32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static double value_u4(const char *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static double value_i2(const char *p)
{
    int16_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static double value_u2(const char *p)
{
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static double value_i1(const char *p)
{
    return (double)(signed char)*p;
}

static double value_u1(const char *p)
{
    return (double)(unsigned char)*p;
}

static double value_b1(const char *p)
{
    return *p != 0 ? 1.0 : 0.0;
}

/* The double may be 2^63 or 2^64, which these types do not have. */
static bool is_exact_i8(const char *p)
{
    int64_t value;
    memcpy(&value, p, sizeof value);
    double real = (double)value;
    return real < 0x1p63 && (int64_t)real == value;
}

static bool is_exact_u8(const char *p)
{
    uint64_t value;
    memcpy(&value, p, sizeof value);
    double real = (double)value;
    return real < 0x1p64 && (uint64_t)real == value;
}

static const struct npy_type types[] = {
    {"f8", 8, value_f8, NULL},        {"f4", 4, value_f4, NULL},        {"f2", 2, value_f2, NULL},
    {"i8", 8, value_i8, is_exact_i8}, {"i4", 4, value_i4, NULL},        {"i2", 2, value_i2, NULL},
    {"i1", 1, value_i1, NULL},        {"u8", 8, value_u8, is_exact_u8}, {"u4", 4, value_u4, NULL},
    {"u2", 2, value_u2, NULL},        {"u1", 1, value_u1, NULL},        {"b1", 1, value_b1, NULL},
};

const struct npy_type *npy_type_find(const char *name, bool *swapped)
{
    *swapped = *name == '>';
    if (*name == '\0' || strchr("<>|=", *name) == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name + 1) == 0)
            return &types[i];
    return NULL;
}

enum { RECORDS = 'r' }; /* a kind of our own: of a header with a list as its type */

/* --- Advice ---------------------------------------------------------------------------------- */

/* What a kind of values needs. A kind that is not here is NumPy's to convert. */
static const struct advice {
    char kind;
    const char *features, *labels;
} advices[] = {
    {'c', "X.real", "y.real"},
    {'M', "X.astype('<i8')", "y.astype('<i8')"},
    {'m', "X.astype('<i8')", "y.astype('<i8')"},
    {'U', "X.astype('<f8'), if all of it are numbers", "np.unique(y, return_inverse=True)[1]"},
    {'S', "X.astype('<f8'), if all of it are numbers", "np.unique(y, return_inverse=True)[1]"},
    {'O', "X.astype('<f8'), if all of it are numbers", "np.unique(y, return_inverse=True)[1]"},
    {RECORDS, "np.lib.recfunctions.structured_to_unstructured(X)", "one of its fields"},
    {'V', "np.lib.recfunctions.structured_to_unstructured(X)", "one of its fields"},
};

/* Text i of an array of texts, if all of it are plain letters and it fits: NumPy pads with NUL, and
 * stores 4 bytes for a character of U, 1 for one of S. */
static bool text_read(const struct npy_array *array, size_t i, char *text, size_t size)
{
    size_t width = array->type[1] == 'U' ? 4 : 1, length = 0, characters = 0;
    sscanf(array->type + 2, "%zu", &characters);
    if (characters == 0 || characters >= size || (i + 1) * characters * width > array->bytes)
        return false;
    const char *from = array->values + i * characters * width;
    for (size_t k = 0; k < characters * width; k++) {
        size_t place = array->type[0] == '>' ? width - 1 - k % width : k % width;
        char c = from[k];
        if (place > 0 ? c != '\0' : c != '\0' && (c < ' ' || c > '~' || c == '\'' || c == '\\'))
            return false;
        if (place == 0 && c != '\0')
            text[length++] = c;
    }
    text[length] = '\0';
    return length > 0;
}

/* Labels are compared with the second in order of the first two that differ. */
static bool advise_texts(const struct npy_array *array, char *text, size_t size)
{
    enum { LONGEST = 64 };
    char one[LONGEST], other[LONGEST];
    size_t rows = array->shape[0];
    if (rows == 0 || !text_read(array, 0, one, sizeof one))
        return false;
    for (size_t i = 1; i < rows; i++) {
        if (!text_read(array, i, other, sizeof other))
            return false;
        if (strcmp(one, other) == 0)
            continue;
        const char *prefix = array->type[1] == 'S' ? "b" : "";
        snprintf(text, size, "(y == %s'%s').astype('<f8')", prefix,
                 strcmp(one, other) < 0 ? other : one);
        return true;
    }
    return false;
}

char *npy_type_advice(const struct npy_array *array, bool labels, char *text, size_t size)
{
    char kind = strcmp(array->type, "records") == 0 ? RECORDS : array->type[1];
    const char *advice = labels ? "y.astype('<f8')" : "X.astype('<f8')";
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].kind == kind)
            advice = labels ? advices[i].labels : advices[i].features;
    bool texts = kind == 'U' || kind == 'S';
    if (!labels || !texts || !advise_texts(array, text, size))
        snprintf(text, size, "%s", advice);
    return text;
}
