//! Engines at one table, people who read, hear and choose, and a network that may lose things.

mod losses;
mod room;
mod strangers;

use super::*;
use crate::engine::{How, Standing};
use room::Room;

#[test]
fn two_meet_at_a_table_and_are_friends() {
    let mut room = Room::of(2);
    room.gather();
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
    assert_eq!(room.standings(1), [Standing::Met]);
    assert_eq!(room.contacts(0)[0].how, How::Met);
    room.pass_minutes(1);
    room.assert_linked(0, 1);
}

#[test]
fn twelve_meet_with_one_comparison_and_all_can_talk() {
    let mut room = Room::of(12);
    room.gather();
    room.people_go_on();
    for at in 0..12 {
        assert_eq!(room.standings(at), [Standing::Met; 11], "node {at}");
        assert_eq!(room.contacts(at).len(), 11);
        assert!(room.over(at).is_some());
    }
    room.pass_minutes(2);
    for (a, b) in [(0, 1), (3, 9), (10, 11)] {
        room.assert_linked(a, b);
    }
}

#[test]
fn who_is_not_kept_by_both_is_kept_by_none() {
    let mut room = Room::of(3);
    room.keeps = |at, of| !(at == 1 && of == 2);
    room.gather();
    room.people_go_on();
    assert_eq!(room.standing_of(1, 2), Standing::NotKept);
    assert_eq!(room.standing_of(2, 1), Standing::Declined);
    assert_eq!(room.standing_of(0, 2), Standing::Met);
    assert_eq!(room.contacts(1).len(), 1);
    assert_eq!(room.contacts(2).len(), 1);
}

#[test]
fn who_is_declined_or_left_before_they_chose_has_nothing_to_choose_and_is_done() {
    for leaves in [false, true] {
        let mut room = Room::of(2);
        room.gather();
        room.until_naming();
        let who = room.place(1, 0);
        let goes = match leaves {
            true => Meet::Leave,
            false => Meet::Keep { who, petname: None },
        };
        let _ = room.meet(1, goes);
        assert!(room.over(0).is_some(), "leaves: {leaves}");
        assert_eq!(room.standing_of(0, 1), Standing::Declined);
        assert!(room.contacts(0).is_empty());
    }
}

#[test]
fn a_name_that_is_chosen_at_a_meeting_is_nobody_elses() {
    let mut room = Room::of(2);
    room.gather();
    keeps_early(&mut room, 0, 1, "zoé").unwrap();
    assert_eq!(room.standings(0), [Standing::Chosen]);
    let invite = crate::engine::Request::Invite {
        name: "Zoe".into(),
        lifetime_s: 3600,
        addrs: Vec::new(),
        language: crate::words::Language::French,
    };
    let taken = Refusal::NameTaken {
        petname: "zoé".into(),
    };
    assert_eq!(room.ask(0, invite).err(), Some(taken));
}

#[test]
fn friends_who_meet_keep_the_edge_they_have() {
    let mut room = Room::of(2);
    room.gather();
    room.people_go_on();
    room.pass_minutes(1);
    room.assert_linked(0, 1);
    let root = |room: &Room| {
        let friend = room.nodes[0].engine.friends.values().next().unwrap();
        friend.edges.one().map(|edge| edge.dialled().name)
    };
    let before = root(&room);
    room.gather();
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
    assert_eq!(room.standings(1), [Standing::Met]);
    assert_eq!(room.contacts(0).len(), 1);
    assert_eq!(root(&room), before);
}

#[test]
fn a_friend_whom_the_other_has_not_any_more_is_left_as_they_are() {
    let mut room = Room::of(2);
    room.gather();
    room.people_go_on();
    room.pass_minutes(1);
    let name = room.contacts(0)[0].petname.clone();
    assert!(room.ask(0, crate::engine::Request::Remove { name }).is_ok());
    room.gather();
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::OneSided]);
    assert_eq!(room.standings(1), [Standing::OneSided]);
    assert_eq!((room.contacts(0).len(), room.contacts(1).len()), (0, 1));
}

/// Nodes 0 and 1 are friends; now node 2 sits with node 0, who gives it the name of node 1.
fn with_another_computer() -> Room {
    let mut room = Room::of(3);
    room.takes_part = |at| at != 2;
    room.gather();
    room.people_go_on();
    room.takes_part = |at| at != 1;
    room.begin = |at, begin| {
        if at == 0 {
            begin.replace = Some(Room::name(1));
        }
    };
    room.called = |_, of| match of {
        2 => Room::name(1),
        _ => Room::name(of),
    };
    room
}

