/* SPDX-License-Identifier: MIT
 *
 * An archive of NumPy, .npz: a zip whose members are arrays, NAME.npy (np.savez,
 * np.savez_compressed). Two arrays are a pair when their names differ in one letter, x in one and y
 * in the other: x_train and y_train. The arrays are, of these the first that there are:
 *
 *     X    what `array` names; the other of the pair of what `label` names; X; the only array of
 * two dimensions; x of the only pair, or of the only pair that is called train y    what `label`
 * names; the other of the pair of X; y; the only array of one dimension
 *
 * What is not clear is asked, and of several pairs it is said which is read.
 *
 * A member becomes an input of its own, which is read like a file.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "data/formats/npy/format_npy.h"
#include "data/formats/npy/npy_array.h"

#include <ctype.h>
#include <string.h>

enum { HEAD = 4096 }; /* bytes of a member in which its header is looked for */

static const char ending[] = ".npy";

/* An archive, and what its members are. */
struct npz {
    struct zip zip;
    struct npy_array
        *arrays; /* (zip.count) heads; dimensions -1: it is no array that can be told */
    const struct zip_member *X, *y;
    bool one_of_several; /* X was taken for the name of its pair */
};

/* Of the name of its array. */
static size_t name_length(const struct zip_member *member)
{
    return strlen(member->name) - (zip_member_ends(member, ending) ? strlen(ending) : 0);
}

/* Is this the member of the array `name`, with or without its ending? */
static bool is_called(const struct zip_member *member, const char *name)
{
    size_t length = name_length(member);
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
        if (npz->arrays[i].dimensions != dimensions || member == other)
            continue;
        if (found != NULL)
            return NULL;
        found = member;
    }
    return found;
}

static void heads_read(struct npz *npz)
{
    npz->arrays = memory_allocate(npz->zip.count, sizeof *npz->arrays);
    for (size_t i = 0; i < npz->zip.count; i++) {
        char head[HEAD + INPUT_PADDING] = {0};
        struct error unused = {.kind = ERROR_NONE};
        struct input input = {.path = npz->zip.path, .bytes = head};
        input.size = zip_head(&npz->zip.members[i], head, HEAD);
        if (!npy_array_open(&npz->arrays[i], &input, &unused))
            npz->arrays[i].dimensions = -1;
    }
}

/* " (60000, 28, ...)" */
static void shape_write(const struct npy_array *array, FILE *out)
{
    fputs(" (", out);
    for (int k = 0; k < array->dimensions && k < NPY_DIMENSIONS; k++)
        fprintf(out, "%s%zu", k > 0 ? ", " : "", array->shape[k]);
    fputs(array->dimensions > NPY_DIMENSIONS ? ", ...)" : array->dimensions == 1 ? ",)" : ")", out);
}

