//! How fast the index is: `cargo run --release -p pe-search --example bench -- 1000000` indexes so many made-up messages
//! (words drawn by Zipf's law, eight messages a conversation), or those of a file of JSON lines over and over (`-- 1000000 FILE`),
//! and prints sizes and times. `HEAP` is the writer's memory in bytes.

#![allow(clippy::print_stdout)] // It is a program.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use pe_model::{ConversationId, Points, Role, Tier};
use pe_search::{
    Change, ConversationDoc, Filter, Index, MessageDoc, Rebuild, Search, Total, Writer, WriterOptions,
};
use time::OffsetDateTime;

const VOCABULARY: f64 = 50_000.0;
const QUERIES: usize = 400;

/// Numbers without a pattern, the same at each run.
struct Noise(u64);

impl Noise {
    /// At least 0, below 1.
    fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }

    /// A word; the one of rank n is drawn in proportion to 1/n.
    fn word(&mut self) -> String {
        spell(VOCABULARY.powf(self.fraction()) as u64)
    }

    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// A word of syllables for a rank.
fn spell(mut rank: u64) -> String {
    let mut word = String::new();
    while rank > 0 || word.is_empty() {
        word.push(char::from(b"bdfgklmnprstvz"[(rank % 14) as usize]));
        word.push(char::from(b"aeiou"[(rank / 14 % 5) as usize]));
        rank /= 70;
    }
    word
}

/// As if two conversations were made each millisecond.
fn made_id(number: u64) -> ConversationId {
    ConversationId(uuid::Uuid::from_u64_pair(0x0190_0000_0000_7000 + ((number / 2) << 16), number))
}

fn conversation(noise: &mut Noise, number: u64) -> ConversationDoc {
    let quality = noise.fraction();
    let message = |(ordinal, role)| MessageDoc {
        ordinal,
        role,
        language: "en".into(),
        emotions: Vec::new(),
        text: noise.text(14),
    };
    ConversationDoc {
        id: made_id(number),
        dataset: "bench".into(),
        tier: Some(Tier::of(Points::from_fraction(quality))),
        quality: Some(Points::from_fraction(quality)),
        created_at: OffsetDateTime::UNIX_EPOCH,
        messages: (0..8)
            .map(|at| (at, if at % 2 == 0 { Role::User } else { Role::Assistant }))
            .map(message)
            .collect(),
    }
}

/// The conversations of a file of JSON lines with `messages` of `content`, over and over.
fn read(file: &str) -> Result<Vec<ConversationDoc>, Box<dyn Error>> {
    let mut conversations = Vec::new();
    for (number, line) in (0..).zip(std::fs::read_to_string(file)?.lines()) {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let mut one = conversation(&mut Noise(number), number);
        let texts = line["messages"].as_array().ok_or("no messages")?.iter();
        let texts = texts.filter_map(|message| message["content"].as_str()).map(ToOwned::to_owned);
        let message = one.messages[0].clone();
        one.messages =
            (0..).zip(texts).map(|(ordinal, text)| MessageDoc { ordinal, text, ..message.clone() }).collect();
        conversations.push(one);
    }
    Ok(conversations)
}

fn build(folder: &Path, messages: u64, file: Option<&str>) -> Result<(), Box<dyn Error>> {
    let mut noise = Noise(1);
    let texts = file.map(read).transpose()?.unwrap_or_default();
    let heap = std::env::var("HEAP").map_or(Ok(64 << 20), |bytes| bytes.parse())?;
    let began = Instant::now();
    let (mut memory, mut done, mut preparing) = (0, 0, 0.0);
    let cpu = cpu_seconds();
    let mut rebuild = Rebuild::begin(folder, WriterOptions { heap_bytes: heap, ..WriterOptions::default() })?;
    let mut number = 0;
    while done < messages {
        let batch: Vec<_> = (number..number + 100)
            .map(|number| match texts.get(number as usize % texts.len().max(1)) {
                Some(text) => ConversationDoc { id: made_id(number), ..text.clone() },
                None => conversation(&mut noise, number),
            })
            .collect();
        number += 100;
        done += batch.iter().map(|one| one.messages.len() as u64).sum::<u64>();
        let began = Instant::now();
        let batch = batch.into_iter().map(|one| Change::Add(one.prepare())).collect();
        preparing += began.elapsed().as_secs_f64();
        rebuild.apply(batch)?;
        memory = memory.max(anonymous_memory());
    }
    rebuild.finish(1)?;
    let bytes: u64 = std::fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |metadata| metadata.len()))
        .sum();
    println!(
        "indexed {done} messages in {:.1?}, {:.2} us of CPU each ({:.2} of them cutting into terms), {:.1} MB on disk, {} MB of anonymous memory at most",
        began.elapsed(),
        (cpu_seconds() - cpu) * 1e6 / done as f64,
        preparing * 1e6 / done as f64,
        bytes as f64 / 1e6,
        memory / 1000
    );
    Ok(())
}

