/* SPDX-License-Identifier: MIT
 *
 * What Linux says in /proc and /sys about things that timings depend on. Where a file is absent, as
 * in many containers, a text says "unknown" and a number is NaN: nothing here can fail.
 *
 * Every function takes the folder in which proc/ and sys/ are: "" is the machine itself, and tests
 * make one of their own.
 */
#ifndef DESCENT_MEASURE_MACHINE_SYSTEM_FACTS_H
#define DESCENT_MEASURE_MACHINE_SYSTEM_FACTS_H

#include <stdint.h>

enum { FACT_TEXT = 160 };

/* Settings, which stay as they are while a program runs. */
struct system_facts {
    char processor[FACT_TEXT];      /* "model name" of the first, or "unknown" */
    char microcode[FACT_TEXT];      /* its revision, "0xd0003b9", or "unknown" */
    char governor[FACT_TEXT];       /* of all processors; "a, b" where they differ */
    char huge_pages[FACT_TEXT];     /* transparent ones: "always", "madvise", "never" */
    char virtualisation[FACT_TEXT]; /* "none", "virtual machine (VENDOR PRODUCT)", "unknown" */
    char clock_source[FACT_TEXT];   /* what the kernel reads the time from: "tsc" */
};

void system_facts_read(const char *root, struct system_facts *facts);

/* What changes from moment to moment. */
struct system_load {
    double average;  /* of the last minute: threads that run or wait to */
    double pressure; /* per cent of the last 10 s in which some thread waited for a processor */
    double pressure_seconds; /* in which one did, since the machine started */
};

void system_load_read(const char *root, struct system_load *load);

/* Time of all processors together since the machine started, in ticks of /proc/stat. */
struct processor_ticks {
    int64_t all;
    int64_t stolen; /* the hypervisor ran others although a thread here was ready; -1: unknown */
};

void processor_ticks_read(const char *root, struct processor_ticks *ticks);

/* Per cent of the time between two readings that was stolen; NaN when unknown. */
double steal_per_cent(const struct processor_ticks *before, const struct processor_ticks *after);

#endif
