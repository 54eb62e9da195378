/* SPDX-License-Identifier: MIT
 *
 * The table of subcommands. A new one is a file with its row, and two lines here.
 */
#include "commands/parsing/command.h"

extern const struct command command_train, command_predict, command_data, command_plan,
    command_sweep, command_show, command_compare, command_report, command_plot, command_export,
    command_list, command_machine, command_profile, command_tune_placement, command_completion,
    command_man, command_slurm, command_merge, command_tune, command_judge, command_programs,
    command_worker, command_blas, command_race, command_history;

static const struct entry *const rows[] = {
    &command_train.entry,   &command_predict.entry,        &command_data.entry,
    &command_plan.entry,    &command_tune_placement.entry, &command_sweep.entry,
    &command_slurm.entry,   &command_merge.entry,          &command_show.entry,
    &command_compare.entry, &command_race.entry,           &command_history.entry,
    &command_report.entry,  &command_plot.entry,           &command_export.entry,
    &command_list.entry,    &command_machine.entry,        &command_tune.entry,
    &command_profile.entry, &command_judge.entry,          &command_programs.entry,
    &command_worker.entry,  &command_blas.entry,           &command_completion.entry,
    &command_man.entry,
};

const struct table command_table = TABLE("command", rows);
