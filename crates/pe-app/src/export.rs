//! Export: conversations of the store to files of training data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use pe_formats::write::{
    DatasetFacts, ExportFormat, ExportOptions, ExportRecord, Exporter, Manifest, SplitRatios,
};
use pe_model::{Axis, Conversation, EvidenceKind, Outcome, Points, Reading, Role, SignalKind, Tier};
use pe_store::{Filter, Order, StoredConversation};

use crate::progress::Pace;
use crate::scoring::Scorers;
use crate::{Corpus, Error, Progress, Scorer, Tick, graphic};

/// What to export, and how.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// In which format.
    pub format: ExportFormat,
    /// The file, or the folder.
    pub target: PathBuf,
    /// Which conversations.
    pub filter: Filter,
    /// Only the messages of this role.
    pub role: Option<Role>,
    /// What is unrated or not scorable too, where the filter names no tiers.
    pub all: bool,
    /// Mask helper turns that lower the overall score.
    pub weights: bool,
    /// Shares of train, validation and test.
    pub split: Option<SplitRatios>,
    /// Keep the texts of graphic messages.
    pub graphic: bool,
    /// Replace what is there.
    pub overwrite: bool,
}

/// What an export did.
#[derive(Clone, Debug)]
pub struct Exported {
    /// What was written.
    pub manifest: Manifest,
    /// Conversations that the filter means and that were left out: unrated or not scorable ones, or in an export of preference
    /// pairs those that are not half of one.
    pub left_out: u64,
    /// Messages whose text was left out because it may tell of a way or a plan of self-harm; in an export of fine-tuning records or
    /// preference pairs, their whole conversation was.
    pub graphic: u64,
}

/// A dataset whose terms nobody has stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingTerms {
    /// Its name.
    pub dataset: String,
    /// Whether the licence is missing.
    pub licence: bool,
    /// Whether the consent basis is missing.
    pub consent_basis: bool,
}

impl Corpus {
    /// The datasets of an export that still lack a licence or a consent basis.
    pub async fn missing_terms(&self, filter: &Filter) -> Result<Vec<MissingTerms>, Error> {
        let facts = self.facts(filter).await?;
        let missing = facts.into_iter().map(|facts| MissingTerms {
            dataset: facts.name,
            licence: facts.licence.is_none(),
            consent_basis: facts.consent_basis.is_none(),
        });
        Ok(missing.filter(|missing| missing.licence || missing.consent_basis).collect())
    }

    /// Exports what `request` names.
    pub async fn export(&self, request: &ExportRequest, progress: &dyn Progress) -> Result<Exported, Error> {
        if let Some(missing) = self.missing_terms(&request.filter).await?.first() {
            return Err(Error::invalid(format!(
                "dataset {} has no licence or consent basis yet; state both once with --licence and --consent-basis",
                missing.dataset
            )));
        }
        self.refuse_own_files(&request.target)?;
        let filter = chosen(request);
        let total = self.store.count(&filter).await?;
        let left_out = self.store.count(&request.filter).await?.saturating_sub(total);
        if request.format == ExportFormat::Preference && total == 0 {
            return Err(Error::not_found(
                "there are no preference pairs among these conversations; choose another format",
            ));
        }
        let mut scorers = Scorers::new(self);
        let mut exporter = Exporter::create(self.options(request).await?)?;
        let mut batches = self.store.export(&filter, order(request.format)).await?;
        let mut pace = Pace::new(progress);
        let (mut done, mut graphic) = (0, 0);
        loop {
            let batch = batches.next_batch().await?;
            if batch.is_empty() {
                break;
            }
            for stored in batch {
                let (record, left_out) = self.record(stored, request, &mut scorers).await?;
                // A mark in the place of a message is nothing to learn from.
                let is_lesson = matches!(request.format, ExportFormat::OpenAi | ExportFormat::Preference);
                if left_out == 0 || !is_lesson {
                    exporter.write(&record)?;
                }
                graphic += left_out;
                done += 1;
            }
            let subject = request.target.display().to_string();
            pace.tick(|| Tick { subject, done, total: Some(total), conversations: done, ..Tick::default() });
        }
        Ok(Exported { manifest: exporter.finish()?, left_out, graphic })
    }

    async fn options(&self, request: &ExportRequest) -> Result<ExportOptions, Error> {
        let mut options = ExportOptions::new(request.format, &request.target, self.clock.now());
        options.overwrite = request.overwrite;
        options.split.clone_from(&request.split);
        options.max_shard_bytes = self.config.export.max_shard_bytes;
        options.weights = request.weights;
        options.datasets = self.facts(&request.filter).await?;
        options.filters = described(request);
        self.config.quality.tier_by.name().clone_into(&mut options.tier_by);
        Ok(options)
    }

    async fn facts(&self, filter: &Filter) -> Result<Vec<DatasetFacts>, Error> {
        let wanted: BTreeSet<_> = filter.datasets.iter().cloned().collect();
        for name in &wanted {
            self.store.dataset(name).await?;
        }
        let datasets = self.store.datasets().await?;
        let wanted =
            datasets.into_iter().filter(|dataset| wanted.is_empty() || wanted.contains(&dataset.name));
        Ok(wanted
            .map(|dataset| DatasetFacts {
                name: dataset.name,
                description: dataset.terms.description,
                source_kind: dataset.terms.source_kind,
                modality: dataset.terms.modality,
                helper_profile: dataset.terms.helper_profile,
                licence: dataset.terms.licence,
                consent_basis: dataset.terms.consent_basis,
            })
            .collect())
    }

