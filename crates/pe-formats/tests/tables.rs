//! Tables, transcripts and subtitles, read through the front door: small texts, real files with their counts, and files
//! that mean harm.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pe_formats::{Error, FieldMap, Format, Input, Item, ReadOptions, Reader, Record, Reject};
use pe_model::{Conversation, Role};

type Read = (Vec<Record>, Vec<Reject>);

fn read_with(path: &Path, options: &ReadOptions) -> Result<(Format, Read), Error> {
    let reader = Reader::open(&Input::file(path), options)?;
    let format = reader.guess().format;
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    for item in reader {
        match item? {
            Item::Record(record) => records.push(*record),
            Item::Reject(reject) => rejects.push(reject),
        }
    }
    Ok((format, (records, rejects)))
}

fn read(path: &Path) -> Result<(Format, Read), Error> {
    read_with(path, &ReadOptions::default())
}

/// Reads a file of that name and content.
fn text(name: &str, content: impl AsRef<[u8]>) -> Result<(Format, Read), Error> {
    text_with(name, content, &ReadOptions::default())
}

fn text_with(name: &str, content: impl AsRef<[u8]>, options: &ReadOptions) -> Result<(Format, Read), Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    read_with(&path, options)
}

fn conversations(name: &str, content: &str) -> Vec<Conversation> {
    let (_, (records, rejects)) = text(name, content).unwrap();
    assert!(rejects.is_empty(), "{rejects:?}");
    records.into_iter().map(|record| record.conversation).collect()
}

fn said(conversation: &Conversation) -> Vec<(Role, &str)> {
    conversation.messages.iter().map(|message| (message.role, message.content.as_str())).collect()
}

#[test]
fn a_table_of_utterances_becomes_conversations_with_layers() {
    let table = "dialogue_id,turn,speaker,text,emotion,topic,quality\n\
        a,0,client,\"I can't, sleep\",sadness,sleep,high\n\
        a,1,therapist,Since when?,neutral,sleep,high\n\
        b,1,therapist,Hello,joy,work,low\n\
        b,0,client,Hi,joy,work,low\n";
    let read = conversations("talks.csv", table);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].source_id.as_deref(), Some("a"));
    assert_eq!(said(&read[0]), [(Role::User, "I can't, sleep"), (Role::Assistant, "Since when?")]);
    assert_eq!(said(&read[1]), [(Role::User, "Hi"), (Role::Assistant, "Hello")], "turns are put in order");
    assert_eq!(read[0].metadata["topic"], "sleep");
    assert!(!read[0].metadata.contains_key("quality"), "a judgement is an annotation");
    let layers: Vec<_> =
        read[0].annotations.iter().map(|one| (one.layer.as_str(), one.message, one.value.as_str())).collect();
    assert_eq!(
        layers,
        [("emotion", Some(0), "sadness"), ("emotion", Some(1), "neutral"), ("quality", None, "high")]
    );
}

