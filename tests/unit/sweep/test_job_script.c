/* SPDX-License-Identifier: MIT
 *
 * Job scripts, line by line. What Slurm makes of one, slurm.bats sees.
 */
#include "sweep/slurm/job_script.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct job_script usual = {
    .command = "descent slurm grid.yaml --nodes 3",
    .directory = "/home/me",
    .script = "grid.sh",
    .program = "/opt/descent",
    .file = "/home/me/grid.yaml",
    .name = "grid",
    .results = "/home/me/results",
    .shards = 3,
    .cpus = 4,
    .minutes = 7,
    .notice = 62,
    .mebibytes = 513,
    .expected = 60.0,
    .bytes = 1024.0,
    .exclusive = true,
};

/* The script; free with free(). */
static char *script_of(const struct job_script *job)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    job_script_write(job, out);
    fclose(out);
    return text;
}

/* Is this a line of it, the whole line? */
static bool has_line(const char *text, const char *line)
{
    const size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)) != NULL; at++)
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

static void check_lines(const struct job_script *job, const char *const *lines)
{
    char *text = script_of(job);
    for (size_t i = 0; lines[i] != NULL; i++)
        if (!has_line(text, lines[i]))
            fail_msg("'%s' is no line of:\n%s", lines[i], text);
    free(text);
}

static void check_absent(const struct job_script *job, const char *part)
{
    char *text = script_of(job);
    if (strstr(text, part) != NULL)
        fail_msg("'%s' is in:\n%s", part, text);
    free(text);
}

static void it_says_what_slurm_is_asked_for(void **state)
{
    static const char *const lines[] = {
        "#SBATCH --job-name=\"grid\"",
        "#SBATCH --array=1-3",
        "#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=4",
        "#SBATCH --time=7",
        "#SBATCH --mem=513M",
        "#SBATCH --exclusive",
        "#SBATCH --signal=B:TERM@62",
        "#SBATCH --requeue --open-mode=append",
        "#SBATCH --output=\"/home/me/results/grid/slurm-%A_%a.log\"",
        "cd -- /home/me || exit 1",
        "export OMP_THREAD_LIMIT=\"${SLURM_CPUS_PER_TASK:-4}\" # is `threads: all`",
        "/opt/descent sweep /home/me/grid.yaml --results /home/me/results --shard "
        "\"$SLURM_ARRAY_TASK_ID/3\" &",
        NULL,
    };
    (void)state;
    check_lines(&usual, lines);
    check_absent(&usual, "--partition");
    check_absent(&usual, "--account");
}

static void it_says_how_it_is_used_and_why(void **state)
{
    static const char *const lines[] = {
        "#!/usr/bin/env bash",
        "# Sweep grid in 3 shards: a job array of Slurm, made in /home/me by",
        "#   descent slurm grid.yaml --nodes 3",
        "#   job=$(sbatch --parsable grid.sh)",
        "#   sbatch --dependency=afterok:\"$job\" "
        "--wrap='/opt/descent merge /home/me/results/grid'",
        "# Time: 2 times the 1 min 0 s that the slowest shard should take, seen from the machine "
        "where this was",
        "# made, and 5 minutes to start.",
        "# Memory: 1.5 times the 1 KiB of data and training, and 512 MiB.",
        NULL,
    };
    (void)state;
    check_lines(&usual, lines);
    check_absent(&usual, "finals");
}

static void what_is_given_is_said_to_be(void **state)
{
    struct job_script job = usual;
    static const char *const given[] = {
        "#SBATCH --partition=\"long\"",
        "#SBATCH --account=\"group\"",
        "# Time: as given; the slowest shard should take 1 min 0 s.",
        "# Memory: as given; data and training take 1 KiB.",
        "#   /opt/descent sweep /home/me/grid.yaml --results /home/me/results --execution batched",
        "/opt/descent sweep /home/me/grid.yaml --results /home/me/results --execution batched "
        "--shard \"$SLURM_ARRAY_TASK_ID/3\" &",
        NULL,
    };
    static const char *const unknown[] = {"# Time: as given; what a shard takes could not be seen.",
                                          NULL};
    (void)state;
    job.partition = "long";
    job.account = "group";
    job.execution = "batched";
    job.minutes_given = job.mebibytes_given = job.finals = true;
    job.exclusive = false;
    check_lines(&job, given);
    check_absent(&job, "exclusive");
    job.expected = INFINITY;
    check_lines(&job, unknown);
}

static void names_are_quoted_for_who_reads_them(void **state)
{
    struct job_script job = usual;
    static const char *const lines[] = {
        "#SBATCH --partition=\"a \\\"b\\\" \\\\ %j\"",
        "#SBATCH --output=\"/my %%r's \\\"x\\\"/grid/slurm-%A_%a.log\"",
        "cd -- '/it'\\''s $HOME' || exit 1",
        "/opt/descent sweep '/a b.yaml' --results '/my %r'\\''s \"x\"' --shard "
        "\"$SLURM_ARRAY_TASK_ID/3\" &",
        NULL,
    };
    (void)state;
    job.partition = "a \"b\" \\ %j";
    job.results = "/my %r's \"x\"";
    job.directory = "/it's $HOME";
    job.file = "/a b.yaml";
    check_lines(&job, lines);
    assert_true(job_script_can_say("a b'\"%$\\é"));
    assert_false(job_script_can_say("a\nb"));
    assert_false(job_script_can_say("a\rb"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_slurm_is_asked_for),
        cmocka_unit_test(it_says_how_it_is_used_and_why),
        cmocka_unit_test(what_is_given_is_said_to_be),
        cmocka_unit_test(names_are_quoted_for_who_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
