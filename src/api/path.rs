//! Names on the wire: nouns as collection paths, parameters and properties in camel case.

/// The collection path segment of a noun: `CsPersistentChatRoom` → `persistent-chat-rooms`.
pub fn collection(noun: &str) -> String {
    let name = noun.strip_prefix("Cs").unwrap_or(noun);
    plural(kebab(name))
}

/// A wire name as PowerShell shows it, where no manifest tells the exact spelling.
pub(crate) fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn kebab(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    let mut previous_upper = true;
    for letter in name.chars() {
        let upper = letter.is_ascii_uppercase();
        if upper && !previous_upper {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
        previous_upper = upper;
    }
    text
}

/// English plurals as far as nouns of the catalogue need them.
fn plural(word: String) -> String {
    const UNCHANGED: [&str; 2] = ["data", "info"];
    if UNCHANGED.iter().any(|ending| word.ends_with(ending)) {
        return word;
    }
    let before_last = word.chars().rev().nth(1).unwrap_or('a');
    match word.chars().last() {
        Some('y') if !"aeiou".contains(before_last) => format!("{}ies", &word[..word.len() - 1]),
        Some('s' | 'x') => format!("{word}es"),
        Some('h') if before_last == 'c' || before_last == 's' => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_become_collections() {
        for (noun, path) in [
            ("CsPersistentChatRoom", "persistent-chat-rooms"),
            ("CsPersistentChatPolicy", "persistent-chat-policies"),
            ("CsPersistentChatData", "persistent-chat-data"),
            ("CsAdUser", "ad-users"),
            ("CsTopology", "topologies"),
            ("CsEffectivePolicy", "effective-policies"),
            ("CsManagementStoreReplicationStatus", "management-store-replication-statuses"),
            ("CsIM", "ims"),
        ] {
            assert_eq!(collection(noun), path);
        }
    }

    #[test]
    fn names_travel_in_camel_case() {
        for (name, wire) in [("Identity", "identity"), ("SID", "sid"), ("DBName", "dbName"), ("LineURI", "lineURI")] {
            assert_eq!(crate::api::camel(name), wire);
        }
    }
}
