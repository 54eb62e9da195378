/* SPDX-License-Identifier: MIT
 *
 * Items of work for the threads of a region: each is done once, shares are contiguous, and a thread
 * that does not go on keeps back the one item that it has. No time is waited for: what a test waits
 * for are other threads, which need none but a processor.
 */
#include "base/memory.h"
#include "base/parallel/stealing.h"
#include "base/parallel/threads.h"
#include "testing.h"

#include <sched.h>
#include <stdatomic.h>

enum { ITEMS_MOST = 300, TEAM = 4 };

static void every_item_is_done_once(void **state)
{
    (void)state;
    for (int threads = 1; threads <= TEAM; threads++) {
        struct stealing *stealing = stealing_create(TEAM);
        for (size_t items = 0; items < ITEMS_MOST; items = 2 * items + 1) {
            atomic_int done[ITEMS_MOST] = {0};
            stealing_begin(stealing, items, threads);
#pragma omp parallel num_threads(threads)
            {
                struct stealing_turn turn = stealing_enter(stealing, threads_current());
                for (size_t item; stealing_take(stealing, &turn, &item);)
                    atomic_fetch_add(&done[item], 1);
            }
            for (size_t i = 0; i < ITEMS_MOST; i++)
                assert_int_equal(done[i], i < items);
        }
        stealing_free(stealing);
    }
}

/* Taken by one thread after the other: its own share, then those of the threads after it. */
static void own_items_come_first(void **state)
{
    (void)state;
    struct stealing *stealing = stealing_create(3);
    stealing_begin(stealing, 7, 3); /* shares 0-1, 2-3, 4-6 */
    const size_t expected[] = {4, 5, 6, 0, 1, 2, 3};
    struct stealing_turn turn = stealing_enter(stealing, 2);
    size_t item;
    for (size_t i = 0; i < 7; i++) {
        assert_true(stealing_take(stealing, &turn, &item));
        assert_int_equal(item, expected[i]);
    }
    assert_false(stealing_take(stealing, &turn, &item));
    turn = stealing_enter(stealing, 0);
    assert_false(stealing_take(stealing, &turn, &item));
    stealing_free(stealing);
}

/* Thread 1 has an item in hand until all others are done. */
static void a_slow_thread_keeps_one_item(void **state)
{
    (void)state;
    const size_t items = 40;
    struct stealing *stealing = stealing_create(TEAM);
    atomic_size_t done = 0;
    size_t by_slow = 0;
    stealing_begin(stealing, items, TEAM);
#pragma omp parallel num_threads(TEAM)
    {
        struct stealing_turn turn = stealing_enter(stealing, threads_current());
        for (size_t item; stealing_take(stealing, &turn, &item);) {
            if (threads_current() == 1) {
                by_slow++;
                while (atomic_load(&done) < items - 1)
                    sched_yield();
            }
            atomic_fetch_add(&done, 1);
        }
    }
    assert_int_equal(done, items);
    assert_true(by_slow <= 1);
    stealing_free(stealing);
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_once),
        cmocka_unit_test(own_items_come_first),
        cmocka_unit_test(a_slow_thread_keeps_one_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
