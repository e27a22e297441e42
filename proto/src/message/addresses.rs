//! Where its author can be reached from now on. PROTOCOL §4.5.

use crate::limits::{FRIEND_ADDRS_MAX, HANDLES_MAX};
use crate::wire::{Addr, Malformed, Reader, Writer};

/// A list that takes the place of all before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// The author's incarnation and the number of the list: the highest holds.
    pub number: (u16, u32),
    /// Best first, at most `FRIEND_ADDRS_MAX`.
    pub addrs: Vec<Addr>,
    /// What a friend of both is told to lead to the author; none for nothing.
    pub handle: Option<[u8; 16]>,
}

impl Addresses {
    /// `inc u16 | number u32 | n u8 | n x addr | m u8 <= 1 | m x handle 16`
    pub(super) fn encode(&self, to: &mut Writer) {
        to.u16(self.number.0);
        to.u32(self.number.1);
        let told = self.addrs.iter().filter(|addr| addr.port() != 0);
        let told: Vec<_> = told.take(FRIEND_ADDRS_MAX).collect();
        to.u8(told.len() as u8);
        for addr in told {
            // Only port 0 cannot be written.
            let _ = addr.encode(to);
        }
        to.u8(u8::from(self.handle.is_some()));
        if let Some(handle) = &self.handle {
            to.bytes(handle);
        }
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let number = (from.u16()?, from.u32()?);
        let count = usize::from(from.u8()?);
        if count > FRIEND_ADDRS_MAX {
            return Err(Malformed);
        }
        let addrs = (0..count).map(|_| Addr::decode(from));
        let addrs = addrs.collect::<Result<_, _>>()?;
        let handles = usize::from(from.u8()?);
        if handles > HANDLES_MAX {
            return Err(Malformed);
        }
        let handle = (handles > 0).then(|| from.array()).transpose()?;
        Ok(Self {
            number,
            addrs,
            handle,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Payload, decode, encode};
    use super::*;

    fn longest() -> Addresses {
        Addresses {
            number: (7, u32::MAX),
            addrs: vec![Addr::Onion([1; 32], 9); FRIEND_ADDRS_MAX],
            handle: Some([2; 16]),
        }
    }

    #[test]
    fn a_list_of_addresses_has_these_bytes_and_fits_the_smallest_bucket() {
        let list = Addresses {
            number: (2, 3),
            addrs: vec![Addr::V4([192, 0, 2, 1], 258), Addr::V6([5; 16], 1)],
            handle: Some([6; 16]),
        };
        let said = encode(&[9; 16], &Payload::Addresses(list.clone()));
        let bytes = [
            &[6][..],
            &[9; 16],
            &[2, 0, 3, 0, 0, 0, 2],
            &[4, 192, 0, 2, 1, 2, 1],
            &[6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1, 0],
            &[1],
            &[6; 16],
        ];
        assert_eq!(said[..], bytes.concat());
        assert!(matches!(decode(&said), Ok((_, Payload::Addresses(read))) if read == list));
        let longest = encode(&[0; 16], &Payload::Addresses(longest()));
        assert_eq!(crate::parcel::bucket_for(longest.len()), Some(2048));
    }

    #[test]
    fn a_list_that_is_too_long_cut_or_longer_than_it_says_is_malformed() {
        let said = encode(&[0; 16], &Payload::Addresses(longest())).to_vec();
        for length in 17..said.len() {
            assert!(decode(&said[..length]).is_err(), "cut at {length}");
        }
        assert!(decode(&[&said[..], &[0]].concat()).is_err());
        let (count, handles) = (23, said.len() - 17);
        for (at, wrong) in [(count, 9), (count, 255), (handles, 2), (handles, 255)] {
            let mut said = said.clone();
            said[at] = wrong;
            assert!(decode(&said).is_err());
        }
    }
}
