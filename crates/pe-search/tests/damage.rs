//! An index that is damaged, outdated, unsealed or gone: noticed when it is opened, and rebuilt.

mod fixture;

use std::fs;
use std::path::{Path, PathBuf};

use fixture::{find, index_of, numbers, plain};
use pe_search::{Change, Index, OpenError, Rebuild, Total, WriteError, Writer, WriterOptions};
use tempfile::TempDir;

fn three() -> (TempDir, PathBuf) {
    let (folder, index) = index_of(vec![
        plain(1, &["a grey morning"]),
        plain(2, &["a bright morning"]),
        plain(3, &["evening"]),
    ]);
    let place = index.folder().to_owned();
    (folder, place)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

/// The files that hold entries.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let parts: Vec<_> = files(folder)
        .into_iter()
        .filter(|file| {
            let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
            name.len() > 32 && name.as_bytes()[..32].iter().all(u8::is_ascii_hexdigit)
        })
        .collect();
    assert!(parts.len() >= 5, "{parts:?}");
    parts
}

fn assert_damaged(folder: &Path, why: &str) {
    match Index::open(folder) {
        Err(error @ OpenError::Damaged { .. }) => assert!(error.to_string().contains("reindex"), "{error}"),
        Err(error) => panic!("{why}: {error}"),
        Ok(_) => panic!("{why}: not noticed"),
    }
}

#[test]
fn every_file_that_is_cut_or_gone_is_noticed() {
    let (_folder, index) = three();
    for part in parts(&index) {
        let whole = fs::read(&part).expect("a file");
        for length in [0, 3, 7, whole.len() / 2, whole.len() - 1] {
            fs::write(&part, &whole[..length]).expect("written");
            assert_damaged(&index, &format!("{} cut to {length}", part.display()));
        }
        fs::remove_file(&part).expect("removed");
        assert_damaged(&index, &format!("{} removed", part.display()));
        fs::write(&part, &whole).expect("written");
    }
    Index::open(&index).expect("sound again");
}

#[test]
fn every_byte_of_what_is_not_sealed_is_checked() {
    let (_folder, index) = three();
    fs::write(index.join("seal.json"), r#"{"version":2,"files":{}}"#).expect("written");
    Index::open(&index).expect("sound, though nothing is sealed");
    for part in parts(&index) {
        let whole = fs::read(&part).expect("a file");
        let mut bent = whole.clone();
        bent[whole.len() / 4] ^= 1;
        fs::write(&part, &bent).expect("written");
        // The engine's own frame at the end may be hit, which it notices itself; everything before has a checksum.
        assert_damaged(&index, &format!("{} bent", part.display()));
        fs::write(&part, &whole[..whole.len() / 2]).expect("written");
        assert_damaged(&index, &format!("{} cut", part.display()));
        fs::write(&part, &whole).expect("written");
    }
}

#[test]
fn the_table_of_contents_and_the_seal_are_needed() {
    for name in ["meta.json", "seal.json"] {
        let (_folder, index) = three();
        fs::write(index.join(name), "{ not json").expect("written");
        assert_damaged(&index, &format!("{name} garbled"));
        fs::remove_file(index.join(name)).expect("removed");
        assert_damaged(&index, &format!("{name} removed"));
    }
}

#[test]
fn a_bent_file_is_found_by_verifying() {
    let (_folder, index) = three();
    let open = Index::open(&index).expect("sound");
    open.verify().expect("sound");
    let part = parts(&index)
        .into_iter()
        .max_by_key(|part| fs::metadata(part).expect("a file").len())
        .expect("a file");
    let mut bent = fs::read(&part).expect("a file");
    bent[10] ^= 1;
    fs::write(&part, bent).expect("written");
    assert!(matches!(open.verify(), Err(OpenError::Damaged { .. })));
}

#[test]
fn another_version_is_outdated_and_an_empty_folder_missing() {
    let (folder, index) = three();
    let seal = fs::read_to_string(index.join("seal.json")).expect("a seal");
    fs::write(index.join("seal.json"), seal.replace("\"version\":2", "\"version\":999")).expect("written");
    assert!(matches!(Index::open(&index), Err(OpenError::Outdated { found: 999, .. })));
    assert!(matches!(Index::open(folder.path()), Err(OpenError::Missing { .. })));
    assert!(matches!(Index::open(&folder.path().join("nowhere")), Err(OpenError::Missing { .. })));
}

/// Rebuilds what has to be.
fn rebuild(folder: &Path) -> Index {
    let error = Index::open(folder).expect_err("not sound");
    assert!(error.is_mended_by_rebuild(), "{error}");
    let mut rebuild = Rebuild::begin(folder, WriterOptions::default()).expect("begins");
    let new = Change::Upsert(plain(9, &["a new morning"]).prepare());
    let short_lived = [Change::Upsert(plain(8, &["a morning"]).prepare()), Change::Remove(fixture::id(8))];
    rebuild.apply(vec![new.clone()]).expect("applied");
    rebuild.apply(short_lived.to_vec()).expect("applied");
    rebuild.apply(vec![new]).expect("applied");
    rebuild.finish(42).expect("rebuilt")
}

#[test]
fn a_damaged_index_is_rebuilt_in_its_place() {
    let (_folder, index) = three();
    fs::remove_file(index.join("meta.json")).expect("removed");
    let fresh = rebuild(&index);
    assert_eq!(numbers(&fresh, "morning"), [9]);
    assert_eq!(fresh.committed_seq().expect("a sequence"), 42);
    let beside = files(index.parent().expect("a parent"));
    assert!(beside == [index.as_path()], "nothing is left beside it: {beside:?}");
    drop(fresh);
    fs::remove_dir_all(&index).expect("removed");
    assert_eq!(numbers(&rebuild(&index), "morning"), [9]);
}

#[test]
fn a_writer_that_dies_leaves_the_last_commit() {
    let (_folder, place) = three();
    let index = Index::open(&place).expect("sound");
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    writer.apply([Change::Upsert(plain(4, &["another morning"]).prepare())]).expect("applied");
    writer.commit(2).expect("committed");
    writer.apply([Change::Upsert(plain(5, &["a lost morning"]).prepare())]).expect("applied");
    assert!(matches!(Writer::open(&index, WriterOptions::default()), Err(WriteError::Locked { .. })));
    drop(writer);
    // Another reader while nothing is sealed, as after a kill.
    let again = Index::open(&place).expect("sound, though not sealed");
    assert_eq!(again.committed_seq().expect("a sequence"), 2);
    assert_eq!(numbers(&again, "morning").len(), 3);
    let mut writer = Writer::open(&again, WriterOptions::default()).expect("the lock went with the writer");
    writer.apply([Change::Upsert(plain(5, &["a lost morning"]).prepare())]).expect("applied");
    writer.commit(3).expect("committed");
    writer.finish().expect("finished");
    assert_eq!(find(&again, "morning").total, Total::Exact(4));
    // The first reader sees it when it asks.
    assert_eq!(numbers(&index, "morning").len(), 3);
    index.refresh().expect("refreshed");
    assert_eq!(numbers(&index, "morning").len(), 4);
}

#[test]
fn a_writer_removes_what_a_killed_one_left_half_written() {
    let (_folder, place) = three();
    for name in [".tmpAbCdEf", "seal.json.AbCdEf"] {
        fs::write(place.join(name), "{").expect("written");
    }
    let index = Index::open(&place).expect("sound");
    let before = files(&place).len();
    drop(Writer::open(&index, WriterOptions::default()).expect("a writer"));
    assert_eq!(files(&place).len(), before - 2);
}
