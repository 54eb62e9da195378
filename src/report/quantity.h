/* SPDX-License-Identifier: MIT
 *
 * Quantities as a person reads them: with a unit and as many digits as tell something. Exports give
 * every digit; these do not.
 */
#ifndef DESCENT_REPORT_QUANTITY_H
#define DESCENT_REPORT_QUANTITY_H

#include "solvers/hyperparameter.h"

enum { QUANTITY_TEXT = 64 };

/* A duration (base/duration.h): "12.3 ms"; "-" when not finite. Returns `text`. */
char *quantity_seconds(char text[static QUANTITY_TEXT], double seconds);

/* A loss or an objective, six decimals or six digits; "-" when not finite. Returns `text`. */
char *quantity_loss(char text[static QUANTITY_TEXT], double loss);

/* A distance to the optimum, two digits: "3.4e-07"; "0" when rounding leaves nothing; "-" when not
 * finite. Returns `text`. */
char *quantity_gap(char text[static QUANTITY_TEXT], double gap);

/* A share as per cent: "97.31 %", with so many decimal places; "-" when not finite. Returns `text`.
 */
char *quantity_share(char text[static QUANTITY_TEXT], double share, int places);

/* "1 trial", "3 trials". Returns `text`. */
char *quantity_count(char text[static QUANTITY_TEXT], size_t count, const char *noun);

/* A hyper-parameter, numbers to four digits; "-" where it does not apply. Returns `text`. */
char *quantity_hyperparameter(char text[static QUANTITY_TEXT], const struct hyperparameter *row,
                              const struct configuration *configuration);

#endif
