//! Texts to script blocks, and what scripts may ask of the parser: `[scriptblock]::Create`, `[Parser]::ParseInput`,
//! `[PSParser]::Tokenize`. The parsing itself is the syntax storey's.

use super::objects::{Reference, object};
use super::session::Session;
use crate::syntax::{self, Source, Span, SyntaxError, Token, TokenKind};
use crate::value::encoding::TextEncoding;
use crate::value::{Array, ErrorCategory, Fault, Outcome, ScriptBlock, TypeRef, Value, convert, types};
use std::path::Path;
use std::rc::Rc;

/// The text of a script file's bytes: by its byte order mark, else UTF-8.
pub fn script_text(bytes: &[u8]) -> String {
    TextEncoding::Utf8.decode_file(bytes)
}

impl Session {
    /// Parses a text as a script block; its syntax errors become one error.
    pub fn parse_block(&mut self, source: Rc<Source>) -> Outcome<Rc<ScriptBlock>> {
        let parsed = syntax::parse(&source);
        if !parsed.errors.is_empty() {
            return syntax_fault(&source, &parsed.errors).err();
        }
        Ok(ScriptBlock::new(parsed.ast, source))
    }

    /// Static methods of types that are about parsing; `None` for everything else.
    pub(super) fn parsing_call(&mut self, kind: TypeRef, name: &str, arguments: &[Value]) -> Option<Outcome<Value>> {
        let text = |at: usize| arguments.get(at).map(convert::to_text).unwrap_or_default().to_string();
        match (kind.name(), name.to_ascii_lowercase().as_str()) {
            ("System.Management.Automation.ScriptBlock", "create") => {
                let parsed = self.parse_block(Source::anonymous(text(0)));
                Some(parsed.map(Value::ScriptBlock).map_err(|error| self.wrap_in_method_error(error, "Create", 1)))
            }
            ("System.Management.Automation.Language.Parser", "parseinput") => {
                // The overload with a file name has it second.
                let outputs = arguments.len().saturating_sub(2);
                Some(self.parse_into(Source::anonymous(text(0)), arguments.get(outputs..).unwrap_or_default()))
            }
            ("System.Management.Automation.Language.Parser", "parsefile") => {
                let path = self.absolute(&text(0));
                let read = read_source(&path).map_err(|error| self.wrap_in_method_error(error, "ParseFile", 3));
                Some(read.and_then(|source| self.parse_into(source, arguments.get(1..).unwrap_or_default())))
            }
            ("System.Management.Automation.PSParser", "tokenize") => {
                let text = match arguments.first() {
                    Some(Value::Array(lines)) => {
                        let lines: Vec<String> =
                            lines.items().iter().map(|line| convert::to_text(line).to_string()).collect();
                        lines.join("\n")
                    }
                    _ => text(0),
                };
                Some(self.tokenize_into(&Source::anonymous(text), arguments.get(1)))
            }
            _ => None,
        }
    }

    /// Parses a source; tokens and errors go to the two references.
    fn parse_into(&mut self, source: Rc<Source>, outputs: &[Value]) -> Outcome<Value> {
        let (parsed, tokens) = syntax::tokenize(&source);
        let tokens = tokens.iter().map(|token| language_token(&source, token)).collect();
        let errors = parsed.errors.iter().map(|error| parse_error(&source, error)).collect();
        self.put_reference(outputs.first(), typed("System.Management.Automation.Language.Token", tokens))?;
        self.put_reference(outputs.get(1), typed(PARSE_ERROR, errors))?;
        let block = ScriptBlock::new(parsed.ast.clone(), source.clone());
        Ok(object(
            "System.Management.Automation.Language.ScriptBlockAst",
            vec![("Extent", extent(&source, parsed.ast.span)), ("ScriptBlock", Value::ScriptBlock(block))],
        ))
    }

