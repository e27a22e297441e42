//! Which part of the terminal shows what. A function of the state alone, so that scrolling and drawing
//! agree.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::state::State;
use crate::view;

/// The list of conversations has so many columns at least and at most.
const LIST_COLUMNS: (u16, u16) = (14, 28);

/// Rows of what is being typed; more of it is scrolled.
const INPUT_ROWS: u16 = 5;

/// Rows of sentences beside the conversation.
const NOTICE_ROWS: usize = 4;

/// Rows that say who it is.
const HEAD_ROWS: usize = 2;

/// The parts, from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) status: Rect,
    pub(super) head: Rect,
    /// The line below it.
    pub(super) edge: Rect,
    /// List and conversation together, or a page in their place.
    pub(super) body: Rect,
    pub(super) list: Rect,
    pub(super) talk: Rect,
    pub(super) notices: Rect,
    pub(super) input: Rect,
    pub(super) hints: Rect,
}

impl Area {
    pub(super) fn of(state: &State) -> Self {
        let (columns, rows) = state.size;
        let mut left = Rect::new(0, 0, columns, rows);
        let status = cut_top(&mut left, 1);
        let head = in_rows(&state.head, columns, HEAD_ROWS);
        let head = cut_top(&mut left, head.len());
        let edge = cut_top(&mut left, 1);
        let hints = cut_bottom(&mut left, 1);
        let prompt = state.prompt.width();
        let typed = state.input.laid(prompt, columns.into()).rows.len();
        let input = cut_bottom(&mut left, typed.min(INPUT_ROWS.into()));
        let notices = notice_rows(state).len();
        // A line above the input, too.
        let notices = cut_bottom(&mut left, notices + 1);
        let (least, most) = LIST_COLUMNS;
        let wide = (columns / 4).clamp(least, most).min(columns);
        let list = Rect {
            width: wide,
            ..left
        };
        // A column at each side stays free.
        let talk = Rect {
            x: left.x + (wide + 2).min(columns),
            width: columns.saturating_sub(wide + 3),
            ..left
        };
        Self {
            status,
            head,
            edge,
            body: left,
            list,
            talk,
            notices,
            input,
            hints,
        }
    }

    /// A page in rows.
    pub(super) fn rows_of(&self, text: &str) -> Vec<String> {
        broken(text, self.body.width)
    }
}

/// Who it is, in as few rows as it takes.
pub(super) fn in_rows(text: &str, columns: u16, most: usize) -> Vec<String> {
    let mut rows = broken(text, columns);
    rows.truncate(most);
    rows
}

/// Sentences beside the conversation, the newest last.
pub(super) fn notice_rows(state: &State) -> Vec<String> {
    let (columns, _) = state.size;
    let said = state.notices.iter();
    let mut rows: Vec<_> = said.flat_map(|text| broken(text, columns)).collect();
    let over = rows.len().saturating_sub(NOTICE_ROWS);
    rows.drain(..over);
    rows
}

fn broken(text: &str, columns: u16) -> Vec<String> {
    let columns = usize::from(columns.saturating_sub(1));
    view::hung(text, columns)
        .split('\n')
        .map(str::to_owned)
        .collect()
}

fn cut_top(from: &mut Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(from.height);
    let top = Rect {
        height: rows,
        ..*from
    };
    from.y += rows;
    from.height -= rows;
    top
}

fn cut_bottom(from: &mut Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(from.height);
    from.height -= rows;
    Rect {
        y: from.y + from.height,
        height: rows,
        ..*from
    }
}
