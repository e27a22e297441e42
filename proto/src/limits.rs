//! Every bound there is, its unit in its name, and why it is what it is. PROTOCOL, Appendix A.
//!
//! Full is an answer somebody sees, never a silent loss.

/// Words in a safety comparison: 12 x 11 = 132 bits, so that a man in the middle who needs two
/// pairs of keys with the same words must try 2^66 times 64 MiB.
pub const SAFETY_WORDS: usize = 12;
/// Memory of one safety computation, in KiB: dear to search, bearable on a Raspberry Pi.
pub const SAFETY_MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
pub const SAFETY_PASSES: u32 = 3;

/// First flight of a link, in bytes: room for a stamp and Noise's 53 bytes, and all look alike.
pub const FLIGHT_BYTES: usize = 512;
/// First flight of an invitation, in bytes: it holds an ML-KEM encapsulation key of 1184.
pub const INVITE_FLIGHT_BYTES: usize = 1536;
/// What is read of a stranger before anything is decided, in bytes: nonce and `find`.
pub const KNOCK_BYTES: usize = 40;
/// Stamps at or beyond this are refused, so that adding to one never overflows.
pub const STAMP_END: u64 = 1 << 62;
/// Stamps above the floor that are remembered per friend and door; when full the highest goes, so
/// that forged far-future stamps lock nobody out.
pub const STAMPS_SEEN_MAX: usize = 64;

/// One block of a record, in bytes. Records are whole blocks, so sizes on the wire are coarse.
pub const RECORD_BLOCK_BYTES: usize = 512;
/// Blocks in a record: 16 KiB, small enough to hold in memory per connection.
pub const RECORD_BLOCKS_MAX: usize = 32;
/// Room for data in the largest record: 16384 less length 2, tag 16, used 2.
pub const RECORD_DATA_BYTES_MAX: usize = RECORD_BLOCK_BYTES * RECORD_BLOCKS_MAX - 20;
/// Records under one key before its sender renews it: far below what ChaCha20-Poly1305 bears.
pub const RECORDS_PER_KEY_MAX: u32 = 1 << 20;
/// A frame's body, in bytes: the largest parcel is 65536, a little room for later kinds.
pub const FRAME_BYTES_MAX: usize = 66_000;
/// Sessions a Hello may name: active, previous, pending, parked.
pub const HELLO_SESSIONS_MAX: usize = 4;

/// The lengths a parcel can have, in bytes: a short text, a long one, a piece of a file.
pub const BUCKETS: [usize; 3] = [2048, 8192, 65536];
/// Parcels in one chain, and so the largest gap whose keys are kept: a bag of 1000 shuffled
/// messages must open, and their acknowledgements beside them.
pub const CHAIN_PARCELS_MAX: u32 = 1280;
/// Skipped keys kept in one session.
pub const SKIPPED_PER_SESSION_MAX: usize = 2048;
/// Past receiving chains whose header keys are kept, for late parcels.
pub const OLD_CHAINS_MAX: usize = 32;
/// Root steps whose values are remembered: as far as two disks may drift apart and still go on without
/// asking their people. A thief's copy is stale after as many.
pub const CONTINUITY_VALUES: usize = 8;
/// Sessions that a side begins anew with one friend in a day, or lets take another's place without
/// asking its human: more is no accident.
pub const RESETS_PER_DAY_MAX: u32 = 4;
/// Times that an offer of mine is sent before it gives way to one of the friend's that it crosses.
pub const OFFER_REPEATS_MAX: u32 = 4;
/// Until an offer that brought no answer is sent again, in milliseconds, the first two times: the minute is
/// over in which the friend may have looked at no more of them. After that it is an hour.
pub const OFFER_AGAIN_MS: u64 = 90 * 1000;
/// Offers of one friend that are looked at in a minute: each costs two Diffie-Hellman steps and a
/// commit.
pub const OFFERS_PER_MINUTE_MAX: u32 = 4;
/// Words of a session that two people compare aloud: 44 bits, and one try for whoever lies.
pub const SESSION_WORDS: usize = 4;
/// My chains after which an unacknowledged parcel is sealed anew: well before the peer forgets the
/// chain it was sealed in.
pub const RESEAL_CHAINS: u32 = 24;
/// Parcels, both ways, after which a conversation takes its next KEM step: what somebody learned of
/// it opens at most so many more, once an X25519 key no longer hides anything.
pub const KEM_STEP_MESSAGES: u32 = 50;
/// Minutes after which it does so if it is slower.
pub const KEM_STEP_MINUTES: u32 = 24 * 60;
/// Sealed parcels of one session that await an acknowledgement; later texts wait unsealed, so that
/// every one of them fits into a chain.
pub const UNACKNOWLEDGED_MAX: usize = 1000;
/// A text, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// Message ids in one acknowledgement: fits the smallest bucket.
pub const ACK_IDS_MAX: usize = 40;
/// How long an acknowledgement waits for others to go with it, in milliseconds, once a chain has
/// grown: at first it goes with the commit, which gathers enough.
pub const ACK_PAUSE_MS: u64 = 20;
/// Parcels of a chain after which that pause begins, then doubles, again and again. A chain grows
/// long only if nothing of it is answered; at its end a parcel takes hours, so lost ones hardly
/// wear it out.
pub const ACK_PAUSE_DOUBLES_PARCELS: u32 = 64;
/// How long the erasing of an acknowledged message may wait to go with another commit, in
/// milliseconds: nobody finds it in between who did not find it just before.
pub const ERASE_PAUSE_MS: u64 = 100;
/// Parcels a friend's node remembers having opened, so that each is shown once.
pub const SEEN_PARCELS_MAX: usize = 4096;

/// Message 3 of an invitation and the verdict record, in bytes.
pub const CLAIM_BYTES: usize = 512;
/// A self-proposed name on the wire, in bytes.
pub const NICK_BYTES_MAX: usize = 128;
/// Friends a node can have: a flight is tried against every hint in some 20 microseconds.
pub const FRIENDS_MAX: usize = 256;

