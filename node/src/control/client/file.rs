//! What is asked about files.

use data_encoding::BASE64;
use kith_proto::limits::FILE_CHUNK_BYTES;
use kith_proto::secret::Said;

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// Offers a file to a friend; its pieces are to follow.
    ///
    /// # Errors
    /// [`CallError`]; `EmptyFile`, `FileTooLong`, `TooManyFiles`, `NoRoomForFile`, `DiskFull`.
    pub fn offer_file(
        &mut self,
        to: &str,
        name: &str,
        bytes: u64,
    ) -> Result<shape::File, CallError> {
        let (to, name) = (to.to_owned(), name.to_owned());
        self.call("file.offer", params::OfferFile { to, name, bytes })
    }

    /// Hands in the next piece of it; with the last one the friend hears of it.
    ///
    /// # Errors
    /// [`CallError`]; `NoSuchFile`, `DiskFull`.
    pub fn fill_file(
        &mut self,
        id: u32,
        index: u32,
        piece: &[u8],
    ) -> Result<shape::File, CallError> {
        let data = BASE64.encode(piece);
        self.call("file.fill", params::FillFile { id, index, data })
    }

    /// Files under way, and those that are here.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn files(&mut self) -> Result<shape::Files, CallError> {
        self.call("file.list", params::Nothing {})
    }

    /// Wants a file that a friend offers.
    ///
    /// # Errors
    /// [`CallError`]; `NoSuchFile`, `NoRoomForFile`, `DiskFull`, `Blocked`.
    pub fn take_file(&mut self, id: u32) -> Result<shape::File, CallError> {
        self.call("file.take", params::Decline { id })
    }

    /// Does not want it, or not any more, or has read all of it: it is erased.
    ///
    /// # Errors
    /// [`CallError`]; `NoSuchFile`.
    pub fn drop_file(&mut self, id: u32) -> Result<(), CallError> {
        self.call("file.rm", params::Decline { id })
            .map(|params::Nothing {}| ())
    }

    /// Reads a piece of a file that is here whole.
    ///
    /// # Errors
    /// [`CallError`]; `NoSuchFile`.
    pub fn read_file(&mut self, id: u32, index: u32) -> Result<Said, CallError> {
        let shape::FilePiece { data } = self.call("file.read", params::ReadFile { id, index })?;
        let piece = BASE64.decode(data.as_bytes()).ok();
        let piece = piece.filter(|piece| (1..=FILE_CHUNK_BYTES).contains(&piece.len()));
        piece.map(Said::new).ok_or(CallError::Garbled)
    }
}
