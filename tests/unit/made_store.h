/* SPDX-License-Identifier: MIT
 *
 * What tests of reports start from: a store in a folder of its own, filled by hand, and what show
 * and compare print of it.
 */
#ifndef DESCENT_TESTS_MADE_STORE_H
#define DESCENT_TESTS_MADE_STORE_H

#include "base/memory.h"
#include "fixture.h"
#include "report/comparison/comparison.h"
#include "report/summary.h"
#include "store/store.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

struct made {
    char folder[64];
    struct store *store;
    struct dataset *data;
    int64_t data_id, machine;
    int64_t plan[64];
    size_t planned;
    struct seat seat; /* of trials to come; at first the only process, of a host without a name */
    int64_t stride;
    bool disturbed;
    int64_t continued; /* trials that are made, that often */
    /* another program had the processor of the trials that are added */ /* of them as well:
                                                                            epochs from point to
                                                                            point; 0: one */
    struct error error;
};

static inline void made_data(struct made *made, const char *description, size_t rows)
{
    dataset_free(made->data);
    made->data = random_data(rows, 2);
    made->data->name = memory_copy_text("made");
    for (int c = 0; c < 2; c++)
        made->data->class_names[c] = memory_copy_text(c == 0 ? "0" : "1");
    dataset_seal(made->data);
    assert_true(store_add_data(made->store, made->data, description, &made->data_id, &made->error));
}

static inline struct made *made_create(int64_t repeats)
{
    struct made *made = memory_allocate(1, sizeof *made);
    snprintf(made->folder, sizeof made->folder, "report_XXXXXX");
    assert_non_null(mkdtemp(made->folder));
    made->store = store_open_to_write(made->folder, &made->error);
    assert_non_null(made->store);
    const struct sweep_facts facts = {
        .name = "hand-made",
        .question = "Which is first?",
        .path = "configs/hand-made.yaml",
        .text = "name: hand-made\n",
        .by = "",
        .metric = "objective",
        .repeats = repeats,
    };
    bool changed;
    assert_true(store_set_sweep(made->store, &facts, &changed, &made->error));
    assert_true(store_add_machine(made->store, "{\"processor\":1}", &made->machine, &made->error));
    made_data(made, "small.csv", 10);
    return made;
}

/* Adds a configuration to the plan; returns its number. */
static inline int64_t made_configuration(struct made *made, const char *words)
{
    struct configuration values = configured(words);
    int64_t id;
    assert_true(store_add_configuration(made->store, made->data_id, made->data->digest, &values,
                                        &id, &made->error));
    made->plan[made->planned++] = id;
    return id;
}

/* A trial whose objectives are `objectives` (count), recorded every made->stride epochs, which take
 * `epoch_seconds` each. */
struct made_trial {
    int64_t repeat, models;
    enum trial_status status;
    double epoch_seconds;
    size_t count;
    const double *objectives;
    int64_t final;
};

/* With phases, or NULL. */
static inline void made_trial_with(struct made *made, int64_t configuration,
                                   struct made_trial facts, struct phase_totals *totals)
{
    double w[2] = {0.5, -0.5};
    const int64_t stride = made->stride > 0 ? made->stride : 1;
    struct trial trial = {
        .status = facts.status,
        .epochs = stride * ((int64_t)facts.count - 1),
        .features = 2,
        .w = w,
        .train_seconds = facts.epoch_seconds * (double)stride * (double)(facts.count - 1),
        .phases = totals,
        .continued = made->continued,
    };
    if (facts.status == STATUS_FAILED)
        snprintf(trial.message, sizeof trial.message, "the bits of repeat 1 and 2 differ");
    for (size_t i = 0; i < facts.count; i++)
        trace_append(&trial.trace, (struct trace_point){
                                       .epoch = stride * (int64_t)i,
                                       .seconds = facts.epoch_seconds * (double)stride * (double)i,
                                       .loss = facts.objectives[i],
                                       .objective = facts.objectives[i],
                                       .accuracy = 0.9,
                                       .heldout_loss = NAN,
                                       .heldout_accuracy = NAN,
                                   });
    trial_seal(&trial);
    struct evidence evidence = evidence_unknown();
    if (made->disturbed)
        snprintf(evidence.disturbed, sizeof evidence.disturbed, "steal");
    assert_true(store_add_trial(made->store,
                                &(struct trial_origin){{configuration, facts.final, facts.repeat},
                                                       1,
                                                       made->machine,
                                                       facts.models,
                                                       &evidence,
                                                       NULL,
                                                       made->seat},
                                &trial, &made->error));
    memory_free(trial.trace.points);
}

