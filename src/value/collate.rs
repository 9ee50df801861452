//! The order of text as .NET's invariant culture has it: punctuation before digits before letters, accents after
//! the plain letter, lower case before upper where all else is equal. Equality without case is ordinal.

use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;

/// ASCII characters in collation order, before the letters.
const ASCII_ORDER: &[u8; 48] = b"\t\n\x0b\x0c\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/// Primary weight of each ASCII character.
static WEIGHTS: [u8; 128] = weights();

const fn weights() -> [u8; 128] {
    let mut table = [1u8; 128];
    let mut index = 0;
    while index < ASCII_ORDER.len() {
        let byte = ASCII_ORDER[index];
        table[byte as usize] = index as u8 + 2;
        index += 1;
    }
    let mut letter = 0u8;
    while letter < 26 {
        table[(b'a' + letter) as usize] = 100 + letter;
        table[(b'A' + letter) as usize] = 100 + letter;
        letter += 1;
    }
    table
}

/// Base letters of U+00C0 to U+017F; `?` where the character stands for itself.
const LATIN_BASES: &str = "AAAAAA?CEEEEIIII?NOOOOO?OUUUUY??aaaaaa?ceeeeiiii?nooooo?ouuuuy?y\
AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKk?LlLlLl?\
?LlNnNnNn???OoOoOo??RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz?";

/// A letter without its accent, and whether it had one.
fn base(character: char) -> (char, bool) {
    let code = character as u32;
    if !(0xc0..0x180).contains(&code) {
        return (character, false);
    }
    match LATIN_BASES.as_bytes().get((code - 0xc0) as usize) {
        Some(b'?') | None => (character, false),
        Some(letter) => (*letter as char, true),
    }
}

fn primary(character: char) -> u32 {
    let (character, _) = base(character);
    if character.is_ascii() {
        return u32::from(WEIGHTS[character as usize & 127]);
    }
    0x100 + simple_lower(character) as u32
}

fn secondary(character: char) -> u32 {
    let (_, accented) = base(character);
    if accented { simple_lower(character) as u32 } else { 0 }
}

fn simple_lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => character,
    }
}

/// One character in upper case where that is one character, as .NET's invariant casing does.
#[inline]
pub(crate) fn simple_upper(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_uppercase();
    }
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => character,
    }
}

/// True where two texts are equal, with or without case.
#[inline]
pub(crate) fn equal(left: &str, right: &str, case_sensitive: bool) -> bool {
    if !case_sensitive {
        return equal_ignoring_case(left, right);
    }
    left == right || !(left.is_ascii() && right.is_ascii()) && folded(left).eq(folded(right))
}

/// What a culture compares: letters with their marks taken apart, without what nobody sees.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let unseen = |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.nfd().filter(move |c| !unseen(c))
}

/// True where two texts are equal but for case.
#[inline]
pub(crate) fn equal_ignoring_case(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    left.chars().map(simple_upper).eq(right.chars().map(simple_upper))
        || folded(left).map(simple_upper).eq(folded(right).map(simple_upper))
}

/// The order of two texts, with or without case.
pub(crate) fn order(left: &str, right: &str, case_sensitive: bool) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        return order_ascii(left.as_bytes(), right.as_bytes(), case_sensitive);
    }
    let by = |weight: fn(char) -> u32| left.chars().map(weight).cmp(right.chars().map(weight));
    let plain = by(primary).then_with(|| by(secondary));
    if case_sensitive { plain.then_with(|| by(|c| u32::from(c.is_uppercase()))) } else { plain }
}

fn order_ascii(left: &[u8], right: &[u8], case_sensitive: bool) -> Ordering {
    let mut tie = Ordering::Equal;
    for (a, b) in left.iter().zip(right) {
        if a == b {
            continue;
        }
        let (first, second) = (WEIGHTS[usize::from(a & 127)], WEIGHTS[usize::from(b & 127)]);
        if first != second {
            return first.cmp(&second);
        }
        if tie == Ordering::Equal && case_sensitive {
            tie = b.cmp(a);
        }
    }
    left.len().cmp(&right.len()).then(tie)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(words: &[&'static str], case_sensitive: bool) -> Vec<&'static str> {
        let mut words = words.to_vec();
        words.sort_by(|a, b| order(a, b, case_sensitive));
        words
    }

    #[test]
    fn order_is_the_cultures() {
        assert_eq!(sorted(&["b", "A", "a", "B"], true), ["a", "A", "b", "B"]);
        assert_eq!(sorted(&["a-b", "ab", "a b", "a_b", "aa"], false), ["a b", "a_b", "a-b", "aa", "ab"]);
        assert_eq!(sorted(&["_x", "X", "1", "-1", "é", "e", "f"], false), ["_x", "-1", "1", "e", "é", "f", "X"]);
        assert_eq!(sorted(&["item10", "item9", "Item1"], false), ["Item1", "item10", "item9"]);
        assert_eq!(order("abc", "ABD", true), Ordering::Less);
        assert_eq!(order("ab", "a", false), Ordering::Greater);
        assert_eq!(order("résumé", "resume", false), Ordering::Greater);
        assert_eq!(order("z", "ω", false), Ordering::Less);
    }

    #[test]
    fn equality_is_ordinal() {
        for (left, right, expected) in
            [("A", "a", true), ("Ω", "ω", true), ("ß", "ss", false), ("İ", "i", false), ("é", "E", false)]
        {
            assert_eq!(equal_ignoring_case(left, right), expected, "{left} {right}");
        }
    }
}
