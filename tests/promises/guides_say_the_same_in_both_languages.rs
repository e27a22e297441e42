//! Whoever changes a guide in one language looks at the other: same parts, same commands, and the one
//! says of which text of the other it is the translation.

use std::fs;
use std::path::Path;

/// Of a guide: the depth of each heading, and what is to be typed, up to the first word of a person.
fn skeleton(guide: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in guide.lines() {
        let depth = line.chars().take_while(|c| *c == '#').count();
        if depth > 0 {
            found.push("#".repeat(depth));
        }
        if let Some(command) = line.strip_prefix("$ ") {
            let typed = command.split('"').next().unwrap();
            let words = typed.split(' ').filter(|word| !word.contains("bruno"));
            found.push(words.collect::<Vec<_>>().join(" "));
        }
    }
    found
}

#[test]
fn each_guide_has_a_twin_with_the_same_parts_and_the_same_commands() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let guides = fs::read_dir(docs.join("en")).unwrap();
    let mut pairs = 0;
    for guide in guides {
        let name = guide.unwrap().file_name();
        let read = |language: &str| fs::read_to_string(docs.join(language).join(&name)).unwrap();
        let (french, english) = (read("fr"), read("en"));
        assert_eq!(skeleton(&french), skeleton(&english), "{name:?}");
        assert!(skeleton(&english).len() > 10, "{name:?}");
        let hash = blake3::hash(french.as_bytes()).to_hex();
        let exact = format!("<!-- of ../fr/{}, {} -->\n", name.display(), &hash[..16]);
        assert!(
            english.starts_with(&exact),
            "the French changed: see whether the English still says the same, then write {exact}"
        );
        pairs += 1;
    }
    assert!(pairs > 0);
}
