//! Files, on the local socket. Names are clean; hashes and pieces are in hex and base64.

use data_encoding::{BASE64, HEXLOWER};
use kith_proto::engine as core;
use serde::{Deserialize, Serialize};

use super::utc;

/// A file under way, or here and not taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// By what a person names it; never used again.
    pub id: u32,
    /// My petname for whom it is for, or who offers it.
    pub petname: String,
    /// What it is called.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// How much of it is where it shall be, in bytes.
    pub done: u64,
    /// How far it has come.
    pub state: FileState,
    /// BLAKE3 of all of it, in hex; zeros while it is handed in.
    pub hash: String,
    /// Since when there is anything of it.
    pub since: String,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Mine: it is handed in.
    Filling,
    /// Mine: their yes is waited for.
    Offered,
    /// Mine: on its way.
    Going,
    /// Theirs: my yes is waited for.
    Asked,
    /// Theirs: on its way.
    Coming,
    /// Theirs: here, and what was offered.
    Whole,
}

/// Result of `file.list`, oldest first.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// As many as fit in one line.
    pub files: Vec<File>,
}

/// Result of `file.read`.
#[derive(Serialize, Deserialize)]
pub struct FilePiece {
    /// Its bytes, in base64.
    pub data: String,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum FileNews {
    /// A friend offers it: my yes or no is waited for.
    Offered,
    /// They want mine.
    Taken,
    /// So much of it is there, or here.
    Moved {
        /// In bytes.
        done: u64,
        /// Of so many.
        bytes: u64,
    },
    /// Theirs is here whole.
    Whole,
    /// Mine is there whole.
    Arrived,
    /// They do not want mine, or not any more.
    Refused,
    /// They take theirs back.
    Withdrawn,
    /// What came is not what was offered: it was erased.
    Broken,
    /// It took longer than post may take.
    Ended,
}

impl FilePiece {
    /// These bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let data = BASE64.encode(bytes);
        Self { data }
    }
}

impl From<core::FileCard> for File {
    fn from(card: core::FileCard) -> Self {
        Self {
            id: card.id,
            petname: card.petname,
            name: card.name,
            bytes: card.bytes,
            done: card.done,
            state: card.state.into(),
            hash: HEXLOWER.encode(&card.hash),
            since: utc(card.since_min),
        }
    }
}

impl From<core::FileState> for FileState {
    fn from(state: core::FileState) -> Self {
        match state {
            core::FileState::Filling => Self::Filling,
            core::FileState::Offered => Self::Offered,
            core::FileState::Going => Self::Going,
            core::FileState::Asked => Self::Asked,
            core::FileState::Coming => Self::Coming,
            core::FileState::Whole => Self::Whole,
        }
    }
}

impl From<core::FileNews> for FileNews {
    fn from(news: core::FileNews) -> Self {
        match news {
            core::FileNews::Offered => Self::Offered,
            core::FileNews::Taken => Self::Taken,
            core::FileNews::Moved { done, bytes } => Self::Moved { done, bytes },
            core::FileNews::Whole => Self::Whole,
            core::FileNews::Arrived => Self::Arrived,
            core::FileNews::Refused => Self::Refused,
            core::FileNews::Withdrawn => Self::Withdrawn,
            core::FileNews::Broken => Self::Broken,
            core::FileNews::Ended => Self::Ended,
        }
    }
}
