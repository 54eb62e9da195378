/* SPDX-License-Identifier: MIT
 *
 * The table of settings of generators, and setting them by name.
 */
#include "data/generators/generator.h"

#include <stdio.h>
#include <string.h>

#define FIELD(name_) .offset = offsetof(struct generator_settings, name_)

const struct generator_setting generator_settings_table[] = {
    {
        .entry = {"rows", "how many rows to generate"},
        .type = TYPE_INTEGER,
        FIELD(rows),
        .minimum = 2,
        .maximum = UINT32_MAX,
        .flag = SETTING_ROWS,
    },
    {
        .entry = {"features", "how many features a row has"},
        .type = TYPE_INTEGER,
        FIELD(features),
        .minimum = 1,
        .maximum = INT32_MAX, /* what BLAS counts with */
        .flag = SETTING_FEATURES,
    },
    {
        .entry = {"separation", "distance of the class means, in standard deviations"},
        .type = TYPE_REAL,
        FIELD(separation),
        .maximum = 1e6,
        .flag = SETTING_SEPARATION,
    },
    {
        .entry = {"noise", "share of labels that are flipped"},
        .type = TYPE_REAL,
        FIELD(noise),
        .maximum = 0.5,
        .flag = SETTING_NOISE,
    },
    {
        .entry = {"condition", "largest variance of a feature over the smallest"},
        .type = TYPE_REAL,
        FIELD(condition),
        .minimum = 1,
        .maximum = 1e16,
        .flag = SETTING_CONDITION,
    },
    {
        .entry = {"seed", "seed of the random numbers"},
        .type = TYPE_INTEGER,
        FIELD(seed),
        .maximum = LARGEST_INTEGER,
        .flag = SETTING_SEED,
    },
};

const size_t generator_settings_count =
    sizeof generator_settings_table / sizeof *generator_settings_table;

const struct generator_setting *generator_setting_find(const char *name)
{
    for (size_t i = 0; i < generator_settings_count; i++)
        if (strcmp(generator_settings_table[i].entry.name, name) == 0)
            return &generator_settings_table[i];
    return NULL;
}

/* The settings that a generator uses, as a table for messages; `used` has room for all. */
static struct table settings_used(const struct generator *generator, const struct entry **used)
{
    size_t count = 0;
    for (size_t i = 0; i < generator_settings_count; i++)
        if (generator->uses & generator_settings_table[i].flag)
            used[count++] = &generator_settings_table[i].entry;
    return (struct table){.noun = "setting", .entries = used, .count = count};
}

static void unknown_describe(const struct generator *generator, const char *name, char *reason,
                             size_t size)
{
    const struct entry *used[sizeof generator_settings_table / sizeof *generator_settings_table];
    struct table table = settings_used(generator, used);
    char text[256];
    if (generator_setting_find(name) != NULL)
        snprintf(reason, size, "generator %s does not use '%s'; it uses: %s", generator->entry.name,
                 name, table_names(&table, text, sizeof text));
    else
        table_unknown(&table, name, reason, size);
}

bool generator_set(const struct generator *generator, struct generator_settings *settings,
                   const char *name, const char *text, char *reason, size_t size)
{
    const struct generator_setting *row = generator_setting_find(name);
    struct value value;
    if (row == NULL || !(generator->uses & row->flag)) {
        unknown_describe(generator, name, reason, size);
        return false;
    }
    if (!setting_parse(&row->setting, text, &value, reason, size))
        return false;
    setting_set(&row->setting, settings, value);
    return true;
}

const char *generator_setting_text(const struct generator_setting *row,
                                   const struct generator *generator,
                                   const struct generator_settings *settings,
                                   char number[static TEXT_NUMBER])
{
    struct value value = setting_get(&row->setting, settings);
    bool own =
        setting_equal(&row->setting, value, setting_get(&row->setting, &generator->defaults));
    return (generator->uses & row->flag) == 0 || own ? NULL
                                                     : setting_text(&row->setting, value, number);
}
