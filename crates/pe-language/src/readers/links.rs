//! Links between a reply and what the client said: content words that are taken up, and replies that share none.

use pe_model::SignalKind;

use super::Exchange;
use crate::exchange::{Labels, Side};
use crate::signals::Signals;
use crate::words::Token;

/// At most so many are cited for one reply.
const MOST_PICK_UPS: usize = 32;

/// A shorter reply is too short to be off the topic.
const FEWEST_WORDS: u32 = 6;
/// So many different content words a reply must have to be off the topic,
const FEWEST_OWN: usize = 5;
/// and so many the client's last two volleys must have had, to have a topic.
const FEWEST_CLIENT: usize = 6;

/// A reply that does any of these responds, whichever words it uses.
const RESPONDING: &[SignalKind] = &[
    SignalKind::OpenQuestion,
    SignalKind::ClosedQuestion,
    SignalKind::SimpleReflection,
    SignalKind::ComplexReflection,
    SignalKind::InaccurateReflection,
    SignalKind::Affirm,
    SignalKind::Praise,
    SignalKind::SeekCollaboration,
    SignalKind::EmphasiseAutonomy,
    SignalKind::Support,
    SignalKind::Reassure,
    SignalKind::OverValidate,
    SignalKind::Confront,
    SignalKind::Facilitate,
    SignalKind::Structure,
    SignalKind::EmotionalReaction,
    SignalKind::Interpretation,
    SignalKind::InterpretationOwnStory,
    SignalKind::StockPhrase,
    SignalKind::ForcedCheer,
    SignalKind::Answer,
];

/// Kinds that may speak of "you" and still have nothing to do with what was said.
const IMPERSONAL: &[SignalKind] = &[
    SignalKind::AdviseWithoutPermission,
    SignalKind::AdviseWithPermission,
    SignalKind::GiveInformation,
    SignalKind::Direct,
];

/// Reads the links of a helper's volley to the client's.
pub(super) fn read(exchange: &Exchange<'_>, side: &mut Side, signals: &mut Signals) {
    let Some(client) = exchange.client else { return };
    pick_up(exchange, side, client, signals);
    if is_off_topic(exchange, side, client) {
        let longest = side
            .sentences
            .clone()
            .map(|sentence| exchange.scene.sentences[sentence].message)
            .max_by_key(|message| exchange.scene.parts[*message as usize].words);
        if let Some(span) = longest.and_then(|message| exchange.scene.message_span(message)) {
            signals.add(SignalKind::OffTopic, span, &exchange.knowledge.names.off_topic);
            side.label(side.sentences.start, SignalKind::OffTopic);
        }
    }
}

/// One signal for each sentence that takes up a content word. The whole sentence is cited, and every sentence that does so has
/// one: deleting a sentence then takes away what it took up, and no other steps into its place.
fn pick_up(exchange: &Exchange<'_>, side: &mut Side, client: &Side, signals: &mut Signals) {
    let mut taken = 0;
    for sentence in side.sentences.clone() {
        if taken == MOST_PICK_UPS {
            return;
        }
        let taken_up = |token: &Token| client.links.get(token.stem).filter(|_| token.stem != 0);
        let Some(link) = exchange.scene.tokens_of(sentence).iter().find_map(taken_up) else { continue };
        let span = exchange.scene.sentence_span(sentence);
        signals.add(SignalKind::PickUp, span, &exchange.knowledge.names.pick_up).about =
            Some(exchange.scene.clause_around(link));
        side.label(sentence, SignalKind::PickUp);
        taken += 1;
    }
}

fn is_off_topic(exchange: &Exchange<'_>, side: &Side, client: &Side) -> bool {
    let before = exchange.before.map_or(0, |before| before.links.len());
    let linked =
        side.links.meets(&client.links) || exchange.before.is_some_and(|it| side.links.meets(&it.links));
    side.words >= FEWEST_WORDS
        && side.links.len() >= FEWEST_OWN
        && client.links.len() + before >= FEWEST_CLIENT
        && !linked
        && side.feelings.is_empty()
        && !side.all_labels().meets(Labels::of(RESPONDING))
        && !side.holds_anywhere(exchange.knowledge.cues.greeting)
        && side.sentences.clone().all(|sentence| stands_alone(exchange, side, sentence))
}

/// Neither points back ("that ...") nor speaks of the client.
pub(super) fn stands_alone(exchange: &Exchange<'_>, side: &Side, sentence: usize) -> bool {
    let classes = &exchange.knowledge.classes;
    let tokens = exchange.scene.tokens_of(sentence);
    let points =
        tokens.iter().any(|token| token.has(Token::SENTENCE) && classes.pointing_back.contains(token.word));
    let personal = tokens.iter().any(|token| classes.second_person.contains(token.word));
    !points && (!personal || side.labels_of(sentence).meets(Labels::of(IMPERSONAL)))
}
