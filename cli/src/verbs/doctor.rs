//! `kith doctor`: what could go wrong here, one line a check, and what to do about it.
//!
//! Looks and judges, changes nothing. Works beside a node that does not run, or is locked, for what
//! can be seen without it.

mod disk;
mod net;
mod time;
mod unit;

use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};
use jiff::Timestamp;
use kith_node::config::Config;
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{Doctor, Kept};
use kith_node::health::{self, HomeHealth, MachineHealth};
use kith_proto::limits::LISTENING_WAIT_MS;
use serde::Serialize;

use crate::args::flag;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Msg, Words, msg};
use crate::{out, view};

/// How often we ask for them.
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("doctor-about"))
        .arg(flag(words, "disk", "doctor-disk"))
        .arg(flag(words, "net", "doctor-net"))
        .arg(flag(words, "time", "doctor-time"))
        .arg(flag(words, "unit", "doctor-unit"))
}

/// Everything that is judged.
struct Facts {
    home: HomeHealth,
    machine: MachineHealth,
    config: Config,
    /// What the node says; none if it does not run.
    node: Option<Doctor>,
    now: Timestamp,
    /// Whether somebody answers at Tor's port for calls; not looked at where Tor is not used.
    socks_answers: bool,
}

impl Facts {
    /// What an open node keeps.
    fn kept(&self) -> Option<&Kept> {
        self.node.as_ref()?.kept.as_ref()
    }
}

/// How one check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// One line.
#[derive(Serialize)]
struct Check {
    area: &'static str,
    name: &'static str,
    verdict: Verdict,
    command: Option<String>,
    #[serde(skip)]
    says: Msg,
}

impl Check {
    fn new(area: &'static str, name: &'static str, verdict: Verdict, says: Msg) -> Self {
        let command = None;
        Self {
            area,
            name,
            verdict,
            command,
            says,
        }
    }

    /// And what to type.
    fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }
}

/// What a program gets: each judgement, and the facts behind them.
#[derive(Serialize)]
struct Told<'a> {
    ok: bool,
    checks: &'a [Check],
    node: Option<&'a Doctor>,
    home: &'a HomeHealth,
    machine: &'a MachineHealth,
}

type Area = fn(&Words, &Facts) -> Vec<Check>;

const AREAS: [(&str, Area); 4] = [
    ("disk", disk::checks),
    ("net", net::checks),
    ("time", time::checks),
    ("unit", unit::checks),
];

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let facts = facts(context)?;
    let all = !AREAS.iter().any(|(area, _)| matches.get_flag(area));
    let areas = AREAS
        .iter()
        .filter(|(area, _)| all || matches.get_flag(area));
    let checks: Vec<Check> = areas
        .flat_map(|(_, area)| area(&context.words, &facts))
        .collect();
    let ok = checks.iter().all(|check| check.verdict != Verdict::Fail);
    if context.json {
        context.json(Told {
            ok,
            checks: &checks,
            node: facts.node.as_ref(),
            home: &facts.home,
            machine: &facts.machine,
        })?;
    } else {
        let rows: Vec<_> = checks.iter().map(|c| row(&context.words, c)).collect();
        out::line(&view::table(&rows))?;
    }
    Ok(if ok { Exit::OK } else { Exit::NO })
}

fn facts(context: &Context) -> Result<Facts, Failed> {
    if !context.home.exists() && !context.home.wipe_is_unfinished() {
        return Err(context.no_home());
    }
    let config = context.config()?.clone();
    Ok(Facts {
        socks_answers: config.ways().by_tor() && answers(config.net.socks.0),
        home: health::home(&context.home),
        machine: health::machine(),
        config,
        node: node(context)?,
        now: Timestamp::now(),
    })
}

/// Only ever on this machine.
fn answers(place: SocketAddr) -> bool {
    TcpStream::connect_timeout(&place, Duration::from_secs(1)).is_ok()
}

fn node(context: &Context) -> Result<Option<Doctor>, Failed> {
    let mut node = match Client::connect(&context.home.socket()) {
        Err(CallError::Down) => return Ok(None),
        node => node?,
    };
    let began = Instant::now();
    loop {
        let found = node.doctor()?;
        // A node that was opened just now learns its addresses in a moment.
        let waited = began.elapsed() >= Duration::from_millis(LISTENING_WAIT_MS);
        if found.addresses != Some(0) || waited {
            return Ok(Some(found));
        }
        sleep(LOOK_EVERY);
    }
}

fn row(words: &Words, check: &Check) -> Vec<String> {
    let verdict = words.get(match check.verdict {
        Verdict::Ok => "doctor-ok",
        Verdict::Warn => "doctor-warn",
        Verdict::Fail => "doctor-fail",
    });
    let says = words.say(&check.says);
    let says = match &check.command {
        Some(command) => words.say(&msg!(
            "doctor-do",
            says = says,
            command = view::name(command)
        )),
        None => says,
    };
    vec![verdict, says]
}

#[cfg(test)]
mod tests;
