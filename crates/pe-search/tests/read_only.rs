//! An index in a folder that may not be written is searched all the same. The superuser may write everywhere, so the test becomes
//! somebody else for it.

mod fixture;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use fixture::{numbers, plain};
use pe_search::{Change, Index, Writer, WriterOptions};

const FOLDER: &str = "PIXELATED_TEST_READ_ONLY";

/// Who owns nothing, on every Linux.
const NOBODY: &str = "65534";

#[test]
#[ignore = "the process that the next test starts as somebody else"]
fn search_where_nothing_may_be_written() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder).join("index");
    let index = Index::create(&folder).expect("a fresh index");
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    writer.apply([Change::Add(plain(1, &["a grey morning"]).prepare())]).expect("applied");
    writer.commit(1).expect("committed");
    writer.finish().expect("finished");
    drop(index);
    for entry in fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        // A folder that came by another way has no lock of the engine.
        if path.extension().is_some_and(|extension| extension == "lock") {
            fs::remove_file(path).expect("removed");
        }
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("closed");
    let index = Index::open(&folder).expect("open to readers");
    assert_eq!(numbers(&index, "morning"), [1]);
    assert!(Writer::open(&index, WriterOptions::default()).is_err(), "but not to writers");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("open again");
}

#[test]
fn an_index_that_may_not_be_written_is_searched() {
    let temporary = tempfile::tempdir().expect("a folder");
    fs::set_permissions(temporary.path(), fs::Permissions::from_mode(0o777)).expect("open to all");
    // The program may lie where others may not go.
    let program = temporary.path().join("test");
    fs::copy(std::env::current_exe().expect("this program"), &program).expect("copied");
    let is_superuser = fs::metadata("/proc/self").is_ok_and(|facts| facts.uid() == 0);
    let mut command = if is_superuser {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]).arg(&program);
        command
    } else {
        Command::new(&program)
    };
    let output = command
        .args(["--exact", "search_where_nothing_may_be_written", "--ignored"])
        .env(FOLDER, temporary.path())
        .current_dir(temporary.path())
        .output()
        .expect("it runs (setpriv is in Debian's util-linux)");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
