//! `pixelated synth`: made-up conversations to a file or a pipe, and what was planted in them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use pe_app::Error;
use pe_synth::{Manifest, Synth};

use crate::bar::Bar;
use crate::cli::SynthArgs;
use crate::layout::{Align, Table, thousands};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

pub(super) fn run(session: &mut Session, args: &SynthArgs) -> Outcome {
    let mut synth = Synth::new(args.seed, args.conversations);
    let to_file = args.out != Path::new("-");
    if to_file {
        let progress = Bar::new(session.quiet);
        progress.tell(&format!("writing {} conversations", thousands(args.conversations)));
        let written = to_path(&mut synth, args);
        progress.clear();
        written?;
    } else {
        for conversation in &mut synth {
            session.screen.bytes(&line(&conversation)?)?;
        }
    }
    let manifest = synth.manifest();
    if let Some(path) = &args.manifest {
        let bytes = serde_json::to_vec_pretty(manifest).map_err(io::Error::from)?;
        std::fs::write(path, bytes).map_err(|error| refused(path, &error))?;
    }
    match (to_file, session.json) {
        (true, true) => session.screen.json(manifest)?,
        (true, false) => print(&mut session.screen, &args.out, manifest)?,
        // Standard output holds the conversations.
        (false, _) => {}
    }
    Ok(Done::Whole)
}

/// Under another name until it is whole.
fn to_path(synth: &mut Synth, args: &SynthArgs) -> Result<(), Error> {
    if args.out.exists() && !args.overwrite {
        let path = args.out.display();
        return Err(Error::conflict(format!(
            "{path} is there already: name another file, or add --overwrite"
        )));
    }
    let mut partial = args.out.clone().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let write = || -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
        for conversation in synth {
            out.write_all(&line(&conversation)?)?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&partial, &args.out)
    };
    write().map_err(|error| {
        // What is half-written is of no use; that it may not be there is no news.
        let _ = std::fs::remove_file(&partial);
        refused(&args.out, &error)
    })
}

fn refused(path: &Path, error: &io::Error) -> Error {
    Error::unavailable(format!(
        "cannot write {}: {error}; is there room, and may you write there?",
        path.display()
    ))
}

fn line(conversation: &pe_model::Conversation) -> io::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(2048);
    serde_json::to_writer(&mut line, conversation)?;
    line.push(b'\n');
    Ok(line)
}

fn print(screen: &mut Screen, path: &Path, manifest: &Manifest) -> io::Result<()> {
    let Manifest { seed, conversations, messages, words, duplicates, .. } = manifest;
    screen.line(format!(
        "{}: {} conversations of seed {seed}, {} messages, {} words",
        path.display(),
        thousands(*conversations),
        thousands(*messages),
        thousands(*words)
    ))?;
    let mut table =
        Table::new(&[("planted", Align::Left), ("there are", Align::Right), ("in a thousand", Align::Right)]);
    table.row([
        "repeated conversations".into(),
        thousands(*duplicates),
        manifest.duplicates_per_mille.to_string(),
    ]);
    for (kind, count) in &manifest.planted {
        let rate = manifest.planted_per_mille.get(kind).copied().unwrap_or_default();
        table.row([format!("personal data: {kind}"), thousands(*count), rate.to_string()]);
    }
    screen.blank()?;
    table.write(screen)?;
    screen.inked(
        Ink::Faint,
        "  names, streets and towns are invented; numbers and addresses are reserved for examples",
    )
}
