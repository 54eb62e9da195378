/* SPDX-License-Identifier: MIT
 *
 * The draws of random search: a number in [0, 1) for every hyper-parameter, and the value that lies
 * there on its axis.
 *
 * `draws: independent`: draw i is from stream i, and every hyper-parameter has its own number in
 * it: raising `trials` or adding an axis leaves what was drawn before as it was. `draws: sobol`:
 * draw i is point i of a sequence (base/sobol.h) with a dimension for each axis of more than one
 * value, in the order of the file, so that the draws together are spread evenly over each axis;
 * what is said of more trials holds here too, and of an axis that is added after the others.
 *
 * Axes that go together (zip) take the
 * number of the first of them. Where a drawn configuration meets the conditions of an entry of
 * `when`, the values of that entry lie at the same numbers.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_DRAWS_H
#define DESCENT_SWEEP_WORKLOAD_DRAWS_H

#include "sweep/file/sweep_file.h"

/* Draw number `draw`, from 0, of a run; not canonical. */
struct configuration draw_configuration(const struct sweep_file *file, const struct run *run,
                                        uint64_t draw);

#endif
