//! Column widths: pure arithmetic on numbers. What does not fit on the right is narrowed, then left out.

/// Columns between two cells.
pub(crate) const SEPARATOR: usize = 1;
/// A display narrower than this shows no table.
pub(crate) const NARROWEST: usize = 5;

/// Room of each column once a table is fitted; `None` for a column that is left out.
pub(crate) type Widths = Vec<Option<usize>>;

/// Fits wanted widths into a display. 0 asks for a share of what is left over.
pub(crate) fn fit(wanted: &[usize], display: usize) -> Widths {
    let mut widths: Vec<usize> = wanted.iter().map(|&width| width.max(1)).collect();
    if total(&widths) <= display {
        share_out(wanted, &mut widths, display);
        return widths.into_iter().map(Some).collect();
    }
    let mut shown = widths.len();
    while shown > 0 {
        let excess = total(&widths[..shown]).saturating_sub(display);
        if excess == 0 {
            break;
        }
        let last = &mut widths[shown - 1];
        if *last > excess {
            *last -= excess;
            break;
        }
        shown -= 1;
    }
    widths.iter().enumerate().map(|(at, &width)| (at < shown).then_some(width)).collect()
}

/// Width of a table with these columns.
fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + SEPARATOR * widths.len().saturating_sub(1)
}

/// Gives the room that is left to the columns that did not say what they want, a column at a time from the left.
fn share_out(wanted: &[usize], widths: &mut [usize], display: usize) {
    let open: Vec<usize> = (0..wanted.len()).filter(|&at| wanted[at] == 0).collect();
    if open.is_empty() {
        return;
    }
    let left = display - total(widths);
    for (place, &at) in open.iter().enumerate() {
        widths[at] += left / open.len() + usize::from(place < left % open.len());
    }
}

/// How many cells of a width stand side by side.
pub(crate) fn side_by_side(cell: usize, display: usize) -> usize {
    if cell == 0 || cell >= display {
        return 1;
    }
    let mut count = 1;
    while cell * (count + 1) + SEPARATOR * count < display {
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_fitted() {
        for (wanted, display, expected) in [
            (&[4, 4][..], 79, vec![Some(4), Some(4)]),
            (&[50, 50, 1], 79, vec![Some(50), Some(28), None]),
            (&[30, 30, 30, 30], 79, vec![Some(30), Some(30), Some(17), None]),
            (&[10, 6, 0], 79, vec![Some(10), Some(6), Some(61)]),
            (&[0, 0, 0], 79, vec![Some(26), Some(26), Some(25)]),
            (&[5, 4], 8, vec![Some(5), Some(2)]),
            (&[100], 79, vec![Some(79)]),
        ] {
            assert_eq!(fit(wanted, display), expected, "{wanted:?} in {display}");
        }
    }

    #[test]
    fn nothing_is_wider_than_the_display() {
        proptest::proptest!(|(wanted in proptest::collection::vec(0usize..40, 1..14), display in 5usize..200)| {
            let shown: Vec<usize> = fit(&wanted, display).into_iter().flatten().collect();
            proptest::prop_assert!(total(&shown) <= display);
        });
    }
}
