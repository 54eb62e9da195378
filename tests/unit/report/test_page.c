/* SPDX-License-Identifier: MIT
 *
 * The page as text: that what names hold ends no script and opens none, that nothing is loaded,
 * that the data read back as they are in the store, and how much of a large store is drawn.
 * page.bats opens it in a browser.
 */
#include "made_profile.h"

#include "report/page/page.h"
#include "report/page/page_data.h"
#include "report/page/page_files.h"

#include <jansson.h>

/* A page of what was made, and its length. */
static char *made_page(struct made *made, const int64_t *plan, size_t planned, size_t *length)
{
    char *text = NULL;
    struct opened_store opened = {.store = made->store, .name = "results/hand-made"};
    FILE *out = open_memstream(&text, length);
    assert_non_null(out);
    assert_true(store_set_plan(made->store, plan, planned, &made->error));
    assert_true(results_read(made->store, &opened.results, &made->error));
    assert_true(page_write(&opened, NULL, out, &made->error));
    results_clear(&opened.results);
    fclose(out);
    return text;
}

static char *small_page(struct made *made)
{
    size_t length;
    return made_page(made, made->plan, made->planned, &length);
}

/* The JSON of the script block of that name. */
static json_t *page_json(const char *page, const char *id)
{
    char begin[64];
    snprintf(begin, sizeof begin, "id=\"%s\">", id);
    const char *from = strstr(page, begin);
    assert_non_null(from);
    from += strlen(begin);
    const char *end = strstr(from, "</script>");
    assert_non_null(end);
    json_error_t error;
    json_t *value = json_loadb(from, (size_t)(end - from), 0, &error);
    if (value == NULL)
        fail_msg("%s: %s", id, error.text);
    return value;
}

static json_t *at(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (value == NULL)
        fail_msg("no '%s'", key);
    return value;
}

static size_t count_text(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

static size_t count_scripts(void)
{
    size_t count = 0;
    for (size_t i = 0; i < page_file_count; i++)
        count += strstr(page_files[i].name, ".js") != NULL;
    return count;
}

#define HOSTILE "</script><script>alert('\"&')</script><!-- \xe2\x80\xa8 \xe2\x80\xa9 \xc3\xa9.csv"

static void name_everything(struct made *made, const char *name)
{
    const struct sweep_facts facts = {.name = name,
                                      .question = name,
                                      .path = name,
                                      .text = name,
                                      .by = "",
                                      .metric = "objective",
                                      .repeats = 1};
    bool changed;
    assert_true(store_set_sweep(made->store, &facts, &changed, &made->error));
    made_data(made, name, 10);
}

static void names_end_no_script(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    name_everything(made, HOSTILE);
    made_trial(made, made_configuration(made, "solver=gd rate=1"),
               (struct made_trial){1, 1, STATUS_EPOCHS, 0.1, 3, coarse, 0});
    char *page = small_page(made);
    assert_int_equal(count_text(page, "</script"), count_scripts() + 2);
    assert_silent(page, "<script>alert");
    assert_says(page, "<title>&lt;/script&gt;&lt;script&gt;alert('&quot;&amp;')");
    const char *data = strstr(page, "id=\"data\">");
    const char *end = strstr(data, "</script>");
    for (const char *byte = data; byte < end; byte++)
        assert_true(*byte != '<' && (unsigned char)*byte < 0x80);
    json_t *read = page_json(page, "data");
    assert_string_equal(json_string_value(at(at(read, "sweep"), "question")), HOSTILE);
    assert_string_equal(json_string_value(at(json_array_get(at(read, "sections"), 0), "data")),
                        HOSTILE);
    json_decref(read);
    memory_free(page);
    made_clear(made);
}

static void nothing_is_loaded(void **state)
{
    (void)state;
    static const char *const loads[] = {"<script src", "src=\"http", "href=\"http", "src='http",
                                        "href='http",  "url(http",   "@import",     "<iframe"};
    struct made *made = made_create(1);
    made_trial(made, made_configuration(made, "solver=gd rate=1"),
               (struct made_trial){1, 1, STATUS_EPOCHS, 0.1, 3, coarse, 0});
    char *page = small_page(made);
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++)
        assert_silent(page, loads[i]);
    assert_says(page, "default-src 'none'");
    const char *frame = page_file_text("page.html");
    assert_int_equal(count_text(frame, "href="), 2); /* #controls, and an empty icon */
    assert_int_equal(count_text(frame, "src="), 0);
    assert_int_equal(count_text(page, "<!-- descent:"), 0); /* every mark is replaced */
    memory_free(page);
    made_clear(made);
}

/* What of a row of the list is what. */
static double column(json_t *rows, const char *name, size_t i)
{
    return json_number_value(json_array_get(at(rows, name), i));
}

