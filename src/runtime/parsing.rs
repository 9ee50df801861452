//! Texts to script blocks, and what scripts may ask of the parser: `[scriptblock]::Create`, `[Parser]::ParseInput`,
//! `[PSParser]::Tokenize`. The parsing itself is the syntax storey's.

use super::language;
use super::objects::{Reference, object};
use super::session::Session;
use crate::syntax::{self, Source, SyntaxError};
use crate::value::encoding::TextEncoding;
use crate::value::{Array, ErrorCategory, Fault, Outcome, ScriptBlock, TypeRef, Value, convert, types};
use std::path::Path;
use std::rc::Rc;

/// The text of a script file's bytes: by its byte order mark, else UTF-8.
pub(crate) fn script_text(bytes: &[u8]) -> String {
    TextEncoding::Utf8.decode_file(bytes)
}

impl Session {
    /// Parses a text as a script block; its syntax errors become one error.
    pub(crate) fn parse_block(&mut self, source: Rc<Source>) -> Outcome<Rc<ScriptBlock>> {
        let parsed = syntax::parse(&source);
        if !parsed.errors.is_empty() {
            return syntax_fault(&source, &parsed.errors).err();
        }
        Ok(ScriptBlock::new(parsed.ast, source))
    }

    /// Parses a text for a hosted engine, where a text that breaks off is an error of its own kind.
    pub(super) fn parse_hosted(&mut self, text: &str) -> Outcome<Rc<ScriptBlock>> {
        let source = Source::anonymous(text);
        let parsed = syntax::parse(&source);
        match parsed.errors.first() {
            None => Ok(ScriptBlock::new(parsed.ast, source)),
            Some(first) if first.incomplete => syntax_fault(&source, &parsed.errors)
                .exception("System.Management.Automation.IncompleteParseException")
                .err(),
            Some(_) => syntax_fault(&source, &parsed.errors).err(),
        }
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
        let tokens = language::token_values(&source, &tokens);
        let errors = parsed.errors.iter().map(|error| parse_error(&source, error)).collect();
        self.put_reference(outputs.first(), tokens)?;
        self.put_reference(outputs.get(1), typed(PARSE_ERROR, errors))?;
        Ok(language::script_tree(&parsed.ast, &source))
    }

    fn tokenize_into(&mut self, source: &Rc<Source>, errors: Option<&Value>) -> Outcome<Value> {
        let (parsed, tokens) = syntax::tokenize(source);
        let list = parsed.errors.iter().map(|error| {
            let properties = vec![
                ("Message", Value::str(error.message.as_str())),
                ("Token", language::unknown_token(source, error.span)),
            ];
            object("System.Management.Automation.PSParseError", properties)
        });
        self.put_reference(errors, Value::array(list.collect()))?;
        let outer = language::outermost(&tokens);
        let found = outer.iter().map(|token| language::plain_token(source, token.span, token.kind));
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
    pub(super) fn wrap_in_method_error(
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
        ("Extent", language::extent(source, error.span)),
        ("ErrorId", Value::str(error.id)),
        ("Message", Value::str(error.message.as_str())),
        ("IncompleteInput", Value::Bool(error.incomplete)),
    ];
    object(PARSE_ERROR, properties)
}

fn typed(element: &str, items: Vec<Value>) -> Value {
    Value::Array(match types::resolve(element) {
        Some(kind) => Array::typed(kind, items),
        None => Array::objects(items),
    })
}
