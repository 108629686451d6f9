//! Scores that were stored say by which version they were made. So what a version reads and scores must never change: this
//! test fails when the example conversations read or score otherwise under the same version.
//!
//! When a change is wanted: raise `REVISION` in `pe-language/src/reader.rs` or `ENGINE` in `pe-quality/src/version.rs`
//! (changed rules and weights raise the version by themselves), then `make generate`.

use pe_app::{Config, ReadFlags, Scorer, Silent, Validated};
use pe_model::Digest;

#[test]
fn a_version_always_reads_and_scores_alike() {
    let config = Config::load(None, []).expect("the defaults");
    let examples = pe_testkit::repository().join("examples").to_string_lossy().into_owned();
    let read = ReadFlags::default().options(&config).expect("no flags");
    let scorer = Scorer::for_dataset(&config, None, None).expect("the built-in validators");
    let mut version = String::new();
    let mut parts: Vec<Vec<u8>> = Vec::new();
    pe_app::validate(&scorer, &[format!("{examples}/*.jsonl")], &read, &Silent, |found| {
        let Validated::Conversation(_, reports) = found else { panic!("every example is read") };
        version.clone_from(&reports[0].version);
        parts.push(serde_json::to_vec(&reports).expect("JSON"));
        Ok(())
    })
    .expect("the examples are scored");
    assert_eq!(parts.len(), 132);
    let digest = Digest::of_parts(parts.iter().map(Vec::as_slice));
    let now = format!("{version} {digest}\n");
    let path = pe_testkit::repository().join("crates/pixelated/tests/golden.txt");
    if std::env::var_os("PIXELATED_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, &now).expect("the golden file");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file");
    let of_version = golden.split(' ').next().unwrap_or_default();
    if of_version == version {
        assert_eq!(
            golden, now,
            "version {version} scores otherwise than it did: raise it (see the head of this file)"
        );
    } else {
        assert_eq!(golden, now, "a new version: run `make generate`");
    }
}
