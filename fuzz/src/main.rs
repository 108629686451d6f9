//! One program that holds every fuzz target; `FUZZ_TARGET` names the one to run. A target takes any bytes, and panics where
//! something that is promised does not hold. `fuzz/run` builds it and runs the targets one after another.

#![no_main]

mod definitions;
mod neighbours;
mod place;
mod query;
mod reading;
mod round_trip;

use std::sync::LazyLock;

use pe_formats::Format;

/// What one input is put through.
type Target = Box<dyn Fn(&[u8]) + Send + Sync>;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| panic!("no target {name:?}; set FUZZ_TARGET as fuzz/run does"))
});

/// The target of a name; a format's name is the target that reads everything as that format.
fn target(name: &str) -> Option<Target> {
    Some(match name {
        "detect" | "archive" => Box::new(reading::detected),
        "encoding" => Box::new(reading::encoded),
        "map" => Box::new(reading::mapped),
        "neighbours" => Box::new(neighbours::are_left_alone),
        "round-trip" => Box::new(round_trip::loses_nothing),
        "query" => Box::new(query::answered_or_refused),
        "definition" => Box::new(definitions::scored_or_refused),
        name => {
            let format = Format::from_name(name)?;
            Box::new(move |bytes| reading::named(format, bytes))
        }
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
