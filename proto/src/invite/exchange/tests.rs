//! An invitation used from end to end, and what ends it.

use super::*;
use crate::identity::Identity;
use crate::invite::Code;
use crate::wire::Addr;
use crate::words::Language;

fn identity(n: u8) -> Identity {
    Identity::from_seed(Key::fill(|b| b.fill(n)))
}

fn keys(inviter: &Identity, secret: u8) -> InviteKeys {
    InviteKeys::of(&Code {
        expiry_min: 100,
        ik: *inviter.point().as_bytes(),
        secret: Code::secret(|s| s.fill(secret)),
        addrs: Vec::new(),
        language: Language::French,
    })
}

fn about(nick: &str) -> Introduction {
    Introduction {
        nick: nick.into(),
        addrs: vec![Addr::Onion([1; 32], 9), Addr::V4([127, 0, 0, 1], 4040)],
    }
}

#[test]
fn an_invitation_makes_the_same_edge_on_both_sides() {
    let (i, j) = (identity(1), identity(2));
    let keys = keys(&i, 3);
    let mut e = Entropy::new([4; 32]);
    let (asking, first) = ask(&keys, &j, i.point(), &mut e).unwrap();
    assert_eq!(first.len(), INVITE_FLIGHT_BYTES);
    assert!(flight::knocks(&keys.hint, &first) && flight::tagged(&keys.flight, &first));
    let (heard, second) = hear(&keys, &i, &first, &mut e).unwrap();
    assert_eq!(second.len(), INVITE_FLIGHT_BYTES);
    let mut claim = asking.claim(&keys, &second, &about("zoé"), &mut e).unwrap();
    assert_eq!(claim.message.len(), CLAIM_BYTES);
    let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
    assert!(claimed.root.same(&claim.root));
    assert!(claimed.joiner == *j.point() && claimed.about == about("zoé"));
    let record = seal_verdict(&mut claimed.records, Verdict::Accepted, &about("bob")).unwrap();
    assert_eq!(record.len(), CLAIM_BYTES);
    let (verdict, host) = open_verdict(&mut claim.records, &record).unwrap();
    assert!(verdict == Verdict::Accepted && host == about("bob"));
}

#[test]
fn the_largest_introduction_fits_and_a_longer_nick_is_left_out() {
    let (i, j) = (identity(1), identity(2));
    let keys = keys(&i, 3);
    let mut e = Entropy::new([4; 32]);
    for (length, told) in [(128, 128), (129, 0)] {
        let (asking, first) = ask(&keys, &j, i.point(), &mut e).unwrap();
        let (heard, second) = hear(&keys, &i, &first, &mut e).unwrap();
        let me = Introduction {
            nick: "n".repeat(length),
            addrs: vec![Addr::Onion([1; 32], 9); 3],
        };
        let claim = asking.claim(&keys, &second, &me, &mut e).unwrap();
        let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
        assert_eq!(claimed.about.nick.len(), told);
        let record = seal_verdict(&mut claimed.records, Verdict::Accepted, &me).unwrap();
        assert_eq!(record.len(), CLAIM_BYTES);
    }
}

#[test]
fn another_secret_another_inviter_and_every_flipped_byte_are_refused() {
    let (i, j) = (identity(1), identity(2));
    let keys_true = keys(&i, 3);
    let mut e = Entropy::new([4; 32]);
    let (_, first) = ask(&keys_true, &j, i.point(), &mut e).unwrap();
    let other = keys(&i, 5);
    assert!(!flight::knocks(&other.hint, &first));
    assert!(hear(&other, &i, &first, &mut e).is_err());
    assert!(hear(&keys_true, &identity(9), &first, &mut e).is_err());
    let (heard, second) = hear(&keys_true, &i, &first, &mut e).unwrap();
    for at in [0, 24, 100, 1200, 1535] {
        let (asking, _) = ask(&keys_true, &j, i.point(), &mut e).unwrap();
        let mut bad = second.clone();
        bad[at] ^= 1;
        assert!(
            asking.claim(&keys_true, &bad, &about(""), &mut e).is_err(),
            "byte {at}"
        );
    }
    assert!(heard.claimed(&keys_true, &[0; CLAIM_BYTES]).is_err());
}

#[test]
fn an_unknown_version_or_suite_ends_the_run() {
    let (i, j) = (identity(1), identity(2));
    let keys = keys(&i, 3);
    let mut e = Entropy::new([4; 32]);
    for head in [[2, 1], [1, 0], [1, 2]] {
        let (_, ek) = Opener::draw(&mut e);
        let mut handshake = keys
            .start(&j, Some(i.point()), Role::Initiator, &mut e)
            .unwrap();
        let noise = handshake.write(&[head.as_slice(), &ek].concat()).unwrap();
        let bytes = flight::seal_with(
            &keys.hint,
            &keys.flight,
            &keys.wrap_j,
            [7; 24],
            0,
            &noise,
            INVITE_FLIGHT_BYTES,
        );
        assert!(hear(&keys, &i, &bytes, &mut e).is_err(), "{head:?}");
    }
}
