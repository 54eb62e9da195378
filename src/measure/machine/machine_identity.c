/* SPDX-License-Identifier: MIT
 *
 * Two records are of one machine where all facts are equal that both have and that are part of its
 * identity (machine_facts.h), and there is such a fact. What one of them lacks, because the system
 * did not tell it, or an earlier descent did not ask, tells nothing.
 */
#include "measure/machine/machine_identity.h"

#include "base/json_text.h"
#include "base/memory.h"
#include "measure/machine/machine_facts.h"

#include <jansson.h>
#include <string.h>

struct machine_facts {
    json_t *object;
};

struct machine_facts *machine_facts_read(const char *json)
{
    json_t *object = json_loads(json, 0, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return NULL;
    }
    struct machine_facts *facts = memory_allocate(1, sizeof *facts);
    facts->object = object;
    return facts;
}

void machine_facts_free(struct machine_facts *facts)
{
    if (facts == NULL)
        return;
    json_decref(facts->object);
    memory_free(facts);
}

bool machine_is_sound(const char *json)
{
    struct machine_facts *facts = machine_facts_read(json);
    machine_facts_free(facts);
    return facts != NULL;
}

/* One that this program does not know, of an earlier or a later one, is part of the identity. */
static bool is_identity(const char *group, const char *name)
{
    for (size_t i = 0; i < machine_fact_count; i++) {
        const struct machine_fact *fact = &machine_fact_table[i];
        const bool same_group = group == NULL || fact->group == NULL
                                    ? group == fact->group
                                    : strcmp(group, fact->group) == 0;
        if (same_group && strcmp(fact->name, name) == 0)
            return fact->identity;
    }
    return true;
}

/* Are the facts equal that both objects have? Counts them. */
static bool members_are_same(const json_t *a, const json_t *b, const char *group, size_t *common)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)a, name, value)
    {
        const json_t *other = json_object_get(b, name);
        if (!is_identity(group, name) || machine_fact_is_missing(value) ||
            machine_fact_is_missing(other))
            continue;
        if (group == NULL && json_is_object(value) && json_is_object(other)) {
            if (!members_are_same(value, other, name, common))
                return false;
            continue;
        }
        if (!json_equal(value, other))
            return false;
        ++*common;
    }
    return true;
}

bool machine_facts_same(const struct machine_facts *a, const struct machine_facts *b)
{
    size_t common = 0;
    if (a == NULL || b == NULL)
        return false;
    return json_equal(a->object, b->object) ||
           (members_are_same(a->object, b->object, NULL, &common) && common > 0);
}

char *machine_facts_complete(const struct machine_facts *known, const struct machine_facts *more)
{
    bool added = false;
    json_t *object = json_copy(known->object); /* its members are shared, and not changed */
    for (size_t i = 0; i < machine_fact_count; i++) {
        const struct machine_fact *fact = &machine_fact_table[i];
        json_t *value = json_object_get(more->object, fact->name);
        if (fact->identity || fact->group != NULL || machine_fact_is_missing(value) ||
            !machine_fact_is_missing(json_object_get(object, fact->name)))
            continue;
        added = json_object_set(object, fact->name, value) == 0 || added;
    }
    char *text = added ? json_text(object, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}
