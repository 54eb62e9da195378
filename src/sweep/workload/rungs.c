/* SPDX-License-Identifier: MIT
 *
 * Sets are told apart, and candidates within them, by keys that are looked up. Cuts are after
 * epochs that the trace keeps: there a number is known of a model that costs nothing, and that it
 * would have had without a cut.
 */
#include "sweep/workload/rungs.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "solvers/training/training.h"
#include "store/criterion.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Sets ---------------------------------------------------------------------------------- */

static bool applies_lambda(const struct configuration *configuration)
{
    return hyperparameter_applies(hyperparameter_find("lambda"), configuration);
}

static size_t set_number(const struct sweep_file *file, const struct planned *item,
                         struct lookup *numbers)
{
    const bool within = !criterion_of(file->halving.criterion)->across;
    struct {
        uint64_t source;
        double lambda;
    } key = {.source = item->source,
             .lambda =
                 within && applies_lambda(&item->configuration) ? item->configuration.lambda : 0.0};
    return lookup_number(numbers, &key, sizeof key);
}

static size_t candidate_number(size_t set, const struct configuration *configuration,
                               struct lookup *numbers)
{
    struct {
        uint64_t set;
        char key[DIGEST_TEXT + 7]; /* so that there are no gaps */
    } key = {.set = set};
    struct configuration seedless = *configuration;
    seedless.seed = 0;
    configuration_key(&seedless, "", key.key);
    return lookup_number(numbers, &key, sizeof key);
}

/* The numbers of candidates, which are of all sets together, become those of each set. */
static void number_candidates(struct rung_set *set)
{
    struct lookup own = {0};
    for (size_t i = 0; i < set->count; i++)
        set->members[i].candidate =
            lookup_number(&own, &set->members[i].candidate, sizeof set->members[i].candidate);
    set->candidate_count = own.count;
    lookup_clear(&own);
}

static void add_item(struct rung_set *set, size_t item, size_t candidate)
{
    set->members = memory_grow(set->members, &set->capacity, set->count + 1, sizeof *set->members);
    set->members[set->count++] = (struct rung_member){item, candidate};
}

/* Who is dealt to which bracket: of each base, which is a set before it is dealt out, how many are
 * in each; and of each candidate, where it is. */
struct dealing {
    size_t brackets, cuts;
    double eta;
    size_t *given, given_capacity, given_count; /* (bases, brackets) */
    size_t *of, of_capacity, of_count;          /* (candidates) */
};

static double share_of(const struct dealing *dealing, size_t bracket)
{
    const double cuts = (double)(dealing->cuts - bracket);
    return pow(dealing->eta, cuts) / (cuts + 1.0);
}

/* The bracket that has the fewest for its share. */
static size_t neediest(const struct dealing *dealing, const size_t *given)
{
    size_t best = 0;
    for (size_t b = 1; b < dealing->brackets; b++)
        if ((double)(given[b] + 1) / share_of(dealing, b) <
            (double)(given[best] + 1) / share_of(dealing, best))
            best = b;
    return best;
}

/* Of a candidate, new or not. */
static size_t deal(struct dealing *dealing, size_t base, size_t candidate)
{
    if (candidate < dealing->of_count)
        return dealing->of[candidate];
    const size_t end = (base + 1) * dealing->brackets;
    dealing->given =
        memory_grow(dealing->given, &dealing->given_capacity, end, sizeof *dealing->given);
    dealing->of = memory_grow(dealing->of, &dealing->of_capacity, candidate + 1, sizeof(size_t));
    while (dealing->given_count < end)
        dealing->given[dealing->given_count++] = 0;
    size_t *given = dealing->given + base * dealing->brackets;
    const size_t bracket = neediest(dealing, given);
    given[bracket]++;
    return dealing->of[dealing->of_count++] = bracket;
}

static struct rung_set *set_of(struct rungs *rungs, size_t *capacity, size_t number,
                               const struct planned *item, size_t bracket, bool in_order)
{
    if (number == rungs->set_count) {
        rungs->sets = memory_grow(rungs->sets, capacity, number + 1, sizeof *rungs->sets);
        rungs->sets[rungs->set_count++] = (struct rung_set){
            .source = item->source,
            .lambda =
                applies_lambda(&item->configuration) ? item->configuration.lambda : (double)NAN,
            .bracket = bracket,
            .in_order = in_order,
        };
    }
    return &rungs->sets[number];
}

