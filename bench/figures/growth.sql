-- SPDX-License-Identifier: MIT
--
-- Multiplies the store of bench/figures/growth.sh: want(shape, size) says into what. Of the two trials there are
-- (1 and 2, one of each side) copies are made: of `repeats`, `seeds`, `finals`, `batched`, `profiled` and
-- `configurations` so many that there are `size` trials, of `data-sets` and `lambdas` so many that
-- there are `size` problems. Numbers are those of the trial copied; times differ a little, as times do.
PRAGMA synchronous = off;
PRAGMA foreign_keys = off;
BEGIN;

CREATE TEMP TABLE copy AS
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number
  WHERE i < (SELECT CASE WHEN shape IN ('data-sets', 'lambdas') THEN size ELSE size / 2 END FROM want))
SELECT i FROM number;
CREATE TEMP TABLE is_of AS SELECT shape IN ('repeats', 'finals') AS one_configuration,
  shape = 'data-sets' AS many_sets, shape AS shape FROM want;

-- Data sets, and what is known of the problems.
INSERT INTO data (id, description, digest, rows, features, class_0, class_1)
SELECT 1 + i, 'set-' || i || '.csv', printf('%032x', i), rows, features, class_0, class_1
FROM copy, data, is_of WHERE data.id = 1 AND many_sets;
INSERT INTO optimum (digest, lambda, status, objective, gradient_norm, bound, steps, seconds, reason)
SELECT printf('%032x', i), lambda, status, objective, gradient_norm, bound, steps, seconds, reason FROM copy, optimum, is_of WHERE many_sets;
INSERT OR IGNORE INTO optimum (digest, lambda, status, objective, gradient_norm, bound, steps, seconds, reason)
SELECT digest, i * 1e-6, status, objective, gradient_norm, bound, steps, seconds, reason FROM copy, optimum, is_of WHERE shape = 'lambdas';

-- Configurations: 2 i + 1 and 2 i + 2 are copies of 1 and 2, in the plan in their place.
CREATE TEMP TABLE grown AS SELECT * FROM configuration;
DELETE FROM plan WHERE (SELECT NOT one_configuration FROM is_of);
CREATE TEMP TABLE made AS SELECT i, grown.*, shape, many_sets FROM copy, grown, is_of WHERE NOT one_configuration;
UPDATE made SET id = 2 * i + id, key = printf('%032x', 2 * i + id);
UPDATE made SET data = 1 + i WHERE many_sets;
UPDATE made SET lambda = i * 1e-6 WHERE shape = 'lambdas';
UPDATE made SET seed = i WHERE shape = 'seeds';
UPDATE made SET rate = rate * (1 + i * 1e-6) WHERE shape IN ('configurations', 'batched', 'profiled');
INSERT INTO plan (position, configuration) SELECT id - 2, id FROM made;
ALTER TABLE made DROP COLUMN i;
ALTER TABLE made DROP COLUMN shape;
ALTER TABLE made DROP COLUMN many_sets;
INSERT INTO configuration SELECT * FROM made;

-- Trials: likewise 2 i + 1 and 2 i + 2.
CREATE TEMP TABLE run AS SELECT i, trial.*, shape, one_configuration FROM copy, trial, is_of;
UPDATE run SET id = 2 * i + id, train_seconds = train_seconds * (1 + (i * 7 % 13) * 1e-3);
UPDATE run SET configuration = 2 * i + configuration WHERE NOT one_configuration;
UPDATE run SET repeat = i WHERE one_configuration;
UPDATE run SET final = 1 WHERE shape = 'finals';
UPDATE run SET models = 64, shared = 1 + i / 64 WHERE shape = 'batched';
INSERT INTO trace (trial, epoch, seconds, loss, objective, gradient_norm, accuracy, heldout_loss, heldout_accuracy)
SELECT 2 * i + trial, epoch, trace.seconds * (1 + (i * 7 % 13) * 1e-3), loss, objective, gradient_norm, accuracy,
  heldout_loss, heldout_accuracy FROM copy, trace;
INSERT INTO phase (trial, phase, seconds, flops, bytes)
SELECT 2 * i + trial.id, value, train_seconds / 3, 1e4, 1e4
FROM copy, trial, is_of, json_each('["forward", "gradient", "update"]') WHERE shape = 'profiled';

-- The trials that were copied stay only where their configurations are still asked for.
DELETE FROM trial WHERE (SELECT shape <> 'finals' FROM is_of);
ALTER TABLE run DROP COLUMN i;
ALTER TABLE run DROP COLUMN shape;
ALTER TABLE run DROP COLUMN one_configuration;
INSERT INTO trial SELECT * FROM run;
INSERT INTO finalist (final, configuration) SELECT 1, configuration.id FROM configuration, is_of WHERE shape = 'finals';
UPDATE sweep SET repeats = (SELECT size / 2 FROM want) WHERE (SELECT shape = 'repeats' FROM is_of);
UPDATE sweep SET finals = (SELECT size / 2 FROM want) WHERE (SELECT shape = 'finals' FROM is_of);
COMMIT;
