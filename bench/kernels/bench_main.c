/* SPDX-License-Identifier: MIT
 *
 * descent_bench: how fast the parts of descent are, each beside what the machine allows and what a
 * person would write. Every row carries a verdict: one whose result is not the reference's is an
 * error without a rate, and the program fails.
 *
 *     descent_bench                                         everything; a quarter of an hour or so
 *     descent_bench --benchmark_filter='^gd_epoch/fused/'   what matches
 *     descent_bench --benchmark_format=json                 for compare.py; --help has the rest
 *
 * Nine repetitions in random order of all rows are the default: what else the machine does then
 * disturbs every row alike, and their medians can be compared.
 *
 * In reading order: gbench.h (the shim), made_data.h (what is computed on), ceilings.h (what can be
 * reached), difference.h (the verdict), plain.h (the rivals), and a file for each family below.
 */
#include "families.h"
#include "gbench.h"
#include "made_data.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/kernel.h"
#include "measure/machine/machine_record.h"
#include "measure/variants/variant_tuning.h"

#include <jansson.h>
#include <stdio.h>

static void (*const families[])(void) = {
    read_pass_register, gemm_register,        gd_epoch_register,
    sgd_epoch_register, sparse_register,      reduced_register,
    load_csv_register,  load_libsvm_register, store_register,
};

static const struct gbench_default defaults[] = {
    {"--benchmark_repetitions=9", "BENCHMARK_REPETITIONS"},
    {"--benchmark_enable_random_interleaving=true", "BENCHMARK_ENABLE_RANDOM_INTERLEAVING"},
    {"--benchmark_min_time=0.1", "BENCHMARK_MIN_TIME"},
};

/* What descent records with every trial: machine, build and BLAS. */
static void tell_context(void)
{
    char *text = machine_json();
    json_t *facts = json_loads(text, 0, NULL), *value;
    const char *key;
    json_object_foreach(facts, key, value)
    {
        char name[64];
        snprintf(name, sizeof name, "descent_%s", key);
        char *other = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
        gbench_context(name, json_is_string(value) ? json_string_value(value) : other);
        memory_free(other);
    }
    json_decref(facts);
    memory_free(text);
}

int main(int argc, char **argv)
{
    threads_initialise();
    kernels_initialise();
    variant_tuning_begin(true); /* what `descent tune` found, of a build of this commit */
    tell_context();
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        families[i]();
    int status = gbench_main(argc, argv, defaults, sizeof defaults / sizeof *defaults);
    made_data_free();
    return status;
}
