"""How often "practically equivalent" is wrong if the true difference is the margin, for several intervals.

    equivalence.py [SIMULATIONS]

Prints, per interval, the mean and the largest share of wrong verdicts over many kinds of comparison, and how often
configurations without a difference are found equivalent. The tool uses "Hall, most". Numbers are the shares of images that
two imaginary patients add; "most" is the largest share of a patient, at least 1/3, and 1 if no patient has one.
"""

import itertools
import sys

import numpy as np
from scipy import stats

# Imaginary patients' share of differing images (None: the largest one), and whether the interval is corrected for skewness.
INTERVALS = {
    "plain": (0, False),
    "Hall": (0, True),
    "Hall, 1/3": (1 / 3, True),
    "Hall, 1/2": (1 / 2, True),
    "plain, most": (None, False),
    "Hall, most": (None, True),
    "Hall, 1": (1, True),
}

# Variances of what results share: patient, patient and configuration, patient and run, run, image, image and configuration.
MODELS = [
    (0.50, 0.10, 0.05, 0.005, 0.2, 0.05),
    (0.30, 0.25, 0.05, 0.005, 0.2, 0.05),
    (0.65, 0.02, 0.01, 0.005, 0.2, 0.05),
    (0.20, 0.00, 0.00, 0.001, 0.7, 0.02),
]


def correct(patients, images, seeds, accuracies, model, n, rng):
    """The number of images that each seed classifies correctly: simulation, configuration, seed, patient."""
    ofpatient, preference, ofrun, run, image, image_preference = model
    run = run if seeds > 1 else 0

    def normal(variance, s, p, i):
        return np.sqrt(variance) * rng.standard_normal((n, s, p, i))

    shared = normal(ofpatient, 1, patients, 1) + normal(image, 1, patients, images)
    rest = 1 - sum(model) + (model[3] - run)
    counts = []
    for accuracy in accuracies:
        latent = (
            shared
            + normal(preference, 1, patients, 1)
            + normal(ofrun, seeds, patients, 1)
            + normal(run, seeds, 1, 1)
            + normal(image_preference, 1, patients, images)
            + normal(rest, seeds, patients, images)
        )
        counts.append((latent < stats.norm.ppf(accuracy)).sum(axis=3))
    return np.stack(counts, axis=1)


def estimates(counts, images):
    """Difference, its variance, the part of it that seeds have, how far each patient moves the difference, and the largest
    share of a patient."""
    n, _, seeds, patients = counts.shape
    total = images * patients
    per_seed = (counts[:, 1].sum(axis=2) - counts[:, 0].sum(axis=2)) / total
    difference = per_seed.mean(axis=1)
    own = (counts[:, 1] - counts[:, 0]).mean(axis=1)
    influence = (own - difference[:, None] * images) / total
    most = abs(own).max(axis=1) / images
    most = np.where(most == 0, 1, np.maximum(1 / 3, most))
    if seeds == 1:
        return difference, (influence**2).sum(axis=1) * patients / (patients - 1), np.zeros(n), influence, most
    without = (counts.sum(axis=3, keepdims=True) - counts) / (total - images)
    centred = without - without.mean(axis=3, keepdims=True)
    covariance = np.einsum("nask,nbtk->nabst", centred, centred) * (patients - 1) / patients

    def others(a, b):
        both = covariance[:, a, b]
        return (both.sum(axis=(1, 2)) - np.trace(both, axis1=1, axis2=2)) / (seeds * (seeds - 1))

    interaction = per_seed.var(axis=1, ddof=1) / 2
    shared = np.maximum((others(0, 0) + others(1, 1)) / 2 - others(0, 1), 0)
    within = np.einsum("naass->n", covariance) / (2 * seeds) - np.einsum("nss->n", covariance[:, 0, 1]) / seeds
    of_seeds, of_patients = 2 * interaction / seeds, 2 * shared
    none = of_seeds + of_patients < 1e-14
    return (
        difference,
        np.where(none, 2 * np.maximum(within, 0) / seeds, of_seeds + of_patients),
        np.where(none, 0, of_seeds),
        influence,
        most,
    )


def equivalent(estimated, margin, seeds, imaginary, hall):
    """The share of simulations whose 90 % interval lies within the margin."""
    difference, variance, of_seeds, influence, most = estimated
    patients = influence.shape[1]
    added = 2 * ((most if imaginary is None else imaginary) / patients) ** 2
    wider = np.maximum(variance + added, 1e-18)
    weight = of_seeds / wider
    limit = weight * stats.t.isf(0.05, max(seeds - 1, 1)) + (1 - weight) * stats.t.isf(0.05, patients - 1)
    scale = np.sqrt(np.maximum(wider, (influence**2).sum(axis=1) + added))
    skewness = (influence**3).sum(axis=1) / scale**3 if hall else np.zeros(len(difference))

    def transformed(end):
        t = (difference - end) / np.sqrt(wider)
        return t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6

    return np.mean((transformed(margin) < -limit) & (transformed(-margin) > limit))


def main(simulations=500):
    rng = np.random.default_rng(5)
    wrong, right = ({name: [] for name in INTERVALS} for _ in range(2))
    kinds = itertools.product(MODELS, (8, 15, 24, 38, 82), (1, 10), (1, 3), (0.75, 0.9, 0.96), (0.03, 0.06, 0.1))
    for model, patients, images, seeds, accuracy, margin in kinds:
        if accuracy + margin / 2 > 0.99:
            continue
        for truth, shares in ((margin, wrong), (0, right)):
            accuracies = (accuracy - truth / 2, accuracy + truth / 2)
            counts = correct(patients, images, seeds, accuracies, model, simulations, rng)
            estimated = estimates(counts, images)
            for name, interval in INTERVALS.items():
                shares[name].append(equivalent(estimated, margin, seeds, *interval))
    print(f"{len(wrong['plain'])} kinds          wrong, mean  wrong, most  right, mean")
    for name in INTERVALS:
        print(f"{name:18}  {np.mean(wrong[name]):11.1%}  {np.max(wrong[name]):11.1%}  {np.mean(right[name]):11.1%}")


main(*map(int, sys.argv[1:]))
