//! Fields read back as they were written; everything else refused.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn addr() -> impl Strategy<Value = Addr> {
    let port = 1..=u16::MAX;
    prop_oneof![
        (any::<[u8; 4]>(), port.clone()).prop_map(|(host, port)| Addr::V4(host, port)),
        (any::<[u8; 16]>(), port.clone()).prop_map(|(host, port)| Addr::V6(host, port)),
        (any::<[u8; 32]>(), port).prop_map(|(host, port)| Addr::Onion(host, port)),
    ]
}

fn encoded(addr: &Addr) -> Vec<u8> {
    let mut to = Writer::new();
    addr.encode(&mut to).unwrap();
    let bytes = to.into_vec();
    assert_eq!(bytes.len(), addr.encoded_len());
    bytes
}

fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/wire.json")).unwrap()
}

#[test]
fn addresses_are_laid_as_the_vectors_say() {
    for case in vectors()["addresses"].as_array().unwrap() {
        let (bytes, host) = (hex(&case["bytes"]), hex(&case["host"]));
        let port = case["port"].as_u64().unwrap() as u16;
        let addr = match host.len() {
            4 => Addr::V4(host.try_into().unwrap(), port),
            16 => Addr::V6(host.try_into().unwrap(), port),
            _ => Addr::Onion(host.try_into().unwrap(), port),
        };
        assert_eq!(encoded(&addr), bytes, "{}", case["what"]);
        assert_eq!(
            Addr::decode(&mut Reader::new(&bytes)),
            Ok(addr),
            "{}",
            case["what"]
        );
    }
}

#[test]
fn what_is_no_address_is_refused_as_the_vectors_say() {
    for case in vectors()["no_addresses"].as_array().unwrap() {
        let bytes = hex(&case["bytes"]);
        assert_eq!(
            Addr::decode(&mut Reader::new(&bytes)),
            Err(Malformed),
            "{}",
            case["what"]
        );
    }
}

#[test]
fn numbers_are_laid_as_the_vectors_say() {
    let vectors = vectors();
    let bytes = hex(&vectors["numbers"]["bytes"]);
    let mut to = Writer::new();
    to.u8(0x01);
    to.u16(0x0302);
    to.u32(0x0706_0504);
    to.u64(0x0F0E_0D0C_0B0A_0908);
    to.bytes(&[0; 5]);
    assert_eq!(to.into_vec(), bytes);
    let mut from = Reader::new(&bytes);
    assert_eq!(from.u8(), Ok(0x01));
    assert_eq!(from.u16(), Ok(0x0302));
    assert_eq!(from.u32(), Ok(0x0706_0504));
    assert_eq!(from.u64(), Ok(0x0F0E_0D0C_0B0A_0908));
    assert_eq!(from.zeros(5), Ok(()));
    assert_eq!(from.finish(), Ok(()));
}

#[test]
fn an_address_without_a_port_is_not_written() {
    let mut to = Writer::new();
    for addr in [
        Addr::V4([10, 0, 0, 1], 0),
        Addr::V6([1; 16], 0),
        Addr::Onion([1; 32], 0),
    ] {
        assert_eq!(addr.encode(&mut to), Err(Malformed));
    }
    assert!(to.into_vec().is_empty());
}

#[test]
fn padding_that_is_not_zero_and_bytes_left_over_are_refused() {
    assert_eq!(Reader::new(&[0, 0, 1]).zeros(3), Err(Malformed));
    assert_eq!(Reader::new(&[0, 0]).zeros(3), Err(Malformed));
    assert_eq!(Reader::new(&[0]).finish(), Err(Malformed));
    assert_eq!(Reader::new(&[]).take(usize::MAX), Err(Malformed));
    let mut from = Reader::new(&[7, 8, 9]);
    assert_eq!(
        (from.take(1), from.left(), from.rest()),
        (Ok(&[7][..]), 2, &[8, 9][..])
    );
    assert_eq!(from.finish(), Ok(()));
}

#[test]
fn an_address_is_written_without_its_disguise() {
    let disguised = Addr::V6(*b"\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xC0\0\x02\x01", 9);
    assert_eq!(encoded(&disguised), encoded(&Addr::V4([192, 0, 2, 1], 9)));
}

#[test]
fn every_address_is_judged_by_how_far_it_reaches_and_not_by_its_clothes() {
    let judged: [(&[&str], Scope); 9] = [
        (
            &["0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255"],
            Scope::Nowhere,
        ),
        (&["::", "::7", "ff02::1"], Scope::Nowhere),
        (&["127.0.0.1", "127.9.9.9", "::1"], Scope::Machine),
        (&["169.254.3.4"], Scope::Cable),
        (&["fe80::7", "febf::7"], Scope::Interface),
        (&["10.1.2.3"], Scope::House(10)),
        (&["fc00::7", "fd12::7", "fec0::7"], Scope::House(0xFC)),
        (&["100.64.0.0", "100.127.255.255"], Scope::Provider),
        (
            &[
                "100.63.0.1",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "2001:db8::1",
            ],
            Scope::World,
        ),
    ];
    for (hosts, scope) in judged {
        for host in hosts {
            let host: core::net::IpAddr = host.parse().unwrap();
            assert_eq!(Scope::of(host), scope, "{host}");
            if let core::net::IpAddr::V4(host) = host {
                let disguised = host.to_ipv6_mapped();
                assert_eq!(Scope::of(disguised.into()), scope, "{disguised}");
                assert_eq!(Addr::V6(disguised.octets(), 9).scope(), scope);
            }
        }
    }
    assert_eq!(Scope::of([172, 16, 0, 1].into()), Scope::House(172));
    assert_eq!(Scope::of([192, 168, 0, 1].into()), Scope::House(192));
    assert_eq!(Addr::Onion([0; 32], 9).scope(), Scope::World);
}

proptest! {
    #[test]
    fn an_address_comes_back_and_no_beginning_of_it_does(addr in addr()) {
        let bytes = encoded(&addr);
        let mut from = Reader::new(&bytes);
        prop_assert_eq!(Addr::decode(&mut from), Ok(addr));
        prop_assert_eq!(from.finish(), Ok(()));
        for length in 0..bytes.len() {
            prop_assert_eq!(Addr::decode(&mut Reader::new(&bytes[..length])), Err(Malformed));
        }
    }

    #[test]
    fn any_bytes_that_read_as_an_address_are_its_only_encoding(bytes: Vec<u8>) {
        let mut from = Reader::new(&bytes);
        if let Ok(addr) = Addr::decode(&mut from) {
            prop_assert_eq!(encoded(&addr), &bytes[..bytes.len() - from.left()]);
        }
    }

    #[test]
    fn numbers_come_back(a: u8, b: u16, c: u32, d: u64, tail: Vec<u8>) {
        let mut to = Writer::new();
        to.u8(a);
        to.u16(b);
        to.u32(c);
        to.u64(d);
        to.bytes(&tail);
        let bytes = to.into_vec();
        let mut from = Reader::new(&bytes);
        prop_assert_eq!((from.u8(), from.u16(), from.u32(), from.u64()), (Ok(a), Ok(b), Ok(c), Ok(d)));
        prop_assert_eq!(from.take(tail.len()), Ok(&tail[..]));
        prop_assert_eq!(from.finish(), Ok(()));
    }
}
