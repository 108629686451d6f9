//! Reads the query language. It forgives what people paste (lone signs, emoticons, a speaker's name with a colon) and refuses
//! what they would otherwise get a wrong answer to.

use crate::analysis::analyse;
use crate::pieces::Kind;
use crate::query::{
    Clause, Condition, FilterField, MAX_QUERY_CHARS, MAX_QUERY_CLAUSES, Query, QueryError, Sign, Wanted,
};

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let characters: Vec<char> = text.chars().take(MAX_QUERY_CHARS + 1).collect();
        if characters.len() > MAX_QUERY_CHARS {
            return Err(QueryError::TooLong { chars: text.chars().count() });
        }
        let mut parser = Parser { characters: &characters, next: 0, query: Self::default() };
        while parser.skip_gap() {
            parser.clause()?;
            if parser.size() > MAX_QUERY_CLAUSES {
                return Err(QueryError::TooManyClauses);
            }
        }
        Ok(parser.query)
    }
}

struct Parser<'a> {
    characters: &'a [char],
    /// The character to read next.
    next: usize,
    query: Query,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.next).copied()
    }

    /// Where the next character stands, as people count.
    const fn place(&self) -> usize {
        self.next + 1
    }

    /// Moves to the next clause; `false` at the end.
    fn skip_gap(&mut self) -> bool {
        self.take_while(char::is_whitespace);
        self.peek().is_some()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.next;
        while self.peek().is_some_and(&wanted) {
            self.next += 1;
        }
        self.characters[start..self.next].iter().collect()
    }

    fn size(&self) -> usize {
        self.query.clauses.len()
            + self.query.conditions.iter().map(|condition| condition.values.len()).sum::<usize>()
    }

    fn clause(&mut self) -> Result<(), QueryError> {
        let sign = self.sign();
        if let Some(field) = self.field()? {
            return self.condition(field, sign == Sign::Excluded);
        }
        let wanted = if self.peek().is_some_and(is_quote) {
            Some(Wanted::Phrase(self.quoted()?))
        } else {
            self.word()?
        };
        self.query.clauses.extend(wanted.map(|wanted| Clause { sign, wanted }));
        Ok(())
    }

    /// A sign counts only where a word follows it at once.
    fn sign(&mut self) -> Sign {
        let followed = self.characters.get(self.next + 1).is_some_and(|next| !next.is_whitespace());
        let sign = match self.peek() {
            Some('+') if followed => Sign::Required,
            Some('-') if followed => Sign::Excluded,
            _ => return Sign::Plain,
        };
        self.next += 1;
        sign
    }

    /// The field before a colon, with the colon, if one stands here.
    fn field(&mut self) -> Result<Option<FilterField>, QueryError> {
        let start = self.next;
        let at = self.place();
        let name = self.take_while(|character| character.is_ascii_alphabetic() || character == '_');
        if name.is_empty() || self.peek() != Some(':') {
            self.next = start;
            return Ok(None);
        }
        self.next += 1;
        if let Some(field) = FilterField::from_name(&name) {
            return Ok(Some(field));
        }
        if self.peek().is_none_or(char::is_whitespace) {
            // "Therapist: how are you" is pasted text, not a filter.
            self.next = start;
            return Ok(None);
        }
        Err(QueryError::UnknownField { name, at })
    }

    fn condition(&mut self, field: FilterField, excluded: bool) -> Result<(), QueryError> {
        let mut values = Vec::new();
        loop {
            values.push(self.value(field)?);
            if self.peek() != Some(',') {
                break;
            }
            self.next += 1;
        }
        self.query.conditions.push(Condition { field, values, excluded });
        Ok(())
    }

    fn value(&mut self, field: FilterField) -> Result<String, QueryError> {
        let at = self.place();
        let value = if self.peek().is_some_and(is_quote) {
            self.quoted()?
        } else {
            self.take_while(|character| !character.is_whitespace() && character != ',')
        };
        if value.is_empty() {
            return Err(QueryError::NoValue { at, allowed: field.allowed() });
        }
        field.value(&value).ok_or_else(|| QueryError::UnknownValue { value, at, allowed: field.allowed() })
    }

    /// What stands between two quotation marks.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let at = self.place();
        self.next += 1;
        let phrase = self.take_while(|character| !is_quote(character));
        if self.peek().is_none() {
            return Err(QueryError::OpenPhrase { at });
        }
        self.next += 1;
        Ok(phrase)
    }

    fn word(&mut self) -> Result<Option<Wanted>, QueryError> {
        let word = self.take_while(|character| !character.is_whitespace());
        let Some(beginning) = word.strip_suffix('*') else { return Ok(Some(Wanted::Words(word))) };
        let pieces: Vec<_> = analyse(beginning).collect();
        match pieces.as_slice() {
            [] => Ok(None),
            [piece] if piece.piece.kind == Kind::Word => Ok(Some(Wanted::Prefix(piece.surface.clone()))),
            // Scripts without spaces are searched inside words anyway.
            pieces if pieces.iter().all(|piece| piece.piece.kind != Kind::Word) => {
                Ok(Some(Wanted::Words(beginning.to_owned())))
            }
            _ => Err(QueryError::WidePrefix { at: self.next }),
        }
    }
}

