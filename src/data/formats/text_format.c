/* SPDX-License-Identifier: MIT
 *
 * The end of reading a text: which of the labels is 0, and what is said first of all that is wrong.
 */
#include "data/formats/text_format.h"

#include "base/memory.h"

bool text_labels_set(const struct text_format *row, const struct share_text *text,
                     struct block *blocks, size_t count, const struct share *share,
                     struct dataset *data, int threads, struct error *error)
{
    struct labels labels;
    int(*translations)[LABELS_KEPT] = memory_allocate(count, sizeof *translations);
    size_t wrong = share_merge(share, text->input, blocks, count, &labels, translations);
    bool sound = row->fault(text->format, wrong < count ? &blocks[wrong] : NULL, &labels, error);
    sound = share_agree(share->ranks, sound, error);
    if (sound && data->y != NULL) {
        int first = labels.count == 2 ? labels_first(&labels) : 0;
        blocks_translate(blocks, count, translations, first, data->y, threads);
        for (size_t k = 0; k < labels.count; k++) {
            const struct label *label = &labels.kept[k == 0 ? first : 1 - first];
            data->class_names[k] = row->class_name(label->text, label->length);
        }
    }
    memory_free(translations);
    return sound;
}
