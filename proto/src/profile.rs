//! Which ways to others a person allows: whom this node calls and how, which addresses of its own it
//! tells, who may knock, whether the network around hears of it. The one place where that is decided.
//!
//! Opens nothing itself; a [`Way`] is what the shell opens, and nobody else makes one. PROTOCOL §3
//! "Profiles".

use core::net::{IpAddr, SocketAddr};
use core::str::FromStr;

use crate::wire::{Addr, Scope};

/// What a person says of the networks they are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Every way there is.
    #[default]
    Normal,
    /// Nothing beyond the networks of the house: private and link-local addresses alone.
    LanOnly,
    /// Only through Tor, in and out: no socket but on this machine itself, and no beacon.
    TorOnly,
    /// Who is on the network around is no friend: it hears no beacon and gets no call, its addresses
    /// are not told. The internet beyond and Tor stay.
    Hostile,
}

/// The names by which the settings know them.
const NAMES: [(Profile, &str); 4] = [
    (Profile::Normal, "normal"),
    (Profile::LanOnly, "lan-only"),
    (Profile::TorOnly, "tor-only"),
    (Profile::Hostile, "hostile"),
];

impl Profile {
    /// As it stands in the settings.
    pub fn name(self) -> &'static str {
        let named = NAMES.iter().find(|(profile, _)| *profile == self);
        named.map_or("normal", |(_, name)| name)
    }
}

impl FromStr for Profile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = NAMES.iter().find(|(_, name)| *name == text);
        named
            .map(|(profile, _)| *profile)
            .ok_or("none of normal, lan-only, tor-only, hostile")
    }
}

/// How an address is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By a connection of our own.
    Direct(SocketAddr),
    /// By Tor, to this onion service's port.
    Onion([u8; 32], u16),
}

/// What the person allows, and whether Tor is there to be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    profile: Profile,
    tor: bool,
    /// Whether the person puts no friend through to another.
    refuses: bool,
}

impl Ways {
    /// `tor`: whether the person wants it used where the profile leaves the choice.
    pub fn new(profile: Profile, tor: bool) -> Self {
        let tor = match profile {
            Profile::Normal | Profile::Hostile => tor,
            Profile::LanOnly => false,
            Profile::TorOnly => true,
        };
        Self {
            profile,
            tor,
            refuses: false,
        }
    }

    /// The same, whether friends are put through to each other here or not.
    pub fn carrying(self, carries: bool) -> Self {
        Self {
            refuses: !carries,
            ..self
        }
    }

    /// Whether I ask friends to put me through, and am to be found through them: what goes so may go
    /// beyond the house.
    pub fn circuits(self) -> bool {
        self.profile != Profile::LanOnly
    }

    /// Whether friends are put through to each other here.
    pub fn carries(self) -> bool {
        self.circuits() && !self.refuses
    }

    /// Whether calls go through Tor, and a service is published there.
    pub fn by_tor(self) -> bool {
        self.tor
    }

    /// How a friend is called at this address; `None` if they are not.
    pub fn to(self, addr: Addr) -> Option<Way> {
        match addr.canonical() {
            Addr::Onion(service, port) => self.tor.then_some(Way::Onion(service, port)),
            Addr::V4(host, port) => self.direct(host.into(), port),
            Addr::V6(host, port) => self.direct(host.into(), port),
        }
    }

    fn direct(self, host: IpAddr, port: u16) -> Option<Way> {
        let allowed = match (self.profile, Scope::of(host)) {
            (Profile::Normal, _) => true,
            (Profile::LanOnly, scope) => scope.is_local(),
            (Profile::TorOnly, _) => false,
            // This machine itself is not the network around.
            (Profile::Hostile, scope) => matches!(scope, Scope::Machine | Scope::World),
        };
        allowed.then_some(Way::Direct(SocketAddr::new(host, port)))
    }

    /// How a meeting is called whose address a person typed, or was found: on a hostile network too,
    /// since those who meet are in the room.
    pub fn to_meeting(self, addr: Addr) -> Option<SocketAddr> {
        let ways = match self.profile {
            Profile::Hostile => Self::default(),
            _ => self,
        };
        match ways.to(addr) {
            Some(Way::Direct(addr)) => Some(addr),
            _ => None,
        }
    }

    /// Whether friends are told this address of mine.
    pub fn tells(self, addr: Addr) -> bool {
        self.to(addr).is_some()
    }

    /// Whether there is a listener for those who come by no other way than a network.
    pub fn listens(self) -> bool {
        self.profile != Profile::TorOnly
    }

    /// Whether somebody who connects from there is let to the door at all.
    pub fn hears(self, from: IpAddr) -> bool {
        match self.profile {
            Profile::Normal | Profile::Hostile => true,
            Profile::LanOnly => Scope::of(from).is_local(),
            Profile::TorOnly => Scope::of(from) == Scope::Machine,
        }
    }

    /// Whether the network around may hear beacons, and is listened to.
    pub fn beacons(self) -> bool {
        matches!(self.profile, Profile::Normal | Profile::LanOnly)
    }

