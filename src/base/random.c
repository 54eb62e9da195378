/* SPDX-License-Identifier: MIT
 *
 * Uniform numbers take the upper 53 bits; normal ones come in pairs from Box and Muller's
 * transformation; numbers below a bound from Lemire's multiplication ("Fast random integer
 * generation in an interval", 2019), which divides only when a bias is possible; permutations from
 * Fisher and Yates' shuffle.
 */
#include "base/random.h"

#include <Random123/philox.h>
#include <math.h>

struct random_stream random_open(uint64_t seed, enum random_purpose purpose, uint64_t index)
{
    return (struct random_stream){
        .key = {seed, (uint64_t)purpose}, .counter = {0, index}, .used = 4, .normal = NAN};
}

uint64_t random_bits(struct random_stream *stream)
{
    if (stream->used == 4) {
        philox4x64_ctr_t counter = {{stream->counter[0]++, stream->counter[1], 0, 0}};
        philox4x64_key_t key = {{stream->key[0], stream->key[1]}};
        philox4x64_ctr_t block = philox4x64(counter, key);
        for (int i = 0; i < 4; i++)
            stream->block[i] = block.v[i];
        stream->used = 0;
    }
    return stream->block[stream->used++];
}

double random_uniform(struct random_stream *stream)
{
    return (double)(random_bits(stream) >> 11) * 0x1p-53;
}

double random_normal(struct random_stream *stream)
{
    if (!isnan(stream->normal)) {
        double second = stream->normal;
        stream->normal = NAN;
        return second;
    }
    double radius = sqrt(-2.0 * log1p(-random_uniform(stream))); /* 1 - u is in (0, 1] */
    double angle = 6.283185307179586 * random_uniform(stream);
    stream->normal = radius * sin(angle);
    return radius * cos(angle);
}

uint64_t random_below(struct random_stream *stream, uint64_t bound)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)random_bits(stream) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = -bound % bound;
        while ((uint64_t)product < threshold)
            product = (wide)random_bits(stream) * bound;
    }
    return (uint64_t)(product >> 64);
}

void random_permutation(struct random_stream *stream, uint32_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++) { /* the "inside-out" form: order[0..i] is a permutation */
        size_t j = (size_t)random_below(stream, i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
}
