//! Word pieces of texts, a JSON string on each line of standard input: `cut VOCABULARY`. Prints their numbers and places, or with
//! `--count` how many and how fast.
use pe_language::WordPiece;
use std::io::{BufRead as _, Write as _};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let vocabulary = std::fs::read_to_string(arguments.next().ok_or("VOCABULARY")?)?;
    let count = arguments.next().is_some_and(|word| word == "--count");
    let tokenizer = WordPiece::new(&vocabulary)?;
    let texts: Vec<String> = std::io::stdin()
        .lock()
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let begin = std::time::Instant::now();
    let (mut pieces, mut total) = (Vec::new(), 0);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for text in &texts {
        pieces.clear();
        tokenizer.cut(text, &mut pieces);
        total += pieces.len();
        if !count {
            for piece in &pieces {
                write!(out, "{} {} {} ", piece.id, piece.start, piece.end)?;
            }
            writeln!(out)?;
        }
    }
    if count {
        let seconds = begin.elapsed().as_secs_f64();
        writeln!(out, "{} texts, {total} pieces, {:.0} texts/s", texts.len(), texts.len() as f64 / seconds)?;
    }
    Ok(())
}
