//! What `kith doctor` looks at: facts, each as it is found, and no judgement.
//!
//! [`home`] and [`machine`] need no running node. [`process`] tells of whoever calls it: only the
//! node itself can say whether its memory is out of reach. Never opens what the store seals.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
use serde::{Deserialize, Serialize};

use crate::control::Group;
use crate::home::Home;

/// What a home looks like from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeHealth {
    /// What opens it; none if there is no slot, or one that cannot be read.
    pub opens_with: Option<OpensWith>,
    /// Whether `root.slot` is a link to somewhere else, such as a stick.
    pub slot_elsewhere: bool,
    /// Files and directories of ours that others than their owner may look into; for the person,
    /// not for a log.
    pub not_private: Vec<String>,
    /// Whether the socket is there and can be opened by its owner alone; none if it is not there.
    pub socket_private: Option<bool>,
    /// The group whose members can open it too, as those of a service of the system can.
    pub socket_group: Option<String>,
    /// Bytes that the data directory takes on the disk.
    pub used: u64,
    /// Bytes that are free for us on that disk.
    pub free: Option<u64>,
    /// What the data lie on.
    pub data_on: FileSystem,
    /// What the slot lies on: here it counts whether a page is overwritten where it stands.
    pub slot_on: FileSystem,
    /// Whether a wipe was begun here and not finished.
    pub wipe_unfinished: bool,
}

/// What opens a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpensWith {
    /// A passphrase.
    Passphrase,
    /// The device key that lies beside it: who has the disk has everything.
    DeviceKey,
}

/// A kind of file system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSystem {
    /// Its name, or its number in hexadecimal digits.
    pub kind: String,
    /// Whether it writes a page elsewhere than it stood: what was overwritten stays for a while.
    pub copies_on_write: bool,
}

/// What the process that asks can say of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessHealth {
    /// Its number.
    pub pid: u32,
    /// Whether a crash would leave a core file.
    pub core_dumps: bool,
    /// Whether other programs of the same user can attach to it and read its memory.
    pub debuggable: bool,
    /// Whether its memory is kept out of the swap.
    pub memory_locked: bool,
    /// How many bytes the system lets it keep out of the swap; none means as many as it likes.
    pub memory_lock_limit: Option<u64>,
    /// Whether a unit of systemd runs it.
    pub unit: bool,
}

/// What concerns all programs of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineHealth {
    /// Where memory goes that is not used for a while.
    pub swap: Swap,
}

/// Where memory goes that is not used for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Swap {
    /// Nowhere.
    Nowhere,
    /// Into compressed memory: gone with the power.
    Memory,
    /// To a disk, where it stays. Whether that disk is encrypted cannot be seen from here.
    Disk,
}

/// Looks at a home, whether its node runs or not.
pub fn home(home: &Home) -> HomeHealth {
    let slot = home.data().join("root.slot");
    let opens_with = crate::run::needs_passphrase(home).ok();
    HomeHealth {
        opens_with: opens_with.map(|passphrase| match passphrase {
            true => OpensWith::Passphrase,
            false => OpensWith::DeviceKey,
        }),
        slot_elsewhere: fs::symlink_metadata(&slot).is_ok_and(|slot| slot.is_symlink()),
        not_private: not_private(home),
        socket_private: is_private(&home.socket()),
        socket_group: group_let_in(&home.socket()).map(Group::name_of),
        used: crate::store::bytes_below(home.data()).unwrap_or_default(),
        free: free(home.data()),
        data_on: file_system(home.data()),
        slot_on: file_system(&slot),
        wipe_unfinished: home.wipe_is_unfinished(),
    }
}

/// None if it is not there.
fn is_private(path: &Path) -> Option<bool> {
    let about = fs::metadata(path).ok()?;
    let own = rustix::process::geteuid().as_raw();
    Some(about.permissions().mode() & 0o077 == 0 && about.uid() == own)
}

/// The group, by its number, that may use this socket of ours, if nobody else may.
fn group_let_in(socket: &Path) -> Option<u32> {
    let about = fs::metadata(socket).ok()?;
    let own = rustix::process::geteuid().as_raw();
    let is_for_group = about.permissions().mode() & 0o777 == 0o660 && about.uid() == own;
    is_for_group.then(|| about.gid())
}

/// Whether this directory of ours lets in that group and nobody else, and only to pass.
fn lets_pass(dir: &Path, group: u32) -> bool {
    let own = rustix::process::geteuid().as_raw();
    fs::metadata(dir).is_ok_and(|about| {
        about.permissions().mode() & 0o027 == 0 && about.uid() == own && about.gid() == group
    })
}

/// What lies directly in our directories, and these themselves.
fn not_private(home: &Home) -> Vec<String> {
    let entries = fs::read_dir(home.data()).into_iter().flatten().flatten();
    let socket = home.socket();
    let group = group_let_in(&socket);
    let run = socket.parent().map(Path::to_owned);
    // The way to a socket for a group is for that group too.
    let run = run.filter(|run| !group.is_some_and(|group| lets_pass(run, group)));
    let own = [home.data().to_owned(), home.config_file()];
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .chain(own)
        .chain(run)
        .collect();
    paths.sort();
    let open = paths.iter().filter(|path| is_private(path) == Some(false));
    open.map(|path| path.display().to_string()).collect()
}

