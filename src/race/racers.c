/* SPDX-License-Identifier: MIT
 *
 * A copy is FOLDER/NUMBER/NAME, with the program's own name, which some programs go by; zeros
 * before the number make all paths as long as the longest.
 */
#include "race/racers.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/child.h"
#include "base/system/output.h"
#include "base/system/path.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- Files --------------------------------------------------------------------------------- */

static bool is_program(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && access(path, X_OK) == 0;
}

/* In the folders of PATH. NULL: in none of them. */
static char *search(const char *word)
{
    const char *list = getenv("PATH");
    char *folders = memory_copy_text(list != NULL ? list : ""), *rest = folders, *found = NULL;
    for (char *folder; found == NULL && (folder = strsep(&rest, ":")) != NULL;) {
        found = path_in(folder, word);
        if (!is_program(found)) {
            memory_free(found);
            found = NULL;
        }
    }
    memory_free(folders);
    return found;
}

char *racer_find(const char *word, struct error *error)
{
    const bool is_path = strchr(word, '/') != NULL;
    char *found = is_path ? memory_copy_text(word) : search(word);
    if (found == NULL || !is_program(found)) {
        memory_free(found);
        error_usage(error, "'%s' is no program %s; give one, or its path", text_shown(word),
                    is_path ? "that can be run" : "in PATH");
        return NULL;
    }
    char *real = path_real(found);
    memory_free(found);
    return real;
}

static bool fail_to_read(const char *path, struct error *error)
{
    return error_usage(error, "%s: it cannot be read: %s", text_shown(path), strerror(errno));
}

bool racer_digest(const char *path, char digest[static DIGEST_TEXT], struct error *error)
{
    char block[1 << 16];
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return fail_to_read(path, error);
    struct digest *state = digest_create();
    for (size_t count; (count = fread(block, 1, sizeof block, file)) > 0;)
        digest_add(state, block, count);
    digest_finish(state, digest);
    const bool read = ferror(file) == 0;
    if (!read)
        fail_to_read(path, error);
    fclose(file);
    return read;
}

/* --- Copies -------------------------------------------------------------------------------- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Is one made of it? */
static bool is_copied(const struct racer *racer)
{
    return strchr(racer->arguments[0], '/') != NULL;
}

static bool copy_bytes(const char *from, const char *to, struct error *error)
{
    struct output output;
    const int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return fail_to_read(from, error);
    bool done = output_open(&output, to, false, error);
    if (done && child_copy(source, output.file) < 0) {
        output_discard(&output);
        done = error_failed(error, "%s: the copy of a program cannot be written: %s",
                            text_shown(to), output_fault(errno));
    }
    close(source);
    return done && output_commit(&output, error) &&
           (chmod(to, 0700) == 0 || error_failed(error, "%s: it cannot be made a program: %s",
                                                 text_shown(to), strerror(errno)));
}

/* `width`: of a number of one digit, the zeros before it, and the name. */
static bool make_copy(struct racers *racers, size_t side, size_t width, struct error *error)
{
    struct racer *racer = &racers->list[side];
    const char *name = name_of(racer->path);
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    fprintf(out, "%s/%0*zu", racers->folder, (int)(width - strlen(name)), side + 1);
    char *folder = memory_stream_close(&stream);
    const bool made = path_create_folder(folder, 0700, error);
    char *copy = path_in(folder, name);
    memory_free(folder);
    if (!made) {
        memory_free(copy);
        return false;
    }
    racer->copy = copy;
    racer->arguments[0] = copy;
    return copy_bytes(racer->path, copy, error);
}

static bool make_copies(struct racers *racers, struct error *error)
{
    size_t longest = 0;
    bool any = false;
    for (size_t side = 0; side < racers->count; side++) {
        const size_t length = strlen(name_of(racers->list[side].path));
        longest = length > longest ? length : longest;
        any = any || is_copied(&racers->list[side]);
    }
    if (!any)
        return true;
    racers->folder = path_temporary("descent-race", "the copies of programs", error);
    bool done = racers->folder != NULL;
    for (size_t side = 0; side < racers->count && done; side++)
        if (is_copied(&racers->list[side]))
            done = make_copy(racers, side, longest + 1, error);
    return done;
}

