/* SPDX-License-Identifier: MIT
 *
 * Every fault at every message: a program is right until its k-th message, and then does one of
 * many other things. Each is told, with its reason, at that message; it takes no longer and no more
 * memory than allowed; and the same program, started again, trains.
 */
#include "base/memory.h"
#include "programs/protocol.h"
#include "testing.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FEATURES = 2, MESSAGES = 4 };

/* Which messages a fault is one of: the first is hello, the second data, and two train. */
enum { HELLO = 1, DATA = 2, TRAIN = 4 + 8, ALL = 15 };

/* Right answers, but for $FAULT at message $AT. Arrays that it names are in the working directory.
 */
static const char script[] =
    "k=0\n"
    "while read -r question; do\n"
    "    k=$((k + 1))\n"
    "    [ $k != \"$AT\" ] || eval \"$FAULT\"\n"
    "    case $question in\n"
    "    *hello*) echo '{\"protocol\": 1, \"name\": \"peer\", \"version\": \"1\"}' ;;\n"
    "    *data*) echo '{}' ;;\n"
    "    *train*) echo '{\"weights\": [1, 2], \"bias\": 3}' ;;\n"
    "    esac\n"
    "done\n";

/* What `read -r question` is followed by; without `continue`, the right answer comes after it. */
static const struct fault {
    const char *does, *reason; /* which is said to begin so */
    int messages;
    bool late; /* it is waited for */
} faults[] = {
    {"exit 3", "it ended before it had answered", ALL, false},
    {"kill -SEGV $$", "it ended before it had answered", ALL, false},
    {"printf '{\"half'; exit", "it ended before it had answered", ALL, false},
    {"exec >&-; exec sleep 60", "it ended before it had answered", ALL, false},
    {"exec sleep 60", "it did not answer within 0.05 s", ALL, true},
    {"printf '{\"half'; exec sleep 60", "it did not answer within 0.05 s", ALL, true},
    {"exec <&-; exec sleep 60", "it did not answer within 0.05 s", ALL, true},
    {"yes '{}' | tr -d '\\n'; exit", "its answer is longer than 1048", ALL, false},
    {"exec yes '{}'", "it wrote more than one line as its answer", ALL, false},
    {"echo '{}'", "it wrote more than one line as its answer", ALL, false},
    {"printf '{\\n}\\n'; continue", "it wrote more than one line as its answer", ALL, false},
    {"echo; continue", "its answer is no JSON object: ''", ALL, false},
    {"echo nonsense; continue", "its answer is no JSON object: 'nonsense'", ALL, false},
    {"echo '[1]'; continue", "its answer is no JSON object: '[1]'", ALL, false},
    {"echo '{\"a\": 1, \"a\": 2}'; continue", "its answer is no JSON object: '{\"a\"", ALL, false},
    {"printf '{\\0}\\n'; continue", "its answer is no JSON object: '{'", ALL, false},
    {"printf '{\"a\": \"\\377\"}\\n'; continue", "its answer is no JSON object: ", ALL, false},
    {"printf '{\"a\": '; printf '%05000d\\n' 0 | tr 0 '['; continue",
     "its answer is no JSON object: '{\"a\": [[[", ALL, false},
    {"echo '{\"error\": \"out of luck\"}'; continue", "it says: out of luck", ALL, false},
    {"echo '{}'; continue", "its hello has no 'protocol': 1", HELLO, false},
    {"echo '{\"protocol\": 2}'; continue", "it speaks version 2 of the protocol", HELLO, false},
    {"echo '{}'; continue", "'bias' is missing", TRAIN, false},
    {"echo '{\"weights\": [1], \"bias\": 3}'; continue", "it has 1 weight, and there are 2", TRAIN,
     false},
    {"echo '{\"weights\": [[1, 2]], \"bias\": 3}'; continue", "it has 1 weight, and there are 2",
     TRAIN, false},
    {"echo '{\"weights\": [1, null], \"bias\": 3}'; continue", "weight 2 is not a number", TRAIN,
     false},
    {"echo '{\"weights\": \"AAAAAAAA+H8AAAAAAADwPw==\", \"bias\": 3}'; continue",
     "weight 1 is not finite", TRAIN, false},
    {"echo '{\"weights\": [1, 2], \"bias\": 1e999}'; continue", "its answer is no JSON object",
     TRAIN, false},
    {"echo '{\"weights\": {\"npy\": \"announced.npy\"}, \"bias\": 3}'; continue",
     "weights: announced.npy: the file is cut off: its numbers take 1073741824 bytes, and 0", TRAIN,
     false},
    {"echo '{\"weights\": {\"npy\": \"sent.npy\"}, \"bias\": 3}'; continue",
     "weights: sent.npy: it has 134217728 numbers, and is to have 2", TRAIN, false},
    {"echo '{\"weights\": {\"npy\": \"pipe.npy\"}, \"bias\": 3}'; continue",
     "weights: pipe.npy: this is not a .npy file", TRAIN, false},
    {"echo '{\"weights\": {\"npy\": \"/dev/zero\"}, \"bias\": 3}'; continue",
     "weights: /dev/zero: this is not a .npy file", TRAIN, false},
    {"echo '{\"weights\": {\"npy\": \".\"}, \"bias\": 3}'; continue",
     "weights: .: this is not a .npy file", TRAIN, false},
};

