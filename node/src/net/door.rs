//! A connection before it is a link: bytes go where the engine says, and a stranger hears none.
//!
//! Whatever a stranger did wrong, it is read up to one budget counted from its first byte and its
//! first moment, then closed: silence at the knock, a bad tag, a replayed flight and an evicted
//! place all look the same from outside. PROTOCOL §3 "Flight", "Pool".

use std::net::IpAddr;
use std::time::Duration;

use kith_proto::engine::{ConnId, Handle, Knock};
use kith_proto::limits::{
    DISCARD_BYTES_MAX, DISCARD_BYTES_MIN, DISCARD_SECONDS_MAX, DISCARD_SECONDS_MIN, DISCARDING_MAX,
    FLIGHT_BYTES, INVITE_FLIGHT_BYTES, KNOCK_BYTES, MUTE_SECONDS_MAX, MUTE_WRITE_SECONDS,
    ONION_PENDING_SECONDS, PENDING_MAX, PENDING_PER_PREFIX_MAX, PENDING_SECONDS,
};
use kith_proto::link::Records;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

use super::circuit;
use super::room::Room;
use super::wire::{Board, Wire, out_of_place};
use super::{News, Order};

/// How far a stranger is read: the same for all, other at each start.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    bytes: usize,
    time: Duration,
}

impl Budget {
    /// Draws this start's budget; `None` without randomness.
    pub(super) fn draw() -> Option<Self> {
        let within = |least: u64, most: u64| {
            let drawn = getrandom::u64().ok()?;
            Some(least + drawn % (most - least + 1))
        };
        let bytes = within(DISCARD_BYTES_MIN as u64, DISCARD_BYTES_MAX as u64)?;
        let millis = within(DISCARD_SECONDS_MIN * 1000, DISCARD_SECONDS_MAX * 1000)?;
        Some(Self {
            bytes: bytes as usize,
            time: Duration::from_millis(millis),
        })
    }
}

/// The door's two rooms: those who may still show a tag, and those who are only read.
#[derive(Clone)]
pub(super) struct Porch {
    pending: Room,
    discarding: Room,
    budget: Budget,
    patience: Duration,
}

impl Porch {
    pub(super) fn new(budget: Budget) -> Self {
        Self {
            pending: Room::new(PENDING_MAX, PENDING_PER_PREFIX_MAX),
            discarding: Room::new(DISCARDING_MAX, DISCARDING_MAX),
            budget,
            patience: Duration::from_secs(PENDING_SECONDS),
        }
    }

    /// Another door of the same house: who comes through Tor takes longer, and has a room of their own,
    /// so that no crowd at the one door keeps friends from the other. Who is wrong is read for so much
    /// longer, too: else silence would end later than noise.
    pub(super) fn behind_tor(&self) -> Self {
        let patience = Duration::from_secs(ONION_PENDING_SECONDS);
        let Budget { bytes, time } = self.budget;
        let time = time + patience.saturating_sub(self.patience);
        Self {
            pending: Room::new(PENDING_MAX, PENDING_PER_PREFIX_MAX),
            budget: Budget { bytes, time },
            patience,
            ..self.clone()
        }
    }

    /// Lets an inbound connection in, or reads it out; from nowhere comes what a friend put through to us.
    /// Returns what the engine made of it: a link, or nothing, and then the connection is over and the
    /// engine knows.
    pub(super) async fn receive<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        mut socket: S,
        from: Option<IpAddr>,
        board: &Board,
    ) -> Option<Agreed<S>> {
        let through = from.is_none();
        let from = from.unwrap_or(circuit::NOWHERE);
        let mut guest = Guest::new(board.next_inbound());
        if !self.let_in(&mut socket, &mut guest, from, board).await {
            self.discard(socket, guest, from).await;
            return None;
        }
        let mut wire = board.connect(guest.conn);
        board.tell(News::Flight {
            conn: guest.conn,
            bytes: std::mem::take(&mut guest.flight),
            through,
        });
        match serve(&mut socket, &mut wire, &mut guest).await {
            Some((handle, records)) => Some(Agreed {
                socket,
                wire,
                handle,
                records,
            }),
            None => {
                drop(wire);
                // A flight that was not answered, a replayed one for example, must look like junk.
                if !guest.spoken_to {
                    self.discard(socket, guest, from).await;
                }
                None
            }
        }
    }

    async fn let_in<S: AsyncRead + Unpin>(
        &self,
        socket: &mut S,
        guest: &mut Guest,
        from: IpAddr,
        board: &Board,
    ) -> bool {
        let mut place = self.pending.enter(from);
        let patience = guest.since + self.patience;
        tokio::select! {
            biased;
            () = place.asked_to_leave() => false,
            known = timeout_at(patience, guest.knock(socket, board)) => known == Ok(true),
        }
    }

    async fn discard<S: AsyncRead + Unpin>(&self, mut socket: S, guest: Guest, from: IpAddr) {
        let mut place = self.discarding.enter(from);
        let read_out = async {
            let mut left = self.budget.bytes.saturating_sub(guest.read);
            let mut junk = [0; 1024];
            while left > 0 {
                let most = left.min(junk.len());
                match socket.read(&mut junk[..most]).await {
                    Ok(0) | Err(_) => return,
                    Ok(n) => left -= n,
                }
            }
        };
        tokio::select! {
            () = place.asked_to_leave() => {}
            _ = timeout_at(guest.since + self.budget.time, read_out) => {}
        }
    }
}

