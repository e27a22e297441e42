//! What only somebody at a terminal sees: a code drawn in its cells, a question before the first line.

use super::home::{Home, PATIENCE, until};

/// Too few rows for the full screen: one talks in lines there.
const LINES: (u16, u16) = (15, 100);

/// The text of the code that stands in these cells, as a camera reads it.
fn code_in(screen: &vt100::Screen) -> Option<String> {
    let (rows, columns) = screen.size();
    let (rows, columns) = (usize::from(rows.get()), usize::from(columns.get()));
    let black = |x: usize, y: usize| {
        let cell = screen.cell(u16::try_from(y / 2).unwrap(), u16::try_from(x).unwrap());
        let cell = cell.unwrap();
        let ink = match cell.contents() {
            "█" => true,
            "▀" => y.is_multiple_of(2),
            "▄" => !y.is_multiple_of(2),
            _ => false,
        };
        let color = if ink { cell.fgcolor() } else { cell.bgcolor() };
        // Nobody knows what the terminal's own colours are.
        color != vt100::Color::Idx(7)
    };
    let by = 4;
    let mut picture =
        rqrr::PreparedImage::prepare_from_bitmap(columns * by, 2 * rows * by, |x, y| {
            black(x / by, y / by)
        });
    let codes = picture.detect_grids();
    codes.first().map(|code| code.decode().unwrap().1)
}

#[test]
fn an_invitation_drawn_on_a_terminal_is_read_from_its_cells_and_used() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let mut drawn = anne.terminal((24, 80), &["invite", "--as", "zoé", "--qr"]);
    assert_eq!(drawn.ends(), 0);
    let code = until(PATIENCE, || drawn.look(code_in)).expect("no code on the screen");
    assert!(code.starts_with("KITH:"));
    let taken = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
    assert!(taken.done().contains("linked by code"));
}

#[test]
fn where_a_code_cannot_be_drawn_whole_its_text_is_printed_and_why_is_said() {
    let anne = Home::new();
    let _up = anne.start();
    let args = ["invite", "--as", "zoé", "--qr", "--lang", "en"];
    let mut small = anne.terminal((20, 80), &args);
    assert_eq!(small.ends(), 0);
    small.shows("too small");
    let seen = small.shows("KITH:");
    assert!(!seen.contains(['▀', '▄', '█']), "{seen}");
    let args = ["invite", "--as", "bob", "--qr", "--plain", "--lang", "en"];
    let mut plain = anne.terminal((50, 80), &args);
    assert_eq!(plain.ends(), 0);
    plain.shows("with colours only");
    let seen = plain.shows("KITH:");
    assert!(!seen.contains(['▀', '▄', '█']), "{seen}");
}

#[test]
fn the_first_line_to_somebody_not_met_is_asked_about_once() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let mut chat = anne.terminal(LINES, &["chat", "zoé", "--lang", "en"]);
    chat.shows("to zoé (not met) >");
    chat.types("un secret\r");
    chat.shows("Send it? [y/N]");
    chat.types("\r");
    chat.shows("Not sent.");
    chat.types("salut\r");
    until(PATIENCE, || {
        let asked = chat.contents().matches("Send it?").count();
        (asked == 2).then_some(())
    })
    .expect("asked again");
    chat.types("y\r");
    chat.shows("delivered to zoé");
    chat.types("ça va ?\r/quit\r");
    assert_eq!(chat.ends(), 0);
    assert_eq!(chat.contents().matches("Send it?").count(), 2);
    let arrived = || (anne.status()["outbox"] == 0).then_some(());
    until(PATIENCE, arrived).expect("it never arrives");
    let texts: Vec<_> = zoe.inbox().iter().map(|m| m["text"].clone()).collect();
    assert_eq!(texts, ["salut", "ça va ?"]);

    let mut again = anne.terminal(LINES, &["chat", "zoé", "--lang", "en"]);
    again.shows("to zoé (not met) >");
    again.types("encore\r/quit\r");
    assert_eq!(again.ends(), 0);
    assert!(!again.contents().contains("Send it?"));
    until(PATIENCE, arrived).expect("it never arrives");
    assert_eq!(zoe.inbox()[0]["text"], "encore");
}

#[test]
fn a_script_is_told_that_it_writes_to_somebody_not_met_and_is_not_asked() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let first = anne.kith(&["send", "zoé", "un", "--lang", "en"]);
    assert!(
        first
            .err
            .contains("your first message to zoé (by code, not met)"),
        "{first:?}"
    );
    first.done();
    let second = anne.kith(&["send", "zoé", "deux", "--lang", "en"]);
    assert!(second.err.is_empty(), "{second:?}");
    second.done();
}
