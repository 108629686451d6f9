//! Where a command writes: a buffered standard output that knows its width and whether colours are wanted, and that ends
//! quietly when the reader at the other end of a pipe has gone.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstyle::{AnsiColor, Style};

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColourChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a piece of text is, for colouring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// As it is.
    Plain,
    /// Headings.
    Title,
    /// Secondary text.
    Faint,
    /// What raises a score.
    Good,
    /// What needs a look.
    Warn,
    /// What lowers a score.
    Bad,
    /// The person who is helped.
    User,
    /// A match.
    Mark,
}

impl Ink {
    const fn style(self) -> Style {
        let style = Style::new();
        match self {
            Self::Plain => style,
            Self::Title => style.bold(),
            Self::Faint => style.dimmed(),
            Self::Good => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green))),
            Self::Warn => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
            Self::Bad => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))),
            Self::User => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))),
            Self::Mark => style.bold().underline(),
        }
    }
}

/// Standard output.
pub(crate) struct Screen {
    out: BufWriter<Stdout>,
    width: usize,
    colour: bool,
}

/// Stand before and after what is to be marked; they take no room on a line.
pub(crate) const MARK: (char, char) = ('\u{2061}', '\u{2062}');

/// Wide enough to read, narrow enough not to lose the line.
const WIDEST: usize = 200;
const NARROWEST: usize = 40;
/// Where the output is no terminal.
const DEFAULT_WIDTH: usize = 100;

impl Screen {
    /// Standard output with colours as chosen.
    pub(crate) fn new(choice: ColourChoice) -> Self {
        let stdout = io::stdout();
        let colour = match choice {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto => {
                stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            }
        };
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
        let width = asked
            .or_else(|| terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0)))
            .unwrap_or(DEFAULT_WIDTH)
            .clamp(NARROWEST, WIDEST);
        Self { out: BufWriter::new(stdout), width, colour }
    }

    /// Columns.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// `text` in the colour of `ink`, where colours are wanted.
    pub(crate) fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.colour || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{style}{text}{style:#}")
    }

    /// `lines` with [`MARK`]ed words made visible: underlined in colour, between stars without.
    pub(crate) fn marked(&self, lines: &[String]) -> Vec<String> {
        let style = Ink::Mark.style();
        let (open, close) = if self.colour {
            (style.to_string(), format!("{style:#}"))
        } else {
            ("*".to_owned(), "*".to_owned())
        };
        let mut inside = false;
        let mut shown = Vec::with_capacity(lines.len());
        for line in lines {
            // A mark that goes on from the line before begins anew, so that no colour runs into the margin.
            let mut text = if inside { open.clone() } else { String::new() };
            for c in line.chars() {
                match c {
                    c if c == MARK.0 => text.push_str(&open),
                    c if c == MARK.1 => text.push_str(&close),
                    c => text.push(c),
                }
                inside = c == MARK.0 || (inside && c != MARK.1);
            }
            if inside {
                text.push_str(&close);
            }
            shown.push(text);
        }
        shown
    }

    /// One line.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "{}", text.as_ref())
    }

    /// One line in one colour.
    pub(crate) fn inked(&mut self, ink: Ink, text: impl AsRef<str>) -> io::Result<()> {
        let painted = self.paint(ink, text.as_ref());
        self.line(painted)
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) -> io::Result<()> {
        self.line("")
    }

    /// A heading with an empty line before it.
    pub(crate) fn title(&mut self, text: &str) -> io::Result<()> {
        self.blank()?;
        self.inked(Ink::Title, text)
    }

    /// One JSON value on lines of its own.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.out, value)?;
        self.blank()
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// Sends what is buffered.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
