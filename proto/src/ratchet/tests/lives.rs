//! Whole lives of a session, drawn: words, losses, delays and restarts in any order.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::talk::Talk;

/// One thing that happens in a conversation.
#[derive(Clone, Debug)]
enum Event {
    Says(usize),
    /// Of what is on its way to this end, one arrives, or is lost.
    Arrives(usize, usize),
    Lost(usize, usize),
    Restarts(usize),
    Hours(u32),
}

/// Parcels on their way to one end at most: what stays longer is a matter of other bounds.
const ON_THE_WAY_MAX: usize = 20;

fn events() -> impl Strategy<Value = Vec<Event>> {
    let end = 0..2usize;
    let which = 0..ON_THE_WAY_MAX;
    let event = prop_oneof![
        10 => end.clone().prop_map(Event::Says),
        9 => (end.clone(), which.clone()).prop_map(|(end, which)| Event::Arrives(end, which)),
        1 => (end.clone(), which).prop_map(|(end, which)| Event::Lost(end, which)),
        1 => end.prop_map(Event::Restarts),
        1 => (0..6u32).prop_map(Event::Hours),
    ];
    prop::collection::vec(event, 400..900)
}

fn lives(events: &[Event]) -> Talk {
    let mut talk = Talk::new();
    let mut ways: [VecDeque<(String, Vec<u8>)>; 2] = Default::default();
    let hear = |talk: &mut Talk, to: usize, (text, bytes): (String, Vec<u8>)| {
        assert_eq!(talk.hear(to, &bytes).unwrap(), text.as_bytes());
    };
    for (at, event) in events.iter().enumerate() {
        match *event {
            Event::Says(by) => {
                let text = at.to_string();
                // The answerer of a session is silent before it heard.
                if let Some(bytes) = talk.say(by, &text) {
                    ways[1 - by].push_back((text, bytes));
                }
                if ways[1 - by].len() > ON_THE_WAY_MAX {
                    let oldest = ways[1 - by].pop_front().unwrap();
                    hear(&mut talk, 1 - by, oldest);
                }
            }
            Event::Arrives(to, which) if !ways[to].is_empty() => {
                let which = which % ways[to].len();
                let parcel = ways[to].remove(which).unwrap();
                hear(&mut talk, to, parcel);
            }
            Event::Lost(to, which) if !ways[to].is_empty() => {
                let which = which % ways[to].len();
                ways[to].remove(which);
            }
            Event::Restarts(end) => talk.restart(end),
            Event::Hours(hours) => talk.minute += 60 * hours,
            Event::Arrives(..) | Event::Lost(..) => {}
        }
    }
    for (to, way) in ways.iter_mut().enumerate() {
        way.drain(..).for_each(|parcel| hear(&mut talk, to, parcel));
    }
    // What is open is finished, whoever has it, and no day ends meanwhile.
    talk.exchange(2);
    talk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_lost_or_late_the_rest_opens_and_both_take_the_same_steps(events in events()) {
        let talk = lives(&events);
        let [a, b] = &talk.ends;
        // An answer of one is what the other finished, unless it is the very last thing said.
        prop_assert_eq!(talk.answered[0], talk.finished[1]);
        prop_assert_eq!(talk.answered[1], talk.finished[0]);
        prop_assert!(talk.answered != [0; 2]);
        // B spoke last, so A has made every root step that B has.
        prop_assert!(a.root.same(&b.root));
    }
}
