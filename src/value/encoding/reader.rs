//! Text out of a file or stream piece by piece: decoded as it is read, given on by lines or other parts. Memory holds
//! one buffer and the longest part, whatever the length of the file.

use super::TextEncoding;
use std::io::{self, Read};

/// How many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// Reads text in an encoding; a byte order mark at the head decides which.
pub(crate) struct TextReader<R> {
    source: R,
    encoding: TextEncoding,
    /// Set for encodings that only their own decoder can cut.
    decoder: Option<Box<encoding_rs::Decoder>>,
    /// Bytes that are no whole character yet.
    bytes: Vec<u8>,
    /// Decoded text, given on up to `at`.
    text: String,
    at: usize,
    started: bool,
    ended: bool,
}

impl<R: Read> TextReader<R> {
    /// A reader at the head of a source.
    pub(crate) fn new(source: R, encoding: TextEncoding) -> Self {
        TextReader {
            source,
            encoding,
            decoder: None,
            bytes: Vec::new(),
            text: String::new(),
            at: 0,
            started: false,
            ended: false,
        }
    }

    /// The next line without its end (`\n`, `\r\n` or `\r`); a last end begins no further line.
    pub(crate) fn line(&mut self) -> io::Result<Option<&str>> {
        let mut looked_at = 0;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let end = memchr::memchr2(b'\n', b'\r', rest.get(looked_at..).unwrap_or_default()).map(|at| at + looked_at);
            match end {
                // What follows a `\r` that stands last is not known yet.
                Some(end) if end + 1 < rest.len() || rest.get(end) == Some(&b'\n') || self.ended => {
                    let after = if rest.get(end..end + 2) == Some(b"\r\n") { end + 2 } else { end + 1 };
                    return Ok(Some(self.take(end, after)));
                }
                Some(end) => looked_at = end,
                None => looked_at = rest.len(),
            }
            if self.ended {
                return Ok((looked_at > 0).then(|| self.take(looked_at, looked_at)));
            }
            self.fill()?;
        }
    }

    /// The next part without the delimiter that ends it.
    pub(crate) fn part(&mut self, delimiter: &str) -> io::Result<Option<&str>> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            if let Some(end) = rest.find(delimiter) {
                return Ok(Some(self.take(end, end + delimiter.len())));
            }
            if self.ended {
                let length = rest.len();
                return Ok((length > 0).then(|| self.take(length, length)));
            }
            self.fill()?;
        }
    }

    /// All that is left.
    pub(crate) fn rest(&mut self) -> io::Result<&str> {
        while !self.ended {
            self.fill()?;
        }
        let length = self.text.len() - self.at;
        Ok(self.take(length, length))
    }

    /// What is decoded and not given on yet.
    pub(crate) fn buffered(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Decodes a piece more behind what is buffered; false at the end.
    pub(crate) fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.fill()?;
        Ok(true)
    }

    /// Steps over bytes of what is buffered.
    pub(crate) fn skip(&mut self, length: usize) {
        self.at = (self.at + length).min(self.text.len());
    }

    fn take(&mut self, end: usize, after: usize) -> &str {
        let from = self.at;
        self.at += after;
        self.text.get(from..from + end).unwrap_or_default()
    }

    /// Reads and decodes a piece more.
    fn fill(&mut self) -> io::Result<()> {
        self.text.drain(..self.at);
        self.at = 0;
        let before = self.bytes.len();
        let mut limited = self.source.by_ref().take(PIECE as u64);
        limited.read_to_end(&mut self.bytes)?;
        self.ended = self.bytes.len() == before;
        if !self.started {
            self.start();
        }
        match &mut self.decoder {
            Some(decoder) => {
                let room = decoder.max_utf8_buffer_length(self.bytes.len()).unwrap_or(4 * self.bytes.len() + 16);
                self.text.reserve(room);
                let _ = decoder.decode_to_string(&self.bytes, &mut self.text, self.ended);
                self.bytes.clear();
            }
            None => {
                let whole = if self.ended { self.bytes.len() } else { self.encoding.whole(&self.bytes) };
                let piece = self.bytes.get(..whole).unwrap_or_default();
                match (self.encoding, std::str::from_utf8(piece)) {
                    (TextEncoding::Utf8 | TextEncoding::Utf8Bom, Ok(text)) => self.text.push_str(text),
                    _ => self.text.push_str(&self.encoding.decode(piece)),
                }
                self.bytes.drain(..whole);
            }
        }
        Ok(())
    }

    /// Looks for a mark.
    fn start(&mut self) {
        self.started = true;
        if let Some((encoding, mark)) = TextEncoding::detect(&self.bytes) {
            self.encoding = encoding;
            self.bytes.drain(..mark);
        }
        if let TextEncoding::Other(encoding) = self.encoding {
            self.decoder = Some(Box::new(encoding.new_decoder_without_bom_handling()));
        }
    }
}

