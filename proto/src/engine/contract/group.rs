//! Groups as a person sees them: what can be asked of one, how it stands, what was decided and why.
//! Names only, and for who has none what they can be called; never a key. PROTOCOL §7.

use super::Somebody;

/// What a person wants of a group.
pub enum AskGroup {
    /// All of mine, and those that wait for my yes.
    List,
    /// Found one: its founders are asked.
    New(Box<NewGroup>),
    /// How one stands.
    Show {
        /// My name for it.
        name: String,
    },
    /// I take part in a group that asks me to.
    Join {
        /// Which, from [`Answer::Waiting`](super::Answer::Waiting).
        id: u32,
        /// What I will call it.
        name: String,
    },
    /// Write to spectators too; a text for members alone goes by [`Request::Send`](super::Request::Send).
    SendAll {
        /// My name for it.
        name: String,
        /// As in [`Request::Send`](super::Request::Send).
        text: crate::secret::Said,
        /// As in [`Request::Send`](super::Request::Send).
        limit_min: u32,
    },
    /// Propose something.
    Propose {
        /// My name for it.
        name: String,
        /// What.
        what: Proposal,
        /// In my words; may be empty, at most
        /// [`MOTION_TEXT_BYTES_MAX`](crate::limits::MOTION_TEXT_BYTES_MAX) bytes.
        text: String,
        /// How long people have to answer, in hours; 0 as the group's policy says.
        hours: u16,
    },
    /// Answer a motion, or answer it otherwise as long as my window is open.
    Answer {
        /// My name for the group.
        name: String,
        /// [`MotionCard::id`].
        motion: u32,
        /// What I say.
        position: Position,
        /// Why; at most [`REASON_BYTES_MAX`](crate::limits::REASON_BYTES_MAX) bytes. An objection has one.
        reason: String,
    },
    /// Take a motion of mine back.
    Withdraw {
        /// My name for the group.
        name: String,
        /// [`MotionCard::id`].
        motion: u32,
    },
    /// Take a motion of mine back and propose the same thing in other words, or in another window.
    Amend {
        /// My name for the group.
        name: String,
        /// [`MotionCard::id`].
        motion: u32,
        /// As in [`AskGroup::Propose`].
        text: String,
        /// As in [`AskGroup::Propose`].
        hours: u16,
    },
    /// One motion, with who said what.
    Motion {
        /// My name for the group.
        name: String,
        /// [`MotionCard::id`].
        motion: u32,
    },
    /// Another computer of mine speaks for me there from now on; this one only reads.
    Voice {
        /// My name for the group.
        name: String,
        /// My petname for that computer, which is in the group as mine.
        computer: String,
    },
    /// Leave: the others are told, and everything of it is erased here.
    Leave {
        /// My name for it.
        name: String,
    },
    /// A group with some of the people of this one; the old one stays as it is.
    Fork {
        /// My name for the old one.
        name: String,
        /// What I call the new one.
        to: String,
        /// My petnames for who is asked into it.
        with: Vec<String>,
        /// Lines of mine with the old group to keep under the new name: only those of this minute
        /// since 1970 or later; nothing for none.
        since_min: Option<u32>,
    },
    /// Where the group has come apart: with whom I go on.
    Follow {
        /// My name for it.
        name: String,
        /// One of the sides that [`GroupCard::sides`] lists, from 1; nothing for all.
        side: Option<u8>,
    },
    /// Let what somebody says there arrive unannounced and folded, or as before. Nobody is told.
    Mute {
        /// My name for the group.
        name: String,
        /// My petname for them.
        who: String,
        /// Whether they are muted; else they are not any more.
        muted: bool,
        /// Why, for me alone; at most [`REASON_BYTES_MAX`](crate::limits::REASON_BYTES_MAX) bytes.
        reason: String,
    },
    /// Tell the group that somebody's machine was seized, or is in other hands: every node asks its
    /// human before it sends to them in this group.
    Report {
        /// My name for the group.
        name: String,
        /// My petname for them.
        who: String,
        /// What I know, at most [`REASON_BYTES_MAX`](crate::limits::REASON_BYTES_MAX) bytes.
        text: String,
    },
}

