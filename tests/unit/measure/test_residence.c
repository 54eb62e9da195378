/* SPDX-License-Identifier: MIT
 *
 * Residence: shares of pages on nodes that are made up, and hwloc's answers about pages of this
 * process, touched and untouched.
 */
#include "measure/machine/residence.h"

#include "base/parallel/threads.h"
#include "testing.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 2, PAGES = 64 };

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* --- Nodes that are made up ----------------------------------------------------------------- */

static struct {
    int nodes;
    const char *array;
    int node_of[PAGES]; /* of each page, over and over in a larger array */
    size_t asked, last;
    int open;
} fake;

static int fake_open(void)
{
    fake.open += fake.nodes > 0;
    return fake.nodes;
}

static void fake_close(void)
{
    fake.open--;
}

/* Thread 0 is on node 0, thread 1 on node 1. */
static int fake_thread_node(void)
{
    return threads_current();
}

static int fake_page_node(const void *page, size_t bytes)
{
    assert_true(bytes > 0);
    fake.last = (size_t)((const char *)page - fake.array) / page_bytes();
    fake.asked++;
    return fake.node_of[fake.last % PAGES];
}

static const struct residence_lookup fake_lookup = {
    .open = fake_open,
    .close = fake_close,
    .thread_node = fake_thread_node,
    .page_node = fake_page_node,
};

/* Addresses alone: what is there is not read. */
static int use_fake(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.nodes = 2;
    fake.array = (const char *)((uintptr_t)1 << 40);
    residence_replace(&fake_lookup);
    return 0;
}

static int restore(void **state)
{
    (void)state;
    residence_replace(NULL);
    return fake.open;
}

static struct residence measure(size_t bytes)
{
    struct residence residence;
    residence_measure(fake.array, bytes, THREADS, &residence);
    return residence;
}

static void all_on_one_of_two_nodes_is_half_local(void **state)
{
    (void)state;
    struct residence residence = measure(PAGES * page_bytes());
    assert_true(residence.known);
    assert_string_equal(residence.reason, "");
    assert_int_equal(residence.sampled, PAGES);
    assert_int_equal(residence.found, PAGES);
    assert_true(residence.local == 0.5);
    assert_true(residence.shares[0] == 1.0 && residence.shares[1] == 0.0);
}

static void halves_on_their_nodes_are_local(void **state)
{
    (void)state;
    for (int i = PAGES / 2; i < PAGES; i++)
        fake.node_of[i] = 1;
    struct residence residence = measure(PAGES * page_bytes());
    assert_true(residence.local == 1.0);
    assert_true(residence.shares[0] == 0.5 && residence.shares[1] == 0.5);
    for (int i = 0; i < PAGES; i++)
        fake.node_of[i] = 1 - fake.node_of[i];
    assert_true(measure(PAGES * page_bytes()).local == 0.0);
}

/* As where memory is interleaved. */
static void interleaved_pages_are_half_local(void **state)
{
    (void)state;
    for (int i = 0; i < PAGES; i++)
        fake.node_of[i] = i % 2;
    struct residence residence = measure(PAGES * page_bytes());
    assert_true(residence.local == 0.5 && residence.shares[1] == 0.5);
}

static void pages_that_are_nowhere_do_not_count(void **state)
{
    (void)state;
    for (int i = 0; i < PAGES; i++)
        fake.node_of[i] = i < PAGES / 4 ? 0 : i < PAGES / 2 ? 1 : RESIDENCE_NOWHERE;
    struct residence residence = measure(PAGES * page_bytes());
    assert_int_equal(residence.sampled, PAGES);
    assert_int_equal(residence.found, PAGES / 2);
    assert_true(residence.local == 0.5 && residence.shares[0] == 0.5);
    for (int i = 0; i < PAGES; i++)
        fake.node_of[i] = RESIDENCE_NOWHERE;
    residence = measure(PAGES * page_bytes());
    assert_false(residence.known);
    assert_true(isnan(residence.local));
    assert_non_null(strstr(residence.reason, "unknown: none of the pages"));
}

