//! An invitation makes one friend, whatever is lost on the way and whoever else has seen it. Attacks
//! 12, 39, 40, 65, 84 and 99 of ATTACKS.

use kith_proto::engine::{Answer, Event, How, Refusal, Request};

use crate::world::{
    Chance, DAY, Deed, HOUR, MINUTE, NAMES, SECOND, Torn, Weather, World, each_seed,
};

/// Weather in which few exchanges come to their end.
const FOUL: Weather = Weather {
    flip: 40,
    stray: 0,
    stumble: 0,
    slow: 6,
    cut: 5,
    refused: 4,
    blackholed: 6,
    replay: 2,
    slow_disk: 5,
};

/// Whether `node` holds an edge with `other`, and whether it shows it as a friend.
fn edge(world: &mut World, node: usize, other: usize) -> Option<bool> {
    let contacts = world.contacts(node);
    let known = contacts
        .iter()
        .find(|contact| contact.petname == NAMES[other]);
    let known = known.filter(|contact| contact.since_min > 0);
    known.map(|contact| matches!(contact.how, How::Code | How::Copied))
}

fn assert_nobody_is_alone(world: &mut World) {
    let edges = [edge(world, 0, 1), edge(world, 1, 0)];
    let alone = |side: usize| edges[side] == Some(true) && edges[1 - side].is_none();
    assert!(
        !alone(0) && !alone(1),
        "one is a friend of somebody who is none: {edges:?}"
    );
}

/// They talk, also after every connection was cut.
fn assert_they_talk(world: &mut World) {
    for _ in 0..3 {
        world.cut_all();
        world.say(0, 1);
        world.say(1, 0);
        world.run(30 * MINUTE);
    }
    world.settle();
    assert_eq!(world.people.lines_acknowledged(), 6);
    for (node, other) in [(0, 1), (1, 0)] {
        assert_eq!(
            edge(world, node, other),
            Some(true),
            "node {node} does not know it"
        );
        let paired = world.nodes[node].told(|event| matches!(event, Event::Paired { .. }));
        assert_eq!(paired, 1, "node {node} was told so many times");
    }
}

/// Attacks 84 and 99: every message lost or late, at up to two addresses at once.
#[test]
fn whatever_is_lost_or_late_one_friendship_comes_of_it() {
    each_seed("whatever_is_lost_or_late", 200, |seed| {
        let mut world = World::new(seed, 2);
        if seed % 2 == 0 {
            world.listen_twice(0);
        }
        let code = world.invite(0, 1, 7 * 24 * 3600);
        world.weather = FOUL;
        world.accept_code(1, 0, &code);
        for _ in 0..20 {
            world.run(MINUTE);
            assert_nobody_is_alone(&mut world);
        }
        world.calm();
        world.run(HOUR);
        assert_they_talk(&mut world);
        let mine = world.status(1).pending + world.status(0).pending;
        assert_eq!(
            mine, 0,
            "somebody still waits for an invitation that is used"
        );
    });
}

/// Attack 84: nodes stop amid it, and then two months pass.
#[test]
fn nobody_is_a_friend_alone_even_after_two_months() {
    each_seed("nobody_is_a_friend_alone", 100, |seed| {
        let mut chance = Chance::new(seed, "script");
        let mut world = World::new(seed, 2);
        let code = world.invite(0, 1, 24 * 3600);
        world.weather = FOUL;
        world.accept_code(1, 0, &code);
        for _ in 0..4 {
            let node = chance.below(2) as usize;
            let at = chance.below(20 * SECOND);
            world.later(at, Deed::Crash(node));
            world.later(at + chance.below(2 * SECOND), Deed::Start(node));
        }
        world.run(chance.below(30 * SECOND));
        world.later(0, Deed::Split(0, 1));
        world.run(60 * DAY);
        world.calm();
        assert_nobody_is_alone(&mut world);
        world.run(2 * HOUR);
        assert_nobody_is_alone(&mut world);
        // Whom both kept finds the other.
        if [edge(&mut world, 0, 1), edge(&mut world, 1, 0)]
            .iter()
            .all(Option::is_some)
        {
            world.say(0, 1);
            world.settle();
        }
    });
}

