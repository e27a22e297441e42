//! A Tor that follows a script, at a socket of its own.

use std::path::PathBuf;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use super::*;

const COOKIE: [u8; 32] = [7; 32];

/// A place where a Tor can be, and the service that looks for it there.
struct Scene {
    dir: TempDir,
    listener: UnixListener,
    state: watch::Receiver<TorState>,
    found: mpsc::UnboundedReceiver<Addr>,
}

/// Tor's end of one line.
struct Tor {
    from: BufReader<tokio::net::unix::OwnedReadHalf>,
    to: tokio::net::unix::OwnedWriteHalf,
}

fn scene() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(dir.path().join("control")).unwrap();
    std::fs::write(dir.path().join("cookie"), COOKIE).unwrap();
    let (tell, state) = watch::channel(TorState::Off);
    let (finds, found) = mpsc::unbounded_channel();
    let service = Service {
        key: Said::new(vec![9; 64]),
        port: 4711,
        control: ControlPort::Socket(dir.path().join("control")),
        state: tell,
        found: finds,
    };
    tokio::spawn(service.keep());
    Scene {
        dir,
        listener,
        state,
        found,
    }
}

impl Scene {
    async fn tor(&self) -> Tor {
        let (line, _): (UnixStream, _) = self.listener.accept().await.unwrap();
        let (from, to) = line.into_split();
        let from = BufReader::new(from);
        Tor { from, to }
    }

    fn cookie(&self) -> PathBuf {
        self.dir.path().join("cookie")
    }

    async fn is(&mut self, state: TorState) {
        self.state.wait_for(|now| *now == state).await.unwrap();
    }
}

impl Tor {
    async fn hears(&mut self) -> Option<String> {
        let mut line = String::new();
        let length = self.from.read_line(&mut line).await.unwrap();
        (length > 0).then(|| line.trim_end().to_owned())
    }

    async fn expects(&mut self, command: &str) {
        assert_eq!(self.hears().await.as_deref(), Some(command));
    }

    async fn says(&mut self, lines: &str) {
        let lines = lines.replace('\n', "\r\n") + "\r\n";
        self.to.write_all(lines.as_bytes()).await.unwrap();
    }

    /// Lets everybody in.
    async fn welcomes(&mut self) {
        self.expects("PROTOCOLINFO 1").await;
        self.says("250-PROTOCOLINFO 1\n250-AUTH METHODS=NULL\n250 OK")
            .await;
        self.expects("AUTHENTICATE").await;
        self.says("250 OK").await;
    }

    async fn has_started(&mut self, percent: u8) {
        self.expects("GETINFO status/bootstrap-phase").await;
        let phase = format!("250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS={percent}");
        self.says(&format!("{phase} TAG=x\n250 OK")).await;
    }

    /// Publishes; what the service is made of.
    async fn publishes(&mut self) -> String {
        self.expects("SETEVENTS HS_DESC").await;
        self.says("250 OK").await;
        let asked = self.hears().await.unwrap();
        let name = name(&[5; 32]).replace(".onion", "");
        self.says(&format!("250-ServiceID={name}\n250 OK")).await;
        self.says(&format!("650 HS_DESC UPLOADED {name} UNKNOWN $AA hsdir"))
            .await;
        self.expects("SETEVENTS").await;
        self.says("250 OK").await;
        asked
    }
}

#[tokio::test]
async fn a_service_comes_back_with_tor_and_is_the_same() {
    let mut scene = scene();
    let mut tor = scene.tor().await;
    tor.welcomes().await;
    tor.has_started(45).await;
    scene.is(TorState::Starting { percent: 45 }).await;
    tor.has_started(100).await;
    let first = tor.publishes().await;
    assert!(first.starts_with("ADD_ONION ED25519-V3:CQkJ"));
    assert!(first.ends_with(" Port=24617,127.0.0.1:4711"), "{first}");
    let addr = Addr::Onion([5; 32], ONION_PORT);
    assert_eq!(scene.found.recv().await, Some(addr));
    scene.is(TorState::Published).await;
    drop(tor);
    scene.is(TorState::Missing).await;
    let mut tor = scene.tor().await;
    tor.welcomes().await;
    tor.has_started(100).await;
    assert_eq!(tor.publishes().await, first);
    scene.is(TorState::Published).await;
}

#[tokio::test]
async fn an_address_that_tor_still_publishes_for_our_last_line_is_asked_for_again() {
    let mut scene = scene();
    let mut tor = scene.tor().await;
    tor.welcomes().await;
    tor.has_started(100).await;
    tor.expects("SETEVENTS HS_DESC").await;
    tor.says("250 OK").await;
    tor.hears().await.unwrap();
    tor.says("550 Onion address collision").await;
    scene.is(TorState::Taken).await;
    let mut tor = scene.tor().await;
    tor.welcomes().await;
    tor.has_started(100).await;
    tor.publishes().await;
    scene.is(TorState::Published).await;
}

#[tokio::test]
async fn the_line_ends_with_the_node_and_the_service_with_the_line() {
    let mut scene = scene();
    let mut tor = scene.tor().await;
    tor.welcomes().await;
    tor.has_started(100).await;
    tor.publishes().await;
    scene.is(TorState::Published).await;
    scene.found.close();
    assert_eq!(tor.hears().await, None);
    scene.is(TorState::Off).await;
}

#[tokio::test]
async fn who_does_not_know_the_cookie_is_shown_nothing() {
    let mut scene = scene();
    let mut tor = scene.tor().await;
    let file = scene.cookie().display().to_string();
    tor.expects("PROTOCOLINFO 1").await;
    let auth = format!("250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE=\"{file}\"");
    tor.says(&format!("250-PROTOCOLINFO 1\n{auth}\n250 OK"))
        .await;
    let asked = tor.hears().await.unwrap();
    assert!(asked.starts_with("AUTHCHALLENGE SAFECOOKIE "));
    let guess = "AB".repeat(32);
    tor.says(&format!(
        "250 AUTHCHALLENGE SERVERHASH={guess} SERVERNONCE={guess}"
    ))
    .await;
    assert_eq!(tor.hears().await, None, "not a word more");
    scene.is(TorState::Refused).await;
}

#[tokio::test]
async fn what_stands_in_the_way_has_a_name() {
    let proto = |auth: &str| format!("250-PROTOCOLINFO 1\n250-AUTH METHODS={auth}\n250 OK");
    let nowhere = r#"SAFECOOKIE COOKIEFILE="/nowhere""#;
    for (says, state) in [
        (proto("HASHEDPASSWORD"), TorState::Refused),
        (proto(nowhere), TorState::CookieUnreadable),
        ("SSH-2.0-OpenSSH_9.2".to_owned(), TorState::Strange),
        ("250-".repeat(2000), TorState::Strange),
        ("250-x\n".repeat(100), TorState::Strange),
        ("514 Authentication required.".to_owned(), TorState::Refused),
    ] {
        let mut scene = scene();
        let mut tor = scene.tor().await;
        tor.expects("PROTOCOLINFO 1").await;
        tor.says(&says).await;
        scene.is(state).await;
    }
}
