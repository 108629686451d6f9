"""DuckDB or Polars: the same JSON Lines to Parquet with Zstandard inside. parquet.py duckdb|polars FILE FOLDER QUERIES"""

import json
import os
import sys
import time

which, source, folder, _ = sys.argv[1:5]
out = os.path.join(folder, f"peer-{which}.parquet")

if which == "duckdb":
    import duckdb

    name = f"DuckDB {duckdb.__version__}"
    began = time.perf_counter()
    duckdb.execute(f"COPY (SELECT * FROM read_ndjson('{source}')) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
    seconds = time.perf_counter() - began
else:
    import polars

    name = f"Polars {polars.__version__}"
    began = time.perf_counter()
    polars.scan_ndjson(source).sink_parquet(out, compression="zstd")
    seconds = time.perf_counter() - began

with open(source, "rb") as lines:
    conversations = sum(1 for _ in lines)
note = f"{os.path.getsize(out) / 1e6:.1f} MB written"
os.remove(out)
print(json.dumps({"name": name, "seconds": seconds, "conversations": conversations, "note": note}))
