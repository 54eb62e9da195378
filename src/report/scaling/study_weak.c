/* SPDX-License-Identifier: MIT
 *
 * Rows a thread are those of the study with the fewest rows at its fewest threads. No sweep says
 * that it is about weak scaling: it is enough that such points are there.
 */
#include "report/scaling/study_weak.h"

#include "base/digest.h"
#include "base/lookup.h"
#include "base/memory.h"
#include "report/hosts.h"
#include "report/scaling/data_family.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Studies that differ in the rows and the hosts alone have one key. */
static void key_of(const struct study *study, char key[static DIGEST_TEXT])
{
    char *kind = NULL, *family = data_family(study->data, study->data_digest);
    struct configuration values = *study->values;
    values.threads = 1;
    if (study->models > 1)
        configuration_share(&values);
    if (asprintf(&kind, "%" PRId64 " %" PRId64 " %s %s", study->features, study->models,
                 study->kernel, family) < 0)
        memory_exhausted(1, 1);
    configuration_fingerprint(&values, kind, key);
    memory_free(kind);
    memory_free(family);
}

/* A study, and the number of its kind: of those that are alike. */
struct weak_place {
    size_t kind;
    const struct study *study;
};

static int by_kind(const void *a, const void *b)
{
    const struct weak_place *left = a, *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->study->rows != right->study->rows)
        return left->study->rows < right->study->rows ? -1 : 1;
    return (left->study > right->study) - (left->study < right->study);
}

/* All studies (studies->count), by kind and rows. */
static struct weak_place *places_of(const struct studies *studies)
{
    struct weak_place *places = memory_allocate(studies->count, sizeof *places);
    struct lookup kinds = {0};
    for (size_t i = 0; i < studies->count; i++) {
        char key[DIGEST_TEXT];
        key_of(&studies->studies[i], key);
        places[i] =
            (struct weak_place){lookup_number(&kinds, key, sizeof key), &studies->studies[i]};
    }
    lookup_clear(&kinds);
    if (studies->count > 1)
        qsort(places, studies->count, sizeof *places, by_kind);
    return places;
}

/* Is there none like it with fewer rows before it? */
static bool is_base(const struct weak_place *first, const struct weak_place *place)
{
    for (const struct weak_place *other = first; other < place; other++)
        if (other->study->rows < place->study->rows &&
            seat_is_alike(other->study->seat, place->study->seat))
            return false;
    return true;
}

/* The point of `study` at which it has as many rows per thread as the base at its fewest threads.
 */
static const struct study_point *weak_point(const struct study *base, const struct study *study)
{
    for (size_t i = 0; i < study->count; i++)
        if (study->points[i].threads * base->rows == study->rows * base->points[0].threads)
            return &study->points[i];
    return NULL;
}

/* `base` with those of its kind, places (count), that have as many rows per thread. */
static void add(struct studies *studies, const struct study *base, const struct weak_place *places,
                size_t kind_count)
{
    size_t count = 0, capacity = 0, points = 0;
    struct speedup_sample *samples = NULL;
    for (size_t i = 0; i < kind_count; i++) {
        const struct study *study = places[i].study;
        const struct study_point *point =
            seat_is_alike(base->seat, study->seat) ? weak_point(base, study) : NULL;
        for (size_t j = 0; point != NULL && j < point->count; j++) {
            samples = memory_grow(samples, &capacity, count + 1, sizeof *samples);
            samples[count++] = (struct speedup_sample){(size_t)point->threads, point->samples[j]};
        }
        points += point != NULL;
    }
    struct weak_study weak = {.base = base};
    struct error error = {.kind = ERROR_NONE};
    if (points > 1 && speedup_counts_weak(samples, count, &weak.counts, &error))
        studies->weak[studies->weak_count++] = weak;
    memory_free(samples);
}

static int by_base(const void *a, const void *b)
{
    const struct weak_study *left = a, *right = b;
    return (left->base > right->base) - (left->base < right->base);
}

void studies_find_weak(struct studies *studies)
{
    struct weak_place *places = places_of(studies);
    studies->weak = memory_allocate(studies->count, sizeof *studies->weak);
    for (size_t i = 0, next; i < studies->count; i = next) {
        for (next = i + 1; next < studies->count && places[next].kind == places[i].kind;)
            next++;
        for (size_t j = i; j < next; j++)
            if (is_base(places + i, places + j))
                add(studies, places[j].study, places + i, next - i);
    }
    if (studies->weak_count > 1) /* in the order of the plan */
        qsort(studies->weak, studies->weak_count, sizeof *studies->weak, by_base);
    memory_free(places);
}
