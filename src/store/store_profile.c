/* SPDX-License-Identifier: MIT
 *
 * Rows of the tables of a profile. Numbers of one kind lie in one table, whatever they are called:
 * a phase or a counter that is invented later is a row, not a column.
 */
#include "store/store_profile.h"

#include "base/memory.h"
#include "store/store_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(list_) (sizeof(list_) / sizeof *(list_))

static const char *const counted_regions = "regions", *const counted_sums = "sums",
                         *const counted_sum_bytes = "sum bytes",
                         *const counted_messages = "messages",
                         *const counted_message_bytes = "message bytes";

/* What a ceiling is of. */
enum ceiling_kind { KIND_READ, KIND_GEMM, KIND_FORK_JOIN, KIND_BARRIER, KIND_COUNT };
static const char *const kinds[KIND_COUNT] = {"read", "gemm", "fork-join", "barrier"};

static enum ceiling_kind kind_find(const char *name)
{
    enum ceiling_kind kind = 0;
    while (kind < KIND_COUNT && strcmp(kinds[kind], name) != 0)
        kind++;
    return kind;
}

bool store_is_ceiling(const char *kind)
{
    return kind_find(kind) != KIND_COUNT;
}

/* --- A trial --------------------------------------------------------------------------------- */

static bool add_counter(struct store *store, int64_t trial, const char *name, double value,
                        struct error *error)
{
    const struct cell cells[] = {cell_integer(trial), cell_text(name), cell_real(value)};
    return isnan(value) || store_run(store, STATEMENT_ADD_COUNTER, cells, COUNT(cells), error);
}

static bool add_traffic(struct store *store, int64_t trial, const struct ranks_traffic *traffic,
                        struct error *error)
{
    return add_counter(store, trial, counted_sums, traffic->sums, error) &&
           add_counter(store, trial, counted_sum_bytes, traffic->sum_bytes, error) &&
           add_counter(store, trial, counted_messages, traffic->messages, error) &&
           add_counter(store, trial, counted_message_bytes, traffic->bytes, error);
}

static bool add_phases(struct store *store, int64_t trial, const struct phase_totals *totals,
                       struct error *error)
{
    bool done = true;
    for (enum phase phase = 0; phase < PHASE_COUNT && done; phase++) {
        const struct cell cells[] = {
            cell_integer(trial),
            cell_text(phases[phase].name),
            cell_real(totals->seconds[phase]),
            cell_real(totals->cost[phase].flops),
            cell_real(totals->cost[phase].bytes),
        };
        if (totals->seconds[phase] != 0.0 || totals->cost[phase].bytes != 0.0)
            done = store_run(store, STATEMENT_ADD_PHASE, cells, COUNT(cells), error);
    }
    for (int t = 0; t < totals->threads && done; t++) {
        const struct cell cells[] = {cell_integer(trial), cell_integer(t),
                                     cell_real(totals->thread[t].work),
                                     cell_real(totals->thread[t].wait)};
        done = store_run(store, STATEMENT_ADD_PHASE_THREAD, cells, COUNT(cells), error);
    }
    return done && add_counter(store, trial, counted_regions, totals->regions, error) &&
           (totals->traffic.sums == 0.0 || add_traffic(store, trial, &totals->traffic, error));
}

static bool add_counters(struct store *store, int64_t trial, const struct counters *counters,
                         struct error *error)
{
    bool done = true;
    for (size_t i = 0; i < COUNTER_VALUE_COUNT && done; i++)
        done = add_counter(store, trial, counter_value_names[i], counter_value(counters, i), error);
    return done;
}

bool store_add_profile(struct store *store, int64_t trial, const struct phase_totals *totals,
                       const struct counters *counters, struct error *error)
{
    return (totals == NULL || add_phases(store, trial, totals, error)) &&
           (counters == NULL || add_counters(store, trial, counters, error));
}

static bool read_phases(struct store *store, int64_t trial, struct phase_totals *totals,
                        struct error *error)
{
    const struct cell cells[] = {cell_integer(trial)};
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_PHASES, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        enum phase phase = phase_find(column_text(statement, 0));
        if (phase == PHASE_COUNT)
            continue;
        totals->seconds[phase] = column_real(statement, 1);
        totals->wall += totals->seconds[phase];
        totals->cost[phase].flops = column_real(statement, 2);
        totals->cost[phase].bytes = column_real(statement, 3);
    }
    return error->kind == ERROR_NONE;
}

