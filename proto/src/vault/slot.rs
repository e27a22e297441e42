//! The slot: the one small file that is written in place, and whose loss loses everything.
//!
//! Three pages of 4 KiB: a header (how to make the KEK) and two copies of the roots of the key
//! tree, sealed under the KEK. Decides which copy counts; never writes, never sees a record.

use argon2::{Algorithm, Argon2, Block, Params};
use bincode::{Decode, Encode};
use zeroize::{Zeroize, Zeroizing};

use super::VaultError;
use super::seal::{self, NONCE_BYTES, TAG_BYTES};
use crate::kdf::{self, Entropy, label};
use crate::limits::{
    KDF_LANES_MAX, KDF_MEMORY_KIB_MAX, KDF_MEMORY_KIB_MIN, KDF_PASSES_MAX, KDF_PASSES_MIN,
};
use crate::secret::{KEY_BYTES, Kek, Key, Tree};

/// How the first page of a slot begins.
pub(super) const SLOT: [u8; 16] = *b"kith slot\n\0\0\0\0\0\0";

/// Length of each of the slot's three pages.
pub const SLOT_PAGE_BYTES: usize = 4096;

/// One page of the slot, ready to be written. Nothing in it is readable without the lock.
#[derive(Clone, PartialEq, Eq)]
pub struct SlotPage(pub(super) Box<[u8; SLOT_PAGE_BYTES]>);

impl SlotPage {
    /// What to write.
    pub fn as_bytes(&self) -> &[u8; SLOT_PAGE_BYTES] {
        &self.0
    }
}

/// Which of the two copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotCopy {
    /// The second page of the file.
    A,
    /// The third.
    B,
}

/// A page to be written to both copies, in this order, before anything else is done: what stands in
/// one of them opens records that were erased, or nothing at all.
pub struct Repair {
    /// The page.
    pub page: SlotPage,
    /// The copy that may be lost comes first, so that a second crash finds the other one whole.
    pub order: [SlotCopy; 2],
}

/// What opens a slot.
#[derive(Clone, Copy)]
pub enum Lock<'a> {
    /// What a person types.
    Passphrase {
        /// Its bytes, UTF-8, as typed.
        text: &'a [u8],
        /// What guessing it shall cost. Counts when the slot is made; afterwards the slot knows.
        cost: Cost,
    },
    /// 32 random bytes in a file beside it: who has the disk has everything.
    Device(&'a [u8; 32]),
}

/// What one try of a passphrase costs: the parameters of argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// The least that a slot may ask for, and what tests use.
    pub const FLOOR: Self = Self {
        memory_kib: KDF_MEMORY_KIB_MIN,
        passes: KDF_PASSES_MIN,
        lanes: 1,
    };

    /// Whether this may be asked of a machine: neither a weak lock nor a terabyte.
    fn is_sane(&self) -> bool {
        (KDF_MEMORY_KIB_MIN..=KDF_MEMORY_KIB_MAX).contains(&self.memory_kib)
            && (KDF_PASSES_MIN..=KDF_PASSES_MAX).contains(&self.passes)
            && (1..=KDF_LANES_MAX).contains(&self.lanes)
    }
}

/// Whether this slot asks for a passphrase (or else for its device key).
///
/// # Errors
/// `SlotDamaged`, `SlotTooNew`.
pub fn needs_passphrase(header: &[u8]) -> Result<bool, VaultError> {
    Ok(Header::read(header, SLOT)?.kind == Header::PASSPHRASE)
}

/// The first page: `magic 16 | version u8 | kind u8 | cost 3 x u32 | salt 32 | check 32 | zeros |
/// BLAKE3 of all that`. Public, apart from being needed to make the KEK.
#[derive(Encode, Decode)]
struct Header {
    magic: [u8; 16],
    version: u8,
    kind: u8,
    cost: Cost,
    salt: [u8; 32],
    /// Tells a wrong passphrase from a damaged page.
    check: [u8; 32],
}

impl Header {
    const VERSION: u8 = 1;
    const PASSPHRASE: u8 = 1;
    const DEVICE: u8 = 2;
    const SUM_AT: usize = SLOT_PAGE_BYTES - 32;

    fn page(&self) -> Result<SlotPage, VaultError> {
        let mut page = Box::new([0; SLOT_PAGE_BYTES]);
        let (head, sum) = page.split_at_mut(Self::SUM_AT);
        bincode::encode_into_slice(self, head, fixed()).map_err(|_| VaultError::TooLarge)?;
        sum.copy_from_slice(blake3::hash(head).as_bytes());
        Ok(SlotPage(page))
    }

