//! Contingency: whether what the helper says belongs to the turn it follows, or would stand as well after any other turn of the
//! same client. The other turns are distractors of the same topic: what they share says nothing about the place.
//!
//! A turn and a sentence are linked by the content words, the feelings (or kin of them), the persons ("my mum", "she") and the
//! asking that they have in common, each weighted by how rare it is among the client's turns (`ln(turns / turns with it)`, the
//! inverse document frequency of Spärck Jones 1972), over the root of the turn's length. The sentence is then ranked: which share
//! of the other turns it fits less well than the one before it, ties half. The next turn is no distractor, because it responds to the
//! reply. Words that more than half of the turns have tell no two of them apart and are passed over, and so are those that more
//! turns have than [`MOST_TURNS`], so that time stays linear.

use std::cmp::Ordering;

use pe_model::SignalKind;

use super::Exchange;
use crate::exchange::Side;
use crate::knowledge::Knowledge;
use crate::lexicons::WordSet;
use crate::scene::Scene;
use crate::signals::Signals;

/// With fewer turns to be ranked against, nothing is said.
const FEWEST_DISTRACTORS: usize = 3;
/// A turn of fewer content words ("yeah, I guess") is no distractor, and nothing is out of place after it.
const FEWEST_STEMS: u32 = 2;
/// What more turns than this have in common says little of any of them.
const MOST_TURNS: usize = 32;
/// A sentence is compared by at most so many of its marks.
const MOST_MARKS: usize = 64;

/// Something by which a sentence and a turn are linked: a stem, or one of the others below.
type Mark = u64;
const FEELING: Mark = 1 << 32;
const PERSON: Mark = 2 << 32;
const ASKING: Mark = 3 << 32;

/// What is kept of the conversation until its end, when every turn is known.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// Content words of each of the client's turns.
    sizes: Vec<u32>,
    /// Marks of these turns, with the turn and the token they were read at.
    marks: Vec<(Mark, u32, u32)>,
    /// Sentences of the helper's.
    sentences: Vec<Said>,
    /// Marks of the sentences, but for their stems.
    other_marks: Vec<Mark>,
}

/// A sentence of the helper's.
#[derive(Debug)]
struct Said {
    sentence: usize,
    /// The client's turn before it.
    turn: u32,
    /// Where its marks end in `other_marks`; they begin where those of the one before end.
    marks: usize,
}

impl Turns {
    /// Takes note of a client's turn.
    pub(super) fn client(&mut self, exchange: &Exchange<'_>, side: &Side) {
        let (scene, cues) = (exchange.scene, &exchange.knowledge.cues);
        let turn = self.sizes.len() as u32;
        self.sizes.push(side.links.len() as u32);
        self.marks.extend(side.links.iter().map(|(stem, token)| (Mark::from(stem), turn, token)));
        for felt in side.feelings.iter().filter(|felt| !felt.denied) {
            let token = scene.sentences[felt.sentence].tokens.start + felt.at as u32;
            self.marks.push((FEELING | Mark::from(felt.feeling.family), turn, token));
        }
        for sentence in side.sentences.clone() {
            let first = scene.sentences[sentence].tokens.start;
            persons(exchange, sentence, |person, at| self.marks.push((person, turn, first + at as u32)));
            if side.holds(cues.wants_answer, sentence) && !side.holds(cues.rhetorical, sentence) {
                self.marks.push((ASKING, turn, first));
            }
        }
    }

    /// Takes note of a reply.
    pub(super) fn reply(&mut self, exchange: &Exchange<'_>, side: &Side) {
        let Some(turn) = self.sizes.len().checked_sub(1) else { return };
        let feelings = &exchange.knowledge.feelings;
        for sentence in side.sentences.clone() {
            for felt in side.feelings_in(sentence).iter().filter(|felt| !felt.denied) {
                self.other_marks
                    .extend(feelings.kin_of(felt.feeling.family).map(|kin| FEELING | Mark::from(kin)));
            }
            persons(exchange, sentence, |person, _| self.other_marks.push(person));
            if side.holds(exchange.knowledge.cues.answers, sentence) {
                self.other_marks.push(ASKING);
            }
            self.sentences.push(Said { sentence, turn: turn as u32, marks: self.other_marks.len() });
        }
    }

    /// Ranks every sentence, once all turns are known.
    pub(crate) fn compare(mut self, knowledge: &Knowledge, scene: &Scene, signals: &mut Signals) {
        let topical = self.sizes.iter().filter(|size| **size >= FEWEST_STEMS).count();
        if topical <= FEWEST_DISTRACTORS {
            return;
        }
        self.marks.sort_unstable();
        self.marks.dedup_by_key(|(mark, turn, _)| (*mark, *turn));
        let mut ranking = Ranking { turns: &self, topical, marks: Vec::new(), links: Vec::new() };
        let mut from = 0;
        let mut places = Vec::new();
        for reply in self.sentences.chunk_by(|one, other| one.turn == other.turn) {
            places.clear();
            for said in reply {
                ranking.mark(scene, said, &self.other_marks[from..said.marks]);
                from = said.marks;
                places.push((said.sentence, ranking.place(said.turn)));
            }
            tell(knowledge, scene, &places, signals);
        }
    }

    /// Where a mark stands in the turns.
    fn of(&self, mark: Mark) -> &[(Mark, u32, u32)] {
        let first = self.marks.partition_point(|(other, ..)| *other < mark);
        let count =
            self.marks[first..].iter().take(MOST_TURNS + 1).take_while(|(other, ..)| *other == mark).count();
        &self.marks[first..first + count]
    }

    /// Whether a turn says enough to be compared.
    fn is_topical(&self, turn: u32) -> bool {
        self.sizes.get(turn as usize).is_some_and(|size| *size >= FEWEST_STEMS)
    }
}

