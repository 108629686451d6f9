//! One conversation from the rows that belong to it.

use pe_model::{Annotation, Conversation, Message, Pair, Preference, Role};

use super::table_cell;
use super::table_columns::{Columns, Kind};
use super::table_survey::{self, Extra};
use super::table_window::{Group, Row};
use super::{annotated, json, transcript_message};
use crate::record::{Item, Record, Reject};
use crate::roles::{self, RoleMap};

/// All that is the same for every conversation of a table.
#[derive(Debug)]
pub(super) struct Plan {
    /// The names of the columns.
    pub(super) names: Vec<String>,
    /// What the columns stand for.
    pub(super) columns: Columns,
    /// The columns without a fixed meaning.
    pub(super) extras: Vec<Extra>,
    /// Which speaker has which role.
    pub(super) roles: RoleMap,
    /// The most messages of a conversation.
    pub(super) max_messages: usize,
}

impl Plan {
    /// The conversation of a group of rows, or why there is none.
    pub(super) fn item(&self, group: &Group) -> Item {
        let place = group.rows.first().map(|row| row.place).unwrap_or_default();
        let built = match &group.refused {
            Some(why) => Err(why.clone()),
            None => self.conversation(group),
        };
        match built {
            Ok(conversation) => Item::Record(Box::new(Record { conversation, place })),
            Err(reason) => {
                let excerpt = group.rows.first().map(Row::excerpt).unwrap_or_default();
                Item::Reject(Reject { place, reason, excerpt })
            }
        }
    }

    fn conversation(&self, group: &Group) -> Result<Conversation, String> {
        let rows = &group.rows;
        let mut conversation = Conversation { source_id: self.id(group), ..Conversation::default() };
        match self.columns.kind {
            Kind::Utterance { .. } => {
                annotated::read(rows, &self.columns, &self.extras, &self.roles, &mut conversation);
            }
            Kind::Exchange { .. } => rows.iter().try_for_each(|row| self.exchange(row, &mut conversation))?,
            Kind::Transcript { text } => {
                for row in rows {
                    transcript_message::add_cell(&row.cells[text], &self.roles, &mut conversation)
                        .map_err(|why| format!("column `{}`: {why}", self.names[text]))?;
                }
            }
        }
        if conversation.messages.len() > self.max_messages {
            return Err(format!("the conversation has more than {} messages; split it", self.max_messages));
        }
        self.whole(rows, &mut conversation)?;
        Ok(conversation)
    }

    fn id(&self, group: &Group) -> Option<String> {
        match self.columns.id {
            Some(column) => group.rows.first().and_then(|row| table_cell::filled(&row.cells[column])),
            None => self.columns.group.and(group.key.clone()),
        }
    }

    fn exchange(&self, row: &Row, conversation: &mut Conversation) -> Result<(), String> {
        let Kind::Exchange { prompt, response, system } = self.columns.kind else { return Ok(()) };
        let sides = [(system, Role::System), (Some(prompt), Role::User), (Some(response), Role::Assistant)];
        let before = conversation.messages.len();
        for (column, role) in sides {
            let Some(column) = column.filter(|column| !row.cells[*column].trim().is_empty()) else {
                continue;
            };
            let name = self.names[column].trim();
            // `patient` and `doctor` name the speaker; `question` and `answer` do not.
            let known = self.roles.known(name).filter(|_| role != Role::System);
            let mut message = Message::new(known.unwrap_or(role), row.cells[column].clone());
            message.speaker = known.and_then(|role| roles::speaker(name, role));
            conversation.messages.push(message);
        }
        if conversation.messages.len() == before {
            return Err("the row holds neither a prompt nor a reply".to_owned());
        }
        let reply = conversation.messages.len() as u32 - 1;
        for extra in self.extras.iter().filter(|extra| extra.per_message) {
            self.annotate(row, extra, Some(reply), conversation);
        }
        Ok(())
    }

    /// What holds for the conversation as a whole.
    fn whole(&self, rows: &[Row], conversation: &mut Conversation) -> Result<(), String> {
        let all: Vec<&Row> = rows.iter().collect();
        let Some(first) = rows.first() else { return Ok(()) };
        for extra in self.extras.iter().filter(|extra| !extra.per_message) {
            let cell = first.cells[extra.column].as_str();
            if table_survey::varies(&all, extra.column) {
                self.keep_varied(&all, extra, conversation);
            } else if extra.is_label {
                self.annotate(first, extra, None, conversation);
            } else if !cell.is_empty() {
                conversation.metadata.insert(extra.name.clone(), cell.into());
            }
        }
        if let Some(column) = self.columns.metadata {
            table_cell::merge_metadata(&mut conversation.metadata, "metadata", &first.cells[column]);
        }
        if let Some(column) =
            self.columns.annotations.filter(|column| !first.cells[*column].trim().is_empty())
        {
            let read: Vec<Annotation> = json::parse(&first.cells[column])
                .map_err(|error| format!("column `{}`: {error}; write a JSON list", self.names[column]))?;
            conversation.annotations.extend(read);
        }
        conversation.pair = self.pair(first)?;
        Ok(())
    }

    /// A column that the first rows of the table showed to be of the whole conversation, and here is not. The messages of
    /// utterances have it already.
    fn keep_varied(&self, rows: &[&Row], extra: &Extra, conversation: &mut Conversation) {
        if matches!(self.columns.kind, Kind::Utterance { .. }) {
            return;
        }
        for row in rows {
            self.annotate(row, extra, None, conversation);
        }
    }

    fn annotate(&self, row: &Row, extra: &Extra, message: Option<u32>, conversation: &mut Conversation) {
        let value = row.cells[extra.column].as_str();
        if !table_cell::is_value(value) {
            return;
        }
        // A column of the whole conversation is repeated by every annotator, and none of them is its author.
        let by = self.columns.annotator.filter(|_| message.is_some());
        conversation.annotations.push(Annotation {
            layer: extra.name.clone(),
            annotator: by.map_or_else(String::new, |column| row.cells[column].clone()),
            message,
            range: None,
            value: value.to_owned(),
        });
    }

    fn pair(&self, row: &Row) -> Result<Option<Pair>, String> {
        let Some((id, preference)) = self.columns.pair else { return Ok(None) };
        let preference = match row.cells[preference].as_str() {
            "" => return Ok(None),
            "chosen" => Preference::Chosen,
            "rejected" => Preference::Rejected,
            other => return Err(format!("preference is `{other}`; write chosen or rejected")),
        };
        Ok(Some(Pair { pair_id: row.cells[id].clone(), preference }))
    }
}
