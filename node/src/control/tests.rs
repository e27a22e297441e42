//! The socket against an engine that answers like a parrot.

use super::client::{CallError, Client};
use super::socket::{find_group, group_name, is_let_in};
use super::*;
use kith_proto::engine::{Body, Delivery, How, Message, Status};
use kith_proto::limits::{CONTROL_CLIENTS_MAX, CONTROL_LINE_BYTES_MAX};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

struct Node {
    events: broadcast::Sender<Event>,
    lock: watch::Sender<bool>,
    path: PathBuf,
    _home: tempfile::TempDir,
}

fn answer(request: Request) -> Result<Answer, Refusal> {
    match request {
        Request::Status => Ok(Answer::Status(Status {
            online: 2,
            offline: 1,
            pending: 0,
            outbox: 3,
            unread: 4,
            history: 5,
            keep_min: 10_080,
            full: false,
            to_check: 0,
            waiting: 0,
            addresses: 1,
        })),
        Request::Send { to, .. } if to == "zoé" => Ok(Answer::Sent {
            id: 7,
            state: Delivery::Saved,
        }),
        Request::Inbox { after, max } => Ok(Answer::Inbox(
            (after + 1..=60)
                .take(max as usize)
                .map(|seq| Message {
                    seq,
                    from: "zoé".into(),
                    group: None,
                    how: How::Code,
                    muted: false,
                    received_min: 27_000_000,
                    claimed_min: 0,
                    limit_min: 0,
                    text: Body::Here(vec![1; 32 * 1024].into()),
                })
                .collect(),
        )),
        _ => Err(Refusal::NoSuchFriend {
            near: vec!["zoé".into()],
        }),
    }
}

fn start() -> Node {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("run/node.sock");
    let listener = listen(&path, None).unwrap();
    let (asks, mut asked) = mpsc::channel::<Ask>(4);
    let (orders, mut ordered) = mpsc::channel(4);
    let (events, _) = broadcast::channel(4);
    let (lock, locked) = watch::channel(false);
    let door = Door {
        asks,
        locked,
        orders,
        events: events.clone(),
        disk_used: Arc::new(AtomicU64::new(1234)),
        tor: tokio::sync::watch::channel(shape::TorState::Off).1,
        to_group: false,
        disk_max: 5678,
    };
    tokio::spawn(serve(listener, door));
    tokio::spawn(async move {
        while let Some(Ask { request, reply }) = asked.recv().await {
            let _ = reply.send(answer(request));
        }
    });
    tokio::spawn(async move {
        while let Some(order) = ordered.recv().await {
            match order {
                Order::Stop { reply } => drop(reply.send(())),
                Order::Wipe { reply } => drop(reply.send(vec!["data/slot.0".into()])),
                Order::Lock { reply } => drop(reply.send(Err(No::NoPassphrase))),
                Order::Unlock { passphrase, reply } => {
                    let right = &passphrase[..] == b"un deux trois";
                    let outcome = if right {
                        Ok(())
                    } else {
                        Err(No::WrongPassphrase)
                    };
                    let _ = reply.send(outcome);
                }
                Order::Passphrase { reply, .. } => drop(reply.send(Err(No::Busy))),
                Order::Doctor { reply } => drop(reply),
                Order::FindMeetings { reply } => drop(reply.send(Ok(Vec::new()))),
            }
        }
    });
    Node {
        events,
        lock,
        path,
        _home: home,
    }
}

struct Raw(BufReader<OwnedReadHalf>, OwnedWriteHalf);

impl Raw {
    async fn connect(node: &Node) -> Self {
        let (read, write) = UnixStream::connect(&node.path).await.unwrap().into_split();
        Self(BufReader::new(read), write)
    }

    /// The next line; empty when the connection is over.
    async fn hear(&mut self) -> String {
        let mut line = String::new();
        let _ = self.0.read_line(&mut line).await;
        line.trim_end().to_owned()
    }

    async fn say(&mut self, line: &str) -> String {
        self.1.write_all(line.as_bytes()).await.unwrap();
        self.1.write_all(b"\n").await.unwrap();
        self.hear().await
    }
}

