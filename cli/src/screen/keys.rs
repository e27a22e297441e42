//! Which keys do what. One table: what is pressed is looked up in it, and help is drawn from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Send,
    NewLine,
    Complete,
    Previous,
    Next,
    /// Counted from 0.
    Nth(usize),
    PageUp,
    PageDown,
    Oldest,
    Newest,
    Find,
    FindOlder,
    FindNewer,
    Who,
    Recall,
    Timer,
    Waiting,
    Group,
    Doctor,
    Lock,
    Redraw,
    Help,
    Close,
    Leave,
    /// Leaves, or deletes what stands behind the place.
    LeaveOrDelete,
    Interrupt,
    Edit(Edit),
}

/// What a key does to what is being typed; as everywhere, so that help need not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Letter(char),
    DeleteBefore,
    DeleteAfter,
    DeleteLine,
    Left,
    Right,
    Up,
    Down,
    Start,
    End,
}

/// One row of the table.
pub(super) struct Key {
    /// As it stands on the keyboard, or the words for it.
    pub(super) shown: &'static str,
    /// The same, typed.
    pub(super) command: Option<&'static str>,
    /// What it does.
    pub(super) about: &'static str,
    act: Act,
    codes: &'static [(KeyModifiers, KeyCode)],
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;

macro_rules! keys {
    ($($shown:literal $command:expr, $about:literal, $act:expr, [$(($modifiers:expr, $code:expr)),*];)*) => {
        &[$(Key {
            shown: $shown,
            command: $command,
            about: $about,
            act: $act,
            codes: &[$(($modifiers, $code)),*],
        }),*]
    };
}

/// All of them, in the order in which help shows them.
pub(super) const KEYS: &[Key] = keys![
    "cap-enter" None, "key-send", Act::Send, [(NONE, KeyCode::Enter)];
    "cap-alt-enter" None, "key-new-line", Act::NewLine,
        [(ALT, KeyCode::Enter), (CTRL, KeyCode::Char('j'))];
    "Tab" None, "key-complete", Act::Complete, [(NONE, KeyCode::Tab)];
    "Ctrl-P" Some("/previous"), "key-previous", Act::Previous, [(CTRL, KeyCode::Char('p'))];
    "Ctrl-N" Some("/next"), "key-next", Act::Next, [(CTRL, KeyCode::Char('n'))];
    "Alt-1 .. 9" None, "key-nth", Act::Nth(0), [];
    "cap-page-up" Some("/up"), "key-page-up", Act::PageUp, [(NONE, KeyCode::PageUp)];
    "cap-page-down" Some("/down"), "key-page-down", Act::PageDown, [(NONE, KeyCode::PageDown)];
    "cap-home" Some("/oldest"), "key-oldest", Act::Oldest, [(NONE, KeyCode::Home)];
    "cap-end" Some("/newest"), "key-newest", Act::Newest, [(NONE, KeyCode::End)];
    "Ctrl-F" Some("/find"), "key-find", Act::Find, [(CTRL, KeyCode::Char('f'))];
    "F5" Some("/older"), "key-older", Act::FindOlder, [(NONE, KeyCode::F(5))];
    "F6" Some("/newer"), "key-newer", Act::FindNewer, [(NONE, KeyCode::F(6))];
    "Ctrl-W" Some("/who"), "key-who", Act::Who, [(CTRL, KeyCode::Char('w'))];
    "F2" Some("/waiting"), "key-waiting", Act::Waiting, [(NONE, KeyCode::F(2))];
    "F3" Some("/group"), "key-group", Act::Group, [(NONE, KeyCode::F(3))];
    "F4" Some("/doctor"), "key-doctor", Act::Doctor, [(NONE, KeyCode::F(4))];
    "Ctrl-R" Some("/recall"), "key-recall", Act::Recall, [(CTRL, KeyCode::Char('r'))];
    "Ctrl-T" Some("/timer"), "key-timer", Act::Timer, [(CTRL, KeyCode::Char('t'))];
    "Ctrl-X" Some("/lock"), "key-lock", Act::Lock, [(CTRL, KeyCode::Char('x'))];
    "Ctrl-L" Some("/redraw"), "key-redraw", Act::Redraw, [(CTRL, KeyCode::Char('l'))];
    "cap-escape" None, "key-close", Act::Close, [(NONE, KeyCode::Esc)];
    "F1" Some("/help"), "key-help", Act::Help, [(NONE, KeyCode::F(1))];
    "Ctrl-Q" Some("/quit"), "key-leave", Act::Leave, [(CTRL, KeyCode::Char('q'))];
    "Ctrl-D" None, "key-leave-empty", Act::LeaveOrDelete, [(CTRL, KeyCode::Char('d'))];
    "Ctrl-C" None, "key-interrupt", Act::Interrupt, [(CTRL, KeyCode::Char('c'))];
];

/// What help does not tell.
const EDITS: &[(KeyModifiers, KeyCode, Edit)] = &[
    (NONE, KeyCode::Backspace, Edit::DeleteBefore),
    (CTRL, KeyCode::Char('h'), Edit::DeleteBefore),
    (NONE, KeyCode::Delete, Edit::DeleteAfter),
    (CTRL, KeyCode::Char('u'), Edit::DeleteLine),
    (NONE, KeyCode::Left, Edit::Left),
    (NONE, KeyCode::Right, Edit::Right),
    (NONE, KeyCode::Up, Edit::Up),
    (NONE, KeyCode::Down, Edit::Down),
    (CTRL, KeyCode::Char('a'), Edit::Start),
    (CTRL, KeyCode::Char('e'), Edit::End),
];

/// What was pressed means; nothing where it means nothing.
pub(super) fn act(pressed: KeyEvent) -> Option<Act> {
    let (with, code) = (pressed.modifiers, pressed.code);
    let is_pressed =
        |(modifiers, key): &(KeyModifiers, KeyCode)| *modifiers == with && *key == code;
    if let Some(key) = KEYS.iter().find(|key| key.codes.iter().any(is_pressed)) {
        return Some(key.act);
    }
    let edit = EDITS
        .iter()
        .find(|(modifiers, key, _)| is_pressed(&(*modifiers, *key)));
    if let Some((.., edit)) = edit {
        return Some(Act::Edit(*edit));
    }
    match code {
        KeyCode::Char(digit @ '1'..='9') if with == ALT => {
            Some(Act::Nth(digit as usize - '1' as usize))
        }
        // Some letters need AltGr, which some terminals tell as both.
        KeyCode::Char(letter) if !with.intersects(CTRL | ALT) || with.contains(CTRL | ALT) => {
            Some(Act::Edit(Edit::Letter(letter)))
        }
        _ => None,
    }
}

/// What a typed command means here, and the words behind it; nothing if it is no command of this
/// screen alone.
pub(super) fn command(line: &str) -> Option<(Act, &str)> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let key = KEYS.iter().find(|key| key.command == Some(word))?;
    // The rest means the same in line mode, which reads it.
    let here = [
        Act::Previous,
        Act::Next,
        Act::PageUp,
        Act::PageDown,
        Act::Oldest,
        Act::Newest,
        Act::Find,
        Act::FindOlder,
        Act::FindNewer,
        Act::Recall,
        Act::Redraw,
        Act::Help,
    ];
    here.contains(&key.act).then_some((key.act, rest.trim()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_rows_have_one_key_or_one_command() {
        let codes = KEYS.iter().flat_map(|key| key.codes.iter().copied());
        let edits = EDITS.iter().map(|(modifiers, code, _)| (*modifiers, *code));
        let mut seen = Vec::new();
        for code in codes.chain(edits) {
            assert!(!seen.contains(&code), "{code:?}");
            seen.push(code);
        }
        let commands: Vec<_> = KEYS.iter().filter_map(|key| key.command).collect();
        assert_eq!(
            commands.iter().collect::<BTreeSet<_>>().len(),
            commands.len()
        );
    }

    #[test]
    fn letters_are_typed_and_unknown_keys_do_nothing() {
        let pressed = |with, code| act(KeyEvent::new(code, with));
        let letter = |letter| Some(Act::Edit(Edit::Letter(letter)));
        assert_eq!(pressed(NONE, KeyCode::Char('é')), letter('é'));
        assert_eq!(
            pressed(KeyModifiers::SHIFT, KeyCode::Char('N')),
            letter('N')
        );
        assert_eq!(pressed(CTRL | ALT, KeyCode::Char('@')), letter('@'));
        assert_eq!(pressed(CTRL, KeyCode::Char('x')), Some(Act::Lock));
        assert_eq!(pressed(ALT, KeyCode::Char('3')), Some(Act::Nth(2)));
        assert_eq!(pressed(CTRL, KeyCode::Char('y')), None);
        assert_eq!(pressed(NONE, KeyCode::F(12)), None);
    }

    #[test]
    fn a_command_is_what_its_key_is() {
        assert_eq!(command("/find l'AG"), Some((Act::Find, "l'AG")));
        assert_eq!(command("/next"), Some((Act::Next, "")));
        assert_eq!(command("/lock"), None, "line mode reads it too");
        assert_eq!(command("/nexte"), None);
    }
}
