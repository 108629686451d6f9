//! What can't be scored, and why.

use pe_model::{NotScorable, Reading, Role};

/// Below so many words in all, nothing can be said of a conversation: about two short exchanges.
const MIN_WORDS: u32 = 20;
/// A reply of fewer words is a back-channel or a greeting; at least one longer one is needed.
const MIN_REPLY_WORDS: u32 = 3;

/// The reason why a conversation gets no scores; `None` when it gets some.
pub(crate) fn not_scorable(reading: &Reading) -> Option<NotScorable> {
    let of = |role| reading.volleys.iter().filter(move |volley| volley.role == role);
    let words = reading.volleys.iter().map(|volley| volley.words).fold(0, u32::saturating_add);
    if of(Role::Assistant).next().is_none() {
        return Some(NotScorable::NoHelperTurn);
    }
    if of(Role::User).next().is_none() {
        return Some(NotScorable::NoClientTurn);
    }
    let language = &reading.language;
    if !language.code.is_empty() && language.code != "en" {
        return Some(NotScorable::UnreadableLanguage { language: language.code.clone() });
    }
    if words == 0 {
        return Some(NotScorable::UnreadableLanguage { language: String::new() });
    }
    if !language.code.is_empty() && language.share < 0.5 {
        // ISO 639-2 for "multiple languages": English leads, but most of it is in others.
        return Some(NotScorable::UnreadableLanguage { language: "mul".into() });
    }
    let longest = of(Role::Assistant).map(|volley| volley.words).max().unwrap_or(0);
    (words < MIN_WORDS || longest < MIN_REPLY_WORDS).then_some(NotScorable::TooShort { words })
}

#[cfg(test)]
mod tests {
    use pe_model::{Language, Volley};

    use super::*;

    fn reading(code: &str, share: f32, volleys: &[(Role, u32)]) -> Reading {
        Reading {
            language: Language { code: code.into(), share },
            volleys: (0..)
                .zip(volleys)
                .map(|(at, &(role, words))| Volley { role, first: at, last: at, words })
                .collect(),
            ..Reading::default()
        }
    }

    #[test]
    fn every_reason_is_named() {
        let both = [(Role::User, 15), (Role::Assistant, 15)];
        assert_eq!(not_scorable(&reading("en", 1.0, &both)), None);
        // P-183
        assert_eq!(not_scorable(&reading("en", 1.0, &both[..1])), Some(NotScorable::NoHelperTurn));
        assert_eq!(not_scorable(&reading("en", 1.0, &both[1..])), Some(NotScorable::NoClientTurn));
        let short = [(Role::User, 40), (Role::Assistant, 2)];
        assert_eq!(not_scorable(&reading("en", 1.0, &short)), Some(NotScorable::TooShort { words: 42 }));
        let language = |language: &str| Some(NotScorable::UnreadableLanguage { language: language.into() });
        assert_eq!(not_scorable(&reading("zh", 1.0, &both)), language("zh"));
        assert_eq!(not_scorable(&reading("en", 0.4, &both)), language("mul"));
        assert_eq!(not_scorable(&reading("", 0.0, &[(Role::User, 0), (Role::Assistant, 0)])), language(""));
        assert_eq!(not_scorable(&Reading::default()), Some(NotScorable::NoHelperTurn));
    }
}
