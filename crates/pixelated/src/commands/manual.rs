//! Completions and the manual page, derived from the declaration of the command line.

use clap::CommandFactory;

use crate::cli::{Cli, CompletionsArgs};
use crate::{Done, Outcome, Session};

/// `pixelated completions`
pub(super) fn completions(session: &mut Session, args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pixelated", &mut script);
    session.screen.bytes(&script)?;
    Ok(Done::Whole)
}

/// `pixelated man`
pub(super) fn man(session: &mut Session) -> Outcome {
    let mut page = Vec::new();
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands() {
        let sub = sub.clone().display_name(format!("pixelated {}", sub.get_name()));
        let page_of_sub = clap_mangen::Man::new(sub);
        page_of_sub.render_name_section(&mut page)?;
        page_of_sub.render_synopsis_section(&mut page)?;
        page_of_sub.render_options_section(&mut page)?;
        page_of_sub.render_extra_section(&mut page)?;
    }
    session.screen.bytes(&page)?;
    Ok(Done::Whole)
}
