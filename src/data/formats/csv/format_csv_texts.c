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

enum { CACHE = 1 << 10 };

/* A text that was met lately, where it stands in the file. */
struct csv_recent {
    const char *text;
    uint32_t length, column, number;
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

/* Where in the cache a text would be. */
static struct csv_recent *recent_of(struct csv_texts *texts, const struct csv_field *field,
                                    size_t c)
{
    if (texts->cache == NULL)
        texts->cache = memory_allocate(CACHE, sizeof *texts->cache);
    size_t length = field->length, hash = 31 * c + 7 * length;
    if (length > 0)
        hash += 5 * (size_t)(unsigned char)field->text[0] +
                131 * (size_t)(unsigned char)field->text[length - 1] +
                17 * (size_t)(unsigned char)field->text[length / 2];
    return &texts->cache[hash % CACHE];
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
    struct csv_recent *recent = recent_of(texts, field, c);
    if (recent->text == NULL || recent->column != c || recent->length != field->length ||
        memcmp(recent->text, field->text, field->length) != 0)
        *recent = (struct csv_recent){field->text, (uint32_t)field->length, (uint32_t)c,
                                      text_add(layout, texts, field, c)};
    return value_of(recent->number + 1);
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
