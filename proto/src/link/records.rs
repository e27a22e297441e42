//! What flows on a link after the handshake: records of whole blocks, their lengths masked, so
//! that every byte on the wire looks random. PROTOCOL §3 "Records".
//!
//! Belongs to one connection and forgets everything with it. The first record that does not
//! authenticate ends the link: its [`BadRecord`] is final. Knows nothing of frames or friends.

use zeroize::Zeroizing;

use crate::kdf::{self, label};
use crate::limits::{
    RECORD_BLOCK_BYTES, RECORD_BLOCKS_MAX, RECORD_DATA_BYTES_MAX, RECORDS_PER_KEY_MAX,
};
use crate::noise::{Finished, Role};
use crate::secret::{Key, Lengths};

/// Length of a record's masked length field, in bytes.
pub const RECORD_HEAD_BYTES: usize = 2;
const USED_BYTES: usize = 2;
const REKEY: u16 = 1 << 15;

/// The record is not what the other end of this link would have sent: close, without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRecord;

/// Seals and opens the records of one link.
pub struct Records {
    transport: Box<snow::TransportState>,
    send_lengths: Key<Lengths>,
    receive_lengths: Key<Lengths>,
    sent_under_key: u32,
    role: Role,
    broken: bool,
}

impl Records {
    pub(crate) fn new(done: Finished, role: Role) -> Self {
        let lengths = |l| kdf::derive(l, &[done.k_i.expose(), done.k_r.expose(), &done.hash]);
        let (i, r) = (lengths(label::LINK_LENGTH_I), lengths(label::LINK_LENGTH_R));
        let (send_lengths, receive_lengths) = match role {
            Role::Initiator => (i, r),
            Role::Responder => (r, i),
        };
        let transport = done.transport;
        Self {
            transport,
            send_lengths,
            receive_lengths,
            sent_under_key: 0,
            role,
            broken: false,
        }
    }

    /// Whether this end dialled. The other end sends and believes nothing before this end's first
    /// record has authenticated.
    pub fn dialled(&self) -> bool {
        self.role == Role::Initiator
    }

    /// Seals at most [`RECORD_DATA_BYTES_MAX`] bytes of `data` into one record appended to `to`,
    /// and says how many it took. `rekey` asks for a fresh key after this record: set it when this
    /// direction's key is an hour old; the count of records is kept here.
    pub fn seal(&mut self, data: &[u8], rekey: bool, to: &mut Vec<u8>) -> Result<usize, BadRecord> {
        let taken = data.len().min(RECORD_DATA_BYTES_MAX);
        let rekey = rekey || self.sent_under_key >= RECORDS_PER_KEY_MAX;
        let blocks = (RECORD_HEAD_BYTES + USED_BYTES + taken + crate::noise::TAG_BYTES)
            .div_ceil(RECORD_BLOCK_BYTES);
        let mut plain = Zeroizing::new(vec![
            0;
            blocks * RECORD_BLOCK_BYTES
                - RECORD_HEAD_BYTES
                - crate::noise::TAG_BYTES
        ]);
        // Both fit u16: blocks <= 32, taken <= 16364.
        let used = taken as u16 | if rekey { REKEY } else { 0 };
        plain[..USED_BYTES].copy_from_slice(&used.to_le_bytes());
        plain[USED_BYTES..USED_BYTES + taken].copy_from_slice(&data[..taken]);
        let mask: [u8; 2] = self.mask(&self.send_lengths, self.transport.sending_nonce());
        let start = to.len();
        to.extend_from_slice(&(blocks as u16 ^ u16::from_le_bytes(mask)).to_le_bytes());
        to.resize(start + blocks * RECORD_BLOCK_BYTES, 0);
        self.transport
            .write_message(&plain, &mut to[start + RECORD_HEAD_BYTES..])
            .map_err(|_| BadRecord)?;
        self.sent_under_key += 1;
        if rekey {
            self.transport.rekey_outgoing();
            self.sent_under_key = 0;
        }
        Ok(taken)
    }

    /// How many bytes follow the first two of the next record.
    pub fn length(&mut self, head: [u8; RECORD_HEAD_BYTES]) -> Result<usize, BadRecord> {
        let mask: [u8; 2] = self.mask(&self.receive_lengths, self.transport.receiving_nonce());
        let blocks = usize::from(u16::from_le_bytes(head) ^ u16::from_le_bytes(mask));
        if self.broken || !(1..=RECORD_BLOCKS_MAX).contains(&blocks) {
            self.broken = true;
            return Err(BadRecord);
        }
        Ok(blocks * RECORD_BLOCK_BYTES - RECORD_HEAD_BYTES)
    }

    /// Opens the rest of a record, as long as [`length`](Self::length) said, and appends its data to `to`.
    pub fn open(&mut self, rest: &[u8], to: &mut Vec<u8>) -> Result<(), BadRecord> {
        let opened = if self.broken {
            Err(BadRecord)
        } else {
            self.try_open(rest, to)
        };
        self.broken = opened.is_err();
        opened
    }