/// A connection whose two ends have shaken hands.
pub(super) struct Agreed<S> {
    pub(super) socket: S,
    pub(super) wire: Wire,
    pub(super) handle: Handle,
    pub(super) records: Box<Records>,
}

/// Tells the engine that a dialled connection is open and does what it says, up to a link.
pub(super) async fn call<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: S,
    mut wire: Wire,
) -> Option<Agreed<S>> {
    wire.board().tell(News::Connected(wire.conn()));
    let mut guest = Guest::new(wire.conn());
    let (handle, records) = serve(&mut socket, &mut wire, &mut guest).await?;
    Some(Agreed {
        socket,
        wire,
        handle,
        records,
    })
}

/// What is known of the other end of a mute connection.
struct Guest {
    conn: ConnId,
    since: Instant,
    /// All bytes read of it, for the budget.
    read: usize,
    /// Its first flight, as far as it came.
    flight: Vec<u8>,
    /// Whether any byte was written to it.
    spoken_to: bool,
}

impl Guest {
    fn new(conn: ConnId) -> Self {
        Self {
            conn,
            since: Instant::now(),
            read: 0,
            flight: Vec::new(),
            spoken_to: false,
        }
    }

    /// Whether the first flight carries a valid tag.
    async fn knock<S: AsyncRead + Unpin>(&mut self, socket: &mut S, board: &Board) -> bool {
        if !self.read_flight(socket, KNOCK_BYTES).await {
            return false;
        }
        let length = match board.knock(self.conn, self.flight.clone()).await {
            Knock::More(length @ (FLIGHT_BYTES | INVITE_FLIGHT_BYTES)) => length,
            _ => return false,
        };
        self.read_flight(socket, length).await
            && board.knock(self.conn, self.flight.clone()).await == Knock::Known
    }

    /// Reads the flight up to `length` bytes. What came stays counted if this is cut short.
    async fn read_flight<S: AsyncRead + Unpin>(&mut self, socket: &mut S, length: usize) -> bool {
        while self.flight.len() < length {
            let most = (length - self.flight.len()) as u64;
            match (&mut *socket).take(most).read_buf(&mut self.flight).await {
                Ok(0) | Err(_) => return false,
                Ok(n) => self.read += n,
            }
        }
        true
    }
}

/// Bytes the engine waits for.
pub(super) struct Want {
    bytes: Vec<u8>,
    filled: usize,
    until: Instant,
}

impl Want {
    pub(super) fn new(bytes: usize, within_ms: u32) -> Self {
        Self {
            bytes: vec![0; bytes],
            filled: 0,
            until: Instant::now() + Duration::from_millis(within_ms.into()),
        }
    }

    /// What came, once it is filled.
    pub(super) fn bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Fills the rest; `None` if it does not come in time. Loses nothing if cut short.
    pub(super) async fn fill<S: AsyncRead + Unpin>(
        &mut self,
        socket: &mut S,
        read: &mut usize,
    ) -> Option<()> {
        while self.filled < self.bytes.len() {
            let rest = &mut self.bytes[self.filled..];
            let n = timeout_at(self.until, socket.read(rest)).await.ok()?.ok()?;
            if n == 0 {
                return None;
            }
            self.filled += n;
            *read += n;
        }
        Some(())
    }
}

/// Does what the engine says until it says link or close, within `MUTE_SECONDS_MAX`.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut S,
    wire: &mut Wire,
    guest: &mut Guest,
) -> Option<(Handle, Box<Records>)> {
    let life = Duration::from_secs(MUTE_SECONDS_MAX);
    timeout(life, obey(socket, wire, guest)).await.ok()?
}

async fn obey<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut S,
    wire: &mut Wire,
    guest: &mut Guest,
) -> Option<(Handle, Box<Records>)> {
    let mut want: Option<Want> = None;
    loop {
        let filling = async {
            match &mut want {
                Some(want) => want.fill(socket, &mut guest.read).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            order = wire.order() => match order? {
                Order::Write { bytes, .. } => {
                    guest.spoken_to = true;
                    let patience = Duration::from_secs(MUTE_WRITE_SECONDS);
                    timeout(patience, socket.write_all(&bytes)).await.ok()?.ok()?;
                }
                Order::Read { bytes, within_ms, .. } => want = Some(Want::new(bytes, within_ms)),
                Order::Link { handle, records, .. } => return Some((handle, records)),
                _ => out_of_place(),
            },
            filled = filling => {
                filled?;
                if let Some(want) = want.take() {
                    wire.board().tell(News::Bytes { conn: guest.conn, bytes: want.bytes() });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
