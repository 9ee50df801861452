//! Tokens as objects: those of `[Parser]::ParseInput` and the plainer ones of `[PSParser]::Tokenize`.

use super::names;
use super::place::{self, number, utf16_offset};
use crate::runtime::objects::object;
use crate::syntax::{Source, Span, Token, TokenKind, Variable};
use crate::value::{Array, Native, NativeObject, Str, TypeRef, Value, types};
use std::any::Any;
use std::rc::Rc;

/// A token of the language's parser.
struct LanguageToken {
    source: Rc<Source>,
    token: Token,
    kind: &'static str,
    /// Tokens inside an expandable string.
    nested: Vec<Token>,
}

/// All tokens of a text, those inside strings with their string; the end of the input is the last.
pub(in crate::runtime) fn token_values(source: &Rc<Source>, tokens: &[Token]) -> Value {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let inside =
            tokens.get(at + 1..).unwrap_or_default().iter().take_while(|next| next.span.start < token.span.end);
        let nested: Vec<Token> = inside.copied().collect();
        at += 1 + nested.len();
        if let Some(parts) = bracketed_name(source, *token) {
            found.extend(parts.map(|(part, kind)| {
                Native::value(LanguageToken { source: source.clone(), token: part, kind, nested: Vec::new() })
            }));
            continue;
        }
        found.push(token_value(source, *token, nested));
    }
    let end = source.text.len() as u32;
    let last = Token { kind: TokenKind::NewLine, span: Span::new(end, end) };
    found.push(Native::value(LanguageToken {
        source: source.clone(),
        token: last,
        kind: "EndOfInput",
        nested: Vec::new(),
    }));
    Value::Array(Array::typed(TypeRef::TOKEN, found))
}