/// What a group begins as.
pub struct NewGroup {
    /// What I call it, and propose that the others call it.
    pub name: String,
    /// My petnames for the founders; I am one of them.
    pub with: Vec<String>,
    /// What everybody reads before they join, at most
    /// [`CHARTER_BYTES_MAX`](crate::limits::CHARTER_BYTES_MAX) bytes; may be empty.
    pub charter: String,
    /// How it decides.
    pub policy: GroupPolicy,
}

/// By whose yes something passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Enough agree and nobody objects.
    Consent,
    /// More than half of all members agree.
    Majority,
    /// So many agree.
    Of(u8),
}

/// How a group decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupPolicy {
    /// By whose yes.
    pub preset: Preset,
    /// Hours to answer whether somebody becomes a spectator, returns or is suspended.
    pub add_hours: u16,
    /// Hours to answer whether a spectator becomes a member.
    pub promote_hours: u16,
    /// Hours for all else.
    pub hours: u16,
    /// Days that somebody is a spectator before anybody can agree to a promotion.
    pub spectator_days: u8,
    /// Days of silence before anybody can agree to a suspension, at least 7.
    pub silent_days: u8,
}

/// As the program advises: by consent, with days enough to hear everybody.
impl Default for GroupPolicy {
    fn default() -> Self {
        Self {
            preset: Preset::Consent,
            add_hours: 24,
            promote_hours: 72,
            hours: 72,
            spectator_days: crate::limits::SPECTATOR_DAYS,
            silent_days: crate::limits::SILENT_DAYS,
        }
    }
}

/// What is proposed; people by my petnames for them, or by how the group's card calls them.
pub enum Proposal {
    /// A friend of mine becomes a spectator.
    Add(String),
    /// A spectator becomes a member.
    Promote(String),
    /// Somebody is no longer in it.
    Remove(String),
    /// Nobody sends to somebody who is silent, until they speak again.
    Suspend(String),
    /// Somebody who was suspended spoke to me: everybody sends to them again.
    Lift(String),
    /// Somebody is back with a new computer, which I know by this petname.
    Return {
        /// Whose seat, by the name the group's card gives.
        who: String,
        /// The new computer, my petname for it; the same name if it took the old one's at a meeting.
        computer: String,
    },
    /// A text; with the BLAKE3 of a file if one goes with it.
    Text {
        /// 32 bytes.
        file: Option<[u8; 32]>,
    },
    /// Which of these.
    Poll {
        /// 2 to 8, each one line.
        choices: Vec<String>,
    },
    /// How the group decides from then on.
    Policy(GroupPolicy),
}

/// What somebody says of a motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Yes.
    Agree,
    /// No, and nothing passes by consent as long as it stands.
    Object,
    /// A question first.
    Ask,
    /// Without me.
    Abstain,
    /// One of a poll's choices, from 1.
    Choice(u8),
}

/// What a person gets of groups.
pub enum GroupAnswer {
    /// To [`AskGroup::List`], by name.
    List(Vec<GroupRow>),
    /// To [`AskGroup::New`], [`AskGroup::Show`], [`AskGroup::Join`], [`AskGroup::Fork`], [`AskGroup::Follow`],
    /// [`AskGroup::Mute`], [`AskGroup::Voice`] and [`AskGroup::Report`].
    Group(Box<GroupCard>),
    /// To [`AskGroup::Propose`], [`AskGroup::Amend`], [`AskGroup::Answer`], [`AskGroup::Withdraw`] and
    /// [`AskGroup::Motion`].
    Motion(Box<MotionCard>),
    /// To [`AskGroup::Leave`].
    Left {
        /// How many were told, or will be once they are there.
        told: u32,
    },
}

