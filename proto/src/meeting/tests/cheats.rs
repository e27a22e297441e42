//! One cheater of every kind among up to twelve people: no honest pair ever holds a wrong key. Attacks
//! 42, 43, 82. `KITH_SEEDS=10000` makes it many.

use super::table::{Chance, Table};
use super::*;
use crate::meeting::guest::Unfit;

/// What somebody does who does not mean well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cheat {
    /// The host, or whoever sits between, flips a bit of some frame.
    AnyBit,
    /// It leaves frames out, doubles them, or swaps two.
    AnyOrder,
    /// It shows one person a list in which somebody's key is its own.
    TwoLists,
    /// It shows one person another entry than the one that stands in the list.
    OtherEntry,
    /// It leaves somebody out, and has a machine of its own in their place for all others.
    OmitsOne,
    /// It brings a machine more than there are people.
    SilentMachine,
    /// It shows somebody their own entry as another's, or one entry twice.
    DuplicateEntry,
    /// It passes on another share, another HL, another room_id, other words.
    OtherShare,
    OtherHash,
    OtherRoom,
    OtherWords,
    /// A guest opens a share it did not commit to.
    LateCommit,
    /// A guest took the nickname of somebody else, who did not come in.
    StolenNick,
}

const ALL: [Cheat; 13] = [
    Cheat::AnyBit,
    Cheat::AnyOrder,
    Cheat::TwoLists,
    Cheat::OtherEntry,
    Cheat::OmitsOne,
    Cheat::SilentMachine,
    Cheat::DuplicateEntry,
    Cheat::OtherShare,
    Cheat::OtherHash,
    Cheat::OtherRoom,
    Cheat::OtherWords,
    Cheat::LateCommit,
    Cheat::StolenNick,
];

/// A machine of the cheater's, in the place of a person's.
struct Impostor {
    mine: Mine,
    /// Whose place it takes.
    of: [u8; 32],
    /// The true list, and that with the impostor in it.
    lists: Option<(List, List)>,
}

impl Impostor {
    fn in_place_of(entry: &Entry, room_id: &[u8; 32]) -> Self {
        let me = *identity(1 << 40).point();
        let nick = entry.data.nick.clone();
        Self {
            mine: Mine::draw(room_id, me, &nick, &mut entropy("impostor", 1)).unwrap(),
            of: entry.c,
            lists: None,
        }
    }

    fn place(from: &List, to: &List, place: u8, swap: ([u8; 32], [u8; 32])) -> u8 {
        let c = from.lines[usize::from(place)].c;
        let c = if c == swap.0 { swap.1 } else { c };
        to.lines.iter().position(|line| line.c == c).unwrap() as u8
    }

    /// What the one who is cheated gets in the place of what the host says.
    fn shown(&mut self, frame: Frame) -> Frame {
        let (of, own) = (self.of, self.mine.entry.c);
        match frame {
            Frame::Entry(entry) if entry.c == of => Frame::Entry(self.mine.entry.clone()),
            Frame::List(list) => {
                let mut lines = list.lines.clone();
                lines.retain(|line| line.c != of);
                lines.push((&self.mine.entry).into());
                let other = List::new(list.room_id, list.language, lines);
                self.lists = Some((list, other.clone()));
                Frame::List(other)
            }
            Frame::Open { from, share, .. } => {
                let (list, other) = self.lists.as_ref().unwrap();
                let place = Self::place(list, other, from, (of, own));
                let is_mine = other.lines[usize::from(place)].c == own;
                Frame::Open {
                    from: place,
                    share: if is_mine {
                        *self.mine.share.expose()
                    } else {
                        share
                    },
                    list: other.hash(),
                }
            }
            frame => frame,
        }
    }

    /// What the host gets of them.
    fn told(&self, frame: Frame) -> Frame {
        match (frame, &self.lists) {
            (Frame::Open { from, share, .. }, Some((list, other))) => Frame::Open {
                from: Self::place(other, list, from, (self.mine.entry.c, self.of)),
                share,
                list: list.hash(),
            },
            (frame, _) => frame,
        }
    }
}

fn flipped(frame: &Frame, chance: &mut Chance) -> Vec<Frame> {
    let mut bytes = frame.encode();
    let at = chance.below(bytes.len());
    bytes[at] ^= 1 << chance.below(8);
    // What is not read ends the connection: nothing comes any more.
    Frame::decode(&bytes).into_iter().collect()
}

