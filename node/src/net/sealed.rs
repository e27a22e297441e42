//! A byte stream made of records: what is written is sealed when it is flushed or fills a record,
//! what is read was opened whole. PROTOCOL §3 "Records".
//!
//! The first record that does not authenticate ends it, and nothing is said. Knows no frame and
//! no muxer.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use kith_proto::limits::{LINK_KEY_SECONDS, RECORD_DATA_BYTES_MAX};
use kith_proto::link::{BadRecord, RECORD_HEAD_BYTES, Records};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// A connection that carries records.
pub(super) struct Sealed<S> {
    socket: S,
    records: Box<Records>,
    incoming: Incoming,
    outgoing: Outgoing,
}

#[derive(Default)]
struct Incoming {
    /// The record that is coming in, from its head on.
    record: Vec<u8>,
    filled: usize,
    /// Opened data, and how much of it was taken.
    data: Vec<u8>,
    taken: usize,
}

struct Outgoing {
    /// Data that waits to be sealed, at most one record's.
    data: Vec<u8>,
    /// A sealed record, and how much of it was written.
    record: Vec<u8>,
    written: usize,
    key_since: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sealed<S> {
    pub(super) fn new(socket: S, records: Box<Records>) -> Self {
        Self {
            socket,
            records,
            incoming: Incoming::default(),
            outgoing: Outgoing {
                data: Vec::new(),
                record: Vec::new(),
                written: 0,
                key_since: Instant::now(),
            },
        }
    }

    /// Waits until one record has authenticated; its data waits to be read.
    pub(super) async fn first_record(&mut self) -> io::Result<()> {
        match std::future::poll_fn(|cx| self.poll_record(cx)).await? {
            true => Ok(()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Reads and opens one record; false at the end of the stream.
    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        if !ready!(self.poll_fill(cx, RECORD_HEAD_BYTES))? {
            return Poll::Ready(Ok(false));
        }
        // The head's mask depends on the nonce alone, so asking again after a pause is the same.
        let head = [self.incoming.record[0], self.incoming.record[1]];
        let rest = self.records.length(head).map_err(bad)?;
        if !ready!(self.poll_fill(cx, RECORD_HEAD_BYTES + rest))? {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        let incoming = &mut self.incoming;
        incoming.data.drain(..incoming.taken);
        incoming.taken = 0;
        let sealed = &incoming.record[RECORD_HEAD_BYTES..];
        self.records.open(sealed, &mut incoming.data).map_err(bad)?;
        incoming.record.clear();
        incoming.filled = 0;
        Poll::Ready(Ok(true))
    }

    /// Fills the incoming record up to `length`; false if the stream ended.
    fn poll_fill(&mut self, cx: &mut Context<'_>, length: usize) -> Poll<io::Result<bool>> {
        let Incoming { record, filled, .. } = &mut self.incoming;
        if record.len() < length {
            record.resize(length, 0);
        }
        while *filled < length {
            let mut rest = ReadBuf::new(&mut record[*filled..]);
            ready!(pin!(&mut self.socket).poll_read(cx, &mut rest))?;
            match rest.filled().len() {
                0 if *filled == 0 => return Poll::Ready(Ok(false)),
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                n => *filled += n,
            }
        }
        Poll::Ready(Ok(true))
    }

    /// Seals what waits and writes all there is.
    fn poll_push(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outgoing = &mut self.outgoing;
        loop {
            while outgoing.written < outgoing.record.len() {
                let rest = &outgoing.record[outgoing.written..];
                match ready!(pin!(&mut self.socket).poll_write(cx, rest))? {
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    n => outgoing.written += n,
                }
            }
            outgoing.record.clear();
            outgoing.written = 0;
            if outgoing.data.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let rekey = outgoing.key_since.elapsed() >= Duration::from_secs(LINK_KEY_SECONDS);
            let sealed = self
                .records
                .seal(&outgoing.data, rekey, &mut outgoing.record)
                .map_err(bad)?;
            outgoing.data.drain(..sealed);
            if rekey {
                outgoing.key_since = Instant::now();
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> futures::AsyncRead for Sealed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        // A record may hold no data; it is no end.
        while self.incoming.taken == self.incoming.data.len() {
            if !ready!(self.poll_record(cx))? {
                return Poll::Ready(Ok(0));
            }
        }
        let waiting = &self.incoming.data[self.incoming.taken..];
        let n = waiting.len().min(to.len());
        to[..n].copy_from_slice(&waiting[..n]);
        self.incoming.taken += n;
        Poll::Ready(Ok(n))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> futures::AsyncWrite for Sealed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.outgoing.data.len() >= RECORD_DATA_BYTES_MAX {
            ready!(self.poll_push(cx))?;
        }
        let n = from
            .len()
            .min(RECORD_DATA_BYTES_MAX - self.outgoing.data.len());
        self.outgoing.data.extend_from_slice(&from[..n]);
        Poll::Ready(Ok(n))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_push(cx))?;
        pin!(&mut self.socket).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_push(cx))?;
        pin!(&mut self.socket).poll_shutdown(cx)
    }
}

fn bad(_: BadRecord) -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use futures::{AsyncReadExt, AsyncWriteExt};
    use kith_proto::limits::{MUXER_SPLIT_BYTES, RECORD_BLOCK_BYTES};
    use kith_proto::link::testing::linked;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    /// A small pipe, so that records come and go in pieces.
    fn pair(pipe_bytes: usize) -> (Sealed<DuplexStream>, Sealed<DuplexStream>) {
        let ((i, r), (a, b)) = (linked(), duplex(pipe_bytes));
        (Sealed::new(a, Box::new(i)), Sealed::new(b, Box::new(r)))
    }

    #[tokio::test]
    async fn a_stream_comes_out_as_it_went_in() {
        let (mut a, mut b) = pair(100);
        let said: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let mut heard = Vec::new();
        let write = async {
            for part in said.chunks(999) {
                a.write_all(part).await.unwrap();
            }
            a.close().await.unwrap();
        };
        let ((), read) = futures::join!(write, b.read_to_end(&mut heard));
        read.unwrap();
        assert!(heard == said);
    }

    #[tokio::test]
    async fn an_hour_old_key_is_renewed_and_the_stream_goes_on() {
        tokio::time::pause();
        let (mut a, mut b) = pair(4096);
        let mut heard = [0; 4];
        for _ in 0..3 {
            a.write_all(b"heir").await.unwrap();
            a.flush().await.unwrap();
            b.read_exact(&mut heard).await.unwrap();
            assert_eq!(&heard, b"heir");
            tokio::time::advance(Duration::from_secs(LINK_KEY_SECONDS)).await;
        }
        assert!(a.outgoing.key_since.elapsed() < Duration::from_secs(2 * LINK_KEY_SECONDS));
    }

    #[tokio::test]
    async fn what_is_written_before_a_flush_shares_a_record() {
        let ((i, _), (a, mut wire)) = (linked(), duplex(1 << 20));
        let mut a = Sealed::new(a, Box::new(i));
        a.write_all(&[0; 12]).await.unwrap();
        a.write_all(&[1; MUXER_SPLIT_BYTES]).await.unwrap();
        a.close().await.unwrap();
        let mut all = Vec::new();
        wire.read_to_end(&mut all).await.unwrap();
        assert_eq!(all.len(), 32 * RECORD_BLOCK_BYTES);
    }

    #[tokio::test]
    async fn an_empty_record_is_no_end() {
        let ((mut i, r), (mut wire, b)) = (linked(), duplex(1 << 20));
        let (mut b, mut records) = (Sealed::new(b, Box::new(r)), Vec::new());
        for _ in 0..2 {
            i.seal(b"", false, &mut records).unwrap();
        }
        i.seal(b"later", false, &mut records).unwrap();
        wire.write_all(&records).await.unwrap();
        b.first_record().await.unwrap();
        let mut heard = [0; 5];
        b.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"later");
    }

    #[tokio::test]
    async fn a_changed_or_cut_record_ends_the_stream_with_an_error() {
        let ((mut i, _), mut record) = (linked(), Vec::new());
        i.seal(b"hello", false, &mut record).unwrap();
        let mut changed = record.clone();
        changed[300] ^= 1;
        for (wrong, kind) in [
            (&changed[..], io::ErrorKind::InvalidData),
            (&record[..511], io::ErrorKind::UnexpectedEof),
            (&record[..1], io::ErrorKind::UnexpectedEof),
        ] {
            let ((_, r), (mut wire, b)) = (linked(), duplex(1 << 20));
            let mut b = Sealed::new(b, Box::new(r));
            wire.write_all(wrong).await.unwrap();
            wire.shutdown().await.unwrap();
            assert_eq!(b.read(&mut [0; 9]).await.unwrap_err().kind(), kind);
            drop(b);
            let mut said = Vec::new();
            wire.read_to_end(&mut said).await.unwrap();
            assert_eq!(said, b"", "nothing is said about it");
        }
    }
}