static void find_sets(const struct sweep_file *file, const struct expansion *expansion,
                      size_t brackets, struct rungs *rungs)
{
    struct lookup bases = {0}, candidates = {0}, sets = {0};
    struct dealing dealing = {
        .brackets = brackets, .cuts = rungs->count, .eta = (double)file->halving.eta};
    size_t capacity = 0;
    for (size_t i = 0; i < expansion->count; i++) {
        const struct planned *item = &expansion->items[i];
        const size_t base = set_number(file, item, &bases);
        const size_t candidate = candidate_number(base, &item->configuration, &candidates);
        const size_t key[] = {base, deal(&dealing, base, candidate)};
        struct rung_set *set = set_of(rungs, &capacity, lookup_number(&sets, key, sizeof key), item,
                                      key[1], sweep_file_halves_in_order(file));
        add_item(set, i, candidate);
        if (item->configuration.lambda != set->lambda)
            set->lambda = NAN;
    }
    for (size_t s = 0; s < rungs->set_count; s++)
        number_candidates(&rungs->sets[s]);
    memory_free(dealing.given);
    memory_free(dealing.of);
    lookup_clear(&bases);
    lookup_clear(&sets);
    lookup_clear(&candidates);
}

static void clear_sets(struct rungs *rungs)
{
    for (size_t s = 0; s < rungs->set_count; s++)
        memory_free(rungs->sets[s].members);
    memory_free(rungs->sets);
    rungs->sets = NULL;
    rungs->set_count = 0;
}

/* --- Cuts ---------------------------------------------------------------------------------- */

static int64_t most_epochs(const struct expansion *expansion)
{
    int64_t most = 0;
    for (size_t i = 0; i < expansion->count; i++)
        if (expansion->items[i].configuration.epochs > most)
            most = expansion->items[i].configuration.epochs;
    return most;
}

/* Candidates of the largest set. */
static size_t most_candidates(const struct rungs *rungs)
{
    size_t most = 0;
    for (size_t s = 0; s < rungs->set_count; s++)
        if (rungs->sets[s].candidate_count > most)
            most = rungs->sets[s].candidate_count;
    return most;
}

/* Until there is one candidate left. */
static void find_cuts(const struct sweep_file *file, const struct expansion *expansion,
                      struct rungs *rungs)
{
    const struct halving *halving = &file->halving;
    const struct configuration *any = &expansion->items[0].configuration;
    const int64_t most = most_epochs(expansion);
    size_t capacity = 0, left = most_candidates(rungs);
    for (int64_t epoch = halving->first; epoch < most && left > 1; epoch *= halving->eta) {
        rungs->epochs =
            memory_grow(rungs->epochs, &capacity, rungs->count + 1, sizeof *rungs->epochs);
        rungs->epochs[rungs->count++] = training_recorded(any, epoch);
        left = rungs_kept(left, halving->eta, 0);
        if (epoch > most / halving->eta)
            break;
    }
}

static bool check(const struct sweep_file *file, const struct expansion *expansion,
                  const struct rungs *rungs, struct error *error)
{
    for (size_t s = 0; s < rungs->set_count; s++)
        if (rungs->sets[s].candidate_count > 1)
            return true;
    const bool single = expansion->count <= file->source_count;
    return error_usage(error, "%s: method: %s has no two configurations to compare%s", file->path,
                       file->method->name,
                       single ? "; give lists of values, as in rate: [0.1, 1], or method: grid"
                              : ": cut_by: objective compares those of one lambda; give cut_by: "
                                "heldout_loss with split: 0.2, cut_by: gap, or method: grid");
}

static bool check_brackets(const struct sweep_file *file, const struct rungs *rungs,
                           struct error *error)
{
    return (size_t)file->halving.brackets <= rungs->count ||
           error_usage(error,
                       "%s: brackets: %" PRId64 ": there %s, and each bracket begins with another; "
                       "give at most %zu, a smaller eta or first, or more epochs",
                       file->path, file->halving.brackets,
                       rungs->count == 1 ? "is one cut" : "are fewer cuts", rungs->count);
}

