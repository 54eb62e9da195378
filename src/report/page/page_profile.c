/* SPDX-License-Identifier: MIT
 *
 * Rates and shares are worked out here: scripts only show them. A phase that declares nothing has
 * neither bytes nor operations, rather than none of them.
 */
#include "report/page/page_profile.h"

#include "report/page/page_comparison.h"
#include "report/plots/plot_studies.h"
#include "report/scaling/roofline.h"
#include "report/scaling/studies.h"
#include "report/scaling/study_limit.h"
#include "report/scaling/study_threads.h"
#include "store/json_value.h"

/* Nothing is declared as 0. */
static json_t *declared(double value)
{
    return json_value_real(value > 0.0 ? value : NAN);
}

static json_t *named(const char *name)
{
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(name));
    return object;
}

/* --- A point --------------------------------------------------------------------------------- */

static json_t *phase_json(enum phase phase, const struct study_phase *one)
{
    json_t *object = named(phases[phase].name);
    json_value_set(object, "help", json_value_text(phases[phase].summary));
    json_value_set(object, "seconds", json_value_real(one->seconds));
    json_value_set(object, "share", json_value_real(one->share));
    json_value_set(object, "bytes", declared(one->bytes));
    json_value_set(object, "flops", declared(one->flops));
    json_value_set(object, "byte_rate", declared(one->bytes / one->seconds));
    json_value_set(object, "flop_rate", declared(one->flops / one->seconds));
    json_value_set(object, "of_ceiling", json_value_real(one->limit / one->seconds));
    json_value_set(object, "bound", json_value_text(one->bound));
    return object;
}

static json_t *phases_json(const struct study_point *point)
{
    json_t *list = json_value_array();
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        if (point->phases[phase].seconds > 0.0)
            json_value_append(list, phase_json(phase, &point->phases[phase]));
    return list;
}

static json_t *roofs_json(const struct study_point *point)
{
    struct roof roofs[ROOFS_MOST];
    size_t count = roofline_roofs(point, roofs);
    json_t *list = json_value_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = named(roofs[i].level);
        json_value_set(object, "rate", json_value_real(roofs[i].rate));
        json_value_append(list, object);
    }
    return list;
}

static json_t *marks_json(const struct study_point *point)
{
    struct roofline_mark marks[ROOFLINE_MARKS];
    size_t count = roofline_marks(point, marks);
    json_t *list = json_value_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = named(marks[i].name);
        json_value_set(object, "intensity", json_value_real(marks[i].intensity));
        json_value_set(object, "rate", json_value_real(marks[i].rate));
        json_value_append(list, object);
    }
    return list;
}

/* Those that were to be had. */
static json_t *counters_json(const struct study_point *point)
{
    json_t *object = json_value_object();
    for (size_t i = 0; i < COUNTER_VALUE_COUNT && point->profiled > 0; i++)
        if (isfinite(point->counters[i]))
            json_value_set(object, counter_value_names[i], json_value_real(point->counters[i]));
    return object;
}

/* null where no trial was profiled. */
static json_t *diagnosis_json(const struct studies *studies, const struct study *study,
                              const struct study_point *point)
{
    return json_value_text(point->profiled > 0 ? study_diagnose(studies, study, point).text : NULL);
}

static json_t *point_json(const struct studies *studies, const struct study *study,
                          const struct study_point *point)
{
    json_t *object = json_value_object();
    json_value_set(object, "threads", json_value_integer(point->place));
    json_value_set(object, "trials", json_value_integer((int64_t)point->count));
    json_value_set(object, "profiled", json_value_integer((int64_t)point->profiled));
    json_value_set(object, "seconds", json_value_real(point->seconds));
    json_value_set(object, "wall", json_value_real(point->wall));
    json_value_set(object, "speedup", json_value_real(study_speedup(study, point->seconds)));
    json_value_set(object, "processors", json_value_text(point->processors));
    json_value_set(object, "diagnosis", diagnosis_json(studies, study, point));
    json_value_set(object, "phases", phases_json(point));
    json_value_set(object, "imbalance", json_value_real(point->imbalance));
    json_value_set(object, "wait", json_value_real(point->wait));
    json_value_set(object, "waits", json_value_reals(point->waits, point->team));
    json_value_set(object, "counters", counters_json(point));
    json_value_set(object, "roofs", roofs_json(point));
    json_value_set(object, "gemm",
                   declared(point->ceilings != NULL ? point->ceilings->gemm_rate : NAN));
    json_value_set(object, "marks", marks_json(point));
    return object;
}

