//! Where the trust in a friend comes from, as people read it and as programs do.

use kith_node::control::shape::How;

use super::home::Home;
use super::screens::{LANGUAGES, Screen};

#[test]
fn twelve_words_are_read_aloud_and_who_heard_others_is_told() {
    for lang in LANGUAGES {
        let (anne, zoe) = (Home::new(), Home::new());
        let _up = [anne.start(), zoe.start()];
        anne.befriend("zoé", &zoe, "anne");
        let words = anne.client().contact("zoé").unwrap().safety_words;
        let mut screen = Screen::new(lang);
        screen.run(&anne, &["verify", "zoé", "--no-input"], "");
        screen.run(&anne, &["verify", "zoé", "--different"], "");
        let other = words.join(" ").replace(&words[5], "autre");
        screen.run(&anne, &["verify", "zoé", "--same", &other], "");
        screen.run(
            &anne,
            &["verify", "zoé", "--same", &words[..4].join(" ")],
            "",
        );
        assert_eq!(anne.client().contact("zoé").unwrap().state, How::Code);
        screen.run(&anne, &["verify", "zoé", "--same", &words.join(" ")], "");
        screen.run(&anne, &["contact", "show", "zoé"], "");
        screen.hide(&other, "other words");
        for n in [12, 4] {
            screen.hide(&words[..n].join(" "), "words");
        }
        screen.compare("verify");
        let (here, there) = (anne.client().contact("zoé"), zoe.client().contact("anne"));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert_eq!((here.state, there.state), (How::Compared, How::Code));
        assert!(here.compared.is_some() && here.reads != there.reads);
    }
}
