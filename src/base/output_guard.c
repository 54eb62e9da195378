/* SPDX-License-Identifier: MIT
 *
 * The handler may come at any instant. So names of temporary files stand in a fixed table of atomic
 * pointers, the handler only calls unlink() and raises the signal again (signal-safety(7)), and
 * signals wait while a file exists whose name is not in the table yet, and while several files are
 * given their names. A signal that was ignored or handled when the first file was made stays so.
 */
#include "base/output_guard.h"

#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- Inputs -------------------------------------------------------------------------------- */

static struct {
    dev_t device;
    ino_t inode;
} * inputs;
static size_t input_count, input_capacity;

bool output_is_protected(const struct stat *status)
{
    for (size_t i = 0; i < input_count; i++)
        if (inputs[i].device == status->st_dev && inputs[i].inode == status->st_ino)
            return true;
    return false;
}

void output_protect_status(const struct stat *status)
{
    if (!S_ISREG(status->st_mode) || output_is_protected(status))
        return;
    inputs = memory_grow(inputs, &input_capacity, input_count + 1, sizeof *inputs);
    inputs[input_count].device = status->st_dev;
    inputs[input_count++].inode = status->st_ino;
}

void output_protect(const char *path)
{
    struct stat status;
    bool standard = strcmp(path, "-") == 0;
    if ((standard ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0)
        output_protect_status(&status);
}

void output_protect_in(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        memory_exhausted(1, strlen(folder));
    output_protect(path);
    memory_free(path);
}

/* --- Temporary files ----------------------------------------------------------------------- */

enum { TEMPORARIES_MOST = 8 };

static _Atomic(char *) temporaries[TEMPORARIES_MOST];
static char *finals[TEMPORARIES_MOST];
static pid_t owner; /* a child has other files */

void output_temporaries_remove(void)
{
    for (int i = 0; i < TEMPORARIES_MOST && getpid() == owner; i++) {
        const char *name = atomic_load(&temporaries[i]);
        if (name != NULL)
            unlink(name);
    }
}

static atomic_bool held;
static atomic_int held_back;

static bool is_fault(int signal)
{
    return signal == SIGABRT || signal == SIGBUS || signal == SIGSEGV || signal == SIGFPE ||
           signal == SIGILL;
}

static void remove_and_end(int signal)
{
    if (atomic_load(&held) && !is_fault(signal)) {
        atomic_store(&held_back, signal);
        return;
    }
    output_temporaries_remove();
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigemptyset(&usual.sa_mask);
    sigaction(signal, &usual, NULL);
    raise(signal); /* comes when this handler has returned */
}

void output_signals_hold(void)
{
    atomic_store(&held, true);
}

void output_signals_release(void)
{
    atomic_store(&held, false);
    int signal = atomic_exchange(&held_back, 0);
    if (signal != 0)
        raise(signal);
}

static const int ends[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE, SIGALRM,
                           SIGABRT, SIGXCPU, SIGBUS,  SIGSEGV, SIGFPE,  SIGILL};

static void watch(void)
{
    static bool watching;
    if (owner != getpid()) /* what a parent has open is its own */
        for (int i = 0; i < TEMPORARIES_MOST; i++)
            atomic_store(&temporaries[i], NULL);
    owner = getpid();
    if (watching)
        return;
    watching = true;
    atexit(output_temporaries_remove);
    memory_clean_at_exhaustion(output_temporaries_remove);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct sigaction now, ours = {.sa_handler = remove_and_end};
        sigfillset(&ours.sa_mask);
        if (sigaction(ends[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            sigaction(ends[i], &ours, NULL);
    }
}

static int free_place(void)
{
    int i = 0;
    while (i < TEMPORARIES_MOST && atomic_load(&temporaries[i]) != NULL)
        i++;
    return i;
}

int output_temporary_make(char *template, const char *final)
{
    watch();
    int place = free_place();
    if (place == TEMPORARIES_MOST) {
        errno = EMFILE;
        return -1;
    }
    char *name = memory_copy_text(template), *whole = memory_copy_text(final);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int file = mkstemp(name);
    int fault = errno;
    if (file >= 0) {
        finals[place] = whole;
        atomic_store(&temporaries[place], name);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = fault;
    if (file >= 0) {
        strcpy(template, name);
        return file;
    }
    memory_free(name);
    memory_free(whole);
    return -1;
}

void output_temporary_forget(const char *temporary)
{
    for (int i = 0; i < TEMPORARIES_MOST; i++) {
        char *name = atomic_load(&temporaries[i]);
        if (name == NULL || strcmp(name, temporary) != 0)
            continue;
        atomic_store(&temporaries[i], NULL);
        memory_free(name);
        memory_free(finals[i]);
        finals[i] = NULL;
    }
}

bool output_is_open(const char *final)
{
    for (int i = 0; i < TEMPORARIES_MOST; i++)
        if (atomic_load(&temporaries[i]) != NULL && strcmp(finals[i], final) == 0)
            return true;
    return false;
}
