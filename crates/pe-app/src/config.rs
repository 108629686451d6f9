//! Configuration: the embedded defaults, a file over them, the environment over that; checked once, all mistakes at once.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use pe_store::Location;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{Error, SecretUrl};

/// The commented defaults.
pub const DEFAULTS: &str = include_str!("default.toml");

/// Before the name of a setting in the environment: `PIXELATED__SECTION__KEY`.
const PREFIX: &str = "PIXELATED__";

/// Less than this is not enough to work with. Bytes.
const MIN_MEMORY: usize = 64 << 20;

/// What to do with a known id whose content changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnConflict {
    /// Replace it and score it again.
    Update,
    /// Keep what is there.
    Skip,
    /// Stop.
    Fail,
}

/// Section `[import]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportConfig {
    /// Conversations in one transaction.
    pub batch: usize,
    /// Bytes.
    pub max_record_bytes: usize,
    /// Messages of one conversation.
    pub max_messages: usize,
    /// What happens to a known id with other content.
    pub on_conflict: OnConflict,
}

/// Section `[search]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchConfig {
    /// Bytes.
    pub writer_memory_bytes: usize,
    /// Messages between two commits.
    pub commit_every: usize,
}

/// Section `[export]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportConfig {
    /// Bytes before compression.
    pub max_shard_bytes: u64,
}

/// The longest configuration.
const MAX_FILE: u64 = 1 << 20;

/// All settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The database, where it is not a file in the data folder.
    pub database_url: SecretUrl,
    /// What a command may hold in memory. Bytes.
    pub memory_bytes: usize,
    /// How files are read.
    pub import: ImportConfig,
    /// The index.
    pub search: SearchConfig,
    /// What is given back.
    pub export: ExportConfig,
    /// Which validators, weights and profiles.
    pub quality: pe_quality::QualityConfig,
}

impl Config {
    /// The defaults, with `file` laid over them and then `environment` (pairs of name and value).
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let mut table: Table = DEFAULTS.parse().map_err(|error| Error::internal("default.toml", error))?;
        if let Some(path) = file {
            let text = read(path).map_err(|error| {
                Error::invalid(format!("cannot read the configuration {}: {error}", path.display()))
            })?;
            let over: Table =
                text.parse().map_err(|error| Error::invalid(format!("{}: {error}", path.display())))?;
            lay_over(&mut table, over);
        }
        let environment: Vec<_> = environment.into_iter().collect();
        for (name, value) in &environment {
            if let Some(key) = name.strip_prefix(PREFIX) {
                set(&mut table, &key.to_lowercase(), value);
            }
        }
        if let Some(url) = environment_url(&environment) {
            table.insert("database_url".to_owned(), Value::String(url));
        }
        // Read back from text, so that an error shows the line it is about.
        let text = toml::to_string(&table).map_err(|error| Error::internal("the configuration", error))?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|error| Error::invalid(format!("configuration: {}", error.to_string().trim_end())))?;
        if config.data_dir.as_os_str().is_empty() {
            config.data_dir = default_data_dir(&environment);
        }
        config.validate()?;
        Ok(config)
    }

    /// The settings as a file that could be given as `--config`.
    pub fn to_toml(&self) -> Result<String, Error> {
        toml::to_string(self).map_err(|error| Error::internal("the configuration", error))
    }

    /// Where the database is.
    pub fn location(&self) -> Result<Location, Error> {
        if self.database_url.is_empty() {
            return Ok(Location::in_folder(&self.data_dir));
        }
        Ok(Location::parse(self.database_url.expose())?)
    }

    /// Reports every mistake at once.
    pub fn validate(&self) -> Result<(), Error> {
        let mut mistakes = Vec::new();
        let mut must = |holds: bool, text: &str| {
            if !holds {
                mistakes.push(text.to_owned());
            }
        };
        must(
            (MIN_MEMORY..=1 << 40).contains(&self.memory_bytes),
            "memory_bytes must be from 67,108,864 to 1,099,511,627,776",
        );
        must((1..=100_000).contains(&self.import.batch), "import.batch must be from 1 to 100,000");
        must(
            (1_024..=1 << 30).contains(&self.import.max_record_bytes),
            "import.max_record_bytes must be from 1,024 to 1,073,741,824",
        );
        must(self.import.max_messages >= 1, "import.max_messages must be at least 1");
        must(
            (15_000_000..=4_000_000_000).contains(&self.search.writer_memory_bytes),
            "search.writer_memory_bytes must be from 15,000,000 to 4,000,000,000",
        );
        must(self.search.commit_every >= 1, "search.commit_every must be at least 1");
        must(self.export.max_shard_bytes >= 1 << 20, "export.max_shard_bytes must be at least 1,048,576");
        if let Err(error) = self.location() {
            mistakes.push(format!("database_url: {error}"));
        }
        if let Err(error) = pe_quality::validators(&self.quality) {
            mistakes.push(format!("quality: {error}"));
        }
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid(format!("configuration: {}", mistakes.join("; "))))
        }
    }
}