    fn tokenize_into(&mut self, source: &Rc<Source>, errors: Option<&Value>) -> Outcome<Value> {
        let (parsed, tokens) = syntax::tokenize(source);
        let list = parsed.errors.iter().map(|error| {
            let properties =
                vec![("Message", Value::str(error.message.as_str())), ("Token", plain_token(source, error.span, 0))];
            object("System.Management.Automation.PSParseError", properties)
        });
        self.put_reference(errors, Value::array(list.collect()))?;
        let outer = outermost(&tokens);
        let found = outer.iter().map(|token| plain_token(source, token.span, token_number(token.kind)));
        Ok(super::objects::collection(found.collect()))
    }

    fn put_reference(&mut self, target: Option<&Value>, value: Value) -> Outcome<()> {
        let Some(Value::Native(native)) = target else { return Ok(()) };
        match native.downcast::<Reference>() {
            Some(reference) => {
                let variable = reference.0.clone();
                self.store(&variable, value)
            }
            None => Ok(()),
        }
    }

    /// A syntax error as it comes out of a .NET method: inside a `MethodInvocationException`.
    fn wrap_in_method_error(
        &mut self,
        error: crate::value::Unwind,
        method: &str,
        count: usize,
    ) -> crate::value::Unwind {
        let record = match self.record_of(error) {
            Ok(record) => record,
            Err(control) => return control,
        };
        let inner = record.exception.clone();
        let message = format!("{method} with {count} argument(s) failed: {}", inner.message.borrow());
        Fault::new(inner.kind.short_name().into_owned(), message)
            .category(ErrorCategory::NotSpecified)
            .exception("System.Management.Automation.MethodInvocationException")
            .inner(inner)
            .into()
    }
}

/// A script file as a source.
pub(super) fn read_source(path: &Path) -> Outcome<Rc<Source>> {
    let shown = path.to_string_lossy();
    match std::fs::read(path) {
        Ok(bytes) => Ok(Source::file(&*shown, script_text(&bytes))),
        Err(error) => Fault::new("CommandNotFoundException", format!("The script '{shown}' cannot be read: {error}."))
            .category(ErrorCategory::ObjectNotFound)
            .exception("System.Management.Automation.CommandNotFoundException")
            .target(&*shown)
            .err(),
    }
}

const PARSE_ERROR: &str = "System.Management.Automation.Language.ParseError";

/// All syntax errors of a text as one `ParseException`, named after the first.
fn syntax_fault(source: &Rc<Source>, errors: &[SyntaxError]) -> Fault {
    let id = errors.first().map_or("UnexpectedToken", |first| first.id);
    let list = errors.iter().map(|error| parse_error(source, error)).collect();
    Fault::new(id, describe(source, errors))
        .category(ErrorCategory::ParserError)
        .exception("System.Management.Automation.ParseException")
        .property("Errors", typed(PARSE_ERROR, list))
        .property("ErrorId", id)
        .property("IncompleteInput", errors.iter().any(|error| error.incomplete))
}

/// Each error with its line, and a mark under the place.
pub(super) fn describe(source: &Source, errors: &[SyntaxError]) -> String {
    let mut text = String::new();
    for error in errors.iter().take(8) {
        let at = source.position(error.span.start);
        let line = source.line_at(error.span.start);
        let file = source.path.as_deref().map_or(String::new(), |path| format!("{path}:"));
        let before: String =
            line.chars().take(at.column.saturating_sub(1) as usize).map(|c| if c == '\t' { c } else { ' ' }).collect();
        let rest = line.chars().count().saturating_sub(before.chars().count()).max(1);
        let width = source.slice(error.span).chars().take_while(|c| *c != '\n').count().clamp(1, rest);
        let marks = "~".repeat(width);
        text.push_str(&format!(
            "{}\n  {file}{}:{}\n  | {line}\n  | {before}{marks}\n",
            error.message, at.line, at.column
        ));
    }
    if errors.len() > 8 {
        text.push_str(&format!("and {} more\n", errors.len() - 8));
    }
    text.truncate(text.trim_end().len());
    text
}

