"""SQLite FTS5 with Porter's stemmer: index every message, then ranked OR queries, ten best. fts5.py KEY FILE FOLDER QUERIES"""

import json
import os
import sqlite3
import sys
import time

from messages import conversations

_, source, folder, queries = sys.argv[1:5]
path = os.path.join(folder, "peer-fts5.db")
if os.path.exists(path):
    os.remove(path)
count = 0


def rows():
    global count
    for conversation in conversations(source):
        count += 1
        for message in conversation["messages"]:
            yield message["role"], message["content"]


db = sqlite3.connect(path)
db.execute("PRAGMA journal_mode = wal")
db.execute("PRAGMA synchronous = normal")
db.execute("CREATE VIRTUAL TABLE messages USING fts5(role UNINDEXED, content, tokenize = 'porter unicode61')")
began = time.perf_counter()
with db:
    db.executemany("INSERT INTO messages VALUES (?, ?)", rows())
seconds = time.perf_counter() - began

latencies = []
with open(queries, encoding="utf-8") as file:
    asked = json.load(file)
warm = asked[:5]  # For the caches.
for words in warm + asked:
    query = " OR ".join(f'"{word}"' for word in words)
    began = time.perf_counter()
    db.execute("SELECT rowid, content FROM messages WHERE messages MATCH ? ORDER BY rank LIMIT 10", (query,)).fetchall()
    latencies.append((time.perf_counter() - began) * 1000)
db.close()
size = os.path.getsize(path)
os.remove(path)
print(
    json.dumps(
        {
            "name": f"SQLite FTS5 {sqlite3.sqlite_version}",
            "seconds": seconds,
            "conversations": count,
            "latencies": latencies[len(warm) :],
            "note": f"{size / 1e6:.0f} MB on the disk; parsing in Python is counted",
        }
    )
)
