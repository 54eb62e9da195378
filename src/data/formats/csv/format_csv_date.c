/* SPDX-License-Identifier: MIT
 *
 * Dates and times, as programs and people write them. A text is one when it has nothing but numbers
 * of at most four digits (or nine behind a point, fractions of a second), names of months and days,
 * the marks of time zones and halves of a day, and what stands between these, and at least three
 * parts of a date, or two of a time. "1.2.3" is one, too: as a category it would be as useless.
 */
#include "data/formats/csv/format_csv_columns.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What was met in a text. */
struct parts {
    size_t numbers, names, colons, others;
};

static bool is_among(const char *word, size_t length, const char *const *words, size_t count,
                     size_t least)
{
    for (size_t i = 0; i < count; i++)
        if (length >= least && length <= strlen(words[i]) &&
            strncasecmp(word, words[i], length) == 0)
            return true;
    return false;
}

/* Names of months and days, in full or their first three letters; and other words of times. */
static void word_count(const char *word, size_t length, struct parts *parts)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    static const char *const marks[] = {"T", "Z", "AM", "PM", "UTC", "GMT"};
    size_t month_count = sizeof months / sizeof *months, day_count = sizeof days / sizeof *days;
    bool mark = false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        mark = mark || (length == strlen(marks[i]) && strncasecmp(word, marks[i], length) == 0);
    if (is_among(word, length, months, month_count, 3))
        parts->names++;
    else if (!mark && !is_among(word, length, days, day_count, 3))
        parts->others++;
}

bool csv_text_is_date(const char *text)
{
    enum { YEAR = 4, FRACTION = 9 };
    struct parts parts = {0, 0, 0, 0};
    for (const char *p = text; *p != '\0';) {
        size_t digits = strspn(p, "0123456789"), letters = 0;
        while (isalpha((unsigned char)p[letters]))
            letters++;
        bool fraction = p > text && p[-1] == '.';
        if (digits > 0)
            parts.numbers += digits <= YEAR || (fraction && digits <= FRACTION);
        parts.others += digits > YEAR && !(fraction && digits <= FRACTION);
        if (letters > 0)
            word_count(p, letters, &parts);
        if (digits + letters == 0) {
            parts.colons += *p == ':';
            parts.others += strchr("-/.:, +", *p) == NULL;
            p++;
        }
        p += digits + letters;
    }
    bool is_time = parts.colons > 0 && parts.numbers >= 2;
    return parts.others == 0 && (is_time || parts.numbers + parts.names >= 3);
}
