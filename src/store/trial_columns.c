/* SPDX-License-Identifier: MIT
 *
 * The columns of a trial, in the order of the exports; what those do not have comes first and last.
 * The weights are last of all, so that no other column lies behind them on pages of their own.
 */
#include "store/trial_columns.h"

#include "store/rules.h"

#include <limits.h>
#include <math.h>

#define AT(field_)                                                                                 \
    .offset = offsetof(struct stored_trial, field_),                                               \
    .size = sizeof(((struct stored_trial *)NULL)->field_)
#define FROM(least_, most_) .least = (least_), .most = (most_)

/* clang-format off */
const struct trial_column trial_columns[] = {
    {.name = "id", .sql = "INTEGER PRIMARY KEY", .kind = COLUMN_INTEGER, AT(id),
     .optional = true, FROM(1, COUNT_MOST)},
    {.name = "configuration", .sql = "INTEGER NOT NULL REFERENCES configuration",
     .selected = "c.id AS 'configuration.id'", .kind = COLUMN_INTEGER, AT(configuration),
     FROM(1, COUNT_MOST)},
    {.selected = "o.bound AS 'optimum.bound'", .kind = COLUMN_REAL, AT(optimum_bound)},

    {.selected = "p.position AS 'plan.position'", .kind = COLUMN_INTEGER, AT(position),
     .exported = "position"},
    {.selected = "d.description AS 'data.description'", .kind = COLUMN_TEXT, AT(data),
     .exported = "data"},
    {.selected = "d.rows AS 'data.rows'", .kind = COLUMN_INTEGER, AT(rows), .exported = "rows"},
    {.selected = "d.features AS 'data.features'", .kind = COLUMN_INTEGER, AT(features),
     .exported = "features"},
    {.selected = "c", .kind = COLUMN_CHOICES, AT(values), .exported = "configuration"},

    {.selected = "ifnull(p.zoom, 0) AS 'plan.zoom'", .needs = "zoom", .kind = COLUMN_INTEGER,
     AT(zoom), .exported = "zoom", .counter = COUNTER_TRAINED},
    {.name = "final", .sql = "INTEGER NOT NULL DEFAULT 0", .kind = COLUMN_INTEGER, AT(final),
     FROM(0, COUNT_MOST), .exported = "final", .help = "number of the finals; 0: of the sweep"},
    {.name = "repeat", .sql = "INTEGER NOT NULL", .kind = COLUMN_INTEGER, AT(repeat),
     FROM(1, COUNT_MOST), .exported = "repeat", .help = "from 1"},
    {.name = "attempt", .sql = "INTEGER NOT NULL DEFAULT 1", .kind = COLUMN_INTEGER, AT(attempt),
     FROM(1, COUNT_MOST), .exported = "attempt", .help = "the last one counts"},
    /* Later finals took its place. Whether a later attempt did, the next row tells. */
    {.selected = "t.final > 0 AND t.final < (SELECT max(final) FROM finalist)",
     .kind = COLUMN_BOOLEAN, AT(superseded), .exported = "superseded"},

    {.name = "rank", .sql = "INTEGER NOT NULL DEFAULT 0", .kind = COLUMN_INTEGER, AT(seat.rank),
     FROM(0, INT_MAX), .exported = "rank", .help = "process of the job that trained it, from 0"},
    {.name = "ranks", .sql = "INTEGER NOT NULL DEFAULT 1", .kind = COLUMN_INTEGER, AT(seat.ranks),
     FROM(1, INT_MAX), .exported = "job_ranks", .help = "processes in the job"},
    {.name = "ranks_per_host", .sql = "INTEGER NOT NULL DEFAULT 1", .kind = COLUMN_INTEGER,
     AT(seat.ranks_per_host), FROM(1, INT_MAX), .exported = "ranks_per_host",
     .help = "the most of them on one host"},
    {.name = "host", .sql = "TEXT NOT NULL DEFAULT ''", .kind = COLUMN_CHARACTERS, AT(seat.host),
     .exported = "host", .help = "of that rank; '': unknown"},

    {.name = "disturbed", .sql = "TEXT NOT NULL DEFAULT ''", .kind = COLUMN_CHARACTERS,
     AT(evidence.disturbed), .exported = "disturbed", .object = "evidence",
     .help = "limits of noise that were passed"},
    {.name = "processors", .sql = "TEXT NOT NULL DEFAULT ''", .kind = COLUMN_CHARACTERS,
     AT(evidence.processors), .exported = "processors", .object = "evidence",
     .help = "that threads were bound to"},
#define EVIDENCE(field_, unit_, help_)                                                             \
    {.name = #field_, .sql = "REAL", .kind = COLUMN_REAL, AT(evidence.field_), .optional = true,   \
     FROM(-QUANTITY_MOST, QUANTITY_MOST), .exported = #field_, .object = "evidence",               \
     .unit = (unit_), .help = (help_)}
    EVIDENCE(wall_seconds, "s", "for which it was watched"),
    EVIDENCE(cpu_seconds, "s", "processor time of all threads"),
    EVIDENCE(waiting_seconds, "s", "threads were ready to run, and did not"),
    EVIDENCE(switches, NULL, "times a thread was made to give up its processor"),
    EVIDENCE(migrations, NULL, "times a thread was found on another processor"),
    EVIDENCE(steal_per_cent, "%", "of the time of all processors, given to others by the host"),
    EVIDENCE(pressure_per_cent, "%", "of the time, some thread waited for a processor"),
    EVIDENCE(load, "threads", "that ran or wanted to, mean of the last minute"),
    EVIDENCE(clock_drift_per_cent, "%", "change of the speed of the processor"),
    EVIDENCE(clock_slew_ppm, "ppm", "by which the clock of the system was being corrected"),

    {.name = "status", .sql = "TEXT NOT NULL", .kind = COLUMN_STATUS, AT(status),
     .exported = "status", .help = "how it ended"},
    {.name = "epochs", .sql = "INTEGER NOT NULL", .kind = COLUMN_INTEGER, AT(epochs),
     FROM(0, COUNT_MOST), .exported = "epochs", .help = "done"},
    /* At the end. A trial that diverged may end at infinity, or at no number. */
#define POINT(field_, most_, counter_, help_)                                                      \
    {.name = #field_, .sql = "REAL", .kind = COLUMN_REAL, AT(last.field_), .optional = true,       \
     FROM(0, most_), .exported = #field_, .counter = (counter_), .help = (help_)}
    POINT(loss, INFINITY, COUNTER_TRAINED, "mean cross-entropy"),
    POINT(objective, INFINITY, COUNTER_TRAINED, "F"),
    POINT(gradient_norm, INFINITY, COUNTER_TRAINED, "of F"),
    POINT(accuracy, ACCURACY_MOST, COUNTER_TRAINED, "share of rows that are right"),
    POINT(heldout_loss, INFINITY, COUNTER_HELD_OUT, "on the rows held out"),
    POINT(heldout_accuracy, ACCURACY_MOST, COUNTER_HELD_OUT, "on the rows held out"),
    {.name = "heldout_auc", .sql = "REAL", .kind = COLUMN_REAL, AT(heldout_auc), .optional = true,
     FROM(0, ACCURACY_MOST), .exported = "heldout_auc", .counter = COUNTER_HELD_OUT, .help = "on the rows of the fold held out"},
    {.selected = "o.objective AS 'optimum.objective'", .kind = COLUMN_REAL, AT(optimum),
     .exported = "optimum"},
    {.kind = COLUMN_REAL, .real = stored_trial_gap, .exported = "gap", .counter = COUNTER_TRAINED},
    {.name = "rate", .sql = "REAL", .kind = COLUMN_REAL, AT(rate), .optional = true,
     FROM(0, INFINITY), .exported = "rate_ran", .help = "learning rate at the start"},
#define CLOCK(field_, help_)                                                                       \
    {.name = #field_, .sql = "REAL", .kind = COLUMN_REAL, AT(field_), FROM(0, SECONDS_MOST),       \
     .exported = #field_, .unit = "s", .help = (help_)}
    CLOCK(train_seconds, "stepping"),
    CLOCK(evaluate_seconds, "loss, gradient norm and accuracy for the trace"),
    CLOCK(record_seconds, "handing points to observers and storing them"),
#define OF_PROGRAM(field_, unit_, help_)                                                           \
    {.name = #field_, .sql = "REAL", .kind = COLUMN_REAL, AT(field_), .optional = true,            \
     FROM(0, SECONDS_MOST), .exported = #field_, .unit = (unit_), .help = (help_)}
    OF_PROGRAM(own_seconds, "s", "of another program, by its own clock"),
    OF_PROGRAM(own_iterations, NULL, "of another program, whatever it counts"),
    OF_PROGRAM(load_seconds, "s", "until another program had the data; NULL: it had them"),
    OF_PROGRAM(peak_bytes, "B", "of memory, of another process, while it trained"),
    OF_PROGRAM(threads_used, NULL, "of another process, while it trained"),

    {.name = "models", .sql = "INTEGER NOT NULL", .kind = COLUMN_INTEGER, AT(models),
     FROM(1, INT_MAX), .exported = "models", .help = "in its group"},
    {.name = "shared", .sql = "INTEGER", .kind = COLUMN_INTEGER, AT(shared), .optional = true,
     FROM(1, COUNT_MOST), .exported = "shared",
     .help = "number of the group whose clock it shares; NULL: solo"},
    {.name = "continued", .sql = "INTEGER NOT NULL DEFAULT 0", .kind = COLUMN_INTEGER,
     AT(continued), FROM(0, COUNT_MOST), .exported = "continued",
     .help = "how often it went on from a checkpoint: `host` is the last; its time is in parts"},
    {.name = "start", .sql = "TEXT", .kind = COLUMN_TEXT, AT(start), .optional = true,
     .exported = "start", .help = "whose solution it began with; NULL: it began as usual"},
    {.name = "kernel", .sql = "TEXT", .kind = COLUMN_TEXT, AT(kernel), .optional = true,
     .exported = "kernel_ran", .help = "of the steps"},
    {.kind = COLUMN_TEXT, .text = stored_trial_kernel_evaluated, .optional = true,
     .exported = "kernel_evaluated"},
    {.name = "variant", .sql = "TEXT", .kind = COLUMN_TEXT, AT(variant), .optional = true,
     .exported = "variant_ran", .help = "of that kernel: other speed, the same bits"},
    {.name = "machine", .sql = "INTEGER NOT NULL REFERENCES machine", .kind = COLUMN_INTEGER,
     AT(machine), FROM(1, COUNT_MOST), .exported = "machine"},
    {.selected = "d.digest AS 'data.digest'", .kind = COLUMN_TEXT, AT(data_digest),
     .exported = "data_digest"},
    {.name = "digest", .sql = "TEXT NOT NULL", .kind = COLUMN_TEXT, AT(digest),
     .exported = "digest", .help = "of trace and final weights: equal bits"},
    {.name = "message", .sql = "TEXT NOT NULL", .kind = COLUMN_TEXT, AT(message),
     .exported = "message", .help = "why it failed"},

    {.name = "recorded", .sql = "TEXT NOT NULL", .kind = COLUMN_MOMENT,
     .help = "when, UTC; it began its three clocks earlier"},
    {.name = "bias", .sql = "REAL", .kind = COLUMN_REAL, AT(bias), .optional = true,
     FROM(-INFINITY, INFINITY), .help = "at the end"},
    {.name = "weights", .sql = "BLOB", .kind = COLUMN_WEIGHTS, AT(weights), .optional = true,
     .help = "at the end; doubles in the byte order of the machine"},
};
/* clang-format on */
const size_t trial_column_count = sizeof trial_columns / sizeof *trial_columns;
