//! A number of places for connections that have shown nothing yet. Nobody is turned away: when the
//! room is full, the one who is longest in it is asked to leave. PROTOCOL §3 "Pool".

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Places for `max`, of them `per_prefix_max` from one network.
#[derive(Clone)]
pub(super) struct Room(Arc<Mutex<Seats>>);

struct Seats {
    max: usize,
    per_prefix_max: usize,
    next: u64,
    /// In order of arrival.
    taken: VecDeque<Seat>,
}

struct Seat {
    number: u64,
    prefix: Option<IpAddr>,
    /// Dropped to ask its holder to leave.
    _stay: oneshot::Sender<()>,
}

/// A place in a room, free again when dropped.
pub(super) struct Place {
    number: u64,
    room: Room,
    stay: oneshot::Receiver<()>,
}

impl Room {
    pub(super) fn new(max: usize, per_prefix_max: usize) -> Self {
        Self(Arc::new(Mutex::new(Seats {
            max,
            per_prefix_max,
            next: 0,
            taken: VecDeque::new(),
        })))
    }

    /// Takes a place for a connection from `from`, asking the oldest to leave if need be: the
    /// oldest of its network if that has its share, then the oldest of all.
    pub(super) fn enter(&self, from: IpAddr) -> Place {
        let mut seats = self.seats();
        let prefix = prefix(from);
        if prefix.is_some() {
            let same = |seat: &Seat| seat.prefix == prefix;
            if seats.taken.iter().filter(|seat| same(seat)).count() >= seats.per_prefix_max
                && let Some(oldest) = seats.taken.iter().position(same)
            {
                seats.taken.remove(oldest);
            }
        }
        if seats.taken.len() >= seats.max {
            seats.taken.pop_front();
        }
        let (sender, stay) = oneshot::channel();
        let number = seats.next;
        seats.next += 1;
        seats.taken.push_back(Seat {
            number,
            prefix,
            _stay: sender,
        });
        Place {
            number,
            room: self.clone(),
            stay,
        }
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits until somebody else needs the place.
    pub(super) async fn asked_to_leave(&mut self) {
        let _ = (&mut self.stay).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room
            .seats()
            .taken
            .retain(|seat| seat.number != self.number);
    }
}

/// The IPv4 /24 or IPv6 /64 an address is in; loopback is in none.
fn prefix(addr: IpAddr) -> Option<IpAddr> {
    match addr.to_canonical() {
        addr if addr.is_loopback() => None,
        IpAddr::V4(v4) => Some(Ipv4Addr::from_bits(v4.to_bits() & !0xFF).into()),
        IpAddr::V6(v6) => Some(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Place {
        fn stays(&mut self) -> bool {
            self.stay.try_recv() == Err(oneshot::error::TryRecvError::Empty)
        }
    }

    fn enter(room: &Room, addrs: &[&str]) -> Vec<Place> {
        addrs
            .iter()
            .map(|addr| room.enter(addr.parse().unwrap()))
            .collect()
    }

    fn stay(places: &mut [Place]) -> Vec<bool> {
        places.iter_mut().map(Place::stays).collect()
    }

    #[test]
    fn a_full_room_asks_its_oldest_to_leave() {
        let room = Room::new(3, 3);
        let mut places = enter(&room, &["10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1"]);
        assert_eq!(stay(&mut places), [false, true, true, true]);
    }

    #[test]
    fn a_place_that_was_left_is_free() {
        let room = Room::new(2, 2);
        let mut places = enter(&room, &["10.0.0.1", "10.0.1.1"]);
        places.remove(0);
        places.extend(enter(&room, &["10.0.2.1"]));
        assert_eq!(stay(&mut places), [true, true]);
    }

    #[test]
    fn a_crowded_network_loses_its_own_oldest_and_nobody_elses() {
        let room = Room::new(9, 2);
        let mut v4 = enter(
            &room,
            &["10.0.0.1", "192.0.2.1", "192.0.2.200", "::ffff:192.0.2.7"],
        );
        assert_eq!(stay(&mut v4), [true, false, true, true]);
        let mut v6 = enter(
            &room,
            &[
                "2001:db8::1",
                "2001:db8:0:1::1",
                "2001:db8::2",
                "2001:db8::3",
            ],
        );
        assert_eq!(stay(&mut v6), [false, true, true, true]);
        assert_eq!(stay(&mut v4), [true, false, true, true]);
    }

    #[test]
    fn loopback_is_no_network() {
        let room = Room::new(9, 1);
        let mut places = enter(&room, &["127.0.0.1", "127.0.0.1", "::1", "::1"]);
        assert_eq!(stay(&mut places), [true; 4]);
    }
}