    fn read(page: &[u8], magic: [u8; 16]) -> Result<Self, VaultError> {
        let page: &[u8; SLOT_PAGE_BYTES] = page.try_into().map_err(|_| VaultError::SlotDamaged)?;
        let (head, sum) = page.split_at(Self::SUM_AT);
        if blake3::hash(head).as_bytes() != sum {
            return Err(VaultError::SlotDamaged);
        }
        let (header, _) = bincode::decode_from_slice::<Self, _>(head, fixed())
            .map_err(|_| VaultError::SlotDamaged)?;
        if header.magic != magic {
            return Err(VaultError::SlotDamaged);
        }
        if header.version != Self::VERSION {
            return Err(VaultError::SlotTooNew);
        }
        match header.kind {
            Self::PASSPHRASE if header.cost.is_sane() => Ok(header),
            Self::DEVICE => Ok(header),
            _ => Err(VaultError::SlotDamaged),
        }
    }
}

/// Integers of fixed length, little-endian: the layout is the same whatever the values.
fn fixed() -> impl bincode::config::Config {
    bincode::config::standard()
        .with_fixed_int_encoding()
        .with_limit::<SLOT_PAGE_BYTES>()
}

/// The roots of the key tree at one moment.
pub(super) struct Roots {
    /// Grows with every page written.
    pub(super) sequence: u64,
    /// Seals the root record, unless a crash came between the batch and the slot...
    pub(super) now: Key<Tree>,
    /// ...then this one does. It has sealed nothing before.
    pub(super) next: Key<Tree>,
}

impl Roots {
    /// `sequence u64 | now 32 | next 32`, into the first bytes of a page's text.
    fn write(&self, text: &mut [u8]) {
        let fields = [
            &self.sequence.to_le_bytes()[..],
            self.now.expose(),
            self.next.expose(),
        ];
        for (to, from) in text.iter_mut().zip(fields.into_iter().flatten()) {
            *to = *from;
        }
    }

    fn read(text: &[u8]) -> Option<Self> {
        let (sequence, rest) = text.split_first_chunk::<8>()?;
        let (now, rest) = rest.split_first_chunk::<KEY_BYTES>()?;
        let (next, _) = rest.split_first_chunk::<KEY_BYTES>()?;
        Some(Self {
            sequence: u64::from_le_bytes(*sequence),
            now: Key::fill(|bytes| bytes.copy_from_slice(now)),
            next: Key::fill(|bytes| bytes.copy_from_slice(next)),
        })
    }
}

/// An unlocked slot.
pub(super) struct Slot {
    kek: Key<Kek>,
    header: SlotPage,
}

impl Slot {
    /// A new slot behind this lock, or a file of another kind with the same head.
    pub(super) fn create(
        magic: [u8; 16],
        lock: &Lock<'_>,
        entropy: &mut Entropy,
    ) -> Result<Self, VaultError> {
        let no_cost = Cost {
            memory_kib: 0,
            passes: 0,
            lanes: 0,
        };
        let (kind, cost) = match lock {
            Lock::Passphrase { cost, .. } if !cost.is_sane() => return Err(VaultError::Cost),
            Lock::Passphrase { cost, .. } => (Header::PASSPHRASE, *cost),
            Lock::Device(_) => (Header::DEVICE, no_cost),
        };
        let salt = entropy.bytes();
        let kek = kek(lock, &cost, &salt)?;
        let header = Header {
            magic,
            version: Header::VERSION,
            kind,
            cost,
            salt,
            check: check(&kek),
        };
        let header = header.page()?;
        Ok(Self { kek, header })
    }

    /// Unlocks the slot with this header.
    pub(super) fn unlock(
        magic: [u8; 16],
        page: &[u8],
        lock: &Lock<'_>,
    ) -> Result<Self, VaultError> {
        let header = Header::read(page, magic)?;
        let wrong = match (header.kind, lock) {
            (Header::PASSPHRASE, Lock::Device(_)) => return Err(VaultError::NeedsPassphrase),
            (Header::DEVICE, Lock::Passphrase { .. }) => return Err(VaultError::NeedsDeviceKey),
            (_, Lock::Passphrase { .. }) => VaultError::WrongPassphrase,
            (_, Lock::Device(_)) => VaultError::WrongDeviceKey,
        };
        let kek = kek(lock, &header.cost, &header.salt)?;
        if check(&kek) != header.check {
            return Err(wrong);
        }
        let header = header.page()?;
        Ok(Self { kek, header })
    }

