/* SPDX-License-Identifier: MIT
 *
 * Subcommands: one file and one row each. A command declares its options as rows; parsing, --help,
 * the messages for unknown options and values, completion and the manual are written once.
 */
#ifndef DESCENT_COMMANDS_PARSING_COMMAND_H
#define DESCENT_COMMANDS_PARSING_COMMAND_H

#include "base/error.h"
#include "base/parallel/ranks.h"
#include "base/table.h"
#include "data/source.h"
#include "data/sources/attributes.h"
#include "solvers/hyperparameter.h"

#include <stdbool.h>
#include <stddef.h>

/* One option of a command. Its value is stored as text; a flag's text is "yes" when given. */
struct option_row {
    struct entry entry;          /* name without dashes, and help */
    const char *argument;        /* what to call its value in --help, or NULL: a flag */
    const char *fallback;        /* default as text, or NULL: none */
    const struct table *choices; /* its value is the name of a row, which is checked; or NULL */
};

/* What an option comes from: the rows of the command, or a table that it takes options from. */
enum option_origin {
    OPTION_ATTRIBUTE,
    OPTION_SETTING,
    OPTION_OWN,
    OPTION_HELP,
    OPTION_HYPERPARAMETER
};

/* An option of a command, whichever table it comes from: what the parser, --help, the pages of the
 * manual and the completion of shells see of it. */
enum { OPTION_NAME = 64 };
struct command_option {
    enum option_origin origin;
    size_t index;                           /* of its row in that table */
    char name[OPTION_NAME];                 /* as on the command line, without dashes */
    const char *argument, *help, *fallback; /* as in struct option_row */
    const struct table *choices;            /* the names that it may have as its value, or NULL */
    const char *keyword;                    /* a word in place of a number, or NULL */
};

/* What the command line said. */
struct arguments {
    size_t count;
    const char **operands; /* (count): what is not an option, in order */
    const struct command *command;
    const char **values; /* one for each row of command->options: text or NULL */
    struct configuration
        configuration;       /* from hyper-parameter options, when the command has them */
    bool *given;             /* (hyperparameter_count): which of them were given */
    const char **attributes; /* (source_attribute_count): texts given for them, or NULL */
    char **lists;            /* (source_attribute_count): those of them that were joined, or NULL */
    const char **settings;   /* (generator_settings_count): likewise */
    struct ranks *ranks;     /* the job that this process is of, or NULL: it is alone */
};

struct command {
    struct entry entry;
    const char *operands;             /* for --help: "DATA", "FILE [...]", "" */
    size_t operand_min, operand_max;  /* how many of them */
    const struct table *words;        /* that may stand for an operand, or NULL */
    bool only_words;                  /* operands are never files */
    const struct option_row *options; /* (option_count) */
    size_t option_count;
    bool hyperparameters; /* also takes every row of hyperparameters[] as an option */
    bool distributes;     /* several processes may run it together (distribution.h) */
    bool settings;        /* also takes rows of generator_settings_table[], if no attribute's */
    unsigned attributes;  /* also takes rows of source_attributes[]: those about ATTRIBUTE_... */
    const char *details;  /* more for --help, or NULL: examples */
    bool (*run)(const struct arguments *arguments, struct error *error);
};

extern const struct table command_table;

/* The option of every command that writes CSV. */
#define SAFE_CELLS "safe-cells"
#define SAFE_CELLS_OPTION                                                                          \
    {                                                                                              \
        .entry = {                                                                                 \
            SAFE_CELLS,                                                                            \
            "put a ' before texts that a spreadsheet would run as formulas (CSV)"                  \
        }                                                                                          \
    }

/* The option of every command that trains, and may measure how first. */
#define NO_TUNING "no-tuning"
#define NO_TUNING_OPTION                                                                           \
    {                                                                                              \
        .entry = {                                                                                 \
            NO_TUNING,                                                                             \
            "run every kernel in its first variant, whatever `descent tune` found"                 \
        }                                                                                          \
    }

