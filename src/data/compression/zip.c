/* SPDX-License-Identifier: MIT
 *
 * The end of the directory is looked for from the end of the file on, for a comment may follow it.
 * It says where the directory is, whose entries say where members are; what stands before a member
 * itself is asked only for its own length. Where a number does not fit into 32 bits, it is in the
 * ZIP64 end of the directory, or in an extra field of the entry.
 *
 * Nothing of this is believed before it is known to lie within the file.
 *
 * Reference: PKWARE, APPNOTE.TXT 6.3.10, 4.3 and 4.5.3.
 */
#include "data/compression/zip.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/compression/compression.h"
#include "data/compression/unpack.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

enum {
    MEMBER = 30, /* bytes of each, without what is of any length */
    ENTRY = 46,
    END = 22,
    END64 = 56,
    LOCATOR64 = 20,
    COMMENT_MOST = 65535,
    EXTRA64 = 1,
    STORED = 0,
    DEFLATED = 8,
};

static uint64_t number(const char *p, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)p[i];
    return value;
}

/* --- The directory --------------------------------------------------------------------------- */

struct directory {
    const char *bytes; /* (size) of the archive */
    size_t size;
    uint64_t begin, length, entries;
};

bool zip_begins(const char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
}

/* Are so many bytes there? */
static bool lies_within(const struct directory *d, uint64_t begin, uint64_t length)
{
    return begin <= d->size && length <= d->size - begin;
}

static const char *end_find(const struct directory *d)
{
    size_t most = d->size < END + COMMENT_MOST ? d->size : END + COMMENT_MOST;
    for (size_t back = END; back <= most; back++) {
        const char *p = d->bytes + d->size - back;
        if (memcmp(p, "PK\5\6", 4) == 0 && number(p + 20, 2) <= back - END)
            return p;
    }
    return NULL;
}

/* Takes the larger numbers, where there is an end that has them. */
static bool end64_read(struct directory *d, const char *end)
{
    if (end - d->bytes < LOCATOR64 || memcmp(end - LOCATOR64, "PK\6\7", 4) != 0)
        return true;
    uint64_t at = number(end - LOCATOR64 + 8, 8);
    if (!lies_within(d, at, END64) || memcmp(d->bytes + at, "PK\6\6", 4) != 0)
        return false;
    const char *p = d->bytes + at;
    d->entries = number(p + 32, 8);
    d->length = number(p + 40, 8);
    d->begin = number(p + 48, 8);
    return true;
}

static bool directory_find(struct directory *d)
{
    const char *end = end_find(d);
    if (end == NULL)
        return false;
    d->entries = number(end + 10, 2);
    d->length = number(end + 12, 4);
    d->begin = number(end + 16, 4);
    return end64_read(d, end) && lies_within(d, d->begin, d->length) &&
           d->entries <= d->length / ENTRY;
}

/* Takes from an entry's extra fields the numbers that do not fit into it. */
static void extra_read(const char *p, size_t length, uint64_t *const numbers[3])
{
    const char *end = p + length;
    while (end - p >= 4) {
        size_t size = number(p + 2, 2);
        if ((size_t)(end - p) - 4 < size)
            return;
        if (number(p, 2) == EXTRA64) {
            const char *value = p + 4;
            for (int i = 0; i < 3; i++)
                if (*numbers[i] == UINT32_MAX && value + 8 <= p + 4 + size) {
                    *numbers[i] = number(value, 8);
                    value += 8;
                }
            return;
        }
        p += 4 + size;
    }
}

/* Reads the entry at `p`. Returns how long it is; 0: it is damaged. */
static size_t entry_read(const struct directory *d, const char *p, size_t left,
                         struct zip_member *member)
{
    if (left < ENTRY || memcmp(p, "PK\1\2", 4) != 0)
        return 0;
    size_t name = number(p + 28, 2), extra = number(p + 30, 2);
    size_t length = ENTRY + name + extra + number(p + 32, 2);
    if (left < length)
        return 0;
    uint64_t packed = number(p + 20, 4), size = number(p + 24, 4), at = number(p + 42, 4);
    extra_read(p + ENTRY + name, extra, (uint64_t *const[]){&size, &packed, &at});
    if (!lies_within(d, at, MEMBER) || memcmp(d->bytes + at, "PK\3\4", 4) != 0)
        return 0;
    at += MEMBER + number(d->bytes + at + 26, 2) + number(d->bytes + at + 28, 2);
    if (!lies_within(d, at, packed))
        return 0;
    *member = (struct zip_member){
        .bytes = d->bytes + at,
        .packed = packed,
        .size = size,
        .sum = (uint32_t)number(p + 16, 4),
        .method = (unsigned)number(p + 10, 2),
        .encrypted = (number(p + 8, 2) & 1) != 0,
    };
    member->name = memory_allocate(name + 1, 1);
    memcpy(member->name, p + ENTRY, name);
    return length;
}