/// Computers of one person: a laptop, a telephone, a machine at home, and as many again; each costs
/// every message once more.
pub const COMPUTERS_MAX: usize = 6;
/// Candidate roots of an edge that has not linked yet: each run of an invitation makes one. As many
/// as the inviter answers in a day, so that runs cut short push out no root that it holds.
pub const CANDIDATE_ROOTS_MAX: usize = 1 + INVITE_RETRIES_PER_DAY_MAX as usize;
/// Minutes of the node's age after which an edge gets new secrets: a disk that was copied opens what
/// is said at the door for a month at most.
pub const ROTATE_MINUTES: u32 = 30 * 24 * 60;
/// Former identities of mine that friends have not let go. Each is a secret more on the disk.
pub const FORMER_IDENTITIES_MAX: usize = 8;
/// New identities of one friend that a human is told of in a day. More are asked about, one at a time, and
/// not told: who has so many is no friend, or not alone.
pub const IDENTITIES_TOLD_PER_DAY_MAX: u32 = 3;
/// Former edges of one friend at which a knock is still known. Each is a MAC more for every stranger.
pub const FORMER_DOORS_MAX: usize = 2;
/// For how long it is, in minutes: some make a backup once a year.
pub const FORMER_DOOR_MINUTES: u32 = 400 * 24 * 60;
/// Pause before a human is told again of such knocks, in minutes: whoever knocks does so every hour.
pub const FORMER_KNOCK_MINUTES: u32 = 24 * 60;
/// Links after which it does, whatever the age: about as many as a month of a phone's network brings.
pub const ROTATE_LINKS: u32 = 1000;
/// Epochs are below this: what is above is kept for what is no epoch.
pub const EPOCH_END: u32 = 1 << 31;
/// How long after an ask for a new epoch it is said again, if it was not answered, in minutes.
pub const ROTATE_AGAIN_MINUTES: u32 = 24 * 60;
/// Connections that met silence before a friend is dialled under the last resort. Fewer are what a
/// restart, or a budget that is used up, looks like.
pub const SILENCES_MIN: u32 = 3;
/// Time in which they must come together, in milliseconds.
pub const SILENCES_MS: u64 = 24 * 3600 * 1000;
/// Pause between two dials under the last resort, in milliseconds.
pub const RECOVERY_PAUSE_MS: u64 = 3600 * 1000;
/// How far the stamps of a restored node leap ahead, in milliseconds: past all that its former life
/// sent; and with each dial under the last resort, past what a life between sent by another clock. 35
/// years; below `STAMP_END` there is room for four million.
pub const RECOVERY_LEAP: u64 = 1 << 40;
/// Invitations open at once.
pub const INVITES_OPEN_MAX: usize = 32;
/// Invitations made in a day, so that a thief of the screen cannot befriend the world.
pub const INVITES_PER_DAY_MAX: u32 = 20;
/// The shortest life of an invitation, in seconds: a QR shown across a table.
pub const INVITE_LIFETIME_SECONDS_MIN: u64 = 10 * 60;
/// The longest, in seconds: the post time.
pub const INVITE_LIFETIME_SECONDS_MAX: u64 = 30 * 24 * 3600;
/// First messages of an invitation answered while it is open; then it is dead.
pub const INVITE_ASKS_MAX: usize = 64;
/// First messages answered in a day once it is claimed: the joiner's honest retries.
pub const INVITE_RETRIES_PER_DAY_MAX: u32 = 8;
/// First messages of one invitation answered in all: those above and two weeks of retries, as many
/// tags as fit its record; then silence.
pub const INVITE_TAGS_MAX: usize = 192;
/// Runs of one invitation at once.
pub const INVITE_RUNS_MAX: usize = 3;
/// People at a meeting: as many as can be heard one after the other, and their list fits one record.
pub const MEETING_PEOPLE_MAX: usize = 64;
/// Fewest: one comparison is between two.
pub const MEETING_PEOPLE_MIN: usize = 2;
/// Runs of a meeting that may break off with shares opened. Each is one try for whoever is in between.
pub const MEETING_RUNS_MAX: u8 = 3;
/// Connections of a meeting's listener that have not taken a seat: enough for all at once. When full
/// the oldest goes, so that nobody holds all places by silence.
pub const MEETING_PENDING_MAX: usize = 64;
/// How often people may come and go in one meeting, as its host tells it: each is an entry to look at.
pub const MEETING_COMINGS_MAX: u32 = 4096;
/// Longest life of a meeting, in milliseconds: a round of sixty takes half an hour.
pub const MEETING_MS: u32 = 90 * 60 * 1000;
/// How long who opened a meeting still passes on what the others say, once done, in milliseconds.
pub const MEETING_LINGER_MS: u64 = 10 * 60 * 1000;
/// Words of a room's secret: 88 bits, read from a board.
pub const MEETING_SECRET_WORDS: usize = 8;
/// Lines of which a listener picks the one that was read: who says yes to anything is right once in so
/// many times.
pub const MEETING_LINES: usize = 4;
/// Words in each: 44 bits, and one try for whoever is in between.
pub const MEETING_WORDS: usize = 4;
/// Minutes that post may take, if nothing else was set: a month away is not the end of a friendship.
pub const POST_MINUTES: u32 = 30 * 24 * 60;
/// The shortest such time, in minutes: a friend's computer may sleep for a day.
pub const POST_MINUTES_MIN: u32 = 24 * 60;
/// The longest, in minutes: keys of late parcels wait as long, for us and for whoever takes the disk.
pub const POST_MINUTES_MAX: u32 = 90 * 24 * 60;
/// Minutes that a message is kept once it was read, if nothing else was set.
pub const KEEP_MINUTES: u32 = 7 * 24 * 60;
/// The longest that anything read is kept, in minutes: a year. This is no archive.
pub const KEEP_MINUTES_MAX: u32 = 366 * 24 * 60;