static inline void made_trial(struct made *made, int64_t configuration, struct made_trial facts)
{
    made_trial_with(made, configuration, facts, NULL);
}

/* Well ended trials of one configuration, one for each time of an epoch. */
static inline void made_repeats(struct made *made, int64_t configuration, const double *objectives,
                                size_t count, const double *epoch_seconds, int64_t repeats)
{
    for (int64_t r = 0; r < repeats; r++)
        made_trial(
            made, configuration,
            (struct made_trial){r + 1, 1, STATUS_EPOCHS, epoch_seconds[r], count, objectives, 0});
}

/* The optimum of the made data for a lambda. */
static inline void made_optimum(struct made *made, double lambda, double objective)
{
    const struct optimum optimum = {
        .status = OPTIMUM_FOUND, .lambda = lambda, .objective = objective};
    assert_true(store_add_optimum(made->store, made->data->digest, &optimum, &made->error));
}

static inline void made_clear(struct made *made)
{
    store_close(made->store);
    assert_true(store_remove(made->folder, &made->error));
    testing_remove_folder(made->folder); /* with its lock */
    dataset_free(made->data);
    memory_free(made);
}

/* What compare prints, by family unless `by` says otherwise. */
static inline char *made_compare(struct made *made, const char *by, bool json)
{
    char *text = NULL;
    size_t length;
    struct opened_store opened = {.store = made->store, .name = "results/hand-made"};
    struct comparison comparison;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(results_read(made->store, &opened.results, &made->error));
    assert_true(comparison_create(&comparison, by, &opened, 1, &made->error));
    (json ? comparison_json : comparison_markdown)(&comparison, out);
    comparison_clear(&comparison);
    results_clear(&opened.results);
    fclose(out);
    return text;
}

/* What show prints; clears everything. */
static inline char *made_show(struct made *made, size_t top)
{
    char *text = NULL;
    size_t length;
    struct results results;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(results_read(made->store, &results, &made->error));
    summary_print(&results, "results/hand-made/", &metric_objective, top, false, out);
    results_clear(&results);
    fclose(out);
    made_clear(made);
    return text;
}

static inline void assert_says(const char *text, const char *expected)
{
    if (strstr(text, expected) == NULL) {
        fprintf(stderr, "%s", text);
        fail_msg("'%s' is not in the text above", expected);
    }
}

/* The same for running text: line breaks and blanks are alike. `text` is changed. */
static inline void assert_tells(char *text, const char *expected)
{
    char *end = text;
    for (const char *from = text; *from != '\0'; from++)
        if (strchr(" \n", *from) == NULL || end == text || end[-1] != ' ')
            *end++ = *from == '\n' ? ' ' : *from;
    *end = '\0';
    assert_says(text, expected);
}

static inline void assert_silent(const char *text, const char *unexpected)
{
    if (strstr(text, unexpected) != NULL) {
        fprintf(stderr, "%s", text);
        fail_msg("'%s' is in the text above", unexpected);
    }
}

/* Objectives from 1 down to 0.2 in two epochs, and down to 0 in four. */
static const double coarse[] = {1.0, 0.5, 0.2};
static const double fine[] = {1.0, 0.7, 0.4, 0.2, 0.0};

#endif
