//! A new identity, mine or a friend's: told in the session, confirmed by a human who compared words by
//! voice, in force with the first session under it. Until then the old one stays, and nothing changes
//! by itself. PROTOCOL §1 "A new identity".

use super::me::Me;
use super::saved::Saved;
use super::sessions::is_said;
use super::{Answer, End, Engine, Event, Refusal};
use crate::edge::Share;
use crate::friend::{Announced, Friend, Place, Proposed, Renewal, RenewalRecord, Role, What};
use crate::identity::{Identity, Point};
use crate::limits::{FORMER_DOOR_MINUTES, FORMER_IDENTITIES_MAX, SESSION_WORDS};
use crate::message::NextIdentity;
use crate::words::words;

impl Engine {
    /// A person begins a new identity: it is on the disk before any friend is told.
    pub(super) fn renew(&mut self) -> Result<Answer, Refusal> {
        if let Some(petname) = self.half_paired() {
            return Err(Refusal::InvitationOpen { petname });
        }
        if self.me.former() >= FORMER_IDENTITIES_MAX {
            return Err(Refusal::TooManyIdentities);
        }
        // Whoever is met meanwhile would know the former one.
        self.end_meeting(End::Left);
        // Those that were used bear the former one, and bring nobody any more.
        let used: Vec<_> = self.invites.keys().copied().collect();
        used.into_iter().for_each(|no| self.take_back(no));
        self.agreements_end();
        let new = Identity::from_seed(self.entropy.key());
        self.me.become_new(new);
        self.dirty.extend([Saved::Identity, Saved::Former]);
        let friends: Vec<_> = self.friends.keys().copied().collect();
        for no in &friends {
            if !planted!(AnnouncementForgotten) {
                self.mark(Saved::Renewal(*no));
            }
            self.announce(*no);
        }
        self.forget_former();
        let friends = super::people::count(friends.len());
        Ok(Answer::Renewed { friends })
    }

    /// Somebody with whom an invitation is half done: they know the identity that it names.
    fn half_paired(&self) -> Option<String> {
        let linked = |no| self.friends.get(&no).is_some_and(|f: &Friend| f.linked);
        // One for somebody who is introduced to me ends without them: they can be introduced again.
        let introduced =
            |no: u32, claimed: Option<u32>| claimed.is_none() && self.opened_by(no).is_some();
        let invites = self.invites.iter();
        let open = invites
            .filter(|(no, it)| !it.claimed.is_some_and(linked) && !introduced(**no, it.claimed));
        let mut names = open
            .map(|(_, invite)| &invite.name)
            .chain(self.joins.values().map(|join| &join.name));
        names.next().map(|name| name.as_str().to_owned())
    }

    /// Tells a friend who I am now, if their edge stands under another identity of mine.
    pub(super) fn announce(&mut self, no: u32) {
        let newest = *self.me.point();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let Some([me, _]) = friend.edges.one().map(|edge| edge.ends()) else {
            return;
        };
        // They may stand under the one before already, and only their third message shows it.
        let pending = friend.sessions.pending.as_ref();
        let half_way = pending
            .and_then(|it| friend.edges.of(&it.root))
            .is_some_and(|edge| edge.ends()[0] != me);
        if *me == newest || half_way || friend.sessions.active.is_none() {
            return;
        }
        let mine = friend.renewal.mine.take_if(|it| it.point == newest);
        let mut mine = mine.unwrap_or_else(|| Announced::draw(newest, &mut self.entropy));
        let told = core::mem::replace(&mut mine.told, true);
        friend.renewal.mine = Some(mine);
        friend.open_next();
        if !told {
            if !planted!(AnnouncementForgotten) {
                self.mark(Saved::Renewal(no));
            }
            self.say(no, What::NextIdentity, true);
        }
    }

    /// What is said of my new identity, as long as there is something to say.
    pub(super) fn next_identity(friend: &Friend) -> Option<NextIdentity> {
        let mine = friend.renewal.mine.as_ref()?;
        Some(NextIdentity {
            point: *mine.point.as_bytes(),
            share: Share::new(*mine.share.expose()),
        })
    }