/// How far the wall clock may have gone over a stop to be believed at once, in milliseconds: a day
/// too early erases nothing that was not near its end.
pub const LEAP_MS_MAX: u64 = 24 * 3600 * 1000;
/// How long a node runs with a clock that went further until it believes it, in milliseconds: long
/// enough for somebody, or the network, to put it right.
pub const LEAP_BELIEVED_MS: u64 = 24 * 3600 * 1000;
/// A wall clock that moves so much against the boot clock was set, in milliseconds; less is drift.
pub const CLOCK_SET_MS: u64 = 60 * 1000;
/// How often a node's age is stored if nothing else is, in minutes.
pub const AGE_STORED_MINUTES: u32 = 60;

/// How long a step of a mute handshake may take, in milliseconds.
pub const DOOR_STEP_MS: u32 = 10_000;
/// How long the joiner waits for a verdict, in milliseconds.
pub const VERDICT_MS: u32 = 60_000;
/// Failures after an accepted stamp that a friend may have in a minute before its flights are
/// ignored until the minute is over.
pub const FAILED_LINKS_PER_MINUTE_MAX: u32 = 30;
/// Words about room that a friend may say in a minute; each may make a window of parcels go again.
/// Whoever says more loses the link.
pub const ROOM_WORDS_PER_MINUTE_MAX: u32 = 30;
/// Flights of one friend that were answered and have not opened a link: the addresses that an
/// honest friend tries at once. Beyond it the oldest makes room.
pub const SHAKEN_PER_FRIEND_MAX: usize = 3;
/// Addresses of one friend that are dialled at once; the others have their turn.
pub const ADDRS_AT_ONCE: usize = SHAKEN_PER_FRIEND_MAX;
/// First pause between two dials of a friend, in milliseconds; doubled up to the longest.
pub const REDIAL_MS_MIN: u64 = 1_000;
/// Longest pause between two dials, in milliseconds.
pub const REDIAL_MS_MAX: u64 = 600_000;
/// Pauses of so many milliseconds and more end with a full second of the boot clock, so that a node
/// with a hundred absent friends wakes once for all that are due.
pub const REDIAL_MS_ROUNDED: u64 = 8_000;
/// Dials under way at once.
pub const DIALS_MAX: usize = 16;
/// Dials under way at once to where a beacon of a friend came from, beside those: dead addresses of
/// others do not keep who is in the same room waiting.
pub const BEACON_DIALS_MAX: usize = 8;
/// Pause between two dials of one friend that beacons bring about, in milliseconds: a recorded beacon
/// that is sent again and again makes no more of them.
pub const BEACON_DIAL_PAUSE_MS: u64 = 10_000;
/// Friends whom one beacon is for; the others have their turn. With nonce it is half an Ethernet frame.
pub const BEACON_TAGS: usize = 64;
/// A beacon, in bytes, however many friends there are: a nonce of 24, and 10 for each entry.
pub const BEACON_BYTES: usize = 24 + 10 * BEACON_TAGS;
/// First pause between two beacons, in milliseconds, after something changed; doubled up to the longest.
pub const BEACON_MS_MIN: u64 = 2_000;
/// Longest pause between two beacons, in milliseconds: who comes later is heard at once.
pub const BEACON_MS_MAX: u64 = 60_000;
/// For so long the tags of beacons are the same function of the nonce, in milliseconds. The one before
/// and the one after hold too: clocks that are wrong by a time zone or two find each other, and a
/// recorded beacon says nothing more after half a day.
pub const BEACON_SLOT_MS: u64 = 4 * 3600 * 1000;
/// Own addresses from which beacons go: cable, two radios, a hotspot, some bridges.
pub const NEAR_ADDRS_MAX: usize = 8;
/// Addresses kept for one friend, and told to one: cable and radio, both families, an onion service.
pub const FRIEND_ADDRS_MAX: usize = 8;
/// Handles in one list of addresses: one leads to a person through every friend of both.
pub const HANDLES_MAX: usize = 1;
/// How long a list of addresses that an absent friend was told waits before another is sealed for
/// them, in minutes: a laptop that moves all day leaves four parcels, not forty.
pub const ADDRESSES_AGAIN_MINUTES: u32 = 6 * 60;
/// Pause after a change of the machine's network in which a further one brings about no dials, in
/// milliseconds: an interface that comes and goes makes no storm.
pub const NETWORK_PAUSE_MS: u64 = 15_000;
/// Sealed bytes under way on one link before acknowledgements are awaited.
pub const LINK_WINDOW_BYTES: usize = 1 << 20;
/// Messages to one friend that may wait, sealed or not.
pub const OUTBOX_PER_FRIEND_MAX: usize = 4096;
/// A piece of a file, in bytes: with its head and all else it fills the largest parcel, KEM key included.
pub const FILE_CHUNK_BYTES: usize = 63_488;
/// The name of a file on the wire, in bytes: as long as file systems let one be.
pub const FILE_NAME_BYTES_MAX: usize = 255;
/// Columns of a file's name as it is shown and saved: it stands in one line beside other words.
pub const FILE_NAME_COLUMNS_MAX: usize = 80;
/// The largest file, in bytes: a photograph is 5 MB, a poster 10. Two of them fit the share that files
/// have of the usual disk.
pub const FILE_BYTES_MAX: u64 = 16 << 20;
/// Files of mine on their way to one friend: who has more to give may wait, or make one of them.
pub const FILES_TO_FRIEND_MAX: usize = 4;
/// Files of one friend that are offered, on their way, or here and not taken out: twice as many as an
/// honest node has under way, since what ended there may not have ended here. More are not heard.
pub const FILES_FROM_FRIEND_MAX: usize = 8;
/// Offers of one friend that a human is told of in a day of the node's age; of more nobody is told.
pub const FILES_TOLD_PER_DAY_MAX: u32 = 32;
/// Files of all friends together, both ways: each has a record.
pub const FILES_MAX: usize = 1024;
/// Bytes of all files together, however large the disk: 17,000 pieces, each with a leaf of the key tree.
pub const FILES_BYTES_MAX: u64 = 1 << 30;
/// Pieces of files that are sealed and wait for one friend: what one link takes at once.
pub const FILE_CHUNKS_WAITING_MAX: usize = LINK_WINDOW_BYTES / BUCKETS[2];
/// Of those, bytes under way on one link: two seconds of a slow one. A text goes before all others.
pub const FILE_LINK_BYTES: usize = 4 * BUCKETS[2];
/// How often a friend may ask for a file from some piece on: once, and whenever their disk went back.
pub const FILE_STARTS_MAX: u8 = 8;
/// How long a person's program may leave a file half handed in, in milliseconds; then it is dropped.
pub const FILE_FILLING_MS: u64 = 10 * 60 * 1000;
/// Time between two parcels that say nothing on one link, in milliseconds, about: it is drawn anew for each,
/// from half to one and a half of it. A minute: 3.5 MiB a day and link on the wire.
pub const COVER_MS: u64 = 60_000;
/// What one of them takes on the wire, in bytes: five blocks of a record.
pub const COVER_WIRE_BYTES: u64 = 2560;
/// Parcels of a chain after which none of them is sent before the friend says something: what people say
/// has the rest.
pub const COVER_CHAIN_MAX: u32 = 1000;
/// A bundle that is carried by hand is a multiple of this, in bytes: it tells no more of how much is in it.
pub const CARRY_UNIT_BYTES: usize = 1 << 20;
/// The longest bundle, in bytes: two hundred pieces of files or thousands of texts; to look through one
/// costs a second, whoever made it.
pub const CARRY_BYTES_MAX: usize = 16 << 20;
/// Acknowledgements that are made for a bundle at once, 40 messages each: those of a whole session, and
/// they go through the local socket in one line.
pub const CARRY_ACKS_MAX: usize = UNACKNOWLEDGED_MAX.div_ceil(ACK_IDS_MAX);
/// A part of a bundle as it goes through the local socket, in bytes: three of the largest parcels, in
/// base64 well within a line.
pub const CARRY_PART_BYTES: usize = 3 * BUCKETS[2];
/// Unsealed texts fetched from the disk at once, to be sealed.
pub const FETCHES_MAX: usize = 16;
/// Messages of one friend that may wait to be read; then they are not acknowledged and their
/// author keeps them.
pub const UNREAD_PER_FRIEND_MAX: usize = 4096;
/// Messages of all friends that may wait to be read: each has a leaf of the key tree.
pub const UNREAD_PER_NODE_MAX: usize = 65_536;
/// Messages to all friends that may wait: each has two leaves of the key tree.
pub const OUTBOX_PER_NODE_MAX: usize = 32_768;
/// Lines of one conversation that are kept after they were read: years of talk. Then the oldest go.
pub const HISTORY_PER_FRIEND_MAX: usize = 16_384;
/// Lines of all conversations that are kept: each has a leaf of the key tree.
pub const HISTORY_PER_NODE_MAX: usize = 65_536;
/// Messages that were given up and are remembered as such, should somebody ask.
pub const GIVEN_UP_MAX: usize = 64;
/// Lines in one answer to a reader of the history.
pub const HISTORY_ANSWER_MAX: u32 = 200;
/// What a text or a parcel takes on the disk besides its bytes: the records around it.
pub const BODY_COST_BYTES: u64 = 512;
/// Least that all texts and parcels may take, in bytes, however small the disk.
pub const BODIES_BYTES_MIN: u64 = 4 << 20;
/// What all texts and parcels may take, in bytes, if nothing else was set: a quarter of the disk cap,
/// since a log-structured file is several times as long as what it holds.
pub const BODIES_BYTES: u64 = DISK_BYTES_MAX / 4;
/// Minutes that a message waits for those its author wrote before it.
pub const ORDER_WAIT_MINUTES: u32 = 24 * 60;
/// Messages in one answer to a reader; the next ones are asked for.
pub const INBOX_ANSWER_MAX: u32 = 50;
/// Bytes of a text or parcel in one record of the store: the whole record stays below 4 KiB.
pub const CHUNK_BYTES: usize = 3584;
/// Skipped keys of all sessions of a node together.
pub const SKIPPED_PER_NODE_MAX: usize = 16_384;
/// Marks on one letter: Hebrew, Arabic and Vietnamese need at most three; forty hide other lines.
pub const MARKS_PER_LETTER_MAX: usize = 4;
/// Directions inside directions: no honest line nests deeper, Unicode's own bound is 125.
pub const BIDI_DEPTH_MAX: usize = 8;
/// A nickname is quoted beside other words: longer ones would push these off the line.
pub const NICK_COLUMNS_MAX: usize = 24;

