//! Who has a name here, which names are free, and another name for somebody. A name never moves to
//! another key by itself. PROTOCOL §6.

use super::invitations::Invite;
use super::saved::Saved;
use super::{Answer, Engine, How, Refusal, Somebody};
use crate::identity::Point;
use crate::limits::COMPUTERS_MAX;
use crate::name::Foreign;
use crate::petname::{NameError, Petname, looks_like};

/// Who has a name, or will have it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearer {
    /// A friend.
    Friend(u32),
    /// Whoever uses an invitation of mine.
    Invited(u32),
    /// Whoever gave the invitation that I took.
    Joining(u32),
    /// Whoever is introduced to me, and I said yes.
    Agreed(u32),
    /// Whoever I keep at a meeting, once their computer has answered.
    Chosen,
    /// A group, which is nobody, and has a name that nobody else has.
    Group(u32),
}

impl Engine {
    /// Everybody who has a name here: who, with which key if it is known, and how they are called.
    fn bearers(&self) -> impl Iterator<Item = (Bearer, Option<&Point>, &Petname)> {
        let friends = self.friends.iter();
        let friends = friends.map(|(no, f)| (Bearer::Friend(*no), Some(&f.point), &f.petname));
        let open = |(_, invite): &(&u32, &Invite)| invite.claimed.is_none();
        let invites = self.invites.iter().filter(open);
        let invites = invites.map(|(no, invite)| (Bearer::Invited(*no), None, &invite.name));
        let joins = self.joins.iter();
        let joins = joins.map(|(no, j)| (Bearer::Joining(*no), Some(&j.inviter), &j.name));
        let agreed = self.agreed();
        let agreed = agreed.map(|(no, name)| (Bearer::Agreed(no), None, name));
        let chosen = self.chosen();
        let chosen = chosen.map(|(point, name)| (Bearer::Chosen, Some(point), name));
        let groups = self.groups.names();
        let groups = groups.map(|(no, name)| (Bearer::Group(no), None, name));
        friends
            .chain(invites)
            .chain(joins)
            .chain(agreed)
            .chain(chosen)
            .chain(groups)
    }

    /// Somebody with this key, if it is known, and whom else of mine they could be taken for.
    pub(super) fn somebody(&self, called: Foreign, point: Option<&Point>) -> Somebody {
        let theirs = point.and_then(|point| self.friends.get(&self.friend_of(point)?));
        let theirs = theirs.map(|friend| &friend.petname);
        let others = self.bearers();
        let others = others
            .filter(|(_, key, name)| point.is_none() || (*key != point && Some(*name) != theirs));
        let alike = called.look_alike(others.map(|(_, _, name)| name));
        let looks_like = alike.map(|name| name.as_str().to_owned());
        Somebody { called, looks_like }
    }

    /// A name that nobody has, nor one that looks the same; `but` whoever waits may keep theirs.
    pub(super) fn free_name(&self, typed: &str, but: Option<&Point>) -> Result<Petname, Refusal> {
        self.free_name_for(typed, |_, point| but.is_some() && point == but)
    }

    fn free_name_for(
        &self,
        typed: &str,
        is_theirs: impl Fn(Bearer, Option<&Point>) -> bool,
    ) -> Result<Petname, Refusal> {
        let name = Petname::parse(typed).map_err(|error| match error {
            NameError::Reserved => Refusal::ReservedName,
            _ => Refusal::BadName,
        })?;
        let taken = self
            .bearers()
            .filter(|(who, point, _)| !is_theirs(*who, *point))
            .find(|(_, _, other)| looks_like(other.as_str(), name.as_str()));
        match taken {
            Some((_, _, other)) => Err(Refusal::NameTaken {
                petname: other.as_str().to_owned(),
            }),
            None => Ok(name),
        }
    }

