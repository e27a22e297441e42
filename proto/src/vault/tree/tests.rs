//! The key tree from disk to disk: leaves freed and renewed, tables that empty, a tree that is full.

use super::*;

type Disk = BTreeMap<RecordKey, Vec<u8>>;

fn hider() -> Hider {
    Hider::new(&Key::fill(|bytes| bytes.fill(5)))
}

fn tag(number: u32) -> LeafTag {
    let mut tag = [0; 16];
    tag[..4].copy_from_slice(&number.to_le_bytes());
    tag
}

fn change(tree: &mut KeyTree, disk: &mut Disk, fates: &[(u32, Fate)], entropy: &mut Entropy) {
    let fates = fates.iter().map(|(n, fate)| (tag(*n), *fate)).collect();
    assert!(tree.has_room(&fates));
    tree.apply(&fates, entropy).unwrap();
    for write in tree.seal(&hider(), entropy).unwrap() {
        match write.value {
            Some(value) => disk.insert(write.key, value),
            None => disk.remove(&write.key),
        };
    }
}

fn reload(tree: &KeyTree, disk: &Disk) -> KeyTree {
    KeyTree::load(&tree.root(), &hider(), |key| disk.get(key).cloned()).unwrap()
}

#[test]
fn a_tree_of_several_tables_is_the_same_after_loading() {
    let (mut tree, mut disk) = (KeyTree::default(), Disk::new());
    let mut entropy = Entropy::new([1; 32]);
    let many: Vec<_> = (0..5000).map(|n| (n, Fate::Keep)).collect();
    change(&mut tree, &mut disk, &many, &mut entropy);
    assert_eq!(disk.len(), 79 + 2);
    let again = reload(&tree, &disk);
    for n in 0..5000 {
        let (before, after) = (tree.leaf(&tag(n)).unwrap(), again.leaf(&tag(n)).unwrap());
        assert!(before.0 == after.0 && before.1.same(after.1));
    }
}

#[test]
fn a_freed_number_is_used_again_with_another_key() {
    let (mut tree, mut disk) = (KeyTree::default(), Disk::new());
    let mut entropy = Entropy::new([1; 32]);
    let some: Vec<_> = (0..70).map(|n| (n, Fate::Keep)).collect();
    change(&mut tree, &mut disk, &some, &mut entropy);
    let before = tree.leaf(&tag(3)).unwrap();
    let (number, key) = (before.0, Key::<Tree>::fill(|b| *b = *before.1.expose()));
    change(&mut tree, &mut disk, &[(3, Fate::Erase)], &mut entropy);
    assert!(tree.leaf_key(number).is_none());
    let mut tree = reload(&tree, &disk);
    change(&mut tree, &mut disk, &[(900, Fate::Keep)], &mut entropy);
    let after = tree.leaf(&tag(900)).unwrap();
    assert_eq!(after.0, number);
    assert!(!after.1.same(&key));
}

#[test]
fn an_empty_table_leaves_the_disk() {
    let (mut tree, mut disk) = (KeyTree::default(), Disk::new());
    let mut entropy = Entropy::new([1; 32]);
    change(&mut tree, &mut disk, &[(1, Fate::Renew)], &mut entropy);
    assert_eq!(disk.len(), 2);
    change(&mut tree, &mut disk, &[(1, Fate::Erase)], &mut entropy);
    assert!(disk.is_empty());
    assert!(reload(&tree, &disk).leaf(&tag(1)).is_none());
}

#[test]
fn a_renewed_leaf_renews_every_key_above_it_and_no_other() {
    let (mut tree, mut disk) = (KeyTree::default(), Disk::new());
    let mut entropy = Entropy::new([1; 32]);
    let some: Vec<_> = (0..130).map(|n| (n, Fate::Keep)).collect();
    change(&mut tree, &mut disk, &some, &mut entropy);
    let keys = |tree: &KeyTree| -> Vec<[u8; 32]> {
        tree.tables.values().map(|key| *key.expose()).collect()
    };
    let before = keys(&tree);
    change(&mut tree, &mut disk, &[(100, Fate::Renew)], &mut entropy);
    let changed: Vec<_> = before
        .iter()
        .zip(keys(&tree))
        .map(|(a, b)| *a != b)
        .collect();
    assert_eq!(changed, [true, false, true, false]);
}

#[test]
fn a_full_tree_says_so() {
    let (mut tree, mut entropy) = (KeyTree::default(), Entropy::new([1; 32]));
    let all: BTreeMap<_, _> = (0..LEAVES_MAX).map(|n| (tag(n), Fate::Keep)).collect();
    tree.apply(&all, &mut entropy).unwrap();
    let one = BTreeMap::from([(tag(LEAVES_MAX), Fate::Keep)]);
    assert!(!tree.has_room(&one));
    assert_eq!(tree.apply(&one, &mut entropy), Err(VaultError::Full));
    let swap = BTreeMap::from([(tag(7), Fate::Erase), (tag(LEAVES_MAX), Fate::Keep)]);
    assert!(tree.has_room(&swap));
    tree.apply(&swap, &mut entropy).unwrap();
}
