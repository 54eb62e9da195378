/* SPDX-License-Identifier: MIT
 *
 * In a child process all processors are lent to BLAS, which is then called with matrices of 100
 * columns and more and more rows, each about 5 % more than the last:
 *
 *     z = X w        cblas_dgemv, X (rows, 100)
 *
 * The runtime of OpenMP keeps its threads once it has started them, so the first call after which
 * /proc/self/task has grown is the first that forked. A last call with the largest size shows how
 * many it uses there: a split of few rows may have had work for some of them only.
 *
 * Why a child: threads that are started stay, and with them the default of OpenMP would have been
 * changed in the process that is to measure. Why it must come first: after fork() only one thread
 * goes on, and a runtime that had started others waits for them for ever. A child that is stuck
 * anyway, as OpenBLAS is where it gets no memory, is ended by its alarm; one that dies says
 * nothing. Neither keeps a sweep from running.
 *
 * X is a mapping that is never written to: all its pages are the one page of zeros, and cost
 * what it takes to enter each into a table once, some microseconds for every ten of them. OpenBLAS
 * 0.3.21 forks from 9216 elements on (2304 x GEMM_MULTITHREAD_THRESHOLD, interface/gemv.c).
 */
#include "measure/machine/blas_threads.h"

#include "base/parallel/threads.h"
#include "kernels/blas_library.h"

#include <cblas.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COLUMNS = 100, ROWS_MOST = 10000, SECONDS_MOST = 10 };

static struct blas_threads unknown(const char *reason)
{
    return (struct blas_threads){.elements = -1, .reason = reason};
}

/* Threads of this process; 0 where /proc does not say. */
static int threads_running(void)
{
    DIR *folder = opendir("/proc/self/task");
    if (folder == NULL)
        return 0;
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

/* --- In the child -------------------------------------------------------------------------- */

static void call_gemv(int rows, const double *X)
{
    static const double w[COLUMNS];
    static double z[ROWS_MOST];
    cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, COLUMNS, 1.0, X, COLUMNS, w, 1, 0.0, z, 1);
}

/* The next number of rows to try, the most of all as the last. */
static int rows_after(int rows)
{
    int next = rows + rows / 20 + 1;
    return rows < ROWS_MOST && next > ROWS_MOST ? ROWS_MOST : next;
}

/* A count that does not start from one thread would count another runtime's: ThreadSanitizer starts
 * some of its own after a fork. Texts lie where they lie in the parent. */
static struct blas_threads watch_calls(void)
{
    struct blas_threads found = {.elements = 0};
    const double *X = mmap(NULL, sizeof(double) * COLUMNS * ROWS_MOST, PROT_READ,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (X == MAP_FAILED)
        return unknown("there is not enough memory for a matrix");
    if (threads_running() != 1)
        return unknown("threads that do not belong to BLAS are running");
    threads_lend(threads_processors());
    blas_library_set_threads(threads_processors());
    for (int rows = 1; rows <= ROWS_MOST && found.elements == 0; rows = rows_after(rows)) {
        call_gemv(rows, X);
        if (threads_running() > 1)
            found.elements = (int64_t)rows * COLUMNS;
    }
    call_gemv(ROWS_MOST, X);
    found.threads = threads_running();
    return found;
}

static void watch_gemv(int out)
{
    struct blas_threads found = watch_calls();
    if (write(out, &found, sizeof found) != sizeof found)
        _exit(1);
}

/* A runtime that gives up says so and calls exit(), which writes what the parent has not yet
 * printed: none of it is to be seen. */
static void silence(void)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere < 0)
        _exit(1);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
}

/* Whatever handlers and masks were inherited, a fault or the alarm ends the child. */
_Noreturn static void be_child(void (*work)(int out), int out, unsigned seconds)
{
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    alarm(seconds);
    silence();
    work(out);
    _exit(0);
}

/* --- In the parent ------------------------------------------------------------------------- */

static bool read_whole(int in, void *answer, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t count = read(in, (char *)answer + got, size - got);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        got += count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* A child that has been asked, and has not been heard. */
struct question {
    pid_t child; /* negative: there is none */
    int in;      /* that its answer comes from */
};

/* Its end is the child's end too: a command that has failed leaves none behind. */
static bool begin(struct question *question, void (*work)(int out), unsigned seconds)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        be_child(work, ends[1], seconds);
    }
    close(ends[1]);
    *question = (struct question){child, ends[0]};
    return true;
}

static struct blas_threads hear(const struct question *question)
{
    struct blas_threads found;
    bool answered = question->child > 0 && read_whole(question->in, &found, sizeof found);
    close(question->in);
    while (question->child > 0 && waitpid(question->child, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (question->child < 0)
        return unknown("a process could not be started");
    return answered ? found : unknown("the process that was to call BLAS ended without an answer");
}

struct blas_threads blas_threads_ask(void (*work)(int out), unsigned seconds)
{
    struct question question;
    return begin(&question, work, seconds) ? hear(&question)
                                           : unknown("a pipe could not be created");
}

/* --- Once in a process --------------------------------------------------------------------- */

static enum { NOT_ASKED, ASKED, HEARD } state;
static struct question question;
static struct blas_threads kept;

static void settle(struct blas_threads found)
{
    kept = found;
    state = HEARD;
}

void blas_threads_begin(void)
{
    if (state != NOT_ASKED)
        return;
    int running = threads_running();
    if (running == 0)
        settle(unknown("/proc/self/task cannot be read"));
    else if (running > 1)
        settle(unknown("other threads were running already"));
    else if (threads_processors() == 1)
        settle((struct blas_threads){.elements = 0, .threads = 1});
    else if (begin(&question, watch_gemv, SECONDS_MOST))
        state = ASKED;
    else
        settle(unknown("a pipe could not be created"));
}

const struct blas_threads *blas_threads_probe(void)
{
    blas_threads_begin();
    return blas_threads_found();
}

const struct blas_threads *blas_threads_found(void)
{
    if (state == ASKED)
        settle(hear(&question));
    return state == HEARD ? &kept : NULL;
}
