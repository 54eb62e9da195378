/* SPDX-License-Identifier: MIT
 *
 * ceilings_print: the ceilings of measure/ceilings/ceilings.h as JSON, one object a line, for
 * bench/peers/ceilings.sh. Threads are bound, as they are while a trial is timed.
 *
 *     ceilings_print [--threads N] [--seconds S] [--largest BYTES]
 *
 *     {"what": "read", "threads": 2, "bytes": 32768, "rate": 1e11, "cache_level": 1}
 *     {"what": "gemm", "threads": 2, "rate": 1e11}           flop/s; each thread its own product
 *     {"what": "fork_join", "threads": 2, "seconds": 1e-6}   and "barrier"
 *     {"what": "bound", "threads": 2, "by": "1 GiB"}         why no working set is larger
 *
 * --largest leaves out working sets of more bytes than that, but never the smallest.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "kernels/kernel.h"
#include "measure/ceilings/ceilings.h"
#include "measure/machine/binding.h"
#include "store/json_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct wish {
    double threads, seconds, largest;
};

static bool parse_option(struct wish *wish, const char *name, const char *text, struct error *error)
{
    struct option {
        const char *name;
        double *value, least, most;
    };
    const struct option options[] = {
        {"--threads", &wish->threads, 1.0, 4096.0},
        {"--seconds", &wish->seconds, 0.0, 3600.0},
        {"--largest", &wish->largest, 1.0, INFINITY},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *option = &options[i];
        if (strcmp(name, option->name) != 0)
            continue;
        if (text == NULL || !text_to_real(text, option->value) ||
            !(*option->value >= option->least && *option->value <= option->most))
            return error_usage(error, "%s %s: expected a number from %g to %g", name,
                               text != NULL ? text : "", option->least, option->most);
        return true;
    }
    return error_usage(error, "there is no option '%s'; there are --threads, --seconds, --largest",
                       name);
}

static json_t *line_of(const char *what, const struct ceilings *ceilings)
{
    json_t *line = json_value_object();
    json_value_set(line, "what", json_value_text(what));
    json_value_set(line, "threads", json_value_integer(ceilings->threads));
    return line;
}

static void print_line(json_t *line)
{
    json_value_write(stdout, line);
    putchar('\n');
}

static void print_number(const char *what, const char *key, double value,
                         const struct ceilings *ceilings)
{
    json_t *line = line_of(what, ceilings);
    json_value_set(line, key, json_value_real(value));
    print_line(line);
}

static void print(const struct ceilings *ceilings)
{
    for (size_t i = 0; i < ceilings->read_count; i++) {
        const struct read_ceiling *read = &ceilings->reads[i];
        json_t *line = line_of("read", ceilings);
        json_value_set(line, "bytes", json_value_integer((int64_t)read->bytes));
        json_value_set(line, "rate", json_value_real(read->rate));
        json_value_set(line, "cache_level", json_value_integer(read->cache_level));
        print_line(line);
    }
    print_number("gemm", "rate", ceilings->gemm_rate, ceilings);
    print_number("fork_join", "seconds", ceilings->fork_join_seconds, ceilings);
    print_number("barrier", "seconds", ceilings->barrier_seconds, ceilings);
    json_t *line = line_of("bound", ceilings);
    json_value_set(line, "by", json_value_text(ceilings->bounded_by));
    print_line(line);
}

static void leave_out(struct ceilings *ceilings, double largest)
{
    size_t all = ceilings->read_count;
    while (ceilings->read_count > 1 && ceilings->reads[ceilings->read_count - 1].bytes > largest)
        ceilings->read_count--;
    if (ceilings->read_count < all)
        ceilings->bounded_by = "--largest";
}

static bool measure(const struct wish *wish, struct ceilings *ceilings, struct error *error)
{
    struct topology topology;
    topology_read(&topology);
    if (!ceilings_plan((int)wish->threads, &topology, (double)memory_available(), ceilings, error))
        return false;
    leave_out(ceilings, wish->largest);
    bool bound = binding_begin();
    ceilings_measure_planned(ceilings, wish->seconds);
    if (bound)
        binding_end();
    return true;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    struct ceilings ceilings;
    threads_initialise();
    kernels_initialise();
    struct wish wish = {.threads = threads_available(), .seconds = 2.0, .largest = INFINITY};
    bool fine = true;
    for (int i = 1; i < argc && fine; i += 2)
        fine = parse_option(&wish, argv[i], argv[i + 1], &error);
    if (!fine || !measure(&wish, &ceilings, &error)) {
        fprintf(stderr, "ceilings_print: %s\n", error.message);
        return (int)error.kind;
    }
    print(&ceilings);
    return 0;
}
