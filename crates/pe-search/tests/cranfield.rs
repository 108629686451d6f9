//! Ranking, measured on Cranfield: 1,400 abstracts, 225 questions, judged relevance. Nothing is tuned on it; each abstract
//! with its title, author and source is a conversation of one message, and each question is a query as a user would paste it.

mod fixture;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use fixture::{index_of, plain};
use pe_search::{Filter, Index, Search};

/// The records of a file in the SMART format: each with its number and the text of all its fields.
fn records(text: &str) -> Vec<(u128, String)> {
    let mut records: Vec<(u128, String)> = Vec::new();
    for line in text.lines() {
        if let Some(number) = line.strip_prefix(".I ") {
            records.push((number.trim().parse().expect("a number"), String::new()));
        } else if !matches!(line, ".T" | ".A" | ".B" | ".W")
            && let Some((_, text)) = records.last_mut()
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    records
}

/// For each question, counted from 1 in the order of the file, the abstracts judged relevant. The codes run from 1 (a
/// complete answer) to 4 (of minimum interest); -1 is of no interest.
fn judgements(text: &str) -> HashMap<usize, HashSet<u128>> {
    let mut relevant: HashMap<usize, HashSet<u128>> = HashMap::new();
    for line in text.lines() {
        let mut numbers = line.split_whitespace();
        let mut next = || numbers.next().expect("three columns").parse::<i64>().expect("a number");
        let (question, abstract_number, code) = (next(), next(), next());
        if (1..=4).contains(&code) {
            relevant.entry(question as usize).or_default().insert(abstract_number as u128);
        }
    }
    relevant
}

/// Mean precision at the ranks of the relevant ones; those not found count as precision 0.
fn average_precision(ranking: &[u128], relevant: &HashSet<u128>) -> f64 {
    let mut found = 0.0;
    let mut sum = 0.0;
    for (rank, number) in (1..).zip(ranking) {
        if relevant.contains(number) {
            found += 1.0;
            sum += found / f64::from(rank);
        }
    }
    sum / relevant.len() as f64
}

/// Discounted cumulative gain of the first ten, over that of the best possible ranking; a relevant one gains 1.
fn ndcg_at_10(ranking: &[u128], relevant: &HashSet<u128>) -> f64 {
    let discount = |rank: u32| 1.0 / f64::from(rank + 1).log2();
    let gained: f64 = (1..=10)
        .zip(ranking)
        .filter(|(_, number)| relevant.contains(number))
        .map(|(rank, _)| discount(rank))
        .sum();
    let ideal: f64 = (1..=10).take(relevant.len()).map(discount).sum();
    gained / ideal
}

fn ranking(index: &Index, question: &str) -> Vec<u128> {
    let search = Search { query: question.into(), filter: Filter::default(), limit: 1_000, offset: 0 };
    let result = index.search(&search).unwrap_or_else(|error| panic!("{question}: {error}"));
    result.hits.iter().map(|hit| hit.conversation_id.0.as_u128()).collect()
}

#[test]
#[allow(clippy::print_stdout)] // The figures are the point.
fn ranking_is_at_least_plain_bm25() {
    let Some(folder) = pe_testkit::eval_data("ranking on Cranfield").map(|data| data.join("cranfield"))
    else {
        return;
    };
    let read = |name: &str| fs::read_to_string(Path::new(&folder).join(name)).expect(name);
    let abstracts = records(&read("cran.all.1400"));
    let (_folder, index) = index_of(abstracts.iter().map(|(number, text)| plain(*number, &[text])).collect());
    let questions = records(&read("cran.qry"));
    let relevant = judgements(&read("cranqrel"));
    assert_eq!((abstracts.len(), questions.len(), relevant.len()), (1_400, 225, 225));

    let (mut map, mut ndcg) = (0.0, 0.0);
    for (question, (_, text)) in (1..).zip(&questions) {
        let ranking = ranking(&index, text);
        map += average_precision(&ranking, &relevant[&question]) / questions.len() as f64;
        ndcg += ndcg_at_10(&ranking, &relevant[&question]) / questions.len() as f64;
    }
    println!("Cranfield, 225 questions: MAP {map:.4}, nDCG@10 {ndcg:.4}");
    assert!(map >= 0.43, "MAP {map}");
    assert!(ndcg >= 0.525, "nDCG@10 {ndcg}");
}
