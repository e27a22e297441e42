//! `config.toml`: where the node listens, how long it keeps what was said, what it may take of the
//! disk, and how the program speaks. No secret and no name is in it; a word it does not know is an
//! error with its line, never a silent default.

mod amounts;
pub mod edit;
mod tor;

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kith_proto::engine::Settings;
use kith_proto::limits::{
    CONFIG_BYTES_MAX, DISK_BYTES_MAX, DISK_BYTES_MIN, HOOK_WORDS_MAX, KEEP_MINUTES,
    KEEP_MINUTES_MAX, POST_MINUTES, POST_MINUTES_MAX, POST_MINUTES_MIN,
};
use kith_proto::profile::Ways;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::control::shape::Language;
use crate::net::Setup;

pub use amounts::{Bytes, Minutes};
pub use tor::{ControlPort, Named, SocksPort};

/// Ports a new node may draw: above the well-known services, below those that systems lend out.
const PORTS: std::ops::Range<u16> = 20_000..60_000;

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[net]`
    pub net: Net,
    /// `[messages]`
    pub messages: Messages,
    /// `[disk]`
    pub disk: Disk,
    /// `[ui]`
    pub ui: Ui,
    /// `[hooks]`
    pub hooks: Hooks,
    /// Whether post goes to keepers without a pause: for the demonstration, which is its own only
    /// witness. No file can say so.
    #[serde(skip)]
    pub hurries: bool,
}

/// Settings of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Net {
    /// Which ways to others the person allows.
    pub profile: Named,
    /// Where friends can knock.
    pub listen: Vec<SocketAddr>,
    /// Whether friends on the same network find each other by beacons. Everybody there sees that a node
    /// is here, nobody whose.
    pub beacons: bool,
    /// Whether Tor is used, where the profile leaves the choice.
    pub tor: bool,
    /// Where Tor takes calls of ours.
    pub socks: SocksPort,
    /// Where Tor is told of our service.
    pub control: ControlPort,
    /// Whether friends who do not reach each other speak through this node.
    pub circuits: bool,
}

/// How long things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Messages {
    /// A message, once it was read; `none` for not at all.
    pub keep: Minutes,
    /// Post on its way: after that time it is given up.
    pub post: Minutes,
}

/// What the node may take of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// All files of the store together.
    pub max: Bytes,
}

/// Settings of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ui {
    /// The language, where neither `--lang` nor the environment names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Language>,
    /// Line mode always.
    pub plain: bool,
}

/// Programs of the person's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hooks {
    /// What is run when messages come, by its whole path, and what it is given; it gets a count.
    pub on_message: Vec<String>,
}

/// Why there are no settings.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read, or is far too long.
    Unreadable(io::Error),
    /// One line is not understood.
    Wrong {
        /// Counted from 1.
        line: usize,
        /// The line itself.
        text: String,
    },
}

impl Default for Messages {
    fn default() -> Self {
        Self {
            keep: Minutes(KEEP_MINUTES),
            post: Minutes(POST_MINUTES),
        }
    }
}

impl Default for Disk {
    fn default() -> Self {
        let max = Bytes(DISK_BYTES_MAX);
        Self { max }
    }
}

impl Default for Net {
    /// Any port: for a node whose file names none.
    fn default() -> Self {
        Self {
            profile: Named::default(),
            listen: everywhere(0),
            beacons: true,
            tor: false,
            socks: SocksPort::default(),
            control: ControlPort::default(),
            circuits: true,
        }
    }
}

impl Hooks {
    /// Which program it is must not hang on where somebody looks for it.
    fn are_sound(&self) -> bool {
        let program = self.on_message.first();
        program.is_none_or(|path| path.starts_with('/')) && self.on_message.len() <= HOOK_WORDS_MAX
    }
}

impl Config {
    /// The settings of a new node: one port drawn at random, kept from then on, since the
    /// invitations it gives name it.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn draw() -> io::Result<Self> {
        let drawn = getrandom::u32().map_err(io::Error::other)?;
        let count = u32::from(PORTS.end - PORTS.start);
        let offset = u16::try_from(drawn % count).map_err(io::Error::other)?;
        Ok(Self {
            net: Net {
                listen: everywhere(PORTS.start + offset),
                ..Net::default()
            },
            ..Self::default()
        })
    }

    /// Which ways to others are open.
    pub fn ways(&self) -> Ways {
        Ways::new(self.net.profile.0, self.net.tor).carrying(self.net.circuits)
    }

    /// What the network is told.
    pub fn network(&self) -> Setup {
        Setup {
            listen: self.net.listen.clone(),
            beacons: self.net.beacons,
            ways: self.ways(),
            socks: self.net.socks,
            control: self.net.control.clone(),
            tor: watch::Sender::default(),
        }
    }

    /// What the engine is told: texts and parcels take a quarter of the disk's share, since a
    /// log-structured file is several times as long as what it holds.
    pub fn settings(&self) -> Settings {
        Settings {
            post_min: self.messages.post.0,
            keep_min: self.messages.keep.0,
            bodies_bytes: self.disk.max.0 / 4,
            ways: self.ways(),
            hurries: self.hurries,
        }
    }

    /// Reads the file at `path`; without a file, all settings have their defaults.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        match fs::metadata(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Ok(file) if file.len() > CONFIG_BYTES_MAX => {
                return Err(ConfigError::Unreadable(io::ErrorKind::FileTooLarge.into()));
            }
            _ => {}
        }
        let text = fs::read_to_string(path).map_err(ConfigError::Unreadable)?;
        Self::parse(&text)
    }

    /// Reads settings.
    ///
    /// # Errors
    /// [`ConfigError::Wrong`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|wrong| {
            let at = wrong.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or(text);
            wrong_line(text, before.matches('\n').count())
        })?;
        match config.out_of_bounds() {
            None => Ok(config),
            // Sections may stand in any order: the first line that names the setting is its own.
            Some(name) => {
                let names = |line: &str| line.trim_start().starts_with(name);
                let line = text.lines().position(names).unwrap_or_default();
                Err(wrong_line(text, line))
            }
        }
    }

    fn out_of_bounds(&self) -> Option<&'static str> {
        let Messages { keep, post } = self.messages;
        if keep.0 > KEEP_MINUTES_MAX {
            return Some("keep");
        }
        if !(POST_MINUTES_MIN..=POST_MINUTES_MAX).contains(&post.0) {
            return Some("post");
        }
        if !self.hooks.are_sound() {
            return Some("on_message");
        }
        (self.disk.max.0 < DISK_BYTES_MIN).then_some("max")
    }

    /// Writes a new file at `path`, mode 0600; one that exists stays as it is.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn write_new(&self, path: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

/// Of IPv4 and IPv6, two sockets: one for both would call an IPv4 address by an IPv6 name.
fn everywhere(port: u16) -> Vec<SocketAddr> {
    vec![
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
    ]
}

fn wrong_line(text: &str, line: usize) -> ConfigError {
    ConfigError::Wrong {
        line: line + 1,
        text: text.lines().nth(line).unwrap_or("").trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_survives_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let config = Config::draw().unwrap();
        config.write_new(&path).unwrap();
        assert_eq!(Config::load(&path).unwrap(), config);
        let listen = config.net.listen.clone();
        assert!(PORTS.contains(&listen[0].port()) && listen[0].is_ipv4());
        assert!(listen[1].port() == listen[0].port() && listen[1].is_ipv6());
        assert!(config.write_new(&path).is_err(), "never overwritten");
    }

    #[test]
    fn the_engine_is_told_what_the_file_says() {
        let text = "[messages]\nkeep = \"none\"\npost = \"10d\"\n[disk]\nmax = \"64 MiB\"";
        let settings = Config::parse(text).unwrap().settings();
        assert_eq!((settings.keep_min, settings.post_min), (0, 10 * 24 * 60));
        assert_eq!(settings.bodies_bytes, 16 << 20);
    }

    #[test]
    fn a_program_of_ones_own_is_named_by_its_whole_path() {
        let named = |list: &str| Config::parse(&format!("[hooks]\non_message = {list}"));
        let program = named(r#"["/bin/a", "b c"]"#).unwrap().hooks.on_message;
        assert_eq!(program, ["/bin/a", "b c"]);
        assert!(Config::default().hooks.on_message.is_empty(), "off");
        for wrong in [r#"["a"]"#, r#"["../a"]"#, r#"[""]"#, r#""/bin/a""#] {
            let error = named(wrong);
            assert!(
                matches!(error, Err(ConfigError::Wrong { line: 2, .. })),
                "{wrong}"
            );
        }
        let words = vec!["\"/bin/a\""; HOOK_WORDS_MAX + 1].join(",");
        assert!(named(&format!("[{words}]")).is_err());
    }

    #[test]
    fn without_a_file_all_is_default() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(&dir.path().join("config.toml")).unwrap();
        assert_eq!(config, Config::default());
    }

    #[test]
    fn an_unknown_word_is_an_error_with_its_line() {
        let text = "[net]\nlisten = [\"0.0.0.0:20000\"]\nlisen = 3\n";
        let Err(ConfigError::Wrong { line, text }) = Config::parse(text) else {
            panic!("it was read");
        };
        assert_eq!((line, text.as_str()), (3, "lisen = 3"));
    }

    #[test]
    fn a_wrong_value_is_an_error_with_its_line() {
        for (text, line) in [
            // A node that was set up by a person always pauses before it goes to a keeper.
            ("hurries = true", 1),
            ("[ui]\nlang = \"de\"", 2),
            ("[net]\nlisten = [\"here\"]", 2),
            ("[ui\n", 1),
            ("[who]\n", 1),
            ("[messages]\nkeep = \"7\"", 2),
            ("[messages]\nkeep = \"7d\"\npost = \"1h\"", 3),
            ("[messages]\nkeep = \"900d\"", 2),
            ("[disk]\nmax = \"1 MiB\"", 2),
        ] {
            let Err(ConfigError::Wrong { line: found, .. }) = Config::parse(text) else {
                panic!("{text} was read");
            };
            assert_eq!(found, line, "{text}");
        }
    }
}
