/* SPDX-License-Identifier: MIT
 *
 * Data for a saved model: read so that they fit it, checked, encoded and scaled as those that it
 * was trained on.
 *
 * A file whose columns are told by number is read with the model's number of features, unless
 * --features says another: it need not show the last of them. For other formats, whether the last
 * column holds labels is told by its number: with as many columns as the model has features there
 * are none, with one more it is the label.
 */
#ifndef DESCENT_COMMANDS_MODEL_DATA_H
#define DESCENT_COMMANDS_MODEL_DATA_H

#include "commands/parsing/command.h"
#include "store/model/model_file.h"

/* The data set that operand `index` names, as features of the model; data->y is NULL where it has
 * no labels. NULL on error: also when it has other features than the model. */
struct dataset *arguments_model_data(const struct arguments *arguments, size_t index,
                                     const struct model_file *model, struct error *error);

/* Makes labels those of the model, whose class 1 may be the other one in the data. A label that is
 * no class of the model is an error; without labels nothing happens. */
bool model_data_label(const struct model_file *model, struct dataset *data, struct error *error);

/* Makes model and data fit: the data are scaled as those that were trained on, with the same bits;
 * a sparse set that this would fill is left, and the offsets go into the weights instead. */
bool model_data_scale(struct model_file *model, struct dataset *data, struct error *error);

#endif
