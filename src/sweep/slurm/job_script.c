/* SPDX-License-Identifier: MIT
 *
 * Two readers, two ways of quoting. What the shell reads is quoted by text_write_word(). What Slurm
 * reads stands behind #SBATCH: there double quotes keep blanks and # together, a backslash is to be
 * doubled, and % begins a pattern in names of files (sbatch(1), "filename pattern").
 *
 * The script waits for the sweep in the background, because bash runs a trap only between commands.
 * A signal ends `wait`, not the sweep, so that it is waited for again; bash remembers the exit code
 * of what has ended. The limit on threads makes `threads: all` the processors that were asked for,
 * also where the whole machine was granted: configurations are then the same for every task.
 */
#include "sweep/slurm/job_script.h"

#include "base/duration.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "sweep/slurm/job_request.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool job_script_can_say(const char *text)
{
    for (; *text != '\0'; text++)
        if (iscntrl((unsigned char)*text))
            return false;
    return true;
}

/* --- What the shell reads ------------------------------------------------------------------ */

/* Words with blanks between, up to NULL. */
static void write_words(const char *const *words, FILE *out)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (i > 0)
            putc(' ', out);
        text_write_word(words[i], out);
    }
}

/* RESULTS/NAME */
static char *folder_of(const struct job_script *job)
{
    char *folder = NULL;
    if (asprintf(&folder, "%s/%s", job->results, job->name) < 0)
        memory_exhausted(1, strlen(job->results));
    return folder;
}

/* The command that merges, as one word: it is quoted within, and once more as a whole. */
static void write_merge(const struct job_script *job, FILE *out)
{
    char *folder = folder_of(job);
    struct memory_stream command;
    write_words((const char *const[]){job->program, "merge", folder, NULL},
                memory_stream_open(&command));
    char *text = memory_stream_close(&command);
    text_write_word(text, out);
    memory_free(text);
    memory_free(folder);
}

static void write_sweep(const struct job_script *job, FILE *out)
{
    write_words(
        (const char *const[]){job->program, "sweep", job->file, "--results", job->results, NULL},
        out);
    if (job->execution != NULL) {
        fputs(" --execution ", out);
        text_write_word(job->execution, out);
    }
}

/* --- What people read ---------------------------------------------------------------------- */

static void write_use(const struct job_script *job, FILE *out)
{
    fprintf(out,
            "#!/usr/bin/env bash\n"
            "# Sweep %s in %" PRId64 " shard%s: a job array of Slurm, made in %s by\n"
            "#   %s\n"
            "#\n"
            "# To submit it, and to merge what is recorded once every shard has ended well:\n"
            "#   job=$(sbatch --parsable ",
            job->name, job->shards, job->shards == 1 ? "" : "s", job->directory, job->command);
    text_write_word(job->script, out);
    fputs(")\n#   sbatch --dependency=afterok:\"$job\" --wrap=", out);
    write_merge(job, out);
    if (job->finals) {
        fputs("\n# and then, on a machine like theirs, the finals:\n#   ", out);
        write_sweep(job, out);
    }
    fputs("\n#\n", out);
}

static void write_reasons(const struct job_script *job, FILE *out)
{
    char seconds[DURATION_TEXT], bytes[TEXT_NUMBER];
    duration_text(job->expected, seconds);
    fputs("# Time: ", out);
    if (!job->minutes_given)
        fprintf(out,
                "%.0f times the %s that the slowest shard should take, seen from the machine where "
                "this was\n# made, and %.0f minutes to start.\n",
                JOB_TIME_FACTOR, seconds, JOB_TIME_START / 60.0);
    else if (isfinite(job->expected))
        fprintf(out, "as given; the slowest shard should take %s.\n", seconds);
    else
        fputs("as given; what a shard takes could not be seen.\n", out);
    text_from_bytes(bytes, job->bytes);
    if (job->mebibytes_given)
        fprintf(out, "# Memory: as given; data and training take %s.\n", bytes);
    else
        fprintf(out, "# Memory: %.1f times the %s of data and training, and %.0f MiB.\n",
                JOB_MEMORY_FACTOR, bytes, JOB_MEMORY_START / 1048576.0);
    if (job->waits)
        fputs(
            "# At rungs, tasks wait for each other: give them the time that the last one needs to "
            "start.\n",
            out);
    if (job->exclusive)
        fputs("# Trials are timed alone, so that a task has a machine to itself.\n", out);
    fprintf(out,
            "# Asked to stop, %" PRId64 " seconds before time is up or to make room, a task "
            "finishes the trial in flight, is\n# queued again, and goes on from there.\n",
            job->notice);
}