/// `[name]` is three tokens.
fn bracketed_name(source: &Source, token: Token) -> Option<[(Token, &'static str); 3]> {
    let text = source.slice(token.span);
    if token.kind != TokenKind::Type || !text.starts_with('[') || !text.ends_with(']') || text.len() < 3 {
        return None;
    }
    let (start, end) = (token.span.start, token.span.end);
    let part = |kind, from, to| Token { kind, span: Span::new(from, to) };
    Some([
        (part(TokenKind::Operator, start, start + 1), "LBracket"),
        (part(TokenKind::Type, start + 1, end - 1), "Identifier"),
        (part(TokenKind::Operator, end - 1, end), "RBracket"),
    ])
}

fn token_value(source: &Rc<Source>, token: Token, nested: Vec<Token>) -> Value {
    let kind = kind_name(token.kind, source.slice(token.span));
    Native::value(LanguageToken { source: source.clone(), token, kind, nested })
}

const MEMBERS: [&str; 11] = [
    "Kind",
    "Text",
    "TokenFlags",
    "HasError",
    "Extent",
    "Value",
    "Name",
    "VariablePath",
    "ParameterName",
    "UsedColon",
    "NestedTokens",
];

impl LanguageToken {
    fn written(&self) -> &str {
        self.source.slice(self.token.span)
    }

    /// The text without its quotes.
    fn unquoted(&self) -> &str {
        let text = self.written();
        let inner = match self.kind {
            "StringLiteral" | "StringExpandable" => text.get(1..text.len().saturating_sub(1)),
            "HereStringLiteral" | "HereStringExpandable" => {
                let inner = text.get(2..text.len().saturating_sub(2)).unwrap_or_default();
                let inner = inner.trim_start_matches(['\r', '\n']);
                Some(inner.strip_suffix('\n').unwrap_or(inner))
            }
            _ => None,
        };
        inner.unwrap_or(text)
    }

    fn flags(&self) -> Value {
        let is_keyword = self.token.kind == TokenKind::Keyword;
        let bits = match self.token.kind {
            TokenKind::Command => 0x8_0000,
            TokenKind::Member => 0x10_0000,
            TokenKind::Type => 0x20_0000,
            TokenKind::Attribute => 0x40_0000,
            _ if is_keyword => 0x10,
            _ => 0,
        };
        TypeRef::TOKEN_FLAGS.enum_of(bits)
    }

    fn variable(&self) -> Variable {
        let name = self.written().trim_start_matches(['$', '@', '{']).trim_end_matches('}');
        let (scope, name) = match name.split_once(':') {
            Some((scope, name)) => (Some(scope.into()), name),
            None => (None, name),
        };
        Variable { span: self.token.span, name: name.into(), scope }
    }

    fn special(&self, at: usize) -> Option<Value> {
        let text = self.written();
        Some(match (self.kind, at) {
            ("Number", 5) => super::number_of(text),
            ("Variable" | "SplattedVariable", 6) => {
                Value::str(text.trim_start_matches(['$', '@', '{']).trim_end_matches('}'))
            }
            ("Variable" | "SplattedVariable", 7) => names::variable_path(&self.variable()),
            ("Parameter", 8) => Value::str(text.trim_start_matches('-').trim_end_matches(':')),
            ("Parameter", 9) => Value::Bool(text.ends_with(':')),
            ("StringExpandable" | "HereStringExpandable", 10) => match self.nested.is_empty() {
                true => Value::Null,
                false => {
                    let tokens = self.nested.iter().map(|token| token_value(&self.source, *token, Vec::new()));
                    Value::Array(Array::typed(TypeRef::TOKEN, tokens.collect()))
                }
            },
            (
                "StringLiteral"
                | "StringExpandable"
                | "HereStringLiteral"
                | "HereStringExpandable"
                | "Generic"
                | "Identifier",
                5,
            ) => Value::str(self.unquoted()),
            _ => return None,
        })
    }
}

impl NativeObject for LanguageToken {
    fn kind(&self) -> TypeRef {
        match self.kind {
            "Number" => TypeRef::NUMBER_TOKEN,
            "Variable" | "SplattedVariable" => TypeRef::VARIABLE_TOKEN,
            "Parameter" => TypeRef::PARAMETER_TOKEN,
            "Label" => TypeRef::LABEL_TOKEN,
            "StringExpandable" | "HereStringExpandable" => TypeRef::STRING_EXPANDABLE_TOKEN,
            "StringLiteral" | "HereStringLiteral" | "Generic" | "Identifier" => TypeRef::STRING_LITERAL_TOKEN,
            _ => TypeRef::TOKEN,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        match self.kind {
            "EndOfInput" => "<eof>".to_owned(),
            _ => self.written().to_owned(),
        }
    }
    fn member(&self, name: &str) -> Option<Value> {
        let at = MEMBERS.iter().position(|known| known.eq_ignore_ascii_case(name))?;
        Some(match at {
            0 => TypeRef::TOKEN_KIND.enum_value(self.kind).unwrap_or_else(|| Value::str(self.kind)),
            1 => Value::str(self.written()),
            2 => self.flags(),
            3 => Value::Bool(false),
            4 => place::extent(&self.source, self.token.span),
            special => return self.special(special),
        })
    }
    fn member_names(&self) -> Vec<Str> {
        let shown = MEMBERS.iter().enumerate().filter(|(at, _)| *at < 5 || self.special(*at).is_some());
        shown.map(|(_, name)| Str::from(*name)).collect()
    }
}

/// Words of the language whose kinds are not written as the word with a capital.
const MIXED: [(&str, &str); 2] = [("elseif", "ElseIf"), ("inlinescript", "InlineScript")];

/// The kind's name as `TokenKind` has it; keywords are kinds of their own.
fn kind_name(kind: TokenKind, text: &str) -> &'static str {
    match kind {
        TokenKind::Keyword => keyword_name(text),
        TokenKind::Command | TokenKind::CommandArgument if !is_identifier(text) => "Generic",
        TokenKind::Command
        | TokenKind::CommandArgument
        | TokenKind::Member
        | TokenKind::Attribute
        | TokenKind::Type => "Identifier",
        TokenKind::CommandParameter => "Parameter",
        TokenKind::Number => "Number",
        TokenKind::String if text.starts_with("@'") => "HereStringLiteral",
        TokenKind::String if text.starts_with("@\"") => "HereStringExpandable",
        TokenKind::String if text.starts_with('\'') => "StringLiteral",
        TokenKind::String => "StringExpandable",
        TokenKind::Variable if text.starts_with('@') => "SplattedVariable",
        TokenKind::Variable => "Variable",
        TokenKind::LoopLabel => "Label",
        TokenKind::Comment => "Comment",
        TokenKind::StatementSeparator => "Semi",
        TokenKind::NewLine => "NewLine",
        TokenKind::LineContinuation => "LineContinuation",
        TokenKind::Operator | TokenKind::GroupStart | TokenKind::GroupEnd => symbol_name(text),
    }
}

fn is_identifier(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_') && !text.starts_with(|c: char| c.is_ascii_digit())
}

fn keyword_name(word: &str) -> &'static str {
    let known = MIXED.iter().find(|(written, _)| word.eq_ignore_ascii_case(written)).map_or(word, |row| row.1);
    let members = TypeRef::TOKEN_KIND.enum_members();
    members.iter().find(|(name, _)| name.eq_ignore_ascii_case(known)).map_or("Unknown", |row| row.0)
}

