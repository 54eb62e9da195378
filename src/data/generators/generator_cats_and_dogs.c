/* SPDX-License-Identifier: MIT
 *
 * The lesson's points: cats (0) and dogs (1) by two sizes in decimetres, both axes from 0 to 10.
 * Cats lie around (3, 4), dogs around (6, 7); the sizes are independent and normal within a class,
 * and drawn again until they lie on the axes. The best line is right but for a few in a hundred, so
 * that the classes look separable and, as a rule, are not: then the loss has a minimum. The columns
 * are not centred, unlike those of pets, and the boundary needs a bias.
 */
#include "data/generators/generators.h"

#include "base/random.h"

static const double centre[2][2] = {{3.0, 4.0}, {6.0, 7.0}}; /* (class, feature) */
static const double deviation[2] = {1.2, 1.3};               /* (class) */
static const double low = 0.5, high = 10.0;                  /* decimetres */
static const char *const features[] = {"height", "length"};

/* A size within the axes; the centres are, by more than two deviations, so this ends soon. */
static double size_draw(struct random_stream *stream, double mean, double spread)
{
    double size;
    do
        size = mean + spread * random_normal(stream);
    while (size < low || size > high);
    return size;
}

static void cats_and_dogs_generate(const struct generator_settings *settings, size_t first,
                                   int threads, struct dataset *data)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        struct random_stream stream = random_open(settings->seed, RANDOM_FEATURES, first + i);
        int k = generator_class(first + i);
        for (size_t j = 0; j < 2; j++)
            data->X[2 * i + j] = size_draw(&stream, centre[k][j], deviation[k]);
        data->y[i] = k;
    }
}

const struct generator generator_cats_and_dogs = {
    .entry = {"cats-and-dogs", "the lesson's points: cats and dogs by height and length, 0 to 10"},
    .uses = SETTING_ROWS | SETTING_SEED,
    .defaults = {.rows = 100, .features = 2, .seed = 1},
    .class_names = {"cat", "dog"},
    .feature_names = features,
    .generate = cats_and_dogs_generate,
};
