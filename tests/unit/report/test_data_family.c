/* SPDX-License-Identifier: MIT
 *
 * Families of data sets, which weak scaling is told within.
 */
#include "report/scaling/data_family.h"

#include "base/memory.h"
#include "testing.h"

#include <string.h>

static void families_differ_in_rows_alone(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other; /* descriptions */
        bool alike;
    } cases[] = {
        {"blobs:rows=500,features=5", "blobs:rows=1000,features=5", true},
        {"blobs:features=5", "blobs:rows=1000,features=5", true},
        {"blobs", "blobs:rows=1000", true},
        {"blobs:rows=10 (scale standard)", "blobs (scale standard)", true},
        {"blobs:rows=500,features=5", "blobs:rows=1000,features=6", false},
        {"blobs:rows=500,seed=1", "blobs:rows=1000,seed=2", false},
        {"blobs:rows=500 (scale standard)", "blobs:rows=1000", false},
        {"blobs:rows=200,features=2", "pets", false},
        {"small.csv", "large.csv", false},
        {"data:rows=5.csv", "data:rows=6.csv", false},
        {"x.csv", "x.csv", false}, /* of another content */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *one = data_family(cases[i].one, "1"), *other = data_family(cases[i].other, "2");
        assert_true((strcmp(one, other) == 0) == cases[i].alike);
        memory_free(one);
        memory_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_differ_in_rows_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
