/* SPDX-License-Identifier: MIT
 *
 * descent as a program that trains for another: the bits are those of training in this process,
 * whatever the solver, and a thousand trials leave nothing behind.
 */
#include "base/json_text.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "programs/data_files.h"
#include "programs/process_threads.h"
#include "programs/protocol.h"
#include "programs/worker.h"
#include "solvers/solver.h"

#include <dirent.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 60, FEATURES = 5, LONGEST = 64 };

static const double seconds = 60.0;

/* This program once more, which is the worker then. */
static struct process *start(struct hello *hello, const struct data_files *files)
{
    static const char *const arguments[] = {"/proc/self/exe", "worker", NULL};
    static const struct process_command command = {.name = "worker", .arguments = arguments};
    struct error error = {0};
    char reason[PROTOCOL_REASON];
    double took;
    struct process *process = process_start(&command, &error);
    if (process == NULL || !protocol_hello(process, seconds, hello, reason) ||
        !protocol_data(process, data_files_message(files), seconds, &took, reason))
        fail_msg("%s", process == NULL ? error.message : reason);
    return process;
}

static struct data_files *files_of(const struct dataset *data)
{
    struct error error = {0};
    struct data_files *files = data_files_write(data, false, &error);
    if (files == NULL)
        fail_msg("%s", error.message);
    return files;
}

/* By a solver, for so many epochs. */
static struct protocol_result ask(struct process *process, const struct hello *hello,
                                  const char *solver, const char *epochs, int threads)
{
    const struct parameter *const parameters[] = {hello_parameter(hello, "solver"),
                                                  hello_parameter(hello, "stop_epochs")};
    const char *const values[] = {solver, epochs};
    const struct protocol_task task = {.lambda = 0.01,
                                       .seed = 3,
                                       .threads = threads,
                                       .seconds = INFINITY,
                                       .count = 2,
                                       .parameters = parameters,
                                       .values = values};
    char reason[PROTOCOL_REASON];
    struct protocol_result result;
    if (!protocol_train(process, &task, FEATURES, seconds, &result, reason))
        fail_msg("%s: %s", solver, reason);
    return result;
}

static void assert_same_bits(const struct dataset *data, struct process *process,
                             const struct hello *hello, const char *solver)
{
    for (int threads = 1; threads <= 2; threads++) {
        char words[256];
        snprintf(words, sizeof words, "solver=%s lambda=0.01 seed=3 epochs=4 threads=%d", solver,
                 threads);
        const struct configuration configuration = configured(words);
        char reason[512];
        if (configuration_fault(&configuration, data, reason, sizeof reason) != NULL)
            continue; /* not on such data */
        struct trial own = trained(data, words, NULL);
        const struct protocol_result result = ask(process, hello, solver, "4", threads);
        if (memcmp(own.w, result.w, FEATURES * sizeof *own.w) != 0 || own.b != result.b)
            fail_msg("%s: other bits", solver);
        assert_true(result.iterations == own.epochs);
        memory_free(result.w);
        trial_clear(&own);
    }
}

static void assert_all_solvers(struct dataset *data)
{
    struct hello hello;
    struct data_files *files = files_of(data);
    struct process *process = start(&hello, files);
    for (size_t i = 0; i < solver_table.count; i++)
        if (!solver_of(solver_table.entries[i])->racy)
            assert_same_bits(data, process, &hello, solver_table.entries[i]->name);
    process_stop(process, 20.0, NULL);
    hello_clear(&hello);
    data_files_remove(files);
    dataset_free(data);
}

static void bits_are_those_of_this_process(void **state)
{
    (void)state;
    struct dataset *dense = random_data(ROWS, FEATURES), *sparse = thinned(dense);
    dataset_seal(dense);
    dataset_find_zeros(sparse);
    dataset_seal(sparse);
    assert_all_solvers(dense);
    assert_all_solvers(sparse);
}

/* --- A thousand trials ----------------------------------------------------------------------- */

static int descriptors_of(pid_t process)
{
    char path[LONGEST];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)process);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return -1;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static pid_t only_child(void)
{
    struct process_threads found = {0};
    process_threads_find(&found, getpid());
    const pid_t child = found.process_count == 2 ? found.processes[1] : 0;
    process_threads_clear(&found);
    return child;
}

/* What both processes hold after so many trials. */
struct holding {
    int own_files, files;
    double own_bytes, bytes;
};

static struct holding hold_after(struct process *process, const struct hello *hello, int trials)
{
    struct holding holding = {0};
    for (int i = 0; i < trials; i++) {
        const struct protocol_result result = ask(process, hello, "gd", "2", 1 + i % 2);
        holding.bytes = result.use.peak_of_trial ? result.use.peak_bytes : 0.0;
        memory_free(result.w);
    }
    const pid_t child = only_child();
    holding.own_files = descriptors_of(getpid());
    holding.files = child != 0 ? descriptors_of(child) : -1;
    holding.own_bytes = (double)mallinfo2().uordblks;
    return holding;
}

static void a_thousand_trials_leave_nothing(void **state)
{
    (void)state;
    struct hello hello;
    struct dataset *data = random_data(ROWS, FEATURES);
    dataset_seal(data);
    struct data_files *files = files_of(data);
    struct process *process = start(&hello, files);
    const struct holding before = hold_after(process, &hello, 200),
                         after = hold_after(process, &hello, 800);
    assert_int_equal(before.own_files, after.own_files);
    assert_int_equal(before.files, after.files);
    assert_true(after.own_bytes <= before.own_bytes + 4096.0);
#if !defined(SANITIZED) /* it keeps what is freed */
    assert_true(after.bytes <= before.bytes + 256.0 * 1024.0);
#endif
    process_stop(process, 20.0, NULL);
    hello_clear(&hello);
    data_files_remove(files);
    dataset_free(data);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_those_of_this_process),
        cmocka_unit_test(a_thousand_trials_leave_nothing),
    };
    struct error error = {0};
    json_text_initialise();
    threads_initialise();
    kernels_initialise();
    if (count > 1 && strcmp(arguments[1], "worker") == 0)
        return worker_run(stdin, stdout, "of the test", &error) ? 0 : 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
