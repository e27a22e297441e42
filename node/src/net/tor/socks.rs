//! SOCKS5 as far as Tor needs it from us: one kind of call, an onion's name and its port, under a name and
//! a password that are drawn for this call alone. Four messages of fixed form; RFC 1928 and 1929.
//!
//! Tor lets calls under different names share no circuit (IsolateSOCKSAuth, on unless somebody turned it
//! off). Under one name it would bring two calls to the same onion by one: a keeper could see that whoever
//! leaves a parcel is the friend whose link comes by that circuit.

use std::io;
use std::net::SocketAddr;

use data_encoding::HEXLOWER;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::name;

/// Version 5, one way to say who calls: a name and a password.
const HELLO: [u8; 3] = [5, 1, 2];
/// The answer that takes it.
const WELCOME: [u8; 2] = [5, 2];
/// Version 1 of names and passwords.
const NAMED: u8 = 1;
/// The answer that takes them.
const LET_IN: [u8; 2] = [1, 0];
/// Length of what is drawn for a call, in bytes.
const DRAWN_BYTES: usize = 16;
/// Version 5, connect, a reserved byte, a name follows.
const CONNECT: [u8; 4] = [5, 1, 0, 3];
/// Version 5, done.
const DONE: [u8; 2] = [5, 0];

/// A connection to an onion service, through Tor's port.
pub(crate) async fn call(tor: SocketAddr, service: &[u8; 32], port: u16) -> io::Result<TcpStream> {
    let mut socket = TcpStream::connect(tor).await?;
    socket.set_nodelay(true)?;
    ask(&mut socket, service, port).await?;
    Ok(socket)
}

async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut S,
    service: &[u8; 32],
    port: u16,
) -> io::Result<()> {
    socket.write_all(&HELLO).await?;
    let mut welcome = [0; 2];
    socket.read_exact(&mut welcome).await?;
    taken(welcome == WELCOME)?;
    socket.write_all(&alone()?).await?;
    let let_in = array(socket).await?;
    taken(let_in == LET_IN)?;
    let name = name(service);
    let length = u8::try_from(name.len()).map_err(io::Error::other)?;
    let call = [
        CONNECT.as_slice(),
        &[length],
        name.as_bytes(),
        &port.to_be_bytes(),
    ];
    socket.write_all(&call.concat()).await?;
    let [version, outcome, _, kind] = array(socket).await?;
    taken([version, outcome] == DONE)?;
    // From where Tor calls, which means nothing here.
    match kind {
        1 => drop(array::<_, 6>(socket).await?),
        4 => drop(array::<_, 18>(socket).await?),
        _ => taken(false)?,
    }
    Ok(())
}

/// A name and a password that no other call has.
fn alone() -> io::Result<Vec<u8>> {
    let mut drawn = [0; DRAWN_BYTES];
    getrandom::fill(&mut drawn).map_err(io::Error::other)?;
    let drawn = HEXLOWER.encode(&drawn);
    let length = u8::try_from(drawn.len()).map_err(io::Error::other)?;
    let drawn = drawn.as_bytes();
    Ok([&[NAMED, length], drawn, &[length], drawn].concat())
}

async fn array<S: AsyncRead + Unpin, const N: usize>(socket: &mut S) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    socket.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn taken(taken: bool) -> io::Result<()> {
    taken
        .then_some(())
        .ok_or_else(|| io::ErrorKind::ConnectionRefused.into())
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    /// Asks a Tor that says these bytes; what it heard, and how it went.
    async fn asked(says: &[u8]) -> (Vec<u8>, io::Result<()>) {
        let (mut here, mut tor) = duplex(1000);
        tor.write_all(says).await.unwrap();
        tor.shutdown().await.unwrap();
        let outcome = ask(&mut here, &[7; 32], 0x1234).await;
        drop(here);
        let mut heard = Vec::new();
        tor.read_to_end(&mut heard).await.unwrap();
        (heard, outcome)
    }

    #[tokio::test]
    async fn tor_hears_the_name_and_what_follows_is_the_friends() {
        let (mut here, mut tor) = duplex(1000);
        tor.write_all(&[5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xAA])
            .await
            .unwrap();
        ask(&mut here, &[7; 32], 0x1234).await.unwrap();
        assert_eq!(here.read_u8().await.unwrap(), 0xAA, "not eaten");
        let mut heard = vec![0; 3 + 67 + 5 + 62 + 2];
        tor.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard[..5], [5, 1, 2, 1, 32]);
        let heard = &heard[3 + 67..];
        assert_eq!(heard[..5], [5, 1, 0, 3, 62]);
        assert_eq!(heard[5..67], *name(&[7; 32]).as_bytes());
        assert_eq!(heard[67..], [0x12, 0x34]);
    }

    #[tokio::test]
    async fn whatever_else_tor_says_is_a_refusal() {
        for says in [
            &b""[..],
            &[5],
            &[5, 0xFF],
            &[4, 2],
            &[5, 0],
            &[5, 2, 1],
            &[5, 2, 1, 1, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0],
            &[5, 2, 1, 0, 5, 4, 0, 1, 0, 0, 0, 0, 0, 0],
            &[5, 2, 1, 0, 5, 0xF0, 0, 1, 0, 0, 0, 0, 0, 0],
            &[5, 2, 1, 0, 5, 0, 0, 9, 0, 0],
            &[5, 2, 1, 0, 5, 0, 0, 1, 0, 0],
        ] {
            let (heard, outcome) = asked(says).await;
            assert!(outcome.is_err(), "{says:?}");
            assert!(heard.starts_with(&HELLO));
        }
    }

    /// Else Tor brings them by one circuit, and who is called sees that one calls twice.
    #[tokio::test]
    async fn no_two_calls_have_a_name_or_a_password_in_common() {
        let mut names = std::collections::BTreeSet::new();
        for _ in 0..20 {
            let (heard, outcome) = asked(&[5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await;
            outcome.unwrap();
            let (name, password) = (heard[5..37].to_vec(), heard[38..70].to_vec());
            assert_eq!((heard[4], heard[37]), (32, 32));
            assert!(name.iter().all(u8::is_ascii_hexdigit) && name == password);
            assert!(names.insert(name));
        }
    }
}
