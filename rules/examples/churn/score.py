"""Scores rows with a model that train.py wrote.

Called as `python3 score.py REQUEST`; REQUEST is the path of request.json, see ../README.md.
"""

import csv
import json
import os
import sys
import time

sys.dont_write_bytecode = True  # the folder may be read-only, and is a repository

from train import encode, probability, read_rows


def main(path):
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    with open(request["artifact"], encoding="utf-8") as file:
        model = json.load(file)
    rows = read_rows(request)
    started = time.perf_counter()
    scores = [probability(model["weights"], encode(row, model["encoding"])) for row in rows]
    seconds = time.perf_counter() - started

    with open(os.path.join(request["folder"], "predictions.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "p_" + model["positive"]])
        writer.writerows([row[request["roles"]["id"]], repr(score)] for row, score in zip(rows, scores))
    with open(request["result"], "w", encoding="utf-8") as file:
        json.dump({"predictions": "predictions.csv", "seconds": seconds}, file)


if __name__ == "__main__":
    main(sys.argv[1])
