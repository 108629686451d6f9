//! The stream of conversations.

use pe_model::{Conversation, Message, Metadata, Role};
use serde_json::Value;

use crate::manifest::Manifest;
use crate::message;
use crate::pen::Pen;
use crate::plan::{self, Plan};
use crate::talk::talk;

/// Another version writes other words for the same seed.
pub const VERSION: u32 = 1;

/// Conversations of one seed, one after another.
#[derive(Debug)]
pub struct Synth {
    next: u64,
    end: u64,
    manifest: Manifest,
}

impl Synth {
    /// `conversations` of the seed. The first ones are the same however many are asked for.
    pub fn new(seed: u64, conversations: u64) -> Self {
        Self { next: 0, end: conversations, manifest: Manifest::new(VERSION, seed) }
    }

    /// What was written so far.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

impl Iterator for Synth {
    type Item = Conversation;

    fn next(&mut self) -> Option<Conversation> {
        if self.next >= self.end {
            return None;
        }
        let ordinal = self.next;
        self.next += 1;
        let seed = self.manifest.seed;
        let origin = plan::origin(seed, ordinal);
        let (plan, mut dice) = Plan::of(seed, origin)?;
        let conversation = Conversation {
            source_id: Some(format!("s{seed}-{ordinal:07}")),
            messages: messages(&plan, &mut Pen::new(&mut dice, plan.topic)),
            metadata: metadata(&plan),
            ..Conversation::default()
        };
        self.note(&plan, &conversation, origin != ordinal);
        Some(conversation)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.end - self.next).ok();
        (left.unwrap_or(usize::MAX), left)
    }
}

impl Synth {
    fn note(&mut self, plan: &Plan, conversation: &Conversation, repeated: bool) {
        let manifest = &mut self.manifest;
        manifest.count(conversation);
        manifest.duplicates += u64::from(repeated);
        *manifest.topics.entry(plan.topic.name).or_default() += 1;
        *manifest.registers.entry(plan.register.name()).or_default() += 1;
        for (kind, _) in &plan.planted {
            *manifest.planted.entry(kind.name()).or_default() += 1;
        }
    }
}

fn messages(plan: &Plan, pen: &mut Pen<'_>) -> Vec<Message> {
    let talk = talk();
    (0..plan.messages)
        .map(|at| {
            let (role, speaker) =
                if at % 2 == 0 { (Role::User, "client") } else { (Role::Assistant, "counsellor") };
            let mut content = message::text(pen, talk, plan, role);
            for (kind, _) in plan.planted.iter().filter(|(_, message)| *message == at) {
                message::plant(pen, &talk.planted[*kind as usize], &mut content);
            }
            Message { speaker: Some(speaker.to_owned()), ..Message::new(role, content) }
        })
        .collect()
}

fn metadata(plan: &Plan) -> Metadata {
    let text = |text: &str| Value::String(text.to_owned());
    Metadata::from_iter([
        ("register".to_owned(), text(plan.register.name())),
        ("synthetic".to_owned(), Value::Bool(true)),
        ("topic".to_owned(), text(plan.topic.name)),
    ])
}
