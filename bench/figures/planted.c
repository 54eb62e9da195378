/* SPDX-License-Identifier: MIT
 *
 * planted: a command that works, and prints what it has come to; or one with a fault planted in it.
 *
 *     planted MILLIONS [KIND [FILE]]
 *
 * The work is a chain of multiplications and additions, x = x / 2 + 1, which is 2 from turn 54 on
 * and stays so: fewer turns come to the same.
 *
 *     last-bit   a tenth less to do, and the last bit of what is printed is another
 *     thread     another thread has a tenth of it to do at the same time
 *     chatter    prints its process number too
 *     crash      counts its runs in FILE, and ends by a signal in the fourth: in round 3 of a race,
 *                of which the first does not count
 */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct work {
    uint64_t turns;
    double result;
};

static void *run(void *context)
{
    struct work *work = context;
    double x = 0.0;
    for (uint64_t i = 0; i < work->turns; i++)
        x = 0.5 * x + 1.0;
    work->result = x;
    return NULL;
}

/* A tenth of it elsewhere. */
static double run_in_two(uint64_t turns)
{
    struct work most = {turns - turns / 10, 0.0}, rest = {turns / 10, 0.0};
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, &rest) != 0)
        abort();
    run(&most);
    pthread_join(thread, NULL);
    return fmax(most.result, rest.result);
}

static double run_alone(uint64_t turns)
{
    struct work all = {turns, 0.0};
    run(&all);
    return all.result;
}

/* A byte in the file for every run. */
static void count_run(const char *path)
{
    enum { LAST = 4 };
    FILE *file = fopen(path, "ae");
    if (file == NULL || fputc('.', file) == EOF || fflush(file) == EOF)
        exit(EXIT_FAILURE);
    if (ftell(file) == LAST) {
        fputs("planted: this is where it crashes\n", stderr);
        abort();
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    const uint64_t turns = 1000000 * (argc > 1 ? strtoull(argv[1], NULL, 10) : 1);
    const char *kind = argc > 2 ? argv[2] : "";
    if (strcmp(kind, "crash") == 0 && argc > 3)
        count_run(argv[3]);
    double result;
    if (strcmp(kind, "thread") == 0)
        result = run_in_two(turns);
    else
        result = run_alone(strcmp(kind, "last-bit") == 0 ? turns - turns / 10 : turns);
    if (strcmp(kind, "last-bit") == 0)
        result = nextafter(result, 0.0);
    if (strcmp(kind, "chatter") == 0)
        printf("process %ld\n", (long)getpid());
    printf("%.17g\n", result);
    return EXIT_SUCCESS;
}
