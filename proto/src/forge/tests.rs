//! What one party alone can make, the other's real code takes; and what they cannot make, it refuses.

use super::*;
use crate::invite::Code;
use crate::invite::exchange::{
    Introduction, InviteKeys, Verdict, ask, hear, open_verdict, seal_verdict,
};
use crate::kdf::Entropy;
use crate::kem::Opener;
use crate::limits::{BUCKETS, SCRIPT_LINES_MAX, TRANSCRIPT_FILE_BYTES_MAX};
use crate::link::{self, Records, flight, hello};
use crate::noise::{self, StandIn};
use crate::ratchet::Standings;
use crate::words::Language;

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
            keys.to.ake_header.expose(),
            keys.from.ake_header.expose(),
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

/// What can be heard on a link, its receiver could have made: flight and answer, and so both
/// directions' records, Hello and all.
#[test]
fn every_authenticator_of_a_link_is_producible_by_its_receiver() {
    let [a, b] = friends();
    let mirrored = b.keys.mirrored();
    // Bruno, who answers, dials himself in Anne's name.
    let ephemeral = noise::ephemeral(&mut Entropy::new([5; 32]));
    let anne = StandIn::new(*a.me.point(), &b.me, ephemeral);
    let mut entropy = Entropy::new([4; 32]);
    let (dialled, bytes) = link::dial(&mirrored, &anne, b.me.point(), 77, &mut entropy).unwrap();
    let door = &b.keys.from;
    assert!(flight::knocks(&door.hint, &bytes) && flight::tagged(&door.flight, &bytes));
    assert_eq!(link::stamp_of(&b.keys, &bytes), Some(77));
    let mut entropy = Entropy::new([5; 32]);
    let (reply, mine) = link::answer(&b.keys, &b.me, a.me.point(), &bytes, &mut entropy).unwrap();
    let theirs = dialled.finish(&mirrored, &reply).unwrap();
    both_speak(theirs, mine);

    // Bruno, who dials, answers himself in Anne's name.
    let ephemeral = noise::ephemeral(&mut Entropy::new([6; 32]));
    let anne = StandIn::new(*a.me.point(), &b.me, ephemeral);
    let mut entropy = Entropy::new([6; 32]);
    let (dialled, bytes) = link::dial(&b.keys, &b.me, a.me.point(), 78, &mut entropy).unwrap();
    let mut entropy = Entropy::new([7; 32]);
    let (reply, theirs) =
        link::answer(&mirrored, &anne, b.me.point(), &bytes, &mut entropy).unwrap();
    both_speak(dialled.finish(&b.keys, &reply).unwrap(), theirs);
}

/// A record with a Hello opens in each direction, whoever made it.
fn both_speak(mut one: Records, mut two: Records) {
    for _ in 0..2 {
        let hello = hello::encode(&Standings::default());
        let (mut wire, mut read) = (Vec::new(), Vec::new());
        one.seal(&hello, false, &mut wire).unwrap();
        assert_eq!(two.length([wire[0], wire[1]]), Ok(wire.len() - 2));
        two.open(&wire[2..], &mut read).unwrap();
        assert_eq!(hello::decode(&read).unwrap(), Standings::default());
        core::mem::swap(&mut one, &mut two);
    }
}

/// Message 3 names the joiner, and the verdict the inviter: both could have been made by the other.
#[test]
fn every_authenticator_of_an_invitation_is_producible_by_its_receiver() {
    let (i, j) = (identity(1), identity(2));
    let keys = InviteKeys::of(&Code {
        expiry_min: 100,
        ik: *i.point().as_bytes(),
        secret: Code::secret(|s| s.fill(3)),
        addrs: Vec::new(),
        language: Language::French,
    });
    let about = Introduction::default();
    // The inviter plays the joiner.
    let joiner = StandIn::new(*j.point(), &i, noise::ephemeral(&mut Entropy::new([5; 32])));
    let mut theirs = Entropy::new([4; 32]);
    let (asking, first) = ask(&keys, &joiner, i.point(), &mut theirs).unwrap();
    assert!(flight::knocks(&keys.hint, &first) && flight::tagged(&keys.flight, &first));
    let (heard, second) = hear(&keys, &i, &first, &mut Entropy::new([5; 32])).unwrap();
    let claim = asking.claim(&keys, &second, &about, &mut theirs).unwrap();
    let claimed = heard.claimed(&keys, &claim.message).unwrap();
    assert!(claimed.joiner == *j.point() && claimed.root.same(&claim.root));

    // The joiner plays the inviter, down to the verdict.
    let mut entropy = Entropy::new([6; 32]);
    Opener::draw(&mut entropy);
    let inviter = StandIn::new(*i.point(), &j, noise::ephemeral(&mut entropy));
    let mut mine = Entropy::new([6; 32]);
    let (asking, first) = ask(&keys, &j, i.point(), &mut mine).unwrap();
    let (heard, second) = hear(&keys, &inviter, &first, &mut Entropy::new([7; 32])).unwrap();
    let mut claim = asking.claim(&keys, &second, &about, &mut mine).unwrap();
    let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
    let record = seal_verdict(&mut claimed.records, Verdict::Accepted, &about).unwrap();
    let (verdict, _) = open_verdict(&mut claim.records, &record).unwrap();
    assert!(verdict == Verdict::Accepted && claimed.root.same(&claim.root));
}

/// A1, A2 and each ratchet parcel: see the sessions above, where every parcel of the other end was
/// made by its reader. Here the least that is needed: what opens one makes one.
#[test]
fn who_can_open_a_parcel_can_make_one_of_any_bucket() {
    let [a, b] = friends();
    for length in [1, 693, 694, 6837, 6838] {
        let text = "m".repeat(length);
        let lines = script(&[(End::Initiator, &text)]);
        let truly = converse([&b, &a], End::Responder, &lines, [8; 32]);
        let Ok(truly) = truly else {
            assert!(length > 693);
            continue;
        };
        let line = &truly.lines[4];
        assert!(BUCKETS.contains(&line.parcel.len()));
        let new = "n".repeat(length);
        let words = Edit {
            offset: crate::message::TEXT_HEAD_BYTES,
            old: text.as_bytes(),
            new: new.as_bytes(),
        };
        let parcel = edit(&line.parcel, &truly.session, &line.key, words).unwrap();
        let body = Some((&line.key, &truly.session));
        let laid = parse(&parcel, line.header.as_ref(), body).unwrap();
        assert!(laid.payload.unwrap().ends_with(new.as_bytes()));
    }
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
