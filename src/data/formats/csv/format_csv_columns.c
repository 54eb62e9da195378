/* SPDX-License-Identifier: MIT
 *
 * From the cells of blocks to columns:
 *
 *   1. what blocks have counted is added up; a column that is mostly texts is a category, and where
 *      blocks have read numbers in it, these are read again as texts;
 *   2. the texts of all blocks become one list a column, ascending by the bytes of their UTF-8, so
 *      that codes depend neither on blocks nor on threads nor on the order of rows;
 *   3. each column gets its kind, and what cannot be used is refused, all columns at once;
 *   4. the NaN of texts become codes.
 *
 * Columns of numbers are not touched, and a file that has nothing else passes through here with a
 * glance at each block.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Counting ------------------------------------------------------------------------------ */

/* The feature that column c is; the label's is passed over by those who ask. */
static size_t feature_of(const struct csv_layout *layout, size_t c)
{
    return layout->targets != NULL ? layout->targets[c] : c - (c > layout->label);
}

static void cells_add(struct csv_column *column, const struct csv_tally *tally)
{
    column->texts += tally->texts;
    column->missing += tally->missing;
}

/* Adds up what all blocks have met. Free with columns_clear(). */
static struct csv_columns columns_count(const struct csv_layout *layout, const struct share *share,
                                        struct block *blocks, size_t count,
                                        const struct dataset *data)
{
    struct csv_columns all = {layout, share, blocks, count, data, 0, NULL};
    all.columns = memory_allocate(layout->columns, sizeof *all.columns);
    for (size_t c = 0; c < layout->columns; c++) {
        struct csv_column column = {.c = c, .rows = data->rows};
        if (c == layout->label)
            continue;
        column.feature = feature_of(layout, c);
        column.full = layout->full[c] != 0;
        column.asked = layout->categories != NULL && layout->categories[c] != 0;
        all.columns[all.count++] = column;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all.count && blocks[i].texts != NULL; k++)
            cells_add(&all.columns[k], &blocks[i].texts->tally[all.columns[k].c]);
    for (size_t k = 0; k < all.count; k++)
        all.columns[k].numbers = data->rows - all.columns[k].texts - all.columns[k].missing;
    return all;
}

static void values_clear(struct csv_column *column)
{
    for (size_t i = 0; column->values != NULL && i < column->distinct; i++)
        memory_free(column->values[i]);
    memory_free(column->values);
    column->values = NULL;
}

static void columns_clear(struct csv_columns *all)
{
    for (size_t k = 0; k < all->count; k++)
        values_clear(&all->columns[k]);
    memory_free(all->columns);
}

/* Is there anything but complete numbers, and columns that are to hold such? */
static bool holds_more(const struct csv_columns *all)
{
    bool more = false;
    for (size_t k = 0; k < all->count; k++) {
        const struct csv_column *column = &all->columns[k];
        more = more || column->texts > 0 || column->missing > 0 || column->asked;
    }
    return more;
}

/* --- Numbers that are categories ---------------------------------------------------------------
 */

/* Is the column a category because most of its values are texts? A model knows better. */
static bool is_mostly_texts(const struct csv_layout *layout, const struct csv_column *column)
{
    return layout->wanted == NULL && column->numbers > 0 && column->texts > column->numbers;
}

/* Reads the numbers in a row again as texts, in columns that are marked (columns). */
static const char *row_read_again(const struct csv_layout *layout, struct block *block,
                                  const char *p, const bool *marked, double *x)
{
    size_t c = 0;
    for (size_t place = 0; place < layout->width; place++) {
        struct csv_field field;
        const char *end = csv_field_read(p, layout->delimiter, &field);
        if (c < layout->columns && csv_place(layout, c) == place) {
            double *value = marked[c] ? &x[feature_of(layout, c)] : NULL;
            if (value != NULL && !isnan(*value))
                *value = csv_text_keep(layout, block, &field, c);
            c++;
        }
        p = end + 1;
    }
    return p;
}

