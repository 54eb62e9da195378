/* SPDX-License-Identifier: MIT
 *
 * descent machine: what this machine and this build are, and what would make timings here better.
 *
 * The JSON keeps apart what is stored with every trial ("machine") and what holds at this moment
 * only ("moment"), which would make each run look like another machine.
 */
#include "base/duration.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "measure/counters/counters.h"
#include "measure/machine/advice.h"
#include "measure/machine/blas_threads.h"
#include "measure/machine/machine.h"
#include "measure/machine/machine_record.h"
#include "report/page/page_files.h"
#include "report/text_table.h"
#include "store/json_value.h"
#include "store/store.h"
#include "sweep/file/yaml.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Seconds that the machine is watched: ticks of /proc/stat are a hundredth of one. */
static const double watched = 1.0;

enum { LIBRARIES = MACHINE_LIBRARIES + 2 + PAGE_LIBRARIES, LINE_WIDTH = 100, LINE_INDENT = 4 };

static void all_libraries(struct library libraries[static LIBRARIES])
{
    machine_libraries(libraries);
    struct library *more = libraries + MACHINE_LIBRARIES;
    more[0].name = "SQLite";
    snprintf(more[0].version, sizeof more[0].version, "%s", store_library_version());
    more[1].name = "libfyaml";
    snprintf(more[1].version, sizeof more[1].version, "%s", yaml_library_version());
    for (size_t i = 0; i < PAGE_LIBRARIES; i++) {
        more[2 + i].name = page_libraries[i].name;
        snprintf(more[2 + i].version, sizeof more->version, "%s", page_libraries[i].version);
    }
}

/* --- Text ---------------------------------------------------------------------------------- */

/* A count with its noun, "1 core", "2 cores"; "unknown" for 0. */
static void print_count(const char *separator, int count, const char *noun)
{
    if (count > 0)
        printf("%s%d %s%s", separator, count, noun, count > 1 ? "s" : "");
    else
        printf("%sunknown number of %ss", separator, noun);
}

static void print_topology(const struct topology *topology)
{
    printf("%-15s ", "Cores");
    print_count("", topology->cores, "core");
    print_count(" in ", topology->packages, "package");
    print_count(", ", topology->processing_units, "hardware thread");
    printf(" (SMT %s)", topology->units_per_core > 1    ? "on"
                        : topology->units_per_core == 1 ? "off"
                                                        : "unknown");
    print_count(", ", topology->numa_nodes, "NUMA node");
    printf("\n%-15s ", "Caches");
    for (int i = 0; i < topology->cache_count; i++) {
        const struct cache_level *cache = &topology->caches[i];
        char bytes[TEXT_NUMBER];
        printf("%sL%d %d x %s", i > 0 ? ", " : "", cache->level, cache->count,
               text_from_bytes(bytes, (double)cache->bytes));
    }
    printf("%s\n", topology->cache_count > 0 ? "" : "unknown");
}

/* ", NAME 1.5 %", or that it is unknown. */
static void print_share(const char *name, double per_cent)
{
    if (isnan(per_cent))
        printf(", %s unknown", name);
    else
        printf(", %s %.1f %%", name, per_cent);
}

static void print_harness(const struct harness_cost *cost)
{
    char epoch[DURATION_TEXT], trial[DURATION_TEXT], clock[DURATION_TEXT];
    printf("%-15s a step costs %s on the training clock, a trial %s beside it; a reading of the "
           "clock %s\n",
           "Harness", duration_text(cost->epoch_seconds, epoch),
           duration_text(cost->trial_seconds, trial), duration_text(cost->clock_seconds, clock));
}

/* "Granted         2 of 4 processors online, time of 1.5 (quota), a team of 2 threads" */
static void print_grant(const struct grant *grant)
{
    char quota[TEXT_NUMBER];
    printf("%-15s %d", "Granted", grant->processors);
    print_count(" of ", grant->online, "processor");
    printf(" online, ");
    if (isnan(grant->quota))
        printf("unknown quota of time");
    else if (isinf(grant->quota))
        printf("no quota of time");
    else
        printf("a quota of the time of %s", text_from_real(quota, grant->quota));
    print_count(", a team of ", grant->team, "thread");
    printf(" of %d asked for\n", grant->processors);
}

