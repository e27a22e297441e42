//! The program `kith`: what a person types and sees. First and last step of the road.
//!
//! Every command asks a running node over its local socket ([`kith_node::control`]) and says the
//! answer in the person's language. Only this crate touches the terminal; it holds no key.
//!
//! The road: `args` (what was typed) → `call` (settings, language, then the verb) → `verbs` (one
//! file each) → `view` (petname, text, time) → `out` (the only place that prints).

mod args;
mod ask;
mod call;
mod chat;
mod demo;
mod exit;
mod file;
mod group;
mod meeting;
mod out;
mod progress;
mod qr;
mod screen;
mod search;
mod unmet;
mod verbs;
mod view;
mod when;
mod words;

use std::io::Write;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use rustix::fs::Mode;
use rustix::process::umask;

/// What was said passes through this heap: whatever is freed is erased.
#[global_allocator]
static HEAP: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(say_where));
    leave_no_dump();
    // Whatever is written from here on is ours alone.
    umask(Mode::RWXG | Mode::RWXO);
    call::run(std::env::args_os().collect()).into()
}

/// A place, never a value: what a panic would print may be somebody's words.
fn say_where(panic: &PanicHookInfo<'_>) {
    // The database's panics become errors, and a picture's are none: both have sentences of their own.
    let reads_a_picture = std::thread::current().name() == Some(qr::READER);
    if reads_a_picture || kith_node::store::contains_panics() {
        return;
    }
    let place = panic
        .location()
        .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let _ = writeln!(std::io::stderr(), "kith: internal error{place}");
}

/// No core file and no debugger: both would show what is in memory. Best effort.
fn leave_no_dump() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
