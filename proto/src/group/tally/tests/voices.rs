//! Several computers of one person are one voice. Attack 91 of PROTOCOL §7.

use super::*;

/// Three people, of whom the first has the computers 1, 11 and 21; 1 is their voice.
fn room() -> Room {
    let mut seats: Vec<Seat> = (2..=3).map(|n| Seat::of(Role::Member, ik(n))).collect();
    seats.push(Seat {
        role: Role::Member,
        computers: vec![ik(1), ik(11), ik(21)],
        voice: ik(1),
    });
    Room::seated(seats, Policy::default())
}

fn text(room: &mut Room) -> Hash {
    room.propose(2, What::Text { file: [0; 32] })
}

/// What the seat of the three computers said.
fn word(room: &Room, motion: Hash) -> Option<(Position, bool)> {
    let says = room.standing(motion).says;
    let say = says.into_iter().find(|say| say.seat == ik(1))?;
    Some((say.position, say.closed))
}

#[test]
pub(super) fn computers_of_one_seat_neither_contradict_nor_vote_twice() {
    let mut room = room();
    let text = text(&mut room);
    room.yes([11, 21], text);
    room.say(11, text, Position::Object);
    assert_eq!(word(&room, text), None);
    room.yes([1], text);
    room.say(21, text, Position::Object);
    assert_eq!(word(&room, text), Some((Position::Agree, true)));
    assert_eq!(room.standing(text).agree, 2);
}

#[test]
pub(super) fn who_is_not_the_voice_proposes_without_agreeing() {
    let mut room = room();
    let add = room.propose(11, What::Add(ik(9)));
    room.yes([2, 3, 11], add);
    assert!(!room.passed(add));
    room.yes([1], add);
    assert!(room.passed(add));
}

#[test]
pub(super) fn after_a_hand_over_only_the_new_voice_counts() {
    let mut room = room();
    let text = text(&mut room);
    room.say(1, text, Position::Ask);
    room.hear(1, Counting::Voice(ik(11)));
    room.say(1, text, Position::Object);
    assert_eq!(word(&room, text), Some((Position::Ask, false)));
    room.yes([11], text);
    room.close(1, text);
    assert_eq!(word(&room, text), Some((Position::Agree, true)));
}

#[test]
pub(super) fn what_the_old_voice_closed_stays_closed() {
    let mut room = room();
    let text = text(&mut room);
    room.yes([1], text);
    room.hear(1, Counting::Voice(ik(11)));
    room.say(11, text, Position::Object);
    assert_eq!(word(&room, text), Some((Position::Agree, true)));
}

#[test]
pub(super) fn a_voice_goes_round_and_only_to_computers_of_the_seat() {
    let mut room = room();
    let text = text(&mut room);
    room.hear(1, Counting::Voice(ik(2)));
    room.hear(11, Counting::Voice(ik(11)));
    room.hear(1, Counting::Voice(ik(11)));
    room.hear(11, Counting::Voice(ik(1)));
    room.say(1, text, Position::Agree);
    assert_eq!(word(&room, text), Some((Position::Agree, false)));
    room.hear(1, Counting::Voice(ik(21)));
    room.say(1, text, Position::Object);
    room.say(21, text, Position::Abstain);
    assert_eq!(word(&room, text), Some((Position::Abstain, false)));
}

#[test]
pub(super) fn a_later_incarnation_speaks_after_an_earlier_one() {
    let mut room = room();
    let text = text(&mut room);
    room.say(3, text, Position::Object);
    let again = room.hear_at(
        3,
        1,
        Counting::Say {
            motion: text,
            position: Position::Agree,
        },
    );
    room.held.get_mut(&again).unwrap().incarnation = 1;
    let says = room.standing(text).says;
    let say = says.iter().find(|say| say.seat == ik(3)).unwrap();
    assert_eq!(say.position, Position::Agree);
}
