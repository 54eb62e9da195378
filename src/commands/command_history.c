/* SPDX-License-Identifier: MIT
 *
 * descent history: what sweeps and races measured of one commit after the other, kept in one file,
 * and whether a level has changed.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "history/batch.h"
#include "history/history_export.h"
#include "history/history_plot.h"
#include "history/history_text.h"
#include "history/moment.h"
#include "report/quantity.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is asked to be done: which operands it takes, and what it does. */
struct action {
    struct entry entry;
    unsigned use; /* ACTION_..., as options are of actions */
    bool (*run)(const struct arguments *arguments, struct error *error);
};
enum { ACTION_ADD = 1, ACTION_SHOW = 2, ACTION_PLOT = 4, ACTION_EXPORT = 8 };

static const struct entry order_commit = {"commit", "by the order in which commits were added"};
static const struct entry order_date = {"date", "by the dates of runs"};
static const struct entry *const orders[] = {&order_commit, &order_date};
static const struct table order_table = TABLE("order", orders);

static const struct option_row options[] = {
    {.entry = {"commit", "add: the commit that was measured (default: what RESULTS or the race "
                         "says); export: of which commit (default: of the last run)"},
     .argument = "ID"},
    {.entry = {"date", "add: when it was measured or committed (default: now)"},
     .argument = "DATE"},
    {.entry = {"side", "add: only this side of a race (default: those that say their commit)"},
     .argument = "NAME"},
    {.entry = {"disturbed", "add: take times of trials too that other programs disturbed"}},
    {.entry = {"series",
               "show, plot, export: only the series of this name, or those with this text in it"},
     .argument = "TEXT"},
    {.entry = {"order", "show, plot: of runs (default: commit)"},
     .argument = "NAME",
     .choices = &order_table},
    {.entry = {"fail-slower", "show: exit with 1 if a series became slower by more than this"},
     .argument = "PERCENT"},
    {.entry = {"within", "show: how many of the last runs --fail-slower looks at (default: 10)"},
     .argument = "N"},
    {.entry = {"format", "show: text (default) or json; export: one of the others"},
     .argument = "NAME",
     .choices = &history_format_table},
    {.entry = {"output", "plot, export: write to this file (export: standard output without it)"},
     .argument = "FILE"},
    {.entry = {"theme", "plot: light, dark, or slide (default: light)"},
     .argument = "THEME",
     .choices = &theme_table},
    {.entry = {"force", "plot, export: replace the file if it exists"}},
};

/* Which actions look at an option; given to another it is a misunderstanding. */
static const struct {
    const char *option;
    unsigned use;
} uses[] = {
    {"commit", ACTION_ADD | ACTION_EXPORT},
    {"date", ACTION_ADD},
    {"side", ACTION_ADD},
    {"disturbed", ACTION_ADD},
    {"series", ACTION_SHOW | ACTION_PLOT | ACTION_EXPORT},
    {"order", ACTION_SHOW | ACTION_PLOT},
    {"fail-slower", ACTION_SHOW},
    {"within", ACTION_SHOW},
    {"format", ACTION_SHOW | ACTION_EXPORT},
    {"output", ACTION_PLOT | ACTION_EXPORT},
    {"theme", ACTION_PLOT},
    {"force", ACTION_PLOT | ACTION_EXPORT},
};

/* --- add ------------------------------------------------------------------------------------ */

static void print_added(const struct history_run *run, enum history_outcome outcome)
{
    static const char *const words[HISTORY_OUTCOMES] = {
        [HISTORY_ADDED] = "added:    ",
        [HISTORY_KNOWN] = "unchanged:",
        [HISTORY_REPLACED] = "replaced: ",
    };
    char values[QUANTITY_TEXT];
    printf("%s %s of commit %s%s%s%s\n", words[outcome],
           quantity_count(values, run->count, "value"), text_shown(run->commit),
           *run->side != '\0' ? ", side " : "", text_shown(run->side),
           outcome == HISTORY_KNOWN ? ", all there already" : "");
}

static bool add_batch(const char *path, const struct history_batch *batch, struct error *error)
{
    enum history_outcome *outcomes = memory_allocate(batch->count, sizeof *outcomes);
    struct history_file *history = history_open_to_write(path, error);
    const bool done =
        history != NULL && history_add(history, batch->runs, batch->count, outcomes, error);
    history_close(history);
    for (size_t i = 0; done && i < batch->count; i++)
        print_added(&batch->runs[i], outcomes[i]);
    memory_free(outcomes);
    return done;
}

