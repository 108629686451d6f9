//! What single cells of a table mean.

use pe_model::{Metadata, Role};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::json;
use crate::roles::{self, RoleMap};

/// The role of each label, and the label where it says more than the role.
pub(super) fn assign(labels: &[&str], map: &RoleMap) -> Vec<(Role, Option<String>)> {
    // Where every label is a role's own name nothing is left to guess.
    let stated: Option<Vec<Role>> =
        labels.iter().map(|label| Role::from_name(label).and(map.known(label))).collect();
    let roles = stated.unwrap_or_else(|| map.cast(labels.iter().copied()));
    roles.into_iter().zip(labels).map(|(role, label)| (role, roles::speaker(label, role))).collect()
}

/// The text of a cell that is not empty.
pub(super) fn filled(cell: &str) -> Option<String> {
    let cell = cell.trim();
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// Whether a cell of labels holds one: empty cells and the usual words for "does not apply" do not.
pub(super) fn is_value(cell: &str) -> bool {
    !matches!(cell.trim(), "" | "n/a" | "N/A" | "nan" | "NaN" | "null" | "NULL")
}

/// A date and time: RFC 3339, or the same with a space and without a zone, which is taken for UTC.
pub(super) fn moment(cell: &str) -> Option<OffsetDateTime> {
    if let Ok(moment) = OffsetDateTime::parse(cell, &Rfc3339) {
        return Some(moment);
    }
    let with_space =
        format_description!("[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]");
    let cell = cell.replacen('T', " ", 1);
    PrimitiveDateTime::parse(&cell, &with_space).ok().map(PrimitiveDateTime::assume_utc)
}

/// Adds the members of a JSON object in `cell` to `metadata`; a cell that is none is kept as text under `name`.
pub(super) fn merge_metadata(metadata: &mut Metadata, name: &str, cell: &str) {
    if cell.trim().is_empty() {
        return;
    }
    match json::parse(cell) {
        Ok(Value::Object(members)) => metadata.extend(members),
        _ => {
            metadata.insert(name.to_owned(), cell.into());
        }
    }
}

/// The beginning of `text`, at most `most` bytes, cut between two characters.
pub(super) fn excerpt(text: &str, most: usize) -> String {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn moments_with_and_without_zone() {
        let noon = datetime!(2024-05-01 12:00:00 UTC);
        for text in [
            "2024-05-01T12:00:00Z",
            "2024-05-01 12:00:00",
            "2024-05-01T12:00:00.0",
            "2024-05-01T14:00:00+02:00",
        ] {
            assert_eq!(moment(text), Some(noon), "{text}");
        }
        for text in ["", "yesterday", "12:00", "1714557600"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn metadata_that_is_no_object_is_kept_as_text() {
        let mut metadata = Metadata::new();
        merge_metadata(&mut metadata, "metadata", r#"{"a": 1}"#);
        merge_metadata(&mut metadata, "metadata", "plain");
        merge_metadata(&mut metadata, "metadata", "");
        assert_eq!(Value::Object(metadata), serde_json::json!({"a": 1, "metadata": "plain"}));
    }

    #[test]
    fn excerpts_end_between_characters() {
        assert_eq!(excerpt("né", 2), "n");
        assert_eq!(excerpt("né", 9), "né");
    }
}
