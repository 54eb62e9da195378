/* SPDX-License-Identifier: MIT
 *
 * One small reader a file. Formats, from the kernel's documentation:
 *
 *     scaling_governor                  performance
 *     transparent_hugepage/enabled      always [madvise] never        the one in brackets holds
 *     loadavg                           0.52 0.58 0.59 2/512 12345    1, 5 and 15 minutes
 *     pressure/cpu                      some avg10=1.25 avg60=... total=4641205714 (microseconds)
 *     stat                              cpu user nice system idle iowait irq softirq steal guest
 * ...
 *
 * User time includes guest time, so that the first eight numbers are all of it.
 *
 * References: proc(5); https://docs.kernel.org/admin-guide/pm/cpufreq.html,
 * .../admin-guide/mm/transhuge.html, https://docs.kernel.org/accounting/psi.html
 */
#include "base/system/system_facts.h"

#include <ctype.h>
#include <glob.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static FILE *open_below(const char *root, const char *name)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s%s", root, name);
    return length > 0 && (size_t)length < sizeof path ? fopen(path, "r") : NULL;
}

/* Makes a text fit for a terminal and for JSON: blanks at its end go, and what is not printable
 * ASCII, which firmware is free to hold, becomes a question mark. False when nothing is left. */
static bool make_plain(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    text[length] = '\0';
    for (size_t i = 0; i < length; i++)
        text[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    return length > 0;
}

/* The first line of a file; false, and an empty text, when there is none. */
static bool read_line(const char *root, const char *name, char text[static FACT_TEXT])
{
    FILE *file = open_below(root, name);
    bool found = file != NULL && fgets(text, FACT_TEXT, file) != NULL;
    if (file != NULL)
        fclose(file);
    if (!found)
        text[0] = '\0';
    return make_plain(text);
}

/* --- Settings ------------------------------------------------------------------------------ */

/* Adds a word to "a, b" unless it is there. */
static void add_once(char list[static FACT_TEXT], const char *word)
{
    size_t length = strlen(list), more = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += more)
        if ((at == list || at[-1] == ' ') && (at[more] == '\0' || at[more] == ','))
            return;
    snprintf(list + length, FACT_TEXT - length, "%s%s", length > 0 ? ", " : "", word);
}

static void read_governor(const char *root, char text[static FACT_TEXT])
{
    char pattern[PATH_MAX], word[FACT_TEXT];
    snprintf(pattern, sizeof pattern,
             "%s/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor", root);
    text[0] = '\0';
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (read_line("", found.gl_pathv[i], word))
                add_once(text, word);
        globfree(&found);
    }
    if (text[0] == '\0')
        snprintf(text, FACT_TEXT, "unknown: no cpufreq");
}

static void read_huge_pages(const char *root, char text[static FACT_TEXT])
{
    char line[FACT_TEXT];
    snprintf(text, FACT_TEXT, "unknown");
    if (!read_line(root, "/sys/kernel/mm/transparent_hugepage/enabled", line))
        return;
    const char *open = strchr(line, '['), *close = strchr(line, ']');
    if (open != NULL && close != NULL && close > open + 1)
        snprintf(text, FACT_TEXT, "%.*s", (int)(close - open - 1), open + 1);
}

static void read_clock_source(const char *root, char text[static FACT_TEXT])
{
    if (!read_line(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource", text))
        snprintf(text, FACT_TEXT, "unknown");
}

/* Whether a line of blank-separated words has this one. */
static bool has_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = line; (at = strstr(at, word)) != NULL; at += length)
        if (at > line && isspace((unsigned char)at[-1]) &&
            (at[length] == '\0' || isspace((unsigned char)at[length])))
            return true;
    return false;
}

/* What /proc/cpuinfo says of its first processor. */
struct processor_flags {
    bool known; /* x86 lists flags; others may not */
    bool hypervisor;
};

