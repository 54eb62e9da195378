/* SPDX-License-Identifier: MIT
 *
 * Durations for people, around the places where the unit changes.
 */
#include "base/duration.h"

#include "testing.h"

#include <math.h>

static void durations_read_well(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        const char *text;
    } rows[] = {
        {0.0, "0 s"},         {2.5e-7, "250 ns"},      {9.996e-6, "10.0 µs"}, {0.0351, "35.1 ms"},
        {0.9999, "1.00 s"},   {12.34, "12.3 s"},       {59.96, "1 min 0 s"},  {3599.6, "1 h 0 min"},
        {125.0, "2 min 5 s"}, {11520.0, "3 h 12 min"}, {370800.0, "4 d 7 h"}, {NAN, "?"},
        {-1.0, "?"},          {INFINITY, "?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DURATION_TEXT];
        assert_string_equal(duration_text(rows[i].seconds, text), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(durations_read_well)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
