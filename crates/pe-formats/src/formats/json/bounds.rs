//! How much one JSON text may hold. Each value takes some hundred bytes of memory once it is read (an object of two fields
//! with its keys about 300), however few bytes it has as text: so values are counted before a long text is read.

use serde::de::DeserializeOwned;

/// The most values of one record: lists, objects, and what stands in them. 100,000 messages with four fields each are half of
/// it, and what they take stays below 300 MB.
const VALUES: usize = 1_000_000;

/// Reads a text within the bounds.
///
/// # Errors
/// What is wrong with it, and what to do.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    check(text)?;
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Refuses a text with too many values.
pub(super) fn check(text: &str) -> Result<(), String> {
    // A value and what parts it from the next one are two bytes at least.
    if text.len() / 2 > VALUES && values(text) > VALUES {
        return Err(format!(
            "more than {VALUES} values (lists, objects and what is in them); split the record"
        ));
    }
    Ok(())
}

/// How many values there are at most.
fn values(text: &str) -> usize {
    let (mut found, mut in_string, mut escaped) = (1, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'{' | b'[' if !in_string => found += 1,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_texts() {
        assert_eq!(values(r#"{"a": [1, 2, {"b": "x, [y], \", {"}], "c": null}"#), 6 + 1);
        assert_eq!(values("17"), 1);
    }

    #[test]
    fn a_text_of_few_bytes_and_too_many_values_is_refused() {
        let many = format!("[{}0]", "0,".repeat(VALUES));
        assert!(check(&many).unwrap_err().contains("more than 1000000 values"));
        let long = format!("[\"{}\"]", "0,".repeat(VALUES));
        assert_eq!(parse::<Vec<String>>(&long).unwrap()[0].len(), 2 * VALUES);
    }
}
