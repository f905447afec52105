-- Rows are added and never changed: where a run stands is its last row in run_states.

CREATE TABLE runs (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE CHECK (length(id) = 10 AND id NOT GLOB '*[^0-9a-f]*'),
    name        TEXT NOT NULL CHECK (name <> ''),
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64 AND fingerprint NOT GLOB '*[^0-9a-f]*'),
    seed        INTEGER NOT NULL,
    spec_file   TEXT NOT NULL,
    spec_hash   TEXT NOT NULL CHECK (length(spec_hash) = 64 AND spec_hash NOT GLOB '*[^0-9a-f]*'),
    spec        TEXT NOT NULL CHECK (json_valid(spec)),
    plan        TEXT NOT NULL CHECK (json_valid(plan)),
    started_at  TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??Z')
) STRICT;

CREATE INDEX runs_by_name ON runs (name);
CREATE INDEX runs_by_fingerprint ON runs (fingerprint);
CREATE INDEX runs_by_start ON runs (started_at);

CREATE TABLE run_states (
    run_id          TEXT NOT NULL REFERENCES runs (id),
    number          INTEGER NOT NULL CHECK (number >= 0),
    state           TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'interrupted')),
    at              TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z'),
    failure         TEXT,
    process_id      INTEGER,
    process_started TEXT,
    machine         TEXT,
    PRIMARY KEY (run_id, number),
    CHECK (state <> 'failed' OR failure IS NOT NULL),
    CHECK (failure IS NULL OR state IN ('failed', 'interrupted')),
    CHECK ((state = 'running') = (process_id IS NOT NULL)),
    CHECK ((state = 'running') = (process_started IS NOT NULL)),
    CHECK ((state = 'running') = (machine IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE choices (
    run_id TEXT NOT NULL REFERENCES runs (id),
    number INTEGER NOT NULL CHECK (number >= 0),
    path   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE provenance (
    run_id TEXT NOT NULL REFERENCES runs (id),
    name   TEXT NOT NULL CHECK (name <> ''),
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE classes (
    run_id TEXT NOT NULL REFERENCES runs (id),
    class  INTEGER NOT NULL CHECK (class >= 0),
    name   TEXT NOT NULL,
    PRIMARY KEY (run_id, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
    run_id        TEXT NOT NULL REFERENCES runs (id),
    image         INTEGER NOT NULL CHECK (image >= 0),
    path          TEXT NOT NULL CHECK (path <> ''),
    sha256        TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    class         INTEGER NOT NULL,
    patient       TEXT NOT NULL,
    subtype       TEXT NOT NULL,
    magnification INTEGER NOT NULL CHECK (magnification IN (0, 40, 100, 200, 400)),
    side          TEXT NOT NULL CHECK (side IN ('train', 'validation')),
    PRIMARY KEY (run_id, image),
    FOREIGN KEY (run_id, class) REFERENCES classes (run_id, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE stages (
    run_id     TEXT NOT NULL REFERENCES runs (id),
    stage      TEXT NOT NULL CHECK (stage <> ''),
    number     INTEGER NOT NULL CHECK (number >= 0),
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??Z'),
    PRIMARY KEY (run_id, stage),
    UNIQUE (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE features (
    run_id     TEXT NOT NULL,
    stage      TEXT NOT NULL,
    key        TEXT NOT NULL,
    from_cache INTEGER NOT NULL CHECK (from_cache IN (0, 1)),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    PRIMARY KEY (run_id, stage),
    FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, stage)
) STRICT, WITHOUT ROWID;

-- A loss that is NULL where its accuracy is not was not a number.
CREATE TABLE epochs (
    run_id                       TEXT NOT NULL,
    stage                        TEXT NOT NULL,
    epoch                        INTEGER NOT NULL CHECK (epoch >= 0),
    train_loss                   REAL,
    train_accuracy               REAL CHECK (train_accuracy BETWEEN 0 AND 1),
    train_macro_f1               REAL CHECK (train_macro_f1 BETWEEN 0 AND 1),
    train_balanced_accuracy      REAL CHECK (train_balanced_accuracy BETWEEN 0 AND 1),
    validation_loss              REAL,
    validation_accuracy          REAL NOT NULL CHECK (validation_accuracy BETWEEN 0 AND 1),
    validation_macro_f1          REAL NOT NULL CHECK (validation_macro_f1 BETWEEN 0 AND 1),
    validation_balanced_accuracy REAL NOT NULL CHECK (validation_balanced_accuracy BETWEEN 0 AND 1),
    learning_rate                REAL NOT NULL CHECK (learning_rate >= 0),
    seconds                      REAL NOT NULL CHECK (seconds >= 0),
    images_per_second            REAL NOT NULL CHECK (images_per_second >= 0),
    is_best                      INTEGER NOT NULL CHECK (is_best IN (0, 1)),
    PRIMARY KEY (run_id, stage, epoch),
    FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, stage),
    CHECK ((train_accuracy IS NULL) = (train_macro_f1 IS NULL)),
    CHECK ((train_accuracy IS NULL) = (train_balanced_accuracy IS NULL)),
    CHECK (train_loss IS NULL OR train_accuracy IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE stage_ends (
    run_id            TEXT NOT NULL,
    stage             TEXT NOT NULL,
    ended_at          TEXT NOT NULL CHECK (ended_at GLOB '????-??-??T??:??:??Z'),
    kept_epoch        INTEGER NOT NULL CHECK (kept_epoch >= 0),
    stopped_early     INTEGER NOT NULL CHECK (stopped_early IN (0, 1)),
    loss              REAL,
    accuracy          REAL NOT NULL CHECK (accuracy BETWEEN 0 AND 1),
    macro_f1          REAL NOT NULL CHECK (macro_f1 BETWEEN 0 AND 1),
    balanced_accuracy REAL NOT NULL CHECK (balanced_accuracy BETWEEN 0 AND 1),
    PRIMARY KEY (run_id, stage),
    FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE predictions (
    run_id        TEXT NOT NULL,
    stage         TEXT NOT NULL,
    image         INTEGER NOT NULL,
    truth         INTEGER NOT NULL,
    predicted     INTEGER NOT NULL,
    patient       TEXT NOT NULL,
    probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
    PRIMARY KEY (run_id, stage, image),
    FOREIGN KEY (run_id, stage) REFERENCES stage_ends (run_id, stage),
    FOREIGN KEY (run_id, image) REFERENCES images (run_id, image),
    FOREIGN KEY (run_id, truth) REFERENCES classes (run_id, class),
    FOREIGN KEY (run_id, predicted) REFERENCES classes (run_id, class)
) STRICT, WITHOUT ROWID;

-- A file that is written anew has a row for each time; the one with the highest number is the file as it stands.
CREATE TABLE artifacts (
    run_id TEXT NOT NULL,
    path   TEXT NOT NULL CHECK (path <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    stage  TEXT NOT NULL,
    name   TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    bytes  INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (run_id, path, number),
    FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, stage)
) STRICT, WITHOUT ROWID;

-- One line a run: where it stands, and the scores that the last ended stage kept.
CREATE VIEW run_summary AS
SELECT
    runs.number,
    runs.id,
    runs.name,
    run_states.state,
    runs.seed,
    runs.fingerprint,
    runs.started_at,
    CASE WHEN run_states.state <> 'running' THEN run_states.at END AS ended_at,
    run_states.failure,
    (SELECT stage FROM stages WHERE run_id = runs.id ORDER BY number DESC LIMIT 1) AS last_stage,
    stage_ends.stage AS last_ended_stage,
    stage_ends.loss,
    stage_ends.accuracy,
    stage_ends.macro_f1,
    stage_ends.balanced_accuracy,
    run_states.process_id,
    run_states.process_started,
    run_states.machine
FROM runs
JOIN run_states
    ON run_states.run_id = runs.id
    AND run_states.number = (SELECT max(number) FROM run_states WHERE run_id = runs.id)
LEFT JOIN stage_ends
    ON stage_ends.run_id = runs.id
    AND stage_ends.stage = (
        SELECT stages.stage
        FROM stages
        JOIN stage_ends AS ended ON ended.run_id = stages.run_id AND ended.stage = stages.stage
        WHERE stages.run_id = runs.id
        ORDER BY stages.number DESC
        LIMIT 1
    );
