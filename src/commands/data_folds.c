/* SPDX-License-Identifier: MIT
 *
 * A column for each repeat, called fold, or fold_1, fold_2, ... where there are several.
 */
#include "commands/data_folds.h"

#include "base/memory.h"
#include "base/system/output.h"
#include "data/preparation/folds.h"
#include "data/sources/source_load.h"
#include "solvers/hyperparameter.h"

#include <inttypes.h>
#include <stdio.h>

struct wish {
    int64_t folds, seed, repeats;
};

static bool wish_read(const struct arguments *arguments, const struct source *source,
                      struct wish *wish, struct error *error)
{
    const double most = hyperparameter_find("fold_seed")->maximum;
    if (source->split > 0.0)
        return error_usage(error, "--folds holds rows out in turn, and --split does so once; leave "
                                  "out one of the two");
    return arguments_integer(arguments, "folds", 2, FOLDS_MOST, &wish->folds, error) &&
           arguments_integer(arguments, "fold-seed", 0, (int64_t)most, &wish->seed, error) &&
           arguments_integer(arguments, "fold-repeats", 1, FOLD_MOST / FOLDS_MOST, &wish->repeats,
                             error);
}

static void print_parts(uint16_t *const *parts, size_t repeats, size_t rows, FILE *out)
{
    for (size_t r = 0; r < repeats && repeats > 1; r++)
        fprintf(out, "%sfold_%zu", r > 0 ? "," : "", r + 1);
    fputs(repeats > 1 ? "\n" : "fold\n", out);
    for (size_t i = 0; i < rows; i++)
        for (size_t r = 0; r < repeats; r++)
            fprintf(out, "%" PRIu16 "%s", parts[r][i], r + 1 < repeats ? "," : "\n");
}

static void deal(const struct dataset *data, const struct wish *wish, FILE *out)
{
    const size_t repeats = (size_t)wish->repeats, folds = (size_t)wish->folds;
    uint16_t **parts = memory_allocate(repeats, sizeof *parts);
    for (size_t r = 0; r < repeats; r++) {
        const struct fold fold = {folds, (uint64_t)wish->seed, r * folds + 1};
        parts[r] = fold_deal(data, &fold);
    }
    print_parts(parts, repeats, data->rows, out);
    for (size_t r = 0; r < repeats; r++)
        memory_free(parts[r]);
    memory_free(parts);
}

bool data_folds_write(const struct arguments *arguments, const struct source *source,
                      const char *path, int threads, struct error *error)
{
    struct wish wish = {0};
    struct output output;
    if (!wish_read(arguments, source, &wish, error) ||
        !output_open(&output, path != NULL ? path : "-", arguments_flag(arguments, "force"), error))
        return false;
    struct dataset *data = source_load(source, true, threads, error);
    bool done = data != NULL && folds_check(data, (size_t)wish.folds, error);
    if (done) {
        dataset_print_notes(data, stderr);
        deal(data, &wish, output.file);
        done = output_commit(&output, error);
    } else {
        output_discard(&output);
    }
    dataset_free(data);
    return done;
}
