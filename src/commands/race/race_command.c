/* SPDX-License-Identifier: MIT
 *
 * Of `A B` each word is a side; where sides are of several words they stand behind two `--`, the
 * first of which the parser of options takes away: `-- A 1 -- B 2`. With a baseline, which has one
 * of the sides, all words are the other.
 */
#include "commands/race/race_command.h"

#include "base/parallel/threads.h"
#include "base/text.h"

#include <math.h>
#include <string.h>
#include <sys/random.h>

/* --- Numbers ------------------------------------------------------------------------------- */

static bool read_seconds(const struct arguments *arguments, const char *name, double *seconds,
                         struct error *error)
{
    const char *text = arguments_value(arguments, name);
    return (text_to_real(text, seconds) && *seconds > 0.0 && isfinite(*seconds)) ||
           error_usage(error, "--%s: '%s' is not allowed; give seconds, above 0", name,
                       text_shown(text));
}

/* Another every time, below 2^31, so that it is easily written down. */
static int64_t fresh_seed(void)
{
    uint32_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = 1;
    return bits >> 1;
}

static bool read_options(const struct arguments *arguments, struct race_request *request,
                         struct error *error)
{
    struct race_options *options = &request->options;
    int64_t seed = fresh_seed(), orders = 0;
    const bool read =
        arguments_per_cent(arguments, "resolution", 0.01, &options->resolution, error) &&
        arguments_per_cent(arguments, "fail-slower", 0.0, &options->fail_slower, error) &&
        arguments_integer(arguments, "rounds", 1, 1000000, &options->rounds_most, error) &&
        read_seconds(arguments, "time", &options->seconds_most, error) &&
        read_seconds(arguments, "limit", &request->limit, error) &&
        arguments_integer(arguments, "order-seed", 0, INT64_MAX, &seed, error) &&
        arguments_integer(arguments, "relink", 1, 999, &orders, error);
    options->seed = (uint64_t)seed;
    options->orders = (size_t)orders;
    options->duet = arguments_flag(arguments, "duet");
    options->same_results = arguments_flag(arguments, "same-results");
    return read;
}

/* --- Sides --------------------------------------------------------------------------------- */

static struct side_words words_of(const struct arguments *arguments, size_t first, size_t beyond)
{
    return (struct side_words){beyond - first, arguments->operands + first};
}

/* The word that parts the sides; their count: there is none. */
static size_t find_part(const struct arguments *arguments, size_t first)
{
    while (first < arguments->count && strcmp(arguments->operands[first], "--") != 0)
        first++;
    return first;
}

static bool part_sides(const struct arguments *arguments, struct race_request *request,
                       struct error *error)
{
    const size_t count = arguments->count, part = find_part(arguments, 0);
    request->has_b = true;
    if (part == count && count == 2) {
        request->a = words_of(arguments, 0, 1);
        request->b = words_of(arguments, 1, 2);
        return true;
    }
    if (part == count)
        return error_usage(error, "race: %s; give A B, or -- A [ARGUMENT ...] -- B [ARGUMENT ...]",
                           count == 1 ? "there is no B" : "where does B begin?");
    if (part == 0 || part + 1 == count || find_part(arguments, part + 1) != count)
        return error_usage(error, "race: %s; give -- A [ARGUMENT ...] -- B [ARGUMENT ...]",
                           part == 0 || part + 1 == count ? "a side has no words"
                                                          : "there are more than two sides");
    request->a = words_of(arguments, 0, part);
    request->b = words_of(arguments, part + 1, count);
    return true;
}

static bool read_sides(const struct arguments *arguments, struct race_request *request,
                       struct error *error)
{
    const char *baseline = arguments_value(arguments, "baseline");
    const bool saves = arguments_flag(arguments, "save-baseline");
    if (baseline != NULL && saves)
        return error_usage(error, "--save-baseline races one side against its copy, and --baseline "
                                  "against another: give one of them");
    if (baseline != NULL) {
        request->b = words_of(arguments, 0, arguments->count);
        request->has_b = true;
        if (!baseline_read(baseline, &request->baseline, error))
            return false;
        request->a = request->baseline.words;
        return true;
    }
    if (!saves)
        return part_sides(arguments, request, error);
    request->a = words_of(arguments, 0, arguments->count);
    return true;
}

