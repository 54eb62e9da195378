/* SPDX-License-Identifier: MIT
 *
 * "10 % faster" is a tenth less time, and "10 % slower" a tenth more: shares are of A's time.
 */
#include "race/race_text.h"

#include "base/duration.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "measure/statistics/statistics.h"
#include "report/text_table.h"

#include <inttypes.h>
#include <math.h>

/* 0.017 is "1.7", 0.0031 "0.31", 1.234 "123". */
enum { PER_CENT = 24 };
static const char *per_cent(double share, char text[static PER_CENT])
{
    const double value = 100.0 * fabs(share);
    snprintf(text, PER_CENT, "%.*f", value < 1.0 ? 2 : value < 10.0 ? 1 : 0, value);
    return text;
}

/* --- What else differs --------------------------------------------------------------------- */

/* Peaks are told apart from here on; both must hold. */
static const double peak_share = 0.05, peak_bytes = 1048576.0;

/* So many processors more or fewer, kept busy, are told in any case. */
static const double processors_apart = 0.5;

/* And from this share on where they explain a difference of times. */
static const double processors_share = 0.03;

/* Is at least half of what B gains, or loses, that of the processors that it uses more, or fewer?
 */
static bool processors_explain(const struct race_verdict *verdict, double more)
{
    const double slower = verdict->shift.estimate;
    return verdict->outcome != RACE_NOT_APART && more * slower < 0.0 &&
           fabs(more) > 0.5 * fabs(slower) && fabs(more) > log1p(processors_share);
}

static void write_processors(const struct race_verdict *verdict, FILE *out)
{
    const double a = verdict->sides[RACE_A].processors, b = verdict->sides[RACE_B].processors;
    if (fabs(b - a) > processors_apart || processors_explain(verdict, log(b / a)))
        fprintf(out, ", by using %s processors: %.2f against %.2f", b > a ? "more" : "fewer", b, a);
}

static void write_peak(const struct race_verdict *verdict, FILE *out)
{
    const double a = verdict->sides[RACE_A].peak_bytes, b = verdict->sides[RACE_B].peak_bytes;
    char left[TEXT_NUMBER], right[TEXT_NUMBER];
    if (fabs(b - a) > peak_bytes && fabs(b - a) > peak_share * a)
        fprintf(out, ", with %s memory: %s against %s", b > a ? "more" : "less",
                text_from_bytes(right, b), text_from_bytes(left, a));
}

/* Also where noise leaves no verdict: it may be this that is told as noise. */
static void write_layout(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    char share[PER_CENT];
    if (!isnan(verdict->layout))
        fprintf(out, "; %zu orders of links scatter by %s %%", race->options.orders,
                per_cent(expm1(verdict->layout), share));
}

static void write_results(const struct race_verdict *verdict, FILE *out)
{
    if (!verdict->other_results)
        return;
    fputs(", with other results: ", out);
    race_difference_write(&verdict->difference, out);
}

/* --- The answer ---------------------------------------------------------------------------- */

/* "0.31 % more time than A (0.92 % less to 1.5 % more)". */
static void write_change(const struct aligned_shift *shift, FILE *out)
{
    const double all[] = {shift->estimate, shift->low, shift->high};
    static const char *const before[] = {"", " time than A (", " to "};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char change[PER_CENT];
        fprintf(out, "%s%s %% %s", before[i], per_cent(expm1(all[i]), change),
                all[i] < 0.0 ? "less" : "more");
    }
    putc(')', out);
}

/* "10 %", and " (9.1 to 11 %)", of less time or of more. */
static void write_share(const struct aligned_shift *shift, const char *word, FILE *out)
{
    const bool less = shift->estimate < 0.0;
    char share[PER_CENT], least[PER_CENT], most[PER_CENT];
    fprintf(out, "%s %% %s (%s to %s %%)", per_cent(expm1(shift->estimate), share), word,
            per_cent(expm1(less ? shift->high : shift->low), least),
            per_cent(expm1(less ? shift->low : shift->high), most));
}

