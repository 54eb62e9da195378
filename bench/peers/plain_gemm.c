/* SPDX-License-Identifier: MIT
 *
 * plain_gemm: how fast is OpenBLAS's own matrix product? It is what bench/peers/ceilings.sh
 * compares our ceiling with, and shares no code with it.
 *
 *     plain_gemm each|one THREADS SECONDS SIZE
 *
 * each: every thread a product of square matrices of its own; one: one product on all threads, as
 * OpenBLAS divides it. Prints operations per second, from the least time of a product.
 */
#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double *make_matrix(size_t size)
{
    double *x = malloc(size * size * sizeof *x);
    if (x == NULL) {
        fprintf(stderr, "plain_gemm: out of memory\n");
        exit(1);
    }
    for (size_t i = 0; i < size * size; i++)
        x[i] = (double)(i % 1000) * 0.001;
    return x;
}

/* Operations a second of products that this thread asks for. The threads of a team begin together.
 */
static double rate_of(int size, double seconds)
{
    double *A = make_matrix((size_t)size), *B = make_matrix((size_t)size);
    double *C = make_matrix((size_t)size);
#pragma omp barrier
    double begin = seconds_now(), least = 1e30;
    for (int turn = 0; turn < 4 || seconds_now() - begin < seconds; turn++) {
        double from = seconds_now();
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1.0, A, size, B,
                    size, 0.0, C, size);
        double once = seconds_now() - from;
        least = once < least ? once : least;
    }
    free(A);
    free(B);
    free(C);
    return 2.0 * size * size * size / least;
}

int main(int argc, char **argv)
{
    if (argc != 5 || (strcmp(argv[1], "each") != 0 && strcmp(argv[1], "one") != 0)) {
        fprintf(stderr, "Usage: plain_gemm each|one THREADS SECONDS SIZE\n");
        return 2;
    }
    int threads = atoi(argv[2]), size = atoi(argv[4]);
    double seconds = strtod(argv[3], NULL), rate = 0.0;
    /* In a region of one thread OpenBLAS, which does not take it for one, would start others. */
    if (strcmp(argv[1], "one") == 0 || threads == 1) {
        omp_set_num_threads(threads);
        rate = rate_of(size, seconds);
    } else {
#pragma omp parallel num_threads(threads) reduction(+ : rate)
        rate += rate_of(size, seconds);
    }
    printf("%.6g\n", rate);
    return 0;
}
