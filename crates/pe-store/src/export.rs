//! Whole conversations, one batch after the other, all from one state of the store.

use std::collections::VecDeque;

use crate::engine::Connection;
use crate::find::{Head, bodies};
use crate::list::heads;
use crate::{Cursor, Filter, Order, Page, Result, Store, StoredConversation};

/// Heads that are fetched at once.
const PAGE: u32 = 512;

/// A batch ends when it has this many messages, so that memory does not grow with the length of conversations. A conversation is
/// never split.
const MESSAGES: usize = 4096;

/// An export in progress. It reads the state of the store at its first batch, whatever others write meanwhile.
pub struct Export {
    tx: Connection,
    filter: Filter,
    page: Page,
    heads: VecDeque<Head>,
    done: bool,
}

impl Store {
    /// Begins an export. The order of two exports of one state is the same.
    pub async fn export(&self, filter: &Filter, order: Order) -> Result<Export> {
        let tx = self.reads.begin_read().await?;
        let page = Page::first(order, PAGE);
        Ok(Export { tx, filter: filter.clone(), page, heads: VecDeque::new(), done: false })
    }
}

impl Export {
    /// The next conversations; empty when there are no more.
    pub async fn next_batch(&mut self) -> Result<Vec<StoredConversation>> {
        if self.heads.is_empty() && !self.done {
            self.heads = heads(&mut self.tx, &self.filter, &self.page).await?.into();
            self.page.after = self.heads.back().map(|head| Cursor::after(&head.summary));
            self.done = self.heads.len() < PAGE as usize;
        }
        let mut messages = 0;
        let mut count = 0;
        for head in &self.heads {
            messages += head.summary.message_count as usize;
            if count > 0 && messages > MESSAGES {
                break;
            }
            count += 1;
        }
        let batch = self.heads.drain(..count).collect();
        bodies(&mut self.tx, batch).await
    }
}
