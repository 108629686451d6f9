//! Readings as bytes: postcard, preceded by a mark of the labels it was written with.
//!
//! Postcard writes a label as its position in its list, so a reading is only understood by a program with the same lists. The
//! mark tells; a reading with another mark is treated as absent, because it can be made again from the text.

use std::collections::HashMap;
use std::sync::LazyLock;

use pe_model::{ConversationId, Digest, Emotion, Reading, Role, SignalKind};

use crate::bulk::{powers_of_two, with_ids};
use crate::engine::Row;
use crate::rows;
use crate::{Error, Result, Store};

/// Bump when a field of `Reading` or of what is in it changes its type or place.
const FIELDS: u8 = 1;

/// Four bytes that differ when the lists of labels, or the fields of a reading, differ.
static MARK: LazyLock<[u8; 4]> = LazyLock::new(|| {
    let labels = SignalKind::ALL
        .iter()
        .map(|kind| kind.name())
        .chain(Emotion::ALL.iter().map(|emotion| emotion.name()))
        .chain(Role::ALL.iter().map(|role| role.name()))
        .map(str::as_bytes);
    let digest = Digest::of_parts(labels.chain([[FIELDS].as_slice()]));
    let bytes = digest.as_bytes();
    [bytes[0], bytes[1], bytes[2], bytes[3]]
});

/// The bytes of a reading.
pub(crate) fn encode(id: ConversationId, reading: &Reading) -> Result<Vec<u8>> {
    postcard::to_extend(reading, MARK.to_vec())
        .map_err(|error| Error::invalid(format!("reading of {id}"), error.to_string()))
}

/// The reading, or `None` when it was written with other lists of labels.
pub(crate) fn decode(id: ConversationId, body: &[u8]) -> Result<Option<Reading>> {
    let Some(body) = body.strip_prefix(MARK.as_slice()) else { return Ok(None) };
    postcard::from_bytes(body).map(Some).map_err(|error| Error::corrupt(format!("reading of {id}"), error))
}

/// The columns of [`of_row`].
pub(crate) const SELECT: &str = "SELECT conversation_id, body FROM readings WHERE conversation_id IN";

/// Whose reading a row holds, and the reading, if this program understands it.
pub(crate) fn of_row(row: &Row) -> Result<(ConversationId, Option<Reading>)> {
    let id = rows::owner(row)?;
    Ok((id, decode(id, &row.get::<Vec<u8>>(1)?)?))
}

impl Store {
    /// The stored reading of a conversation. `None` where there is none, or where it was stored by a program with other labels: it
    /// can be read again from the text.
    pub async fn reading(&self, id: ConversationId) -> Result<Option<Reading>> {
        Ok(self.readings(&[id]).await?.remove(&id))
    }

    /// The stored readings of these conversations, of one state of the store. Left out is what [`Store::reading`] gives `None` for.
    pub async fn readings(&self, ids: &[ConversationId]) -> Result<HashMap<ConversationId, Reading>> {
        let mut tx = self.reads.begin_read().await?;
        let mut found = HashMap::new();
        let engine = tx.engine();
        for chunk in powers_of_two(ids, engine.max_rows()) {
            for row in with_ids(engine, SELECT, chunk, "").fetch_all(&mut tx).await? {
                let (id, reading) = of_row(&row)?;
                found.extend(reading.map(|reading| (id, reading)));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::{Experiencer, Language, MessageReading, Signal, Span, Volley};

    fn reading() -> Reading {
        let mut signal = Signal::new(SignalKind::Conduct, Span::new(0, 1, 2), "conduct/x");
        signal.about = Some(Span::new(1, 0, 4));
        signal.experiencer = Experiencer::Idiom;
        Reading {
            version: "r1".into(),
            language: Language { code: "en".into(), share: 0.75 },
            volleys: vec![Volley { role: Role::User, first: 0, last: 0, words: 3 }],
            messages: vec![MessageReading {
                language: "en".into(),
                emotions: vec![0.5; Emotion::COUNT],
                selected: vec![Emotion::Joy],
            }],
            signals: vec![signal],
        }
    }

    #[test]
    fn a_reading_survives() {
        let id = ConversationId(uuid::Uuid::nil());
        let bytes = encode(id, &reading()).expect("encodes");
        assert_eq!(decode(id, &bytes).expect("decodes"), Some(reading()));
    }

    #[test]
    fn other_labels_are_absent_and_damage_is_an_error() {
        let id = ConversationId(uuid::Uuid::nil());
        let mut bytes = encode(id, &reading()).expect("encodes");
        assert!(decode(id, &bytes[..bytes.len() - 3]).is_err());
        bytes[0] ^= 1;
        assert_eq!(decode(id, &bytes).expect("no error"), None);
    }
}
