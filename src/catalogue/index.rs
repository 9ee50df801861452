//! The built-in manifests by noun. Kept as a list so that names of cmdlets cost no reading; tests/catalogue.rs holds
//! it against `cmdlets/`, and prints the right list when they differ.

/// One built-in manifest.
pub struct BuiltIn {
    /// The noun.
    pub noun: &'static str,
    /// Path segment of its collection.
    pub collection: &'static str,
    /// Its verbs.
    pub verbs: &'static [&'static str],
    /// The file under `cmdlets/`.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! manifests {
    ($(($noun:literal, $collection:literal, $file:literal, [$($verb:literal),*])),* $(,)?) => {
        /// Every built-in manifest, by noun.
        pub const BUILT_IN: &[BuiltIn] = &[$(BuiltIn {
            noun: $noun,
            collection: $collection,
            verbs: &[$($verb),*],
            file: concat!("cmdlets/", $file),
            text: include_str!(concat!("../../cmdlets/", $file)),
        }),*];
    };
}

manifests![];
