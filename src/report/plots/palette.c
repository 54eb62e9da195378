/* SPDX-License-Identifier: MIT
 *
 * The list of names with an ink of their own. Yellow is left out: it is hard to see on white.
 */
#include "report/plots/palette.h"

#include <string.h>

#define BLACK "#000000"
#define ORANGE "#e69f00"
#define SKY "#56b4e9"
#define GREEN "#009e73"
#define BLUE "#0072b2"
#define VERMILLION "#d55e00"
#define PINK "#cc79a7"
#define GREY "#888888"

const char *const palette_grey = GREY;
const char *const palette_boundary = BLACK;
const char *const palette_classes[2] = {ORANGE, BLUE};

static const struct {
    const char *name;
    struct ink ink;
} known[] = {
    {"SGD", {ORANGE, 1}},
    {"sgd", {ORANGE, 1}},
    {"sgd-averaged", {ORANGE, 2}},
    {"hogwild", {ORANGE, 3}},
    {"local-sgd", {ORANGE, 4}},
    {"mini-batch", {GREEN, 1}},
    {"minibatch", {GREEN, 1}},
    {"minibatch-momentum", {GREEN, 2}},
    {"minibatch-adagrad", {GREEN, 3}},
    {"minibatch-adam", {GREEN, 4}},
    {"reduced variance", {PINK, 1}},
    {"svrg", {PINK, 1}},
    {"saga", {PINK, 2}},
    {"batch", {BLUE, 1}},
    {"gd", {BLUE, 1}},
    {"gd-momentum", {BLUE, 2}},
    {"gd-nesterov", {BLUE, 3}},
    {"gd-backtracking", {BLUE, 4}},
    {"lbfgs", {SKY, 1}},
    {"newton", {VERMILLION, 1}},
    {"perceptron", {BLACK, 1}},
    {"null", {GREY, 1}},
};

/* For all others, in turn. */
static const char *const cycle[] = {BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, BLACK};
enum { KNOWN = sizeof known / sizeof *known, CYCLE = sizeof cycle / sizeof *cycle };

static const struct ink *find(const char *name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i].ink;
    return NULL;
}

bool palette_knows(const char *name)
{
    return find(name) != NULL;
}

struct ink palette_ink(const char *name, size_t position)
{
    const struct ink *ink = find(name);
    return ink != NULL ? *ink
                       : (struct ink){cycle[position % CYCLE], 1 + (int)(position / CYCLE) % 5};
}
