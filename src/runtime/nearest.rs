//! Which known names come closest to a misspelt one: for errors that offer a way out.

/// Longest name that is compared; nobody mistypes longer ones.
const LONGEST: usize = 80;

/// The known names closest to a misspelt one, the closest first, at most `limit`; none where all are far.
pub(crate) fn nearest<T: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = T>, limit: usize) -> Vec<T> {
    if wanted.len() > LONGEST {
        return Vec::new();
    }
    let wanted = wanted.to_ascii_lowercase();
    let allowed = wanted.len() / 4 + 1;
    let near = |name: T| {
        let other = name.as_ref().to_ascii_lowercase();
        let distance = if other.len().abs_diff(wanted.len()) > allowed { usize::MAX } else { edits(&wanted, &other) };
        (distance <= allowed).then_some((distance, name))
    };
    let mut rows: Vec<(usize, T)> = known.into_iter().filter_map(near).collect();
    rows.sort_by(|left, right| (left.0, left.1.as_ref()).cmp(&(right.0, right.1.as_ref())));
    let best = rows.first().map_or(0, |row| row.0);
    rows.into_iter().take_while(|row| row.0 <= best + 1).take(limit).map(|row| row.1).collect()
}

/// Edits from one text to the other: letters put in, taken out, exchanged, or two neighbours swapped.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn misspelt_names_find_their_own() {
        let known = ["Get-ChildItem", "Get-CsPersistentChatRoom", "Set-CsPersistentChatRoom", "Sort-Object", "dir"];
        for (wanted, found) in [
            ("Get-CsPersistantChatRoom", vec!["Get-CsPersistentChatRoom", "Set-CsPersistentChatRoom"]),
            ("gte-childitem", vec!["Get-ChildItem"]),
            ("SortObject", vec!["Sort-Object"]),
            ("dri", vec!["dir"]),
            ("something-else", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(nearest(wanted, known, 3), found, "{wanted}");
        }
    }
}
