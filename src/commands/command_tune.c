/* SPDX-License-Identifier: MIT
 *
 * descent tune: which variants of the kernels are fastest on this machine, shape by shape, and how
 * near they come to what it can do at most. What is found is kept, for this processor and this
 * build.
 */
#include "base/duration.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "measure/variants/shape_times.h"
#include "measure/variants/variant_file.h"
#include "report/text_table.h"
#include "store/json_value.h"

#include <inttypes.h>
#include <stdio.h>

enum { THREADS_MOST = 1024, THREAD_COUNTS = 2, CELL_TEXT = 32 };

/* All that was measured: each shape at each number of threads. */
struct survey {
    int threads[THREAD_COUNTS];
    size_t thread_count, shape_count;
    struct shape_times *list; /* (shape_count, thread_count) */
};

/* --- As text --------------------------------------------------------------------------------- */

static const struct entry *best_of(const struct shape_times *times)
{
    return variant_times_best(&times->times);
}

/* One line a shape: what was chosen, and what that is worth. */
static void print_choices(const struct survey *survey)
{
    static const struct text_column columns[] = {
        {.header = "kernel", .type = COLUMN_TEXT},
        {.header = "shape", .type = COLUMN_TEXT},
        {.header = "threads", .type = COLUMN_NUMBER},
        {.header = "a pass", .type = COLUMN_NUMBER},
        {.header = "of ceiling", .type = COLUMN_NUMBER},
        {.header = "first over it", .type = COLUMN_NUMBER},
        {.header = "variant", .type = COLUMN_TEXT},
    };
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < survey->shape_count * survey->thread_count; i++) {
        char shape[SHAPE_TEXT], pass[DURATION_TEXT];
        const struct shape_times *times = &survey->list[i];
        double best = times->times.seconds[times->times.best];
        text_table_cell(table, "%s", times->what.kernel->entry.name);
        text_table_cell(table, "%s", shape_text(&times->shape, shape));
        text_table_cell(table, "%d", times->what.threads);
        text_table_cell(table, "%s", duration_text(best, pass));
        text_table_cell(table, "%.1f %%", 100.0 * times->limit / best);
        text_table_cell(table, "%.3f", times->times.seconds[0] / best);
        text_table_cell(table, "%s", best_of(times)->name);
    }
    text_table_print(table, 0, stdout);
    text_table_free(table);
}

/* Is it in the table of that kernel and number of threads? */
static bool is_column(const struct shape_times *times, const struct kernel *kernel, int threads)
{
    return times->what.kernel == kernel && times->what.threads == threads;
}

static void print_share(struct text_table *table, const struct shape_times *times, size_t variant)
{
    text_table_cell(table, "%.1f%s", 100.0 * times->limit / times->times.seconds[variant],
                    variant == times->times.best ? " *" : "  ");
}

/* Every variant of a kernel, a line each, and a column for every shape. */
static void print_variants(const struct survey *survey, const struct kernel *kernel, int threads)
{
    const size_t count = survey->shape_count * survey->thread_count;
    struct text_column *columns = memory_allocate(count + 1, sizeof *columns);
    char(*headers)[SHAPE_TEXT] = memory_allocate(count, sizeof *headers);
    size_t shapes = 0;
    columns[0] = (struct text_column){.header = kernel->entry.name, .type = COLUMN_TEXT};
    for (size_t i = 0; i < count; i++)
        if (is_column(&survey->list[i], kernel, threads)) {
            shape_text(&survey->list[i].shape, headers[shapes]);
            columns[1 + shapes] =
                (struct text_column){.header = headers[shapes], .type = COLUMN_NUMBER};
            shapes++;
        }
    struct text_table *table = text_table_create(columns, 1 + shapes);
    for (size_t v = 0; v < kernel->variants->count; v++) {
        text_table_cell(table, "%s", kernel->variants->entries[v]->name);
        for (size_t i = 0; i < count; i++)
            if (is_column(&survey->list[i], kernel, threads))
                print_share(table, &survey->list[i], v);
    }
    if (shapes > 0) {
        printf("\nper cent of the %s ceiling, %d thread%s; * is chosen\n",
               kernel == &kernel_batched ? "GEMM" : "read", threads, threads == 1 ? "" : "s");
        text_table_print(table, 0, stdout);
    }
    text_table_free(table);
    memory_free(headers);
    memory_free(columns);
}

static void print_text(const struct survey *survey)
{
    print_choices(survey);
    for (size_t t = 0; t < survey->thread_count; t++) {
        print_variants(survey, &kernel_fused, survey->threads[t]);
        print_variants(survey, &kernel_fused_narrow, survey->threads[t]);
        print_variants(survey, &kernel_batched, survey->threads[t]);
    }
}

/* --- As JSON --------------------------------------------------------------------------------- */

static json_t *variants_json(const struct shape_times *times)
{
    json_t *list = json_value_array();
    for (size_t v = 0; v < times->times.variants->count; v++) {
        json_t *object = json_value_object();
        json_value_set(object, "variant", json_value_text(times->times.variants->entries[v]->name));
        json_value_set(object, "seconds", json_value_real(times->times.seconds[v]));
        json_value_append(list, object);
    }
    return list;
}

