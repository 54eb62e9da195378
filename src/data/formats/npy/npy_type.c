/* SPDX-License-Identifier: MIT
 *
 * Numbers as they lie in files, to doubles. All but integers of 64 bits are doubles exactly.
 *
 * What NumPy cannot convert with astype() needs other advice: texts that are labels are compared
 * with one of them, which is read from the array, so that the advice can be followed as it stands.
 */
#include "data/formats/npy/npy_type.h"

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
