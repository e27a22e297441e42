//! The bot that the documents show, run as a person would run it, beside a real node.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::home::{Home, PATIENCE, until};
use super::running::Node;

const BOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/echo.py");

/// A bot that runs; killed when dropped.
struct Bot(Child);

impl Bot {
    fn start(socket: &Path) -> Self {
        let child = Command::new("python3").arg(BOT).arg(socket).spawn();
        Self(child.expect("this test runs python3, which is not there"))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Anne, and a node whose human is a bot.
fn friends() -> (Home, Home, [Node; 2]) {
    let (anne, robot) = (Home::new(), Home::new());
    let up = [anne.start(), robot.start()];
    anne.befriend("robot", &robot, "anne");
    (anne, robot, up)
}

/// Waits for so many answers; all that came by then.
fn answers(anne: &Home, count: usize) -> Vec<String> {
    let mut came = Vec::new();
    let all = until(PATIENCE, || {
        came.extend(anne.read_all());
        (came.len() >= count).then_some(())
    });
    assert!(all.is_some(), "only {came:?} came");
    came
}

#[test]
fn the_bot_of_the_documents_says_again_what_it_is_told() {
    let (anne, robot, _up) = friends();
    anne.say("robot", "avant").unwrap();
    let _bot = Bot::start(&robot.socket());
    assert_eq!(answers(&anne, 1), ["avant"]);
    let said = [
        "Salut, \"toi\" \u{1f408}",
        "deux\nlignes",
        &"é".repeat(10_000),
    ];
    for text in said {
        anne.say("robot", text).unwrap();
    }
    assert_eq!(answers(&anne, said.len()), said);
}

/// When the bot is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Killed {
    /// It has read a message; neither its answer nor its acknowledgement has left.
    AfterReading,
    /// Both have left; it has not heard that they arrived.
    AfterAcknowledging,
}

/// A socket between the bot and the node, where what the bot asks is seen and can be held back.
fn between(home: &Home, killed: Killed, kill: &Sender<()>) -> std::path::PathBuf {
    let (place, node) = (home.beside("between.sock"), home.socket());
    let listener = UnixListener::bind(&place).unwrap();
    let kill = kill.clone();
    thread::spawn(move || {
        for bot in listener.incoming().map_while(Result::ok) {
            let node = UnixStream::connect(&node).unwrap();
            let (mut from, mut to) = (node.try_clone().unwrap(), bot.try_clone().unwrap());
            thread::spawn(move || copy(&mut from, &mut to));
            let kill = kill.clone();
            thread::spawn(move || watch(bot, node, killed, &kill));
        }
    });
    place
}

fn copy(from: &mut impl Read, to: &mut impl Write) {
    let _ = std::io::copy(from, to);
}

/// Lets lines pass, up to the one at which the bot is killed.
fn watch(bot: UnixStream, mut node: UnixStream, killed: Killed, kill: &Sender<()>) {
    for line in BufReader::new(bot).lines().map_while(Result::ok) {
        let says = line.contains(r#""method": "send""#);
        if says && killed == Killed::AfterReading {
            kill.send(()).unwrap();
            return;
        }
        node.write_all(format!("{line}\n").as_bytes()).unwrap();
        if line.contains(r#""method": "inbox.ack""#) {
            kill.send(()).unwrap();
            return;
        }
    }
}

#[test]
fn a_bot_that_is_killed_before_or_after_it_acknowledges_answers_once() {
    for killed in [Killed::AfterReading, Killed::AfterAcknowledging] {
        let (anne, robot, _up) = friends();
        let (kill, told) = channel();
        anne.say("robot", "Salut").unwrap();
        let bot = Bot::start(&between(&robot, killed, &kill));
        told.recv_timeout(PATIENCE).expect("the bot says nothing");
        drop(bot);
        // What is said last is answered last: a second answer to the first would stand before it.
        let _bot = Bot::start(&robot.socket());
        anne.say("robot", "encore").unwrap();
        assert_eq!(answers(&anne, 2), ["Salut", "encore"], "{killed:?}");
        let nothing_waits = until(PATIENCE, || (robot.status()["unread"] == 0).then_some(()));
        assert!(nothing_waits.is_some(), "{killed:?}");
    }
}
