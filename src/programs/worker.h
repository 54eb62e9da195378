/* SPDX-License-Identifier: MIT
 *
 * descent as a program that speaks the trial protocol (protocol.h), version 1: another descent, or
 * anything else that speaks it, has it train. Its parameters are the hyper-parameters, by the names
 * that they have as columns of exports ("rate", "stop_epochs").
 */
#ifndef DESCENT_PROGRAMS_WORKER_H
#define DESCENT_PROGRAMS_WORKER_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

/* Answers every line of `in` with one on `out` until it ends or says quit. What is wrong with a
 * line is an answer. False, with an error, when nobody reads the answers any more. */
bool worker_run(FILE *in, FILE *out, const char *version, struct error *error);

#endif
