//! Names: mine for people, theirs for themselves, what friends call others, who introduced whom.

/// A self-proposed name on the wire, in bytes.
pub const NICK_BYTES_MAX: usize = 128;
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