fn free(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

fn file_system(path: &Path) -> FileSystem {
    // Follows a link to where the file really is.
    let Ok(disk) = rustix::fs::statfs(path) else {
        return FileSystem {
            kind: "unknown".into(),
            copies_on_write: false,
        };
    };
    // Some systems keep this number in a signed field.
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
    let magic = disk.f_type as u32;
    let (kind, copies_on_write) = match magic {
        0xEF53 => ("ext4", false),
        0x5846_5342 => ("xfs", false),
        0x4D44 => ("vfat", false),
        0x2011_BAB0 => ("exfat", false),
        0x0102_1994 => ("tmpfs", false),
        0x9123_683E => ("btrfs", true),
        0x2FC1_2FC1 => ("zfs", true),
        0xCA45_1A4E => ("bcachefs", true),
        0xF2F5_2010 => ("f2fs", true),
        0x3434 => ("nilfs2", true),
        0x794C_7630 => ("overlay", true),
        other => {
            let kind = format!("{other:x}");
            let copies_on_write = false;
            return FileSystem {
                kind,
                copies_on_write,
            };
        }
    };
    FileSystem {
        kind: kind.into(),
        copies_on_write,
    }
}

/// Looks at the process that calls this.
pub fn process() -> ProcessHealth {
    let pid = std::process::id();
    ProcessHealth {
        pid,
        core_dumps: getrlimit(Resource::Core).current != Some(0),
        debuggable: !matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable)),
        memory_locked: fs::read_to_string("/proc/self/status").is_ok_and(|text| has_locked(&text)),
        memory_lock_limit: getrlimit(Resource::Memlock).current,
        unit: is_unit(pid, |name| std::env::var(name).ok()),
    }
}

/// Whether `/proc/self/status` says that memory is locked.
fn has_locked(status: &str) -> bool {
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
    locked.is_some_and(|size| size.trim() != "0 kB")
}

/// `INVOCATION_ID` alone is inherited by every terminal of a desktop: it says nothing of us.
fn is_unit(pid: u32, variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("SYSTEMD_EXEC_PID").is_some_and(|of| of == pid.to_string())
        || variable("NOTIFY_SOCKET").is_some()
}

/// Looks at the machine.
pub fn machine() -> MachineHealth {
    let swaps = fs::read_to_string("/proc/swaps").unwrap_or_default();
    MachineHealth { swap: swap(&swaps) }
}

/// From the text of `/proc/swaps`: a line of titles, then one for each.
fn swap(swaps: &str) -> Swap {
    let each = swaps.lines().skip(1).map(|line| match line {
        zram if zram.starts_with("/dev/zram") => Swap::Memory,
        _ => Swap::Disk,
    });
    each.max().unwrap_or(Swap::Nowhere)
}

/// Keeps all memory of this process out of the swap, if the system sets no bound to it; under a
/// bound every later allocation could fail, and with it the node. Best effort: [`process`] says
/// what came of it.
pub fn lock_memory() {
    use rustix::mm::{MlockAllFlags, mlockall};
    if getrlimit(Resource::Memlock).current.is_none() {
        // Only pages that are in use: reserved ones would be as much as the address space.
        let flags = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
        let _ = mlockall(flags);
    }
}

/// The machine's memory, in KiB, if it says.
pub(crate) fn memory_kib() -> Option<u64> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    info.lines().find_map(|line| {
        line.strip_prefix("MemTotal:")?
            .trim()
            .strip_suffix("kB")?
            .trim()
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_on_a_disk_outweighs_compressed_memory() {
        let title = "Filename\tType\tSize\tUsed\tPriority\n";
        let zram = "/dev/zram0 partition 1 0 100\n";
        let disk = "/dev/dm-1 partition 1 0 -2\n";
        assert_eq!(swap(""), Swap::Nowhere);
        assert_eq!(swap(title), Swap::Nowhere);
        assert_eq!(swap(&format!("{title}{zram}")), Swap::Memory);
        assert_eq!(swap(&format!("{title}{disk}{zram}")), Swap::Disk);
    }

    #[test]
    fn a_terminal_started_by_systemd_is_not_a_unit_of_ours() {
        let unit = |name: &'static str, value: &'static str| {
            is_unit(7, move |asked| (asked == name).then(|| value.to_owned()))
        };
        assert!(unit("SYSTEMD_EXEC_PID", "7"));
        assert!(unit("NOTIFY_SOCKET", "/run/notify"));
        assert!(!unit("SYSTEMD_EXEC_PID", "8"));
        assert!(!unit("INVOCATION_ID", "7"));
    }

    #[test]
    fn locked_memory_is_seen() {
        assert!(has_locked(
            "Name:\tkith\nVmLck:\t    4096 kB\nVmPin:\t 0 kB\n"
        ));
        assert!(!has_locked("Name:\tkith\nVmLck:\t       0 kB\n"));
        assert!(!has_locked(""));
    }

    #[test]
    fn memory_is_locked_where_there_is_no_bound_and_only_there() {
        lock_memory();
        let ProcessHealth {
            memory_locked,
            memory_lock_limit,
            ..
        } = process();
        assert_eq!(memory_locked, memory_lock_limit.is_none());
        // Far more than a bound would let it have.
        drop(std::hint::black_box(vec![1u8; 64 << 20]));
    }

    #[test]
    fn what_others_may_look_into_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let place = Home::at(&dir.path().join("home"));
        place.prepare().unwrap();
        place.keep_device_key(&[7; 32]).unwrap();
        assert_eq!(home(&place).not_private, Vec::<String>::new());
        let key = place.data().join("device.key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(home(&place).not_private, [key.display().to_string()]);
    }

    #[test]
    fn a_slot_on_a_stick_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let place = Home::at(&dir.path().join("home"));
        place.prepare().unwrap();
        fs::write(dir.path().join("stick"), "").unwrap();
        assert!(!home(&place).slot_elsewhere);
        let link = place.data().join("root.slot");
        std::os::unix::fs::symlink(dir.path().join("stick"), link).unwrap();
        assert!(home(&place).slot_elsewhere);
    }
}
