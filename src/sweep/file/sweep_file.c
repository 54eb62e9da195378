/* SPDX-License-Identifier: MIT
 *
 * The top level of a sweep file, and the messages that all parts of its reader share.
 */
#include "sweep/file/sweep_file.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/sources/attributes.h"
#include "data/sources/source_load.h"
#include "sweep/file/sweep_file_reading.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REPEATS_MAX = 1000000, TRIALS_MAX = 10000000, RETRIES_MAX = 100, NAME_MAX_LENGTH = 100 };
enum { FINALS_OF_BATCHED = 15, THREADS_MAX = 1024 };
enum { VALUES_MAX = 5000000 }; /* of all axes of all runs: more make too many configurations */

const struct entry execution_solo = {"solo", "each trial alone on the machine, timed by itself"};
const struct entry execution_batched = {
    "batched", "compatible configurations side by side; times are shared, never shown as solo"};
const struct entry execution_placed = {
    "placed", "batched, laid out as tune-placement found best on this machine"};
static const struct entry *const executions[] = {&execution_solo, &execution_batched,
                                                 &execution_placed};
const struct table execution_table = TABLE("execution", executions);

const struct entry order_interleaved = {
    "interleaved", "by a cyclic Latin square: none is always first, or always after the same one"};
const struct entry order_listed = {"listed", "as in the sweep file, the same in every round"};
static const struct entry *const orders[] = {&order_interleaved, &order_listed};
const struct table order_table = TABLE("order", orders);

const struct entry binding_cores = {"cores", "each on a processor of its own, cores first"};
const struct entry binding_none = {"none", "where the system puts them"};
static const struct entry *const bindings[] = {&binding_cores, &binding_none};
const struct table binding_table = TABLE("binding", bindings);

const struct entry profile_off = {"off", "times alone"};
const struct entry profile_on = {"on", "where the time goes as well: phases, ceilings, counters"};
static const struct entry *const profiles[] = {&profile_off, &profile_on};
const struct table profile_table = TABLE("profile", profiles);

const struct entry optimum_auto = {"auto",
                                   "if a trial stops by its gap, or if it takes only seconds"};
const struct entry optimum_always = {"always", "whatever it takes"};
const struct entry optimum_never = {"never", "gaps are not reported"};
static const struct entry *const optima[] = {&optimum_auto, &optimum_always, &optimum_never};
const struct table optimum_table = TABLE("optimum", optima);

void names_add(struct names *names, const char *name)
{
    assert(names->count < NAMES_MAX);
    names->items[names->count++] = name;
}

/* --- Messages ------------------------------------------------------------------------------ */

