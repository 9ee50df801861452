//! `System.String`: shared, immutable to scripts, UTF-8 inside. Scripts count UTF-16 units, so a string knows
//! whether it is all ASCII, where both countings agree and every index is direct.

use compact_str::CompactString;
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A shared string.
#[derive(Clone)]
pub struct Str(Rc<Inner>);

struct Inner {
    /// Short text stands in place, so that most strings are one allocation.
    text: CompactString,
    /// 0 not looked at yet, 1 all ASCII, 2 not.
    ascii: Cell<u8>,
}

impl Str {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0.text
    }

    /// True where every character is ASCII; looked at once.
    pub(crate) fn is_ascii(&self) -> bool {
        if self.0.ascii.get() == 0 {
            self.0.ascii.set(if self.0.text.is_ascii() { 1 } else { 2 });
        }
        self.0.ascii.get() == 1
    }

    /// Length in UTF-16 units, as `.Length` gives it.
    pub(crate) fn utf16_len(&self) -> usize {
        if self.is_ascii() { self.0.text.len() } else { self.0.text.encode_utf16().count() }
    }

    /// True where both are the very same string object.
    pub(crate) fn same(&self, other: &Str) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Appends, in place where nobody else holds this string: what makes `$s += 'x'` linear.
    pub(crate) fn push_str(&mut self, more: &str) {
        match Rc::get_mut(&mut self.0) {
            Some(inner) => {
                inner.text.push_str(more);
                if inner.ascii.get() == 1 && !more.is_ascii() {
                    inner.ascii.set(2);
                }
            }
            None => {
                let mut text = CompactString::with_capacity((self.0.text.len() + more.len()) * 2);
                text.push_str(&self.0.text);
                text.push_str(more);
                *self = Str(Rc::new(Inner { text, ascii: Cell::new(0) }));
            }
        }
    }
}

impl Default for Str {
    fn default() -> Self {
        thread_local! {
            static EMPTY: Str = Str::from("");
        }
        EMPTY.with(Str::clone)
    }
}
impl From<String> for Str {
    fn from(text: String) -> Self {
        Str(Rc::new(Inner { text: text.into(), ascii: Cell::new(0) }))
    }
}
impl From<&str> for Str {
    #[inline]
    fn from(text: &str) -> Self {
        Str(Rc::new(Inner { text: text.into(), ascii: Cell::new(0) }))
    }
}
impl From<Rc<str>> for Str {
    fn from(text: Rc<str>) -> Self {
        Str::from(&*text)
    }
}
/// Ordinal equality, as keys of tables need it; how scripts compare is the language's matter.
impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}
impl Eq for Str {}
impl std::hash::Hash for Str {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}
impl std::borrow::Borrow<str> for Str {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}
impl Deref for Str {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}
impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
