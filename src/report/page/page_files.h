/* SPDX-License-Identifier: MIT
 *
 * What the page is put together from, as texts in the program: our own template, style and scripts
 * (page/), and Chart.js and D3 from the system. The build makes a source file of their names
 * (page/embed.cmake) in which the assembler includes them as they are.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_FILES_H
#define DESCENT_REPORT_PAGE_PAGE_FILES_H

#include <stddef.h>

struct page_file {
    const char *name; /* without folders */
    const char *text; /* all of it, UTF-8 */
};

/* The scripts in the order in which they must run, and all else. */
extern const struct page_file page_files[];
extern const size_t page_file_count;

/* The file of that name, which must be there. */
const char *page_file_text(const char *name);

struct page_library {
    const char *name;
    const char *version;
};
enum { PAGE_LIBRARIES = 2 };
extern const struct page_library page_libraries[PAGE_LIBRARIES];

#endif
