/* SPDX-License-Identifier: MIT
 *
 * descent blas: the BLAS libraries of this machine side by side, each in a child process of its
 * own; and such a child.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "base/system/terminal.h"
#include "base/text.h"
#include "commands/blas/blas_card_show.h"
#include "commands/blas/blas_listing.h"
#include "commands/training/training_command.h"
#include "data/chunks.h"
#include "programs/blas/blas_answers.h"

#include <math.h>
#include <string.h>

enum { SHAPES = 16, THREAD_COUNTS = 16, LIBRARIES = 64, THREADS_MOST = 1024 };

static const struct option_row options[] = {
    {.entry = {"shape", "rows x columns x models to race on"},
     .argument = "NxDxK,...",
     .fallback = "50000x100x16"},
    {.entry = {"models", "k, for the shape of DATA"}, .argument = "K", .fallback = "16"},
    {.entry = {"threads", "numbers of threads (default: 1, and all)"}, .argument = "N,..."},
    {.entry = {"library", "names of `descent list blas`, or paths (default: all)"},
     .argument = "NAME,..."},
    {.entry = {"rounds", "through all libraries"}, .argument = "N", .fallback = "11"},
    {.entry = {"seconds", "of one sample"}, .argument = "S", .fallback = "0.02"},
    {.entry = {"format", "how to print"},
     .argument = "NAME",
     .fallback = "text",
     .choices = &text_or_json_table},
    {.entry = {"serve", "answer questions about the BLAS of this process: such a child"}},
};

/* What was asked for. */
struct asked {
    size_t shape_count, thread_count, library_count, path_count;
    struct blas_shape shapes[SHAPES];
    int threads[THREAD_COUNTS];
    const char *words[LIBRARIES]; /* (library_count) of --library */
    const char *paths[LIBRARIES]; /* (path_count) those of them that are paths */
    const struct blas_listed *libraries[LIBRARIES];
    char *texts[3]; /* that the words are parts of */
    int64_t rounds;
    double seconds;
};

/* --- Lists ---------------------------------------------------------------------------------- */

/* Calls `take` for each word between commas. `text` is cut. */
static bool take_words(char *text, bool (*take)(struct asked *asked, char *word, struct error *),
                       struct asked *asked, struct error *error)
{
    char *rest = NULL;
    for (char *word = strtok_r(text, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest))
        if (!take(asked, word, error))
            return false;
    return true;
}

static bool fail_full(const char *option, int most, struct error *error)
{
    return error_usage(error, "--%s: there are more than %d", option, most);
}

/* A number of a shape, which ends at `end`; 0: it is none. */
static size_t take_size(char **text)
{
    char *end = strchrnul(*text, 'x');
    const bool last = *end == '\0';
    int64_t number = 0;
    *end = '\0';
    const bool read = text_to_integer(*text, &number) && number > 0 && number <= INT32_MAX;
    *text = last ? end : end + 1;
    return read ? (size_t)number : 0;
}

/* A block has the rows that a pass over the data gives to a thread at a time. */
static void add_shape(struct asked *asked, size_t rows, size_t columns, size_t models)
{
    const size_t chunks = chunk_count_dense(rows, columns);
    asked->shapes[asked->shape_count++] =
        (struct blas_shape){rows, columns, models, (rows + chunks - 1) / chunks};
}

static bool take_shape(struct asked *asked, char *word, struct error *error)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%s", word);
    const size_t rows = take_size(&word), columns = take_size(&word), models = take_size(&word);
    if (rows == 0 || columns == 0 || models == 0 || *word != '\0')
        return error_usage(error,
                           "--shape: '%s' is not allowed; give rows, columns and models, as in "
                           "50000x100x16",
                           text_shown(copy));
    if (asked->shape_count == SHAPES)
        return fail_full("shape", SHAPES, error);
    add_shape(asked, rows, columns, models);
    return true;
}

static bool take_threads(struct asked *asked, char *word, struct error *error)
{
    int64_t threads = 0;
    const int before = asked->thread_count > 0 ? asked->threads[asked->thread_count - 1] : 0;
    if (!text_to_integer(word, &threads) || threads <= before || threads > THREADS_MOST)
        return error_usage(error,
                           "--threads: '%s' is not allowed; give numbers of 1 to %d, ascending",
                           text_shown(word), THREADS_MOST);
    if (asked->thread_count == THREAD_COUNTS)
        return fail_full("threads", THREAD_COUNTS, error);
    asked->threads[asked->thread_count++] = (int)threads;
    return true;
}

static bool take_library(struct asked *asked, char *word, struct error *error)
{
    if (asked->library_count == LIBRARIES)
        return fail_full("library", LIBRARIES, error);
    asked->words[asked->library_count++] = word;
    if (strchr(word, '/') != NULL)
        asked->paths[asked->path_count++] = word;
    return true;
}

/* --- Options -------------------------------------------------------------------------------- */

static bool read_data_shape(const struct arguments *arguments, struct asked *asked,
                            struct error *error)
{
    int64_t models = 0;
    if (!arguments_integer(arguments, "models", 1, 100000, &models, error))
        return false;
    struct dataset *data = arguments_training_data(arguments, 0, error);
    if (data == NULL)
        return false;
    add_shape(asked, data->rows, data->features, (size_t)models);
    dataset_free(data);
    return true;
}

