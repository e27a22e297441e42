//! Friends behind routers, on networks that lose, are cut, and change: `tests/net/roads.sh`.

use std::path::Path;
use std::process::Command;

#[test]
fn friends_behind_routers_reach_each_other_whatever_their_networks_do() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let ran = Command::new("sh")
        .args(["tests/net/roads.sh", env!("CARGO_BIN_EXE_kith")])
        .current_dir(root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    eprintln!("{said}");
    assert!(ran.status.success(), "{said}");
}
