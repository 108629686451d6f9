//! The pages in `docs/quality` say what the rule files say.

use pe_model::{Axis, SignalKind};
use pe_quality::QualityConfig;
use toml::{Table, Value};

use crate::readings::scorer;

fn page(name: &str) -> String {
    let path = pe_testkit::repository().join("docs/quality").join(name);
    std::fs::read_to_string(&path).expect("every axis has its page")
}

/// `-0.15` as the pages write it: `-.15`.
fn written(weight: f64) -> String {
    format!("{weight:.2}").replacen("0.", ".", 1)
}

fn list<'a>(table: &'a Table, key: &str) -> Vec<&'a Table> {
    let found = table.get(key).and_then(Value::as_array);
    found.into_iter().flatten().filter_map(Value::as_table).collect()
}

#[test]
fn every_label_is_explained() {
    let labels = page("labels.md");
    for kind in SignalKind::ALL {
        assert!(labels.contains(&format!("| `{}` |", kind.name())), "{}", kind.name());
    }
}

#[test]
fn every_axis_has_a_page_that_bears_its_subtitle() {
    for (info, axis) in scorer(&QualityConfig::default()).metrics().iter().zip(Axis::ALL) {
        assert_eq!((info.name.as_str(), info.subtitle.as_str()), (axis.name(), axis.subtitle()));
        let page = page(&format!("{}.md", axis.name())).to_lowercase();
        assert!(page.starts_with(&format!("# `{}`: {}", axis.name(), axis.subtitle())), "{}", axis.name());
    }
}

#[test]
fn the_pages_give_the_weights_of_the_rule_file() {
    let path = pe_testkit::repository().join("crates/pe-quality/rules/canonical.toml");
    let rules: Table = std::fs::read_to_string(path).expect("readable").parse().expect("a table");
    for metric in list(&rules, "metric") {
        let name = metric["name"].as_str().expect("a name");
        let page = page(&format!("{name}.md"));
        let mut terms = [list(metric, "term"), list(metric, "ratio")].concat();
        let replies = metric.get("replies").and_then(Value::as_table);
        terms.extend(replies.map(|replies| list(replies, "term")).unwrap_or_default());
        for term in terms {
            let weight = written(term["weight"].as_float().expect("a weight"));
            let term = term["name"].as_str().expect("a name");
            if ["breaches", "harm: ", "blame", "cues that"].iter().any(|prose| term.contains(prose)) {
                assert!(page.contains(&weight) || term.starts_with("harm: "), "{name}: {term} {weight}");
                continue;
            }
            let row = page.lines().find(|row| row.starts_with(&format!("| {term}")) && row.contains(&weight));
            assert!(row.is_some(), "docs/quality/{name}.md has no row for {term:?} with {weight}");
        }
        let overall = self::page("overall_quality.md");
        let weight = written(metric["weight"].as_float().expect("a weight"));
        assert!(overall.contains(&format!("| `{name}` | {weight} |")), "{name} {weight}");
    }
}

#[test]
fn the_table_of_severities_is_that_of_the_rule_file() {
    let path = pe_testkit::repository().join("crates/pe-quality/rules/conduct.toml");
    let rules: Table = std::fs::read_to_string(path).expect("readable").parse().expect("a table");
    let page = page("clinical_compliance.md");
    for rule in list(&rules, "rule") {
        let text = |key: &str| rule[key].as_str().unwrap_or_default();
        let star = if rule["harm"].as_bool() == Some(true) { " *" } else { "" };
        let columns = ["licensed", "trainee", "peer", "ai", "unknown"].map(text).join(" | ");
        let row = format!("| {}{star} | {columns} |", text("id"));
        assert!(page.contains(&row), "{row}");
    }
}
