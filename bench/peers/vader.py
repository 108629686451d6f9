"""A loop with VADER over every message: the usual first attempt at scoring. vader.py KEY FILE FOLDER QUERIES

At most 5,000 conversations: the figure is a rate.
"""

import json
import sys
import time
from importlib.metadata import version
from itertools import islice

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from messages import conversations

read = list(islice(conversations(sys.argv[2]), 5_000))
analyser = SentimentIntensityAnalyzer()
began = time.perf_counter()
for conversation in read:
    for message in conversation["messages"]:
        analyser.polarity_scores(message["content"])
seconds = time.perf_counter() - began
print(
    json.dumps(
        {
            "name": f"VADER {version('vaderSentiment')} in Python {sys.version.split()[0]}",
            "seconds": seconds,
            "conversations": len(read),
            "note": "one compound polarity a message, nothing stored, parsing not counted",
        }
    )
)
