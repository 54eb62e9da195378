/* SPDX-License-Identifier: MIT
 *
 * An archive of NumPy, .npz: a zip whose members are arrays, NAME.npy (np.savez,
 * np.savez_compressed). X is the array of that name or the only one of two dimensions; y is the one
 * that the label names, the array y, or the only one of one dimension. What is not clear is asked.
 *
 * A member becomes an input of its own, which is read like a file.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "data/formats/npy/format_npy.h"
#include "data/formats/npy/npy_array.h"

#include <string.h>

enum { HEAD = 4096 }; /* bytes of a member in which its header is looked for */

static const char ending[] = ".npy";

/* An archive, and what its members are. */
struct npz {
    struct zip zip;
    int *dimensions; /* (zip.count); -1: it is no array that can be told */
    const struct zip_member *X, *y;
};

/* Is this the member of the array `name`, with or without its ending? */
static bool is_called(const struct zip_member *member, const char *name)
{
    size_t length = strlen(member->name) - (zip_member_ends(member, ending) ? strlen(ending) : 0);
    size_t own = strlen(name);
    if (own > strlen(ending) && strcmp(name + own - strlen(ending), ending) == 0)
        own -= strlen(ending);
    return length == own && strncmp(member->name, name, own) == 0;
}

static const struct zip_member *member_called(const struct npz *npz, const char *name)
{
    for (size_t i = 0; i < npz->zip.count; i++)
        if (is_called(&npz->zip.members[i], name))
            return &npz->zip.members[i];
    return NULL;
}

/* The only member with so many dimensions, or NULL; `other` does not count. */
static const struct zip_member *member_only(const struct npz *npz, int dimensions,
                                            const struct zip_member *other)
{
    const struct zip_member *found = NULL;
    for (size_t i = 0; i < npz->zip.count; i++) {
        const struct zip_member *member = &npz->zip.members[i];
        if (npz->dimensions[i] != dimensions || member == other)
            continue;
        if (found != NULL)
            return NULL;
        found = member;
    }
    return found;
}

static void dimensions_find(struct npz *npz)
{
    npz->dimensions = memory_allocate(npz->zip.count, sizeof *npz->dimensions);
    for (size_t i = 0; i < npz->zip.count; i++) {
        char head[HEAD + INPUT_PADDING] = {0};
        struct npy_array array;
        struct error unused = {.kind = ERROR_NONE};
        struct input input = {.path = npz->zip.path, .bytes = head};
        input.size = zip_head(&npz->zip.members[i], head, HEAD);
        npz->dimensions[i] = npy_array_open(&array, &input, &unused) ? array.dimensions : -1;
    }
}

/* The names of the arrays, "a (2-d), b (1-d)". */
static char *arrays_text(const struct npz *npz)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < npz->zip.count; i++) {
        const char *name = npz->zip.members[i].name;
        size_t length = strlen(name) - (zip_member_ends(&npz->zip.members[i], ending) ? 4 : 0);
        fprintf(out, "%s%.*s", i == 0 ? "" : ", ", length < 40 ? (int)length : 40, name);
        if (npz->dimensions[i] >= 0)
            fprintf(out, " (%d-d)", npz->dimensions[i]);
    }
    return memory_stream_close(&stream);
}

static bool refuse(const struct npz *npz, const char *what, struct error *error)
{
    char *arrays = arrays_text(npz);
    error_usage(error, "%s: %s; it has %.600s", npz->zip.path, what, arrays);
    memory_free(arrays);
    return false;
}

static bool labels_choose(struct npz *npz, const struct source *source, struct error *error)
{
    if (source->label != NULL && strcmp(source->label, "none") == 0)
        return true;
    if (source->label != NULL) {
        npz->y = member_called(npz, source->label);
        return npz->y != NULL || refuse(npz, "no array in it is called as the label is", error);
    }
    npz->y = member_called(npz, "y");
    if (npz->y == NULL)
        npz->y = member_only(npz, 1, npz->X);
    return npz->y != NULL || source->wanted != NULL ||
           refuse(npz,
                  "which array has the labels? None is called y, and not one alone has one "
                  "dimension: name it with --label NAME (label: NAME), or --label none",
                  error);
}

static bool arrays_choose(struct npz *npz, const struct source *source, struct error *error)
{
    if (member_called(npz, "indptr") != NULL && member_called(npz, "indices") != NULL)
        return error_usage(error,
                           "%s: this is a sparse matrix of SciPy; save it as LIBSVM: "
                           "sklearn.datasets.dump_svmlight_file(scipy.sparse.load_npz(FILE), y, "
                           "'data.libsvm', zero_based=False)",
                           npz->zip.path);
    dimensions_find(npz);
    npz->X = member_called(npz, "X");
    if (npz->X == NULL)
        npz->X =
            member_only(npz, 2, source->label != NULL ? member_called(npz, source->label) : NULL);
    if (npz->X == NULL)
        return refuse(npz,
                      "which array has the features? None is called X, and not one alone has two "
                      "dimensions: np.savez(FILE, X=X, y=y)",
                      error);
    return labels_choose(npz, source, error);
}

/* Unpacks a member on every rank. */
static bool member_open(struct input *input, const struct input *archive, const struct npz *npz,
                        const struct zip_member *member, const struct share *share,
                        struct error *error)
{
    bool opened = input_open_member(input, archive, &npz->zip, member, error);
    if (share_agree(share->ranks, opened, error))
        return true;
    input_close(input);
    return false;
}

static struct dataset *arrays_read(const struct input *archive, const struct npz *npz,
                                   struct share *share, int threads, struct error *error)
{
    struct input X, y;
    if (!member_open(&X, archive, npz, npz->X, share, error))
        return NULL;
    struct dataset *data = npy_features_read(&X, share, threads, error);
    input_close(&X);
    if (data == NULL)
        return NULL;
    bool sound = npz->y == NULL;
    if (!sound && member_open(&y, archive, npz, npz->y, share, error)) {
        sound = npy_labels_read(data, &y, share, error);
        input_close(&y);
    }
    return npy_checked(data, sound, archive->path, share, threads, error);
}

struct dataset *npz_read(struct input *input, const struct source *source, struct share *share,
                         int threads, struct error *error)
{
    struct npz npz = {.dimensions = NULL};
    struct dataset *data = NULL;
    bool sound = zip_open(&npz.zip, input->path, input->bytes, input->size, error) &&
                 arrays_choose(&npz, source, error);
    if (share_agree(share->ranks, sound, error))
        data = arrays_read(input, &npz, share, threads, error);
    memory_free(npz.dimensions);
    zip_close(&npz.zip);
    return data;
}
