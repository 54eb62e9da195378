/* SPDX-License-Identifier: MIT
 *
 * Tables of studies over threads.
 */
#include "report/scaling/study_text.h"

#include "base/text.h"
#include "report/hosts.h"
#include "report/quantity.h"
#include "report/scaling/study_limit.h"
#include "report/scaling/study_point.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define COUNT(list_) (sizeof(list_) / sizeof *(list_))

/* Phases of less than that share of an epoch are not worth a line. */
static const double negligible = 0.0005;

/* Rates of one level that differ by less than that share are one. */
static const double alike = 0.1;

/* A cell of a number with three digits, divided by its unit. */
static void cell_rate(struct text_table *table, double value, double unit)
{
    if (isfinite(value) && value > 0.0)
        text_table_cell(table, "%.3g", value / unit);
    else
        text_table_cell(table, "-");
}

/* --- Ceilings -------------------------------------------------------------------------------- */

static void cell_reads(struct text_table *table, const struct studies *studies, int level)
{
    for (size_t i = 0; i < studies->ceiling_count; i++) {
        const struct ceilings *ceilings = &studies->ceilings[i];
        double first = NAN, last = NAN; /* of the smallest and the largest set of the level */
        for (size_t j = 0; j < ceilings->read_count; j++)
            if (ceilings->reads[j].cache_level == level) {
                last = ceilings->reads[j].rate;
                first = isnan(first) ? last : first;
            }
        if (fabs(first - last) > alike * last)
            text_table_cell(table, "%.3g to %.3g", first / 1e9, last / 1e9);
        else
            cell_rate(table, last, 1e9);
    }
}

static bool has_level(const struct studies *studies, int level)
{
    for (size_t i = 0; i < studies->ceiling_count; i++)
        for (size_t j = 0; j < studies->ceilings[i].read_count; j++)
            if (studies->ceilings[i].reads[j].cache_level == level)
                return true;
    return false;
}

static void add_levels(struct text_table *table, const struct studies *studies)
{
    for (int level = 1; level <= TOPOLOGY_CACHES; level++) {
        int at = level % TOPOLOGY_CACHES; /* 0, memory, comes last */
        if (!has_level(studies, at))
            continue;
        if (at == 0)
            text_table_cell(table, "read from memory, GB/s");
        else
            text_table_cell(table, "read from L%d, GB/s", at);
        cell_reads(table, studies, at);
    }
}

enum { CEILINGS_SHOWN = 12 }; /* numbers of threads */

static void print_ceilings(const struct studies *studies, FILE *out)
{
    static char headers[CEILINGS_SHOWN][QUANTITY_TEXT];
    struct studies shown = *studies;
    if (shown.ceiling_count > CEILINGS_SHOWN)
        shown.ceiling_count = CEILINGS_SHOWN;
    struct text_column columns[1 + CEILINGS_SHOWN] = {{"ceiling", COLUMN_TEXT, false, NULL}};
    for (size_t i = 0; i < shown.ceiling_count; i++) {
        quantity_count(headers[i], (size_t)shown.ceilings[i].threads, "thread");
        columns[1 + i] = (struct text_column){headers[i], COLUMN_NUMBER, false, NULL};
    }
    struct text_table *table = text_table_create(columns, 1 + shown.ceiling_count);
    add_levels(table, &shown);
    text_table_cell(table, "product of matrices, GFLOP/s");
    for (size_t i = 0; i < shown.ceiling_count; i++)
        cell_rate(table, shown.ceilings[i].gemm_rate, 1e9);
    text_table_cell(table, "fork and join, µs");
    for (size_t i = 0; i < shown.ceiling_count; i++)
        cell_rate(table, shown.ceilings[i].fork_join_seconds, 1e-6);
    text_table_cell(table, "barrier, µs");
    for (size_t i = 0; i < shown.ceiling_count; i++)
        cell_rate(table, shown.ceilings[i].barrier_seconds, 1e-6);
    fputs("\nCeilings: what this machine can do at most\n", out);
    text_table_print(table, 2, out);
    text_table_free(table);
}

/* --- Phases ---------------------------------------------------------------------------------- */

static void add_phase(struct text_table *table, const char *name, const struct study_phase *one)
{
    text_table_cell(table, "%s", name);
    study_cell_seconds(table, one->seconds);
    study_cell_share(table, one->share, 1);
    cell_rate(table, one->bytes, 1e6);
    cell_rate(table, one->flops, 1e6);
    cell_rate(table, one->bytes / one->seconds, 1e9);
    cell_rate(table, one->flops / one->seconds, 1e9);
    study_cell_share(table, one->limit / one->seconds, 0);
    text_table_cell(table, "%s", one->bound != NULL ? one->bound : "-");
}

