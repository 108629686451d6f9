//! A crate depends only on lower floors; see ARCHITECTURE.md. Any other edge fails here.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// The floor of each crate. A crate that is not named here has no floor and fails the test.
const FLOORS: &[(&str, u8)] = &[
    ("pe-engine", 0),
    ("pe-model", 0),
    ("pe-formats", 1),
    ("pe-language", 1),
    ("pe-store", 1),
    ("pe-synth", 1),
    ("pe-quality", 2),
    ("pe-search", 2),
    ("pe-app", 3),
    ("pe-evaluate", 3),
    ("pixelated", 5),
    ("pe-bench", 5),
    ("pe-training", 5),
];

/// May stand beside any crate, in tests only.
const TESTKIT: &str = "pe-testkit";

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(pe_testkit::repository())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

/// (crate, dependency, whether for tests only) for every edge inside the workspace.
fn edges() -> Vec<(String, String, bool)> {
    let metadata = metadata();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    let names: Vec<String> = packages.iter().map(|package| text(&package["name"])).collect();
    let mut edges = Vec::new();
    for package in packages {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let to = text(&dependency["name"]);
            if names.contains(&to) {
                edges.push((text(&package["name"]), to, dependency["kind"] == "dev"));
            }
        }
    }
    edges
}

#[test]
fn no_edge_goes_up_or_sideways() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let edges = edges();
    assert!(edges.len() > 10, "the workspace has edges: {edges:?}");
    let wrong: Vec<String> = edges
        .iter()
        .filter(|(from, to, dev)| {
            if to == TESTKIT || from == TESTKIT {
                return from == TESTKIT || !dev;
            }
            let floor = |name: &str| *floors.get(name).unwrap_or_else(|| panic!("{name} has no floor"));
            floor(from) <= floor(to)
        })
        .map(|(from, to, _)| format!("{from} -> {to}"))
        .collect();
    assert!(wrong.is_empty(), "edges that do not go down: {wrong:?}");
}

#[test]
fn every_floor_names_a_crate_that_exists() {
    let metadata = metadata();
    let names: Vec<&str> = metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .filter_map(|p| p["name"].as_str())
        .collect();
    for (name, _) in FLOORS {
        assert!(names.contains(name), "{name} is gone: take it off the list");
    }
}