/// One meeting with one cheat; says what the machines came to.
fn meet(cheat: Cheat, seed: u64) {
    let mut chance = Chance::new(seed);
    let count = 3 + chance.below(if seed.is_multiple_of(16) { 10 } else { 4 });
    // The first person reads; whoever is cheated is another.
    let victim = 1 + chance.below(count - 2);
    let other = (victim + 1 + chance.below(count - 1)) % count;
    let whole = 2 * count * count + count;
    let when = chance.below(whole);
    let mut frames = 0;
    let mut room = [0; 32];
    let mut impostor: Option<Impostor> = None;
    let mut left_out: Option<[u8; 32]> = None;
    let other_nick = Table::of(count, seed, Box::new(|_, _, frame| vec![frame])).people[other]
        .nick
        .clone();
    let mangle = |to_host: bool, who: usize, frame: Frame| -> Vec<Frame> {
        frames += 1;
        if let Frame::Hello { room_id, .. } = &frame {
            room = *room_id;
        }
        match (cheat, to_host) {
            (Cheat::AnyBit, _) if frames == when => flipped(&frame, &mut chance),
            (Cheat::AnyOrder, _) if frames % (when + 1) == when => match chance.below(2) {
                0 => vec![],
                _ => vec![frame.clone(), frame],
            },
            (Cheat::TwoLists, false) if who == victim => {
                if let Frame::Entry(entry) = &frame
                    && entry.data.nick == other_nick
                {
                    impostor = Some(Impostor::in_place_of(entry, &room));
                }
                vec![match &mut impostor {
                    Some(impostor) => impostor.shown(frame),
                    None => frame,
                }]
            }
            (Cheat::TwoLists, true) if who == victim => match &impostor {
                Some(impostor) => vec![impostor.told(frame)],
                None => vec![frame],
            },
            (Cheat::OtherEntry, false) if who == victim => match frame {
                Frame::Entry(entry) if entry.data.nick == other_nick => {
                    let impostor = Impostor::in_place_of(&entry, &room);
                    vec![Frame::Entry(impostor.mine.entry)]
                }
                frame => vec![frame],
            },
            (Cheat::OmitsOne, false) if who == victim => match frame {
                Frame::List(mut list) => {
                    left_out = list.lines.pop().map(|line| line.c);
                    vec![Frame::List(list)]
                }
                frame => vec![frame],
            },
            (Cheat::SilentMachine, false) => match frame {
                Frame::List(mut list) => {
                    let extra =
                        Mine::draw(&room, *identity(1 << 41).point(), "x", &mut entropy("x", 1))
                            .unwrap();
                    list.lines.push((&extra.entry).into());
                    let list = List::new(list.room_id, list.language, list.lines);
                    vec![Frame::Entry(extra.entry), Frame::List(list)]
                }
                frame => vec![frame],
            },
            (Cheat::DuplicateEntry, false) if who == victim => match frame {
                Frame::Entry(entry) => vec![Frame::Entry(entry.clone()), Frame::Entry(entry)],
                frame => vec![frame],
            },
            (Cheat::OtherShare, false) if who == victim => match frame {
                Frame::Open { from, list, .. } => vec![Frame::Open {
                    from,
                    share: [7; 32],
                    list,
                }],
                frame => vec![frame],
            },
            (Cheat::OtherHash, false) if who == victim => match frame {
                Frame::Open { from, share, .. } => vec![Frame::Open {
                    from,
                    share,
                    list: [7; 32],
                }],
                frame => vec![frame],
            },
            (Cheat::OtherRoom, false) if who == victim => match frame {
                Frame::List(list) => {
                    vec![Frame::List(List::new([7; 32], list.language, list.lines))]
                }
                frame => vec![frame],
            },
            (Cheat::OtherWords, false) if who == victim => match frame {
                Frame::Hello { room_id, .. } => vec![Frame::Hello {
                    language: Language::English,
                    room_id,
                }],
                frame => vec![frame],
            },
            (Cheat::LateCommit, true) if who == victim => match frame {
                Frame::Open { from, list, .. } => vec![Frame::Open {
                    from,
                    share: [8; 32],
                    list,
                }],
                frame => vec![frame],
            },
            _ => vec![frame],
        }
    };
    let mut table = Table::of(count, seed, Box::new(mangle));
    match cheat {
        Cheat::LateCommit => table.people[victim].honest = false,
        Cheat::StolenNick => {
            // Mallory's machine says it is the last one's, whose machine gets no seat then.
            let nick = table.people[count - 1].nick.clone();
            let me = *table.people[victim].me.point();
            table.people[victim].guest = Guest::new(me, nick, Key::fill(|_| ()), 0);
            table.people[victim].honest = false;
        }
        _ => {}
    }
    match cheat {
        Cheat::StolenNick => table.all_but_one(),
        _ => table.all(),
    }
    let what = format!("{cheat:?}, seed {seed}, {count} people");
    table.assert_no_wrong_key(&what);
    let nothing = !matches!(cheat, Cheat::AnyBit | Cheat::AnyOrder);
    assert!(!nothing || table.edges() == 0, "{what}: an edge is stored");
    let out: Vec<_> = table
        .people
        .iter()
        .filter_map(|it| it.out.as_ref())
        .collect();
    match cheat {
        Cheat::SilentMachine | Cheat::OmitsOne => {
            let differs = |why: &&&Unfit| matches!(why, Unfit::Count { .. });
            assert!(out.iter().any(|why| differs(&why)), "{what}: {out:?}");
        }
        Cheat::DuplicateEntry
        | Cheat::OtherEntry
        | Cheat::OtherShare
        | Cheat::OtherHash
        | Cheat::OtherRoom
        | Cheat::LateCommit => assert!(out.contains(&&Unfit::Broken), "{what}: {out:?}"),
        Cheat::TwoLists => {
            // It goes as far as the words, and there it is seen.
            let (seen, read) = (table.words(victim), table.words((victim + 1) % count));
            assert!(
                seen.is_some() && read.is_some() && seen != read,
                "{what}: {out:?}"
            );
        }
        Cheat::StolenNick => {
            let read = table.words(0);
            assert!(
                read.is_some() && table.words(victim) == read,
                "{what}: {out:?}"
            );
        }
        _ => {}
    }
    drop(table);
    assert!(cheat != Cheat::OmitsOne || left_out.is_some());
}

