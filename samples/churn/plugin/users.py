"""Made-up users. A plugin on the platform would query a data set; this sample invents one, so that it runs anywhere.

The features are drawn from the statistics in the manifest's metadata; who leaves is drawn from `_true_chance`, which the
model never sees and has to find out.
"""

import math

from model import DAY, PLANS

NOW = 1_700_000_000


def invent(features, count, random):
    """Makes `count` users.

    Returns a list of pairs: the user's props as a request would bring them, and whether the user left.
    """
    return [_invent_one(features, random) for _ in range(count)]


def _invent_one(features, random):
    props = {key: _draw(feature, random) for key, feature in features.items()}
    props["now"] = NOW
    props["user_created"] = NOW - int(random.expovariate(1 / 400) * DAY)
    props["plan"] = random.choices(PLANS, weights=[70, 22, 8])[0]
    named = {feature["name"]: props[key] for key, feature in features.items()}
    return props, random.random() < _true_chance(props, named)


def _draw(feature, random):
    if "values" in feature:
        entries = feature["values"]
        return random.choices([entry["value"] for entry in entries], weights=[entry["count"] for entry in entries])[0]
    if feature["nativeType"] == "string":
        return random.choice(feature["examples"])
    middle = feature.get("mostCommon", 1.0)
    return round(random.lognormvariate(math.log(middle + 1.0), 1.2), 1)


def _true_chance(props, named):
    days = (props["now"] - props["user_created"]) / DAY
    score = 0.6 - 0.5 * math.log1p(days / 30)
    score += {"free": 0.8, "team": -0.4, "enterprise": -1.6}[props["plan"]]
    score += -0.9 if named.get("Did event Play song") else 0.9
    score -= 0.7 * math.log1p(named.get("Number of sessions", 0.0))
    score += 0.45 * math.log1p(named.get("Seconds since last visit", 0.0) / DAY)
    return 1.0 / (1.0 + math.exp(-score))
