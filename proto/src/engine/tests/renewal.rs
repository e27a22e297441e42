//! A new identity: told in the session, confirmed by a human, and whatever is lost on the way, one
//! identity and one session at both ends in the end.

use super::world::World;
use crate::engine::links::PARCEL;
use crate::engine::renewal::identity_words;
use crate::engine::*;
use crate::vault::{BackupLock, Cost, open_backup};

/// What this node calls the other.
fn other(n: usize) -> &'static str {
    ["bob", "ada"][n]
}

/// What node `n` is, and what it takes the other for.
pub(super) fn ends(world: &mut World, n: usize) -> [Point; 2] {
    let [me, them] = world.friend(n).edges.ends().unwrap();
    [*me, *them]
}

pub(super) fn newest(world: &World, n: usize) -> Point {
    *world.nodes[n].engine.me.point()
}

/// How this node says it stands with the other, and the words to compare.
pub(super) fn asked(world: &mut World, n: usize) -> (How, String) {
    let name = other(n).to_owned();
    match world.ask(n, Request::Contact { name }) {
        Ok(Answer::Contact(card)) => (card.how, card.session_words.join(" ")),
        _ => panic!("no contact"),
    }
}

/// The safety words, as this node shows them.
fn twelve(world: &mut World, n: usize) -> String {
    let name = other(n).to_owned();
    match world.ask(n, Request::Contact { name }) {
        Ok(Answer::Contact(card)) => card.safety_words.join(" "),
        _ => panic!("no contact"),
    }
}

impl World {
    pub(super) fn two() -> Self {
        let mut world = Self::friends();
        world.run_for(10);
        world
    }

    pub(super) fn renew(&mut self, n: usize) {
        assert!(matches!(
            self.ask(n, Request::Renew),
            Ok(Answer::Renewed { friends: 1 })
        ));
    }

    pub(super) fn answer(&mut self, n: usize, same: Option<&str>) -> Result<Answer, Refusal> {
        let (name, same) = (other(n).to_owned(), same.map(str::to_owned));
        self.ask(n, Request::Check { name, same })
    }

    /// The human of node `n` compares the words with the other's voice. What they are is computed in
    /// another test; here it would take half a second each time.
    pub(super) fn confirm(&mut self, n: usize) {
        let friend = self.friend(n);
        let theirs = friend.renewal.theirs.as_mut().unwrap();
        assert!(!theirs.confirmed);
        theirs.safety = Some([n as u8; 32]);
        let words = identity_words(friend).join(" ");
        assert!(self.answer(n, Some(&words)).is_ok());
    }

    /// How this node stands with the other.
    pub(super) fn how(&mut self, n: usize) -> How {
        match self.ask(n, Request::Contacts) {
            Ok(Answer::Contacts(cards)) => cards[0].how,
            _ => panic!("no contacts"),
        }
    }

    /// As it comes back from its disk.
    pub(super) fn starts_again(&mut self, n: usize) {
        self.cut();
        self.deliver();
        let state = self.nodes[n].state.iter();
        let state: Vec<_> = state.map(|(k, v)| (k.clone(), v.clone())).collect();
        let entropy = [self.draws as u8; 32];
        let engine = Engine::open(self.now, entropy, state).unwrap_or_else(|_| panic!());
        self.nodes[n].engine = engine;
        self.tell(n, Input::Listening(vec![super::world::ADDRS[n]]));
    }

    /// Delivers so many inputs.
    pub(super) fn steps(&mut self, count: usize) -> bool {
        for _ in 0..count {
            let Some((n, input)) = self.queue.pop_front() else {
                return false;
            };
            self.tell(n, input);
        }
        true
    }

    pub(super) fn talks(&mut self) {
        for n in 0..2 {
            let before = self.texts(1 - n).len();
            self.send(n, other(n), "encore").unwrap();
            self.run_for(10);
            assert_eq!(self.texts(1 - n).len(), before + 1, "{n}");
        }
    }

