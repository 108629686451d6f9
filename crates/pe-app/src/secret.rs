//! Secrets: kept whole for whoever needs them, shown by nobody.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// What stands in the place of a password.
const MASK: &str = "***";

/// The URL of a database, which may hold a password. Printed, logged or serialised, the password is `***`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// Keeps a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole of it, for who connects.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether none was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&masked(&self.0))
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:?}", masked(&self.0))
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&masked(&self.0))
    }
}

/// A text with the password of every URL in it masked: between `://USER:` and the last `@` before a blank, a quote, or the path; and
/// the values of `password=`.
pub fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        shown.push_str(before);
        let end =
            after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`')).unwrap_or(after.len());
        let (url, behind) = after.split_at(end);
        shown.push_str(&masked_url(url));
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

/// What follows `://`, with its password masked.
fn masked_url(url: &str) -> String {
    // A password may hold a slash or a mark that should have been escaped, so everything up to the last `@` is the login.
    let (login, place) = url.rsplit_once('@').map_or((None, url), |(login, place)| (Some(login), place));
    let login = match login {
        Some(login) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:{MASK}@"),
            None => format!("{login}@"),
        },
        None => String::new(),
    };
    login + &masked_parameter(place)
}

/// `password=...` of a query, masked.
fn masked_parameter(place: &str) -> String {
    let Some((path, query)) = place.split_once('?') else { return place.to_owned() };
    let pairs: Vec<_> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if name.to_lowercase().contains("password") => format!("{name}={MASK}"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_masked_wherever_it_stands() {
        for (text, shown) in [
            ("postgres://u:s3cret@h/db", "postgres://u:***@h/db"),
            (
                "cannot open postgres://u:s3/c@ret@h:5432/db, sorry",
                "cannot open postgres://u:***@h:5432/db, sorry",
            ),
            (
                "\"postgresql://u:s3cret@h/db\" and mysql://a:s3cret@b",
                "\"postgresql://u:***@h/db\" and mysql://a:***@b",
            ),
            ("postgres://h/db?user=u&password=s3cret&x=1", "postgres://h/db?user=u&password=***&x=1"),
            ("postgres://u@h/db", "postgres://u@h/db"),
            ("sqlite:/a/b.db and nothing else", "sqlite:/a/b.db and nothing else"),
            ("url = \"postgres://u:s3cret@h", "url = \"postgres://u:***@h"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn a_secret_url_is_never_shown_whole() {
        let url = SecretUrl::new("postgres://u:s3cret@h/db");
        let json = serde_json::to_string(&url).unwrap();
        for shown in [url.to_string(), format!("{url:?}"), json] {
            assert!(shown.contains("u:***@h/db"), "{shown}");
        }
        assert_eq!(url.expose(), "postgres://u:s3cret@h/db");
    }
}
