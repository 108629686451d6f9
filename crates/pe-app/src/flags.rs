//! How a person says how files are to be read.

use std::path::PathBuf;

use pe_formats::{Encoding, FieldMap, Format, ReadOptions, RoleMap};

use crate::{Config, Error};

/// How to read files, in words.
#[derive(Clone, Debug, Default)]
pub struct ReadFlags {
    /// The name of a format.
    pub format: Option<String>,
    /// The name of an encoding.
    pub encoding: Option<String>,
    /// A file with a field map.
    pub map: Option<PathBuf>,
    /// `LABEL=ROLE` each.
    pub roles: Vec<String>,
}

impl ReadFlags {
    /// The options they stand for.
    pub fn options(&self, config: &Config) -> Result<ReadOptions, Error> {
        let format = self.format.as_deref().map(format).transpose()?;
        let encoding = self.encoding.as_deref().map(encoding).transpose()?;
        let map = self.map.as_deref().map(FieldMap::load).transpose()?;
        let roles = RoleMap::parse(&self.roles)?;
        Ok(ReadOptions {
            format,
            encoding,
            map,
            roles,
            max_record_bytes: config.import.max_record_bytes,
            max_messages: config.import.max_messages,
            ..ReadOptions::default()
        })
    }
}

fn format(name: &str) -> Result<Format, Error> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        Error::invalid(format!("--format {name}: no such format; there are {}", names.join(", ")))
    })
}

fn encoding(name: &str) -> Result<Encoding, Error> {
    Encoding::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Encoding::ALL.iter().map(|encoding| encoding.name()).collect();
        Error::invalid(format!("--encoding {name}: no such encoding; there are {}", names.join(", ")))
    })
}