bool rungs_create(const struct sweep_file *file, const struct expansion *expansion,
                  struct rungs *rungs, struct error *error)
{
    *rungs = (struct rungs){0};
    if (!sweep_file_halves(file))
        return true;
    find_sets(file, expansion, 1, rungs);
    find_cuts(file, expansion, rungs);
    if (!check(file, expansion, rungs, error) || !check_brackets(file, rungs, error))
        return false;
    clear_sets(rungs);
    find_sets(file, expansion, (size_t)file->halving.brackets, rungs);
    return true;
}

void rungs_clear(struct rungs *rungs)
{
    clear_sets(rungs);
    memory_free(rungs->epochs);
    *rungs = (struct rungs){0};
}

int64_t rungs_epoch(const struct rungs *rungs, size_t rung)
{
    return rung < rungs->count ? rungs->epochs[rung] : TO_THE_END;
}

/* Of every eta one, rounded up. */
static size_t best_of(size_t candidates, int64_t eta)
{
    return (candidates + (size_t)eta - 1) / (size_t)eta;
}

size_t rungs_kept(size_t candidates, int64_t eta, size_t rung)
{
    for (size_t i = 0; i <= rung; i++)
        candidates = best_of(candidates, eta);
    return candidates;
}

/* The j-th of those at a rung goes on with a chance of ceil(j / eta) / j. */
static size_t kept_in_order(size_t candidates, int64_t eta)
{
    double kept = 0.0;
    for (size_t j = 1; j <= candidates; j++)
        kept += (double)best_of(j, eta) / (double)j;
    return (size_t)lround(kept);
}

size_t rung_set_candidates(const struct rung_set *set, int64_t eta, size_t rung)
{
    size_t left = set->candidate_count;
    for (size_t cut = set->bracket; cut <= rung; cut++)
        left = set->in_order ? kept_in_order(left, eta) : best_of(left, eta);
    return left;
}

size_t rung_set_kept(const struct rung_set *set, int64_t eta, size_t rung)
{
    const double seeds = (double)set->count / (double)set->candidate_count;
    return (size_t)ceil(seeds * (double)rung_set_candidates(set, eta, rung));
}

size_t rungs_left(const struct rungs *rungs, int64_t eta, size_t rung)
{
    size_t left = 0;
    for (size_t s = 0; s < rungs->set_count; s++)
        left += rung_set_kept(&rungs->sets[s], eta, rung);
    return left;
}

double rung_set_work(const struct rungs *rungs, const struct rung_set *set, int64_t eta,
                     const struct expansion *expansion)
{
    int64_t before = 0;
    double work = 0.0, whole = 0.0, kept = (double)set->count;
    for (size_t i = 0; i < set->count; i++)
        whole += (double)expansion->items[set->members[i].item].configuration.epochs;
    const double last = whole / (double)set->count;
    for (size_t rung = 0; rung < rungs->count && (double)rungs->epochs[rung] < last; rung++) {
        work += kept * (double)(rungs->epochs[rung] - before);
        before = rungs->epochs[rung];
        kept = (double)rung_set_kept(set, eta, rung);
    }
    return work + kept * (last - (double)before);
}

/* --- Places -------------------------------------------------------------------------------- */

struct contender {
    double value; /* infinite: it has none */
    size_t candidate;
};

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int candidates_together(const void *a, const void *b)
{
    const struct contender *left = a, *right = b;
    return compare_sizes(left->candidate, right->candidate);
}

static int better_first(const void *a, const void *b)
{
    const struct contender *left = a, *right = b;
    const int order = (left->value > right->value) - (left->value < right->value);
    return order != 0 ? order : compare_sizes(left->candidate, right->candidate);
}

/* One contender for each candidate, with the median over its seeds, in place of one for each
 * configuration; returns how many. */
static size_t merge_seeds(struct contender *contenders, size_t count)
{
    double *values = memory_allocate(count, sizeof *values);
    size_t merged = 0;
    qsort(contenders, count, sizeof *contenders, candidates_together);
    for (size_t i = 0, first = 0; i < count; i++) {
        values[i - first] = contenders[i].value;
        if (i + 1 < count && contenders[i + 1].candidate == contenders[i].candidate)
            continue;
        const double middle = median(values, i + 1 - first);
        contenders[merged++] =
            (struct contender){isnan(middle) ? INFINITY : middle, contenders[i].candidate};
        first = i + 1;
    }
    memory_free(values);
    return merged;
}

