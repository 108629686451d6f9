//! Whatever a file holds, reading it ends, without a panic, and what it gives is bounded by what was put in.

use std::io::Write as _;

use pe_formats::{Format, Input, Item, ReadOptions, Reader};
use proptest::prelude::*;

/// Pieces that mean something to one of the readers of text.
const PIECES: [&str; 44] = [
    "Human:",
    "\n\nAssistant: ",
    "Client: ",
    "therapist:",
    "[00:01:02] ",
    "(1:2)",
    "**User:** ",
    "### ",
    "---\n",
    "===\n",
    "\n\n\n",
    "# Conversation 1\n",
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>\n",
    "system\n",
    "user\n",
    "WEBVTT\n\n",
    "00:00:01.000 --> 00:00:02.000\n",
    "1\n",
    "--> ",
    "<v Ann>",
    "<v",
    "</v>",
    "- ",
    "[Bo] ",
    "&amp;",
    "{\\an8}",
    "NOTE ",
    "\"",
    "\"\"",
    ",",
    ";",
    "\t",
    "|",
    "\r\n",
    "dialogue_id,speaker,text\n",
    "question\tanswer\n",
    "conversation_id;turn;role;content\n",
    "id,dialogue\n",
    "1,client,hi\n",
    "：",
    "né",
    "\u{feff}",
];

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => "[ a-z]{0,12}".prop_map(String::into_bytes),
        1 => any::<String>().prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ]
}

fn check(content: &[u8], format: Option<Format>, ending: &str) {
    let mut file = tempfile::Builder::new().suffix(ending).tempfile().expect("a temporary file");
    file.write_all(content).expect("a small file");
    let options = ReadOptions { format, max_record_bytes: 400, max_messages: 20, ..ReadOptions::default() };
    let Ok(reader) = Reader::open(&Input::file(file.path()), &options) else { return };
    let (mut said, mut ended) = (0, false);
    for item in reader {
        assert!(!ended, "nothing follows an error");
        match item {
            Ok(Item::Record(record)) => {
                let messages = &record.conversation.messages;
                assert!(!messages.is_empty() && messages.len() <= 20, "{} messages", messages.len());
                said += messages.iter().map(|message| message.content.len()).sum::<usize>();
            }
            Ok(Item::Reject(reject)) => {
                assert!(!reject.reason.is_empty() && reject.excerpt.len() <= 600, "{reject:?}");
            }
            Err(_) => ended = true,
        }
    }
    // Entities and decoding may lengthen a text, and never by more than the widest character of a byte.
    assert!(said <= content.len() * 3 + 16, "{said} bytes said in a file of {}", content.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(pieces in prop::collection::vec(piece(), 0..60), which in 0_usize..6) {
        let (format, ending) = [
            (None, ".txt"),
            (Some(Format::Transcript), ".txt"),
            (Some(Format::ChatMl), ".txt"),
            (Some(Format::WebVtt), ".vtt"),
            (Some(Format::Srt), ".srt"),
            (Some(Format::Csv), ".csv"),
        ][which];
        check(&pieces.concat(), format, ending);
    }
}
