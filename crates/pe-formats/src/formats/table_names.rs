//! What columns are called in published tables, the surest names first. Names are compared without case, spaces and
//! punctuation, so they are written here in lower case and as one word.

/// What the rows of one conversation share.
pub(super) const GROUP: &[&str] = &[
    "conversationid",
    "convid",
    "conversation",
    "conv",
    "dialogueid",
    "dialogid",
    "dialogue",
    "dialog",
    "transcriptid",
    "transcript",
    "sessionid",
    "session",
    "chatid",
    "threadid",
    "interviewid",
    "callid",
];
/// The conversation's id, where rows are not gathered by it.
pub(super) const ID: &[&str] =
    &["sourceid", "id", "conversationid", "dialogueid", "dialogid", "transcriptid", "sessionid", "chatid"];
/// What was said.
pub(super) const TEXT: &[&str] = &[
    "utterancetext",
    "utterance",
    "messagetext",
    "messagecontent",
    "text",
    "content",
    "message",
    "body",
    "statement",
    "sentence",
    "said",
    "turntext",
    "value",
];
/// Who said it.
pub(super) const SPEAKER: &[&str] = &[
    "speaker",
    "interlocutor",
    "speakername",
    "speakerid",
    "speakerrole",
    "role",
    "from",
    "sender",
    "author",
    "participant",
    "who",
    "speakertype",
    "username",
];
/// Names that stand for a speaker even in a table without a column for the conversation.
pub(super) const SURE_SPEAKER: &[&str] = &["speaker", "interlocutor", "speakername", "speakerrole", "role"];
/// The speaker's role, beside the speaker.
pub(super) const ROLE: &[&str] = &["role", "speakerrole", "interlocutor", "speakertype"];
/// The place of an utterance in its conversation.
pub(super) const ORDER: &[&str] = &[
    "utteranceid",
    "utteranceindex",
    "utteranceno",
    "turnid",
    "turnindex",
    "turnnumber",
    "turnno",
    "turn",
    "messageid",
    "messageindex",
    "sequencenumber",
    "sequence",
    "seq",
    "position",
    "order",
    "lineno",
];
/// When it was said, or where it begins in a recording.
pub(super) const TIME: &[&str] = &[
    "timestamp",
    "starttime",
    "start",
    "begin",
    "begintime",
    "time",
    "datetime",
    "createdat",
    "sentat",
    "date",
];
/// Where it ends in a recording.
pub(super) const END: &[&str] = &["endtime", "end", "stoptime", "stop"];
/// Who wrote the labels of a row.
pub(super) const ANNOTATOR: &[&str] =
    &["annotatorid", "annotator", "raterid", "rater", "coderid", "coder", "workerid"];
/// Instructions before an exchange.
pub(super) const SYSTEM: &[&str] = &["system", "systemprompt", "systemmessage"];
/// A column of prompts and the columns of responses that go with it.
pub(super) const EXCHANGES: &[(&str, &[&str])] = &[
    ("prompt", &["response", "completion", "reply", "answer", "output"]),
    ("question", &["answer", "answers", "response", "reply", "answertext"]),
    ("questiontext", &["answertext", "answer"]),
    ("context", &["response", "reply", "answer"]),
    ("query", &["response", "answer", "reply"]),
    ("input", &["output", "response", "reply", "target"]),
    ("user", &["assistant", "bot", "model", "response"]),
    ("human", &["assistant", "bot", "ai"]),
    ("patient", &["doctor", "therapist", "counselor", "counsellor", "psychologist"]),
    ("client", &["therapist", "counselor", "counsellor"]),
    ("seeker", &["supporter", "response"]),
    ("message", &["response", "reply"]),
    ("post", &["response", "reply"]),
    ("seekerpost", &["responsepost"]),
];
/// Names of columns that hold a whole transcript, tried before all others.
pub(super) const TRANSCRIPT: &[&str] =
    &["dialogue", "dialog", "transcript", "conversation", "chat", "session", "messages", "text"];

/// Columns that only our own exports have together.
pub(super) const OWN: [&str; 4] = ["conversationid", "sourceid", "validationversion", "createdat"];
/// Columns of our own exports that hold what we computed, and that belong to no conversation.
pub(super) const OWN_COMPUTED: [&str; 13] = [
    "conversationid",
    "dataset",
    "emotions",
    "language",
    "tier",
    "validationversion",
    "createdat",
    "therapeuticaccuracy",
    "conversationcoherence",
    "emotionalauthenticity",
    "clinicalcompliance",
    "safetyscore",
    "overallquality",
];

/// A column's name as it is compared.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_they_are_compared() {
        let lists = [
            GROUP,
            ID,
            TEXT,
            SPEAKER,
            SURE_SPEAKER,
            ROLE,
            ORDER,
            TIME,
            END,
            ANNOTATOR,
            SYSTEM,
            TRANSCRIPT,
            &OWN,
        ];
        let exchanges = EXCHANGES.iter().flat_map(|(prompt, replies)| replies.iter().chain([prompt]));
        for name in lists.into_iter().flatten().chain(&OWN_COMPUTED).chain(exchanges) {
            assert_eq!(plain(name), *name);
        }
        assert_eq!(plain("Dialogue_ID"), "dialogueid");
    }
}