    /// A record, and how many of its messages were left out.
    async fn record(
        &self,
        mut stored: StoredConversation,
        request: &ExportRequest,
        scorers: &mut Scorers<'_>,
    ) -> Result<(ExportRecord, u64), Error> {
        let reading = match stored.reading.take() {
            Some(reading) => reading,
            None => scorers.of(&stored.summary.dataset).await?.score(&stored.conversation).reading,
        };
        let weights = if request.weights {
            let scorer = scorers.of(&stored.summary.dataset).await?;
            Some(weights(scorer, &stored.conversation, &reading))
        } else {
            None
        };
        let left_out =
            if request.graphic { 0 } else { graphic::leave_out(&mut stored.conversation, &reading) };
        let metrics = stored.metrics;
        let mut record = ExportRecord {
            id: stored.summary.id,
            dataset: stored.summary.dataset,
            conversation: stored.conversation,
            language: Some(stored.summary.language).filter(|code| !code.is_empty()),
            tier: stored.summary.tier,
            scores: metrics.as_ref().and_then(|metrics| whole(metrics.axes)),
            validation_version: metrics.map(|metrics| metrics.version),
            created_at: stored.summary.created_at,
            emotions: reading.messages.into_iter().map(|message| message.selected).collect(),
            weights,
        };
        if let Some(role) = request.role {
            keep_role(&mut record, role);
        }
        Ok((record, left_out))
    }
}

fn chosen(request: &ExportRequest) -> Filter {
    let mut filter = request.filter.clone();
    if request.format == ExportFormat::Preference {
        filter.paired = Some(true);
    } else if !request.all && filter.tiers.is_empty() {
        filter.tiers = Tier::ALL.into_iter().filter(|tier| *tier != Tier::Unrated).collect();
    }
    filter
}

/// The halves of a pair have to come together.
const fn order(format: ExportFormat) -> Order {
    match format {
        ExportFormat::Preference => Order::Pair,
        _ => Order::Dataset,
    }
}

fn described(request: &ExportRequest) -> BTreeMap<String, String> {
    let filter = chosen(request);
    let tiers: Vec<_> = filter.tiers.iter().map(|tier| tier.name()).collect();
    let mut described = BTreeMap::new();
    let mut note = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            described.insert(name.to_owned(), value);
        }
    };
    note("dataset", Some(filter.datasets.join(",")));
    note("tier", Some(tiers.join(",")));
    note("min_quality", filter.min_quality.map(|points| points.to_string()));
    note("max_quality", filter.max_quality.map(|points| points.to_string()));
    note("language", filter.language);
    note("from", filter.from.map(|time| time.date().to_string()));
    note("to", filter.to.map(|time| time.date().to_string()));
    note("role", request.role.map(|role| role.name().to_owned()));
    described
}

fn whole(axes: [Option<Points>; 6]) -> Option<[Points; 6]> {
    let mut scores = [Points::ZERO; 6];
    for (score, axis) in scores.iter_mut().zip(axes) {
        *score = axis?;
    }
    Some(scores)
}

/// 0 for a helper message whose evidence, added up, lowers the overall score, or in which a conduct rule fired (a cap may hide
/// its contribution); 1 for every other one.
fn weights(scorer: &Scorer, conversation: &Conversation, reading: &Reading) -> Vec<u8> {
    let reports = scorer.score_again(conversation, reading);
    let overall = reports.first().map(|report| &report.outcome).and_then(Outcome::assessment);
    let overall = overall.and_then(|assessment| assessment.score(Axis::OverallQuality.name()));
    let mut sums = vec![Points::ZERO; conversation.messages.len()];
    for line in overall.map(|score| score.evidence.as_slice()).unwrap_or_default() {
        if let EvidenceKind::Signal { span, .. } = &line.source
            && let Some(sum) = sums.get_mut(span.message as usize)
        {
            *sum += line.contribution;
        }
    }
    let breaches: BTreeSet<u32> = reading
        .signals
        .iter()
        .filter(|signal| signal.kind == SignalKind::Conduct)
        .map(|signal| signal.span.message)
        .collect();
    let messages = (0_u32..).zip(&conversation.messages).zip(sums);
    let is_sound = |place: u32, sum: Points| sum >= Points::ZERO && !breaches.contains(&place);
    messages
        .map(|((place, message), sum)| u8::from(message.role != Role::Assistant || is_sound(place, sum)))
        .collect()
}

/// Leaves only the messages of one role, and the annotations that are about them or about the whole.
fn keep_role(record: &mut ExportRecord, role: Role) {
    let kept: Vec<bool> = record.conversation.messages.iter().map(|message| message.role == role).collect();
    let mut places = Vec::with_capacity(kept.len());
    let mut next = 0_u32;
    for &keep in &kept {
        places.push(keep.then_some(next));
        next += u32::from(keep);
    }
    record.conversation.annotations.retain_mut(|annotation| match annotation.message {
        None => true,
        Some(at) => {
            annotation.message = places.get(at as usize).copied().flatten();
            annotation.message.is_some()
        }
    });
    let keep = |place: usize| kept.get(place).copied().unwrap_or(false);
    retain_places(&mut record.conversation.messages, keep);
    retain_places(&mut record.emotions, keep);
    if let Some(weights) = &mut record.weights {
        retain_places(weights, keep);
    }
}

fn retain_places<T>(items: &mut Vec<T>, keep: impl Fn(usize) -> bool) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        keep(place - 1)
    });
}
