//! Every state that a story can reach, by `stateright`. A state is the road to it: from the story's
//! beginning the real engines go all of it again, since no engine can be copied. Two roads are the
//! same state if every node was told the same and the same is under way.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use stateright::{Checker, HasDiscoveries, Model, Property};

use super::scene::{Item, NAMES, PARCEL, Scene, Start, spell};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// A person writes to the other.
    Says(usize),
    /// Ten seconds pass for a node: it dials whom it misses.
    Wakes(usize),
    /// The next thing on a connection comes in here.
    Comes(usize, u64),
    /// It is lost; what comes after it is not.
    Loses(usize, u64),
    /// The parcel that came last, or was lost last, comes by another road.
    Again(usize),
    /// A connection ends, and what is under way on it is lost.
    Cuts(usize, u64),
    /// A node stops and starts on its disk.
    Restarts(usize),
    /// Somebody copies its disk.
    Copies(usize),
    /// It starts on that copy.
    RollsBack(usize),
    /// Two hours pass for a node: its invitations end.
    Ends(usize),
    /// The first node's person takes back an invitation that nobody has claimed.
    TakesBack,
}

impl Move {
    fn is_fault(self) -> bool {
        use Move::{Again, Cuts, Loses, Restarts, RollsBack};
        matches!(
            self,
            Loses(..) | Again(_) | Cuts(..) | Restarts(_) | RollsBack(_)
        )
    }
}

/// How much may happen in one story.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Often {
    pub(crate) says: [u8; 2],
    pub(crate) wakes: [u8; 2],
    /// Of all that goes wrong together.
    pub(crate) faults: u8,
    /// Of each that goes wrong, alone.
    pub(crate) loses: u8,
    pub(crate) again: u8,
    pub(crate) cuts: u8,
    pub(crate) restarts: u8,
    pub(crate) copies: u8,
    pub(crate) rolls_back: u8,
    /// Of ends and taking back together.
    pub(crate) ends: u8,
    /// A node to which nothing of all this happens, if another stands for both.
    pub(crate) spared: Option<usize>,
}

impl Often {
    fn spares(&self, step: Move) -> bool {
        use Move::{Copies, Cuts, Ends, Restarts};
        match step {
            Cuts(n, _) | Ends(n) | Restarts(n) | Copies(n) => self.spared == Some(n),
            _ => false,
        }
    }

    /// What is left after this move, if it may be.
    fn after(mut self, step: Move) -> Option<Self> {
        let left = match step {
            Move::Comes(..) => return Some(self),
            _ if self.spares(step) => return None,
            Move::Says(n) => self.says.get_mut(n)?,
            Move::Wakes(n) => self.wakes.get_mut(n)?,
            Move::Loses(..) => &mut self.loses,
            Move::Again(_) => &mut self.again,
            Move::Cuts(..) => &mut self.cuts,
            Move::Restarts(_) => &mut self.restarts,
            Move::Copies(_) => &mut self.copies,
            Move::RollsBack(_) => &mut self.rolls_back,
            Move::Ends(_) | Move::TakesBack => &mut self.ends,
        };
        *left = left.checked_sub(1)?;
        if step.is_fault() {
            self.faults = self.faults.checked_sub(1)?;
        }
        Some(self)
    }
}

/// A sentence, and whether it is so in a scene that nobody needs any more.
pub(crate) type Sentence = (&'static str, fn(&mut Scene) -> bool);

/// What of all that comes in on a connection is a move.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moves {
    /// Each frame; handshakes are done as soon as they begin.
    Frames,
    /// Each message of a handshake; no frame comes before the end.
    Handshakes,
}

/// Where a search begins, how far it goes, and what it looks for.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) starts: Arc<[Start]>,
    pub(crate) moves: Moves,
    pub(crate) often: Often,
    /// What holds in every state; four at most.
    pub(crate) always: &'static [Sentence],
    /// What holds once nothing goes wrong any more, whatever did.
    pub(crate) in_the_end: Sentence,
    /// What must be seen somewhere, or the search shows nothing; four at most.
    pub(crate) somewhere: &'static [Sentence],
    #[cfg(feature = "planted")]
    pub(crate) bug: Option<kith_proto::planted::Bug>,
}

