//! The instructions of compiled patterns, and the machine that runs them: plain backtracking over the words of one sentence,
//! with a bound on its steps. Sentences are short, so nothing cleverer pays.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::syntax::Node;
use crate::lexicons::WordSet;
use crate::vocabulary::WordId;
use crate::words::Token;

/// One instruction.
#[derive(Clone, Copy, Debug)]
enum Op {
    /// This word.
    Word(WordId),
    /// A word of this set.
    Set(u32),
    /// Any word.
    Any,
    /// A token with this mark.
    Marked(u8),
    /// The end of the sentence.
    End,
    /// Go on with the next instruction, or else there.
    OrElse(u32),
    /// Go on there.
    Jump(u32),
    /// What follows, up to [`Op::Accept`], must not match here; then go on there.
    Not(u32),
    /// Found.
    Accept,
}

/// A pattern that takes more steps than this at one place is given up there.
const MOST_STEPS: u32 = 4_000;

/// All instructions.
#[derive(Debug, Default)]
pub(super) struct Program {
    ops: Vec<Op>,
    sets: Vec<WordSet>,
    known_sets: FxHashMap<Vec<WordId>, u32>,
}

impl Program {
    /// Appends the instructions of a pattern and returns where they start.
    pub(super) fn compile(&mut self, node: &Node) -> u32 {
        let start = self.here();
        self.emit(node);
        self.ops.push(Op::Accept);
        start
    }

    fn here(&self) -> u32 {
        self.ops.len() as u32
    }

    fn emit(&mut self, node: &Node) {
        match node {
            Node::Words(words) => {
                let op = self.one_of(words);
                self.ops.push(op);
            }
            Node::Any => self.ops.push(Op::Any),
            Node::SentenceStart => self.ops.push(Op::Marked(Token::SENTENCE)),
            Node::ClauseStart => self.ops.push(Op::Marked(Token::CLAUSE)),
            Node::End => self.ops.push(Op::End),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.emit(node)),
            Node::Choice(nodes) => self.emit_choice(nodes),
            Node::Maybe(node) => {
                let fork = self.fork();
                self.emit(node);
                self.land(fork);
            }
            Node::Gap(most) => self.emit_gap(*most),
            Node::Not(node) => {
                let at = self.ops.len();
                self.ops.push(Op::Not(0));
                self.emit(node);
                self.ops.push(Op::Accept);
                self.ops[at] = Op::Not(self.here());
            }
        }
    }

    fn one_of(&mut self, words: &[WordId]) -> Op {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        if let [word] = words[..] {
            return Op::Word(word);
        }
        let number = self.known_sets.get(&words).copied().unwrap_or_else(|| {
            self.sets.push(WordSet::of(&words));
            self.sets.len() as u32 - 1
        });
        self.known_sets.insert(words, number);
        Op::Set(number)
    }

    fn fork(&mut self) -> usize {
        self.ops.push(Op::OrElse(0));
        self.ops.len() - 1
    }

    fn land(&mut self, fork: usize) {
        self.ops[fork] = Op::OrElse(self.here());
    }

    fn emit_choice(&mut self, nodes: &[Node]) {
        let Some((last, before)) = nodes.split_last() else { return };
        let mut jumps = Vec::new();
        for node in before {
            let fork = self.fork();
            self.emit(node);
            jumps.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.land(fork);
        }
        self.emit(last);
        let end = self.here();
        for jump in jumps {
            self.ops[jump] = Op::Jump(end);
        }
    }

    /// Lazy: what follows is tried before one more word is passed over.
    fn emit_gap(&mut self, most: u8) {
        let mut jumps = Vec::new();
        for _ in 0..most {
            let fork = self.fork();
            jumps.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.land(fork);
            self.ops.push(Op::Any);
        }
        let end = self.here();
        for jump in jumps {
            self.ops[jump] = Op::Jump(end);
        }
    }

    /// The words a match can begin with, each with the words that can follow it (`None`: any, or none). `None` if a match can
    /// begin with any word, or be empty.
    pub(super) fn heads(&self, start: u32) -> Option<Vec<(WordId, Option<Vec<WordId>>)>> {
        let mut next: BTreeMap<WordId, Vec<u32>> = BTreeMap::new();
        for at in self.reach(start) {
            for word in self.words_of(at)? {
                next.entry(word).or_default().push(at + 1);
            }
        }
        Some(next.into_iter().map(|(word, after)| (word, self.words_at(&after))).collect())
    }

    /// The words that can stand at any of these instructions; `None` for any, or none.
    fn words_at(&self, instructions: &[u32]) -> Option<Vec<WordId>> {
        let mut words = Vec::new();
        for at in instructions.iter().flat_map(|at| self.reach(*at)) {
            words.extend(self.words_of(at)?);
        }
        words.sort_unstable();
        words.dedup();
        Some(words)
    }

    /// The words an instruction takes; `None` for one that takes any word, or ends the pattern.
    fn words_of(&self, at: u32) -> Option<Vec<WordId>> {
        match self.ops[at as usize] {
            Op::Word(word) => Some(vec![word]),
            Op::Set(number) => Some(self.sets[number as usize].iter().collect()),
            _ => None,
        }
    }

    /// The instructions that take a word or end the pattern and can be reached from here without taking one.
    fn reach(&self, start: u32) -> Vec<u32> {
        let (mut open, mut seen, mut found) = (vec![start], Vec::new(), Vec::new());
        while let Some(at) = open.pop() {
            if seen.contains(&at) {
                continue;
            }
            seen.push(at);
            match self.ops[at as usize] {
                Op::Marked(_) => open.push(at + 1),
                Op::OrElse(there) => open.extend([at + 1, there]),
                Op::Jump(there) | Op::Not(there) => open.push(there),
                _ => found.push(at),
            }
        }
        found
    }

    /// One past the last token of a match that starts at `at`.
    pub(super) fn run(&self, start: u32, sentence: &[Token], at: usize) -> Option<usize> {
        let mut steps = MOST_STEPS;
        self.step(start as usize, sentence, at, &mut steps)
    }

    fn step(&self, mut pc: usize, sentence: &[Token], mut at: usize, steps: &mut u32) -> Option<usize> {
        loop {
            *steps = steps.checked_sub(1)?;
            match self.ops[pc] {
                Op::Word(word) if sentence.get(at)?.word == word => at += 1,
                Op::Set(number) if self.sets[number as usize].contains(sentence.get(at)?.word) => at += 1,
                Op::Any if at < sentence.len() => at += 1,
                Op::Marked(mark) if sentence.get(at)?.has(mark) => {}
                Op::End if at == sentence.len() => {}
                Op::OrElse(there) => {
                    if let Some(end) = self.step(pc + 1, sentence, at, steps) {
                        return Some(end);
                    }
                    pc = there as usize;
                    continue;
                }
                Op::Jump(there) => {
                    pc = there as usize;
                    continue;
                }
                Op::Not(there) => {
                    if self.step(pc + 1, sentence, at, steps).is_some() {
                        return None;
                    }
                    pc = there as usize;
                    continue;
                }
                Op::Accept => return Some(at),
                _ => return None,
            }
            pc += 1;
        }
    }
}
