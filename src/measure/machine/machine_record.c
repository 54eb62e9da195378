/* SPDX-License-Identifier: MIT
 *
 * The table of facts is walked: each fact is a member of its group's object.
 */
#include "measure/machine/machine_record.h"

#include "base/json_text.h"
#include "base/memory.h"
#include "measure/machine/machine_facts.h"

#include <stdio.h>
#include <string.h>

void machine_libraries(struct library libraries[static MACHINE_LIBRARIES])
{
    int count = 0;
    for (size_t i = 0; i < machine_fact_count && count < MACHINE_LIBRARIES; i++) {
        const struct machine_fact *fact = &machine_fact_table[i];
        if (fact->group == NULL || strcmp(fact->group, "libraries") != 0)
            continue;
        json_t *version = machine_fact_value(fact, NULL);
        struct library *library = &libraries[count++];
        *library = (struct library){.name = fact->name};
        snprintf(library->version, sizeof library->version, "%s",
                 json_is_string(version) ? json_string_value(version) : "");
        json_decref(version);
    }
}

/* The object that a fact is a member of. */
static json_t *object_of(json_t *record, const struct machine_fact *fact)
{
    if (fact->group == NULL)
        return record;
    json_t *group = json_object_get(record, fact->group);
    if (group == NULL) {
        group = json_object();
        if (json_object_set_new(record, fact->group, group) != 0)
            memory_exhausted(1, sizeof(json_t));
    }
    return group;
}

char *machine_json(void)
{
    struct machine machine;
    machine_read(&machine);
    json_t *record = json_object();
    for (size_t i = 0; i < machine_fact_count; i++) {
        const struct machine_fact *fact = &machine_fact_table[i];
        if (json_object_set_new(object_of(record, fact), fact->name,
                                machine_fact_value(fact, &machine)) != 0)
            memory_exhausted(1, sizeof(json_t));
    }
    char *text = json_text(record, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(record);
    return text;
}
