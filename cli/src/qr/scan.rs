//! Reads a code out of a picture that somebody gave: bounded in bytes, in pixels and in time, since
//! nothing is known of who made it.

use std::io::Cursor;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use kith_proto::limits::{SCAN_PIXELS_MAX, SCAN_SIDE_PIXELS};
use png::{ColorType, Decoder, Limits, Transformations};
use rqrr::PreparedImage;

/// How a picture begins that is read.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// An honest picture takes a fraction of a second; one full of corners of codes would take for ever.
const WITHIN: Duration = Duration::from_secs(10);
/// The thread that looks at pictures: it may end at any pixel, and nobody needs to be told where.
pub(crate) const READER: &str = "picture";

/// The texts of the codes in a picture, those that can be read; none if these bytes are no picture.
pub(crate) fn scan(bytes: Vec<u8>) -> Option<Vec<String>> {
    scan_within(WITHIN, bytes)
}

pub(super) fn scan_within(most: Duration, bytes: Vec<u8>) -> Option<Vec<String>> {
    if !bytes.starts_with(PNG) {
        return None;
    }
    let (found, heard) = channel();
    let look = move || {
        let texts = Picture::decode(&bytes).map(|picture| picture.shrunk().texts());
        let _ = found.send(texts.unwrap_or_default());
    };
    let thread = thread::Builder::new().name(READER.to_owned());
    // A thread that hangs ends with the command.
    let _thread = thread.spawn(look);
    Some(heard.recv_timeout(most).unwrap_or_default())
}

/// Grey pixels, row by row: 0 is black.
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) grey: Vec<u8>,
}

impl Picture {
    fn decode(png: &[u8]) -> Option<Self> {
        let bytes = SCAN_PIXELS_MAX.saturating_mul(4);
        let mut decoder = Decoder::new_with_limits(Cursor::new(png), Limits { bytes });
        decoder.set_transformations(Transformations::normalize_to_color8());
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        let mut reader = decoder.read_info().ok()?;
        let (width, height) = reader.info().size();
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        let pixels = width.checked_mul(height)?;
        if pixels == 0 || pixels > SCAN_PIXELS_MAX {
            return None;
        }
        let mut raw = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut raw).ok()?;
        let of = |samples: &[u8]| grey(frame.color_type, samples);
        let samples = raw.chunks_exact(frame.color_type.samples());
        let grey: Vec<_> = samples.take(pixels).map(of).collect();
        (grey.len() == pixels).then_some(Self { width, grey })
    }

    /// Small enough to be looked through: the mean of squares of pixels stands for each.
    fn shrunk(self) -> Self {
        let height = self.grey.len() / self.width;
        let by = self.width.max(height).div_ceil(SCAN_SIDE_PIXELS);
        if by <= 1 {
            return self;
        }
        let (width, rows) = ((self.width / by).max(1), (height / by).max(1));
        let mean = |x: usize, y: usize| {
            let square = (y * by..(y + 1) * by).flat_map(|y| {
                let from = y * self.width + x * by;
                self.grey.get(from..from + by).unwrap_or_default()
            });
            let (sum, count) = square.fold((0, 0), |(sum, count), grey| {
                (sum + usize::from(*grey), count + 1)
            });
            u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
        };
        let grey = (0..rows).flat_map(|y| (0..width).map(move |x| (x, y)));
        let grey = grey.map(|(x, y)| mean(x, y)).collect();
        Self { width, grey }
    }

    pub(super) fn texts(self) -> Vec<String> {
        let height = self.grey.len() / self.width;
        let at = |x: usize, y: usize| self.grey.get(y * self.width + x).copied().unwrap_or(0);
        let mut picture = PreparedImage::prepare_from_greyscale(self.width, height, at);
        let codes = picture.detect_grids().into_iter();
        codes
            .filter_map(|code| Some(code.decode().ok()?.1))
            .collect()
    }
}

/// A pixel of 8-bit samples, on white where it can be seen through.
fn grey(color: ColorType, samples: &[u8]) -> u8 {
    let [red, green, blue, alpha] = match (color, samples) {
        (ColorType::GrayscaleAlpha, [grey, alpha]) => [*grey, *grey, *grey, *alpha],
        (ColorType::Rgb, [red, green, blue]) => [*red, *green, *blue, u8::MAX],
        (ColorType::Rgba, [red, green, blue, alpha]) => [*red, *green, *blue, *alpha],
        (_, [grey, ..]) => [*grey, *grey, *grey, u8::MAX],
        _ => [u8::MAX; 4],
    };
    let [red, green, blue, alpha] = [red, green, blue, alpha].map(u32::from);
    let grey = (299 * red + 587 * green + 114 * blue) / 1000;
    let seen = (grey * alpha + 255 * (255 - alpha)) / 255;
    u8::try_from(seen).unwrap_or(u8::MAX)
}
