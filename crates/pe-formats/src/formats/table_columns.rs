//! What the columns of a table stand for, told by their names. A table holds conversations when it has
//!
//! * a text and a speaker in each row (an utterance a row), with or without a column that names the conversation,
//! * or a prompt and a response in each row (an exchange a row),
//! * or a column whose cells are whole transcripts.
//!
//! The names are those of `table_names`. The first name of a list that a table has wins.

use super::table_names::{
    ANNOTATOR, END, EXCHANGES, GROUP, ID, ORDER, OWN, OWN_COMPUTED, ROLE, SPEAKER, SURE_SPEAKER, SYSTEM,
    TEXT, TIME, TRANSCRIPT, plain,
};
use crate::{Error, FieldMap};

/// Where the columns of a table that holds conversations are, counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// The rows of one conversation share a value here.
    pub(super) group: Option<usize>,
    /// The source's id of the conversation, where it is not the column above.
    pub(super) id: Option<usize>,
    /// What a row holds.
    pub(super) kind: Kind,
    /// When it was said; a position in the recording, or a date and time.
    pub(super) time: Option<usize>,
    /// Where in the recording it ends.
    pub(super) end: Option<usize>,
    /// Who wrote the labels of this row.
    pub(super) annotator: Option<usize>,
    /// The conversation's metadata as a JSON object.
    pub(super) metadata: Option<usize>,
    /// The message's metadata as a JSON object.
    pub(super) message_metadata: Option<usize>,
    /// The conversation's annotations as a JSON list.
    pub(super) annotations: Option<usize>,
    /// The preference pair it belongs to.
    pub(super) pair: Option<(usize, usize)>,
    /// All other columns.
    pub(super) others: Vec<usize>,
    /// Whether the table is an export of ours, whose texts and speakers may all be empty.
    pub(super) own: bool,
}

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One message.
    Utterance {
        /// What was said.
        text: usize,
        /// Who said it.
        speaker: usize,
        /// The role, where a column beside the speaker's states it.
        role: Option<usize>,
        /// The place of the message in its conversation.
        order: Option<usize>,
    },
    /// A message and the reply to it.
    Exchange {
        /// What the person who is helped said.
        prompt: usize,
        /// What the helper said.
        response: usize,
        /// Instructions before both.
        system: Option<usize>,
    },
    /// A whole transcript.
    Transcript {
        /// Its text.
        text: usize,
    },
}

impl Default for Kind {
    fn default() -> Self {
        Self::Transcript { text: 0 }
    }
}

/// The columns of the table whose header is `names`. `is_transcript` says whether the cells of a column read as
/// transcripts. `None` when the names tell of no conversation.
pub(super) fn of(names: &[String], is_transcript: &dyn Fn(usize) -> bool) -> Option<Columns> {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let find = Finder { names: &names };
    let mut columns =
        find.utterances().or_else(|| find.exchanges()).or_else(|| find.transcripts(is_transcript))?;
    columns.metadata = find.any(&["metadata"]);
    columns.message_metadata = find.any(&["messagemetadata"]);
    columns.annotations = find.any(&["annotations"]);
    columns.pair = find.any(&["pairid"]).zip(find.any(&["preference"]));
    columns.rest(names.len());
    columns.own = OWN.iter().all(|name| find.any(&[name]).is_some());
    if columns.own {
        columns.others.retain(|column| !OWN_COMPUTED.contains(&names[*column].as_str()));
    }
    Some(columns)
}

/// The columns that a field map names.
///
/// # Errors
/// It names a column that the table does not have, or no speaker for a text.
pub(super) fn mapped(names: &[String], map: &FieldMap) -> Result<Columns, Error> {
    let find = |wanted: &Option<String>| match wanted {
        Some(wanted) => at(names, wanted).map(Some),
        None => Ok(None),
    };
    let (text, prompt, response) = (find(&map.content)?, find(&map.prompt)?, find(&map.response)?);
    let kind = match (text, prompt.zip(response), find(&map.transcript)?) {
        (Some(text), ..) => {
            let Some(speaker) = find(&map.speaker)? else {
                return Err(Error::Options("a field map for a table needs speaker beside content".into()));
            };
            Kind::Utterance { text, speaker, role: None, order: None }
        }
        (_, Some((prompt, response)), _) => Kind::Exchange { prompt, response, system: find(&map.system)? },
        (_, _, Some(text)) => Kind::Transcript { text },
        (None, None, None) => return Err(Error::Options("the field map names no text".into())),
    };
    let others = [Some(&map.annotations), map.metadata.as_ref(), map.message_metadata.as_ref()];
    for wanted in others.into_iter().flatten().flatten() {
        at(names, wanted)?;
    }
    let id = find(&map.id)?;
    let grouped = matches!(kind, Kind::Utterance { .. });
    let mut columns = Columns {
        group: id.filter(|_| grouped),
        id: id.filter(|_| !grouped),
        kind,
        time: find(&map.timestamp)?,
        annotator: find(&map.annotator)?,
        ..Columns::default()
    };
    columns.rest(names.len());
    Ok(columns)
}

/// The column of that name, written exactly or with other case and punctuation.
pub(super) fn at(names: &[String], wanted: &str) -> Result<usize, Error> {
    let exact = names.iter().position(|name| name.trim() == wanted);
    exact.or_else(|| names.iter().position(|name| plain(name) == plain(wanted))).ok_or_else(|| {
        let listed = names.iter().take(30).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Error::Options(format!("the field map names the column `{wanted}`, but the table has {listed}"))
    })
}

impl Columns {
    /// Fills `others` with what no field names, of a table with `width` columns.
    pub(super) fn rest(&mut self, width: usize) {
        let named = self.named();
        self.others = (0..width).filter(|column| !named.contains(column)).collect();
    }