/// A petname stands in a column of lists and before every line that is said.
pub const PETNAME_COLUMNS_MAX: usize = 32;
/// 32 columns of two-byte letters with a mark each; fits the `len u8` of every layout.
pub const PETNAME_BYTES_MAX: usize = 128;
/// Offered when nobody is called so; more would be a list of friends.
pub const NEAR_NAMES_MAX: usize = 3;

/// Names of other people in one answer of a friend: as many as friends a node can have.
pub const ZONE_RECORDS_MAX: usize = 256;
/// What is said beside such a name, in bytes of UTF-8: half a line.
pub const ZONE_NOTE_BYTES_MAX: usize = 64;
/// How long such a name may be believed without asking again, in days: one that was withdrawn while
/// the two never met is gone after a week.
pub const ZONE_DAYS_MAX: u8 = 7;
/// Names that I show to friends, each to each counted: all of them go through the local socket in one
/// line, and beside as many friends as there can be they fit a backup.
pub const ZONE_SHOWN_MAX: usize = 512;
/// What I say beside those that I show one friend, in bytes: all of them fit a record.
pub const ZONE_NOTES_BYTES_MAX: usize = 1600;
/// The same of all friends together, in bytes: a part of the longest backup.
pub const ZONE_SHOWN_NOTES_BYTES_MAX: usize = 4 << 10;
/// Names that friends told me and that are kept until their time is over: each has a leaf of the key
/// tree. Then those that would go first make room.
pub const ZONE_HEARD_MAX: usize = 1024;
/// Questions about names that I put to one friend in a minute: a person who looks somebody up.
pub const ZONE_ASKS_PER_MINUTE_MAX: u32 = 10;
/// The same in a day. A friend answers twice as many, since the two count by other clocks; what is
/// beyond gets no answer.
pub const ZONE_ASKS_PER_DAY_MAX: u32 = 200;
/// Of those, questions that wait for an answer: then the first is not waited for any more.
pub const ZONE_ASKS_OPEN_MAX: usize = 4;