static void write_recorded(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    char reached[PER_CENT];
    (void)race;
    fprintf(out, "recorded: A and its copy are not told apart, and %s %% would be",
            per_cent(verdict->reached, reached));
}

static void write_not_apart(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    fprintf(out, "not told apart%s: B takes ",
            race->options.orders > 0 ? " from what the order of links does" : "");
    write_change(&verdict->shift, out);
}

static void write_faster(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    (void)race;
    fputs("B is ", out);
    write_share(&verdict->shift, "faster", out);
}

static void write_less_time(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    (void)race;
    fputs("not faster: B takes ", out);
    write_share(&verdict->shift, "less time", out);
}

static void write_more_time(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    fputs("B is ", out);
    write_share(&verdict->shift, "slower", out);
    fprintf(out, ", not more than the %.3g %% that are allowed", 100.0 * race->options.fail_slower);
}

static void write_slower(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    fputs("B is ", out);
    write_share(&verdict->shift, "slower", out);
    fprintf(out, ", more than the %.3g %% that are allowed", 100.0 * race->options.fail_slower);
}

static void write_copies(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    fprintf(
        out,
        "invalid: A's own copy differs from A by %.2g %%, and %.3g %% are to be told: the machine "
        "is not steady enough ('descent machine' says why)",
        100.0 * fabs(expm1(verdict->control.estimate)), 100.0 * race->options.resolution);
}

static void write_noisy(const struct race *race, const struct race_verdict *verdict, FILE *out)
{
    char reached[PER_CENT];
    if (isfinite(verdict->reached))
        fprintf(out, "invalid: noise hides differences below %s %%",
                per_cent(verdict->reached, reached));
    else
        fputs("invalid: noise hides every difference", out);
    fprintf(out,
            ", and %.3g %% are to be told: give runs that take longer, more --rounds or --time, or "
            "a larger --resolution",
            100.0 * race->options.resolution);
}

static void (*const writers[RACE_OUTCOMES])(const struct race *race,
                                            const struct race_verdict *verdict, FILE *out) = {
    [RACE_RECORDED] = write_recorded,   [RACE_NOT_APART] = write_not_apart,
    [RACE_FASTER] = write_faster,       [RACE_LESS_TIME] = write_less_time,
    [RACE_MORE_TIME] = write_more_time, [RACE_SLOWER] = write_slower,
    [RACE_COPIES_APART] = write_copies, [RACE_NOISY] = write_noisy,
};

/* "gd on pets rate=0.1: ", and how many fare so. */
static void write_subject(const struct race_verdicts *verdicts, FILE *out)
{
    const struct race_verdict *verdict = &verdicts->list[verdicts->main];
    size_t like = 0;
    if (verdicts->count == 1)
        return;
    for (size_t i = 0; i + 1 < verdicts->count; i++)
        like += verdicts->list[i].outcome == verdict->outcome;
    if (verdict->outcome >= RACE_SLOWER && verdicts->main + 1 < verdicts->count)
        fprintf(out, "in %zu of %zu; ", like, verdicts->count - 1);
    fprintf(out, "%s: ", text_shown(verdict->name));
}

char *race_answer(const struct race *race, const struct race_verdicts *verdicts)
{
    const struct race_verdict *verdict = &verdicts->list[verdicts->main];
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    write_subject(verdicts, out);
    writers[verdict->outcome](race, verdict, out);
    write_layout(race, verdict, out);
    if (!race_outcome_is_invalid(verdict->outcome) && race->sides > RACE_B) {
        write_processors(verdict, out);
        write_peak(verdict, out);
        write_results(verdict, out);
    }
    return memory_stream_close(&stream);
}

/* --- The table ----------------------------------------------------------------------------- */

static const struct text_column columns[] = {
    {.header = ""},
    {.header = "A", .type = COLUMN_NUMBER, .group = "median"},
    {.header = "A's copy", .type = COLUMN_NUMBER, .group = "median"},
    {.header = "B", .type = COLUMN_NUMBER, .group = "median"},
    {.header = "B/A", .type = COLUMN_NUMBER, .group = "time"},
    {.header = "interval", .group = "time"},
    {.header = "copy/A", .type = COLUMN_NUMBER, .group = "control"},
    {.header = "interval", .group = "control"},
    {.header = "found", .only_if_varies = true},
};

