//! The filter flags that several commands share.

use pe_app::Error;
use pe_model::{Points, Role, Tier};
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};

use crate::cli::FilterArgs;

/// The tiers of `--tier`.
pub(crate) fn tiers(args: &FilterArgs) -> Result<Vec<Tier>, Error> {
    args.tier
        .iter()
        .map(|name| {
            Tier::from_name(&name.to_lowercase()).ok_or_else(|| {
                let names: Vec<_> = Tier::ALL.iter().map(|tier| tier.name()).collect();
                Error::invalid(format!("--tier {name}: no such tier; there are {}", names.join(", ")))
            })
        })
        .collect()
}

/// The beginning of a day in UTC.
pub(crate) fn day(flag: &str, text: Option<&str>) -> Result<Option<OffsetDateTime>, Error> {
    let Some(text) = text else { return Ok(None) };
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map(|date| Some(date.with_time(Time::MIDNIGHT).assume_utc()))
        .map_err(|_| Error::invalid(format!("{flag} {text}: write a day as 2026-01-31")))
}

/// For the search index.
pub(crate) fn for_search(args: &FilterArgs) -> Result<pe_app::SearchFilter, Error> {
    Ok(pe_app::SearchFilter {
        tiers: tiers(args)?,
        datasets: args.dataset.iter().cloned().collect(),
        languages: args.lang.iter().cloned().collect(),
        min_quality: args.min_quality.map(Points::from_fraction),
        max_quality: args.max_quality.map(Points::from_fraction),
        from: day("--from", args.from.as_deref())?,
        to: day("--to", args.to.as_deref())?,
        ..pe_app::SearchFilter::default()
    })
}

/// For the store.
pub(crate) fn for_store(args: &FilterArgs) -> Result<pe_app::Filter, Error> {
    Ok(pe_app::Filter {
        datasets: args.dataset.iter().cloned().collect(),
        tiers: tiers(args)?,
        min_quality: args.min_quality.map(Points::from_fraction),
        max_quality: args.max_quality.map(Points::from_fraction),
        language: args.lang.clone(),
        from: day("--from", args.from.as_deref())?,
        to: day("--to", args.to.as_deref())?,
        ..pe_app::Filter::default()
    })
}

/// A role by name.
pub(crate) fn role(name: &str) -> Result<Role, Error> {
    Role::from_name(name).ok_or_else(|| {
        Error::invalid(format!("--role {name}: no such role; there are user, assistant, system, tool"))
    })
}