/// Addresses in an invitation: `flags` has two bits for their number.
pub const INVITE_ADDRS_MAX: usize = 3;
/// All addresses of an invitation together: one onion service; more makes the QR outgrow a terminal.
pub const INVITE_ADDRS_BYTES_MAX: usize = 35;
/// The secret of an invitation: nobody tries 2^128 of them.
pub const INVITE_SECRET_BYTES: usize = 16;
/// Typed text that may still be an invitation: the longest, with a blank after each character.
pub const INVITE_TEXT_BYTES_MAX: usize = 1024;

/// What I note about one person, in bytes of UTF-8: a few sentences, which fit a record with all else
/// that I alone decide.
pub const NOTE_BYTES_MAX: usize = 1000;
/// All notes together, in bytes: beside as many friends as there can be they fit the longest backup.
pub const NOTES_BYTES_MAX: usize = 16 << 10;

/// Who introduced one friend: more than a line can name, and each is somebody's word only.
pub const INTRODUCERS_MAX: usize = 4;
/// What an introducer says of somebody, in bytes of UTF-8: a sentence.
pub const INTRODUCTION_NOTE_BYTES_MAX: usize = 160;

/// Introductions by one friend that wait for my yes, or for what comes of it: more would be a crowd.
pub const INTRODUCTIONS_PENDING_MAX: usize = 5;
/// Introductions that are heard in a day, and as many made: who has friends by the dozen is no friend.
pub const INTRODUCTIONS_PER_DAY_MAX: u32 = 20;
/// Introductions of mine that wait for two yeses.
pub const INTRODUCTIONS_MADE_MAX: usize = 32;

/// Tokens of one box below which a friend asks for more.
pub const TOKENS_LOW: usize = 8;
/// The last tokens of a box: kept for asking for more and for giving some, so that two who are never
/// there together cannot both run dry.
pub const TOKENS_RESERVED: usize = 4;
/// Tokens of one box that are kept: those of an answer that came twice, and of one that was late.
pub const TOKENS_HELD_MAX: usize = 48;
/// Batches of tokens of one box that a friend gets in a day: 20 x 16 visits of 64 parcels.
pub const TOKEN_BATCHES_PER_DAY_MAX: u32 = 20;
/// Boxes of mine, each at another friend's: one that is always there, and some for its bad days.
pub const BOXES_OF_MINE_MAX: usize = 4;
/// Shortest time until what waits for a friend who is away goes to a keeper, in milliseconds. It is
/// drawn between the two, so that whoever watches cannot tell what arrived from what left.
pub const RELAY_MS_MIN: u64 = 1_000;
/// Longest such time, in milliseconds.
pub const RELAY_MS_MAX: u64 = 30_000;
/// First pause after a box could not be reached, in milliseconds; doubled up to the longest.
pub const BOX_REST_MS_MIN: u64 = 60_000;
/// Longest such pause, in milliseconds, and that after a box that was full.
pub const BOX_REST_MS_MAX: u64 = 3600 * 1000;
/// Parcels on their way into a box that await its word, or the disk's: one of the largest would be read
/// beside seven.
pub const LEAVING_AT_ONCE: usize = 8;
/// How long a keeper may take for one step of a visit, in milliseconds: a parcel of 64 KiB over Tor, and
/// its disk.
pub const VISIT_STEP_MS: u32 = 60_000;
/// Minutes after which a parcel that somebody keeps goes to a keeper again, if nobody acknowledged it: the
/// acknowledgement may be lost, or the box.
pub const LEAVE_AGAIN_MINUTES: u32 = 3 * 24 * 60;
/// Pause between two looks into a box of mine, in milliseconds.
pub const FETCH_MS: u64 = 15 * 60 * 1000;
/// First pause after a look that failed, in milliseconds; doubled up to the other.
pub const FETCH_MS_MIN: u64 = 60 * 1000;
/// Addresses of a keeper, as in an invitation.
pub const MAILBOX_ADDRS_MAX: usize = INVITE_ADDRS_MAX;
/// All of them together, in bytes: one onion service.
pub const MAILBOX_ADDRS_BYTES_MAX: usize = INVITE_ADDRS_BYTES_MAX;
/// What a box may hold if nothing else was said, in KiB.
pub const MAILBOX_KIB: u32 = (MAILBOX_BYTES >> 10) as u32;
/// The most that may be offered, asked for or granted, in KiB.
pub const MAILBOX_KIB_MAX: u32 = (MAILBOX_BYTES_MAX >> 10) as u32;

