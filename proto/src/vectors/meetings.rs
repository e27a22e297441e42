//! A meeting of two, from the board with the words to the edge.

use serde_json::json;

use super::{draws, ephemeral, hex, hold, key, shown};
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::link::ConnId;
use crate::meeting::{Calling, Frame, Guest, Host, Keep, KeepChoice, Passed, RoomWords, answer};
use crate::wire::Addr;
use crate::words::{Language, numbers};

const BOARD: &str = "académie zoologie abandon abeille abolir aborder aboutir aboyer";
const BOB: Option<ConnId> = Some(ConnId(2));

/// The only frame to one of the two.
fn only(passed: Passed, to: Option<ConnId>) -> Frame {
    let mut frames = passed.into_iter().filter(|(seat, _)| *seat == to);
    let (_, frame) = frames.next().unwrap();
    assert!(frames.next().is_none());
    frame
}

fn hear(guest: &mut Guest, me: &Identity, frame: &Frame, entropy: u8) -> Option<Frame> {
    let said = guest.hear(frame.clone(), me, &mut Entropy::new([entropy; 32]));
    said.unwrap_or_else(|_| panic!()).into_iter().next()
}

#[test]
fn a_meeting_goes_as_is_kept() {
    let room = RoomWords::typed(BOARD).unwrap();
    let [draw_1] = draws(50, [32]);
    let [draw_2] = draws(51, [32]);
    let (calling, first) = Calling::dial(room.key(), &mut Entropy::new([50; 32])).unwrap();
    let (second, _) = answer(room.key(), &first, &mut Entropy::new([51; 32])).unwrap();
    let mut records = calling.finish(&second).unwrap();

    let (alice, bob) = (Identity::from_seed(key(1)), Identity::from_seed(key(2)));
    let guest = |me: &Identity, nick: &str| {
        let nick = nick.to_owned();
        Guest::new(*me.point(), nick, room.copy(), 0)
    };
    let (mut of_alice, mut of_bob) = (guest(&alice, "anne"), guest(&bob, "zoé"));
    let (mut host, hello) = Host::new(Language::English, &mut Entropy::new([56; 32]));
    let hello = only(hello, None);
    let mut record = Vec::new();
    records.seal(&hello.encode(), false, &mut record).unwrap();
    host.greet(BOB);
    let commit_a = hear(&mut of_alice, &alice, &hello, 52).unwrap();
    let commit_b = hear(&mut of_bob, &bob, &hello, 53).unwrap();
    host.hear(None, commit_a.clone()).unwrap();
    for (seat, entry) in host.hear(BOB, commit_b.clone()).unwrap() {
        match seat {
            None => hear(&mut of_alice, &alice, &entry, 0),
            _ => hear(&mut of_bob, &bob, &entry, 0),
        };
    }
    let list = host.count(2).pop().unwrap().1;
    hear(&mut of_alice, &alice, &list, 0);
    hear(&mut of_bob, &bob, &list, 0);
    let open_a = of_alice.count(2).unwrap_or_default().pop().unwrap();
    let open_b = of_bob.count(2).unwrap_or_default().pop().unwrap();
    hear(&mut of_alice, &alice, &open_b, 0);
    hear(&mut of_bob, &bob, &open_a, 0);
    let words = of_alice.agreed().unwrap().words();
    assert_eq!(words, of_bob.agreed().unwrap().words());

    // Of the two the lower IK begins.
    let bob_begins = bob.point() < alice.point();
    let (i, r, me_i, me_r) = match bob_begins {
        true => (&mut of_bob, &mut of_alice, &bob, &alice),
        false => (&mut of_alice, &mut of_bob, &alice, &bob),
    };
    let entropy = |byte| Entropy::new([byte; 32]);
    let waits = r.agreed_mut().unwrap().heard_all(me_r, &mut entropy(0));
    assert!(waits.is_empty());
    let begins = i.agreed_mut().unwrap().heard_all(me_i, &mut entropy(54));
    let pair_1 = begins.into_iter().next().unwrap();
    let pair_2 = hear(r, me_r, &pair_1, 55).unwrap();
    hear(i, me_i, &pair_2, 0);
    let keep = Keep {
        choice: KeepChoice::Keep,
        addrs: vec![Addr::V4([192, 0, 2, 1], 4711)],
    };
    let no = Keep {
        choice: KeepChoice::No,
        addrs: Vec::new(),
    };
    let keep_i = i.agreed_mut().unwrap().say(1, &keep).unwrap();
    let keep_r = r.agreed_mut().unwrap().say(0, &no).unwrap();
    hear(r, me_r, &keep_i, 0);
    hear(i, me_i, &keep_r, 0);
    let heard = r.agreed().unwrap().peer(0).unwrap().heard().unwrap();
    assert!(*heard == keep);
    let root = &i.agreed().unwrap().pairing(1).unwrap().root;
    assert!(root.same(&r.agreed().unwrap().pairing(0).unwrap().root));

    let [room_id] = draws(56, [32]);
    let [kem_a, share_a] = draws(52, [64, 32]);
    let [kem_b, share_b] = draws(53, [64, 32]);
    let [m, r_i, draw_i] = draws(54, [32, 32, 32]);
    let [draw_r, r_j] = draws(55, [32, 32]);
    let of_board = numbers(BOARD, 8, Language::French).unwrap();
    let of_words = numbers(&words.join(" "), 4, Language::English).unwrap();
    let bytes = |frame: &Frame| hex(frame.encode());
    let computed = json!({
        "what": "PROTOCOL §2c. Alice of seed 01.. opens, Bob of seed 02.. joins; frames as they lie in records.",
        "secret": {"words": room.words(), "numbers": of_board, "bytes": shown(room.key())},
        "star": {
            "message_1": {"entropy": hex([50; 32]), "e": ephemeral(&draw_1), "bytes": hex(&first)},
            "message_2": {"entropy": hex([51; 32]), "e": ephemeral(&draw_2), "bytes": hex(&second)},
            "hello_by_initiator": hex(&record),
        },
        "room_id": room_id, "list": 1, "hello": bytes(&hello),
        "alice": {"nick": "anne", "entropy": hex([52; 32]), "kem_seed": kem_a, "share": share_a,
            "commit": bytes(&commit_a), "open": bytes(&open_a)},
        "bob": {"nick": "zoé", "entropy": hex([53; 32]), "kem_seed": kem_b, "share": share_b,
            "commit": bytes(&commit_b), "open": bytes(&open_b)},
        "list_frame": bytes(&list), "words": words, "word_numbers": of_words,
        "pair": {
            "bob_begins": bob_begins,
            "step_1": {"entropy": hex([54; 32]), "m": m, "r": r_i, "e": ephemeral(&draw_i), "bytes": bytes(&pair_1)},
            "step_2": {"entropy": hex([55; 32]), "e": ephemeral(&draw_r), "r": r_j, "bytes": bytes(&pair_2)},
            "keep_of_i": {"choice": 1, "addrs": ["04c00002016712"], "bytes": bytes(&keep_i)},
            "keep_of_r": {"choice": 0, "addrs": [], "bytes": bytes(&keep_r)},
        },
        "er_0": shown(root),
    });
    hold("meeting", &computed);
}