#[test]
fn a_friend_with_a_new_computer_gets_her_name_back() {
    let mut room = with_another_computer();
    room.gather();
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
    let engine = &room.nodes[0].engine;
    let named = engine
        .friends
        .values()
        .filter(|it| it.petname.is(&Room::name(1)));
    let points: Vec<_> = named.map(|it| it.point).collect();
    assert!(points == [*room.nodes[2].engine.me.point()]);
}

#[test]
fn a_new_computer_that_does_not_keep_me_takes_nothing_from_the_old_one() {
    let mut room = with_another_computer();
    let old = *room.nodes[1].engine.me.point();
    room.keeps = |at, _| at == 0;
    room.gather();
    room.people_go_on();
    let friends: Vec<_> = room.nodes[0].engine.friends.values().collect();
    assert!(matches!(friends[..], [friend] if friend.point == old && friend.settled));
}

#[test]
fn whom_i_blocked_gets_no_other_computer_at_a_table() {
    let mut room = with_another_computer();
    let block = crate::engine::Request::Block {
        name: Room::name(1),
        blocked: true,
    };
    assert!(room.ask(0, block).is_ok());
    room.gather();
    let refused = keeps_early(&mut room, 0, 2, &Room::name(1));
    let petname = Room::name(1);
    assert_eq!(refused.err(), Some(Refusal::Blocked { petname }));
}

#[test]
fn to_whom_i_am_another_i_say_so_before_i_am_kept() {
    let mut room = Room::of(2);
    room.gather();
    room.people_go_on();
    room.pass_minutes(1);
    assert!(room.ask(0, crate::engine::Request::Renew).is_ok());
    let petname = room.contacts(0)[0].petname.clone();
    room.gather();
    let refused = keeps_early(&mut room, 0, 1, "autre");
    assert_eq!(refused.err(), Some(Refusal::NotConfirmed { petname }));
}

#[test]
fn an_edge_that_linked_while_a_choice_waited_gets_no_second_root() {
    let mut room = Room::of(2);
    room.gather();
    room.people_go_on();
    room.pass_minutes(1);
    let linked = |room: &mut Room, linked: bool| {
        let mut friends = room.nodes[0].engine.friends.values_mut();
        friends.next().unwrap().linked = linked;
    };
    // As if the first link came only once the choice was made.
    linked(&mut room, false);
    room.gather();
    keeps_early(&mut room, 0, 1, "autre").unwrap();
    linked(&mut room, true);
    keeps_early(&mut room, 1, 0, &Room::name(0)).unwrap();
    assert_eq!(room.standings(0), [Standing::Met]);
    let friend = room.nodes[0].engine.friends.values().next().unwrap();
    assert!(friend.edges.one().is_some());
}

/// One hears all it needs and keeps another, whose computer has not answered.
fn keeps_early(room: &mut Room, at: usize, of: usize, name: &str) -> Result<Meeting, Refusal> {
    room.count_all();
    room.listeners_pick();
    let who = room.place(at, of);
    room.meet(at, Meet::Heard { who, same: true }).unwrap();
    let petname = Some(name.to_owned());
    room.meet(at, Meet::Keep { who, petname })
}

#[test]
fn without_being_asked_no_name_goes_to_another_computer() {
    let mut room = Room::of(3);
    room.takes_part = |at| at != 2;
    room.gather();
    room.people_go_on();
    room.takes_part = |at| at != 1;
    room.called = |_, of| {
        if of == 2 {
            Room::name(1)
        } else {
            Room::name(of)
        }
    };
    room.gather();
    room.until_naming();
    let petname = Some(Room::name(1));
    let refused = room.meet(
        0,
        Meet::Keep {
            who: room.place(0, 2),
            petname,
        },
    );
    assert!(matches!(refused, Err(Refusal::NameTaken { .. })));
}

#[test]
fn the_words_of_a_room_keep_out_who_has_not_read_them() {
    let mut room = Room::of(3);
    room.begin = |at, begin| {
        let words = "académie zoologie abandon abeille abolir aborder aboutir aboyer";
        if at != 2 {
            begin.secret = RoomSecret::Words(words.to_owned());
        }
    };
    room.counts = |_| 2;
    room.gather();
    assert_eq!(room.over(2), Some(End::NoAnswer));
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met]);
}

