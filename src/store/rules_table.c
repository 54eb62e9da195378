/* SPDX-License-Identifier: MIT
 *
 * The rules, a row for each column but those of hyper-parameters, whose rules are in their own
 * table.
 *
 * Numbers end at 2^53, which a double still holds exactly; times and quantities where sums and
 * ratios of them are still finite.
 */
#include "store/rules.h"

#include "measure/machine/machine.h"
#include "store/hyperparameter_cell.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define COUNT_MOST LARGEST_INTEGER
#define SECONDS_MOST 1e12
#define QUANTITY_MOST 1e100 /* flops, bytes, rates: sums and ratios of them stay finite */

/* --- Texts that have a meaning --------------------------------------------------------------- */

static bool is_end_of_trial(const char *text)
{
    enum trial_status status = trial_status_find(text);
    return status != STATUS_RUNNING && status != STATUS_INTERRUPTED;
}

static bool is_optimum_status(const char *text)
{
    return strcmp(optimum_status_name(optimum_status_find(text)), text) == 0;
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
#define EVIDENCE(name_) REAL_OR_NULL("trial", #name_, -QUANTITY_MOST, QUANTITY_MOST),

/* What is in traces, and at the end of one in the row of its trial. A trial that diverged may end
 * at infinity, or at no number. */
#define POINT(table_)                                                                              \
    REAL_OR_NULL(table_, "loss", 0, INFINITY), REAL_OR_NULL(table_, "objective", 0, INFINITY),     \
        REAL_OR_NULL(table_, "gradient_norm", 0, INFINITY),                                        \
        REAL_OR_NULL(table_, "accuracy", 0, 1.001),                                                \
        REAL_OR_NULL(table_, "heldout_loss", 0, INFINITY),                                         \
        REAL_OR_NULL(table_, "heldout_accuracy", 0, 1.001)

static const struct column_rule table_of_rules[] = {
    WHOLE("sweep", "id", 1, 1),
    TEXT("sweep", "name", NULL),
    TEXT("sweep", "question", NULL),
    TEXT("sweep", "path", NULL),
    TEXT("sweep", "text", NULL),
    TEXT("sweep", "digest", NULL),
    WHOLE("sweep", "repeats", 1, INT_MAX),
    WHOLE("sweep", "finals", 0, INT_MAX),

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

    WHOLE("trial", "id", 1, COUNT_MOST),
    WHOLE("trial", "configuration", 1, COUNT_MOST),
    WHOLE("trial", "final", 0, COUNT_MOST),
    WHOLE("trial", "repeat", 1, COUNT_MOST),
    WHOLE("trial", "attempt", 1, COUNT_MOST),
    WHOLE("trial", "machine", 1, COUNT_MOST),
    WHOLE("trial", "models", 1, INT_MAX),
    {.table = "trial",
     .column = "shared",
     .type = RULE_INTEGER,
     .optional = true,
     .least = 1,
     .most = COUNT_MOST},
    TEXT_OR_NULL("trial", "kernel"),
    TEXT("trial", "status", is_end_of_trial),
    WHOLE("trial", "epochs", 0, COUNT_MOST),
    POINT("trial"),
    REAL_OR_NULL("trial", "rate", 0, INFINITY),
    REAL("trial", "train_seconds", 0, SECONDS_MOST),
    REAL("trial", "evaluate_seconds", 0, SECONDS_MOST),
    REAL("trial", "record_seconds", 0, SECONDS_MOST),
    TEXT("trial", "digest", NULL),
    TEXT("trial", "message", NULL),
    TEXT("trial", "recorded", NULL),
    {.table = "trial", .column = "weights", .type = RULE_BLOB, .optional = true},
    REAL_OR_NULL("trial", "bias", -INFINITY, INFINITY),
    TEXT("trial", "processors", NULL),
    TEXT("trial", "disturbed", NULL),
    WHOLE("trial", "rank", 0, INT_MAX),
    WHOLE("trial", "ranks", 1, INT_MAX),
    WHOLE("trial", "ranks_per_host", 1, INT_MAX),
    TEXT("trial", "host", NULL),
    EVIDENCE_VALUES(EVIDENCE)

        WHOLE("trace", "trial", 1, COUNT_MOST),
    WHOLE("trace", "epoch", 0, COUNT_MOST),
    REAL("trace", "seconds", 0, SECONDS_MOST),
    POINT("trace"),

    TEXT("optimum", "digest", NULL),
    REAL("optimum", "lambda", 0, QUANTITY_MOST),
    TEXT("optimum", "status", is_optimum_status),
    REAL_OR_NULL("optimum", "objective", 0, INFINITY),
    REAL_OR_NULL("optimum", "gradient_norm", 0, INFINITY),
    REAL_OR_NULL("optimum", "bound", 0, INFINITY),
    WHOLE("optimum", "steps", 0, COUNT_MOST),
    REAL_OR_NULL("optimum", "seconds", 0, SECONDS_MOST),
    TEXT("optimum", "reason", NULL),
    WHOLE("optimum", "certified", 0, 1),

    WHOLE("finalist", "final", 1, COUNT_MOST),
    WHOLE("finalist", "configuration", 1, COUNT_MOST),

    WHOLE("placement", "machine", 1, COUNT_MOST),
    WHOLE("placement", "models", 1, INT_MAX),
    WHOLE("placement", "threads", 0, INT_MAX),
    WHOLE("placement", "side_by_side", 1, INT_MAX),
    REAL_OR_NULL("placement", "seconds", 0, SECONDS_MOST),
    TEXT("placement", "digest", NULL),

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

struct column_rule rules_of_column(const char *table, const char *column)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (strcmp(table_of_rules[i].table, table) == 0 &&
            strcmp(table_of_rules[i].column, column) == 0)
            return table_of_rules[i];
    if (strcmp(table, "configuration") == 0)
        return rule_of_hyperparameter(column);
    return (struct column_rule){.type = RULE_NONE};
}
