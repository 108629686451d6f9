"""The conversations of a file of JSON Lines, one after another."""

import json


def conversations(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
