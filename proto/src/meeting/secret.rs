//! The secret of a room: eight words on a board, or none. PROTOCOL §2c.

use crate::kdf::Entropy;
use crate::limits::MEETING_SECRET_WORDS;
use crate::secret::{Key, Room};
use crate::words::{BITS_PER_WORD, Language, numbers, words};

/// 88 bits.
const BYTES: usize = MEETING_SECRET_WORDS * BITS_PER_WORD / 8;

/// What those in a room share, as 32 bytes: the bits of the words, then zeros; all zeros for none.
pub(crate) struct RoomWords {
    key: Key<Room>,
    language: Language,
}

impl RoomWords {
    /// A room without a secret.
    pub(crate) fn none() -> Self {
        let (key, language) = (Key::fill(|_| ()), Language::French);
        Self { key, language }
    }

    /// Eight words nobody has guessed.
    pub(crate) fn draw(language: Language, entropy: &mut Entropy) -> Self {
        let key = Key::fill(|bytes| {
            let (drawn, _) = bytes.split_at_mut(BYTES);
            entropy.fill(drawn);
        });
        Self { key, language }
    }

    /// Eight words as they were typed; nothing if they are not eight of one list.
    pub(crate) fn typed(typed: &str) -> Option<Self> {
        let languages = [Language::French, Language::English];
        languages.into_iter().find_map(|language| {
            let numbers = numbers(typed, MEETING_SECRET_WORDS, language)?;
            let mut bit = 0;
            let key = Key::fill(|bytes| {
                for number in &numbers {
                    for place in (0..BITS_PER_WORD).rev() {
                        if let Some(byte) = bytes.get_mut(bit / 8) {
                            *byte |= ((number >> place & 1) as u8) << (7 - bit % 8);
                        }
                        bit += 1;
                    }
                }
            });
            Some(Self { key, language })
        })
    }

    pub(crate) fn key(&self) -> &Key<Room> {
        &self.key
    }

    /// Once more, for the guest.
    pub(crate) fn copy(&self) -> Key<Room> {
        Key::fill(|bytes| bytes.copy_from_slice(self.key.expose()))
    }

    /// Whether there is one.
    pub(crate) fn is_some(&self) -> bool {
        self.key.expose().iter().any(|byte| *byte != 0)
    }

    /// The words, for the board.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        let bytes = &self.key.expose()[..BYTES];
        words(bytes, MEETING_SECRET_WORDS, self.language)
    }
}
