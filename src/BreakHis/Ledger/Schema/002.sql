-- A run can go on where it was interrupted: a checkpoint is a row once its files are safe.
-- Every row belongs to a record, and every record carries the hash of the one before it.

ALTER TABLE epochs ADD COLUMN order_sha256 TEXT
    CHECK (length(order_sha256) = 64 AND order_sha256 NOT GLOB '*[^0-9a-f]*');
ALTER TABLE epochs ADD COLUMN state_sha256 TEXT
    CHECK (length(state_sha256) = 64 AND state_sha256 NOT GLOB '*[^0-9a-f]*');

-- The record that wrote the row, within its run's chain. The rows of schema 1 are all of their run's record 0.
ALTER TABLE runs ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE run_states ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE choices ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE provenance ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE classes ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE images ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE stages ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE features ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE epochs ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE stage_ends ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE predictions ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);
ALTER TABLE artifacts ADD COLUMN record INTEGER NOT NULL DEFAULT 0 CHECK (record >= 0);

CREATE TABLE checkpoints (
    run_id      TEXT NOT NULL,
    number      INTEGER NOT NULL CHECK (number >= 0),
    stage       TEXT NOT NULL,
    epoch       INTEGER NOT NULL CHECK (epoch >= 0),
    step        INTEGER NOT NULL CHECK (step >= 0),
    path        TEXT NOT NULL CHECK (path <> ''),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    bytes       INTEGER NOT NULL CHECK (bytes >= 0),
    best_path   TEXT CHECK (best_path <> ''),
    best_sha256 TEXT CHECK (length(best_sha256) = 64 AND best_sha256 NOT GLOB '*[^0-9a-f]*'),
    best_bytes  INTEGER CHECK (best_bytes >= 0),
    record      INTEGER NOT NULL CHECK (record >= 0),
    PRIMARY KEY (run_id, number),
    FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, stage),
    CHECK ((best_path IS NULL) = (best_sha256 IS NULL)),
    CHECK ((best_path IS NULL) = (best_bytes IS NULL))
) STRICT, WITHOUT ROWID;

-- What was noted of a run afterwards, or of the ledger itself (run_id 'ledger'): names and values of one record.
CREATE TABLE notes (
    run_id TEXT NOT NULL,
    record INTEGER NOT NULL CHECK (record >= 0),
    name   TEXT NOT NULL CHECK (name <> ''),
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, record, name),
    FOREIGN KEY (run_id, record) REFERENCES records (run_id, record) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- What one transaction wrote. hash is over its rows and the run's record before, head over hash and the ledger's record
-- before; marks are short checksums of the rows, by which an edited one is named.
CREATE TABLE records (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    run_id TEXT NOT NULL CHECK (run_id = 'ledger' OR (length(run_id) = 10 AND run_id NOT GLOB '*[^0-9a-f]*')),
    record INTEGER NOT NULL CHECK (record >= 0),
    kind   TEXT NOT NULL CHECK (kind <> ''),
    hash   TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    head   TEXT NOT NULL CHECK (length(head) = 64 AND head NOT GLOB '*[^0-9a-f]*'),
    marks  TEXT NOT NULL CHECK (json_valid(marks)),
    UNIQUE (run_id, record)
) STRICT;

-- The ledger's chain, without the marks.
CREATE VIEW chain AS
SELECT number, run_id, record, kind, hash, head FROM records;

-- The curves, with the run's name and seed.
CREATE VIEW epochs_by_run AS
SELECT runs.number, runs.name, runs.seed, epochs.* FROM epochs JOIN runs ON runs.id = epochs.run_id;

-- One line a run and ended stage: what the kept weights came to, on how many images.
CREATE VIEW kept_scores AS
SELECT
    runs.number,
    runs.id,
    runs.name,
    runs.seed,
    stage_ends.stage,
    stage_ends.kept_epoch,
    stage_ends.loss,
    stage_ends.accuracy,
    stage_ends.macro_f1,
    stage_ends.balanced_accuracy,
    (
        SELECT count(*) FROM predictions
        WHERE predictions.run_id = stage_ends.run_id AND predictions.stage = stage_ends.stage
    ) AS images
FROM stage_ends
JOIN runs ON runs.id = stage_ends.run_id;
