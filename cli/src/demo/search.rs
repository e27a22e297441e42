//! What a thief or a listener would do first: look for the words in the raw bytes.

use std::fs;
use std::path::Path;

/// What was searched, and how often one of the words stood there.
#[derive(Default)]
pub(super) struct Found {
    pub(super) bytes: usize,
    pub(super) hits: usize,
}

/// Looks for each word in some bytes.
pub(super) fn bytes(bytes: &[u8], words: &[String]) -> Found {
    let stands = |word: &&String| {
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    };
    Found {
        bytes: bytes.len(),
        hits: words.iter().filter(stands).count(),
    }
}

/// What two searches found.
pub(super) fn both([one, other]: [Found; 2]) -> Found {
    Found {
        bytes: one.bytes + other.bytes,
        hits: one.hits + other.hits,
    }
}

/// Looks for each word in every file below a directory; what is gone holds nothing.
pub(super) fn directory(dir: &Path, words: &[String]) -> Found {
    let mut all = Found::default();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let found = match entry.file_type() {
            Ok(kind) if kind.is_dir() => directory(&path, words),
            Ok(kind) if kind.is_file() => bytes(&fs::read(&path).unwrap_or_default(), words),
            _ => Found::default(),
        };
        all.bytes += found.bytes;
        all.hits += found.hits;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_stands_there_is_found() {
        let words = ["grève".to_owned(), "absent".to_owned()];
        let found = bytes("la grève commence".as_bytes(), &words);
        assert_eq!((found.hits, found.bytes), (1, 18));
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("deep")).unwrap();
        fs::write(dir.path().join("deep/file"), "grève").unwrap();
        assert_eq!(directory(dir.path(), &words).hits, 1);
        assert_eq!(directory(&dir.path().join("nowhere"), &words).hits, 0);
    }
}
