//! Whom I keep at a meeting, and whom they keep: the edge is on the disk before I say so, and counts as
//! met only when both said it. PROTOCOL §2, §2c.

use super::{Held, Table};
use crate::engine::people::{NewFriend, count};
use crate::engine::saved::Saved;
use crate::engine::{Engine, Event, Refusal, Standing};
use crate::identity::Point;
use crate::meeting::{Keep, KeepChoice, Peer, Seen};
use crate::petname::Petname;
use crate::secret::{EdgeRoot, Key};

/// What I chose, and what came of it.
pub(super) struct Kept {
    choice: Choice,
    /// Whether it was said to them, and under which number they stand here.
    said: Option<Option<Stored>>,
    /// Whether what they said was taken into account.
    judged: bool,
}

enum Choice {
    No,
    /// Under this name, as far as they have none.
    Keep(Petname),
    /// A friend with whom there is an edge that works.
    Again(u32),
}

/// A friend that I kept here.
#[derive(Clone, Copy)]
struct Stored {
    friend: u32,
    /// Whether they are a friend only since then.
    new: bool,
    /// The only computer that the person they are had before: theirs takes its place.
    replaced: Option<u32>,
}

impl Kept {
    pub(super) fn no() -> Self {
        Self::of(Choice::No)
    }

    fn of(choice: Choice) -> Self {
        Self {
            choice,
            said: None,
            judged: false,
        }
    }
}

impl Engine {
    pub(super) fn keep_person(&mut self, who: u8, petname: Option<&str>) -> Result<(), Refusal> {
        let table = self.seated()?;
        if !table.names() || table.kept.contains_key(&who) {
            return Err(Refusal::NotNow);
        }
        let agreed = table.guest.agreed().ok_or(Refusal::NotNow)?;
        let point = *agreed.peer(who).ok_or(Refusal::NotNow)?.point();
        let choice = match petname {
            None => Choice::No,
            Some(petname) => self.choice(&point, petname)?,
        };
        let table = self.seated()?;
        table.kept.insert(who, Kept::of(choice));
        Ok(())
    }

    fn choice(&mut self, point: &Point, petname: &str) -> Result<Choice, Refusal> {
        if let Some(no) = self.friend_of(point) {
            self.not_blocked(no)?;
            let friend = self.friends.get(&no).ok_or(Refusal::NotNow)?;
            // They know me by an identity that I left: to them I would be somebody else.
            let knows_me = |ends: [&Point; 2]| *ends[0] == *self.me.point();
            if friend.linked && !friend.edges.ends().is_some_and(knows_me) {
                let petname = friend.petname.as_str().to_owned();
                return Err(Refusal::NotConfirmed { petname });
            }
            return Ok(match friend.linked {
                true => Choice::Again(no),
                // A meeting or an invitation that was cut off: one edge more to try.
                false => Choice::Keep(friend.petname.clone()),
            });
        }
        self.room_for_a_friend()?;
        let table = self.seated()?;
        let person = table.replace;
        if let Some(person) = person
            && let Some(friend) = self.friends.get(&person)
            && friend.petname.is(petname)
        {
            let name = friend.petname.clone();
            self.not_blocked(person)?;
            self.room_for_computers(person, 1)?;
            return Ok(Choice::Keep(name));
        }
        self.free_name(petname, Some(point)).map(Choice::Keep)
    }

    /// Whom I keep, under which name, before their computer has answered.
    pub(in crate::engine) fn chosen(&self) -> impl Iterator<Item = (&Point, &Petname)> {
        let table = match &self.meetings.now {
            Some(Held::Live(table)) => Some(table),
            _ => None,
        };
        let kept = table.into_iter().flat_map(|table| {
            let agreed = table.guest.agreed();
            let kept = table.kept.iter();
            kept.filter_map(move |(who, kept)| match &kept.choice {
                Choice::Keep(name) if kept.said.is_none() => {
                    Some((agreed?.peer(*who)?.point(), name))
                }
                _ => None,
            })
        });
        kept.filter(|(point, _)| self.friend_of(point).is_none())
    }

    /// What was chosen may not hold any more: an edge has linked meanwhile, or is gone, or is blocked.
    fn choose_anew(&mut self, who: u8) -> Option<()> {
        let point = *self.table()?.guest.agreed()?.peer(who)?.point();
        let no = self.friend_of(&point);
        let friend = no.and_then(|no| self.friends.get(&no));
        let (linked, blocked) = friend.map_or((false, false), |friend| {
            (friend.linked, friend.private.blocked)
        });
        let kept = self.table()?.kept.get_mut(&who)?;
        kept.choice = match (&kept.choice, no) {
            (Choice::Keep(_), Some(no)) if linked && !blocked => Choice::Again(no),
            (Choice::Keep(_), Some(_)) if blocked => Choice::No,
            (Choice::Again(_), None) => Choice::No,
            (Choice::Again(_), Some(_)) if blocked => Choice::No,
            _ => return Some(()),
        };
        Some(())
    }