/// Lengths of a backup, in bytes: the shortest holds some ten friends, the third as many as there can
/// be, the longest all of them while identities are renewed; it goes through the local socket in one line.
pub const BACKUP_BYTES: [usize; 4] = [16 << 10, 64 << 10, 184 << 10, 272 << 10];
/// Candidate edges of one friend in a backup, the newest.
pub const BACKUP_EDGES_MAX: usize = 2;
/// Addresses of one friend in a backup, the newest.
pub const BACKUP_ADDRS_MAX: usize = 3;
/// Tokens of one generation of a mailbox: a bitmap of 512 bytes tells which were spent.
pub const TOKENS_PER_GENERATION: u16 = 4096;
/// Generations of tokens that open a mailbox: friends who were away for two of them can still leave
/// something.
pub const GENERATIONS_LIVE: usize = 3;
/// Conditions on one token: each is a hand through which it went.
pub const CAVEATS_MAX: usize = 8;
/// All of them together, in bytes: what a flight has room for.
pub const CAVEATS_BYTES_MAX: usize = 200;
/// Tokens in one batch, which fits the smallest bucket.
pub const TOKENS_PER_BATCH_MAX: usize = 16;
/// Parcels that one token admits: a day's talk; a text, its acknowledgement and what was missed.
pub const VISIT_PARCELS_MAX: u32 = 64;
/// What a mailbox may hold unless its owner was granted more, in bytes: a month of talk.
pub const MAILBOX_BYTES: u64 = 8 << 20;
/// What it may hold at most, in bytes: pictures too.
pub const MAILBOX_BYTES_MAX: u64 = 64 << 20;
/// Parcels in one mailbox: as many of the smallest bucket as 8 MiB have room for.
pub const MAILBOX_PARCELS_MAX: usize = 4096;
/// Mailboxes that a node keeps: each is two hints more for every stranger, and a bitmap of 1.5 KiB.
pub const MAILBOXES_MAX: usize = 32;
/// Visits to one mailbox in a minute, and as many by its owner: each costs a Diffie-Hellman and a commit.
pub const VISITS_PER_MINUTE_MAX: u32 = 60;
/// Visitors of one mailbox at once: each may hold two records and a parcel in memory.
pub const VISITORS_AT_ONCE_MAX: usize = 16;
/// How long the owner of a mailbox may take to say that parcels are safe, in milliseconds: a commit on a
/// slow disk, over Tor.
pub const FETCH_STEP_MS: u32 = 60_000;
/// What a mailbox sends its owner before it hears that some of it is safe, in bytes: two parcels of the
/// largest bucket, or some sixty of the smallest.
pub const FETCH_WINDOW_BYTES: usize = 2 * BUCKETS[2];
/// Leaves of the key tree, three levels of 64: more ratchets, conversations and days than a node
/// with all its friends comes to, and 30 MiB of keys in memory at worst.
pub const LEAVES_MAX: u32 = 64 * 64 * 64;
/// A record's logical name, in bytes: three hashes of 32 and some words between them.
pub const RECORD_NAME_BYTES_MAX: usize = 128;
/// A record's body, in bytes: with name and envelope exactly the 4096 up to which sled keeps a
/// value in its log; what is longer it spills into files that it never syncs.
pub const RECORD_BODY_BYTES_MAX: usize = 3904;
/// Least memory that a try of the passphrase costs, in KiB (OWASP's floor for argon2id).
pub const KDF_MEMORY_KIB_MIN: u32 = 19 * 1024;
/// Most, in KiB: a slot that asks for more was damaged or forged, and no Pi could open it.
pub const KDF_MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// Least passes over that memory.
pub const KDF_PASSES_MIN: u32 = 2;
/// Most: with the most memory a minute of waiting, not a day.
pub const KDF_PASSES_MAX: u32 = 16;
/// Most lanes: we compute them one after the other, so more would only be slower for us.
pub const KDF_LANES_MAX: u32 = 16;

/// Inputs the engine takes before it looks whether a commit can begin.
pub const INPUTS_PER_TURN_MAX: usize = 256;
/// The longest the engine's thread sleeps, in milliseconds: a laptop that slept is awake by then.
pub const SLEEP_MS_MAX: u64 = 15_000;
/// How long a starting node waits to learn its own addresses, in milliseconds: invitations name them.
pub const LISTENING_WAIT_MS: u64 = 2_000;
/// How long a wipe, its slot destroyed, waits for a commit before it takes the rest from under it,
/// in seconds.
pub const WIPE_WAITS_SECONDS: u64 = 5;
/// Events that a listener on the local socket may lag behind before it is dropped.
pub const EVENTS_WAITING_MAX: usize = 1024;
// The network part of the shell. It stands where strangers are, so all it does is counted.

