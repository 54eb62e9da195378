/* SPDX-License-Identifier: MIT
 *
 * Families of data sets: those that differ in their rows alone, between which weak scaling may be
 * told. A set that was generated is known by its description, "blobs:rows=500,features=5 (scale
 * standard)", and its family is that without the rows; a file is a family of its own, whatever else
 * has as many features.
 */
#ifndef DESCENT_REPORT_SCALING_DATA_FAMILY_H
#define DESCENT_REPORT_SCALING_DATA_FAMILY_H

/* The family of a data set by its description (data/source.h) and the digest of its content: equal
 * texts are one family. Free with memory_free(). */
char *data_family(const char *description, const char *digest);

#endif