/* --- What goes together -------------------------------------------------------------------- */

/* A descent without a command only tells how it is used. */
static bool only_tells_usage(const struct side_words *words)
{
    static const char name[] = "descent";
    const char *path = words->words[0];
    const size_t length = strlen(path), last = strlen(name);
    return words->count == 1 && length >= last && strcmp(path + length - last, name) == 0 &&
           (length == last || path[length - last - 1] == '/');
}

static bool refuse_unused(const struct arguments *arguments, struct error *error)
{
    char name[OPTION_NAME];
    for (size_t i = 0; i < hyperparameter_count; i++) {
        if (!arguments->given[i])
            continue;
        option_name(hyperparameters[i].entry.name, name);
        return error_usage(error, "--%s is not used without --data", name);
    }
    for (size_t i = 0; i < source_attribute_count; i++) {
        if (arguments->attributes[i] == NULL)
            continue;
        attribute_option(arguments->command, &source_attributes[i], name);
        return error_usage(error, "--%s is not used without --data", name);
    }
    return true;
}

static bool check_together(const struct arguments *arguments, const struct race_request *request,
                           struct error *error)
{
    if (request->data != NULL && request->sweep != NULL)
        return error_usage(error, "--data and --sweep both say what is trained: give one of them");
    if (request->data != NULL)
        return true;
    if (!refuse_unused(arguments, error))
        return false;
    if (request->parameters[0] != '\0')
        return error_usage(error, "--parameters is not used without --data");
    return request->sweep != NULL ||
           !(only_tells_usage(&request->a) || (request->has_b && only_tells_usage(&request->b))) ||
           error_usage(error, "race: a descent without a command only tells how it is used; give "
                              "--data or --sweep, which the sides are to train, or a command");
}

/* Two sides at a time, and each in files of its own. */
static bool check_duet(const struct race_request *request, struct error *error)
{
    if (!request->options.duet)
        return true;
    if (request->options.orders > 0)
        return error_usage(error, "--duet and --relink do not go together yet: give one of them");
    if (!request->has_b)
        return error_usage(error, "--duet is for races of two sides, and there is no B");
    return threads_processors() > 1 ||
           error_usage(error, "--duet: two sides at a time need two processors, and there is one");
}

/* Orders are as many as Latin squares have rounds, or a multiple of it. */
static bool check_links(const struct race_request *request, struct error *error)
{
    const bool asked = request->options.orders > 0;
    const size_t sides = request->has_b ? RACE_SIDES : RACE_B;
    if (!asked && (request->links[0] != NULL || request->links[1] != NULL))
        return error_usage(error, "--link-a and --link-b are not used without --relink");
    if (asked && (request->links[0] == NULL || (request->has_b && request->links[1] == NULL)))
        return error_usage(error, "--relink needs the commands that link the sides: give --link-a "
                                  "and --link-b");
    return request->options.orders % sides == 0 ||
           error_usage(error, "--relink: %zu is not allowed; give a multiple of %zu",
                       request->options.orders, sides);
}

bool race_request_read(const struct arguments *arguments, struct race_request *request,
                       struct error *error)
{
    const char *parameters = arguments_value(arguments, "parameters");
    *request = (struct race_request){
        .data = arguments_value(arguments, "data"),
        .sweep = arguments_value(arguments, "sweep"),
        .parameters = parameters != NULL ? parameters : "",
        .links = {arguments_value(arguments, "link-a"), arguments_value(arguments, "link-b")},
    };
    return read_options(arguments, request, error) && read_sides(arguments, request, error) &&
           check_together(arguments, request, error) && check_links(request, error) &&
           check_duet(request, error);
}

void race_request_clear(struct race_request *request)
{
    baseline_clear(&request->baseline);
}