#[test]
fn conversations_whose_rows_are_mixed_are_put_together() {
    let table = "session_id;speaker;text\n1;client;a\n2;client;b\n1;therapist;c\n2;therapist;d\n";
    let read = conversations("mixed.csv", table);
    assert_eq!(read.iter().map(said).map(|said| said.len()).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(read[0].messages[1].content, "c");
}

#[test]
fn an_exchange_and_a_transcript_a_row() {
    let read = conversations(
        "qa.tsv",
        "id\tquestion\tanswer\ttopic\n7\tWhy?\tBecause.\tcauses\n8\tHow?\tSo.\tmeans\n",
    );
    assert_eq!(read[0].source_id.as_deref(), Some("7"));
    assert_eq!(said(&read[1]), [(Role::User, "How?"), (Role::Assistant, "So.")]);
    assert_eq!(read[0].metadata["topic"], "causes");

    let cell =
        "ID,note,dialogue\n0,fine,\"Doctor: How are you?\n Patient: Well.\nAnd you?\nGuest_family: Hm.\"\n";
    let read = conversations("visits.csv", cell);
    assert_eq!(
        said(&read[0]),
        [(Role::Assistant, "How are you?"), (Role::User, "Well.\nAnd you?"), (Role::User, "Hm.")]
    );
    assert_eq!(read[0].messages[2].speaker.as_deref(), Some("Guest_family"));
    assert_eq!(read[0].metadata["note"], "fine");
}

#[test]
fn rows_in_the_shape_of_json_records() {
    let pairs = "prompt,chosen,rejected\nWhy?,\"Let us\nsee.\",No.\nbad row\nHow?,So.,Never.\n";
    let (format, (records, rejects)) = text("pairs.csv", pairs).unwrap();
    assert_eq!((format, records.len(), rejects.len()), (Format::Csv, 4, 1));
    assert!(records.iter().all(|record| record.conversation.pair.is_some()));
    let lines: Vec<u64> = records.iter().map(|record| record.place.line).collect();
    assert_eq!((lines, rejects[0].place.line), (vec![2, 2, 5, 5], 4), "places are those of the table");

    let read = conversations("alpaca.csv", "instruction,input,output\nName a colour,,Blue\nAdd,1 and 2,3\n");
    assert_eq!(read[1].messages[0].content, "Add\n1 and 2");
    assert_eq!(read[0].messages[1].content, "Blue");

    let list = "id;messages\n7;\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"hi\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"ho\"\"}]\"\n";
    let read = conversations("lists.csv", list);
    assert_eq!((read[0].source_id.as_deref(), said(&read[0])[1]), (Some("7"), (Role::Assistant, "ho")));
}

#[test]
fn a_field_map_gives_columns_their_meaning() {
    let map = FieldMap::parse(
        "id = 'Fall'\nspeaker = 'Wer'\ncontent = 'Was'\nannotations = ['Art']\n[roles]\nAnna = 'assistant'",
    )
    .unwrap();
    let options = ReadOptions { map: Some(map), ..ReadOptions::default() };
    let table = "Fall,Wer,Was,Art\n1,Anna,Wie geht es?,frage\n1,Ben,Gut.,antwort\n";
    let (_, (records, _)) = text_with("faelle.csv", table, &options).unwrap();
    let conversation = &records[0].conversation;
    assert_eq!(said(conversation), [(Role::Assistant, "Wie geht es?"), (Role::User, "Gut.")]);
    assert_eq!(conversation.annotations.len(), 2);
    let error = text_with("faelle.csv", "a,b\n1,2\n", &options).unwrap_err().to_string();
    assert!(error.contains("`Fall`") || error.contains("`Was`"), "{error}");
}

#[test]
fn transcripts_of_several_conversations() {
    let file = "# Conversation 1\n[00:00:01] Therapist: Hello\n[00:00:04] Client: Hi\nNote: I am late\n\n\
        # Conversation 2\nTherapist: Back again\nClient: Yes, at 10:30\nhttps://example.org\n";
    let (format, (records, rejects)) = text("notes.txt", file).unwrap();
    assert_eq!((format, records.len(), rejects.len()), (Format::Transcript, 2, 0));
    let first = &records[0].conversation;
    assert_eq!(first.messages[1].content, "Hi\nNote: I am late");
    assert_eq!(first.messages[1].metadata["start"], 4.0);
    assert_eq!(first.metadata["title"], "Conversation 1");
    assert_eq!(records[1].place.line, 7);
    assert_eq!(records[1].conversation.messages[1].content, "Yes, at 10:30\nhttps://example.org");

    let read =
        conversations("hh.txt", "\n\nHuman: one\n\nAssistant: two\n\nHuman: three\n\nAssistant: four\n");
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].messages[0].speaker.as_deref(), Some("Human"));
    assert_eq!(said(&read[0])[3], (Role::Assistant, "four"));
}