/// Inbound connections that have not shown a valid tag: enough for every friend at once, little
/// memory. When full the oldest goes, so that nobody can lock friends out by holding places.
pub const PENDING_MAX: usize = 64;
/// Of those, from one IPv4 /24 or IPv6 /64; loopback is not counted, all onion peers look like it.
pub const PENDING_PER_PREFIX_MAX: usize = 8;
/// How long a connection may take to show a valid tag, in seconds.
pub const PENDING_SECONDS: u64 = 5;
/// How long one may take who comes through Tor, in seconds: their bytes cross six relays.
pub const ONION_PENDING_SECONDS: u64 = 30;
/// Strangers who are read and not answered, outside the pool; the oldest is closed.
pub const DISCARDING_MAX: usize = 256;
/// Least that is read of a stranger before closing, in bytes. The budget is drawn once per start,
/// so that it tells nothing about what was wrong.
pub const DISCARD_BYTES_MIN: usize = 4 * 1024;
/// Most that is read of a stranger before closing, in bytes.
pub const DISCARD_BYTES_MAX: usize = 64 * 1024;
/// Shortest time after its first moment at which a stranger is closed, in seconds.
pub const DISCARD_SECONDS_MIN: u64 = 10;
/// Longest such time, in seconds.
pub const DISCARD_SECONDS_MAX: u64 = 60;
/// Knocks the engine has not looked at; others wait, so that a flood fills no queue.
pub const KNOCKS_WAITING_MAX: usize = 64;
/// Longest time to open a TCP connection, in seconds: the kernel asks four times; slow mobile networks,
/// not dead hosts, which each keep one of `DIALS_MAX` places.
pub const CONNECT_SECONDS: u64 = 10;
/// Longest time to reach an onion service, in seconds: Tor looks up where it is, and builds two ways.
pub const ONION_CONNECT_SECONDS: u64 = 90;
/// Pause between two questions whether the other end of a link through Tor is there, in seconds: the
/// kernel sees only this machine's own Tor. With the time for an answer, dead after less than a minute.
pub const ONION_PROBE_EVERY_SECONDS: u64 = 40;
/// The port that an onion service of ours has at its address: the same for all, it tells nothing.
pub const ONION_PORT: u16 = 24_617;
/// What Tor makes a service of, in bytes.
pub const ONION_KEY_BYTES: usize = 64;
/// Connections that one visitor's way through Tor may carry at once; Tor ends the way of who wants more.
pub const ONION_STREAMS_MAX: u32 = 8;
/// Tor's answers on its control port, in bytes a line; those we ask for are far shorter.
pub const TOR_LINE_BYTES_MAX: usize = 4096;
/// Lines of one such answer.
pub const TOR_LINES_MAX: usize = 64;
/// How long Tor's control port may take to answer, in seconds.
pub const TOR_ANSWER_SECONDS: u64 = 20;
/// Shortest pause before Tor is asked anew, in seconds; doubles each time.
pub const TOR_RETRY_SECONDS_MIN: u64 = 1;
/// Longest such pause, in seconds: so soon after Tor comes back our service does.
pub const TOR_RETRY_SECONDS_MAX: u64 = 30;
/// Longest life of a connection that is neither closed nor a link, in seconds: a visit to a mailbox, ten
/// minutes for 64 parcels over Tor. An invitation's steps, each `VERDICT_MS` at most, fit in it.
pub const MUTE_SECONDS_MAX: u64 = 600;
/// How long written bytes may wait for a mute connection to take them, in seconds.
pub const MUTE_WRITE_SECONDS: u64 = 10;
/// How long the answering side waits for the first record, in seconds.
pub const FIRST_RECORD_SECONDS: u64 = 10;
/// How long both sides wait for the friend's substream after the handshake, in seconds.
pub const SUBSTREAM_SECONDS: u64 = 10;
/// How long a link may take to answer a probe, in seconds.
pub const PROBE_SECONDS: u64 = 10;
/// How long what was said before a close may still take to leave, in seconds.
pub const CLOSE_SECONDS: u64 = 5;
/// Datagrams read in a second where beacons come; after so many none is until the second is over.
pub const DATAGRAMS_PER_SECOND_MAX: u32 = 512;
/// Of those, beacons that the engine looks at: each costs three short tags for every friend, 0.2 ms
/// for 256 of them.
pub const BEACONS_PER_SECOND_MAX: u32 = 64;
/// Of those, from one host: who listens at its own addresses, changed, sends two in a second.
pub const BEACONS_PER_HOST_MAX: u32 = 4;
/// Connections of a meeting's listener: all who can be there, and as many who have not taken a seat.
/// They are apart from those at the friends' door, so a crowd here keeps no friend out there.
pub const MEETING_CONNS_MAX: usize = 128;
/// Of those, from one host; loopback is not counted. A second try, while the first is still being noticed.
pub const MEETING_CONNS_PER_HOST_MAX: usize = 4;
/// What waits for one of them to read on, in bytes: what sixty others say to one, twice.
pub const MEETING_UNSENT_BYTES_MAX: usize = 1 << 20;
/// The beacon of a meeting, in bytes: a name of 8, a number of 8, a port.
pub const MEETING_BEACON_BYTES: usize = 18;
/// Pause between two beacons of a meeting, in milliseconds: who looks for one waits for three.
pub const MEETING_BEACON_MS: u64 = 1_000;
/// How long a node looks for meetings when somebody asks, in milliseconds.
pub const MEETING_SEARCH_MS: u64 = 3_200;
/// Meetings that one search finds; more is no room but somebody's joke.
pub const MEETINGS_FOUND_MAX: usize = 16;
/// Age at which a link's sender renews its key, in seconds.
pub const LINK_KEY_SECONDS: u64 = 3600;
/// Circuits that one node puts through by one friend's link at once, in which that friend is either end.
pub const CIRCUITS_PER_LINK_MAX: usize = 2;
/// Asks to be put through that one friend may make in a minute: a few absent people, each sought by
/// turns; what is beyond is closed unread.
pub const CIRCUIT_ASKS_PER_MINUTE_MAX: u32 = 60;
/// What goes through one circuit, both ways together, in bytes: a day of talk, a few pictures.
pub const CIRCUIT_BYTES_MAX: u64 = 64 << 20;
/// The longest life of a circuit, in seconds; after it the two may have found a way of their own.
pub const CIRCUIT_SECONDS_MAX: u64 = 3600;
/// Friends who are asked at once to put me through to another; the others have their turn.
pub const CIRCUITS_AT_ONCE: usize = 2;
/// Substreams of one link: the friend's, a probe each way, one to spare, and circuits of which either
/// side is in between.
pub const MUXER_STREAMS_MAX: usize = 4 + 2 * CIRCUITS_PER_LINK_MAX;
/// What all substreams of one link may hold unread, in bytes: yamux's least, 256 KiB for each.
pub const MUXER_WINDOW_BYTES: usize = 2 << 20;
/// Data in one muxer frame, in bytes: with its 12-byte head it fills one record, no more.
pub const MUXER_SPLIT_BYTES: usize = RECORD_DATA_BYTES_MAX - 12;
/// Frames of one link that the engine has not dealt with, in bytes: one in hand, one on the way.
/// Beyond it the friend is not read.
pub const FRAME_CREDIT_BYTES: usize = 2 * (FRAME_BYTES_MAX + FRAME_COST_BYTES);
/// What a frame costs of that besides its body, in bytes, so that empty ones are not free.
pub const FRAME_COST_BYTES: usize = 512;
/// Frames to a friend that wait for them to read on, in bytes: the window and as much in
/// acknowledgements, twice. Whoever lets more pile up loses the link.
pub const LINK_UNREAD_BYTES_MAX: usize = 4 * LINK_WINDOW_BYTES;
/// Silence after which the kernel asks whether the other end of a link is there, in seconds.
pub const KEEPALIVE_IDLE_SECONDS: u64 = 25;
/// Time between such questions, in seconds.
pub const KEEPALIVE_EVERY_SECONDS: u64 = 8;
/// Questions without answer before the link is over, where `UNACKNOWLEDGED_MS` does not end it before:
/// 49 seconds after the last sign of life.
pub const KEEPALIVE_PROBES: u32 = 3;
/// How long sent bytes may stay unacknowledged before the link is over, in milliseconds.
pub const UNACKNOWLEDGED_MS: u32 = 30_000;
/// How long the list of own addresses must be still before it is told, in milliseconds: interfaces
/// come up one by one.
pub const LISTENING_SETTLE_MS: u64 = 200;

