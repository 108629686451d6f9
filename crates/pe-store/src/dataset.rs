//! Datasets: what conversations came in together, under which terms, with totals that are kept with each change.

use std::collections::BTreeMap;

use pe_model::{Points, Tier};
use time::OffsetDateTime;

use crate::engine::{Row, micros, time};
use crate::rows::tier;
use crate::{Error, Result, Store, Tx};

/// What a dataset is: under which terms it may be used (asked for at export), and what scoring must know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatasetTerms {
    /// What it is.
    pub description: Option<String>,
    /// Its licence, best as an SPDX expression.
    pub licence: Option<String>,
    /// On which ground the people in it agreed ("research consent", "fictional").
    pub consent_basis: Option<String>,
    /// Where it comes from ("transcripts", "synthetic", "forum").
    pub source_kind: Option<String>,
    /// In which way people are helped in it, in the source's own words ("mi", "cbt"); chooses the profile of the scores.
    pub modality: Option<String>,
    /// Who helps: `licensed`, `trainee`, `peer`, `ai` or `unknown`.
    pub helper_profile: Option<String>,
}

/// One thing that a dataset may state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetTerm {
    /// What it is.
    Description,
    /// Its licence.
    Licence,
    /// On which ground the people in it agreed.
    ConsentBasis,
    /// Where it comes from.
    SourceKind,
    /// In which way people are helped.
    Modality,
    /// Who helps.
    HelperProfile,
}

impl DatasetTerm {
    const fn column(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Licence => "licence",
            Self::ConsentBasis => "consent_basis",
            Self::SourceKind => "source_kind",
            Self::Modality => "modality",
            Self::HelperProfile => "helper_profile",
        }
    }
}

/// A dataset with its totals.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// Its terms.
    pub terms: DatasetTerms,
    /// Conversations in it.
    pub total_conversations: u64,
    /// Messages in them.
    pub total_messages: u64,
    /// Words in them.
    pub total_words: u64,
    /// Conversations with a score.
    pub scored_conversations: u64,
    /// The mean of their overall scores; `None` where none has one.
    pub average_quality: Option<Points>,
    /// How many conversations each tier has; tiers without any are left out.
    pub tier_distribution: BTreeMap<Tier, u64>,
    /// When it was first imported.
    pub created_at: OffsetDateTime,
    /// When it, or a conversation in it, last changed.
    pub updated_at: OffsetDateTime,
}

const DATASETS: &str = "SELECT d.name, d.description, d.licence, d.consent_basis, d.source_kind, d.modality, \
                        d.helper_profile, d.created_at, d.updated_at, s.tier, s.conversations, s.messages, s.words, s.quality_sum \
                        FROM datasets d LEFT JOIN dataset_statistics s ON s.dataset_name = d.name";

impl Store {
    /// Every dataset, by name.
    pub async fn datasets(&self) -> Result<Vec<Dataset>> {
        self.select_datasets(None).await
    }

    /// The dataset of that name.
    pub async fn dataset(&self, name: &str) -> Result<Dataset> {
        self.select_datasets(Some(name)).await?.pop().ok_or_else(|| Error::NoDataset(name.to_owned()))
    }

    async fn select_datasets(&self, name: Option<&str>) -> Result<Vec<Dataset>> {
        let mut connection = self.reads.acquire().await?;
        let mut query = connection.query(DATASETS);
        if let Some(name) = name {
            query.push(" WHERE d.name = ").push_bind(name);
        }
        let rows = query.push(" ORDER BY d.name, s.tier").fetch_all(&mut connection).await?;
        let mut found: Vec<(Dataset, i64)> = Vec::new();
        for row in rows {
            let name: String = row.get(0)?;
            if found.last().is_none_or(|(last, _)| last.name != name) {
                found.push((bare(name, &row)?, 0));
            }
            if let Some((dataset, sum)) = found.last_mut() {
                count(dataset, sum, &row)?;
            }
        }
        Ok(found.into_iter().map(|(dataset, sum)| averaged(dataset, sum)).collect())
    }
}

fn bare(name: String, row: &Row) -> Result<Dataset> {
    Ok(Dataset {
        name,
        terms: DatasetTerms {
            description: row.maybe(1)?,
            licence: row.maybe(2)?,
            consent_basis: row.maybe(3)?,
            source_kind: row.maybe(4)?,
            modality: row.maybe(5)?,
            helper_profile: row.maybe(6)?,
        },
        total_conversations: 0,
        total_messages: 0,
        total_words: 0,
        scored_conversations: 0,
        average_quality: None,
        tier_distribution: BTreeMap::new(),
        created_at: time(row.get(7)?)?,
        updated_at: time(row.get(8)?)?,
    })
}

