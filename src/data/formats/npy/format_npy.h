/* SPDX-License-Identifier: MIT
 *
 * A pair of NumPy files: X.npy, features (n, d), and y.npy, labels (n) or (n, 1).
 *
 *   - X and y are floats, integers or bools of any size up to 64 bits, in either byte order, X in C
 *     or in Fortran order; whole numbers that no double is are refused. The smaller of the two
 *     labels is 0.
 *   - NaN in X is a missing value; infinities are refused.
 *   - Where labels are: in the file that the source's label names, or else in the one whose name is
 *     that of X with the last X in it become y: train_X.npy and train_y.npy. None: "none".
 *
 * Both may be members of one archive, .npz (npz.c).
 *
 * Little-endian float64 in C order is not read but mapped: a set may be larger than memory, and
 * each pass then streams it from disk. So is float32, where training reads it so (precision) and
 * nothing is to change its numbers. All else becomes float64 in memory. format_npy.c reads,
 * format_npy_write.c writes, npy_array.c knows the file format.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_NPY_H
#define DESCENT_DATA_FORMATS_FORMAT_NPY_H

#include "data/formats/format.h"

extern const struct format format_npy;

/* "folder/train_y.npy" for "folder/train_X.npy"; NULL, with an error, for a name without X. Free
 * with memory_free(). */
char *npy_labels_path(const char *path, struct error *error);

/* The rows of X that are this rank's, without labels, and the labels of a set that has none yet;
 * NULL or false on error. All ranks call them together. */
struct dataset *npy_features_read(struct input *input, const struct source *source,
                                  struct share *share, int threads, struct error *error);
bool npy_labels_read(struct dataset *data, struct input *input, struct share *share,
                     struct error *error);

/* What was read of `path` so far, if it is `sound` and no feature is infinite; otherwise it is
 * freed, and NULL. Where values are missing, the set has a table (columns.h). */
struct dataset *npy_checked(struct dataset *data, bool sound, const char *path,
                            const struct share *share, int threads, struct error *error);

/* Reads an archive of arrays. */
struct dataset *npz_read(struct input *input, const struct source *source, struct share *share,
                         int threads, struct error *error);

/* Write X, and y; see struct format. */
void npy_write(const struct dataset *data, struct format_writing how, FILE *file);
void npy_write_labels(const struct dataset *data, FILE *file);

#endif
