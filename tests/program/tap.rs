//! Whoever sits on the line: passes everything on, keeps a copy, cuts when it likes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// Listens at one address and passes on to another.
pub(super) struct Tap {
    address: String,
    over: Arc<AtomicBool>,
    /// How many bytes of each connection's answer are passed on.
    answers: Arc<AtomicUsize>,
    flows: Flows,
    thread: Option<JoinHandle<()>>,
}

type Flows = Arc<Mutex<Vec<Arc<Flow>>>>;

/// One connection.
pub(super) struct Flow {
    ends: [TcpStream; 2],
    /// What the caller said, then what was answered.
    said: [Mutex<Vec<u8>>; 2],
    answers: Arc<AtomicUsize>,
}

impl Tap {
    pub(super) fn new(address: &str, onward: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let (over, flows) = (Arc::new(AtomicBool::new(false)), Flows::default());
        let answers = Arc::new(AtomicUsize::new(usize::MAX));
        let (onward, ended, kept) = (onward.to_owned(), over.clone(), flows.clone());
        let most = answers.clone();
        let thread = thread::spawn(move || {
            for caller in listener.incoming() {
                if ended.load(Relaxed) {
                    return;
                }
                // Nobody there: the caller finds a closed door, as without us.
                if let (Ok(caller), Ok(called)) = (caller, TcpStream::connect(&onward)) {
                    kept.lock()
                        .unwrap()
                        .push(Flow::begin([caller, called], most.clone()));
                }
            }
        });
        Self {
            address: address.to_owned(),
            over,
            answers,
            flows,
            thread: Some(thread),
        }
    }

    /// From now on no more bytes than these of each answer are passed on.
    pub(super) fn pass_of_answers(&self, bytes: usize) {
        self.answers.store(bytes, Relaxed);
    }

    /// Cuts every connection there is.
    pub(super) fn cut(&self) {
        self.flows
            .lock()
            .unwrap()
            .iter()
            .for_each(|flow| flow.cut());
    }

    /// What callers said and what they were answered, connection by connection.
    pub(super) fn heard(&self) -> Vec<[Vec<u8>; 2]> {
        let copy = |flow: &Arc<Flow>| [0, 1].map(|way| flow.said[way].lock().unwrap().clone());
        self.flows.lock().unwrap().iter().map(copy).collect()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.over.store(true, Relaxed);
        // One last caller, so that the door sees it is over.
        let _ = TcpStream::connect(&self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.cut();
    }
}

impl Flow {
    fn begin(ends: [TcpStream; 2], answers: Arc<AtomicUsize>) -> Arc<Self> {
        let flow = Arc::new(Self {
            ends,
            said: Default::default(),
            answers,
        });
        for way in [0, 1] {
            let flow = flow.clone();
            thread::spawn(move || flow.pass(way));
        }
        flow
    }

    fn pass(&self, way: usize) {
        let (mut from, mut to) = (&self.ends[way], &self.ends[1 - way]);
        let mut bytes = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            let before = {
                let mut said = self.said[way].lock().unwrap();
                said.extend(&bytes[..read]);
                said.len() - read
            };
            let most = match way {
                0 => usize::MAX,
                _ => self.answers.load(Relaxed).saturating_sub(before),
            };
            if to.write_all(&bytes[..read.min(most)]).is_err() {
                break;
            }
        }
        self.cut();
    }

    fn cut(&self) {
        for end in &self.ends {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}