static void add_ratio(const struct aligned_shift *shift, struct text_table *table)
{
    text_table_cell(table, "%.4f", exp(shift->estimate));
    text_table_cell(table, "%.4f to %.4f", exp(shift->low), exp(shift->high));
}

static void add_verdict(const struct race *race, const struct race_verdict *verdict,
                        struct text_table *table)
{
    char seconds[DURATION_TEXT];
    text_table_cell(table, "%s", text_shown(verdict->name));
    for (size_t side = 0; side < RACE_SIDES; side++)
        text_table_cell(table, "%s",
                        side < race->sides ? duration_text(verdict->sides[side].median, seconds)
                                           : "-");
    if (race->sides > RACE_B) {
        add_ratio(&verdict->shift, table);
    } else {
        text_table_cell(table, "-");
        text_table_cell(table, "-");
    }
    add_ratio(&verdict->control, table);
    text_table_cell(table, "%s", race_outcome_names[verdict->outcome]);
}

static void print_table(const struct race *race, const struct race_verdicts *verdicts, FILE *out)
{
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < verdicts->count; i++)
        add_verdict(race, &verdicts->list[i], table);
    text_table_print(table, 2, out);
    text_table_free(table);
}

static void print_sides(const struct race *race, const struct racers *racers, FILE *out)
{
    for (size_t side = 0; side < race->sides; side++) {
        const struct racer *racer = &racers->list[side];
        if (side == RACE_COPY)
            continue;
        fprintf(out, "%-9s%s", side == RACE_A ? "A:" : "B:", text_shown(racer->label));
        if (racer->version != NULL)
            fprintf(out, " (%s)", text_shown(racer->version));
        fputc('\n', out);
    }
}

static void print_results(const struct race *race, const struct race_verdicts *verdicts, FILE *out)
{
    const struct race_verdict *all = &verdicts->list[verdicts->count - 1];
    fputs("results: ", out);
    if (race->sides > RACE_B)
        race_difference_write(&all->difference, out);
    else
        race_difference_write(&all->own, out);
    if (all->own.bits)
        fputs("; those of A itself are not the same every time", out);
    fputc('\n', out);
}

void race_print_text(const struct race *race, const struct race_verdicts *verdicts,
                     const struct racers *racers, FILE *out)
{
    char seconds[DURATION_TEXT], *answer = race_answer(race, verdicts);
    fprintf(out, "%s\n", answer);
    print_table(race, verdicts, out);
    print_sides(race, racers, out);
    print_results(race, verdicts, out);
    fprintf(out, "rounds:  %zu in %s", race->rounds, duration_text(race->seconds, seconds));
    if (race->options.duet)
        fputs(", two sides at a time\n", out);
    else
        fprintf(out, ", in orders of --order-seed %" PRIu64 "\n", race->options.seed);
    memory_free(answer);
}

/* --- Without an end ------------------------------------------------------------------------ */

static double median_of(const struct race *race, size_t task, size_t side)
{
    double *seconds = memory_allocate(race->rounds, sizeof *seconds);
    for (size_t round = 0; round < race->rounds; round++)
        seconds[round] = race_sample_of(race, round, task, side)->seconds;
    const double middle = median(seconds, race->rounds);
    memory_free(seconds);
    return middle;
}

void race_print_times(const struct race *race, FILE *out)
{
    char seconds[DURATION_TEXT];
    if (race->rounds == 0)
        return;
    fprintf(out, "%zu complete round%s, medians:\n", race->rounds, race->rounds == 1 ? "" : "s");
    for (size_t task = 0; task < race->tasks; task++) {
        fprintf(out, "  %s:", text_shown(race->names[task]));
        for (size_t side = 0; side < race->sides; side++)
            fprintf(out, "%s %s %s", side > 0 ? "," : "", race_side_names[side],
                    duration_text(median_of(race, task, side), seconds));
        fputc('\n', out);
    }
}