/// Attack 39: the second comes before, after, or at the same moment; attack 12.
#[test]
fn of_two_who_use_it_one_is_a_friend_and_the_other_an_alarm() {
    each_seed("of_two_who_use_it", 200, |seed| {
        let mut world = World::new(seed, 3);
        let code = world.invite(0, 1, 3600);
        world.weather.slow = 3;
        let gap = [0, 20_000, 100_000, 5_000_000][seed as usize % 4];
        world.accept_code(1, 0, &code);
        world.run(gap);
        world.accept_code(2, 0, &code);
        world.run(10 * MINUTE);
        let told =
            |world: &World, node: usize, what: fn(&Event) -> bool| world.nodes[node].told(what);
        assert_eq!(told(&world, 0, |e| matches!(e, Event::Paired { .. })), 1);
        assert!(
            told(&world, 0, |e| matches!(e, Event::Copied { .. })) >= 1,
            "no alarm"
        );
        let joined =
            (1..3).filter(|node| told(&world, *node, |e| matches!(e, Event::Paired { .. })) > 0);
        assert_eq!(joined.count(), 1, "exactly one was accepted");
        assert_eq!(world.contacts(0).len(), 1);
        assert_eq!(world.links(0, 1) + world.links(0, 2), 1);
    });
}

/// Attack 40: after its end, with the clock set back, and after a restart between messages 2 and 3.
#[test]
fn an_invitation_that_has_ended_stays_ended() {
    let mut world = World::new(40, 2);
    let code = world.invite(0, 1, 3600);
    world.run(2 * HOUR);
    world.nodes[0].clock_ms = -3 * 3_600_000;
    world.nodes[1].clock_ms = -3 * 3_600_000;
    world.crash(0, None);
    world.start(0);
    world.accept_code(1, 0, &code);
    world.run(30 * MINUTE);
    assert!(world.contacts(0).is_empty(), "dead stays dead");
    assert_eq!(
        world.nodes[1].told(|event| matches!(event, Event::Paired { .. })),
        0
    );
}

#[test]
fn an_invitation_that_ends_amid_its_use_makes_no_friend() {
    for torn in Torn::ALL {
        let mut world = World::new(41, 2);
        let code = world.invite(0, 1, 3600);
        world.accept_code(1, 0, &code);
        // Message 2 is being made durable: the inviter stops, and its clock passes the end.
        assert!(world.run_until(MINUTE, |world| world.is_committing(0)));
        world.crash(0, Some(torn));
        world.nodes[0].clock_ms = 2 * 3_600_000;
        world.start(0);
        world.run(SECOND);
        world.nodes[0].clock_ms = 0;
        world.crash(0, None);
        world.start(0);
        world.run(2 * HOUR);
        assert!(world.contacts(0).is_empty(), "{torn:?}");
    }
}

/// Attack 65: somebody who copied it knocks a thousand times, before and after it was used.
#[test]
fn a_copier_who_knocks_a_thousand_times_undoes_no_claim() {
    let mut world = World::new(65, 2);
    let code = world.invite(0, 1, 24 * 3600);
    let mut copier = crate::world::Copier::new(&code);
    let firsts: Vec<_> = (0..30).map(|_| copier.first_message()).collect();
    for first in &firsts {
        let wire = world.outsider(0, first);
        world.run(2 * SECOND);
        assert_eq!(world.heard(wire).len(), 1536, "made anew it is answered");
        world.close_outsider(wire);
    }
    for first in firsts.iter().cycle().take(1000) {
        world.stranger(0, first);
    }
    world.run(MINUTE);
    world.accept_code(1, 0, &code);
    world.run(MINUTE);
    assert_eq!(edge(&mut world, 0, 1), Some(true));
    for _ in 0..1000 {
        let wire = world.outsider(0, &copier.first_message());
        world.run(50_000);
        world.close_outsider(wire);
    }
    assert_they_talk(&mut world);
    assert_eq!(
        world.nodes[0].told(|event| matches!(event, Event::Expired { .. })),
        0
    );
}