/// Adds what a row of `dataset_statistics` says, if there is one.
fn count(dataset: &mut Dataset, sum: &mut i64, row: &Row) -> Result<()> {
    let Some(name) = row.maybe::<String>(9)? else { return Ok(()) };
    let conversations = row.get::<i64>(10)?.max(0) as u64;
    dataset.total_conversations += conversations;
    dataset.total_messages += row.get::<i64>(11)?.max(0) as u64;
    dataset.total_words += row.get::<i64>(12)?.max(0) as u64;
    if !name.is_empty() && conversations > 0 {
        dataset.scored_conversations += conversations;
        *sum += row.get::<i64>(13)?;
        if let Some(tier) = tier(&dataset.name, Some(&name))? {
            dataset.tier_distribution.insert(tier, conversations);
        }
    }
    Ok(())
}

fn averaged(mut dataset: Dataset, sum: i64) -> Dataset {
    let scored = dataset.scored_conversations.cast_signed();
    dataset.average_quality = (scored > 0).then(|| Points::from_micros((sum + scored / 2) / scored));
    dataset
}

impl Tx {
    /// Makes a dataset, unless there is one of that name.
    pub async fn add_dataset(&mut self, name: &str) -> Result<()> {
        check_name(name)?;
        self.hold([name]).await?;
        let now = micros(self.now);
        let connection = self.connection();
        connection
            .query(
                "INSERT INTO datasets (name, created_at, updated_at) VALUES ($1, $2, $2) \
             ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at",
            )
            .bind(name)
            .bind(now)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Sets terms of a dataset; what is `None` stays as it is.
    pub async fn set_dataset_terms(&mut self, name: &str, terms: &DatasetTerms) -> Result<()> {
        check_declaration(terms)?;
        self.hold([name]).await?;
        let now = micros(self.now);
        let connection = self.connection();
        let done = connection.query(
            "UPDATE datasets SET description = COALESCE($2, description), licence = COALESCE($3, licence), \
             consent_basis = COALESCE($4, consent_basis), source_kind = COALESCE($5, source_kind), \
             modality = COALESCE($6, modality), helper_profile = COALESCE($7, helper_profile), updated_at = $8 \
             WHERE name = $1",
        )
        .bind(name)
        .bind(terms.description.as_deref())
        .bind(terms.licence.as_deref())
        .bind(terms.consent_basis.as_deref())
        .bind(terms.source_kind.as_deref())
        .bind(terms.modality.as_deref())
        .bind(terms.helper_profile.as_deref())
        .bind(now)
        .execute(connection)
        .await?;
        if done == 0 { Err(Error::NoDataset(name.to_owned())) } else { Ok(()) }
    }

    /// Takes back what a dataset states of `terms`.
    pub async fn clear_dataset_terms(&mut self, name: &str, terms: &[DatasetTerm]) -> Result<()> {
        self.hold([name]).await?;
        let now = micros(self.now);
        let connection = self.connection();
        let mut query = connection.query("UPDATE datasets SET updated_at = ");
        query.push_bind(now);
        for term in terms {
            query.push(", ").push(term.column()).push(" = NULL");
        }
        query.push(" WHERE name = ").push_bind(name);
        let done = query.execute(connection).await?;
        if done == 0 { Err(Error::NoDataset(name.to_owned())) } else { Ok(()) }
    }
}

/// Who may help, as the table allows it.
const HELPERS: [&str; 5] = ["licensed", "trainee", "peer", "ai", "unknown"];

fn check_declaration(terms: &DatasetTerms) -> Result<()> {
    if let Some(modality) = &terms.modality {
        let length = modality.chars().count();
        if !(1..=255).contains(&length) {
            return Err(Error::invalid("modality", format!("has {length} characters; give 1 to 255")));
        }
    }
    match terms.helper_profile.as_deref() {
        Some(helper) if !HELPERS.contains(&helper) => {
            let known = HELPERS.join(", ");
            Err(Error::invalid("helper profile", format!("is {helper:?}; give one of {known}")))
        }
        _ => Ok(()),
    }
}

/// A name of 1 to 255 characters, without control characters.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if !(1..=255).contains(&length) {
        return Err(Error::invalid("dataset name", format!("has {length} characters; give 1 to 255")));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("dataset name", "has control characters; leave them out"));
    }
    Ok(())
}