/// The text of a configuration: a page or two, so that a file of another kind, named by mistake, is not read whole.
fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_FILE {
        let words = format!("it is longer than {MAX_FILE} bytes, so it is no configuration");
        return Err(std::io::Error::other(words));
    }
    Ok(text)
}

fn lay_over(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(value)) => lay_over(inner, value),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// Sets `a__b` from a text: as a TOML value where it is one, else as a string.
fn set(table: &mut Table, key: &str, text: &str) {
    if let Some((section, rest)) = key.split_once("__") {
        let inner = table.entry(section.to_owned()).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(inner) = inner {
            set(inner, rest, text);
        }
        return;
    }
    let parsed = format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
    table.insert(key.to_owned(), parsed.unwrap_or_else(|| Value::String(text.to_owned())));
}

/// The database that the environment names: our own variable before the one that many programs share.
fn environment_url(environment: &[(String, String)]) -> Option<String> {
    ["PIXELATED_DATABASE_URL", "PIXELATED__DATABASE_URL", "DATABASE_URL"].iter().find_map(|name| {
        let found = environment.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.clone())
    })
}

fn default_data_dir(environment: &[(String, String)]) -> PathBuf {
    let value = |name: &str| {
        environment
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| PathBuf::from(value))
    };
    value("PIXELATED_DATA_DIR")
        .or_else(|| value("XDG_DATA_HOME").map(|home| home.join("pixelated")))
        .or_else(|| value("HOME").map(|home| home.join(".local/share/pixelated")))
        .unwrap_or_else(|| PathBuf::from("pixelated-data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_wins_over_the_defaults() {
        let config = Config::load(
            None,
            pairs(&[
                ("PIXELATED__IMPORT__BATCH", "7"),
                ("PIXELATED__IMPORT__ON_CONFLICT", "skip"),
                ("HOME", "/h"),
            ]),
        )
        .unwrap();
        assert_eq!(config.import.batch, 7);
        assert_eq!(config.import.on_conflict, OnConflict::Skip);
        assert_eq!(config.data_dir, Path::new("/h/.local/share/pixelated"));
    }

    #[test]
    fn the_section_quality_states_the_defaults() {
        let config = Config::load(None, pairs(&[("HOME", "/h")])).unwrap();
        assert_eq!(config.quality, pe_quality::QualityConfig::default());
        assert_eq!(
            config.to_toml().unwrap().parse::<Table>().unwrap()["quality"]["profile"].as_str(),
            Some("auto")
        );
        let changed =
            [("PIXELATED__QUALITY__WEIGHTS__SAFETY_SCORE", "0.4"), ("PIXELATED__QUALITY__PROFILE", "mi")];
        let quality = Config::load(None, pairs(&changed)).unwrap().quality;
        assert_eq!((quality.weights["safety_score"], quality.profile), (0.4, pe_quality::Profile::Mi));
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let error = Config::load(
            None,
            pairs(&[("PIXELATED__IMPORT__BATCH", "0"), ("PIXELATED__SEARCH__COMMIT_EVERY", "0")]),
        )
        .unwrap_err()
        .to_string();
        assert!(error.contains("import.batch") && error.contains("search.commit_every"), "{error}");
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let error =
            Config::load(None, pairs(&[("PIXELATED__IMPORT__BATCHES", "1")])).unwrap_err().to_string();
        assert!(error.contains("batches"), "{error}");
    }
}
