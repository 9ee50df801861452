//! Where the values of a JSON text stand in it. The text is known to be well-formed.

/// What kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// A value: its place in the text and what is inside.
#[derive(Debug)]
pub(crate) struct Item {
    /// What kind.
    pub(crate) kind: Kind,
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// Items of an array, and the values of an object.
    pub(crate) items: Vec<Item>,
    /// The names of an object's values.
    pub(crate) names: Vec<String>,
}

/// The places of all values of a text.
pub(crate) fn read(text: &str) -> Option<Item> {
    let mut reader = Reader { text, at: 0 };
    reader.item()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn item(&mut self) -> Option<Item> {
        self.blanks();
        let start = self.at;
        let (mut items, mut names) = (Vec::new(), Vec::new());
        let kind = match self.peek()? {
            b'{' => {
                self.several(b'}', |reader| {
                    names.push(reader.name()?);
                    items.push(reader.item()?);
                    Some(())
                })?;
                Kind::Object
            }
            b'[' => {
                self.several(b']', |reader| {
                    items.push(reader.item()?);
                    Some(())
                })?;
                Kind::Array
            }
            b'"' => {
                self.string()?;
                Kind::String
            }
            first => {
                while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
                    self.at += 1;
                }
                match first {
                    b't' => Kind::True,
                    b'f' => Kind::False,
                    b'n' => Kind::Null,
                    _ => Kind::Number,
                }
            }
        };
        Some(Item { kind, start, end: self.at, items, names })
    }

    /// What stands between brackets, with commas between.
    fn several(&mut self, close: u8, mut one: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.at += 1;
        loop {
            self.blanks();
            match self.peek()? {
                byte if byte == close => {
                    self.at += 1;
                    return Some(());
                }
                b',' => self.at += 1,
                _ => one(self)?,
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let start = self.at;
        self.string()?;
        let name = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
        self.blanks();
        self.at += 1;
        Some(name)
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }
}
