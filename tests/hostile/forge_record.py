"""Changes a value in a run's record file and makes all hashes fit again, as somebody who makes a record can.

forge_record.py HOME KIND WHERE COLUMN VALUE: in the first record of this kind that contains the text WHERE, sets the
column to the JSON value. HOME must have no other ledger.db than one that is rebuilt afterwards.
"""

import glob
import hashlib
import json
import sys

home, kind, where, column, value = sys.argv[1:]
files = glob.glob(f"{home}/runs/*/record.jsonl") + [f"{home}/runs/ledger.jsonl"]


def text(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sha256(of):
    return hashlib.sha256(of.encode()).hexdigest()


def raw(line):
    """The record as it is written: Python would write other digits."""
    start = line.index('"record":') + len('"record":')
    return line[start:-1]


forged = False
entries = []
for file in files:
    before = "0" * 64
    for line in open(file, encoding="utf-8").read().splitlines():
        outer, record = json.loads(line), raw(line)
        if not forged and f'"kind":"{kind}"' in record and where in record:
            at = record.index(f'"{column}":') + len(column) + 3
            end = min(record.index(sign, at) for sign in ",}" if sign in record[at:])
            record, forged = record[:at] + value + record[end:], True
        at = record.index('"before":"') + len('"before":"')
        record = record[:at] + before + record[at + 64 :]
        before = sha256(record)
        number = json.loads(record)["number"]
        entries.append((outer["ledger"], file, before, number, json.loads(record)["run"], record))

assert forged, "no such record"
head = "0" * 64
written = {file: [] for file in files}
for ledger, file, record_hash, number, run, record in sorted(entries):
    head = sha256(text({"before": head, "hash": record_hash, "number": ledger, "record": number, "run": run}))
    written[file].append(f'{{"hash":"{record_hash}","head":"{head}","ledger":{ledger},"record":{record}}}\n')

for file, texts in written.items():
    open(file, "w", encoding="utf-8").write("".join(texts))
