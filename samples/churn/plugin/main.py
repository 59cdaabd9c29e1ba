"""Trains the churn model: `python3 main.py manifest.json results.json`.

Stage `initial` learns from a few users, so that there is something to look at early. Stage `trainMore` takes the model
of the stage before and learns from many more. The users are made up (see users.py).
"""

import json
import random
import sys
import time

from model import Encoder, Model, UnusableProps
from users import NOW, invent

MODEL_FILE = "model.json"
# For each stage: users to learn from, how often to go through them, and how big the first step is.
EFFORT = {"initial": (60, 3, 0.02), "trainMore": (3000, 12, 0.05)}
TEST_USERS = 2000
USER_CREATED = {
    "required": True,
    "importance": 0.8,
    "explanation": "When the user's account was created, Unix time in seconds",
    "examples": [NOW - 90_000_000, NOW - 1_000_000],
}


def main(manifest_path, results_path):
    """Runs one stage and writes its result, also where it fails: the platform shows `status` to the author."""
    with open(manifest_path, encoding="utf-8") as file:
        manifest = json.load(file)
    try:
        results = run_stage(manifest)
    except (KeyError, OSError, ValueError, UnusableProps) as error:
        results = {"data": {}, "status": failure(error)}
    with open(results_path, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=2)
    print(f"  results written to {results_path}")
    return 0 if results["status"]["code"] == "success" else 1


def run_stage(manifest):
    """Trains as the stage asks, and describes the server to deploy."""
    stage = manifest["stage"]
    features = manifest["metadata"]["features"]
    seed = manifest["inputParams"].get("seed", 1)
    count, rounds, rate = EFFORT[stage]
    print(f"stage {stage}: inventing {count} users to learn from and {TEST_USERS} to test with (seed {seed})")
    test = invent(features, TEST_USERS, random.Random("test"))
    users = invent(features, count, random.Random(f"{stage} {seed}"))

    encoder = Encoder(features)
    model = Model([0.0] * encoder.width, stage) if stage == "initial" else Model.load(MODEL_FILE)
    model.trained_by = f"{stage}, seed {seed}"
    curve = train(model, encoder, users, test, rounds, rate)
    model.save(MODEL_FILE)
    return {
        "data": {"auc": curve[-1], "curve": curve, "users": count},
        "status": {"code": "success", "title": None, "explanation": None, "backtrace": None},
        "http": describe_server(stage, features),
    }


def train(model, encoder, users, test, rounds, rate):
    """Goes through the users again and again, and says after each round how good the model is by now."""
    began = time.monotonic()
    rows = [(encoder.encode(props), left) for props, left in users]
    test_rows = [(encoder.encode(props), left) for props, left in test]
    curve = []
    for number in range(1, rounds + 1):
        for row, left in rows:
            model.learn(row, left, rate / number)
        curve.append(area_under_curve(model, test_rows))
        print(f"  round {number:2} of {rounds}: AUC {curve[-1]:.3f} after {time.monotonic() - began:.1f} s", flush=True)
    return curve


def area_under_curve(model, rows):
    """The chance that somebody who left is given a higher probability than somebody who stayed: 0.5 is guessing."""
    ranked = sorted((model.probability(row), left) for row, left in rows)
    leavers = [rank for rank, (_, left) in enumerate(ranked, start=1) if left]
    stayers = len(ranked) - len(leavers)
    return round((sum(leavers) - len(leavers) * (len(leavers) + 1) / 2) / (len(leavers) * stayers), 4)


def describe_server(stage, features):
    """The `http` object. Stage `initial` says how to start the server; `trainMore` overrides what it knows better."""
    if stage == "initial":
        return {
            "port": 5000,
            "statusPath": "/status_check",
            "requestPath": "/predict",
            "startServerCmd": "FLASK_APP=server.py flask run -h 0.0.0.0 -p 5000",
            "options": {"model": MODEL_FILE, "threshold": 0.4, "quality": "first try"},
            "explain": {
                "output": [{"probability": 0.41, "label": "stays"}],
                "inputs": {"user_created": USER_CREATED},
            },
        }
    return {
        "options": {"model": MODEL_FILE, "threshold": 0.5, "quality": "refined"},
        "explain": {
            "output": {
                "examples": [
                    {"probability": 0.8312, "label": "leaves", "model": "trainMore, seed 1"},
                    {"probability": 0.0471, "label": "stays", "model": "trainMore, seed 1"},
                ]
            },
            "inputs": explain_inputs(features),
        },
    }


def explain_inputs(features):
    """What callers should know of the inputs. The features' texts and examples are added on deployment, from the manifest."""
    inputs = {
        "user_created": USER_CREATED,
        "plan": {
            "required": False,
            "importance": 0.5,
            "explanation": "The user's subscription plan",
            "examples": ["free", "team", "enterprise"],
        },
    }
    importance = {"Did event Play song": 0.7, "Number of sessions": 0.9, "Seconds since last visit": 0.6, "Country": 0.1, "Browser": 0.1}
    for key, feature in features.items():
        inputs[key] = {"required": False, "importance": importance.get(feature["name"], 0.2)}
    return inputs


def failure(error):
    """A `status` that tells the author what went wrong."""
    return {"code": "error", "title": "Training failed", "explanation": f"{type(error).__name__}: {error}", "backtrace": None}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python3 main.py manifest.json results.json")
    sys.exit(main(sys.argv[1], sys.argv[2]))
