//! The known answers are enough for somebody else: an implementation in Python, written from
//! PROTOCOL alone, replays them (`tests/interop/`), and every mistake it could make is seen.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::process::Command;

fn passes(script: &str) {
    let path = format!("{}/../tests/interop/{script}", env!("CARGO_MANIFEST_DIR"));
    let ran = Command::new("python3").args(["-B", &path]).output();
    let Ok(ran) = ran else {
        panic!("this test runs python3, which is not there");
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    let cried = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}{cried}");
}

#[test]
fn a_second_implementation_replays_the_known_answers() {
    passes("replay.py");
}

#[test]
fn a_wrong_label_or_order_is_seen() {
    passes("mistakes.py");
}