/* --- Scaling --------------------------------------------------------------------------------- */

static json_t *counts_json(const struct speedup_counts *counts)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < counts->count; i++) {
        const struct speedup_count *row = &counts->rows[i];
        json_t *object = json_value_object();
        json_value_set(object, "threads", json_value_integer((int64_t)row->threads));
        json_value_set(object, "seconds", json_value_real(row->seconds));
        json_value_set(object, "speedup", json_value_real(row->speedup));
        json_value_set(object, "efficiency", json_value_real(row->efficiency));
        json_value_set(object, "serial",
                       json_value_real(row->serial <= 1.0 ? row->serial : (double)NAN));
        json_value_append(list, object);
    }
    return list;
}

static json_t *parameters_json(const struct speedup_fit *fit)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < fit->model->parameters; i++) {
        const struct speedup_interval *interval = &fit->parameters[i];
        json_t *object = named(fit->model->parameter[i].name);
        json_value_set(object, "help", json_value_text(fit->model->parameter[i].summary));
        json_value_set(object, "value", json_value_real(interval->value));
        json_value_set(object, "low", json_value_real(interval->low));
        json_value_set(object, "high", json_value_real(interval->high));
        json_value_append(list, object);
    }
    return list;
}

/* From the least number of threads that was measured to the most that the model was asked about. */
static json_t *curve_json(const struct study *study, const struct speedup_fit *fit)
{
    enum { STEPS = 40 };
    const double least = (double)study->points[0].place,
                 measured = (double)study->points[study->count - 1].place,
                 most = fmax(measured, (double)study->speedup.maximum);
    json_t *list = json_value_array();
    for (int i = 0; i <= STEPS; i++) {
        double threads = least + (most - least) * i / (double)STEPS,
               speedup = study_speedup(study, speedup_predict(fit, threads));
        json_value_append(list, json_value_reals((const double[]){threads, speedup}, 2));
    }
    return list;
}

static json_t *fit_json(const struct study *study, size_t i)
{
    const struct speedup_fit *fit = &study->speedup.fits[i];
    json_t *object = named(speedup_table.entries[i]->name);
    json_value_set(object, "help", json_value_text(speedup_table.entries[i]->summary));
    json_value_set(object, "shown", json_boolean(study_shows_fit(study, i)));
    if (!fit->fitted) {
        json_value_set(object, "reason", json_value_text(fit->reason));
        return object;
    }
    json_value_set(object, "likely", json_boolean(fit->likely));
    json_value_set(object, "parameters", parameters_json(fit));
    json_value_set(object, "best", json_value_integer((int64_t)fit->best_count));
    json_value_set(object, "best_low", json_value_integer((int64_t)fit->best_count_low));
    json_value_set(object, "best_high", json_value_integer((int64_t)fit->best_count_high));
    json_value_set(
        object, "best_speedup",
        json_value_real(study_speedup(study, speedup_predict(fit, (double)fit->best_count))));
    if (study_shows_fit(study, i))
        json_value_set(object, "curve", curve_json(study, fit));
    return object;
}

/* null where threads do not vary. */
static json_t *scaling_json(const struct study *study)
{
    char text[512];
    if (!study->fitted)
        return json_value_text(NULL);
    const struct speedup *speedup = &study->speedup;
    const struct speedup_fit *first = study_first_fit(study);
    json_t *object = json_value_object(), *fits = json_value_array();
    for (size_t i = 0; i < SPEEDUP_MODELS; i++)
        json_value_append(fits, fit_json(study, i));
    json_value_set(object, "base", json_value_integer((int64_t)speedup->counts.base));
    json_value_set(object, "maximum", json_value_integer((int64_t)speedup->maximum));
    json_value_set(object, "definition",
                   json_value_text(speedup_counts_definition(&speedup->counts, text, sizeof text)));
    json_value_set(object, "verdict",
                   json_value_text(speedup_describe_verdict(speedup, text, sizeof text)));
    json_value_set(object, "first",
                   json_value_text(first != NULL ? first->model->entry.name : NULL));
    json_value_set(object, "counts", counts_json(&speedup->counts));
    json_value_set(object, "fits", fits);
    return object;
}

