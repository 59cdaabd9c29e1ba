"""Serves the churn model: `FLASK_APP=server.py flask run -h 0.0.0.0 -p 5000`.

Reads what it needs from the manifest at MANIFEST_FILE and logs errors to LOG_FILE, as the plugin contract asks.
"""

import json
import logging
import os
from logging.handlers import RotatingFileHandler

from flask import Flask, jsonify, request

from model import Encoder, Model, UnusableProps

with open(os.environ["MANIFEST_FILE"], encoding="utf-8") as file:
    MANIFEST = json.load(file)

OPTIONS = MANIFEST["options"]
ENCODER = Encoder(MANIFEST["metadata"]["features"])
MODEL = Model.load(OPTIONS["model"])

app = Flask(__name__)
# At most one rotated file beside the log, and far less than the 1 GB that the contract allows.
handler = RotatingFileHandler(os.environ["LOG_FILE"], maxBytes=50_000_000, backupCount=1)
handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
app.logger.addHandler(handler)


@app.post("/status_check")
def status_check():
    """Well is who can make a prediction. The body is like a request's, with the most common value of each feature, and
    the first example of each other input that the results explain."""
    return jsonify(predict(read_props()))


@app.post("/predict")
def answer():
    """One prediction for one user."""
    return jsonify(predict(read_props()))


def read_props():
    """The props of the request, or an error that says what is wrong."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("props"), dict):
        raise UnusableProps('the body must be a JSON object {"props": {...}}')
    return body["props"]


def predict(props):
    """How likely the user leaves, and what that means at this model's threshold."""
    probability = MODEL.probability(ENCODER.encode(props))
    label = "leaves" if probability >= OPTIONS["threshold"] else "stays"
    return {"probability": round(probability, 4), "label": label, "model": MODEL.trained_by}


@app.errorhandler(UnusableProps)
def refuse(error):
    """Anything but 200 counts as an error; 422 says that the props were read and could not be used."""
    app.logger.error("%s refused: %s", request.path, error)
    return jsonify({"error": str(error)}), 422
