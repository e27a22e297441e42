//! Who writes slowly and who does not read: each is cut when their time is over, and nobody else waits.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use kith_node::control::client::Events;
use kith_node::control::shape::Event;

use super::home::{Home, PATIENCE, until};

/// How long a slow stranger waits between two bytes.
const BETWEEN: Duration = Duration::from_millis(100);
/// Texts that no system holds for somebody who does not read, and how long each is.
const TEXTS: usize = 120;
const TEXT_BYTES: usize = 7_000;

/// Says a first piece, then a byte now and then; how long until the door closed, and what was heard.
fn stranger(home: &Home, first: &[u8], drips: bool) -> (Duration, usize) {
    let mut socket = TcpStream::connect(&home.address).unwrap();
    let began = Instant::now();
    socket.set_read_timeout(Some(BETWEEN)).unwrap();
    socket.write_all(first).unwrap();
    let (mut heard, mut answer) = (0, [0; 512]);
    while began.elapsed() < PATIENCE {
        match socket.read(&mut answer) {
            Ok(0) => return (began.elapsed(), heard),
            Ok(n) => heard += n,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return (began.elapsed(), heard),
        }
        if drips && socket.write_all(&[7]).is_err() {
            return (began.elapsed(), heard);
        }
    }
    panic!("still let in after {PATIENCE:?}");
}

fn wait(events: &mut Events, wanted: impl Fn(&Event) -> bool) {
    loop {
        match events.next(Some(PATIENCE)).unwrap() {
            Some(event) if wanted(&event) => return,
            Some(_) => {}
            None => panic!("it never came"),
        }
    }
}

#[test]
fn slow_writers_are_cut_unanswered() {
    let home = Home::new();
    let _up = home.start();
    let (home, half) = (&home, [9; 300]);
    thread::scope(|scope| {
        let slow = [(&half[..0], false), (&half[..0], true), (&half[..], true)];
        let slow = slow.map(|(first, drips)| scope.spawn(move || stranger(home, first, drips)));
        for cut in slow {
            let (took, heard) = cut.join().unwrap();
            eprintln!("cut after {took:?}");
            assert_eq!(heard, 0);
        }
    });
}

#[test]
fn a_friend_who_does_not_read_is_cut_and_loses_nothing() {
    let [zoe, mute, friend] = [Home::new(), Home::new(), Home::new()];
    let up = [zoe.start(), mute.start(), friend.start()];
    zoe.befriend("muette", &mute, "zoé");
    zoe.befriend("amie", &friend, "zoé");
    zoe.sees(2);
    let mut cuts = zoe.client().subscribe().unwrap();
    let mut heard = zoe.client().subscribe().unwrap();
    up[1].hold();
    let began = Instant::now();
    let text = "é".repeat(TEXT_BYTES / 2);
    for number in 0..TEXTS {
        zoe.say("muette", &format!("{number} {text}")).unwrap();
    }
    let cut = thread::scope(|scope| {
        let cut = scope.spawn(|| {
            wait(
                &mut cuts,
                |event| matches!(event, Event::Offline { petname } if petname == "muette"),
            );
            began.elapsed()
        });
        let mut slowest = Duration::ZERO;
        while !cut.is_finished() {
            let said = Instant::now();
            friend.say("zoé", "et moi ?").unwrap();
            wait(
                &mut heard,
                |event| matches!(event, Event::Message { from, .. } if from == "amie"),
            );
            slowest = slowest.max(said.elapsed());
            thread::sleep(BETWEEN);
        }
        eprintln!("another friend's message took {slowest:?} at most");
        cut.join().unwrap()
    });
    eprintln!("who does not read was cut after {cut:?}");
    up[1].go_on();
    let all = until(PATIENCE, || {
        let unread = mute.client().status().ok()?.open?.unread;
        (unread as usize == TEXTS).then_some(())
    });
    assert!(all.is_some(), "not all came");
    for (number, message) in mute.inbox().iter().enumerate() {
        let said = message["text"].as_str().unwrap();
        assert!(said.starts_with(&format!("{number} ")), "out of order");
    }
}
