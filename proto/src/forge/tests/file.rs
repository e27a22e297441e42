//! What a transcript's file holds, what it never holds, and how long it can be.

use super::*;
use crate::limits::{SCRIPT_LINES_MAX, TRANSCRIPT_FILE_BYTES_MAX};

#[test]
fn a_transcript_survives_its_file_and_no_other_text_is_one() {
    let [a, _] = friends();
    let forged = forged(&a, End::Responder);
    let file = forged.to_file();
    let again = Transcript::from_file(&file).ok().unwrap();
    assert_eq!(*again.to_file(), *file);
    assert!(verify_with(&a, &again).is_ok());
    let text = String::from_utf8(file.to_vec()).unwrap();
    let refused = |text: &str| {
        Transcript::from_file(text.as_bytes())
            .err()
            .map(|bad| bad.line)
    };
    assert_eq!(refused(&text), None);
    assert_eq!(refused(""), Some(1));
    assert_eq!(refused("kith transcript 2\n"), Some(1));
    assert_eq!(refused(&text.replacen("responder", "judge", 1)), Some(2));
    assert_eq!(
        refused(&text.replacen("session ", "session 00", 1)),
        Some(3)
    );
    assert_eq!(refused(&text.replacen("state ", "state 00", 1)), Some(4));
    for cut in [" - ", "initiator ", " "] {
        let first = text.find("\n1795").unwrap();
        let (head, rest) = text.split_at(first);
        assert!(
            refused(&[head, &rest.replacen(cut, "", 1)].concat()).is_some(),
            "{cut}"
        );
    }
    assert!(refused(&format!("{text}{text}")).is_some());
    let many = format!("{text}{}", text.lines().last().unwrap().repeat(200));
    assert!(refused(&many).is_some());
    assert_eq!(refused(&"x".repeat(TRANSCRIPT_FILE_BYTES_MAX + 1)), Some(1));
    for at in (0..file.len()).step_by(97) {
        let mut bad = file.to_vec();
        bad[at] = b'\xFF';
        assert!(Transcript::from_file(&bad).is_err());
    }
}

#[test]
fn no_secret_of_the_friendship_is_in_a_transcript() {
    let [a, _] = friends();
    for as_end in [End::Initiator, End::Responder] {
        let file = forged(&a, as_end).to_file();
        let text = core::str::from_utf8(&file).unwrap();
        let hex = |bytes: &[u8; 32]| bytes.map(|byte| format!("{byte:02x}")).concat();
        let keys = &a.keys;
        let secrets = [
            a.me.seed().expose(),
            a.me.scalar().expose(),
            keys.root.expose(),
            keys.secret.expose(),
            keys.psk.expose(),
            keys.to.ake_header.key().expose(),
            keys.from.ake_header.key().expose(),
            keys.to.hint.expose(),
            a.me.point().as_bytes(),
            a.friend.as_bytes(),
        ];
        for secret in secrets {
            assert!(!text.contains(&hex(secret)));
        }
    }
}

#[test]
fn a_script_has_its_bounds_and_the_longest_file_fits() {
    let [a, _] = friends();
    let long = "m".repeat(693);
    let most: Vec<_> = (0..SCRIPT_LINES_MAX)
        .map(|_| (End::Initiator, &*long))
        .collect();
    let made = |lines: &[(End, &str)]| transcript(&a, End::Initiator, &script(lines), [9; 32]);
    let file = made(&most).ok().unwrap().to_file();
    assert!(file.len() <= TRANSCRIPT_FILE_BYTES_MAX);
    assert!(Transcript::from_file(&file).is_ok());
    let more = [&most[..], &[(End::Initiator, "x")]].concat();
    assert_eq!(made(&more).err(), Some(Unmade::TooLong));
    let longer = "m".repeat(694);
    let wide: Vec<_> = most.iter().map(|_| (End::Responder, &*longer)).collect();
    assert_eq!(made(&wide).err(), Some(Unmade::TooLong));
    let huge = "m".repeat(crate::limits::TEXT_BYTES_MAX + 1);
    for text in ["", &huge] {
        let bad = made(&[(End::Initiator, text)]);
        assert_eq!(bad.err(), Some(Unmade::BadText));
    }
}
