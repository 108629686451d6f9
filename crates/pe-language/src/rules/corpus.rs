//! Every rule carries its own corpus: sentences it must find and hard ones it must leave alone. These tests run them all and
//! name the sentences that fail.

use pe_model::{Role, Turn};

use super::file::{By, Example, FileIn};
use super::{FILES, LEXICONS};
use crate::Reader;
use crate::lexicons::Lexicons;
use crate::pattern::Patterns;
use crate::vocabulary::Vocabulary;

/// Fewest examples of each side.
const FEWEST: usize = 6;

#[test]
fn every_pattern_compiles() {
    let mut lexicons = Lexicons::parse(LEXICONS).unwrap();
    for name in ["feeling", "negative-feeling", "positive-feeling"] {
        lexicons.add(name.into(), std::iter::once("sad"));
    }
    let mut vocabulary = Vocabulary::new([]);
    let mut failures = Vec::new();
    for (name, text) in FILES {
        let file: FileIn = toml::from_str(text).unwrap_or_else(|error| panic!("{name}.toml: {error}"));
        for rule in &file.rule {
            for pattern in rule.patterns.iter().chain(&rule.unless) {
                if let Err(reason) = Patterns::default().add(pattern, &lexicons, &mut vocabulary) {
                    failures.push(format!("{name}/{}: `{pattern}`: {reason}", rule.id));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_finds_its_hits_and_leaves_its_misses() {
    let reader = Reader::new().unwrap();
    let mut failures = Vec::new();
    let (mut rules, mut examples) = (0, 0);
    for (name, text) in FILES {
        let file: FileIn = toml::from_str(text).unwrap();
        for rule in &file.rule {
            rules += 1;
            let id = format!("{name}/{}", rule.id);
            for (side, wanted) in [(&rule.hits, true), (&rule.misses, false)] {
                if side.len() < FEWEST {
                    failures.push(format!("{id}: {} examples, wanted {FEWEST} (hit: {wanted})", side.len()));
                }
                for example in side {
                    examples += 1;
                    let messages = messages_of(example, rule.by);
                    let turns: Vec<_> =
                        messages.iter().map(|(role, text)| Turn { role: *role, text }).collect();
                    if reader.rules_found_in_last(&turns).iter().any(|found| **found == *id) != wanted {
                        failures.push(format!(
                            "{id}: {} {:?}",
                            if wanted { "misses" } else { "finds" },
                            messages
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {examples} examples:\n{}", failures.len(), failures.join("\n"));
    assert!(rules > 0);
}

fn messages_of(example: &Example, by: By) -> Vec<(Role, String)> {
    match example {
        Example::Message(text) => {
            vec![(if by == By::Client { Role::User } else { Role::Assistant }, text.clone())]
        }
        Example::Messages(lines) => lines
            .iter()
            .map(|line| match line.split_once(": ") {
                Some(("client", text)) => (Role::User, text.to_owned()),
                Some(("helper", text)) => (Role::Assistant, text.to_owned()),
                _ => panic!("a message of an example begins with `client: ` or `helper: `: {line}"),
            })
            .collect(),
    }
}
