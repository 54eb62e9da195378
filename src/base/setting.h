/* SPDX-License-Identifier: MIT
 *
 * Settings: what a user may give by name and as text. Hyper-parameters, keys of sweep files,
 * attributes of data and settings of generators are all rows of this kind, each table with columns
 * of its own beside it:
 *
 *     struct hyperparameter {
 *         SETTING_ROW;
 *         unsigned needs;
 *         ...
 *     };
 *
 * A row says which field of which struct it is, its type, its bounds and its default. From that
 * alone text is read and checked, refused with what is allowed and the nearest name, and written
 * back. Every field is an int64_t (or another 64-bit integer that is never negative), a double, a
 * row of a table, or a text that the struct owns.
 */
#ifndef DESCENT_BASE_SETTING_H
#define DESCENT_BASE_SETTING_H

#include "base/table.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LARGEST_INTEGER 9007199254740992.0 /* 2^53: exact as a double, in JSON too */

enum setting_type { TYPE_REAL, TYPE_INTEGER, TYPE_CHOICE, TYPE_TEXT };

struct value {
    union {
        double real;
        int64_t integer;
        const struct entry *choice;
        const char *text;
    };
};

#define SETTING_COLUMNS                                                                            \
    struct entry entry; /* name as in sweep files, and help */                                     \
    enum setting_type type;                                                                        \
    size_t offset;                     /* of the field in the struct that it is set in */          \
    double minimum, maximum;           /* of a number */                                           \
    bool above_minimum, below_maximum; /* the bound itself is not allowed */                       \
    const struct table *choices;       /* of a choice */                                           \
    const char *fallback;              /* the default, as text or in words; or NULL   */           \
    const char *keyword;               /* a word allowed in place of a number, or NULL */          \
    double (*keyword_value)(void);     /* what it stands for */                                    \
    double (*fallback_value)(void);    /* the default, where `fallback` is words for it */         \
    const char *unit;                  /* that may follow a real number, or NULL */

struct setting {
    SETTING_COLUMNS
};

/* What the struct of a table with columns of its own begins with: its rows are written and read by
 * the names above, and `&row->setting` is the row as a setting. */
#define SETTING_ROW                                                                                \
    union {                                                                                        \
        struct {                                                                                   \
            SETTING_COLUMNS                                                                        \
        };                                                                                         \
        struct setting setting;                                                                    \
    }

/* What may be given, for a message: "a number > 0", "one of none, once, epoch". Returns `text`. */
char *setting_allowed(const struct setting *row, char *text, size_t size);

/* Reads and checks a value, which of a text is the text itself; a choice between yes and no may be
 * written as any boolean of YAML. On failure writes why to `reason`
 * (what it was, what is allowed, the nearest name) and returns false. */
bool setting_parse(const struct setting *row, const char *text, struct value *value, char *reason,
                   size_t size);

/* The same for a number computed from a range or drawn at random; integers are rounded first. */
bool setting_from_real(const struct setting *row, double number, struct value *value, char *reason,
                       size_t size);

/* The default; all zero where there is none, and of a text, whose default is told in words. */
struct value setting_fallback(const struct setting *row);

/* The field of `owner`, which is the struct that the row is of. A text that is set is copied, in
 * place of the one before. */
struct value setting_get(const struct setting *row, const void *owner);
void setting_set(const struct setting *row, void *owner, struct value value);

/* Is the value what the row's keyword stands for: no limit ("never"), or none of its own ("auto")?
 * Only of real numbers: the keyword of an integer is read as a number. */
bool setting_is_keyword(const struct setting *row, struct value value);

bool setting_equal(const struct setting *row, struct value a, struct value b);

/* A value as a number, by which values are put in order: a choice is its place in its table, and in
 * an open one its number (base/words.h). */
double setting_number(const struct setting *row, struct value value);

/* A value as text that setting_parse() reads back to the same bits, perhaps in `number`; NULL is a
 * choice or a text that is not given. */
const char *setting_text(const struct setting *row, struct value value,
                         char number[static TEXT_NUMBER]);

#endif