/* What the messages come to: the first that fails, or 0, and why. */
static int converse(const char *does, int at, bool late, char *reason)
{
    char fault[512], number[16];
    const char *const arguments[] = {"sh", "-c", script, NULL};
    const char *const environment[] = {fault, number, NULL};
    const struct process_command command = {
        .name = "peer", .arguments = arguments, .environment = environment};
    const struct protocol_data data = {.samples = 1, .features = FEATURES, .X = "X", .y = "y"};
    const struct protocol_task task = {.lambda = 0.1, .threads = 1, .seconds = INFINITY};
    struct protocol_result result;
    struct hello hello;
    struct error error = {0};
    double took;
    snprintf(fault, sizeof fault, "FAULT=%s", does);
    snprintf(number, sizeof number, "AT=%d", at);
    struct process *process = process_start(&command, &error);
    int message = 0;
    bool answered = true;
    while (answered && message < MESSAGES) {
        const double seconds = ++message == at && late ? 0.05 : 60.0;
        if (message == 1)
            answered = protocol_hello(process, seconds, &hello, reason);
        else if (message == 2)
            answered = protocol_data(process, &data, seconds, &took, reason);
        else
            answered = protocol_train(process, &task, FEATURES, seconds, &result, reason);
        if (answered && message == 1)
            hello_clear(&hello);
        if (answered && message > 2)
            memory_free(result.w);
    }
    process_stop(process, 0.0, NULL);
    return answered ? 0 : message;
}

static void a_fault_is_told_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        for (int at = 1; at <= MESSAGES; at++) {
            const struct fault *fault = &faults[i];
            char reason[PROTOCOL_REASON] = "";
            if ((fault->messages >> (at - 1) & 1) == 0)
                continue;
            const int told = converse(fault->does, at, fault->late, reason);
            if (told != at || strncmp(reason, fault->reason, strlen(fault->reason)) != 0)
                fail_msg("%s at message %d: at message %d, '%s'", fault->does, at, told, reason);
        }
}

/* Nothing is left of them for one that is right; nor is it a fault to say much, or to leave others
 * behind. */
static void others_are_none(void **state)
{
    (void)state;
    static const char *const right[] = {":", "yes >&2 &", "sleep 60 &", "seq 100000 >&2"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        for (int at = 1; at <= MESSAGES; at++) {
            char reason[PROTOCOL_REASON] = "";
            if (converse(right[i], at, false, reason) != 0)
                fail_msg("%s at message %d: %s", right[i], at, reason);
        }
}

/* --- Descriptors and memory ------------------------------------------------------------------ */

static int count_descriptors(void)
{
    int count = 0;
    for (int i = 0; i < 1024; i++)
        count += fcntl(i, F_GETFD) != -1;
    return count;
}

static void nothing_is_left_of_a_hundred(void **state)
{
    (void)state;
    const int before = count_descriptors();
    for (int i = 0; i < 100; i++) {
        char reason[PROTOCOL_REASON];
        converse("exit 3", 1 + i % MESSAGES, false, reason);
    }
    assert_int_equal(count_descriptors(), before);
}

/* --- Arrays that are named ------------------------------------------------------------------- */

static char folder[] = "/tmp/descent-faults.XXXXXX";

/* A gigabyte of numbers, of which none or all are there; no disk is used for them. */
static void write_array(const char *path, off_t bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file, "%cNUMPY%c%c\x76%c%-117s\n", 0x93, 1, 0, 0,
            "{'descr': '<f8', 'fortran_order': False, 'shape': (134217728,), }");
    fflush(file);
    assert_int_equal(ftruncate(fileno(file), 128 + bytes), 0);
    fclose(file);
}

static int create_arrays(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    write_array("announced.npy", 0);
    write_array("sent.npy", 1 << 30);
    return mkfifo("pipe.npy", 0600);
}

static int remove_arrays(void **state)
{
    (void)state;
    testing_remove_folder(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_is_told_where_it_is),
        cmocka_unit_test(others_are_none),
        cmocka_unit_test(nothing_is_left_of_a_hundred),
    };
    return cmocka_run_group_tests(tests, create_arrays, remove_arrays);
}
