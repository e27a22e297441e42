//! Somebody blocks a friend while both speak: what the friend then hears, and what comes of what waits.

use kith_proto::engine::{Answer, Input, Refusal, Request};
use kith_proto::secret::Said;

use super::{Chance, Deed, HOUR, MINUTE, SECOND, World, first_flights, people::name_of};

impl World {
    fn block(&mut self, node: usize, whom: usize, blocked: bool) {
        let name = name_of(whom);
        let answer = self.request(node, Request::Block { name, blocked });
        assert!(matches!(answer, Ok(Answer::Changed(card)) if card.blocked == blocked));
    }

    /// Nothing that this node can be made to do reaches anybody: of these connections and all later
    /// ones it dialled none, and answered none.
    fn assert_mute(&self, node: usize, since: usize) {
        let dialled =
            |holder: &Option<_>| holder.is_some_and(|h: super::net::Holder| h.node == node);
        for wire in &self.wires[since..] {
            assert!(
                wire.stranger.is_some() || !dialled(&wire.holders[0]),
                "dialled"
            );
            assert!(wire.listener != node || !wire.answered, "a byte");
        }
        assert_eq!(self.open_links(node), 0, "a link");
    }
}

/// A friend is blocked in the middle of whatever goes on, and some time later not any more.
pub(crate) fn blocked_friend(seed: u64) {
    let mut chance = Chance::new(seed, "script");
    let mut world = World::new(seed, 2);
    world.befriend(0, 1);
    let me = (seed % 2) as usize;
    let friend = 1 - me;
    for _ in 0..chance.below(6) {
        world.say(me, friend);
        world.say(friend, me);
        world.run(chance.below(100) * SECOND / 1000);
    }
    // Somebody keeps what both say now, and brings it later.
    world.bag = Some(Vec::new());
    world.say(friend, me);
    world.run(SECOND);
    let letters = world.bag.take().unwrap_or_default();
    world.block(me, friend, true);
    // What was on its way when the person said so has arrived by now.
    world.run(5 * SECOND);
    let (since, unread) = (world.wires.len(), world.status(me).unread);
    for _ in 0..chance.between(3, 12) {
        match chance.below(6) {
            0 => world.cut_all(),
            1 => {
                world.crash(me, None);
                world.start(me);
            }
            2 => {
                world.crash(friend, None);
                world.start(friend);
            }
            3 => {
                for flight in first_flights(&world) {
                    world.stranger(me, &flight);
                }
            }
            _ => world.say(friend, me),
        }
        world.run(chance.below(HOUR));
        world.assert_mute(me, since);
    }
    let commits = world.nodes[me].commits;
    assert!(!letters.is_empty(), "nothing to bring");
    for letter in letters {
        world.give(me, Input::Parcel(letter.bytes));
    }
    world.run(10 * SECOND);
    assert_eq!(
        world.nodes[me].commits, commits,
        "a blocked friend makes the disk work"
    );
    assert_eq!(world.status(me).unread, unread, "a parcel was taken");
    let to = name_of(friend);
    let send = Request::Send {
        to,
        text: Said::new(b"x".to_vec()),
        limit_min: 0,
    };
    assert!(matches!(
        world.request(me, send),
        Err(Refusal::Blocked { .. })
    ));
    world.block(me, friend, false);
    let linked = |world: &World| world.links(0, 1) == 1;
    assert!(world.run_until(MINUTE, linked), "no link again");
    world.say(me, friend);
    world.later(SECOND, Deed::Start(friend));
    world.settle();
    assert_eq!(world.people.waiting(), 0, "what waited is lost");
}
