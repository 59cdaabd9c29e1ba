"""The churn model: a logistic regression in plain Python, shared by training (main.py) and serving (server.py).

A user is a dictionary of "props": one value per feature_* of the manifest, plus `user_created` and `now` (Unix time in
seconds) and an optional `plan`. `Encoder` turns it into a list of numbers, `Model` turns that list into a probability.
"""

import json
import math
import os

PLANS = ["free", "team", "enterprise"]
DAY = 24 * 60 * 60


class UnusableProps(Exception):
    """The caller sent props that no prediction can be made from."""


class Encoder:
    """Knows the columns of the model: which feature, which kind, which known values."""

    def __init__(self, features):
        self.columns = [self._column(key, feature) for key, feature in sorted(features.items())]

    @staticmethod
    def _column(key, feature):
        kind = feature.get("nativeType", "float")
        known = [entry["value"] for entry in feature.get("values", [])] or feature.get("examples", [])
        return {"key": key, "kind": kind, "known": known if kind == "string" else []}

    @property
    def width(self):
        """How many numbers `encode` returns: the bias, the account's age, one for each plan, and what the features need."""
        return 2 + len(PLANS) + sum(len(column["known"]) or 1 for column in self.columns)

    def encode(self, props):
        """One user as numbers of about the size of 1. A feature that is missing counts as unknown: all zeros."""
        row = [1.0, self._age(props)]
        row += [1.0 if props.get("plan") == plan else 0.0 for plan in PLANS]
        for column in self.columns:
            row += self._encode_feature(column, props.get(column["key"]))
        return row

    @staticmethod
    def _age(props):
        now, created = _number(props, "now"), _number(props, "user_created")
        if created > now:
            raise UnusableProps("user_created lies in the future: it must be Unix time in seconds")
        return math.log1p((now - created) / DAY) / 8.0

    @staticmethod
    def _encode_feature(column, value):
        if column["kind"] == "string":
            return [1.0 if value == known else 0.0 for known in column["known"]]
        if value is None:
            return [0.0]
        if column["kind"] == "boolean":
            return [1.0 if value else -1.0]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise UnusableProps(f"{column['key']} must be a number that is not negative")
        return [math.log1p(value) / 8.0]


def _number(props, name):
    value = props.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnusableProps(f"{name} must be a number: Unix time in seconds")
    return value


class Model:
    """The weights, and the arithmetic on them."""

    def __init__(self, weights, trained_by):
        self.weights = weights
        self.trained_by = trained_by

    def probability(self, row):
        """How likely the user leaves, between 0 and 1."""
        score = sum(weight * value for weight, value in zip(self.weights, row))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))

    def learn(self, row, left, rate):
        """One step of gradient descent towards what really happened."""
        step = rate * ((1.0 if left else 0.0) - self.probability(row))
        self.weights = [weight + step * value for weight, value in zip(self.weights, row)]

    def save(self, path):
        """Writes the model file whole or not at all."""
        with open(path + ".tmp", "w", encoding="utf-8") as file:
            json.dump({"trainedBy": self.trained_by, "weights": self.weights}, file, indent=1)
        os.replace(path + ".tmp", path)

    @staticmethod
    def load(path):
        """Reads a model file that `save` wrote."""
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        return Model(content["weights"], content["trainedBy"])