#[test]
fn chatml_in_text() {
    let one = "<|im_start|>system\nBe kind.\n---\nSession 3<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nhello<|im_end|>\n";
    let (format, (records, rejects)) = text("data.chatml", one.repeat(3)).unwrap();
    assert_eq!((format, records.len(), rejects.len()), (Format::ChatMl, 3, 0));
    assert_eq!(records[0].conversation.messages[0].content, "Be kind.\n---\nSession 3");
    assert_eq!(records[0].conversation.messages.len(), 3);
    let broken = format!("{one}<|im_start|>system\nno end\n{one}");
    let (_, (records, rejects)) = text("data.txt", broken).unwrap();
    assert_eq!((records.len(), rejects.len()), (1, 1), "the broken one takes the one that follows it");
    assert!(rejects[0].reason.contains("<|im_end|>"));
}

#[test]
fn subtitles_of_both_kinds() {
    let vtt = "WEBVTT\n\nNOTE made by hand\n\n1\n00:00:01.000 --> 00:00:04.000 align:start\n<v Therapist>What brings you &amp; yours?</v>\n\n\
        00:00:05.500 --> 00:00:07.000\n<v Client>Sleep.\n\n00:00:07.000 --> 00:00:09.000\n<v Client>I have none.\n";
    let (format, (records, _)) = text("talk.vtt", vtt).unwrap();
    assert_eq!(format, Format::WebVtt);
    let conversation = &records[0].conversation;
    assert_eq!(
        said(conversation),
        [(Role::Assistant, "What brings you & yours?"), (Role::User, "Sleep."), (Role::User, "I have none.")]
    );
    assert_eq!(
        (&conversation.messages[1].metadata["start"], &conversation.messages[1].metadata["end"]),
        (&5.5.into(), &7.0.into())
    );

    let srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\nTHERAPIST: <i>Hello.</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n[Client] Hi.\r\n";
    let (format, (records, _)) = text("talk.srt", srt).unwrap();
    assert_eq!(format, Format::Srt);
    assert_eq!(said(&records[0].conversation), [(Role::Assistant, "Hello."), (Role::User, "Hi.")]);
}

#[test]
fn files_without_conversations_are_told_apart() {
    for (name, content) in [
        ("banking.csv", "text,category\nWhere is my card?,card\nAnd mine?,card\n"),
        ("sentences.tsv", "I like it: really.\t17\tabc\nSee here: no.\t3\tabd\n"),
        ("scores.csv", "Precision,Recall\n1,0.5\n0.3,0.2\n"),
        ("rubric.tsv", "Question\tAnswer\nDoes it?\tYes\n\tNo\n\tYes\n\tNo\n"),
        ("form.txt", "Title: A book\nDate: today\nNote: none\n"),
        ("prose.txt", "It was a dark night. One thing was clear: nobody came.\n"),
        ("empty.csv", ""),
        ("empty.txt", "\n\n\n"),
    ] {
        let error = text(name, content).expect_err(name);
        assert!(matches!(error, Error::UnknownFormat { .. }), "{name}: {error}");
    }
    let error = text("banking.csv", "text,category\nWhere is my card?,card\nAnd mine?,card\n").unwrap_err();
    assert!(error.to_string().contains("text, category"), "{error}");
}

#[test]
fn hostile_tables() {
    let header = "dialogue_id,speaker,text\n";
    let (_, (records, rejects)) = text("head.csv", header).unwrap();
    assert_eq!((records.len(), rejects.len()), (0, 0));

    let unclosed = format!("{header}1,client,hi\n1,therapist,\"hello\n2,client,lost\n");
    let (_, (records, rejects)) = text("open.csv", unclosed).unwrap();
    assert_eq!((records.len(), rejects.len()), (1, 1));
    assert_eq!(rejects[0].place.line, 3);

    let rows = "0,client,again and again\n".repeat(12_000);
    let nul =
        format!("{header}{rows}1,client,hi\n1,therapist,a\0b\n1,therapist,ok\n,client,nobody's\n1,client\n");
    let (_, (records, rejects)) = text("nul.csv", nul).unwrap();
    assert_eq!((records[1].conversation.messages.len(), rejects.len()), (2, 3));

    let wide = format!("{}speaker,text\n", "x,".repeat(10_000));
    let error = text("wide.csv", wide).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat { .. } | Error::Damaged { .. }), "{error}");

    let options = ReadOptions { max_record_bytes: 2_000, ..ReadOptions::default() };
    let rows = "1,client,again and again and again\n".repeat(60);
    let long = format!("{header}{rows}2,client,b\n2,therapist,c\n");
    let (_, (records, rejects)) = text_with("long.csv", long, &options).unwrap();
    assert_eq!((records.len(), rejects.len()), (1, 1));
    assert!(rejects[0].reason.contains("2000 bytes"), "{}", rejects[0].reason);
}

