/* SPDX-License-Identifier: MIT
 *
 * SGD of one model against exact arithmetic, within a bound that is proved, on data where rounding
 * shows: rows that cancel, of 1e30 and 1e-30 side by side, and of the smallest numbers there are.
 *
 * The bound follows the steps, with u the rounding of a double and e what a weight is off by:
 *
 *     |dz|     <= |x|.e + eb + (d + 16) u (|x|.|w'| + |step'| |x|.|x'| + |step"| |x|.|x"| + |b|)
 *     |dstep|  <= rate c |dz| / 4 + 8 u |step|         (a sigmoid rises by 1/4 at most)
 *     e        <- |shrink| e + |x| |dstep| + 8 u (|w| + |step x|),   eb likewise
 *
 * where ' and " are the samples before, whose products a kernel may have used, and w' the weights
 * that it may have started from: those before the last two steps.
 */
#include "base/parallel/threads.h"
#include "kernel_fixture.h"

enum { ROWS = 48, BEFORE = 2 };

static const long double unit = 0x1p-53L, smallest = 0x1p-1070L;

/* Exact steps, and what those of a kernel may be off by. */
struct exact {
    size_t d;
    long double *w, *e;       /* (d) */
    long double *old[BEFORE]; /* (d) weights before the last steps, the latest first */
    const double *x[BEFORE];  /* the rows of the last samples */
    long double step[BEFORE]; /* and their steps */
    long double b, eb;
};

static long double *numbers(size_t d)
{
    return memory_allocate(d, sizeof(long double));
}

static struct exact exact_open(const struct models *models)
{
    struct exact exact = {.d = models->features, .b = models->b[0]};
    exact.w = numbers(exact.d);
    exact.e = numbers(exact.d);
    for (size_t i = 0; i < BEFORE; i++)
        exact.old[i] = numbers(exact.d);
    for (size_t f = 0; f < exact.d; f++)
        exact.w[f] = exact.old[0][f] = exact.old[1][f] = models->W[f];
    return exact;
}

static void exact_clear(struct exact *exact)
{
    memory_free(exact->w);
    memory_free(exact->e);
    for (size_t i = 0; i < BEFORE; i++)
        memory_free(exact->old[i]);
}

/* What the sum of a sample may be off by. */
static long double sum_error(const struct exact *exact, const double *x)
{
    long double inherited = exact->eb, size = fabsl(exact->b);
    for (size_t f = 0; f < exact->d; f++) {
        const long double a = fabsl((long double)x[f]);
        inherited += a * exact->e[f];
        size +=
            a * fmaxl(fabsl(exact->w[f]), fmaxl(fabsl(exact->old[0][f]), fabsl(exact->old[1][f])));
        for (size_t i = 0; i < BEFORE && exact->x[i] != NULL; i++)
            size += a * fabsl(exact->step[i] * (long double)exact->x[i][f]);
    }
    const long double roundings = (long double)(exact->d + 16);
    return inherited + roundings * (unit * size + smallest);
}

static void exact_step(struct exact *exact, const double *x, double y, double rate, double lambda)
{
    long double z = exact->b;
    for (size_t f = 0; f < exact->d; f++)
        z += exact->w[f] * (long double)x[f];
    const long double step = rate * ((long double)y - 1.0L / (1.0L + expl(-z)));
    const long double shrink = 1.0L - (long double)rate * (long double)lambda;
    const long double off =
        rate * fminl(1.0L, sum_error(exact, x) / 4.0L) + 8.0L * unit * fabsl(step) + smallest;
    long double *const oldest = exact->old[1];
    exact->old[1] = exact->old[0];
    exact->old[0] = oldest;
    for (size_t f = 0; f < exact->d; f++) {
        const long double a = x[f], w = exact->w[f];
        oldest[f] = w;
        exact->w[f] = shrink * w + step * a;
        exact->e[f] = fabsl(shrink) * exact->e[f] + fabsl(a) * off +
                      8.0L * unit * (fabsl(w) + fabsl(step * a)) + smallest;
    }
    exact->eb += off + unit * (fabsl(exact->b) + fabsl(step));
    exact->b += step;
    exact->x[1] = exact->x[0];
    exact->step[1] = exact->step[0];
    exact->x[0] = x;
    exact->step[0] = step;
}

/* The largest share of the bound that the weights of `models` use up. */
static long double share_of_bound(const struct exact *exact, const struct models *models)
{
    long double worst = fabsl((long double)models->b[0] - exact->b) / exact->eb;
    for (size_t f = 0; f < exact->d; f++) {
        const long double off = fabsl((long double)models->W[f] - exact->w[f]);
        worst = fmaxl(worst, isfinite(models->W[f]) ? off / exact->e[f] : INFINITY);
    }
    return worst;
}

