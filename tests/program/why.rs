//! Why a message waits, as people read it and as programs do.

use kith_node::control::shape::{Waits, Why};

use super::home::Home;
use super::screens::{LANGUAGES, Screen};

/// What programs are told.
fn why(home: &Home, of: &str) -> Why {
    let told = home.kith(&["why", of, "--json"]).done();
    serde_json::from_str(&told).unwrap()
}

#[test]
fn a_message_says_why_it_waits_and_a_number_that_is_none_exits_67() {
    for lang in LANGUAGES {
        let (anne, zoe) = (Home::new(), Home::new());
        let _up = anne.start();
        let there = zoe.start();
        anne.befriend("zoé", &zoe, "anne");
        anne.kith(&["send", "zoé", "salut", "--wait=60s"]).done();
        let mut screen = Screen::new(lang);
        screen.run(&anne, &["why", "zoé"], "");
        screen.run(&anne, &["why", "999"], "");
        screen.run(&anne, &["why", "personne"], "");
        assert_eq!(anne.kith(&["why", "999"]).code, 67);
        drop(there);
        anne.sees(0);
        anne.kith(&["send", "zoé", "tu dors ?"]).done();
        let waits = why(&anne, "zoé");
        let id = waits.id.unwrap().to_string();
        let outlook = waits.outlook.unwrap();
        assert_eq!((outlook.waits, outlook.addresses), (Waits::Away, 1));
        assert_eq!(why(&anne, &id).to, "zoé");
        let said = anne.kith(&["why", &id]).done();
        assert!(said.contains("zoé"), "{said}");
        anne.kith(&["contact", "block", "zoé"]).done();
        screen.run(&anne, &["why", "zoé"], "");
        screen.compare("why");
    }
}
