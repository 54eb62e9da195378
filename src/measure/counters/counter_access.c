/* SPDX-License-Identifier: MIT
 *
 * One event, the cycles of this thread in user mode, is opened and closed again. How that fails
 * says who forbids it:
 *
 *     EACCES, EPERM            the setting perf_event_paranoid where it is above 2 (as Debian and
 *                              Ubuntu have it), else the filter of system calls of a container
 *     ENOENT, ENODEV,
 *     EOPNOTSUPP               there is nothing that counts: no performance monitoring unit (PMU),
 *                              which virtual machines have only where the host passes one on
 *     ENOSYS                   a kernel without perf events
 *
 * References: perf_event_open(2); https://docs.kernel.org/admin-guide/perf-security.html
 */
#include "measure/counters/counter_access.h"

#include "base/system/system_facts.h"

#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PARANOID_ALLOWS = 2, PARANOID_UNKNOWN = INT_MIN };

/* 0, or errno. */
static int try_to_count(void)
{
    struct perf_event_attr cycles = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof cycles,
        .config = PERF_COUNT_HW_CPU_CYCLES,
        .disabled = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    long file = syscall(SYS_perf_event_open, &cycles, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (file < 0)
        return errno;
    close((int)file);
    return 0;
}

static int read_paranoid(const char *root)
{
    char path[PATH_MAX];
    int paranoid = PARANOID_UNKNOWN;
    snprintf(path, sizeof path, "%s/proc/sys/kernel/perf_event_paranoid", root);
    FILE *file = fopen(path, "r");
    if (file != NULL && fscanf(file, "%d", &paranoid) != 1)
        paranoid = PARANOID_UNKNOWN;
    if (file != NULL)
        fclose(file);
    return paranoid;
}

static void explain_forbidden(const char *root, char reason[static COUNTER_REASON])
{
    int paranoid = read_paranoid(root);
    if (paranoid > PARANOID_ALLOWS)
        snprintf(reason, COUNTER_REASON,
                 "perf_event_paranoid is %d, and %d is the most that lets a program count itself: "
                 "as root, sysctl kernel.perf_event_paranoid=%d, or setcap cap_perfmon=ep on the "
                 "program",
                 paranoid, PARANOID_ALLOWS, PARANOID_ALLOWS);
    else
        snprintf(reason, COUNTER_REASON,
                 "perf_event_open() is forbidden, as containers do: start this one with the "
                 "capability CAP_PERFMON (docker run --cap-add PERFMON)");
}

static void explain_missing(const char *root, char reason[static COUNTER_REASON])
{
    struct system_facts facts;
    system_facts_read(root, &facts);
    if (strncmp(facts.virtualisation, "virtual machine", strlen("virtual machine")) == 0)
        snprintf(reason, COUNTER_REASON,
                 "this %.100s has no hardware counters (PMU): its host must pass them on (QEMU: "
                 "-cpu host,pmu=on), or count where there is no host",
                 facts.virtualisation);
    else
        snprintf(reason, COUNTER_REASON,
                 "the kernel has no hardware counters (PMU) of this processor: see what dmesg says "
                 "about 'Performance Events'");
}

void counter_access_explain(const char *root, int error, char reason[static COUNTER_REASON])
{
    if (error == EACCES || error == EPERM)
        explain_forbidden(root, reason);
    else if (error == ENOENT || error == ENODEV || error == EOPNOTSUPP)
        explain_missing(root, reason);
    else if (error == ENOSYS)
        snprintf(reason, COUNTER_REASON,
                 "this kernel has no perf_event_open(): one with CONFIG_PERF_EVENTS is needed");
    else
        snprintf(reason, COUNTER_REASON, "perf_event_open() fails: %s", strerror(error));
}

bool counter_access(const char *root, char reason[static COUNTER_REASON])
{
    int error = try_to_count();
    if (error != 0)
        counter_access_explain(root, error, reason);
    return error == 0;
}