/* The file of an order lies beside the copy; free with memory_free(). */
static char *path_of_order(const struct racer *racer, size_t order)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    fprintf(out, "%s.%03zu", racer->copy, order);
    return memory_stream_close(&stream);
}

static void remove_copy(struct racer *racer)
{
    char *folder = path_folder(racer->copy);
    for (size_t order = 0; order < racer->orders; order++) {
        char *path = path_of_order(racer, order);
        unlink(path);
        memory_free(path);
    }
    unlink(racer->copy);
    rmdir(folder);
    memory_free(folder);
}

/* --- Orders of links ----------------------------------------------------------------------- */

/* Each side has orders of its own: A's copy other ones than A. */
static bool link_orders(struct racer *racer, const struct link_command *command, size_t orders,
                        uint64_t seed, size_t side, struct error *error)
{
    if (racer->copy == NULL)
        return error_usage(error,
                           "--relink: '%s' is run where it is; give the path of a program, and no "
                           "--in-place",
                           racer->label);
    bool linked = true;
    while (racer->orders < orders && linked) {
        char *path = path_of_order(racer, racer->orders);
        linked = link_command_run(command, seed, racer->orders * RACE_SIDES + side, path, error);
        racer->orders++;
        memory_free(path);
    }
    return linked;
}

bool racers_link(struct racers *racers, const struct link_command *a, const struct link_command *b,
                 size_t orders, uint64_t seed, struct error *error)
{
    bool linked = true;
    for (size_t side = 0; side < racers->count && linked; side++)
        linked =
            link_orders(&racers->list[side], side == RACE_B ? b : a, orders, seed, side, error);
    return linked;
}

/* The copy becomes a link to the file. */
bool racers_relink(const struct racers *racers, size_t order, char reason[static RACE_REASON])
{
    bool linked = true;
    for (size_t side = 0; side < racers->count && linked; side++) {
        const char *copy = racers->list[side].copy;
        char *path = path_of_order(&racers->list[side], order);
        unlink(copy);
        linked = symlink(path, copy) == 0;
        if (!linked)
            snprintf(reason, RACE_REASON, "%.500s: it cannot be made a link: %s", copy,
                     strerror(errno));
        memory_free(path);
    }
    return linked;
}

/* --- All of them --------------------------------------------------------------------------- */

static char *label_of(const struct side_words *words)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            putc(' ', out);
        text_write_word(words->words[i], out);
    }
    return memory_stream_close(&stream);
}

static bool take(struct racer *racer, const struct side_words *words, struct error *error)
{
    racer->label = label_of(words);
    racer->count = racer->given = words->count;
    racer->arguments = memory_allocate(words->count + 2, sizeof *racer->arguments);
    for (size_t i = 0; i < words->count; i++)
        racer->arguments[i] = words->words[i];
    racer->path = racer_find(words->words[0], error);
    return racer->path != NULL && racer_digest(racer->path, racer->digest, error);
}

bool racers_open(struct racers *racers, const struct side_words *a, const struct side_words *b,
                 bool in_place, struct error *error)
{
    *racers = (struct racers){.count = b != NULL ? RACE_SIDES : RACE_B};
    return take(&racers->list[RACE_A], a, error) && take(&racers->list[RACE_COPY], a, error) &&
           (b == NULL || take(&racers->list[RACE_B], b, error)) &&
           (in_place || make_copies(racers, error));
}

void racers_close(struct racers *racers)
{
    for (size_t side = 0; side < racers->count; side++) {
        struct racer *racer = &racers->list[side];
        if (racer->copy != NULL)
            remove_copy(racer);
        memory_free(racer->copy);
        memory_free(racer->path);
        memory_free(racer->label);
        memory_free(racer->version);
        memory_free(racer->arguments);
    }
    if (racers->folder != NULL)
        rmdir(racers->folder);
    memory_free(racers->folder);
    *racers = (struct racers){.count = 0};
}