fn symbol_name(text: &str) -> &'static str {
    const NAMES: &[(&str, &str)] = &[
        ("(", "LParen"),
        (")", "RParen"),
        ("{", "LCurly"),
        ("}", "RCurly"),
        ("@(", "AtParen"),
        ("@{", "AtCurly"),
        ("$(", "DollarParen"),
        ("[", "LBracket"),
        ("]", "RBracket"),
        ("|", "Pipe"),
        ("&", "Ampersand"),
        ("&&", "AndAnd"),
        ("||", "OrOr"),
        ("=", "Equals"),
        ("+=", "PlusEquals"),
        ("-=", "MinusEquals"),
        ("*=", "MultiplyEquals"),
        ("/=", "DivideEquals"),
        ("%=", "RemainderEquals"),
        ("+", "Plus"),
        ("-", "Minus"),
        ("*", "Multiply"),
        ("/", "Divide"),
        ("%", "Rem"),
        ("..", "DotDot"),
        (".", "Dot"),
        ("::", "ColonColon"),
        (",", "Comma"),
        ("!", "Exclaim"),
        ("++", "PlusPlus"),
        ("--", "MinusMinus"),
        ("?", "QuestionMark"),
        (":", "Colon"),
        ("??", "QuestionQuestion"),
        ("??=", "QuestionQuestionEquals"),
        ("?.", "QuestionDot"),
        ("?[", "QuestionLBracket"),
        ("-eq", "Ieq"),
        ("-ne", "Ine"),
        ("-gt", "Igt"),
        ("-ge", "Ige"),
        ("-lt", "Ilt"),
        ("-le", "Ile"),
        ("-like", "Ilike"),
        ("-match", "Imatch"),
        ("-and", "And"),
        ("-or", "Or"),
        ("-xor", "Xor"),
        ("-not", "Not"),
        ("-is", "Is"),
        ("-as", "As"),
        ("-f", "Format"),
        ("-join", "Join"),
        ("-split", "Isplit"),
        ("-replace", "Ireplace"),
        ("-in", "Iin"),
        ("-contains", "Icontains"),
    ];
    if text.ends_with(['>', '<']) || text.contains(">&") {
        return "Redirection";
    }
    NAMES.iter().find(|(symbol, _)| text.eq_ignore_ascii_case(symbol)).map_or("Unknown", |row| row.1)
}

/// Tokens that do not stand inside another.
pub(in crate::runtime) fn outermost(tokens: &[Token]) -> Vec<Token> {
    let mut end = 0;
    tokens
        .iter()
        .filter(|token| {
            let outside = token.span.start >= end;
            if outside {
                end = token.span.end;
            }
            outside
        })
        .copied()
        .collect()
}

/// A token as `PSParser` describes it; a variable's content is without its mark, a string's without its quotes.
pub(in crate::runtime) fn plain_token(source: &Rc<Source>, span: Span, kind: TokenKind) -> Value {
    numbered_token(source, span, token_number(kind))
}

/// A stretch that is no token, as the errors of `PSParser` show it.
pub(in crate::runtime) fn unknown_token(source: &Rc<Source>, span: Span) -> Value {
    numbered_token(source, span, 0)
}

fn numbered_token(source: &Rc<Source>, span: Span, kind: i64) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    let text = source.slice(span);
    let kind_type = types::resolve("System.Management.Automation.PSTokenType");
    let named = |name: &str| kind_type.and_then(|of| of.enum_number(name)) == Some(kind);
    let content = match text.chars().next() {
        Some('$' | '@') if named("Variable") => text.trim_start_matches(['$', '@', '{']).trim_end_matches('}'),
        Some('\'' | '"') if named("String") => text.get(1..text.len().saturating_sub(1)).unwrap_or(text),
        _ => text,
    };
    let offset = utf16_offset(source, span.start);
    let properties = vec![
        ("Content", Value::str(content)),
        ("Type", kind_type.map_or(Value::I64(kind), |of| of.enum_of(kind))),
        ("Start", number(offset)),
        ("Length", number(utf16_offset(source, span.end) - offset)),
        ("StartLine", number(start.line)),
        ("StartColumn", number(start.column)),
        ("EndLine", number(end.line)),
        ("EndColumn", number(end.column)),
    ];
    object("System.Management.Automation.PSToken", properties)
}

/// The kind's number in `PSTokenType`.
fn token_number(kind: TokenKind) -> i64 {
    match kind {
        TokenKind::Command => 1,
        TokenKind::CommandParameter => 2,
        TokenKind::CommandArgument => 3,
        TokenKind::Number => 4,
        TokenKind::String => 5,
        TokenKind::Variable => 6,
        TokenKind::Member => 7,
        TokenKind::LoopLabel => 8,
        TokenKind::Attribute => 9,
        TokenKind::Type => 10,
        TokenKind::Operator => 11,
        TokenKind::GroupStart => 12,
        TokenKind::GroupEnd => 13,
        TokenKind::Keyword => 14,
        TokenKind::Comment => 15,
        TokenKind::StatementSeparator => 16,
        TokenKind::NewLine => 17,
        TokenKind::LineContinuation => 18,
    }
}