    /// The second one says yes to the last new identity of the first.
    #[track_caller]
    pub(super) fn confirmed_they_talk(&mut self) {
        self.confirm(1);
        self.run_for(60);
        self.is_renewed();
        self.talks();
    }

    /// Both ends stand under the newest identities, in one session, and nothing older is left.
    #[track_caller]
    pub(super) fn is_renewed(&mut self) {
        let [a, b] = [0, 1].map(|n| newest(self, n));
        assert!(ends(self, 0) == [a, b] && ends(self, 1) == [b, a]);
        let ids = [0, 1].map(|n| *self.friend(n).sessions.active.as_ref().unwrap().id());
        assert_eq!(ids[0], ids[1]);
        for n in 0..2 {
            assert_eq!(self.nodes[n].engine.me.former(), 0);
            let friend = self.friend(n);
            assert!(friend.renewal.is_idle() && friend.sessions.parked.is_none());
            assert_eq!(friend.edges.doors().count(), 1);
            assert!(matches!(self.how(n), How::Code | How::Compared));
            let letters = self.nodes[n].state.keys().map(|name| name.0[0]);
            assert_eq!(letters.filter(|l| *l == b'p').count(), 0);
        }
    }

    pub(super) fn told(&self, n: usize, what: impl Fn(&Event) -> bool) -> usize {
        self.nodes[n].events.iter().filter(|e| what(e)).count()
    }
}

#[test]
fn a_new_identity_counts_for_nothing_until_a_human_has_confirmed_it() {
    for n in 0..2 {
        let mut world = World::two();
        let before = [0, 1].map(|n| ends(&mut world, n));
        world.renew(n);
        world.run_for(600);
        assert_eq!([0, 1].map(|n| ends(&mut world, n)), before);
        world.talks();
        let is_asked = |event: &Event| matches!(event, Event::NewIdentity { .. });
        assert_eq!([0, 1].map(|n| world.told(n, is_asked)), [n, 1 - n]);
        let (here, there) = (asked(&mut world, n), asked(&mut world, 1 - n));
        assert_eq!((here.0, there.0), (How::Announced, How::NewIdentity));
        assert_eq!(here.1, there.1, "the same words on both screens");
        assert_eq!(here.1.split(' ').count(), 4);
        let words = here.1.clone();
        assert!(matches!(
            world.answer(1 - n, Some("un deux trois quatre")),
            Err(Refusal::OtherWords)
        ));
        assert!(
            world.answer(n, Some(&here.1)).is_err(),
            "nobody confirms their own"
        );
        world.run_for(60);
        assert_eq!([0, 1].map(|n| ends(&mut world, n)), before);
        assert!(world.answer(1 - n, Some(&there.1)).is_ok());
        world.run_for(60);
        world.is_renewed();
        let (here, there) = (twelve(&mut world, n), twelve(&mut world, 1 - n));
        assert!(
            here == there && here.starts_with(&words),
            "the first of the twelve"
        );
        let goes_on =
            |its: bool| move |e: &Event| matches!(e, Event::Identity { mine, .. } if *mine == its);
        assert_eq!(
            (
                world.told(n, goes_on(true)),
                world.told(1 - n, goes_on(false))
            ),
            (1, 1)
        );
        let alarm = |e: &Event| matches!(e, Event::ToCheck { .. } | Event::RolledBack { .. });
        assert!(
            (0..2).all(|n| world.told(n, alarm) == 0),
            "it remembers the past"
        );
        assert!((0..2).all(|n| world.friend(n).edges.one().unwrap().highest() == 1));
        world.talks();
        world.cut();
        world.run_for(60);
        world.talks();
        (0..2).for_each(|n| world.starts_again(n));
        assert!((0..2).all(|n| world.friend(n).sessions.previous.is_none()));
        world.run_for(60);
        world.talks();
        world.is_renewed();
    }
}