/// The verdict is on its way, and does not come through.
fn a_verdict_is_lost(seed: u64) {
    let mut world = World::new(seed, 2);
    let code = world.invite(0, 1, 24 * 3600);
    world.accept_code(1, 0, &code);
    let claimed = |world: &World| world.nodes[0].told(|e| matches!(e, Event::Paired { .. })) > 0;
    assert!(world.run_until(MINUTE, claimed));
    world.cut_all();
    assert_nobody_is_alone(&mut world);
    world.run(5 * MINUTE);
    assert_they_talk(&mut world);
}

/// The joiner's own retry gets its verdict again, and the friendship is the same.
#[test]
fn a_verdict_that_was_lost_comes_again() {
    each_seed("a_verdict_that_was_lost", 50, a_verdict_is_lost);
}

/// Attack 99: in this world the inviter calls back under the first root while the joiner, after a
/// second run, dials under another one: both links authenticate.
#[test]
fn two_links_at_once_under_two_roots_leave_one_in_common() {
    a_verdict_is_lost(1_663_589_311);
}

/// As before, but the inviter cannot be dialled any more and reaches the joiner first.
#[test]
fn an_inviter_who_calls_back_is_as_good_as_a_verdict() {
    each_seed("an_inviter_who_calls_back", 50, |seed| {
        let mut world = World::new(seed, 2);
        let code = world.invite(0, 1, 24 * 3600);
        world.accept_code(1, 0, &code);
        let claimed =
            |world: &World| world.nodes[0].told(|e| matches!(e, Event::Paired { .. })) > 0;
        assert!(world.run_until(MINUTE, claimed));
        world.cut_all();
        world.nodes[0].hidden = true;
        world.run(3 * HOUR);
        world.nodes[0].hidden = false;
        world.run(12 * HOUR);
        assert_they_talk(&mut world);
        assert_eq!(
            world.status(1).pending,
            0,
            "the joiner still waits for a verdict"
        );
    });
}

/// Attack 84, the joiner's side: its tries end and nobody ever said a verdict.
#[test]
fn a_joiner_whose_tries_have_ended_is_still_reached_and_still_calls() {
    for hidden in [0, 1] {
        let mut world = World::new(84, 2);
        let code = world.invite(0, 1, 3600);
        world.accept_code(1, 0, &code);
        let claimed =
            |world: &World| world.nodes[0].told(|e| matches!(e, Event::Paired { .. })) > 0;
        assert!(world.run_until(MINUTE, claimed));
        world.cut_all();
        world.later(0, Deed::Split(0, 1));
        world.run(60 * DAY);
        world.calm();
        world.nodes[hidden].hidden = true;
        world.run(2 * HOUR);
        assert_they_talk(&mut world);
    }
}

#[test]
fn my_own_invitation_and_that_of_a_friend_are_refused() {
    let mut world = World::new(66, 2);
    let code = world.invite(0, 1, 3600);
    let accept = |name: usize| Request::Accept {
        code: code.clone(),
        name: NAMES[name].to_owned(),
        nick: String::new(),
    };
    assert_eq!(world.request(0, accept(2)).err(), Some(Refusal::OwnCode));
    assert!(matches!(
        world.request(1, accept(0)),
        Ok(Answer::Accepted { .. })
    ));
    world.run(MINUTE);
    let again = world.request(1, accept(2)).err();
    assert_eq!(
        again,
        Some(Refusal::AlreadyFriend {
            petname: NAMES[0].to_owned()
        })
    );
}
