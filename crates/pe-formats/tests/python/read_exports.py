"""Opens exports with polars, duckdb, pyarrow and datasets, and compares every text with what was exported.

Usage: read_exports.py FOLDER

FOLDER holds talks.jsonl, talks.csv, talks.parquet, talks/ (a dataset folder), tune.jsonl (fine-tuning records),
pairs.jsonl (preference pairs), and expected.json, which says what each must hold. Prints one line for each file and
reader; ends with status 1 at the first difference.
"""

import json
import os
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=str(FOLDER / "cache"), HF_DATASETS_DISABLE_PROGRESS_BARS="1")

import datasets  # noqa: E402 (its settings are read at import)
import duckdb  # noqa: E402
import polars  # noqa: E402
import pyarrow.csv  # noqa: E402
import pyarrow.dataset  # noqa: E402
import pyarrow.json  # noqa: E402
import pyarrow.parquet  # noqa: E402


def by_duckdb(query):
    return duckdb.sql(query).to_arrow_table().to_pylist()


def by_datasets(kind, path, **options):
    return datasets.load_dataset(kind, data_files=str(path), split="train", **options).to_list()


def json_readers(path):
    return {
        "polars": lambda: polars.read_ndjson(path, infer_schema_length=None).to_dicts(),
        "duckdb": lambda: by_duckdb(f"select * from read_json('{path}', format='newline_delimited')"),
        "pyarrow": lambda: pyarrow.json.read_json(path).to_pylist(),
        "datasets": lambda: by_datasets("json", path),
    }


def csv_readers(path):
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    convert = pyarrow.csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    return {
        "polars": lambda: polars.read_csv(path).to_dicts(),
        "duckdb": lambda: by_duckdb(f"select * from read_csv('{path}')"),
        "pyarrow": lambda: pyarrow.csv.read_csv(path, parse_options=parse, convert_options=convert).to_pylist(),
        "datasets": lambda: by_datasets("csv", path, keep_default_na=False),
    }


def parquet_readers(path):
    return {
        "polars": lambda: polars.read_parquet(path).to_dicts(),
        "duckdb": lambda: by_duckdb(f"select * from '{path}'"),
        "pyarrow": lambda: pyarrow.parquet.read_table(path).to_pylist(),
        "datasets": lambda: by_datasets("parquet", path),
    }


def folder_readers(path):
    shards = path / "data" / "*.parquet"

    def every_split():
        loaded = datasets.load_dataset(str(path))
        return [row for split in loaded.values() for row in split.to_list()]

    return {
        "polars": lambda: polars.read_parquet(shards).to_dicts(),
        "duckdb": lambda: by_duckdb(f"select * from '{shards}'"),
        "pyarrow": lambda: pyarrow.dataset.dataset(path / "data", format="parquet").to_table().to_pylist(),
        "datasets": every_split,
    }


def chat(messages):
    return [[message["role"], message["content"]] for message in messages]


def from_rows(rows):
    """A row for each message, back to conversations. An empty text may read as a missing one."""
    talks = {}
    for row in rows:
        talks.setdefault(row["conversation_id"], []).append([row["role"], row["content"] or ""])
    return talks


def from_nested(rows):
    return {row["conversation_id"]: chat(row["messages"]) for row in rows}


def from_quality(rows):
    return {str(row["quality"]["conversation_id"]): chat(row["messages"]) for row in rows}


def from_chats(rows):
    return [chat(row["messages"]) for row in rows]


def from_pairs(rows):
    return [{half: chat(row[half]) for half in ("prompt", "chosen", "rejected")} for row in rows]


def scores(rows):
    return sorted({row["overall_quality"] for row in rows})


def main():
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    exports = [
        ("talks.jsonl", json_readers, from_quality, expected["talks"]),
        ("talks.csv", csv_readers, from_rows, expected["talks"]),
        ("talks.parquet", parquet_readers, from_nested, expected["talks"]),
        ("talks", folder_readers, from_nested, expected["talks"]),
        ("tune.jsonl", json_readers, from_chats, expected["tune"]),
        ("pairs.jsonl", json_readers, from_pairs, expected["pairs"]),
    ]
    for name, readers, shape, wanted in exports:
        for reader, read in readers(FOLDER / name).items():
            rows = read()
            found = shape([dict(row, conversation_id=str(row.get("conversation_id"))) for row in rows])
            if found != wanted:
                sys.exit(f"{name} read by {reader} differs: {difference(found, wanted)}")
            if "overall_quality" in rows[0] and scores(rows) != expected["overall_quality"]:
                sys.exit(f"{name} read by {reader}: scores {scores(rows)}")
            print(f"{name}: {reader} reads {len(found)} records, all texts equal")


def difference(found, wanted):
    if len(found) != len(wanted):
        return f"{len(found)} records for {len(wanted)}"
    keys = wanted if isinstance(wanted, dict) else range(len(wanted))
    return next(f"{key}: {found[key]!r} for {wanted[key]!r}" for key in keys if found[key] != wanted[key])


main()