void rung_places(const struct rung_set *set, const double *values, const bool *in, size_t *places)
{
    struct contender *contenders = memory_allocate(set->count, sizeof *contenders);
    size_t count = 0;
    memset(places, 0, set->candidate_count * sizeof *places);
    for (size_t i = 0; i < set->count; i++)
        if (in[set->members[i].candidate])
            contenders[count++] = (struct contender){isfinite(values[i]) ? values[i] : INFINITY,
                                                     set->members[i].candidate};
    count = merge_seeds(contenders, count);
    qsort(contenders, count, sizeof *contenders, better_first);
    for (size_t i = 0; i < count; i++)
        places[contenders[i].candidate] = i + 1;
    memory_free(contenders);
}

/* --- Cuts ---------------------------------------------------------------------------------- */

/* The first candidate that is not known to be out, and has no value; candidate_count: none. */
static size_t first_open(const struct rung_set *set, const bool *known,
                         const struct rung_standing *standings)
{
    size_t first = set->candidate_count;
    for (size_t i = 0; i < set->count; i++) {
        const size_t candidate = set->members[i].candidate;
        const int state = (int)standings[candidate].state;
        if (candidate < first && (state == RUNG_OPEN || (state == RUNG_IN && !known[i])))
            first = candidate;
    }
    return first;
}

/* How many of those that were counted have a place up to this one, which is counted from now on: a
 * tree of sums (P. Fenwick, A new data structure for cumulative frequency tables, 1994), its nodes
 * from 1 to `count`. */
static size_t count_place(size_t *tree, size_t count, size_t place)
{
    size_t better = 0;
    for (size_t node = place; node > 0; node &= node - 1)
        better += tree[node];
    for (size_t node = place; node <= count; node += node & (~node + 1))
        tree[node]++;
    return better;
}

/* From places among all to places among those before. */
static void place_in_order(const struct rung_set *set, size_t *places, size_t *among)
{
    size_t *tree = memory_allocate(set->candidate_count + 1, sizeof *tree), there = 0;
    for (size_t c = 0; c < set->candidate_count; c++) {
        if (places[c] == 0)
            continue;
        places[c] = 1 + count_place(tree, set->candidate_count, places[c]);
        among[c] = ++there;
    }
    memory_free(tree);
}

static void place_among_all(const struct rung_set *set, const bool *in, size_t *among)
{
    size_t there = 0;
    for (size_t c = 0; c < set->candidate_count; c++)
        there += in[c];
    for (size_t c = 0; c < set->candidate_count; c++)
        among[c] = there;
}

void rung_decide(const struct rung_set *set, int64_t eta, size_t rung, const double *values,
                 const bool *known, struct rung_standing *standings)
{
    const size_t count = set->candidate_count;
    const size_t open = rung < set->bracket ? 0 : first_open(set, known, standings);
    const size_t decided = set->in_order || open == count ? open : 0;
    bool *in = memory_allocate(count, sizeof *in);
    size_t *places = memory_allocate(count, sizeof *places);
    size_t *among = memory_allocate(count, sizeof *among);
    for (size_t c = 0; c < decided; c++)
        in[c] = standings[c].state == RUNG_IN;
    rung_places(set, values, in, places);
    if (set->in_order)
        place_in_order(set, places, among);
    else
        place_among_all(set, in, among);
    for (size_t c = 0; c < count; c++) {
        struct rung_standing *standing = &standings[c];
        *standing = (struct rung_standing){.state = standing->state, .place = places[c]};
        if (standing->state == RUNG_IN && c < decided) {
            standing->candidates = among[c];
            standing->kept = best_of(among[c], eta);
            standing->state = standing->place <= standing->kept ? RUNG_IN : RUNG_OUT;
        } else if (standing->state == RUNG_IN && rung >= set->bracket) {
            standing->state = RUNG_OPEN;
        }
    }
    memory_free(in);
    memory_free(places);
    memory_free(among);
}
