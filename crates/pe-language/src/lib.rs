//! Reads each message once, without a network: language, sentences, skills, empathy, fit - as signals on spans.
//!
//! A [`Reader`] is made once from the rule files that are built into the program and is then shared by all threads. It sees
//! roles and texts and nothing else (that is all a [`pe_model::Turn`] has), so its result is a pure function of them.
//!
//! The work is done in three steps. The *scene* is set: every message becomes tokens, clauses and sentences, and consecutive
//! messages of one role become volleys. The *rules* of `rules/*.toml` are searched in every sentence; `rules/README.md` says
//! how to write one. Then the *readers* look at each exchange (what the client said, what the helper replied) and decide what
//! only the context can tell: whether advice was asked for, whether "you ..." says back what the client said, what is missing.

mod conduct;
pub mod emotion;
mod error;
mod exchange;
mod feelings;
mod interrogative;
mod knowledge;
mod language;
mod lexicons;
mod packed;
mod pattern;
mod reader;
mod readers;
mod risk;
mod rules;
mod scene;
mod sentences;
mod signals;
mod stages;
mod stems;
mod vocabulary;
mod wordpiece;
mod words;

pub use error::Error;
pub use reader::Reader;
pub use stages::{Stage, Stopwatch};
pub use wordpiece::{Piece, WordPiece};
