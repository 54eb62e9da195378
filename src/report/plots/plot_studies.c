/* SPDX-License-Identifier: MIT
 *
 * Choosing and naming studies for pictures.
 */
#include "report/plots/plot_studies.h"

#include "base/memory.h"
#include "report/scaling/studies.h"

#include <inttypes.h>
#include <string.h>

static bool is_of(const struct stored_trial *trial, const struct section *section)
{
    return strcmp(trial->data, section->data) == 0 && trial->rows == section->rows &&
           trial->features == section->features &&
           (!section->regularised || trial->values.lambda == section->lambda);
}

static bool is_alike(const struct stored_trial *a, const struct stored_trial *b)
{
    return a->values.solver == b->values.solver && strcmp(a->kernel, b->kernel) == 0 &&
           a->models == b->models;
}

static bool is_new(const struct plot_studies *studies, const struct study *study)
{
    for (size_t i = 0; i < studies->count; i++)
        if (is_alike(studies->studies[i]->base, study->base))
            return false;
    return true;
}

bool plot_studies_read(const struct plot_subject *subject, size_t points,
                       struct plot_studies *studies, struct error *error)
{
    const struct opened_store *opened = &subject->opened[0];
    *studies = (struct plot_studies){0};
    int section = plot_choose_section(&opened->results, subject->set, studies->set, error);
    if (section < 0 || !studies_read(opened->store, &opened->results, &studies->all, error))
        return false;
    const struct study_list *all = &studies->all.strong[OVER_THREADS];
    for (size_t i = 0; i < all->count; i++) {
        const struct study *study = &all->items[i];
        if (study->count < points || !is_of(study->base, &opened->results.sections[section]))
            continue;
        studies->found++;
        if (studies->count == PLOT_STUDIES || !is_new(studies, study))
            continue;
        studies->studies[studies->count++] = study;
        for (size_t p = 0; p < study->count; p++)
            plot_threads_add(&studies->threads, study->points[p].place);
    }
    return true;
}

void plot_studies_clear(struct plot_studies *studies)
{
    studies_free(&studies->all);
}

char *plot_studies_note(const struct plot_studies *studies, char text[static PLOT_SET_TEXT])
{
    text[0] = '\0';
    if (studies->count < studies->found)
        snprintf(text, PLOT_SET_TEXT,
                 "%zu of %zu configurations: the first of each solver and kernel", studies->count,
                 studies->found);
    return text;
}

char *plot_study_name(const struct study *study, char text[static PLOT_STUDY_NAME])
{
    const struct stored_trial *base = study->base;
    char name[PLOT_NAME], kernel[64] = "", models[32] = "";
    if (base->kernel[0] != '\0')
        snprintf(kernel, sizeof kernel, ", kernel %.40s", base->kernel);
    if (base->models > 1)
        snprintf(models, sizeof models, ", %" PRId64 " models", base->models);
    snprintf(text, PLOT_STUDY_NAME, "%s%s%s", plot_name(&base->values, name), kernel, models);
    return text;
}

struct ink plot_study_ink(const struct plot_studies *studies, size_t study)
{
    return palette_ink(studies->studies[study]->base->values.solver->name, study);
}

int plot_study_point(size_t study)
{
    static const int filled[] = {7, 5, 9, 11, 13, 15}; /* circle, square, triangles, ... */
    return filled[study % (sizeof filled / sizeof *filled)];
}