#[test]
fn a_host_that_goes_before_the_comparison_leaves_nothing() {
    let mut room = Room::of(4);
    room.gather();
    room.count_all();
    assert!(room.meet(0, Meet::Leave).is_ok());
    for at in 1..4 {
        assert_eq!(room.over(at), Some(End::HostGone));
        assert!(room.contacts(at).is_empty());
    }
}

#[test]
fn a_guest_that_goes_before_the_comparison_makes_all_begin_again() {
    let mut room = Room::of(4);
    room.gather();
    for at in [0, 1, 2] {
        assert!(room.meet(at, Meet::Count(4)).is_ok());
    }
    let id = |room: &Room| room.view(1).people.len();
    assert_eq!(id(&room), 3);
    assert!(room.meet(3, Meet::Leave).is_ok());
    assert_eq!(room.view(1).again, 1);
    room.takes_part = |at| at != 3;
    room.counts = |_| 3;
    room.people_go_on();
    assert_eq!(room.standings(0), [Standing::Met; 2]);
}

#[test]
fn three_runs_that_broke_off_with_open_cards_end_in_another_place() {
    let mut room = Room::of(3);
    for _ in 0..2 {
        room.gather();
        // Node 2 hears everything and never counts.
        assert!(room.meet(0, Meet::Count(3)).is_ok());
        assert!(room.meet(1, Meet::Count(3)).is_ok());
        let _ = room.meet(2, Meet::Leave);
        assert!(room.meet(0, Meet::Leave).is_ok());
    }
    assert_eq!(room.nodes[1].engine.meetings.tried, 2);
    room.gather();
    assert!(room.meet(0, Meet::Count(3)).is_ok());
    assert!(room.meet(1, Meet::Count(3)).is_ok());
    let _ = room.meet(2, Meet::Leave);
    assert_eq!(room.over(1), Some(End::ChangePlace));
}

#[test]
fn a_meeting_can_not_be_done_twice_at_once_nor_out_of_turn() {
    let mut room = Room::of(2);
    for meet in [Meet::Show, Meet::Count(2), Meet::Picked(None), Meet::Leave] {
        assert!(matches!(room.meet(0, meet), Err(Refusal::NotNow)));
    }
    room.gather();
    let begin = Meet::Begin(Room::beginning(0, None));
    assert!(matches!(room.meet(0, begin), Err(Refusal::MeetingOpen)));
    for meet in [
        Meet::Count(1),
        Meet::Count(65),
        Meet::Picked(Some(0)),
        Meet::Heard { who: 0, same: true },
        Meet::Keep {
            who: 0,
            petname: None,
        },
    ] {
        assert!(matches!(room.meet(0, meet), Err(Refusal::NotNow)));
    }
}

#[test]
fn nobody_is_a_friend_by_a_meeting_before_both_have_said_so() {
    let mut room = Room::of(2);
    room.gather();
    room.until_naming();
    let who = room.place(0, 1);
    let petname = Some("zoé".to_owned());
    assert!(room.meet(0, Meet::Keep { who, petname }).is_ok());
    assert_eq!(room.standing_of(0, 1), Standing::Waiting);
    let waiting = &room.contacts(0)[0];
    assert_eq!((waiting.how, waiting.met_min), (How::Joining, 0));
}

#[test]
fn whoever_only_looks_moves_nothing_and_is_told_of_nothing() {
    let mut room = Room::of(2);
    room.gather();
    let events = room.events(0);
    assert!(events > 0);
    let before = room.view(0);
    let looked = room.meet(0, Meet::Show);
    assert!(looked.is_ok_and(|view| view == before));
    assert_eq!(room.events(0), events);
    assert!(room.meet(1, Meet::Count(2)).is_ok());
    assert_eq!(
        room.events(0),
        events,
        "what one types the others are not told"
    );
}

/// The largest meeting there can be, every byte of it through engines and records.
#[test]
fn sixty_four_meet_with_one_comparison() {
    let mut room = Room::of(64);
    room.gather();
    room.people_go_on();
    for at in 0..64 {
        assert_eq!(room.standings(at), [Standing::Met; 63], "node {at}");
    }
}