/* With lambda where configurations differ in it; plots show one at a time. */
static json_t *study_json(const struct studies *studies, const struct study *study,
                          bool lambda_varies)
{
    char name[PLOT_STUDY_NAME], text[PLOT_STUDY_NAME + 32];
    plot_study_name(study, name);
    snprintf(text, sizeof text, "%s, lambda %.4g", name, study->base->values.lambda);
    json_t *object = named(lambda_varies ? text : name), *points = json_value_array();
    for (size_t p = 0; p < study->count; p++)
        json_value_append(points, point_json(studies, study, &study->points[p]));
    json_value_set(object, "data", json_value_text(study->base->data));
    json_value_set(object, "rows", json_value_integer(study->base->rows));
    json_value_set(object, "features", json_value_integer(study->base->features));
    json_value_set(object, "solver", json_value_text(study->base->values.solver->name));
    json_value_set(object, "points", points);
    json_value_set(object, "scaling", scaling_json(study));
    return object;
}

/* --- The machine ----------------------------------------------------------------------------- */

static json_t *reads_json(const struct ceilings *ceilings)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < ceilings->read_count; i++) {
        const struct read_ceiling *read = &ceilings->reads[i];
        char level[16] = "memory";
        if (read->cache_level > 0)
            snprintf(level, sizeof level, "L%d", read->cache_level);
        json_t *object = json_value_object();
        json_value_set(object, "bytes", json_value_real(read->bytes));
        json_value_set(object, "level", json_value_text(level));
        json_value_set(object, "rate", json_value_real(read->rate));
        json_value_append(list, object);
    }
    return list;
}

static json_t *ceilings_json(const struct studies *studies)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < studies->ceiling_count; i++) {
        const struct ceilings *ceilings = &studies->ceilings[i];
        json_t *object = json_value_object();
        json_value_set(object, "threads", json_value_integer(ceilings->threads));
        json_value_set(object, "reads", reads_json(ceilings));
        json_value_set(object, "gemm", declared(ceilings->gemm_rate));
        json_value_set(object, "fork_join", declared(ceilings->fork_join_seconds));
        json_value_set(object, "barrier", declared(ceilings->barrier_seconds));
        json_value_append(list, object);
    }
    return list;
}

static json_t *remarks_json(const struct studies *studies)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < studies->remark_count; i++) {
        json_t *object = json_value_object();
        json_value_set(object, "about", json_value_text(studies->remarks[i].about));
        json_value_set(object, "text", json_value_text(studies->remarks[i].text));
        json_value_append(list, object);
    }
    return list;
}

/* Of the phases in their order, and of whole epochs, in black. */
static json_t *inks_json(void)
{
    json_t *list = json_value_array();
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        json_value_append(
            list, page_ink(phases[phase].name, (struct ink){palette_phase(phases[phase].name), 1}));
    json_value_append(list, page_ink("epoch", (struct ink){palette_boundary, 1}));
    return list;
}

static json_t *profile_json(const struct studies *studies, bool lambda_varies)
{
    const struct study_list *all = &studies->strong[OVER_THREADS];
    if (all->count == 0)
        return json_value_text(NULL);
    json_t *object = json_value_object(), *list = json_value_array();
    size_t shown = all->count < PAGE_STUDIES ? all->count : PAGE_STUDIES;
    for (size_t i = 0; i < shown; i++)
        json_value_append(list, study_json(studies, &all->items[i], lambda_varies));
    json_value_set(object, "studies", list);
    json_value_set(object, "left_out", json_value_integer((int64_t)(all->count - shown)));
    json_value_set(object, "inks", inks_json());
    json_value_set(object, "ceilings", ceilings_json(studies));
    json_value_set(object, "remarks", remarks_json(studies));
    return object;
}

bool page_add_profile(json_t *data, const struct opened_store *opened, struct error *error)
{
    struct studies studies;
    bool done = studies_read(opened->store, &opened->results, &studies, error);
    if (done)
        json_value_set(data, "profile", profile_json(&studies, opened->results.lambda_varies));
    studies_free(&studies);
    return done;
}
