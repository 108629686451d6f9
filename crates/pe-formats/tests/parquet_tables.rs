//! Parquet files and dataset folders: every shape that a row may have, where the bytes come from, and damage.

#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;
use pe_formats::{Error, Format, Input, Item, ReadOptions, Reader, Record, expand};
use pe_model::{Conversation, Role};

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>, compression: Compression, group: usize) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties =
        WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(group));
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn read_input(input: &Input) -> Result<(Format, Vec<Record>), Error> {
    let reader = Reader::open(input, &ReadOptions::default())?;
    let format = reader.guess().format;
    let mut records = Vec::new();
    for item in reader {
        match item? {
            Item::Record(record) => records.push(*record),
            Item::Reject(reject) => panic!("{reject:?}"),
        }
    }
    Ok((format, records))
}

fn read(path: &Path) -> Result<(Format, Vec<Record>), Error> {
    read_input(&Input::file(path))
}

fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// A list of structures with two text fields, two messages a row.
fn messages(names: [&str; 2], speakers: [&str; 2], rows: usize) -> ListArray {
    let fields = Fields::from(names.map(|name| Field::new(name, DataType::Utf8, true)).to_vec());
    let mut builder = ListBuilder::new(StructBuilder::from_fields(fields, rows));
    for row in 0..rows {
        for (place, speaker) in speakers.iter().enumerate() {
            let message = builder.values();
            message.field_builder::<StringBuilder>(0).unwrap().append_value(speaker);
            message.field_builder::<StringBuilder>(1).unwrap().append_value(format!("text {row} {place}"));
            message.append(true);
        }
        builder.append(true);
    }
    builder.finish()
}

fn roles(conversation: &Conversation) -> Vec<Role> {
    conversation.messages.iter().map(|message| message.role).collect()
}

#[test]
fn nested_messages_in_every_compression() {
    let folder = tempfile::tempdir().unwrap();
    for (name, compression) in [
        ("plain", Compression::UNCOMPRESSED),
        ("snappy", Compression::SNAPPY),
        ("zstd", Compression::ZSTD(ZstdLevel::default())),
        ("gzip", Compression::GZIP(GzipLevel::default())),
    ] {
        for (list, names, speakers) in [
            ("messages", ["role", "content"], ["user", "assistant"]),
            ("conversations", ["from", "value"], ["human", "gpt"]),
        ] {
            let path = folder.path().join(format!("{name}-{list}.parquet"));
            let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..5_000));
            write(
                &path,
                vec![("id", ids), (list, Arc::new(messages(names, speakers, 5_000)))],
                compression,
                700,
            );
            let (format, records) = read(&path).unwrap();
            assert_eq!((format, records.len()), (Format::Parquet, 5_000));
            let last = &records[4_999];
            assert_eq!(last.conversation.source_id.as_deref(), Some("4999"));
            assert_eq!(roles(&last.conversation), [Role::User, Role::Assistant]);
            assert_eq!(last.conversation.messages[1].content, "text 4999 1");
            assert_eq!(last.place.line, 5_000, "the place is the row");
        }
    }
}

#[test]
fn flat_rows_pairs_and_instructions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flat.parquet");
    let columns = vec![
        ("conversation_id", Arc::new(Int64Array::from(vec![7, 7, 8, 8])) as ArrayRef),
        ("speaker", texts(["client", "therapist", "client", "therapist"])),
        ("text", texts(["a", "b", "c", "d"])),
        ("emotion", texts(["joy", "fear", "joy", "joy"])),
    ];
    write(&path, columns, Compression::SNAPPY, 3);
    let (_, records) = read(&path).unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].conversation.source_id.as_deref(), Some("8"));
    assert_eq!(records[1].conversation.annotations.len(), 2);

    let path = folder.path().join("exchanges.parquet");
    write(
        &path,
        vec![("Context", texts(["a", "b"])), ("Response", texts(["c", "d"]))],
        Compression::SNAPPY,
        10,
    );
    assert_eq!(read(&path).unwrap().1.len(), 2);

    let path = folder.path().join("pairs.parquet");
    let columns = vec![("prompt", texts(["p"])), ("chosen", texts(["good"])), ("rejected", texts(["bad"]))];
    write(&path, columns, Compression::SNAPPY, 10);
    let (_, records) = read(&path).unwrap();
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.conversation.pair.is_some()));

    let path = folder.path().join("alpaca.parquet");
    let columns = vec![("instruction", texts(["do"])), ("input", texts([""])), ("output", texts(["done"]))];
    write(&path, columns, Compression::SNAPPY, 10);
    assert_eq!(read(&path).unwrap().1[0].conversation.messages.len(), 2);

    let path = folder.path().join("labels.parquet");
    write(&path, vec![("text", texts(["a"])), ("label", texts(["x"]))], Compression::SNAPPY, 10);
    let error = read(&path).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
    assert!(error.to_string().contains("text, label"), "{error}");
}

