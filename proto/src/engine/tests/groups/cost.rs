//! What a text to thirty people costs in processor time, beside as many seals: a measurement, for
//! docs/BENCHMARKS.md. `cargo test --release -p kith-proto --lib --features testing a_text_to_thirty --
//! --ignored --nocapture`.

use super::*;
use crate::bench::Pair;

/// Nanoseconds of processor time this thread has had. The kernel counts them when it looks at the thread:
/// at its own tick, or as the thread gives way.
fn processor() -> u64 {
    std::thread::yield_now();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    spent.split(' ').next().unwrap().parse().unwrap()
}

fn median(mut all: Vec<u64>) -> f64 {
    all.sort_unstable();
    all[all.len() / 2] as f64 / 1000.0
}

/// So many seals, each the first after an answer, as they are where everybody has acknowledged what came
/// before: each of them turns the ratchet.
fn seals(pair: &mut Pair, mut entropy: [u8; 32]) -> u64 {
    let mut spent = 0;
    for friend in 0..OTHERS {
        entropy[8..10].copy_from_slice(&[friend as u8, 0]);
        let begun = processor();
        let parcel = pair.seal(0, entropy).expect("sealed");
        spent += processor() - begun;
        let _ = pair.open(1, &parcel).expect("opened");
        entropy[9] = 1;
        let answer = pair.seal(1, entropy).expect("sealed");
        let _ = pair.open(0, &answer).expect("opened");
    }
    spent
}

const OTHERS: usize = 29;
const TEXT: &str = "une assemblée générale a lieu demain à dix-huit heures, dans la cour";

/// Everybody's session has turned: what is measured is the middle of a conversation.
fn thirty() -> Net {
    let mut net = bounds::thirty();
    let all: Vec<_> = (1..=OTHERS).collect();
    net.found_as(0, &all, policy());
    all.iter().for_each(|at| net.join(*at));
    net.pass(30);
    net
}

#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "what was measured is shown")]
fn a_text_to_thirty_costs_what_as_many_seals_cost_and_a_fifth() {
    let mut net = thirty();
    let mut pair = Pair::meet(&[b'a'; 350]).expect("a session");
    let (mut spent_on_seals, mut sends) = (Vec::new(), Vec::new());
    for turn in 0..200_u64 {
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&turn.to_le_bytes());
        spent_on_seals.push(seals(&mut pair, entropy));
        let request = Request::Send {
            to: "cantine".into(),
            text: Said::new(TEXT.as_bytes().to_vec()),
            limit_min: 0,
        };
        let asker = AskId(turn);
        net.now.boot_ms += 1_000;
        let begun = processor();
        let engine = &mut net.nodes[0].engine;
        engine.handle(net.now, entropy, Input::Ask { asker, request });
        let step = engine.poll().expect("a step");
        sends.push(processor() - begun);
        assert!(engine.poll().is_none(), "one step for all");
        let parcels = |effect: &&Effect| matches!(effect, Effect::Frame { .. });
        assert_eq!(step.then.iter().filter(parcels).count(), OTHERS);
        for put in step.puts {
            net.nodes[0].disk.insert(put.name, put.body);
        }
        step.then.into_iter().for_each(|it| net.carry_out(0, it));
        net.run();
        (net.flights, net.sent) = (Vec::new(), Vec::new());
    }
    let (seals, sends) = (median(spent_on_seals), median(sends));
    let ratio = sends / seals;
    eprintln!("{OTHERS} seals {seals:.1} us, a text to {OTHERS} {sends:.1} us: {ratio:.2} times");
    assert!(ratio <= 1.2, "more than a fifth beside the seals");
}
