/* SPDX-License-Identifier: MIT
 *
 * Keeping the texts of a block, and the marks of missing values.
 */
#include "data/formats/csv/format_csv_texts.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/number_parse.h"

#include <math.h>
#include <string.h>

enum { CACHE_BITS = 12, CACHE = 1 << CACHE_BITS };

/* A text that was met lately, where it stands in the file. */
struct csv_recent {
    const char *text;
    uint32_t length, column, number;
    bool quoted; /* it was met in quotes only, where "NA" is no mark */
};

static const uint64_t quiet = UINT64_C(0x7ff8000000000000);

/* --- Values -------------------------------------------------------------------------------- */

static double value_of(uint32_t payload)
{
    double value;
    uint64_t bits = quiet | payload;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool csv_value_is_text(double value, uint32_t *number)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t payload = (uint32_t)bits;
    *number = payload == UINT32_MAX ? UINT32_MAX : payload - 1;
    return (bits & ~(uint64_t)UINT32_MAX) == quiet && payload != 0;
}

/* --- Texts --------------------------------------------------------------------------------- */

size_t csv_text_number(struct lookup *lookup, char **key, size_t *capacity, size_t c,
                       const char *text, size_t length)
{
    uint32_t column = (uint32_t)c;
    *key = memory_grow(*key, capacity, sizeof column + length, 1);
    memcpy(*key, &column, sizeof column);
    memcpy(*key + sizeof column, text, length);
    return lookup_number(lookup, *key, sizeof column + length);
}

struct csv_kept csv_text_kept(const struct lookup *lookup, size_t number)
{
    uint32_t column;
    const struct lookup_key *key = &lookup->keys[number];
    memcpy(&column, lookup->text + key->at, sizeof column);
    return (struct csv_kept){column, lookup->text + key->at + sizeof column,
                             key->bytes - sizeof column};
}

size_t csv_texts_most(const struct csv_layout *layout, size_t c)
{
    return layout->categories != NULL && layout->categories[c] != 0 ? CSV_TEXTS_ASKED
                                                                    : CSV_TEXTS_MOST;
}

struct csv_texts *csv_texts_of(const struct csv_layout *layout, struct block *block)
{
    struct csv_texts *texts = block->texts;
    if (texts != NULL)
        return texts;
    texts = memory_allocate(1, sizeof *texts);
    texts->tally = memory_allocate(layout->columns, sizeof *texts->tally);
#pragma omp critical(csv_texts)
    {
        texts->next = *layout->texts;
        *layout->texts = texts;
    }
    block->texts = texts;
    return texts;
}

void csv_texts_rest(struct block *block)
{
    struct csv_texts *texts = block->texts;
    if (texts == NULL)
        return;
    memory_free(texts->cache);
    texts->cache = NULL;
}

void csv_texts_free(struct csv_layout *layout)
{
    struct csv_texts *texts = layout->texts != NULL ? *layout->texts : NULL;
    while (texts != NULL) {
        struct csv_texts *next = texts->next;
        lookup_clear(&texts->lookup);
        memory_free(texts->key);
        memory_free(texts->tally);
        memory_free(texts->cache);
        memory_free(texts);
        texts = next;
    }
    memory_free(layout->texts);
    layout->texts = NULL;
}

/* The first and the last bytes of a text, mixed. */
static uint64_t ends_mixed(const char *text, size_t length)
{
    static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    if (length >= sizeof(uint64_t)) {
        uint64_t first, last;
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + length - sizeof last, sizeof last);
        return (first ^ last >> 32) + last * odd;
    }
    if (length >= sizeof(uint32_t)) {
        uint32_t first, last;
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + length - sizeof last, sizeof last);
        return first | (uint64_t)last << 32;
    }
    uint64_t mixed = length;
    for (size_t i = 0; i < length; i++)
        mixed = mixed << 8 | (unsigned char)text[i];
    return mixed;
}

/* Where in the cache a text would be. */
static struct csv_recent *recent_of(struct csv_texts *texts, const char *text, size_t length,
                                    size_t c)
{
    static const uint64_t odd = UINT64_C(0xc2b2ae3d27d4eb4f);
    uint64_t mixed = ends_mixed(text, length) + 31 * c + length;
    return &texts->cache[((mixed ^ mixed >> 32) * odd) >> (64 - CACHE_BITS)];
}

