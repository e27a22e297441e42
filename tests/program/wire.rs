//! What somebody on the line sees: bytes that mean nothing, and silence when they speak.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use super::home::{Home, address, find};
use super::running::Node;
use super::tap::Tap;

/// First flight of a link and of an invitation, and what is read before either. PROTOCOL §2a, §3.
const FLIGHT: usize = 512;
const INVITE_FLIGHT: usize = 1536;
const KNOCK: usize = 40;
/// Calls that are looked at from their first byte.
const CONNECTIONS: usize = 32;
/// What is said each way: a message of 32 KiB, so many times.
const MESSAGES: usize = 33;
/// Chi-square of byte values, 255 degrees of freedom: uniform bytes stay below it but once in ten
/// million times.
const UNIFORM_BELOW: f64 = 400.0;

/// Two friends with a tap on every way between them.
struct Tapped {
    anne: Home,
    zoe: Home,
    /// To anne, and to zoé.
    taps: [Tap; 2],
    up: [Node; 2],
}

impl Tapped {
    fn new() -> Self {
        let (anne, zoe) = (Home::new(), Home::new());
        let mut up = [anne.start(), zoe.start()];
        // The tap is all that the invitation says of where anne is...
        let gate = address();
        let to_anne = Tap::new(&gate, &anne.address);
        let code = anne.kith(&["invite", "--as", "tante-zoé", "--at", &gate]);
        zoe.kith_reading(&["accept", "--as", "anne-lise"], code.done())
            .done();
        zoe.sees(1);
        // ...and zoé moves: where she was there is a tap now.
        up.iter_mut().for_each(Node::strike);
        let door = address();
        zoe.listen_at(&door);
        let to_zoe = Tap::new(&zoe.address, &door);
        let up = [anne.start(), zoe.start()];
        zoe.sees(1);
        Self {
            anne,
            zoe,
            taps: [to_anne, to_zoe],
            up,
        }
    }

    /// All connections between the two, with their caller's bytes first.
    fn heard(&self) -> Vec<[Vec<u8>; 2]> {
        self.taps.iter().flat_map(Tap::heard).collect()
    }

    /// Starts the nodes again and again, who call each other each time, until so many connections
    /// to anne began with both flights. Anne was told where zoé is now: where her call is the first
    /// one, nothing passes the taps.
    fn call_often(&mut self, count: usize) {
        let begun = |tap: &Tap| tap.heard().iter().filter(|flow| is_begun(flow)).count();
        for _ in 0..16 * count {
            if begun(&self.taps[0]) >= count {
                return;
            }
            self.up.iter_mut().for_each(Node::strike);
            self.up = [self.anne.start(), self.zoe.start()];
            self.zoe.sees(1);
        }
        panic!("zoé hardly ever calls first");
    }
}

fn is_begun([called, answered]: &[Vec<u8>; 2]) -> bool {
    called.len() >= FLIGHT && answered.len() >= FLIGHT
}

