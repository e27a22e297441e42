//! Two nodes at work and the clock beside them.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use kith_node::control::client::Events;
use kith_node::control::{params, shape};
use rustix::process::{Pid, Signal, kill_process};

use super::home::{Home, PATIENCE};
use super::running::Node;

/// Round trips that are timed one by one.
const ONE_BY_ONE: usize = 1000;
/// Messages under way at once.
pub(crate) const UNDER_WAY: &[usize] = &[64, 128, 256, 512];
/// Connections that type at once: the node takes 32 clients.
const TYPISTS: usize = 16;
/// A short line, as people write them.
const LINE: &str = "on se retrouve devant la gare à dix-huit heures";

/// Prints every figure; each burst lasts so many seconds.
pub(crate) fn measure(seconds: u64, widths: &[usize]) {
    let [anne, zoe] = [Home::new(), Home::new()];
    let nodes = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.sees(1);
    zoe.sees(1);

    let before = fdatasync(&anne);
    println!("bare fdatasync, 4 KiB in place    {before}");
    let (trips, spent) = spending(&nodes, || one_by_one(&anne, &zoe));
    let after = fdatasync(&anne);
    println!("and once more afterwards          {after}");
    let disk = before.half.min(after.half);
    let ratio = |time: Duration| time.as_secs_f64() / disk.as_secs_f64();
    println!(
        "one at a time                     {trips}\n\
         in fdatasyncs of this disk        p50 {:.1}, p99 {:.1}\n\
         for each                          {}",
        ratio(trips.half),
        ratio(trips.most),
        spent.each(ONE_BY_ONE as u64),
    );
    bursts(&anne, &zoe, &nodes, disk, seconds, widths);
    println!("and when neither keeps what was read:");
    for (home, name) in [(&anne, "zoé"), (&zoe, "anne")] {
        home.client().keep(name, Some(0)).unwrap();
    }
    bursts(&anne, &zoe, &nodes, disk, seconds, widths);
}

fn bursts(
    anne: &Home,
    zoe: &Home,
    nodes: &[Node; 2],
    disk: Duration,
    seconds: u64,
    widths: &[usize],
) {
    for &width in widths {
        let within = Duration::from_secs(seconds);
        let (count, spent) = spending(nodes, || burst(anne, zoe, width, within));
        let rate = count as f64 / within.as_secs_f64();
        println!(
            "{width:4} under way                    {rate:.0} messages/s, {:.2} for each fdatasync of this disk\n\
             for each                          {}",
            rate * disk.as_secs_f64(),
            spent.each(count),
        );
    }
}

/// Times, sorted out.
#[derive(Clone, Copy)]
struct Times {
    half: Duration,
    most: Duration,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self {
            half: times[times.len() / 2],
            most: times[times.len() * 99 / 100],
        }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            f,
            "p50 {:.3} ms, p99 {:.3} ms",
            ms(self.half),
            ms(self.most)
        )
    }
}

/// What this disk takes for the least that a promise costs.
fn fdatasync(home: &Home) -> Times {
    let file = File::create(home.beside("bare")).unwrap();
    file.write_all_at(&[0; 4096], 0).unwrap();
    file.sync_all().unwrap();
    let one = |round: u32| {
        let began = Instant::now();
        file.write_all_at(&[round as u8; 4096], 0).unwrap();
        file.sync_data().unwrap();
        began.elapsed()
    };
    Times::of((0..500).map(one).collect())
}

/// One message after the other, each from typing until its author knows it is on the friend's disk.
fn one_by_one(anne: &Home, zoe: &Home) -> Times {
    let (mut typist, mut events) = (anne.client(), anne.client().subscribe().unwrap());
    let trip = |round: usize| {
        if round.is_multiple_of(100) {
            read_all(zoe);
        }
        let send = params::Send {
            to: "zoé".into(),
            text: LINE.into(),
            limit_min: 0,
        };
        let began = Instant::now();
        let sent = typist.send(&send).unwrap();
        loop {
            match events.next(Some(PATIENCE)).unwrap() {
                Some(shape::Event::Delivered { id, .. }) if id == sent.id => break,
                Some(_) => {}
                None => panic!("a message does not arrive"),
            }
        }
        began.elapsed()
    };
    let times = (0..ONE_BY_ONE).map(trip).collect();
    read_all(zoe);
    Times::of(times)
}

/// How many messages were acknowledged within the time, when so many are under way at once.
fn burst(anne: &Home, zoe: &Home, width: usize, within: Duration) -> u64 {
    let road = Road::new(width);
    thread::scope(|scope| {
        let road = &road;
        let events = anne.client().subscribe().unwrap();
        scope.spawn(move || count_delivered(events, road));
        for _ in 0..TYPISTS {
            scope.spawn(|| type_on(anne, road));
        }
        scope.spawn(|| read_on(zoe, road));
        // It runs warm first.
        thread::sleep(Duration::from_millis(500));
        let before = road.delivered();
        thread::sleep(within);
        let count = road.delivered() - before;
        road.close();
        count
    })
}

/// The messages under way, from typing to acknowledgement.
struct Road {
    width: usize,
    traffic: Mutex<Traffic>,
    moved: Condvar,
}

#[derive(Default)]
struct Traffic {
    under_way: usize,
    delivered: u64,
    closed: bool,
}

