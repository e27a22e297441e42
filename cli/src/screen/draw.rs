//! The state in cells: the only place that knows what a terminal shows. Everything goes through one
//! function, piece by piece, into its own part of the screen: what a peer wrote is cleaned already,
//! and cannot leave its place. Bold and one of the 16 colours only; never a colour alone.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::area::{Area, in_rows, notice_rows};
use super::input::Input;
use super::state::{Away, Page, State};
use super::transcript::{Row, Seen};
use crate::words::{Words, msg};

const PLAIN: Style = Style::new();
const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const FOUND: Style = Style::new().add_modifier(Modifier::UNDERLINED);
/// Magenta can be read on light and on dark.
const WARNS: Style = Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD);

/// Draws all of it in the room that there is by now; gives what was seen of the conversation.
pub(super) fn draw(frame: &mut Frame<'_>, words: &Words, state: &mut State) -> Seen {
    let room = frame.area();
    state.resize((room.width, room.height));
    let state = &*state;
    let area = Area::of(state);
    let paper = frame.buffer_mut();
    paper.reset();
    if super::is_too_small(state.size) {
        away(paper, state, &words.get("screen-too-small-now"));
        return Seen::default();
    }
    status(paper, area.status, words, state);
    let why = state.away.map(|why| match why {
        Away::Locked => words.get("screen-locked"),
        Away::Gone => words.get("screen-lost"),
    });
    if let Some(why) = why {
        away(paper, state, &why);
        return Seen::default();
    }
    head(paper, &area, state);
    let seen = match &state.page {
        Some(page) => {
            self::page(paper, &area, page);
            Seen::default()
        }
        None => talk(paper, &area, words, state),
    };
    notices(paper, &area, state);
    hints(paper, area.hints, words, state);
    if let Some(place) = input(paper, area.input, words, state) {
        frame.set_cursor_position(place);
    }
    seen
}

/// Puts text into one row of a part, up to its edge; gives the column after it. What has no width of
/// its own belongs to a letter or to nothing.
fn put(paper: &mut Buffer, part: Rect, row: u16, column: u16, text: &str, style: Style) -> u16 {
    let mut column = column;
    if row >= part.height {
        return column;
    }
    for piece in text.graphemes(true) {
        let piece = if piece == "\t" { "    " } else { piece };
        let width = u16::try_from(piece.width()).unwrap_or(u16::MAX);
        if width == 0 || piece.contains(char::is_control) {
            continue;
        }
        if column.saturating_add(width) > part.width {
            break;
        }
        let place = (part.x + column, part.y + row);
        paper.set_stringn(place.0, place.1, piece, width.into(), style);
        column += width;
    }
    column
}

/// A part from edge to edge.
fn line(paper: &mut Buffer, part: Rect, row: u16) {
    let all = "─".repeat(part.width.into());
    put(paper, part, row, 0, &all, PLAIN);
}

fn away(paper: &mut Buffer, state: &State, why: &str) {
    let (columns, rows) = state.size;
    let part = Rect::new(0, 1, columns, rows.saturating_sub(1));
    for (row, text) in (1..).zip(in_rows(why, columns, rows.into())) {
        put(paper, part, row, 1, &text, BOLD);
    }
}

fn status(paper: &mut Buffer, part: Rect, words: &Words, state: &State) {
    let after = put(paper, part, 0, 1, "Kith", BOLD);
    let status = match state.away {
        None => state.status.clone(),
        Some(_) => words.get("screen-away"),
    };
    let width = u16::try_from(status.width()).unwrap_or(u16::MAX);
    let from = part
        .width
        .saturating_sub(width.saturating_add(1))
        .max(after + 2);
    put(paper, part, 0, from, &status, PLAIN);
}

fn head(paper: &mut Buffer, area: &Area, state: &State) {
    let style = if state.warns { WARNS } else { BOLD };
    let rows = in_rows(&state.head, area.head.width, area.head.height.into());
    for (row, text) in (0..).zip(rows) {
        put(paper, area.head, row, 1, &text, style);
    }
    line(paper, area.edge, 0);
}

fn page(paper: &mut Buffer, area: &Area, page: &Page) {
    let rows = area.rows_of(&page.text);
    for (row, text) in (0..area.body.height).zip(rows.iter().skip(page.above)) {
        put(paper, area.body, row, 1, text, PLAIN);
    }
}