    /// The same once more, without the guess.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn same(&self) -> Self {
        Self {
            kek: Key::fill(|bytes| bytes.copy_from_slice(self.kek.expose())),
            header: self.header.clone(),
        }
    }

    /// What seals under its passphrase.
    pub(super) fn kek(&self) -> &Key<Kek> {
        &self.kek
    }

    /// The page that stands before the copies.
    pub(super) fn header(&self) -> &SlotPage {
        &self.header
    }

    /// `nonce 24 | sealed {sequence u64, now 32, next 32, zeros} | tag 16`: a page torn anywhere
    /// does not open.
    pub(super) fn seal(
        &self,
        roots: &Roots,
        entropy: &mut Entropy,
    ) -> Result<SlotPage, VaultError> {
        let mut page = SlotPage(Box::new([0; SLOT_PAGE_BYTES]));
        let nonce: [u8; NONCE_BYTES] = entropy.bytes();
        let (head, rest) = page.0.split_at_mut(NONCE_BYTES);
        let (text, end) = rest.split_at_mut(rest.len() - TAG_BYTES);
        roots.write(text);
        head.copy_from_slice(&nonce);
        let tag = seal::in_place(&self.kek, &nonce, self.header.as_bytes(), text)?;
        end.copy_from_slice(&tag);
        Ok(page)
    }

    /// The roots in a copy; `None` if it is torn, or of another slot.
    fn open(&self, page: &[u8]) -> Option<Roots> {
        let page: &[u8; SLOT_PAGE_BYTES] = page.try_into().ok()?;
        let (nonce, rest) = page.split_first_chunk::<NONCE_BYTES>()?;
        let (text, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
        let mut text = Zeroizing::new(text.to_vec());
        seal::opens_in_place(&self.kek, nonce, self.header.as_bytes(), &mut text, tag)
            .then(|| Roots::read(&text))
            .flatten()
    }

    /// The newest roots of two copies, and the order in which to write them anew. The copy that
    /// does not hold these roots comes first: the one that does is the last thing to risk.
    pub(super) fn newest(&self, copies: [&[u8]; 2]) -> Result<(Roots, [SlotCopy; 2]), VaultError> {
        let (a_first, b_first) = ([SlotCopy::A, SlotCopy::B], [SlotCopy::B, SlotCopy::A]);
        match copies.map(|page| self.open(page)) {
            [Some(a), Some(b)] if b.sequence > a.sequence => Ok((b, a_first)),
            [Some(a), _] => Ok((a, b_first)),
            [None, Some(b)] => Ok((b, a_first)),
            [None, None] => Err(VaultError::SlotDamaged),
        }
    }
}

/// What the KEK leaves in the header.
fn check(kek: &Key<Kek>) -> [u8; 32] {
    kdf::digest(label::SLOT_CHECK, &[kek.expose()])
}

/// `argon2id(passphrase, salt)`, or `D("slot device", device key || salt)`.
fn kek(lock: &Lock<'_>, cost: &Cost, salt: &[u8; 32]) -> Result<Key<Kek>, VaultError> {
    match lock {
        Lock::Device(key) => Ok(kdf::derive(label::SLOT_DEVICE, &[*key, salt])),
        Lock::Passphrase { text, .. } => stretched(text, cost, salt),
    }
}

fn stretched(text: &[u8], cost: &Cost, salt: &[u8; 32]) -> Result<Key<Kek>, VaultError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .map_err(|_| VaultError::Cost)?;
    // Our own memory rather than argon2's, so that it is erased and its lack is an answer.
    let blocks = params.block_count();
    let mut memory: Zeroizing<Vec<Block>> = Zeroizing::new(Vec::new());
    memory
        .try_reserve_exact(blocks)
        .map_err(|_| VaultError::OutOfMemory)?;
    memory.resize(blocks, Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut done = Ok(());
    let kek = Key::fill(|out| {
        done = argon2.hash_password_into_with_memory(text, salt, out, memory.as_mut_slice());
    });
    memory.zeroize();
    done.map(|()| kek).map_err(|_| VaultError::Cost)
}