const STATUS: &str = r#"{"jsonrpc":"2.0","id":1,"method":"status"}"#;

/// Runs a blocking client beside the server.
async fn beside<T: Send + 'static>(
    node: &Node,
    with: impl FnOnce(Client) -> T + Send + 'static,
) -> T {
    let path = node.path.clone();
    let client = move || with(Client::connect(&path).unwrap());
    tokio::task::spawn_blocking(client).await.unwrap()
}

#[tokio::test]
async fn only_its_owner_can_open_the_socket() {
    let node = start();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&node.path), 0o600);
    assert_eq!(mode(node.path.parent().unwrap()), 0o700);
}

#[test]
fn another_user_is_nobody_even_root() {
    assert!(is_let_in(1000, 1000, false));
    assert!(!is_let_in(1001, 1000, false));
    for to_group in [false, true] {
        assert!(!is_let_in(0, 1000, to_group));
    }
    // The kernel has asked whether they are in it.
    assert!(is_let_in(1001, 1000, true));
}

#[tokio::test]
async fn a_socket_for_a_group_is_closed_to_all_others() {
    let home = tempfile::tempdir().unwrap();
    let own = rustix::process::getegid().as_raw();
    let group = find_group(&format!("root:x:7:\nours:x:{own}:zoe,bob\n"), "ours");
    assert!(group.is_some() && find_group("ours:x:1:", "our").is_none());
    let named = |number| group_name("root:x:7:\nbroken\nours:x:12:zoe\n", number);
    assert_eq!(named(12).as_deref(), Some("ours"));
    assert_eq!(named(1), None);
    let path = home.path().join("run/node.sock");
    let _listener = listen(&path, group).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&path), 0o660);
    assert_eq!(mode(path.parent().unwrap()), 0o750);
}

#[tokio::test]
async fn the_socket_of_a_killed_node_is_replaced_and_nothing_else_is() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("node.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(listen(&path, None).is_ok());
    let file = home.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    assert!(listen(&file, None).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
}

#[tokio::test]
async fn a_home_may_lie_deep() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("x".repeat(200)).join("node.sock");
    let _listener = listen(&path, None).unwrap();
    assert!(path.exists());
    assert!(Client::connect(&path).is_ok());
}

#[tokio::test]
async fn two_clients_at_once_get_each_their_answer() {
    let node = start();
    let (mut one, mut two) = (Raw::connect(&node).await, Raw::connect(&node).await);
    let status = r#"{"jsonrpc":"2.0","id":1,"result":{"v":1,"state":"up","locked":false,"friends":{"online":2,"offline":1},"pending":0,"outbox":3,"unread":4,"history":5,"keep_min":10080,"full":false,"to_check":0,"waiting":0,"addresses":1,"disk":{"used":1234,"max":5678},"tor":{"state":"off"}}}"#;
    assert_eq!(one.say(STATUS).await, status);
    let send = r#"{"jsonrpc":"2.0","id":"a","method":"send","params":{"to":"zoé","text":"hi"}}"#;
    let sent = r#"{"jsonrpc":"2.0","id":"a","result":{"v":1,"id":7,"state":"saved"}}"#;
    assert_eq!(two.say(send).await, sent);
    assert_eq!(one.say(STATUS).await, status);
}

