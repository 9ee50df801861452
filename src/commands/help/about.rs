//! The `about_` topics: short texts on the basics, kept under `docs/help`. The first line of each is its synopsis.

/// Topics by name.
const TOPICS: &[(&str, &str)] = &[
    ("about_Administration", include_str!("../../../docs/help/about_Administration.txt")),
    ("about_Arrays", include_str!("../../../docs/help/about_Arrays.txt")),
    ("about_CommonParameters", include_str!("../../../docs/help/about_CommonParameters.txt")),
    ("about_Comparison_Operators", include_str!("../../../docs/help/about_Comparison_Operators.txt")),
    ("about_Foreach", include_str!("../../../docs/help/about_Foreach.txt")),
    ("about_Functions", include_str!("../../../docs/help/about_Functions.txt")),
    ("about_Hash_Tables", include_str!("../../../docs/help/about_Hash_Tables.txt")),
    ("about_If", include_str!("../../../docs/help/about_If.txt")),
    ("about_Operators", include_str!("../../../docs/help/about_Operators.txt")),
    ("about_Parameters", include_str!("../../../docs/help/about_Parameters.txt")),
    ("about_Pipelines", include_str!("../../../docs/help/about_Pipelines.txt")),
    ("about_Quoting_Rules", include_str!("../../../docs/help/about_Quoting_Rules.txt")),
    ("about_Redirection", include_str!("../../../docs/help/about_Redirection.txt")),
    ("about_Switch", include_str!("../../../docs/help/about_Switch.txt")),
    ("about_Try_Catch_Finally", include_str!("../../../docs/help/about_Try_Catch_Finally.txt")),
    ("about_Variables", include_str!("../../../docs/help/about_Variables.txt")),
    ("about_While", include_str!("../../../docs/help/about_While.txt")),
];

/// A topic: its name, its synopsis, its text.
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) synopsis: &'static str,
    pub(super) text: &'static str,
}

/// Every topic.
pub(super) fn topics() -> impl Iterator<Item = About> {
    TOPICS.iter().map(|(name, text)| {
        let (synopsis, text) = text.split_once('\n').unwrap_or((text, ""));
        About { name, synopsis, text: text.trim_start_matches('\n') }
    })
}
