"""The comparison of the stages of a spec, computed from its ledger with scipy, in another way than the tool.

    compare.py LEDGER NAME FIRST SECOND OUTPUT

Writes JSON: the accuracies per seed, the test of Obuchowski and Rockette, Obuchowski's test per seed, the exact sign flip
over patients and the t tests over patients and over seeds.
"""

import itertools
import json
import sqlite3
import sys

import numpy as np
from scipy import stats


def correct(ledger, name, stage):
    """Per seed: {image: (patient, is correct)}, pooled over folds."""
    rows = ledger.execute(
        """select r.seed, i.path, i.patient, i.class, p.probabilities from runs r
        join predictions p on p.run_id = r.id join images i on i.run_id = r.id and i.image = p.image
        where r.name = ? and p.stage = ?""",
        (name, stage),
    )
    seeds = {}
    for seed, path, patient, truth, probabilities in rows:
        seeds.setdefault(seed, {})[path] = (patient, int(np.argmax(json.loads(probabilities)) == truth))
    return seeds


def sign_flip(differences):
    """The distribution of the sum, by convolution of the two ways of each patient."""
    moving = [abs(d) for d in differences if d != 0]
    ways = np.array([1], dtype=object)
    for d in moving:
        kernel = np.zeros(2 * d + 1, dtype=object)
        kernel[0] += 1
        kernel[-1] += 1
        ways = np.convolve(ways, kernel)
    reach = sum(moving)
    return float(sum(w for s, w in zip(range(-reach, reach + 1), ways) if abs(s) >= abs(sum(differences)))) / 2 ** len(moving)


def main(path, name, first, second, output):
    stages = (first, second)
    ledger = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    both = [correct(ledger, name, stage) for stage in stages]
    seeds = sorted(both[0])
    images = sorted(both[0][seeds[0]])
    patients = sorted({both[0][seeds[0]][image][0] for image in images})
    owner = np.array([patients.index(both[0][seeds[0]][image][0]) for image in images])
    right = np.array([[[b[seed][image][1] for image in images] for seed in seeds] for b in both])
    size = np.bincount(owner)
    accuracy = right.mean(axis=2)
    without = np.array([[[r[owner != k].mean() for k in range(len(patients))] for r in b] for b in right])
    k, r = len(patients), len(seeds)
    flat = without.reshape(2 * r, k)
    covariance = np.cov(flat) * (k - 1) ** 2 / k
    pairs = list(itertools.permutations(range(r), 2))
    same = np.mean([covariance[t * r + a, t * r + b] for t in (0, 1) for a, b in pairs])
    other = np.mean([covariance[a, r + b] for a, b in pairs])
    difference = accuracy[1] - accuracy[0]
    interaction = difference.var(ddof=1) / 2
    denominator = interaction + r * max(0, same - other)
    df = denominator**2 / (interaction**2 / (r - 1))
    error = np.sqrt(2 * denominator / r)
    half = stats.t.ppf(0.975, df) * error
    table = np.array([[np.bincount(owner, right[1, s] - right[0, s]) for s in range(r)]])[0]
    total = table.sum(axis=0)
    chi = [(k - 1) / k * t.sum() ** 2 / (t**2).sum() for t in table]
    with open(output, "w", encoding="utf-8") as file:
        json.dump(
            {
                "first": list(accuracy[0]),
                "second": list(accuracy[1]),
                "difference": difference.mean(),
                "p": 2 * stats.t.sf(abs(difference.mean() / error), df),
                "interval": [difference.mean() - half, difference.mean() + half],
                "obuchowski": list(stats.chi2.sf(chi, 1)),
                "sign_flip": sign_flip([int(t) for t in total]),
                "over_patients": stats.ttest_1samp(total / (size * r), 0).pvalue,
                "over_seeds": stats.ttest_rel(accuracy[1], accuracy[0]).pvalue,
            },
            file,
        )


main(*sys.argv[1:])
