/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a row of a LIBSVM file. The parser only knows that it could not go on at some
 * field; here, once in a program's life, the row is read again with all the time in the world.
 */
#include "data/formats/libsvm/format_libsvm.h"

#include "data/formats/blocks.h"
#include "data/formats/number_parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 40,        /* bytes of an offending text that are quoted */
    INDEX_DIGITS = 10, /* of the largest index */
};

/* A field, cut where its text is too long to be quoted. */
struct libsvm_field {
    const char *text;
    size_t length;
    int shown;
};

static struct libsvm_field field_make(const char *begin, const char *end)
{
    size_t length = (size_t)(end - begin);
    return (struct libsvm_field){begin, length, (int)(length < SHOWN ? length : SHOWN)};
}

static const char *line_begin(const struct libsvm_text *text, const char *at)
{
    const char *before = memrchr(text->begin, '\n', (size_t)(at - text->begin));
    return before != NULL ? before + 1 : text->begin;
}

static bool text_error(const struct libsvm_text *text, const char *at, const char *message,
                       struct error *error)
{
    const char *line = line_begin(text, at);
    struct place place = {text->path, blocks_count_lines(text->begin, at) + 1,
                          (size_t)(at - line) + 1};
    return error_at(error, place, line, "%s", message);
}

/* Why this text is no number that can be used; `what`: "label", "value". */
static void number_describe(struct libsvm_field field, const char *what, char *message, size_t size)
{
    double value;
    if (number_not_finite(field.text, field.length))
        snprintf(message, size, "the %s '%.*s' is not a finite number", what, field.shown,
                 field.text);
    else if (number_parse_whole(field.text, field.length, &value))
        snprintf(message, size, "the %s '%.*s' is too large for a double (1.8e308 at most)", what,
                 field.shown, field.text);
    else
        snprintf(message, size, "the %s '%.*s' is not a number; labels and values must be numbers",
                 what, field.shown, field.text);
}

static void label_describe(struct libsvm_field field, char *message, size_t size)
{
    if (memchr(field.text, ':', field.length) != NULL)
        snprintf(message, size,
                 "the label is missing before '%.*s'; put it there, or read the file without "
                 "labels: --label none",
                 field.shown, field.text);
    else if (memchr(field.text, ',', field.length) != NULL)
        snprintf(message, size,
                 "'%.*s' looks like several labels; a row has one, which is one of two classes; if "
                 "this is CSV: --format csv (format: csv)",
                 field.shown, field.text);
    else
        number_describe(field, "label", message, size);
}

/* The index given before the field at `at` in its row, or UINT64_MAX: none. */
static uint64_t index_before(const struct libsvm_text *text, const char *at)
{
    uint64_t index = UINT64_MAX;
    const char *p = line_begin(text, at);
    while (p < at) {
        const char *end = libsvm_field_end(text, p);
        if (memchr(p, ':', (size_t)(end - p)) != NULL && *p >= '0' && *p <= '9')
            index = strtoull(p, NULL, 10);
        p = end + 1;
    }
    return index;
}

/* What is wrong with an index, or false: nothing. */
static bool index_describe(const struct libsvm_text *text, struct libsvm_field field,
                           uint64_t before, char *message, size_t size)
{
    uint64_t index = strtoull(field.text, NULL, 10); /* the largest of all when it is too large */
    if (index == 0 && text->first_index == 1)
        snprintf(message, size,
                 "index 0: indices count from 1; for a file where they count from 0, say "
                 "--first-index 0 (in a sweep file, first_index: 0 beside file)");
    else if (index > text->last_index && text->features > 0)
        snprintf(message, size, "index %.*s is beyond the %zu features that %s", field.shown,
                 field.text, text->features, text->for_model ? "the model has" : "were asked for");
    else if (index > text->last_index || field.length > INDEX_DIGITS)
        snprintf(message, size, "index %.*s is too large; %" PRIu64 " is the most", field.shown,
                 field.text, text->last_index);
    else if (before != UINT64_MAX && index == before)
        snprintf(message, size, "index %" PRIu64 " is given twice in this row; give it once",
                 index);
    else if (before != UINT64_MAX && index < before)
        snprintf(message, size,
                 "index %" PRIu64 " after index %" PRIu64
                 "; indices must ascend within a row: sort them",
                 index, before);
    else
        return false;
    return true;
}

static void feature_describe(const struct libsvm_text *text, struct libsvm_field field,
                             uint64_t before, char *message, size_t size)
{
    const char *colon = memchr(field.text, ':', field.length);
    if (colon == NULL) {
        snprintf(message, size,
                 "'%.*s' has no colon; behind the label a row has features, INDEX:VALUE",
                 field.shown, field.text);
        return;
    }
    struct libsvm_field index = field_make(field.text, colon);
    struct libsvm_field value = field_make(colon + 1, field.text + field.length);
    if (index.length == 3 && memcmp(index.text, "qid", 3) == 0)
        snprintf(
            message, size,
            "'%.*s' names a query, for ranking, where the rows of one query are compared; here "
            "each row is classified by itself: if the labels are two classes, take qid out: "
            "sed 's/ qid:[^ ]*//' < FILE > OUT",
            field.shown, field.text);
    else if (index.length == 0 || strspn(index.text, "0123456789") != index.length)
        snprintf(message, size,
                 "'%.*s' in '%.*s' is not an index; an index is a whole number from %" PRIu64,
                 index.shown, index.text, field.shown, field.text, text->first_index);
    else if (index_describe(text, index, before, message, size))
        return;
    else if (value.length == 0)
        snprintf(message, size, "the value is missing behind '%.*s'; no blank may stand there",
                 field.shown, field.text);
    else
        number_describe(value, "value", message, size);
}

bool libsvm_fault_field(const struct libsvm_text *text, const char *at, struct error *error)
{
    char message[512];
    struct libsvm_field field = field_make(at, libsvm_field_end(text, at));
    const char *nul = memchr(at, '\0', field.length);
    if (nul != NULL)
        return text_error(text, nul, "a NUL byte: this is not a text file", error);
    const char *first = line_begin(text, at);
    while (libsvm_blank(*first))
        first++;
    if (at == first && text->labelled)
        label_describe(field, message, sizeof message);
    else
        feature_describe(text, field, index_before(text, at), message, sizeof message);
    return text_error(text, at, message, error);
}

bool libsvm_fault_classes(const struct libsvm_text *text, const struct labels *labels,
                          struct error *error)
{
    struct libsvm_field names[LABELS_KEPT];
    for (size_t i = 0; i < LABELS_KEPT; i++)
        names[i] = field_make(labels->kept[i].text, labels->kept[i].text + labels->kept[i].length);
    char message[512];
    snprintf(message, sizeof message,
             "a third class: '%.*s', after '%.*s' and '%.*s'; two classes are needed, or none "
             "(--label none)",
             names[2].shown, names[2].text, names[0].shown, names[0].text, names[1].shown,
             names[1].text);
    return text_error(text, names[2].text, message, error);
}