    /// A friend says who they are now. Their human will say so to mine; until then it is a word.
    pub(super) fn they_announce(
        &mut self,
        no: u32,
        role: Role,
        place: Place,
        next: &NextIdentity,
    ) -> Option<()> {
        let point = Point::parse(next.point).ok()?;
        let age = self.age.minutes();
        let somebody = self.me.is(&point) || self.friend_of(&point).is_some();
        let joining = self.joins.values().any(|join| join.inviter == point);
        let friend = self.friends.get_mut(&no)?;
        let overtaken = place <= friend.renewal.heard && !planted!(AnnouncementsOvertake);
        let late = overtaken || role == Role::Previous || friend.edges.one().is_none();
        if somebody || joining || late || friend.renewal.refused == Some(point) {
            return None;
        }
        friend.renewal.heard = place;
        let share = crate::secret::Key::fill(|bytes| *bytes = *next.share);
        let before = friend.renewal.theirs.take_if(|it| it.point == point);
        let news = before.is_none();
        let proposed = match before {
            Some(before) => Proposed {
                share: Some(share),
                ..before
            },
            None => Proposed {
                point,
                share: Some(share),
                confirmed: planted!(IdentityUnconfirmed),
                safety: None,
            },
        };
        let confirmed = proposed.confirmed;
        friend.renewal.theirs = Some(proposed);
        friend.open_next();
        let petname = friend.petname.as_str().to_owned();
        let tells = news && friend.live.tells_identity(age);
        self.mark(Saved::Renewal(no));
        if tells {
            self.show(Event::NewIdentity { petname });
        }
        if confirmed {
            self.begin_renewed(no);
        }
        Some(())
    }

    /// A person compared the words of a friend's new identity, by voice. Nothing if there is none to
    /// compare, or they speak of a session that waits.
    pub(super) fn judge_identity(
        &mut self,
        no: u32,
        same: Option<&str>,
    ) -> Option<Result<Answer, Refusal>> {
        // Somebody with this key came in by another door since: one key is one friend.
        let asked = self.friends.get(&no)?.renewal.asked().map(|it| it.point);
        let other = asked.and_then(|point| self.friend_of(&point));
        let friend = self.friends.get_mut(&no)?;
        let session_waits = friend.sessions.parked.is_some();
        if let (Some(other), Some(_)) = (other, same) {
            friend.renewal.theirs = None;
            self.mark(Saved::Renewal(no));
            let petname = self.petname(other);
            return Some(Err(Refusal::AlreadyFriend { petname }));
        }
        match same {
            None if session_waits => return None,
            None => friend.renewal.refused = Some(friend.renewal.theirs.take()?.point),
            Some(said) => {
                friend.renewal.asked()?;
                friend.measure();
                if !is_said(&identity_words(friend), said) {
                    return (!session_waits).then_some(Err(Refusal::OtherWords));
                }
                friend.renewal.theirs.as_mut()?.confirmed = true;
            }
        }
        friend.open_next();
        self.mark(Saved::Renewal(no));
        self.begin_renewed(no);
        Some(self.card_of(no).map(Answer::Changed))
    }

    /// Begins the session under which a friend's new identity stands, once a human has confirmed it.
    fn begin_renewed(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if friend.edges.follows(&friend.point).is_none() {
            return;
        }
        friend.sessions.wanted = true;
        let offer = friend.sessions.offer.as_ref();
        let idle = offer.is_none_or(|it| friend.root(&it.root).is_none());
        let link = friend.live.link.filter(|_| idle);
        self.mark(Saved::Sessions(no));
        if let Some(conn) = link.filter(|conn| self.is_greeted(*conn)) {
            self.offer(no, conn);
        }
    }

    /// A session has begun: if it is one under a new identity, that is who they are, or I am, from now
    /// on; if not, what is under way goes on.
    pub(super) fn follow_identity(&mut self, no: u32, continuous: bool) {
        let minute = self.now.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let Some(ends) = friend.edges.ends().map(|[me, them]| [*me, *them]) else {
            return;
        };
        let [me, them] = ends;
        let theirs = friend.point != them;
        let renewal = &mut friend.renewal;
        let mine = renewal.mine.take_if(|it| it.point == me);
        if theirs || mine.is_some() {
            self.groups.stays(no, &friend.point);
            friend.point = them;
            if theirs {
                friend.trust.begin_anew(minute);
                self.dirty.insert(Saved::Trust(no));
            }
            friend.safety = mine.as_ref().and_then(|it| it.safety);
            // What else is under way began from the former edge: it is told again.
            renewal.mine = None;
            renewal
                .theirs
                .take_if(|it| it.point == them || !it.confirmed);
            renewal.refused.take_if(|_| theirs);
            friend.traffic.rotation.links = u32::MAX;
            let petname = friend.petname.as_str().to_owned();
            self.dirty.extend([Saved::Friend(no), Saved::Traffic(no)]);
            self.forget_previous(no);
            // Its tags came from the edge that was.
            self.forget_names(no, None);
            self.forget_former();
            self.mark(Saved::Renewal(no));
            let mine = mine.is_some();
            self.show(Event::Identity { petname, mine });
            return self.renew_again(no, false);
        }
        self.renew_again(no, continuous);
    }

