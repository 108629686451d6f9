//! What reading is made of: the stages inside "signals", by the reader's own stopwatch, on the same conversations.

use std::path::Path;
use std::time::{Duration, Instant};

use pe_language::{Reader, Stage, Stopwatch};
use pe_model::Conversation;
use serde::Serialize;

use crate::failure::Failure;
use crate::search;

/// So many conversations are read, so often; the best round counts, because other programs may use the machine.
const CONVERSATIONS: usize = 1_000;
const ROUNDS: usize = 5;

/// Microseconds of one core for a conversation.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) stage: String,
    pub(crate) microseconds: f64,
}

/// Adds up the time of each stage.
struct Laps {
    last: Instant,
    stages: [Duration; Stage::ALL.len()],
}

impl Stopwatch for Laps {
    fn lap(&mut self, stage: Stage) {
        let now = Instant::now();
        self.stages[stage as usize] += now - self.last;
        self.last = now;
    }
}

/// Reads the first conversations of `file`.
pub(crate) fn measure(file: &Path) -> Result<Vec<Part>, Failure> {
    let reader = Reader::new()?;
    let conversations = search::conversations(file, CONVERSATIONS)?;
    let turns: Vec<_> = conversations.iter().map(Conversation::turns).collect();
    let mut best = [Duration::MAX; Stage::ALL.len()];
    for _ in 0..ROUNDS {
        let mut laps = Laps { last: Instant::now(), stages: Default::default() };
        for turns in &turns {
            laps.last = Instant::now();
            std::hint::black_box(reader.read_timed(turns, &mut laps));
        }
        best.iter_mut().zip(laps.stages).for_each(|(best, found)| *best = found.min(*best));
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / turns.len().max(1) as f64;
    Ok(Stage::ALL
        .into_iter()
        .zip(best)
        .map(|(stage, time)| Part { stage: stage.name().to_owned(), microseconds: each(time) })
        .collect())
}