#[test]
fn a_captured_conversation_is_uniform_bytes_from_the_first_on() {
    let mut tapped = Tapped::new();
    let text = "le canari chante à minuit ".repeat(2000)[..32 * 1024].to_owned();
    for (from, to) in [(&tapped.anne, "tante-zoé"), (&tapped.zoe, "anne-lise")] {
        for _ in 1..MESSAGES {
            from.kith_reading(&["send", to], text.clone()).done();
        }
        from.kith_reading(&["send", to, "--wait=100s"], text.clone())
            .done();
    }
    assert_eq!(tapped.zoe.inbox().len(), MESSAGES);
    assert_eq!(tapped.anne.inbox().len(), MESSAGES);
    tapped.call_often(CONNECTIONS);

    let heard = tapped.heard();
    for way in [0, 1] {
        let all: Vec<u8> = heard.iter().flat_map(|flow| flow[way].clone()).collect();
        for word in [
            "canari",
            "minuit",
            "zoé",
            "anne-lise",
            "libp2p",
            "multistream",
            "yamux",
            "/kith",
        ] {
            assert_eq!(find(&all, word.as_bytes()), None, "{word} on the line");
        }
        is_uniform("everything", &all);
        let begun = heard.iter().filter(|flow| is_begun(flow));
        let first: Vec<&[u8]> = begun.map(|flow| &flow[way][..FLIGHT]).collect();
        for length in [KNOCK, FLIGHT] {
            let heads: Vec<u8> = first.iter().flat_map(|f| &f[..length]).copied().collect();
            is_uniform(&format!("the first {length} bytes"), &heads);
        }
        for at in 0..FLIGHT {
            let mut values: Vec<u8> = first.iter().map(|flight| flight[at]).collect();
            values.sort_unstable();
            values.dedup();
            // Of 32 dice with 256 faces about 30 differ; 18 or less come once in 10^12 times.
            assert!(values.len() > 18, "byte {at} says something: {values:?}");
        }
    }
    let said: usize = heard
        .iter()
        .map(|flow| flow[0].len().min(flow[1].len()))
        .sum();
    assert!(
        said > 1 << 20,
        "only {said} bytes each way: too few to judge"
    );
}

fn is_uniform(what: &str, bytes: &[u8]) {
    let mut counts = [0_u32; 256];
    bytes
        .iter()
        .for_each(|byte| counts[usize::from(*byte)] += 1);
    let expected = bytes.len() as f64 / 256.0;
    assert!(expected >= 5.0, "{what}: too few bytes to judge");
    let off = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
    let chi_square: f64 = counts.iter().map(off).sum();
    assert!(
        chi_square < UNIFORM_BELOW,
        "{what}: chi-square {chi_square}"
    );
}

#[test]
fn a_stranger_hears_nothing_whatever_they_say() {
    let mut tapped = Tapped::new();
    tapped.call_often(2);
    let calls = tapped.taps[0].heard();
    let joiners = calls[0][0][..INVITE_FLIGHT].to_vec();
    let newest = calls.iter().rfind(|flow| is_begun(flow)).unwrap();
    let friends = newest[0][..FLIGHT].to_vec();
    let mut bent = friends.clone();
    bent[FLIGHT - 1] ^= 1;
    let noise = |length: usize| friends.iter().rev().copied().cycle().take(length).collect();
    let knocks: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("one byte", vec![0]),
        ("noise as long as a knock", noise(KNOCK)),
        ("noise as long as a flight", noise(FLIGHT)),
        ("noise as long as an invitation's", noise(INVITE_FLIGHT)),
        ("much noise", noise(100_000)),
        ("libp2p's hello", b"\x13/multistream/1.0.0\n".to_vec()),
        (
            "a browser's hello",
            b"GET / HTTP/1.1\r\nHost: kith\r\n\r\n".to_vec(),
        ),
        ("a friend's flight again", friends.clone()),
        ("a friend's knock alone", friends[..KNOCK].to_vec()),
        ("a friend's flight, one bit off", bent),
        ("a joiner's flight again", joiners),
    ];
    thread::scope(|scope| {
        for (what, bytes) in &knocks {
            for hang_up in [false, true] {
                let door = &tapped.anne.address;
                scope.spawn(move || {
                    let heard = answer_to(door, bytes, hang_up);
                    assert_eq!(heard, 0, "{what} was answered");
                });
            }
        }
    });
    let still = tapped
        .anne
        .kith(&["send", "tante-zoé", "encore là", "--wait=60s"]);
    still.done();
}

/// How many bytes a stranger hears before the door closes, or well after it has decided.
fn answer_to(door: &str, bytes: &[u8], hang_up: bool) -> usize {
    let mut stream = TcpStream::connect(door).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(8)))
        .unwrap();
    // It may close before it took all.
    let _ = stream.write_all(bytes);
    if hang_up {
        let _ = stream.shutdown(Shutdown::Write);
    }
    stream.read(&mut [0; 64]).unwrap_or(0)
}
