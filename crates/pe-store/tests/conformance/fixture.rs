//! Conversations, readings and reports to save.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use pe_model::{
    Annotation, Assessment, Axis, Clock, Conversation, ConversationId, Emotion, Language, Message,
    MessageReading, NotScorable, Outcome, Pair, Points, Preference, Reading, Report, Role, Score, Signal,
    SignalKind, Span, Tier, TierChance, Volley,
};
use pe_store::{SavedConversation, Store};
use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

/// A clock that goes on by a second each time it is read.
#[derive(Default)]
pub(crate) struct Steps(AtomicI64);

impl Clock for Steps {
    fn now(&self) -> OffsetDateTime {
        START + time::Duration::seconds(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

pub(crate) const START: OffsetDateTime = datetime!(2026-03-04 05:06:07 UTC);

/// The id of conversation `number`.
pub(crate) fn id(number: u64) -> ConversationId {
    ConversationId(Uuid::from_u64_pair(0x0190_0000_0000_7000 | (number << 16), (0b10 << 62) | number))
}

pub(crate) fn message(role: Role, content: &str) -> Message {
    Message::new(role, content)
}

/// A conversation that uses every field.
pub(crate) fn conversation(number: u64) -> Conversation {
    let mut first = message(Role::User, &format!("I can't sleep, number {number}. 眠れない"));
    first.speaker = Some("seeker".into());
    first.timestamp = Some(datetime!(2024-02-29 23:59:59.123_456_789 +05:30));
    let mut second = message(Role::Assistant, "That sounds hard. What keeps you awake?");
    second.timestamp = Some(datetime!(1969-07-20 20:17:40 UTC));
    second.metadata = json!({"strategy": "question", "weight": 0.1}).as_object().cloned().unwrap_or_default();
    let whole = Annotation {
        layer: "mi_quality".into(),
        annotator: String::new(),
        message: None,
        range: None,
        value: "high".into(),
    };
    let part = Annotation {
        layer: "behaviour".into(),
        annotator: "3".into(),
        message: Some(1),
        range: Some((0, 17)),
        value: "reflection".into(),
    };
    Conversation {
        source_id: Some(format!("s-{number}")),
        messages: vec![first, second, message(Role::System, ""), message(Role::Tool, "{}")],
        metadata: json!({"topic": "sleep", "n": number}).as_object().cloned().unwrap_or_default(),
        annotations: vec![whole, part],
        pair: Some(Pair { pair_id: format!("p-{}", number / 2), preference: Preference::Chosen }),
    }
}

pub(crate) fn reading(conversation: &Conversation) -> Reading {
    let messages = conversation.messages.iter().map(|_| MessageReading {
        language: "en".into(),
        emotions: vec![0.25; Emotion::COUNT],
        selected: vec![Emotion::Sadness, Emotion::Fear],
    });
    let volley = |role, place| Volley { role, first: place, last: place, words: 5 };
    Reading {
        version: "reader-1".into(),
        language: Language { code: "en".into(), share: 1.0 },
        volleys: vec![volley(Role::User, 0), volley(Role::Assistant, 1)],
        messages: messages.collect(),
        signals: vec![Signal::new(SignalKind::OpenQuestion, Span::new(1, 18, 39), "question/what")],
    }
}

/// A report of the six axes with this overall score.
pub(crate) fn report(overall: f64) -> Report {
    let score = |(axis, value): (&Axis, f64)| Score {
        metric: axis.name().into(),
        value: Points::from_fraction(value),
        low: Points::from_fraction((value - 0.03).max(0.0)),
        high: Points::from_fraction((value + 0.03).min(1.0)),
        evidence: vec![],
        note: None,
    };
    let tier = Tier::of(Points::from_fraction(overall));
    Report {
        validator: "six-axes".into(),
        version: "v1".into(),
        outcome: Outcome::Scored(Assessment {
            scores: Axis::ALL.iter().zip([0.1, 0.2, 0.3, 0.4, 0.5, overall]).map(score).collect(),
            tier,
            chances: vec![TierChance { tier, probability: 0.75 }],
            recommendations: vec![],
        }),
    }
}

pub(crate) fn refusal(reason: NotScorable) -> Report {
    Report { validator: "six-axes".into(), version: "v1".into(), outcome: Outcome::NotScorable(reason) }
}

pub(crate) fn saved(number: u64, dataset: &str, overall: f64) -> SavedConversation {
    let conversation = conversation(number);
    SavedConversation {
        id: id(number),
        dataset: Arc::from(dataset),
        source_id: format!("s-{number}"),
        reading: reading(&conversation),
        conversation,
        reports: vec![report(overall)],
    }
}

pub(crate) async fn save(store: &Store, batch: &[SavedConversation]) {
    let mut tx = store.begin().await.expect("begins");
    tx.save_batch(batch).await.expect("saves");
    tx.commit().await.expect("commits");
}