static void print_phases(const struct study_point *point, FILE *out)
{
    static const struct text_column columns[] = {
        {"phase", COLUMN_TEXT, false, NULL},     {"per epoch", COLUMN_NUMBER, false, NULL},
        {"share", COLUMN_NUMBER, false, NULL},   {"MB", COLUMN_NUMBER, false, NULL},
        {"MFLOP", COLUMN_NUMBER, false, NULL},   {"GB/s", COLUMN_NUMBER, false, NULL},
        {"GFLOP/s", COLUMN_NUMBER, false, NULL}, {"of ceiling", COLUMN_NUMBER, false, NULL},
        {"bound by", COLUMN_TEXT, false, NULL},
    };
    struct text_table *table = text_table_create(columns, COUNT(columns));
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        if (point->phases[phase].share >= negligible)
            add_phase(table, phases[phase].name, &point->phases[phase]);
    struct study_phase sum = study_point_sum(point);
    add_phase(table, "all", &sum);
    char threads[QUANTITY_TEXT];
    fprintf(out, "\n%s: where the time per epoch goes\n",
            quantity_count(threads, (size_t)point->place, "thread"));
    text_table_print(table, 2, out);
    text_table_free(table);
}

/* --- Scaling --------------------------------------------------------------------------------- */

static void add_waits(struct text_table *table, const struct study_point *point)
{
    char text[256] = "";
    size_t used = 0;
    for (size_t t = 0; point->place > 1 && t < point->team && used + 16 < sizeof text; t++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.1f", t > 0 ? " " : "",
                                 100.0 * point->waits[t]);
    text_table_cell(table, "%s", *text != '\0' ? text : "-");
}

static void add_scaling(struct text_table *table, const struct study *study,
                        const struct study_point *point)
{
    const struct speedup_count *count = study_count(study, point);
    text_table_cell(table, "%" PRId64, point->place);
    study_cell_seconds(table, point->seconds);
    study_cell_number(table, count->speedup, 2);
    study_cell_share(table, count->efficiency, 0);
    study_cell_number(table, study_serial(study, point), 3);
    study_cell_share(table, point->place > 1 && point->profiled > 0 ? point->imbalance : NAN, 1);
    add_waits(table, point);
    text_table_cell(table, "%s", *point->processors != '\0' ? point->processors : "free");
}

static void print_strong(const struct study *study, FILE *out)
{
    static const struct text_column columns[] = {
        {"threads", COLUMN_NUMBER, false, NULL},       {"per epoch", COLUMN_NUMBER, false, NULL},
        {"speed-up", COLUMN_NUMBER, false, NULL},      {"efficiency", COLUMN_NUMBER, false, NULL},
        {"Karp-Flatt", COLUMN_NUMBER, false, NULL},    {"imbalance", COLUMN_NUMBER, false, NULL},
        {"wait of each, %", COLUMN_TEXT, false, NULL}, {"processors", COLUMN_TEXT, false, NULL},
    };
    struct text_table *table = text_table_create(columns, COUNT(columns));
    for (size_t i = 0; i < study->count; i++)
        add_scaling(table, study, &study->points[i]);
    fputs("\nStrong scaling: the same data on more threads\n", out);
    text_table_print(table, 2, out);
    text_table_free(table);
}

static void print_fit(const struct speedup_fit *fit, FILE *out)
{
    const struct speedup_model *model = fit->model;
    fprintf(out, "  %s: ", model->entry.name);
    if (!fit->fitted) {
        fprintf(out, "not fitted: %s\n", fit->reason);
        return;
    }
    for (size_t i = 1; i < model->parameters; i++)
        fprintf(out, "%s%s = %.3g [%.3g, %.3g]", i > 1 ? ", " : "", model->parameter[i].name,
                fit->parameters[i].value, fit->parameters[i].low, fit->parameters[i].high);
    fprintf(out, "; off by %.1f %%; best of this machine's: %zu threads", 100.0 * fit->deviation,
            fit->best_count);
    if (isfinite(fit->best.value))
        fprintf(out, ", of any: %.3g [%.3g, %.3g]", fit->best.value, fit->best.low, fit->best.high);
    fputc('\n', out);
}

static void print_fits(const struct study *study, FILE *out)
{
    char text[512];
    if (!study->fitted)
        return;
    for (size_t i = 0; i < SPEEDUP_MODELS; i++)
        print_fit(&study->speedup.fits[i], out);
    text_print_wrapped(speedup_describe_verdict(&study->speedup, text, sizeof text), 2,
                       REPORT_WIDTH, out);
}

static void print_weak(const struct study *study, FILE *out)
{
    static const struct text_column columns[] = {
        {"threads", COLUMN_NUMBER, false, NULL},         {"rows", COLUMN_NUMBER, false, NULL},
        {"per epoch", COLUMN_NUMBER, false, NULL},       {"efficiency", COLUMN_NUMBER, false, NULL},
        {"scaled speed-up", COLUMN_NUMBER, false, NULL},
    };
    struct text_table *table = text_table_create(columns, COUNT(columns));
    for (size_t i = 0; i < study->count; i++) {
        const struct study_point *point = &study->points[i];
        text_table_cell(table, "%" PRId64, point->place);
        text_table_cell(table, "%" PRId64, point->rows);
        study_cell_seconds(table, point->seconds);
        study_cell_share(table, study_count(study, point)->efficiency, 0);
        study_cell_number(table, study_count(study, point)->speedup, 2);
    }
    fprintf(out, "\nWeak scaling of %s, %s: as many rows for each thread\n",
            study->base->values.solver->name, text_shown(study->base->kernel));
    text_table_print(table, 2, out);
    text_table_free(table);
}

