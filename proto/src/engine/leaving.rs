//! Friends and invitations left: whoever is left is told nothing, and nothing of them stays here.
//! PROTOCOL §2.

use super::doors::Conn;
use super::names::Bearer;
use super::people::count;
use super::persons::awaited;
use super::saved::{Piece, Saved};
use super::{Answer, Engine, Refusal};
use crate::friend::{Friend, What};

impl Engine {
    /// Ends a friendship here, or takes back an invitation.
    pub(super) fn remove(&mut self, name: &str) -> Result<Answer, Refusal> {
        match self.bearer(name)? {
            Bearer::Friend(no) => return Ok(self.leave_all(no)),
            Bearer::Invited(no) => self.take_back(no),
            Bearer::Joining(no) => self.stop_joining(no),
            Bearer::Agreed(no) => drop(self.decline(no)?),
            Bearer::Group(_) => return Err(self.only_a_group(name)),
            Bearer::Chosen => {}
        }
        Ok(Answer::Removed {
            outbox: 0,
            unread: 0,
        })
    }

    pub(super) fn take_back(&mut self, no: u32) {
        let runs = |conn: &Conn| matches!(conn, Conn::Heard { invite, .. } if *invite == no);
        self.drop_conns(runs);
        self.invites.remove(&no);
        if !planted!(EndForgotten) {
            self.mark(Saved::Invite(no));
        }
    }

    pub(super) fn stop_joining(&mut self, no: u32) {
        self.stop_runs(no);
        self.joins.remove(&no);
        self.mark(Saved::Join(no));
    }

    /// Leaves a person, whichever computers they have.
    fn leave_all(&mut self, no: u32) -> Answer {
        let computers = self.computers(no);
        let friends = computers.iter().filter_map(|no| self.friends.get(no));
        let outbox = awaited(friends);
        let unread = computers.into_iter().map(|no| self.leave(no)).sum();
        self.make_room();
        Answer::Removed { outbox, unread }
    }

    /// Erases the edge, the session, and every word. To the other side I am somebody who is never
    /// there.
    pub(super) fn leave(&mut self, no: u32) -> u32 {
        self.drop_conns_of(no);
        let joins = self.joins.iter().filter(|(_, j)| j.friend == Some(no));
        let joins: Vec<_> = joins.map(|(join, _)| *join).collect();
        joins.into_iter().for_each(|join| self.stop_joining(join));
        let made = self.invites.iter().filter(|(_, i)| i.claimed == Some(no));
        let made: Vec<_> = made.map(|(invite, _)| *invite).collect();
        made.into_iter().for_each(|invite| self.take_back(invite));
        let unread = self.erase_unread(no);
        self.erase_lines(&self.history.of(Some(no)));
        self.show_without(no);
        self.files_left(no);
        self.forget_strays_of(no);
        if let Some(friend) = self.friends.remove(&no) {
            self.erase_friend(no, &friend);
            self.introducer_left(no);
            self.change_handle();
            self.boxes_left(&friend);
            self.forget_former();
        }
        unread
    }

    fn erase_unread(&mut self, no: u32) -> u32 {
        let unread = self.inbox.all_of(no);
        for id in &unread {
            if let Some(arrival) = self.inbox.forget(*id) {
                self.erase_pieces(Saved::Arrival(*id), Piece::Text, arrival.length as usize);
                self.mark(Saved::Arrival(*id));
            }
        }
        count(unread.len())
    }

    /// Everything of a friend who is not in the list any more.
    fn erase_friend(&mut self, no: u32, friend: &Friend) {
        for (id, entry) in friend.outbox.entries() {
            let length = entry.text().map_or(0, |said| said.length);
            self.erase_pieces(Saved::Entry(id), Piece::Text, length as usize);
            if entry.sealed.is_some() {
                self.erase_pieces(Saved::Entry(id), Piece::Parcel, entry.parcel_bytes());
            }
            self.mark(Saved::Entry(id));
            if friend.outbox.left_at(id).is_some() {
                self.mark(Saved::Left(id));
            }
            if let What::Group(of, _) = entry.what {
                self.copy_settled(of, no, false);
            }
        }
        // Nobody may be told that one of these arrived.
        self.counters.forgotten = self.counters.next_entry;
        for (_, session) in friend.sessions.all() {
            self.forget_session(no, session);
        }
        let seen = friend.seen.blocks().map(|block| Saved::Seen(no, block));
        self.dirty.extend(seen);
        let held = friend.post.held.keys();
        self.dirty.extend(held.map(|place| Saved::Held(no, *place)));
        let heard = friend.zone.heard.keys();
        self.dirty
            .extend(heard.map(|place| Saved::Heard(no, *place)));
        self.dirty.extend([
            Saved::Friend(no),
            Saved::Traffic(no),
            Saved::Sessions(no),
            Saved::Answer(no),
            Saved::Third(no),
            Saved::Renewal(no),
            Saved::Private(no),
            Saved::Trust(no),
            Saved::Shown(no),
            Saved::Roads(no),
            Saved::Boxes(no),
            Saved::Node,
        ]);
    }
}
