//! Whether the paths of a field map lead anywhere. A path that matches in none of the first records is a mistake, and it is
//! told before anything is read by it: a wrong `speaker` would make everybody the same person in silence.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Error;
use crate::map::{FieldMap, steps};

/// Names that are listed in an error.
const NAMES: usize = 30;

/// What the first records say of a map's paths.
pub(super) struct MappedPaths<'m> {
    records: usize,
    /// Keys and paths that no record has, and what is there instead.
    missing: Vec<(&'static str, &'m str, BTreeSet<String>)>,
}

impl<'m> MappedPaths<'m> {
    /// So many records are looked at, where so many are in the sample.
    pub(super) const RECORDS: usize = 100;

    /// Looks for the paths of `map` in `records`.
    pub(super) fn of(map: &'m FieldMap, records: &[Value]) -> Self {
        let (of_record, of_message) = map.paths();
        let messages: Vec<&Value> = records
            .iter()
            .filter_map(|record| get(record, map.messages.as_deref()?)?.as_array())
            .flatten()
            .collect();
        let records: Vec<&Value> = records.iter().collect();
        let mut missing = absent(of_record, &records);
        // Paths of messages that are not there say nothing; the path to them does.
        if !messages.is_empty() {
            missing.extend(absent(of_message, &messages));
        }
        Self { records: records.len(), missing }
    }

    /// Refuses a path that matches nowhere. Fields that need not be everywhere have to be missing from a hundred records, or
    /// from the whole file, where it is `complete` in the sample.
    pub(super) fn check(self, complete: bool) -> Result<(), Error> {
        const ALWAYS: [&str; 7] =
            ["id", "messages", "speaker", "content", "prompt", "response", "transcript"];
        let enough = complete || self.records >= Self::RECORDS;
        let wrong = self.missing.into_iter().find(|(key, ..)| enough || ALWAYS.contains(key));
        let Some((key, path, names)) = wrong else { return Ok(()) };
        let listed: Vec<_> = names.iter().take(NAMES).map(|name| format!("\"{name}\"")).collect();
        let more = if names.len() > NAMES { ", ..." } else { "" };
        Err(Error::Options(format!(
            "the field map's {key} is \"{path}\", and none of the first {} records has that; there are {}{more}",
            self.records,
            listed.join(", ")
        )))
    }
}

fn absent<'m>(
    paths: Vec<(&'static str, &'m str)>,
    trees: &[&Value],
) -> Vec<(&'static str, &'m str, BTreeSet<String>)> {
    let missing = paths
        .into_iter()
        .filter(|(_, path)| !trees.is_empty() && trees.iter().all(|tree| get(tree, path).is_none()));
    missing.map(|(key, path)| (key, path, names(trees))).collect()
}

fn names(trees: &[&Value]) -> BTreeSet<String> {
    let fields = trees.iter().filter_map(|tree| tree.as_object());
    fields.flat_map(|fields| fields.keys().take(NAMES + 1).cloned()).take(100 * NAMES).collect()
}

/// What lies at a path.
fn get<'v>(tree: &'v Value, path: &str) -> Option<&'v Value> {
    steps(path).iter().try_fold(tree, |tree, step| match tree {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use serde_json::json;

    use super::*;

    fn check(map: &str, records: &[Value], complete: bool) -> Result<(), String> {
        let map = FieldMap::parse(map).unwrap();
        MappedPaths::of(&map, records).check(complete).map_err(|error| error.to_string())
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named_with_what_is_there() {
        let record = json!({"log": [{"who": "Ann", "said": "Hi"}, {"who": "Bo", "said": "Hello", "at": 1}]});
        let good = "messages = 'log'\nspeaker = 'who'\ncontent = 'said'\ntimestamp = 'at'";
        assert_eq!(check(good, from_ref(&record), true), Ok(()));
        let error = check(&good.replace("who", "p.who"), from_ref(&record), false).unwrap_err();
        assert!(
            error.contains("speaker is \"p.who\"") && error.contains("\"at\", \"said\", \"who\""),
            "{error}"
        );
        let error = check(&good.replace("log", "turns"), from_ref(&record), false).unwrap_err();
        assert!(error.contains("messages is \"turns\"") && error.contains("\"log\""), "{error}");
        let rare = format!("{good}\nannotations = ['mood']");
        assert_eq!(check(&rare, from_ref(&record), false), Ok(()));
        assert!(check(&rare, from_ref(&record), true).unwrap_err().contains("mood"));
        assert_eq!(check(good, &[], true), Ok(()));
    }
}
