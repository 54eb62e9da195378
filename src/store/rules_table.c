/* SPDX-License-Identifier: MIT
 *
 * The rules, a row for each column but those of hyper-parameters and of trials, whose rules are in
 * their own tables.
 */
#include "store/rules.h"

#include "data/sources/attributes.h"
#include "measure/machine/machine_identity.h"
#include "store/criterion.h"
#include "store/hyperparameter_cell.h"
#include "store/metric.h"
#include "store/store_rungs.h"
#include "store/targets.h"
#include "store/trial_columns.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* --- Texts that have a meaning --------------------------------------------------------------- */

static bool is_end_of_trial(const char *text)
{
    enum trial_status status = trial_status_find(text);
    return trial_status_is_end(status);
}

static bool is_optimum_status(const char *text)
{
    return strcmp(optimum_status_name(optimum_status_find(text)), text) == 0;
}

static bool metric_is_known(const char *text)
{
    return table_find(&metric_table, text) != NULL;
}

static bool criterion_is_known(const char *text)
{
    return table_find(&criterion_table, text) != NULL;
}

static bool fate_is_known(const char *text)
{
    return strcmp(rung_fate_name(rung_fate_find(text)), text) == 0;
}

static bool axis_is_known(const char *text)
{
    const struct hyperparameter *row = hyperparameter_find(text);
    return *text == '\0' || strcmp(text, "family") == 0 || strcmp(text, "store") == 0 ||
           source_attribute_of_sides(text) != NULL || (row != NULL && row->section == NULL);
}

static bool targets_are_known(const char *text)
{
    bool asked[GAP_TARGETS];
    return targets_read(text, asked);
}

/* --- The rules ------------------------------------------------------------------------------- */

#define WHOLE(table_, column_, least_, most_)                                                      \
    {                                                                                              \
        .table = (table_), .column = (column_), .type = RULE_INTEGER, .least = (least_),           \
        .most = (most_)                                                                            \
    }
#define REAL(table_, column_, least_, most_)                                                       \
    {                                                                                              \
        .table = (table_), .column = (column_), .type = RULE_REAL, .least = (least_),              \
        .most = (most_)                                                                            \
    }
#define REAL_OR_NULL(table_, column_, least_, most_)                                               \
    {                                                                                              \
        .table = (table_), .column = (column_), .type = RULE_REAL, .optional = true,               \
        .least = (least_), .most = (most_)                                                         \
    }
#define TEXT(table_, column_, known_)                                                              \
    {                                                                                              \
        .table = (table_), .column = (column_), .type = RULE_TEXT, .known = (known_)               \
    }
#define TEXT_OR_NULL(table_, column_)                                                              \
    {                                                                                              \
        .table = (table_), .column = (column_), .type = RULE_TEXT, .optional = true                \
    }
