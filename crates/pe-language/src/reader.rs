//! The reader: sets the scene, searches the rules volley by volley, and lets the readers of exchanges judge.

#[cfg(test)]
use std::sync::Arc;

use pe_model::{Digest, MessageReading, Reading, Turn};

use crate::Error;
use crate::emotion::{EmotionModel, Features};
use crate::exchange::{Labels, Links, Side};
use crate::knowledge::Knowledge;
use crate::language::READABLE;
use crate::readers::{self, Memory};
use crate::rules::{Match, Rule};
use crate::scene::{Part, Scene};
use crate::signals::Signals;
use crate::stages::{Stage, Stopwatch};

/// To be raised whenever a change of the code may change a reading.
const REVISION: &str = "3";

/// Reads conversations. Make one and share it.
#[derive(Debug)]
pub struct Reader {
    knowledge: Knowledge,
    emotions: EmotionModel,
    version: String,
}

impl Reader {
    /// Compiles the rule files and checks the emotion weights that are built in; a few milliseconds.
    pub fn new() -> Result<Self, Error> {
        let emotions = EmotionModel::built_in()?;
        let digests = [crate::rules::digest(), emotions.version()];
        let digest = Digest::of_parts(digests.iter().map(String::as_bytes)).to_string();
        let version = format!("{REVISION}.{}", &digest[..12]);
        Ok(Self { knowledge: Knowledge::new()?, emotions, version })
    }

    /// Which code, rules and weights: changes whenever a reading may change. At most 16 ASCII characters.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Reads a conversation, in time linear in its length. A conversation in a language without rules gets its language and
    /// volleys and no signals.
    pub fn read(&self, turns: &[Turn<'_>]) -> Reading {
        self.read_timed(turns, &mut ())
    }

    /// Reads a conversation and tells `watch` what was just done, about thirty times in one of eight messages.
    pub fn read_timed(&self, turns: &[Turn<'_>], watch: &mut impl Stopwatch) -> Reading {
        let scene = self.scene(turns);
        watch.lap(Stage::Words);
        let mut signals = Signals::default();
        if scene.is_readable() {
            self.judge(&scene, &mut signals, watch, |_| {});
        }
        let signals = signals.finish();
        watch.lap(Stage::Readers);
        let mut features = Features::default();
        let messages = scene
            .parts
            .iter()
            .zip(turns)
            .map(|(part, turn)| self.message(part, turn, &mut features))
            .collect();
        watch.lap(Stage::Emotion);
        Reading {
            version: self.version.clone(),
            language: scene.language,
            volleys: scene.volleys,
            messages,
            signals,
        }
    }

    /// The language of a message and, if it is one that we read, its emotions.
    fn message(&self, part: &Part, turn: &Turn<'_>, features: &mut Features) -> MessageReading {
        let mut message = MessageReading { language: part.language.to_owned(), ..MessageReading::default() };
        if part.language == READABLE {
            let probabilities = self.emotions.read(turn.text, features);
            message.selected = self.emotions.select(&probabilities);
            message.emotions = probabilities.to_vec();
        }
        message
    }

    fn scene(&self, turns: &[Turn<'_>]) -> Scene {
        let knowledge = &self.knowledge;
        Scene::set(turns, &knowledge.vocabulary, &knowledge.boundaries, &knowledge.classes.frequent)
    }

    /// Goes through the volleys in order; `see` is shown each once its rules are found.
    fn judge(
        &self,
        scene: &Scene,
        signals: &mut Signals,
        watch: &mut impl Stopwatch,
        mut see: impl FnMut(&Side),
    ) {
        let mut memory = Memory::default();
        for volley in 0..scene.volleys.len() {
            let side = self.search(scene, volley, &mut memory);
            see(&side);
            watch.lap(Stage::Rules);
            readers::read(&self.knowledge, scene, side, &mut memory, signals, watch);
        }
        memory.risk.finish(signals);
        memory.turns.compare(&self.knowledge, scene, signals);
    }

    /// The rules that hold in a volley.
    fn search(&self, scene: &Scene, number: usize, memory: &mut Memory) -> Side {
        let volley = &scene.volleys[number];
        let sentences = scene.sentences_of(volley);
        let mut side = Side {
            volley: number,
            words: volley.words,
            links: Links::of(scene, sentences.clone()),
            labels: vec![Labels::default(); sentences.len()],
            ..Side::default()
        };
        let (mut met, mut matches) = (Vec::new(), Vec::new());
        for sentence in sentences.clone() {
            let message = scene.sentences[sentence].message as usize;
            if scene.parts[message].language == READABLE {
                self.knowledge.rules.search(scene.tokens_of(sentence), volley.role, &mut met, &mut matches);
                memory.notice(&self.knowledge, scene.tokens_of(sentence), &matches);
                matches.retain(|found| self.is_met(scene, sentence, *found, memory));
                side.found.extend(matches.drain(..).map(|found| (sentence, found)));
            }
        }
        side.sentences = sentences;
        side
    }

    /// Whether everything else that a rule asks for is there.
    fn is_met(&self, scene: &Scene, sentence: usize, found: Match, memory: &Memory) -> bool {
        let rule: &Rule = self.knowledge.rules.get(found.rule);
        let message = scene.sentences[sentence].message as usize;
        rule.max_words.is_none_or(|most| scene.parts[message].words <= most)
            && rule.needs.iter().all(|need| memory.meets(&self.knowledge, scene, sentence, found, *need))
    }

    /// The ids of the rules that hold in the last volley, kinds and cues alike.
    #[cfg(test)]
    pub(crate) fn rules_found_in_last(&self, turns: &[Turn<'_>]) -> Vec<Arc<str>> {
        let scene = self.scene(turns);
        let mut ids = Vec::new();
        self.judge(&scene, &mut Signals::default(), &mut (), |side| {
            ids =
                side.found.iter().map(|(_, found)| self.knowledge.rules.get(found.rule).id.clone()).collect();
        });
        ids
    }
}