static bool read_threads(struct store *store, int64_t trial, struct phase_totals *totals,
                         struct error *error)
{
    size_t capacity = 0;
    const struct cell cells[] = {cell_integer(trial)};
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_PHASE_THREADS, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        size_t count = (size_t)totals->threads++;
        totals->thread = memory_grow(totals->thread, &capacity, count + 1, sizeof *totals->thread);
        totals->thread[count] =
            (struct phase_thread){column_real(statement, 0), column_real(statement, 1)};
    }
    return error->kind == ERROR_NONE;
}

/* A row of what was counted beside the hardware's counters. */
static void take_counted(struct phase_totals *totals, const char *name, double value)
{
    const struct {
        const char *name;
        double *field;
    } counted[] = {
        {counted_regions, &totals->regions},
        {counted_sums, &totals->traffic.sums},
        {counted_sum_bytes, &totals->traffic.sum_bytes},
        {counted_messages, &totals->traffic.messages},
        {counted_message_bytes, &totals->traffic.bytes},
    };
    for (size_t i = 0; i < COUNT(counted); i++)
        if (strcmp(name, counted[i].name) == 0)
            *counted[i].field = value;
}

static bool read_counters(struct store *store, int64_t trial, struct phase_totals *totals,
                          double counters[static COUNTER_VALUE_COUNT], struct error *error)
{
    const struct cell cells[] = {cell_integer(trial)};
    for (size_t i = 0; i < COUNTER_VALUE_COUNT; i++)
        counters[i] = NAN;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_COUNTERS, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        const char *name = column_text(statement, 0);
        take_counted(totals, name, column_real(statement, 1));
        for (size_t i = 0; i < COUNTER_VALUE_COUNT; i++)
            if (strcmp(counter_value_names[i], name) == 0)
                counters[i] = column_real(statement, 1);
    }
    return error->kind == ERROR_NONE;
}

bool store_read_profile(struct store *store, int64_t trial, struct phase_totals **totals,
                        double counters[static COUNTER_VALUE_COUNT], struct error *error)
{
    struct phase_totals *found = memory_allocate(1, sizeof *found);
    bool done = read_phases(store, trial, found, error) &&
                read_threads(store, trial, found, error) &&
                read_counters(store, trial, found, counters, error);
    *totals = done && found->wall > 0.0 ? found : NULL; /* shares of no time are no numbers */
    if (*totals == NULL)
        phase_totals_free(found);
    return done;
}

bool store_has_profiles(struct store *store, bool *any, struct error *error)
{
    int64_t found = 0;
    bool done = store_number(store, "SELECT EXISTS (SELECT 1 FROM phase)", &found, error);
    *any = found != 0;
    return done;
}

/* --- A machine ------------------------------------------------------------------------------- */

static bool add_ceiling(struct store *store, int64_t machine, const struct ceilings *ceilings,
                        const char *kind, const struct read_ceiling *ceiling, struct error *error)
{
    const struct cell cells[] = {
        cell_integer(machine),     cell_integer(ceilings->threads),    cell_text(kind),
        cell_real(ceiling->bytes), cell_integer(ceiling->cache_level), cell_real(ceiling->rate),
    };
    return store_run(store, STATEMENT_ADD_CEILING, cells, COUNT(cells), error);
}

bool store_add_ceilings(struct store *store, int64_t machine, const struct ceilings *ceilings,
                        struct error *error)
{
    const struct cell key[] = {cell_integer(machine), cell_integer(ceilings->threads)};
    const struct {
        const char *kind;
        struct read_ceiling value;
    } others[] = {
        {kinds[KIND_GEMM], {.rate = ceilings->gemm_rate}},
        {kinds[KIND_FORK_JOIN], {.rate = ceilings->fork_join_seconds}},
        {kinds[KIND_BARRIER], {.rate = ceilings->barrier_seconds}},
    };
    bool own;
    if (!store_begin_or_join(store, &own, error))
        return false;
    bool done = store_run(store, STATEMENT_FORGET_CEILINGS, key, COUNT(key), error);
    for (size_t i = 0; i < ceilings->read_count && done; i++)
        done = add_ceiling(store, machine, ceilings, kinds[KIND_READ], &ceilings->reads[i], error);
    for (size_t i = 0; i < COUNT(others) && done; i++)
        done = add_ceiling(store, machine, ceilings, others[i].kind, &others[i].value, error);
    return store_finish(store, own, done, error);
}