/* The names of the arrays with their shapes, "a (150, 4), b (150,)". */
static char *arrays_text(const struct npz *npz)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < npz->zip.count; i++) {
        const char *name = npz->zip.members[i].name;
        size_t length = name_length(&npz->zip.members[i]);
        fprintf(out, "%s%.*s", i == 0 ? "" : ", ", length < 40 ? (int)length : 40, name);
        if (npz->arrays[i].dimensions >= 0)
            shape_write(&npz->arrays[i], out);
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

/* --- Pairs ----------------------------------------------------------------------------------- */

/* The array of that name with the letter `other` in place of letter i: in the same case first. */
static const struct zip_member *letter_replaced(const struct npz *npz, char *name, size_t i,
                                                char other)
{
    char letter = name[i], large = (char)toupper(other);
    bool is_small = islower((unsigned char)letter) != 0;
    name[i] = is_small ? other : large;
    const struct zip_member *found = member_called(npz, name);
    name[i] = is_small ? large : other;
    if (found == NULL)
        found = member_called(npz, name);
    name[i] = letter;
    return found;
}

/* The other of a pair: the array whose name has the letter `other`, in either case, for the last
 * letter `own` that gives the name of one; NULL: there is none. */
static const struct zip_member *pair_find(const struct npz *npz, const struct zip_member *member,
                                          char own, char other)
{
    char *name = memory_copy_text(member->name);
    const struct zip_member *found = NULL;
    for (size_t i = name_length(member); found == NULL && i-- > 0;)
        if (tolower((unsigned char)name[i]) == own)
            found = letter_replaced(npz, name, i, other);
    memory_free(name);
    return found;
}

/* X of the only pair, or of the only one that is called train; NULL: there are none, or more. */
static const struct zip_member *features_of_pairs(struct npz *npz)
{
    const struct zip_member *any = NULL, *train = NULL;
    size_t pairs = 0, trains = 0;
    for (size_t i = 0; i < npz->zip.count; i++) {
        const struct zip_member *member = &npz->zip.members[i];
        if (npz->arrays[i].dimensions < 2 || pair_find(npz, member, 'x', 'y') == NULL)
            continue;
        any = member;
        pairs++;
        if (strcasestr(member->name, "train") == NULL)
            continue;
        train = member;
        trains++;
    }
    npz->one_of_several = pairs > 1;
    return pairs == 1 ? any : trains == 1 ? train : NULL;
}

/* --- The choice ------------------------------------------------------------------------------ */

static bool is_unlabelled(const struct source *source)
{
    return source->label != NULL && strcmp(source->label, "none") == 0;
}

static bool labels_choose(struct npz *npz, const struct source *source, struct error *error)
{
    if (is_unlabelled(source))
        return true;
    if (source->label != NULL) {
        npz->y = member_called(npz, source->label);
        return npz->y != NULL || refuse(npz, "no array in it is called as the label is", error);
    }
    npz->y = pair_find(npz, npz->X, 'x', 'y');
    if (npz->y == NULL)
        npz->y = member_called(npz, "y");
    if (npz->y == NULL)
        npz->y = member_only(npz, 1, npz->X);
    return npz->y != NULL || source->wanted != NULL ||
           refuse(npz,
                  "which array has the labels? None is called y, and not one alone has one "
                  "dimension: name it with --label NAME (label: NAME), or --label none",
                  error);
}

static bool features_choose(struct npz *npz, const struct source *source, struct error *error)
{
    const struct zip_member *label =
        source->label != NULL && !is_unlabelled(source) ? member_called(npz, source->label) : NULL;
    if (source->array != NULL) {
        npz->X = member_called(npz, source->array);
        return npz->X != NULL || refuse(npz, "no array in it is called as --array says", error);
    }
    npz->X = label != NULL ? pair_find(npz, label, 'y', 'x') : NULL;
    if (npz->X == NULL)
        npz->X = member_called(npz, "X");
    if (npz->X == NULL)
        npz->X = member_only(npz, 2, label);
    if (npz->X == NULL)
        npz->X = features_of_pairs(npz);
    return npz->X != NULL ||
           refuse(npz,
                  "which array has the features? None is called X, and not one alone has two "
                  "dimensions: name it with --array NAME (array: NAME)",
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
    heads_read(npz);
    return features_choose(npz, source, error) && labels_choose(npz, source, error);
}

/* Says which pair of several is read. */
static void choice_note(const struct npz *npz, struct dataset *data)
{
    if (!npz->one_of_several)
        return;
    char *arrays = arrays_text(npz);
    dataset_note(&data->notes, "of this archive the array %.*s is read; it has %s; --array chooses",
                 (int)name_length(npz->X), npz->X->name, arrays);
    memory_free(arrays);
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
                                   const struct source *source, struct share *share, int threads,
                                   struct error *error)
{
    struct input X, y;
    if (!member_open(&X, archive, npz, npz->X, share, error))
        return NULL;
    struct dataset *data = npy_features_read(&X, source, share, threads, error);
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
    struct npz npz = {.arrays = NULL};
    struct dataset *data = NULL;
    bool sound = zip_open(&npz.zip, input->path, input->bytes, input->size, error) &&
                 arrays_choose(&npz, source, error);
    if (share_agree(share->ranks, sound, error))
        data = arrays_read(input, &npz, source, share, threads, error);
    if (data != NULL)
        choice_note(&npz, data);
    memory_free(npz.arrays);
    zip_close(&npz.zip);
    return data;
}
