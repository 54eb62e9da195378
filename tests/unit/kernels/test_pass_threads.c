/* SPDX-License-Identifier: MIT
 *
 * A pass on any number of threads: the same bits, also where one of them does not go on and the
 * others have to do what was its share.
 */
#include "base/digest.h"
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "kernel_fixture.h"
#include "kernels/pass.h"

#include <sched.h>
#include <stdatomic.h>

enum { ROWS = 4000, FEATURES = 65, MODELS = 3 };

static size_t chunks;
static atomic_size_t passed;
static int slow; /* a thread; -1: none is */

/* A chunk; the slow thread is not done with its first before all others are. */
static void pass_slowly(const struct dataset *data, size_t row_begin, size_t row_end,
                        const struct models *models, const struct pass_sums *sums, double *scratch)
{
    kernel_batched.pass(data, row_begin, row_end, models, sums, scratch);
    while (threads_current() == slow && atomic_load(&passed) < chunks - 1)
        sched_yield();
    atomic_fetch_add(&passed, 1);
}

static void add_sums(const struct dataset *data, const struct models *models, int threads,
                     char digest[static DIGEST_TEXT])
{
    struct kernel slowed = kernel_batched;
    slowed.pass = pass_slowly;
    const struct kernel_problem problem = {
        .data = data, .pass = &slowed, .models = models->count, .threads = threads};
    struct pass *pass = pass_create(&problem, data->rows, false);
    struct digest *all = digest_create();
    for (int run = 0; run < 3; run++) {
        atomic_store(&passed, 0);
        struct pass_sums sums = pass_run(pass, NULL, 0, data->rows, models);
        digest_add(all, sums.G, pass_sums_length(data->features, models->count) * sizeof *sums.G);
    }
    digest_finish(all, digest);
    pass_free(pass);
}

static void a_slow_thread_changes_no_bit(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS, FEATURES);
    struct models models = random_models(FEATURES, MODELS);
    char expected[DIGEST_TEXT], found[DIGEST_TEXT];
    chunks = chunking_of(data, data->rows).count;
    assert_true(chunks >= 8);
    slow = -1;
    add_sums(data, &models, 1, expected);
    for (int threads = 1; threads <= 4; threads++)
        for (slow = -1; slow < threads; slow++) {
            if (threads == 1 && slow == 0) /* it would wait for itself */
                continue;
            add_sums(data, &models, threads, found);
            assert_string_equal(found, expected);
        }
    models_clear(&models);
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_thread_changes_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
