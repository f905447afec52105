-- A run can go on where it was interrupted: a checkpoint is a row once its files are safe.

ALTER TABLE epochs ADD COLUMN order_sha256 TEXT
    CHECK (length(order_sha256) = 64 AND order_sha256 NOT GLOB '*[^0-9a-f]*');
ALTER TABLE epochs ADD COLUMN state_sha256 TEXT
    CHECK (length(state_sha256) = 64 AND state_sha256 NOT GLOB '*[^0-9a-f]*');

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
    PRIMARY KEY (run_id, number),
    FOREIGN KEY (run_id, stage) REFERENCES stages (run_id, stage),
    CHECK ((best_path IS NULL) = (best_sha256 IS NULL)),
    CHECK ((best_path IS NULL) = (best_bytes IS NULL))
) STRICT, WITHOUT ROWID;
