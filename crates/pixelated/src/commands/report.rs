//! How scores and their evidence look, wherever they are shown.

use std::io;

use pe_model::{
    Assessment, Axis, Conversation, Evidence, EvidenceKind, Outcome, Points, Report, Score, Span, Tier,
};

use pe_app::Deletion;

use crate::layout::{Align, Table, bar, cut};
use crate::screen::{Ink, Screen};

/// Stands beside the tier names.
pub(crate) const TIER_NOTICE: &str = "a tier is a name for a score band, not clinical validation or consent";

/// Stands in the place of a graphic message.
pub(crate) const FOLDED: &str = "[folded: may be distressing to read; `show --unfold` shows it]";

/// The words of a conversation, to be quoted as evidence; those of graphic messages stay folded.
pub(crate) struct Quotes<'a> {
    conversation: &'a Conversation,
    reports: &'a [Report],
    deletions: &'a [Vec<Deletion>],
    folded: Vec<u32>,
}

impl<'a> Quotes<'a> {
    /// The words of what is shown, unfolded or not.
    pub(crate) fn new(shown: &'a pe_app::Shown, unfold: bool) -> Self {
        let folded = if unfold { Vec::new() } else { pe_app::graphic_messages(&shown.reading) };
        Self {
            conversation: &shown.stored.conversation,
            reports: &shown.reports,
            deletions: &shown.deletions,
            folded,
        }
    }

    /// What deleting the strongest words of a score does.
    fn deletion(&self, validator: &str, metric: &str) -> Option<&'a Deletion> {
        let report = self.reports.iter().position(|report| report.validator == validator)?;
        self.deletions.get(report)?.iter().find(|deletion| deletion.metric == metric)
    }

    /// Whether a message stays folded.
    pub(crate) fn is_folded(&self, message: u32) -> bool {
        self.folded.contains(&message)
    }

    /// The words of a span.
    pub(crate) fn of(&self, span: Span) -> &'a str {
        if self.is_folded(span.message) {
            "[folded]"
        } else {
            self.conversation.text_of(span).unwrap_or("").trim()
        }
    }
}

/// The colour of a tier.
pub(crate) const fn tier_ink(tier: Tier) -> Ink {
    match tier {
        Tier::Research | Tier::Clinical | Tier::Professional => Ink::Good,
        Tier::Standard | Tier::Basic => Ink::Warn,
        Tier::Unrated => Ink::Bad,
    }
}

/// The tier, or that there is none.
pub(crate) fn tier_cell(tier: Option<Tier>) -> (Ink, String) {
    tier.map_or((Ink::Faint, "not scorable".to_owned()), |tier| (tier_ink(tier), tier.name().to_owned()))
}

/// The beginning of an id, enough to name it: time and counter, which only the one writer of a folder gives out.
pub(crate) fn short_id(id: pe_model::ConversationId) -> String {
    let mut text = id.to_string();
    text.truncate("01234567-89ab-7cde".len());
    text
}

/// A score, or a dash.
pub(crate) fn points_cell(points: Option<Points>) -> String {
    points.map_or_else(|| "–".to_owned(), |points| points.to_string())
}

/// What a metric can honestly be said to read; empty for those of custom validators.
pub(crate) fn subtitle(metric: &str) -> &'static str {
    Axis::from_name(metric).map_or("", Axis::subtitle)
}

/// One report: a line for each metric, and under each its strongest evidence.
pub(crate) fn print(
    screen: &mut Screen,
    report: &Report,
    quotes: &Quotes<'_>,
    lines: usize,
    axis: Option<&str>,
) -> io::Result<()> {
    screen.title(&format!("{} scores", report.validator))?;
    let assessment = match &report.outcome {
        Outcome::Scored(assessment) => assessment,
        Outcome::NotScorable(reason) => return screen.line(format!("  not scorable: {reason}")),
    };
    for score in assessment.scores.iter().filter(|score| axis.is_none_or(|axis| score.metric == axis)) {
        head(screen, score)?;
        evidence(screen, score, quotes, lines)?;
        if let Some(deletion) = quotes.deletion(&report.validator, &score.metric).filter(|_| lines > 0) {
            print_deletion(screen, score, deletion, quotes)?;
        }
    }
    if axis.is_none() {
        tier(screen, assessment)?;
    }
    Ok(())
}

fn head(screen: &mut Screen, score: &Score) -> io::Result<()> {
    let ink = tier_ink(Tier::of(score.value));
    let value = screen.paint(ink, &score.value.to_string());
    let gauge = screen.paint(ink, &format!("{:<20}", bar(score.value.fraction(), 20)));
    let interval = format!("[{}, {}]", score.low, score.high);
    let subtitle = subtitle(&score.metric);
    // Name, value, gauge and interval take 70 columns.
    let beside = screen.width() >= 72 + crate::layout::width(subtitle);
    let end = if beside { format!("{interval}  {subtitle}") } else { interval };
    let end = screen.paint(Ink::Faint, end.trim_end());
    screen.line(format!("  {:<24} {value} {gauge} {end}", score.metric))?;
    if !beside {
        screen.inked(Ink::Faint, format!("      {subtitle}"))?;
    }
    if let Some(note) = &score.note {
        let width = screen.width();
        for line in crate::layout::wrap(note, width - 6) {
            screen.inked(Ink::Faint, format!("      {line}"))?;
        }
    }
    Ok(())
}

