//! What passes between two friends about a file: what is offered, a piece of it, and what becomes of it.
//! Nothing here is trusted: whether a size can be, and a name is one, is asked by who takes it.
//! PROTOCOL §4.5 "Files".

use crate::limits::{FILE_CHUNK_BYTES, FILE_NAME_BYTES_MAX};
use crate::secret::Said;
use crate::wire::{Malformed, Reader, Writer};

/// Names a file to both: 16 random bytes, drawn by who offers it.
pub(crate) type FileId = [u8; 16];

/// What stands before the bytes of a piece, in bytes.
pub(crate) const CHUNK_HEAD_BYTES: usize = 37;

/// Would you like to have a file?
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FileHead {
    pub id: FileId,
    /// In bytes.
    pub size: u64,
    /// BLAKE3 of all of it.
    pub hash: [u8; 32],
    /// What its author calls it.
    pub name: String,
}

/// A piece of one that was taken.
#[derive(Clone)]
pub(crate) struct FileChunk {
    pub id: FileId,
    /// Its place, 0 for the first.
    pub index: u32,
    /// 1 to [`FILE_CHUNK_BYTES`].
    pub bytes: Said,
}

/// What becomes of one: no, send it from this piece on, I have all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum FileWord {
    /// Not, or not any more: either side says so.
    No,
    /// From this piece on.
    Go(u32),
    /// It is here, and it is what was offered.
    Whole,
}

impl FileHead {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.id);
        to.u64(self.size);
        to.bytes(&self.hash);
        to.bytes(self.name.as_bytes());
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (id, size, hash) = (from.array()?, from.u64()?, from.array()?);
        let name = from.rest();
        if name.len() > FILE_NAME_BYTES_MAX {
            return Err(Malformed);
        }
        let name = String::from_utf8(name.to_vec()).map_err(|_| Malformed)?;
        Ok(Self {
            id,
            size,
            hash,
            name,
        })
    }
}

impl FileChunk {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.id);
        to.u32(self.index);
        to.bytes(&self.bytes);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (id, index) = (from.array()?, from.u32()?);
        let bytes = from.rest();
        if bytes.is_empty() || bytes.len() > FILE_CHUNK_BYTES {
            return Err(Malformed);
        }
        let bytes = Said::new(bytes.to_vec());
        Ok(Self { id, index, bytes })
    }
}

impl FileWord {
    pub(super) fn encode(self, id: &FileId, to: &mut Writer) {
        let (word, from) = match self {
            Self::No => (0, 0),
            Self::Go(from) => (1, from),
            Self::Whole => (2, 0),
        };
        to.bytes(id);
        to.u8(word);
        to.u32(from);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<(FileId, Self), Malformed> {
        let (id, word, piece) = (from.array()?, from.u8()?, from.u32()?);
        let word = match (word, piece) {
            (0, 0) => Self::No,
            (1, from) => Self::Go(from),
            (2, 0) => Self::Whole,
            _ => return Err(Malformed),
        };
        Ok((id, word))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Payload, decode, encode};
    use super::*;
    use crate::parcel::bucket_for;

    fn head(name: usize) -> Payload {
        Payload::FileHead(FileHead {
            id: [1; 16],
            size: 0x0102_0304_0506_0708,
            hash: [2; 32],
            name: "n".repeat(name),
        })
    }

    fn chunk(bytes: usize) -> Payload {
        Payload::FileChunk(FileChunk {
            id: [1; 16],
            index: 0x0A0B_0C0D,
            bytes: Said::new(vec![7; bytes]),
        })
    }

    #[test]
    fn the_three_layouts_are_these_bytes() {
        let bytes = encode(&[9; 16], &head(2));
        let expected = [
            &[4][..],
            &[9; 16],
            &[1; 16],
            &[8, 7, 6, 5, 4, 3, 2, 1],
            &[2; 32],
            b"nn",
        ];
        assert_eq!(bytes.to_vec(), expected.concat());
        let bytes = encode(&[9; 16], &chunk(2));
        let expected = [
            &[5][..],
            &[9; 16],
            &[1; 16],
            &[0x0D, 0x0C, 0x0B, 0x0A],
            &[7, 7],
        ];
        assert_eq!(bytes.to_vec(), expected.concat());
        for (word, said) in [
            (FileWord::No, [0, 0, 0, 0, 0]),
            (FileWord::Go(258), [1, 2, 1, 0, 0]),
            (FileWord::Whole, [2, 0, 0, 0, 0]),
        ] {
            let bytes = encode(&[9; 16], &Payload::FileWord([1; 16], word));
            let expected = [&[11][..], &[9; 16], &[1; 16], &said];
            assert_eq!(bytes.to_vec(), expected.concat());
            let Ok((_, Payload::FileWord(id, read))) = decode(&bytes) else {
                panic!("not read back")
            };
            assert!(id == [1; 16] && read == word);
        }
    }

    #[test]
    fn words_take_the_smallest_parcel_and_a_piece_the_largest_whole() {
        let bytes = |payload| encode(&[0; 16], &payload).len();
        assert_eq!(bucket_for(bytes(head(FILE_NAME_BYTES_MAX))), Some(2048));
        let word = Payload::FileWord([1; 16], FileWord::Go(1));
        assert_eq!(bucket_for(bytes(word)), Some(2048));
        assert_eq!(bytes(chunk(FILE_CHUNK_BYTES)), CHUNK_HEAD_BYTES + 63_488);
        assert_eq!(bucket_for(bytes(chunk(FILE_CHUNK_BYTES))), Some(65536));
    }

    #[test]
    fn nothing_is_longer_than_its_bound_and_no_word_has_a_stray_number() {
        let reads = |payload: Payload| decode(&encode(&[0; 16], &payload)).is_ok();
        assert!(reads(head(FILE_NAME_BYTES_MAX)) && reads(head(0)));
        assert!(!reads(head(FILE_NAME_BYTES_MAX + 1)));
        assert!(reads(chunk(1)) && reads(chunk(FILE_CHUNK_BYTES)));
        assert!(!reads(chunk(0)) && !reads(chunk(FILE_CHUNK_BYTES + 1)));
        let mut no = encode(&[0; 16], &Payload::FileWord([1; 16], FileWord::No)).to_vec();
        no[34] = 1;
        assert!(decode(&no).is_err());
        (no[34], no[33]) = (0, 3);
        assert!(decode(&no).is_err(), "a word of no version");
        no[33] = 2;
        assert!(decode(&no).is_ok());
        no.push(0);
        assert!(decode(&no).is_err(), "a byte too many");
    }
}