/* --- What Slurm reads ---------------------------------------------------------------------- */

/* `pattern`: % has a meaning to Slurm here, and this text is without it. */
static void write_value(const char *text, bool pattern, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putc('\\', out);
        if (*text == '%' && pattern)
            putc('%', out);
        putc(*text, out);
    }
}

static void write_option(const char *option, const char *value, FILE *out)
{
    if (value == NULL)
        return;
    fprintf(out, "#SBATCH --%s=\"", option);
    write_value(value, false, out);
    fputs("\"\n", out);
}

static void write_directives(const struct job_script *job, FILE *out)
{
    char *folder = folder_of(job);
    write_option("job-name", job->name, out);
    fprintf(out, "#SBATCH --array=1-%" PRId64 "\n", job->shards);
    write_option("partition", job->partition, out);
    write_option("account", job->account, out);
    fprintf(out,
            "#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=%" PRId64 "\n"
            "#SBATCH --time=%" PRId64 "\n"
            "#SBATCH --mem=%" PRId64 "M\n",
            job->cpus, job->minutes, job->mebibytes);
    if (job->exclusive)
        fputs("#SBATCH --exclusive\n", out);
    fprintf(out,
            "#SBATCH --signal=B:TERM@%" PRId64 "\n"
            "#SBATCH --requeue --open-mode=append\n"
            "#SBATCH --output=\"",
            job->notice);
    write_value(folder, true, out);
    fputs("/slurm-%A_%a.log\"\n", out);
    memory_free(folder);
}

/* --- What is run --------------------------------------------------------------------------- */

static void write_start(const struct job_script *job, FILE *out)
{
    fputs("\n"
          "set -u\n"
          ": \"${SLURM_ARRAY_TASK_ID:?this is for sbatch}\"\n"
          "task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\n"
          "most=20 # times that it is queued again\n"
          "pid='' asked='' told=''\n"
          "\n"
          "stop()\n"
          "{\n"
          "    asked=yes\n"
          "    if [ -n \"$pid\" ] && [ -z \"$told\" ]; then\n"
          "        told=yes # once: a second SIGTERM would stop the trial in flight\n"
          "        kill -TERM \"$pid\"\n"
          "    fi\n"
          "}\n"
          "\n"
          "trap stop TERM\n"
          "cd -- ",
          out);
    text_write_word(job->directory, out);
    fprintf(out,
            " || exit 1\n"
            "export OMP_THREAD_LIMIT=\"${SLURM_CPUS_PER_TASK:-%" PRId64 "}\" # is `threads: all`\n",
            job->cpus);
    write_sweep(job, out);
    fprintf(out, " --shard \"$SLURM_ARRAY_TASK_ID/%" PRId64 "\"%s &\n", job->shards,
            job->waits ? " --wait" : "");
}

static void write_end(FILE *out)
{
    fputs("pid=$!\n"
          "[ -z \"$asked\" ] || stop\n"
          "wait \"$pid\"\n"
          "while kill -0 \"$pid\" 2>/dev/null; do # a signal has ended the wait, not the sweep\n"
          "    wait \"$pid\"\n"
          "done\n"
          "wait \"$pid\"\n"
          "code=$?\n"
          "\n"
          "# 130: stopped before its end; 143: before it had begun. What is cancelled stays so.\n"
          "if { [ \"$code\" -eq 130 ] || [ \"$code\" -eq 143 ]; } &&\n"
          "    [ \"$(squeue --noheader --jobs=\"$task\" --format=%T)\" = RUNNING ]; then\n"
          "    if [ \"${SLURM_RESTART_COUNT:-0}\" -lt \"$most\" ]; then\n"
          "        scontrol requeue \"$task\"\n"
          "    else\n"
          "        echo \"$task was queued again $most times, and is not once more: submitted anew "
          "it goes on from here\" >&2\n"
          "    fi\n"
          "fi\n"
          "exit \"$code\"\n",
          out);
}

void job_script_write(const struct job_script *job, FILE *out)
{
    write_use(job, out);
    write_reasons(job, out);
    write_directives(job, out);
    write_start(job, out);
    write_end(out);
}
