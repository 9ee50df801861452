//! Texts without errors: printed, they parse again, and print the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pcsh::syntax::{Source, parse, print};

fuzz_target!(|text: &str| {
    let first = parse(&Source::anonymous(text));
    if !first.errors.is_empty() {
        return;
    }
    let printed = print(&first.ast);
    let second = parse(&Source::anonymous(printed.as_str()));
    assert!(second.errors.is_empty(), "printed text does not parse:\n{printed}\n{:?}", second.errors);
    let again = print(&second.ast);
    assert_eq!(printed, again, "the second printing differs from the first");
});
