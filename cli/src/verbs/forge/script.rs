//! A script: who is to have said what, a line each: `me: text` or `NAME: text`.

use kith_node::control::params::Spoken;
use unicode_normalization::UnicodeNormalization;

/// Not a script, at this line (1 is the first).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadScript {
    /// Which line.
    pub(super) line: u32,
}

/// What I am called, in either language.
const ME: [&str; 2] = ["me", "moi"];

/// Reads a script with a friend of this name. Empty lines, and those that begin with `#`, say nothing.
pub(super) fn read(script: &str, friend: &str) -> Result<Vec<Spoken>, BadScript> {
    let friend: String = friend.nfc().collect();
    let mut spoken = Vec::new();
    for (line, at) in script.lines().zip(1..) {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        spoken.push(said(line, &friend).ok_or(BadScript { line: at })?);
    }
    match spoken.is_empty() {
        true => Err(BadScript { line: 1 }),
        false => Ok(spoken),
    }
}

fn said(line: &str, friend: &str) -> Option<Spoken> {
    let (who, text) = line.split_once(':')?;
    let (who, text) = (who.trim(), text.trim());
    // A friend may be called so.
    let theirs = who.nfc().eq(friend.chars());
    let mine = !theirs && ME.contains(&who);
    ((mine || theirs) && !text.is_empty()).then(|| Spoken {
        mine,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(script: &str, friend: &str) -> Result<Vec<(bool, String)>, u32> {
        let read = read(script, friend).map_err(|bad| bad.line)?;
        Ok(read
            .into_iter()
            .map(|said| (said.mine, said.text))
            .collect())
    }

    #[test]
    fn a_script_names_who_speaks() {
        let script = "# demain\nmoi\u{a0}: tu viens ?\n\nzoé: oui: à 18 h\nme: bien\n";
        let said = [(true, "tu viens ?"), (false, "oui: à 18 h"), (true, "bien")];
        let said = said.map(|(mine, text)| (mine, text.to_owned()));
        assert_eq!(lines(script, "zoé"), Ok(said.to_vec()));
        assert_eq!(
            lines("zoe\u{301}: oui", "zoé"),
            Ok(vec![(false, "oui".into())])
        );
        assert_eq!(lines("moi: oui", "moi"), Ok(vec![(false, "oui".into())]));
    }

    #[test]
    fn what_nobody_says_is_no_script() {
        assert_eq!(lines("zoé: oui\npaul: non", "zoé"), Err(2));
        for (script, line) in [("", 1), ("# rien", 1), ("zoé oui", 1), ("\nzoé:", 2)] {
            assert_eq!(lines(script, "zoé"), Err(line), "{script}");
        }
    }
}