#[derive(Clone, Debug)]
pub(crate) struct State {
    road: Vec<Move>,
    print: [u8; 32],
    next: Vec<Move>,
    kept: u8,
    seen: u8,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, to: &mut H) {
        self.print.hash(to);
    }
}

impl Story {
    /// The scene at the end of a road, and how often what may still happen.
    fn at(&self, road: &[Move]) -> (Scene, Often) {
        #[cfg(feature = "planted")]
        kith_proto::planted::plant(self.bug);
        let mut scene = Scene::new(&self.starts);
        self.settle(&mut scene);
        let mut often = self.often;
        for step in road {
            often = often.after(*step).unwrap_or_default();
            scene.go(*step);
            self.settle(&mut scene);
        }
        (scene, often)
    }

    /// What is no move of its own.
    fn settle(&self, scene: &mut Scene) {
        match self.moves {
            Moves::Frames => scene.shake(),
            Moves::Handshakes => scene.part(),
        }
    }

    fn state(&self, road: Vec<Move>) -> State {
        let (mut scene, often) = self.at(&road);
        let moves = scene.moves().into_iter();
        let next = moves.filter(|step| often.after(*step).is_some());
        let is_one = |step: &Move| match step {
            Move::Comes(n, conn) if self.moves == Moves::Handshakes => {
                let coming = &scene.nodes[*n].ends[conn].coming;
                !matches!(coming.front(), Some(Item::Frame(..)))
            }
            _ => true,
        };
        let next = next.filter(is_one);
        let (next, print) = (next.collect(), scene.print(often));
        let mut all = |sentences: &[Sentence]| {
            let holds = sentences.iter().enumerate();
            holds.fold(0, |all, (at, (_, so))| all | u8::from(so(&mut scene)) << at)
        };
        State {
            kept: all(self.always),
            seen: all(self.somewhere),
            road,
            print,
            next,
        }
    }

    /// Looks at every state, of which there are more than so many; panics with the shortest road to one
    /// where something does not hold.
    #[allow(clippy::disallowed_methods, reason = "how far a search by hand goes")]
    pub(crate) fn hold(mut self, name: &str, more_than: usize) {
        let faults = std::env::var("KITH_FAULTS")
            .ok()
            .and_then(|it| it.parse().ok());
        if let Some(faults) = faults {
            self.often.faults = faults;
        }
        let checker = self.checker().finish_when(HasDiscoveries::AnyFailures);
        let checker = checker.spawn_bfs().join();
        let (states, steps) = (checker.unique_state_count(), checker.state_count());
        let longest = checker.max_depth() - 1;
        eprintln!("{name}: {states} states, {steps} steps, roads of up to {longest}");
        for (name, path) in checker.discoveries() {
            if checker
                .model()
                .property(name)
                .expectation
                .discovery_is_failure()
            {
                panic!("«{name}» does not hold after {:?}", path.into_actions());
            }
        }
        checker.assert_properties();
        assert!(states > more_than, "{states} states show little");
    }

    /// The shortest road to a state where something does not hold, and what.
    #[cfg(feature = "planted")]
    pub(crate) fn broken(self) -> Option<(&'static str, Vec<Move>)> {
        let checker = self.checker().finish_when(HasDiscoveries::AnyFailures);
        let checker = checker.spawn_bfs().join();
        let failure = |name| {
            checker
                .model()
                .property(name)
                .expectation
                .discovery_is_failure()
        };
        let mut found = checker.discoveries().into_iter();
        let (name, path) = found.find(|(name, _)| failure(name))?;
        Some((name, path.into_actions()))
    }
}

fn kept<const AT: u8>(_: &Story, state: &State) -> bool {
    state.kept & 1 << AT != 0
}

fn seen<const AT: u8>(_: &Story, state: &State) -> bool {
    state.seen & 1 << AT != 0
}

/// Where something is still under way the same is asked of the state in which it has come.
fn ends_well(story: &Story, state: &State) -> bool {
    let comes = |step: &Move| matches!(step, Move::Comes(..));
    state.next.iter().any(comes) || (story.in_the_end.1)(&mut story.at(&state.road).0)
}