static json_t *times_json(const struct shape_times *times)
{
    json_t *object = json_value_object();
    json_value_set(object, "kernel", json_value_text(times->what.kernel->entry.name));
    json_value_set(object, "rows", json_value_integer((int64_t)times->shape.rows));
    json_value_set(object, "features", json_value_integer((int64_t)times->shape.features));
    json_value_set(object, "models", json_value_integer((int64_t)times->shape.models));
    json_value_set(object, "threads", json_value_integer(times->what.threads));
    json_value_set(object, "ceiling_seconds", json_value_real(times->limit));
    json_value_set(object, "chosen", json_value_text(best_of(times)->name));
    json_value_set(object, "variants", variants_json(times));
    return object;
}

static void print_json(const struct survey *survey, const char *path)
{
    json_t *object = json_value_object(), *list = json_value_array();
    for (size_t i = 0; i < survey->shape_count * survey->thread_count; i++)
        json_value_append(list, times_json(&survey->list[i]));
    json_value_set(object, "kept", json_value_text(path));
    json_value_set(object, "shapes", list);
    json_value_print(stdout, object);
}

/* --- The command ----------------------------------------------------------------------------- */

static bool read_shapes(const struct arguments *arguments, struct shape *shapes,
                        struct error *error)
{
    for (size_t i = 0; i < arguments->count; i++)
        if (!shape_parse(arguments->operands[i], &shapes[i]))
            return error_usage(error,
                               "'%s' is no shape; give rows and features, as in 200000x784, or "
                               "rows, features and models, as in 200000x784x64, or rows and "
                               "features in fewer bits, as in 200000x784@float32 (or bfloat16, "
                               "or int8)",
                               arguments->operands[i]);
    return true;
}

/* One, and all; or those that are given. */
static bool read_threads(const struct arguments *arguments, struct survey *survey,
                         struct error *error)
{
    int64_t threads = 0;
    if (!arguments_integer(arguments, "threads", 1, THREADS_MOST, &threads, error))
        return false;
    survey->threads[0] = threads > 0 ? (int)threads : 1;
    survey->threads[1] = threads_default();
    survey->thread_count = threads == 0 && threads_default() > 1 ? 2 : 1;
    return true;
}

static bool measure(struct survey *survey, const struct shape *shapes, struct error *error)
{
    bool done = true;
    survey->list =
        memory_allocate(survey->shape_count * survey->thread_count, sizeof *survey->list);
    for (size_t i = 0; i < survey->shape_count && done; i++)
        done = shape_measure(&shapes[i], survey->threads, survey->thread_count,
                             &survey->list[i * survey->thread_count], error);
    return done;
}

/* What was known of other cases stays. */
static bool keep(const struct survey *survey, const char *path, struct error *error)
{
    if (path == NULL)
        return error_failed(error, "what was found is not kept: neither XDG_CACHE_HOME nor HOME "
                                   "names a folder for it");
    variant_file_read(path);
    for (size_t i = 0; i < survey->shape_count * survey->thread_count; i++)
        variant_choose(&(struct variant_choice){survey->list[i].what, best_of(&survey->list[i])});
    return variant_file_write(path, error);
}

static bool survey_run(struct survey *survey, const struct shape *shapes, bool json,
                       struct error *error)
{
    char *path = variant_file_path();
    bool done = measure(survey, shapes, error);
    struct error unkept = {.kind = ERROR_NONE};
    bool kept = done && keep(survey, path, &unkept);
    if (done)
        json ? print_json(survey, kept ? path : NULL) : print_text(survey);
    if (done && kept && !json)
        printf("\nkept in %s\n", text_shown(path));
    if (done && !kept)
        *error = unkept;
    memory_free(path);
    return done && kept;
}

static bool run(const struct arguments *arguments, struct error *error)
{
    struct survey survey = {.shape_count = arguments->count};
    struct shape *given = memory_allocate(arguments->count + 1, sizeof *given);
    const struct shape *shapes = given;
    if (arguments->count == 0) {
        shapes = shapes_usual;
        survey.shape_count = shapes_usual_count;
    }
    bool done =
        read_shapes(arguments, given, error) && read_threads(arguments, &survey, error) &&
        survey_run(&survey, shapes, arguments_choice(arguments, "format") == &format_json, error);
    for (size_t i = 0; survey.list != NULL && i < survey.shape_count * survey.thread_count; i++)
        shape_times_clear(&survey.list[i]);
    memory_free(survey.list);
    memory_free(given);
    return done;
}

static const struct option_row options[] = {
    {.entry = {"threads", "threads of a pass (default: one, and as many as there are)"},
     .argument = "N"},
    {.entry = {"format", "how to print"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
};

const struct command command_tune = {
    .entry = {"tune", "measure which variants of the kernels are fastest on this machine"},
    .operands = "[SHAPE ...]",
    .operand_min = 0,
    .operand_max = 32,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "A shape is ROWSxFEATURES, ROWSxFEATURESxMODELS, or ROWSxFEATURES@PRECISION for features\n"
        "in fewer bits (float32, bfloat16, int8); without any, the usual ones are measured, in\n"
        "some seconds. The machine should be idle. Variants have the same bits, so\n"
        "that only times depend on what is chosen. It is kept for this processor and this build "
        "in\n"
        "$XDG_CACHE_HOME/descent/tuning/, or in ~/.cache/descent/tuning/, which may be removed.\n"
        "`train` and `sweep` measure what they need themselves, where their work is long enough\n"
        "for it to pay; --no-tuning, `tuning: no` in a sweep file, or DESCENT_TUNING=no in the\n"
        "environment has them take the first variants.\n"
        "  descent tune\n"
        "  descent tune 1000000x100 1000000x100x64 --threads 2\n"
        "  descent tune 1000000x100@float32 1000000x100@int8\n",
    .run = run,
};
