//! Who sees every wire sees uniform bytes, at every place; and who sees a disk reads nothing. (No
//! name and no word ever stands there: the world looks at every write.) Attack 86 of ATTACKS.

use super::nothing_can_be_signed::tree;
use crate::world::{Chance, Deed, MINUTE, Weather, World, chi_square};

#[test]
fn every_byte_on_every_wire_is_uniform() {
    let (mut all, mut heads) = ([0; 256], [[0; 256]; 2]);
    let add = |to: &mut [u64; 256], from: &[u64; 256]| {
        to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
    };
    for seed in 0..24 {
        let mut chance = Chance::new(seed, "script");
        let mut world = World::new(seed, 2);
        world.befriend(0, 1);
        world.weather = Weather::STORM;
        for _ in 0..60 {
            let from = chance.below(2) as usize;
            world.later(chance.below(10 * MINUTE), Deed::Say { from, to: 1 - from });
            world.later(chance.below(10 * MINUTE), Deed::Read(from));
        }
        world.run(10 * MINUTE);
        world.settle();
        add(&mut all, &world.tap.counts);
        (0..2).for_each(|place| add(&mut heads[place], &world.tap.heads[place]));
    }
    let bytes: u64 = all.iter().sum();
    let packets: u64 = heads[0].iter().sum();
    assert!(
        bytes > 4_000_000 && packets > 3_000,
        "{bytes} bytes, {packets} packets"
    );
    let found = [&all, &heads[0], &heads[1]].map(chi_square);
    assert!(found.iter().all(|found| *found < 400.0), "{found:?}");
}

/// Attack 38: lengths of what was compressed would tell of what stands in it. No crate that node or
/// core is built of compresses; the program reads pictures, which are, and does nothing else with it.
#[test]
fn nothing_that_is_encrypted_was_compressed() {
    let compresses = |name: &str| {
        let words = [
            "brotli", "bzip2", "deflate", "flate2", "inflate", "libz", "lz4", "lzma", "miniz",
            "snap", "xz2", "zlib", "zopfli", "zstd",
        ];
        words.iter().any(|word| name.contains(word))
    };
    assert!(compresses("miniz_oxide") && !compresses("snow"));
    let node = tree(&["-p", "kith-node"]);
    assert!(node.contains("kith-proto") && node.contains("libp2p-swarm"));
    assert_eq!(node.iter().find(|name| compresses(name)), None);
    let program = tree(&["-p", "kith"]);
    let program = program.iter().filter(|name| compresses(name));
    let program: Vec<_> = program.map(String::as_str).collect();
    assert_eq!(program, ["fdeflate", "flate2", "miniz_oxide"]);
    for name in ["fdeflate", "flate2"] {
        let users = tree(&["-p", "kith", "-i", name, "--depth", "1"]);
        let users: Vec<_> = users.iter().map(String::as_str).collect();
        assert_eq!(users, [name, "png"]);
    }
}
