//! Text encodings by the names that `-Encoding` takes, with byte order marks. UTF-8 without a mark is the default.

mod reader;

pub(crate) use reader::TextReader;

use encoding_rs::Encoding;

/// A way to turn text into bytes and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextEncoding {
    /// `utf8`, `utf8NoBOM`.
    Utf8,
    /// `utf8BOM`.
    Utf8Bom,
    /// `unicode`: UTF-16, little-endian.
    Utf16Le,
    /// `bigendianunicode`.
    Utf16Be,
    /// `utf32`, little-endian.
    Utf32Le,
    /// `bigendianutf32`.
    Utf32Be,
    /// `ascii`: what is not ASCII becomes `?`.
    Ascii,
    /// `latin1`.
    Latin1,
    /// A code page of the WHATWG list.
    Other(&'static Encoding),
}

/// Names that `-Encoding` takes.
const NAMES: &[(&str, TextEncoding)] = &[
    ("utf8", TextEncoding::Utf8),
    ("utf8NoBOM", TextEncoding::Utf8),
    ("utf8BOM", TextEncoding::Utf8Bom),
    ("unicode", TextEncoding::Utf16Le),
    ("bigendianunicode", TextEncoding::Utf16Be),
    ("utf32", TextEncoding::Utf32Le),
    ("bigendianutf32", TextEncoding::Utf32Be),
    ("ascii", TextEncoding::Ascii),
    ("latin1", TextEncoding::Latin1),
    ("default", TextEncoding::Utf8),
    ("oem", TextEncoding::Utf8),
    ("ansi", TextEncoding::Utf8),
    ("string", TextEncoding::Utf16Le),
    ("unknown", TextEncoding::Utf8),
    ("utf-8", TextEncoding::Utf8),
    ("utf-16", TextEncoding::Utf16Le),
    ("utf-16le", TextEncoding::Utf16Le),
    ("utf-16be", TextEncoding::Utf16Be),
    ("utf-32", TextEncoding::Utf32Le),
    ("us-ascii", TextEncoding::Ascii),
    ("iso-8859-1", TextEncoding::Latin1),
];

/// Code pages by number.
const CODE_PAGES: &[(u32, &str)] = &[
    (65001, "utf-8"),
    (1200, "unicode"),
    (1201, "bigendianunicode"),
    (12000, "utf32"),
    (12001, "bigendianutf32"),
    (20127, "ascii"),
    (28591, "latin1"),
    (932, "shift_jis"),
    (936, "gbk"),
    (949, "euc-kr"),
    (950, "big5"),
    (866, "ibm866"),
    (874, "windows-874"),
    (1250, "windows-1250"),
    (1251, "windows-1251"),
    (1252, "windows-1252"),
    (1253, "windows-1253"),
    (1254, "windows-1254"),
    (1255, "windows-1255"),
    (1256, "windows-1256"),
    (1257, "windows-1257"),
    (1258, "windows-1258"),
    (28592, "iso-8859-2"),
    (28605, "iso-8859-15"),
    (20866, "koi8-r"),
];

