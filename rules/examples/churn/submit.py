"""Hands a training on to worker.py and ends; worker.py tells its end by a callback. Python's standard library only.

Called as `python3 submit.py REQUEST`. What is handed on is a file under workspace/jobs here; with you it may be a job of a cluster.
"""

import json
import os
import sys

JOBS = os.environ.get("CHURN_JOBS") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "workspace", "jobs")


def write(path, content):
    """All of it or nothing: worker.py never sees half a job."""
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(content, file)
    os.replace(path + ".part", path)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    os.makedirs(JOBS, exist_ok=True)
    if request["task"] == "cancel":
        try:
            os.remove(os.path.join(JOBS, request["running"] + ".json"))
        except FileNotFoundError:
            pass  # It is at work already; nobody will wait for what it says.
        return
    job = request["callback"]["id"]  # the same for every attempt: a training that is handed on twice is one job
    write(os.path.join(JOBS, job + ".json"), {"request": os.path.abspath(sys.argv[1])})
    write(request["result"], {"running": job})


main()