fn eval(folder: &str) -> Option<std::path::PathBuf> {
    pe_testkit::eval_data(&format!("counts of {folder}")).map(|data| data.join(folder))
}

#[test]
fn annomi_simple_and_full_hold_the_same_conversations() {
    let Some(folder) = eval("annomi") else { return };
    let (_, (simple, rejects)) = read(&folder.join("AnnoMI-simple.csv")).unwrap();
    assert!(rejects.is_empty());
    let (_, (full, rejects)) = read(&folder.join("AnnoMI-full.csv")).unwrap();
    assert!(rejects.is_empty());
    assert_eq!((simple.len(), full.len()), (89, 89));

    let messages =
        |records: &[Record]| records.iter().map(|record| record.conversation.messages.len()).sum::<usize>();
    // 10,511 rows of AnnoMI-full are 7,145 utterances, 374 of them labelled by ten annotators.
    assert_eq!((messages(&simple), messages(&full)), (7_145, 7_145));
    // The two files have them in different order.
    let by_id = |records: &[Record]| -> BTreeMap<_, _> {
        records
            .iter()
            .map(|record| (record.conversation.source_id.clone(), record.conversation.text_digest()))
            .collect()
    };
    assert_eq!(by_id(&simple), by_id(&full));
    assert_eq!(by_id(&full).len(), 89);
    let roles: BTreeSet<(Role, Option<&str>)> = full
        .iter()
        .flat_map(|record| &record.conversation.messages)
        .map(|message| (message.role, message.speaker.as_deref()))
        .collect();
    assert_eq!(
        roles.into_iter().collect::<Vec<_>>(),
        [(Role::User, Some("client")), (Role::Assistant, Some("therapist"))]
    );

    let mut layers: BTreeMap<&str, usize> = BTreeMap::new();
    for annotation in full.iter().flat_map(|record| &record.conversation.annotations) {
        *layers.entry(annotation.layer.as_str()).or_default() += 1;
        let of_message = annotation.layer != "mi_quality";
        assert_eq!(
            (annotation.message.is_some(), !annotation.annotator.is_empty()),
            (of_message, of_message)
        );
    }
    assert_eq!(layers["mi_quality"], 89);
    // One label of the two kinds for each row: therapists' behaviour or clients' talk.
    assert_eq!(layers["main_therapist_behaviour"] + layers["client_talk_type"], 10_511);
    let high = full.iter().filter(|record| {
        record.conversation.annotations.iter().any(|one| one.layer == "mi_quality" && one.value == "high")
    });
    assert_eq!(high.count(), 76);
    for conversation in full.iter().map(|record| &record.conversation) {
        assert!(
            conversation.metadata.contains_key("topic") && conversation.metadata.contains_key("video_title")
        );
        // One time in the file is misspelt and kept as text.
        let timed = |key: &str| {
            conversation.messages.iter().filter(|message| message.metadata.contains_key(key)).count()
        };
        assert_eq!(timed("start") + timed("timestamp"), conversation.messages.len());
        // At most one view of a label for each annotator of a message.
        let views: BTreeSet<_> =
            conversation.annotations.iter().map(|one| (&one.layer, &one.annotator, one.message)).collect();
        assert_eq!(views.len(), conversation.annotations.len());
    }
}

