/* SPDX-License-Identifier: MIT
 *
 * The table of settings of generators. A setting is stored as the type it is and set as
 * a double: integers up to 2^53 pass through one unharmed.
 */
#include "data/generators/generator.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static double get_rows(const struct generator_settings *settings)
{
    return (double)settings->rows;
}

static void set_rows(struct generator_settings *settings, double value)
{
    settings->rows = (size_t)value;
}

static double get_features(const struct generator_settings *settings)
{
    return (double)settings->features;
}

static void set_features(struct generator_settings *settings, double value)
{
    settings->features = (size_t)value;
}

static double get_separation(const struct generator_settings *settings)
{
    return settings->separation;
}

static void set_separation(struct generator_settings *settings, double value)
{
    settings->separation = value;
}

static double get_noise(const struct generator_settings *settings)
{
    return settings->noise;
}

static void set_noise(struct generator_settings *settings, double value)
{
    settings->noise = value;
}

static double get_condition(const struct generator_settings *settings)
{
    return settings->condition;
}

static void set_condition(struct generator_settings *settings, double value)
{
    settings->condition = value;
}

static double get_seed(const struct generator_settings *settings)
{
    return (double)settings->seed;
}

static void set_seed(struct generator_settings *settings, double value)
{
    settings->seed = (uint64_t)value;
}

const struct generator_setting generator_settings_table[] = {
    {
        .entry = {"rows", "how many rows to generate"},
        .flag = SETTING_ROWS,
        .minimum = 2,
        .maximum = UINT32_MAX,
        .integer = true,
        .get = get_rows,
        .set = set_rows,
    },
    {
        .entry = {"features", "how many features a row has"},
        .flag = SETTING_FEATURES,
        .minimum = 1,
        .maximum = INT32_MAX, /* what BLAS counts with */
        .integer = true,
        .get = get_features,
        .set = set_features,
    },
    {
        .entry = {"separation", "distance of the class means, in standard deviations"},
        .flag = SETTING_SEPARATION,
        .minimum = 0,
        .maximum = 1e6,
        .get = get_separation,
        .set = set_separation,
    },
    {
        .entry = {"noise", "share of labels that are flipped"},
        .flag = SETTING_NOISE,
        .minimum = 0,
        .maximum = 0.5,
        .get = get_noise,
        .set = set_noise,
    },
    {
        .entry = {"condition", "largest variance of a feature over the smallest"},
        .flag = SETTING_CONDITION,
        .minimum = 1,
        .maximum = 1e16,
        .get = get_condition,
        .set = set_condition,
    },
    {
        .entry = {"seed", "seed of the random numbers"},
        .flag = SETTING_SEED,
        .minimum = 0,
        .maximum = 0x1p53,
        .integer = true,
        .get = get_seed,
        .set = set_seed,
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

static bool value_parse(const struct generator_setting *setting, const char *text, double *value)
{
    int64_t whole;
    if (setting->integer) { /* compared as such: rounded, the first one too large is in range */
        if (!text_to_integer(text, &whole) || whole < (int64_t)setting->minimum ||
            whole > (int64_t)setting->maximum)
            return false;
        *value = (double)whole;
        return true;
    }
    return text_to_real(text, value) && *value >= setting->minimum && *value <= setting->maximum;
}

bool generator_set(const struct generator *generator, struct generator_settings *settings,
                   const char *name, const char *value, char *reason, size_t size)
{
    const struct generator_setting *setting = generator_setting_find(name);
    if (setting == NULL || !(generator->uses & setting->flag)) {
        unknown_describe(generator, name, reason, size);
        return false;
    }
    double number;
    if (!value_parse(setting, value, &number)) {
        char from[TEXT_NUMBER], to[TEXT_NUMBER];
        snprintf(reason, size, "%s: '%s'%s is not %s from %s to %s", name, value,
                 setting->integer ? "" : text_real_fault(value),
                 setting->integer ? "an integer" : "a number",
                 text_from_real(from, setting->minimum), text_from_real(to, setting->maximum));
        return false;
    }
    setting->set(settings, number);
    return true;
}
