/* SPDX-License-Identifier: MIT
 *
 * The power method, one axis after the other.
 */
#include "data/principal.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

/* Where two eigenvalues are close, the axes turn slowly in their plane, and the picture is as good
 * with either. */
enum { PASSES = 300 };
static const double tolerance = 1e-8; /* of the length of what changes in a pass */

static double dot(const double *a, const double *b, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add(double *v, double c, const double *u, size_t length)
{
    for (size_t i = 0; i < length; i++)
        v[i] += c * u[i];
}

static double square_of(const struct sample *x)
{
    double sum = 0.0;
    for (size_t t = 0; t < x->count; t++)
        sum += sample_value(x, t) * sample_value(x, t);
    return sum;
}

/* Mean of the rows (d); returns the sum of the variances of the features. */
static double find_mean(const struct dataset *data, double *mean)
{
    double n = (double)data->rows, squares = 0.0;
    for (size_t i = 0; i < data->rows; i++) {
        struct sample x = dataset_sample(data, i);
        sample_add(&x, 1.0 / n, mean);
        squares += square_of(&x) / n;
    }
    return squares - dot(mean, mean, data->features);
}

/* out = C v = (1/n) sum x ((x - mean) . v), since the brackets have the sum 0 */
static void multiply(const struct dataset *data, const double *mean, const double *v, double *out)
{
    double n = (double)data->rows, shift = dot(mean, v, data->features);
    memset(out, 0, data->features * sizeof *out);
    for (size_t i = 0; i < data->rows; i++) {
        struct sample x = dataset_sample(data, i);
        sample_add(&x, (sample_dot(&x, v) - shift) / n, out);
    }
}

/* Takes out the axes before it (count) and brings it to length 1; false: nothing is left. */
static bool make_axis(double *v, const double *axes, size_t count, size_t length)
{
    double before = sqrt(dot(v, v, length));
    for (int twice = 0; twice < 2; twice++)
        for (size_t k = 0; k < count; k++)
            add(v, -dot(v, axes + k * length, length), axes + k * length, length);
    double norm = sqrt(dot(v, v, length));
    if (!(norm > 1e-12 * before))
        return false;
    for (size_t i = 0; i < length; i++)
        v[i] /= norm;
    return true;
}

/* The largest entry of an axis is positive: its sign is no accident of the start. */
static void orient(double *v, size_t length)
{
    size_t largest = 0;
    for (size_t i = 1; i < length; i++)
        if (fabs(v[i]) > fabs(v[largest]))
            largest = i;
    double sign = v[largest] < 0.0 ? -1.0 : 1.0;
    for (size_t i = 0; i < length; i++)
        v[i] *= sign;
}

static double distance(const double *a, const double *b, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* Axis number k, after those before it; returns the variance along it. */
static double find_axis(const struct dataset *data, struct principal *principal, size_t k)
{
    size_t d = data->features;
    double *v = principal->axes + k * d, *Cv = memory_allocate(d, sizeof *Cv), variance = 0.0;
    struct random_stream stream = random_open(k, RANDOM_START, 0);
    for (size_t i = 0; i < d; i++)
        v[i] = random_normal(&stream);
    make_axis(v, principal->axes, k, d);
    for (int pass = 0; pass < PASSES; pass++) {
        multiply(data, principal->mean, v, Cv);
        variance = dot(v, Cv, d);                  /* v' C v, with ||v|| = 1 */
        if (!make_axis(Cv, principal->axes, k, d)) /* no variance is left: any axis will do */
            break;
        bool settled = distance(v, Cv, d) <= tolerance;
        memcpy(v, Cv, d * sizeof *v);
        if (settled)
            break;
    }
    memory_free(Cv);
    orient(v, d);
    return variance;
}

struct principal principal_components(const struct dataset *data)
{
    struct principal principal = {
        .mean = memory_allocate(data->features, sizeof(double)),
        .axes = memory_allocate(PRINCIPAL_AXES * data->features, sizeof(double)),
    };
    double total = find_mean(data, principal.mean);
    for (size_t k = 0; k < PRINCIPAL_AXES; k++) {
        double variance = find_axis(data, &principal, k);
        principal.shares[k] = total > 0.0 ? fmax(variance, 0.0) / total : 0.0;
    }
    return principal;
}

void principal_clear(struct principal *principal)
{
    memory_free(principal->mean);
    memory_free(principal->axes);
    *principal = (struct principal){0};
}
