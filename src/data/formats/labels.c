/* SPDX-License-Identifier: MIT
 *
 * Labels repeat: nearly every row has one of two spellings that were seen before. These are
 * compared as bytes; only a new spelling is read as a number, or as a text in its encoding.
 */
#include "data/formats/labels.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/number_parse.h"

#include <math.h>
#include <string.h>

static const double exact_below = 0x1p53; /* whole numbers are doubles */

/* < 0, 0 or > 0, in the order of code points of what the texts mean, however they are encoded and
 * quotes in them are written: the same classes, in the same order, once the file is UTF-8. */
static int label_compare(const struct label *a, const struct label *b)
{
    char *x = text_from_csv(a->text, a->length), *y = text_from_csv(b->text, b->length);
    int order = strcmp(x, y);
    memory_free(x);
    memory_free(y);
    return order;
}

/* Compares two labels that are numbers. */
static int label_compare_numbers(const struct label *a, const struct label *b)
{
    if (a->number != b->number || fabs(a->number) < exact_below)
        return (a->number > b->number) - (a->number < b->number);
    return number_compare(a->text, a->length, b->text, b->length);
}

static bool label_equal(const struct label *a, const struct label *b)
{
    if (a->is_number && b->is_number)
        return label_compare_numbers(a, b) == 0;
    return label_compare(a, b) == 0;
}

static void spelling_add(struct labels *labels, const struct label *label, int index)
{
    if (labels->spelling_count == LABELS_SPELLINGS)
        return;
    size_t i = labels->spelling_count++;
    labels->spellings[i].text = label->text;
    labels->spellings[i].length = label->length;
    labels->spellings[i].index = index;
}

/* The index of a label, which becomes the last when it is new and there is room. */
static int label_add(struct labels *labels, const struct label *label)
{
    size_t i = 0;
    while (i < labels->count && !label_equal(&labels->kept[i], label))
        i++;
    if (i == labels->count && i < LABELS_KEPT)
        labels->kept[labels->count++] = *label;
    return i < LABELS_KEPT ? (int)i : LABELS_KEPT - 1;
}

int labels_again(const struct labels *labels, const char *text, size_t length)
{
    for (size_t i = 0; i < labels->spelling_count; i++)
        if (labels->spellings[i].length == length &&
            memcmp(labels->spellings[i].text, text, length) == 0)
            return labels->spellings[i].index;
    return -1;
}

int labels_index(struct labels *labels, const char *text, size_t length, size_t row)
{
    int again = labels_again(labels, text, length);
    if (again >= 0)
        return again;
    struct label label = {.text = text, .length = length, .row = row};
    label.is_number = number_parse_whole(text, length, &label.number);
    if (length == 0 || number_not_finite(text, length) ||
        (label.is_number && !isfinite(label.number)))
        return -1;
    int index = label_add(labels, &label);
    spelling_add(labels, &label, index);
    return index;
}

void labels_merge(struct labels *labels, const struct labels *later, int translation[LABELS_KEPT])
{
    for (size_t i = 0; i < later->count; i++)
        translation[i] = label_add(labels, &later->kept[i]);
}

static bool label_before(const struct label *a, const struct label *b)
{
    if (a->is_number && b->is_number)
        return label_compare_numbers(a, b) < 0;
    return label_compare(a, b) < 0;
}

int labels_first(const struct labels *labels)
{
    return label_before(&labels->kept[0], &labels->kept[1]) ? 0 : 1;
}

static struct label label_of_name(const char *name)
{
    struct label label = {.text = name, .length = strlen(name)};
    label.is_number = number_parse_whole(name, label.length, &label.number);
    return label;
}

bool labels_same(const char *a, const char *b)
{
    struct label x = label_of_name(a), y = label_of_name(b);
    return strcmp(a, b) == 0 || (x.is_number && y.is_number && label_compare_numbers(&x, &y) == 0);
}

bool labels_name_is_number(const char *name, double *number)
{
    *number = 0.0;
    return name == NULL || (number_parse_whole(name, strlen(name), number) && isfinite(*number));
}