/// A group in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// My name for it.
    pub name: String,
    /// Whether I only watch.
    pub spectator: bool,
    /// People who decide, myself included.
    pub members: u32,
    /// People who watch.
    pub spectators: u32,
    /// Messages I have not read.
    pub unread: u32,
    /// Motions that wait for my answer.
    pub to_answer: u32,
    /// Motions of mine that an objection holds up.
    pub objected: u32,
    /// Whether the group has come apart and I did not say with whom I go on.
    pub split: bool,
}

/// A group, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupCard {
    /// As in the list.
    pub row: GroupRow,
    /// What its founders call it: not clean.
    pub proposed: String,
    /// The charter's text, if there is one: not clean.
    pub charter: String,
    /// How it decides.
    pub policy: GroupPolicy,
    /// Since when I take part, minutes since 1970.
    pub since_min: u32,
    /// My name for the group that this one left, if I am in it too.
    pub parent: Option<String>,
    /// Everybody, myself among them.
    pub people: Vec<Seated>,
    /// What is open or was decided lately, oldest first.
    pub motions: Vec<MotionCard>,
    /// What does not fit together in what several people told.
    pub doubts: Vec<Doubt>,
    /// If the group came apart: who is on each side, as `people` calls them. The first is mine.
    pub sides: Vec<Vec<Named>>,
    /// What a message of mine costs.
    pub cost: GroupCost,
}

/// What a message to a group costs, if it fits the smallest parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupCost {
    /// To members alone.
    pub parcels: u32,
    /// Likewise.
    pub bytes: u32,
    /// To spectators too.
    pub parcels_all: u32,
    /// Likewise.
    pub bytes_all: u32,
}

/// What somebody in a group is to me.
#[derive(Clone, PartialEq, Eq)]
pub enum Named {
    /// Myself.
    Me,
    /// A friend, by my petname.
    Friend(String),
    /// Nobody I have an edge to.
    Stranger(Somebody),
}

impl core::fmt::Debug for Named {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Named(..)")
    }
}

/// Somebody in a group.
#[derive(Clone, PartialEq, Eq)]
pub struct Seated {
    /// Who.
    pub who: Named,
    /// Whether they only watch.
    pub spectator: bool,
    /// Whether the group suspended them: nothing is sent to them.
    pub suspended: bool,
    /// Whether somebody told that their machine is in other hands.
    pub reported: bool,
    /// Whether I muted them here, and why.
    pub muted: Option<String>,
    /// How many computers they have in the group.
    pub computers: u32,
    /// How many of these I have no edge to: nothing of mine reaches them.
    pub unreached: u32,
    /// When something of theirs last came in this group, minutes since 1970; 0 for never.
    pub heard_min: u32,
    /// Whether they took part yet: something of theirs came.
    pub here: bool,
}

/// How a motion stands, here and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It waits, for so many more yeses; 0 if only for windows to end.
    Open {
        /// How many more.
        needs: u8,
    },
    /// It passed.
    Passed,
    /// It passed, and something that came late undid it.
    Undone,
    /// Somebody objects.
    Blocked,
    /// All windows are over, or it is too old, and too few agreed.
    Failed,
    /// Its author took it back.
    Withdrawn,
    /// What it rests on does not hold here: it counts for nothing.
    Unfounded,
}

/// A motion as a person sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct MotionCard {
    /// By what it is answered: its number among those of this group here.
    pub id: u32,
    /// Two words by which everybody in the group can name it, in the language of the node's user.
    pub words: Vec<&'static str>,
    /// Who proposes it.
    pub by: Named,
    /// What.
    pub what: ProposalCard,
    /// In their words: not clean.
    pub text: String,
    /// When it came, or I made it, minutes since 1970.
    pub since_min: u32,
    /// When my window ends, minutes since 1970.
    pub until_min: u32,
    /// How it stands.
    pub outcome: Outcome,
    /// How many agree, of those that decide.
    pub agree: u32,
    /// How many it takes.
    pub needed: u32,
    /// How many decide.
    pub of: u32,
    /// What I said, if I did.
    pub mine: Option<Position>,
    /// Whether I can still say something.
    pub open_to_me: bool,
    /// Of a poll: how many chose each.
    pub counts: Vec<u32>,
    /// What each said, as far as it is known here.
    pub says: Vec<SayCard>,
    /// Who decided about it and decides no more, if it hangs on what they said: others may have heard more
    /// of them, or less, and nobody asks them any more.
    pub hangs_on: Vec<Named>,
}

