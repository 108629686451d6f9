//! `pixelated show`: one conversation, its evidence in the margin, its scores and what could be done instead.

use std::collections::BTreeMap;
use std::io;

use pe_app::{Corpus, Shown};
use pe_model::{Emotion, EvidenceKind, Experiencer, Message, Points, Role, Signal, SignalKind};
use serde_json::json;

use super::report;
use crate::cli::ShowArgs;
use crate::layout::{width, wrap};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

/// What the margin says of a message: signals and their contributions to the overall score.
type Margin = BTreeMap<u32, Vec<(SignalKind, Points)>>;

pub(super) async fn run(session: &mut Session, args: ShowArgs) -> Outcome {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let shown = corpus.show(&args.id).await;
    corpus.close().await;
    let shown = shown?;
    if let Some(axis) = &args.axis {
        check_metric(&shown, axis)?;
    }
    if session.json {
        session.screen.json(&as_json(&shown, args.unfold))?;
        return Ok(Done::Whole);
    }
    let screen = &mut session.screen;
    head(screen, &shown, args.unfold)?;
    if !args.scores {
        conversation(screen, &shown, args.unfold)?;
    }
    print_reports(screen, &shown, &args)?;
    risk_language(screen, &shown, args.unfold)?;
    Ok(Done::Whole)
}

fn check_metric(shown: &Shown, axis: &str) -> Result<(), pe_app::Error> {
    let assessments = shown.reports.iter().filter_map(|report| report.outcome.assessment());
    let names: Vec<_> = assessments.flat_map(|one| &one.scores).map(|score| score.metric.as_str()).collect();
    if names.is_empty() || names.contains(&axis) {
        return Ok(());
    }
    Err(pe_app::Error::invalid(format!("--axis {axis}: no such metric; there are {}", names.join(", "))))
}

fn print_reports(screen: &mut Screen, shown: &Shown, args: &ShowArgs) -> io::Result<()> {
    let quotes = &report::Quotes::new(shown, args.unfold);
    for of in &shown.reports {
        report::print(screen, of, quotes, args.lines, args.axis.as_deref())?;
    }
    if args.axis.is_none()
        && let Some(assessment) = shown.reports.first().and_then(|first| first.outcome.assessment())
    {
        report::recommendations(screen, assessment, quotes)?;
    }
    if let Some(outdated) = &shown.outdated {
        for line in wrap(outdated, screen.width()) {
            screen.inked(Ink::Warn, line)?;
        }
    }
    Ok(())
}

/// Every cue with its facets, for a person to read.
fn risk_language(screen: &mut Screen, shown: &Shown, unfold: bool) -> io::Result<()> {
    let cues: Vec<_> = shown.reading.signals.iter().filter(|signal| signal.kind.is_risk_cue()).collect();
    if cues.is_empty() {
        return Ok(());
    }
    screen.title("risk language")?;
    let quotes = report::Quotes::new(shown, unfold);
    for cue in cues {
        let quote = quotes.of(cue.span);
        let kind = cue.kind.name().trim_start_matches("risk_").replace('_', " ");
        let facets = facets(cue);
        let place = format!("  #{} {kind} ({facets}): ", cue.span.message + 1);
        let room = screen.width().saturating_sub(width(&place) + 2);
        screen.line(format!("{place}{}", crate::layout::cut(&format!("“{quote}”"), room.max(16))))?;
    }
    screen.inked(Ink::Faint, "  to be read by a person; absence of a cue means nothing")
}

/// Whose, when, and whether it is denied.
fn facets(cue: &Signal) -> String {
    let whose = match cue.experiencer {
        Experiencer::Speaker => "the speaker's own",
        Experiencer::Other => "somebody else's",
        Experiencer::Fiction => "in a story",
        Experiencer::Idiom => "a figure of speech",
    };
    let mut facets = vec![whose];
    facets.extend(cue.rule.ends_with("/past").then_some("past"));
    facets.extend(cue.rule.ends_with("/now").then_some("imminent"));
    facets.extend(cue.denied.then_some("denied"));
    facets.join(", ")
}

fn as_json(shown: &Shown, unfold: bool) -> serde_json::Value {
    let summary = &shown.stored.summary;
    let mut conversation = shown.stored.conversation.clone();
    if !unfold {
        pe_app::leave_out(&mut conversation, &shown.reading);
    }
    json!({
        "id": summary.id.to_string(),
        "dataset": summary.dataset,
        "source_id": summary.source_id,
        "created_at": summary.created_at.to_string(),
        "conversation": conversation,
        "reading": shown.reading,
        "reports": shown.reports,
        "deletions": shown.deletions,
        "outdated": shown.outdated,
    })
}

