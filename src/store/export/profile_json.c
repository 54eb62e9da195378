/* SPDX-License-Identifier: MIT
 *
 * Names and numbers as they are stored; null is a number that is not known.
 */
#include "store/export/profile_json.h"

#include "base/memory.h"
#include "store/json_value.h"

/* Those that took time or declare work. */
static json_t *phases_to_json(const struct phase_totals *totals)
{
    json_t *list = json_value_array();
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        const struct phase_cost *cost = &totals->cost[phase];
        if (totals->seconds[phase] == 0.0 && cost->bytes == 0.0)
            continue;
        json_t *object = json_value_object();
        json_value_set(object, "phase", json_value_text(phases[phase].name));
        json_value_set(object, "seconds", json_value_real(totals->seconds[phase]));
        json_value_set(object, "flops", json_value_real(cost->flops));
        json_value_set(object, "bytes", json_value_real(cost->bytes));
        json_value_append(list, object);
    }
    return list;
}

static json_t *threads_to_json(const struct phase_totals *totals)
{
    json_t *list = json_value_array();
    for (int t = 0; t < totals->threads; t++) {
        json_t *object = json_value_object();
        json_value_set(object, "work_seconds", json_value_real(totals->thread[t].work));
        json_value_set(object, "wait_seconds", json_value_real(totals->thread[t].wait));
        json_value_append(list, object);
    }
    return list;
}

bool profile_trial_to_json(struct store *store, int64_t trial, json_t *object, struct error *error)
{
    struct phase_totals *totals = NULL;
    double counters[COUNTER_VALUE_COUNT];
    if (!store_read_profile(store, trial, &totals, counters, error))
        return false;
    if (totals == NULL)
        return true;
    json_t *profile = json_value_object(), *counted = json_value_object();
    for (size_t i = 0; i < COUNTER_VALUE_COUNT; i++)
        json_value_set(counted, counter_value_names[i], json_value_real(counters[i]));
    json_value_set(profile, "phases", phases_to_json(totals));
    json_value_set(profile, "threads", threads_to_json(totals));
    json_value_set(profile, "regions", json_value_real(totals->regions));
    json_value_set(profile, "counters", counted);
    json_value_set(object, "profile", profile);
    phase_totals_free(totals);
    return true;
}

static json_t *ceilings_to_json(const struct ceilings *ceilings)
{
    json_t *object = json_value_object(), *reads = json_value_array();
    for (size_t i = 0; i < ceilings->read_count; i++) {
        const struct read_ceiling *read = &ceilings->reads[i];
        json_t *one = json_value_object();
        json_value_set(one, "bytes", json_value_real(read->bytes));
        json_value_set(one, "cache_level", json_value_integer(read->cache_level));
        json_value_set(one, "bytes_per_second", json_value_real(read->rate));
        json_value_append(reads, one);
    }
    json_value_set(object, "threads", json_value_integer(ceilings->threads));
    json_value_set(object, "reads", reads);
    json_value_set(object, "gemm_flops_per_second", json_value_real(ceilings->gemm_rate));
    json_value_set(object, "fork_join_seconds", json_value_real(ceilings->fork_join_seconds));
    json_value_set(object, "barrier_seconds", json_value_real(ceilings->barrier_seconds));
    return object;
}

static json_t *remarks_to_json(const struct remark *remarks, size_t count)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_value_object();
        json_value_set(object, "about", json_value_text(remarks[i].about));
        json_value_set(object, "text", json_value_text(remarks[i].text));
        json_value_append(list, object);
    }
    return list;
}

bool profile_machine_to_json(struct store *store, int64_t machine, json_t *object,
                             struct error *error)
{
    struct ceilings *ceilings;
    struct remark *remarks;
    size_t count, remark_count;
    if (!store_read_ceilings(store, machine, &ceilings, &count, error))
        return false;
    json_t *list = json_value_array();
    for (size_t i = 0; i < count; i++)
        json_value_append(list, ceilings_to_json(&ceilings[i]));
    memory_free(ceilings);
    if (count > 0)
        json_value_set(object, "ceilings", list);
    else
        json_decref(list);
    if (!store_read_remarks(store, machine, &remarks, &remark_count, error))
        return false;
    if (remark_count > 0)
        json_value_set(object, "remarks", remarks_to_json(remarks, remark_count));
    memory_free(remarks);
    return true;
}
