//! Whole visits, and what a keeper does not let in.

use super::deposit::{self, Caller, Claim, Left};
use super::fetch::{self, Asked, Kept, Owner, Told};
use super::{BadTalk, BoxKeys, Drawn, Spent};
use crate::kdf::Entropy;
use crate::limits::{
    BUCKETS, FETCH_WINDOW_BYTES, FLIGHT_BYTES, MAILBOX_PARCELS_MAX, VISIT_PARCELS_MAX,
};
use crate::link::flight;
use crate::link::stamps::Stamps;
use crate::secret::{Key, Said};
use crate::token::{Caveat, Serial, Token};

const TODAY: u16 = 20_780;

fn entropy(byte: u8) -> Entropy {
    Entropy::new([byte; 32])
}

fn keys(byte: u8) -> BoxKeys {
    BoxKeys::new([byte; 16], Key::fill(|b| b.fill(byte)))
}

fn serial(generation: u16, number: u16) -> Serial {
    Serial { generation, number }
}

fn parcel(byte: u8, bucket: usize) -> Said {
    Said::new(vec![byte; BUCKETS[bucket]])
}

/// Lets a keeper judge a flight.
fn let_in(keys: &BoxKeys, spent: &mut Spent, bytes: &[u8]) -> Option<(Vec<u8>, Caller)> {
    let (hint, tag) = keys.door().knocker();
    (flight::knocks(hint, bytes) && flight::tagged(tag, bytes)).then_some(())?;
    let claim = Claim::read(keys.door(), bytes)?;
    let proved = claim.prove(keys, spent, TODAY, &mut entropy(9))?;
    let marked = proved.spend(spent);
    marked
        .answer(keys.door(), Left::Stored, &mut entropy(10))
        .ok()
}

fn flight_with(keys: &BoxKeys, token: Token) -> (deposit::Knocking, Vec<u8>) {
    deposit::visit(keys.door(), token, &mut entropy(8)).unwrap()
}

/// Both ends of a visit under this token.
fn visit(keys: &BoxKeys, token: Token) -> (deposit::Visit, Caller) {
    let (knocking, bytes) = flight_with(keys, token);
    assert_eq!(bytes.len(), FLIGHT_BYTES);
    let (answer, caller) = let_in(keys, &mut Spent::default(), &bytes).unwrap();
    assert_eq!(answer.len(), FLIGHT_BYTES);
    (knocking.finish(keys.door(), &answer).unwrap(), caller)
}

/// Feeds written bytes to a reader, as many at a time as it wants.
fn feed<T>(
    mut bytes: &[u8],
    mut wants: impl FnMut() -> usize,
    mut hear: impl FnMut(&[u8]) -> Result<Vec<T>, BadTalk>,
) -> Result<Vec<T>, BadTalk> {
    let mut heard = Vec::new();
    while !bytes.is_empty() {
        let (now, later) = bytes.split_at(wants());
        heard.extend(hear(now)?);
        bytes = later;
    }
    Ok(heard)
}

fn told(caller: &mut Caller, bytes: &[u8]) -> Result<Vec<Said>, BadTalk> {
    let caller = std::cell::RefCell::new(caller);
    feed(
        bytes,
        || caller.borrow().wants(),
        |b| caller.borrow_mut().hear(b),
    )
}

fn answered(visit: &mut deposit::Visit, bytes: &[u8]) -> Result<Vec<Left>, BadTalk> {
    let visit = std::cell::RefCell::new(visit);
    feed(
        bytes,
        || visit.borrow().wants(),
        |b| visit.borrow_mut().hear(b),
    )
}

fn said(owner: &mut Owner, bytes: &[u8]) -> Result<Vec<Told>, BadTalk> {
    let owner = std::cell::RefCell::new(owner);
    feed(
        bytes,
        || owner.borrow().wants(),
        |b| owner.borrow_mut().hear(b),
    )
}

fn kept(visit: &mut fetch::Visit, bytes: &[u8]) -> Result<Vec<Kept>, BadTalk> {
    let visit = std::cell::RefCell::new(visit);
    feed(
        bytes,
        || visit.borrow().wants(),
        |b| visit.borrow_mut().hear(b),
    )
}

