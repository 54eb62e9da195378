/* SPDX-License-Identifier: MIT
 *
 * In roff a line that begins with . or ' is a request, \ begins an escape, and - is a hyphen that
 * may end a line; what is typed by users needs a minus. Each text is therefore written by one of
 * two functions, put_text() and put_code(). The pages carry no date: two builds of the same source
 * are the same. Reference: man(7), groff_man_style(7).
 */
#include "commands/shell/manual.h"

#include "base/memory.h"

#include <string.h>

/* The empty text is the place of the date. */
static void put_head(const char *name, FILE *out)
{
    fputs(".TH DESCENT", out);
    for (const char *c = name; *c != '\0'; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fputs(" 1 \"\" descent \"User Commands\"\n", out);
}

static void put_escaped(const char *text, size_t length, const char *minus, FILE *out)
{
    bool begins = true; /* a line */
    for (size_t i = 0; i < length; i++) {
        if (begins && (text[i] == '.' || text[i] == '\''))
            fputs("\\&", out);
        begins = text[i] == '\n';
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '-')
            fputs(minus, out);
        else if (text[i] == '\'')
            fputs("\\(aq", out);
        else if (text[i] == '^')
            fputs("\\(ha", out);
        else if (text[i] == '~')
            fputs("\\(ti", out);
        else
            fputc(text[i], out);
    }
}

static void put_text(const char *text, FILE *out)
{
    put_escaped(text, strlen(text), "-", out);
}

static void put_code(const char *text, FILE *out)
{
    put_escaped(text, strlen(text), "\\-", out);
}

/* --- Options ------------------------------------------------------------------------------- */

static void put_option(const struct command_option *option, FILE *out)
{
    char names[512];
    fputs(".TP\n\\fB\\-\\-", out);
    put_code(option->name, out);
    fputs("\\fR", out);
    if (option->argument != NULL)
        fprintf(out, " \\fI%s\\fR", option->argument);
    fputc('\n', out);
    put_text(option->help, out);
    if (option->fallback != NULL) {
        fputs(" (default ", out);
        put_code(option->fallback, out);
        fputc(')', out);
    }
    if (option->choices != NULL) {
        fputs("; one of ", out);
        put_code(table_names(option->choices, names, sizeof names), out);
    }
    if (option->keyword != NULL)
        fprintf(out, "; or the word %s", option->keyword);
    fputs(".\n", out);
}

static void put_options(const struct command *command, FILE *out)
{
    size_t count;
    struct command_option *options = command_options(command, &count);
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < count; i++) {
        if (options[i].origin == OPTION_HYPERPARAMETER && options[i].index == 0)
            fputs(".SH HYPER\\-PARAMETERS\nEach is also a key of sweep files.\n", out);
        put_option(&options[i], out);
    }
    memory_free(options);
}

/* --- Details: indented lines are examples, others are text ----------------------------------- */

static size_t line_length(const char *text)
{
    size_t length = strcspn(text, "\n");
    return length + (text[length] == '\n');
}

static void put_prose(const char *details, FILE *out)
{
    bool wanted = true; /* a new paragraph before the next line */
    for (size_t length; *details != '\0'; details += length) {
        length = line_length(details);
        bool prose = *details != ' ' && *details != '\n';
        if (prose && wanted)
            fputs(".PP\n", out);
        if (prose)
            put_escaped(details, length, "\\-", out);
        wanted = !prose;
    }
}

static void put_examples(const char *details, FILE *out)
{
    bool any = false;
    for (size_t length; *details != '\0'; details += length) {
        length = line_length(details);
        if (*details != ' ')
            continue;
        fputs(any ? "" : ".SH EXAMPLES\n.nf\n", out);
        put_escaped(details + 2, length - 2, "\\-", out);
        any = true;
    }
    fputs(any ? ".fi\n" : "", out);
}

/* --- Pages --------------------------------------------------------------------------------- */

