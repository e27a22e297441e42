//! Lines on the local socket: each gets one answer, whatever it is, and the socket goes on.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use kith_node::control::{Ask, Door, No, Order, listen, serve};
use kith_proto::engine::{Answer, Body, Delivery, How, Message, Refusal, Request};
use kith_proto::limits::CONTROL_LINE_BYTES_MAX;
use tokio::sync::{broadcast, mpsc, watch};

/// One client, who says all of it and then hangs up.
pub fn control(data: &[u8]) {
    static SOCKET: OnceLock<PathBuf> = OnceLock::new();
    let socket = SOCKET.get_or_init(node);
    let mut stream = UnixStream::connect(socket).expect("the socket is there");
    let wait = Some(Duration::from_secs(20));
    stream.set_read_timeout(wait).expect("a timeout");
    let mut heard = Vec::new();
    // It may hang up before it has heard all.
    let _ = stream.write_all(&data[..data.len().min(CONTROL_LINE_BYTES_MAX)]);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    stream
        .read_to_end(&mut heard)
        .expect("it answers and hangs up");
    let heard = String::from_utf8(heard).expect("answers are text");
    for line in heard.lines() {
        assert!(
            line.starts_with("{\"") && line.contains("\"jsonrpc\":\"2.0\""),
            "no answer"
        );
        assert!(
            line.len() <= CONTROL_LINE_BYTES_MAX,
            "a line too long for the other end"
        );
    }
    let asked = data.split(|byte| *byte == b'\n');
    assert!(
        heard.lines().count() <= asked.count() + 1,
        "more answers than questions"
    );
}

/// A node's socket without a node: an engine that answers like a parrot. Gives where it listens.
fn node() -> PathBuf {
    let name = format!("kith-fuzz-{}", std::process::id());
    let path = std::env::temp_dir().join(name).join("node.sock");
    let at = path.clone();
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = listen(&at, None).expect("a socket");
            ready.send(()).expect("somebody waits");
            let (asks, asked) = mpsc::channel(4);
            let (orders, ordered) = mpsc::channel(4);
            let (_lock, locked) = watch::channel(false);
            let door = Door {
                asks,
                orders,
                events: broadcast::channel(4).0,
                locked,
                disk_used: Arc::default(),
                disk_max: 5678,
                tor: watch::channel(Default::default()).1,
                to_group: false,
            };
            tokio::join!(serve(listener, door), answer_all(asked), obey_all(ordered));
        });
    });
    is_ready.recv().expect("it listens");
    path
}

async fn answer_all(mut asked: mpsc::Receiver<Ask>) {
    while let Some(Ask { request, reply }) = asked.recv().await {
        let _ = reply.send(answer(request));
    }
}

fn answer(request: Request) -> Result<Answer, Refusal> {
    match request {
        Request::Send { .. } => Ok(Answer::Sent {
            id: 7,
            state: Delivery::Saved,
        }),
        Request::Inbox { after, max } => {
            let message = |seq| Message {
                seq,
                from: "zoé".into(),
                group: None,
                how: How::Code,
                muted: false,
                received_min: u32::MAX,
                claimed_min: 0,
                limit_min: 0,
                text: Body::Here(vec![1; 32 * 1024].into()),
            };
            let count = u64::from(max.min(20));
            let all = (after..after.saturating_add(count)).map(message);
            Ok(Answer::Inbox(all.collect()))
        }
        Request::Forge { spoken, .. } => Ok(Answer::Acknowledged {
            count: spoken.len() as u32,
        }),
        _ => Err(Refusal::NoSuchFriend {
            near: vec!["zoé".into()],
        }),
    }
}

async fn obey_all(mut ordered: mpsc::Receiver<Order>) {
    while let Some(order) = ordered.recv().await {
        match order {
            Order::Stop { reply } => drop(reply.send(())),
            Order::Wipe { reply } => drop(reply.send(vec!["slot".into()])),
            Order::Lock { reply } => drop(reply.send(Ok(()))),
            Order::Unlock { reply, .. } => drop(reply.send(Err(No::WrongPassphrase))),
            Order::Passphrase { reply, .. } => drop(reply.send(Err(No::Busy))),
            Order::Doctor { reply } => drop(reply),
            Order::FindMeetings { reply } => drop(reply.send(Ok(Vec::new()))),
        }
    }
}
