//! `pixelated reindex`: the search index made anew.

use pe_app::Corpus;
use serde_json::json;

use crate::bar::Bar;
use crate::layout::thousands;
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session) -> Outcome {
    let corpus = Corpus::write(&session.config, super::clock()).await?;
    let progress = Bar::new(session.quiet);
    let outcome = corpus.reindex(&progress).await;
    progress.clear();
    corpus.close().await;
    let messages = outcome?;
    if session.json {
        session.screen.json(&json!({"messages": messages}))?;
    } else {
        session.screen.line(format!("{} messages indexed", thousands(messages)))?;
    }
    Ok(Done::Whole)
}
