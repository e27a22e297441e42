//! Groups on people's screens, in both languages, kept in `tests/screens`.

use std::fs;

use serde_json::Value;

use super::home::{Home, PATIENCE, until};
use super::screens::{LANGUAGES, Screen};

/// Waits until so many have taken part.
fn here(home: &Home, name: &str, count: usize) {
    let all = until(PATIENCE, || {
        let group = home.kith(&["group", "show", name, "--json"]).json();
        let people = group["people"].as_array()?;
        (people.iter().filter(|one| one["here"] == true).count() == count).then_some(())
    });
    all.expect("somebody is not there");
}

/// Waits until so many are known to have said something of this motion.
fn said(home: &Home, name: &str, motion: &str, count: usize) {
    let known = until(PATIENCE, || {
        let said = home.kith(&["group", "result", name, motion, "--json"]);
        let said: Value = serde_json::from_str(&said.out).ok()?;
        (said["says"].as_array()?.len() == count).then_some(())
    });
    known.expect("it never came");
}

fn waits(home: &Home) {
    let asked = until(PATIENCE, || {
        let waiting = home.kith(&["waiting", "--json"]).json();
        (!waiting["waiting"].as_array()?.is_empty()).then_some(())
    });
    asked.expect("nobody asks");
}

#[test]
fn a_group_from_its_founding_to_its_end() {
    for lang in LANGUAGES {
        let (anne, bob, zoé) = (Home::new(), Home::new(), Home::new());
        let _up = [anne.start(), bob.start(), zoé.start()];
        anne.befriend("bob", &bob, "anne");
        anne.befriend("zoé", &zoé, "anne");
        bob.befriend("zoé", &zoé, "bob");
        [&anne, &bob, &zoé].iter().for_each(|home| home.sees(2));
        let mut screen = Screen::new(lang);
        screen.run(&anne, &["group", "list"], "");
        fs::write(anne.beside("charte.txt"), "Personne ne commande ici.\n").unwrap();
        let charter = anne.beside("charte.txt").to_str().unwrap().to_owned();
        let new = [
            "group",
            "new",
            "collectif",
            "--with",
            "bob,zoé",
            "--charter",
        ];
        screen.run(&anne, &[&new[..], &[&charter]].concat(), "");
        screen.hide(&charter, "charter");
        waits(&bob);
        waits(&zoé);
        screen.run(&bob, &["waiting"], "");
        screen.run(&bob, &["waiting", "yes", "1", "--as", "collectif"], "");
        screen.run(&zoé, &["waiting", "yes", "1", "--as", "le jardin"], "");
        here(&anne, "collectif", 3);
        here(&bob, "collectif", 3);
        let text = "on prend le local rue des Lilas";
        screen.run(&anne, &["group", "propose", "collectif", "text", text], "");
        said(&bob, "collectif", "1", 1);
        let answer = ["group", "answer", "collectif", "1"];
        screen.run(&bob, &[&answer[..], &["accord"]].concat(), "");
        screen.run(&bob, &[&answer[..], &["objection"]].concat(), "");
        said(&zoé, "le jardin", "1", 2);
        let objects = [
            "group",
            "answer",
            "le jardin",
            "1",
            "objection",
            "trop cher pour nous",
        ];
        zoé.kith(&objects).done();
        said(&anne, "collectif", "1", 3);
        screen.run(&anne, &["group", "show", "collectif"], "");
        screen.run(&zoé, &["group", "show", "le jardin"], "");
        screen.run(&anne, &["group", "result", "collectif", "1"], "");
        let poll = [
            "group",
            "propose",
            "collectif",
            "poll",
            "quel soir ?",
            "--choices",
        ];
        screen.run(&bob, &[&poll[..], &["mardi,samedi"]].concat(), "");
        said(&anne, "collectif", "2", 0);
        screen.run(&anne, &["group", "answer", "collectif", "2", "samedi"], "");
        screen.run(&anne, &["group", "list"], "");
        screen.run(
            &anne,
            &["group", "propose", "collectif", "suspend", "bob"],
            "",
        );
        screen.run(
            &anne,
            &["group", "propose", "collectif", "policy", "hours=48"],
            "",
        );
        screen.run(&anne, &["group", "withdraw", "collectif", "3"], "");
        screen.run(&anne, &["group", "minutes", "collectif"], "");
        screen.run(&anne, &["group", "show", "collectif", "--cost"], "");
        screen.run(
            &anne,
            &["send", "collectif", "à mardi, 19 h", "--wait=60s"],
            "",
        );
        screen.run(&bob, &["inbox"], "");
        screen.run(
            &anne,
            &["group", "report", "collectif", "bob", "prise lundi"],
            "",
        );
        screen.run(
            &anne,
            &["send", "collectif", "où es-tu ?", "--no-input"],
            "",
        );
        screen.run(&anne, &["group", "leave", "collectif", "--no-input"], "");
        screen.run(&anne, &["group", "leave", "collectif", "--yes"], "");
        let motions = bob.kith(&["group", "show", "collectif", "--json"]).json();
        for motion in motions["motions"].as_array().unwrap() {
            let words: Vec<_> = motion["words"].as_array().unwrap().iter().collect();
            let words: Vec<_> = words.iter().filter_map(|word| word.as_str()).collect();
            screen.hide(&words.join("-"), "two-words");
        }
        screen.compare("group");
    }
}