/* Folders are no files, nor is what a Mac keeps beside each. */
static bool is_file(const struct zip_member *member)
{
    size_t length = strlen(member->name);
    return length > 0 && member->name[length - 1] != '/' &&
           strncmp(member->name, "__MACOSX/", 9) != 0;
}

static bool entries_read(struct zip *zip, const struct directory *d)
{
    const char *p = d->bytes + d->begin, *end = p + d->length;
    size_t capacity = 0;
    for (uint64_t i = 0; i < d->entries; i++) {
        struct zip_member member;
        size_t length = entry_read(d, p, (size_t)(end - p), &member);
        if (length == 0)
            return false;
        p += length;
        zip->members = memory_grow(zip->members, &capacity, zip->count + 1, sizeof *zip->members);
        if (is_file(&member))
            zip->members[zip->count++] = member;
        else
            memory_free(member.name);
    }
    return true;
}

bool zip_open(struct zip *zip, const char *path, const char *bytes, size_t size,
              struct error *error)
{
    struct directory directory = {.bytes = bytes, .size = size};
    *zip = (struct zip){.path = path};
    if (directory_find(&directory) && entries_read(zip, &directory))
        return true;
    zip_close(zip);
    return error_usage(error,
                       "%s: the archive (zip) is damaged or cut off: its directory, at the end, "
                       "cannot be read; copy the file again",
                       path);
}

void zip_close(struct zip *zip)
{
    for (size_t i = 0; i < zip->count; i++)
        memory_free(zip->members[i].name);
    memory_free(zip->members);
    *zip = (struct zip){.path = zip->path};
}

bool zip_member_ends(const struct zip_member *member, const char *ending)
{
    size_t length = strlen(member->name), tail = strlen(ending);
    return length >= tail && strcasecmp(member->name + length - tail, ending) == 0;
}

bool zip_all_end(const struct zip *zip, const char *ending)
{
    for (size_t i = 0; i < zip->count; i++)
        if (!zip_member_ends(&zip->members[i], ending))
            return false;
    return zip->count > 0;
}

/* --- A member -------------------------------------------------------------------------------- */

static bool refuse(const struct zip *zip, const struct zip_member *member, const char *what,
                   struct error *error)
{
    return error_usage(error, "%s: '%.100s' in this archive %s", zip->path, member->name, what);
}

static bool method_check(const struct zip *zip, const struct zip_member *member,
                         struct error *error)
{
    if (member->encrypted)
        return refuse(zip, member, "is encrypted; unpack it: unzip FILE", error);
    return member->method == STORED || member->method == DEFLATED ||
           refuse(zip, member,
                  "is compressed in a way that descent does not read (it reads stored and "
                  "deflated members); unpack it: 7z x FILE",
                  error);
}

static bool stored_copy(const struct zip *zip, const struct zip_member *member, const char *folder,
                        struct room *room, struct error *error)
{
    if (!room_reserve(room, zip->path, folder, error))
        return false;
    size_t used = 0;
    do {
        if (!room_grow(room, used, zip->path, error)) {
            room_release(room);
            return false;
        }
        size_t part = member->packed - used;
        part = part < room->usable - used ? part : room->usable - used;
        memcpy(room->bytes + used, member->bytes + used, part);
        used += part;
    } while (used < member->packed);
    room_finish(room, used);
    return true;
}

size_t zip_head(const struct zip_member *member, char *bytes, size_t size)
{
    struct compression_place place = {member->bytes, member->packed, bytes, size, NULL};
    enum compression_step result = COMPRESSION_GOES_ON;
    if (member->encrypted || (member->method != STORED && member->method != DEFLATED))
        return 0;
    if (member->method == STORED) {
        size = size < member->packed ? size : member->packed;
        memcpy(bytes, member->bytes, size);
        return size;
    }
    void *state = compression_deflate.open();
    size_t before = 0;
    do {
        before = place.out_left;
        result = compression_deflate.step(state, &place);
    } while (result == COMPRESSION_GOES_ON && place.out_left > 0 && place.out_left < before);
    compression_deflate.close(state);
    return size - place.out_left;
}

bool zip_unpack(const struct zip *zip, const struct zip_member *member, const char *folder,
                struct room *room, struct error *error)
{
    if (!method_check(zip, member, error))
        return false;
    const struct unpack_source source = {zip->path, member->bytes, member->packed, -1, folder};
    size_t size = member->packed;
    bool done = member->method == STORED
                    ? stored_copy(zip, member, folder, room, error)
                    : unpack(&compression_deflate, &source, room, &size, error);
    if (!done)
        return false;
    if (size == member->size && crc32_z(0, (const Bytef *)room->bytes, size) == (uLong)member->sum)
        return true;
    room_release(room);
    return refuse(zip, member,
                  "is damaged: its sum or its length is not what the archive says; "
                  "copy the file again",
                  error);
}
