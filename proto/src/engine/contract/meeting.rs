//! A meeting as its people see it: what they can ask of it and how it stands. At most one goes on at a
//! time, and nothing of it is stored but the friends that come of it. PROTOCOL §2c.

use super::{Addr, Language};

/// What a person does at a meeting.
pub enum Meet {
    /// Begin: open one, or go to one that somebody opened.
    Begin(Begin),
    /// Only see how it stands.
    Show,
    /// I counted the computers that take part, mine included.
    Count(u8),
    /// Which of the four lines was read aloud; none of them, if none. Not for the reader.
    Picked(Option<u8>),
    /// What I heard this person say.
    Heard {
        /// [`Person::who`].
        who: u8,
        /// Whether they said their nickname and "same", in their own voice. If not, all is over.
        same: bool,
    },
    /// What I will call this person; nothing not to keep them.
    Keep {
        /// [`Person::who`].
        who: u8,
        /// My petname for them; ignored for whom I know already.
        petname: Option<String>,
    },
    /// Go. Who was not kept by then is not. If I opened it, it is over for everybody.
    Leave,
}

/// How a meeting begins.
pub struct Begin {
    /// What the others see of me.
    pub nick: String,
    /// The word list of the meeting; who opened it decides.
    pub language: Language,
    /// Eight words that only those in the room know, in the same list or the other.
    pub secret: RoomSecret,
    /// Where the meeting is; nothing to open one.
    pub join: Option<Addr>,
    /// A friend who comes back with a new computer: whoever I give this name to gets it, and what had
    /// it is called otherwise from then on.
    pub replace: Option<String>,
}

/// What keeps out whoever is not in the room.
pub enum RoomSecret {
    /// Nothing but the words that are compared.
    None,
    /// Eight words are drawn, for a board or a QR. Only for who opens.
    Draw,
    /// These, as they were typed: any case, without accents, four letters of each are enough.
    Words(String),
}

/// How a meeting stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Whether I opened it: then I read the words.
    pub mine: bool,
    /// Where the others find it, once it is open; only if I opened it.
    pub addrs: Vec<Addr>,
    /// The eight words of its secret, if there is one and I opened it.
    pub secret: Vec<&'static str>,
    /// What the others see of me.
    pub nick: String,
    /// The others. In the order they came, and once the list is fixed in its order.
    pub people: Vec<Person>,
    /// How many times it began again because somebody went or something failed.
    pub again: u8,
    /// What it waits for.
    pub stage: Stage,
}

/// What a meeting waits for.
#[derive(Clone, PartialEq, Eq)]
pub enum Stage {
    /// The listener or the connection to be open.
    Opening,
    /// People to come, and everybody to count them.
    Gathering {
        /// What I counted, if I did.
        counted: Option<u8>,
    },
    /// All counted the same here; the others' computers have not all agreed yet.
    Agreeing,
    /// One of these lines is being read aloud: I say which.
    Listening {
        /// Four lines of four words.
        lines: Vec<Vec<&'static str>>,
    },
    /// Everybody says their nickname and "same": I tick each.
    Ticking {
        /// What I read aloud; empty if somebody else does.
        words: Vec<&'static str>,
    },
    /// All were ticked: I say whom I keep, while the computers find out the rest.
    Naming,
    /// It is over.
    Over(End),
}

/// Somebody else at a meeting.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// By what [`Meet::Heard`] and [`Meet::Keep`] name them. Another once the list is fixed.
    pub who: u8,
    /// What they call themselves, cleaned; shown only in quotes.
    pub nick: String,
    /// My petname, if the same key is a friend's already, or once I gave one.
    pub petname: Option<String>,
    /// How it stands between us.
    pub standing: Standing,
}

/// How it stands with somebody at a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are there.
    There,
    /// I heard them say "same".
    Same,
    /// I keep them; our computers have not finished with each other.
    Chosen,
    /// I kept them, which is stored; they have not said. The first link would say it for them.
    Waiting,
    /// Both kept each other: met.
    Met,
    /// I did not keep them.
    NotKept,
    /// They did not keep me.
    Declined,
    /// One of us still has the other as a friend, whom the other has not any more: nothing was changed.
    /// Who still has them removes them; then meet again.
    OneSided,
    /// Their computer went, or said nonsense, before we could keep each other: nothing is stored.
    Gone,
}

/// Why a meeting is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// I have said and heard what there was: see each person.
    Done,
    /// I went.
    Left,
    /// Nobody answers there, or the room's secret is another one.
    NoAnswer,
    /// The listener could not be opened.
    NotOpened,
    /// Somebody there already has a nickname that looks like mine.
    NickTaken,
    /// As many are there as can be.
    Full,
    /// It began without me.
    Begun,
    /// Who opened it went, or its computer did.
    HostGone,
    /// The host's list has another number of computers than I counted.
    CountDiffers {
        /// What I counted.
        counted: u8,
        /// How many there are.
        there: u8,
    },
    /// Two nicknames look alike: nobody could say who is who.
    Alike {
        /// One of them, cleaned.
        nick: String,
    },
    /// The host sent what no honest host sends.
    Broken,
    /// The words differed, or a line was not ticked: somebody is in between. Nothing was stored.
    NotSame,
    /// It broke off three times with all cards on the table: try another place.
    ChangePlace,
    /// Nobody went on for too long.
    Late,
}
