/* SPDX-License-Identifier: MIT
 *
 * Sources as texts.
 */
#ifndef DESCENT_DATA_SOURCES_SOURCE_TEXT_H
#define DESCENT_DATA_SOURCES_SOURCE_TEXT_H

#include "data/sources/attributes.h"

/* Reads an operand of the command line: the path of a file ("-": standard input), or a generator
 * with settings, "pets", "blobs:rows=1000,features=5,seed=1". What stands before the first colon,
 * or alone, is a generator if one has that name; a file of that name is reached as "./pets". False,
 * with an error, when a setting is wrong, or when the text is no generator and could only be meant
 * as one. On success free with source_clear(). */
bool source_parse(struct source *source, const char *text, struct error *error);

/* The same in a sweep file, where relative paths are taken from `folder` ("": the working
 * directory). */
bool source_parse_in(struct source *source, const char *text, const char *folder,
                     struct error *error);

/* Says of which file a source is: its path as written, taken from `folder`. "-" and absolute paths
 * are what they are. */
void source_set_path(struct source *source, const char *path, const char *folder);

/* How a source is shown and recorded: "folder/pets.csv", "folder/pets.csv (label species)",
 * "-" with "(format libsvm, first_index 0)"; a generator with the settings that differ from its
 * own, as source_parse() reads them: "pets", "blobs:rows=100000,seed=3". Then how it is prepared:
 * "pets (scale standard, split 0.2)". Never NULL; free with memory_free(). */
char *source_describe(const struct source *source);

/* What a description says of an attribute ("scale": "standard"), or its default: false, nothing is
 * said of it. `rest`, unless NULL, becomes the description without it, to be freed
 * with memory_free(): what sets have in common that differ in nothing else. A path that itself ends
 * as such a description does is taken for one. */
bool source_described(const char *description, const struct source_attribute *attribute,
                      char value[static TEXT_NUMBER], char **rest);

/* A description without what changes the features alone: sets of which this is the same hold the
 * same rows out, so that their losses on them can be compared. Free with memory_free(). */
char *source_described_rows(const char *description);

/* Frees what the source owns, not the source itself. */
void source_clear(struct source *source);

#endif
