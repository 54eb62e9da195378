/* SPDX-License-Identifier: MIT
 *
 * The neuron's activation and loss, for one point: pure functions of z = x.w + b and y.
 *
 *     perceptron  h = 1 if z > 0 else 0                         (Heaviside)
 *     neuron      p = 1 / (1 + exp(-z))                         (sigmoid)
 *     loss        -y log p - (1-y) log(1-p)
 *               = max(z, 0) - z y + log1p(exp(-|z|))            (finite for every finite z)
 *
 * exp and log1p are written here rather than called. Inlined, without a branch and built from
 * multiply-add only, they vectorise under `#pragma omp simd` and cost no call in the chain of
 * one-sample SGD, where the next sample waits for this one. And a value does not depend on whether
 * it was computed in a vector or in the remainder of a loop, which "same bits" needs and the vector
 * mathematics libraries do not promise. Errors are bounded in tests/test_neuron.c: at most 1 unit
 * in the last place for the exponential, 2 for the logarithm.
 */
#ifndef DESCENT_NEURON_ACTIVATION_H
#define DESCENT_NEURON_ACTIVATION_H