#[test]
fn a_refused_identity_is_dropped_and_nobody_is_asked_about_it_again() {
    let mut world = World::two();
    let before = [0, 1].map(|n| ends(&mut world, n));
    world.renew(0);
    world.run_for(10);
    assert!(world.answer(1, None).is_ok());
    assert_eq!(world.how(1), How::Code);
    for n in 0..2 {
        world.starts_again(n);
        world.run_for(3700);
    }
    assert_eq!([0, 1].map(|n| ends(&mut world, n)), before);
    assert_eq!(world.how(1), How::Code);
    assert!(world.answer(1, None).is_err());
    world.talks();
    // A later one is another question.
    world.renew(0);
    world.run_for(10);
    world.confirmed_they_talk();
}

/// `who` renews; after so many deliveries since the friend's yes the link breaks and `restarts` start
/// again from their disks.
pub(super) fn cut_at(who: usize, steps: usize, restarts: &[usize]) -> bool {
    let mut world = World::two();
    world.send(1 - who, other(1 - who), "avant").unwrap();
    world.renew(who);
    world.run_for(10);
    world.send(who, other(who), "pendant").unwrap();
    world.confirm(1 - who);
    world.send(1 - who, other(1 - who), "après").unwrap();
    let more = world.steps(steps);
    world.cut();
    world.deliver();
    restarts.iter().for_each(|n| world.starts_again(*n));
    world.run_for(900);
    world.is_renewed();
    assert_eq!(world.texts(who), ["avant", "après"], "{who} {steps}");
    assert_eq!(world.texts(1 - who), ["pendant"], "{who} {steps}");
    world.talks();
    more
}

#[test]
fn wherever_the_link_breaks_and_whoever_restarts_both_end_in_one_identity() {
    for who in 0..2 {
        for restarts in [&[][..], &[0], &[1], &[0, 1]] {
            let mut steps = 0;
            while cut_at(who, steps, restarts) {
                steps += 1;
            }
            assert!(steps > 5);
        }
    }
}

#[test]
fn whatever_is_lost_of_a_renewal_both_end_in_one_identity() {
    for who in 0..2 {
        for lost in 0..2 {
            for restarts in 0..3 {
                let mut world = World::two();
                world.lost = Some((lost, PARCEL));
                world.renew(who);
                world.send(who, other(who), "un").unwrap();
                world.run_for(20);
                world.lost = None;
                world.cut();
                world.run_for(60);
                world.lost = Some((lost, PARCEL));
                world.confirm(1 - who);
                world.send(1 - who, other(1 - who), "deux").unwrap();
                world.run_for(20);
                match restarts {
                    2 => world.cut(),
                    n => world.starts_again(n),
                }
                world.run_for(60);
                world.lost = None;
                world.cut();
                world.run_for(4000);
                world.is_renewed();
                assert_eq!(world.texts(1 - who), ["un"], "{who} {lost} {restarts}");
                assert_eq!(world.texts(who), ["deux"], "{who} {lost} {restarts}");
                world.talks();
            }
        }
    }
}

#[test]
fn two_who_renew_at_once_end_in_one_edge_with_both_new() {
    for first in 0..2 {
        for together in [false, true] {
            for restarts in 0..3 {
                let mut world = World::two();
                world.renew(0);
                world.renew(1);
                world.run_for(20);
                // Both screens ask, each of the other.
                world.confirm(first);
                if together {
                    world.confirm(1 - first);
                }
                world.send(0, other(0), "un").unwrap();
                world.send(1, other(1), "deux").unwrap();
                if restarts < 2 {
                    world.steps(2);
                    world.starts_again(restarts);
                }
                world.run_for(900);
                if !together {
                    world.confirm(1 - first);
                    world.run_for(60);
                }
                for n in 0..2 {
                    if world.how(n) == How::NewIdentity {
                        world.confirm(n);
                        world.run_for(60);
                    }
                }
                world.is_renewed();
                assert_eq!(world.texts(1), ["un"]);
                assert_eq!(world.texts(0), ["deux"]);
                world.talks();
            }
        }
    }
}