static void numbers_read_back(void **state)
{
    (void)state;
    const double down[] = {1.0, 0.1 + 0.2, 0.05 / 3.0};
    struct made *made = made_create(2);
    int64_t gd = made_configuration(made, "solver=gd rate=0.1 threads=1");
    int64_t sgd = made_configuration(made, "solver=sgd rate=auto");
    made_optimum(made, 0.0, 0.0);
    made_repeats(made, gd, down, 3, (const double[]){0.1 / 3.0, 0.1 / 3.0}, 2);
    made_trial(made, sgd, (struct made_trial){1, 1, STATUS_DIVERGED, 0.1, 2, (double[]){1, 99}, 0});
    made_trial(made, sgd, (struct made_trial){2, 1, STATUS_FAILED, 0.1, 2, (double[]){1, 9}, 0});
    char *page = small_page(made);
    json_t *data = page_json(page, "data"), *rows = at(data, "rows"), *ends = at(data, "ends");
    assert_true(column(rows, "objective", 0) == down[2]);
    assert_true(column(rows, "gap", 0) == down[2]);
    assert_true(column(rows, "seconds", 0) == 2.0 * (0.1 / 3.0));
    assert_int_equal(column(rows, "diverged", 1), 1);
    json_t *rate = json_array_get(at(data, "axes"), 1);
    assert_string_equal(json_string_value(at(rate, "name")), "rate");
    assert_true(json_number_value(json_array_get(at(rate, "values"), 0)) == 0.1);
    assert_string_equal(json_string_value(json_array_get(at(rate, "values"), 1)), "auto");
    json_t *arrivals = json_array_get(at(at(data, "entrants"), "epochs"), 0);
    assert_int_equal(json_integer_value(json_array_get(arrivals, 2)), -1); /* 1e-03 is missed */
    assert_true(json_number_value(json_array_get(arrivals, 0)) == 2.0);
    assert_int_equal(json_integer_value(at(ends, "count")), 2);
    assert_string_equal(json_string_value(at(json_array_get(at(ends, "trials"), 1), "message")),
                        "the bits of repeat 1 and 2 differ");
    assert_string_equal(json_string_value(at(at(data, "sweep"), "command")),
                        "descent sweep configs/hand-made.yaml");
    json_decref(data);
    memory_free(page);
    made_clear(made);
}

/* --- A profile ----------------------------------------------------------------------------- */

/* Two threads are twice as fast as one; and a remark. */
static struct made *made_profile(void)
{
    struct made *made = made_create(1);
    int64_t one = made_configuration(made, "solver=gd rate=1 threads=1");
    int64_t two = made_configuration(made, "solver=gd rate=1 threads=2");
    made_profiled_trial(made, one, 1, 1, 1e-6, 10.0);
    made_profiled_trial(made, two, 1, 2, 5e-7, 10.0);
    made_ceilings(made, 1);
    made_ceilings(made, 2);
    assert_true(store_add_remark(made->store, made->machine, "counters", HOSTILE, &made->error));
    return made;
}

static json_t *item(json_t *object, const char *key, size_t i)
{
    json_t *value = json_array_get(at(object, key), i);
    if (value == NULL)
        fail_msg("no %zu in '%s'", i, key);
    return value;
}

static void assert_number(json_t *object, const char *key, double expected)
{
    double value = json_number_value(at(object, key));
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%s is %.17g, not %.17g", key, value, expected);
}

static void assert_text(json_t *object, const char *key, const char *expected)
{
    assert_string_equal(json_string_value(at(object, key)), expected);
}

static void a_profile_is_shown(void **state)
{
    (void)state;
    struct made *made = made_profile();
    char *page = small_page(made);
    assert_int_equal(count_text(page, "</script"), count_scripts() + 2);
    json_t *data = page_json(page, "data"), *profile = at(data, "profile");
    assert_text(item(profile, "remarks", 0), "text", HOSTILE);
    assert_int_equal(json_array_size(at(profile, "studies")), 1);
    json_t *study = item(profile, "studies", 0), *point = item(study, "points", 1);
    assert_text(study, "name", "gd, rate 1");
    assert_number(point, "threads", 2.0);
    assert_number(point, "speedup", 2.0);
    assert_number(point, "wait", 0.25);
    json_t *products = item(point, "phases", 0), *wait = item(point, "phases", 1);
    assert_text(products, "name", "products");
    assert_number(products, "share", 0.75);
    assert_number(products, "byte_rate", 160.0 / 3.75e-7);
    assert_number(products, "of_ceiling", 160.0 / 2e10 / 3.75e-7);
    assert_text(products, "bound", "L1");
    assert_text(wait, "name", "wait");
    assert_true(json_is_null(at(wait, "bytes")) && json_is_null(at(wait, "bound")));
    assert_text(item(point, "roofs", 0), "name", "memory");
    assert_number(item(point, "roofs", 0), "rate", 2e9);
    assert_number(item(point, "roofs", 1), "rate", 2e10);
    assert_number(item(point, "marks", 1), "intensity", 0.5); /* of the epoch */
    assert_number(item(point, "marks", 1), "rate", 80.0 / 5e-7);
    json_t *scaling = at(study, "scaling");
    assert_number(item(scaling, "counts", 1), "efficiency", 1.0);
    assert_true(json_is_true(at(item(scaling, "fits", 0), "shown")) == 0); /* of two counts, none */
    assert_int_equal(json_array_size(at(profile, "ceilings")), 2);
    json_decref(data);
    memory_free(page);
    made_clear(made);
}

