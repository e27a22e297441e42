//! Two who call onions alone, and a friend who keeps their parcels and has other addresses besides.

use super::net::Net;
use crate::engine::*;
use crate::profile::{Profile, Ways};

const BOB: usize = 0;
const ZOE: usize = 1;
const ANNE: usize = 2;

/// Where Bob is, as the others know it: a way that is shut comes first.
const BOBS: [Addr; 2] = [Addr::V4([0; 4], 1), Addr::Onion([7; 32], 1)];

#[test]
fn who_calls_onions_alone_leaves_and_fetches_at_the_keepers_onion_without_another_try() {
    let mut net = Net::with_a_keeper();
    for at in [ZOE, ANNE] {
        let engine = &mut net.nodes[at].engine;
        for friend in engine.friends.values_mut() {
            if friend.petname.is("bob") {
                friend.addrs = BOBS.to_vec();
            }
            for held in friend.post.held.values_mut() {
                held.addrs = BOBS.to_vec();
            }
        }
        let ways = Ways::new(Profile::TorOnly, true);
        let settings = Settings {
            ways,
            ..engine.settings
        };
        net.queue.push_back((at, Input::Settings(settings)));
    }
    net.goes(ZOE);
    net.say(ANNE, "zoé", "par ton oignon");
    // One visit that comes to nothing would keep the box at rest for a minute more.
    net.pass(1);
    assert!(matches!(
        net.states(ANNE, "zoé")[..],
        [Delivery::Kept { .. }]
    ));
    net.goes(ANNE);
    net.goes(BOB);
    net.comes(ZOE);
    net.comes(BOB);
    let keeper = &mut net.nodes[ZOE].engine.friends.values_mut();
    let keeper = keeper.find(|friend| friend.petname.is("bob")).unwrap();
    keeper.live.visits.fetch = Default::default();
    net.pass(1);
    assert_eq!(net.reads(ZOE), ["par ton oignon"]);
}
