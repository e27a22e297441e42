//! Ctrl-C, for a program that has something to say before it ends.

use std::thread;

/// Calls `then` at the first Ctrl-C, from a thread of its own; the process does not end by it any more.
/// Without means for that it ends as ever.
pub fn at_interrupt(then: impl FnOnce() + Send + 'static) {
    // Nobody waits for it: it ends with the process.
    let _ = thread::Builder::new().spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if runtime.is_ok_and(|runtime| runtime.block_on(tokio::signal::ctrl_c()).is_ok()) {
            then();
        }
    });
}