impl TextEncoding {
    /// By a name that `-Encoding` takes, a web name, or a code page number.
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        let name = name.trim();
        if let Ok(number) = name.parse::<u32>() {
            return CODE_PAGES.iter().find(|row| row.0 == number).and_then(|row| Self::by_name(row.1));
        }
        NAMES
            .iter()
            .find(|row| row.0.eq_ignore_ascii_case(name))
            .map(|row| row.1)
            .or_else(|| Encoding::for_label(name.as_bytes()).map(TextEncoding::Other))
    }

    /// The mark that files in this encoding begin with.
    pub(crate) fn preamble(self) -> &'static [u8] {
        match self {
            TextEncoding::Utf8Bom => b"\xEF\xBB\xBF",
            TextEncoding::Utf16Le => b"\xFF\xFE",
            TextEncoding::Utf16Be => b"\xFE\xFF",
            TextEncoding::Utf32Le => b"\xFF\xFE\0\0",
            TextEncoding::Utf32Be => b"\0\0\xFE\xFF",
            TextEncoding::Utf8 | TextEncoding::Ascii | TextEncoding::Latin1 | TextEncoding::Other(_) => b"",
        }
    }

    /// The encoding that a file's first bytes announce, with the length of the mark.
    pub(crate) fn detect(bytes: &[u8]) -> Option<(Self, usize)> {
        [
            TextEncoding::Utf32Le,
            TextEncoding::Utf32Be,
            TextEncoding::Utf8Bom,
            TextEncoding::Utf16Le,
            TextEncoding::Utf16Be,
        ]
        .into_iter()
        .find(|e| bytes.starts_with(e.preamble()))
        .map(|e| (e, e.preamble().len()))
    }

    /// Text of bytes without a mark; what is malformed becomes U+FFFD.
    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => String::from_utf8_lossy(bytes).into_owned(),
            TextEncoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
            TextEncoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
            TextEncoding::Utf32Le => utf32(bytes, u32::from_le_bytes),
            TextEncoding::Utf32Be => utf32(bytes, u32::from_be_bytes),
            TextEncoding::Ascii => {
                bytes.iter().map(|b| if b.is_ascii() { char::from(*b) } else { char::REPLACEMENT_CHARACTER }).collect()
            }
            TextEncoding::Latin1 => bytes.iter().map(|b| char::from(*b)).collect(),
            TextEncoding::Other(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }

    /// Text of a whole file: a mark at its head decides, else this encoding.
    pub(crate) fn decode_file(self, bytes: &[u8]) -> String {
        match Self::detect(bytes) {
            Some((encoding, mark)) => encoding.decode(bytes.get(mark..).unwrap_or_default()),
            None => self.decode(bytes),
        }
    }

    /// Bytes of a text, without a mark; what the encoding lacks becomes `?`.
    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => text.as_bytes().to_vec(),
            TextEncoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            TextEncoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            TextEncoding::Utf32Le => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            TextEncoding::Utf32Be => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
            TextEncoding::Ascii => text.chars().map(|c| if c.is_ascii() { c as u8 } else { b'?' }).collect(),
            TextEncoding::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
            TextEncoding::Other(encoding) => encode_other(encoding, text),
        }
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks(2).map(|pair| pair.try_into().map_or(0xFFFD, read)).collect();
    String::from_utf16_lossy(&units)
}

fn utf32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> String {
    let code = |four: &[u8]| four.try_into().ok().map(read).and_then(char::from_u32);
    bytes.chunks(4).map(|four| code(four).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// encoding_rs writes numeric character references for what an encoding lacks; .NET writes `?`.
fn encode_other(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut one = [0u8; 4];
    for c in text.chars() {
        let (encoded, _, unmappable) = encoding.encode(c.encode_utf8(&mut one));
        if unmappable { bytes.push(b'?') } else { bytes.extend_from_slice(&encoded) }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_the_encodings_that_hold_it() {
        for name in ["utf8", "utf8BOM", "unicode", "bigendianunicode", "utf32", "latin1", "1252", "iso-8859-15"] {
            let encoding = TextEncoding::by_name(name).expect(name);
            let mut file = encoding.preamble().to_vec();
            file.extend(encoding.encode("Grüße, ñ"));
            assert_eq!(encoding.decode_file(&file), "Grüße, ñ", "{name}");
        }
    }

    #[test]
    fn what_an_encoding_lacks_becomes_a_question_mark() {
        for (name, expected) in [("ascii", "a?b"), ("latin1", "a?b"), ("1252", "a?b")] {
            let encoding = TextEncoding::by_name(name).expect(name);
            assert_eq!(encoding.encode("a\u{4e00}b"), expected.as_bytes(), "{name}");
        }
    }

    #[test]
    fn malformed_bytes_become_replacement_characters() {
        assert_eq!(TextEncoding::Utf8.decode(b"a\xFFb"), "a\u{FFFD}b");
        assert_eq!(TextEncoding::Utf16Le.decode(b"a\0b"), "a\u{FFFD}");
        assert_eq!(TextEncoding::by_name("nonsense"), None);
    }
}