/* Has the block numbers in a marked column? */
static bool has_numbers(const struct csv_layout *layout, const struct block *block,
                        const bool *marked)
{
    bool has = false;
    for (size_t c = 0; c < layout->columns; c++) {
        const struct csv_tally none = {0, 0, 0};
        const struct csv_tally *tally = block->texts != NULL ? &block->texts->tally[c] : &none;
        has = has || (marked[c] && (size_t)tally->texts + tally->missing < block->rows);
    }
    return has;
}

static void numbers_read_again(struct csv_columns *all, struct dataset *data, int threads)
{
    const struct csv_layout *layout = all->layout;
    bool *marked = memory_allocate(layout->columns, sizeof *marked), some = false;
    for (size_t k = 0; k < all->count; k++) {
        struct csv_column *column = &all->columns[k];
        if (!is_mostly_texts(layout, column))
            continue;
        marked[column->c] = some = true;
        column->texts += column->numbers;
        column->numbers = 0;
    }
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < all->block_count; i++) {
        struct block *block = &all->blocks[i];
        if (!some || !has_numbers(layout, block, marked))
            continue;
        const char *p = block->begin;
        for (size_t row = 0; row < block->rows; row++)
            p = row_read_again(layout, block, p, marked,
                               &data->X[(block->first_row + row) * data->features]);
        csv_texts_rest(block);
    }
    if (some)
        ranks_allreduce_or(all->share->ranks, layout->full, layout->columns);
    for (size_t k = 0; k < all->count; k++)
        all->columns[k].full = layout->full[all->columns[k].c] != 0;
    memory_free(marked);
}

/* --- Texts of the whole ------------------------------------------------------------------------
 */

/* The texts of all blocks. */
struct dictionary {
    struct lookup lookup;
    uint32_t *
        *numbers;    /* (blocks)(texts of the block) what each is in the whole; NULL: it has none */
    uint32_t *codes; /* (texts) in the ascending order of its column */
};

static struct dictionary dictionary_merge(const struct csv_columns *all)
{
    struct dictionary whole = {.numbers = memory_allocate(all->block_count, sizeof(uint32_t *))};
    char *key = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < all->block_count; i++) {
        const struct csv_texts *texts = all->blocks[i].texts;
        if (texts == NULL)
            continue;
        whole.numbers[i] = memory_allocate(texts->lookup.count, sizeof(uint32_t));
        for (size_t n = 0; n < texts->lookup.count; n++) {
            struct csv_kept kept = csv_text_kept(&texts->lookup, n);
            if (all->layout->full[kept.column] == 0)
                whole.numbers[i][n] = (uint32_t)csv_text_number(
                    &whole.lookup, &key, &capacity, kept.column, kept.text, kept.length);
        }
    }
    memory_free(key);
    csv_ranks_merge(all, &whole.lookup);
    whole.codes = memory_allocate(whole.lookup.count, sizeof *whole.codes);
    return whole;
}

static void dictionary_clear(struct dictionary *whole, const struct csv_columns *all)
{
    for (size_t i = 0; i < all->block_count; i++)
        memory_free(whole->numbers[i]);
    memory_free(whole->numbers);
    memory_free(whole->codes);
    lookup_clear(&whole->lookup);
}

/* A text in UTF-8, and its number in the dictionary. */
struct text {
    size_t column;
    char *value;
    size_t number;
};

static int text_compare(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return strcmp(x->value, y->value);
}

/* All texts by column and bytes; free the array and each value. */
static struct text *texts_sort(const struct dictionary *whole)
{
    struct text *texts = memory_allocate(whole->lookup.count, sizeof *texts);
    for (size_t n = 0; n < whole->lookup.count; n++) {
        struct csv_kept kept = csv_text_kept(&whole->lookup, n);
        texts[n] = (struct text){kept.column, text_from_csv(kept.text, kept.length), n};
    }
    if (whole->lookup.count > 0)
        qsort(texts, whole->lookup.count, sizeof *texts, text_compare);
    return texts;
}

/* Gives a column its values, from the texts (count) that are its own: spellings of one text, quoted
 * or in another encoding, are one value. */
