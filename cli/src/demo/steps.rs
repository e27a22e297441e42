//! The steps, in the order they are shown.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use kith_node::control::params::{Accept, Invite};
use kith_node::control::shape::Language;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::kept::Kept;
use super::node::Node;
use super::relay::Relay;
use super::{Broken, Shown, search};
use crate::words::msg;

/// How long a stranger waits for an answer that must not come.
const STRANGER_WAITS: Duration = Duration::from_millis(1500);

/// Everything on stage: three homes below one temporary directory, and a listener on one line.
pub(super) struct Stage {
    dir: TempDir,
    pub(super) language: Language,
    nodes: Option<[Node; 3]>,
    relay: Option<Relay>,
    /// A listener before Camille's door, and what she keeps there.
    pub(super) kept: Option<Kept>,
    /// Every text that was said, every name that was given.
    words: Vec<String>,
}

impl Stage {
    pub(super) fn new(language: Language) -> std::io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("kith-demo-").tempdir()?;
        Ok(Self {
            dir,
            language,
            nodes: None,
            relay: None,
            kept: None,
            words: Vec::new(),
        })
    }

    pub(super) fn nodes(&mut self) -> Result<&mut [Node; 3], Broken> {
        self.nodes.as_mut().ok_or(Broken("order"))
    }

    pub(super) fn text(&mut self, french: &str, english: &str) -> String {
        let text = match self.language {
            Language::French => french,
            Language::English => english,
        };
        self.remember(text);
        text.to_owned()
    }

    /// All that was said and every name that was given, so far.
    pub(super) fn words(&self) -> Vec<String> {
        self.words.clone()
    }

    /// A word that nobody else may find.
    pub(super) fn remember(&mut self, word: &str) {
        self.words.push(word.to_owned());
    }
}

pub(super) fn facts<const N: usize>(facts: [(&str, Value); N]) -> Map<String, Value> {
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// For a sentence: Fluent counts in these.
pub(super) fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// 1: three nodes; nobody registers anywhere. Bruno's does not listen: it can only call.
pub(super) fn nodes(stage: &mut Stage) -> Result<Shown, Broken> {
    let began = Instant::now();
    let make = |name: &str, listens| Node::make(&stage.dir.path().join(name), listens);
    let mut nodes = [
        make("anne", true)?,
        make("bruno", false)?,
        make("camille", true)?,
    ];
    for node in &mut nodes {
        node.start()?;
    }
    let relay = Relay::before(nodes[0].address()?).map_err(|_| Broken("relay"))?;
    (stage.nodes, stage.relay) = (Some(nodes), Some(relay));
    let ms = began.elapsed().as_millis();
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-nodes", ms = i64::try_from(ms).unwrap_or(i64::MAX)),
        facts: facts([("nodes", json!(3)), ("registered", json!(0))]),
    })
}

/// 2: Anne invites Bruno and Camille; each calls the other what they like.
pub(super) fn pair(stage: &mut Stage) -> Result<Shown, Broken> {
    let overheard = stage.relay.as_ref().ok_or(Broken("order"))?.address;
    let language = stage.language;
    let [anne, bruno, camille] = stage.nodes()?;
    befriend(
        anne,
        "bruno-demo",
        bruno,
        "anne-demo",
        vec![overheard],
        language,
    )?;
    befriend(
        anne,
        "camille-demo",
        camille,
        "annette-demo",
        Vec::new(),
        language,
    )?;
    anne.online(2)?;
    let words = |node: &Node, name: &str| {
        node.client()?
            .contact(name)
            .map(|contact| contact.safety_words)
            .map_err(|_| Broken("words"))
    };
    let (hers, his) = (words(anne, "bruno-demo")?, words(bruno, "anne-demo")?);
    if hers.is_empty() || hers != his {
        return Err(Broken("words"));
    }
    let first = hers.iter().take(4).cloned().collect::<Vec<_>>().join(" ");
    let names = ["bruno-demo", "anne-demo", "camille-demo", "annette-demo"];
    stage.words.extend(names.map(str::to_owned));
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-pair", words = first),
        facts: facts([("friends", json!(2)), ("same_words", json!(hers.len()))]),
    })
}

