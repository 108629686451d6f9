//! What becomes of a record, by what is known of its name.

use pe_model::{Conversation, ConversationId};
use pe_store::Known;

use crate::graphic::LEFT_OUT_KEY;
use crate::{Error, OnConflict};

use super::Import;
use super::identity::Name;

/// What becomes of a record.
pub(super) enum Decision {
    /// It is read, scored and saved under this id.
    Take { id: ConversationId, is_new: bool },
    /// What is there stays.
    Leave,
    /// It is a reject, for this reason.
    Refuse(&'static str),
    /// The import ends.
    Stop,
}

impl Import<'_> {
    /// Decides, and counts. The record is `partial` when it lacks some of its messages.
    pub(super) fn decide(&mut self, known: Known, name: &Name, partial: bool) -> Result<Decision, Error> {
        let repeated = match known {
            Known::Changed(_) | Known::Repeated(_) => {
                self.identities.is_repeated(name).map_err(|error| self.unnamed(&error))?
            }
            Known::New | Known::Same(_) => false,
        };
        let summary = &mut self.summary;
        Ok(match (known, self.request.on_conflict) {
            (Known::New, _) => {
                summary.new += 1;
                Decision::Take { id: self.ids.conversation(), is_new: true }
            }
            (Known::Changed(_) | Known::Repeated(_), _) if repeated => Decision::Refuse(
                "stands twice in this import with different content; give one of them another id",
            ),
            // What is repeated and came this far has the content of the first one.
            (Known::Same(_) | Known::Repeated(_), _) => {
                summary.unchanged += 1;
                Decision::Leave
            }
            // A record without some of its messages never replaces the whole one.
            (Known::Changed(_), _) if partial => {
                summary.skipped += 1;
                Decision::Leave
            }
            (Known::Changed(id), OnConflict::Update) => {
                summary.updated += 1;
                Decision::Take { id, is_new: false }
            }
            (Known::Changed(_), OnConflict::Skip) => {
                summary.skipped += 1;
                Decision::Leave
            }
            (Known::Changed(_), OnConflict::Fail) => Decision::Stop,
        })
    }
}

/// Whether the record is an export of ours from which messages were left out.
pub(super) fn is_partial(conversation: &Conversation) -> bool {
    conversation.messages.iter().any(|message| message.metadata.contains_key(LEFT_OUT_KEY))
}
