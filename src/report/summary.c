/* SPDX-License-Identifier: MIT
 *
 * The parts of the summary in their order: heading, one ranking for each solver in each section,
 * and what the columns mean.
 */
#include "report/summary.h"

#include "report/heading.h"
#include "report/ranking.h"
#include "report/text_table.h"
#include "solvers/solver.h"

static void print_legend(const struct results *results, FILE *out)
{
    bool batched = false;
    for (size_t i = 0; i < results->count; i++)
        batched = batched || results->outcomes[i].solo + results->outcomes[i].elsewhere <
                                 results->outcomes[i].count;
    struct terminal terminal = terminal_of(out);
    fprintf(out, "\n%s", terminal_style(&terminal, STYLE_DIM));
    if (terminal.width > 0)
        fprintf(out, "%s        the best of all solvers\n", text_table_mark(&terminal));
    fputs("best     lowest final objective (loss and L2 term); among equals, the fastest\n", out);
    if (results->sweep.repeats == 1)
        fputs("time     of training alone\n", out);
    else
        fputs("time     of training alone, median of the repeats\nrange    slowest minus fastest "
              "repeat, as a share of that time\n",
              out);
    if (batched)
        fputs("batched  trained side by side in one pass, without a time of its own\n", out);
    if (results->elsewhere > 0)
        fputs("elsewhere: timed on another host than most of its data set\n", out);
    fputs(terminal_style(&terminal, STYLE_PLAIN), out);
}

void summary_print(const struct results *results, const char *folder, size_t top, FILE *out)
{
    heading_print(results, folder, out);
    if (results->done == 0)
        return;
    size_t shown = results_sections_shown(results);
    for (size_t i = 0; i < shown; i++) {
        fputc('\n', out);
        heading_print_section(results, &results->sections[i], out);
        heading_print_optimum(&results->sections[i], out);
        for (size_t j = 0; j < solver_table.count; j++)
            ranking_print(results, i, solver_table.entries[j], top, out);
    }
    if (shown < results->section_count)
        fprintf(out, "\n... and %zu more pairs of data set and lambda; 'descent export' has all\n",
                results->section_count - shown);
    print_legend(results, out);
}