    /// What is under way with a friend goes on in the session that began; if it remembers nothing, or
    /// the edge is another one, they may not know of it.
    fn renew_again(&mut self, no: u32, remembered: bool) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let renewal = &mut friend.renewal;
        if !remembered && !renewal.is_idle() {
            renewal.mine.iter_mut().for_each(|it| it.told = false);
            renewal.theirs.iter_mut().for_each(|it| it.share = None);
            self.dirty.insert(Saved::Renewal(no));
        }
        friend.open_next();
        self.announce(no);
        self.begin_renewed(no);
    }

    /// What stands in the record about a friend's and my new identities.
    pub(super) fn renewal_record(&self, friend: &Friend) -> Option<RenewalRecord> {
        let [me, _] = friend.edges.ends()?;
        friend.renewal.record(me, self.me.point())
    }

    /// Somebody knocks under an edge that is no more, who is not answered: they came back from an older
    /// backup, or hold what is in one. Before the friend has spoken under the edge that stands it may
    /// be they.
    pub(super) fn former_knocks(&mut self, no: u32) {
        let minute = self.now.minutes();
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let active = friend.sessions.active.as_ref();
        let settled = active.is_some_and(|it| !it.progress().has_heard_nothing());
        if settled && friend.renewal.former.knocks(minute) {
            let petname = friend.petname.as_str().to_owned();
            self.mark(Saved::Renewal(no));
            self.show(Event::FormerKnock { petname });
        }
    }

    /// Forgets the doors of edges that went so long ago.
    pub(super) fn forget_former_doors(&mut self) {
        let Some(last) = self.age.minutes().checked_sub(FORMER_DOOR_MINUTES) else {
            return;
        };
        for (no, friend) in &mut self.friends {
            if friend.renewal.former.forget_since(last) {
                self.dirty.insert(Saved::Renewal(*no));
            }
        }
    }

    /// Erases identities of mine under which no edge stands any more.
    pub(super) fn forget_former(&mut self) {
        let edges = self.friends.values().flat_map(|f| f.edges.doors());
        let needed: Vec<_> = edges.map(|edge| *edge.ends()[0]).collect();
        if self.me.forget(|point| needed.contains(point)) {
            self.mark(Saved::Former);
        }
    }
}

impl Friend {
    /// Opens the doors of the edges that may follow, and no others.
    pub(super) fn open_next(&mut self) {
        let next = self.edges.one().map(|edge| self.renewal.edges(edge));
        self.edges.may_follow(next.unwrap_or_default());
    }

    /// Finds out what both compare of a new identity. Says whether that was news.
    pub(super) fn measure(&mut self) -> bool {
        let ends = self.edges.ends();
        ends.is_some_and(|ends| self.renewal.measure(ends))
    }
}

/// The words by which two people know that they mean the same new identity: the first of their twelve
/// safety words from then on. None before they were found out.
pub(super) fn identity_words(friend: &Friend) -> Vec<&'static str> {
    let hash = friend.renewal.safety();
    hash.map_or_else(Vec::new, |hash| words(hash, SESSION_WORDS, friend.language))
}

/// My identity in the edge to a friend, and what is under way with them; nothing if it is none of mine.
pub(super) fn standing(record: Option<RenewalRecord>, me: &Me) -> Option<(Point, Renewal)> {
    let Some(record) = record else {
        return Some((*me.point(), Renewal::default()));
    };
    let mine = record.me().filter(|point| me.is(point))?;
    let renewal = record.renewal()?;
    let announced = renewal.mine.as_ref();
    let ours = announced.is_none_or(|it| me.is(&it.point));
    ours.then_some((mine, renewal))
}