/// The strongest lines; what is not shown is added up in one line, so that the column still adds up to the score.
fn evidence(screen: &mut Screen, score: &Score, quotes: &Quotes<'_>, lines: usize) -> io::Result<()> {
    let mut order: Vec<&Evidence> = score.evidence.iter().collect();
    order.sort_by_key(|line| (rank(line), std::cmp::Reverse(line.contribution.abs())));
    let (shown, rest) = order.split_at(order.len().min(lines));
    for line in shown {
        let ink = sign_ink(line.contribution);
        let amount = screen.paint(ink, &format!("{:>+7}", line.contribution));
        let room = screen.width().saturating_sub(15);
        screen.line(format!("      {amount}  {}", cut(&describe(line, quotes), room)))?;
    }
    if !rest.is_empty() {
        let sum: Points = rest.iter().map(|line| line.contribution).sum();
        screen.inked(
            Ink::Faint,
            format!("      {sum:>+7}  {} more lines (--lines {})", rest.len(), order.len()),
        )?;
    }
    Ok(())
}

/// What the strongest words do altogether: the lines say what each signal does alone.
fn print_deletion(
    screen: &mut Screen,
    score: &Score,
    deletion: &Deletion,
    quotes: &Quotes<'_>,
) -> io::Result<()> {
    let without = score.value + deletion.change;
    let stated = format!("{without} without these words ({:+}): ", deletion.change);
    let place = format!("#{} “{}”", deletion.span.message + 1, quotes.of(deletion.span));
    let room = screen.width().saturating_sub(8);
    screen.inked(Ink::Faint, format!("        {}", cut(&format!("{stated}{place}"), room)))
}

/// What can be looked up in the conversation comes before what cannot.
pub(crate) const fn rank(line: &Evidence) -> u8 {
    match line.source {
        EvidenceKind::Base => 0,
        EvidenceKind::Cap { .. } => 1,
        EvidenceKind::Signal { .. } => 2,
        EvidenceKind::Shared { .. } => 3,
    }
}

/// Green for what raises, red for what lowers.
pub(crate) fn sign_ink(contribution: Points) -> Ink {
    match contribution.micros() {
        0 => Ink::Faint,
        1.. => Ink::Good,
        _ => Ink::Bad,
    }
}

/// One line of evidence in words.
pub(crate) fn describe(line: &Evidence, quotes: &Quotes<'_>) -> String {
    match &line.source {
        EvidenceKind::Base => "base: a conversation without any signal".to_owned(),
        EvidenceKind::Signal { signal, rule, span, about } => {
            let quote = |span| quotes.of(span);
            let missing = if signal.is_omission() { "missing after " } else { "" };
            let about = about.map(|about| format!(" <- “{}”", cut(quote(about), 40))).unwrap_or_default();
            let name = signal.name().replace('_', " ");
            format!("#{} {missing}{name}: “{}”{about}  ({rule})", span.message + 1, cut(quote(*span), 80))
        }
        EvidenceKind::Shared { term, count } => format!("{term}: {count} signals together"),
        EvidenceKind::Cap { rule } => format!("cap: {rule}"),
    }
}

fn tier(screen: &mut Screen, assessment: &Assessment) -> io::Result<()> {
    let mut chances: Vec<_> =
        assessment.chances.iter().filter(|chance| chance.probability >= 0.005).collect();
    chances.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let others: Vec<_> = chances
        .iter()
        .filter(|chance| chance.tier != assessment.tier)
        .map(|chance| format!("{} {:.0} %", chance.tier.name(), chance.probability * 100.0))
        .collect();
    let name = screen.paint(tier_ink(assessment.tier), assessment.tier.name());
    screen.line(format!("  tier {name} ({:.0} %)", assessment.tier_probability() * 100.0))?;
    if !others.is_empty() {
        for line in crate::layout::wrap(&format!("else {}", others.join(", ")), screen.width() - 6) {
            screen.inked(Ink::Faint, format!("      {line}"))?;
        }
    }
    screen.inked(Ink::Faint, format!("  {TIER_NOTICE}"))
}

/// What to do instead, message by message.
pub(crate) fn recommendations(
    screen: &mut Screen,
    assessment: &Assessment,
    quotes: &Quotes<'_>,
) -> io::Result<()> {
    if assessment.recommendations.is_empty() {
        return Ok(());
    }
    screen.title("what could be done instead")?;
    let width = screen.width();
    for advice in &assessment.recommendations {
        let quote = quotes.of(advice.span);
        let place = format!("  #{} {}: ", advice.span.message + 1, advice.found);
        let room = width.saturating_sub(crate::layout::width(&place) + 2);
        screen.line(format!(
            "{place}{}",
            screen.paint(Ink::Faint, &format!("“{}”", cut(quote, room.max(16))))
        ))?;
        for line in crate::layout::wrap(&advice.instead, width - 8) {
            screen.line(format!("      {line}"))?;
        }
    }
    Ok(())
}

/// The six scores of two conversations or datasets in a table.
pub(crate) fn side_by_side(screen: &mut Screen, rows: &[(String, Points, Points)]) -> io::Result<()> {
    let mut table = Table::new(&[
        ("metric", Align::Left),
        ("a", Align::Right),
        ("b", Align::Right),
        ("b - a", Align::Right),
    ]);
    for (metric, a, b) in rows {
        let difference = *b - *a;
        table.inked_row(vec![
            (Ink::Plain, metric.clone()),
            (Ink::Plain, a.to_string()),
            (Ink::Plain, b.to_string()),
            (sign_ink(difference), format!("{difference:+}")),
        ]);
    }
    table.write(screen)
}
