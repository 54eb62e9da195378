/* SPDX-License-Identifier: MIT
 *
 * What tests of training start from: a small data set, a configuration from words, a trained trial.
 */
#ifndef DESCENT_TESTS_FIXTURE_H
#define DESCENT_TESTS_FIXTURE_H

#include "base/random.h"
#include "solvers/training/training.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static inline struct dataset *random_data(size_t rows, size_t features)
{
    struct dataset *data = dataset_create(rows, features, true);
    struct random_stream stream = random_open(7, RANDOM_FEATURES, 0);
    for (size_t i = 0; i < rows; i++) {
        double z = 0.5 * random_normal(&stream);
        for (size_t f = 0; f < features; f++) {
            data->X[i * features + f] = random_normal(&stream);
            z += data->X[i * features + f] * (f % 2 == 0 ? 1.0 : -1.0);
        }
        data->y[i] = z > 0.0;
    }
    return data;
}

/* A sparse copy of a dense set, with every second value left out. */
static inline struct dataset *thinned(const struct dataset *dense)
{
    size_t n = dense->rows, d = dense->features, count = 0;
    struct dataset *data = dataset_create_sparse(n, d, n * d, true);
    for (size_t i = 0; i < n; i++) {
        for (size_t f = i % 2; f < d; f += 2) {
            data->columns[count] = (uint32_t)f;
            data->values[count++] = dense->X[i * d + f];
        }
        data->starts[i + 1] = count;
        data->y[i] = dense->y[i];
    }
    return data;
}

/* A configuration from "name=value" words. */
static inline struct configuration configured(const char *words)
{
    struct configuration configuration = configuration_default();
    char copy[1024], reason[512];
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '=');
        assert_non_null(equals);
        *equals = '\0';
        const struct hyperparameter *row = hyperparameter_find(word);
        assert_non_null(row);
        struct value value;
        if (!setting_parse(&row->setting, equals + 1, &value, reason, sizeof reason))
            fail_msg("%s", reason);
        hyperparameter_set(row, &configuration, value);
    }
    configuration_canonicalise(&configuration);
    return configuration;
}

static inline struct trial trained(const struct dataset *data, const char *words,
                                   const struct training_hooks *hooks)
{
    struct configuration configuration = configured(words);
    const struct configuration *one = &configuration;
    const struct training_hooks none = {0};
    struct trial trial;
    training_run(data, &one, 1, hooks != NULL ? hooks : &none, &trial);
    return trial;
}

#endif
