//! What is asked about bundles that are carried by hand.

use data_encoding::BASE64;
use kith_proto::secret::Said;

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// What waits for these friends, or for all, to be carried, with acknowledgements or without, in a
    /// bundle of which so many bytes are gathered.
    ///
    /// # Errors
    /// [`CallError`]; `NoSuchFriend`, `Blocked`.
    pub fn carry_out(
        &mut self,
        to: &[String],
        acks: bool,
        gathered: u32,
    ) -> Result<shape::Bundle, CallError> {
        let to = to.to_vec();
        let wanted = params::CarryOut { to, acks, gathered };
        self.call("carry.out", wanted)
    }

    /// Lets parcels go that say nothing, or no more; says how it is.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn cover(&mut self, on: Option<bool>) -> Result<shape::Cover, CallError> {
        self.call("veille", params::Cover { on })
    }

    /// One parcel of it; empty if it has arrived by another road.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn read_bundled(&mut self, id: u64) -> Result<Said, CallError> {
        let shape::FilePiece { data } = self.call("carry.read", params::ReadBundled { id })?;
        let parcel = BASE64.decode(data.as_bytes());
        parcel.map(Said::new).map_err(|_| CallError::Garbled)
    }

    /// Gives the node a part of a bundle that somebody brought.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn carry_in(&mut self, part: &[u8], last: bool) -> Result<shape::Carried, CallError> {
        let data = BASE64.encode(part);
        self.call("carry.in", params::CarryIn { data, last })
    }
}
