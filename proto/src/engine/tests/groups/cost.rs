//! What a text to thirty people costs in processor time, beside as many seals: a measurement, for
//! docs/BENCHMARKS.md. `cargo test --release -p kith-proto --lib --features testing a_text_to_thirty --
//! --ignored --nocapture`.

use super::*;
use crate::bench::Pair;

/// Nanoseconds of processor time this thread has had.
fn processor() -> u64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    spent.split(' ').next().unwrap().parse().unwrap()
}

fn median(mut all: Vec<u64>) -> f64 {
    all.sort_unstable();
    all[all.len() / 2] as f64 / 1000.0
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
    let (mut seals, mut sends) = (Vec::new(), Vec::new());
    for turn in 0..200_u64 {
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&turn.to_le_bytes());
        let begun = processor();
        for _ in 0..OTHERS {
            let _ = pair.seal(0, entropy).expect("sealed");
        }
        seals.push(processor() - begun);
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
    let (seals, sends) = (median(seals), median(sends));
    let ratio = sends / seals;
    eprintln!("{OTHERS} seals {seals:.1} us, a text to {OTHERS} {sends:.1} us: {ratio:.2} times");
    assert!(ratio <= 1.2, "more than a fifth beside the seals");
}
