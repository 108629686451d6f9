//! `pixelated import --dry-run`: what a file would be taken for, and nothing kept.

use std::collections::BTreeMap;
use std::io;

use pe_app::{FileGuess, Item, Reject, Scorer};
use pe_model::Conversation;
use serde_json::json;

use crate::cli::ImportArgs;
use crate::layout::{cut, thousands, wrap};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

/// Conversations that are shown.
const SHOWN: usize = 3;
/// Messages of each of them.
const MESSAGES: usize = 6;

/// What a look at one file found.
#[derive(Default)]
struct Look {
    first: Vec<Conversation>,
    conversations: u64,
    messages: u64,
    annotations: u64,
    speakers: BTreeMap<String, (&'static str, u64)>,
    rejects: Vec<Reject>,
    rejected: u64,
    /// Messages of the first conversations that are not shown because they may be distressing to read.
    folded: u64,
}

impl Look {
    fn take(&mut self, item: Item) {
        match item {
            Item::Record(record) => {
                let conversation = record.conversation;
                self.conversations += 1;
                self.messages += conversation.messages.len() as u64;
                self.annotations += conversation.annotations.len() as u64;
                for message in &conversation.messages {
                    let label = message.speaker.as_deref().unwrap_or(message.role.name());
                    // Names of speakers may be as many as conversations; the first few tell enough.
                    if self.speakers.len() < 40 || self.speakers.contains_key(label) {
                        self.speakers.entry(label.to_owned()).or_insert((message.role.name(), 0)).1 += 1;
                    }
                }
                if self.first.len() < SHOWN {
                    self.first.push(conversation);
                }
            }
            Item::Reject(reject) => {
                self.rejected += 1;
                if self.rejects.len() < SHOWN {
                    self.rejects.push(reject);
                }
            }
        }
    }
}

pub(super) fn run(session: &mut Session, args: &ImportArgs) -> Outcome {
    let read = args.read.flags().options(&session.config)?;
    let scorer = Scorer::for_dataset(&session.config, None, None)?;
    let mut looks = Vec::new();
    let mut rejected = 0;
    let inputs = pe_app::expand(&args.paths).map_err(pe_app::Error::from)?;
    let alone = inputs.len() == 1;
    for input in inputs {
        let mut look = Look::default();
        let outcome = pe_app::read_file(&input, &read, |item| {
            look.take(item);
            Ok(())
        });
        let guess = match outcome {
            Ok(guess) => guess,
            Err(error) if alone => return Err(error.into()),
            Err(error) => {
                rejected += 1;
                looks.push(json!({"file": input.path(), "failed": error.message}));
                if !session.json {
                    session.screen.inked(Ink::Bad, format!("not read: {}", error.message))?;
                    session.screen.blank()?;
                }
                continue;
            }
        };
        rejected += look.rejected;
        let readings: Vec<_> = look.first.iter().map(|one| scorer.read(one)).collect();
        for (conversation, reading) in look.first.iter_mut().zip(&readings) {
            look.folded += pe_app::leave_out(conversation, reading);
        }
        if session.json {
            looks.push(as_json(&guess, &look));
        } else {
            print(&mut session.screen, &guess, &look)?;
        }
    }
    if session.json {
        session.screen.json(&looks)?;
    } else {
        session.screen.inked(Ink::Faint, "nothing was kept (--dry-run)")?;
    }
    Ok(if rejected > 0 { Done::WithRejects } else { Done::Whole })
}

fn as_json(guess: &FileGuess, look: &Look) -> serde_json::Value {
    json!({
        "file": guess.path,
        "format": guess.guess.format.name(),
        "why": guess.guess.why,
        "conversations": look.conversations,
        "messages": look.messages,
        "annotations": look.annotations,
        "rejected": look.rejected,
        "speakers": look.speakers.iter().map(|(label, (role, count))| json!({"label": label, "role": role, "messages": count})).collect::<Vec<_>>(),
        "first": look.first,
        "folded": look.folded,
    })
}

fn print(screen: &mut Screen, guess: &FileGuess, look: &Look) -> io::Result<()> {
    screen.inked(Ink::Title, guess.path.display().to_string())?;
    let facts = &guess.guess;
    let room = screen.width().saturating_sub(12);
    let guess = format!("{} ({})", facts.format.name(), facts.why);
    for (place, line) in wrap(&guess, room).iter().enumerate() {
        screen.line(format!("  {:<9} {line}", if place == 0 { "format" } else { "" }))?;
    }
    screen.line(format!("  encoding  {}, {}", facts.encoding.name(), facts.compression.name()))?;
    screen.line(format!(
        "  counts    {} conversations, {} messages, {} annotations, {} rejected",
        thousands(look.conversations),
        thousands(look.messages),
        thousands(look.annotations),
        thousands(look.rejected)
    ))?;
    let mut speakers: Vec<_> = look.speakers.iter().collect();
    speakers.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
    let speakers: Vec<_> = speakers
        .iter()
        .take(6)
        .map(|(label, (role, count))| format!("{label} = {role} ({})", thousands(*count)))
        .collect();
    screen.line(format!("  speakers  {}", cut(&speakers.join(", "), room)))?;
    for reject in &look.rejects {
        let place = format!("line {}, byte {}", reject.place.line, reject.place.offset);
        screen.inked(Ink::Warn, format!("  rejected  {place}: {}", cut(&reject.reason, room)))?;
    }
    for (place, conversation) in look.first.iter().enumerate() {
        print_conversation(screen, place, conversation)?;
    }
    if look.folded > 0 {
        screen.inked(
            Ink::Faint,
            format!("  {} of the messages above are folded: they may be distressing to read; an import keeps them", look.folded),
        )?;
    }
    screen.blank()
}

fn print_conversation(screen: &mut Screen, place: usize, conversation: &Conversation) -> io::Result<()> {
    let id = conversation.source_id.as_deref().unwrap_or("no id");
    screen.inked(Ink::Faint, format!("  {}. {id}", place + 1))?;
    let room = screen.width().saturating_sub(20);
    for message in conversation.messages.iter().take(MESSAGES) {
        screen.line(format!("     {:<10} {}", message.role.name(), cut(message.content.trim(), room)))?;
    }
    if conversation.messages.len() > MESSAGES {
        screen.inked(
            Ink::Faint,
            format!("     and {} more messages", conversation.messages.len() - MESSAGES),
        )?;
    }
    Ok(())
}
