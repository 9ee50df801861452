//! Cultures: number separators, date patterns and names. The current culture is en-US, as PowerShell's is in a
//! container without locale settings of its own; conversions by the language use the invariant one.

mod data;

pub(crate) use data::{EN_US, INVARIANT};

use std::sync::{Mutex, PoisonError};

/// What formatting and parsing need to know of a culture.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are those of CultureInfo, NumberFormatInfo and DateTimeFormatInfo")]
pub(crate) struct Culture {
    pub(crate) name: &'static str,
    pub(crate) lcid: i32,
    pub(crate) english_name: &'static str,
    pub(crate) native_name: &'static str,
    pub(crate) decimal_separator: &'static str,
    pub(crate) group_separator: &'static str,
    pub(crate) number_decimals: usize,
    pub(crate) percent_decimals: usize,
    /// `n` stands for the number, `%` for itself.
    pub(crate) percent_positive: &'static str,
    pub(crate) percent_negative: &'static str,
    pub(crate) currency_symbol: &'static str,
    /// `n` stands for the number, `$` for the symbol.
    pub(crate) currency_positive: &'static str,
    pub(crate) currency_negative: &'static str,
    pub(crate) infinity: &'static str,
    pub(crate) short_date: &'static str,
    pub(crate) long_date: &'static str,
    pub(crate) short_time: &'static str,
    pub(crate) long_time: &'static str,
    pub(crate) month_day: &'static str,
    pub(crate) year_month: &'static str,
    pub(crate) date_separator: &'static str,
    pub(crate) am: &'static str,
    pub(crate) pm: &'static str,
    pub(crate) months: &'static [&'static str; 12],
    pub(crate) short_months: &'static [&'static str; 12],
    pub(crate) days: &'static [&'static str; 7],
    pub(crate) short_days: &'static [&'static str; 7],
    /// 0 for Sunday.
    pub(crate) first_day_of_week: u32,
}

impl Culture {
    /// The culture of the session.
    pub(crate) fn current() -> &'static Culture {
        CURRENT.get()
    }

    /// Changes the culture of this thread.
    pub(crate) fn set_current(culture: &'static Culture) {
        CURRENT.set(culture);
    }

    /// A culture by name, without case. A well-formed name that is not known means the invariant culture's ways
    /// under that name, as ICU has it.
    pub(crate) fn by_name(name: &str) -> Option<&'static Culture> {
        match data::find(if name.eq_ignore_ascii_case("iv") { "" } else { name }) {
            Some(known) => Some(known),
            None => is_well_formed(name).then(|| made_up(name)),
        }
    }

    /// True where a small `i` has a capital with a dot.
    pub(crate) fn has_dotted_capital(&self) -> bool {
        matches!(self.name.get(..2), Some("tr" | "az"))
    }
}

/// `xx`, `xx-YY`, `xx-Hans-YY`: a language of two or three letters, and what narrows it.
fn is_well_formed(name: &str) -> bool {
    let mut parts = name.split('-');
    let language = parts.next().unwrap_or("");
    let letters = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The invariant culture's ways under another name; kept for good, once for each name.
fn made_up(name: &str) -> &'static Culture {
    static MADE: Mutex<Vec<&'static Culture>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = made.iter().find(|culture| culture.name.eq_ignore_ascii_case(name)) {
        return known;
    }
    let (language, rest) = name.split_once('-').unwrap_or((name, ""));
    let region = if rest.is_empty() { String::new() } else { format!("-{}", rest.to_ascii_uppercase()) };
    let shown: &'static str = Box::leak(format!("{}{region}", language.to_ascii_lowercase()).into_boxed_str());
    let (english_name, native_name) = (shown, shown);
    let culture: &'static Culture =
        Box::leak(Box::new(Culture { name: shown, lcid: 4096, english_name, native_name, ..INVARIANT }));
    made.push(culture);
    culture
}

thread_local! {
    /// The culture of the session.
    static CURRENT: std::cell::Cell<&'static Culture> = const { std::cell::Cell::new(&EN_US) };

    /// What stands between the items of lists, where a script changed it.
    static LIST_SEPARATOR: std::cell::RefCell<Option<super::Str>> = const { std::cell::RefCell::new(None) };
}

/// What stands between the items of lists: `TextInfo.ListSeparator`.
pub(crate) fn list_separator() -> super::Str {
    LIST_SEPARATOR.with_borrow(|set| set.clone().unwrap_or_else(|| super::Str::from(",")))
}

/// Changes what stands between the items of lists, for all cultures of this thread.
pub(crate) fn set_list_separator(separator: super::Str) {
    LIST_SEPARATOR.set(Some(separator));
}
