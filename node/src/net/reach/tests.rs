use super::*;

fn reach(addrs: &[&str]) -> Reach {
    through(Ways::default(), addrs)
}

fn through(ways: Ways, addrs: &[&str]) -> Reach {
    let mut reach = Reach::new(ways);
    for addr in addrs {
        reach.gained(&listen_address(addr.parse().unwrap()));
    }
    reach
}

fn heard(addrs: &[&str]) -> Vec<String> {
    let text = |addr| match addr {
        Addr::V4(ip, port) => SocketAddr::from((ip, port)).to_string(),
        Addr::V6(ip, port) => SocketAddr::from((ip, port)).to_string(),
        Addr::Onion(..) => unreachable!(),
    };
    let told = reach(addrs).changed().unwrap_or_default();
    told.into_iter().map(text).collect()
}

#[test]
fn the_address_most_friends_can_use_comes_first() {
    let all = [
        "[fd00::1]:9",
        "[2001:db8::1]:9",
        "192.168.1.2:9",
        "100.64.0.1:9",
        "203.0.113.5:9",
        "127.0.0.1:9",
        "[fe80::1]:9",
        "169.254.1.1:9",
    ];
    let best = [
        "203.0.113.5:9",
        "100.64.0.1:9",
        "192.168.1.2:9",
        "[2001:db8::1]:9",
        "[fd00::1]:9",
    ];
    assert_eq!(heard(&all), best);
}

#[test]
fn a_meeting_is_found_by_short_addresses_unless_there_are_none() {
    let both = ["192.168.1.2:9", "[fd00::1]:9", "[2001:db8::1]:9"];
    assert_eq!(reach(&both).around(), [Addr::V4([192, 168, 1, 2], 9)]);
    assert_eq!(reach(&both[1..]).around().len(), 2);
}

#[test]
fn a_machine_that_lacks_one_kind_of_addresses_listens_at_the_other() {
    let [v4, v6]: [SocketAddr; 2] = ["0.0.0.0:0", "[::]:0"].map(|addr| addr.parse().unwrap());
    let lacking = |errno: Errno| lacks(&io::Error::from_raw_os_error(errno.raw_os_error()));
    assert!(lacking(Errno::AFNOSUPPORT) && !lacking(Errno::ADDRINUSE));
    assert_eq!(usable(&[]), Ok(vec![]));
    // Whatever this machine has.
    assert_eq!(usable(&[v4, v6]).unwrap()[0], v4);
    let nobodys: SocketAddr = "203.0.113.77:9".parse().unwrap();
    let refused = usable(&[v4, nobodys]).unwrap_err();
    assert_eq!(
        refused,
        (nobodys, io::ErrorKind::AddrNotAvailable),
        "named by a person"
    );
}

#[test]
fn loopback_is_told_only_when_there_is_nothing_else() {
    assert_eq!(heard(&["127.0.0.1:9", "[fe80::1]:9"]), ["127.0.0.1:9"]);
    assert_eq!(heard(&["127.0.0.1:9", "10.0.0.1:9"]), ["10.0.0.1:9"]);
}

#[test]
fn neighbours_are_sought_on_networks_of_one_house_alone() {
    let all = [
        "203.0.113.5:9",
        "100.64.0.1:9",
        "192.168.1.2:9",
        "192.168.1.2:10",
        "169.254.1.1:9",
        "127.0.0.1:9",
        "[fe80::1]:9",
        "[fd00::1]:9",
    ];
    let near = [Addr::V4([169, 254, 1, 1], 9), Addr::V4([192, 168, 1, 2], 9)];
    assert_eq!(reach(&all).near(), near);
    assert_eq!(
        reach(&["127.0.0.1:9"]).near(),
        [Addr::V4([127, 0, 0, 1], 9)],
        "of one machine alone"
    );
    assert_eq!(reach(&["203.0.113.5:9"]).near(), []);
}

#[test]
fn what_did_not_change_is_not_told_again() {
    let mut reach = reach(&["10.0.0.1:9"]);
    assert!(reach.changed().is_some());
    assert!(!reach.gained(&listen_address("10.0.0.1:9".parse().unwrap())));
    assert!(reach.changed().is_none());
    assert!(reach.lost(&listen_address("10.0.0.1:9".parse().unwrap())));
    assert_eq!(reach.changed(), Some(vec![]));
}

#[test]
fn what_a_profile_does_not_call_is_not_told_either() {
    let all = ["192.168.1.2:9", "203.0.113.5:9", "127.0.0.1:9"];
    let told = |profile: &str, onion: bool| {
        let mut reach = through(Ways::new(profile.parse().unwrap(), onion), &all);
        reach.onion = onion.then_some(Addr::Onion([1; 32], 9));
        reach.changed().unwrap_or_default()
    };
    let (house, world) = (Addr::V4([192, 168, 1, 2], 9), Addr::V4([203, 0, 113, 5], 9));
    let onion = Addr::Onion([1; 32], 9);
    assert_eq!(told("normal", true), [world, onion, house]);
    assert_eq!(told("lan-only", false), [house]);
    assert_eq!(told("hostile", true), [world, onion]);
    assert_eq!(told("tor-only", true), [onion]);
}

#[test]
fn a_number_comes_off_an_address_as_it_went_on() {
    let here = "127.0.0.1:9".parse().unwrap();
    let mut address = dial_address(Way::Direct(here), ConnId(u64::MAX));
    assert_eq!(take_number(&mut address), Some(ConnId(u64::MAX)));
    assert_eq!(address, listen_address(here));
    assert_eq!(onion_of(&address), None);
    assert_eq!(take_number(&mut address), None);
    let mut address = dial_address(Way::Onion([7; 32], 9), ConnId(3));
    assert_eq!(take_number(&mut address), Some(ConnId(3)));
    assert_eq!(onion_of(&address), Some(([7; 32], 9)));
}

#[test]
fn a_port_somebody_listens_at_is_not_vacant() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = vacant(other.local_addr().unwrap()).unwrap_err();
    assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
    assert!(vacant("[::1]:0".parse().unwrap()).is_ok());
}