static const struct column_rule table_of_rules[] = {
    WHOLE("sweep", "id", 1, 1),
    TEXT("sweep", "name", NULL),
    TEXT("sweep", "question", NULL),
    TEXT("sweep", "path", NULL),
    TEXT("sweep", "text", NULL),
    TEXT("sweep", "by_axis", axis_is_known),
    TEXT("sweep", "metric", metric_is_known),
    TEXT("sweep", "digest", NULL),
    WHOLE("sweep", "repeats", 1, INT_MAX),
    WHOLE("sweep", "finals", 0, INT_MAX),
    TEXT("sweep", "folder", NULL),
    TEXT("sweep", "targets", targets_are_known),

    WHOLE("machine", "id", 1, COUNT_MOST),
    TEXT("machine", "json", machine_is_sound),

    WHOLE("data", "id", 1, COUNT_MOST),
    TEXT("data", "description", NULL),
    TEXT("data", "digest", NULL),
    WHOLE("data", "rows", 1, COUNT_MOST),
    WHOLE("data", "features", 1, COUNT_MOST),
    TEXT_OR_NULL("data", "class_0"),
    TEXT_OR_NULL("data", "class_1"),

    WHOLE("configuration", "id", 1, COUNT_MOST), /* and a column a hyper-parameter */
    WHOLE("configuration", "data", 1, COUNT_MOST),
    TEXT("configuration", "key", NULL),

    {.table = "plan",
     .column = "position", /* NULL where a configuration is in no plan */
     .type = RULE_INTEGER,
     .optional = true,
     .least = 1,
     .most = COUNT_MOST},
    WHOLE("plan", "configuration", 1, COUNT_MOST),
    WHOLE("plan", "mine", 0, 1),
    WHOLE("plan", "zoom", 0, COUNT_MOST),

    WHOLE("trace", "trial", 1, COUNT_MOST),
    WHOLE("trace", "epoch", 0, COUNT_MOST),
    REAL("trace", "seconds", 0, SECONDS_MOST),
    REAL_OR_NULL("trace", "loss", 0, INFINITY), /* of one that diverged, or no number */
    REAL_OR_NULL("trace", "objective", 0, INFINITY),
    REAL_OR_NULL("trace", "gradient_norm", 0, INFINITY),
    REAL_OR_NULL("trace", "accuracy", 0, ACCURACY_MOST),
    REAL_OR_NULL("trace", "heldout_loss", 0, INFINITY),
    REAL_OR_NULL("trace", "heldout_accuracy", 0, ACCURACY_MOST),

    TEXT("optimum", "digest", NULL),
    REAL("optimum", "lambda", 0, QUANTITY_MOST),
    TEXT("optimum", "status", is_optimum_status),
    REAL_OR_NULL("optimum", "objective", 0, INFINITY),
    REAL_OR_NULL("optimum", "gradient_norm", 0, INFINITY),
    REAL_OR_NULL("optimum", "bound", 0, INFINITY),
    WHOLE("optimum", "steps", 0, COUNT_MOST),
    REAL_OR_NULL("optimum", "seconds", 0, SECONDS_MOST),
    TEXT("optimum", "reason", NULL),

    WHOLE("finalist", "final", 1, COUNT_MOST),
    WHOLE("finalist", "configuration", 1, COUNT_MOST),

    WHOLE("placement", "machine", 1, COUNT_MOST),
    WHOLE("placement", "models", 1, INT_MAX),
    WHOLE("placement", "threads", 0, INT_MAX),
    WHOLE("placement", "side_by_side", 1, INT_MAX),
    REAL_OR_NULL("placement", "seconds", 0, SECONDS_MOST),
    TEXT("placement", "digest", NULL),

    WHOLE("rung", "configuration", 1, COUNT_MOST),
    WHOLE("rung", "rung", 1, INT_MAX),
    WHOLE("rung", "epoch", 0, COUNT_MOST),
    TEXT("rung", "criterion", criterion_is_known),
    REAL_OR_NULL("rung", "value", -QUANTITY_MOST, INFINITY),
    WHOLE("rung", "pool", 1, COUNT_MOST),
    WHOLE("rung", "place", 1, COUNT_MOST),
    WHOLE("rung", "candidates", 1, COUNT_MOST),
    WHOLE("rung", "kept", 1, COUNT_MOST),
    TEXT("rung", "fate", fate_is_known),

    WHOLE("checkpoint", "configuration", 1, COUNT_MOST),
    WHOLE("checkpoint", "final", 0, COUNT_MOST),
    WHOLE("checkpoint", "repeat", 1, COUNT_MOST),
    WHOLE("checkpoint", "machine", 1, COUNT_MOST),
    WHOLE("checkpoint", "epoch", 1, COUNT_MOST),
    WHOLE("checkpoint", "continued", 0, COUNT_MOST),
    {.table = "checkpoint", .column = "snapshot", .type = RULE_BLOB},

    WHOLE("phase", "trial", 1, COUNT_MOST),
    TEXT("phase", "phase", NULL),
    REAL("phase", "seconds", 0, SECONDS_MOST),
    REAL("phase", "flops", 0, QUANTITY_MOST),
    REAL("phase", "bytes", 0, QUANTITY_MOST),

    WHOLE("phase_thread", "trial", 1, COUNT_MOST),
    WHOLE("phase_thread", "thread", 0, INT_MAX),
    REAL("phase_thread", "work", 0, SECONDS_MOST),
    REAL("phase_thread", "wait", 0, SECONDS_MOST),

    WHOLE("counter", "trial", 1, COUNT_MOST),
    TEXT("counter", "name", NULL),
    REAL("counter", "value", 0, QUANTITY_MOST),

    WHOLE("ceiling", "machine", 1, COUNT_MOST),
    WHOLE("ceiling", "threads", 1, INT_MAX),
    TEXT("ceiling", "kind", store_is_ceiling),
    REAL("ceiling", "bytes", 0, QUANTITY_MOST),
    WHOLE("ceiling", "level", 0, INT_MAX),
    REAL("ceiling", "value", 0, QUANTITY_MOST),

    WHOLE("remark", "machine", 1, COUNT_MOST),
    TEXT("remark", "about", NULL),
    TEXT("remark", "text", NULL),

    WHOLE("exchange", "machine", 1, COUNT_MOST),
    WHOLE("exchange", "ranks", 1, INT_MAX),
    WHOLE("exchange", "per_host", 1, INT_MAX),
    REAL("exchange", "bytes", 0, QUANTITY_MOST),
    REAL_OR_NULL("exchange", "seconds", 0, SECONDS_MOST),
    REAL_OR_NULL("exchange", "any_seconds", 0, SECONDS_MOST),
};
enum { RULE_COUNT = sizeof table_of_rules / sizeof *table_of_rules };

