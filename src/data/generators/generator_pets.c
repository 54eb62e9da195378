/* SPDX-License-Identifier: MIT
 *
 * Cats and dogs: two features between about 0 and 1, two groups that overlap a little, as in the
 * lesson that this program grew out of. Cats (0) lie around (0.36, 0.34), dogs (1) around
 * (0.69, 0.70); the features are independent and normal within a group. The best line separates
 * about 94 of 100.
 */
#include "data/generators/generators.h"

#include "base/random.h"

static const double centre[2][2] = {{0.36, 0.34}, {0.69, 0.70}};    /* (class, feature) */
static const double deviation[2][2] = {{0.17, 0.17}, {0.14, 0.15}}; /* (class, feature) */
static const char *const features[] = {"height", "weight"};

static void pets_generate(const struct generator_settings *settings, size_t first, int threads,
                          struct dataset *data)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        struct random_stream stream = random_open(settings->seed, RANDOM_FEATURES, first + i);
        int k = generator_class(first + i);
        for (size_t j = 0; j < 2; j++)
            data->X[2 * i + j] = centre[k][j] + deviation[k][j] * random_normal(&stream);
        data->y[i] = k;
    }
}

const struct generator generator_pets = {
    .entry = {"pets", "cats and dogs: two features, two groups that overlap"},
    .uses = SETTING_ROWS | SETTING_SEED,
    .defaults = {.rows = 100, .features = 2, .seed = 1},
    .class_names = {"cat", "dog"},
    .feature_names = features,
    .generate = pets_generate,
};
