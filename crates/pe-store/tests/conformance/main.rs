//! What every database must do, one test for each method of the store. Each check takes a fresh store of whatever engine.

mod bookkeeping;
mod copying;
mod damage;
mod finding;
mod fixture;
mod numbers;
mod saving;
mod scoring;
mod server;
mod servers;

mod writers;

use std::sync::Arc;

use pe_store::{Location, OpenMode, Store};

/// Runs each check on a fresh SQLite store, and on a fresh PostgreSQL one where there is a server.
macro_rules! on_both {
    ($($module:ident::$check:ident,)*) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $check() {
                    let folder = tempfile::tempdir().expect("a folder");
                    let location = pe_store::Location::in_folder(folder.path());
                    crate::$module::$check(crate::open(location).await).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $check() {
                    let Some(database) = pe_testkit::database(stringify!($check)) else { return };
                    let location = pe_store::Location::parse(&database.url).expect("a server");
                    crate::$module::$check(crate::open(location).await).await;
                }
            )*
        }
    };
}

/// P-096: every method is asynchronous, on both databases.
async fn open(location: Location) -> Store {
    let clock = Arc::new(fixture::Steps::default());
    Store::open_at(location, OpenMode::Write, clock).await.expect("opens")
}

on_both! {
    saving::a_conversation_comes_out_as_it_went_in,
    saving::any_conversation_comes_out_as_it_went_in,
    saving::saving_again_replaces_everything,
    saving::a_dropped_transaction_leaves_nothing,
    saving::what_is_refused_leaves_nothing,
    saving::a_source_id_belongs_to_one_conversation,
    saving::removal_takes_everything_along,
    saving::removing_a_dataset_leaves_the_others,
    scoring::metrics_are_stored_by_axis,
    scoring::conversations_that_cannot_be_scored_say_why,
    scoring::further_validators_are_kept_apart,
    scoring::new_scores_replace_old_ones,
    scoring::stale_shrinks_as_scores_come_in,
    scoring::readings_come_back,
    finding::records_are_known_by_id_and_by_content,
    finding::prefixes_and_source_ids_are_found,
    finding::summaries_are_in_the_order_asked_for,
    finding::filters_narrow,
    finding::pages_neither_skip_nor_repeat,
    finding::exports_are_whole_and_stable,
    finding::an_export_reads_one_state,
    finding::halves_of_a_pair_come_together,
    numbers::totals_follow_every_change,
    numbers::statistics_count,
    numbers::moments_of_axes_are_exact,
    numbers::terms_of_a_dataset_are_kept,
    bookkeeping::changes_are_a_sequence,
    bookkeeping::a_sound_store_checks_out,
    writers::a_reader_of_changes_misses_none,
    writers::writers_of_one_dataset_take_turns,
}

#[tokio::test]
async fn a_backup_is_a_store() {
    let folder = tempfile::tempdir().expect("a folder");
    bookkeeping::a_backup_is_a_store(open(Location::in_folder(folder.path())).await).await;
}
