/* SPDX-License-Identifier: MIT
 *
 * Durations for people: "35.1 ms", "4.20 s", "2 min 5 s", "3 h 12 min", "4 d 7 h".
 */
#ifndef DESCENT_BASE_DURATION_H
#define DESCENT_BASE_DURATION_H

enum { DURATION_TEXT = 32 };

/* Returns `text`; negative, infinite and unknown (NaN) durations are "?". */
char *duration_text(double seconds, char text[static DURATION_TEXT]);

#endif