    /// Says every choice for which the edge stands ready; it is stored before, with this very step.
    pub(super) fn say_choices(&mut self) {
        let waiting = |table: &mut Table| -> Vec<u8> {
            let unsaid = table.kept.iter().filter(|(_, kept)| kept.said.is_none());
            unsaid.map(|(who, _)| *who).collect()
        };
        let unsaid = self.table().map(waiting).unwrap_or_default();
        for who in unsaid {
            self.say_choice(who);
        }
    }

    fn say_choice(&mut self, who: u8) -> Option<()> {
        let addrs = self.listening.clone();
        self.table()?.guest.agreed()?.pairing(who)?;
        self.choose_anew(who)?;
        let table = self.table()?;
        let agreed = table.guest.agreed()?;
        let root = copy(&agreed.pairing(who)?.root);
        let peer = agreed.peer(who)?;
        let theirs = peer.heard().map(|keep| keep.choice);
        let new = |petname| NewFriend {
            petname,
            nick: peer.nick().to_owned(),
            point: *peer.point(),
            joined: agreed.is_before(who),
            addrs: Vec::new(),
            language: agreed.language(),
            root,
        };
        let (choice, stored) = match &table.kept.get(&who)?.choice {
            Choice::No => (KeepChoice::No, None),
            Choice::Again(_) => (KeepChoice::Again, None),
            Choice::Keep(name) => {
                // What nobody else would hold is not stored.
                let pointless = matches!(theirs, Some(KeepChoice::No | KeepChoice::Again));
                let new = (!pointless).then(|| new(name.clone()));
                (KeepChoice::Keep, new.map(|new| self.store_edge(new)))
            }
        };
        let addrs = if choice == KeepChoice::No {
            Vec::new()
        } else {
            addrs
        };
        let keep = Keep { choice, addrs };
        let table = self.table()?;
        let said = table.guest.agreed_mut()?.say(who, &keep);
        table.kept.get_mut(&who)?.said = Some(stored);
        self.say_to_host(said.into_iter().collect());
        Some(())
    }