fn befriend(
    host: &Node,
    guest_name: &str,
    guest: &Node,
    host_name: &str,
    addrs: Vec<SocketAddr>,
    language: Language,
) -> Result<(), Broken> {
    let invite = Invite {
        name: guest_name.into(),
        lifetime_s: 3600,
        addrs,
        language,
    };
    let code = host
        .client()?
        .invite(&invite)
        .map_err(|_| Broken("invite"))?
        .code;
    let accept = Accept {
        code,
        name: host_name.into(),
        nick: String::new(),
    };
    guest
        .client()?
        .accept(&accept)
        .map_err(|_| Broken("accept"))?;
    guest.online(1)
}

/// 3: both talk; each text is on the other's disk before its author is told so.
pub(super) fn talk(stage: &mut Stage) -> Result<Shown, Broken> {
    let question = stage.text(
        "La réunion est-elle maintenue ce soir ?",
        "Is the meeting still on tonight?",
    );
    let answer = stage.text(
        "Oui, dix-huit heures, salle du fond.",
        "Yes, six o'clock, the back room.",
    );
    let [anne, bruno, _] = stage.nodes()?;
    let began = Instant::now();
    anne.delivered(anne.say("bruno-demo", &question)?)?;
    let ms = began.elapsed().as_millis();
    bruno.delivered(bruno.say("anne-demo", &answer)?)?;
    let heard = bruno.take()? == [("anne-demo".to_owned(), question)]
        && anne.take()? == [("bruno-demo".to_owned(), answer)];
    if !heard {
        return Err(Broken("talk"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-talk", ms = i64::try_from(ms).unwrap_or(i64::MAX)),
        facts: facts([
            ("delivered", json!(2)),
            ("delivery_ms", json!(u64::try_from(ms).unwrap_or(u64::MAX))),
        ]),
    })
}

/// 4: Camille is away; what Anne writes waits on Anne's disk, through a restart, and arrives once.
pub(super) fn absent(stage: &mut Stage) -> Result<Shown, Broken> {
    let texts = [
        stage.text(
            "Camille, rappelle-moi à ton retour.",
            "Camille, call me when you are back.",
        ),
        stage.text(
            "Les affiches sont chez l'imprimeur.",
            "The posters are at the printer's.",
        ),
        stage.text("À demain, sans faute.", "See you tomorrow without fail."),
    ];
    let [anne, _, camille] = stage.nodes()?;
    camille.stop()?;
    let mut last = 0;
    for text in &texts {
        last = anne.say("camille-demo", text)?;
    }
    anne.stop()?;
    anne.start()?;
    camille.start()?;
    anne.delivered(last)?;
    camille.stop()?;
    camille.start()?;
    let expected: Vec<_> = texts
        .iter()
        .map(|text| ("annette-demo".to_owned(), text.clone()))
        .collect();
    if camille.take()? != expected || !camille.take()?.is_empty() {
        return Err(Broken("absent"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-absent", count = number(texts.len())),
        facts: facts([
            ("kept", json!(texts.len())),
            ("arrived", json!(texts.len())),
            ("doubled", json!(0)),
        ]),
    })
}

/// 11: strangers at Anne's port, one of them with recorded bytes of Bruno's: not a byte for them.
pub(super) fn stranger(stage: &mut Stage) -> Result<Shown, Broken> {
    let relay = stage.relay.as_ref().ok_or(Broken("order"))?;
    let recorded: Vec<Vec<u8>> = relay.heard(|heard| {
        // An invitation's first flight, or a link's.
        let flight = |call: &Vec<u8>| call.get(..1536).or(call.get(..512)).map(<[u8]>::to_vec);
        heard.calls.iter().filter_map(flight).take(4).collect()
    });
    if recorded.is_empty() {
        return Err(Broken("recording"));
    }
    let flights = recorded.len();
    let noise = (0..2048u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let mut says: Vec<Vec<u8>> = vec![Vec::new(), noise, b"\x13/multistream/1.0.0\n".to_vec()];
    // The link's flight alone too, cut out of a longer recording.
    says.extend(
        recorded
            .iter()
            .filter_map(|call| call.get(..512))
            .map(<[u8]>::to_vec),
    );
    says.extend(recorded);
    let address = stage.nodes()?[0].address()?;
    let strangers = says.len();
    let calls: Vec<_> = says
        .into_iter()
        .map(|says| thread::spawn(move || call(address, &says)))
        .collect();
    let mut answered = 0;
    for call in calls {
        answered += call
            .join()
            .map_err(|_| Broken("stranger"))?
            .map_err(|_| Broken("stranger"))?;
    }
    if answered != 0 {
        return Err(Broken("stranger"));
    }
    stage.nodes()?[0].online(2)?;
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!(
            "demo-stranger",
            strangers = number(strangers),
            bytes = number(answered)
        ),
        facts: facts([
            ("strangers", json!(strangers)),
            ("replayed", json!(flights)),
            ("bytes_to_stranger", json!(answered)),
        ]),
    })
}

/// How many bytes come back within the time a stranger waits.
pub(super) fn call(address: SocketAddr, says: &[u8]) -> std::io::Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(STRANGER_WAITS))?;
    stream.write_all(says)?;
    let mut answer = [0; 64];
    // An end without a byte, or no end yet: both are silence.
    Ok(stream.read(&mut answer).unwrap_or(0))
}