#[expect(
    clippy::disallowed_methods,
    reason = "how many seeds to run is said by whoever runs the tests"
)]
fn seeds(times: u64) -> u64 {
    let more = std::env::var("KITH_SEEDS").ok();
    more.and_then(|more| more.parse().ok()).unwrap_or(times)
}

/// A bug of each check, and whether the cheaters find it.
#[cfg(feature = "planted")]
#[test]
fn a_machine_that_nobody_counted_is_found_where_nobody_compares() {
    use crate::planted::{Bug, plant};
    plant(Some(Bug::CountUnchecked));
    let cheat = || meet(Cheat::SilentMachine, 4);
    let found = std::panic::catch_unwind(cheat).is_err();
    plant(None);
    assert!(found);
}

#[test]
fn no_cheater_makes_an_honest_pair_hold_a_wrong_key() {
    for seed in 0..seeds(300) {
        meet(ALL[(seed % ALL.len() as u64) as usize], seed);
    }
}

#[test]
fn without_a_cheater_all_hold_the_same_secrets_in_pairs() {
    for count in [2, 3, 12] {
        let mut table = Table::of(count, 7, Box::new(|_, _, frame| vec![frame]));
        table.all();
        assert!(table.people.iter().all(|person| person.out.is_none()));
        assert_eq!(table.edges(), count * (count - 1));
        table.assert_no_wrong_key("honest");
        let kept = table.people.iter().flat_map(|person| {
            let others = person.guest.others().into_iter();
            others.map(|(who, ..)| person.guest.agreed().unwrap().peer(who).unwrap().heard())
        });
        assert!(
            kept.clone()
                .all(|keep| keep.is_some_and(|it| it.choice == KeepChoice::Keep))
        );
    }
}

/// Attack 43: two whose words agree do not go on alone while a third does not say "same".
#[test]
fn nobody_goes_on_before_everybody_said_same() {
    let mut table = Table::of(3, 1, Box::new(|_, _, frame| vec![frame]));
    table.everybody_comes();
    table.everybody_counts(3);
    // The third hears other words, or says nothing.
    table.people[2].out = Some(Unfit::Broken);
    table.people_compare();
    assert_eq!(table.words(0), table.words(1));
    assert_eq!(table.edges(), 0);
}

/// Two nicknames that look alike stop the run, if a host lets them in.
#[test]
fn a_list_with_two_nicknames_that_look_alike_is_not_agreed_to() {
    let entry = |n, nick: &str| mine(n, nick).entry;
    for (a, b) in [("anne", "Anne"), ("zoé", "zoe"), ("paul", "рaul")] {
        let me = identity(1);
        let mut guest = Guest::new(*me.point(), "bob".to_owned(), Key::fill(|_| ()), 0);
        let mut entropy = entropy("alike", 1);
        let mut hear = |frame| guest.hear(frame, &me, &mut entropy);
        let hello = Frame::Hello {
            language: Language::French,
            room_id: [9; 32],
        };
        let said = hear(hello).unwrap();
        let Some(Frame::Commit { entry: mine, .. }) = said.into_iter().next() else {
            panic!("no commitment")
        };
        let others = [entry(2, a), entry(3, b)];
        for other in others.clone() {
            assert!(hear(Frame::Entry(other)).is_ok());
        }
        let lines = [&mine, &others[0], &others[1]].map(Into::into).into();
        let list = List::new([9; 32], Language::French, lines);
        assert!(hear(Frame::List(list)).is_ok());
        assert!(matches!(guest.count(3), Err(Unfit::Alike(_))), "{a} {b}");
    }
}