fn talk(paper: &mut Buffer, area: &Area, words: &Words, state: &State) -> Seen {
    list(paper, area, state);
    let (columns, height) = (usize::from(area.talk.width), usize::from(area.talk.height));
    let seen = state.transcript.seen(columns, height);
    for (row, drawn) in (0..).zip(&seen.rows) {
        match drawn {
            Row::New => {
                let new = format!("── {} ──", words.get("screen-new"));
                put(paper, area.talk, row, 0, &new, WARNS);
            }
            Row::Said { text, head, found } => {
                let (who, said) = text.split_at_checked(*head).unwrap_or(("", text));
                let style = if *found { FOUND } else { PLAIN };
                let after = put(paper, area.talk, row, 0, who, BOLD.patch(style));
                put(paper, area.talk, row, after, said, style);
            }
        }
    }
    seen
}

/// `>+zoé           2`: the open one, whether they are there, what is unread.
fn list(paper: &mut Buffer, area: &Area, state: &State) {
    let part = area.list;
    let (open, height) = (state.place(), usize::from(part.height));
    let above = open.map_or(0, |open| (open + 1).saturating_sub(height));
    let rooms = state.rooms.iter().enumerate().skip(above).take(height);
    for (row, (at, room)) in (0..).zip(rooms) {
        let is_open = open == Some(at);
        let style = if is_open || room.unread > 0 {
            BOLD
        } else {
            PLAIN
        };
        put(paper, part, row, 0, if is_open { ">" } else { " " }, BOLD);
        put(
            paper,
            part,
            row,
            1,
            if room.online { "+" } else { " " },
            PLAIN,
        );
        let count = match room.unread {
            0 => String::new(),
            count => count.to_string(),
        };
        let room_left = part.width.saturating_sub(3 + width(&count));
        let name = Rect {
            width: room_left,
            ..part
        };
        put(
            paper,
            name,
            row,
            2,
            &shortened(&room.shown, room_left.saturating_sub(2)),
            style,
        );
        put(
            paper,
            part,
            row,
            part.width.saturating_sub(1 + width(&count)),
            &count,
            BOLD,
        );
    }
    let edge = Rect {
        x: part.x + part.width,
        width: 1,
        ..part
    };
    for row in 0..edge.height {
        put(paper, edge, row, 0, "│", PLAIN);
    }
}

fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// A name of mine in so many columns: what was cut shows.
fn shortened(name: &str, columns: u16) -> String {
    if width(name) <= columns {
        return name.to_owned();
    }
    let mut short = String::new();
    for piece in name.graphemes(true) {
        if width(&short) + width(piece) >= columns {
            break;
        }
        short.push_str(piece);
    }
    short + "…"
}

fn notices(paper: &mut Buffer, area: &Area, state: &State) {
    line(paper, area.notices, 0);
    for (row, text) in (1..).zip(notice_rows(state)) {
        put(paper, area.notices, row, 1, &text, PLAIN);
    }
}

/// What is typed, behind whom it is for; where the cursor stands.
fn input(paper: &mut Buffer, part: Rect, words: &Words, state: &State) -> Option<Position> {
    if let Some(paste) = &state.paste {
        let count = u32::try_from(paste.lines().count()).unwrap_or(u32::MAX);
        let asked = words.say(&msg!("screen-paste", count = count));
        return typed(paper, part, (&asked, WARNS), &state.answer);
    }
    let style = if state.warns { WARNS } else { BOLD };
    typed(paper, part, (&state.prompt, style), &state.input)
}

/// What is typed, behind these words.
fn typed(
    paper: &mut Buffer,
    part: Rect,
    (before, style): (&str, Style),
    input: &Input,
) -> Option<Position> {
    let laid = input.laid(before.width(), part.width.into());
    let above = (laid.row + 1).saturating_sub(part.height.into());
    for (row, (at, text)) in (0..).zip(laid.rows.iter().enumerate().skip(above)) {
        let column = match at {
            0 => put(paper, part, row, 0, before, style),
            _ => 0,
        };
        put(paper, part, row, column, text, PLAIN);
    }
    let row = u16::try_from(laid.row.saturating_sub(above)).ok()?;
    let column = u16::try_from(laid.column)
        .ok()?
        .min(part.width.saturating_sub(1));
    (row < part.height).then(|| Position::new(part.x + column, part.y + row))
}

/// Which keys to begin with: as many as fit, each whole.
fn hints(paper: &mut Buffer, part: Rect, words: &Words, state: &State) {
    let hints = match (&state.page, &state.wanted) {
        (Some(_), _) => words.get("hints-page"),
        (None, Some(_)) => words.get("hints-found"),
        (None, None) => words.get("hints"),
    };
    let mut column = 1;
    for hint in hints.split("  ") {
        if column + width(hint) > part.width {
            return;
        }
        column = put(paper, part, 0, column, hint, PLAIN) + 2;
    }
}

#[cfg(test)]
mod tests;
