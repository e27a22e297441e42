//! People around a table: real nodes on loopback, each at a terminal of its own, typing what people
//! type. What is on their screens is French.

use std::fs;
use std::time::Instant;

use super::home::Home;
use super::invitations::picture;
use super::paper::Paper;
use super::running::Node;

const NAMES: [&str; 6] = ["Anne", "Bob", "Carole", "David", "Emma", "Zoé"];

/// Somebody at the table.
pub(super) struct Seat {
    pub(super) name: &'static str,
    pub(super) home: Home,
    pub(super) node: Node,
    pub(super) screen: Paper,
}

/// They sit down: the first one opens, the others come.
fn sit_down(names: &[&'static str], options: &[&str]) -> Vec<Seat> {
    let mut seats = Vec::new();
    for name in names {
        let home = Home::new();
        let node = home.start();
        join(&mut seats, (name, home, node), options);
    }
    seats
}

/// One more sits down: who is the first opens.
pub(super) fn join(
    seats: &mut Vec<Seat>,
    (name, home, node): (&'static str, Home, Node),
    options: &[&str],
) {
    let mut args = vec!["meet", "--lang", "fr", "--nick", name];
    args.extend(options);
    let address = seats.first().map(|host| host.home.meeting());
    if let Some(address) = &address {
        args.extend(["--join", address]);
    }
    let mut screen = home.paper(&args);
    if address.is_none() {
        screen.sees("ou kith meet --join ");
        let address = screen.sees(" si rien").trim().to_owned();
        fs::write(home.beside("meeting"), address).unwrap();
    }
    seats.push(Seat {
        name,
        home,
        node,
        screen,
    });
}

impl Home {
    /// Where the meeting is that was opened here.
    fn meeting(&self) -> String {
        fs::read_to_string(self.beside("meeting")).unwrap()
    }
}

/// Everybody counts, as soon as they see all the others.
pub(super) fn count(seats: &mut [Seat]) {
    let all = seats.len();
    for seat in seats.iter_mut() {
        seat.screen.sees(&format!("{all} ordinateurs ici"));
        seat.screen.sees("Combien d'ordinateurs");
        seat.screen.types(&all.to_string());
    }
}

/// The first one reads; the others find the line among four.
pub(super) fn read_aloud(seats: &mut [Seat]) {
    let (reader, others) = seats.split_first_mut().unwrap();
    reader.screen.sees("Lis cette ligne à voix haute");
    reader.screen.sees("    ");
    let said = reader.screen.line();
    for seat in others {
        seat.screen.sees("Quelle ligne as-tu entendue");
        let lines = seat.screen.sees("Numéro de la ligne");
        let lines: Vec<_> = lines.lines().filter(|line| line.contains("   ")).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        let at = lines.iter().position(|line| line.ends_with(said.trim()));
        seat.screen.types(&(at.unwrap() + 1).to_string());
    }
}

/// All say "same", and all are heard by all.
pub(super) fn tick(seats: &mut [Seat]) {
    let others = seats.len() - 1;
    for seat in seats {
        for _ in 0..others {
            seat.screen.sees("de sa propre voix");
            seat.screen.types("o");
        }
        seat.screen.sees("personne ne se tient entre vous");
    }
}

/// Each gives each a name of their own.
fn name(seats: &mut [Seat]) {
    let others = seats.len() - 1;
    for (at, seat) in seats.iter_mut().enumerate() {
        for _ in 0..others {
            seat.screen.sees("Quel petit nom donnes-TU à ~\"");
            let nick = seat.screen.sees("\"").trim_end_matches('"').to_lowercase();
            seat.screen
                .types(&format!("{nick}.de.{}", seat.name.to_lowercase()));
        }
        if at < others {
            seat.screen.sees("J'attends les autres.");
        }
    }
}

#[test]
fn six_meet_around_a_table_and_then_talk() {
    let began = Instant::now();
    let mut seats = sit_down(&NAMES, &[]);
    count(&mut seats);
    read_aloud(&mut seats);
    tick(&mut seats);
    name(&mut seats);
    for seat in &mut seats {
        for _ in 1..NAMES.len() {
            seat.screen.sees("rencontré·e en personne le ");
        }
        seat.screen.sees("Rien n'a été envoyé à personne d'autre.");
        assert_eq!(seat.screen.ends(), 0);
    }
    eprintln!("six met in {:?}", began.elapsed());
    let list = seats[0].home.kith(&["contact", "list", "--lang", "fr"]);
    assert_eq!(list.done().matches("rencontré·e en personne").count(), 5);
    let [anne, .., zoe] = &mut seats[..] else {
        panic!("six sat down");
    };
    let sent = ["send", "zoé.de.anne", "à demain", "--wait=60s"];
    anne.home.kith(&sent).done();
    let heard = zoe.home.kith(&["inbox"]).done();
    assert!(heard.ends_with("anne.de.zoé: à demain\n"), "{heard}");
}

#[test]
fn everybody_who_met_founds_the_group_and_talks_in_it() {
    let mut seats = sit_down(&NAMES[..4], &["--group", "collectif"]);
    count(&mut seats);
    read_aloud(&mut seats);
    tick(&mut seats);
    name(&mut seats);
    let (host, others) = seats.split_first_mut().unwrap();
    host.screen
        .sees("#collectif est fondé et attend les autres.");
    assert_eq!(host.screen.ends(), 0);
    for seat in others {
        // Who kept everybody is asked nothing more.
        seat.screen.sees("Tu es dans #collectif.");
        assert_eq!(seat.screen.ends(), 0);
    }
    let sent = [
        "send",
        "collectif",
        "à demain",
        "--wait=60s",
        "--lang",
        "fr",
    ];
    let said = seats[3].home.kith(&sent).done();
    assert!(said.contains("Arrivé chez tout le monde"), "{said}");
    for seat in &seats[..3] {
        let heard = seat.home.kith(&["inbox"]).done();
        let from = format!("#collectif david.de.{}: à demain", seat.name.to_lowercase());
        assert!(heard.contains(&from), "{heard}");
    }
    // Having opened the meeting is worth nothing there: each has one seat, and decides.
    for seat in &seats {
        let group = seat.home.kith(&["group", "show", "collectif", "--json"]);
        let group = group.json();
        assert_eq!(
            (&group["members"], &group["spectators"]),
            (&4.into(), &0.into())
        );
    }
}

#[test]
fn a_host_that_vanishes_is_one_sentence_and_nothing_is_kept() {
    let mut seats = sit_down(&NAMES[..3], &[]);
    count(&mut seats);
    read_aloud(&mut seats);
    seats[0].node.strike();
    for seat in &mut seats[1..] {
        seat.screen
            .sees("L'ordinateur qui a ouvert la rencontre est parti.");
        assert_eq!(seat.screen.ends(), 75);
        assert_eq!(seat.home.status()["friends"]["offline"], 0);
    }
}

#[test]
fn a_computer_more_than_people_counted_ends_it() {
    let mut seats = sit_down(&NAMES[..3], &[]);
    for seat in &mut seats {
        seat.screen.sees("3 ordinateurs ici");
        seat.screen.sees("Combien d'ordinateurs");
    }
    // A word that is no number is asked again, not taken.
    seats[0].screen.types("deux");
    seats[0].screen.sees("Combien d'ordinateurs");
    seats[0].screen.types("2");
    seats[0]
        .screen
        .sees("Tu as compté 2 ordinateurs et il y en a 3");
    assert_eq!(seats[0].screen.ends(), 76);
    for seat in &mut seats[1..] {
        assert_eq!(seat.screen.ends(), 75, "who opened it went");
    }
}

#[test]
fn a_no_that_everybody_hears_leaves_nobody_kept() {
    let mut seats = sit_down(&NAMES[..3], &[]);
    count(&mut seats);
    read_aloud(&mut seats);
    // An Enter is "not yet": the next one is asked about.
    seats[1].screen.sees("de sa propre voix");
    seats[1].screen.types("");
    seats[1].screen.sees("de sa propre voix");
    seats[1].screen.types("n");
    seats[1]
        .screen
        .sees("n'étaient pas les mêmes pour tout le monde");
    assert_eq!(seats[1].screen.ends(), 76);
    // The others hear it said aloud, and say it too; who opened it is the last.
    for at in [2, 0] {
        seats[at].screen.sees("de sa propre voix");
        seats[at].screen.types("n");
        seats[at]
            .screen
            .sees("n'étaient pas les mêmes pour tout le monde");
        assert_eq!(seats[at].screen.ends(), 76);
    }
    for seat in &seats {
        assert_eq!(seat.home.status()["friends"]["offline"], 0);
    }
}

#[test]
fn who_leaves_a_meeting_that_gathers_is_missed_by_the_others() {
    let mut seats = sit_down(&NAMES[..3], &[]);
    seats[0].screen.sees("3 ordinateurs ici");
    seats[2].screen.sees("Combien d'ordinateurs");
    seats[2].screen.types("/quit");
    seats[2].screen.sees("Tu as quitté la rencontre");
    assert_eq!(seats[2].screen.ends(), 1);
    seats[0].screen.sees("2 ordinateurs ici");
}

#[test]
fn a_meeting_of_two_goes_through_pipes_and_its_secret_keeps_others_out() {
    let (anne, zoe, eve) = (Home::new(), Home::new(), Home::new());
    let _up = [anne.start(), zoe.start(), eve.start()];
    let mut host = anne.talk(&["meet", "--nick", "Anne", "--secret", "--lang", "en"]);
    let waits = host.hears("Waiting on this network");
    assert!(waits.contains("kith meet --join --secret  (or"), "{waits}");
    let address = waits.split("--join ").last().unwrap();
    let address = address.split(' ').next().unwrap();
    host.hears("Write these eight words");
    let secret = host.hears("    ").trim().to_owned();
    let join = ["meet", "--join", address, "--lang", "en", "--nick"];
    let outside = eve.kith(&[&join[..], &["Eve"]].concat());
    assert_eq!(outside.code, 75, "{outside:?}");
    assert!(
        outside
            .err
            .contains("the words on the board are other words")
    );

    let mut guest = zoe.talk(&[&join[..], &["Zoé", "--secret"]].concat());
    guest.hears("The eight words on the board");
    guest.say(&secret.to_uppercase());
    for one in [&mut host, &mut guest] {
        one.hears("How many computers");
        one.say("2");
    }
    host.hears("Read this line aloud");
    let said = host.hears("    ").trim().to_owned();
    guest.hears("Which line did you hear");
    let lines: Vec<_> = (0..4).map(|_| guest.hears("   ")).collect();
    let at = lines.iter().position(|line| line.ends_with(&said));
    guest.say(&(at.unwrap() + 1).to_string());
    for one in [&mut host, &mut guest] {
        one.hears("in their own voice?");
        one.say("y");
    }
    host.hears("What will YOU call ~\"Zoé\"");
    // A name of the program's own is refused, and asked for again.
    host.say("all");
    host.hears("What will YOU call ~\"Zoé\"");
    host.say("zoé");
    guest.hears("What will YOU call ~\"Anne\"");
    guest.say("");
    guest.hears("~\"Anne\": not kept, nothing is stored.");
    host.hears("~\"Zoé\" did not keep you: nothing is stored.");
    assert_eq!((host.leaves(), guest.leaves()), (0, 0));
    assert_eq!(anne.status()["friends"]["offline"], 0);
}

#[test]
fn the_words_on_the_board_are_read_from_a_picture_and_nothing_else_is() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let open = ["meet", "--nick", "Anne", "--secret", "--qr", "--lang", "en"];
    let mut host = anne.talk(&open);
    let waits = host.hears("Waiting on this network");
    let address = waits.split("--join ").last().unwrap();
    let address = address.split(' ').next().unwrap();
    host.hears("Write these eight words");
    let secret = host.hears("    ").trim().to_owned();
    let capitals = secret.split_whitespace().collect::<Vec<_>>().join(" ");
    let pictures = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = pictures.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let join = [
        "meet", "--join", address, "--lang", "en", "--nick", "Zoé", "--scan",
    ];
    let empty = write("empty", &picture("NOBODY MEETS HERE"));
    let none = zoe.kith(&[&join[..], &[&empty]].concat());
    assert_eq!(none.code, 65, "{none:?}");
    let path = write("board", &picture(&capitals.to_uppercase()));
    let mut guest = zoe.talk(&[&join[..], &[&path]].concat());
    for one in [&mut host, &mut guest] {
        one.hears("2 computers here");
    }
}

#[test]
fn nobody_is_asked_where_nobody_may_be_asked() {
    let anne = Home::new();
    let _up = anne.start();
    anne.kith(&["meet", "--nick", "Anne", "--no-input"])
        .refused(66);
}
