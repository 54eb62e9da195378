/* SPDX-License-Identifier: MIT
 *
 * What the child reads is a file, and what it says goes to another; only what it makes comes
 * through a pipe, if anything does, so that neither program can wait for the other.
 */
#include "base/system/child.h"

#include "base/system/output.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

long long child_copy(int from, FILE *to)
{
    char block[1 << 16];
    long long all = 0;
    int fault = 0;
    for (ssize_t count; (count = read(from, block, sizeof block)) != 0;) {
        if (count > 0 && fault == 0 && fwrite(block, 1, (size_t)count, to) != (size_t)count)
            fault = errno != 0 ? errno : EIO;
        else if (count < 0 && errno != EINTR)
            break;
        all += count > 0 ? count : 0;
    }
    if (fault == 0 && fflush(to) != 0)
        fault = errno;
    errno = fault;
    return fault == 0 ? all : -1;
}

/* Starts it with these three as its standard files. Returns 0 or an error number. */
static int start(const struct child *child, int input, int output, int words, pid_t *process)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO);
    int fault = posix_spawnp(process, child->arguments[0], &actions, NULL,
                             (char *const *)(const void *)child->arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}

static bool fail_to_start(const struct child *child, int fault, struct error *error)
{
    if (fault == ENOENT)
        return error_failed(error, "%s", child->missing);
    return error_failed(error, "%s, which is to %s, cannot be started: %s", child->arguments[0],
                        child->job, strerror(fault));
}

void child_describe_end(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(text, size, "was killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(text, size, "ended with exit code %d", WEXITSTATUS(status));
}

/* The same of one that has nothing to show. */
static void describe_end(const struct child *child, int status, char *text, size_t size)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        snprintf(text, size, "succeeded but wrote no %s", child->product);
    else
        child_describe_end(status, text, size);
}

/* What the child said, without the blank lines around it, or that it said nothing; and how it
 * ended, where that alone does not tell. */
static bool fail_with_words(const struct child *child, FILE *words, int status, struct error *error)
{
    char text[1024], end[128];
    rewind(words);
    size_t length = fread(text, 1, sizeof text - 1, words);
    while (length > 0 && strchr(" \n", text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    const char *said = text + strspn(text, " \n");
    describe_end(child, status, end, sizeof end);
    if (*said == '\0')
        return error_failed(error, "%s could not %s: it said nothing; it %s", child->arguments[0],
                            child->job, end);
    error_failed(error, "%s could not %s: %s%s%s", child->arguments[0], child->job,
                 WIFSIGNALED(status) ? "it " : "", WIFSIGNALED(status) ? end : "",
                 WIFSIGNALED(status) ? "; " : "");
    error_append(error, said);
    return false;
}

static bool fail_for_lack(const char *what, struct error *error)
{
    return error_failed(error, "%s: %s", what, strerror(errno));
}

static int wait_for(pid_t process)
{
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static bool succeeded(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A disk that is full comes before whatever the child makes of it. */
static bool run_piped(const struct child *child, FILE *input, FILE *output, const char *name,
                      FILE *words, struct error *error)
{
    int ends[2], unwritten = 0;
    long long size = 0;
    pid_t process;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail_for_lack("a pipe cannot be made", error);
    int fault = start(child, fileno(input), ends[1], fileno(words), &process);
    close(ends[1]);
    if (fault == 0 && (size = child_copy(ends[0], output)) < 0)
        unwritten = errno;
    close(ends[0]);
    if (fault != 0)
        return fail_to_start(child, fault, error);
    int status = wait_for(process);
    if (unwritten != 0)
        return error_failed(error, "%s: cannot be written: %s",
                            name != NULL ? name : child->product, output_fault(unwritten));
    return (succeeded(status) && (size > 0 || name == NULL)) ||
           fail_with_words(child, words, status, error);
}

static bool run_seeking(const struct child *child, FILE *input, FILE *output, FILE *words,
                        struct error *error)
{
    struct stat made = {0};
    pid_t process;
    int fault = start(child, fileno(input), fileno(output), fileno(words), &process);
    if (fault != 0)
        return fail_to_start(child, fault, error);
    int status = wait_for(process);
    bool there = succeeded(status) && fstat(fileno(output), &made) == 0 && made.st_size > 0;
    return there || fail_with_words(child, words, status, error);
}

static bool run(const struct child *child, FILE *input, FILE *output, bool seeking,
                const char *name, struct error *error)
{
    if (fflush(input) != 0 || ferror(input) || fseek(input, 0, SEEK_SET) != 0)
        return fail_for_lack("what a program is to read cannot be written", error);
    FILE *words = tmpfile();
    if (words == NULL)
        return fail_for_lack("a temporary file cannot be created", error);
    bool done = seeking ? run_seeking(child, input, output, words, error)
                        : run_piped(child, input, output, name, words, error);
    fclose(words);
    return done;
}

bool child_run(const struct child *child, FILE *input, FILE *output, const char *name,
               struct error *error)
{
    return run(child, input, output, false, name, error);
}

bool child_run_seeking(const struct child *child, FILE *input, FILE *output, struct error *error)
{
    return run(child, input, output, true, NULL, error);
}

bool child_can_run(const struct child *child, struct error *error)
{
    FILE *input = tmpfile(), *output = tmpfile();
    bool able = input != NULL && output != NULL;
    if (!able)
        fail_for_lack("a temporary file cannot be created", error);
    able = able && run(child, input, output, false, NULL, error);
    if (input != NULL)
        fclose(input);
    if (output != NULL)
        fclose(output);
    return able;
}
