/* SPDX-License-Identifier: MIT
 *
 * The roof of the level that holds the data is the one that the limits of the phases were worked
 * out with (study_set_limits()), so that picture and table say the same. The sums of a reduction
 * are no part of the data.
 */
#include "report/scaling/roofline.h"

#include <string.h>

size_t roofline_roofs(const struct study_point *point, struct roof roofs[static ROOFS_MOST])
{
    const struct ceilings *ceilings = point->ceilings;
    size_t count = 0;
    if (ceilings == NULL || ceilings->read_count == 0)
        return 0;
    roofs[count++] = (struct roof){"memory", ceilings->reads[ceilings->read_count - 1].rate};
    for (enum phase phase = 0; phase < PHASE_COUNT && count < ROOFS_MOST; phase++) {
        const struct study_phase *one = &point->phases[phase];
        if (phase != PHASE_REDUCE && one->bytes > 0.0 && one->bound != NULL &&
            strcmp(one->bound, "GEMM") != 0 && strcmp(one->bound, "memory") != 0)
            roofs[count++] = (struct roof){one->bound, one->bytes / one->limit};
    }
    return count;
}

bool roofline_lacks(const struct study_phase *phase)
{
    return phase->seconds > 0.0 && !(phase->flops > 0.0 && phase->bytes > 0.0);
}

size_t roofline_marks(const struct study_point *point,
                      struct roofline_mark marks[static ROOFLINE_MARKS])
{
    size_t count = 0;
    double flops = 0.0, bytes = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        const struct study_phase *one = &point->phases[phase];
        if (!(one->seconds > 0.0) || roofline_lacks(one))
            continue;
        marks[count++] = (struct roofline_mark){phases[phase].name, one->flops / one->bytes,
                                                one->flops / one->seconds};
        flops += one->flops;
        bytes += one->bytes;
    }
    if (count > 0 && point->seconds > 0.0)
        marks[count++] = (struct roofline_mark){"epoch", flops / bytes, flops / point->seconds};
    return count;
}
