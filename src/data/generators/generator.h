/* SPDX-License-Identifier: MIT
 *
 * Generators of data sets: one row each in generator_table (descent list generators). The same
 * settings give the same bits on any machine and at any number of threads: every row of the set
 * draws from random streams of its own.
 */
#ifndef DESCENT_DATA_GENERATORS_GENERATOR_H
#define DESCENT_DATA_GENERATORS_GENERATOR_H

#include "base/setting.h"
#include "data/source.h"

/* What a generator can be told; it refuses the rest. */
enum {
    SETTING_ROWS = 1,
    SETTING_FEATURES = 2,
    SETTING_SEPARATION = 4,
    SETTING_NOISE = 8,
    SETTING_CONDITION = 16,
    SETTING_SEED = 32,
};

struct generator {
    struct entry entry;
    unsigned uses; /* SETTING_... */
    struct generator_settings defaults;
    const char *class_names[2];
    const char *const *feature_names; /* (defaults.features), or NULL: x1, x2, ... */

    /* Fills X and y with data->rows rows, from number `first` on, of the set of settings->rows and
     * settings->features, with `threads` threads. Such a set has at least two rows, and rows 0 and
     * 1 are of classes 0 and 1. */
    void (*generate)(const struct generator_settings *settings, size_t first, int threads,
                     struct dataset *data);
};

extern const struct table generator_table;

/* One setting, from whose row the sweep file, the command line and the description follow. */
struct generator_setting {
    SETTING_ROW;   /* of a field of struct generator_settings */
    unsigned flag; /* SETTING_... */
};

extern const struct generator_setting generator_settings_table[];
extern const size_t generator_settings_count;

/* The setting of that name, or NULL. */
const struct generator_setting *generator_setting_find(const char *name);

/* The value as text, perhaps in `number`; NULL where the generator does not use it, or has it as
 * its default. */
const char *generator_setting_text(const struct generator_setting *row,
                                   const struct generator *generator,
                                   const struct generator_settings *settings,
                                   char number[static TEXT_NUMBER]);

/* Sets one setting by name after checking that the generator uses it, its type and its range. On
 * failure writes why to `reason` (no place, no full stop) and returns false. */
bool generator_set(const struct generator *generator, struct generator_settings *settings,
                   const char *name, const char *text, char *reason, size_t size);

#endif
