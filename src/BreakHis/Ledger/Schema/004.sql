-- Images kept apart from training and from every choice, and what each stage's kept weights came to on them.

CREATE TABLE test_images (
    run_id        TEXT NOT NULL REFERENCES runs (id),
    image         INTEGER NOT NULL CHECK (image >= 0),
    path          TEXT NOT NULL CHECK (path <> ''),
    sha256        TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    class         INTEGER NOT NULL,
    patient       TEXT NOT NULL,
    subtype       TEXT NOT NULL,
    magnification INTEGER NOT NULL CHECK (magnification IN (0, 40, 100, 200, 400)),
    record        INTEGER NOT NULL CHECK (record >= 0),
    PRIMARY KEY (run_id, image),
    FOREIGN KEY (run_id, class) REFERENCES classes (run_id, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE test_scores (
    run_id            TEXT NOT NULL,
    stage             TEXT NOT NULL,
    loss              REAL,
    accuracy          REAL NOT NULL CHECK (accuracy BETWEEN 0 AND 1),
    macro_f1          REAL NOT NULL CHECK (macro_f1 BETWEEN 0 AND 1),
    balanced_accuracy REAL NOT NULL CHECK (balanced_accuracy BETWEEN 0 AND 1),
    record            INTEGER NOT NULL CHECK (record >= 0),
    PRIMARY KEY (run_id, stage),
    FOREIGN KEY (run_id, stage) REFERENCES stage_ends (run_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE test_predictions (
    run_id        TEXT NOT NULL,
    stage         TEXT NOT NULL,
    image         INTEGER NOT NULL,
    truth         INTEGER NOT NULL,
    predicted     INTEGER NOT NULL,
    patient       TEXT NOT NULL,
    probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
    record        INTEGER NOT NULL CHECK (record >= 0),
    PRIMARY KEY (run_id, stage, image),
    FOREIGN KEY (run_id, stage) REFERENCES test_scores (run_id, stage),
    FOREIGN KEY (run_id, image) REFERENCES test_images (run_id, image),
    FOREIGN KEY (run_id, truth) REFERENCES classes (run_id, class),
    FOREIGN KEY (run_id, predicted) REFERENCES classes (run_id, class)
) STRICT, WITHOUT ROWID;

-- The images of every side.
CREATE VIEW all_images AS
SELECT run_id, image, path, sha256, class, patient, subtype, magnification, side FROM images
UNION ALL
SELECT run_id, image, path, sha256, class, patient, subtype, magnification, 'test' FROM test_images;