static void print_environment(void)
{
    bool set = false;
    for (size_t i = 0; i < grant_variable_table.count; i++) {
        const struct entry *row = grant_variable_table.entries[i];
        const char *value = grant_variable_value(row);
        if (value != NULL)
            printf("%-15s %s=%s: %s\n", set ? "" : "Environment", row->name, value, row->summary);
        set = set || value != NULL;
    }
    if (!set)
        printf("%-15s no variable of OpenMP or OpenBLAS is set\n", "Environment");
}

static void print_moment(const struct machine *machine, const struct machine_moment *moment)
{
    char total[TEXT_NUMBER], available[TEXT_NUMBER];
    printf("%-15s %s, %s of it available\n", "Memory",
           text_from_bytes(total, machine->memory_bytes),
           text_from_bytes(available, moment->memory_available_bytes));
    printf("%-15s %s\n", "Clock", machine->system.clock_source);
    print_harness(&moment->harness);
    if (isnan(moment->load.average))
        printf("%-15s unknown", "Load");
    else
        printf("%-15s %.2f in the last minute", "Load", moment->load.average);
    print_share("pressure", moment->load.pressure);
    print_share("steal", moment->steal_per_cent);
    putchar('\n');
    print_grant(&moment->grant);
    print_environment();
}

static void print_counters(void)
{
    char reason[COUNTER_REASON];
    bool there = counters_available(reason);
    printf("%-15s %s\n", "Counters", there ? "cycles, instructions, cache misses, flops" : reason);
}

static void print_gemv(const struct blas_threads *gemv)
{
    printf("%-15s ", "Gemv");
    if (gemv->elements < 0)
        printf("unknown: %s\n", gemv->reason);
    else if (gemv->elements == 0)
        printf("left to itself, never uses more than one thread\n");
    else
        printf("left to itself, uses %d threads from %" PRId64 " elements on\n", gemv->threads,
               gemv->elements);
}

static void print_build(const struct machine *machine)
{
    struct library libraries[LIBRARIES];
    all_libraries(libraries);
    const char *words = threads_default_words();
    printf("%-15s %d for 'threads: all'; %d in a call of BLAS (%s)\n", "Threads", machine->threads,
           machine->blas_threads, machine->blas_threading);
    if (words != NULL)
        printf("%-15s %s\n", "", words);
    print_gemv(blas_threads_probe());
    print_counters();
    putchar('\n');
    machine_print_version(stdout);
    for (int i = 0; i < LIBRARIES; i++)
        printf("%-9s %s\n", libraries[i].name, libraries[i].version);
}

static void print_advice(const struct machine *machine, const struct machine_moment *moment)
{
    printf("\nAdvice, for better timings\n");
    size_t count = 0;
    for (size_t i = 0; i < advice_table.count; i++) {
        const struct entry *row = advice_table.entries[i];
        if (!advice_applies(row, machine, moment))
            continue;
        printf("%s\n", row->name);
        text_print_wrapped(row->summary, LINE_INDENT, LINE_WIDTH, stdout);
        count++;
    }
    if (count == 0)
        printf("nothing to improve\n");
}

static void print_text(const struct machine *machine, const struct machine_moment *moment)
{
    printf("%-15s %s\n", "Processor", machine->system.processor);
    print_topology(&machine->topology);
    printf("%-15s %s\n", "Virtualisation", machine->system.virtualisation);
    printf("%-15s %s\n", "Governor", machine->system.governor);
    printf("%-15s %s\n", "Huge pages", machine->system.huge_pages);
    print_moment(machine, moment);
    print_build(machine);
    print_advice(machine, moment);
}

/* --- JSON ---------------------------------------------------------------------------------- */

