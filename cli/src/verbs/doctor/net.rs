//! Whether the node can be reached: by friends, and by its person.

use kith_node::control::shape::TorState;

use super::{Check, Facts, Verdict};
use crate::verbs::status;
use crate::view;
use crate::words::{Msg, Words, msg};

fn check(name: &'static str, verdict: Verdict, says: Msg) -> Check {
    Check::new("net", name, verdict, says)
}

pub(super) fn checks(_: &Words, facts: &Facts) -> Vec<Check> {
    let mut checks = vec![node(facts)];
    if let Some(addresses) = facts.node.as_ref().and_then(|node| node.addresses) {
        checks.push(listening(facts, addresses));
    }
    if facts.config.ways().by_tor() {
        checks.extend(tor(facts));
    }
    match (facts.home.socket_private, &facts.home.socket_group) {
        (Some(true), _) => checks.push(check("socket", Verdict::Ok, msg!("doctor-socket"))),
        (Some(false), Some(group)) => {
            let says = msg!("doctor-socket-group", group = view::name(group));
            checks.push(check("socket", Verdict::Ok, says));
        }
        (Some(false), None) => {
            let says = msg!("doctor-socket-open");
            let restart = "kith down && kith up";
            checks.push(check("socket", Verdict::Fail, says).command(restart));
        }
        (None, _) => {}
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

/// Whether Tor takes calls of ours, and whether it leads friends here.
fn tor(facts: &Facts) -> Vec<Check> {
    let socks = facts.config.net.socks.0.to_string();
    let mut checks = vec![match facts.socks_answers {
        true => check(
            "tor-calls",
            Verdict::Ok,
            msg!("doctor-socks", place = socks),
        ),
        false => {
            let says = msg!("doctor-no-socks", place = socks);
            check("tor-calls", Verdict::Fail, says).command("sudo apt install tor")
        }
    }];
    let open = facts.node.as_ref().filter(|node| !node.locked);
    checks.extend(open.map(|node| {
        let says = status::tor(node.tor);
        let control = String::from(facts.config.net.control.clone());
        match node.tor {
            TorState::Off
            | TorState::Asking
            | TorState::Starting { .. }
            | TorState::Publishing
            | TorState::Taken => check("tor", Verdict::Warn, says),
            TorState::Published => check("tor", Verdict::Ok, says),
            TorState::Missing => {
                let command = format!("grep ^Control /etc/tor/torrc; ls -l {control}");
                check("tor", Verdict::Fail, says).command(command)
            }
            TorState::Forbidden | TorState::CookieUnreadable => {
                let command = "sudo usermod -aG debian-tor $USER";
                check("tor", Verdict::Fail, says).command(command)
            }
            TorState::Refused => {
                check("tor", Verdict::Fail, says).command("grep ^CookieAuth /etc/tor/torrc")
            }
            TorState::Strange => check("tor", Verdict::Fail, says)
                .command("kith config set net.control /run/tor/control"),
        }
    }));
    checks
}

fn listening(facts: &Facts, addresses: u32) -> Check {
    let listen = &facts.config.net.listen;
    let for_us_alone = listen.iter().all(|place| place.ip().is_loopback());
    match addresses {
        // Those who come through Tor: what is said of Tor says all.
        _ if facts.config.ways().by_tor() && (addresses == 0 || for_us_alone) => {
            check("listening", Verdict::Ok, msg!("doctor-by-tor"))
        }
        0 if listen.is_empty() => check("listening", Verdict::Ok, msg!("doctor-calls-only")),
        0 => check("listening", Verdict::Fail, msg!("doctor-deaf")),
        _ if for_us_alone => check("listening", Verdict::Warn, msg!("doctor-loopback"))
            .command("kith config unset net.listen"),
        count => check(
            "listening",
            Verdict::Ok,
            msg!("doctor-listening", count = count),
        ),
    }
}
