//! Whether the node comes back after a restart, and whether its memory can end up on a disk.

use kith_node::health::{ProcessHealth, Swap};

use super::{Check, Facts, Verdict};
use crate::words::{Msg, Words, msg};

fn check(name: &'static str, verdict: Verdict, says: Msg) -> Check {
    Check::new("unit", name, verdict, says)
}

pub(super) fn checks(_: &Words, facts: &Facts) -> Vec<Check> {
    let process = facts.node.as_ref().map(|node| &node.process);
    let mut checks: Vec<Check> = process.into_iter().flat_map(of_process).collect();
    checks.push(match (process, facts.machine.swap) {
        (Some(process), _) if process.memory_locked => {
            check("swap", Verdict::Ok, msg!("doctor-memory-locked"))
        }
        (_, Swap::Nowhere) => check("swap", Verdict::Ok, msg!("doctor-no-swap")),
        (_, Swap::Memory) => check("swap", Verdict::Ok, msg!("doctor-swap-in-memory")),
        (_, Swap::Disk) => {
            check("swap", Verdict::Warn, msg!("doctor-swap-on-disk")).command("sudo swapoff -a")
        }
    });
    checks
}

fn of_process(process: &ProcessHealth) -> [Check; 2] {
    let unit = match process.unit {
        true => msg!("doctor-by-systemd"),
        false => msg!("doctor-by-hand"),
    };
    let dumps = match process.core_dumps || process.debuggable {
        true => check("dumps", Verdict::Fail, msg!("doctor-dumps")),
        false => check("dumps", Verdict::Ok, msg!("doctor-no-dumps")),
    };
    [check("unit", Verdict::Ok, unit), dumps]
}
