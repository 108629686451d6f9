//! Progress on standard error: a bar where there is a terminal, nothing elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pe_app::{Progress, Tick};

/// A line that tells how far the work has come.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar, or nothing where nobody would see it.
    pub(crate) fn new(quiet: bool) -> Self {
        let visible = !quiet && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self(ProgressBar::with_draw_target(None, target))
    }

    /// Says what is being done, where it can't be counted.
    pub(crate) fn tell(&self, text: &str) {
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            self.0.set_style(style);
        }
        self.0.set_message(text.to_owned());
        self.0.tick();
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn update(&self, tick: &Tick) {
        let template = if tick.total.is_some() { "{bar:24} {percent:>3}%  {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style);
        }
        if let Some(total) = tick.total {
            self.0.set_length(total);
        }
        self.0.set_position(tick.done);
        self.0.set_message(describe(tick));
    }
}

fn describe(tick: &Tick) -> String {
    let count = crate::layout::thousands(tick.conversations);
    let rate = crate::layout::thousands(tick.rate().round() as u64);
    let left = tick.left().map(|left| format!(", {} left", span(left.as_secs()))).unwrap_or_default();
    format!("{count} conversations, {rate}/s{left}  {}", crate::layout::cut(&tick.subject, 40))
}

/// Seconds as people say them.
fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_read_naturally() {
        assert_eq!([span(5), span(65), span(3_700)], ["5 s", "1:05 min", "1:01 h"]);
    }
}
