-- The checks of a run's split for leaks, made before the run. Schemas 1 and 2 have them as texts in provenance (split.*).

CREATE TABLE split_checks (
    run_id  TEXT NOT NULL REFERENCES runs (id),
    name    TEXT NOT NULL CHECK (name <> ''),
    verdict TEXT NOT NULL CHECK (verdict IN ('clean', 'doubt', 'leak', 'not_checked')),
    text    TEXT NOT NULL,
    record  INTEGER NOT NULL CHECK (record >= 0),
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;
