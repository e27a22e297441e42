//! Promises that only the whole program can keep: real processes, real disks, real sockets on
//! loopback. Each test's name is the sentence that must hold.
//!
//! `KITH_ROUNDS=1000` makes the storms longer, `KITH_SEED` replays one, `KITH_MESSAGES=1500` makes
//! the seizure larger, `KITH_SECONDS=600` the flood longer, `KITH_BLESS=1` rewrites the screens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says its seed"
)]

mod program {
    mod home;
    mod members;
    mod paper;
    mod running;
    mod seizure;
    mod tap;
    mod terminal;

    mod absence;
    mod answers;
    mod asked;
    mod backups;
    mod bots;
    mod carried;
    mod carry;
    mod clones;
    mod contacts;
    mod crashes;
    mod demo;
    mod endings;
    mod faults;
    mod files;
    mod flood;
    mod forging;
    mod fullscreen;
    mod groups;
    mod history;
    mod homes;
    mod hostile;
    mod identities;
    mod introductions;
    mod invitations;
    mod journal;
    mod keepers;
    mod kept;
    mod locks;
    mod meetings;
    mod memory;
    mod newcomer;
    mod objects;
    mod persons;
    mod roads;
    mod rows;
    mod screen_faults;
    mod screens;
    mod seen;
    mod seized;
    mod service;
    mod session_life;
    mod shown;
    mod slow;
    mod splits;
    mod tools;
    mod trust;
    mod ways;
    mod why;
    mod wire;
    mod zones;
}
