//! Where in a JSON record the utterances are, and which of their fields are the speaker and the text.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{json, transcript_message};
use crate::roles::RoleMap;

const SPEAKERS: [&str; 12] = [
    "role",
    "speaker",
    "from",
    "sender",
    "author",
    "participant",
    "interlocutor",
    "agent",
    "party",
    "speaker_id",
    "speaker_role",
    "who",
];
const TEXTS: [&str; 9] =
    ["content", "text", "utterance", "value", "message", "utterance_text", "body", "sentence", "transcript"];
const LISTS: [&str; 11] = [
    "messages",
    "conversation",
    "conversations",
    "dialogue",
    "dialog",
    "turns",
    "utterances",
    "chat",
    "transcript",
    "log",
    "history",
];

/// Where the utterances are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A list of objects.
    Objects {
        /// Its name; `None` where the record is the list.
        list: Option<String>,
        /// The field with the speaker.
        speaker: String,
        /// The field with the text.
        text: String,
        /// Whether the names are usual ones.
        usual: bool,
    },
    /// A list of texts without labels, of two sides in turn.
    Turns {
        /// Its name.
        list: String,
    },
    /// A list of texts with a label in front.
    Lines {
        /// Its name; `None` where the record is the list.
        list: Option<String>,
    },
}

impl Shape {
    /// The shape of a record, if it has one.
    pub(super) fn of(record: &Value) -> Option<Self> {
        match record {
            Value::Array(items) => Self::of_list(items, None, usual_bare),
            Value::Object(fields) => {
                let named = LISTS.iter().filter_map(|name| fields.get_key_value(*name));
                let all = || {
                    named
                        .clone()
                        .chain(fields.iter())
                        .filter_map(|(name, value)| Some((name, value.as_array()?)))
                };
                all()
                    .find_map(|(name, items)| Self::of_list(items, Some(name), usual))
                    .or_else(|| all().find_map(|(name, items)| Self::of_list(items, Some(name), by_values)))
                    .or_else(|| TURNS.into_iter().find(|name| is_turns(fields.get(*name))).map(Self::turns))
            }
            _ => None,
        }
    }

    fn turns(name: &str) -> Self {
        Self::Turns { list: name.to_owned() }
    }

    fn of_list(
        items: &[Value],
        name: Option<&str>,
        names: fn(&[Value]) -> Option<(String, String)>,
    ) -> Option<Self> {
        let list = name.map(str::to_owned);
        if let Some((speaker, text)) = names(items) {
            let usual = SPEAKERS.contains(&speaker.as_str());
            return Some(Self::Objects { list, speaker, text, usual });
        }
        let lines: Option<Vec<&str>> = items.iter().take(64).map(Value::as_str).collect();
        let lines = lines.filter(|lines| lines.len() > 1)?;
        transcript_message::is_transcript(&lines.join("\n"), &RoleMap::default())
            .then_some(Self::Lines { list })
    }

    /// How sure it is, as for [`Sniff`](crate::sample::Sniff).
    pub(super) const fn confidence(&self) -> u8 {
        match self {
            Self::Objects { usual: true, .. } => 80,
            Self::Lines { .. } => 70,
            Self::Objects { usual: false, .. } | Self::Turns { .. } => 50,
        }
    }

    /// For people, after "records hold".
    pub(super) fn describe(&self) -> String {
        let name =
            |list: &Option<String>| list.as_ref().map_or_else(String::new, |name| format!("in {name} "));
        match self {
            Self::Objects { list, speaker, text, .. } => {
                format!("{}a list of utterances with {speaker} and {text}", name(list))
            }
            Self::Lines { list } => format!("{}a list of texts with a speaker in front", name(list)),
            Self::Turns { list } => format!("in {list} a list of texts, taken as two sides in turn"),
        }
    }

    /// Takes a record apart: the utterances, and the other fields.
    pub(super) fn split(&self, record: Value) -> Result<(Vec<Value>, Map<String, Value>), String> {
        let list = match self {
            Self::Objects { list, .. } | Self::Lines { list } => list.as_deref(),
            Self::Turns { list } => Some(list.as_str()),
        };
        match (list, record) {
            (None, Value::Array(items)) => Ok((items, Map::new())),
            (Some(name), Value::Object(mut fields)) => match fields.remove(name) {
                Some(Value::Array(items)) => Ok((items, fields)),
                _ => Err(format!("{name} is no list")),
            },
            _ => Err("the record is neither a list nor an object".to_owned()),
        }
    }
}

/// What a list of texts without speakers is called, if it is a conversation.
const TURNS: [&str; 5] = ["dialog", "dialogue", "turns", "utterances", "conversation"];

fn is_turns(value: Option<&Value>) -> bool {
    value.and_then(Value::as_array).is_some_and(|items| items.len() > 1 && items.iter().all(Value::is_string))
}

/// The record that is packed as text into the only field of another.
pub(super) fn unpacked(record: &Value) -> Option<Value> {
    let fields = record.as_object().filter(|fields| fields.len() == 1)?;
    let text = fields.values().next()?.as_str()?.trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    json::parse(text).ok()
}

fn usual(items: &[Value]) -> Option<(String, String)> {
    let first = items.first()?.as_object()?;
    let holds = |name: &&&str| first.get(**name).is_some_and(|value| value.is_string() || value.is_number());
    let speaker = SPEAKERS.iter().find(holds)?;
    let text = TEXTS.iter().find(|name| first.get(**name).is_some_and(Value::is_string))?;
    Some(((*speaker).to_owned(), (*text).to_owned()))
}

/// A whole document that is a list: only the plainest names, and no field that says to which conversation an utterance
/// belongs, or a list of reviews would be taken for one conversation.
fn usual_bare(items: &[Value]) -> Option<(String, String)> {
    let (speaker, text) = usual(items)?;
    let plain = ["role", "speaker", "from"].contains(&speaker.as_str());
    let belongs = |name: &String| {
        let name = name.to_lowercase();
        ["conversation", "dialogue", "dialog", "session", "transcript"]
            .iter()
            .any(|part| name.starts_with(part))
            && name.ends_with("id")
    };
    let rows = items.first()?.as_object()?.keys().any(belongs);
    (plain && !rows).then_some((speaker, text))
}

/// A short field of few values and a long one of many, in four or more objects.
fn by_values(items: &[Value]) -> Option<(String, String)> {
    let rows: Vec<_> = items.iter().take(64).map(Value::as_object).collect::<Option<_>>()?;
    let first = rows.first().filter(|_| rows.len() >= 4)?;
    let texts =
        |name: &str| -> Option<Vec<&str>> { rows.iter().map(|row| row.get(name)?.as_str()).collect() };
    let columns: Vec<(&String, Vec<&str>)> =
        first.keys().filter_map(|name| Some((name, texts(name)?))).collect();
    let distinct = |values: &[&str]| values.iter().collect::<HashSet<_>>().len();
    let length = |values: &[&str]| values.iter().map(|value| value.chars().count()).sum::<usize>();
    // Two to six parties, each of whom speaks twice on average, with names of up to 24 letters.
    let speaker = columns.iter().find(|(_, values)| {
        let count = distinct(values);
        (2..=6).contains(&count)
            && count * 2 <= values.len()
            && values.iter().all(|value| value.chars().count() <= 24)
    })?;
    let text = columns
        .iter()
        .filter(|(name, values)| *name != speaker.0 && distinct(values) * 2 > values.len())
        .max_by_key(|(_, values)| length(values))?;
    // Words of speech are longer than names: ten letters on average.
    (length(&text.1) >= 10 * rows.len()).then(|| (speaker.0.clone(), text.0.clone()))
}
