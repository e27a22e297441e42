//! What begins a session, what brings new secrets and what acknowledges: any of it lost, in every
//! combination, and either node stopped after any of it.

use super::world::{Losses, World};
use crate::engine::*;
use crate::vault::Name;

/// Of so many parcels every subset is lost.
const PARCELS: u32 = 6;

type Disk = (BTreeMap<Name, Said>, BTreeMap<Name, Said>);

/// Where it begins: both disks, and the time.
struct Scene {
    disks: [Disk; 2],
    now: Now,
}

impl Scene {
    fn of(world: World) -> Self {
        let disk = |n: usize| (world.nodes[n].state.clone(), world.nodes[n].bodies.clone());
        Self {
            disks: [disk(0), disk(1)],
            now: world.now,
        }
    }

    /// Friends who linked, and none of whose parcels came: their first session is to begin.
    fn first_session() -> Self {
        let mut world = World::new();
        world.losses.lost = u64::MAX;
        let code = world.invite(0, "bob");
        world.accept(1, &code, "ada");
        world.run_for(30);
        assert!((0..2).all(|n| world.friend(n).sessions.active.is_none()));
        Self::of(world)
    }

    /// Friends who talked, and one of whose disks went back to before: another session is to begin.
    fn next_session() -> Self {
        let mut world = World::friends();
        let older = Self::of(World::friends());
        world.send(0, "bob", "avant").unwrap();
        world.send(1, "ada", "avant").unwrap();
        world.run_for(10);
        let mut scene = Self::of(world);
        scene.disks[0] = older.disks.into_iter().next().unwrap();
        scene
    }

    /// Both have something to say, and new secrets are due, while these parcels are lost and a node stops.
    fn plays(&self, lost: u64, restart: Option<(u32, usize)>) -> World {
        let mut world = World::new();
        world.now = self.now;
        for n in 0..2 {
            (world.nodes[n].state, world.nodes[n].bodies) = self.disks[n].clone();
            world.stop(n);
            world.nodes[n].engine.rotate_links = 1;
        }
        world.queue.clear();
        world.send(0, "bob", "un").unwrap();
        world.send(1, "ada", "deux").unwrap();
        world.losses = Losses {
            sent: 0,
            lost,
            restart,
        };
        for _ in 0..4 * PARCELS {
            world.run_for(3);
            if world.losses.sent > PARCELS && world.losses.restart.is_none() {
                break;
            }
            world.cut();
        }
        assert!(world.losses.sent > PARCELS && world.losses.restart.is_none());
        world
    }

    /// Whatever was lost, in the end there is one session, each line once, and the same secrets.
    fn ends_well(&self, lost: u64, restart: Option<(u32, usize)>) {
        let mut world = self.plays(lost, restart);
        for round in 0..6 {
            if round == 2 {
                let nodes = world.nodes.iter_mut();
                nodes.for_each(|node| node.engine.rotate_links = 1000);
            }
            world.cut();
            world.deliver();
            // The one is dialled first, then the other.
            world.friend(round % 2).live.redial.at_ms = world.now.boot_ms + 10_000;
            world.run_for(12);
        }
        let what = format!("{lost:b} {restart:?}");
        let once =
            |texts: Vec<String>, word: &str| texts.iter().filter(|t| *t == word).count() == 1;
        assert!(
            once(world.texts(1), "un") && once(world.texts(0), "deux"),
            "{what}"
        );
        let [a, b] = [0, 1].map(|n| {
            let friend = world.friend(n);
            assert!(friend.outbox.len() == 0, "{what}: something waits");
            let edge = friend.edges.one().unwrap();
            let half_done = edge.asked().is_some() || edge.answer().is_some();
            assert!(!half_done, "{what}: new secrets are half done");
            let (epoch, held) = (edge.highest(), edge.keys().count());
            let sessions = &friend.sessions;
            assert!(
                sessions.offer.is_none() && sessions.parked.is_none(),
                "{what}"
            );
            let session = *sessions.active.as_ref().unwrap().id();
            (session, epoch, held, edge.dialled().name)
        });
        assert!(a == b && a.1 > 0, "{what}: {} {}", a.1, b.1);
    }

    fn ends_well_whatever_is_lost(&self) {
        for lost in 0..1 << PARCELS {
            self.ends_well(lost, None);
            for after in 0..PARCELS {
                (0..2).for_each(|n| self.ends_well(lost, Some((after, n))));
            }
        }
    }
}

#[test]
fn any_subset_of_what_begins_a_session_rotates_and_acknowledges_may_be_lost_with_restarts_between()
{
    Scene::first_session().ends_well_whatever_is_lost();
}

#[test]
fn the_same_of_a_later_session_after_a_disk_went_back() {
    Scene::next_session().ends_well_whatever_is_lost();
}