static void put_exit_status(FILE *out)
{
    static const struct {
        enum error_kind code;
        const char *meaning;
    } rows[] = {
        {ERROR_NONE, "all went well"},
        {ERROR_FAILED, "a run failed: the disk is full, a file cannot be written, a trial failed"},
        {ERROR_USAGE, "input cannot be used: an option, a sweep file, a file of data"},
        {ERROR_INTERRUPTED, "ended by the user; what is recorded stays"},
    };
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fprintf(out, ".TP\n%d\n%s.\n", (int)rows[i].code, rows[i].meaning);
}

void manual_print_command(const struct command *command, FILE *out)
{
    char name[OPTION_NAME];
    snprintf(name, sizeof name, "-%s", command->entry.name);
    put_head(name, out);
    fputs(".SH NAME\ndescent", out);
    put_code(name, out);
    fputs(" \\- ", out);
    put_text(command->entry.summary, out);
    fprintf(out, "\n.SH SYNOPSIS\n\\fBdescent %s\\fR%s", command->entry.name,
            command_operands_blank(command));
    put_code(command->operands, out);
    fputs(" [\\fIoptions\\fR]\n.SH DESCRIPTION\n", out);
    put_text(command->entry.summary, out);
    fputs(".\n", out);
    if (command->details != NULL)
        put_prose(command->details, out);
    put_options(command, out);
    if (command->details != NULL)
        put_examples(command->details, out);
    put_exit_status(out);
    fputs(".SH SEE ALSO\n.BR descent (1)\n", out);
}

static void put_command(const struct command *command, FILE *out)
{
    fprintf(out, ".TP\n\\fB%s\\fR%s", command->entry.name, command_operands_blank(command));
    put_code(command->operands, out);
    fputc('\n', out);
    put_text(command->entry.summary, out);
    fputs(".\n", out);
}

static void put_environment(FILE *out)
{
    fputs(".SH ENVIRONMENT\n"
          ".TP\nOMP_WAIT_POLICY\n"
          "With the value passive, threads that wait sleep instead of turning: for machines that\n"
          "are shared with others.\n"
          ".TP\nOMP_THREAD_LIMIT\n"
          "No trial gets more threads. The other variables of OpenMP and OpenBLAS, and their\n"
          "effect, are listed by descent machine where they are set.\n"
          ".TP\nNO_COLOR\n"
          "If it is set and not empty, terminals are shown no colours.\n"
          ".TP\nTERM\n"
          "With the value dumb, the same plain lines are written as to a pipe.\n"
          ".TP\nLC_ALL, LC_CTYPE, LANG\n"
          "Block characters are drawn only where the locale says UTF\\-8.\n",
          out);
}

void manual_print(FILE *out)
{
    put_head("", out);
    fputs(".SH NAME\ndescent \\- batch benchmarks of gradient descent on one neuron\n"
          ".SH SYNOPSIS\n\\fBdescent\\fR \\fICOMMAND\\fR [\\fIoptions\\fR]\n"
          ".br\n\\fBdescent\\fR \\fICOMMAND\\fR \\fB\\-\\-help\\fR\n"
          ".br\n\\fBdescent \\-\\-version\\fR\n"
          ".SH DESCRIPTION\n"
          "descent trains one neuron (binary logistic regression) thousands of times and reports\n"
          "how each configuration converged, what it cost, and with which bits. Every command has\n"
          "a page of its own, descent\\-COMMAND(1).\n",
          out);
    fputs(".SH COMMANDS\n", out);
    commands_print(put_command, out);
    put_exit_status(out);
    fputs(".SH FILES\n"
          ".TP\nresults/\\fINAME\\fR/store.sqlite\n"
          "Everything that the sweep of that name recorded: an SQLite database.\n"
          ".TP\n*.yaml\n"
          "Sweep files; those that are installed open with the question they answer.\n",
          out);
    put_environment(out);
    fputs(".SH SEE ALSO\n", out);
    for (size_t i = 0; i < command_table.count; i++)
        fprintf(out, ".BR descent\\-%s (1)%s\n", command_table.entries[i]->name,
                i + 1 < command_table.count ? "," : "");
}
