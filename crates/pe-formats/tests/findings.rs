//! What fuzzing found (`make fuzz`), each as a test of its own.

#![allow(clippy::unwrap_used)]

use pe_formats::{Input, Item, ReadOptions, Reader};

/// Conversations, rejects, and what came last: the error, if there was one.
fn read(name: &str, bytes: &[u8]) -> (usize, usize, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let (mut records, mut rejects, mut error) = (0, 0, None);
    for item in Reader::open(&Input::file(path), &ReadOptions::default()).unwrap() {
        assert!(error.is_none(), "something follows an error");
        match item {
            Ok(Item::Record(_)) => records += 1,
            Ok(Item::Reject(_)) => rejects += 1,
            Err(failure) => error = Some(failure.to_string()),
        }
    }
    (records, rejects, error)
}

/// A member of a tar file; its content is as long as stated where `content` is not cut.
fn member(name: &str, stated: usize, content: &str) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..135].copy_from_slice(format!("{stated:011o}").as_bytes());
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[148..156].fill(b' ');
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut bytes = [&header[..], content.as_bytes()].concat();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

#[test]
fn an_archive_that_breaks_off_behind_a_member_of_no_format_ends_with_its_error() {
    let chat =
        r#"{"messages": [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "Go on."}]}"#;
    let whole = |name: &str, content: &str| member(name, content.len(), content);
    let archive =
        [whole("a.json", chat), whole("b.bin", "neither here nor there"), member("c.bin", 5_000, "cut")];
    let (records, rejects, error) = read("a.tar", &archive.concat());
    assert_eq!((records, rejects), (1, 2));
    // The last member is a reject of its own, or what breaks the archive off.
    assert!(error.is_none_or(|error| error.contains("damaged or cut off")));
}

#[test]
fn a_parquet_file_whose_pages_never_end_is_refused() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bombs/pages-without-end.parquet");
    let error = Reader::open(&Input::file(path), &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("the pages of column speaker in row group 1"), "{error}");
}
