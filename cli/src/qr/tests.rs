//! What is drawn is read again, from the cells of a terminal and from a picture; pictures that somebody
//! made to do harm end in nothing.

use std::num::NonZeroU16;
use std::time::Duration;

use png::{BitDepth, ColorType, Encoder};
use vt100::{Color, Parser};

use super::scan::{Picture, scan_within};
use kith_proto::words::{Language, plain, words};

use super::*;

/// As long as an invitation with an onion address: the longest there is.
fn longest() -> String {
    let letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().cycle();
    let code = "KITH:".chars().chain(letters.skip(7)).take(154);
    code.collect()
}

/// A terminal's cells after this was written on it, as light (255) and dark (0) modules.
fn on_screen(drawn: &str, before: &str, columns: u16) -> (usize, Vec<u8>) {
    let size = |n| NonZeroU16::new(n).unwrap();
    let mut terminal = Parser::new(size(24), size(columns), 0);
    terminal.process(before.as_bytes());
    terminal.process(drawn.replace('\n', "\r\n").as_bytes());
    let screen = terminal.screen();
    let shade = |color| match color {
        Color::Idx(0) => 0,
        Color::Idx(7) => 255,
        // The terminal's own: nobody knows.
        _ => 128,
    };
    let mut modules = Vec::new();
    for row in 0..24 {
        let cells = (0..columns).map(|column| screen.cell(row, column).unwrap());
        let cells: Vec<_> = cells.collect();
        for half in 0..2 {
            modules.extend(cells.iter().map(|cell| {
                let ink = match cell.contents() {
                    "█" => true,
                    "▀" => half == 0,
                    "▄" => half == 1,
                    _ => false,
                };
                shade(if ink { cell.fgcolor() } else { cell.bgcolor() })
            }));
        }
    }
    (usize::from(columns), modules)
}

/// So many pixels for each module.
fn enlarged((width, modules): (usize, Vec<u8>), by: usize) -> Picture {
    let row = |row: &[u8]| -> Vec<u8> {
        let wide = row.iter().flat_map(|grey| vec![*grey; by]);
        wide.collect::<Vec<_>>().repeat(by)
    };
    Picture {
        width: width * by,
        grey: modules.chunks(width).flat_map(row).collect(),
    }
}

fn png(width: usize, color: ColorType, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let height = samples.len() / color.samples() / width;
    let mut encoder = Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    drop(writer);
    bytes
}

#[test]
fn the_longest_code_fits_a_terminal_of_24_rows_and_is_read_from_its_cells() {
    let code = longest();
    let qr = Qr::of(&code).unwrap();
    assert_eq!(qr.room(), (45, 23));
    for before in ["", "\u{1b}[97;104;1;7m"] {
        let cells = on_screen(&qr.drawn(), before, 80);
        assert_eq!(enlarged(cells, 4).texts().join(" "), code, "{before:?}");
    }
}

#[test]
fn every_module_is_black_or_white_by_itself_with_a_margin_of_four() {
    let qr = Qr::of(&longest()).unwrap();
    let (columns, modules) = on_screen(&qr.drawn(), "", 80);
    for (at, shade) in modules.iter().enumerate() {
        let (x, y) = (at % columns, at / columns);
        let (inside, in_margin) = (x < 45 && y < 45, x < 4 || y < 4 || x > 40 || y > 40);
        match (inside, in_margin) {
            (true, true) => assert_eq!(*shade, 255, "{x} {y}"),
            (true, false) => assert_ne!(*shade, 128, "{x} {y}"),
            // The lower half of the last row is still white.
            (false, _) if x < 45 && y < 46 => assert_eq!(*shade, 255),
            (false, _) => assert_eq!(*shade, 128, "{x} {y}"),
        }
    }
}

#[test]
fn a_code_is_read_from_pictures_of_every_kind() {
    let code = longest();
    let cells = on_screen(&Qr::of(&code).unwrap().drawn(), "", 60);
    for by in [3, 8, 40] {
        let Picture { width, grey } = enlarged((cells.0, cells.1.clone()), by);
        let pixels = |with: fn(u8) -> Vec<u8>| grey.iter().flat_map(|g| with(*g)).collect();
        let kinds: [(ColorType, Vec<u8>); 4] = [
            (ColorType::Grayscale, grey.clone()),
            (ColorType::GrayscaleAlpha, pixels(|g| vec![0, 255 - g])),
            (ColorType::Rgb, pixels(|g| vec![g, g, g])),
            (ColorType::Rgba, pixels(|g| vec![g, g, g, 255])),
        ];
        for (color, samples) in kinds {
            let found = scan(png(width, color, &samples)).unwrap();
            assert_eq!(found.join(" "), code, "{by} {color:?}");
        }
    }
}

#[test]
fn what_is_no_picture_is_left_to_others() {
    assert!(scan(b"KITH:0123".to_vec()).is_none());
    assert!(scan(Vec::new()).is_none());
}

#[test]
fn a_picture_made_to_do_harm_holds_nothing() {
    let cells = on_screen(&Qr::of(&longest()).unwrap().drawn(), "", 60);
    let Picture { width, grey } = enlarged(cells, 4);
    let good = png(width, ColorType::Grayscale, &grey);
    // Said to be 65535 x 65535, with few bytes behind it; and of no size.
    let mut huge = good.clone();
    huge[16..24].copy_from_slice(&[0, 0, 255, 255, 0, 0, 255, 255]);
    let mut empty = good.clone();
    empty[16..24].fill(0);
    let bomb = png(4096, ColorType::Grayscale, &vec![0; 4096 * 4097]);
    for bytes in [
        huge,
        empty,
        bomb,
        good[..good.len() / 2].to_vec(),
        good[..20].to_vec(),
    ] {
        assert!(scan(bytes).unwrap().is_empty());
    }
}

/// Corners of codes, and nothing but: to try them all together takes minutes.
#[test]
fn a_picture_full_of_corners_is_given_up() {
    let corner = |x: usize, y: usize| {
        let (dx, dy) = ((x % 9).abs_diff(4), (y % 9).abs_diff(4));
        !matches!(dx.max(dy), 0 | 1 | 3)
    };
    let side = 450;
    let shade = |at| if corner(at % side, at / side) { 255 } else { 0 };
    let grey: Vec<u8> = (0..side * side).map(shade).collect();
    let picture = png(side, ColorType::Grayscale, &grey);
    let found = scan_within(Duration::from_millis(100), picture);
    assert!(found.unwrap().is_empty());
}

#[test]
fn every_word_of_a_board_has_the_letters_that_a_picture_holds() {
    for language in [Language::French, Language::English] {
        for n in 0..2048_u16 {
            let word = words(&(n << 5).to_be_bytes(), 1, language).concat();
            let capitals = plain(&word).to_uppercase();
            assert!(capitals.bytes().all(|b| b.is_ascii_uppercase()), "{word}");
        }
    }
}