fn head(screen: &mut Screen, shown: &Shown, unfold: bool) -> io::Result<()> {
    let summary = &shown.stored.summary;
    screen.inked(Ink::Title, format!("{} / {}", summary.dataset, summary.source_id))?;
    let facts = format!(
        "{}  {} messages, {} words, {}",
        summary.id,
        summary.message_count,
        summary.word_count,
        if summary.language.is_empty() { "no language" } else { &summary.language }
    );
    screen.inked(Ink::Faint, facts)?;
    if let Some(pair) = &summary.pair {
        screen.inked(
            Ink::Faint,
            format!("half of pair {} ({:?})", pair.pair_id, pair.preference).to_lowercase(),
        )?;
    }
    let mut conversation = shown.stored.conversation.clone();
    if !unfold {
        pe_app::leave_out(&mut conversation, &shown.reading);
    }
    for (key, value) in &conversation.metadata {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let room = screen.width().saturating_sub(key.len() + 4);
        screen.inked(Ink::Faint, format!("  {key}: {}", crate::layout::cut(&value, room)))?;
    }
    Ok(())
}

fn margin(shown: &Shown) -> Margin {
    let mut margin = Margin::new();
    let overall = shown.reports.first().and_then(|report| report.outcome.assessment());
    let overall = overall.and_then(|assessment| assessment.scores.last());
    for line in overall.map(|score| score.evidence.as_slice()).unwrap_or_default() {
        if let EvidenceKind::Signal { signal, span, .. } = &line.source {
            margin.entry(span.message).or_default().push((*signal, line.contribution));
        }
    }
    margin
}

fn conversation(screen: &mut Screen, shown: &Shown, unfold: bool) -> io::Result<()> {
    screen.blank()?;
    let margin = margin(shown);
    // The margin takes a third, where there is room for one.
    let side = if screen.width() >= 90 { screen.width() / 3 } else { 0 };
    let of = &shown.stored.conversation;
    let quotes = report::Quotes::new(shown, unfold);
    for (place, message) in (0_u32..).zip(&of.messages) {
        let folded = quotes.is_folded(place);
        let mut notes = notes(screen, margin.get(&place).map(Vec::as_slice).unwrap_or_default());
        if let Some(emotion) = felt(shown, place, message.role) {
            notes.insert(0, screen.paint(Ink::Faint, emotion));
        }
        print_message(screen, (place, message), folded, side, &notes)?;
    }
    if side == 0 && !margin.is_empty() {
        screen.inked(Ink::Faint, "the numbers are contributions to overall_quality")?;
    }
    Ok(())
}

/// What a message of the client was read as feeling, apart from neutral.
fn felt(shown: &Shown, place: u32, role: Role) -> Option<&'static str> {
    let emotion = shown.reading.messages.get(place as usize)?.primary()?;
    (role == Role::User && emotion != Emotion::Neutral).then(|| emotion.name())
}

fn notes(screen: &Screen, lines: &[(SignalKind, Points)]) -> Vec<String> {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|(_, contribution)| std::cmp::Reverse(contribution.abs()));
    lines
        .iter()
        .take(4)
        .map(|(kind, contribution)| {
            let plain = format!("{contribution:+} {}", kind.name().replace('_', " "));
            screen.paint(report::sign_ink(*contribution), &plain)
        })
        .collect()
}

fn print_message(
    screen: &mut Screen,
    (place, message): (u32, &Message),
    folded: bool,
    side: usize,
    notes: &[String],
) -> io::Result<()> {
    let label = message.speaker.as_deref().unwrap_or(message.role.name());
    let label = crate::layout::cut(label, 12);
    let label = format!("{label}{}", " ".repeat(12 - width(&label)));
    let room = screen.width().saturating_sub(side + 20);
    let text = if folded { wrap(report::FOLDED, room) } else { wrap(&message.content, room) };
    let beside = if side > 0 { notes } else { &[] };
    for row in 0..text.len().max(beside.len()) {
        let start = if row == 0 { format!("{:>3} {label} ", place + 1) } else { " ".repeat(17) };
        let line = text.get(row).map_or("", String::as_str);
        let gap = " ".repeat(room.saturating_sub(width(line)));
        let note = beside.get(row).map_or("", String::as_str);
        let painted =
            format!("{}{}", screen.paint(Ink::Faint, &start), screen.paint(role_ink(message.role), line));
        screen.line(format!("{painted}{gap}  {note}").trim_end())?;
    }
    if side == 0 {
        for note in notes {
            screen.line(format!("{}{note}", " ".repeat(17)))?;
        }
    }
    Ok(())
}

const fn role_ink(role: Role) -> Ink {
    match role {
        Role::User => Ink::User,
        Role::Assistant => Ink::Plain,
        Role::System | Role::Tool => Ink::Faint,
    }
}