/// Straight and typographic double quotation marks.
const fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ff02}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause(sign: Sign, wanted: Wanted) -> Clause {
        Clause { sign, wanted }
    }

    fn words(text: &str) -> Wanted {
        Wanted::Words(text.into())
    }

    fn phrase(text: &str) -> Wanted {
        Wanted::Phrase(text.into())
    }

    #[test]
    fn every_kind_of_clause_is_read() {
        let query =
            Query::parse("sad +very -\"not at all\" “panic attack” Anx* - + *").expect("a good query");
        assert_eq!(
            query.clauses,
            [
                clause(Sign::Plain, words("sad")),
                clause(Sign::Required, words("very")),
                clause(Sign::Excluded, phrase("not at all")),
                clause(Sign::Plain, phrase("panic attack")),
                clause(Sign::Plain, Wanted::Prefix("anx".into())),
                clause(Sign::Plain, words("-")),
                clause(Sign::Plain, words("+")),
            ]
        );
    }

    #[test]
    fn filters_take_several_values() {
        let query =
            Query::parse("role:User,assistant -tier:unrated dataset:\"my set\",b lang:EN emotion:joy")
                .expect("good");
        let seen: Vec<_> = query
            .conditions
            .iter()
            .map(|condition| (condition.field, condition.values.join("|"), condition.excluded))
            .collect();
        assert_eq!(
            seen,
            [
                (FilterField::Role, "user|assistant".into(), false),
                (FilterField::Tier, "unrated".into(), true),
                (FilterField::Dataset, "my set|b".into(), false),
                (FilterField::Language, "en".into(), false),
                (FilterField::Emotion, "joy".into(), false),
            ]
        );
        assert!(query.clauses.is_empty());
    }

    #[test]
    fn errors_name_the_place() {
        for (text, expected) in [
            ("ab \"open", "the phrase that begins at character 4 is not closed; add a quotation mark"),
            (
                "x topic:grief",
                "`topic` at character 3 is no field; fields are role, emotion, tier, dataset, lang (for the text itself, put it in quotation marks)",
            ),
            ("role: x", "the filter at character 6 has no value; write user, assistant, system, tool"),
            ("role:user,", "the filter at character 11 has no value; write user, assistant, system, tool"),
            ("role:nurse", "`nurse` at character 6 is not one of: user, assistant, system, tool"),
            (
                "e-ma*",
                "the star at character 5 follows more than one word; a prefix is the beginning of one word",
            ),
        ] {
            let error = Query::parse(text).expect_err(text);
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn pasted_text_is_forgiven() {
        for text in ["Therapist: how are you", "at 10:30 :) D:", "a - b + c", "心理*"] {
            let query = Query::parse(text).expect(text);
            assert!(query.conditions.is_empty(), "{text}");
            assert!(!query.clauses.is_empty(), "{text}");
        }
    }

    #[test]
    fn size_is_bounded() {
        assert_eq!(Query::parse(&"é".repeat(2_001)), Err(QueryError::TooLong { chars: 2_001 }));
        assert_eq!(Query::parse(&"a ".repeat(257)), Err(QueryError::TooManyClauses));
        assert!(Query::parse(&"a ".repeat(256)).is_ok());
    }
}