/// Processor time of this process so far; 0 where the system does not say.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Kilobytes of this process's memory that no file stands behind; 0 where the system does not say.
fn anonymous_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn first_answer(folder: &Path) -> Result<Index, Box<dyn Error>> {
    let began = Instant::now();
    let index = Index::open(folder)?;
    let opened = began.elapsed();
    let result = index.search(&Search::of("bada kilo +muna"))?;
    println!("opened in {opened:.1?}, first answer after {:.1?}, {:?}", began.elapsed(), result.total);
    Ok(index)
}

fn measure(index: &Index, name: &str, search: impl Fn(&mut Noise) -> Search) -> Result<(), Box<dyn Error>> {
    let mut noise = Noise(7);
    let mut times: Vec<Duration> = Vec::new();
    let mut bounded = 0;
    for _ in 0..QUERIES {
        let result = index.search(&search(&mut noise))?;
        bounded += usize::from(matches!(result.total, Total::AtLeast(_)));
        times.push(result.took);
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{name:<24} p50 {:>9.2?}  p99 {:>9.2?}  totals bounded {bounded}/{QUERIES}", at(50), at(99));
    Ok(())
}

fn update(index: &Index) -> Result<(), Box<dyn Error>> {
    let mut noise = Noise(9);
    let mut writer = Writer::open(index, WriterOptions::default())?;
    let began = Instant::now();
    writer.apply([Change::Upsert(conversation(&mut noise, 0).prepare())])?;
    writer.commit(2)?;
    println!("one conversation replaced and visible after {:.1?}", began.elapsed());
    drop(writer);
    let began = Instant::now();
    Index::open(index.folder())?;
    println!("opened without a fitting seal, all checksums verified, in {:.1?}", began.elapsed());
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let messages = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let folder = folder.path().join("index");
    build(&folder, messages, std::env::args().nth(2).as_deref())?;
    let index = first_answer(&folder)?;
    measure(&index, "two to five words", |noise| {
        let words = 2 + (noise.fraction() * 4.0) as usize;
        Search::of(noise.text(words))
    })?;
    measure(&index, "four of the thirty commonest", |noise| {
        let words: Vec<_> = (0..4).map(|_| spell((noise.fraction() * 30.0) as u64)).collect();
        Search::of(words.join(" "))
    })?;
    measure(&index, "all of two common words", |noise| {
        let words: Vec<_> = (0..2).map(|_| format!("+{}", spell((noise.fraction() * 30.0) as u64))).collect();
        Search::of(words.join(" "))
    })?;
    measure(&index, "common words, one role", |noise| {
        let words: Vec<_> = (0..2).map(|_| spell((noise.fraction() * 30.0) as u64)).collect();
        Search::of(format!("{} role:user", words.join(" ")))
    })?;
    measure(&index, "a filter alone", |_| Search::of("role:user lang:en"))?;
    measure(&index, "phrase of two", |noise| Search::of(format!("\"{}\"", noise.text(2))))?;
    measure(&index, "prefix of two letters", |noise| Search::of(format!("{}*", &noise.word()[..2])))?;
    measure(&index, "words, tier, quality", |noise| Search {
        query: format!("{} tier:basic,research", noise.text(3)),
        filter: Filter { min_quality: Some(Points::from_fraction(0.65)), ..Filter::default() },
        ..Search::default()
    })?;
    measure(&index, "words, page of 1,000", |noise| Search { limit: 1_000, ..Search::of(noise.text(3)) })?;
    update(&index)
}
