/* SPDX-License-Identifier: MIT
 *
 * POSIX leaves open whether a name that is cut ends with a zero; here it does.
 */
#include "base/system/host.h"

#include <unistd.h>

char *host_name(char text[static HOST_TEXT])
{
    if (gethostname(text, HOST_TEXT) != 0)
        text[0] = '\0';
    text[HOST_TEXT - 1] = '\0';
    return text;
}