    fn try_open(&mut self, rest: &[u8], to: &mut Vec<u8>) -> Result<(), BadRecord> {
        let mut plain = Zeroizing::new(vec![0; rest.len()]);
        let length = self
            .transport
            .read_message(rest, &mut plain)
            .map_err(|_| BadRecord)?;
        let (head, body) = plain[..length]
            .split_at_checked(USED_BYTES)
            .ok_or(BadRecord)?;
        let head = u16::from_le_bytes([head[0], head[1]]);
        let (data, zeros) = body
            .split_at_checked(usize::from(head & !REKEY))
            .ok_or(BadRecord)?;
        if zeros.iter().any(|&byte| byte != 0) {
            return Err(BadRecord);
        }
        to.extend_from_slice(data);
        if head & REKEY != 0 {
            self.transport.rekey_incoming();
        }
        Ok(())
    }

    fn mask(&self, key: &Key<Lengths>, counter: u64) -> [u8; 2] {
        if planted!(PlainLength) {
            return [0; 2];
        }
        kdf::mac(key, &[&counter.to_le_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::linked;

    fn pass(from: &mut Records, to: &mut Records, data: &[u8], rekey: bool) -> Vec<u8> {
        let mut wire = Vec::new();
        assert_eq!(from.seal(data, rekey, &mut wire).unwrap(), data.len());
        assert_eq!(wire.len() % RECORD_BLOCK_BYTES, 0);
        let rest = to.length([wire[0], wire[1]]).unwrap();
        assert_eq!(rest, wire.len() - 2);
        let mut out = Vec::new();
        to.open(&wire[2..], &mut out).unwrap();
        out
    }

    #[test]
    fn what_goes_in_comes_out_on_the_other_side() {
        let (mut i, mut r) = linked();
        for length in [0, 1, 491, 492, 493, 2048, RECORD_DATA_BYTES_MAX] {
            let data: Vec<u8> = (0..length).map(|n| n as u8).collect();
            assert_eq!(pass(&mut i, &mut r, &data, false), data);
            assert_eq!(pass(&mut r, &mut i, &data, false), data);
        }
    }

    #[test]
    fn rekeys_that_cross_leave_both_directions_alive() {
        let (mut i, mut r) = linked();
        for turn in 0..6 {
            assert_eq!(pass(&mut i, &mut r, b"a", turn % 2 == 0), b"a");
            assert_eq!(pass(&mut r, &mut i, b"b", turn % 3 == 0), b"b");
        }
        i.sent_under_key = RECORDS_PER_KEY_MAX;
        assert_eq!(pass(&mut i, &mut r, b"counted", false), b"counted");
        assert_eq!(i.sent_under_key, 0);
        assert_eq!(pass(&mut i, &mut r, b"after", false), b"after");
    }

    #[test]
    fn a_flipped_block_closes_the_link_for_good() {
        let (mut i, mut r) = linked();
        let mut wire = Vec::new();
        i.seal(b"salut", false, &mut wire).unwrap();
        let mut good = wire.clone();
        wire[100] ^= 1;
        r.length([wire[0], wire[1]]).unwrap();
        assert_eq!(r.open(&wire[2..], &mut Vec::new()), Err(BadRecord));
        good[0] ^= 0;
        assert_eq!(
            r.length([good[0], good[1]]),
            Err(BadRecord),
            "no second try"
        );
    }

    #[test]
    fn a_record_of_ones_own_is_not_accepted_back() {
        let (mut i, _) = linked();
        let mut wire = Vec::new();
        i.seal(b"echo", false, &mut wire).unwrap();
        let opened = i
            .length([wire[0], wire[1]])
            .and_then(|_| i.open(&wire[2..], &mut Vec::new()));
        assert_eq!(opened, Err(BadRecord));
    }

    #[test]
    fn two_megabytes_of_records_look_uniform() {
        let (mut i, _) = linked();
        let (mut wire, data) = (Vec::new(), vec![0; 300]);
        while wire.len() < 2 << 20 {
            i.seal(&data, false, &mut wire).unwrap();
        }
        let mut heads = [0u32; 256];
        for record in wire.chunks(RECORD_BLOCK_BYTES) {
            heads[usize::from(record[0])] += 1;
        }
        let mut all = [0u32; 256];
        wire.iter().for_each(|&byte| all[usize::from(byte)] += 1);
        // 255 degrees of freedom: beyond 400 once in 10^7; the same bytes at each run.
        for counts in [heads, all] {
            let expected = f64::from(counts.iter().sum::<u32>()) / 256.0;
            let chi: f64 = counts
                .iter()
                .map(|&c| (f64::from(c) - expected).powi(2) / expected)
                .sum();
            assert!(chi < 400.0, "chi-square {chi}");
        }
    }
}
