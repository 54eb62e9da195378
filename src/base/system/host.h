/* SPDX-License-Identifier: MIT
 *
 * The name of the host that this process runs on, as the system says it.
 */
#ifndef DESCENT_BASE_SYSTEM_HOST_H
#define DESCENT_BASE_SYSTEM_HOST_H

enum { HOST_TEXT = 64 };

/* Cut to fit; "" where the system does not say. Returns `text`. */
char *host_name(char text[static HOST_TEXT]);

#endif
