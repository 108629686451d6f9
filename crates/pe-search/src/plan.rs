//! Turns a query and a filter into what the engine runs, and into the patterns that snippets are marked by.

use std::collections::HashSet;
use std::ops::{Bound, RangeInclusive};

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as EngineQuery,
    RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analysis::{Analysed, analyse};
use crate::filter::Filter;
use crate::layout::{CREATED_AT, Layout, QUALITY, quality_value, time_value};
use crate::pattern::{Atom, Pattern};
use crate::pieces::Kind;
use crate::query::{Clause, Condition, FilterField, Query, QueryError, Sign, Wanted};
use crate::stopwords::is_stop_word;

/// More pairs than any grapheme begins in written language.
const MOST_PAIRS: u32 = 20_000;

type Boxed = Box<dyn EngineQuery>;

/// A column of numbers, and between which a message's must lie, ends included. A message without one lies in no range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumberRange {
    pub(crate) column: &'static str,
    pub(crate) numbers: RangeInclusive<i64>,
}

/// A search ready to run. At least one of `words` and `narrowing` is there.
pub(crate) struct Plan {
    /// What decides the score.
    pub(crate) words: Option<Boxed>,
    /// What a message must be apart from that: filters and exclusions. Kept apart, so that the engine can skip what cannot reach the
    /// best by its words.
    pub(crate) narrowing: Option<Boxed>,
    /// What numbers of a message must lie within. Looked up one by one: a list of all that do would be most of the index.
    pub(crate) ranges: Vec<NumberRange>,
    /// The score of every match, where it is the same for all.
    pub(crate) flat: Option<f32>,
    /// What is marked.
    pub(crate) patterns: Vec<Pattern>,
}

impl Plan {
    /// Plans `query` narrowed by `filter`.
    pub(crate) fn new(layout: &Layout, query: &Query, filter: &Filter) -> Result<Self, QueryError> {
        let mut parts = Parts::default();
        for clause in &query.clauses {
            parts.take(layout, clause);
        }
        parts.take_words(layout);
        for condition in query.conditions.iter().cloned().chain(filter.conditions()) {
            let occur = if condition.excluded { Occur::MustNot } else { Occur::Must };
            parts.narrowing.push((occur, any_of(layout, &condition)));
        }
        parts.plan(ranges(filter)).ok_or(QueryError::Nothing)
    }
}

/// The parts of a plan while it is made.
#[derive(Default)]
struct Parts {
    /// Plain words, of which the common ones may go.
    words: Vec<Analysed>,
    plain: Vec<Boxed>,
    required: Vec<Boxed>,
    /// Filters and exclusions; they never touch the score.
    narrowing: Vec<(Occur, Boxed)>,
    patterns: Vec<Pattern>,
}

impl Parts {
    fn take(&mut self, layout: &Layout, clause: &Clause) {
        match (&clause.wanted, clause.sign) {
            (Wanted::Words(text), Sign::Plain) => {
                self.words.extend(analyse(text).filter(|word| word.piece.kind != Kind::Tail));
            }
            (Wanted::Prefix(prefix), sign) => {
                self.place(sign, Some((starts(layout.surfaces, prefix), one(Atom::Prefix(prefix.clone())))));
            }
            (Wanted::Phrase(text), Sign::Plain) => self.place(Sign::Required, sequence(layout, text)),
            (Wanted::Words(text) | Wanted::Phrase(text), sign) => self.place(sign, sequence(layout, text)),
        }
    }

    fn place(&mut self, sign: Sign, part: Option<(Boxed, Pattern)>) {
        let Some((query, pattern)) = part else { return };
        match sign {
            Sign::Excluded => return self.narrowing.push((Occur::MustNot, unscored(query))),
            Sign::Required => self.required.push(query),
            Sign::Plain => self.plain.push(query),
        }
        self.patterns.push(pattern);
    }

    /// Places the plain words: without the common ones, unless there is nothing else to go by.
    fn take_words(&mut self, layout: &Layout) {
        let mut words = std::mem::take(&mut self.words);
        let told = !self.patterns.is_empty() || words.iter().any(|word| !is_stop_word(&word.surface));
        // However often a query repeats a word, it counts once.
        let mut seen = HashSet::new();
        words.retain(|word| !(told && is_stop_word(&word.surface)) && seen.insert(word.stem.clone()));
        for word in words {
            self.place(Sign::Plain, Some(single(layout, &word)));
        }
    }

