"""Writes the manifest of one stage, as the platform would hand it to the plugin: `python3 make_manifest.py STAGE SEED FILE`.

The statistics of the features (`values`, `mostCommon`, `examples`) are made up, like the sample's users.
"""

import json
import sys

STAGES = ["initial", "trainMore"]

FEATURES = {
    "feature_acaa2cf5d": {
        "name": "Did event Play song", "type": "categorical", "nativeType": "boolean", "moment": "dynamic",
        "values": [{"value": True, "count": 4100}, {"value": False, "count": 900}],
    },
    "feature_b1c2d3e4f": {
        "name": "Country", "type": "categorical", "nativeType": "string", "moment": "static",
        "values": [{"value": "NL", "count": 2100}, {"value": "DE", "count": 1700}, {"value": "BR", "count": 600}],
    },
    "feature_c2d3e4f50": {
        "name": "Browser", "type": "categorical", "nativeType": "string", "moment": "static",
        "mostCommon": "Chrome", "examples": ["Chrome", "Safari", "Firefox"],
    },
    "feature_d3e4f5061": {
        "name": "Number of sessions", "type": "numerical", "nativeType": "float", "moment": "dynamic",
        "mostCommon": 4.0, "examples": [1.0, 4.0, 17.5],
    },
    "feature_e4f506172": {
        "name": "Seconds since last visit", "type": "numerical", "nativeType": "float", "moment": "dynamic",
        "mostCommon": 200000.0, "examples": [3600.0, 200000.0, 2500000.0],
    },
}


def manifest(stage, seed):
    """The manifest of `stage`. Its addresses show which stages there are; nobody calls them, as this sample invents its users."""
    ran = STAGES[: STAGES.index(stage) + 1]
    return {
        "stage": stage,
        "dataUrls": {name: f"https://data.example/query/{name}" for name in ran},
        "downloadUrls": {name: f"https://storage.example/churn/{name}" for name in ran},
        "getUploadUrls": {name: f"https://platform.example/upload_url/{name}" for name in ran},
        "inputData": {},
        "inputParams": {"seed": seed},
        "metadata": {
            "goal": {"action": "event", "event": "account_closed", "times": 1, "human": "did Account closed at least 1 time", "type": "categorical"},
            "features": FEATURES,
        },
    }


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: python3 make_manifest.py STAGE SEED FILE")
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        json.dump(manifest(sys.argv[1], int(sys.argv[2])), file, indent=2)
