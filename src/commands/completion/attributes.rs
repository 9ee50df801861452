//! Named arguments of attributes: `[Parameter(Man`.

use super::site::Site;
use super::{CompletionResult, ResultType};
use crate::syntax::TokenKind;

/// The arguments of each attribute in the order of its class.
const ARGUMENTS: &[(&str, &[&str])] = &[
    (
        "Parameter",
        &[
            "Position",
            "ParameterSetName",
            "Mandatory",
            "ValueFromPipeline",
            "ValueFromPipelineByPropertyName",
            "ValueFromRemainingArguments",
            "HelpMessage",
            "HelpMessageBaseName",
            "HelpMessageResourceId",
            "DontShow",
        ],
    ),
    (
        "CmdletBinding",
        &[
            "PositionalBinding",
            "DefaultParameterSetName",
            "SupportsShouldProcess",
            "SupportsPaging",
            "SupportsTransactions",
            "ConfirmImpact",
            "HelpUri",
            "RemotingCapability",
        ],
    ),
    ("ValidateSet", &["ErrorMessage", "IgnoreCase"]),
    ("ValidatePattern", &["Options", "ErrorMessage"]),
    ("ValidateScript", &["ErrorMessage"]),
    ("OutputType", &["ProviderCmdlet", "ParameterSetName"]),
    ("PSDefaultValue", &["Value", "Help"]),
];

/// Proposals where the cursor is in the parentheses of an attribute; `None` elsewhere.
pub(super) fn complete(site: &Site<'_>) -> Option<Vec<CompletionResult>> {
    let group = site.inner();
    let outer = site.groups.len().checked_sub(2).and_then(|at| site.groups.get(at))?;
    let attribute = outer.elements.last().filter(|last| {
        matches!(last.kind, TokenKind::Attribute | TokenKind::Type) && last.end == group.start && group.opener == "("
    })?;
    let name = site.slice(attribute).trim_matches(['[', ']']);
    let name = name.rsplit('.').next().unwrap_or(name);
    let name = name.strip_suffix("Attribute").unwrap_or(name);
    let (_, arguments) = ARGUMENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    // After `=` stands a value.
    if group.elements.last().is_some_and(|last| site.slice(last) == "=") {
        return None;
    }
    let written = site.written();
    let used: Vec<&str> = group.elements.iter().map(|element| site.slice(element)).collect();
    let free = arguments.iter().filter(|argument| !used.iter().any(|used| used.eq_ignore_ascii_case(argument)));
    let fitting = free.filter(|argument| super::command_line::begins(argument, written));
    let result = |argument: &&str| CompletionResult::new(*argument, *argument, ResultType::Property, *argument);
    Some(fitting.map(result).collect())
}
