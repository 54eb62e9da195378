-- SPDX-License-Identifier: MIT
--
-- Turns a store of gd on the kernels fused and blas, on 1, 2, 4 and 8 threads, into a profiled one
-- whose every number is made up: times by the universal scalability law with a best of some 6 to 9
-- threads, phases as shares of them, and ceilings of up to 16 threads. For tests of what is shown.
UPDATE data SET rows = 200000, features = 20;

CREATE TEMP TABLE made AS
SELECT trial.id AS trial, trial.epochs AS epochs, threads AS p, trial.kernel AS kernel, CASE trial.kernel
  WHEN 'fused' THEN 0.008 * (1 + 0.02 * (threads - 1) + 0.012 * threads * (threads - 1))
  ELSE 0.012 * (1 + 0.05 * (threads - 1) + 0.024 * threads * (threads - 1)) END
  / threads * (1 + 0.01 * (repeat - 2)) AS seconds
FROM trial JOIN configuration ON configuration.id = trial.configuration;

UPDATE trial SET
  train_seconds = (SELECT epochs * seconds FROM made WHERE made.trial = trial.id),
  evaluate_seconds = 0.0004 * epochs, record_seconds = 0.0001 * epochs, processors = '0-7';

CREATE TEMP TABLE share (kernel, phase, seconds, flops, bytes);
INSERT INTO share VALUES
  ('fused', 'products', 0.70, 16e6, 32e6), ('fused', 'loss', 0.15, 3.2e6, 1.6e6),
  ('fused', 'reduce', 0.01, 4e3, 32e3), ('fused', 'wait', 0.09, 0, 0), ('fused', 'update', 0.05, 0, 0),
  ('blas', 'forward', 0.45, 8e6, 33.6e6), ('blas', 'loss', 0.10, 3.2e6, 4.8e6),
  ('blas', 'gradient', 0.30, 8e6, 33.6e6), ('blas', 'reduce', 0.01, 4e3, 32e3),
  ('blas', 'wait', 0.10, 0, 0), ('blas', 'update', 0.04, 0, 0);
INSERT INTO phase SELECT trial, phase, share.seconds * epochs * made.seconds, flops * epochs, bytes * epochs
FROM made JOIN share USING (kernel);
INSERT INTO phase SELECT trial, 'record', 0.0001 * epochs, 0, 0 FROM made;

WITH RECURSIVE one(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM one WHERE n < 7)
INSERT INTO phase_thread SELECT trial, n, epochs * seconds * (0.9 - 0.02 * n), epochs * seconds * (0.05 + 0.02 * n)
FROM made JOIN one ON n < p AND p > 1;

-- Only the processor's cycles were counted.
INSERT INTO counter SELECT trial, 'cycles', 3e9 * epochs * seconds * p FROM made;

CREATE TEMP TABLE team (p);
INSERT INTO team VALUES (1), (2), (4), (8), (16);
CREATE TEMP TABLE level (size, level, rate);
INSERT INTO level VALUES (32768, 1, 200e9), (1048576, 2, 100e9), (33600000, 3, 30e9), (536870912, 0, 12e9);
INSERT INTO ceiling SELECT machine.id, p, 'read', size * CASE WHEN level IN (1, 2) THEN p ELSE 1 END, level,
  rate * CASE level WHEN 0 THEN min(p, 3) WHEN 3 THEN min(p, 6) ELSE p END FROM machine, team, level;
INSERT INTO ceiling SELECT machine.id, p, 'gemm', 0, 0, 50e9 * p FROM machine, team;
INSERT INTO ceiling SELECT machine.id, p, 'fork-join', 0, 0, 2e-6 * p FROM machine, team;
INSERT INTO ceiling SELECT machine.id, p, 'barrier', 0, 0, 1e-6 * p FROM machine, team;

INSERT INTO remark SELECT id, 'counters', 'unavailable: <b>no</b> "cache misses" here' FROM machine;
UPDATE trial SET disturbed = '';