#[test]
fn a_visitor_leaves_parcels_of_every_length_and_hears_what_became_of_each() {
    let keys = keys(1);
    let (mut visit, mut caller) = visit(&keys, keys.token(serial(0, 7)));
    assert!(!visit.is_full());
    for (n, bucket) in [(1, 0), (2, 2), (3, 1)] {
        let bytes = visit.leave(parcel(n, bucket)).unwrap();
        assert_eq!(told(&mut caller, &bytes).unwrap(), [parcel(n, bucket)]);
    }
    for left in [Left::Stored, Left::Full, Left::Stored] {
        let bytes = caller.say(left).unwrap();
        assert_eq!(answered(&mut visit, &bytes).unwrap(), [left]);
    }
    let bytes = caller.say(Left::Stored).unwrap();
    assert_eq!(
        answered(&mut visit, &bytes),
        Err(BadTalk),
        "an answer to nothing"
    );
}

#[test]
fn a_token_admits_so_many_parcels_and_one_that_is_bound_only_its_own() {
    let keys = keys(1);
    let (mut visitor, mut caller) = visit(&keys, keys.token(serial(0, 7)));
    for _ in 0..VISIT_PARCELS_MAX {
        let bytes = visitor.leave(parcel(1, 0)).unwrap();
        assert_eq!(told(&mut caller, &bytes).unwrap().len(), 1);
    }
    assert_eq!(visitor.left(), 0);
    assert_eq!(visitor.leave(parcel(1, 0)), Err(BadTalk));
    visitor.cheat();
    let bytes = visitor.leave(parcel(1, 0)).unwrap();
    assert_eq!(
        told(&mut caller, &bytes),
        Err(BadTalk),
        "the keeper counts too"
    );

    let bound = || {
        let token = keys.token(serial(0, 8));
        token
            .narrowed(Caveat::bound_to(&parcel(1, 0)))
            .ok()
            .unwrap()
    };
    let (mut visitor, mut caller) = visit(&keys, bound());
    assert_eq!(visitor.leave(parcel(2, 0)), Err(BadTalk));
    let (mut other, mut of_other) = visit(&keys, bound());
    other.cheat();
    let bytes = other.leave(parcel(2, 0)).unwrap();
    assert_eq!(told(&mut of_other, &bytes), Err(BadTalk));
    visitor.cheat();
    let bytes = visitor.leave(parcel(1, 0)).unwrap();
    assert_eq!(told(&mut caller, &bytes).unwrap(), [parcel(1, 0)]);
    assert_eq!(visitor.leave(parcel(1, 0)), Err(BadTalk), "once");
}

#[test]
fn a_flight_opens_once_and_a_changed_one_never() {
    let keys = keys(1);
    let mut spent = Spent::default();
    let (_, bytes) = flight_with(&keys, keys.token(serial(0, 7)));
    for at in (0..FLIGHT_BYTES).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(let_in(&keys, &mut spent, &changed).is_none(), "byte {at}");
    }
    assert!(
        spent == Spent::default(),
        "what does not open spends nothing"
    );
    assert!(let_in(&keys, &mut spent, &bytes).is_some());
    assert!(let_in(&keys, &mut spent, &bytes).is_none(), "replayed");
    let mut other = entropy(77);
    let (_, again) = deposit::visit(keys.door(), keys.token(serial(0, 7)), &mut other).unwrap();
    assert!(
        let_in(&keys, &mut spent, &again).is_none(),
        "the same token"
    );
    assert!(let_in(&self::keys(2), &mut Spent::default(), &bytes).is_none());
}