    /// Whether one more computer of this person may come: those that are promised their name count.
    pub(super) fn room_for_computers(&self, no: u32, more: usize) -> Result<(), Refusal> {
        let name = self.friends.get(&no).map(|friend| &friend.petname);
        let theirs = self.bearers().filter(|(_, _, other)| Some(*other) == name);
        match theirs.count() + more <= COMPUTERS_MAX {
            true => Ok(()),
            false => Err(Refusal::TooManyComputers),
        }
    }

    /// Whoever has exactly this name, a friend before one who waits.
    pub(super) fn bearer(&self, name: &str) -> Result<Bearer, Refusal> {
        let bearers = self.bearers();
        let mut bearers = bearers.filter(|(who, ..)| *who != Bearer::Chosen);
        match bearers.find(|(_, _, other)| other.is(name)) {
            Some((who, _, _)) => Ok(who),
            None => self.find(name).map(Bearer::Friend),
        }
    }

    /// The name of somebody who has not answered an invitation, or whose invitation I took.
    pub(super) fn waits(&self, name: &str) -> Option<String> {
        let mut bearers = self.bearers();
        let people = |who: &Bearer| !matches!(who, Bearer::Group(_));
        let (_, _, found) = bearers.find(|(who, _, other)| people(who) && other.is(name))?;
        Some(found.as_str().to_owned())
    }

    /// Calls somebody otherwise; whoever waits keeps the name when they become a friend.
    pub(super) fn rename(&mut self, name: &str, to: &str) -> Result<Answer, Refusal> {
        let who = self.bearer(name)?;
        let point = match who {
            Bearer::Friend(no) => self.friends.get(&no).map(|friend| friend.point),
            Bearer::Joining(no) => self.joins.get(&no).map(|join| join.inviter),
            Bearer::Invited(_) | Bearer::Agreed(_) | Bearer::Chosen | Bearer::Group(_) => None,
        };
        let computers = match who {
            Bearer::Friend(no) => self.computers(no),
            _ => Vec::new(),
        };
        let to = self.free_name_for(to, |other, key| {
            let mine = matches!(other, Bearer::Friend(no) if computers.contains(&no));
            mine || other == who || (point.is_some() && key == point.as_ref())
        })?;
        match who {
            Bearer::Friend(_) => computers.iter().for_each(|no| self.call(*no, &to)),
            Bearer::Invited(no) => {
                if let Some(invite) = self.invites.get_mut(&no) {
                    invite.name = to.clone();
                }
                self.mark(Saved::Invite(no));
            }
            Bearer::Agreed(no) => self.call_agreed(no, &to),
            Bearer::Group(no) => {
                self.call_group(no, to);
                return self.group_changed(no);
            }
            Bearer::Joining(_) | Bearer::Chosen => {}
        }
        for (no, join) in &mut self.joins {
            if Some(join.inviter) == point {
                join.name = to.clone();
                self.dirty.insert(Saved::Join(*no));
            }
        }
        let card = match who {
            Bearer::Friend(no) => self.card_of(no)?,
            Bearer::Invited(no) => {
                let ends = self.invites.get(&no).map(|it| it.code.expiry_min);
                Box::new(self.waiting(&to, How::Invited, ends.unwrap_or_default()))
            }
            Bearer::Joining(no) => {
                let ends = self.joins.get(&no).map(|it| it.code.expiry_min);
                Box::new(self.waiting(&to, How::Joining, ends.unwrap_or_default()))
            }
            _ => Box::new(self.waiting(&to, How::Joining, 0)),
        };
        Ok(Answer::Changed(card))
    }

    pub(super) fn call(&mut self, no: u32, to: &Petname) {
        self.withdraw(&[no], None);
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.petname = to.clone();
        }
        self.mark(Saved::Friend(no));
        for (invite_no, invite) in &mut self.invites {
            if invite.claimed == Some(no) {
                invite.name = to.clone();
                self.dirty.insert(Saved::Invite(*invite_no));
            }
        }
    }

    pub(super) fn petname(&self, no: u32) -> String {
        let friend = self.friends.get(&no);
        friend.map_or_else(String::new, |f| f.petname.as_str().to_owned())
    }
}
