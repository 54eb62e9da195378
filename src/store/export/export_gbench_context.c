/* SPDX-License-Identifier: MIT
 *
 * The context of Google Benchmark's JSON, from the sweep and from what the machine was recorded to
 * be. `date` is when the export was made. What is not recorded (host_name, mhz_per_cpu, load_avg)
 * is left out or empty, never made up; nor are keys whose fact is unknown there.
 */
#include "store/export/export_gbench.h"

#include "base/memory.h"
#include "store/json_value.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static json_t *now_to_json(void)
{
    char text[40];
    struct tm utc;
    time_t now = time(NULL);
    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &utc);
    return json_value_text(text);
}

/* The size of one cache, as the library has it, and the processors that share it. */
static json_t *caches_to_json(const json_t *recorded)
{
    json_t *caches = json_value_array();
    for (size_t i = 0; i < json_array_size(recorded); i++) {
        const json_t *cache = json_array_get(recorded, i);
        int64_t level = json_integer_value(json_object_get(cache, "level"));
        json_t *object = json_value_object();
        json_value_set(object, "type", json_value_text(level == 1 ? "Data" : "Unified"));
        json_value_set(object, "level", json_value_integer(level));
        json_value_set(object, "size",
                       json_value_integer(json_integer_value(json_object_get(cache, "bytes"))));
        json_value_set(object, "num_sharing",
                       json_value_integer(json_integer_value(json_object_get(cache, "shared_by"))));
        json_value_append(caches, object);
    }
    return caches;
}

/* Assertions stay on in every build: what makes one slow is no optimisation, or a sanitizer. */
static const char *build_type(const char *flags)
{
    bool optimised = strstr(flags, "-O2") != NULL || strstr(flags, "-O3") != NULL;
    return optimised && strstr(flags, "-fsanitize") == NULL ? "release" : "debug";
}

/* What the library has a key for, from the recorded facts (measure/machine/machine.c); old stores
 * have fewer. */
static void set_known_facts(json_t *context, const json_t *facts)
{
    const json_t *threads = json_object_get(facts, "threads");
    const char *governor =
        json_string_value(json_object_get(json_object_get(facts, "settings"), "governor"));
    const char *flags = json_string_value(json_object_get(facts, "flags"));
    if (json_is_integer(threads))
        json_value_set(context, "num_cpus", json_value_integer(json_integer_value(threads)));
    if (governor != NULL && strncmp(governor, "unknown", strlen("unknown")) != 0)
        json_value_set(context, "cpu_scaling_enabled",
                       json_boolean(strcmp(governor, "performance") != 0));
    json_value_set(context, "caches",
                   caches_to_json(json_object_get(json_object_get(facts, "topology"), "caches")));
    json_value_set(context, "load_avg", json_value_array());
    if (flags != NULL)
        json_value_set(context, "library_build_type", json_value_text(build_type(flags)));
}

/* All of them, under the keys that descent_bench gives them: texts, as the library's own are. */
static void set_custom_facts(json_t *context, json_t *facts)
{
    const char *key;
    json_t *value;
    json_object_foreach(facts, key, value)
    {
        char name[64];
        snprintf(name, sizeof name, "descent_%s", key);
        char *other = json_text(value, JSON_SORT_KEYS | JSON_COMPACT);
        json_value_set(context, name,
                       json_value_text(json_is_string(value) ? json_string_value(value) : other));
        memory_free(other);
    }
}

json_t *gbench_machine_context(const char *record)
{
    json_t *facts = record != NULL ? json_loads(record, 0, NULL) : NULL; /* NULL has no members */
    json_t *object = json_value_object();
    json_value_set(object, "date", now_to_json());
    json_value_set(object, "executable", json_value_text("descent"));
    set_known_facts(object, facts);
    json_value_set(object, "json_schema_version", json_value_integer(1));
    set_custom_facts(object, facts);
    json_decref(facts);
    return object;
}

bool gbench_context(struct store *store, const struct stored_sweep *sweep,
                    const struct stored_trial *first, json_t **context, struct error *error)
{
    char *record = NULL;
    if (first != NULL) {
        record = store_read_machine(store, first->machine, error);
        if (record == NULL)
            return false;
    }
    json_t *object = gbench_machine_context(record);
    json_value_set(object, "descent_sweep", json_value_text(sweep->name));
    json_value_set(object, "descent_question", json_value_text(sweep->question));
    if (first != NULL)
        json_value_set(object, "descent_machine", json_value_integer(first->machine));
    memory_free(record);
    *context = object;
    return true;
}
