//! One setting of `config.toml` read or changed, as `kith config` does: what else stands in the file,
//! remarks too, stays as it is.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use toml::{Table, Value};

use super::{Config, ConfigError};

/// All settings, by section and name.
pub const KEYS: [(&str, &str); 13] = [
    ("net", "profile"),
    ("net", "listen"),
    ("net", "beacons"),
    ("net", "tor"),
    ("net", "socks"),
    ("net", "control"),
    ("net", "circuits"),
    ("messages", "keep"),
    ("messages", "post"),
    ("disk", "max"),
    ("ui", "lang"),
    ("ui", "plain"),
    ("hooks", "on_message"),
];

/// Why a setting was not changed.
#[derive(Debug)]
pub enum EditError {
    /// There is no such setting.
    Unknown,
    /// It takes something else.
    Value,
    /// The file as it stands is not understood.
    File(ConfigError),
    /// It cannot be written.
    Unwritten(io::Error),
}

/// Section and name of `net.profile`, say.
fn key(name: &str) -> Option<(&'static str, &'static str)> {
    let (section, name) = name.split_once('.')?;
    let mut keys = KEYS.iter().copied();
    keys.find(|key| *key == (section, name))
}

/// What a setting is, as one would type it; empty if it is not set.
pub fn get(config: &Config, name: &str) -> Option<String> {
    let (section, name) = key(name)?;
    let value = table(config);
    let value = value.get(section).and_then(|section| section.get(name));
    Some(value.map_or_else(String::new, typed))
}

fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(typed).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Changes one setting in the file at `path`; what the settings are then.
///
/// # Errors
/// [`EditError`]; then the file is as it was.
pub fn set(path: &Path, name: &str, value: &str) -> Result<Config, EditError> {
    let (text, after) = changed(&before(path)?, name, value)?;
    write(path, &text).map_err(EditError::Unwritten)?;
    Ok(after)
}

/// Takes one setting out of the file at `path`, so that it is what it is without a word; what the
/// settings are then.
///
/// # Errors
/// [`EditError`]; then the file is as it was.
pub fn unset(path: &Path, name: &str) -> Result<Config, EditError> {
    let (section, name) = key(name).ok_or(EditError::Unknown)?;
    let before = before(path)?;
    let mut wanted = before.parse::<Table>().unwrap_or_default();
    if let Some(Value::Table(part)) = wanted.get_mut(section) {
        part.remove(name);
    }
    let whole = wanted.to_string();
    let after = Config::parse(&whole).map_err(EditError::File)?;
    let edited = with_line(&before, section, name, None);
    let sound = Config::parse(&edited).is_ok_and(|config| config == after);
    let text = if sound { edited } else { whole };
    write(path, &text).map_err(EditError::Unwritten)?;
    Ok(after)
}

/// The file's text as it stands, sound or not; empty if there is none.
///
/// # Errors
/// [`EditError::File`].
pub fn text(path: &Path) -> Result<String, EditError> {
    match fs::read_to_string(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|e| EditError::File(ConfigError::Unreadable(e))),
    }
}

/// Puts another text in the place of the file at `path`, if it is sound; what the settings are then.
///
/// # Errors
/// [`EditError`]; then the file is as it was.
pub fn replace(path: &Path, text: &str) -> Result<Config, EditError> {
    let after = Config::parse(text).map_err(EditError::File)?;
    write(path, text).map_err(EditError::Unwritten)?;
    Ok(after)
}

/// The file's text, sound as far as it goes; empty if there is none.
fn before(path: &Path) -> Result<String, EditError> {
    match fs::metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        _ => {
            Config::load(path).map_err(EditError::File)?;
            let unreadable = |e| EditError::File(ConfigError::Unreadable(e));
            fs::read_to_string(path).map_err(unreadable)
        }
    }
}

/// The file's text with one setting changed, and what it says then.
fn changed(text: &str, name: &str, value: &str) -> Result<(String, Config), EditError> {
    let (section, name) = key(name).ok_or(EditError::Unknown)?;
    let before = Config::parse(text).map_err(EditError::File)?;
    for value in readings(value) {
        let mut wanted = table(&before);
        let part = wanted.entry(section).or_insert(Value::Table(Table::new()));
        let Some(part) = part.as_table_mut() else {
            continue;
        };
        part.insert(name.to_owned(), value.clone());
        let whole = wanted.to_string();
        let Ok(after) = Config::parse(&whole) else {
            continue;
        };
        // A value over several lines is not found by its line: then all is written anew.
        let edited = with_line(text, section, name, Some(&format!("{name} = {value}")));
        let sound = Config::parse(&edited).is_ok_and(|config| config == after);
        return Ok((if sound { edited } else { whole }, after));
    }
    Err(EditError::Value)
}

/// What a person may mean by what they typed: what the file would say, a text, several texts.
fn readings(typed: &str) -> Vec<Value> {
    let typed = typed.trim();
    let own = format!("it = {typed}").parse::<Table>().ok();
    let own = own.filter(|table| table.len() == 1);
    let own = own.and_then(|mut table| table.remove("it"));
    let parts = typed.split(',').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    let parts = parts.map(|part| Value::String(part.to_owned()));
    own.into_iter()
        .chain([
            Value::String(typed.to_owned()),
            Value::Array(parts.collect()),
        ])
        .collect()
}

fn table(config: &Config) -> Table {
    // Every setting has a form in TOML: a test writes them all.
    Table::try_from(config).unwrap_or_default()
}