/* A row, into the ceilings of its number of threads. */
static void take_ceiling(struct ceilings *ceilings, sqlite3_stmt *statement)
{
    double value = column_real(statement, 4);
    switch (kind_find(column_text(statement, 1))) {
    case KIND_GEMM:
        ceilings->gemm_rate = value;
        break;
    case KIND_FORK_JOIN:
        ceilings->fork_join_seconds = value;
        break;
    case KIND_BARRIER:
        ceilings->barrier_seconds = value;
        break;
    case KIND_READ:
        if (ceilings->read_count < CEILING_READS)
            ceilings->reads[ceilings->read_count++] = (struct read_ceiling){
                column_real(statement, 2), value, sqlite3_column_int(statement, 3)};
        break;
    case KIND_COUNT:
        break;
    }
}

bool store_read_ceilings(struct store *store, int64_t machine, struct ceilings **list,
                         size_t *count, struct error *error)
{
    size_t capacity = 0;
    const struct cell cells[] = {cell_integer(machine)};
    *list = NULL;
    *count = 0;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_CEILINGS, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        int threads = sqlite3_column_int(statement, 0);
        if (*count == 0 || (*list)[*count - 1].threads != threads) {
            *list = memory_grow(*list, &capacity, *count + 1, sizeof **list);
            (*list)[(*count)++] = (struct ceilings){.threads = threads};
        }
        take_ceiling(&(*list)[*count - 1], statement);
    }
    if (error->kind == ERROR_NONE)
        return true;
    memory_free(*list);
    *list = NULL;
    return false;
}

bool store_add_exchange(struct store *store, int64_t machine, const struct exchange_sample *samples,
                        size_t count, struct error *error)
{
    bool own, done = true;
    if (!store_begin_or_join(store, &own, error))
        return false;
    for (size_t i = 0; i < count && done; i++) {
        const struct cell cells[] = {
            cell_integer(machine),
            cell_integer(samples[i].ranks),
            cell_integer(samples[i].per_host),
            cell_real(samples[i].bytes),
            cell_real(samples[i].seconds),
            cell_real(samples[i].any_seconds),
        };
        done = store_run(store, STATEMENT_ADD_EXCHANGE, cells, COUNT(cells), error);
    }
    return store_finish(store, own, done, error);
}

bool store_read_exchange(struct store *store, int64_t machine, struct exchange_sample **list,
                         size_t *count, struct error *error)
{
    size_t capacity = 0;
    const struct cell cells[] = {cell_integer(machine)};
    *list = NULL;
    *count = 0;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_EXCHANGE, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        *list = memory_grow(*list, &capacity, *count + 1, sizeof **list);
        (*list)[(*count)++] = (struct exchange_sample){
            .ranks = sqlite3_column_int64(statement, 0),
            .per_host = sqlite3_column_int64(statement, 1),
            .bytes = column_real(statement, 2),
            .seconds = column_real(statement, 3),
            .any_seconds = column_real(statement, 4),
        };
    }
    if (error->kind == ERROR_NONE)
        return true;
    memory_free(*list);
    *list = NULL;
    return false;
}

bool store_add_remark(struct store *store, int64_t machine, const char *about, const char *text,
                      struct error *error)
{
    const struct cell cells[] = {cell_integer(machine), cell_text(about), cell_text(text)};
    return store_run(store, STATEMENT_ADD_REMARK, cells, COUNT(cells), error);
}

bool store_read_remarks(struct store *store, int64_t machine, struct remark **list, size_t *count,
                        struct error *error)
{
    size_t capacity = 0;
    const struct cell cells[] = {cell_integer(machine)};
    *list = NULL;
    *count = 0;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_REMARKS, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        *list = memory_grow(*list, &capacity, *count + 1, sizeof **list);
        struct remark *remark = &(*list)[(*count)++];
        snprintf(remark->about, sizeof remark->about, "%s", column_text(statement, 0));
        snprintf(remark->text, sizeof remark->text, "%s", column_text(statement, 1));
    }
    if (error->kind == ERROR_NONE)
        return true;
    memory_free(*list);
    *list = NULL;
    return false;
}
