//! The tool on a bad day: files that are broken, huge or malicious, a disk that is full, folders that are closed, a data folder that
//! was damaged. Whatever happens, the tool ends by itself with a word that says what and where, good records beside bad ones
//! come in, nothing is left half-written, and the next run works.

#![allow(clippy::unwrap_used)] // Helpers of tests, too, fail where they should.

// The same harness as for the tool's other tests; not all of it is needed here.
#[allow(dead_code)]
#[path = "../tool/person.rs"]
mod person;

mod access;
mod clock;
mod content;
mod damage;
mod disk;
mod large;
mod motion;
mod settings;
mod watch;
