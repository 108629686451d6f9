//! The example conversations that the project ships. They are its own: what is measured on them is a check of workings, and
//! never of accuracy.

use pe_model::Conversation;

use crate::Error;

const FILES: [(&str, &str); 2] = [
    ("examples/conversations-a.jsonl", include_str!("../../../examples/conversations-a.jsonl")),
    ("examples/conversations-b.jsonl", include_str!("../../../examples/conversations-b.jsonl")),
];

/// All of them.
pub(crate) fn conversations() -> Result<Vec<Conversation>, Error> {
    let mut found = Vec::new();
    for (file, text) in FILES {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let one =
                serde_json::from_str(line).map_err(|error| Error::unexpected(file, error.to_string()))?;
            found.push(one);
        }
    }
    Ok(found)
}