fn parse_error(source: &Rc<Source>, error: &SyntaxError) -> Value {
    let properties = vec![
        ("Extent", extent(source, error.span)),
        ("ErrorId", Value::str(error.id)),
        ("Message", Value::str(error.message.as_str())),
        ("IncompleteInput", Value::Bool(error.incomplete)),
    ];
    object(PARSE_ERROR, properties)
}

/// A place in a script, as `IScriptExtent` describes it.
pub(super) fn extent(source: &Rc<Source>, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    let number = |n: u32| Value::I32(i32::try_from(n).unwrap_or(i32::MAX));
    let file = source.path.as_deref().map_or(Value::Null, Value::from);
    let properties = vec![
        ("File", file),
        ("StartLineNumber", number(start.line)),
        ("StartColumnNumber", number(start.column)),
        ("EndLineNumber", number(end.line)),
        ("EndColumnNumber", number(end.column)),
        ("Text", Value::str(source.slice(span))),
        ("StartOffset", number(utf16_offset(source, span.start))),
        ("EndOffset", number(utf16_offset(source, span.end))),
    ];
    object("System.Management.Automation.Language.InternalScriptExtent", properties)
}

/// Scripts count UTF-16 units.
fn utf16_offset(source: &Source, offset: u32) -> u32 {
    let before = source.text.get(..offset as usize).unwrap_or(&source.text);
    if before.is_ascii() { before.len() as u32 } else { before.encode_utf16().count() as u32 }
}

fn language_token(source: &Rc<Source>, token: &Token) -> Value {
    let text = source.slice(token.span);
    let properties = vec![
        ("Kind", Value::str(kind_name(token.kind, text))),
        ("Text", Value::str(text)),
        ("HasError", Value::Bool(false)),
        ("Extent", extent(source, token.span)),
    ];
    object("System.Management.Automation.Language.Token", properties)
}

/// The kind's name as `TokenKind` has it; keywords are kinds of their own.
fn kind_name(kind: TokenKind, text: &str) -> String {
    let fixed = match kind {
        TokenKind::Keyword => {
            let mut letters = text.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            return first.into_iter().chain(letters.map(|c| c.to_ascii_lowercase())).collect();
        }
        TokenKind::Command | TokenKind::CommandArgument if text.contains(['-', '.', '/', '\\', '*']) => "Generic",
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
        TokenKind::Variable => "Variable",
        TokenKind::LoopLabel => "Label",
        TokenKind::Comment => "Comment",
        TokenKind::StatementSeparator => "Semi",
        TokenKind::NewLine => "NewLine",
        TokenKind::LineContinuation => "LineContinuation",
        TokenKind::Operator | TokenKind::GroupStart | TokenKind::GroupEnd => symbol_name(text),
    };
    fixed.to_owned()
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
    NAMES.iter().find(|(symbol, _)| text.eq_ignore_ascii_case(symbol)).map_or("Unknown", |row| row.1)
}

/// Tokens that do not stand inside another.
fn outermost(tokens: &[Token]) -> Vec<Token> {
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
fn plain_token(source: &Rc<Source>, span: Span, kind: i64) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    let text = source.slice(span);
    let kind_type = types::resolve("System.Management.Automation.PSTokenType");
    let named = |name: &str| kind_type.and_then(|of| of.enum_number(name)) == Some(kind);
    let content = match text.chars().next() {
        Some('$' | '@') if named("Variable") => text.trim_start_matches(['$', '@', '{']).trim_end_matches('}'),
        Some('\'' | '"') if named("String") => text.get(1..text.len().saturating_sub(1)).unwrap_or(text),
        _ => text,
    };
    let number = |n: u32| Value::I32(i32::try_from(n).unwrap_or(i32::MAX));
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

fn typed(element: &str, items: Vec<Value>) -> Value {
    Value::Array(match types::resolve(element) {
        Some(kind) => Array::typed(kind, items),
        None => Array::objects(items),
    })
}