impl Model for Story {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![self.state(Vec::new())]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        actions.extend(&state.next);
    }

    fn next_state(&self, state: &State, step: Move) -> Option<State> {
        let mut road = state.road.clone();
        road.push(step);
        Some(self.state(road))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        type Looks = fn(&Story, &State) -> bool;
        let kept: [Looks; 4] = [kept::<0>, kept::<1>, kept::<2>, kept::<3>];
        let seen: [Looks; 4] = [seen::<0>, seen::<1>, seen::<2>, seen::<3>];
        let always = self.always.iter().zip(kept);
        let always = always.map(|((name, _), so)| Property::always(name, so));
        let somewhere = self.somewhere.iter().zip(seen);
        let somewhere = somewhere.map(|((name, _), so)| Property::sometimes(name, so));
        let end = Property::always(self.in_the_end.0, ends_well);
        always.chain([end]).chain(somewhere).collect()
    }
}

impl Scene {
    /// Everything that can happen next.
    fn moves(&self) -> Vec<Move> {
        let mut moves = vec![Move::TakesBack];
        for (n, node) in self.nodes.iter().enumerate() {
            moves.extend([Move::Says(n), Move::Wakes(n), Move::Ends(n)]);
            moves.extend([Move::Restarts(n), Move::Copies(n)]);
            moves.extend(node.parcel.as_ref().map(|_| Move::Again(n)));
            moves.extend(node.older.as_ref().map(|_| Move::RollsBack(n)));
            for (conn, end) in &node.ends {
                let coming = end.coming.front();
                moves.extend(coming.map(|_| Move::Comes(n, *conn)));
                if let Some(Item::Frame(PARCEL, _)) = coming {
                    moves.push(Move::Loses(n, *conn));
                }
                // Each connection once.
                if (n, *conn) < end.peer {
                    moves.push(Move::Cuts(n, *conn));
                }
            }
        }
        moves
    }

    fn go(&mut self, step: Move) {
        match step {
            Move::Says(n) => self.say(n, NAMES[1 - n]),
            Move::Wakes(n) => self.wait(n, 10_000),
            Move::Comes(n, conn) => self.comes(n, conn),
            Move::Loses(n, conn) => {
                let end = self.nodes[n].ends.get_mut(&conn);
                if let Some(Item::Frame(_, lost)) = end.and_then(|end| end.coming.pop_front()) {
                    (self.nodes[n].parcel, self.lost) = (Some(lost), true);
                }
            }
            Move::Again(n) => {
                if let Some(parcel) = self.nodes[n].parcel.take() {
                    self.tell(n, kith_proto::engine::Input::Parcel(parcel));
                }
            }
            Move::Cuts(n, conn) => self.cut(n, conn),
            Move::Restarts(n) => self.restart(n, None),
            Move::Copies(n) => self.nodes[n].older = Some(self.nodes[n].disk.clone()),
            Move::RollsBack(n) => {
                let older = self.nodes[n].older.take();
                self.restart(n, older);
            }
            Move::Ends(n) => self.wait(n, 2 * 3_600_000),
            Move::TakesBack => self.take_back(),
        }
    }

    /// The state's name.
    fn print(&self, often: Often) -> [u8; 32] {
        let mut to = blake3::Hasher::new();
        spell(&mut to, format!("{often:?}{}", self.taken_back).as_bytes());
        for node in &self.nodes {
            to.update(node.told.finalize().as_bytes());
            to.update(&node.now_ms.to_le_bytes());
            to.update(&[u8::from(node.older.is_some())]);
            node.older.iter().for_each(|older| older.hash(&mut to));
            spell(&mut to, node.parcel.as_deref().unwrap_or_default());
            spell(
                &mut to,
                format!("{:?}{:?}", node.shown, node.said).as_bytes(),
            );
            for (conn, end) in &node.ends {
                to.update(&conn.to_le_bytes());
                to.update(&end.peer.1.to_le_bytes());
                for item in &end.coming {
                    item.hash(&mut to);
                }
            }
        }
        *to.finalize().as_bytes()
    }
}

impl Item {
    fn hash(&self, to: &mut blake3::Hasher) {
        match self {
            Self::Bytes(bytes) => spell(to, bytes),
            Self::Frame(kind, body) => {
                to.update(&[1, *kind]);
                spell(to, body);
            }
            Self::First => drop(to.update(&[2])),
            Self::Over => drop(to.update(&[3])),
        }
    }
}
