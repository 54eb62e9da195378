/* SPDX-License-Identifier: MIT
 *
 * plain_gd: full-batch gradient descent as one writes it in an afternoon, with two dgemv over all
 * of X an epoch. It is what bench/peers/compare.sh times descent against, and shares no code with
 * it.
 *
 *     plain_gd DATA.csv EPOCHS RATE LAMBDA [START]
 *
 * DATA.csv has no header and the label, 0 or 1, in the last column. START is a line of d weights
 * and the bias to start from, separated by commas; without it all are 0. It minimises
 *
 *     F(w, b) = (1/n) sum (max(z, 0) - z y + log1p(exp(-|z|))) + lambda/2 ||w||^2,  z = X w + b
 *
 * and prints the rate, F at the end (with 0 epochs: F of START) and the seconds that the epochs
 * took. How many threads the products get is OpenBLAS's own business.
 */
#define _POSIX_C_SOURCE 200809L

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_LENGTH = 1 << 20 };

struct data {
    double *X; /* (n, d) */
    double *y; /* (n) */
    size_t n, d;
};

static void fail(const char *what, const char *where)
{
    fprintf(stderr, "plain_gd: %s: %s\n", where, what);
    exit(1);
}

static double *allocate(double *old, size_t count)
{
    double *new = realloc(old, count * sizeof *new);
    if (new == NULL)
        fail("out of memory", "realloc");
    return new;
}

/* Reads as many numbers as the line has into `numbers`, at most `limit`; returns how many. */
static size_t parse_line(const char *line, double *numbers, size_t limit)
{
    size_t count = 0;
    while (count < limit) {
        char *end;
        numbers[count] = strtod(line, &end);
        if (end == line)
            break;
        count++;
        if (*end != ',')
            break;
        line = end + 1;
    }
    return count;
}

static struct data read_csv(const char *path)
{
    static char line[LINE_LENGTH];
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        fail("cannot be read", path);
    size_t columns = 1;
    for (const char *c = line; *c != '\0'; c++)
        columns += *c == ',';

    struct data data = {.d = columns - 1};
    double *row = allocate(NULL, columns);
    size_t capacity = 0;
    do {
        if (parse_line(line, row, columns) != columns)
            fail("a line with too few numbers, or too long", path);
        if (data.n == capacity) {
            capacity = 2 * capacity + 1024;
            data.X = allocate(data.X, capacity * data.d);
            data.y = allocate(data.y, capacity);
        }
        memcpy(data.X + data.n * data.d, row, data.d * sizeof *row);
        data.y[data.n++] = row[data.d];
    } while (fgets(line, sizeof line, file) != NULL);
    free(row);
    fclose(file);
    return data;
}

/* The start: d weights and the bias. */
static void read_start(const char *path, double *w, size_t count)
{
    static char line[LINE_LENGTH];
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL ||
        parse_line(line, w, count) != count)
        fail("expected a line of weights and a bias", path);
    fclose(file);
}

static double objective(const struct data *data, const double *w, double b, double lambda,
                        double *z)
{
    int n = (int)data->n, d = (int)data->d;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, 1.0, data->X, d, w, 1, 0.0, z, 1);
    double loss = 0.0;
    for (int i = 0; i < n; i++) {
        z[i] += b;
        loss += fmax(z[i], 0.0) - z[i] * data->y[i] + log1p(exp(-fabs(z[i])));
    }
    return loss / n + 0.5 * lambda * cblas_ddot(d, w, 1, w, 1);
}

/* One step: w <- w - rate dw, b <- b - rate db; returns the new bias. z (n) and g (d) are scratch.
 */
static double step(const struct data *data, double *w, double b, double rate, double lambda,
                   double *z, double *g)
{
    int n = (int)data->n, d = (int)data->d;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, 1.0, data->X, d, w, 1, 0.0, z, 1);
    double db = 0.0;
    for (int i = 0; i < n; i++) {
        z[i] = (1.0 / (1.0 + exp(-(z[i] + b))) - data->y[i]) / n;
        db += z[i];
    }
    memcpy(g, w, data->d * sizeof *g);
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, data->X, d, z, 1, lambda, g, 1);
    cblas_daxpy(d, -rate, g, 1, w, 1);
    return b - rate * db;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 6) {
        fprintf(stderr, "Usage: plain_gd DATA.csv EPOCHS RATE LAMBDA [START]\n");
        return 2;
    }
    struct data data = read_csv(argv[1]);
    long epochs = strtol(argv[2], NULL, 10);
    double rate = strtod(argv[3], NULL), lambda = strtod(argv[4], NULL);
    double *w = allocate(NULL, data.d + 1), *z = allocate(NULL, data.n);
    double *g = allocate(NULL, data.d);
    memset(w, 0, (data.d + 1) * sizeof *w);
    if (argc == 6)
        read_start(argv[5], w, data.d + 1);
    double b = w[data.d];

    double start = seconds_now();
    for (long epoch = 0; epoch < epochs; epoch++)
        b = step(&data, w, b, rate, lambda, z, g);
    double seconds = seconds_now() - start;
    printf("rate %.17g objective %.17g seconds %.9f\n", rate, objective(&data, w, b, lambda, z),
           seconds);
    free(data.X);
    free(data.y);
    free(w);
    free(z);
    free(g);
    return 0;
}