#[tokio::test]
async fn what_is_not_json_is_answered_and_the_connection_survives() {
    let node = start();
    let mut client = Raw::connect(&node).await;
    for (line, code) in [
        ("{", "-32700"),
        ("[]", "-32600"),
        ("7", "-32600"),
        (r#"{"jsonrpc":"2.0","method":"status"}"#, "-32600"),
        (r#"{"jsonrpc":"2.0","id":null,"method":"status"}"#, "-32600"),
        (r#"{"jsonrpc":"1.0","id":1,"method":"status"}"#, "-32600"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"sudo"}"#, "-32601"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"send"}"#, "-32602"),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"status","params":{"of":1}}"#,
            "-32602",
        ),
    ] {
        let reply = client.say(line).await;
        assert!(reply.contains(code), "{line} -> {reply}");
    }
    assert!(client.say(STATUS).await.contains("\"up\""));
}

#[tokio::test]
async fn a_line_without_end_is_refused() {
    let node = start();
    let mut client = Raw::connect(&node).await;
    let reply = client.say(&"x".repeat(CONTROL_LINE_BYTES_MAX + 1)).await;
    assert!(reply.contains("-32700"), "{reply}");
    assert_eq!(client.hear().await, "", "the connection is over");
}

#[tokio::test]
async fn a_refusal_says_why_to_a_program() {
    let node = start();
    let refused = beside(&node, |mut client| client.contact("zoe")).await;
    let near = vec!["zoé".to_owned()];
    let no = shape::Refusal::NoSuchFriend { near };
    assert_eq!(refused, Err(CallError::Refused(no)));
}

#[tokio::test]
async fn a_full_inbox_comes_in_lines_that_fit() {
    let node = start();
    let seen = beside(&node, |mut client| {
        let mut seen = Vec::new();
        loop {
            let after = seen.last().copied().unwrap_or(0);
            let page = client.inbox(after, u32::MAX).unwrap().messages;
            if page.is_empty() {
                return seen;
            }
            assert_eq!(page[0].text.len(), 32 * 1024);
            assert_eq!(page[0].received, "2021-05-03T00:00:00Z");
            seen.extend(page.iter().map(|message| message.seq));
        }
    })
    .await;
    assert_eq!(seen, (1..=60).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_subscriber_hears_what_happens_after() {
    let node = start();
    let mut events = beside(&node, |client| client.subscribe().unwrap()).await;
    let to = "zoé".to_owned();
    node.events.send(Event::Delivered { id: 7, to }).unwrap();
    let petname = "zoé".to_owned();
    node.events.send(Event::Online { petname }).unwrap();
    let (first, second) = tokio::task::spawn_blocking(move || {
        let first = events.next(None).unwrap();
        (first, events.next(None).unwrap())
    })
    .await
    .unwrap();
    let to = "zoé".to_owned();
    assert_eq!(first, Some(shape::Event::Delivered { id: 7, to }));
    let petname = "zoé".to_owned();
    assert_eq!(second, Some(shape::Event::Online { petname }));
}

#[tokio::test]
async fn an_event_is_a_notification_with_its_version() {
    let node = start();
    let mut client = Raw::connect(&node).await;
    let ready = client.say(r#"{"jsonrpc":"2.0","id":1,"method":"subscribe"}"#);
    assert_eq!(ready.await, r#"{"jsonrpc":"2.0","id":1,"result":{"v":1}}"#);
    let from = "zoé".to_owned();
    node.events
        .send(Event::Message {
            seq: 9,
            from,
            group: None,
        })
        .unwrap();
    assert_eq!(
        client.hear().await,
        r#"{"jsonrpc":"2.0","method":"event","params":{"v":1,"type":"message","seq":9,"from":"zoé"}}"#
    );
}

#[tokio::test]
async fn a_subscriber_that_does_not_read_is_dropped() {
    let node = start();
    let mut client = Raw::connect(&node).await;
    client
        .say(r#"{"jsonrpc":"2.0","id":1,"method":"subscribe"}"#)
        .await;
    // On one thread nothing is forwarded between these: the fifth overtakes the ring of four.
    for id in 0..5 {
        let to = "zoé".to_owned();
        node.events.send(Event::Delivered { id, to }).unwrap();
    }
    assert_eq!(client.hear().await, "", "the connection is over");
}

#[tokio::test]
async fn no_more_clients_than_the_bound() {
    let node = start();
    let mut clients = Vec::new();
    for _ in 0..CONTROL_CLIENTS_MAX {
        let mut client = Raw::connect(&node).await;
        assert!(client.say(STATUS).await.contains("\"up\""));
        clients.push(client);
    }
    let mut late = Raw::connect(&node).await;
    assert_eq!(late.hear().await, "");
    clients.pop();
    // The place is free once the server has seen the end of the other one.
    loop {
        let mut next = Raw::connect(&node).await;
        let _ = next.1.write_all(format!("{STATUS}\n").as_bytes()).await;
        if next.hear().await.contains("\"up\"") {
            return;
        }
    }
}

#[tokio::test]
async fn stop_and_wipe_reach_the_run_loop() {
    let node = start();
    let wiped = beside(&node, |mut client| client.wipe().unwrap()).await;
    assert_eq!(wiped.remains, ["data/slot.0"]);
    assert_eq!(beside(&node, |mut client| client.stop()).await, Ok(()));
}

#[tokio::test]
async fn without_a_node_the_client_says_so() {
    let home = tempfile::tempdir().unwrap();
    let nobody = Client::connect(&home.path().join("node.sock"));
    assert!(matches!(nobody, Err(CallError::Down)));
}

#[tokio::test]
async fn a_locked_node_answers_no_question_of_the_engine_and_says_why() {
    let node = start();
    node.lock.send_replace(true);
    let asked = beside(&node, |mut client| {
        assert!(client.hello().is_ok());
        (client.contacts().map(drop), client.inbox(0, 1).map(drop))
    });
    assert_eq!(
        asked.await,
        (Err(CallError::Locked), Err(CallError::Locked))
    );
    let mut client = Raw::connect(&node).await;
    let status = r#"{"jsonrpc":"2.0","id":1,"result":{"v":1,"state":"up","locked":true,"disk":{"used":1234,"max":5678},"tor":{"state":"off"}}}"#;
    assert_eq!(client.say(STATUS).await, status);
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"contact.list"}"#;
    assert!(client.say(list).await.contains("-32002"));
    node.lock.send_replace(false);
    assert!(client.say(STATUS).await.contains("friends"));
}

#[tokio::test]
async fn the_status_of_a_locked_node_holds_no_number_that_is_not_known() {
    let node = start();
    let open = beside(&node, |mut client| client.status().unwrap()).await;
    assert_eq!(open.open.unwrap().friends.online, 2);
    node.lock.send_replace(true);
    let locked = beside(&node, |mut client| client.status().unwrap()).await;
    assert_eq!((locked.locked, locked.open), (true, None));
}

#[tokio::test]
async fn orders_about_the_lock_reach_the_run_loop_and_its_reasons_come_back() {
    let node = start();
    let refused = |reason| Err(CallError::Refused(reason));
    let (lock, wrong, right, change) = beside(&node, |mut client| {
        let change = |new: String| params::Passphrase {
            old: None,
            new,
            cheap: false,
        };
        (
            client.lock(),
            client.unlock("un deux"),
            client.unlock("un deux trois"),
            [
                change("x".into()),
                change(String::new()),
                change("x".repeat(4097)),
            ]
            .map(|change| client.passphrase(&change)),
        )
    })
    .await;
    assert_eq!(lock, refused(shape::Refusal::NoPassphrase));
    assert_eq!(wrong, refused(shape::Refusal::WrongPassphrase));
    assert_eq!(right, Ok(()));
    let bad = || refused(shape::Refusal::BadPassphrase);
    assert_eq!(change, [refused(shape::Refusal::Busy), bad(), bad()]);
}

#[tokio::test]
async fn a_subscriber_stays_while_the_node_is_locked() {
    let node = start();
    let mut client = Raw::connect(&node).await;
    let subscribe = r#"{"jsonrpc":"2.0","id":1,"method":"subscribe"}"#;
    client.say(subscribe).await;
    let event = |which| {
        format!(r#"{{"jsonrpc":"2.0","method":"event","params":{{"v":1,"type":{which}}}}}"#)
    };
    node.lock.send_replace(true);
    assert_eq!(client.hear().await, event(r#""locked""#));
    node.lock.send_replace(false);
    assert_eq!(client.hear().await, event(r#""unlocked""#));
    let petname = "zoé".to_owned();
    node.events.send(Event::Online { petname }).unwrap();
    assert_eq!(client.hear().await, event(r#""online","petname":"zoé""#));
}

#[tokio::test]
async fn what_follows_a_line_in_the_same_breath_is_kept() {
    let node = start();
    let mut client = Raw::connect(&node).await;
    let long = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#,
        "x".repeat(9000)
    );
    let first = client.say(&format!("{long}\n{STATUS}\n{STATUS}")).await;
    assert!(first.contains("-32601"));
    assert!(client.hear().await.contains("\"up\""));
    assert!(client.hear().await.contains("\"up\""));
}
