//! Files of a few kilobytes that unpack to gigabytes: they are refused, or only their large record is rejected, and memory stays
//! below the promised gigabyte.
//!
//! The Parquet files in `bombs/` were written by pyarrow with zstd; their names say what they hold, and their texts are one word
//! over and over.

#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use pe_formats::{Input, Item, ReadOptions, Reader};

/// The promise is for the whole tool; reading is part of it.
const MOST: usize = 700 << 20;

fn bomb(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bombs").join(name)
}

/// Anonymous memory of this process in bytes; 0 where the system does not tell.
fn anonymous() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse::<usize>().ok()).unwrap_or(0) * 1024
}

/// Conversations, rejects, the last error, and the most memory while the file was read.
fn read(path: &Path) -> (usize, Vec<String>, Option<String>, usize) {
    let (ended, peak) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                peak.fetch_max(anonymous(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let (mut records, mut rejects, mut failure) = (0, Vec::new(), None);
        match Reader::open(&Input::file(path), &ReadOptions::default()) {
            Ok(reader) => {
                for item in reader {
                    match item {
                        Ok(Item::Record(_)) => records += 1,
                        Ok(Item::Reject(reject)) => rejects.push(reject.reason),
                        Err(error) => failure = Some(error.to_string()),
                    }
                }
            }
            Err(error) => failure = Some(error.to_string()),
        }
        ended.store(true, Ordering::Relaxed);
        (records, rejects, failure, peak.load(Ordering::Relaxed))
    })
}

/// One after another, as they share the memory that is measured.
#[test]
fn a_small_file_that_unpacks_to_gigabytes_takes_no_more_memory_than_promised() {
    let folder = tempfile::tempdir().unwrap();
    for (path, records, rejected, refused) in [
        (bomb("900-megabytes-in-a-cell.parquet"), 0, "", "pages of more than 384 MB"),
        (bomb("30-million-texts-in-a-row.parquet"), 0, "", "30000000 values in column texts.list.element"),
        (bomb("one-text-for-4000-rows.parquet"), 2_000, "", ""),
        (bomb("70-megabytes-in-one-row-of-six.parquet"), 3, "the row is longer than 67108864 bytes", ""),
        (bomb("70-megabytes-in-one-message.parquet"), 2, "the row is longer than 67108864 bytes", ""),
        (values_of_two_bytes(folder.path()), 2, "more than 1000000 values", ""),
        (one_line(folder.path(), false), 2, "longer than 67108864 bytes", ""),
        (one_line(folder.path(), true), 2, "longer than 67108864 bytes", ""),
    ] {
        let (found, rejects, failure, peak) = read(&path);
        let failure = failure.unwrap_or_default();
        assert!(failure.contains(refused) && failure.is_empty() == refused.is_empty(), "{path:?}: {failure}");
        assert_eq!((found, rejects.len()), (records, usize::from(!rejected.is_empty())), "{path:?}");
        assert!(rejects.iter().all(|reason| reason.contains(rejected)), "{path:?}: {rejects:?}");
        assert!(peak < MOST, "{path:?}: {} MB", peak >> 20);
    }
}

const GOOD: &str =
    r#"{"messages": [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "Go on."}]}"#;

/// Thirty million numbers as metadata of a record of 60 MB.
fn values_of_two_bytes(folder: &Path) -> PathBuf {
    let path = folder.join("values.jsonl");
    let many = "0,".repeat(30_000_000);
    let bad = format!(r#"{{"messages": [{{"role": "user", "content": "x"}}], "topic": [{many}0]}}"#);
    std::fs::write(&path, format!("{GOOD}\n{bad}\n{GOOD}\n")).unwrap();
    path
}

/// A line of two gigabytes between two good ones, packed.
fn one_line(folder: &Path, zstd: bool) -> PathBuf {
    let path = folder.join(if zstd { "line.jsonl.zst" } else { "line.jsonl.gz" });
    let file = std::fs::File::create(&path).unwrap();
    let mut packed: Box<dyn std::io::Write> = if zstd {
        Box::new(zstd::Encoder::new(file, 1).unwrap().auto_finish())
    } else {
        Box::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()))
    };
    write!(packed, "{GOOD}\n{{\"messages\": [{{\"role\": \"user\", \"content\": \"").unwrap();
    let piece = vec![b'x'; 16 << 20];
    for _ in 0..128 {
        packed.write_all(&piece).unwrap();
    }
    write!(packed, "\"}}]}}\n{GOOD}\n").unwrap();
    drop(packed);
    path
}