    /// Whether a meeting may be opened: its listener is on the network of those in the room.
    pub fn meets(self) -> bool {
        self.listens()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONION: Addr = Addr::Onion([7; 32], 9);
    /// This machine, a house, a cable, a house in IPv6, a cable in IPv6.
    const LOCAL: [&str; 6] = [
        "127.0.0.1",
        "::1",
        "192.168.1.7",
        "169.254.3.4",
        "fd00::7",
        "fe80::7",
    ];
    /// The world, the world in IPv6.
    const PUBLIC: [&str; 2] = ["203.0.113.5", "2001:db8::5"];
    /// Other customers of a provider, behind its own translation: no house, and not the world.
    const PROVIDER: &str = "100.64.0.1";

    fn addr(host: &str) -> Addr {
        match host.parse().unwrap() {
            IpAddr::V4(host) => Addr::V4(host.octets(), 9),
            IpAddr::V6(host) => Addr::V6(host.octets(), 9),
        }
    }

    fn called(ways: Ways, hosts: &[&str]) -> Vec<bool> {
        let called = hosts.iter().map(|host| ways.to(addr(host)).is_some());
        called.collect()
    }

    fn ways(name: &str) -> [Ways; 2] {
        [false, true].map(|tor| Ways::new(name.parse().unwrap(), tor))
    }

    #[test]
    fn a_normal_node_calls_everybody_and_by_tor_if_it_is_wanted() {
        for ways in ways("normal") {
            assert!(called(ways, &LOCAL).iter().all(|called| *called));
            assert!(called(ways, &PUBLIC).iter().all(|called| *called));
            assert!(ways.beacons() && ways.listens() && ways.meets());
        }
        let [without, with] = ways("normal");
        assert_eq!(without.to(ONION), None);
        assert_eq!(with.to(ONION), Some(Way::Onion([7; 32], 9)));
    }

    #[test]
    fn a_node_of_the_house_calls_and_hears_the_house_alone() {
        for ways in ways("lan-only") {
            assert!(called(ways, &LOCAL).iter().all(|called| *called));
            assert!(called(ways, &PUBLIC).iter().all(|called| !called));
            assert_eq!(ways.to(ONION), None);
            assert!(!ways.by_tor() && ways.beacons() && ways.meets());
            assert!(ways.hears("192.168.1.7".parse().unwrap()));
            assert!(!ways.hears("203.0.113.5".parse().unwrap()));
            assert!(!ways.hears(PROVIDER.parse().unwrap()));
            assert_eq!(ways.to(addr(PROVIDER)), None);
            assert!(!ways.hears("::ffff:203.0.113.5".parse().unwrap()));
        }
    }

    #[test]
    fn a_node_behind_tor_calls_onions_and_nobody_else() {
        for ways in ways("tor-only") {
            assert!(called(ways, &LOCAL).iter().all(|called| !called));
            assert!(called(ways, &PUBLIC).iter().all(|called| !called));
            assert_eq!(ways.to(ONION), Some(Way::Onion([7; 32], 9)));
            assert!(ways.tells(ONION) && ways.by_tor());
            assert!(!ways.beacons() && !ways.listens() && !ways.meets());
            assert_eq!(ways.to_meeting(addr("192.168.1.7")), None);
            assert_eq!(ways.to_meeting(ONION), None);
            assert!(!ways.hears("192.168.1.7".parse().unwrap()));
        }
    }

    #[test]
    fn on_a_hostile_network_only_the_world_beyond_it_is_called() {
        for ways in ways("hostile") {
            assert_eq!(
                called(ways, &LOCAL),
                [true, true, false, false, false, false],
                "this machine is not the network around"
            );
            assert!(called(ways, &PUBLIC).iter().all(|called| *called));
            assert!(!ways.tells(addr("192.168.1.7")) && !ways.beacons());
            assert!(
                !ways.tells(addr(PROVIDER)),
                "a network around, as any other"
            );
            // A person who typed the address of a meeting knows where they are.
            assert!(ways.to_meeting(addr("192.168.1.7")).is_some() && ways.meets());
        }
        let [_, with] = ways("hostile");
        assert!(with.to(ONION).is_some());
    }

    #[test]
    fn an_address_in_disguise_is_judged_by_what_it_is() {
        let disguised = addr("::ffff:203.0.113.5");
        let house = Ways::new(Profile::LanOnly, false);
        assert_eq!(house.to(disguised), None);
        let hostile = Ways::new(Profile::Hostile, false);
        assert_eq!(hostile.to(addr("::ffff:192.168.1.7")), None);
        assert_eq!(hostile.to(addr("::ffff:100.64.0.1")), None);
        let direct = "203.0.113.5:9".parse().unwrap();
        assert_eq!(hostile.to(disguised), Some(Way::Direct(direct)));
    }

    #[test]
    fn a_node_of_the_house_has_no_circuits_and_a_person_may_refuse_to_carry_others() {
        for (profile, name) in NAMES {
            let ways = Ways::new(profile, true);
            assert_eq!(ways.circuits(), profile != Profile::LanOnly, "{name}");
            assert_eq!(ways.carries(), ways.circuits());
            let refusing = ways.carrying(false);
            assert!(!refusing.carries() && refusing.circuits() == ways.circuits());
            assert_eq!(refusing.carrying(true), ways);
        }
    }

    #[test]
    fn a_profile_is_called_by_its_name() {
        for (profile, name) in NAMES {
            assert_eq!(name.parse(), Ok(profile));
            assert_eq!(profile.name(), name);
        }
        assert!("Normal".parse::<Profile>().is_err());
    }
}
