//! The tool as a user runs it: real files, a real data folder, the built binary.

mod corpora;
mod databases;
mod evidence;
mod export;
mod folder;
mod import;
mod look;
mod person;
mod profiles;
mod search;
mod synth;
