"""The same job with pandas, scikit-learn and scipy: what a team would write by hand. Called by deploy/bench.sh with the folder of the data."""
import resource
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats
from sklearn import metrics

SEGMENTS = 10


def quality(rows):
    predicted, label = (rows.p >= 0.5).astype(int), rows.y
    values = [
        metrics.accuracy_score(label, predicted), metrics.precision_score(label, predicted, zero_division=0), metrics.recall_score(label, predicted, zero_division=0),
        metrics.f1_score(label, predicted, zero_division=0), metrics.matthews_corrcoef(label, predicted), metrics.log_loss(label, rows.p.clip(1e-15, 1 - 1e-15)),
        metrics.brier_score_loss(label, rows.p), metrics.roc_auc_score(label, rows.p), metrics.average_precision_score(label, rows.p),
    ]
    bins = np.minimum((rows.p * 10).astype(int), 9)
    grouped = rows.assign(bin=bins).groupby("bin").agg(p=("p", "sum"), y=("y", "sum"))
    return values + [(grouped.p - grouped.y).abs().sum() / len(rows)]


def shares(reference, current, edges):
    r = np.bincount(np.searchsorted(edges, reference, side="left"), minlength=len(edges) + 1) / len(reference)
    c = np.bincount(np.searchsorted(edges, current, side="left"), minlength=len(edges) + 1) / len(current)
    return r, c


def distances(r, c):
    m = (r + c) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        js = np.sqrt(np.nansum(np.where(r > 0, r * np.log2(r / m), 0) + np.where(c > 0, c * np.log2(c / m), 0)) / 2)
    filled_r, filled_c = np.where(r > 0, r, 1e-4), np.where(c > 0, c, 1e-4)
    return [np.sum((filled_c - filled_r) * np.log(filled_c / filled_r)), js, np.sqrt(np.sum((np.sqrt(r) - np.sqrt(c)) ** 2) / 2)]


def numeric_drift(reference, current):
    edges = np.unique(np.quantile(reference, np.arange(1, 10) / 10))
    ks = stats.ks_2samp(reference, current, method="asymp")
    return distances(*shares(reference, current, edges)) + [ks.statistic, ks.pvalue, stats.wasserstein_distance(reference, current) / reference.std()]


def category_drift(reference, current):
    table = pd.DataFrame({"r": reference.value_counts(), "c": current.value_counts()}).fillna(0)
    chi = stats.chi2_contingency(table.T, correction=False)
    return distances((table.r / table.r.sum()).to_numpy(), (table.c / table.c.sum()).to_numpy()) + [chi[0], chi[1]]


def main(folder):
    start = time.time()
    reference, current = (pd.read_csv(f"{folder}/{name}.csv", parse_dates=["at"], dtype={"id": str}) for name in ("reference", "current"))
    loaded = time.time()
    features = [name for name in current.columns if name[:2] in ("f_", "i_", "c_")]
    count = 0
    for rows in (reference, current):
        count += len(rows[features].isna().mean()) + len(rows[features].nunique()) + int(rows.duplicated(features + ["y"]).sum() >= 0)
        count += len(rows.y.value_counts(normalize=True)) + len(rows.latency_ms.quantile([0.5, 0.9, 0.95, 0.99])) + int(rows.failed.mean() >= 0)
        count += len(quality(rows))
        for i in range(SEGMENTS):
            parts = rows[f"c_{i}"] if i < 5 else np.digitize(rows[f"f_{i - 5}"], reference[f"f_{i - 5}"].quantile([0.25, 0.5, 0.75]))
            count += sum(len(quality(part)) for _, part in rows.groupby(parts))
        correct = ((rows.p >= 0.5) == rows.y).astype(int)
        for column in ("latency_ms", "queue"):
            for other in (correct, rows.p):
                count += len(stats.pearsonr(rows[column], other)) + len(stats.spearmanr(rows[column], other))
    for name in features:
        drift = category_drift if name.startswith("c_") else numeric_drift
        count += len(drift(reference[name], current[name]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"pandas, scikit-learn, scipy: {time.time() - start:.1f} s ({loaded - start:.1f} s of it reading CSV), {time.process_time():.1f} s CPU, {peak:.2f} GB at most, {count} numbers")


main(sys.argv[1])
