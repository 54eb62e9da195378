/* SPDX-License-Identifier: MIT
 *
 * The command that goes on is the one that began, as far as the store tells: the sweep file as it
 * was given, and the folder of results unless it is the usual one.
 */
#include "report/heading.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "data/sources/attributes.h"
#include "data/sources/source_text.h"
#include "kernels/kernel.h"
#include "report/machines.h"
#include "report/noise.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "store/shard_folder.h"

#include <inttypes.h>
#include <libgen.h>
#include <string.h>

static size_t count_status(const struct results *results, enum trial_status status)
{
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++)
            count += results->outcomes[i].trials[j].status == status;
    return count;
}

static void print_statuses(const struct results *results, FILE *out)
{
    const char *separator = " (";
    for (size_t i = 0; i < trial_status_count; i++) {
        enum trial_status status = trial_status_at(i);
        size_t count = count_status(results, status);
        if (count == 0)
            continue;
        fprintf(out, "%s%zu %s", separator, count, trial_status_words(status));
        separator = ", ";
    }
    fputs(*separator == ',' ? ")\n" : "\n", out);
}

char *heading_sweep_of(const char *path, const char *folder)
{
    char *copy = memory_copy_text(folder), part[64] = "";
    struct shard shard;
    const char *parent = dirname(copy);
    if (shard_find(folder, &shard)) {
        snprintf(part, sizeof part, " --shard %" PRId64 "/%" PRId64, shard.index, shard.count);
        parent = dirname(copy); /* that of the sweep's own folder */
    }
    struct memory_stream command;
    FILE *out = memory_stream_open(&command);
    fputs("descent sweep ", out);
    text_write_operand(path, out);
    fputs(part, out);
    if (strcmp(parent, "results") != 0) { /* the usual one */
        fputs(" --results ", out);
        text_write_word(parent, out);
    }
    memory_free(copy);
    return memory_stream_close(&command);
}

char *heading_sweep_command(const struct results *results, const char *folder)
{
    return heading_sweep_of(results->sweep.path, folder);
}

/* What is not there, and the command that brings it. */
static void print_missing(const struct results *results, const char *folder, FILE *out)
{
    char count[QUANTITY_TEXT];
    char *command = heading_sweep_command(results, folder);
    const char *mark = strchr(command, '\'') != NULL ? "`" : "'"; /* it may have quotes itself */
    size_t missing = results->planned - results->done;
    size_t failed = count_status(results, STATUS_FAILED);
    if (results->count == 0)
        fprintf(out, "Nothing is planned or recorded yet; %s%s%s starts it\n", mark, command, mark);
    if (missing > 0)
        fprintf(out, "Missing       %s; %s%s%s goes on\n", quantity_count(count, missing, "trial"),
                mark, command, mark);
    if (failed > 0)
        fprintf(out, "Failed        %s; %s%s --retry-failed%s runs them again\n",
                quantity_count(count, failed, "trial"), mark, command, mark);
    if (results->left_out > 0)
        fprintf(out, "Left out      %s recorded that %s no longer contains\n",
                quantity_count(count, results->left_out, "trial"), text_shown(results->sweep.path));
    memory_free(command);
}

/* The finals, and trials that noise was seen in; only where there are any. */
static void print_evidence(const struct results *results, FILE *out)
{
    size_t finalists = 0, finals = 0;
    struct noise noise = {0};
    char count[QUANTITY_TEXT], words[NOISE_TEXT];
    noise_add(&noise, results);
    for (size_t i = 0; i < results->count; i++) {
        finalists += results->outcomes[i].final_count > 0;
        finals += results->outcomes[i].final_count;
    }
    if (finals > 0)
        fprintf(out, "Finals        %s timed again, alone, in %zu trials\n",
                quantity_count(count, finalists, "configuration"), finals);
    if (noise.disturbed > 0)
        fprintf(out, "Noise         %s (%zu of %zu)\n", noise_words(words, &noise), noise.disturbed,
                noise.trials);
}

/* Did its kernel run in another variant than its first? */
static bool is_tuned(const struct stored_trial *trial)
{
    const struct entry *kernel = table_find(&kernel_table, trial->kernel);
    const struct table *variants = kernel != NULL ? kernel_of(kernel)->variants : NULL;
    return variants != NULL && trial->variant[0] != '\0' &&
           strcmp(trial->variant, variants->entries[0]->name) != 0;
}

/* Is it the first of the trials up to it that ran so? */
static bool is_first_of_variant(const struct stored_trials *list, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(list->rows[j].variant, list->rows[i].variant) == 0 && is_tuned(&list->rows[j]))
            return false;
    return true;
}

/* The variants that ran, but for first ones; only where there are any. */
static void print_tuned(const struct results *results, FILE *out)
{
    enum { NAMED = 3 };
    size_t tuned = 0, names = 0;
    for (size_t i = 0; i < results->list.count; i++)
        tuned += is_tuned(&results->list.rows[i]);
    if (tuned == 0)
        return;
    fprintf(out, "Tuned         %zu of %zu trials:", tuned, results->list.count);
    for (size_t i = 0; i < results->list.count && names <= NAMED; i++) {
        const struct stored_trial *trial = &results->list.rows[i];
        if (!is_tuned(trial) || !is_first_of_variant(&results->list, i))
            continue;
        if (names++ < NAMED)
            fprintf(out, "%s %s %s", names > 1 ? "," : "", trial->kernel, trial->variant);
    }
    fputs(names > NAMED ? ", ...\n" : "\n", out);
}