/// 12: whoever listened on Bruno's line or before Camille's door, and whoever takes the disks, reads none of it.
pub(super) fn wire(stage: &mut Stage) -> Result<Shown, Broken> {
    let relay = stage.relay.as_ref().ok_or(Broken("order"))?;
    let mut words = stage.words.clone();
    words.extend(["libp2p", "multistream", "yamux", "kith"].map(str::to_owned));
    let door = stage.kept.as_ref().ok_or(Broken("order"))?.door();
    let heard = [relay, door].map(|line| line.heard(|heard| search::bytes(&heard.all, &words)));
    let heard = search::both(heard);
    let disks = search::directory(stage.dir.path(), &stage.words);
    if heard.bytes == 0 || disks.bytes == 0 || heard.hits + disks.hits > 0 {
        return Err(Broken("search"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!(
            "demo-wire",
            wire = number(heard.bytes / 1024),
            disk = number(disks.bytes / 1024),
            hits = number(heard.hits + disks.hits)
        ),
        facts: facts([
            ("wire_bytes", json!(heard.bytes)),
            ("disk_bytes", json!(disks.bytes)),
            ("hits", json!(heard.hits + disks.hits)),
        ]),
    })
}

/// 14: a wipe destroys the slot first; nothing opens afterwards, and no word is left.
pub(super) fn wipe(stage: &mut Stage) -> Result<Shown, Broken> {
    let began = Instant::now();
    for node in stage.nodes()? {
        let remains = node.client()?.wipe().map_err(|_| Broken("wipe"))?.remains;
        if !remains.is_empty() {
            return Err(Broken("wipe"));
        }
    }
    let ms = began.elapsed().as_millis();
    let left = search::directory(stage.dir.path(), &stage.words);
    let gone = stage.nodes()?.iter().all(|node| !node.home.exists());
    if left.hits > 0 || !gone {
        return Err(Broken("wipe"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!(
            "demo-wipe",
            ms = i64::try_from(ms).unwrap_or(i64::MAX),
            left = number(left.bytes)
        ),
        facts: facts([
            ("hits", json!(left.hits)),
            ("bytes_left", json!(left.bytes)),
        ]),
    })
}
