//! How much room there is: what the home takes and may take, what the disk has left, and what
//! follows from it. The cap counts files, as a full disk does; what lives is what a copy would take.

use std::io;
use std::path::{Path, PathBuf};

use kith_proto::limits::{BALLAST_BYTES, DISK_FREE_BYTES_MIN, WASTE_IDLE_BYTES_MAX};
use rustix::fs::statvfs;

use super::{Store, ballast, bytes_below, reclaim};

/// What the home takes, and what there is for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// What the data directory takes on the disk, waste included, in bytes.
    pub used: u64,
    /// What it may take, in bytes.
    pub cap: u64,
    /// What its file system has left, in bytes.
    pub free: u64,
    /// Whether nothing new should be taken in. Erasing and acknowledging go on: what is kept free
    /// is kept for them.
    pub full: bool,
}

/// When a reclaim would be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nobody waits.
    Idle,
    /// Before a commit, whose records have so many bytes.
    Before(u64),
}

/// Looks after the room of one directory.
pub struct Gauge {
    dir: PathBuf,
    seen: Seen,
}

/// What was seen when it was last looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    room: Room,
    /// What the database's files take, in bytes.
    database: u64,
    /// What its records take at least, in bytes.
    live: u64,
    /// What would be given back when the disk is full, in bytes.
    ballast: u64,
}

impl Gauge {
    /// For this store, which may take so many bytes.
    pub fn new(store: &Store, cap: u64) -> Self {
        let mut seen = Seen::default();
        seen.room.cap = cap;
        seen.live = store.live_bytes();
        Self {
            dir: store.dir.clone(),
            seen,
        }
    }

    /// Looks again, after a change of what lives; what cannot be seen is taken to be as it was.
    pub fn look(&mut self, live: Option<u64>) -> Room {
        let seen = &mut self.seen;
        seen.live = live.unwrap_or(seen.live);
        let room = &mut seen.room;
        room.used = bytes_below(&self.dir).unwrap_or(room.used);
        room.free = free_below(&self.dir).unwrap_or(room.free);
        seen.database = bytes_below(&self.dir.join(reclaim::DIR)).unwrap_or(seen.database);
        seen.ballast = ballast::bytes(&self.dir);
        seen.room.full = seen.is_full();
        seen.room
    }

    /// Whether the waste is worth a copy at this moment, and the disk has room for one.
    pub fn reclaim_is_due(&self, moment: Moment) -> bool {
        self.seen.reclaim_is_due(moment)
    }

    /// Makes the ballast, if there is ample room.
    pub fn keep_ballast(&self) {
        if self.seen.has_ample_room() {
            // Without it a full disk is only less comfortable.
            let _ = ballast::make(&self.dir);
        }
    }
}

impl Seen {
    /// Once full, more must be free than what made it so: nobody wants to hear it with each message.
    fn is_full(&self) -> bool {
        let Room {
            used,
            cap,
            free,
            full,
        } = self.room;
        let reserve = DISK_FREE_BYTES_MIN + BALLAST_BYTES;
        let (kept, living, left) = match full {
            false => (cap / 8, cap / 3, reserve),
            true => (cap / 4, cap / 4, 2 * reserve),
        };
        used > cap - kept || self.live > living || free.saturating_add(self.ballast) < left
    }

    fn reclaim_is_due(&self, moment: Moment) -> bool {
        let Room {
            used, cap, free, ..
        } = self.room;
        let live = self.live;
        let waste = self.database.saturating_sub(live);
        let worth = match moment {
            Moment::Idle => waste > live.max(WASTE_IDLE_BYTES_MAX),
            Moment::Before(batch) => {
                // The old files and the copy stand side by side for a moment. sled writes a record
                // several times until it has found its place.
                let then = used + live + batch.saturating_mul(4) + cap / 16;
                waste > (2 * live).max(cap / 4)
                    || (then > cap && waste > (live / 4).max(WASTE_IDLE_BYTES_MAX))
            }
        };
        worth && free > live + DISK_FREE_BYTES_MIN
    }

