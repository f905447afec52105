"""Compares the last run of two ledgers: plan, states after each epoch, predictions, files. Usage: same_bits.py A B"""

import sqlite3
import sys

QUERIES = {
    "fingerprint": "SELECT fingerprint FROM runs WHERE id = ?",
    "state": "SELECT state FROM run_summary WHERE id = ?",
    "features": "SELECT sha256 FROM features WHERE run_id = ?",
    "states after epochs": "SELECT stage, epoch, state_sha256, train_loss, validation_loss FROM epochs WHERE run_id = ? ORDER BY 1, 2",
    "predictions": "SELECT stage, image, probabilities FROM predictions WHERE run_id = ? ORDER BY 1, 2",
    "files": "SELECT path, sha256, max(number) FROM artifacts WHERE run_id = ? AND path NOT LIKE '%trace%' GROUP BY path ORDER BY path",
}


def last_run(path):
    database = sqlite3.connect(path)
    run = database.execute("SELECT id FROM runs ORDER BY number DESC LIMIT 1").fetchone()[0]
    return {name: database.execute(query, [run]).fetchall() for name, query in QUERIES.items()}


first, second = last_run(sys.argv[1]), last_run(sys.argv[2])
different = [name for name in QUERIES if first[name] != second[name]]
for name in QUERIES:
    print(f"{name}: {'different' if name in different else 'the same'} ({len(first[name])})")
sys.exit(bool(different) or not first["predictions"])