#[test]
fn who_widens_a_token_is_not_let_in() {
    let keys = keys(1);
    let given = |caveats: &[Caveat]| {
        let narrow = |token: Token, caveat: &Caveat| token.narrowed(*caveat).ok();
        caveats
            .iter()
            .try_fold(keys.token(serial(0, 7)), narrow)
            .unwrap()
    };
    let day = |later| Caveat::NotAfter(TODAY - 1 + later);
    let bound = Caveat::BoundTo([3; 32]);
    let holds = given(&[day(2), bound]);
    let claims = |caveats: &[Caveat], number, generation| {
        // The key of the token that was given, beside what it does not say of itself.
        let key = Key::fill(|b| b.copy_from_slice(holds.key().expose()));
        let as_claimed = given(caveats);
        let token = Token::given(
            serial(generation, number),
            as_claimed.caveats().clone(),
            key,
        );
        let (_, bytes) = flight_with(&keys, token);
        let_in(&keys, &mut Spent::default(), &bytes).is_some()
    };
    assert!(claims(&[day(2), bound], 7, 0), "as it is");
    assert!(
        !claims(&[], 7, 0) && !claims(&[day(2)], 7, 0) && !claims(&[bound], 7, 0),
        "removed"
    );
    assert!(!claims(&[bound, day(2)], 7, 0), "reordered");
    assert!(!claims(&[day(2), day(2), bound], 7, 0), "doubled");
    assert!(!claims(&[day(3), bound], 7, 0), "widened");
    assert!(!claims(&[day(2), bound], 8, 0) && !claims(&[day(2), bound], 7, 1));
    let late = flight_with(&keys, given(&[day(0)])).1;
    assert!(
        let_in(&keys, &mut Spent::default(), &late).is_none(),
        "its day is over"
    );
}

#[test]
fn the_owner_fetches_what_is_kept_and_shows_that_it_may_go() {
    let keys = keys(1);
    let (knocking, bytes) = fetch::visit(&keys, 5, &mut entropy(8)).unwrap();
    let (hint, tag) = keys.fetch_knocker();
    assert!(flight::knocks(hint, &bytes) && flight::tagged(tag, &bytes));
    let mut stamps = Stamps::default();
    let asked = || Asked::read(&keys, &bytes).unwrap();
    let accepted = asked().accept(&mut stamps).unwrap();
    assert!(asked().accept(&mut stamps).is_none(), "replayed");
    let (answer, mut owner) = accepted.answer(&keys, &mut entropy(9)).unwrap();
    let (mut visit, greeting) = knocking.finish(&keys, &answer).unwrap();
    assert!(matches!(
        said(&mut owner, &greeting).unwrap()[..],
        [Told::Here(5)]
    ));
    let bytes = owner.hand(3, parcel(1, 2)).unwrap();
    assert!(bytes.len() < FETCH_WINDOW_BYTES);
    let got = kept(&mut visit, &bytes).unwrap();
    let only = Kept::Parcel {
        slot: 3,
        parcel: parcel(1, 2),
    };
    assert_eq!(got, [only]);
    let sum = *blake3::hash(&parcel(1, 2)).as_bytes();
    let bytes = visit.delete(&keys, 3, &parcel(1, 2)).unwrap();
    let [Told::Delete { slot: 3, receipt }] = said(&mut owner, &bytes).unwrap()[..] else {
        panic!("no receipt");
    };
    assert!(fetch::is_receipt(&keys, 3, &sum, &receipt));
    assert!(!fetch::is_receipt(&keys, 4, &sum, &receipt));
    assert!(!fetch::is_receipt(&keys, 3, &[0; 32], &receipt));
    assert!(!fetch::is_receipt(&self::keys(2), 3, &sum, &receipt));
    let bytes = owner.all().unwrap();
    assert_eq!(kept(&mut visit, &bytes).unwrap(), [Kept::All]);
}

