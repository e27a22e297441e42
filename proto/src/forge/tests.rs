//! What one party alone can make, the other's real code takes; and what they cannot make, it refuses.

mod file;
mod producible;

use super::*;

const BEGAN_MS: u64 = 1_795_000_000_123;

fn identity(n: u8) -> Identity {
    Identity::from_seed(Key::fill(|b| b.fill(n)))
}

/// Two friends: each with their own secrets and the edge's.
fn friends() -> [Party; 2] {
    let party = |me: u8, friend: u8| {
        let root = Key::fill(|b| b.fill(3));
        let friend = *identity(friend).point().as_bytes();
        Party::new(Key::fill(|b| b.fill(me)), root, friend).unwrap()
    };
    [party(1, 2), party(2, 1)]
}

fn script(said: &[(End, &str)]) -> Script {
    let words = said.iter().enumerate().map(|(n, (from, text))| Words {
        from: *from,
        at_ms: BEGAN_MS + 20_000 * (n as u64 + 1),
        text: Said::new(text.as_bytes().to_vec()),
    });
    Script {
        began_ms: BEGAN_MS,
        pace: Pace::default(),
        lines: words.collect(),
    }
}

fn talk() -> Script {
    script(&[
        (End::Initiator, "tu viens à dix-huit heures ?"),
        (End::Responder, "oui, et Paul aussi"),
        (End::Responder, "oui ou non ?"),
        (End::Initiator, "oui"),
    ])
}

fn texts(heard: &[Heard]) -> Vec<(End, String)> {
    let texts = heard.iter().filter_map(|heard| match &heard.what {
        What::Text { text, .. } => Some((heard.from, String::from_utf8(text.to_vec()).unwrap())),
        _ => None,
    });
    texts.collect()
}

fn said(script: &Script) -> Vec<(End, String)> {
    let text = |words: &Words| String::from_utf8(words.text.to_vec()).unwrap();
    let lines = script.lines.iter();
    lines.map(|words| (words.from, text(words))).collect()
}

fn forged(party: &Party, as_end: End) -> Transcript {
    transcript(party, as_end, &talk(), [9; 32]).unwrap()
}

/// Attack 59: either of two friends, alone, makes what the other never said; the node's own state
/// machine takes it for theirs, A1 and A2 included.
#[test]
fn a_whole_session_made_by_one_party_alone_is_accepted_by_the_state_machine() {
    let [a, b] = friends();
    for party in [&a, &b] {
        for as_end in [End::Initiator, End::Responder] {
            let forged = forged(party, as_end);
            assert_eq!(texts(&verify(&forged).ok().unwrap()), said(&talk()));
            let heard = verify_with(party, &forged).ok().unwrap();
            assert_eq!(texts(&heard), said(&talk()));
            assert!(heard[0].what == What::Offer { stamp: BEGAN_MS });
            assert!(heard[1].what == What::Answer && heard[2].what == What::Confirm);
            assert!(heard[3].what == What::Acknowledges(1));
            assert!(heard.is_sorted_by_key(|heard| heard.at_ms));
        }
    }
}

#[test]
fn a_true_session_and_a_forged_one_are_read_alike() {
    let [a, b] = friends();
    for as_end in [End::Initiator, End::Responder] {
        let truly = converse([&a, &b], as_end, &talk(), [8; 32]).unwrap();
        let forged = forged(&a, as_end);
        for transcript in [&truly, &forged] {
            let heard = verify_with(&a, transcript).ok().unwrap();
            assert_eq!(texts(&heard), said(&talk()));
        }
        let shape = |t: &Transcript| {
            let lines = t.lines.iter();
            let shape =
                lines.map(|l| (l.from, l.parcel.len(), l.header.is_some(), l.draw.is_some()));
            (
                t.state.len(),
                t.to_file().lines_count(),
                shape.collect::<Vec<_>>(),
            )
        };
        assert!(shape(&truly) == shape(&forged));
    }
}

trait Rows {
    fn lines_count(&self) -> usize;
}

impl Rows for Said {
    fn lines_count(&self) -> usize {
        self.iter().filter(|byte| **byte == b'\n').count()
    }
}

/// Forging needs the friendship's secrets: without them it is nobody's session.
#[test]
fn who_is_no_party_to_the_friendship_forges_nothing_that_its_secrets_accept() {
    let [a, _] = friends();
    let root = Key::fill(|b| b.fill(4));
    let friend = *identity(2).point().as_bytes();
    let stranger = Party::new(Key::fill(|b| b.fill(7)), root, friend).unwrap();
    let forged = forged(&stranger, End::Responder);
    assert!(verify(&forged).is_ok(), "a session it is");
    assert!(verify_with(&a, &forged).is_err(), "but none of theirs");
    let root = Key::fill(|b| b.fill(3));
    let eavesdropper = Party::new(Key::fill(|b| b.fill(7)), root, friend).unwrap();
    let forged = transcript(&eavesdropper, End::Responder, &talk(), [9; 32]).unwrap();
    assert!(
        verify_with(&a, &forged).is_err(),
        "the edge alone is not enough"
    );
}

