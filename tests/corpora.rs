//! The corpora of the fuzz targets, run as any test: what was found once stays found, and no target
//! falls behind the code. `fuzz/README.md` says how to search on.

// A file that fails is named.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "fuzz/targets.rs"]
mod fuzz;

/// Runs a target over each file of its corpus.
fn each_of(name: &str, target: fn(&[u8])) {
    let corpora = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/corpus");
    let mut files = 0;
    for file in std::fs::read_dir(format!("{corpora}/{name}")).unwrap() {
        let path = file.unwrap().path();
        println!("{}", path.display());
        target(&std::fs::read(path).unwrap());
        files += 1;
    }
    assert!(files > 0, "no corpus");
}

#[test]
fn nothing_comes_of_what_strangers_sent() {
    each_of("stranger", fuzz::stranger);
}

#[test]
fn what_a_changed_friend_sent_keeps_every_bound() {
    each_of("friend", fuzz::friend);
}

#[test]
fn a_damaged_store_opens_to_an_error_or_a_node() {
    each_of("store", fuzz::store);
}

#[test]
fn a_changed_backup_gives_an_error_or_a_node() {
    each_of("backup", fuzz::backup);
}

#[test]
fn a_changed_log_opens_to_an_error_or_to_a_store_that_goes_on() {
    each_of("wal", fuzz::wal);
}

#[test]
fn what_decodes_is_written_as_it_was_read() {
    each_of("decoders", fuzz::decoders);
}

#[test]
fn a_keeper_holds_its_bounds_whatever_visitors_say() {
    each_of("mailbox", fuzz::mailbox);
}

#[test]
fn every_line_on_the_local_socket_gets_an_answer() {
    each_of("control", fuzz::control);
}
