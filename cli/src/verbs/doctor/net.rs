//! Whether the node can be reached: by friends, and by its person.

use super::{Check, Facts, Verdict};
use crate::words::{Msg, Words, msg};

fn check(name: &'static str, verdict: Verdict, says: Msg) -> Check {
    Check::new("net", name, verdict, says)
}

pub(super) fn checks(_: &Words, facts: &Facts) -> Vec<Check> {
    let mut checks = vec![node(facts)];
    if let Some(addresses) = facts.node.as_ref().and_then(|node| node.addresses) {
        checks.push(listening(facts, addresses));
    }
    match facts.home.socket_private {
        Some(true) => checks.push(check("socket", Verdict::Ok, msg!("doctor-socket"))),
        Some(false) => {
            let says = msg!("doctor-socket-open");
            let restart = "kith down && kith up";
            checks.push(check("socket", Verdict::Fail, says).command(restart));
        }
        None => {}
    }
    checks
}

fn node(facts: &Facts) -> Check {
    match &facts.node {
        None => check("node", Verdict::Warn, msg!("node-down")).command("kith up"),
        Some(node) if node.locked => {
            check("node", Verdict::Warn, msg!("node-locked")).command("kith unlock")
        }
        Some(_) => check("node", Verdict::Ok, msg!("doctor-node")),
    }
}

fn listening(facts: &Facts, addresses: u32) -> Check {
    match addresses {
        0 if facts.config.net.listen.is_empty() => {
            check("listening", Verdict::Ok, msg!("doctor-calls-only"))
        }
        0 => check("listening", Verdict::Fail, msg!("doctor-deaf")),
        count => check(
            "listening",
            Verdict::Ok,
            msg!("doctor-listening", count = count),
        ),
    }
}
