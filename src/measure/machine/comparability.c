/* SPDX-License-Identifier: MIT
 *
 * A key is the list of the facts that are known, as text. A fact that is an object (the topology)
 * is one for each member, so that what is told to differ is the member.
 */
#include "measure/machine/comparability.h"

#include "base/json_text.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "measure/machine/machine_facts.h"

#include <string.h>

/* --- Reading a record ----------------------------------------------------------------------- */

static void add(struct comparability *key, struct comparable fact)
{
    key->facts = memory_grow(key->facts, &key->capacity, key->count + 1, sizeof *key->facts);
    size_t at = key->count++;
    for (; at > 0 && key->facts[at - 1].fact > fact.fact; at--)
        key->facts[at] = key->facts[at - 1];
    key->facts[at] = fact;
}

static void add_value(struct comparability *key, size_t fact, const char *member,
                      const json_t *value)
{
    struct memory_stream noun;
    FILE *out = memory_stream_open(&noun);
    if (machine_fact_is_missing(value)) {
        memory_free(memory_stream_close(&noun));
        return;
    }
    fprintf(out, "%s%s%s", machine_fact_table[fact].noun, member != NULL ? " " : "",
            member != NULL ? member : "");
    const char *text = json_string_value(value);
    add(key, (struct comparable){
                 .fact = fact,
                 .noun = memory_stream_close(&noun),
                 .value = text != NULL
                              ? memory_copy_text(text)
                              : json_text(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT)});
}

static void add_fact(struct comparability *key, size_t fact, const json_t *value)
{
    const char *member;
    json_t *part;
    if (!json_is_object(value)) {
        add_value(key, fact, NULL, value);
        return;
    }
    json_object_foreach((json_t *)value, member, part)
    {
        add_value(key, fact, member, part);
    }
}

static bool is_of_build(const struct machine_fact *fact)
{
    return strcmp(fact->name, "version") == 0 || strcmp(fact->name, "commit") == 0;
}

struct comparability comparability_read(const char *json, bool build)
{
    struct comparability key = {0};
    json_t *record = json_loads(json, 0, NULL);
    for (size_t i = 0; i < machine_fact_count; i++) {
        const struct machine_fact *fact = &machine_fact_table[i];
        const json_t *group = fact->group == NULL ? record : json_object_get(record, fact->group);
        if (fact->noun != NULL && (build || !is_of_build(fact)))
            add_fact(&key, i, json_object_get(group, fact->name));
    }
    json_decref(record);
    return key;
}

void comparability_clear(struct comparability *key)
{
    for (size_t i = 0; i < key->count; i++) {
        memory_free(key->facts[i].noun);
        memory_free(key->facts[i].value);
    }
    memory_free(key->facts);
    *key = (struct comparability){0};
}

char *comparability_commit(const char *json)
{
    json_t *record = json_loads(json, 0, NULL);
    const json_t *commit = json_object_get(record, "commit");
    char *text = memory_copy_text(machine_fact_is_missing(commit) || !json_is_string(commit)
                                      ? ""
                                      : json_string_value(commit));
    json_decref(record);
    return text;
}

/* --- Two of them ---------------------------------------------------------------------------- */

/* NULL: it is not known. */
static const struct comparable *find(const struct comparability *key, const char *noun)
{
    for (size_t i = 0; i < key->count; i++)
        if (strcmp(key->facts[i].noun, noun) == 0)
            return &key->facts[i];
    return NULL;
}

bool comparability_same(const struct comparability *a, const struct comparability *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct comparable *other = find(b, a->facts[i].noun);
        if (other != NULL && strcmp(other->value, a->facts[i].value) != 0)
            return false;
    }
    return true;
}

/* Takes over what only `more` knows, and lets the rest of it go. */
static void complete(struct comparability *key, struct comparability *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (find(key, more->facts[i].noun) != NULL)
            continue;
        add(key, more->facts[i]);
        more->facts[i] = (struct comparable){0};
    }
    comparability_clear(more);
}

size_t comparability_join(struct comparability_groups *groups, struct comparability key)
{
    for (size_t i = 0; i < groups->count; i++)
        if (comparability_same(&groups->keys[i], &key)) {
            complete(&groups->keys[i], &key);
            return i;
        }
    groups->keys =
        memory_grow(groups->keys, &groups->capacity, groups->count + 1, sizeof *groups->keys);
    groups->keys[groups->count] = key;
    return groups->count++;
}

void comparability_groups_clear(struct comparability_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        comparability_clear(&groups->keys[i]);
    memory_free(groups->keys);
    *groups = (struct comparability_groups){0};
}

/* --- In words ------------------------------------------------------------------------------- */

/* A fact of key number `i`, if no key before has it with the same value; or NULL. */
static const struct comparable *new_fact(const struct comparability *keys, size_t i,
                                         const char *noun)
{
    const struct comparable *own = find(&keys[i], noun);
    for (size_t before = 0; own != NULL && before < i; before++) {
        const struct comparable *other = find(&keys[before], noun);
        if (other != NULL && strcmp(other->value, own->value) == 0)
            return NULL;
    }
    return own;
}

/* How many values a fact has; `*known` of how many keys. */
static size_t count_values(const struct comparability *keys, size_t count, const char *noun,
                           size_t *known)
{
    size_t values = 0;
    *known = 0;
    for (size_t i = 0; i < count; i++) {
        values += new_fact(keys, i, noun) != NULL;
        *known += find(&keys[i], noun) != NULL;
    }
    return values;
}

/* "kernel 6.1.0-18, 6.1.0-20 and 6.1.0-21"; lists, such as caches, only by their name. */
static void write_values(const struct comparability *keys, size_t count, const char *noun,
                         size_t values, FILE *out)
{
    size_t written = 0;
    fputs(text_shown(noun), out);
    for (size_t i = 0; i < count; i++) {
        const struct comparable *fact = new_fact(keys, i, noun);
        if (fact == NULL || *fact->value == '[')
            continue;
        written++;
        fprintf(out, "%s%s",
                written == 1        ? " "
                : written == values ? " and "
                                    : ", ",
                text_shown(fact->value));
    }
}

/* Is this the first key that knows the fact? */
static bool is_first(const struct comparability *keys, size_t i, const char *noun)
{
    for (size_t before = 0; before < i; before++)
        if (find(&keys[before], noun) != NULL)
            return false;
    return true;
}

/* Either the facts that differ or those that not all know. */
static void write_facts(const struct comparability *keys, size_t count, bool unknown,
                        const char **separator, FILE *out)
{
    for (size_t fact = 0; fact < machine_fact_count; fact++)
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < keys[i].count; j++) {
                const struct comparable *own = &keys[i].facts[j];
                size_t known, values;
                if (own->fact != fact || !is_first(keys, i, own->noun))
                    continue;
                values = count_values(keys, count, own->noun, &known);
                if (unknown ? values > 1 || known == count : values < 2)
                    continue;
                fputs(*separator, out);
                *separator = "; ";
                if (unknown)
                    fprintf(out, "%s not known of all", text_shown(own->noun));
                else
                    write_values(keys, count, own->noun, values, out);
            }
}

char *comparability_differences(const struct comparability *keys, size_t count)
{
    struct memory_stream stream;
    const char *separator = "";
    FILE *out = memory_stream_open(&stream);
    write_facts(keys, count, false, &separator, out);
    write_facts(keys, count, true, &separator, out);
    return memory_stream_close(&stream);
}
