//! Custom patterns of dates and time spans, taken apart: what is written as it stands, and runs of one letter.

/// A part of a pattern.
pub(in crate::value) enum Piece<'p> {
    /// Text in quotes or after a backslash.
    Literal(&'p [char]),
    /// A letter, and how often it stands there.
    Run(char, usize),
}

/// The parts of a pattern; `None` among them where a quote is not closed or nothing follows a backslash.
pub(in crate::value) struct Pieces<'p> {
    rest: &'p [char],
}

impl<'p> Pieces<'p> {
    pub(in crate::value) fn of(pattern: &'p [char]) -> Self {
        Pieces { rest: pattern }
    }

    /// The next so many characters, and those after them.
    fn take(&mut self, from: &'p [char], length: usize, closing: usize) -> Option<Piece<'p>> {
        let (literal, rest) = from.split_at_checked(length).unwrap_or((from, &[]));
        self.rest = rest.get(closing..).unwrap_or(&[]);
        (literal.len() == length).then_some(Piece::Literal(literal))
    }
}

impl<'p> Iterator for Pieces<'p> {
    type Item = Option<Piece<'p>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (first, after) = self.rest.split_first()?;
            match first {
                '%' => self.rest = after,
                '\\' => return Some(self.take(after, 1, 0)),
                '\'' | '"' => {
                    let length = after.iter().position(|next| next == first).unwrap_or(usize::MAX);
                    return Some(self.take(after, length, 1));
                }
                _ => {
                    let run = self.rest.iter().take_while(|next| *next == first).count();
                    self.rest = self.rest.get(run..).unwrap_or(&[]);
                    return Some(Some(Piece::Run(*first, run)));
                }
            }
        }
    }
}
