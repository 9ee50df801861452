//! Cultures: number separators, date patterns and names. The current culture is en-US, as PowerShell's is in a
//! container without locale settings of its own; conversions by the language use the invariant one.

/// What formatting and parsing need to know of a culture.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are those of CultureInfo, NumberFormatInfo and DateTimeFormatInfo")]
pub struct Culture {
    pub name: &'static str,
    pub lcid: i32,
    pub english_name: &'static str,
    pub native_name: &'static str,
    pub decimal_separator: &'static str,
    pub group_separator: &'static str,
    pub number_decimals: usize,
    pub percent_decimals: usize,
    /// `n` stands for the number, `%` for itself.
    pub percent_positive: &'static str,
    pub percent_negative: &'static str,
    pub currency_symbol: &'static str,
    /// `n` stands for the number, `$` for the symbol.
    pub currency_positive: &'static str,
    pub currency_negative: &'static str,
    pub infinity: &'static str,
    pub short_date: &'static str,
    pub long_date: &'static str,
    pub short_time: &'static str,
    pub long_time: &'static str,
    pub month_day: &'static str,
    pub year_month: &'static str,
    pub date_separator: &'static str,
    pub am: &'static str,
    pub pm: &'static str,
    pub months: &'static [&'static str; 12],
    pub short_months: &'static [&'static str; 12],
    pub days: &'static [&'static str; 7],
    pub short_days: &'static [&'static str; 7],
    /// 0 for Sunday.
    pub first_day_of_week: u32,
}

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ENGLISH_SHORT_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ENGLISH_DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const ENGLISH_SHORT_DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const BRITISH_SHORT_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const GERMAN_SHORT_MONTHS: [&str; 12] =
    ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];
const GERMAN_DAYS: [&str; 7] = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];
const GERMAN_SHORT_DAYS: [&str; 7] = ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"];
const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const FRENCH_SHORT_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const FRENCH_DAYS: [&str; 7] = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];
const FRENCH_SHORT_DAYS: [&str; 7] = ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."];

/// `CultureInfo.InvariantCulture`.
pub static INVARIANT: Culture = Culture {
    name: "",
    lcid: 127,
    english_name: "Invariant Language (Invariant Country)",
    native_name: "Invariant Language (Invariant Country)",
    decimal_separator: ".",
    group_separator: ",",
    number_decimals: 2,
    percent_decimals: 2,
    percent_positive: "n %",
    percent_negative: "-n %",
    currency_symbol: "\u{a4}",
    currency_positive: "$n",
    currency_negative: "($n)",
    infinity: "Infinity",
    short_date: "MM/dd/yyyy",
    long_date: "dddd, dd MMMM yyyy",
    short_time: "HH:mm",
    long_time: "HH:mm:ss",
    month_day: "MMMM dd",
    year_month: "yyyy MMMM",
    date_separator: "/",
    am: "AM",
    pm: "PM",
    months: &ENGLISH_MONTHS,
    short_months: &ENGLISH_SHORT_MONTHS,
    days: &ENGLISH_DAYS,
    short_days: &ENGLISH_SHORT_DAYS,
    first_day_of_week: 0,
};

/// American English, the current culture.
pub static EN_US: Culture = Culture {
    name: "en-US",
    lcid: 1033,
    english_name: "English (United States)",
    native_name: "English (United States)",
    number_decimals: 3,
    percent_decimals: 3,
    percent_positive: "n%",
    percent_negative: "-n%",
    currency_symbol: "$",
    currency_negative: "-$n",
    infinity: "\u{221e}",
    short_date: "M/d/yyyy",
    long_date: "dddd, MMMM d, yyyy",
    short_time: "h:mm\u{202f}tt",
    long_time: "h:mm:ss\u{202f}tt",
    month_day: "MMMM d",
    year_month: "MMMM yyyy",
    ..INVARIANT
};

static EN_GB: Culture = Culture {
    name: "en-GB",
    lcid: 2057,
    english_name: "English (United Kingdom)",
    native_name: "English (United Kingdom)",
    currency_symbol: "£",
    short_date: "dd/MM/yyyy",
    long_date: "dddd d MMMM yyyy",
    short_time: "HH:mm",
    long_time: "HH:mm:ss",
    month_day: "d MMMM",
    short_months: &BRITISH_SHORT_MONTHS,
    am: "am",
    pm: "pm",
    first_day_of_week: 1,
    ..EN_US
};

static DE_DE: Culture = Culture {
    name: "de-DE",
    lcid: 1031,
    english_name: "German (Germany)",
    native_name: "Deutsch (Deutschland)",
    decimal_separator: ",",
    group_separator: ".",
    percent_positive: "n %",
    percent_negative: "-n %",
    currency_symbol: "€",
    currency_positive: "n $",
    currency_negative: "-n $",
    short_date: "dd.MM.yyyy",
    long_date: "dddd, d. MMMM yyyy",
    short_time: "HH:mm",
    long_time: "HH:mm:ss",
    month_day: "d. MMMM",
    date_separator: ".",
    months: &GERMAN_MONTHS,
    short_months: &GERMAN_SHORT_MONTHS,
    days: &GERMAN_DAYS,
    short_days: &GERMAN_SHORT_DAYS,
    first_day_of_week: 1,
    ..EN_US
};

static FR_FR: Culture = Culture {
    name: "fr-FR",
    lcid: 1036,
    english_name: "French (France)",
    native_name: "français (France)",
    group_separator: "\u{202f}",
    percent_positive: "n %",
    percent_negative: "-n %",
    short_date: "dd/MM/yyyy",
    long_date: "dddd d MMMM yyyy",
    month_day: "d MMMM",
    date_separator: "/",
    months: &FRENCH_MONTHS,
    short_months: &FRENCH_SHORT_MONTHS,
    days: &FRENCH_DAYS,
    short_days: &FRENCH_SHORT_DAYS,
    ..DE_DE
};

/// Names scripts ask for, and the culture that answers.
static CULTURES: [(&str, &Culture); 10] = [
    ("", &INVARIANT),
    ("iv", &INVARIANT),
    ("en-us", &EN_US),
    ("en", &EN_US),
    ("en-gb", &EN_GB),
    ("de-de", &DE_DE),
    ("de", &DE_DE),
    ("fr-fr", &FR_FR),
    ("fr", &FR_FR),
    ("en-au", &EN_GB),
];

impl Culture {
    /// The culture of the session.
    pub fn current() -> &'static Culture {
        &EN_US
    }

    /// A culture by name, without case.
    pub fn by_name(name: &str) -> Option<&'static Culture> {
        CULTURES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, culture)| *culture)
    }

    /// True for the invariant culture.
    pub fn is_invariant(&self) -> bool {
        self.name.is_empty()
    }
}