/* --- Data ------------------------------------------------------------------------------------ */

/* Value f of row i, given a number from a normal distribution. */
typedef double made(double normal, size_t i, size_t f);

static double plain(double normal, size_t i, size_t f)
{
    (void)i, (void)f;
    return normal;
}

/* Large numbers that come in pairs of opposite sign: a sum is what is left of them. */
static double cancelling(double normal, size_t i, size_t f)
{
    const double large = 1e8 * (double)(1 + f / 2 % 3);
    return (f % 2 == 0 ? large : -large) + (i % 3 == 0 ? normal : 0.0);
}

/* Every row is the one before it, with the other sign, and hardly another number. */
static double opposite(double normal, size_t i, size_t f)
{
    return (i % 2 == 0 ? 1.0 : -1.0) * (double)(1 + f % 5) + 1e-9 * normal;
}

static double uneven(double normal, size_t i, size_t f)
{
    static const double scales[] = {1e-30, 1.0, 1e-15};
    return normal * scales[(i + f) % 3];
}

static double huge(double normal, size_t i, size_t f)
{
    (void)f;
    return normal * (i % 4 == 1 ? 1e30 : 1e-30);
}

static double denormal(double normal, size_t i, size_t f)
{
    (void)f;
    return normal * (i % 4 == 3 ? 1.0 : 0x1p-1060);
}

/* Squares are beyond a double, sums with the weights are not. */
static double beyond(double normal, size_t i, size_t f)
{
    (void)f;
    return normal * (i % 5 == 2 ? 1e155 : 1e140);
}

static const struct {
    const char *name;
    made *value;
    double rate;
    double weights; /* scale of the first ones */
} kinds[] = {
    {"plain", plain, 0.01, 1.0},        {"cancelling", cancelling, 1e-19, 1e-8},
    {"opposite", opposite, 1e-3, 1.0},  {"uneven", uneven, 0.01, 1.0},
    {"huge", huge, 1e-62, 1e-30},       {"denormal", denormal, 0.01, 1.0},
    {"beyond", beyond, 1e-300, 1e-156},
};

static struct dataset *made_data(made *value, size_t d)
{
    struct dataset *data = random_data(ROWS, d);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t f = 0; f < d; f++)
            data->X[i * d + f] = value(data->X[i * d + f], i, f);
    return data;
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void compare(const struct kernel *kernel, size_t kind, size_t d, const uint32_t *order,
                    int threads)
{
    struct dataset *data = made_data(kinds[kind].value, d);
    struct models models = random_models(d, 1);
    for (size_t f = 0; f < d; f++)
        models.W[f] *= kinds[kind].weights;
    const double rate = kinds[kind].rate, lambda = order != NULL ? 0.1 : 0.0;
    struct exact exact = exact_open(&models);
    for (size_t i = 0; i < ROWS; i++) {
        const size_t row = order != NULL ? order[i] : i;
        exact_step(&exact, data->X + row * d, data->y[row], rate, lambda);
    }
    const struct sgd_epoch epoch = {data, order, &rate, &lambda, ACTIVATION_SIGMOID};
    run_sgd(kernel, &epoch, &models, threads);
    const long double share = share_of_bound(&exact, &models);
    if (!(share <= 1.0L))
        fail_msg("%s, %s, d %zu: %Lg of the bound", kernel->entry.name, kinds[kind].name, d, share);
    exact_clear(&exact);
    models_clear(&models);
    dataset_free(data);
}

static void steps_are_exact_up_to_a_bound(void **state)
{
    (void)state;
    static const struct kernel *const kernels[] = {&kernel_chain, &kernel_pipelined};
    static const size_t widths[] = {5, 19, 100, 300, 784, 1029};
    uint32_t order[ROWS];
    random_order(order, ROWS);
    for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++)
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
            EACH (d, widths) {
                compare(kernels[k], kind, *d, NULL, 1);
                compare(kernels[k], kind, *d, order, 3);
            }
}

/* The bound is worth something: where nothing cancels, it is near the last digits. */
static void the_bound_is_narrow(void **state)
{
    (void)state;
    enum { D = 100 };
    struct dataset *data = made_data(plain, D);
    struct models models = random_models(D, 1);
    struct exact exact = exact_open(&models);
    for (size_t i = 0; i < ROWS; i++)
        exact_step(&exact, data->X + i * D, data->y[i], 0.01, 0.0);
    for (size_t f = 0; f < D; f++)
        assert_true(exact.e[f] < 1e-10L);
    exact_clear(&exact);
    models_clear(&models);
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_exact_up_to_a_bound),
        cmocka_unit_test(the_bound_is_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