static struct processor_flags read_processor(const char *root, struct system_facts *facts)
{
    struct processor_flags flags = {false, false};
    char line[8192];
    snprintf(facts->processor, FACT_TEXT, "unknown");
    snprintf(facts->microcode, FACT_TEXT, "unknown");
    FILE *file = open_below(root, "/proc/cpuinfo");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && line[0] != '\n') {
        line[strcspn(line, "\n")] = '\0';
        const char *colon = strstr(line, ": ");
        if (strncmp(line, "model name", 10) == 0 && colon != NULL)
            snprintf(facts->processor, FACT_TEXT, "%.*s", FACT_TEXT - 1, colon + 2);
        if (strncmp(line, "microcode", 9) == 0 && colon != NULL)
            snprintf(facts->microcode, FACT_TEXT, "%.*s", FACT_TEXT - 1, colon + 2);
        if (strncmp(line, "flags", 5) == 0)
            flags = (struct processor_flags){true, has_word(line, "hypervisor")};
    }
    make_plain(facts->processor);
    make_plain(facts->microcode);
    if (file != NULL)
        fclose(file);
    return flags;
}

static void read_virtualisation(const char *root, struct processor_flags flags,
                                char text[static FACT_TEXT])
{
    char vendor[FACT_TEXT], product[FACT_TEXT];
    bool named = read_line(root, "/sys/class/dmi/id/sys_vendor", vendor);
    named = read_line(root, "/sys/class/dmi/id/product_name", product) || named;
    if (!flags.hypervisor)
        snprintf(text, FACT_TEXT, "%s", flags.known ? "none" : "unknown");
    else if (named)
        snprintf(text, FACT_TEXT, "virtual machine (%.60s%s%.60s)", vendor,
                 vendor[0] != '\0' && product[0] != '\0' ? " " : "", product);
    else
        snprintf(text, FACT_TEXT, "virtual machine");
}

void system_facts_read(const char *root, struct system_facts *facts)
{
    struct processor_flags flags = read_processor(root, facts);
    read_governor(root, facts->governor);
    read_huge_pages(root, facts->huge_pages);
    read_virtualisation(root, flags, facts->virtualisation);
    read_clock_source(root, facts->clock_source);
}

/* --- What changes -------------------------------------------------------------------------- */

void system_load_read(const char *root, struct system_load *load)
{
    char line[FACT_TEXT];
    double total;
    *load = (struct system_load){.average = NAN, .pressure = NAN, .pressure_seconds = NAN};
    if (read_line(root, "/proc/loadavg", line) && sscanf(line, "%lf", &load->average) != 1)
        load->average = NAN;
    if (!read_line(root, "/proc/pressure/cpu", line))
        return;
    if (sscanf(line, "some avg10=%lf", &load->pressure) != 1)
        load->pressure = NAN;
    const char *sum = strstr(line, "total=");
    if (sum != NULL && sscanf(sum, "total=%lf", &total) == 1)
        load->pressure_seconds = 1e-6 * total;
}

void processor_ticks_read(const char *root, struct processor_ticks *ticks)
{
    enum { STEAL = 7, FIELDS = 8 };
    char line[FACT_TEXT];
    long long fields[FIELDS];
    *ticks = (struct processor_ticks){.all = 0, .stolen = -1};
    if (!read_line(root, "/proc/stat", line) ||
        sscanf(line, "cpu %lld %lld %lld %lld %lld %lld %lld %lld", &fields[0], &fields[1],
               &fields[2], &fields[3], &fields[4], &fields[5], &fields[6],
               &fields[STEAL]) != FIELDS)
        return;
    for (int i = 0; i < FIELDS; i++)
        ticks->all += fields[i];
    ticks->stolen = fields[STEAL];
}

double steal_per_cent(const struct processor_ticks *before, const struct processor_ticks *after)
{
    if (before->stolen < 0 || after->stolen < 0 || after->all <= before->all)
        return NAN;
    return 100.0 * (double)(after->stolen - before->stolen) / (double)(after->all - before->all);
}
