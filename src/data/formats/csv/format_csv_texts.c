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
    uint64_t first, last; /* as of struct ends */
    uint32_t length, column, number;
    bool quoted; /* it was met in quotes only, where "NA" is no mark */
};

/* --- Values -------------------------------------------------------------------------------- */

static double value_of(uint32_t payload)
{
    double value;
    uint64_t bits = CSV_QUIET | payload;
    memcpy(&value, &bits, sizeof value);
    return value;
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

/* --- Texts met lately ---------------------------------------------------------------------- */

/* The first eight bytes of a text and, where it has more, its last eight: all of it up to 16. */
struct ends {
    uint64_t first, last;
    size_t length;
};

static struct ends ends_of(const char *text, size_t length)
{
    char head[WORD_BYTES] = {0};
    memcpy(head, text, length < sizeof head ? length : sizeof head);
    bool longer = length > WORD_BYTES;
    return (struct ends){word_load(head), longer ? word_load(text + length - WORD_BYTES) : 0,
                         length};
}

/* The same where a word may be read from where the text begins. */
static inline struct ends ends_in_words(const char *text, size_t length)
{
    bool longer = length > WORD_BYTES;
    return (struct ends){word_head(word_load(text), length),
                         longer ? word_load(text + length - WORD_BYTES) : 0, length};
}

/* Where in the cache a text would be. */
static inline struct csv_recent *recent_of(const struct csv_texts *texts, struct ends ends,
                                           size_t c)
{
    static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = (ends.first ^ (ends.last >> 32 | ends.last << 32)) + 31 * c;
    return &texts->cache[(mixed * odd) >> (64 - CACHE_BITS)];
}

/* Are texts that begin and end alike the same? Out of line, for few are so long. */
static __attribute__((noinline)) bool is_same(const char *a, const char *b, size_t length)
{
    return memcmp(a, b, length) == 0;
}

static inline bool is_recent(const struct csv_recent *recent, const char *text, struct ends ends,
                             size_t c)
{
    return recent->column == c && recent->length == ends.length && recent->first == ends.first &&
           recent->last == ends.last && recent->text != NULL &&
           (ends.length <= (size_t)2 * WORD_BYTES || is_same(recent->text, text, ends.length));
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
    struct ends ends = ends_of(field->text, field->length);
    struct csv_recent *recent = recent_of(texts, ends, c);
    if (!is_recent(recent, field->text, ends, c))
        *recent = (struct csv_recent){field->text,  ends.first,
                                      ends.last,    (uint32_t)field->length,
                                      (uint32_t)c,  text_add(layout, texts, field, c),
                                      field->quoted};
    recent->quoted = recent->quoted && field->quoted;
    return value_of(recent->number + 1);
}

/* The same for a cell whose text of that length was read, in quotes or not. */
static inline bool text_again(const struct csv_texts *texts, const char *text, size_t length,
                              size_t c, bool quoted, double *value)
{
    struct ends ends = ends_in_words(text, length);
    const struct csv_recent *recent = recent_of(texts, ends, c);
    if (!is_recent(recent, text, ends, c) || (recent->quoted && !quoted))
        return false;
    texts->tally[c].texts++;
    *value = value_of(recent->number + 1);
    return true;
}

static __attribute__((noinline)) const char *quoted_again(const struct csv_layout *layout,
                                                          const struct block *block,
                                                          const char *text, size_t c, double *value)
{
    const char *end = csv_field_end(text, block->end, '"');
    return *end == '"' && csv_ends_field(end[1], layout->delimiter) &&
                   text_again(block->texts, text, (size_t)(end - text), c, true, value)
               ? end + 1
               : NULL;
}

/* What is kept has no blanks around it, no quote before it and no CR in it, so that a field that
 * has is none of them, and a doubled quote ends no field. */
const char *csv_text_again(const struct csv_layout *layout, const struct block *block,
                           const char *p, size_t c, double *value)
{
    const struct csv_texts *texts = block->texts;
    if (texts == NULL || texts->cache == NULL || block->end - p <= WORD_BYTES ||
        __atomic_load_n(&layout->full[c], __ATOMIC_RELAXED) != 0)
        return NULL;
    if (*p == '"')
        return quoted_again(layout, block, p + 1, c, value);
    const char *end = csv_field_end(p, block->end, layout->delimiter);
    return text_again(texts, p, (size_t)(end - p), c, false, value) ? end : NULL;
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
