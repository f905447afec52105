"""The comparison of the stages of a spec, computed from its ledger with scipy, in another way than the tool.

    compare.py LEDGER NAME FIRST SECOND OUTPUT

Writes JSON: the accuracies per seed, the test of Obuchowski and Rockette, the interval for equivalence, Obuchowski's test
per seed, the exact sign flip over patients, the t tests over patients and over seeds, how many patients and seeds it would
take, and the metrics with their jackknife intervals.
"""

import itertools
import json
import sqlite3
import sys

import numpy as np
from scipy import optimize, stats


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
        p = np.array(json.loads(probabilities), dtype=np.float32).astype(float)
        seeds.setdefault(seed, {})[path] = (patient, int(np.argmax(p) == truth), truth, p)
    return seeds


def metrics(owner, truth, p):
    """The metrics of two classes, the second one positive, in the order of the tool."""
    predicted = p.argmax(axis=1)
    right = predicted == truth
    recalls = [right[truth == c].mean() for c in (0, 1)]
    hits = [(right & (truth == c)).sum() for c in (0, 1)]
    f1 = [2 * hits[c] / ((truth == c).sum() + (predicted == c).sum()) for c in (0, 1)]
    positive = p[:, 1]
    ranks = stats.rankdata(positive)
    n = (truth == 1).sum()
    order = np.argsort(-positive, kind="stable")
    found = np.cumsum(truth[order] == 1)
    ends = np.append(np.diff(positive[order]) != 0, True)
    precision = found[ends] / (np.flatnonzero(ends) + 1)
    confidence = p.max(axis=1)
    bins = np.minimum((confidence * 15).astype(int), 14)
    return np.array(
        [
            right.mean(),
            np.mean(recalls),
            np.mean(f1),
            np.mean([right[owner == k].mean() for k in np.unique(owner)]),
            (positive[truth == 1] >= 0.5).mean(),
            (positive[truth == 0] < 0.5).mean(),
            (ranks[truth == 1].sum() - n * (n + 1) / 2) / (n * (len(truth) - n)),
            (np.diff(found[ends], prepend=0) / n * precision).sum(),
            sum(abs((confidence - right)[bins == b].sum()) for b in range(15)) / len(truth),
            ((p - np.eye(2)[truth]) ** 2).sum(axis=1).mean(),
        ]
    )


def with_intervals(owner, truth, p):
    """Mean over seeds of each metric and the half width of its interval: for both configurations and the difference."""
    patients = np.unique(owner)

    def means(kept):
        both = np.array([[metrics(owner[kept], truth[kept], q[kept]) for q in seeds] for seeds in p]).mean(axis=1)
        return np.array([both[0], both[1], both[1] - both[0]])

    without = np.array([means(owner != k) for k in patients])
    k = len(patients)
    error = np.sqrt(without.var(axis=0) * (k - 1))
    return means(np.full(len(owner), True)).tolist(), (stats.t.ppf(0.975, k - 1) * error).tolist()


def needed(k, r, interaction, variance, same_reader, same, other, effect):
    """Patients with these seeds, and seeds with these patients, for a power of 80 %."""
    target = (effect / (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))) ** 2
    shared = max(0, same - other)
    of_patients = min(max(variance - same_reader - shared, 0), interaction)
    return (
        k * (2 * shared + 2 * of_patients / r) / (target - 2 * (interaction - of_patients) / r),
        2 * interaction / (target - 2 * shared),
    )


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
    truth = np.array([both[0][seeds[0]][image][2] for image in images])
    p = np.array([[[b[seed][image][3] for image in images] for seed in seeds] for b in both])
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
    variance = np.mean(np.diag(covariance))
    same_reader = np.mean([covariance[a, r + a] for a in range(r)])
    difference = accuracy[1] - accuracy[0]
    interaction = difference.var(ddof=1) / 2
    denominator = interaction + r * max(0, same - other)
    error = np.sqrt(2 * denominator / r)

    def critical(p):
        """Cochran and Cox: the mean of the critical values of both parts, weighted by their variances."""
        values = stats.t.isf(p / 2, [r - 1, k - 1])
        return values @ [interaction, denominator - interaction] / denominator

    statistic = abs(difference.mean() / error)
    half = critical(0.05) * error
    hillis = denominator**2 / (interaction**2 / (r - 1))
    table = np.array([[np.bincount(owner, right[1, s] - right[0, s]) for s in range(r)]])[0]
    total = table.sum(axis=0)

    # The interval for equivalence: two imaginary patients more, then Hall's transformation, inverted by a search.
    influence = (total / r - difference.mean() * size) / size.sum()
    most = abs(total / (size * r)).max()
    added = 2 * (max(1 / 3, most) / k) ** 2 if most else 2 / k**2
    parts = np.array([2 * interaction / r, 2 * (denominator - interaction) / r, added])
    wider = np.sqrt(parts.sum())
    skewness = (influence**3).sum() / max(wider, np.sqrt((influence**2).sum() + added)) ** 3
    limit = parts @ stats.t.isf(0.05, [r - 1, k - 1, k - 1]) / parts.sum()

    def hall(t):
        return t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6

    ends = [optimize.brentq(lambda t: hall(t) - end, -100, 100, xtol=1e-14) for end in (limit, -limit)]
    chi = [(k - 1) / k * t.sum() ** 2 / (t**2).sum() for t in table]
    means, halves = with_intervals(owner, truth, p)
    with open(output, "w", encoding="utf-8") as file:
        json.dump(
            {
                "first": list(accuracy[0]),
                "second": list(accuracy[1]),
                "difference": difference.mean(),
                "p": optimize.brentq(lambda p: critical(p) - statistic, 1e-12, 1, xtol=1e-15),
                "hillis": 2 * stats.t.sf(statistic, hillis),
                "interval": [difference.mean() - half, difference.mean() + half],
                "for_equivalence": [difference.mean() - wider * end for end in ends],
                "obuchowski": list(stats.chi2.sf(chi, 1)),
                "sign_flip": sign_flip([int(t) for t in total]),
                "over_patients": stats.ttest_1samp(total / (size * r), 0).pvalue,
                "needed": needed(k, r, interaction, variance, same_reader, same, other, abs(difference.mean())),
                "metrics": means,
                "halves": halves,
                "over_seeds": stats.ttest_rel(accuracy[1], accuracy[0]).pvalue,
            },
            file,
        )


main(*sys.argv[1:])
