/* SPDX-License-Identifier: MIT
 *
 * What the parts of the sweep file's reader share: sweep_file_read.c (the top level),
 * sweep_file_reading.c (messages, keys and single values), sweep_file_runs.c,
 * sweep_file_axes.c (hyper-parameters), sweep_file_zip.c (those that go together),
 * sweep_file_when.c (those that hold under conditions), sweep_file_zoom.c (grids around the best),
 * sweep_file_targets.c (gaps that its answer is about),
 * sweep_file_programs.c (other programs that train),
 * sweep_file_data.c (data sets), sweep_file_attributes.c (what is said of them) and
 * sweep_file_text.c (the text itself).
 */
#ifndef DESCENT_SWEEP_FILE_SWEEP_FILE_READING_H
#define DESCENT_SWEEP_FILE_SWEEP_FILE_READING_H

#include "sweep/file/sweep_file.h"
#include "sweep/file/yaml.h"

/* Reading in progress: the file that is being filled in, and where to say what is wrong. */
struct reading {
    struct sweep_file *file;
    size_t *values;  /* that all axes of all runs have, so far */
    size_t *zips;    /* numbers of axes that go together, given out so far */
    size_t *clauses; /* likewise of entries of `when` */
    struct error *error;
};

/* A list of axes that grows. */
struct axes {
    size_t count, capacity;
    struct axis *items; /* (count) */
};

/* The names that may stand at one place of the file. */
enum { NAMES_MAX = 128 };
struct names {
    size_t count;
    const char *items[NAMES_MAX];
};
void names_add(struct names *names, const char *name);

/* --- sweep_file_text.c --- */

/* All of a file as text; NULL on error. Free with memory_free(). */
char *sweep_text_read(const char *path, struct error *error);

/* False, with its place, when a byte is not part of UTF-8 text or is a control character, or a line
 * is indented by a tab. */
bool sweep_text_check(const char *path, const char *text, struct error *error);

/* The comment that opens a text, without # signs; free with memory_free(). */
char *sweep_text_question(const char *text);

/* The name of a file without folders and without .yaml or .yml; free with memory_free(). */
char *sweep_text_name(const char *path);

/* --- sweep_file_reading.c --- */

