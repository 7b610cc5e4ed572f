"""Does what submit.py handed on, and calls back. Python's standard library only.

    python3 worker.py SERVER SECRET_FILE [--once]

SERVER is the orchestrator's address, such as http://127.0.0.1:5080; SECRET_FILE is the runner's secret_file.
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
JOBS = os.environ.get("CHURN_JOBS") or os.path.join(HERE, "workspace", "jobs")


def signature(secret, job, at, body):
    """As Standard Webhooks 1.0 says: HMAC-SHA256 over id, time and body."""
    signed = f"{job}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def train(request_path, request):
    """What the callback says: the trainer's own result.json, or why there is none."""
    ended = subprocess.run([sys.executable, os.path.join(HERE, "train.py"), request_path], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        return {"error": ended.stderr.strip()[-500:] or f"exit code {ended.returncode}"}
    with open(request["result"], encoding="utf-8") as file:
        return json.load(file)


def call_back(server, secret, request, answer):
    body, at, job = json.dumps(answer).encode(), str(int(time.time())), request["callback"]["id"]
    headers = {"content-type": "application/json", "webhook-id": job, "webhook-timestamp": at, "webhook-signature": signature(secret, job, at, body)}
    with urllib.request.urlopen(urllib.request.Request(server + request["callback"]["path"], data=body, headers=headers, method="POST"), timeout=60):
        pass


def work(server, secret):
    """Each job that waits; one whose callback was not taken waits again."""
    for name in sorted(os.listdir(JOBS)) if os.path.isdir(JOBS) else []:
        if not name.endswith(".json"):
            continue
        path = os.path.join(JOBS, name)
        with open(path, encoding="utf-8") as file:
            request_path = json.load(file)["request"]
        with open(request_path, encoding="utf-8") as file:
            request = json.load(file)
        call_back(server, secret, request, train(request_path, request))
        os.remove(path)


def main():
    server, secret_file = sys.argv[1].rstrip("/"), sys.argv[2]
    with open(secret_file, encoding="utf-8") as file:
        secret = file.read().strip().encode()
    while True:
        work(server, secret)
        if "--once" in sys.argv:
            return
        time.sleep(1)


main()