static bool is_recent(const struct csv_recent *recent, const char *text, size_t length, size_t c)
{
    return recent->text != NULL && recent->column == c && recent->length == length &&
           memcmp(recent->text, text, length) == 0;
}

/* The number of a text that is not in the cache. When there are too many, all blocks stop keeping
 * those of the column: what it has is then known, and told without them. */
static uint32_t text_add(const struct csv_layout *layout, struct csv_texts *texts,
                         const struct csv_field *field, size_t c)
{
    size_t before = texts->lookup.count;
    size_t number = csv_text_number(&texts->lookup, &texts->key, &texts->key_capacity, c,
                                    field->text, field->length);
    if (texts->lookup.count > before && ++texts->tally[c].distinct > csv_texts_most(layout, c))
        __atomic_store_n(&layout->full[c], 1, __ATOMIC_RELAXED);
    return (uint32_t)number;
}

double csv_text_keep(const struct csv_layout *layout, struct block *block,
                     const struct csv_field *field, size_t c)
{
    struct csv_texts *texts = csv_texts_of(layout, block);
    texts->tally[c].texts++;
    if (__atomic_load_n(&layout->full[c], __ATOMIC_RELAXED) != 0)
        return value_of(UINT32_MAX);
    if (texts->cache == NULL)
        texts->cache = memory_allocate(CACHE, sizeof *texts->cache);
    struct csv_recent *recent = recent_of(texts, field->text, field->length, c);
    if (!is_recent(recent, field->text, field->length, c))
        *recent = (struct csv_recent){field->text, (uint32_t)field->length, (uint32_t)c,
                                      text_add(layout, texts, field, c), field->quoted};
    recent->quoted = recent->quoted && field->quoted;
    return value_of(recent->number + 1);
}

/* What is kept has no blanks around it, no quote before it and no CR in it, so that a field that
 * has is none of them, and a doubled quote ends no field. */
const char *csv_text_again(const struct csv_layout *layout, struct block *block, const char *p,
                           size_t c, double *value)
{
    struct csv_texts *texts = block->texts;
    if (texts == NULL || texts->cache == NULL ||
        __atomic_load_n(&layout->full[c], __ATOMIC_RELAXED) != 0)
        return NULL;
    bool quoted = *p == '"';
    char delimiter = quoted ? '"' : layout->delimiter;
    const char *text = p += quoted;
    while (!csv_ends_field(*p, delimiter))
        p++;
    size_t length = (size_t)(p - text);
    if (quoted && (*p != '"' || !csv_ends_field(*++p, layout->delimiter)))
        return NULL;
    const struct csv_recent *recent = recent_of(texts, text, length, c);
    if (!is_recent(recent, text, length, c) || (recent->quoted && !quoted))
        return NULL;
    texts->tally[c].texts++;
    *value = value_of(recent->number + 1);
    return p;
}

double csv_missing_keep(const struct csv_layout *layout, struct block *block, size_t c)
{
    csv_texts_of(layout, block)->tally[c].missing++;
    return value_of(0);
}

/* --- Marks of missing values --------------------------------------------------------------- */

void csv_tokens_read(struct csv_layout *layout, const char *text)
{
    if (text == NULL)
        return;
    layout->tokens_only = *text == '=';
    layout->tokens = memory_allocate(1, sizeof *layout->tokens);
    *layout->tokens = csv_list_parse(text + layout->tokens_only);
    layout->token_numbers = memory_allocate(layout->tokens->count, sizeof *layout->token_numbers);
    for (size_t i = 0; i < layout->tokens->count; i++) {
        const char *token = layout->tokens->items[i].text;
        double *number = &layout->token_numbers[layout->token_number_count];
        layout->token_number_count +=
            csv_number_read(layout, token, strlen(token), number) && isfinite(*number);
    }
}

bool csv_field_marked(const struct csv_layout *layout, const struct csv_field *field)
{
    if (field->length == 0 || (!layout->tokens_only && csv_field_missing(field)))
        return true;
    for (size_t i = 0; layout->tokens != NULL && i < layout->tokens->count; i++) {
        const char *token = layout->tokens->items[i].text;
        if (strlen(token) == field->length && memcmp(token, field->text, field->length) == 0)
            return true;
    }
    return false;
}
