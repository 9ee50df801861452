//! Format-Custom without a view: an object as a class with its properties, nested to a depth.

use super::cells::ELLIPSIS;
use super::object;
use super::packet::Token;
use super::resolve::{self, Request};
use crate::value::{Engine, Outcome, Str, Value};

const INDENT: usize = 2;

/// The layout of an object.
pub(crate) fn tokens(engine: &mut dyn Engine, value: &Value, request: &Request, limit: i64) -> Outcome<Vec<Token>> {
    let mut browser = Browser { engine, request, limit };
    let mut tokens = Vec::new();
    if object::is_scalar(value) {
        browser.leaf(value, &mut tokens)?;
    } else if let Some(items) = object::enumerate(value) {
        browser.collection(&items, 0, &mut tokens)?;
    } else {
        browser.object(value, 0, true, &mut tokens)?;
    }
    Ok(tokens)
}

struct Browser<'a> {
    engine: &'a mut dyn Engine,
    request: &'a Request,
    limit: i64,
}

fn text(tokens: &mut Vec<Token>, text: &str) {
    tokens.push(Token::Text(Str::from(text)));
}

fn line(tokens: &mut Vec<Token>, content: &str) {
    text(tokens, content);
    tokens.push(Token::NewLine);
}

impl Browser<'_> {
    fn leaf(&mut self, value: &Value, tokens: &mut Vec<Token>) -> Outcome<()> {
        let mut content = String::new();
        object::write_text(self.engine, value, self.limit, false, &mut content)?;
        line(tokens, &content);
        Ok(())
    }

    fn is_leaf(&self, value: &Value, level: usize) -> bool {
        value.is_null() || level >= self.request.depth || object::is_scalar(value)
    }

    fn object(&mut self, value: &Value, level: usize, top: bool, tokens: &mut Vec<Token>) -> Outcome<()> {
        line(tokens, &format!("class {}", object::short_type_name(value)));
        line(tokens, "{");
        let selectors = if top { self.request.properties.as_slice() } else { &[] };
        let columns = resolve::columns(self.engine, selectors, value)?;
        let mut inner = Vec::new();
        for column in columns {
            text(&mut inner, &format!("{} = ", column.heading()));
            let content = object::value_or_none(self.engine, value, &column.expression)?.unwrap_or(Value::Null);
            self.property(&content, level, &mut inner)?;
        }
        tokens.push(Token::Frame(INDENT, inner));
        line(tokens, "}");
        Ok(())
    }

    fn property(&mut self, value: &Value, level: usize, tokens: &mut Vec<Token>) -> Outcome<()> {
        if let Some(items) = object::enumerate(value) {
            tokens.push(Token::NewLine);
            let mut inner = Vec::new();
            self.collection(&items, level + 1, &mut inner)?;
            tokens.push(Token::Frame(INDENT, inner));
            return Ok(());
        }
        if self.is_leaf(value, level) {
            return self.leaf(value, tokens);
        }
        tokens.push(Token::NewLine);
        let mut inner = Vec::new();
        self.object(value, level + 1, false, &mut inner)?;
        tokens.push(Token::Frame(INDENT, inner));
        Ok(())
    }

    fn collection(&mut self, items: &[Value], level: usize, tokens: &mut Vec<Token>) -> Outcome<()> {
        line(tokens, "[");
        let mut inner = Vec::new();
        for (at, item) in items.iter().enumerate() {
            if usize::try_from(self.limit).is_ok_and(|limit| at == limit) {
                line(&mut inner, ELLIPSIS);
                break;
            }
            self.item(item, level, &mut inner)?;
        }
        tokens.push(Token::Frame(INDENT, inner));
        line(tokens, "]");
        tokens.push(Token::NewLine);
        Ok(())
    }

    fn item(&mut self, item: &Value, level: usize, tokens: &mut Vec<Token>) -> Outcome<()> {
        if self.is_leaf(item, level) {
            return self.leaf(item, tokens);
        }
        match object::enumerate(item) {
            Some(items) => {
                tokens.push(Token::NewLine);
                let mut inner = Vec::new();
                self.collection(&items, level + 1, &mut inner)?;
                tokens.push(Token::Frame(INDENT, inner));
                Ok(())
            }
            None => self.object(item, level + 1, false, tokens),
        }
    }
}
