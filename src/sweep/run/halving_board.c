/* SPDX-License-Identifier: MIT
 *
 * Numbers are written so that they are read with the same bits.
 */
#include "sweep/run/halving_board.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/system/output.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE "descent rungs 1"
#define NO_VALUE "none"

/* Without gaps, since its bytes are compared. */
struct board_key {
    char configuration[DIGEST_TEXT + 7];
    int64_t epoch;
};

static struct board_key key_of(const char *configuration, int64_t epoch)
{
    struct board_key key = {.epoch = epoch};
    snprintf(key.configuration, sizeof key.configuration, "%s", configuration);
    return key;
}

void board_clear(struct board *board)
{
    lookup_clear(&board->keys);
    memory_free(board->values);
    *board = (struct board){0};
}

void board_add(struct board *board, const char *configuration, int64_t epoch, double value)
{
    const struct board_key key = key_of(configuration, epoch);
    const size_t before = board->keys.count;
    const size_t number = lookup_number(&board->keys, &key, sizeof key);
    board->values = memory_grow(board->values, &board->capacity, number + 1, sizeof *board->values);
    if (number < before && board->values[number] == value)
        return;
    board->values[number] = value;
    board->changed = true;
}

bool board_find(const struct board *board, const char *configuration, int64_t epoch, double *value)
{
    const struct board_key key = key_of(configuration, epoch);
    const size_t number = lookup_find(&board->keys, &key, sizeof key);
    if (number == SIZE_MAX)
        return false;
    *value = board->values[number];
    return true;
}

/* --- Files --------------------------------------------------------------------------------- */

bool board_write(struct board *board, const char *path, const char *sweep, struct error *error)
{
    struct output output;
    if (!output_open(&output, path, true, error))
        return false;
    fprintf(output.file, TITLE " %s\n", sweep);
    for (size_t i = 0; i < board->keys.count; i++) {
        struct board_key key;
        char value[TEXT_NUMBER];
        memcpy(&key, board->keys.text + board->keys.keys[i].at, sizeof key);
        fprintf(output.file, "%s %" PRId64 " %s\n", key.configuration, key.epoch,
                isfinite(board->values[i]) ? text_from_real(value, board->values[i]) : NO_VALUE);
    }
    if (!output_commit(&output, error))
        return false;
    board->changed = false;
    return true;
}

static bool is_line(const char *line, char key[static DIGEST_TEXT], int64_t *epoch, double *value)
{
    char number[TEXT_NUMBER];
    int length = 0;
    if (sscanf(line, "%32s %" SCNd64 " %31s%n", key, epoch, number, &length) != 3 ||
        line[length] != '\0' || strlen(key) != DIGEST_TEXT - 1 || *epoch < 0)
        return false;
    *value = INFINITY;
    return strcmp(number, NO_VALUE) == 0 || (text_to_real(number, value) && isfinite(*value));
}

static bool refuse(const char *path, size_t number, const char *line, struct error *error)
{
    return error_failed(error,
                        "%s:%zu: '%.60s' is not a line of a shard's values at rungs (the key of a "
                        "configuration, an epoch and a value); remove the file, and run that shard "
                        "again",
                        path, number, text_shown(line));
}

static bool read_lines(struct board *board, const char *path, const char *sweep, FILE *file,
                       struct error *error)
{
    char *line = NULL, first[sizeof TITLE + DIGEST_TEXT];
    size_t capacity = 0, number = 0;
    bool done = true, same = true;
    snprintf(first, sizeof first, TITLE " %s", sweep);
    for (ssize_t length; done && same && (length = getline(&line, &capacity, file)) >= 0;) {
        char key[DIGEST_TEXT];
        int64_t epoch;
        double value;
        if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (number++ == 0) {
            done = strncmp(line, TITLE " ", strlen(TITLE " ")) == 0 ||
                   refuse(path, number, line, error);
            same = strcmp(line, first) == 0;
        } else if (is_line(line, key, &epoch, &value)) {
            board_add(board, key, epoch, value);
        } else {
            done = refuse(path, number, line, error);
        }
    }
    memory_free(line);
    return done;
}

bool board_read(struct board *board, const char *path, const char *sweep, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT || error_failed(error, "%s: %s", path, strerror(errno));
    bool done = read_lines(board, path, sweep, file, error);
    fclose(file);
    return done;
}
