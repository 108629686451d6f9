//! The scene of a conversation, set before anything is judged: tokens, sentences, volleys and languages.

use std::ops::Range;

use pe_model::{Language, Role, Span, Turn, Volley};

use crate::language::{self, Guess};
use crate::lexicons::WordSet;
use crate::rules::Cite;
use crate::sentences::{Boundaries, Collector, Sentence};
use crate::vocabulary::Vocabulary;
use crate::words::{Scanner, Token};

/// Bytes of text to a token and to a sentence of talk, or somewhat less: room is made for so many at first.
const BYTES_PER_TOKEN: usize = 5;
const BYTES_PER_SENTENCE: usize = 40;

/// One message of the scene.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its sentences; none for system and tool messages.
    pub(crate) sentences: Range<usize>,
    /// Words in it.
    pub(crate) words: u32,
    /// ISO 639-1, or empty.
    pub(crate) language: &'static str,
}

/// Everything that is known of a conversation before the rules are searched.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) tokens: Vec<Token>,
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) parts: Vec<Part>,
    pub(crate) volleys: Vec<Volley>,
    pub(crate) language: Language,
}

impl Scene {
    /// Cuts the messages. `frequent` are the words by which English is known.
    pub(crate) fn set(
        turns: &[Turn<'_>],
        vocabulary: &Vocabulary,
        boundaries: &Boundaries,
        frequent: &WordSet,
    ) -> Self {
        let mut scanner = Scanner::new(vocabulary);
        let bytes: usize = turns.iter().filter(|turn| is_said(turn.role)).map(|turn| turn.text.len()).sum();
        let (mut tokens, mut sentences): (Vec<Token>, Vec<Sentence>) =
            (room(bytes / BYTES_PER_TOKEN), room(bytes / BYTES_PER_SENTENCE));
        let mut parts = Vec::with_capacity(turns.len());
        let mut guesses = Vec::with_capacity(turns.len());
        for (message, turn) in turns.iter().enumerate() {
            let (first, from) = (sentences.len(), tokens.len());
            let mut words = 0;
            let mut guess = Guess::Silent;
            if is_said(turn.role) {
                let mut collector = Collector {
                    boundaries,
                    tokens: &mut tokens,
                    sentences: &mut sentences,
                    message: message as u32,
                    first: from,
                };
                words = scanner.scan(readable(turn.text), &mut collector);
                let english = tokens[from..].iter().filter(|token| frequent.contains(token.word)).count();
                guess = language::guess(turn.text, (tokens.len() - from) as u32, english as u32);
            }
            guesses.push(guess);
            parts.push(Part { sentences: first..sentences.len(), words, language: "" });
        }
        let mut scene = Self { tokens, sentences, parts, volleys: Vec::new(), language: Language::default() };
        scene.name_languages(turns, &guesses);
        scene.volleys = volleys(turns, &scene.parts);
        scene
    }

    fn name_languages(&mut self, turns: &[Turn<'_>], guesses: &[Guess]) {
        self.language = language::majority(guesses, || {
            turns.iter().filter(|turn| is_said(turn.role)).map(|turn| turn.text).take(40).collect()
        });
        let known = guesses.iter().find_map(|guess| match guess {
            Guess::Is(code) if *code == self.language.code => Some(*code),
            _ => None,
        });
        let usual =
            known.unwrap_or(if self.language.code == language::READABLE { language::READABLE } else { "" });
        for (part, guess) in self.parts.iter_mut().zip(guesses) {
            part.language = match guess {
                Guess::Silent => "",
                Guess::TooShort => usual,
                Guess::Is(code) => code,
            };
        }
    }

    /// Whether the rules read the conversation.
    pub(crate) fn is_readable(&self) -> bool {
        self.language.code == language::READABLE
    }

    /// The sentences of a volley.
    pub(crate) fn sentences_of(&self, volley: &Volley) -> Range<usize> {
        self.parts[volley.first as usize].sentences.start..self.parts[volley.last as usize].sentences.end
    }

    /// The tokens of a sentence.
    pub(crate) fn tokens_of(&self, sentence: usize) -> &[Token] {
        let tokens = &self.sentences[sentence].tokens;
        &self.tokens[tokens.start as usize..tokens.end as usize]
    }

    /// The place of a sentence.
    pub(crate) fn sentence_span(&self, sentence: usize) -> Span {
        let sentence = &self.sentences[sentence];
        Span::new(sentence.message, sentence.start, sentence.end)
    }

    /// The place of a message's words, from the first sentence to the last.
    pub(crate) fn message_span(&self, message: u32) -> Option<Span> {
        let sentences = self.parts[message as usize].sentences.clone();
        let (first, last) = (self.sentences.get(sentences.start)?, self.sentences.get(sentences.end - 1)?);
        Some(Span::new(message, first.start, last.end))
    }

    /// The place of the clause around a token of the scene.
    pub(crate) fn clause_around(&self, token: u32) -> Span {
        let sentence = self.sentences.partition_point(|sentence| sentence.tokens.end <= token);
        let at = (token - self.sentences[sentence].tokens.start) as usize;
        self.span(sentence, at, at + 1, Cite::Clause)
    }

    /// The place of the tokens `first..last` of a sentence, widened as `cite` says.
    pub(crate) fn span(&self, sentence: usize, first: usize, last: usize, cite: Cite) -> Span {
        let tokens = self.tokens_of(sentence);
        let (first, last) = match cite {
            Cite::Sentence => return self.sentence_span(sentence),
            Cite::Phrase => (first, last),
            Cite::Clause => clause(tokens, first, last),
        };
        let whole = self.sentence_span(sentence);
        let end = if last == tokens.len() && cite == Cite::Clause { whole.end } else { tokens[last - 1].end };
        Span::new(whole.message, tokens[first].start, end)
    }
}

/// The clauses around the tokens `first..last`.
pub(crate) fn clause(tokens: &[Token], first: usize, last: usize) -> (usize, usize) {
    let first = (0..=first).rev().find(|at| tokens[*at].has(Token::BREAK)).unwrap_or(0);
    let last = (last..tokens.len()).find(|at| tokens[*at].has(Token::BREAK)).unwrap_or(tokens.len());
    (first, last)
}

/// Room for so many at first, but not for all of a text of many megabytes.
fn room<T>(expected: usize) -> Vec<T> {
    Vec::with_capacity(expected.min(1 << 14))
}

/// Whether somebody in the conversation says it.
fn is_said(role: Role) -> bool {
    matches!(role, Role::User | Role::Assistant)
}

/// Spans count bytes in 32 bits; what lies beyond 4 GiB of one message is not read.
fn readable(text: &str) -> &str {
    const MOST: usize = 0xffff_fff0;
    if text.len() <= MOST {
        return text;
    }
    (MOST - 4..=MOST).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// All that a speaker says before the other speaks. System and tool messages neither belong to a volley nor end one.
fn volleys(turns: &[Turn<'_>], parts: &[Part]) -> Vec<Volley> {
    let mut volleys: Vec<Volley> = Vec::new();
    for (message, (turn, part)) in
        turns.iter().zip(parts).enumerate().filter(|(_, (turn, _))| is_said(turn.role))
    {
        let message = message as u32;
        match volleys.last_mut() {
            Some(volley) if volley.role == turn.role => {
                volley.last = message;
                volley.words += part.words;
            }
            _ => volleys.push(Volley { role: turn.role, first: message, last: message, words: part.words }),
        }
    }
    volleys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    /// The sentences of a message as the scene cuts them.
    fn sentences(text: &str) -> Vec<String> {
        let knowledge = Knowledge::new().unwrap();
        let turns = [Turn { role: Role::User, text }];
        let scene =
            Scene::set(&turns, &knowledge.vocabulary, &knowledge.boundaries, &knowledge.classes.frequent);
        (0..scene.sentences.len())
            .map(|sentence| scene.sentence_span(sentence).of(text).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        for (text, expected) in [
            ("It hurt. A lot! Why?", &["It hurt.", "A lot!", "Why?"][..]),
            ("Dr. Lowe gave me 2.5 mg.", &["Dr. Lowe gave me 2.5 mg."]),
            ("i just... i don't know", &["i just... i don't know"]),
            ("Well... Then he left.", &["Well...", "Then he left."]),
            ("What?! No.", &["What?!", "No."]),
            ("one line\nstill the same", &["one line\nstill the same"]),
            ("- Sleep\n- Eat", &["Sleep", "Eat"]),
            ("[laughs] so that was it", &["so that was it"]),
            ("我很累。睡不着", &["我很累。", "睡不着"]),
            ("👍 ...", &[]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn long_runs_are_cut_where_a_subject_sets_in() {
        let run = "i went to the shop on the corner and the man was out of the bread that my mother likes so i walked \
                   all the way to the other one and then i saw him there by the door";
        let cut = sentences(run);
        assert!(cut.len() > 1 && cut[1].starts_with("so i walked"), "{cut:?}");
    }

    #[test]
    fn volleys_join_messages_of_one_speaker() {
        let turn = |role| Turn { role, text: "so" };
        let part = Part { sentences: 0..0, words: 2, language: "" };
        let turns = [Role::User, Role::User, Role::System, Role::User, Role::Assistant, Role::User].map(turn);
        let volleys = volleys(&turns, &vec![part; 6]);
        let shape: Vec<_> = volleys.iter().map(|volley| (volley.first, volley.last, volley.words)).collect();
        assert_eq!(shape, [(0, 3, 6), (4, 4, 2), (5, 5, 2)]);
    }
}