#[test]
fn progress_reaches_the_length_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talks.parquet");
    let list = messages(["role", "content"], ["user", "assistant"], 60_000);
    write(&path, vec![("messages", Arc::new(list))], Compression::UNCOMPRESSED, 10_000);
    let mut reader = Reader::open(&Input::file(&path), &ReadOptions::default()).unwrap();
    let total = fs::metadata(&path).unwrap().len();
    assert_eq!(reader.bytes_total(), Some(total));
    let mut seen = Vec::new();
    while reader.next().transpose().unwrap().is_some() {
        seen.push(reader.bytes_read());
    }
    assert!(seen[0] < total / 2 && seen.windows(2).all(|pair| pair[0] <= pair[1]));
    assert_eq!(reader.bytes_read(), total);
}

#[test]
fn a_compressed_file_is_unpacked_first_and_its_size_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talks.parquet");
    let list = messages(["role", "content"], ["user", "assistant"], 50);
    write(&path, vec![("messages", Arc::new(list))], Compression::SNAPPY, 10);
    let packed = folder.path().join("talks.parquet.zst");
    fs::write(&packed, zstd::encode_all(File::open(&path).unwrap(), 1).unwrap()).unwrap();
    assert_eq!(read(&packed).unwrap().1.len(), 50);
    let options = ReadOptions { max_spool_bytes: 100, ..ReadOptions::default() };
    let error = Reader::open(&Input::file(&packed), &options).unwrap_err().to_string();
    assert!(error.contains("more than 100 bytes"), "{error}");
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talks.parquet");
    let list = messages(["role", "content"], ["user", "assistant"], 200);
    write(&path, vec![("messages", Arc::new(list))], Compression::ZSTD(ZstdLevel::default()), 50);
    let whole = fs::read(&path).unwrap();
    for cut in [4, 8, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let error = read(&path).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{cut}: {error}");
        assert!(error.to_string().contains("fetch or write it again"), "{error}");
    }
    let mut damaged = 0;
    for at in (4..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(&path, bytes).unwrap();
        damaged += usize::from(read(&path).is_err());
    }
    assert!(damaged > 0);
}

#[test]
fn a_dataset_folder_is_read_shard_by_shard_with_its_splits() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    for (name, rows) in [
        ("train-00000-of-00002.parquet", 3),
        ("train-00001-of-00002.parquet", 2),
        ("validation-00000-of-00001.parquet", 1),
    ] {
        let list = messages(["role", "content"], ["user", "assistant"], rows);
        write(&data.join(name), vec![("messages", Arc::new(list))], Compression::SNAPPY, 10);
    }
    let line = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;
    writeln!(File::create(folder.path().join("test.jsonl")).unwrap(), "{line}").unwrap();
    fs::write(folder.path().join("README.md"), "---\nlicense: cc0-1.0\n---\n# Talks\n").unwrap();
    fs::write(folder.path().join("dataset_info.json"), "{}").unwrap();
    fs::write(folder.path().join("talks.py"), "print()").unwrap();

    let inputs = expand(&[folder.path().to_string_lossy().into_owned()]).unwrap();
    let mut splits: Vec<String> = inputs
        .iter()
        .flat_map(|input| read_input(input).unwrap().1)
        .map(|record| record.conversation.metadata["split"].as_str().unwrap().to_owned())
        .collect();
    splits.sort();
    assert_eq!(splits, ["test", "train", "train", "train", "train", "train", "validation"]);
}

#[test]
fn rows_of_arrow_kinds_without_json_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kinds.parquet");
    let list = messages(["role", "content"], ["user", "assistant"], 2);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("messages", Arc::new(list)),
        ("image", Arc::new(arrow_array::BinaryArray::from_vec(vec![b"\xff\xfe", b"text"]))),
        ("when", Arc::new(arrow_array::TimestampMillisecondArray::from(vec![Some(0), None]))),
        ("day", Arc::new(arrow_array::Date32Array::from(vec![1, i32::MAX]))),
        ("share", Arc::new(arrow_array::Float64Array::from(vec![0.5, f64::NAN]))),
        ("time", Arc::new(arrow_array::Time64MicrosecondArray::from(vec![1, 2]))),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), schema.clone(), None).unwrap();
    writer.write(&RecordBatch::try_new(schema, arrays).unwrap()).unwrap();
    writer.close().unwrap();

    let (_, records) = read(&path).unwrap();
    let facts = &records[0].conversation.metadata;
    assert_eq!(
        (facts["when"].as_str(), facts["day"].as_str()),
        (Some("1970-01-01T00:00:00Z"), Some("1970-01-02"))
    );
    assert!(facts["share"] == 0.5 && !facts.contains_key("image") && !facts.contains_key("time"));
    let facts = &records[1].conversation.metadata;
    assert_eq!(facts["image"], "text");
    assert!(!facts.contains_key("when") && !facts.contains_key("share"));
}
