/* SPDX-License-Identifier: MIT
 *
 * The header of an .npy file, read by what it may contain rather than as Python, and its numbers.
 */
#include "data/formats/npy/npy_array.h"

#include "base/memory.h"
#include "data/formats/signature.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_MOST = 1 << 16 }; /* bytes; NumPy itself takes 10000 unless told otherwise */

static const char magic[] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};

/* --- The header ------------------------------------------------------------------------------ */

static const char *blanks_skip(const char *p)
{
    return p + strspn(p, " \t\n");
}

/* Reads a quoted text at `p`, cut to `size`. Returns what follows it, or NULL. */
static const char *text_read(const char *p, char *text, size_t size)
{
    char quote = *p;
    if (quote != '\'' && quote != '"')
        return NULL;
    const char *end = strchr(p + 1, quote);
    if (end == NULL)
        return NULL;
    size_t length = (size_t)(end - p - 1);
    length = length < size - 1 ? length : size - 1;
    memcpy(text, p + 1, length);
    text[length] = '\0';
    return end + 1;
}

/* Reads "(100, 2)", or "(100L, 2L)" as Python 2 wrote it. Dimensions beyond NPY_DIMENSIONS are
 * counted only. */
static const char *shape_read(const char *p, struct npy_array *array)
{
    array->dimensions = 0;
    array->shape[0] = array->shape[1] = 1;
    if (*p != '(')
        return NULL;
    for (p = blanks_skip(p + 1); *p != ')'; p = blanks_skip(p)) {
        if (*p < '0' || *p > '9')
            return NULL;
        char *end;
        size_t length = strtoull(p, &end, 10);
        if (array->dimensions < NPY_DIMENSIONS)
            array->shape[array->dimensions] = length;
        array->dimensions++;
        p = blanks_skip(*end == 'L' ? end + 1 : end);
        if (*p == ',')
            p++;
        else if (*p != ')')
            return NULL;
    }
    return p + 1;
}

/* Reads the value of a key. An array of records has a list as its type, which is called so. */
static const char *entry_read(const char *p, const char *key, struct npy_array *array)
{
    if (strcmp(key, "shape") == 0)
        return shape_read(p, array);
    if (strcmp(key, "fortran_order") == 0) {
        array->fortran_order = strncmp(p, "True", 4) == 0;
        return array->fortran_order ? p + 4 : strncmp(p, "False", 5) == 0 ? p + 5 : NULL;
    }
    if (strcmp(key, "descr") != 0)
        return NULL;
    if (*p != '[')
        return text_read(p, array->type, sizeof array->type);
    memcpy(array->type, "records", sizeof "records");
    const char *end = strrchr(p, ']');
    return end != NULL ? end + 1 : NULL;
}

/* Reads the dictionary; false when it is none, or lacks a key. */
static bool dictionary_read(const char *p, struct npy_array *array)
{
    p = blanks_skip(p);
    if (*p != '{')
        return false;
    int entries = 0;
    for (p = blanks_skip(p + 1); *p != '}'; p = blanks_skip(p)) {
        char key[NPY_TYPE];
        p = text_read(p, key, sizeof key);
        if (p == NULL || *(p = blanks_skip(p)) != ':')
            return false;
        p = entry_read(blanks_skip(p + 1), key, array);
        if (p == NULL)
            return false;
        entries++;
        p = blanks_skip(p);
        if (*p == ',')
            p++;
        else if (*p != '}')
            return false;
    }
    return entries == 3 && array->type[0] != '\0' && array->dimensions >= 0;
}

/* Where the header begins and how long it is; false when the file is too short for it. */
static bool header_find(const struct input *input, size_t *begin, size_t *length)
{
    const unsigned char *bytes = (const unsigned char *)input->bytes;
    size_t width = bytes[6] == 1 ? 2 : 4;
    *begin = 8 + width;
    *length = 0;
    if (input->size < *begin)
        return false;
    for (size_t i = 0; i < width; i++)
        *length |= (size_t)bytes[8 + i] << (8 * i);
    return *length <= input->size - *begin;
}

static bool magic_check(const struct input *input, struct error *error)
{
    bool is_array = input->size >= 8 && memcmp(input->bytes, magic, sizeof magic) == 0;
    const struct signature *kind = is_array ? NULL : signature_find(input->bytes, input->size);
    if (kind != NULL)
        return error_usage(error, "%s: this is %s; %s", input->path, kind->what, kind->remedy);
    if (!is_array)
        return error_usage(error, "%s: this is not a .npy file; np.save('X.npy', X) makes one",
                           input->path);
    int version = (unsigned char)input->bytes[6];
    return (version >= 1 && version <= 3) ||
           error_usage(error, "%s: version %d of the .npy format is unknown; 1 to 3 are read",
                       input->path, version);
}

bool npy_array_open(struct npy_array *array, const struct input *input, struct error *error)
{
    *array = (struct npy_array){.path = input->path, .dimensions = -1};
    if (!magic_check(input, error))
        return false;
    size_t begin, length;
    if (!header_find(input, &begin, &length))
        return error_usage(error, "%s: the file ends within its header; copy it again",
                           input->path);
    bool sound = length <= HEADER_MOST;
    if (sound) {
        char *header = memory_allocate(length + 1, 1);
        memcpy(header, input->bytes + begin, length);
        sound = dictionary_read(header, array);
        memory_free(header);
    }
    if (!sound)
        return error_usage(error,
                           "%s: the header of this .npy file cannot be read; expected {'descr': "
                           "..., 'fortran_order': ..., 'shape': ...}",
                           input->path);
    array->values = input->bytes + begin + length;
    array->bytes = input->size - begin - length;
    return true;
}

bool npy_array_check_type(struct npy_array *array, bool labels, struct error *error)
{
    char advice[256];
    array->number = npy_type_find(array->type, &array->swapped);
    return array->number != NULL ||
           error_usage(error, "%s: %s of type '%s' cannot be used; save %s", array->path,
                       labels ? "labels" : "features", array->type,
                       npy_array_advice(array, labels, advice, sizeof advice));
}

bool npy_array_check_size(const struct npy_array *array, struct error *error)
{
    double numbers = (double)array->shape[0] * (double)array->shape[1];
    double bytes = numbers * (double)array->number->size;
    if (bytes > (double)array->bytes)
        return error_usage(error,
                           "%s: the file is cut off: its numbers take %.0f bytes, and %zu are "
                           "there; copy or save it again",
                           array->path, bytes, array->bytes);
    return bytes == (double)array->bytes ||
           error_usage(error,
                       "%s: %zu bytes follow the array of %.0f bytes; save one array per file",
                       array->path, array->bytes - (size_t)bytes, bytes);
}

const char *npy_array_number(const struct npy_array *array, size_t i,
                             char copy[static NPY_SIZE_MOST])
{
    size_t size = array->number->size;
    const char *number = array->values + i * size;
    if (!array->swapped)
        return number;
    for (size_t k = 0; k < size && k < NPY_SIZE_MOST; k++)
        copy[k] = number[size - 1 - k];
    return copy;
}