#[test]
fn meld_has_its_dialogues_and_utterances() {
    let Some(folder) = eval("meld") else { return };
    for (file, dialogues, utterances) in
        [("train_sent_emo.csv", 1_038, 9_989), ("dev_sent_emo.csv", 114, 1_109)]
    {
        let (format, (records, rejects)) = read(&folder.join(file)).unwrap();
        assert_eq!((format, rejects.len(), records.len()), (Format::Csv, 0, dialogues));
        let messages: Vec<_> = records.iter().flat_map(|record| &record.conversation.messages).collect();
        assert_eq!(messages.len(), utterances);
        assert!(
            messages.iter().all(|message| message.metadata["start"].is_f64() && message.speaker.is_some())
        );
        let count = |layer: &str| {
            let all = records.iter().flat_map(|record| &record.conversation.annotations);
            all.filter(|one| one.layer == layer && one.message.is_some()).count()
        };
        assert_eq!((count("Emotion"), count("Sentiment"), count("Sr No.")), (utterances, utterances, 0));
        assert!(records.iter().all(|record| record.conversation.metadata.contains_key("Season")));
    }
}

#[test]
fn mts_dialog_has_a_transcript_in_each_row() {
    let Some(folder) = eval("mts_dialog") else { return };
    for (file, count) in [("MTS-Dialog-TrainingSet.csv", 1_201), ("MTS-Dialog-ValidationSet.csv", 100)] {
        let (format, (records, rejects)) = read(&folder.join(file)).unwrap();
        assert_eq!(format, Format::Csv);
        assert!(rejects.is_empty(), "{file}: {:?}", rejects.first());
        assert_eq!(records.len(), count);
        let labels: BTreeSet<&str> = records
            .iter()
            .flat_map(|record| &record.conversation.messages)
            .filter_map(|message| message.speaker.as_deref())
            .collect();
        let is_speaker = |label: &&str| {
            let stem = label.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('_');
            // Three of them are misspelt in the set.
            [
                "Doctor",
                "Docotr",
                "Patient",
                "Guest_family",
                "Gest_family",
                "Guest_clinician",
                "Guest_clinican",
            ]
            .contains(&stem)
        };
        assert!(labels.iter().all(is_speaker), "a line of a message was taken for a speaker: {labels:?}");
        assert!(records.iter().all(|record| record.conversation.metadata.contains_key("section_header")));
    }
}

#[test]
fn vera_mh_transcripts_know_their_two_speakers() {
    let Some(folder) = eval("vera_mh") else { return };
    let (format, (records, rejects)) = read(&folder.join("concept_paper_conversations.tar.zst")).unwrap();
    assert_eq!((format, records.len()), (Format::Transcript, 105), "{rejects:?}");
    let speakers: BTreeSet<_> = records
        .iter()
        .flat_map(|record| &record.conversation.messages)
        .map(|message| (message.role, message.speaker.clone()))
        .collect();
    assert_eq!(
        speakers.into_iter().collect::<Vec<_>>(),
        [(Role::User, None), (Role::Assistant, Some("agent".into()))]
    );
    let messages: usize = records.iter().map(|record| record.conversation.messages.len()).sum();
    assert_eq!(messages, 1_439 + 1_425);
}

#[test]
fn labelled_sentences_are_not_conversations() {
    let Some(data) = pe_testkit::eval_data("tables that hold no conversations") else { return };
    for file in [
        "banking77/train.csv",
        "goemotions/train.tsv",
        "goemotions/dev.tsv",
        "mibot/data.csv",
        "mts_dialog/MTS-Dialog-Manual-Scores4CorrelationStudy.csv",
        "vera_mh/personas.tsv",
        "vera_mh/rubric.tsv",
        "xed/AnnotatedData__en-annotated.tsv",
        "wnut17/wnut17train.conll",
        "presidio/templates.txt",
    ] {
        let error =
            read(&data.join(file)).map(|(format, (records, _))| (format, records.len())).expect_err(file);
        assert!(matches!(error, Error::UnknownFormat { .. }), "{file}: {error}");
    }
}