    fn has_ample_room(&self) -> bool {
        let Room {
            used, cap, free, ..
        } = self.room;
        free > 8 * BALLAST_BYTES && used + BALLAST_BYTES < cap / 2
    }
}

/// What the file system of this directory has left for us, in bytes.
pub(super) fn free_below(dir: &Path) -> io::Result<u64> {
    let disk = statvfs(dir)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const CAP: u64 = 512 * MIB;

    fn seen(database_mib: u64, live_mib: u64, free_mib: u64) -> Seen {
        let room = Room {
            used: (database_mib + 8) * MIB,
            cap: CAP,
            free: free_mib * MIB,
            full: false,
        };
        Seen {
            room,
            database: database_mib * MIB,
            live: live_mib * MIB,
            ballast: BALLAST_BYTES,
        }
    }

    #[test]
    fn waste_is_given_back_when_it_exceeds_what_lives() {
        let due = |database, live, moment| seen(database, live, 9999).reclaim_is_due(moment);
        assert!(!due(4, 0, Moment::Idle), "not worth a copy");
        assert!(!due(60, 31, Moment::Idle));
        assert!(due(60, 29, Moment::Idle));
        assert!(!due(60, 29, Moment::Before(0)), "somebody waits");
        assert!(due(160, 19, Moment::Before(0)));
        assert!(
            !due(120, 1, Moment::Before(0)),
            "a quarter of the cap is bearable"
        );
    }

    #[test]
    fn a_copy_always_fits_under_the_cap_while_no_more_than_a_third_lives() {
        let small = [64, 100, 512, 4096].map(|mib| mib * MIB);
        for cap in small {
            for live in (0..=cap / 3).step_by(MIB as usize) {
                // The least of the files for which a reclaim is due before a commit of 1 MiB.
                let files = (live..cap).step_by(MIB as usize).find(|database| {
                    let mut seen = seen(0, 0, 9999);
                    seen.room.cap = cap;
                    (seen.database, seen.live) = (*database, live);
                    seen.room.used = database + BALLAST_BYTES;
                    seen.reclaim_is_due(Moment::Before(MIB))
                });
                let files = files.expect("some waste is too much");
                assert!(files + live + BALLAST_BYTES <= cap + MIB, "{cap} {live}");
            }
        }
    }

    #[test]
    fn no_copy_is_begun_that_the_disk_has_no_room_for() {
        assert!(seen(200, 50, 60).reclaim_is_due(Moment::Idle));
        assert!(!seen(200, 50, 57).reclaim_is_due(Moment::Idle));
    }

    #[test]
    fn full_is_said_early_and_taken_back_late() {
        let full = |database, live, free, was| {
            let mut seen = seen(database, live, free);
            seen.room.full = was;
            seen.is_full()
        };
        assert!(!full(100, 100, 9999, false));
        assert!(full(441, 100, 9999, false), "the files near their cap");
        assert!(!full(420, 100, 9999, false));
        assert!(full(420, 100, 9999, true));
        assert!(!full(370, 100, 9999, true));
        assert!(full(200, 171, 9999, false), "more lives than can be copied");
        assert!(!full(200, 150, 9999, false));
        assert!(full(200, 150, 9999, true));
        assert!(full(10, 1, 7, false), "the disk itself");
        assert!(!full(10, 1, 9, false));
        assert!(full(10, 1, 23, true));
        assert!(!full(10, 1, 25, true));
    }

    #[test]
    fn room_that_the_ballast_gave_back_is_not_for_new_messages() {
        let mut seen = seen(10, 1, 15);
        assert!(!seen.is_full());
        seen.ballast = 0;
        assert!(seen.is_full());
    }

    #[test]
    fn ballast_is_made_only_while_there_is_ample_room() {
        assert!(seen(10, 1, 100).has_ample_room());
        assert!(!seen(10, 1, 60).has_ample_room());
        assert!(!seen(250, 100, 9999).has_ample_room());
    }
}
