//! `kith up`: starts the node in the background and waits until it answers.

use std::io::{Read, Write};
use std::process::{Child, Command as Process, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};
use kith_node::control::client::Client;
use kith_node::control::shape::Language;
use kith_node::run::needs_passphrase;
use kith_proto::secret::Said;

use crate::ask::as_text;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::out;
use crate::verbs::{daemon, wipe};
use crate::words::{Words, msg};

/// A Raspberry Pi stretches a passphrase for many seconds, and a large store takes time to open.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How often we look whether the node answers.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The most that a node which does not start can say, in bytes.
const LAST_WORDS_BYTES_MAX: u64 = 16 * 1024;

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("up-about"))
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    if let Ok(mut node) = Client::connect(&context.home.socket()) {
        if node.status()?.locked {
            let unlock = |passphrase: Said| Ok(node.unlock(as_text(&passphrase)?)?);
            context.sources.opened(&context.words, unlock)?;
        }
        return report(context, node);
    }
    context.config()?;
    wipe::finish(context)?;
    let opened = match needs_passphrase(&context.home).map_err(daemon::failed)? {
        true => {
            let start = |passphrase| start(context, Some(passphrase));
            context.sources.opened(&context.words, start)?
        }
        false => None,
    };
    // One that opens without a passphrase, or starts locked.
    let node = opened.map_or_else(|| start(context, None), Ok)?;
    report(context, node)
}

fn report(context: &Context, mut node: Client) -> Outcome {
    let hello = node.hello()?;
    let Some(status) = node.status()?.open else {
        context.say(&msg!("up-locked", pid = hello.pid))?;
        return Ok(Exit::OK);
    };
    let addresses = context
        .words
        .say(&msg!("up-addresses", count = status.addresses));
    let friends = context
        .words
        .say(&msg!("up-friends", count = status.friends.online));
    context.say(&msg!(
        "up-done",
        pid = hello.pid,
        addresses = addresses,
        friends = friends
    ))?;
    Ok(Exit::OK)
}

fn start(context: &Context, passphrase: Option<Said>) -> Result<Client, Failed> {
    let with_passphrase = passphrase.is_some();
    let mut child = spawn(context, with_passphrase).map_err(|_| not_started())?;
    if let (Some(mut pipe), Some(passphrase)) = (child.stdin.take(), passphrase) {
        // If it ended already, its last words say why.
        let _ = pipe.write_all(&passphrase);
    }
    let began = Instant::now();
    while began.elapsed() < READY_WITHIN {
        if let Some(ended) = child.try_wait().map_err(|_| not_started())? {
            let code = ended.code().and_then(|code| u8::try_from(code).ok());
            let exit = code.map_or(Exit::SOFTWARE, Exit);
            // Nothing else is refused to whoever has the home.
            if with_passphrase && exit == Exit::REFUSED {
                return Err(Failed::wrong_passphrase());
            }
            return Err(ended_early(exit, &last_words(&mut child)));
        }
        if let Ok(mut node) = Client::connect(&context.home.socket())
            && node.hello().is_ok()
        {
            return Ok(node);
        }
        sleep(LOOK_EVERY);
    }
    Err(not_started())
}

/// The passphrase goes through a pipe that only the two processes hold, never through the command
/// line or the environment.
fn spawn(context: &Context, with_passphrase: bool) -> std::io::Result<Child> {
    let mut process = Process::new(std::env::current_exe()?);
    process
        .arg("daemon")
        .args(["--lang", code(context.words.language), "--no-input"])
        .env_remove("KITH_PASSPHRASE_FILE")
        .env_remove("CREDENTIALS_DIRECTORY")
        .env_remove("KITH_PASSPHRASE")
        // Whoever supervises this command does not supervise the node.
        .env_remove("NOTIFY_SOCKET")
        .env_remove("WATCHDOG_USEC")
        .current_dir("/")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(path) = &context.home_named {
        process.arg("--home").arg(path);
    }
    if with_passphrase {
        process.args(["--passphrase-fd", "0"]).stdin(Stdio::piped());
    } else {
        process.stdin(Stdio::null());
    }
    process.spawn()
}

fn code(language: Language) -> &'static str {
    match language {
        Language::French => "fr",
        Language::English => "en",
    }
}

fn last_words(child: &mut Child) -> String {
    let mut said = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(LAST_WORDS_BYTES_MAX).read_to_end(&mut said);
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// A node that did not start said why.
fn ended_early(exit: Exit, said: &str) -> Failed {
    if !said.is_empty() {
        out::aside(said.trim_end());
    }
    Failed::quiet(exit)
}

fn not_started() -> Failed {
    Failed::new(Exit::UNAVAILABLE, msg!("up-not-started")).hint(msg!("up-not-started-hint"))
}
