/* SPDX-License-Identifier: MIT
 *
 * Steps of the last place are counted on the line of all doubles: their bits, read as integers that
 * grow with them, of which those of both zeros are one.
 */
#include "race/race_output.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

void race_output_clear(struct race_output *output)
{
    memory_free(output->numbers);
    *output = (struct race_output){.objective = NAN};
}

/* --- Distances ----------------------------------------------------------------------------- */

static double place_of(double number)
{
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >= 0 ? (double)bits : -(double)(bits - INT64_MIN);
}

static double steps_between(double a, double b)
{
    int64_t left, right;
    memcpy(&left, &a, sizeof left);
    memcpy(&right, &b, sizeof right);
    if ((left < 0) == (right < 0)) /* exactly, also where a place is beyond 2^53 */
        return fabs((double)(left - right));
    return fabs(place_of(a) - place_of(b));
}

static double largest(const struct race_output *output)
{
    double most = 0.0;
    for (size_t i = 0; i < output->count; i++)
        most = fmax(most, fabs(output->numbers[i]));
    return most;
}

void race_difference_add(struct race_difference *difference, const struct race_output *from,
                         const struct race_output *to)
{
    const double size = fmax(largest(from), largest(to));
    if (strcmp(from->digest, to->digest) == 0)
        return;
    difference->bits = true;
    difference->shape = difference->shape || from->count != to->count || from->count == 0;
    for (size_t i = 0; i < from->count && from->count == to->count; i++) {
        const double a = from->numbers[i], b = to->numbers[i];
        difference->steps = fmax(difference->steps, steps_between(a, b));
        if (size > 0.0)
            difference->relative = fmax(difference->relative, fabs(a - b) / size);
    }
    const double base = fabs(from->objective);
    difference->objective =
        fmax(difference->objective,
             base > 0.0 ? fabs(from->objective - to->objective) / base : (double)NAN);
}

/* --- Words --------------------------------------------------------------------------------- */

/* Where A does not come to the same twice, B may be as far away, and a little more by chance. */
bool race_difference_exceeds(const struct race_difference *difference,
                             const struct race_difference *own)
{
    static const double chance = 2.0;
    if (!difference->bits || (own->bits && own->shape))
        return false;
    return !own->bits || difference->shape || difference->relative > chance * own->relative;
}

void race_difference_write(const struct race_difference *difference, FILE *out)
{
    if (!difference->bits)
        fputs("the same results, to the last bit", out);
    else if (difference->shape)
        fputs("another output", out);
    else if (difference->steps == 0.0)
        fputs("the same weights, by another trace", out);
    else if (difference->steps <= 1.0)
        fputs("weights differ in the last bit", out);
    else
        fprintf(out, "weights differ by %.2g of the largest", difference->relative);
    if (difference->bits && !difference->shape && difference->objective > 0.0)
        fprintf(out, ", F by %.2g of itself", difference->objective);
}
