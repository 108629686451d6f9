//! Generated files are what the code generates: the manual page, the completions, the defaults.
//!
//! `make generate` writes them anew (it runs this test with `PIXELATED_GOLDEN=write`).

use std::process::Command;

fn printed(args: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_pixelated")).args(args).output().expect("the tool runs");
    assert!(output.status.success(), "{args:?}");
    output.stdout
}

#[test]
fn generated_files_are_what_the_code_generates() {
    let folder = pe_testkit::repository().join("docs/generated");
    let files: [(&str, &[&str]); 5] = [
        ("pixelated.1", &["man"]),
        ("completions/pixelated.bash", &["completions", "bash"]),
        ("completions/pixelated.zsh", &["completions", "zsh"]),
        ("completions/pixelated.fish", &["completions", "fish"]),
        ("default.toml", &["config", "--defaults"]),
    ];
    for (name, args) in files {
        let path = folder.join(name);
        if std::env::var_os("PIXELATED_GOLDEN").is_some_and(|value| value == "write") {
            std::fs::write(&path, printed(args)).expect("the file is written");
        }
        let kept = std::fs::read(&path).unwrap_or_default();
        assert!(kept == printed(args), "docs/generated/{name} differs: run `make generate` and commit");
    }
}