static bool run_add(const struct arguments *arguments, struct error *error)
{
    const char *date = arguments_value(arguments, "date"), *source = arguments->operands[2];
    char moment[MOMENT_TEXT], configurations[QUANTITY_TEXT];
    struct history_batch batch;
    moment_now(moment);
    if (date != NULL && !moment_read(date, moment, error))
        return false;
    const struct batch_options what = {.commit = arguments_value(arguments, "commit"),
                                       .date = moment,
                                       .side = arguments_value(arguments, "side"),
                                       .disturbed = arguments_flag(arguments, "disturbed")};
    if (what.commit != NULL && *what.commit == '\0')
        return error_usage(error, "--commit is empty; give what names the commit");
    bool done = batch_read(&batch, source, &what, error) &&
                add_batch(arguments->operands[1], &batch, error);
    if (done && batch.untimed > 0)
        printf("note:      %s left out: of no trial of them is there a time%s\n",
               quantity_count(configurations, batch.untimed, "configuration"),
               what.disturbed ? "" : " that nothing disturbed (--disturbed takes the others)");
    batch_clear(&batch);
    return done;
}

/* --- show ----------------------------------------------------------------------------------- */

static bool read_lines(const struct arguments *arguments, struct history_lines *lines,
                       struct error *error)
{
    return history_lines_read(lines, arguments->operands[1], arguments_value(arguments, "series"),
                              arguments_choice(arguments, "order") == &order_date ? LINES_BY_DATE
                                                                                  : LINES_BY_COMMIT,
                              error);
}

/* NULL: none is given. */
static const struct history_format *format_of(const struct arguments *arguments)
{
    return (const struct history_format *)(const void *)arguments_choice(arguments, "format");
}

/* Is it one of `export`, which must be given one, or of `show`? */
static bool check_format(const struct arguments *arguments, bool exports, struct error *error)
{
    const struct history_format *format = format_of(arguments);
    if (format == NULL ? !exports : (format->write != NULL) == exports)
        return true;
    struct memory_stream names;
    FILE *out = memory_stream_open(&names);
    for (size_t i = 0; i < history_format_table.count; i++) {
        const struct history_format *row =
            (const struct history_format *)(const void *)history_format_table.entries[i];
        if ((row->write != NULL) == exports)
            fprintf(out, " %s", row->entry.name);
    }
    char *text = memory_stream_close(&names);
    error_usage(error, "--format %s: history %s writes one of:%s",
                format != NULL ? format->entry.name : "NAME is missing",
                exports ? "export" : "show", text);
    memory_free(text);
    return false;
}

/* The first series that became slower is the error. */
static bool check_slower(const struct history_lines *lines, double share, int64_t within,
                         struct error *error)
{
    for (size_t i = 0; !isnan(share) && i < lines->count; i++) {
        const struct history_line *line = &lines->list[i];
        const struct change_point *point = line_slower(line, share, (size_t)within);
        char change[LINE_VALUE], bound[QUANTITY_TEXT];
        if (point != NULL)
            return error_failed(error, "%s is %s since commit %s, and --fail-slower allows %s",
                                text_shown(line_series(lines, line)->name),
                                line_change(change, point->ratio, line_series(lines, line)->unit),
                                text_shown(line_commit(lines, line, point->first)),
                                quantity_share(bound, share, 1));
    }
    return true;
}

static bool run_show(const struct arguments *arguments, struct error *error)
{
    struct history_lines lines = {0};
    double share = NAN;
    int64_t within = 10;
    bool done = check_format(arguments, false, error) &&
                arguments_per_cent(arguments, "fail-slower", 0.0, &share, error) &&
                arguments_integer(arguments, "within", 1, 1000000, &within, error) &&
                read_lines(arguments, &lines, error);
    if (done && format_of(arguments) == &history_format_json)
        history_json(&lines, stdout);
    else if (done)
        history_print(&lines, arguments->operands[1], stdout);
    done = done && check_slower(&lines, share, within, error);
    history_lines_clear(&lines);
    return done;
}

/* --- plot and export ------------------------------------------------------------------------ */

static bool run_plot(const struct arguments *arguments, struct error *error)
{
    const char *path = arguments_value(arguments, "output");
    const struct look_options asked = {.theme = arguments_value(arguments, "theme")};
    struct history_lines lines = {0};
    struct picture picture;
    struct look look;
    if (path == NULL)
        return error_usage(error, "--output FILE is missing: .png, .svg, .pdf or .gif");
    bool done = read_lines(arguments, &lines, error) && look_read(&asked, &look, error) &&
                picture_format_for(path, false, error) != NULL &&
                picture_open(&picture, path, arguments_flag(arguments, "force"), error);
    if (done) {
        picture.look = look;
        done = history_draw(&lines, &picture, error);
        if (done)
            done = picture_draw(&picture, error);
        else
            picture_discard(&picture);
    }
    history_lines_clear(&lines);
    return done;
}

