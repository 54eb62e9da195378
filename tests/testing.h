/* SPDX-License-Identifier: MIT
 *
 * cmocka, with the headers that it needs before it.
 */
#ifndef DESCENT_TESTS_TESTING_H
#define DESCENT_TESTS_TESTING_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
