//! Any text: the parser neither panics nor hangs, and every place it names lies inside the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pcsh::syntax::{Source, Span, tokenize};

fn inside(text: &str, span: Span) -> bool {
    let (start, end) = (span.start as usize, span.end as usize);
    start <= end && text.is_char_boundary(start) && text.is_char_boundary(end)
}

fuzz_target!(|text: &str| {
    let source = Source::anonymous(text);
    let (parsed, tokens) = tokenize(&source);
    assert!(inside(text, parsed.ast.span), "the tree lies outside: {:?}", parsed.ast.span);
    for token in &tokens {
        assert!(inside(text, token.span), "a token lies outside: {token:?}");
    }
    for error in &parsed.errors {
        assert!(inside(text, error.span), "an error lies outside: {error:?}");
    }
    // An end is a place too; line and column of it must be found.
    let end = source.position(u32::try_from(text.len()).unwrap_or(u32::MAX));
    assert!(end.line >= 1 && end.column >= 1);
});