/* error_at() with the offending line. */
bool reading_error(const struct reading *reading, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Is every key of a mapping among those allowed? If not: "unknown key 'x' in a run; did you mean
 * 'y'? allowed: ...", where `where` is "in a run". */
bool reading_check_keys(const struct reading *reading, const struct yaml_node *mapping,
                        const char *where, const struct names *allowed);

/* False, with a message naming what was expected, when a node is of another kind
 * or an empty text. */
bool reading_expect(const struct reading *reading, const struct yaml_node *node,
                    enum yaml_kind kind, const char *name, const char *expected);

/* False, with a message, when a text is to be a number and its tag makes it a string. */
bool reading_expect_number(const struct reading *reading, const struct yaml_node *node,
                           const char *name);

/* Reads a value of any setting: a text that is not empty, checked as its row says. */
bool reading_value(const struct reading *reading, const struct setting *row,
                   const struct yaml_node *node, struct value *value);

/* Counts values of axes; false, with a message, when there are too many to be held. */
bool reading_count_values(const struct reading *reading, struct place place, size_t count);

/* --- sweep_file_axes.c --- */

/* Reads `node`, the value of the hyper-parameter `row`, and appends an axis. */
bool reading_axis(const struct reading *reading, const struct hyperparameter *row,
                  const struct yaml_node *node, struct axes *axes);

/* Reads the mapping of the hyper-parameters in a section ("stop"). */
bool reading_section(const struct reading *reading, const char *section,
                     const struct yaml_node *node, struct axes *axes);

/* Adds the names of the hyper-parameters in a section (NULL: of the top level). */
void names_add_hyperparameters(struct names *names, const char *section);

/* The hyper-parameter of that name in that section, or NULL. */
const struct hyperparameter *hyperparameter_in_section(const char *name, const char *section);

/* --- sweep_file_runs.c --- */

/* Appends an axis for every hyper-parameter, and those of `stop`, that a mapping gives. */
bool reading_axes(const struct reading *reading, const struct yaml_node *mapping,
                  struct axes *axes);
void axes_clear(struct axes *axes);

/* Reads `runs` into file->runs, with what the top level gives; without it, that is the one run. */
bool reading_runs(const struct reading *reading, const struct yaml_node *root);

/* Does any combination of the run's solvers and schedules look at this hyper-parameter? If not, it
 * can be refused. */
bool reading_is_used(const struct run *run, const struct hyperparameter *row);
bool reading_refuse_unused(const struct reading *reading, const struct run *run,
                           const struct axis *axis);

/* --- sweep_file_environment.c --- */

/* Reads a mapping of variables, and keeps it in the file. */
bool reading_environment(const struct reading *reading, const struct yaml_node *node,
                         struct value *value);

/* --- sweep_file_programs.c --- */

/* Reads `programs` into file->programs, before the runs; NULL: there are none. */
bool reading_programs(const struct reading *reading, const struct yaml_node *node);

/* How many runs an entry of `runs` is: one for each of its programs, and else one. */
size_t reading_count_programs(const struct yaml_node *run);

/* The keys of a run of a program that are not its own parameters. Free keys and items, not what
 * they point to. */
struct yaml_node reading_common_keys(const struct yaml_node *run);

/* Reads what makes a run one of its program number `index`: `own`, and the axes that follow. */
bool reading_program_run(const struct reading *reading, const struct yaml_node *run, size_t index,
                         struct program_run *own, struct axes *axes);

/* Refuses what programs cannot do, once the rest of the file is read. */
bool reading_check_programs(const struct reading *reading, const struct yaml_node *root);

/* --- sweep_file_zip.c --- */

/* Reads `zip`, a mapping of axes that go together or a list of such mappings, and appends them. */
bool reading_zip(const struct reading *reading, const struct yaml_node *node, struct axes *axes);

/* --- sweep_file_when.c --- */

/* A list of entries of `when` that grows. */
struct clauses {
    size_t count, capacity;
    struct clause *items; /* (count) */
};

/* Reads `when`, an entry or a list of them, of a run or of the top level; NULL: there are none. */
bool reading_when(const struct reading *reading, const struct yaml_node *node,
                  struct clauses *clauses);
void clauses_clear(struct clauses *clauses);

/* Refuses a condition of a run on what a later entry gives. */
bool reading_check_order(const struct reading *reading, const struct run *run);

/* Refuses an entry that none of these runs (count), whose parts are known, makes sense of: on an
 * axis that is not given, on values that do not occur, with axes that are not used. */
bool reading_check_when(const struct reading *reading, const struct clauses *clauses,
                        const struct run *runs, size_t count);

/* --- sweep_file_zoom.c --- */

/* Reads `zoom` into file->zoom, once the runs are known; NULL: there is none. */
bool reading_zoom(const struct reading *reading, const struct yaml_node *node);

/* --- sweep_file_targets.c --- */

/* Reads `targets` into file->targets; NULL: there are none. */
bool reading_targets(const struct reading *reading, const struct yaml_node *node);

/* --- sweep_file_halving.c --- */

/* Refuses what `method: halving` cannot do, once the rest of the file is read. */
bool reading_halving(const struct reading *reading, const struct yaml_node *root);

/* --- sweep_file_data.c --- */

/* Reads `data`, a value of `root`, into file->sources. */
bool reading_data(const struct reading *reading, const struct yaml_node *node,
                  const struct yaml_node *root);

/* The rows that all is trained on, where they are known without reading a file: one generated set
 * from which none are held out. `mapping`: of a run, or the top level while data are not read. 0:
 * they are not known. */
double reading_rows(const struct reading *reading, const struct yaml_node *mapping);

/* --- sweep_file_attributes.c --- */

/* The variants of one entry of `data`: for each attribute a value or a list, or NULL. */
enum { ATTRIBUTES_MAX = 48 };
struct variants {
    size_t count;                                   /* the product of the lists' lengths */
    const struct yaml_node *values[ATTRIBUTES_MAX]; /* in the order of source_attributes[] */
};

/* Adds the names of the attributes of data that are about any of these: ATTRIBUTE_... */
void names_add_attributes(struct names *names, unsigned about);

/* Finds the values that stand beside the entry or else, of preparations, at the top level. */
bool reading_variants(const struct reading *reading, const struct yaml_node *entry,
                      const struct yaml_node *root, struct variants *variants);

/* Sets the attributes of variant `index`. */
bool variants_set(const struct reading *reading, const struct variants *variants, size_t index,
                  struct source *source);

/* Refuses an attribute in a mapping that none of the sources from `first` on looks at. */
bool variants_check(const struct reading *reading, const struct yaml_node *mapping, size_t first);

#endif