impl Road {
    fn new(width: usize) -> Self {
        Self {
            width,
            traffic: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    /// One more, once there is room; false when the road is closed.
    fn enter(&self) -> bool {
        let traffic = self.traffic.lock().unwrap();
        let full = |traffic: &mut Traffic| !traffic.closed && traffic.under_way >= self.width;
        let mut traffic = self.moved.wait_while(traffic, full).unwrap();
        traffic.under_way += usize::from(!traffic.closed);
        !traffic.closed
    }

    fn leave(&self) {
        let mut traffic = self.traffic.lock().unwrap();
        traffic.under_way -= 1;
        traffic.delivered += 1;
        self.moved.notify_one();
    }

    fn delivered(&self) -> u64 {
        self.traffic.lock().unwrap().delivered
    }

    /// Nobody enters any more; those under way arrive.
    fn close(&self) {
        self.traffic.lock().unwrap().closed = true;
        self.moved.notify_all();
    }

    fn is_empty(&self) -> bool {
        let traffic = self.traffic.lock().unwrap();
        traffic.closed && traffic.under_way == 0
    }
}

/// Types as long as there is room under way, and reads the answers beside it.
fn type_on(home: &Home, road: &Road) {
    let text = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"send\",\"params\":{{\"to\":\"zoé\",\"text\":\"{LINE}\"}}}}\n"
    );
    let mut line = UnixStream::connect(home.socket()).unwrap();
    let answers = BufReader::new(line.try_clone().unwrap()).lines();
    thread::scope(|scope| {
        let (asked, count) = channel();
        scope.spawn(move || {
            for ((), answer) in count.iter().zip(answers) {
                let answer = answer.unwrap();
                assert!(answer.contains("\"saved\""), "{answer}");
            }
        });
        while road.enter() {
            line.write_all(text.as_bytes()).unwrap();
            asked.send(()).unwrap();
        }
    });
}

/// Makes room with every message that is acknowledged.
fn count_delivered(mut events: Events, road: &Road) {
    while !road.is_empty() {
        if let Some(shape::Event::Delivered { .. }) =
            events.next(Some(Duration::from_millis(100))).unwrap()
        {
            road.leave();
        }
    }
}

/// Reads all that comes, and lets the node forget it while it reads on.
fn read_on(home: &Home, road: &Road) {
    let (read, done) = channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut forgetful = home.client();
            while let Some(up_to) = done.recv().ok().into_iter().chain(done.try_iter()).last() {
                forgetful.acknowledge(up_to, None).unwrap();
            }
        });
        let (mut reader, mut after) = (home.client(), 0);
        while !road.is_empty() {
            match reader.inbox(after, 50).unwrap().messages.last() {
                Some(last) => {
                    after = last.seq;
                    read.send(after).unwrap();
                }
                None => thread::sleep(Duration::from_millis(1)),
            }
        }
        drop(read);
    });
    read_all(home);
}

/// Takes everything there is to read.
fn read_all(home: &Home) {
    let mut reader = home.client();
    while let Some(last) = reader.inbox(0, 50).unwrap().messages.last() {
        reader.acknowledge(last.seq, None).unwrap();
    }
}

/// What both nodes spent while something was done.
struct Spent {
    /// Of each node: processor seconds, and fdatasyncs if `perf` may count them.
    nodes: [(f64, Option<u64>); 2],
}

impl Spent {
    fn each(&self, count: u64) -> String {
        let per = |value: f64| value / count.max(1) as f64;
        let of = |(seconds, syncs): (f64, Option<u64>)| {
            let syncs = syncs.map_or("?".into(), |syncs| format!("{:.2}", per(syncs as f64)));
            format!("{:.0} us, {syncs} fdatasyncs", per(seconds) * 1e6)
        };
        format!(
            "author: {}; reader: {}",
            of(self.nodes[0]),
            of(self.nodes[1])
        )
    }
}

fn spending<T>(nodes: &[Node; 2], work: impl FnOnce() -> T) -> (T, Spent) {
    let pids = [0, 1].map(|at| nodes[at].pid());
    let counters = pids.map(Counter::start);
    let before = pids.map(processor_seconds);
    let done = work();
    let after = pids.map(processor_seconds);
    let syncs = counters.map(|counter| counter.and_then(Counter::stop));
    let nodes = [0, 1].map(|at| (after[at] - before[at], syncs[at]));
    (done, Spent { nodes })
}

/// What a process used of the processor, in clock ticks of 10 ms.
fn processor_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks = |at: usize| fields[at].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}

/// `perf`, counting how often a process waits for its disk.
struct Counter(Child);

impl Counter {
    fn start(pid: u32) -> Option<Self> {
        let perf = Command::new("perf")
            .args(["stat", "-x,", "-e", "syscalls:sys_enter_fdatasync", "-p"])
            .arg(pid.to_string())
            .stderr(Stdio::piped())
            .spawn();
        // It begins to count a moment after it began.
        thread::sleep(Duration::from_millis(300));
        perf.ok().map(Self)
    }

    fn stop(self) -> Option<u64> {
        let pid = Pid::from_child(&self.0);
        kill_process(pid, Signal::INT).ok()?;
        let said = self.0.wait_with_output().ok()?;
        let line = String::from_utf8(said.stderr).ok()?;
        line.split(',').next()?.trim().parse().ok()
    }
}