#[test]
fn a_friend_who_is_away_for_forty_days_is_still_told_and_moves_with_all_that_waits() {
    for who in 0..2 {
        let mut world = World::two();
        world.cut();
        world.reachable = false;
        world.deliver();
        world.renew(who);
        for day in 0..40 {
            if day == 35 {
                world.send(who, other(who), "tard").unwrap();
            }
            world.leap_day();
            world.run_for(1);
        }
        (0..2).for_each(|n| world.starts_again(n));
        world.reachable = true;
        world.run_for(900);
        world.talks();
        world.confirm(1 - who);
        world.run_for(60);
        world.is_renewed();
        assert_eq!(world.texts(1 - who)[0], "tard");
        world.talks();
    }
}

#[test]
fn who_holds_the_former_identity_is_a_stranger_from_then_on() {
    let mut world = World::two();
    let stolen: Vec<_> = world.nodes[0].state.clone().into_iter().collect();
    world.renew(0);
    world.run_for(20);
    world.confirm(1);
    world.run_for(60);
    let real = newest(&world, 0);
    world.cut();
    world.deliver();
    let thief = Engine::open(world.now, [9; 32], stolen).unwrap_or_else(|_| panic!());
    world.nodes[0].engine = thief;
    world.friend(1).addrs.clear();
    world.send(0, other(0), "c'est moi").unwrap();
    world.run_for(4 * 3600);
    assert!(world.texts(1).is_empty() && world.friend(1).sessions.parked.is_none());
    assert!(world.nodes[1].engine.friends[&0].live.link.is_none());
    assert_eq!(ends(&mut world, 1)[1], real);
}

#[test]
fn a_backup_from_the_middle_of_a_renewal_finds_a_friend_who_has_gone_on() {
    for moved in [false, true] {
        let mut world = World::two();
        world.renew(0);
        world.run_for(20);
        let lock = BackupLock::new(b"x", Cost::FLOOR, [9; 32]).unwrap();
        let Ok(Answer::Backup { file, .. }) = world.ask(0, Request::Backup(Box::new(lock))) else {
            panic!("no backup")
        };
        if moved {
            world.confirm(1);
            world.run_for(60);
        }
        world.cut();
        world.deliver();
        let backup = open_backup(&file, b"x").unwrap();
        let (engine, _) =
            Engine::restore(world.now, [77; 32], &backup).unwrap_or_else(|_| panic!());
        world.nodes[0].engine = engine;
        world.nodes[0].state.clear();
        world.nodes[0].bodies.clear();
        world.tell(0, Input::Listening(vec![super::world::ADDRS[0]]));
        world.run_for(3 * 3600);
        let words = asked(&mut world, 1);
        assert_eq!(words.0, How::Recheck, "{moved}");
        assert!(world.answer(1, Some(&words.1)).is_ok());
        world.run_for(2 * 3600);
        if !moved {
            world.confirm(1);
            world.run_for(600);
        }
        world.is_renewed();
        world.talks();
    }
}

#[test]
fn nobody_renews_while_an_invitation_is_half_done() {
    let mut world = World::new();
    let code = world.invite(0, "bob");
    let refused =
        |answer| matches!(answer, Err(Refusal::InvitationOpen { petname }) if petname == "bob");
    assert!(refused(world.ask(0, Request::Renew)));
    world.accept(1, &code, "ada");
    world.run_for(30);
    world.renew(0);
    world.run_for(20);
    world.confirmed_they_talk();
}

#[test]
fn a_key_of_somebody_else_is_no_new_identity() {
    let mut world = World::two();
    let [me, them] = ends(&mut world, 1);
    let share = || crate::edge::Share::new([7; 32]);
    for point in [*me.as_bytes(), *them.as_bytes(), [0; 32], [255; 32]] {
        let next = crate::message::NextIdentity {
            point,
            share: share(),
        };
        let engine = &mut world.nodes[1].engine;
        let heard = engine.they_announce(0, crate::friend::Role::Active, (9, 9, 9), &next);
        assert!(heard.is_none());
    }
    assert!(world.friend(1).renewal.is_idle());
}
