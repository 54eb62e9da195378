# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Stores that say what cannot be, and all that reads them.

# A store with something in every table: profiled trials, solo and side by side, with finals; and a
# shard of the same for merging.
damage_make() # in folder made: made/tiny, made/shards, tiny.yaml
{
    cat >tiny.yaml <<'END'
name: tiny
data: {generate: blobs, rows: 40, features: 3}
runs:
  - {solver: gd, rate: [0.1, 1]}
  - {solver: minibatch, rate: 0.1, batch: 8}
threads: [1, 2]
lambda: 0.01
stop: {epochs: 4}
repeats: 2
finals: 2
binding: none
retries: 0
END
    "$DESCENT" sweep tiny.yaml --results made --quiet >/dev/null
    "$DESCENT" sweep tiny.yaml --results made/shards --shard 1/2 --quiet >/dev/null
    "$DESCENT" sweep tiny.yaml --results made/shards --shard 2/2 --quiet >/dev/null
    sqlite3 made/tiny/store.sqlite "
        PRAGMA journal_mode = DELETE;
        UPDATE trial SET shared = 1, models = 2 WHERE id = 3;
        INSERT OR REPLACE INTO placement VALUES (1, 2, 1, 1, 0.5, 'made');
        INSERT OR REPLACE INTO remark VALUES (1, 'memory', 'one node');
        INSERT OR REPLACE INTO exchange VALUES (1, 2, 2, 64, 1e-6, 1e-6);
        INSERT OR REPLACE INTO ceiling VALUES (1, 1, 'read', 65536, 1, 1e10), (1, 1, 'gemm', 0, 0, 1e10),
            (1, 2, 'read', 65536, 1, 2e10), (1, 2, 'fork-join', 0, 0, 1e-6), (1, 2, 'barrier', 0, 0, 1e-6);
        INSERT OR REPLACE INTO phase SELECT id, 'gradient', 1e-5, 1e3, 1e3 FROM trial;
        INSERT OR REPLACE INTO phase_thread SELECT id, 0, 1e-5, 1e-6 FROM trial;
        INSERT OR REPLACE INTO rung VALUES (1, 1, 1, 'objective', 0.5, 1, 1, 1, 1, 'on');
        INSERT OR REPLACE INTO counter SELECT id, 'cycles', 1e4 FROM trial;" >/dev/null
    cp made/shards/tiny/shard-1-of-2/store.sqlite shard.sqlite
    sqlite3 shard.sqlite 'PRAGMA journal_mode = DELETE;' >/dev/null
}

# "TABLE COLUMN" of each column.
damage_columns() # STORE
{
    sqlite3 -separator ' ' "$1" "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid"
}

# Changes a store behind its back. What the file cannot hold, because a key or NOT NULL is in the
# way, is no damage: false then.
damage_apply() # STORE SQL
{
    sqlite3 "$1" "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; $2" >/dev/null 2>&1
}
