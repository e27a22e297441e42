//! People who know each other, for stories to begin with.

use kith_proto::engine::{Answer, Contact, How, Language, Request};

use super::scene::{NAMES, Node, Scene, Start};

impl Scene {
    /// So many nodes that know nobody.
    pub(crate) fn strangers(count: usize) -> Self {
        Self::new(&vec![Start::default(); count])
    }

    /// An invitation by the first node for whom it will call Bob.
    pub(crate) fn invite(&mut self) -> String {
        let request = Request::Invite {
            name: NAMES[1].to_owned(),
            lifetime_s: 3_600,
            addrs: Vec::new(),
            language: Language::French,
        };
        match self.ask(0, request) {
            Ok(Answer::Invitation { code, .. }) => code,
            _ => panic!("no invitation"),
        }
    }

    /// Somebody takes an invitation of Ada's.
    pub(crate) fn accept(&mut self, n: usize, code: &str, nick: &str) {
        let request = Request::Accept {
            code: code.to_owned(),
            name: NAMES[0].to_owned(),
            nick: nick.to_owned(),
        };
        assert!(self.ask(n, request).is_ok());
    }

    /// The first node's person takes back the invitation, if nobody has claimed it.
    pub(crate) fn take_back(&mut self) {
        let open = |contact: &Contact| contact.how == How::Invited;
        if self.contacts(0).iter().any(open) {
            let name = NAMES[1].to_owned();
            self.taken_back = self.ask(0, Request::Remove { name }).is_ok();
        }
    }

    /// All of them as they would start a minute from now.
    pub(crate) fn starts(&self) -> Vec<Start> {
        let start = |node: &Node| Start {
            now_ms: self.nodes[0].now_ms + 60_000,
            ..node.start()
        };
        self.nodes.iter().map(start).collect()
    }
}

/// Ada and Bob, who have a session.
pub(crate) fn two_friends() -> Vec<Start> {
    two_friends_drawn("")
}

/// The same with another randomness: what Bob calls himself goes into it.
pub(crate) fn two_friends_drawn(nick: &str) -> Vec<Start> {
    let mut scene = Scene::strangers(2);
    let code = scene.invite();
    scene.accept(1, &code, nick);
    scene.calm(1);
    assert!(scene.talk([(0, NAMES[1]), (1, NAMES[0])]));
    scene.starts()
}