bool reading_error(const struct reading *reading, struct place place, const char *format, ...)
{
    char message[ERROR_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_at(reading->error, place, yaml_line(reading->file->text, place.line), "%s",
                    message);
}

static bool refuse_key(const struct reading *reading, const struct yaml_node *key,
                       const char *where, const struct names *allowed)
{
    char list[768];
    size_t used = 0;
    for (size_t i = 0; i < allowed->count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                                 allowed->items[i]);
    const char *nearest = text_nearest(key->text, allowed->items, allowed->count);
    if (nearest == NULL)
        return reading_error(reading, key->place, "unknown key '%s' %s; allowed: %s", key->text,
                             where, list);
    return reading_error(reading, key->place, "unknown key '%s' %s; did you mean '%s'? allowed: %s",
                         key->text, where, nearest, list);
}

bool reading_check_keys(const struct reading *reading, const struct yaml_node *mapping,
                        const char *where, const struct names *allowed)
{
    for (size_t i = 0; i < mapping->count; i++) {
        size_t j = 0;
        while (j < allowed->count && strcmp(allowed->items[j], mapping->keys[i]->text) != 0)
            j++;
        if (j == allowed->count)
            return refuse_key(reading, mapping->keys[i], where, allowed);
    }
    return true;
}

bool reading_expect(const struct reading *reading, const struct yaml_node *node,
                    enum yaml_kind kind, const char *name, const char *expected)
{
    if (node->kind == kind && (kind != YAML_TEXT || *node->text != '\0'))
        return true;
    return reading_error(reading, node->place, "%s: expected %s; this is %s", name, expected,
                         yaml_kind_name(node));
}

bool reading_expect_number(const struct reading *reading, const struct yaml_node *node,
                           const char *name)
{
    return !node->string ||
           reading_error(
               reading, node->place,
               "%s: a number is expected, and its tag makes '%s' a text; leave the tag out", name,
               node->text);
}

bool reading_count_values(const struct reading *reading, struct place place, size_t count)
{
    *reading->values += count;
    return *reading->values <= VALUES_MAX ||
           reading_error(reading, place,
                         "the axes of the runs up to here have more than %d values together; use "
                         "fewer, or method: random with trials",
                         VALUES_MAX);
}

/* --- Single keys of the top level ---------------------------------------------------------- */

/* An integer in a range; `*value` keeps its default when the key is absent. */
static bool read_count(const struct reading *reading, const struct yaml_node *root,
                       const char *name, int64_t minimum, int64_t maximum, int64_t *value)
{
    const struct yaml_node *node = yaml_find(root, name);
    if (node == NULL)
        return true;
    if (!reading_expect(reading, node, YAML_TEXT, name, "an integer") ||
        !reading_expect_number(reading, node, name))
        return false;
    return (text_to_integer(node->text, value) && *value >= minimum && *value <= maximum) ||
           reading_error(reading, node->place,
                         "%s: expected an integer from %lld to %lld; this is %s", name,
                         (long long)minimum, (long long)maximum, node->text);
}

bool sweep_file_is_name(const char *name)
{
    size_t length = strlen(name);
    bool plain = length > 0 && length <= NAME_MAX_LENGTH && isalnum((unsigned char)name[0]);
    for (size_t i = 0; i < length && plain; i++)
        plain = isalnum((unsigned char)name[i]) || strchr("-_.", name[i]) != NULL;
    return plain;
}

static bool read_name(const struct reading *reading, const struct yaml_node *root)
{
    const struct yaml_node *node = yaml_find(root, "name");
    struct sweep_file *file = reading->file;
    if (node != NULL && !reading_expect(reading, node, YAML_TEXT, "name", "a text"))
        return false;
    file->name = node != NULL ? memory_copy_text(node->text) : sweep_text_name(file->path);
    if (sweep_file_is_name(file->name))
        return true;
    struct place place = node != NULL ? node->place : (struct place){file->path, 0, 0};
    return reading_error(
        reading, place,
        "'%s' cannot be the name of the folder of results; give name: of " SWEEP_NAMES, file->name);
}

static bool read_method(const struct reading *reading, const struct yaml_node *root)
{
    struct sweep_file *file = reading->file;
    const struct yaml_node *method = yaml_find(root, "method"), *trials = yaml_find(root, "trials");
    if (method != NULL) {
        if (!reading_expect(reading, method, YAML_TEXT, "method", "grid or random"))
            return false;
        file->random = strcmp(method->text, "random") == 0;
        if (!file->random && strcmp(method->text, "grid") != 0)
            return reading_error(reading, method->place, "unknown method '%s'; known: grid, random",
                                 method->text);
        if (file->random && trials == NULL)
            return reading_error(reading, method->place,
                                 "method: random needs trials: how many to draw for each run and "
                                 "data set");
    }
    if (!file->random && trials != NULL)
        return reading_error(reading, trials->place,
                             "trials is for method: random; a grid runs all its combinations");
    return read_count(reading, root, "trials", 1, TRIALS_MAX, &file->trials);
}

/* The name of a row of a table, under the table's own name; `*row` keeps its default when the key
 * is absent. */
static bool read_choice(const struct reading *reading, const struct yaml_node *root,
                        const struct table *table, const struct entry **row)
{
    const struct yaml_node *node = yaml_find(root, table->noun);
    if (node == NULL)
        return true;
    char reason[256], names[256];
    if (!reading_expect(reading, node, YAML_TEXT, table->noun,
                        table_names(table, names, sizeof names)))
        return false;
    *row = table_find(table, node->text);
    return *row != NULL || reading_error(reading, node->place, "%s",
                                         table_unknown(table, node->text, reason, sizeof reason));
}

/* --- The whole file ------------------------------------------------------------------------ */

static bool check_top_keys(const struct reading *reading, const struct yaml_node *root)
{
    static const char *const own[] = {
        "name",      "data",    "method", "trials",  "runs",         "repeats",
        "execution", "optimum", "order",  "binding", "warmup",       "retries",
        "finals",    "profile", "stop",   "models",  "pass_threads", "side_by_side"};
    struct names allowed = {0};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        names_add(&allowed, own[i]);
    names_add_attributes(&allowed, ATTRIBUTE_PREPARATION);
    names_add_hyperparameters(&allowed, NULL);
    for (size_t i = 0; i < root->count; i++)
        if (hyperparameter_in_section(root->keys[i]->text, "stop") != NULL)
            return reading_error(reading, root->keys[i]->place,
                                 "'%s' belongs under stop, as in stop: {%s: ...}",
                                 root->keys[i]->text, root->keys[i]->text);
    return reading_check_keys(reading, root, "at the top level", &allowed);
}

/* Random search starts from the first seed of the trials. */
static int64_t first_seed(const struct axes *shared)
{
    const struct axis *seed = axes_find(shared->items, shared->count, hyperparameter_find("seed"));
    if (seed == NULL)
        return 0;
    return seed->count > 0 ? seed->values[0].integer : (int64_t)seed->minimum;
}

/* How passes are laid out, where trials share them. */
static bool read_placement(const struct reading *reading, const struct yaml_node *root)
{
    struct placement *placement = &reading->file->placement;
    const struct {
        const char *name;
        int64_t most, *value;
    } keys[] = {{"models", GROUP_MOST, &placement->models},
                {"pass_threads", THREADS_MAX, &placement->threads},
                {"side_by_side", THREADS_MAX, &placement->side_by_side}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct yaml_node *node = yaml_find(root, keys[i].name);
        if (node != NULL && reading->file->execution != &execution_batched)
            return reading_error(reading, node->place,
                                 "%s is for execution: batched; this file is run %s", keys[i].name,
                                 reading->file->execution->name);
        if (!read_count(reading, root, keys[i].name, 1, keys[i].most, keys[i].value))
            return false;
    }
    return true;
}

/* How it is run and timed. */
static bool read_execution(const struct reading *reading, const struct yaml_node *root)
{
    struct sweep_file *file = reading->file;
    return read_count(reading, root, "repeats", 1, REPEATS_MAX, &file->repeats) &&
           read_count(reading, root, "warmup", 0, REPEATS_MAX, &file->warmup) &&
           read_count(reading, root, "retries", 0, RETRIES_MAX, &file->retries) &&
           read_count(reading, root, "finals", 0, REPEATS_MAX, &file->finals) &&
           read_choice(reading, root, &execution_table, &file->execution) &&
           read_placement(reading, root) &&
           read_choice(reading, root, &optimum_table, &file->optimum) &&
           read_choice(reading, root, &order_table, &file->order) &&
           read_choice(reading, root, &binding_table, &file->binding) &&
           read_choice(reading, root, &profile_table, &file->profile);
}

static bool read_root(const struct reading *reading, const struct yaml_node *root)
{
    struct sweep_file *file = reading->file;
    if (root == NULL)
        return error_usage(reading->error, "%s: the file is empty; see configs/ for examples",
                           file->path);
    if (!reading_expect(reading, root, YAML_MAPPING, "a sweep file", "a mapping of keys") ||
        !check_top_keys(reading, root) || !read_name(reading, root) ||
        !read_method(reading, root) || !read_execution(reading, root))
        return false;
    const struct yaml_node *data = yaml_find(root, "data");
    if (data == NULL)
        return reading_error(reading, root->place,
                             "data is missing; give data: with a path or {generate: NAME}");
    struct axes shared = {0};
    bool done = reading_data(reading, data, root) && reading_axes(reading, root, &shared) &&
                reading_runs(reading, root, &shared);
    file->seed = done ? first_seed(&shared) : 0;
    axes_clear(&shared);
    return done;
}

struct sweep_file *sweep_file_parse(const char *path, const char *text, struct error *error)
{
    struct sweep_file *file = memory_allocate(1, sizeof *file);
    file->path = memory_copy_text(path);
    file->text = memory_copy_text(text);
    file->question = sweep_text_question(text);
    file->repeats = 1;
    file->execution = &execution_solo;
    file->optimum = &optimum_auto;
    file->order = &order_interleaved;
    file->binding = &binding_cores;
    file->profile = &profile_off;
    file->warmup = 1;
    file->retries = 2;
    file->finals = -1;
    file->placement = (struct placement){GROUP_MOST, 0, 1};
    size_t values = 0;
    const struct reading reading = {file, &values, error};
    bool done = false;
    if (sweep_text_check(file->path, file->text, error)) {
        struct yaml *yaml = yaml_parse(file->path, file->text, error);
        done = yaml != NULL && read_root(&reading, yaml_root(yaml));
        yaml_free(yaml);
    }
    if (done)
        return file;
    sweep_file_free(file);
    return NULL;
}

struct sweep_file *sweep_file_read(const char *path, struct error *error)
{
    char *text = sweep_text_read(path, error);
    struct sweep_file *file = text != NULL ? sweep_file_parse(path, text, error) : NULL;
    memory_free(text);
    return file;
}

bool sweep_file_is_batched(const struct sweep_file *file)
{
    return file->execution != &execution_solo;
}

bool sweep_file_gives(const struct sweep_file *file, const char *hyperparameter)
{
    const struct hyperparameter *row = hyperparameter_find(hyperparameter);
    for (size_t i = 0; i < file->run_count; i++)
        if (axes_find(file->runs[i].axes, file->runs[i].count, row) != NULL)
            return true;
    return false;
}

void sweep_file_tell_threads(const struct sweep_file *file, FILE *out)
{
    const char *words = threads_default_words();
    if (words != NULL && !sweep_file_gives(file, "threads"))
        fprintf(out, "%s\n", words);
}

int64_t sweep_file_finals(const struct sweep_file *file)
{
    if (file->finals >= 0)
        return file->finals;
    return sweep_file_is_batched(file) ? FINALS_OF_BATCHED : 0;
}

void sweep_file_free(struct sweep_file *file)
{
    if (file == NULL)
        return;
    for (size_t i = 0; i < file->source_count; i++)
        source_clear(&file->sources[i]);
    for (size_t i = 0; i < file->run_count; i++) {
        for (size_t j = 0; j < file->runs[i].count; j++)
            axis_clear(&file->runs[i].axes[j]);
        memory_free(file->runs[i].axes);
    }
    memory_free(file->sources);
    memory_free(file->source_places);
    memory_free(file->runs);
    memory_free(file->name);
    memory_free(file->question);
    memory_free(file->text);
    memory_free(file->path);
    memory_free(file);
}