/// A line on the local socket, in bytes, either way: the longest backup in base64, and what is around
/// it. One message of 32 KiB whose every byte JSON writes as six takes half.
pub const CONTROL_LINE_BYTES_MAX: usize = 384 * 1024;
const _: () = assert!(
    BACKUP_BYTES[BACKUP_BYTES.len() - 1].div_ceil(3) * 4 + 1024 <= CONTROL_LINE_BYTES_MAX,
    "the longest backup goes through in one line"
);
/// Room kept in an answer of messages for all that is not messages, in bytes.
pub const INBOX_ENVELOPE_BYTES: usize = 1024;
/// Texts in the script of a made transcript: each becomes two parcels, and all of it must fit in one
/// line of the local socket, in hex.
pub const SCRIPT_LINES_MAX: usize = 24;
/// Parcels of a transcript: the first four, then a text and its acknowledgement each.
pub const TRANSCRIPT_PARCELS_MAX: usize = 4 + 2 * SCRIPT_LINES_MAX;
/// All parcels of a transcript together, in bytes: as many of the smallest bucket as there may be.
pub const TRANSCRIPT_PARCEL_BYTES_MAX: usize = BUCKETS[0] * TRANSCRIPT_PARCELS_MAX;
/// The file of a transcript, in bytes: its parcels in hex, and keys; fits a line of the local socket.
pub const TRANSCRIPT_FILE_BYTES_MAX: usize = 240 * 1024;
/// The file of a script, in bytes: its texts and who says them.
pub const SCRIPT_FILE_BYTES_MAX: u64 = 128 * 1024;
/// Clients of the local socket at once: a person has a few windows open; a script that leaks
/// connections stops here.
pub const CONTROL_CLIENTS_MAX: usize = 32;
/// Questions of one client that wait for their answers; then it is not read on: 8 MiB at worst.
pub const CONTROL_ASKED_MAX: usize = 32;
/// How long a client may leave the node waiting with a line it does not read, in seconds.
pub const CONTROL_WRITE_SECONDS_MAX: u64 = 10;
/// The longest settings file that is read, in bytes: far more than all settings need.
pub const CONFIG_BYTES_MAX: u64 = 64 * 1024;
/// Letters and digits of the shortest invitation, with or without its prefix: fewer are a part of one.
pub const CODE_LETTERS_MIN: usize = 93;
/// A file or a pipe with an invitation, in bytes: it has a few hundred letters, more is a wrong file.
pub const CODE_FILE_BYTES_MAX: u64 = 16 * 1024;
/// A picture with an invitation in it, in bytes: a screen or a photograph as PNG.
pub const SCAN_FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Pixels of one that is decoded: a photograph has 12 million; four bytes each are held.
pub const SCAN_PIXELS_MAX: usize = 16 * 1024 * 1024;
/// Pixels of the longer side, to which it is shrunk: a code that fills a fifth of it has four to a
/// module, and the corners of codes that fit in there can be told in time.
pub const SCAN_SIDE_PIXELS: usize = 1000;
/// A passphrase, in bytes: a book's page; more is a wrong file.
pub const PASSPHRASE_BYTES_MAX: usize = 4096;
/// The answer to a question, in bytes.
pub const TYPED_ANSWER_BYTES_MAX: u64 = 16 * 1024;
/// A line typed in a conversation, in bytes: what fits in no message is refused by the node.
pub const TYPED_LINE_BYTES_MAX: u64 = 64 * 1024;

/// What a node's data may take on its disk unless the settings say otherwise, in bytes: files, waste
/// included. A third of it can live; a copy without waste then always fits beside the old files.
pub const DISK_BYTES_MAX: u64 = 512 << 20;
/// The least that the settings may allow, in bytes: below, the database's own waste is most of it.
pub const DISK_BYTES_MIN: u64 = 64 << 20;
/// What the file system must have left, in bytes, for the node to take anything new in: erasing and
/// acknowledging need some of it.
pub const DISK_FREE_BYTES_MIN: u64 = 8 << 20;
/// The file that is deleted when the disk is too full to open the store, in bytes: what opening, and
/// erasing enough to go on, take together.
pub const BALLAST_BYTES: u64 = 8 << 20;

/// Length of the write-ahead log, in bytes: some thirty commits of one message each, so that what the
/// database costs is spread over them; what is in it is held in memory too.
pub const WAL_BYTES: usize = 512 << 10;
/// Waste that is not worth a copy when nothing else is to be done, in bytes.
pub const WASTE_IDLE_BYTES_MAX: u64 = 4 << 20;
/// Files that a node must be able to open besides those it was given, or it does not start: its store,
/// sockets and event queues, and a few connections.
pub const DESCRIPTORS_MIN: u32 = 32;
/// Quiet after which waste is given back and the disk is looked at again, in seconds.
pub const STORE_IDLE_SECONDS: u64 = 30;
