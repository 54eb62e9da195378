/* SPDX-License-Identifier: MIT
 *
 * A trial is a head of fixed size, the points of its trace and its weights, one after the other. A
 * kernel, which is a row of a table, travels as its name, and so does its variant.
 */
#include "sweep/run/models_message.h"

#include "base/memory.h"
#include "kernels/kernel.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct head {
    size_t index;
    bool watched;
    struct evidence evidence;
    struct trial trial; /* its pointers mean nothing */
    char kernel[32], variant[32];
};

static size_t points_bytes(const struct trial *trial)
{
    return trial->trace.count * sizeof *trial->trace.points;
}

static size_t weights_bytes(const struct trial *trial)
{
    return trial->features * sizeof *trial->w;
}

double trial_message_bytes(const struct trial *trial)
{
    return (double)sizeof(struct head) + (double)points_bytes(trial) + (double)weights_bytes(trial);
}

void *trial_message_write(const struct trial *trial, size_t index, const struct evidence *evidence,
                          size_t *size)
{
    struct head *head = memory_allocate((size_t)trial_message_bytes(trial), 1);
    assert(trial->phases == NULL);
    head->index = index;
    head->watched = evidence != NULL;
    if (head->watched)
        head->evidence = *evidence;
    head->trial = *trial;
    snprintf(head->kernel, sizeof head->kernel, "%s", trial->kernel);
    snprintf(head->variant, sizeof head->variant, "%s",
             trial->variant != NULL ? trial->variant : "");
    char *end = (char *)(head + 1);
    end = mempcpy(end, trial->trace.points, points_bytes(trial));
    end = mempcpy(end, trial->w, weights_bytes(trial));
    *size = (size_t)(end - (char *)head);
    return head;
}

/* A snapshot goes from one rank of a job to another of the same. */
static const struct snapshot_identity within_job = {"", "", ""};

void *snapshot_message_write(const struct snapshot *snapshot, size_t *size)
{
    struct memory_stream stream;
    snapshot_write(snapshot, &within_job, memory_stream_open(&stream));
    char *bytes = memory_stream_close(&stream);
    *size = stream.length;
    return bytes;
}

struct snapshot *snapshot_message_read(const void *bytes, size_t size)
{
    struct error error = {.kind = ERROR_NONE};
    struct snapshot *snapshot = snapshot_read(bytes, size, &within_job, &error);
    assert(snapshot != NULL);
    return snapshot;
}

void *paused_message_write(const struct snapshot *snapshot, size_t index, size_t *size)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    fwrite(&index, 1, sizeof index, out);
    snapshot_write(snapshot, &within_job, out);
    char *bytes = memory_stream_close(&stream);
    *size = stream.length;
    return bytes;
}

struct snapshot *paused_message_read(const void *bytes, size_t size, size_t *index)
{
    assert(size > sizeof *index);
    memcpy(index, bytes, sizeof *index);
    return snapshot_message_read((const char *)bytes + sizeof *index, size - sizeof *index);
}

/* A copy of what follows in a message, which is moved on. */
static void *read_array(const char **bytes, size_t size)
{
    void *array = memory_allocate_untouched(size, 1);
    memcpy(array, *bytes, size);
    *bytes += size;
    return array;
}

/* A variant of that kernel, or NULL. */
static const char *variant_named(const char *kernel, const char *variant)
{
    const struct table *variants = kernel_of(table_find(&kernel_table, kernel))->variants;
    return variants != NULL && *variant != '\0' ? table_find(variants, variant)->name : NULL;
}

void trial_message_read(const void *bytes, size_t size, struct trial *trial, size_t *index,
                        struct evidence *evidence)
{
    const struct head *head = bytes;
    const char *rest = (const char *)(head + 1);
    assert(size >= sizeof *head && size == (size_t)trial_message_bytes(&head->trial));
    (void)size;
    *trial = head->trial;
    trial->trace.capacity = trial->trace.count;
    trial->trace.points = read_array(&rest, points_bytes(trial));
    trial->w = read_array(&rest, weights_bytes(trial));
    trial->phases = NULL;
    trial->kernel = table_find(&kernel_table, head->kernel)->name;
    trial->variant = variant_named(trial->kernel, head->variant);
    *index = head->index;
    if (head->watched)
        *evidence = head->evidence;
}
