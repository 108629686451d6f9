//! Scores come from roles and texts: with everything else of a record replaced by noise, reports stay the same.

use pe_model::{Annotation, Conversation};

use super::{Sets, finished};
use crate::judge::{self, Judge};
use crate::table::{Figure, Target};
use crate::{Row, bootstrap};

pub(super) fn row(judge: &Judge, sets: &Sets) -> Row {
    let mut changed: Vec<f64> = Vec::new();
    for (_, set) in sets.named() {
        let differs =
            |one: &Conversation| f64::from(u8::from(judge.report(one) != judge.report(&noisy(one))));
        changed.extend(judge::each(set, differs));
    }
    let (share, interval) = bootstrap::share(&changed);
    let figure = Figure::new(
        "Nothing but roles and texts counts",
        "AnnoMI, ESConv, MIBot, HH-RLHF, own examples",
        "all",
        "share of reports that metadata noise changes",
    )
    .measured(changed.len(), share, interval)
    .target(Target::AtMost(0.0));
    finished(figure, "Ids, speakers, times, labels, pairs and metadata replaced.")
}

fn noisy(conversation: &Conversation) -> Conversation {
    let mut noisy = conversation.clone();
    noisy.source_id = Some("noise".into());
    noisy.pair = None;
    for name in ["quality", "mi_quality", "modality", "intended", "language", "split"] {
        noisy.metadata.insert(name.into(), "high excellent en 1.0".into());
    }
    noisy.annotations = vec![Annotation {
        layer: "quality".into(),
        annotator: "9".into(),
        message: None,
        range: None,
        value: "low".into(),
    }];
    for (at, message) in (0..).zip(&mut noisy.messages) {
        message.speaker = Some(format!("speaker {at}"));
        message.timestamp = Some(time::OffsetDateTime::UNIX_EPOCH + time::Duration::days(at));
        message.metadata.insert("emotion".into(), "joy".into());
        message.metadata.insert("risk".into(), 1.into());
    }
    noisy
}
