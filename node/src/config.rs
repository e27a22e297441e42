//! `config.toml`: where the node listens, and how the program speaks. No secret and no name is in
//! it; a word it does not know is an error with its line, never a silent default.

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use kith_proto::limits::CONFIG_BYTES_MAX;
use serde::{Deserialize, Serialize};

use crate::control::shape::Language;

/// Ports a new node may draw: above the well-known services, below those that systems lend out.
const PORTS: std::ops::Range<u16> = 20_000..60_000;

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[net]`
    pub net: Net,
    /// `[ui]`
    pub ui: Ui,
}

/// Settings of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Net {
    /// Where friends can knock.
    pub listen: Vec<SocketAddr>,
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

impl Default for Net {
    /// Any port: for a node whose file names none.
    fn default() -> Self {
        let listen = vec![SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))];
        Self { listen }
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
        let listen = vec![SocketAddr::from((
            Ipv4Addr::UNSPECIFIED,
            PORTS.start + offset,
        ))];
        Ok(Self {
            net: Net { listen },
            ui: Ui::default(),
        })
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
        toml::from_str(text).map_err(|wrong| {
            let at = wrong.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or(text);
            let line = before.matches('\n').count();
            ConfigError::Wrong {
                line: line + 1,
                text: text.lines().nth(line).unwrap_or("").trim().to_owned(),
            }
        })
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
        assert!(PORTS.contains(&config.net.listen[0].port()));
        assert!(config.write_new(&path).is_err(), "never overwritten");
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
            ("[ui]\nlang = \"de\"", 2),
            ("[net]\nlisten = [\"here\"]", 2),
            ("[ui\n", 1),
            ("[who]\n", 1),
        ] {
            let Err(ConfigError::Wrong { line: found, .. }) = Config::parse(text) else {
                panic!("{text} was read");
            };
            assert_eq!(found, line, "{text}");
        }
    }
}