impl TextEncoding {
    /// How many of these bytes are whole characters, where more bytes follow.
    fn whole(self, bytes: &[u8]) -> usize {
        let length = bytes.len();
        let last = |n: usize| bytes.get(length.saturating_sub(n)..).unwrap_or_default();
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => {
                let tail = last(3);
                let begun = tail.iter().rposition(|byte| *byte >= 0xC0);
                begun.map_or(length, |at| {
                    let size = match tail.get(at) {
                        Some(0xF0..) => 4,
                        Some(0xE0..) => 3,
                        _ => 2,
                    };
                    let there = tail.len() - at;
                    if there < size { length - there } else { length }
                })
            }
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
                let even = length & !1;
                let high = match (self, bytes.get(even.saturating_sub(2)..even)) {
                    (TextEncoding::Utf16Le, Some([_, byte])) | (_, Some([byte, _])) => (0xD8..0xDC).contains(byte),
                    _ => false,
                };
                if high { even - 2 } else { even }
            }
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => length & !3,
            TextEncoding::Ascii | TextEncoding::Latin1 | TextEncoding::Other(_) => length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives a few bytes at a time.
    struct Drops<'b>(&'b [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let (now, later) = self.0.split_at(self.1.min(self.0.len()).min(into.len()));
            into[..now.len()].copy_from_slice(now);
            self.0 = later;
            Ok(now.len())
        }
    }

    /// Gives at most a few bytes to each `fill`, so that every cut is met.
    fn lines(bytes: &[u8], encoding: TextEncoding) -> Vec<String> {
        let mut reader = TextReader::new(Drops(bytes, 7), encoding);
        let mut lines = Vec::new();
        while let Some(line) = reader.line().expect("it reads") {
            lines.push(line.to_owned());
        }
        lines
    }

    #[test]
    fn every_line_end_counts_and_the_last_begins_no_line() {
        for (text, expected) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\r\nb\rc\n\nd\r", &["a", "b", "c", "", "d"]),
            ("\n\n", &["", ""]),
            ("\r", &[""]),
        ] {
            assert_eq!(lines(text.as_bytes(), TextEncoding::Utf8), expected, "{text:?}");
        }
    }

    #[test]
    fn long_files_are_the_same_as_when_decoded_at_once() {
        let long: String = (0..40_000).map(|n| format!("Zeile {n} süß 日本 😀\r\n")).collect();
        for name in ["utf8", "utf8BOM", "unicode", "bigendianunicode", "utf32", "1252", "shift_jis", "latin1"] {
            let encoding = TextEncoding::by_name(name).expect(name);
            let mut file = encoding.preamble().to_vec();
            file.extend(encoding.encode(&long));
            let whole = encoding.decode_file(&file);
            let expected: Vec<&str> = whole.lines().collect();
            assert!(lines(&file, encoding) == expected, "{name}");
        }
    }

    #[test]
    fn characters_are_not_cut() {
        let text = "é日😀";
        for name in ["utf8", "unicode", "bigendianunicode", "utf32"] {
            let encoding = TextEncoding::by_name(name).expect(name);
            let bytes = encoding.encode(text);
            for cut in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(cut);
                let whole = encoding.whole(head);
                let both = [head.get(whole..).expect("within"), tail].concat();
                let joined = encoding.decode(head.get(..whole).expect("within")) + &encoding.decode(&both);
                assert_eq!(joined, text, "{name} at {cut}");
            }
        }
    }

    #[test]
    fn parts_end_with_their_delimiter() {
        let mut reader = TextReader::new("a--b-c--".as_bytes(), TextEncoding::Utf8);
        let mut parts = Vec::new();
        while let Some(part) = reader.part("--").expect("it reads") {
            parts.push(part.to_owned());
        }
        assert_eq!(parts, ["a", "b-c"]);
    }
}