#[test]
fn nothing_can_be_taken_out_put_in_turned_round_or_flipped() {
    let [a, _] = friends();
    let make = || forged(&a, End::Initiator);
    let refused = |change: &dyn Fn(&mut Transcript)| {
        let mut transcript = make();
        change(&mut transcript);
        verify_with(&a, &transcript).is_err()
    };
    assert!(!refused(&|_| ()));
    for line in 0..make().lines.len() {
        assert!(
            refused(&|t| t.lines[line].parcel[700] ^= 1),
            "body of {line}"
        );
        assert!(
            refused(&|t| t.lines[line].parcel[30] ^= 1),
            "header of {line}"
        );
        assert!(
            refused(&|t| t.lines[line].key = Key::fill(|b| b.fill(5))),
            "key of {line}"
        );
        assert!(
            refused(&|t| t.lines[line].from = t.lines[line].from.other()),
            "from {line}"
        );
        // What the other sent may be lost on its way; nothing of mine tells of a last one left out.
        let mine = |l: &Line| l.from == End::Initiator;
        let goes_on = make().lines[line + 1..].iter().any(mine);
        let may = line > 1 && !(mine(&make().lines[line]) && goes_on);
        assert!(
            may || refused(&|t| drop(t.lines.remove(line))),
            "without {line}"
        );
    }
    assert!(refused(&|t| t.lines.swap(4, 5)));
    assert!(refused(&|t| t.session[0] ^= 1));
    assert!(refused(&|t| t.lines.clear()));
}

/// The word that somebody said, changed by who heard it.
#[test]
fn a_word_changed_in_a_sealed_parcel_opens_as_if_it_had_always_stood_there() {
    let [a, b] = friends();
    let truly = || converse([&a, &b], End::Responder, &talk(), [8; 32]).unwrap();
    let mut changed = truly();
    let at = 4 + 2 * 3;
    let head = crate::message::TEXT_HEAD_BYTES;
    let (session, line) = (changed.session, &mut changed.lines[at]);
    let words = Edit {
        offset: head,
        old: b"oui",
        new: b"non",
    };
    let edited = edit(&line.parcel, &session, &line.key, words).unwrap();
    let differ = edited
        .iter()
        .zip(&line.parcel)
        .filter(|(a, b)| a != b)
        .count();
    assert!(differ <= 3 + 32, "the words and the tag");
    line.parcel = edited;
    let heard = texts(&verify_with(&a, &changed).ok().unwrap());
    assert_eq!(heard[3], (End::Initiator, "non".to_owned()));
    let forged = transcript(
        &b,
        End::Responder,
        &script(&[(End::Initiator, "non")]),
        [8; 32],
    );
    assert!(forged.is_ok(), "and who is asked made it up from nothing");
    let line = &truly().lines[at];
    let edit = |edit: Edit<'_>| super::edit(&line.parcel, &session, &line.key, edit).err();
    assert_eq!(edit(words), None);
    let longer = Edit {
        new: b"jamais",
        ..words
    };
    assert_eq!(edit(longer), Some(NotEdited::OtherLength));
    for offset in [0, head + 1, 1908, 2048, usize::MAX] {
        assert_eq!(edit(Edit { offset, ..words }), Some(NotEdited::NotThere));
    }
    let key = Key::fill(|b| b.fill(1));
    let wrong = super::edit(&line.parcel, &session, &key, words);
    assert_eq!(wrong, Err(NotEdited::WrongKeys));
}

#[test]
fn a_parcel_lies_open_as_far_as_the_keys_go() {
    let [a, _] = friends();
    let forged = forged(&a, End::Initiator);
    let line = &forged.lines[4];
    let noise = parse(&line.parcel, None, None).unwrap();
    assert!(noise.fields.is_none() && noise.payload.is_none() && noise.bucket == 2048);
    let body = (&line.key, &forged.session);
    let laid = parse(&line.parcel, line.header.as_ref(), Some(body)).unwrap();
    let fields = laid.fields.unwrap();
    assert_eq!((fields.kind, fields.pn, fields.n), (0, 1, 0));
    assert!(laid.payload.unwrap().ends_with(b"heures ?"));
    assert_eq!((laid.nonce, laid.body_tag), (noise.nonce, noise.body_tag));
    let other = Key::fill(|b| b.fill(1));
    let wrong = parse(&line.parcel, Some(&other), Some((&line.key, &[0; 32]))).unwrap();
    assert!(wrong.fields.is_none() && wrong.payload.is_none());
    assert!(parse(&line.parcel[1..], None, None).is_none());
}

/// KEM steps ride a session that lasts days: forged ones as well, and their parcels can be edited.
#[test]
fn a_forged_session_of_days_takes_its_kem_steps() {
    let [a, _] = friends();
    let mut days = talk();
    for (n, words) in days.lines.iter_mut().enumerate() {
        words.at_ms = BEGAN_MS + (n as u64 + 1) * 20 * 3_600_000;
    }
    for as_end in [End::Initiator, End::Responder] {
        let mut made = transcript(&a, as_end, &days, [9; 32]).unwrap();
        assert_eq!(texts(&verify_with(&a, &made).ok().unwrap()), said(&days));
        let session = made.session;
        let field = |line: &Line| {
            let laid = parse(&line.parcel, line.header.as_ref(), None).unwrap();
            laid.fields.map_or(0, |fields| fields.ext)
        };
        let fields: Vec<_> = made.lines.iter().map(field).collect();
        assert!(
            fields.contains(&1184) && fields.contains(&1088),
            "{fields:?}"
        );
        let last = made.lines.iter_mut().rfind(|line| {
            let body = Some((&line.key, &session));
            let laid = parse(&line.parcel, line.header.as_ref(), body).unwrap();
            laid.payload.is_some_and(|said| said.ends_with(b"oui"))
        });
        let line = last.unwrap();
        let words = Edit {
            offset: crate::message::TEXT_HEAD_BYTES,
            old: b"oui",
            new: b"non",
        };
        line.parcel = edit(&line.parcel, &session, &line.key, words).unwrap();
        let heard = texts(&verify_with(&a, &made).ok().unwrap());
        assert_eq!(heard[3].1, "non");
    }
}