static void print_elsewhere(const struct results *results, size_t width, FILE *out)
{
    char text[512];
    snprintf(text, sizeof text,
             "Times from different hosts, or beside other numbers of processes, are not compared: "
             "on each data set those of the host with the most trials count, and %zu of %zu trials "
             "timed alone have no time here. Finals (`finals: 15` in the sweep file) time the best "
             "again on one host.",
             results->elsewhere, results->timed);
    text_print_wrapped(text, 0, width, out);
}

static void print_in_parts(const struct results *results, size_t width, FILE *out)
{
    char text[512], trials[QUANTITY_TEXT];
    snprintf(text, sizeof text,
             "%s went on from a checkpoint after an interruption: the results are those of a trial "
             "in one go, but the times are in parts, and are not compared.",
             quantity_count(trials, results->in_parts, "trial"));
    text_print_wrapped(text, 0, width, out);
}

static void print_mixture(const struct results *results, size_t width, FILE *out)
{
    struct machines machines = machines_of(&results, 1, true);
    struct memory_stream text;
    FILE *words = memory_stream_open(&text);
    fprintf(words,
            "WARNING: more than one machine or build of descent recorded these trials (%s); their "
            "times must not be compared with each other.",
            machines.differences);
    char *warning = memory_stream_close(&text);
    if (machines.count > 1)
        text_print_wrapped(warning, 0, width, out);
    memory_free(warning);
    machines_clear(&machines);
}

void heading_print(const struct results *results, const char *folder, FILE *out)
{
    char configurations[QUANTITY_TEXT], trials[QUANTITY_TEXT];
    struct terminal terminal = terminal_of(out);
    fprintf(out, "%s%s%s\n", terminal_style(&terminal, STYLE_BOLD), text_shown(results->sweep.name),
            terminal_style(&terminal, STYLE_PLAIN));
    text_print_wrapped(results->sweep.question, 0, report_width(&terminal), out);
    fputc('\n', out);
    if (results->count > 0) {
        fprintf(out, "Planned       %s, %s each",
                quantity_count(configurations, results->count, "configuration"),
                quantity_count(trials, (size_t)results->sweep.repeats, "trial"));
        if (results->zoomed > 0)
            fprintf(out, "; %zu of them around the best (zoom)", results->zoomed);
        fputc('\n', out);
        fprintf(out, "Trials done   %zu of %zu", results->done, results->planned);
        print_statuses(results, out);
        fprintf(out, "Machines      %zu\n", results->machines);
        print_evidence(results, out);
        print_tuned(results, out);
    }
    print_missing(results, folder, out);
    print_mixture(results, report_width(&terminal), out);
    if (results->elsewhere > 0)
        print_elsewhere(results, report_width(&terminal), out);
    if (results->in_parts > 0)
        print_in_parts(results, report_width(&terminal), out);
}

const char *heading_precision(const struct section *section)
{
    const struct source_attribute *precision = source_attribute_find("precision");
    char value[TEXT_NUMBER];
    return source_described(section->data, precision, value, NULL)
               ? "F, F* and gaps are of the features as given, in float64."
               : NULL;
}

void heading_print_optimum(const struct section *section, FILE *out)
{
    const struct optimum *optimum = &section->optimum;
    if (optimum->status == OPTIMUM_FOUND)
        fprintf(out, "optimum F* = %.10g (gradient norm %.1e, error at most %.1e)\n",
                optimum->objective, optimum->gradient_norm, optimum->bound);
    else if (*optimum->reason != '\0')
        fprintf(out, "%s: %s\n",
                optimum->status == OPTIMUM_NONE ? "no finite minimiser" : "optimum not found",
                optimum->reason);
    if (heading_precision(section) != NULL)
        fprintf(out, "%s\n", heading_precision(section));
}

void heading_print_section(const struct results *results, const struct section *section, FILE *out)
{
    char shape[QUANTITY_TEXT * 3];
    int length = snprintf(shape, sizeof shape, "(%" PRId64 " rows, %" PRId64 " features)",
                          section->rows, section->features);
    size_t used = (size_t)length;
    if (section->regularised || section->lambda > 0.0)
        used +=
            (size_t)snprintf(shape + used, sizeof shape - used, ", lambda %.4g", section->lambda);
    else if (results->lambda_varies)
        used += (size_t)snprintf(shape + used, sizeof shape - used, ", solvers without lambda");
    if (section->fold > 0)
        snprintf(shape + used, sizeof shape - used, ", without fold %" PRId64, section->fold);
    struct terminal terminal = terminal_of(out);
    const char *data = text_shown(section->data);
    bool fits = text_width(data) + 1 + text_width(shape) <= report_width(&terminal);
    fprintf(out, "%s%s%s%s%s\n", terminal_style(&terminal, STYLE_BOLD), data,
            terminal_style(&terminal, STYLE_PLAIN), fits ? " " : "\n", shape);
}