#[test]
fn each_side_hears_only_what_the_other_may_say() {
    let keys = keys(1);
    let (mut visitor, mut caller) = visit(&keys, keys.token(serial(0, 7)));
    let bytes = visitor.leave(parcel(1, 0)).unwrap();
    let mut cut = bytes.clone();
    cut[40] ^= 1;
    assert_eq!(told(&mut caller, &cut), Err(BadTalk));
    assert_eq!(told(&mut caller, &bytes), Err(BadTalk), "for good");

    let (knocking, bytes) = fetch::visit(&keys, 5, &mut entropy(8)).unwrap();
    let accepted = Asked::read(&keys, &bytes)
        .unwrap()
        .accept(&mut Stamps::default());
    let (answer, mut owner) = accepted.unwrap().answer(&keys, &mut entropy(9)).unwrap();
    let (mut visit, greeting) = knocking.finish(&keys, &answer).unwrap();
    said(&mut owner, &greeting).unwrap();
    let bytes = visit
        .talk
        .say(&super::talk::Frame::Parcel(parcel(1, 0)))
        .unwrap();
    assert!(
        said(&mut owner, &bytes).is_err(),
        "an owner leaves nothing here"
    );
}

#[test]
fn tokens_of_one_batch_have_nothing_in_common_but_the_box() {
    let keys = keys(1);
    let (mut drawn, mut random) = (Drawn::default(), entropy(5));
    let flights: Vec<Vec<u8>> = (0..16)
        .filter_map(|n| {
            let token = keys.token(drawn.draw(&mut random)?);
            let visited = deposit::visit(keys.door(), token, &mut entropy(100 + n));
            Some(visited.unwrap().1)
        })
        .collect();
    // All that a keeper sees of a visitor, under the masks: a serial of the generation, and nothing
    // that two have in common.
    let plain = |bytes: &Vec<u8>| flight::open_all(&keys.door().lock.wrap_in, bytes).unwrap();
    let plain: Vec<_> = flights.iter().map(plain).collect();
    for (n, one) in plain.iter().enumerate() {
        for other in &plain[n + 1..] {
            assert_eq!(one[..10], other[..10], "stamp and generation of all");
            assert_ne!(one[10..12], other[10..12], "serial");
            assert_eq!(one[12], other[12], "no condition");
            let same = one[13..62]
                .iter()
                .zip(&other[13..62])
                .filter(|(a, b)| a == b);
            assert!(same.count() < 6, "a handshake message is random");
            assert_eq!(one[62..], other[62..], "zeros");
        }
    }
}

/// Both ends of a visit by the owner.
fn at_home(keys: &BoxKeys) -> (fetch::Visit, Owner) {
    let (knocking, bytes) = fetch::visit(keys, 5, &mut entropy(8)).unwrap();
    let accepted = Asked::read(keys, &bytes).unwrap();
    let accepted = accepted.accept(&mut Stamps::default()).unwrap();
    let (answer, owner) = accepted.answer(keys, &mut entropy(9)).unwrap();
    (knocking.finish(keys, &answer).unwrap().0, owner)
}

#[test]
fn a_keeper_that_hands_out_the_same_number_again_or_goes_back_ends_the_visit() {
    for (first, second, fits) in [(4, 5, true), (4, 9, true), (4, 4, false), (4, 3, false)] {
        let (mut visit, mut owner) = at_home(&keys(1));
        for (slot, fits) in [(first, true), (second, fits)] {
            let bytes = owner.hand(slot, parcel(1, 0)).unwrap();
            assert_eq!(kept(&mut visit, &bytes).is_ok(), fits, "{first}, {second}");
        }
    }
}

#[test]
fn a_keeper_hands_out_as_many_parcels_as_a_box_has_room_for_and_no_more() {
    let (mut visit, mut owner) = at_home(&keys(1));
    for slot in 0..=MAILBOX_PARCELS_MAX as u32 {
        let bytes = owner.hand(slot, parcel(1, 0)).unwrap();
        let fits = slot < MAILBOX_PARCELS_MAX as u32;
        assert_eq!(kept(&mut visit, &bytes).is_ok(), fits);
    }
}

#[test]
fn a_visitor_who_says_nothing_in_whole_records_is_not_heard_on() {
    let keys = keys(1);
    let (mut visitor, mut caller) = visit(&keys, keys.token(serial(0, 7)));
    let bytes = visitor.leave(parcel(1, 0)).unwrap();
    assert_eq!(told(&mut caller, &bytes).unwrap().len(), 1);
    let bytes = visitor.dawdle().unwrap();
    assert_eq!(told(&mut caller, &bytes), Err(BadTalk));
}
