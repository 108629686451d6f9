//! `pixelated backup` and `pixelated restore`.

use pe_app::Corpus;
use serde_json::json;

use crate::cli::{BackupArgs, RestoreArgs};
use crate::layout::{bytes, thousands};
use crate::{Done, Outcome, Session};

pub(super) async fn backup(session: &mut Session, args: BackupArgs) -> Outcome {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let outcome = corpus.backup(&args.to, args.overwrite).await;
    corpus.close().await;
    let size = outcome?;
    if session.json {
        session.screen.json(&json!({"file": args.to, "bytes": size}))?;
    } else {
        session.screen.line(format!("{} written ({})", args.to.display(), bytes(size)))?;
    }
    Ok(Done::Whole)
}

pub(super) async fn restore(session: &mut Session, args: &RestoreArgs) -> Outcome {
    let conversations = pe_app::restore(&session.config, &args.from).await?;
    let folder = session.config.data_dir.display().to_string();
    if session.json {
        session.screen.json(&json!({"data_dir": folder, "conversations": conversations}))?;
    } else {
        let count = thousands(conversations);
        session.screen.line(format!(
            "{count} conversations are in {folder}; the search index follows at the first search"
        ))?;
    }
    Ok(Done::Whole)
}
