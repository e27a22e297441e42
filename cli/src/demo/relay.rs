//! A listener on the line: passes bytes on between two nodes and keeps a copy of all of them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What was heard so far.
#[derive(Default)]
pub(super) struct Heard {
    /// The caller's bytes, one entry a connection.
    pub(super) calls: Vec<Vec<u8>>,
    /// How many bytes each caller got back.
    pub(super) answers: Vec<usize>,
    /// All bytes of both directions, in the order heard.
    pub(super) all: Vec<u8>,
}

/// Whoever calls `address` reaches `target`, overheard.
pub(super) struct Relay {
    pub(super) address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
}

impl Relay {
    pub(super) fn before(target: SocketAddr) -> std::io::Result<Self> {
        Self::at((Ipv4Addr::LOCALHOST, 0).into(), target)
    }

    /// At an address where somebody else may have been before.
    pub(super) fn at(address: SocketAddr, target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let heard = Arc::new(Mutex::new(Heard::default()));
        let copy = heard.clone();
        // It ends with the process; the demonstration is all that this process does.
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if let Ok(callee) = TcpStream::connect(target) {
                    overhear(caller, callee, &copy);
                }
            }
        });
        Ok(Self { address, heard })
    }

    /// Looks at what was heard.
    pub(super) fn heard<T>(&self, look: impl FnOnce(&Heard) -> T) -> T {
        look(&self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn overhear(caller: TcpStream, callee: TcpStream, heard: &Arc<Mutex<Heard>>) {
    let call = {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.calls.push(Vec::new());
        heard.answers.push(0);
        heard.calls.len() - 1
    };
    let (Ok(caller_too), Ok(callee_too)) = (caller.try_clone(), callee.try_clone()) else {
        return;
    };
    let (there, back) = (heard.clone(), heard.clone());
    thread::spawn(move || {
        pump(caller, callee, &there, |heard, bytes| {
            if let Some(call) = heard.calls.get_mut(call) {
                call.extend_from_slice(bytes);
            }
        });
    });
    thread::spawn(move || {
        pump(callee_too, caller_too, &back, |heard, bytes| {
            if let Some(answer) = heard.answers.get_mut(call) {
                *answer += bytes.len();
            }
        });
    });
}

fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    heard: &Mutex<Heard>,
    note: impl Fn(&mut Heard, &[u8]),
) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        let Some(bytes) = bytes.get(..length) else {
            break;
        };
        {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.all.extend_from_slice(bytes);
            note(&mut heard, bytes);
        }
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
