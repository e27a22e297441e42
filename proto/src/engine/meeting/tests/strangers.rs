//! Whoever comes to the listener of a meeting without being one of its people.

use super::room::Room;
use super::*;
use crate::engine::{Stage, Standing};
use crate::kdf::Entropy;
use crate::limits::MEETING_PENDING_MAX;
use crate::meeting::{Calling, STAR_BYTES};

#[test]
fn a_thousand_who_say_nothing_hold_no_place_and_take_none() {
    let mut room = Room::of(3);
    room.gather();
    for _ in 0..1000 {
        room.stranger(0);
        let conns = room.nodes[0].engine.conns.len();
        assert!(conns <= MEETING_PENDING_MAX + 3, "{conns} connections");
    }
    assert_eq!(room.view(0).people.len(), 2);
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met; 2]);
}

#[test]
fn a_thousand_who_greet_and_bring_nothing_hold_no_place_either() {
    let mut room = Room::of(2);
    room.gather();
    let none = RoomWords::none();
    for n in 0..1000u16 {
        let mut entropy = [0; 32];
        entropy[..2].copy_from_slice(&n.to_le_bytes());
        let (_, bytes) = Calling::dial(none.key(), &mut Entropy::new(entropy)).unwrap();
        let conn = room.stranger(0);
        room.stranger_says(0, conn, &bytes);
        let conns = room.nodes[0].engine.conns.len();
        assert!(conns <= MEETING_PENDING_MAX + 3, "{conns} connections");
    }
    assert_eq!(room.view(0).people.len(), 1);
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
}

#[test]
fn who_does_not_speak_the_language_of_the_star_is_let_go() {
    let mut room = Room::of(2);
    room.gather();
    let conn = room.stranger(0);
    room.stranger_says(0, conn, &[7; STAR_BYTES]);
    assert!(!room.is_open(0, conn));
    assert_eq!(room.view(0).people.len(), 1);
}

#[test]
fn a_record_that_does_not_authenticate_ends_its_connection_and_nothing_else() {
    let mut room = Room::of(2);
    room.gather();
    let none = RoomWords::none();
    let (_, bytes) = Calling::dial(none.key(), &mut Entropy::new([1; 32])).unwrap();
    let conn = room.stranger(0);
    room.stranger_says(0, conn, &bytes);
    assert!(room.is_open(0, conn));
    room.stranger_says(0, conn, &[9; 20_000]);
    assert!(!room.is_open(0, conn));
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
}

#[test]
fn nobody_comes_in_where_no_meeting_is() {
    let mut room = Room::of(2);
    let conn = room.stranger(0);
    assert!(!room.is_open(0, conn));
    room.gather();
    room.people_go_on();
    let conn = room.stranger(0);
    assert!(!room.is_open(0, conn));
}

/// Attack 42: one machine more than people.
#[test]
fn a_machine_that_nobody_counted_stops_all() {
    for counts_first in [0, 1] {
        let mut room = Room::of(4);
        room.counts = |_| 3;
        room.gather();
        assert!(room.meet(counts_first, Meet::Count(3)).is_ok());
        assert!(room.meet(0, Meet::Count(3)).is_ok() || counts_first == 0);
        let counted = 3;
        assert_eq!(room.over(0), Some(End::CountDiffers { counted, there: 4 }));
        for at in 0..4 {
            assert!(room.over(at).is_some() && room.contacts(at).is_empty());
        }
    }
}

#[test]
fn who_takes_a_nickname_that_looks_the_same_gets_no_seat() {
    for nick in ["anne", "ANNE", "аnne", "ann\u{0435}"] {
        let mut room = Room::of(2);
        room.gather();
        assert_eq!(room.view(0).people.len(), 1);
        let mut room = Room::of(2);
        let begin = Room::beginning(0, None);
        assert!(room.meet(0, Meet::Begin(begin)).is_ok());
        let mut begin = Room::beginning(1, Some(Room::meeting_addr(0)));
        begin.nick = nick.to_owned();
        assert!(room.meet(1, Meet::Begin(begin)).is_ok());
        assert_eq!(room.over(1), Some(End::NickTaken), "{nick}");
        assert!(room.view(0).people.is_empty());
    }
}

#[test]
fn who_comes_too_late_hears_that_it_began() {
    let mut room = Room::of(3);
    room.takes_part = |at| at != 2;
    room.gather();
    room.until_naming();
    let begin = Room::beginning(2, Some(Room::meeting_addr(0)));
    assert!(room.meet(2, Meet::Begin(begin)).is_ok());
    assert_eq!(room.over(2), Some(End::Begun));
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
}

/// The room's words stay those of the room: a nickname that nothing can be shown of is none.
#[test]
fn a_nickname_must_be_one_that_can_be_shown() {
    let mut room = Room::of(1);
    for nick in ["", "   ", "\u{200b}", &"x".repeat(129)] {
        let mut begin = Room::beginning(0, None);
        begin.nick = nick.to_owned();
        let refused = room.meet(0, Meet::Begin(begin));
        assert!(matches!(refused, Err(Refusal::BadNick)));
    }
}

#[test]
fn a_listener_that_picks_another_line_keeps_nobody() {
    for wrong in [None, Some(0), Some(1), Some(2), Some(3)] {
        let mut room = Room::of(2);
        room.gather();
        room.count_all();
        let Stage::Listening { lines } = room.view(1).stage else {
            panic!("no lines")
        };
        let Stage::Ticking { words } = room.view(0).stage else {
            panic!("no words")
        };
        let right = lines.iter().position(|line| *line == words);
        if wrong.map(usize::from) == right {
            continue;
        }
        assert!(room.meet(1, Meet::Picked(wrong)).is_ok());
        assert_eq!(room.over(1), Some(End::NotSame));
        let who = room.place(0, 1);
        let _ = room.meet(0, Meet::Heard { who, same: false });
        assert_eq!(room.over(0), Some(End::NotSame));
        assert!(room.contacts(0).is_empty() && room.contacts(1).is_empty());
    }
}

#[test]
fn a_meeting_with_which_nobody_goes_on_ends() {
    let mut room = Room::of(2);
    room.gather();
    room.pass_minutes(91);
    for at in 0..2 {
        assert!(matches!(room.over(at), Some(End::Late | End::HostGone)));
        assert!(room.nodes[at].engine.conns.is_empty());
    }
}