    /// `None` when there is neither a word nor a filter.
    fn plan(self, ranges: Vec<NumberRange>) -> Option<Plan> {
        let Self { plain, required, mut narrowing, patterns, .. } = self;
        let prefixes = patterns.iter().filter(|pattern| pattern.is_prefix()).count();
        let flat = match patterns.len() {
            0 => Some(0.0),
            1 => (prefixes == 1).then_some(1.0),
            _ => None,
        };
        let words = scored(plain, required);
        let is_open = narrowing.iter().all(|(occur, _)| *occur == Occur::MustNot);
        if is_open && (!narrowing.is_empty() || words.is_none() && !ranges.is_empty()) {
            narrowing.push((Occur::Must, unscored(Box::new(AllQuery))));
        }
        let narrowing: Option<Boxed> =
            (!narrowing.is_empty()).then(|| Box::new(BooleanQuery::new(narrowing)) as Boxed);
        (words.is_some() || narrowing.is_some()).then_some(Plan { words, narrowing, ranges, flat, patterns })
    }
}

/// What decides the score: all of `required`, and the more of `plain` the better.
fn scored(mut plain: Vec<Boxed>, mut required: Vec<Boxed>) -> Option<Boxed> {
    match (plain.len(), required.len()) {
        (0, 0) => None,
        (1, 0) => plain.pop(),
        (0, 1) => required.pop(),
        // A bare union of words is what the engine can prune.
        (_, 0) => Some(Box::new(BooleanQuery::union(plain))),
        _ => {
            let required = required.into_iter().map(|query| (Occur::Must, query));
            let plain = plain.into_iter().map(|query| (Occur::Should, query));
            Some(Box::new(BooleanQuery::new(required.chain(plain).collect())))
        }
    }
}

fn unscored(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn term(field: Field, text: &str, detail: IndexRecordOption) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), detail))
}

/// Messages with a term that begins with `prefix`; each scores 1.
fn starts(field: Field, prefix: &str) -> Boxed {
    // No term that begins with the prefix sorts behind the prefix and the last character there is.
    let beyond = format!("{prefix}{}", char::MAX);
    Box::new(RangeQuery::new(
        Bound::Included(Term::from_field_text(field, prefix)),
        Bound::Excluded(Term::from_field_text(field, &beyond)),
    ))
}

fn one(atom: Atom) -> Pattern {
    Pattern(vec![(0, atom)])
}

fn single(layout: &Layout, word: &Analysed) -> (Boxed, Pattern) {
    let stem = &word.stem;
    match word.piece.kind {
        Kind::Single => (starts(layout.stems, stem), one(Atom::Grapheme(stem.clone()))),
        _ => (term(layout.stems, stem, IndexRecordOption::WithFreqs), one(Atom::Stem(stem.clone()))),
    }
}

/// All words of `text`, one after the other.
fn sequence(layout: &Layout, text: &str) -> Option<(Boxed, Pattern)> {
    let mut words: Vec<_> = analyse(text).enumerate().collect();
    // The text that is searched may go on where the phrase ends, so the last grapheme alone is not a term there.
    if words.last().is_some_and(|(_, last)| last.piece.kind == Kind::Tail) {
        words.pop();
    }
    let (_, last) = words.last()?;
    if words.len() == 1 {
        return Some(single(layout, last));
    }
    // For the same reason, a grapheme alone at the end may begin a pair.
    let open = last.piece.kind == Kind::Single;
    let terms =
        words.iter().map(|(at, word)| (*at, Term::from_field_text(layout.stems, &word.stem))).collect();
    let query: Boxed = if open {
        let mut query = PhrasePrefixQuery::new_with_offset(terms);
        query.set_max_expansions(MOST_PAIRS);
        Box::new(query)
    } else {
        Box::new(PhraseQuery::new_with_offset(terms))
    };
    let mut atoms: Vec<_> = words.into_iter().map(|(at, word)| (at, Atom::Stem(word.stem))).collect();
    if open && let Some((at, Atom::Stem(stem))) = atoms.pop() {
        atoms.push((at, Atom::Grapheme(stem)));
    }
    Some((query, Pattern(atoms)))
}

fn any_of(layout: &Layout, condition: &Condition) -> Boxed {
    let field = match condition.field {
        FilterField::Role => layout.role,
        FilterField::Emotion => layout.emotion,
        FilterField::Tier => layout.tier,
        FilterField::Dataset => layout.dataset,
        FilterField::Language => layout.language,
    };
    let values = condition.values.iter().map(|value| term(field, value, IndexRecordOption::Basic)).collect();
    unscored(Box::new(BooleanQuery::union(values)))
}

/// The ranges of a filter that narrow anything.
fn ranges(filter: &Filter) -> Vec<NumberRange> {
    let quality = (filter.min_quality.map(quality_value), filter.max_quality.map(quality_value));
    // The end of a time is not in it any more.
    let created = (filter.from.map(time_value), filter.to.map(|to| time_value(to).saturating_sub(1)));
    [(QUALITY, quality), (CREATED_AT, created)]
        .into_iter()
        .filter(|(_, bounds)| *bounds != (None, None))
        .map(|(column, (low, high))| NumberRange {
            column,
            numbers: low.unwrap_or(i64::MIN)..=high.unwrap_or(i64::MAX),
        })
        .collect()
}
