//! A database copied into another one, of whatever kind, and compared with it row by row.

use pe_store::{Copied, CopyProgress, OpenMode, Store};

use crate::progress::Pace;
use crate::{Error, Progress, SecretUrl, Tick};

/// From where to where: data folders, `sqlite:` or `postgres:` URLs.
#[derive(Clone, Debug)]
pub struct CopyRequest {
    /// What is copied; others may read and write it meanwhile, and one state of it is copied.
    pub from: SecretUrl,
    /// Where to. What is there and equal is passed over.
    pub to: SecretUrl,
}

/// Copies, and compares every row of both sides. Run again after it was interrupted, it goes on.
pub async fn copy(request: &CopyRequest, progress: &dyn Progress) -> Result<Copied, Error> {
    let from = Store::open(request.from.expose(), OpenMode::Read).await?;
    let to = match Store::open(request.to.expose(), OpenMode::Write).await {
        Ok(to) => to,
        Err(error) => {
            from.close().await;
            return Err(error.into());
        }
    };
    let mut pace = Pace::new(progress);
    let outcome = from.copy_to(&to, |state| pace.tick(|| tick(&state))).await;
    to.close().await;
    from.close().await;
    Ok(outcome?)
}

/// Writing is the first half of the work, comparing the second.
fn tick(state: &CopyProgress) -> Tick {
    let subject = if state.verified > 0 { "compared" } else { "copied" };
    Tick {
        subject: subject.into(),
        done: state.done + state.verified,
        total: Some(state.total * 2),
        conversations: state.done.max(state.verified),
        ..Tick::default()
    }
}
