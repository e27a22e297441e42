//! What the daemon may say about itself: events and counts of our own code, nothing of libraries,
//! who name peers and addresses in theirs. ARCHITECTURE, invariant 6.

use std::io::{self, Write};
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Our own target; nothing else passes.
pub const TARGET: &str = "kith";

/// Begins to write the journal to stderr; warnings only, unless asked for more.
///
/// `level` is one of error, warn, info, debug, trace; anything else is taken for warn.
pub fn begin(level: &str) {
    let level = level.parse().unwrap_or(LevelFilter::WARN);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .without_time()
        .with_writer(Mutex::new(Quiet))
        .with_filter(Targets::new().with_target(TARGET, level));
    // A second one in the same process (a test, the demonstration) keeps the first.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// Stderr that may be gone: a journal that nobody reads ends nothing.
struct Quiet;

impl Write for Quiet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