    fn named(&self) -> Vec<usize> {
        let kind: [Option<usize>; 4] = match self.kind {
            Kind::Utterance { text, speaker, role, order } => [Some(text), Some(speaker), role, order],
            Kind::Exchange { prompt, response, system } => [Some(prompt), Some(response), system, None],
            Kind::Transcript { text } => [Some(text), None, None, None],
        };
        let fields = [
            self.group,
            self.id,
            self.time,
            self.end,
            self.annotator,
            self.metadata,
            self.message_metadata,
            self.annotations,
            self.pair.map(|pair| pair.0),
            self.pair.map(|pair| pair.1),
        ];
        kind.into_iter().chain(fields).flatten().collect()
    }
}

struct Finder<'a> {
    names: &'a [String],
}

impl Finder<'_> {
    fn any(&self, wanted: &[&str]) -> Option<usize> {
        wanted.iter().find_map(|wanted| self.names.iter().position(|name| name == wanted))
    }

    fn any_but(&self, wanted: &[&str], taken: &[Option<usize>]) -> Option<usize> {
        let free = |at: &usize| !taken.contains(&Some(*at));
        wanted.iter().find_map(|wanted| self.names.iter().position(|name| name == wanted).filter(free))
    }

    fn utterances(&self) -> Option<Columns> {
        let text = self.any(TEXT)?;
        let speaker = self.any_but(SPEAKER, &[Some(text)])?;
        let group = self.any_but(GROUP, &[Some(text), Some(speaker)]);
        if group.is_none() && self.any(SURE_SPEAKER).is_none() {
            return None;
        }
        let role = self.any_but(ROLE, &[Some(text), Some(speaker)]);
        let order = self.any_but(ORDER, &[Some(text)]);
        let time = self.any(TIME);
        Some(Columns {
            group,
            id: self.any(&["sourceid"]),
            kind: Kind::Utterance { text, speaker, role, order },
            time,
            end: self.any(END).filter(|_| time.is_some()),
            annotator: self.any(ANNOTATOR),
            ..Columns::default()
        })
    }

    fn exchanges(&self) -> Option<Columns> {
        let pair = |(prompt, responses): &(&str, &[&str])| Some((self.any(&[prompt])?, self.any(responses)?));
        let (prompt, response) = EXCHANGES.iter().find_map(pair)?;
        let taken = [Some(prompt), Some(response)];
        let group = self.any_but(GROUP, &taken);
        Some(Columns {
            group,
            id: self.any(&["sourceid"]).or_else(|| self.any_but(ID, &[group])).filter(|_| group.is_none()),
            kind: Kind::Exchange { prompt, response, system: self.any_but(SYSTEM, &taken) },
            annotator: self.any(ANNOTATOR),
            ..Columns::default()
        })
    }

    fn transcripts(&self, is_transcript: &dyn Fn(usize) -> bool) -> Option<Columns> {
        let named = TRANSCRIPT.iter().filter_map(|name| self.any(&[name]));
        let text = named.chain(0..self.names.len()).find(|column| is_transcript(*column))?;
        Some(Columns {
            id: self.any_but(ID, &[Some(text)]),
            kind: Kind::Transcript { text },
            annotator: self.any(ANNOTATOR),
            ..Columns::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Option<Columns> {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        of(&names, &|_| false)
    }

    #[test]
    fn an_utterance_a_row() {
        let found =
            columns("Sr No.,Utterance,Speaker,Emotion,Dialogue_ID,Utterance_ID,StartTime,EndTime").unwrap();
        assert_eq!(found.kind, Kind::Utterance { text: 1, speaker: 2, role: None, order: Some(5) });
        assert_eq!((found.group, found.time, found.end), (Some(4), Some(6), Some(7)));
        assert_eq!(found.others, [0, 3]);
        let found = columns("speaker,text").unwrap();
        assert_eq!((found.group, found.others.len()), (None, 0));
        assert!(columns("author,text").is_none(), "a list of posts is no conversation");
    }

    #[test]
    fn an_exchange_a_row() {
        let found = columns("id,Context,Response").unwrap();
        assert_eq!(found.kind, Kind::Exchange { prompt: 1, response: 2, system: None });
        assert_eq!((found.id, found.group), (Some(0), None));
        assert_eq!(columns("conversation_id,user,assistant").unwrap().group, Some(0));
    }

    #[test]
    fn a_transcript_a_row_is_told_by_its_cells() {
        let names: Vec<String> = ["ID", "note", "dialogue"].map(str::to_owned).into();
        let found = of(&names, &|column| column == 2).unwrap();
        assert_eq!((found.kind, found.id), (Kind::Transcript { text: 2 }, Some(0)));
        assert_eq!(found.others, [1]);
    }

    #[test]
    fn a_field_map_names_columns() {
        let names: Vec<String> = ["Case", "Who", "Words", "Mood"].map(str::to_owned).into();
        let map = FieldMap::parse("id = 'Case'\nspeaker = 'who'\ncontent = 'Words'").unwrap();
        let found = mapped(&names, &map).unwrap();
        assert_eq!(found.kind, Kind::Utterance { text: 2, speaker: 1, role: None, order: None });
        assert_eq!((found.group, found.others), (Some(0), vec![3]));
        let map = FieldMap::parse("speaker = 'x'\ncontent = 'Words'").unwrap();
        assert!(mapped(&names, &map).unwrap_err().to_string().contains("`x`"));
    }

    #[test]
    fn labelled_sentences_are_no_conversations() {
        for header in ["text,category", "text,label,id", "a,b,c", "", "id,text"] {
            assert!(columns(header).is_none(), "{header}");
        }
    }
}
