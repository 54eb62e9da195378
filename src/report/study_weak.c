/* SPDX-License-Identifier: MIT
 *
 * Rows a thread are those of the study with the fewest rows at its fewest threads. No sweep says
 * that it is about weak scaling: it is enough that such points are there.
 */
#include "report/study_weak.h"

#include "base/memory.h"
#include "report/hosts.h"

#include <string.h>

static bool is_alike(const struct study *a, const struct study *b)
{
    char left[DIGEST_TEXT], right[DIGEST_TEXT];
    struct configuration one = *a->values, other = *b->values;
    one.threads = other.threads = 1;
    if (a->models > 1) {
        configuration_share(&one);
        configuration_share(&other);
    }
    configuration_key(&one, "", left);
    configuration_key(&other, "", right);
    return a->features == b->features && a->models == b->models &&
           seat_is_alike(a->seat, b->seat) && strcmp(a->kernel, b->kernel) == 0 &&
           strcmp(left, right) == 0;
}

/* Is there no study like it with fewer rows? */
static bool is_base(const struct studies *studies, const struct study *study)
{
    for (size_t i = 0; i < studies->count; i++)
        if (studies->studies[i].rows < study->rows && is_alike(&studies->studies[i], study))
            return false;
    return true;
}

/* The point of `study` at which it has as many rows a thread as the base at its fewest threads. */
static const struct study_point *weak_point(const struct study *base, const struct study *study)
{
    for (size_t i = 0; i < study->count; i++)
        if (study->points[i].threads * base->rows == study->rows * base->points[0].threads)
            return &study->points[i];
    return NULL;
}

static void add(struct studies *studies, const struct study *base)
{
    size_t count = 0, capacity = 0, points = 0;
    struct speedup_sample *samples = NULL;
    for (size_t i = 0; i < studies->count; i++) {
        const struct study *study = &studies->studies[i];
        const struct study_point *point = is_alike(base, study) ? weak_point(base, study) : NULL;
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

void studies_find_weak(struct studies *studies)
{
    studies->weak = memory_allocate(studies->count, sizeof *studies->weak);
    for (size_t i = 0; i < studies->count; i++)
        if (is_base(studies, &studies->studies[i]))
            add(studies, &studies->studies[i]);
}
