//! Files, as they are told to a person: names are clean, bytes exact.

/// A file under way, or here and not taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCard {
    /// By what a person names it; never used again.
    pub id: u32,
    /// My petname for whom it is for, or who offers it.
    pub petname: String,
    /// What it is called: [`clean_name`](crate::file::clean_name).
    pub name: String,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// How much of it is where it shall be, in bytes.
    pub done: u64,
    /// How far it has come.
    pub state: FileState,
    /// BLAKE3 of all of it, 32 bytes; zeros while it is handed in.
    pub hash: [u8; 32],
    /// Since when there is anything of it, minutes since 1970.
    pub since_min: u32,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl FileState {
    /// Whether it is mine.
    pub fn is_mine(self) -> bool {
        matches!(self, Self::Filling | Self::Offered | Self::Going)
    }
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
