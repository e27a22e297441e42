//! Finding words in what was said, as people look for them: `etes` finds `Êtes`, `coeur` finds
//! `cœur`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is looked for.
pub(crate) struct Wanted(String);

impl Wanted {
    /// Some words, as typed.
    pub(crate) fn new(typed: &str) -> Self {
        Self(folded(typed))
    }

    /// Whether they stand in this text, be it with other accents, capitals or spaces.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        folded(text).contains(&self.0)
    }
}

/// Small letters without marks; what one types for those a keyboard may not have.
fn folded(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase).nfkd();
    let bare = small.filter(|c| !is_combining_mark(*c));
    let mut folded = String::with_capacity(text.len());
    for letter in bare {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            '’' => folded.push('\''),
            other => folded.push(other),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_capitals_and_spaces_do_not_matter() {
        for (wanted, text) in [
            ("etes", "Vous ÊTES là ?"),
            ("ÊTES", "vous etes"),
            ("coeur", "de tout cœur"),
            ("cœur", "de tout COEUR"),
            ("l'ag", "L’AG est à 18 h"),
            ("18 h", "à 18\u{a0}h"),
            ("école", "e\u{301}cole"),
            ("strasse", "Straße"),
            ("", "n'importe quoi"),
        ] {
            assert!(Wanted::new(wanted).is_in(text), "{wanted} in {text}");
        }
        assert!(!Wanted::new("zoé").is_in("lise"));
        assert!(!Wanted::new("a.c").is_in("abc"), "no pattern language");
    }
}
