//! A fuzzer's bytes read as a script: an order, its operands, the next order. Whatever is missing at
//! the end is zero.

/// What is left of the script.
pub(crate) struct Script<'a>(pub(crate) &'a [u8]);

impl<'a> Script<'a> {
    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn u8(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    pub(crate) fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let (taken, rest) = self.0.split_at(N.min(self.0.len()));
        array[..taken.len()].copy_from_slice(taken);
        self.0 = rest;
        array
    }

    /// Bytes behind their length as u8.
    pub(crate) fn short(&mut self) -> &'a [u8] {
        let length = self.u8();
        self.take(length.into())
    }

    /// Bytes behind their length as u16.
    pub(crate) fn long(&mut self) -> &'a [u8] {
        let length = self.u16();
        self.take(length.into())
    }

    /// One of so many, if there are any.
    pub(crate) fn index(&mut self, of: usize) -> Option<usize> {
        let drawn = usize::from(self.u16());
        (of > 0).then(|| drawn % of)
    }

    /// Damages bytes: turns bits over, cuts, adds, doubles, overwrites.
    pub(crate) fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.index(bytes.len() + 1).unwrap_or(0);
        match self.u8() % 6 {
            0 => {
                let by = self.u8();
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= by);
            }
            1 => bytes.truncate(at),
            2 => {
                let new = self.short();
                bytes.splice(at..at, new.iter().copied());
            }
            3 => {
                let new = self.short();
                let end = bytes.len().min(at + new.len());
                bytes.splice(at..end, new.iter().copied());
            }
            4 => {
                let length = usize::from(self.u8()).min(bytes.len() - at);
                bytes.drain(at..at + length);
            }
            _ => {
                let by = self.u8();
                bytes.iter_mut().skip(at).for_each(|byte| *byte = by);
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }
}
