//! How fast the index is: `cargo run --release -p pe-search --example bench -- 1000000` indexes so many made-up messages
//! (words drawn by Zipf's law, eight messages a conversation) and prints sizes and times.

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
        id: ConversationId(uuid::Uuid::from_u64_pair(0x0190_0000_0000_7000, number)),
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

fn build(folder: &Path, messages: u64) -> Result<(), Box<dyn Error>> {
    let mut noise = Noise(1);
    let began = Instant::now();
    let mut memory = 0;
    let mut rebuild = Rebuild::begin(folder, WriterOptions::default())?;
    for number in 0..messages / 8 {
        rebuild.apply(vec![Change::Add(conversation(&mut noise, number).prepare())])?;
        if number % 1000 == 0 {
            memory = memory.max(anonymous_memory());
        }
    }
    rebuild.finish(1)?;
    let bytes: u64 = std::fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |metadata| metadata.len()))
        .sum();
    println!(
        "indexed {messages} messages in {:.1?}, {:.1} MB on disk, {} MB of anonymous memory at most",
        began.elapsed(),
        bytes as f64 / 1e6,
        memory / 1000
    );
    Ok(())
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
    build(&folder, messages)?;
    let index = first_answer(&folder)?;
    measure(&index, "two to five words", |noise| {
        let words = 2 + (noise.fraction() * 4.0) as usize;
        Search::of(noise.text(words))
    })?;
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
