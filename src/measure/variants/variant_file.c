/* SPDX-License-Identifier: MIT
 *
 * A text: the digest of what follows, the processor, the build, and a line for each choice,
 *
 *     KERNEL FEATURES MODELS THREADS SIZE VARIANT
 *
 * Processors are told apart by what Linux says of the first of them. A virtual machine may call
 * different ones by the same name, but their families, caches and instructions are there.
 */
#include "measure/variants/variant_file.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/output.h"
#include "base/system/path.h"
#include "base/text.h"
#include "build_facts.h"
#include "kernels/variants.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 65536, PROCESSOR_MOST = 8192, WORDS = 6 };

/* --- What choices hold for ------------------------------------------------------------------- */

/* Reads at most `most` bytes of a file; "" where there is none. Free with memory_free(). */
static char *file_text(const char *path, size_t most)
{
    struct stat status;
    char *text = memory_allocate(most + 1, 1);
    size_t length = 0;
    ssize_t got = 1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return text;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        while (length < most && (got = read(file, text + length, most - length)) > 0)
            length += (size_t)got;
    close(file);
    text[length] = '\0';
    return text;
}

/* Does the line say the same of every processor of the machine, and at every time? */
static bool is_lasting(const char *line)
{
    static const char *const names[] = {"vendor_id",   "cpu family", "model",     "stepping",
                                        "cache size",  "flags",      "CPU imple", "CPU part",
                                        "CPU variant", "CPU rev",    "Features"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(line, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void print_processor(FILE *out)
{
    char *text = file_text("/proc/cpuinfo", PROCESSOR_MOST), *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';)
        if (is_lasting(line))
            fprintf(out, "%s\n", line);
    memory_free(text);
}

/* The lines that the file begins with, after the digest. */
static void print_origin(FILE *out)
{
    fputs("descent: variants of kernels, by what was measured\n", out);
    print_processor(out);
    fprintf(out, "build\t%s, %s, %s, %s\n\n", BUILD_VERSION, BUILD_COMMIT, BUILD_COMPILER,
            BUILD_FLAGS);
}

static char *origin_text(void)
{
    struct memory_stream stream;
    print_origin(memory_stream_open(&stream));
    return memory_stream_close(&stream);
}

char *variant_file_path(void)
{
    char digest[DIGEST_TEXT], *folder = path_cache("descent/tuning");
    if (folder == NULL)
        return NULL;
    char *origin = origin_text();
    digest_of_text(origin, digest);
    char *path = path_in(folder, digest);
    memory_free(origin);
    memory_free(folder);
    return path;
}

/* --- Reading --------------------------------------------------------------------------------- */

static const struct table *variants_of(const char *kernel, const struct kernel **found)
{
    const struct entry *entry = table_find(&kernel_table, kernel);
    *found = entry != NULL ? kernel_of(entry) : NULL;
    return entry != NULL ? (*found)->variants : NULL;
}

/* The words of a line, as many as there are to be. */
static bool split(char *line, const char *words[static WORDS])
{
    size_t count = 0;
    for (char *word; (word = strsep(&line, " ")) != NULL; count++)
        if (count < WORDS)
            words[count] = word;
    return count == WORDS;
}

static bool read_choice(char *line, struct variant_choice *choice)
{
    const char *words[WORDS];
    int64_t features, models, threads, size;
    if (!split(line, words) || !text_to_integer(words[1], &features) ||
        !text_to_integer(words[2], &models) || !text_to_integer(words[3], &threads) ||
        !text_to_integer(words[4], &size) || features < 1 || models < 1 || threads < 1 ||
        threads > INT_MAX || size < 0 || size > VARIANT_SIZE_MOST)
        return false;
    choice->what = (struct variant_case){
        .features = (size_t)features,
        .models = (size_t)models,
        .threads = (int)threads,
        .size = (int)size,
    };
    const struct table *variants = variants_of(words[0], &choice->what.kernel);
    choice->variant = variants != NULL ? table_find(variants, words[5]) : NULL;
    return choice->variant != NULL;
}

/* The choices of a text (count), or NULL: one of its lines is none. */
static struct variant_choice *read_choices(char *text, size_t *count)
{
    struct variant_choice *choices = memory_allocate(VARIANT_CASES, sizeof *choices);
    bool sound = true;
    *count = 0;
    for (char *line; sound && (line = strsep(&text, "\n")) != NULL;)
        if (*line != '\0')
            sound = *count < VARIANT_CASES && read_choice(line, &choices[(*count)++]);
    if (sound)
        return choices;
    memory_free(choices);
    return NULL;
}

/* What follows the digest and the origin, or NULL: they are not this file's. */
static char *believed(char *text)
{
    char digest[DIGEST_TEXT], *body = strchr(text, '\n'), *origin = origin_text();
    size_t length = strlen(origin);
    bool same = body != NULL && body - text == DIGEST_TEXT - 1;
    if (same) {
        digest_of_text(++body, digest);
        same = memcmp(text, digest, DIGEST_TEXT - 1) == 0 && strncmp(body, origin, length) == 0;
    }
    memory_free(origin);
    return same ? body + length : NULL;
}

bool variant_file_read(const char *path)
{
    size_t count;
    char *text = file_text(path, FILE_MOST), *lines = believed(text);
    struct variant_choice *choices = lines != NULL ? read_choices(lines, &count) : NULL;
    for (size_t i = 0; choices != NULL && i < count; i++)
        variant_choose(&choices[i]);
    memory_free(choices);
    memory_free(text);
    return choices != NULL;
}

/* --- Writing --------------------------------------------------------------------------------- */

static char *body_text(void)
{
    size_t count;
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    const struct variant_choice *choices = variants_chosen(&count);
    print_origin(out);
    for (const struct variant_choice *c = choices; c < choices + count; c++)
        fprintf(out, "%s %zu %zu %d %d %s\n", c->what.kernel->entry.name, c->what.features,
                c->what.models, c->what.threads, c->what.size, c->variant->name);
    return memory_stream_close(&stream);
}

bool variant_file_write(const char *path, struct error *error)
{
    struct output output;
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_failed(error, "%s: this is no file, but where one is kept; remove it", path);
    char digest[DIGEST_TEXT], *folder = path_folder(path);
    bool opened =
        path_create_folder(folder, 0700, error) && output_open(&output, path, true, error);
    memory_free(folder);
    if (!opened)
        return false;
    char *body = body_text();
    digest_of_text(body, digest);
    fprintf(output.file, "%s\n%s", digest, body);
    memory_free(body);
    return output_commit(&output, error);
}
