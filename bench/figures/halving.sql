-- SPDX-License-Identifier: MIT
--
-- For each lambda a row: the optimum, and relative gaps (F - F*) / F* at the end of the best of the
-- whole grid, of the winner of halving, and of the baseline: the one that is the best of all of the
-- grid after `afford` epochs, trained to its end. The store is that of halving; the grid's is
-- attached as `whole`; `afford` is a table of one number.
WITH
ended AS (
    SELECT c.lambda AS lambda, t.status AS status, t.objective AS objective
    FROM trial t JOIN configuration c ON c.id = t.configuration
),
grid AS (
    SELECT t.id AS id, c.lambda AS lambda, t.status AS status, t.objective AS objective
    FROM whole.trial t JOIN whole.configuration c ON c.id = t.configuration
),
-- The last recorded epoch that can be paid for.
epochs AS (
    SELECT max(epoch) AS epoch FROM whole.trace WHERE epoch <= (SELECT epochs FROM afford)
),
early AS (
    SELECT lambda, objective, min(value) FROM (
        SELECT g.lambda AS lambda, g.objective AS objective, x.objective AS value
        FROM grid g JOIN whole.trace x ON x.trial = g.id JOIN epochs e ON x.epoch = e.epoch
        WHERE x.objective IS NOT NULL)
    GROUP BY lambda
)
SELECT o.lambda, o.objective,
       ((SELECT min(objective) FROM grid g WHERE g.lambda = o.lambda AND g.status <> 'diverged') - o.objective) / o.objective,
       ((SELECT min(objective) FROM ended h WHERE h.lambda = o.lambda AND h.status NOT IN ('cut', 'diverged', 'failed')) - o.objective) / o.objective,
       (e.objective - o.objective) / o.objective,
       (SELECT epoch FROM epochs)
FROM whole.optimum o JOIN early e ON e.lambda = o.lambda
WHERE o.status = 'found' ORDER BY o.lambda;
