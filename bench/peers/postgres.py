"""PostgreSQL: a stored tsvector with a GIN index over every message, then ranked OR queries (ts_rank), ten best.

postgres.py KEY FILE FOLDER QUERIES starts a server of its own in a folder of its own, on a socket, and stops it again. The server
refuses to run as root, so root runs it as the user postgres.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from messages import conversations

_, source, _, queries = sys.argv[1:5]
found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
where = shutil.which("initdb")
if not found and not where:
    sys.exit("PostgreSQL's initdb is not installed: scripts/setup postgres installs it")
binaries = found[-1] if found else os.path.dirname(where)
as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
folder = tempfile.mkdtemp(prefix="pe-bench-postgres-")
if as_user:
    shutil.chown(folder, "postgres")
data = os.path.join(folder, "data")
settings = "-c listen_addresses='' -c shared_buffers=1GB -c work_mem=64MB -c fsync=off -c max_wal_size=8GB"


def server(name, *arguments):
    command = [*as_user, os.path.join(binaries, name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
    return done.stdout


def psql(script):
    return server("psql", "-X", "-q", "-h", folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-f", script)


def write(name, lines):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(lines)
    os.chmod(path, 0o644)
    return path


def rows():
    global count
    for conversation in conversations(source):
        count += 1
        for message in conversation["messages"]:
            text = message["content"].replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
            yield f"{message['role']}\t{text}\n"


count = 0
try:
    copied = write("messages.tsv", rows())
    server("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    server("pg_ctl", "-D", data, "-w", "-l", os.path.join(folder, "log"), "-o", f"{settings} -k {folder}", "start")
    began = time.perf_counter()
    psql(
        write(
            "load.sql",
            [
                "CREATE TABLE messages (id bigserial, role text, content text,",
                " words tsvector GENERATED ALWAYS AS (to_tsvector('english', content)) STORED);\n",
                f"\\copy messages (role, content) from '{copied}'\n",
                "CREATE INDEX ON messages USING gin (words);\nANALYZE messages;\n",
            ],
        )
    )
    seconds = time.perf_counter() - began
    with open(queries, encoding="utf-8") as file:
        asked = json.load(file)
    lines = ["\\o /dev/null\n"]
    warm = asked[:5]  # For the caches.
    for words in warm + asked:
        query = " | ".join(re.sub(r"\W", "", word) for word in words)
        lines.append(
            f"SELECT id, content FROM messages, to_tsquery('english', '{query}') query"
            " WHERE words @@ query ORDER BY ts_rank(words, query) DESC LIMIT 10;\n"
        )
    timed = psql(write("ask.sql", ["\\timing on\n", *lines]))
    latencies = [float(found) for found in re.findall(r"^Time: ([0-9.]+) ms", timed, re.MULTILINE)]
    version = server("postgres", "--version").split()[2]
finally:
    if os.path.exists(os.path.join(data, "postmaster.pid")):
        subprocess.run([*as_user, os.path.join(binaries, "pg_ctl"), "-D", data, "-m", "immediate", "stop"], capture_output=True, cwd=folder)
    shutil.rmtree(folder, ignore_errors=True)
if len(latencies) != len(warm) + len(asked):
    sys.exit(f"psql timed {len(latencies)} of {len(warm) + len(asked)} queries")
print(
    json.dumps(
        {
            "name": f"PostgreSQL {version} tsvector",
            "seconds": seconds,
            "conversations": count,
            "latencies": latencies[len(warm) :],
            "note": "shared_buffers 1 GB, fsync off; its processor time and memory are the server's and not seen here",
        }
    )
)
