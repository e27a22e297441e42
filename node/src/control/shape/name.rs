//! Names of others on the local socket. Each is read again as what it says it is, so that no program
//! of ours can show one without its marks.

use kith_proto::name as core;
use kith_proto::petname::Petname;
use serde::{Deserialize, Serialize};

/// What somebody calls themselves, as a string; shown it has its marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nick(pub core::Nick);

impl From<Nick> for String {
    fn from(nick: Nick) -> Self {
        nick.0.as_str().to_owned()
    }
}

impl TryFrom<String> for Nick {
    type Error = NoName;

    fn try_from(text: String) -> Result<Self, NoName> {
        core::Nick::of(&text).map(Self).ok_or(NoName)
    }
}

/// Somebody who has no name of mine: `{"proposed":"Zoé 75"}`, `{"edge":["bob","zoé"]}` or
/// `{"unknown":"lune-tigre"}`, and whom of mine they could be taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Somebody {
    /// As they can be called all the same.
    #[serde(flatten)]
    pub called: Foreign,
    /// My name for somebody else that they could be taken for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks_like: Option<String>,
}

impl From<kith_proto::engine::Somebody> for Somebody {
    fn from(somebody: kith_proto::engine::Somebody) -> Self {
        Self {
            called: Foreign(somebody.called),
            looks_like: somebody.looks_like,
        }
    }
}

/// A name of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Foreign(pub core::Foreign);

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Proposed(String),
    Edge(String, String),
    Unknown(String),
}

impl From<Foreign> for Written {
    fn from(foreign: Foreign) -> Self {
        match foreign.0 {
            core::Foreign::Proposed(nick) => Self::Proposed(nick.as_str().to_owned()),
            core::Foreign::Edge { by, label } => {
                Self::Edge(by.as_str().to_owned(), label.as_str().to_owned())
            }
            core::Foreign::Unknown(unknown) => Self::Unknown(unknown.as_str().to_owned()),
        }
    }
}

impl TryFrom<Written> for Foreign {
    type Error = NoName;

    fn try_from(written: Written) -> Result<Self, NoName> {
        let read = match written {
            Written::Proposed(nick) => core::Nick::of(&nick).map(core::Foreign::Proposed),
            Written::Edge(by, label) => Petname::parse(&by).ok().and_then(|by| {
                let label = core::Label::received(&label)?;
                Some(core::Foreign::Edge { by, label })
            }),
            Written::Unknown(words) => core::Unknown::read(&words).map(core::Foreign::Unknown),
        };
        read.map(Self).ok_or(NoName)
    }
}

/// What came is not such a name.
#[derive(Debug)]
pub struct NoName;

impl std::fmt::Display for NoName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a name")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_written_under_a_key_of_its_own_and_read_again() {
        for (json, shown) in [
            (r#"{"proposed":"Zoé 75"}"#, "~\"Zoé 75\""),
            (r#"{"proposed":"zoé","looks_like":"zoé"}"#, "~\"zoé\""),
            (r#"{"edge":["bob","zoé"]}"#, "bob/zoé"),
            (r#"{"unknown":"lune-tigre"}"#, "?lune-tigre"),
        ] {
            let read: Somebody = serde_json::from_str(json).unwrap();
            assert_eq!(read.called.0.to_string(), shown);
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
    }

    #[test]
    fn what_is_no_name_of_somebody_is_not_read() {
        for json in [
            r#""zoé""#,
            r#"{"petname":"zoé"}"#,
            r#"{"proposed":""}"#,
            r#"{"edge":["bob/x","zoé"]}"#,
            r#"{"edge":["bob","zoé\u001b[2J"]}"#,
            r#"{"edge":["bob"]}"#,
            r#"{"unknown":"zoé"}"#,
        ] {
            assert!(serde_json::from_str::<Somebody>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_nick_is_a_string_and_is_cleaned_again() {
        let nick: Nick = serde_json::from_str(r#""Zo\u0065\u0301\" \u001b""#).unwrap();
        assert_eq!(serde_json::to_string(&nick).unwrap(), "\"Zoé' \u{FFFD}\"");
        assert!(serde_json::from_str::<Nick>(r#""""#).is_err());
    }
}