static bool read_list(const struct arguments *arguments, const char *name, size_t index,
                      bool (*take)(struct asked *asked, char *word, struct error *),
                      struct asked *asked, struct error *error)
{
    const char *text = arguments_value(arguments, name);
    asked->texts[index] = memory_copy_text(text != NULL ? text : "");
    return take_words(asked->texts[index], take, asked, error);
}

static bool read_seconds(const struct arguments *arguments, struct asked *asked,
                         struct error *error)
{
    const char *text = arguments_value(arguments, "seconds");
    return (text_to_real(text, &asked->seconds) && asked->seconds > 0.0 &&
            asked->seconds <= 60.0) ||
           error_usage(error, "--seconds: '%s' is not allowed; give a number above 0 and up to 60",
                       text_shown(text));
}

static bool read_options(const struct arguments *arguments, struct asked *asked,
                         struct error *error)
{
    if (!read_list(arguments, "threads", 0, take_threads, asked, error) ||
        !read_list(arguments, "library", 1, take_library, asked, error) ||
        !arguments_integer(arguments, "rounds", 1, 10000, &asked->rounds, error) ||
        !read_seconds(arguments, asked, error))
        return false;
    if (asked->thread_count == 0) {
        asked->threads[asked->thread_count++] = 1;
        if (threads_default() > 1)
            asked->threads[asked->thread_count++] = threads_default();
    }
    return arguments->count > 0 ? read_data_shape(arguments, asked, error)
                                : read_list(arguments, "shape", 2, take_shape, asked, error);
}

/* Those that are named, or all that can be used; the linked one is the first where it is among
 * them. */
static bool choose(const struct blas_list *list, struct asked *asked, struct error *error)
{
    size_t named = asked->library_count, count = 0;
    for (size_t i = 0; i < named; i++) {
        asked->libraries[count] = blas_list_choose(list, asked->words[i], error);
        if (asked->libraries[count++] == NULL)
            return false;
    }
    for (size_t i = 0; named == 0 && i < list->count && count < LIBRARIES; i++)
        if (list->libraries[i].reason == NULL)
            asked->libraries[count++] = &list->libraries[i];
    for (size_t i = 1; i < count; i++)
        if (asked->libraries[i]->linked) {
            const struct blas_listed *first = asked->libraries[0];
            asked->libraries[0] = asked->libraries[i];
            asked->libraries[i] = first;
        }
    asked->library_count = count;
    return true;
}

/* Each process that is timed holds the operands of one product. */
static bool check_memory(const struct asked *asked, struct error *error)
{
    double bytes = 0.0;
    for (size_t i = 0; i < asked->shape_count; i++)
        bytes = fmax(bytes, blas_operands_bytes(asked->shapes[i]));
    return memory_check(bytes * (double)asked->library_count,
                        "matrices of these shapes in one process for each library", error);
}

/* --- The run -------------------------------------------------------------------------------- */

static void show_progress(const char *what)
{
    if (terminal_of(stderr).width > 0)
        fprintf(stderr, "%s\n", what);
}

static bool make_card(const struct arguments *arguments, const struct blas_list *list,
                      const struct asked *asked, struct error *error)
{
    const struct blas_card_plan plan = {
        .program = "/proc/self/exe",
        .library_count = asked->library_count,
        .shape_count = asked->shape_count,
        .thread_count = asked->thread_count,
        .libraries = asked->libraries,
        .shapes = asked->shapes,
        .threads = asked->threads,
        .rounds = (int)asked->rounds,
        .seconds = asked->seconds,
    };
    struct blas_card card;
    if (!check_memory(asked, error) || !blas_card_measure(&plan, show_progress, &card, error))
        return false;
    if (arguments_choice(arguments, "format") == &format_json)
        blas_card_json(&card, stdout);
    else {
        blas_listing_write(list, stdout);
        blas_card_text(&card, stdout);
    }
    blas_card_clear(&card);
    return true;
}

static bool race(const struct arguments *arguments, struct asked *asked, struct error *error)
{
    struct blas_list list;
    struct interruption before;
    interruption_install(&before);
    bool done = read_options(arguments, asked, error) &&
                blas_list_find("/proc/self/exe", asked->paths, asked->path_count, &list, error);
    if (done) {
        done = choose(&list, asked, error) && make_card(arguments, &list, asked, error);
        blas_list_clear(&list);
    }
    interruption_restore(&before, false);
    return done;
}

static bool run_blas(const struct arguments *arguments, struct error *error)
{
    struct asked asked = {0};
    if (arguments_flag(arguments, "serve")) {
        blas_answers_serve(stdin, stdout);
        return true;
    }
    const bool done = race(arguments, &asked, error);
    for (size_t i = 0; i < sizeof asked.texts / sizeof *asked.texts; i++)
        memory_free(asked.texts[i]);
    return done;
}

const struct command command_blas = {
    .entry = {"blas", "race the BLAS libraries of this machine, and say how they differ"},
    .operands = "[DATA]",
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .settings = true,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "Each library is in a process of its own, which the dynamic loader is given it for; what\n"
        "it is, how many threads it really uses and which bits it computes are found by calling\n"
        "it. Rates are of products with the shape of DATA, or of --shape:\n\n"
        "  descent blas a9a.libsvm --models 32\n"
        "  descent blas --shape 100000x50x16,5000x2000x8 --threads 1,2,4\n"
        "  descent blas --library openblas,blis,/opt/blas/lib/libblas.so.3\n",
    .run = run_blas,
};