static void without_a_profile_there_is_none(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    made_trial(made, made_configuration(made, "solver=gd rate=1"),
               (struct made_trial){1, 1, STATUS_EPOCHS, 0.1, 3, coarse, 0});
    char *page = small_page(made);
    json_t *data = page_json(page, "data");
    assert_true(json_is_null(at(data, "profile")));
    json_decref(data);
    memory_free(page);
    made_clear(made);
}

/* --- Thinning ------------------------------------------------------------------------------ */

static void curves_keep_their_ends(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 119, 120, 121, 200, 1000, 1000000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t chosen[PAGE_CURVE_POINTS], count = page_thin(counts[i], chosen);
        assert_true(count <= PAGE_CURVE_POINTS);
        if (counts[i] <= PAGE_CURVE_POINTS)
            assert_int_equal(count, counts[i]);
        for (size_t p = 1; p < count; p++)
            assert_true(chosen[p] > chosen[p - 1]);
        if (count == 0)
            continue;
        assert_int_equal(chosen[0], 0);
        assert_int_equal(chosen[count - 1], counts[i] - 1);
    }
}

static void thinning_serves_both_axes(void **state)
{
    (void)state;
    size_t chosen[PAGE_CURVE_POINTS], count = page_thin(10000, chosen);
    for (size_t p = 1; p < count; p++) {
        assert_true(chosen[p] - chosen[p - 1] <= 10000 / (PAGE_CURVE_POINTS / 2 - 1) + 1);
        assert_true(chosen[p] <= 4 || (double)chosen[p] <= 1.3 * (double)chosen[p - 1]);
    }
}

/* --- A large store ------------------------------------------------------------------------- */

/* So many configurations of gd, each with another rate, and half as many of sgd; of each four one
 * diverges. Objectives and rates have all their digits. */
static int64_t *made_many(struct made *made, size_t count)
{
    int64_t *plan = memory_allocate(count, sizeof *plan);
    for (size_t i = 0; i < count; i++) {
        char words[128];
        double rate = 0.1 + (double)i / 3e4, objectives[40];
        snprintf(words, sizeof words, "solver=%s rate=%.17g", i % 3 < 2 ? "gd" : "sgd", rate);
        for (int p = 0; p < 40; p++)
            objectives[p] = 1.0 / (1.0 + rate * p);
        made->planned = 0;
        plan[i] = made_configuration(made, words);
        enum trial_status status = i % 4 == 3 ? STATUS_DIVERGED : STATUS_EPOCHS;
        made_trial(made, plan[i],
                   (struct made_trial){1, 1, status, rate / 777.0, 40, objectives, 0});
    }
    return plan;
}

/* The numbers of the rows that are drawn hold this one. */
static bool is_drawn(json_t *curves, size_t row)
{
    for (size_t i = 0; i < json_array_size(curves); i++)
        if ((size_t)json_integer_value(at(json_array_get(curves, i), "row")) == row)
            return true;
    return false;
}

static void some_hundred_curves_are_drawn(void **state)
{
    (void)state;
    enum { MANY = 450 };
    struct made *made = made_create(1);
    size_t length;
    int64_t *plan = made_many(made, MANY);
    char *page = made_page(made, plan, MANY, &length);
    json_t *drawn = page_json(page, "curves-data"), *curves = at(drawn, "curves");
    assert_int_equal(json_array_size(curves), PAGE_CURVES);
    assert_int_equal(json_integer_value(at(drawn, "left_out")), MANY - PAGE_CURVES);
    /* The best of each, which is the one with the highest rate. */
    assert_true(is_drawn(curves, MANY - 2) && is_drawn(curves, MANY - 1));
    json_decref(drawn);
    memory_free(page);
    memory_free(plan);
    made_clear(made);
}

static void ten_thousand_trials_fit(void **state)
{
    (void)state;
    enum { MANY = 10000, MOST = 6000000 };
    struct made *made = made_create(1);
    size_t length;
    made_optimum(made, 0.0, 0.0);
    int64_t *plan = made_many(made, MANY);
    char *page = made_page(made, plan, MANY, &length);
    assert_between(length, 1000000, MOST);
    json_t *data = page_json(page, "data"), *ends = at(data, "ends");
    assert_int_equal(json_array_size(at(at(data, "rows"), "objective")), MANY);
    assert_int_equal(json_integer_value(at(ends, "count")), MANY / 4);
    assert_int_equal(json_array_size(at(ends, "trials")), PAGE_ENDS);
    json_decref(data);
    memory_free(page);
    memory_free(plan);
    made_clear(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_end_no_script),
        cmocka_unit_test(nothing_is_loaded),
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(a_profile_is_shown),
        cmocka_unit_test(without_a_profile_there_is_none),
        cmocka_unit_test(curves_keep_their_ends),
        cmocka_unit_test(thinning_serves_both_axes),
        cmocka_unit_test(some_hundred_curves_are_drawn),
        cmocka_unit_test(ten_thousand_trials_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