/* A column of a hyper-parameter, NULL where that does not apply. */
static struct column_rule rule_of_hyperparameter(const char *column)
{
    struct column_rule rule = {.table = "configuration", .optional = true};
    char name[HYPERPARAMETER_TEXT];
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (strcmp(hyperparameter_column(&hyperparameters[i], name, sizeof name), column) == 0) {
            rule.column = hyperparameters[i].entry.name;
            rule.type = hyperparameter_rule_type(&hyperparameters[i]);
            rule.least = -INFINITY;
            rule.most = INFINITY;
            rule.hyperparameter = &hyperparameters[i];
        }
    return rule;
}

/* A column of a trial. */
static struct column_rule rule_of_trial(const char *name)
{
    static const enum rule_type types[] = {
        [COLUMN_INTEGER] = RULE_INTEGER, [COLUMN_REAL] = RULE_REAL,
        [COLUMN_STATUS] = RULE_TEXT,     [COLUMN_TEXT] = RULE_TEXT,
        [COLUMN_CHARACTERS] = RULE_TEXT, [COLUMN_WEIGHTS] = RULE_BLOB,
        [COLUMN_MOMENT] = RULE_TEXT,
    };
    for (size_t i = 0; i < trial_column_count; i++) {
        const struct trial_column *column = &trial_columns[i];
        if (trial_column_is_recorded(column) && strcmp(column->name, name) == 0)
            return (struct column_rule){
                .table = "trial",
                .column = column->name,
                .type = types[column->kind],
                .optional = column->optional,
                .least = column->least,
                .most = column->most,
                .known = column->kind == COLUMN_STATUS ? is_end_of_trial : NULL,
            };
    }
    return (struct column_rule){.type = RULE_NONE};
}

struct column_rule rules_of_column(const char *table, const char *column)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (strcmp(table_of_rules[i].table, table) == 0 &&
            strcmp(table_of_rules[i].column, column) == 0)
            return table_of_rules[i];
    if (strcmp(table, "configuration") == 0)
        return rule_of_hyperparameter(column);
    if (strcmp(table, "trial") == 0)
        return rule_of_trial(column);
    return (struct column_rule){.type = RULE_NONE};
}