    /// The edge as `waiting`: I may be alone in having kept it.
    fn store_edge(&mut self, new: NewFriend) -> Stored {
        if let Some(no) = self.friend_of(&new.point) {
            let me = self.me.newest();
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.add_root(new.root, me);
                friend.joined = new.joined;
            }
            self.mark(Saved::Friend(no));
            let (friend, new, replaced) = (no, false, None);
            return Stored {
                friend,
                new,
                replaced,
            };
        }
        let person = self.table().and_then(|table| table.replace);
        let person = person.filter(|no| self.petname(*no) == new.petname.as_str());
        let replaced = person.filter(|no| self.computers(*no).len() == 1);
        let friend = self.befriend(new);
        if let Some(friend) = self.friends.get_mut(&friend) {
            friend.settled = planted!(MetUnconfirmed);
        }
        // It is said of them once the edge is settled: here, or by the first link.
        self.met(friend);
        if let Some(person) = person {
            self.treat_alike(friend, person);
        }
        Stored {
            friend,
            new: true,
            replaced,
        }
    }

    /// Another computer of somebody is kept and muted as those that they have.
    fn treat_alike(&mut self, no: u32, person: u32) {
        let Some(first) = self.friends.get(&person) else {
            return;
        };
        let (keep, muted) = (first.keep, first.private.muted);
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.keep = keep;
        }
        self.decide(no, |private| private.muted = muted);
        self.history.look_again();
    }

    /// Takes what they said into account, once I have said mine.
    pub(super) fn judge_choices(&mut self) {
        let Some(table) = self.table() else {
            return;
        };
        let Some(agreed) = table.guest.agreed() else {
            return;
        };
        let said = table.kept.iter().filter(|(_, kept)| !kept.judged);
        let heard = said.filter_map(|(who, kept)| {
            let (stored, keep) = (kept.said?, agreed.peer(*who)?.heard()?);
            Some((*who, stored, keep.clone()))
        });
        let heard: Vec<_> = heard.collect();
        for (who, stored, keep) in heard {
            self.judge_choice(who, stored, &keep);
        }
    }

    fn judge_choice(&mut self, who: u8, stored: Option<Stored>, theirs: &Keep) -> Option<()> {
        let kept = self.table()?.kept.get_mut(&who)?;
        kept.judged = true;
        let again = match kept.choice {
            Choice::Again(no) => Some(no),
            _ => None,
        };
        match (again, stored, theirs.choice) {
            (Some(no), _, KeepChoice::Again) => self.both_kept(no, theirs),
            (None, Some(stored), KeepChoice::Keep) => {
                self.both_kept(stored.friend, theirs);
                self.take_over(stored);
            }
            (None, Some(stored), KeepChoice::No | KeepChoice::Again) => self.not_kept(stored),
            _ => {}
        }
        Some(())
    }

    /// Both kept each other.
    fn both_kept(&mut self, no: u32, theirs: &Keep) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let news = !core::mem::replace(&mut friend.settled, true);
        let addrs = theirs.addrs.iter().rev();
        addrs.for_each(|addr| friend.add_addr(*addr));
        let (point, petname) = (friend.point, friend.petname.as_str().to_owned());
        self.met(no);
        self.join_is_used_up(&point);
        if news {
            self.show(Event::Paired { petname });
        }
        self.wake_by(self.now.boot_ms);
    }

    /// They did not keep what I kept.
    fn not_kept(&mut self, stored: Stored) {
        // An edge that was there before waits for its own proof.
        let waits = self
            .friends
            .get(&stored.friend)
            .is_some_and(|it| !it.settled);
        if !stored.new || !waits {
            return;
        }
        self.leave(stored.friend);
        self.make_room();
    }

    /// A new computer gets what was said with the old one and what waits for it; the old one is left.
    fn take_over(&mut self, stored: Stored) {
        let Some(gone) = stored.replaced else {
            return;
        };
        let computers = self.computers(stored.friend);
        let place = computers.iter().position(|no| *no == gone);
        let name = self.petname(stored.friend);
        if let Some(place) = place {
            // It is one of two: nothing stands in the way but notes that are too long together, and then
            // both stay.
            let _ = self.drop_computer(&name, count(place + 1));
        }
    }

    /// How it stands with somebody.
    pub(super) fn standing(&self, who: u8) -> Standing {
        let Some(Held::Live(table)) = &self.meetings.now else {
            return Standing::Gone;
        };
        let Some((agreed, peer)) = table
            .guest
            .agreed()
            .and_then(|it| Some((it, it.peer(who)?)))
        else {
            return Standing::There;
        };
        if !agreed.was_heard() {
            return match table.same.contains(&who) {
                true => Standing::Same,
                false => Standing::There,
            };
        }
        let theirs = peer.heard().map(|keep| keep.choice);
        let lost = is_lost(peer);
        let Some(kept) = table.kept.get(&who) else {
            return match theirs {
                Some(KeepChoice::No) => Standing::Declined,
                _ if lost => Standing::Gone,
                _ => Standing::Same,
            };
        };
        match (&kept.choice, kept.said, theirs) {
            (Choice::No, ..) => Standing::NotKept,
            (_, None, _) if lost => Standing::Gone,
            (_, None, _) => Standing::Chosen,
            (_, _, None) => Standing::Waiting,
            (_, _, Some(KeepChoice::No)) => Standing::Declined,
            (Choice::Again(_), _, Some(KeepChoice::Again)) => Standing::Met,
            (Choice::Keep(_), Some(Some(_)), Some(KeepChoice::Keep)) => Standing::Met,
            _ => Standing::OneSided,
        }
    }

    /// What I call somebody, or will.
    pub(super) fn called(&self, who: u8, point: &Point) -> Option<String> {
        if let Some(no) = self.friend_of(point) {
            return Some(self.petname(no));
        }
        let Some(Held::Live(table)) = &self.meetings.now else {
            return None;
        };
        match &table.kept.get(&who)?.choice {
            Choice::Keep(name) if self.standing(who) == Standing::Chosen => {
                Some(name.as_str().to_owned())
            }
            _ => None,
        }
    }
}

impl Table {
    /// Whether nothing is left to say, to hear or to wait for.
    pub(super) fn all_is_said(&self) -> bool {
        let Some(agreed) = self.guest.agreed() else {
            return false;
        };
        self.guest.others().iter().all(|(who, ..)| {
            let Some(peer) = agreed.peer(*who) else {
                return true;
            };
            let never = peer.is_gone() && agreed.pairing(*who).is_none();
            match self.kept.get(who) {
                _ if never => true,
                // Whatever I choose, nothing comes of it: nobody asks me.
                None => is_lost(peer) || declines(peer),
                Some(kept) if kept.said.is_none() => peer.is_gone(),
                Some(kept) if matches!(kept.choice, Choice::No) => true,
                Some(_) => peer.heard().is_some() || peer.is_gone(),
            }
        })
    }
}

/// Whether nothing that both could keep came about.
fn is_lost(peer: &Peer) -> bool {
    peer.seen() == Seen::Lost || (peer.heard().is_none() && peer.is_gone())
}

fn declines(peer: &Peer) -> bool {
    peer.heard().map(|keep| keep.choice) == Some(KeepChoice::No)
}

/// The meeting holds it until it is over, the friend for as long as the edge stands.
fn copy(root: &Key<EdgeRoot>) -> Key<EdgeRoot> {
    Key::fill(|bytes| bytes.copy_from_slice(root.expose()))
}