static void a_large_array_is_sampled_from_end_to_end(void **state)
{
    (void)state;
    const size_t pages = 1000 * RESIDENCE_SAMPLES + 1;
    struct residence residence = measure(pages * page_bytes());
    assert_int_equal(residence.sampled, RESIDENCE_SAMPLES);
    assert_int_equal(fake.asked, RESIDENCE_SAMPLES);
    assert_true(fake.last >= pages - 1001 && fake.last < pages);
    assert_true(fabs(residence.local - 0.5) <= 1.0 / (double)RESIDENCE_SAMPLES);
}

/* An array that begins and ends in the middle of a page lies on both. */
static void parts_of_pages_count(void **state)
{
    (void)state;
    fake.array += page_bytes() / 2;
    assert_int_equal(measure(page_bytes()).sampled, 2);
    assert_int_equal(measure(1).sampled, 1);
    assert_int_equal(measure(0).sampled, 0);
    assert_false(measure(0).known);
}

static void one_node_says_so_and_is_not_asked(void **state)
{
    (void)state;
    fake.nodes = 1;
    struct residence residence = measure(PAGES * page_bytes());
    assert_true(residence.known && residence.local == 1.0);
    assert_string_equal(residence.reason, "one NUMA node: all memory is local");
    assert_int_equal(fake.asked, 0);
}

static void what_is_refused_is_unknown(void **state)
{
    (void)state;
    fake.node_of[3] = RESIDENCE_REFUSED;
    struct residence residence = measure(PAGES * page_bytes());
    assert_false(residence.known);
    assert_true(isnan(residence.local));
    assert_non_null(strstr(residence.reason, "CAP_SYS_NICE"));
    fake.nodes = 0;
    residence = measure(PAGES * page_bytes());
    assert_false(residence.known);
    assert_non_null(strstr(residence.reason, "no NUMA nodes"));
}

/* --- This machine --------------------------------------------------------------------------- */

static int open_as_two(void)
{
    return residence_lookup_hwloc.open() > 0 ? 2 : 0;
}

static void the_pages_of_this_process(void **state)
{
    (void)state;
    const size_t bytes = PAGES * page_bytes();
    char *array = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(array != MAP_FAILED);
    madvise(array, bytes, MADV_NOHUGEPAGE);
    memset(array, 1, bytes / 2);
    struct residence_lookup hwloc = residence_lookup_hwloc;
    struct residence residence;
    residence_measure(array, bytes, THREADS, &residence);
    print_message("%d nodes; %s\n", residence.nodes, residence.reason);
    if (residence.nodes == 1)
        assert_true(residence.known && residence.local == 1.0);
    const int nodes = residence.nodes;
    hwloc.open = open_as_two; /* so that one node is looked at, too */
    residence_replace(&hwloc);
    residence_measure(array, bytes, THREADS, &residence);
    residence_replace(NULL);
    munmap(array, bytes);
    if (!residence.known) {
        print_message("skipped: %s\n", residence.reason);
        skip();
    }
    assert_int_equal(residence.sampled, PAGES);
    assert_int_equal(residence.found, PAGES / 2); /* those that were written to */
    double sum = 0.0;
    for (int node = 0; node < RESIDENCE_NODES; node++)
        sum += residence.shares[node];
    assert_true(fabs(sum - 1.0) < 1e-12);
    if (nodes == 1)
        assert_true(residence.local == 1.0);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, use_fake, restore)

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        TEST(all_on_one_of_two_nodes_is_half_local),    TEST(halves_on_their_nodes_are_local),
        TEST(interleaved_pages_are_half_local),         TEST(pages_that_are_nowhere_do_not_count),
        TEST(a_large_array_is_sampled_from_end_to_end), TEST(parts_of_pages_count),
        TEST(one_node_says_so_and_is_not_asked),        TEST(what_is_refused_is_unknown),
        cmocka_unit_test(the_pages_of_this_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