/// What is proposed, as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub enum ProposalCard {
    /// See [`Proposal`].
    Add(Named),
    /// See [`Proposal`].
    Promote(Named),
    /// See [`Proposal`].
    Remove(Named),
    /// See [`Proposal`].
    Suspend(Named),
    /// See [`Proposal`].
    Lift(Named),
    /// See [`Proposal`].
    Return(Named),
    /// See [`Proposal`].
    Text {
        /// The BLAKE3 of the file that goes with it.
        file: Option<[u8; 32]>,
    },
    /// The choices: not clean.
    Poll(Vec<String>),
    /// See [`Proposal`].
    Policy(GroupPolicy),
}

/// What somebody said of a motion.
#[derive(Clone, PartialEq, Eq)]
pub struct SayCard {
    /// Who.
    pub who: Named,
    /// What.
    pub position: Position,
    /// Why: not clean.
    pub reason: String,
    /// Whether it is their last word: their window is over.
    pub last: bool,
}

/// What does not fit together.
#[derive(Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Two tell something else of what an author said: either the author told different things, or
    /// the one lies, or a disk broke. Nobody can know which.
    Disagreement {
        /// Whose words.
        author: Named,
        /// Who tells something else than I.
        teller: Named,
        /// The number of the message.
        number: u32,
    },
    /// Messages of somebody never came.
    Gap {
        /// Whose.
        author: Named,
        /// How many.
        count: u32,
    },
    /// Somebody holds other people for the group's.
    OtherSet {
        /// Who.
        who: Named,
        /// Since when, minutes since 1970.
        since_min: u32,
    },
    /// A motion stands otherwise for somebody than for me: one of us holds words that the other does not.
    OtherResult {
        /// For whom.
        who: Named,
        /// Which, in words.
        motion: Vec<&'static str>,
        /// How it stands for them.
        outcome: Outcome,
        /// Since when they tell so, minutes since 1970.
        since_min: u32,
    },
}

/// What happened in a group; each names it as I do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupNews {
    /// A friend asks me into one: my yes or no is waited for.
    Asked {
        /// By what it is answered.
        id: u32,
        /// My name for the friend.
        by: String,
    },
    /// Somebody took part for the first time.
    Here(Named),
    /// A motion came.
    Proposed {
        /// [`MotionCard::id`].
        motion: u32,
    },
    /// A motion stands otherwise than before.
    Moved {
        /// [`MotionCard::id`].
        motion: u32,
        /// How.
        outcome: Outcome,
    },
    /// Somebody is in it, or in another role, from now on.
    In(Named),
    /// Somebody is not in it any more.
    Out(Named),
    /// I am not: nothing of it reaches me any more.
    Ended,
    /// Nobody sends to somebody for now.
    Suspended(Named),
    /// Everybody does again.
    Lifted(Named),
    /// Somebody's machine is said to be in other hands.
    Reported {
        /// Whose.
        who: Named,
        /// My name for who says so.
        by: String,
    },
    /// Something does not fit together: the group's card says what.
    Doubt,
    /// The group has come apart: the group's card shows the sides.
    Split,
}

/// Of a message of mine to a group: to how many it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenBy {
    /// People on one of whose disks it is.
    pub seen: u32,
    /// People it is for, as far as I can reach them.
    pub of: u32,
}

/// A group that asks me, as it stands in the row of those who wait.
#[derive(Clone, PartialEq, Eq)]
pub struct Welcome {
    /// My name for who asks.
    pub by: String,
    /// What they call it: not clean.
    pub proposed: String,
    /// What everybody reads before they join: not clean.
    pub charter: String,
    /// Everybody who is in it.
    pub people: Vec<Named>,
    /// Whether I would only watch at first.
    pub spectator: bool,
    /// How it decides.
    pub policy: GroupPolicy,
}
