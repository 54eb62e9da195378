/* SPDX-License-Identifier: MIT
 *
 * As many digits as tell something; what is missing is a dash.
 */
#include "report/quantity.h"

#include "base/duration.h"

#include <math.h>
#include <stdio.h>

static char *missing(char text[static QUANTITY_TEXT])
{
    snprintf(text, QUANTITY_TEXT, "-");
    return text;
}

char *quantity_seconds(char text[static QUANTITY_TEXT], double seconds)
{
    return isfinite(seconds) ? duration_text(seconds, text) : missing(text);
}

char *quantity_loss(char text[static QUANTITY_TEXT], double loss)
{
    if (!isfinite(loss))
        return missing(text);
    bool usual = loss == 0.0 || (fabs(loss) >= 1e-3 && fabs(loss) < 1e4);
    snprintf(text, QUANTITY_TEXT, usual ? "%.6f" : "%.5e", loss);
    return text;
}

char *quantity_gap(char text[static QUANTITY_TEXT], double gap)
{
    if (!isfinite(gap))
        return missing(text);
    snprintf(text, QUANTITY_TEXT, gap > 0.0 ? "%.1e" : "0", gap);
    return text;
}

char *quantity_share(char text[static QUANTITY_TEXT], double share, int places)
{
    if (!isfinite(share))
        return missing(text);
    snprintf(text, QUANTITY_TEXT, "%.*f %%", places, 100.0 * share);
    return text;
}

char *quantity_count(char text[static QUANTITY_TEXT], size_t count, const char *noun)
{
    snprintf(text, QUANTITY_TEXT, "%zu %s%s", count, noun, count == 1 ? "" : "s");
    return text;
}

char *quantity_hyperparameter(char text[static QUANTITY_TEXT], const struct hyperparameter *row,
                              const struct configuration *configuration)
{
    if (!hyperparameter_applies(row, configuration))
        return missing(text);
    char number[TEXT_NUMBER];
    struct value value = hyperparameter_get(row, configuration);
    if (row->type == TYPE_REAL && !setting_is_keyword(&row->setting, value))
        snprintf(text, QUANTITY_TEXT, "%.4g", value.real);
    else
        snprintf(text, QUANTITY_TEXT, "%s", setting_text(&row->setting, value, number));
    return text;
}
