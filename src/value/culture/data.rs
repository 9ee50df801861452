//! The cultures themselves, as ICU describes them.

use super::Culture;

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
pub(crate) static INVARIANT: Culture = Culture {
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
pub(crate) static EN_US: Culture = Culture {
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

static EN: Culture = Culture { name: "en", lcid: 9, english_name: "English", native_name: "English", ..EN_US };
static DE: Culture = Culture { name: "de", lcid: 7, english_name: "German", native_name: "Deutsch", ..DE_DE };
static FR: Culture = Culture { name: "fr", lcid: 12, english_name: "French", native_name: "français", ..FR_FR };

static EN_AU: Culture = Culture {
    name: "en-AU",
    lcid: 3081,
    english_name: "English (Australia)",
    native_name: "English (Australia)",
    currency_symbol: "$",
    short_date: "d/M/yyyy",
    long_date: "dddd, d MMMM yyyy",
    short_time: "h:mm\u{202f}tt",
    long_time: "h:mm:ss\u{202f}tt",
    ..EN_GB
};

static EN_CA: Culture = Culture {
    name: "en-CA",
    lcid: 4105,
    english_name: "English (Canada)",
    native_name: "English (Canada)",
    short_date: "yyyy-MM-dd",
    date_separator: "-",
    am: "a.m.",
    pm: "p.m.",
    ..EN_US
};

static EN_IE: Culture = Culture {
    name: "en-IE",
    lcid: 6153,
    english_name: "English (Ireland)",
    native_name: "English (Ireland)",
    currency_symbol: "€",
    short_date: "d/M/yyyy",
    ..EN_GB
};

static DE_AT: Culture = Culture {
    name: "de-AT",
    lcid: 3079,
    english_name: "German (Austria)",
    native_name: "Deutsch (Österreich)",
    group_separator: "\u{a0}",
    currency_positive: "$ n",
    currency_negative: "-$ n",
    ..DE_DE
};

static DE_CH: Culture = Culture {
    name: "de-CH",
    lcid: 2055,
    english_name: "German (Switzerland)",
    native_name: "Deutsch (Schweiz)",
    decimal_separator: ".",
    group_separator: "’",
    percent_positive: "n%",
    percent_negative: "-n%",
    currency_symbol: "CHF",
    currency_positive: "$ n",
    currency_negative: "$-n",
    ..DE_DE
};

static ES_ES: Culture = Culture {
    name: "es-ES",
    lcid: 3082,
    english_name: "Spanish (Spain)",
    native_name: "español (España)",
    short_date: "d/M/yyyy",
    long_date: "dddd, d 'de' MMMM 'de' yyyy",
    short_time: "H:mm",
    long_time: "H:mm:ss",
    month_day: "d 'de' MMMM",
    year_month: "MMMM 'de' yyyy",
    date_separator: "/",
    am: "a.\u{a0}m.",
    pm: "p.\u{a0}m.",
    months: &[
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    short_months: &["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"],
    days: &["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
    short_days: &["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
    ..DE_DE
};

static IT_IT: Culture = Culture {
    name: "it-IT",
    lcid: 1040,
    english_name: "Italian (Italy)",
    native_name: "italiano (Italia)",
    percent_positive: "n%",
    percent_negative: "-n%",
    short_date: "dd/MM/yyyy",
    long_date: "dddd d MMMM yyyy",
    month_day: "d MMMM",
    date_separator: "/",
    months: &[
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    short_months: &["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
    days: &["domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"],
    short_days: &["dom", "lun", "mar", "mer", "gio", "ven", "sab"],
    ..DE_DE
};

static NL_NL: Culture = Culture {
    name: "nl-NL",
    lcid: 1043,
    english_name: "Dutch (Netherlands)",
    native_name: "Nederlands (Nederland)",
    percent_positive: "n%",
    percent_negative: "-n%",
    currency_positive: "$ n",
    currency_negative: "$ -n",
    short_date: "dd-MM-yyyy",
    long_date: "dddd d MMMM yyyy",
    month_day: "d MMMM",
    date_separator: "-",
    am: "a.m.",
    pm: "p.m.",
    months: &[
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    short_months: &["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    days: &["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
    short_days: &["zo", "ma", "di", "wo", "do", "vr", "za"],
    ..DE_DE
};

static PT_BR: Culture = Culture {
    name: "pt-BR",
    lcid: 1046,
    english_name: "Portuguese (Brazil)",
    native_name: "português (Brasil)",
    percent_positive: "n%",
    percent_negative: "-n%",
    currency_symbol: "R$",
    currency_positive: "$ n",
    currency_negative: "-$ n",
    short_date: "dd/MM/yyyy",
    long_date: "dddd, d 'de' MMMM 'de' yyyy",
    month_day: "d 'de' MMMM",
    year_month: "MMMM 'de' yyyy",
    date_separator: "/",
    months: &[
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    short_months: &["jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."],
    days: &["domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"],
    short_days: &["dom.", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb."],
    first_day_of_week: 0,
    ..DE_DE
};

static TR_TR: Culture = Culture {
    name: "tr-TR",
    lcid: 1055,
    english_name: "Turkish (Türkiye)",
    native_name: "Türkçe (Türkiye)",
    percent_positive: "%n",
    percent_negative: "-%n",
    currency_symbol: "₺",
    currency_positive: "$n",
    currency_negative: "-$n",
    short_date: "d.MM.yyyy",
    long_date: "d MMMM yyyy dddd",
    month_day: "d MMMM",
    am: "ÖÖ",
    pm: "ÖS",
    months: &[
        "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık",
    ],
    short_months: &["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"],
    days: &["Pazar", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi"],
    short_days: &["Paz", "Pzt", "Sal", "Çar", "Per", "Cum", "Cmt"],
    ..DE_DE
};

static JA_JP: Culture = Culture {
    name: "ja-JP",
    lcid: 1041,
    english_name: "Japanese (Japan)",
    native_name: "日本語 (日本)",
    currency_symbol: "￥",
    short_date: "yyyy/MM/dd",
    long_date: "yyyy年M月d日dddd",
    short_time: "H:mm",
    long_time: "H:mm:ss",
    month_day: "M月d日",
    year_month: "yyyy年M月",
    am: "午前",
    pm: "午後",
    months: &["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    short_months: &["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    days: &["日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"],
    short_days: &["日", "月", "火", "水", "木", "金", "土"],
    ..EN_US
};

/// All that are known, by their own names.
static CULTURES: [&Culture; 19] = [
    &EN_US, &INVARIANT, &EN, &EN_GB, &EN_AU, &EN_CA, &EN_IE, &DE, &DE_DE, &DE_AT, &DE_CH, &FR, &FR_FR, &ES_ES, &IT_IT,
    &NL_NL, &PT_BR, &TR_TR, &JA_JP,
];

/// A culture by name, without case.
pub(super) fn find(name: &str) -> Option<&'static Culture> {
    CULTURES.into_iter().find(|culture| culture.name.eq_ignore_ascii_case(name))
}
