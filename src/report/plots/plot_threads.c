/* SPDX-License-Identifier: MIT
 *
 * Axes of threads.
 */
#include "report/plots/plot.h"

#include <inttypes.h>
#include <string.h>

void plot_threads_add(struct plot_threads *threads, int64_t value)
{
    size_t at = 0;
    while (at < threads->count && threads->values[at] < value)
        at++;
    if (threads->count == PLOT_THREADS || (at < threads->count && threads->values[at] == value))
        return;
    memmove(&threads->values[at + 1], &threads->values[at],
            (threads->count - at) * sizeof *threads->values);
    threads->values[at] = value;
    threads->count++;
}

void plot_set_threads(struct picture *picture, const struct plot_threads *threads, double most)
{
    const int64_t last = threads->values[threads->count - 1];
    fprintf(picture->script,
            "set logscale x 2\nset xrange [%g:%g]\nset xlabel 'threads'\nset xtics (",
            (double)threads->values[0] / 1.1, 1.1 * fmax(most, (double)last));
    for (size_t t = 0; t < threads->count; t++)
        fprintf(picture->script, "%s%" PRId64, t > 0 ? ", " : "", threads->values[t]);
    for (int64_t beyond = 2 * last; (double)beyond <= most; beyond *= 2)
        fprintf(picture->script, ", %" PRId64, beyond);
    fprintf(picture->script, ")\n");
}
