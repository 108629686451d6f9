//! A writer that is killed at any moment: the index opens, says up to which change it is complete, and catches up.

mod fixture;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use fixture::{numbers, plain};
use pe_search::{Change, Index, Search, Total, Writer, WriterOptions};

const FOLDER: &str = "PIXELATED_TEST_INDEX";

fn change(seq: u64) -> Change {
    Change::Upsert(plain(seq.into(), &["a morning", "and an evening"]).prepare())
}

/// Applies changes from where the index stands, one commit each, until it is killed.
#[test]
#[ignore = "the process that the next test kills"]
#[allow(clippy::print_stdout)] // The next test reads how far it is.
fn write_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let index = Index::open(Path::new(&folder)).expect("sound");
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    for seq in index.committed_seq().expect("a sequence") + 1.. {
        writer.apply([change(seq)]).expect("applied");
        writer.commit(seq).expect("committed");
        println!("committed {seq}");
    }
}

/// Lets the other process commit so many times, then kills it in the middle of the next commit or merge.
fn write_and_kill(folder: &Path, commits: usize) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "write_until_killed", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let committed =
        output.lines().map_while(Result::ok).filter(|line| line.contains("committed")).take(commits);
    assert_eq!(committed.count(), commits);
    child.kill().expect("killed");
    child.wait().expect("gone");
}

#[test]
fn a_killed_writer_leaves_a_sound_index_that_knows_where_it_stands() {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().join("index");
    drop(Index::create(&folder).expect("a fresh index"));
    let mut last = 0;
    for commits in [1, 7, 8, 9, 23] {
        write_and_kill(&folder, commits);
        let index = Index::open(&folder).expect("sound after a kill");
        let seq = index.committed_seq().expect("a sequence");
        assert!(seq >= last + commits as u64, "{seq} after {last} and {commits}");
        let result = index.search(&Search { limit: 1_000, ..Search::of("morning") }).expect("found");
        assert_eq!(result.total, Total::Exact(usize::try_from(seq).expect("a small number")));
        assert_eq!(index.messages(), 2 * seq, "no half of a conversation is there");
        last = seq;
    }
    let index = Index::open(&folder).expect("sound");
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("the lock went with the writer");
    writer.apply([change(last + 1)]).expect("applied");
    writer.commit(last + 1).expect("committed");
    writer.finish().expect("finished");
    assert_eq!(numbers(&Index::open(&folder).expect("sealed"), "evening").len(), 20);
}
