//! How late sled's threads may wake for nothing.
//!
//! sled 0.34 keeps seven threads that look up once a second for ever, which nothing of its changes. But on
//! Linux a thread says how much later than asked its waits may end, and those it makes inherit that. Work
//! that comes wakes them at once all the same: that is no wait's end.

#[cfg(target_os = "linux")]
use std::num::NonZeroU64;

/// How much later, in nanoseconds: seven threads wake once in nine seconds then, all together. A machine of
/// 32 bits can be told four seconds at most.
#[cfg(target_os = "linux")]
const LATE_NS: u64 = if usize::BITS < 64 {
    u32::MAX as u64
} else {
    60_000_000_000
};

/// While it lives, threads that this one makes are lazy; this one sleeps no longer than before once it ends.
pub(super) struct Lazy(());

impl Lazy {
    pub(super) fn begin() -> Self {
        #[cfg(target_os = "linux")]
        {
            // Where the system does not know this they wake as often as sled likes: no harm else.
            let _ = rustix::thread::set_current_timer_slack(NonZeroU64::new(LATE_NS));
        }
        Self(())
    }
}

impl Drop for Lazy {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        {
            let _ = rustix::thread::set_current_timer_slack(None);
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{fs, io, thread};

    use super::*;
    use crate::store::database::Database;

    /// `None` where only the machine's owner may ask this of another thread.
    fn late_ns(thread: i32) -> Option<u64> {
        match fs::read_to_string(format!("/proc/{thread}/timerslack_ns")) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => None,
            late => Some(late.unwrap().trim().parse().unwrap()),
        }
    }

    fn mine() -> Option<u64> {
        late_ns(rustix::thread::gettid().as_raw_nonzero().get())
    }

    #[test]
    fn who_is_made_meanwhile_is_lazy_and_who_made_them_is_not() {
        let before = mine();
        let lazy = Lazy::begin();
        let made = thread::spawn(mine);
        drop(lazy);
        assert_eq!(made.join().unwrap(), Some(LATE_NS));
        assert_eq!(mine(), before);
        assert!(before < Some(LATE_NS));
    }

    #[test]
    fn all_threads_that_sled_keeps_are_lazy() {
        let dir = tempfile::tempdir().unwrap();
        let open = Database::create(&dir.path().join("db")).unwrap();
        // Written by one of them: that one at least has its name by now.
        open.write(1, &[]).unwrap();
        let mut kept = 0;
        for task in fs::read_dir("/proc/self/task").unwrap() {
            let task = task.unwrap();
            // A thread of another test may be gone by now.
            let name = fs::read_to_string(task.path().join("comm")).unwrap_or_default();
            if name.starts_with("sled-io") {
                kept += 1;
                let number = task.file_name().into_string().unwrap().parse().unwrap();
                assert!(late_ns(number).is_none_or(|late| late == LATE_NS));
            }
        }
        assert!(kept > 0, "they have another name now");
    }
}