static bool write_export(const struct arguments *arguments, const struct commit_values *snapshot,
                         struct error *error)
{
    const char *path = arguments_value(arguments, "output");
    const struct history_format *format = format_of(arguments);
    struct output output;
    if (!output_open(&output, path != NULL ? path : "-", arguments_flag(arguments, "force"), error))
        return false;
    format->write(snapshot, output.file);
    if (!output_commit(&output, error))
        return false;
    if (snapshot->elsewhere > 0)
        fprintf(stderr,
                "descent: note: %zu series of this commit on machines that are not comparable with "
                "that of its last run are left out\n",
                snapshot->elsewhere);
    return true;
}

static bool run_export(const struct arguments *arguments, struct error *error)
{
    struct history_lines lines = {0};
    struct commit_values snapshot = {0};
    bool done =
        check_format(arguments, true, error) &&
        history_lines_read(&lines, arguments->operands[1], arguments_value(arguments, "series"),
                           LINES_BY_COMMIT, error) &&
        commit_values_take(&snapshot, &lines, arguments_value(arguments, "commit"), error) &&
        write_export(arguments, &snapshot, error);
    commit_values_clear(&snapshot);
    history_lines_clear(&lines);
    return done;
}

/* --- The command ---------------------------------------------------------------------------- */

static const struct action add = {
    .entry = {"add", "HISTORY RESULTS|RACE: add what a sweep or a race measured"},
    .use = ACTION_ADD,
    .run = run_add};
static const struct action show = {.entry = {"show", "HISTORY: levels, and where they changed"},
                                   .use = ACTION_SHOW,
                                   .run = run_show};
static const struct action plot = {
    .entry = {"plot", "HISTORY: a picture of one series"}, .use = ACTION_PLOT, .run = run_plot};
static const struct action export = {
    .entry = {"export", "HISTORY: a commit for other programs that keep histories"},
    .use = ACTION_EXPORT,
    .run = run_export};
static const struct entry *const actions[] = {&add.entry, &show.entry, &plot.entry, &export.entry};
static const struct table action_table = TABLE("action", actions);

static bool check_options(const struct arguments *arguments, const struct action *action,
                          struct error *error)
{
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (arguments_value(arguments, uses[i].option) != NULL && (action->use & uses[i].use) == 0)
            return error_usage(error, "--%s is not used by history %s", uses[i].option,
                               action->entry.name);
    return true;
}

static bool check_operands(const struct arguments *arguments, const struct action *action,
                           struct error *error)
{
    const bool adds = action->use == ACTION_ADD;
    const size_t wanted = adds ? 3 : 2;
    const char *usage = adds ? " RESULTS|RACE.json" : "";
    if (arguments->count > wanted)
        return error_usage(error, "unexpected argument '%s'; usage: descent history %s HISTORY%s",
                           text_shown(arguments->operands[wanted]), action->entry.name, usage);
    return arguments->count == wanted ||
           error_usage(error, "%s is missing; usage: descent history %s HISTORY%s",
                       arguments->count < 2 ? "HISTORY" : "RESULTS or RACE.json",
                       action->entry.name, usage);
}

static bool run(const struct arguments *arguments, struct error *error)
{
    char reason[512];
    const char *name = arguments->operands[0];
    const struct action *action =
        (const struct action *)(const void *)table_find(&action_table, name);
    if (action == NULL)
        return error_usage(error, "%s", table_unknown(&action_table, name, reason, sizeof reason));
    return check_operands(arguments, action, error) && check_options(arguments, action, error) &&
           action->run(arguments, error);
}

const struct command command_history = {
    .entry = {"history", "keep what was measured of each commit, and say where it changed"},
    .operands = "add|show|plot|export HISTORY [RESULTS|RACE]",
    .operand_min = 1,
    .operand_max = 3,
    .words = &action_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "HISTORY is one file, which the first `add` makes. RESULTS is the folder that a sweep\n"
        "recorded to, RACE what `descent race --format json` wrote. Times of machines, builds or\n"
        "settings that may not be compared are kept apart, and what differs is told. Adding the\n"
        "same twice changes nothing.\n"
        "\n"
        "  descent history add history.sqlite results/sgd-vs-gd\n"
        "  descent history add history.sqlite race.json --date \"$(git show -s --format=%cI)\"\n"
        "  descent history show history.sqlite --fail-slower 5%\n"
        "  descent history plot history.sqlite --series rate:0.1/ --output history.svg\n"
        "  descent history export history.sqlite --format bencher --output bmf.json\n",
    .run = run,
};