/// The text with this line in place of the one that names the setting, or as a new one; with none, if
/// there is no line.
fn with_line(text: &str, section: &str, name: &str, line: Option<&str>) -> String {
    let head = format!("[{section}]");
    let names = |line: &str| {
        let rest = line.trim_start().strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let begin = lines.iter().position(|line| line.trim() == head);
    match begin {
        None => lines.extend(line.into_iter().flat_map(|line| [head.as_str(), line])),
        Some(begin) => {
            let rest = lines.iter().skip(begin + 1);
            let length = rest.take_while(|line| !line.trim_start().starts_with('['));
            let end = begin + 1 + length.count();
            let own = (begin + 1..end).find(|at| lines.get(*at).is_some_and(|line| names(line)));
            lines.splice(own.map_or(begin + 1..begin + 1, |own| own..own + 1), line);
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("toml.new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something else than what is set without a word.
    const OTHERS: [(&str, &str); 13] = [
        ("net.profile", "tor-only"),
        ("net.listen", "127.0.0.1:20000,[::1]:20000"),
        ("net.beacons", "false"),
        ("net.tor", "true"),
        ("net.socks", "127.0.0.1:9150"),
        ("net.control", "127.0.0.1:9051"),
        ("net.circuits", "false"),
        ("messages.keep", "12h"),
        ("messages.post", "10d"),
        ("disk.max", "64 MiB"),
        ("ui.lang", "en"),
        ("ui.plain", "true"),
        ("hooks.on_message", "/usr/bin/true,a b"),
    ];

    #[test]
    fn every_setting_is_read_as_it_was_typed() {
        let all = KEYS.map(|(section, name)| format!("{section}.{name}"));
        assert_eq!(all, OTHERS.map(|(name, _)| name), "all of them are tried");
        let mut text = String::new();
        for (name, value) in OTHERS {
            let (edited, after) = changed(&text, name, value).unwrap();
            assert_ne!(get(&Config::default(), name).unwrap(), value);
            assert_eq!(get(&after, name).unwrap(), value);
            assert_eq!(Config::parse(&edited).unwrap(), after);
            text = edited;
        }
    }

    #[test]
    fn what_else_stands_in_the_file_stays() {
        let text = "# ma note\n[net]\n# le port de la box\nlisten = [\"0.0.0.0:20000\"]\n\n[disk]\nmax = \"64 MiB\"\n";
        let (edited, _) = changed(text, "net.profile", "hostile").unwrap();
        let whole = text.replace("[net]\n", "[net]\nprofile = \"hostile\"\n");
        assert_eq!(edited, whole);
        let (again, _) = changed(&edited, "net.profile", "normal").unwrap();
        assert_eq!(again, whole.replace("hostile", "normal"));
    }

    #[test]
    fn a_setting_taken_out_is_as_it_was_before_anybody_said_anything() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        for (name, value) in OTHERS {
            set(&path, name, value).unwrap();
            let after = unset(&path, name).unwrap();
            assert_eq!(after, Config::load(&path).unwrap());
            let said_nothing = get(&Config::default(), name);
            assert_eq!(get(&after, name), said_nothing, "{name}");
        }
        let text = "# ma note\n[net]\n# la box\nlisten = [\n  \"0.0.0.0:20000\",\n]\ntor = true\n";
        fs::write(&path, text).unwrap();
        unset(&path, "net.tor").unwrap();
        let whole = text.replace("tor = true\n", "");
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
        let listen = unset(&path, "net.listen").unwrap().net.listen;
        assert_eq!(listen, Config::default().net.listen);
        assert!(matches!(unset(&path, "net.no"), Err(EditError::Unknown)));
    }

    #[test]
    fn a_value_over_several_lines_is_changed_whole() {
        let text = "[net]\nlisten = [\n  \"0.0.0.0:20000\",\n]\nbeacons = false\n";
        let (edited, after) = changed(text, "net.listen", "127.0.0.1:20001").unwrap();
        assert_eq!(Config::parse(&edited).unwrap(), after);
        assert_eq!(get(&after, "net.listen").unwrap(), "127.0.0.1:20001");
        assert!(!after.net.beacons);
    }

    #[test]
    fn what_will_not_do_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        assert!(matches!(
            set(&path, "net.profil", "normal"),
            Err(EditError::Unknown)
        ));
        for (name, value) in [
            ("net.profile", "paranoid"),
            ("net.socks", "192.168.1.7:9050"),
            ("net.control", "nowhere"),
            ("net.tor", "maybe"),
            ("messages.post", "1h"),
            ("net.listen", "here"),
            ("ui.plain", "true\nlang = \"fr\""),
        ] {
            assert!(matches!(set(&path, name, value), Err(EditError::Value)));
        }
        assert!(!path.exists());
        fs::write(&path, "[net\n").unwrap();
        assert!(matches!(
            set(&path, "net.tor", "true"),
            Err(EditError::File(_))
        ));
        assert!(matches!(
            replace(&path, "[ui]\nplain = 7\n"),
            Err(EditError::File(ConfigError::Wrong { line: 2, .. }))
        ));
        assert_eq!(text(&path).unwrap(), "[net\n");
        fs::write(&path, "[ui]\nplain = true").unwrap();
        set(&path, "net.tor", "true").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, "[ui]\nplain = true\n[net]\ntor = true\n");
    }
}
