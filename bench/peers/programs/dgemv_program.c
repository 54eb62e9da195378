/* SPDX-License-Identifier: MIT
 *
 * A program in plain C that speaks the trial protocol (docs/protocol.md) and shares no code with
 * descent: Nesterov's accelerated gradient descent on a dense matrix, with two dgemv a step.
 *
 *     z = X w + b,   r = (sigmoid(z) - y) / n,   dw = X' r + lambda w,   db = sum r
 *     v' = w - (dw, db) / L,   w' = v' + (k / (k + 3)) (v' - v)
 *
 * L = lambda_max([X 1]'[X 1]) / (4 n) + lambda; k begins again where a step goes uphill (O'Donoghue
 * and Candes, 2015). It ends where the norm of the gradient is at most `tolerance`.
 *
 *   cc -O3 -march=native -o dgemv_program dgemv_program.c $(pkg-config --cflags --libs openblas)
 * -lm
 */
#define _POSIX_C_SOURCE 200809L

#include <cblas.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 128, PATH_LENGTH = 4096 };

static struct {
    const double *X; /* (n, d) mapped */
    const double *y; /* (n) mapped, 0 or 1 */
    int n, d;
    double curvature; /* L without lambda */
    double *r;        /* (n) */
} data;

/* --- Messages ------------------------------------------------------------------------------ */

/* What stands behind "name": in the line, or NULL. */
static const char *member(const char *line, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *found = strstr(line, key);
    return found != NULL ? found + strlen(key) : NULL;
}

/* A number; `missing` where there is none, or null. */
static double number(const char *line, const char *name, double missing)
{
    char *end = NULL;
    const char *text = member(line, name);
    const double value = text != NULL ? strtod(text, &end) : 0.0;
    return end != NULL && end != text ? value : missing;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The doubles behind the header of a .npy file; NULL where it cannot be mapped. */
static const double *map(const char *line, const char *name)
{
    char path[PATH_LENGTH] = "";
    struct stat status;
    const char *text = member(line, name);
    if (text == NULL || sscanf(text, "\"%4095[^\"\\]\"", path) != 1)
        return NULL;
    const int file = open(path, O_RDONLY);
    if (file < 0)
        return NULL;
    char *bytes = fstat(file, &status) == 0
                      ? mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0)
                      : MAP_FAILED;
    close(file);
    return bytes != MAP_FAILED ? (const double *)(const void *)(bytes + HEADER) : NULL;
}

/* --- Training ------------------------------------------------------------------------------ */

/* out (n) = X v + v[d] */
static void forward(const double *v, double *out)
{
    for (int i = 0; i < data.n; i++)
        out[i] = v[data.d];
    cblas_dgemv(CblasRowMajor, CblasNoTrans, data.n, data.d, 1.0, data.X, data.d, v, 1, 1.0, out,
                1);
}

/* g (d + 1) = [X 1]' r */
static void backward(const double *r, double *g)
{
    cblas_dgemv(CblasRowMajor, CblasTrans, data.n, data.d, 1.0, data.X, data.d, r, 1, 0.0, g, 1);
    g[data.d] = 0.0;
    for (int i = 0; i < data.n; i++)
        g[data.d] += r[i];
}

static void gradient(const double *v, double lambda, double *g)
{
    forward(v, data.r);
    for (int i = 0; i < data.n; i++)
        data.r[i] = (1.0 / (1.0 + exp(-data.r[i])) - data.y[i]) / data.n;
    backward(data.r, g);
    cblas_daxpy(data.d, lambda, v, 1, g, 1);
}

/* By the power method, which comes from below: a hundredth is added. */
static void find_curvature(void)
{
    const int length = data.d + 1;
    double *v = malloc((size_t)length * sizeof *v), norm = 1.0;
    for (int j = 0; j < length; j++)
        v[j] = 1.0;
    for (int step = 0; step < 50; step++) {
        cblas_dscal(length, 1.0 / cblas_dnrm2(length, v, 1), v, 1);
        forward(v, data.r);
        backward(data.r, v);
        norm = cblas_dnrm2(length, v, 1);
    }
    data.curvature = 1.01 * norm / (4.0 * data.n);
    free(v);
}

/* Trains v (d + 1) from 0; the steps it took. `work` is (3, d + 1). */
static long descend(const char *line, double *v, double *work)
{
    const int length = data.d + 1;
    const double lambda = number(line, "lambda", 0.0), tolerance = number(line, "tolerance", 1e-6);
    const double rate = 1.0 / (data.curvature + lambda), limit = number(line, "seconds", INFINITY);
    const double start = seconds_now(), most = number(line, "epochs", 100000.0);
    double *ahead = work, *g = work + length, *moved = work + 2 * length;
    long step = 0;
    for (int k = 0; (double)step < most && seconds_now() - start < limit; step++, k++) {
        gradient(ahead, lambda, g);
        if (cblas_dnrm2(length, g, 1) <= tolerance) {
            memcpy(v, ahead, (size_t)length * sizeof *v);
            break;
        }
        for (int j = 0; j < length; j++) {
            const double next = ahead[j] - rate * g[j];
            moved[j] = next - v[j];
            v[j] = next;
        }
        if (cblas_ddot(length, g, 1, moved, 1) > 0.0)
            k = 0;
        for (int j = 0; j < length; j++)
            ahead[j] = v[j] + (double)k / (k + 3.0) * moved[j];
    }
    return step;
}

/* --- Answers ------------------------------------------------------------------------------- */

static void load(const char *line)
{
    data.n = (int)number(line, "samples", 0.0);
    data.d = (int)number(line, "features", 0.0);
    data.X = map(line, "X");
    data.y = map(line, "y");
    free(data.r);
    data.r = calloc((size_t)data.n + 1, sizeof *data.r);
    if (data.X == NULL || data.y == NULL || data.r == NULL) {
        puts("{\"error\": \"the arrays cannot be mapped\"}");
        return;
    }
    find_curvature();
    puts("{}");
}

static void train(const char *line)
{
    const int length = data.d + 1;
    double *v = calloc(4 * (size_t)length, sizeof *v);
    openblas_set_num_threads((int)number(line, "threads", 1.0));
    const double start = seconds_now();
    const long steps = descend(line, v, v + length);
    printf("{\"seconds\": %.9f, \"iterations\": %ld, \"bias\": %.17g, \"weights\": [",
           seconds_now() - start, steps, v[data.d]);
    for (int j = 0; j < data.d; j++)
        printf("%s%.17g", j > 0 ? ", " : "", v[j]);
    puts("]}");
    free(v);
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    openblas_set_num_threads(1);
    while (getline(&line, &size, stdin) > 0 && strstr(line, "\"message\":\"quit\"") == NULL) {
        if (strstr(line, "\"message\":\"hello\"") != NULL)
            puts("{\"protocol\": 1, \"name\": \"plain dgemv\", \"version\": \"1\", "
                 "\"threads\": true, \"parameters\": {"
                 "\"tolerance\": {\"type\": \"number\", \"minimum\": 0, \"default\": 1e-6}, "
                 "\"epochs\": {\"type\": \"integer\", \"minimum\": 1, \"default\": 100000}}}");
        else if (strstr(line, "\"message\":\"data\"") != NULL)
            load(line);
        else if (data.X != NULL)
            train(line);
        else
            puts("{\"error\": \"there are no data\"}");
        fflush(stdout);
    }
    free(line);
    return 0;
}
