"""Trains a logistic regression with nothing but Python's standard library.

Called as `python3 train.py REQUEST`; REQUEST is the path of request.json, see ../README.md.
"""

import csv
import json
import math
import os
import sys

MOST_CATEGORIES = 50


def read_rows(request):
    with open(request["rows"]["path"], encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


def fit_encoding(rows, features):
    """Numbers are standardised, with missing ones at the mean; each frequent category is a column of its own."""
    encoding = []
    for feature in features:
        cells = [row[feature["name"]] for row in rows]
        if feature["type"] == "number":
            known = [value for value in map(number, cells) if value is not None]
            mean = sum(known) / len(known) if known else 0.0
            spread = math.sqrt(sum((value - mean) ** 2 for value in known) / len(known)) if known else 0.0
            encoding.append({"name": feature["name"], "mean": mean, "spread": spread or 1.0})
        else:
            counts = {}
            for cell in cells:
                counts[cell] = counts.get(cell, 0) + 1
            frequent = sorted(counts, key=lambda cell: (-counts[cell], cell))[:MOST_CATEGORIES]
            encoding.append({"name": feature["name"], "categories": sorted(frequent)})
    return encoding


def encode(row, encoding):
    vector = [1.0]
    for part in encoding:
        cell = row[part["name"]]
        if "categories" in part:
            vector.extend(1.0 if cell == category else 0.0 for category in part["categories"])
        else:
            value = number(cell)
            vector.append(0.0 if value is None else (value - part["mean"]) / part["spread"])
    return vector


def probability(weights, vector):
    score = sum(weight * value for weight, value in zip(weights, vector))
    return 1.0 / (1.0 + math.exp(-max(-35.0, min(35.0, score))))


def fit(vectors, targets, rounds, rate, decay):
    """Gradient descent on the log loss; the same rows give the same weights."""
    weights = [0.0] * len(vectors[0])
    for _ in range(rounds):
        gradient = [0.0] * len(weights)
        for vector, target in zip(vectors, targets):
            error = probability(weights, vector) - target
            for i, value in enumerate(vector):
                gradient[i] += error * value
        for i, slope in enumerate(gradient):
            weights[i] -= rate * (slope / len(vectors) + (decay * weights[i] if i else 0.0))
    return weights


def main(path):
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    predicts, roles, parameters = request["predicts"], request["roles"], request.get("parameters", {})
    if predicts["type"] != "binary":
        sys.exit(f"this trainer knows two classes; the model file says {predicts['type']}")
    rows = sorted(read_rows(request), key=lambda row: row[roles["id"]])
    targets = [1.0 if row[roles["label"]] == predicts["positive"] else 0.0 for row in rows]
    if not 0 < sum(targets) < len(targets):
        sys.exit(f"{len(rows)} rows with {int(sum(targets))} times \"{predicts['positive']}\": rows of both classes are needed")
    encoding = fit_encoding(rows, roles["features"])
    vectors = [encode(row, encoding) for row in rows]
    weights = fit(vectors, targets, int(parameters.get("rounds", 150)), float(parameters.get("rate", 1.0)), float(parameters.get("decay", 0.001)))
    loss = -sum(math.log(probability(weights, v) if t else 1 - probability(weights, v)) for v, t in zip(vectors, targets)) / len(rows)
    print(f"{len(rows)} rows, {len(weights)} weights, log loss {loss:.4f}")

    with open(os.path.join(request["folder"], "model.json"), "w", encoding="utf-8") as file:
        json.dump({"positive": predicts["positive"], "encoding": encoding, "weights": weights}, file)
    with open(request["result"], "w", encoding="utf-8") as file:
        json.dump({"artifact": "model.json", "metrics": {"train_log_loss": loss}}, file)


if __name__ == "__main__":
    main(sys.argv[1])
