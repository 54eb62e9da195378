/* SPDX-License-Identifier: MIT
 *
 * What report/halved.h computes, as JSON.
 */
#include "report/page/page_halving.h"

#include "report/halved.h"
#include "store/json_value.h"

#include <math.h>

/* The row of an outcome; null: there is none. */
static json_t *row_json(const struct results *results, const struct outcome *outcome)
{
    return outcome != NULL ? json_value_integer(outcome - results->outcomes) : json_null();
}

static json_t *rung_json(const struct rung_counts *rung)
{
    json_t *object = json_value_object();
    json_value_set(object, "epoch", json_value_integer(rung->epoch));
    json_value_set(object, "compared", json_value_integer((int64_t)rung->trained));
    for (int fate = 0; fate < RUNG_FATES; fate++)
        json_value_set(object, rung_fate_name((enum rung_fate)fate),
                       json_value_integer((int64_t)rung->fates[fate]));
    json_value_set(object, "best", json_value_real(rung->best));
    json_value_set(object, "last_on", json_value_real(rung->last));
    json_value_set(object, "best_cut", json_value_real(rung->cut));
    return object;
}

static json_t *rival_json(const struct results *results, const struct rival *rival)
{
    json_t *object = json_value_object();
    json_value_set(object, "epoch", json_value_integer(rival->epoch));
    json_value_set(object, "known", json_value_integer((int64_t)rival->known));
    json_value_set(object, "work", json_value_real(rival->work));
    json_value_set(object, "chosen", row_json(results, rival->chosen));
    json_value_set(object, "ended", json_boolean(rival->ended));
    json_value_set(object, "value", json_value_real(rival->value));
    json_value_set(object, "affordable", json_boolean(rival->affordable));
    return object;
}

static json_t *pool_json(const struct results *results, const struct halved_pool *pool)
{
    json_t *object = json_value_object(), *rungs = json_value_array();
    const struct rival *rival = halved_rival(pool);
    for (size_t r = 0; r < pool->rung_count; r++)
        json_value_append(rungs, rung_json(&pool->rungs[r]));
    json_value_set(object, "section", json_value_integer((int64_t)pool->section));
    json_value_set(object, "configurations", json_value_integer((int64_t)pool->count));
    json_value_set(object, "bracket", json_value_integer(pool->bracket));
    json_value_set(object, "rungs", rungs);
    json_value_set(object, "winner", row_json(results, pool->winner));
    json_value_set(object, "value", json_value_real(pool->value));
    json_value_set(object, "work", json_value_real(pool->work));
    json_value_set(object, "whole", json_value_real(pool->whole));
    json_value_set(object, "finals", json_value_integer((int64_t)pool->final_count));
    json_value_set(object, "fastest", row_json(results, pool->fastest));
    json_value_set(object, "seconds",
                   json_value_real(pool->fastest != NULL ? pool->seconds : (double)NAN));
    json_value_set(object, "rival", rival != NULL ? rival_json(results, rival) : json_null());
    return object;
}

bool page_add_halving(json_t *data, const struct opened_store *opened, struct error *error)
{
    struct halved halved;
    bool done = halved_read(opened->store, &opened->results, &halved, error);
    json_t *object = json_null();
    if (done && halved.count > 0) {
        json_t *pools = json_value_array();
        for (size_t p = 0; p < halved.count; p++)
            json_value_append(pools, pool_json(&opened->results, &halved.pools[p]));
        object = json_value_object();
        json_value_set(object, "criterion", json_value_text(halved.criterion->entry.name));
        json_value_set(object, "in_order", json_boolean(halved.in_order));
        json_value_set(object, "brackets", json_boolean(halved.brackets));
        json_value_set(object, "pools", pools);
    }
    json_value_set(data, "halving", object);
    halved_clear(&halved);
    return done;
}
