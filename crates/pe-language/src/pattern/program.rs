//! The instructions of compiled patterns, and the machine that runs them: plain backtracking over the words of one sentence,
//! with a bound on its steps. Before it goes a way that can only go on at certain words, it looks whether one of them is there:
//! nearly all ways end so.

use super::sets::{Numbers, SetId, Table};
use super::syntax::Node;
use crate::vocabulary::WordId;
use crate::words::Token;

/// One instruction.
#[derive(Clone, Copy, Debug)]
enum Op {
    /// This word.
    Word(WordId),
    /// A word of this set.
    Set(SetId),
    /// Any word.
    Any,
    /// A token with this mark.
    Marked(u8),
    /// The end of the sentence.
    End,
    /// Takes no word, but nothing that follows can match at a word outside of this set.
    Only(SetId),
    /// Go on with the next instruction, which can only match at a word of the set, or else there.
    OrElse(u32, SetId),
    /// Go on there.
    Jump(u32),
    /// What follows, up to [`Op::Accept`], must not match here, and could at a word of the set only; then go on there.
    Not(u32, SetId),
    /// Found.
    Accept,
}

/// No bound on the word that comes.
const ANYTHING: SetId = SetId::MAX;

/// A pattern that takes more steps than this at one place is given up there.
const MOST_STEPS: u32 = 4_000;

/// All instructions.
#[derive(Debug, Default)]
pub(super) struct Program {
    ops: Vec<Op>,
}

impl Program {
    /// Appends the instructions of a pattern and returns where they start.
    pub(super) fn compile(&mut self, node: &Node, sets: &mut Numbers) -> u32 {
        let start = self.here();
        self.ops.push(Op::Only(ANYTHING));
        self.emit(node, sets);
        self.ops.push(Op::Accept);
        for at in start..self.here() {
            self.guard(at, sets);
        }
        start
    }

    fn here(&self) -> u32 {
        self.ops.len() as u32
    }

    fn emit(&mut self, node: &Node, sets: &mut Numbers) {
        match node {
            Node::Words(words) => self.ops.push(match words[..] {
                [word] => Op::Word(word),
                _ => Op::Set(sets.add(words.clone())),
            }),
            Node::Any => self.ops.push(Op::Any),
            Node::SentenceStart => self.ops.push(Op::Marked(Token::SENTENCE)),
            Node::ClauseStart => self.ops.push(Op::Marked(Token::CLAUSE)),
            Node::End => self.ops.push(Op::End),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.emit(node, sets)),
            Node::Choice(nodes) => self.emit_choice(nodes, sets),
            Node::Maybe(node) => {
                let fork = self.fork();
                self.emit(node, sets);
                self.land(fork);
            }
            Node::Gap(most) => self.emit_gap(*most),
            Node::Not(node) => {
                let at = self.ops.len();
                self.ops.push(Op::Not(0, ANYTHING));
                self.emit(node, sets);
                self.ops.push(Op::Accept);
                self.ops[at] = Op::Not(self.here(), ANYTHING);
            }
        }
    }

    fn fork(&mut self) -> usize {
        self.ops.push(Op::OrElse(0, ANYTHING));
        self.ops.len() - 1
    }

    fn land(&mut self, fork: usize) {
        self.ops[fork] = Op::OrElse(self.here(), ANYTHING);
    }

    fn emit_choice(&mut self, nodes: &[Node], sets: &mut Numbers) {
        let Some((last, before)) = nodes.split_last() else { return };
        self.ops.push(Op::Only(ANYTHING));
        let mut jumps = Vec::new();
        for node in before {
            let fork = self.fork();
            self.emit(node, sets);
            jumps.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.land(fork);
        }
        self.emit(last, sets);
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

    /// Enters at an instruction the words at which what follows it can match.
    fn guard(&mut self, at: u32, sets: &mut Numbers) {
        if !matches!(self.ops[at as usize], Op::Only(_) | Op::OrElse(..) | Op::Not(..)) {
            return;
        }
        let Some(words) = self.words_at(at + 1, sets) else { return };
        let guard = sets.add(words);
        match &mut self.ops[at as usize] {
            Op::Only(set) | Op::OrElse(_, set) | Op::Not(_, set) => *set = guard,
            _ => {}
        }
    }

    /// The words a match can begin with, and those that can follow (`None`: any, or none). `None` if it can begin with any word,
    /// or be empty.
    pub(super) fn beginning(&self, start: u32, sets: &Numbers) -> Option<(Vec<WordId>, Option<Vec<WordId>>)> {
        let first = self.words_at(start, sets)?;
        let ways = self.reach(start);
        let second = ways.iter().map(|at| self.words_at(at + 1, sets)).collect::<Option<Vec<_>>>();
        Some((first, second.map(|words| words.concat())))
    }

    /// The words that a way from an instruction can go on with; `None` for any, or none.
    fn words_at(&self, instruction: u32, sets: &Numbers) -> Option<Vec<WordId>> {
        let mut words = Vec::new();
        for at in self.reach(instruction) {
            words.extend(self.words_of(at, sets)?);
        }
        words.sort_unstable();
        words.dedup();
        Some(words)
    }

    /// The words an instruction takes; `None` for one that takes any word, or ends the pattern.
    fn words_of<'a>(&'a self, at: u32, sets: &'a Numbers) -> Option<&'a [WordId]> {
        match &self.ops[at as usize] {
            Op::Word(word) => Some(std::slice::from_ref(word)),
            Op::Set(set) => Some(sets.words(*set)),
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
                Op::Marked(_) | Op::Only(_) => open.push(at + 1),
                Op::OrElse(there, _) => open.extend([at + 1, there]),
                Op::Jump(there) | Op::Not(there, _) => open.push(there),
                _ => found.push(at),
            }
        }
        found
    }

    /// One past the last token of a match that starts at `at`.
    pub(super) fn run(&self, start: u32, sentence: &[Token], at: usize, sets: &Table) -> Option<usize> {
        let mut run = Run { ops: &self.ops, sets, sentence, steps: MOST_STEPS };
        run.from(start as usize, at)
    }
}

/// One run of the machine.
struct Run<'a> {
    ops: &'a [Op],
    sets: &'a Table,
    sentence: &'a [Token],
    /// Steps that are left.
    steps: u32,
}

impl Run<'_> {
    fn from(&mut self, mut pc: usize, mut at: usize) -> Option<usize> {
        loop {
            self.steps = self.steps.checked_sub(1)?;
            match self.ops[pc] {
                Op::Word(word) if self.sentence.get(at)?.word == word => at += 1,
                Op::Set(set) if self.is_in(set, at) => at += 1,
                Op::Any if at < self.sentence.len() => at += 1,
                Op::Marked(mark) if self.sentence.get(at)?.has(mark) => {}
                Op::End if at == self.sentence.len() => {}
                Op::Only(set) if self.may_go_on(set, at) => {}
                Op::OrElse(there, set) => {
                    if self.may_go_on(set, at)
                        && let Some(end) = self.from(pc + 1, at)
                    {
                        return Some(end);
                    }
                    pc = there as usize;
                    continue;
                }
                Op::Jump(there) => {
                    pc = there as usize;
                    continue;
                }
                Op::Not(there, set) => {
                    if self.may_go_on(set, at) && self.from(pc + 1, at).is_some() {
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

    fn is_in(&self, set: SetId, at: usize) -> bool {
        self.sentence.get(at).is_some_and(|token| self.sets.contains(set, token.word))
    }

    fn may_go_on(&self, set: SetId, at: usize) -> bool {
        set == ANYTHING || self.is_in(set, at)
    }
}
