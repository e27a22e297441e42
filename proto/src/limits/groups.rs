//! Groups: who is in one, what is decided, what is kept of what was said.

use super::BUCKETS;

/// Computers in one group, all seats counted: a message to all of them is 126 KiB.
pub const GROUP_COMPUTERS_MAX: usize = 64;
/// Computers above which the program says what a message costs: 30 people fill a room, and one parcel
/// tells a beacon of all of them.
pub const GROUP_COMPUTERS_ADVISED: usize = 30;
/// Computers of one seat: a laptop, a telephone, one at work, one at the squat.
pub const SEAT_COMPUTERS_MAX: usize = 4;
/// What is said in a group at once, its head counted, in bytes: as much as the largest parcel holds.
pub const GROUP_PAYLOAD_BYTES_MAX: usize = BUCKETS[2] - 2048;
/// Groups on one node, those that wait for a yes included: each has records of its own.
pub const GROUPS_MAX: usize = 32;
/// Groups that one friend asks me into at once.
pub const GROUPS_ASKED_PER_FRIEND_MAX: usize = 4;
/// Messages of one friend in groups that I do not know yet, which overtook the one that tells of them.
pub const STRAYS_PER_FRIEND_MAX: usize = 64;
/// The same of all friends.
pub const STRAYS_MAX: usize = 1024;
/// Motions that wait for a result at once, before an honest node proposes no more: more are no decisions
/// any more. Of each seat at most [`MOTIONS_PER_SEAT_MAX`] count, so nobody takes the room of the others.
pub const MOTIONS_MAX: usize = 64;
/// Motions of one seat among them that wait for a result: nobody decides five things at a time.
pub const MOTIONS_PER_SEAT_MAX: usize = 4;
/// What a motion rests on, by name: motions that passed side by side since the last one; the tests of
/// thirty people in a split network came to eleven.
pub const MOTION_RESTS_MAX: usize = 16;
/// Choices of a poll.
pub const POLL_CHOICES_MAX: usize = 8;
/// The text of a motion, with its choices, in bytes of UTF-8: a page.
pub const MOTION_TEXT_BYTES_MAX: usize = 4096;
/// The reason beside a position, in bytes of UTF-8: a paragraph.
pub const REASON_BYTES_MAX: usize = 512;
/// The text of a charter, in bytes of UTF-8: two pages.
pub const CHARTER_BYTES_MAX: usize = 8192;
/// Messages that one names as those before it.
pub const GROUP_PARENTS_MAX: usize = 4;
/// What others said, as one message tells it.
pub const GROUP_DIGESTS_MAX: usize = 4;
/// The same in a beacon: as many as the smallest parcel holds.
pub const BEACON_DIGESTS_MAX: usize = 29;
/// What one beacon has room for, in bytes: that many digests of 23, and motions of 17 where digests leave
/// room.
pub const BEACON_ROOM: usize = 23 * BEACON_DIGESTS_MAX;
/// Motions of which it is kept that one member tells another result: as many as can wait for one.
pub const OTHERWISE_MAX: usize = MOTIONS_MAX;
/// How long somebody tells another result of a motion before that is shown, in minutes: two beacons, a day
/// apart at most. Until then words may be on their way.
pub const OTHERWISE_MINUTES: u32 = 12 * 60;
/// Heads of chains in a genesis: two circles of each computer.
pub const GENESIS_HEADS_MAX: usize = 2 * GROUP_COMPUTERS_MAX;
/// Of each author's chain so many values are known, to compare: a day of very much talk.
pub const CHAIN_WINDOW: usize = 1024;
/// Messages of a group that wait for those before them.
pub const GROUP_WAITING_MAX: usize = 256;
/// How long they do, in minutes; then what is missing is a gap.
pub const GROUP_WAIT_MINUTES: u32 = super::ORDER_WAIT_MINUTES;
/// Hours that a window of a motion can be set to: two weeks. A motion is settled after the post time, a
/// month, counted by each from when it came; so as much again is left for it to come late, and for the
/// last words to come back.
pub const MOTION_HOURS_MAX: u16 = 14 * 24;
/// Days of silence before anybody can be suspended, unless the policy says more.
pub const SILENT_DAYS: u8 = 7;
/// Days as a spectator before anybody agrees to a promotion, unless the policy says otherwise.
pub const SPECTATOR_DAYS: u8 = 7;
/// Who agrees to suspend somebody, at least: two are not a group that decides.
pub const SUSPEND_MIN: usize = 3;
/// Of each author so many incarnations are known in each circle: this one, and the one before it that
/// may still be on its way.
pub const INCARNATIONS_MAX: usize = 2;
/// Of each chain so many of the newest messages are known whatever was agreed on: what names them as
/// its parents may be late.
pub const CHAIN_KEPT: u32 = 64;
/// Names of the newest messages of a circle that nothing names yet: more than four are told by the next.
pub const FRONTIER_MAX: usize = 16;
/// Motions of mine that are not settled here, before my node proposes no more: one on each working day
/// of three weeks.
pub const MOTIONS_OF_MINE_MAX: usize = 16;
/// How many times as much of an author is held as an honest node says. What I say can come to others a
/// post time after I said it, and they settle it a post time after it came, on the day that they look:
/// by then mine of one post time is settled here and what I said in the next, and I say more. So nobody
/// passes over anything of an honest node's.
const HELD_TIMES: usize = 3;
/// Of each author so many motions are held whose result is not settled, those that stand first in their
/// chain.
pub const MOTIONS_PER_AUTHOR_MAX: usize = HELD_TIMES * MOTIONS_OF_MINE_MAX;
/// Positions of one author on one motion that are held, the first ones: nobody changes their mind
/// more often, and everybody holds the same.
pub const SAYS_MAX: usize = 8;
/// Positions of mine on motions that are not settled here, before my node says no more: people say them,
/// and nobody has an opinion more than four times a day.
pub const SAYS_OF_MINE_MAX: usize = 128;
/// Positions of one author that are held, the first ones: as with motions.
pub const SAYS_PER_AUTHOR_MAX: usize = HELD_TIMES * SAYS_OF_MINE_MAX;
/// Ends of one author that are held, the first ones. A node says them by itself, one on each motion that it
/// holds: were there fewer than motions, who floods a group with these would take away the words of others.
pub const CLOSES_PER_AUTHOR_MAX: usize = GROUP_COMPUTERS_MAX * MOTIONS_PER_AUTHOR_MAX;
/// Hand-overs of mine that are not settled here, before my node says no more: one each working day of a
/// year, in a group that never has a quiet month.
pub const VOICES_OF_MINE_MAX: usize = 256;
/// Hand-overs of one author that are held, the first ones: as with motions.
pub const VOICES_PER_AUTHOR_MAX: usize = HELD_TIMES * VOICES_OF_MINE_MAX;
/// Leaves of one author that are held, the first ones: between two of them a group let them in again.
pub const LEAVES_PER_AUTHOR_MAX: usize = 8;
/// People of whom it is kept that their words were held and forgotten: as many as four full groups. Of
/// more something said long ago can be shown again, once they are back.
pub const FORGOTTEN_MAX: usize = 4 * GROUP_COMPUTERS_MAX;
/// Messages that are asked for at once, of one chain, and sent again at once.
pub const MISSING_MAX: u32 = 256;
/// How long a hole in a chain is left alone before its author is asked, in minutes: what overtook is
/// followed by what it overtook. Who asks honestly asks for the next part of it after the same time, and
/// for the same part a day later.
pub const MISSING_AFTER_MINUTES: u32 = 60;
/// How long nobody is sent a message again that they were sent again, in minutes: half of the shortest
/// time between two honest asks, since the first of them may have been on its way for longer.
pub const SENT_AGAIN_MINUTES: u32 = MISSING_AFTER_MINUTES / 2;
/// Days between two times that somebody who was there before me is asked for a chain of which I hold
/// nothing: most of them said nothing in it since I came. As many days from then on they are asked daily.
pub const ELDERS_ASKED_DAYS: u32 = 7;
/// Sets of seats that were mine before this one: what others still say in them can be read.
pub const PAST_VIEWS_MAX: usize = 8;
/// How long views differ before the group has come apart, in minutes.
pub const SPLIT_MINUTES: u32 = 7 * 24 * 60;
/// All pieces of what a group stores under one name, in bytes: the longest are the sets that were.
pub const GROUP_RECORDS_BYTES_MAX: usize = 1 << 20;
