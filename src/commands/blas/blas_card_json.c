/* SPDX-License-Identifier: MIT
 *
 * Everything that was measured, every sample too.
 */
#include "commands/blas/blas_card_show.h"
#include "store/json_value.h"

static json_t *library_json(const struct blas_listed *library)
{
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(library->name));
    json_value_set(object, "family", json_value_text(library->family));
    json_value_set(object, "version", json_value_text(library->version));
    json_value_set(object, "threading", json_value_text(library->threading));
    json_value_set(object, "core", json_value_text(library->core));
    json_value_set(object, "configuration", json_value_text(library->configuration));
    json_value_set(object, "path", json_value_text(library->path));
    json_value_set(object, "linked", json_boolean(library->linked));
    return object;
}

/* Rows from which something is so, or null. */
static json_t *rows_json(size_t rows)
{
    return rows > 0 ? json_value_integer((int64_t)rows) : json_null();
}

static json_t *call_json(const struct blas_call *call)
{
    json_t *object = json_value_object();
    json_value_set(object, "threads_from_rows", rows_json(call->forks_from));
    json_value_set(object, "threads", json_value_integer(call->threads));
    json_value_set(object, "other_bits_from_rows", rows_json(call->bits_from));
    json_value_set(object, "rows_most", rows_json(call->rows_most));
    json_value_set(object, "error_epsilons", json_value_real(call->error));
    json_value_set(object, "error_rows", rows_json(call->error_rows));
    return object;
}

static json_t *alone_json(const struct blas_alone *alone)
{
    json_t *object = json_value_object(), *columns = json_value_object();
    for (size_t i = 0; i < COLUMN_COUNTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "%zu", blas_column_counts[i]);
        json_value_set(columns, name, json_value_integer((int64_t)alone->columns[i]));
    }
    json_value_set(object, "columns_with_other_bits", columns);
    json_value_set(object, "rows", json_value_integer((int64_t)alone->rows));
    json_value_set(object, "row_alone_gemm", json_value_integer((int64_t)alone->rows_gemm));
    json_value_set(object, "row_alone_gemv", json_value_integer((int64_t)alone->rows_gemv));
    json_value_set(object, "gemv_and_gemm", json_value_integer((int64_t)alone->vector));
    return object;
}

static json_t *behaviour_json(const struct blas_behaviour *behaviour)
{
    json_t *object = json_value_object(), *calls = json_value_object(),
           *specials = json_value_object();
    for (size_t i = 0; i < BLAS_OPERATIONS; i++)
        json_value_set(calls, blas_operation_at(i)->entry.name, call_json(&behaviour->calls[i]));
    for (size_t i = 0; i < BLAS_SPECIALS; i++)
        json_value_set(specials, blas_special_table.entries[i]->name,
                       json_value_text(behaviour->specials[i]));
    json_value_set(object, "operations", calls);
    json_value_set(object, "alone", alone_json(&behaviour->alone));
    json_value_set(object, "specials", specials);
    json_value_set(object, "calls_at_a_time_wrong",
                   json_value_integer((int64_t)behaviour->together_wrong));
    json_value_set(object, "calls_at_a_time",
                   json_value_integer((int64_t)behaviour->together_calls));
    return object;
}

static json_t *timing_json(const struct blas_card *card, size_t heat, size_t library)
{
    const struct blas_timing *timing = blas_card_timing(card, heat, library);
    const struct paired_ratio ratio = blas_card_ratio(card, heat, library, 0);
    json_t *object = json_value_object();
    json_value_set(object, "library", json_value_text(card->plan.libraries[library]->name));
    json_value_set(object, "seconds", json_value_reals(timing->seconds, (size_t)card->plan.rounds));
    json_value_set(object, "rate", json_value_real(blas_card_rate(card, heat, library)));
    json_value_set(object, "of_ceiling", json_value_real(blas_card_share(card, heat, library)));
    json_value_set(object, "threads_used", json_value_integer(timing->threads));
    json_value_set(object, "processors", json_value_real(timing->processors));
    json_value_set(object, "times_first", json_value_real(ratio.ratio));
    json_value_set(object, "low", json_value_real(ratio.low));
    json_value_set(object, "high", json_value_real(ratio.high));
    json_value_set(object, "repeats", json_boolean(timing->repeats));
    json_value_set(object, "digest", json_value_text(timing->digest));
    return object;
}

static json_t *heat_json(const struct blas_card *card, size_t heat)
{
    const struct blas_heat *at = &card->heats[heat];
    const struct blas_shape shape =
        blas_shape_for(blas_operation_at(at->operation), card->plan.shapes[at->shape]);
    json_t *object = json_value_object(), *libraries = json_value_array();
    json_value_set(object, "operation",
                   json_value_text(blas_operation_at(at->operation)->entry.name));
    json_value_set(object, "rows", json_value_integer((int64_t)shape.rows));
    json_value_set(object, "columns", json_value_integer((int64_t)shape.columns));
    json_value_set(object, "models", json_value_integer((int64_t)shape.models));
    json_value_set(object, "block", json_value_integer((int64_t)shape.block));
    json_value_set(object, "threads", json_value_integer(card->plan.threads[at->threads]));
    for (size_t i = 0; i < card->plan.library_count; i++)
        json_value_append(libraries, timing_json(card, heat, i));
    json_value_set(object, "libraries", libraries);
    return object;
}

void blas_card_json(const struct blas_card *card, FILE *out)
{
    json_t *object = json_value_object(), *libraries = json_value_array(),
           *races = json_value_array();
    for (size_t i = 0; i < card->plan.library_count; i++) {
        json_t *library = library_json(card->plan.libraries[i]);
        json_value_set(library, "behaviour", behaviour_json(&card->behaviours[i]));
        json_value_append(libraries, library);
    }
    for (size_t heat = 0; heat < card->heat_count; heat++)
        json_value_append(races, heat_json(card, heat));
    json_value_set(object, "libraries", libraries);
    json_value_set(object, "races", races);
    json_value_print(out, object);
}
