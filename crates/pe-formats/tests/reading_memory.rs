//! Memory does not grow with the file: a list of a hundred megabytes, on one line, is read in a few.

#![allow(clippy::unwrap_used)]

use std::io::Write;

use pe_formats::{Input, Item, ReadOptions, Reader};

/// Anonymous memory of this process in bytes; `None` where the system does not tell.
fn anonymous() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
}

#[test]
fn a_file_of_any_size_is_read_in_a_few_megabytes() {
    const RECORDS: usize = 100_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.json.gz");
    let file = std::fs::File::create(&path).unwrap();
    let mut file = flate2::write::GzEncoder::new(std::io::BufWriter::new(file), flate2::Compression::fast());
    let said = "It has been a long week. ".repeat(20);
    for number in 0..RECORDS {
        let open = if number == 0 { "[" } else { ", " };
        write!(
            file,
            r#"{open}{{"id": {number}, "messages": [{{"role": "user", "content": "{said}"}}, {{"role": "assistant", "content": "{said}"}}]}}"#
        )
        .unwrap();
    }
    file.write_all(b"]").unwrap();
    file.finish().unwrap().flush().unwrap();

    let Some(before) = anonymous() else { return };
    let mut reader = Reader::open(&Input::file(&path), &ReadOptions::default()).unwrap();
    let (mut count, mut most) = (0, 0);
    for item in &mut reader {
        assert!(matches!(item.unwrap(), Item::Record(_)));
        count += 1;
        if count % 5_000 == 0 {
            most = most.max(anonymous().unwrap_or(0));
        }
    }
    assert_eq!(count, RECORDS);
    assert_eq!(Some(reader.bytes_read()), reader.bytes_total());
    let grown = most.saturating_sub(before);
    assert!(grown < 16 << 20, "{} MB more than before", grown >> 20);
}
