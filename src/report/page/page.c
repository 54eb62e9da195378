/* SPDX-License-Identifier: MIT
 *
 * The template page/page.html has marks, <!-- descent:NAME -->, each of which a row of the table
 * below replaces.
 *
 * Names come from files, and may hold anything. In HTML they are written with entities; in the
 * script blocks as JSON of ASCII alone, where every "<" is \u003c as well, so that no text can end
 * a block or begin a comment in it. The scripts in turn only ever set text, never HTML.
 */
#include "report/page/page.h"

#include "base/memory.h"
#include "report/page/page_comparison.h"
#include "report/page/page_data.h"
#include "report/page/page_files.h"
#include "store/json_value.h"

#include <assert.h>
#include <string.h>

static const char mark_begin[] = "<!-- descent:", mark_end[] = " -->";

/* Digits of the curves, which are only drawn. */
enum { CURVE_DIGITS = 6 };

struct page {
    const char *title;
    json_t *data, *curves;
};

const char *page_file_text(const char *name)
{
    size_t i = 0;
    while (i < page_file_count && strcmp(page_files[i].name, name) != 0)
        i++;
    assert(i < page_file_count);
    return page_files[i].text;
}

static void write_text(const char *text, FILE *out)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
}

/* A "<" is only ever inside a string. */
static void write_json(const json_t *value, size_t digits, FILE *out)
{
    char *text = json_text(value, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(digits));
    for (const char *from = text; *from != '\0';) {
        size_t length = strcspn(from, "<");
        fwrite(from, 1, length, out);
        from += length;
        if (*from == '<') {
            fputs("\\u003c", out);
            from++;
        }
    }
    memory_free(text);
}

static void write_title(const struct page *page, FILE *out)
{
    write_text(page->title, out);
}

static void write_style(const struct page *page, FILE *out)
{
    (void)page;
    fprintf(out, "<style>\n%s</style>", page_file_text("page.css"));
}

static void write_data(const struct page *page, FILE *out)
{
    fputs("<script type=\"application/json\" id=\"data\">", out);
    write_json(page->data, 17, out);
    fputs("</script>\n<script type=\"application/json\" id=\"curves-data\">", out);
    write_json(page->curves, CURVE_DIGITS, out);
    fputs("</script>", out);
}

static void write_scripts(const struct page *page, FILE *out)
{
    (void)page;
    for (size_t i = 0; i < page_file_count; i++) {
        const char *ending = strrchr(page_files[i].name, '.');
        if (ending != NULL && strcmp(ending, ".js") == 0)
            fprintf(out, "<script>\n%s</script>\n", page_files[i].text);
    }
}

static const struct {
    const char *name;
    void (*write)(const struct page *page, FILE *out);
} parts[] = {
    {"title", write_title},
    {"style", write_style},
    {"data", write_data},
    {"scripts", write_scripts},
};

/* Writes the part that the mark at `from` names; returns what follows it. */
static const char *write_part(const struct page *page, const char *from, FILE *out)
{
    const char *name = from + strlen(mark_begin), *end = strstr(name, mark_end);
    assert(end != NULL);
    size_t i = 0, length = (size_t)(end - name);
    while (i < sizeof parts / sizeof *parts &&
           (strlen(parts[i].name) != length || memcmp(parts[i].name, name, length) != 0))
        i++;
    assert(i < sizeof parts / sizeof *parts);
    parts[i].write(page, out);
    return end + strlen(mark_end);
}

static void write_template(const struct page *page, FILE *out)
{
    const char *from = page_file_text("page.html");
    for (const char *mark; (mark = strstr(from, mark_begin)) != NULL;) {
        fwrite(from, 1, (size_t)(mark - from), out);
        from = write_part(page, mark, out);
    }
    fputs(from, out);
}

/* Makes them, the first `count` of which are to be cleared in any case. */
static bool compare(const struct opened_store *opened, const char *by,
                    struct comparison comparisons[static PAGE_COMPARISONS], size_t *count,
                    struct error *error)
{
    const char *axes[PAGE_COMPARISONS];
    const size_t wanted = page_axes(opened, by, axes);
    bool done = true;
    for (*count = 0; *count < wanted && done; ++*count)
        done = comparison_create(&comparisons[*count], axes[*count], opened, 1, error);
    return done;
}

bool page_write(const struct opened_store *opened, const char *by, FILE *out, struct error *error)
{
    struct page page = {.title = opened->results.sweep.name};
    struct comparison comparisons[PAGE_COMPARISONS];
    size_t count;
    bool done = compare(opened, by, comparisons, &count, error) &&
                page_curves(opened, &page.curves, error) &&
                page_data(opened, comparisons, count, &page.data, error);
    if (done)
        write_template(&page, out);
    for (size_t i = 0; i < count; i++)
        comparison_clear(&comparisons[i]);
    json_decref(page.data);
    json_decref(page.curves);
    return done;
}
