//! Every promise in `docs/promises.md` names a test that exists.

use std::path::Path;

/// All Rust sources under a folder, in one text.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &std::fs::read_to_string(&path).expect("a source");
        }
    }
    text
}

/// Whether a function of that name stands under a test attribute.
fn is_test(sources: &str, name: &str) -> bool {
    if sources.contains("macro_rules! on_both") && sources.contains(&format!("::{name},")) {
        // Listed for a macro that makes a test of it for each database.
        return true;
    }
    let Some((before, _)) = sources.split_once(&format!("fn {name}(")) else { return false };
    let above: Vec<_> = before.lines().rev().take(6).collect();
    above.iter().any(|line| line.contains("test]") || line.contains("#[test"))
}

#[test]
fn every_promise_names_a_test_that_exists() {
    let root = pe_testkit::repository();
    let page = std::fs::read_to_string(root.join("docs/promises.md")).expect("the promises");
    let mut seen = 0;
    for line in page.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let names: Vec<_> = line.split('`').skip(1).step_by(2).collect();
        let [.., krate, test] = names.as_slice() else { panic!("a promise without crate and test: {line}") };
        let sources = sources(&root.join("crates").join(krate));
        assert!(is_test(&sources, test), "{krate} has no test {test}");
        seen += 1;
    }
    assert!(seen > 40, "{seen} promises");
}
