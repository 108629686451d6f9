//! `pixelated migrate`, `pixelated copy` and `pixelated doctor`: what keeps a database in order.

use pe_app::CopyRequest;
use serde_json::json;

use crate::bar::Bar;
use crate::cli::{CopyArgs, MigrateArgs};
use crate::layout::{thousands, wrap};
use crate::{Done, Failure, Outcome, Session};

pub(super) async fn migrate(session: &mut Session, args: &MigrateArgs) -> Outcome {
    let migrated = pe_app::migrate(&session.config, args.check).await?;
    if session.json {
        session.screen.json(&json!({
            "database": migrated.database, "from": migrated.from, "to": migrated.to, "changed": migrated.is_pending() && !args.check,
        }))?;
    } else {
        let (database, from, to) = (&migrated.database, migrated.from, migrated.to);
        session.screen.line(match (migrated.is_pending(), args.check) {
            (false, _) => format!("{database} has schema version {to}, as this program needs"),
            (true, false) => format!("{database}: schema brought from version {from} to {to}"),
            (true, true) => format!(
                "{database} has schema version {from}, and this program needs {to}: run `pixelated migrate`"
            ),
        })?;
    }
    Ok(if args.check && migrated.is_pending() { Done::WithProblems } else { Done::Whole })
}

pub(super) async fn copy(session: &mut Session, args: CopyArgs) -> Outcome {
    let progress = Bar::new(session.quiet);
    let request = CopyRequest { from: args.from, to: args.to };
    let outcome = pe_app::copy(&request, &progress).await;
    progress.clear();
    let copied = outcome?;
    let rows: u64 = copied.tables.iter().map(|table| table.rows).sum();
    if session.json {
        let tables: Vec<_> = copied
            .tables
            .iter()
            .map(|table| json!({"table": table.name, "rows": table.rows, "digest": table.digest.to_string()}))
            .collect();
        session.screen.json(&json!({"written": copied.written, "rows": rows, "tables": tables}))?;
        return Ok(Done::Whole);
    }
    for table in copied.tables.iter().filter(|table| table.rows > 0) {
        let digest = table.digest.to_string();
        session.screen.line(format!(
            "{:<18} {:>13}  {}",
            table.name,
            thousands(table.rows),
            &digest[..16]
        ))?;
    }
    session.screen.line(format!(
        "{} conversations written; {} rows of both sides compared, and equal",
        thousands(copied.written),
        thousands(rows)
    ))?;
    Ok(Done::Whole)
}

pub(super) async fn doctor(session: &mut Session) -> Outcome {
    let bar = Bar::new(session.quiet);
    bar.tell("reading the database and the index");
    let checks = pe_app::doctor(&session.config, super::clock()).await;
    bar.clear();
    let problems = checks.iter().filter(|check| !check.sound).count();
    if session.json {
        session.screen.json(&json!({"sound": problems == 0, "checks": checks}))?;
    } else {
        show(session, &checks)?;
    }
    Ok(if problems == 0 { Done::Whole } else { Done::WithProblems })
}

fn show(session: &mut Session, checks: &[pe_app::Check]) -> Result<(), Failure> {
    /// Before what was found.
    const MARGIN: usize = 23;
    let width = session.screen.width().saturating_sub(MARGIN).max(20);
    for check in checks {
        let verdict = if check.sound { "ok" } else { "problem" };
        let mut lines = wrap(&check.found, width);
        if !check.sound {
            lines.extend(wrap(&format!("to do: {}", check.remedy), width));
        }
        for (number, line) in lines.iter().enumerate() {
            let head =
                if number == 0 { format!("{:<13} {verdict:<8}", check.subject) } else { String::new() };
            session.screen.line(format!("{head:<22} {line}"))?;
        }
    }
    let problems = checks.iter().filter(|check| !check.sound).count();
    session.screen.line(match problems {
        0 => "all is sound".to_owned(),
        1 => "1 problem".to_owned(),
        more => format!("{more} problems"),
    })?;
    Ok(())
}
