/* SPDX-License-Identifier: MIT
 *
 * descent list: what can be chosen, straight from the tables.
 */
#include "commands/blas/blas_listing.h"
#include "commands/parsing/command.h"
#include "data/formats/format.h"
#include "data/generators/generator.h"
#include "data/precision.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling.h"
#include "kernels/choice.h"
#include "report/plots/plot.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"
#include "store/export/export.h"
#include "sweep/file/sweep_file.h"

#include <stdio.h>
#include <string.h>

static void print_entry(const struct entry *entry)
{
    printf("%-14s %s\n", entry->name, entry->summary);
}

static void print_table(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        print_entry(table->entries[i]);
}

/* Those that can be asked for by name: scripts go through the list. */
static void print_solvers(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (!solver_of(table->entries[i])->outside)
            print_entry(table->entries[i]);
}

static void print_setting(const struct setting *row)
{
    char allowed[512];
    printf("%-14s %s\n", row->entry.name, row->entry.summary);
    printf("%-14s %s%s%s\n", "", setting_allowed(row, allowed, sizeof allowed),
           row->fallback != NULL ? "; default " : "", row->fallback != NULL ? row->fallback : "");
}

static void print_hyperparameter(const struct hyperparameter *row)
{
    char users[512];
    print_setting(&row->setting);
    if (row->section != NULL)
        printf("%-14s in sweep files: under '%s'\n", "", row->section);
    if ((row->needs & ~(unsigned)USES_EPOCHS) != 0) /* else all that train here */
        printf("%-14s used by %s\n", "", hyperparameter_users(row, users, sizeof users));
}

static void print_hyperparameters(const struct table *table)
{
    (void)table;
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameters[i].of_programs)
            print_hyperparameter(&hyperparameters[i]);
}

/* What else a sweep file may say. */
static void print_keys(const struct table *table)
{
    (void)table;
    printf("The whole sweep:\n");
    for (size_t i = 0; i < sweep_key_count; i++) {
        print_setting(&sweep_keys[i].setting);
        if (sweep_keys[i].choice != NULL)
            printf("%-14s with %s: %s\n", "", sweep_keys[i].with, sweep_keys[i].choice->name);
    }
    printf("A data set:\n");
    for (size_t i = 0; i < source_attribute_count; i++)
        print_setting(&source_attributes[i].setting);
    printf("A generated data set (the defaults are its generator's):\n");
    for (size_t i = 0; i < generator_settings_count; i++)
        print_setting(&generator_settings_table[i].setting);
}

/* Reading and writing of data, then of results. */
static void print_formats(const struct table *table)
{
    printf("Data files:\n");
    print_table(table);
    printf("Exports of results:\n");
    print_table(&export_format_table);
}

/* What can be listed. */
struct listing {
    struct entry entry;
    const struct table *table;
    void (*print)(const struct table *table); /* NULL: it is looked for on this machine */
};

static const struct listing list_solvers = {
    {"solvers", "how the objective is minimised"}, &solver_table, print_solvers};
static const struct listing list_kernels = {
    {"kernels", "the loops over the data"}, &kernel_choice_table, print_table};
static const struct listing list_schedules = {
    {"schedules", "how learning rates change"}, &schedule_table, print_table};
static const struct listing list_formats = {
    {"formats", "of data files and of exports"}, &format_table, print_formats};
static const struct listing list_generators = {
    {"generators", "of data sets"}, &generator_table, print_table};
static const struct listing list_scales = {
    {"scales", "how features are scaled before training"}, &scale_table, print_table};
static const struct listing list_categories = {
    {"categories", "how columns of categories are encoded"}, &categories_table, print_table};
static const struct listing list_missing = {
    {"missing", "what becomes of missing values"}, &missing_table, print_table};
static const struct listing list_precisions = {
    {"precisions", "in how many bits training reads features"}, &precision_table, print_table};
static const struct listing list_plots = {
    {"plots", "pictures, and what each is made from"}, &plot_table, print_table};
static const struct listing list_options = {
    {"options", "hyper-parameters: range, default, who uses them"}, NULL, print_hyperparameters};

static const struct listing list_keys = {
    {"keys", "of sweep files, beside options: range, default"}, NULL, print_keys};
static const struct listing list_commands = {
    {"commands", "of descent"}, &command_table, print_table};

static const struct listing list_blas = {{"blas", "BLAS libraries of this machine"}, NULL, NULL};

static const struct entry *const rows[] = {
    &list_commands.entry, &list_solvers.entry,    &list_kernels.entry, &list_schedules.entry,
    &list_formats.entry,  &list_generators.entry, &list_scales.entry,  &list_categories.entry,
    &list_missing.entry,  &list_precisions.entry, &list_plots.entry,   &list_options.entry,
    &list_keys.entry,     &list_blas.entry,
};

static const struct table listing_table = TABLE("list", rows);

static bool run_list(const struct arguments *arguments, struct error *error)
{
    if (arguments->count == 0) {
        print_table(&listing_table);
        return true;
    }
    const char *name = arguments->operands[0];
    const struct entry *entry = table_find(&listing_table, name);
    if (entry == NULL) {
        char text[512];
        return error_usage(error, "%s", table_unknown(&listing_table, name, text, sizeof text));
    }
    const struct listing *listing = (const struct listing *)(const void *)entry;
    if (listing == &list_blas)
        return blas_listing_print(error);
    listing->print(listing->table);
    return true;
}

const struct command command_list = {
    .entry = {"list",
              "list commands, solvers, kernels, formats, plots, options, keys, BLAS libraries"},
    .operands = "[WHAT]",
    .operand_max = 1,
    .words = &listing_table,
    .only_words = true,
    .run = run_list,
};