/* --- A study --------------------------------------------------------------------------------- */

static void print_counters(const struct study_point *point, FILE *out)
{
    bool any = false;
    for (size_t c = 0; c < COUNTER_VALUE_COUNT; c++)
        if (isfinite(point->counters[c])) {
            fprintf(out, "%s%s %.4g", any ? ", " : "  counted per epoch: ", counter_value_names[c],
                    point->counters[c]);
            any = true;
        }
    if (any)
        fputc('\n', out);
}

static void print_diagnosis(const struct studies *studies, const struct study *study, FILE *out)
{
    fputs("\nDiagnosis\n", out);
    for (size_t i = 0; i < study->count; i++) {
        const struct study_point *point = &study->points[i];
        char threads[QUANTITY_TEXT], text[DIAGNOSIS_TEXT + 2 * QUANTITY_TEXT];
        if (point->profiled == 0)
            continue;
        quantity_count(threads, (size_t)point->place, "thread");
        if (point->noisy)
            snprintf(text, sizeof text,
                     "%s: not diagnosed: other programs disturbed every trial (%zu)", threads,
                     point->count);
        else
            snprintf(text, sizeof text, "%s: %s", threads,
                     study_diagnose(studies, study, point).text);
        text_print_wrapped(text, 2, REPORT_WIDTH, out);
    }
}

/* Are there studies of other hosts, or beside other numbers of processes? */
static bool hosts_differ(const struct study_list *list)
{
    for (size_t i = 1; i < list->count; i++)
        if (!seat_is_alike(&list->items[i].base->seat, &list->items[0].base->seat))
            return true;
    return false;
}

static void print_host(const struct study *study, FILE *out)
{
    const struct seat *seat = &study->base->seat;
    fprintf(out, ", on host %s", *seat->host != '\0' ? text_shown(seat->host) : "(unknown)");
    if (seat->ranks_per_host > 1)
        fprintf(out, " with %" PRId64 " processes", seat->ranks_per_host);
}

static void print_study(const struct studies *studies, const struct study *study, bool hosts,
                        FILE *out)
{
    const struct stored_trial *base = study->base;
    char models[QUANTITY_TEXT];
    fprintf(out, "\n## %s, kernel %s, on %s (%" PRId64 " rows, %" PRId64 " features)",
            base->values.solver->name, text_shown(base->kernel), text_shown(base->data), base->rows,
            base->features);
    if (base->models > 1)
        fprintf(out, ", %s side by side", quantity_count(models, (size_t)base->models, "model"));
    if (base->values.ranks > 1)
        fprintf(out, ", rank 0 of %" PRId64, base->values.ranks);
    if (hosts)
        print_host(study, out);
    fputc('\n', out);
    for (size_t i = 0; i < study->count; i++)
        if (study->points[i].profiled > 0) {
            print_phases(&study->points[i], out);
            print_counters(&study->points[i], out);
        }
    if (study->count > 1) {
        print_strong(study, out);
        print_fits(study, out);
    }
    print_diagnosis(studies, study, out);
}

static void print_legend(FILE *out)
{
    fputc('\n', out);
    text_print_wrapped(
        "The share of the ceiling is the time that the ceilings of so many threads allow, over the "
        "time taken. A phase is above 100 % where its data are in the cache already: while the "
        "loss of a block is computed, the next one is on its way. The sum of all is not, unless "
        "something else ran while the ceilings were measured.",
        0, REPORT_WIDTH, out);
}

void study_print_threads(const struct studies *studies, size_t most, FILE *out)
{
    const struct study_list *strong = &studies->strong[OVER_THREADS],
                            *weak = &studies->weak[OVER_THREADS];
    if (strong->count == 0)
        return;
    if (studies->ceiling_count > 0)
        print_ceilings(studies, out);
    const bool hosts = hosts_differ(strong);
    for (size_t i = 0; i < strong->count && i < most; i++)
        print_study(studies, &strong->items[i], hosts, out);
    for (size_t i = 0; i < weak->count && i < most; i++)
        print_weak(&weak->items[i], out);
    study_print_rest(strong->count, most, out);
    print_legend(out);
    if (studies->remark_count > 0)
        fputs("\nRemarks\n", out);
    for (size_t i = 0; i < studies->remark_count; i++) {
        char text[sizeof studies->remarks->text + 64];
        snprintf(text, sizeof text, "%s: %s", studies->remarks[i].about, studies->remarks[i].text);
        text_print_wrapped(text, 2, REPORT_WIDTH, out);
    }
}
