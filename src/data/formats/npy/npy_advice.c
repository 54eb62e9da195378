/* SPDX-License-Identifier: MIT
 *
 * What to do about an array whose numbers cannot be used.
 */
#include "data/formats/npy/npy_array.h"

#include <stdio.h>
#include <string.h>

enum { RECORDS = 'r' }; /* a kind of our own: of a header with a list as its type */

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

char *npy_array_advice(const struct npy_array *array, bool labels, char *text, size_t size)
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
