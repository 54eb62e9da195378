/* SPDX-License-Identifier: MIT
 *
 * Loads sources over the ranks that mpirun started, and tells what each of them has:
 *
 *     ranks_data SOURCE [-- SOURCE ...]             a SOURCE is OPERAND [ATTRIBUTE=VALUE ...]
 *     ranks_data twin=4 SOURCE [-- SOURCE ...]
 *
 * The twin is one process that reads the whole set as ever, and cuts it as so many ranks should:
 * both must print the same. Errors are printed as well, and that of all ranks must be one.
 */
#include "base/memory.h"
#include "base/text.h"
#include "data/preparation/scaling.h"
#include "data/share.h"
#include "data/sources/attributes.h"
#include "data/sources/source_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The digest of rows as numbers, however they are stored. */
static void rows_digest(const struct dataset *data, size_t begin, size_t end,
                        char text[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    for (size_t i = begin; i < end; i++) {
        const struct sample x = dataset_sample(data, i);
        digest_add(digest, &x.count, sizeof x.count);
        for (size_t t = 0; t < x.count; t++) {
            const double value = sample_value(&x, t);
            digest_add(digest, &value, sizeof value);
        }
        if (x.columns != NULL)
            digest_add(digest, x.columns, x.count * sizeof *x.columns);
        if (data->y != NULL)
            digest_add(digest, &data->y[i], sizeof *data->y);
    }
    digest_finish(digest, text);
}

static void scaling_digest(const struct scaling *scaling, char text[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    if (scaling != NULL && scaling->offset != NULL)
        digest_add(digest, scaling->offset, scaling->features * sizeof(double));
    if (scaling != NULL && scaling->factor != NULL)
        digest_add(digest, scaling->factor, scaling->features * sizeof(double));
    digest_finish(digest, text);
}

/* What all ranks must agree on. Free with free(). */
static char *facts_of(const struct dataset *data)
{
    char *facts = NULL, scaling[DIGEST_TEXT], names[2][DATASET_NAME];
    size_t size;
    FILE *text = open_memstream(&facts, &size);
    scaling_digest(data->scaling, scaling);
    fprintf(text, "%s: digest %s, rows %zu, features %zu, entries %zu, %s\n", data->name,
            data->digest, dataset_samples(data), data->features, dataset_whole_entries(data),
            dataset_is_sparse(data) ? "sparse" : "dense");
    fprintf(text, "classes '%s' '%s', weights %.17g %.17g, scale %s, features from '%s' to '%s'\n",
            data->class_names[0] != NULL ? data->class_names[0] : "",
            data->class_names[1] != NULL ? data->class_names[1] : "", data->class_weights[0],
            data->class_weights[1], scaling, dataset_feature_name(data, 0, names[0]),
            dataset_feature_name(data, data->features - 1, names[1]));
    fclose(text);
    return facts;
}

struct rank_facts {
    size_t first, rows;
    char rows_digest[DIGEST_TEXT], facts_digest[DIGEST_TEXT];
};

static void rank_print(int rank, const struct rank_facts *facts)
{
    printf("rank %d: first %zu, rows %zu, %s\n", rank, facts->first, facts->rows,
           facts->rows_digest);
}

static void set_print(const struct dataset *data, int twins)
{
    char *facts = facts_of(data);
    int ranks = ranks_count(data->ranks);
    struct rank_facts mine = {.first = data->first_row, .rows = data->rows};
    struct rank_facts *all = memory_allocate((size_t)ranks, sizeof *all);
    rows_digest(data, 0, data->rows, mine.rows_digest);
    digest_of_text(facts, mine.facts_digest);
    ranks_allgather(data->ranks, &mine, sizeof mine, all);
    fputs(facts, stdout);
    for (int rank = 0; rank < ranks && twins == 0; rank++) {
        rank_print(rank, &all[rank]);
        if (strcmp(all[rank].facts_digest, mine.facts_digest) != 0)
            printf("rank %d knows something else\n", rank);
    }
    for (int rank = 0; rank < twins; rank++) {
        size_t begin = share_begin(data->rows, rank, twins);
        size_t end = share_begin(data->rows, rank + 1, twins);
        struct rank_facts twin = {.first = begin, .rows = end - begin};
        rows_digest(data, begin, end, twin.rows_digest);
        rank_print(rank, &twin);
    }
    memory_free(all);
    free(facts);
}

static void error_print(const struct ranks *ranks, const struct error *error)
{
    int count = ranks_count(ranks);
    char mine[DIGEST_TEXT];
    char(*all)[DIGEST_TEXT] = memory_allocate((size_t)count, sizeof *all);
    digest_of_text(error->message, mine);
    ranks_allgather(ranks, mine, sizeof mine, all);
    printf("error: %s\n", error->message);
    for (int rank = 0; rank < count; rank++)
        if (strcmp(all[rank], mine) != 0)
            printf("rank %d has another error\n", rank);
    memory_free(all);
}

/* The source of an operand and attributes; ends the program when they are wrong. Returns what
 * follows them. */
static char **source_read_words(char **words, struct source *source)
{
    struct error error = {.kind = ERROR_NONE};
    char reason[512] = "no such attribute";
    if (!source_parse(source, *words, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(ERROR_USAGE);
    }
    while (*++words != NULL && strcmp(*words, "--") != 0) {
        char *value = strchr(*words, '=');
        const struct source_attribute *attribute = NULL;
        if (value != NULL) {
            *value++ = '\0';
            attribute = source_attribute_find(*words);
        }
        if (attribute == NULL ||
            !source_attribute_set(attribute, source, value, reason, sizeof reason)) {
            fprintf(stderr, "%s: %s\n", *words, reason);
            exit(ERROR_USAGE);
        }
    }
    return *words != NULL ? words + 1 : words;
}

static void load_and_print(const struct source *source, int twins)
{
    struct error error = {.kind = ERROR_NONE};
    char *description = source_describe(source);
    struct dataset *data = source_load(source, false, 2, &error);
    printf("--- %s\n", description);
    memory_free(description);
    if (data == NULL) {
        error_print(source->ranks, &error);
        return;
    }
    set_print(data, twins);
    if (data->heldout != NULL)
        set_print(data->heldout, twins);
    dataset_free(data);
}

int main(int argc, char **argv)
{
    int64_t twins = 0;
    struct ranks *world = NULL;
    struct error error = {.kind = ERROR_NONE};
    char **words = argv + 1;
    if (argc > 1 && strncmp(argv[1], "twin=", 5) == 0 && text_to_integer(argv[1] + 5, &twins))
        words++;
    if (twins == 0)
        world = ranks_open(&error);
    while (*words != NULL) {
        struct source source;
        words = source_read_words(words, &source);
        source.ranks = world;
        load_and_print(&source, (int)twins);
        source_clear(&source);
    }
    ranks_close(world);
    return (int)error.kind;
}
