/* SPDX-License-Identifier: MIT
 *
 * Standard output and standard error as streams whose bytes pass a guard on their way to the
 * descriptor. stdout and stderr are variables that a program may set (the GNU C Library's manual,
 * "Standard Streams"). What is told to people is printed in hundreds of places, with names from
 * outside in many: what none of them may do is refused once, here. On a terminal the program's own
 * sequences pass; nothing else that is a control character does, but line breaks and tabs.
 *
 * What cannot be shown is written "\u001b", which in JSON says the same as the character, and
 * "\xff" where it is not UTF-8.
 */
#include "base/memory.h"
#include "base/system/terminal.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { HELD_MOST = 8, BLOCK = 4096, ESCAPE_MOST = 16 };

struct guard {
    int descriptor;
    bool terminal;
    FILE *stream; /* the guarded one */
    FILE *plain;  /* what the C library opened; NULL: there is no guard */
    size_t count; /* bytes held back: the first of a character or of a sequence */
    char held[HELD_MOST];
};

static struct guard guards[] = {{.descriptor = STDOUT_FILENO}, {.descriptor = STDERR_FILENO}};

/* --- What passes --------------------------------------------------------------------------- */

/* How a unit of text begins: a character, a sequence of the program's own, or what is neither. */
enum unit_kind { UNIT_PASSES, UNIT_REFUSED, UNIT_INCOMPLETE };

struct unit {
    enum unit_kind kind;
    size_t length;
};

static struct unit own_sequence(const char *at, size_t left)
{
    for (size_t i = 0; terminal_sequences[i] != NULL; i++) {
        size_t length = strlen(terminal_sequences[i]);
        if (strncmp(at, terminal_sequences[i], length < left ? length : left) == 0)
            return (struct unit){length <= left ? UNIT_PASSES : UNIT_INCOMPLETE, length};
    }
    return (struct unit){UNIT_REFUSED, 1};
}

/* How many bytes a character that begins so has. */
static size_t promised(unsigned char lead)
{
    return lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
}

/* `at` is followed by NUL after `left` bytes. */
static struct unit next_unit(const struct guard *guard, const char *at, size_t left)
{
    size_t length = *at != '\0' ? text_character(at) : 0, whole = promised((unsigned char)*at);
    if (length > 0 || *at == '\n' || *at == '\t')
        return (struct unit){UNIT_PASSES, length > 0 ? length : 1};
    size_t there = 1;
    while (there < left && there < whole && ((unsigned char)at[there] & 0xc0) == 0x80)
        there++;
    if (there == left && there < whole)
        return (struct unit){UNIT_INCOMPLETE, left};
    if (guard->terminal && (*at == '\033' || *at == '\r'))
        return own_sequence(at, left);
    return (struct unit){UNIT_REFUSED, there == whole && whole == 2 && at[0] == '\xc2' ? 2 : 1};
}

/* --- Writing ------------------------------------------------------------------------------- */

static bool write_all(int descriptor, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static size_t put_refused(const char *at, size_t length, char escape[static ESCAPE_MOST])
{
    unsigned char byte = (unsigned char)at[length - 1]; /* U+0080 to U+009F end in their number */
    bool is_byte = length == 1 && byte >= 0x80;
    return (size_t)snprintf(escape, ESCAPE_MOST, is_byte ? "\\x%02x" : "\\u%04x", byte);
}

/* `text` (count) and NUL behind it. What is not complete is held back. */
static bool pass(struct guard *guard, const char *text, size_t count)
{
    char block[BLOCK];
    size_t used = 0;
    guard->count = 0;
    while (count > 0) {
        struct unit unit = next_unit(guard, text, count);
        if (unit.kind == UNIT_INCOMPLETE && count < HELD_MOST) {
            memcpy(guard->held, text, count);
            guard->count = count;
            break;
        }
        if (used + ESCAPE_MOST > BLOCK) {
            if (!write_all(guard->descriptor, block, used))
                return false;
            used = 0;
        }
        if (unit.kind == UNIT_PASSES)
            memcpy(block + used, text, unit.length);
        used +=
            unit.kind == UNIT_PASSES ? unit.length : put_refused(text, unit.length, block + used);
        text += unit.length;
        count -= unit.length;
    }
    return write_all(guard->descriptor, block, used);
}

static ssize_t guard_write(void *cookie, const char *bytes, size_t count)
{
    struct guard *guard = cookie;
    size_t before = guard->count;
    char *text = memory_resize(NULL, before + count + 1, 1);
    memcpy(text, guard->held, before);
    memcpy(text + before, bytes, count);
    text[before + count] = '\0';
    bool passed = pass(guard, text, before + count);
    int fault = errno;
    memory_free(text);
    errno = fault;
    return passed ? (ssize_t)count : 0;
}

/* --- The streams --------------------------------------------------------------------------- */

/* A descriptor that is closed would be that of the next file that is opened, and messages would go
 * into it. Opened for the wrong direction, each use of it fails as if it were closed. */
static void reserve_descriptors(void)
{
    static const int contrary[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int i = 0; i <= STDERR_FILENO; i++)
        if (fcntl(i, F_GETFD) == -1 && open("/dev/null", contrary[i]) != i)
            _exit(ERROR_FAILED); /* there is nowhere to say so */
}

static FILE *guarded(struct guard *guard, FILE *plain, int buffering)
{
    fflush(plain);
    guard->terminal = isatty(guard->descriptor) == 1;
    guard->stream = fopencookie(guard, "w", (cookie_io_functions_t){.write = guard_write});
    if (guard->stream == NULL)
        memory_exhausted(1, BUFSIZ);
    guard->plain = plain;
    setvbuf(guard->stream, NULL, guard->terminal ? _IOLBF : buffering, BUFSIZ);
    return guard->stream;
}

void terminal_guard(void)
{
    reserve_descriptors();
    stdout = guarded(&guards[0], stdout, _IOFBF);
    stderr = guarded(&guards[1], stderr, _IOLBF);
}

FILE *terminal_data(void)
{
    if (guards[0].plain == NULL || guards[0].terminal)
        return stdout;
    fflush(stdout);
    return guards[0].plain;
}

int terminal_descriptor(FILE *out)
{
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        if (guards[i].plain != NULL && out == guards[i].stream)
            return guards[i].descriptor;
    return fileno(out);
}