static void values_give(struct csv_column *column, struct dictionary *whole, struct text *texts,
                        size_t count)
{
    column->values = memory_allocate(count, sizeof *column->values);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && strcmp(column->values[column->distinct - 1], texts[i].value) == 0;
        if (again)
            memory_free(texts[i].value);
        else
            column->values[column->distinct++] = texts[i].value;
        whole->codes[texts[i].number] = (uint32_t)column->distinct - 1;
    }
    column->full = column->distinct > (column->asked ? CSV_TEXTS_ASKED : CSV_TEXTS_MOST);
}

static void values_find(struct csv_columns *all, struct dictionary *whole)
{
    struct text *texts = texts_sort(whole);
    size_t count = whole->lookup.count, begin = 0;
    for (size_t k = 0; k < all->count; k++) {
        struct csv_column *column = &all->columns[k];
        size_t end = begin;
        while (end < count && texts[end].column == column->c)
            end++;
        if (column->full)
            column->distinct = csv_texts_most(all->layout, column->c) + 1;
        else if (column->texts > 0 || column->asked)
            values_give(column, whole, texts + begin, end - begin);
        begin = end;
    }
    memory_free(texts);
}

/* --- X --------------------------------------------------------------------------------------- */

/* Which features (count) are categories. */
static size_t *categories_list(const struct csv_columns *all, size_t *count)
{
    size_t *list = memory_allocate(all->count, sizeof *list);
    *count = 0;
    for (size_t k = 0; k < all->count; k++)
        if (all->columns[k].kind->category)
            list[(*count)++] = all->columns[k].feature;
    return list;
}

static void codes_write(const struct csv_columns *all, const struct dictionary *whole,
                        struct dataset *data, int threads)
{
    size_t count;
    size_t *list = categories_list(all, &count);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < all->block_count; i++) {
        const struct block *block = &all->blocks[i];
        for (size_t row = 0; row < block->rows && block->texts != NULL; row++) {
            double *x = &data->X[(block->first_row + row) * data->features];
            for (size_t k = 0; k < count; k++) {
                uint32_t number;
                if (csv_value_is_text(x[list[k]], &number))
                    x[list[k]] = whole->codes[whole->numbers[i][number]];
            }
        }
    }
    memory_free(list);
}

/* What the encoding is to know. The values go to the table. */
static void table_make(struct csv_columns *all, struct dataset *data)
{
    data->table = data_columns_create(data->features);
    for (size_t k = 0; k < all->count; k++) {
        struct csv_column *column = &all->columns[k];
        struct data_column *made = &data->table->columns[column->feature];
        made->missing = column->missing;
        if (data->feature_names != NULL)
            made->name = memory_copy_text(data->feature_names[column->feature]);
        if (!column->kind->category)
            continue;
        made->categories = column->values;
        made->count = column->distinct;
        column->values = NULL;
    }
}

/* --- All of it ---------------------------------------------------------------------------------
 */

static bool columns_decide(struct csv_columns *all, const struct source *source,
                           struct dictionary *whole, struct dataset *data, int threads,
                           struct error *error)
{
    values_find(all, whole);
    for (size_t k = 0; k < all->count; k++)
        all->columns[k].kind = csv_kind_of(all->layout, &all->columns[k]);
    if (source->told != NULL)
        csv_columns_tell(all, threads, source->told);
    if (!csv_kinds_check(all, error))
        return false;
    codes_write(all, whole, data, threads);
    table_make(all, data);
    return true;
}

bool csv_columns_finish(struct csv_layout *layout, const struct source *source,
                        struct block *blocks, size_t count, const struct share *share,
                        struct dataset *data, int threads, struct error *error)
{
    struct csv_columns all = columns_count(layout, share, blocks, count, data);
    unsigned char more = holds_more(&all);
    bool sound = true;
    ranks_allreduce_or(share->ranks, &more, 1);
    if (more != 0) {
        csv_ranks_count(&all);
        numbers_read_again(&all, data, threads);
        struct dictionary whole = dictionary_merge(&all);
        sound = columns_decide(&all, source, &whole, data, threads, error);
        dictionary_clear(&whole, &all);
        sound = share_agree(share->ranks, sound, error);
    }
    columns_clear(&all);
    return sound;
}
