//! A mailbox: its keys, its tokens, a visit, a fetch.

use serde_json::json;

use super::{draws, ephemeral, hex, hold, shown};
use crate::kdf::{self, Entropy, label};
use crate::link::stamps::Stamps;
use crate::mailbox::deposit::{self, Claim, Left};
use crate::mailbox::fetch::{self, Asked};
use crate::mailbox::{BoxKeys, Spent};
use crate::secret::{Key, Said};
use crate::token::{Caveat, Serial, Token};

const TODAY: u16 = 20_780;

fn keys() -> BoxKeys {
    BoxKeys::new([0xb0; 16], Key::fill(|b| b.fill(7)))
}

fn parcel() -> Said {
    Said::new((0..2048).map(|n| n as u8).collect())
}

#[test]
fn tokens_are_made_and_narrowed_as_is_kept() {
    let keys = keys();
    let first = || {
        keys.token(Serial {
            generation: 1,
            number: 258,
        })
    };
    let narrow = |token: Token, caveat| token.narrowed(caveat).ok().unwrap();
    let day = Caveat::NotAfter(TODAY);
    let only = Caveat::bound_to(&parcel());
    let cases = [
        ("no condition", first()),
        ("not after a day", narrow(first(), day)),
        ("bound to one parcel", narrow(first(), only)),
        ("both", narrow(narrow(first(), day), only)),
        (
            "both, the other way round",
            narrow(narrow(first(), only), day),
        ),
    ];
    let cases = cases.map(|(what, token)| {
        json!({"what": what, "shown": hex(token.shown().as_slice()), "t": shown(token.key()),
            "psk": hex(kdf::digest::<32>(label::DOOR_PSK, &[token.key().expose()]))})
    });
    let door = [keys.door().secret().expose().as_slice()];
    let key = [keys.key().expose().as_slice()];
    let of = |label, from: &[&[u8]]| hex(kdf::digest::<32>(label, from));
    let computed = json!({
        "what": "PROTOCOL §5. The box of id b0.. and K_box 07.., its doors' keys, and tokens of serial 258 in generation 1. shown: generation, serial and conditions as a flight has them.",
        "box_id": hex(keys.id()), "k_box": shown(keys.key()), "door": shown(keys.door().secret()),
        "leaving": {"hint": of(label::DOOR_HINT, &door), "flight": of(label::DOOR_FLIGHT, &door),
            "wrap_in": of(label::DOOR_WRAP_IN, &door), "wrap_out": of(label::DOOR_WRAP_OUT, &door)},
        "fetching": {"hint": of(label::FETCH_HINT, &key), "flight": of(label::FETCH_FLIGHT, &key),
            "wrap_in": of(label::FETCH_WRAP_IN, &key), "wrap_out": of(label::FETCH_WRAP_OUT, &key),
            "psk": of(label::DOOR_FETCH, &key)},
        "parcel": "bytes 0 to 255, again and again, 2048 of them", "day": TODAY, "tokens": cases,
    });
    hold("token", &computed);
}

#[test]
fn a_mailbox_is_visited_and_emptied_as_is_kept() {
    let keys = keys();
    let serial = Serial {
        generation: 1,
        number: 258,
    };
    let token = keys.token(serial).narrowed(Caveat::NotAfter(TODAY));
    let (knocking, leaving) = deposit::visit(
        keys.door(),
        token.ok().unwrap(),
        &mut Entropy::new([70; 32]),
    )
    .unwrap();
    let claim = Claim::read(keys.door(), &leaving).unwrap();
    // The keeper draws for its handshake, then for the answer's nonce.
    let (mut entropy, mut spent) = (Entropy::new([71; 32]), Spent::default());
    let proved = claim.prove(&keys, &spent, TODAY, &mut entropy).unwrap();
    let marked = proved.spend(&mut spent);
    let answered = marked.answer(keys.door(), Left::Stored, &mut entropy);
    let (answer, mut caller) = answered.unwrap();
    let mut visit = knocking.finish(keys.door(), &answer).unwrap();
    let left = visit.leave(parcel()).unwrap();
    let status = caller.say(Left::Stored).unwrap();
    let deposit = json!({
        "visitor": {"entropy": hex([70; 32]), "e": ephemeral(&draws(70, [32])[0]), "nonce": draws(70, [32, 24])[1], "flight": hex(&leaving)},
        "keeper": {"entropy": hex([71; 32]), "e": ephemeral(&draws(71, [32])[0]), "nonce": draws(71, [32, 24])[1], "code": 0, "answer": hex(&answer)},
        "parcel_by_visitor": hex(left), "stored_by_keeper": hex(status),
    });

    let stamp = 1_795_000_000_000;
    let (knocking, flight) = fetch::visit(&keys, stamp, &mut Entropy::new([72; 32])).unwrap();
    let accepted = Asked::read(&keys, &flight)
        .unwrap()
        .accept(&mut Stamps::default());
    let answered = accepted.unwrap().answer(&keys, &mut Entropy::new([73; 32]));
    let (answer, mut owner) = answered.unwrap();
    let (mut visit, greeting) = knocking.finish(&keys, &answer).unwrap();
    let slot = owner.hand(3, parcel()).unwrap();
    let all = owner.all().unwrap();
    let deleted = visit.delete(&keys, 3, &parcel()).unwrap();
    let fetch = json!({
        "stamp": stamp,
        "owner": {"entropy": hex([72; 32]), "e": ephemeral(&draws(72, [32])[0]), "nonce": draws(72, [32, 24])[1], "flight": hex(&flight)},
        "keeper": {"entropy": hex([73; 32]), "e": ephemeral(&draws(73, [32])[0]), "nonce": draws(73, [32, 24])[1], "answer": hex(&answer)},
        "greeting_by_owner": hex(greeting), "slot": 3, "slot_by_keeper": hex(slot), "all_by_keeper": hex(all),
        "deleted_by_owner": hex(deleted),
    });
    let computed = json!({
        "what": "PROTOCOL §5. At the box of vectors/token.json: the token that is not for after a day leaves a parcel, the owner fetches it. Records in the order in which each side sends them.",
        "deposit": deposit, "fetch": fetch,
    });
    hold("mailbox", &computed);
}
