//! `kith config`: the settings, looked at and changed one at a time. What each does it says itself;
//! a node that runs keeps those it began with.

mod editor;

use std::collections::BTreeMap;
use std::net::IpAddr;

use clap::{ArgMatches, Command};
use kith_node::config::Config;
use kith_node::config::edit::{self, EditError, KEYS};
use kith_node::control::client::Client;
use kith_proto::limits::{DISK_BYTES_MIN, KEEP_MINUTES_MAX, POST_MINUTES_MAX, POST_MINUTES_MIN};
use kith_proto::profile::Profile;

use crate::args::positional;
use crate::call::{Context, wrong_config};
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Msg, Words, msg};
use crate::{out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = || positional(words, "name", "value-setting", "config-name").required(true);
    let value = positional(words, "value", "value-value", "config-value").required(true);
    let value = value.allow_hyphen_values(true);
    command.about(words.get("config-about")).subcommands([
        Command::new("list").about(words.get("config-list-about")),
        Command::new("get")
            .about(words.get("config-get-about"))
            .arg(name()),
        Command::new("set")
            .about(words.get("config-set-about"))
            .arg(name())
            .arg(value)
            .after_help("kith config set net.profile tor-only"),
        Command::new("unset")
            .about(words.get("config-unset-about"))
            .arg(name()),
        Command::new("edit").about(words.get("config-edit-about")),
        Command::new("path").about(words.get("config-path-about")),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("get", matches)) => get(context, text(matches, "name")),
        Some(("set", matches)) => set(context, text(matches, "name"), text(matches, "value")),
        Some(("unset", matches)) => unset(context, text(matches, "name")),
        Some(("edit", _)) => editor::edit(context),
        Some(("path", _)) => {
            let path = context.home.config_file().display().to_string();
            out::exact(&view::name(&path))?;
            Ok(Exit::OK)
        }
        _ => list(context),
    }
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> &'a str {
    matches.get_one::<String>(id).map_or("", String::as_str)
}

fn list(context: &Context) -> Outcome {
    let config = context.config()?;
    let names = KEYS.map(|(section, name)| format!("{section}.{name}"));
    let all = names.map(|name| {
        let value = edit::get(config, &name).unwrap_or_default();
        (name, value)
    });
    if context.json {
        context.json(BTreeMap::from(all))?;
        return Ok(Exit::OK);
    }
    let rows = all.map(|(name, value)| {
        let is = context.words.get(what(&name));
        vec![name, view::name(&value), is]
    });
    out::line(&view::table(&rows))?;
    Ok(Exit::OK)
}

fn get(context: &Context, name: &str) -> Outcome {
    let value = edit::get(context.config()?, name).ok_or_else(|| unknown(name))?;
    match context.json {
        true => context.json(BTreeMap::from([(name, value)]))?,
        false => out::exact(&view::name(&value))?,
    }
    Ok(Exit::OK)
}

fn set(context: &Context, name: &str, value: &str) -> Outcome {
    let after = edit::set(&context.home.config_file(), name, value);
    let after = after.map_err(|error| not_edited(error, name, value))?;
    tell(context, &after, name)
}

fn unset(context: &Context, name: &str) -> Outcome {
    let after = edit::unset(&context.home.config_file(), name);
    let after = after.map_err(|error| not_edited(error, name, ""))?;
    tell(context, &after, name)
}

fn not_edited(error: EditError, name: &str, value: &str) -> Failed {
    match error {
        EditError::Unknown => unknown(name),
        EditError::Value => {
            let (name, value) = (view::name(name), view::name(value));
            let hint = takes(&name, &value);
            let why = msg!("config-no-value", name = name, value = value);
            Failed::new(Exit::DATA, why).hint(hint)
        }
        EditError::File(wrong) => wrong_config(&wrong),
        EditError::Unwritten(_) => Failed::new(Exit::IO, msg!("config-unwritten")),
    }
}

/// What would do instead.
fn takes(name: &str, value: &str) -> Msg {
    let days = |minutes: u32| minutes / (24 * 60);
    match name {
        "net.listen" | "net.socks" | "net.control" if lacks_port(value) => msg!("config-no-port"),
        "messages.keep" => msg!("config-takes-keep", most = days(KEEP_MINUTES_MAX)),
        "messages.post" => {
            let (least, most) = (days(POST_MINUTES_MIN), days(POST_MINUTES_MAX));
            msg!("config-takes-post", least = least, most = most)
        }
        "disk.max" => msg!("config-takes-room", least = view::size(DISK_BYTES_MIN)),
        _ => msg!("config-no-value-hint"),
    }
}

/// Whether a place among these is an address alone.
fn lacks_port(places: &str) -> bool {
    let mut places = places.split(',');
    places.any(|place| place.trim().parse::<IpAddr>().is_ok())
}

/// What a setting is from now on.
fn tell(context: &Context, after: &Config, name: &str) -> Outcome {
    let value = edit::get(after, name).unwrap_or_default();
    if context.json {
        context.json(BTreeMap::from([(name, value)]))?;
    } else {
        let value = view::name(&value);
        context.say(&msg!("config-is", name = view::name(name), value = value))?;
        if matches!(name, "net.profile" | "net.tor") {
            context.say(&means(after))?;
        }
    }
    note_next_start(context);
    Ok(Exit::OK)
}

/// A node that runs does not know of it yet.
fn note_next_start(context: &Context) {
    if Client::connect(&context.home.socket()).is_ok() {
        context.note(&msg!("config-next-start"));
    }
}

/// What the ways that are open now mean.
fn means(config: &Config) -> Msg {
    match (config.net.profile.0, config.ways().by_tor()) {
        (Profile::Normal, false) => msg!("profile-normal"),
        (Profile::Normal, true) => msg!("profile-normal-tor"),
        (Profile::LanOnly, _) => msg!("profile-lan-only"),
        (Profile::TorOnly, _) => msg!("profile-tor-only"),
        (Profile::Hostile, false) => msg!("profile-hostile"),
        (Profile::Hostile, true) => msg!("profile-hostile-tor"),
    }
}

fn unknown(name: &str) -> Failed {
    Failed::new(Exit::DATA, msg!("config-unknown", name = view::name(name)))
        .hint(msg!("config-unknown-hint"))
}

/// What a setting is for.
fn what(name: &str) -> &'static str {
    match name {
        "net.profile" => "config-net-profile",
        "net.listen" => "config-net-listen",
        "net.beacons" => "config-net-beacons",
        "net.tor" => "config-net-tor",
        "net.socks" => "config-net-socks",
        "net.control" => "config-net-control",
        "net.circuits" => "config-net-circuits",
        "messages.keep" => "config-messages-keep",
        "messages.post" => "config-messages-post",
        "disk.max" => "config-disk-max",
        "ui.lang" => "config-ui-lang",
        "hooks.on_message" => "config-hooks-on-message",
        _ => "config-ui-plain",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_setting_says_what_it_is_for() {
        let all = KEYS.map(|(section, name)| what(&format!("{section}.{name}")));
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), KEYS.len());
    }

    #[test]
    fn an_address_alone_lacks_its_port() {
        for alone in ["127.0.0.1", "::", "192.0.2.7:20555, 192.0.2.8"] {
            assert!(lacks_port(alone), "{alone}");
        }
        for whole in ["", "127.0.0.1:1", "[::]:1", "/run/tor/control", "1.2.3"] {
            assert!(!lacks_port(whole), "{whole}");
        }
    }
}