/// Where a sentence belongs.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// It has something of the turn before, and fits it better than this share of the others; the token is the turn's.
    Here { share: f32, token: u32 },
    /// It has something of another turn, and nothing of the turn before or the one before that; the token is the other turn's.
    Elsewhere(u32),
    /// It has nothing of any turn that tells.
    Anywhere,
}

/// The turns, and what is needed to rank one sentence after the other.
struct Ranking<'a> {
    turns: &'a Turns,
    /// How many of the turns are topical.
    topical: usize,
    /// Marks of the sentence.
    marks: Vec<Mark>,
    /// The turns that have telling marks of the sentence, each with the weight of one mark and a token.
    links: Vec<(u32, f32, u32)>,
}

impl Ranking<'_> {
    /// Takes the marks of a sentence, and the links that they make.
    fn mark(&mut self, scene: &Scene, said: &Said, others: &[Mark]) {
        let stems = scene.tokens_of(said.sentence).iter().map(|token| Mark::from(token.stem));
        self.marks.clear();
        self.marks.extend_from_slice(others);
        self.marks.extend(stems.filter(|stem| *stem != 0));
        self.marks.sort_unstable();
        self.marks.dedup();
        self.marks.truncate(MOST_MARKS);
        self.links.clear();
        for mark in &self.marks {
            let found = self.turns.of(*mark);
            if found.len() <= MOST_TURNS && 2 * found.len() <= self.topical {
                let weight = (self.topical as f32 / found.len() as f32).ln();
                self.links.extend(found.iter().map(|(_, turn, token)| (*turn, weight, *token)));
            }
        }
        self.links.sort_by_key(|(turn, ..)| *turn);
    }

    /// Where the sentence belongs whose marks were taken, and which follows `turn`.
    fn place(&self, turn: u32) -> Place {
        let distractor = |other: u32| other != turn && other != turn + 1 && self.turns.is_topical(other);
        let here = [turn, turn + 1].iter().filter(|near| self.turns.is_topical(**near)).count();
        let distractors = self.topical - here;
        if distractors < FEWEST_DISTRACTORS {
            return Place::Anywhere;
        }
        let (mut own, mut best) = (None, None);
        for links in self.links.chunk_by(|one, other| one.0 == other.0) {
            let (other, _, token) = links[0];
            let fit = (self.fit(links), token);
            if other == turn {
                own = Some(fit);
            } else if distractor(other) && best.is_none_or(|(most, _)| fit.0 > most) {
                best = Some(fit);
            }
        }
        let Some((fit, token)) = own else {
            let known = self.shares(turn) || turn.checked_sub(1).is_some_and(|before| self.shares(before));
            let elsewhere = best.filter(|_| !known && self.turns.is_topical(turn));
            return elsewhere.map_or(Place::Anywhere, |(_, token)| Place::Elsewhere(token));
        };
        let others =
            self.links.chunk_by(|one, other| one.0 == other.0).filter(|links| distractor(links[0].0));
        let beaten: f32 = others.map(|links| lost(self.fit(links), fit)).sum();
        Place::Here { share: 1.0 - beaten / distractors as f32, token }
    }

    /// How well a turn fits the sentence, by the links to it.
    fn fit(&self, links: &[(u32, f32, u32)]) -> f32 {
        let size = self.turns.sizes[links[0].0 as usize].max(1) as f32;
        links.iter().map(|(_, weight, _)| weight).sum::<f32>() / size.sqrt()
    }

    /// Whether the turn has any mark of the sentence, however common.
    fn shares(&self, turn: u32) -> bool {
        self.marks.iter().any(|mark| {
            let all = &self.turns.marks;
            let at = all.partition_point(|(other, of, _)| (*other, *of) < (*mark, turn));
            all.get(at).is_some_and(|(other, of, _)| (*other, *of) == (*mark, turn))
        })
    }
}

/// What a distractor takes from the rank: all if it fits better, half if it fits as well.
fn lost(other: f32, own: f32) -> f32 {
    match other.total_cmp(&own) {
        Ordering::Greater => 1.0,
        Ordering::Equal => 0.5,
        Ordering::Less => 0.0,
    }
}

/// The signals of a reply. Where any of its sentences has something of the turn before, going back to another turn as well is no
/// fault.
fn tell(knowledge: &Knowledge, scene: &Scene, places: &[(usize, Place)], signals: &mut Signals) {
    let responds = places.iter().any(|(_, place)| matches!(place, Place::Here { .. }));
    for (sentence, place) in places {
        let span = scene.sentence_span(*sentence);
        match place {
            Place::Here { share, token } if *share > 0.5 => {
                let signal = signals.add(SignalKind::Contingent, span, &knowledge.names.contingent);
                signal.strength = 2.0 * share - 1.0;
                signal.about = Some(scene.clause_around(*token));
            }
            Place::Elsewhere(token) if !responds => {
                let signal = signals.add(SignalKind::OutOfPlace, span, &knowledge.names.out_of_place);
                signal.about = Some(scene.clause_around(*token));
            }
            _ => {}
        }
    }
}

/// The persons that a sentence may speak of, each with the position of its word.
fn persons(exchange: &Exchange<'_>, sentence: usize, mut found: impl FnMut(Mark, usize)) {
    let classes = &exchange.knowledge.classes;
    let kinds: [(&WordSet, Mark); 2] = [(&classes.he, PERSON), (&classes.she, PERSON | 1)];
    for (at, token) in exchange.scene.tokens_of(sentence).iter().enumerate() {
        if let Some((_, person)) = kinds.iter().find(|(class, _)| class.contains(token.word)) {
            found(*person, at);
        }
    }
}