/* NaN, which JSON does not know, is null. */
static json_t *number_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *grant_json(const struct grant *grant)
{
    json_t *variables = json_value_object();
    for (size_t i = 0; i < grant_variable_table.count; i++) {
        const struct entry *row = grant_variable_table.entries[i];
        const char *value = grant_variable_value(row);
        json_value_set(variables, row->name, json_value_text(value));
    }
    return json_pack(
        "{s:i, s:o, s:o, s:i, s:o}", "processors", grant->processors, "processors_online",
        grant->online > 0 ? json_integer(grant->online) : json_null(), "quota_processors",
        number_json(grant->quota), "team_threads", grant->team, "environment", variables);
}

static json_t *counters_json(void)
{
    char reason[COUNTER_REASON];
    bool there = counters_available(reason);
    return json_pack("{s:b, s:o}", "available", there, "reason",
                     json_value_text(there ? NULL : reason));
}

static json_t *moment_json(const struct machine_moment *moment)
{
    const struct harness_cost *cost = &moment->harness;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "load", number_json(moment->load.average),
        "pressure_per_cent", number_json(moment->load.pressure), "steal_per_cent",
        number_json(moment->steal_per_cent), "memory_available_bytes",
        json_integer((json_int_t)moment->memory_available_bytes), "clock_seconds",
        number_json(cost->clock_seconds), "harness_epoch_seconds", number_json(cost->epoch_seconds),
        "harness_trial_seconds", number_json(cost->trial_seconds), "granted",
        grant_json(&moment->grant), "counters", counters_json());
}

static json_t *libraries_json(void)
{
    struct library libraries[LIBRARIES];
    all_libraries(libraries);
    json_t *object = json_value_object();
    for (int i = 0; i < LIBRARIES; i++)
        json_value_set(object, libraries[i].name, json_value_text(libraries[i].version));
    return object;
}

static json_t *advice_json(const struct machine *machine, const struct machine_moment *moment)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < advice_table.count; i++) {
        const struct entry *row = advice_table.entries[i];
        if (advice_applies(row, machine, moment))
            json_value_append(list,
                              json_pack("{s:s, s:s}", "about", row->name, "text", row->summary));
    }
    return list;
}

static void print_json(const struct machine *machine, const struct machine_moment *moment)
{
    char *text = machine_json();
    json_t *root = json_pack("{s:o, s:o, s:o, s:o}", "machine", json_loads(text, 0, NULL),
                             "libraries", libraries_json(), "moment", moment_json(moment), "advice",
                             advice_json(machine, moment));
    if (root == NULL)
        memory_exhausted(1, sizeof(json_t));
    json_text_write(root, JSON_INDENT(2), stdout);
    putchar('\n');
    json_decref(root);
    memory_free(text);
}

static bool machine_run(const struct arguments *arguments, struct error *error)
{
    (void)error;
    bool json = arguments_choice(arguments, "format") == &format_json;
    blas_threads_probe(); /* before any parallel region */
    struct machine machine;
    struct machine_moment moment;
    machine_watch(watched, &moment);
    machine_read(&machine);
    (json ? print_json : print_text)(&machine, &moment);
    return true;
}

static const struct option_row options[] = {
    {.entry = {"format", "of what is printed; json: one object"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
};

const struct command command_machine = {
    .entry = {"machine", "describe this machine, and what would improve timings on it"},
    .operands = "",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "It watches the machine for a second. In the JSON \"machine\" is what is stored with\n"
        "every trial; \"moment\" is how busy it is now and what it grants to this process\n"
        "(control groups, taskset, environment), and is not stored.\n"
        "\n"
        "\"Harness\" is what descent adds to every trial, seen with the solver null.\n"
        "\"Gemv\" is what a product of matrix and vector by BLAS does with threads in a\n"
        "program that lets it: descent never does, and calls it with one thread.\n"
        "\n"
        "  descent machine\n"
        "  descent machine --format json\n",
    .run = machine_run,
};