/* Options of commands that run a sweep or look at one; `help_` says what the folder is for. */
#define EXECUTION_OPTION                                                                           \
    {                                                                                              \
        .entry = {"execution", "how trials are run, instead of what the file says"},               \
        .argument = "NAME", .choices = &execution_table                                            \
    }
#define RESULTS_OPTION(help_)                                                                      \
    {                                                                                              \
        .entry = {"results", help_}, .argument = "DIR", .fallback = "results"                      \
    }

/* An option's name on the command line: gradient_norm is --gradient-norm. An attribute's is its
 * own, or --data-NAME where the command has an option of that name itself. */
void option_name(const char *name, char text[static OPTION_NAME]);
void attribute_option(const struct command *command, const struct source_attribute *attribute,
                      char text[static OPTION_NAME]);

/* The option of a command that a key of sweep files would be. */
void option_for_key(const struct command *command, const char *key, char text[static OPTION_NAME]);

/* error_usage() for a value of the option `name`, which is `key` in sweep files: with `reason`, or
 * with what the value of another program is here. */
bool option_refuse_value(const char *name, const char *key, const char *value, const char *reason,
                         struct error *error);

/* All options of a command (count): those about data, its own, --help, hyper-parameters. Free with
 * memory_free(). */
struct command_option *command_options(const struct command *command, size_t *count);

/* For commands that print either; and the second of them. */
extern const struct table text_or_json_table;
extern const struct entry format_json;

/* The text given for an option (or its default); NULL when neither. The name must be a row. */
const char *arguments_value(const struct arguments *arguments, const char *name);
bool arguments_flag(const struct arguments *arguments, const char *name);

/* The row that the value of an option with choices names; NULL when there is no value. */
const struct entry *arguments_choice(const struct arguments *arguments, const char *name);

/* The whole number from `least` to `most` that an option gives; *value stays as it is where there
 * is neither a text nor a default. */
bool arguments_integer(const struct arguments *arguments, const char *name, int64_t least,
                       int64_t most, int64_t *value, struct error *error);

/* The per cent from `least` to 1000 that an option gives, "2", "2%" or "2 %", as a share: 0.02;
 * likewise *share stays as it is. */
bool arguments_per_cent(const struct arguments *arguments, const char *name, double least,
                        double *share, struct error *error);

/* The sweep file that the first operand names, with the --execution given, and where that is
 * `placed`, the placement recorded in --results; both must be rows of the command's options. Before
 * any parallel region, for it looks at what BLAS does with threads. NULL on error; free with
 * sweep_file_free(). */
struct sweep_file *arguments_sweep_file(const struct arguments *arguments, struct error *error);

/* The data set that operand `index` names, with the attributes that options give. On success free
 * with source_clear(). */
bool arguments_source(const struct arguments *arguments, size_t index, struct source *source,
                      struct error *error);

/* The same of a text, as an option may give it. */
bool arguments_source_named(const struct arguments *arguments, const char *text,
                            struct source *source, struct error *error);

/* The value that argv[1..] gives for one of a command's options, as arguments_parse() would take
 * it: abbreviated or not, and the last of several; "" where it is missing. NULL: not given. */
const char *arguments_written(const struct command *command, int argc, char **argv,
                              const char *name);

/* Parses argv[1..] (argv[0] is the command's name). False on an error, or with no error set when
 * --help was printed. */
bool arguments_parse(const struct command *command, int argc, char **argv,
                     struct arguments *arguments, struct error *error);
void arguments_clear(struct arguments *arguments);

void command_print_help(const struct command *command);

/* What stands between the name of a command and its operands: nothing where it takes none. */
const char *command_operands_blank(const struct command *command);

/* Calls `print` for each command in turn. */
void commands_print(void (*print)(const struct command *command, FILE *out), FILE *out);

#endif
