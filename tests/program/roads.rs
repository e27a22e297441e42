//! What holds between machines, on networks made of namespaces of this one: the scripts of `tests/net/`,
//! all at once, since each waits most of the time. Where one may not run, or misses a tool, it says so.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const SCRIPTS: [&str; 5] = ["roads.sh", "tor.sh", "beacons.sh", "ipv6.sh", "fresh.sh"];

#[test]
fn friends_reach_each_other_whatever_their_networks_do_and_nobody_else_hears_of_it() {
    let failed: Vec<_> = SCRIPTS
        .map(|script| (script, start(script)))
        .into_iter()
        .filter_map(|(script, running)| {
            let ended = running.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&ended.stdout);
            eprintln!("{script}:\n{said}");
            if said.starts_with("not run") {
                // Past the harness, which keeps to itself what a test says that does not fail.
                let _ = write!(std::io::stderr(), "tests/net/{script} {said}");
            }
            let errors = String::from_utf8_lossy(&ended.stderr);
            (!ended.status.success()).then(|| format!("{script}:\n{said}{errors}"))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn start(script: &str) -> Child {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Command::new("sh")
        .arg(format!("tests/net/{script}"))
        .arg(env!("CARGO_BIN_EXE_kith"))
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
