//! Picking properties of objects, as Select-Object, Sort-Object, Group-Object and Compare-Object do.

use crate::format::expression::{EXPRESSION, Expression, Key, LABEL, Selector, is_error, key};
use crate::runtime::Invocation;
use crate::value::wildcard::Wildcard;
use crate::value::{Engine, ErrorCategory, ExtensionSlot, Fault, Outcome, PsObject, Shape, Str, TypeRef, Value};
use std::rc::Rc;

/// Keys of Select-Object's hashtables.
pub(super) const SELECT_KEYS: &[Key] = &[EXPRESSION, LABEL];
/// Keys of Sort-Object's hashtables.
pub(super) const SORT_KEYS: &[Key] = &[EXPRESSION, key("ascending"), key("descending")];
/// Keys of hashtables that say an expression and nothing else.
pub(super) const PLAIN_KEYS: &[Key] = &[EXPRESSION];

/// Makes objects of some properties of others.
pub(super) struct Picker {
    selectors: Vec<Selector>,
    exclude: Vec<Wildcard>,
    shape: Rc<Shape>,
    /// First type name of the last object, and the type names of what was made of it.
    made_of: (Str, Rc<[Str]>),
}

impl Picker {
    /// For the items of a `-Property` and an `-ExcludeProperty`.
    pub(super) fn new(wanted: &[Value], exclude: &[Str], keys: &[Key]) -> Outcome<Self> {
        let selectors = wanted.iter().map(|value| Selector::read(value, keys)).collect::<Outcome<Vec<_>>>()?;
        let nameless = |selector: &Selector| match &selector.expression {
            Expression::Block(block) => selector.label().is_none() && block.text().trim().is_empty(),
            Expression::Name(_) | Expression::Pattern(_) | Expression::Code(..) => false,
        };
        if selectors.iter().any(nameless) {
            return Fault::new("EmptyScriptBlockAndNoName", "an empty block gives no value and has no name")
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException")
                .err();
        }
        Ok(Picker {
            selectors,
            exclude: exclude.iter().map(|pattern| Wildcard::new(pattern, false)).collect::<Outcome<_>>()?,
            shape: Rc::new(Shape { names: Vec::new() }),
            made_of: (Str::from(""), Rc::default()),
        })
    }

    /// Names and values of what is picked.
    pub(super) fn values(&mut self, run: &mut Invocation<'_>, item: &Value) -> Outcome<Vec<(Str, Value)>> {
        let mut picked: Vec<(Str, Value)> = Vec::with_capacity(self.selectors.len());
        for selector in &self.selectors {
            let found = match &selector.expression {
                expression @ (Expression::Block(_) | Expression::Code(..)) => {
                    let name = selector.label().unwrap_or_else(|| expression.label());
                    let value = value_or_null(run.session, item, expression)?;
                    self.add(run, &mut picked, name, value)?;
                    continue;
                }
                Expression::Name(name) => {
                    if let Some((name, value)) = plain_property(item, name) {
                        self.add(run, &mut picked, selector.label().unwrap_or(name), value)?;
                        continue;
                    }
                    selector.expression.resolve(run.session, item)?
                }
                Expression::Pattern(_) => selector.expression.resolve(run.session, item)?,
            };
            if found.is_empty() && !matches!(selector.expression, Expression::Pattern(_)) {
                let name = selector.label().unwrap_or_else(|| selector.expression.label());
                self.add(run, &mut picked, name, Value::Null)?;
                continue;
            }
            for expression in found {
                let name = selector.label().unwrap_or_else(|| expression.label());
                let value = value_or_null(run.session, item, &expression)?;
                self.add(run, &mut picked, name, value)?;
            }
        }
        Ok(picked)
    }

    fn add(&self, run: &mut Invocation<'_>, picked: &mut Vec<(Str, Value)>, name: Str, value: Value) -> Outcome<()> {
        if self.exclude.iter().any(|pattern| pattern.matches(&name)) {
            return Ok(());
        }
        if picked.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            let message = format!("the property '{name}' is picked twice; give one of them another name");
            let fault = Fault::new("AlreadyExistingUserSpecifiedPropertyNoExpand", message)
                .category(ErrorCategory::InvalidOperation)
                .exception("System.Management.Automation.PSArgumentException");
            return run.error(fault);
        }
        picked.push((name, value));
        Ok(())
    }

    /// An object of what is picked.
    pub(super) fn pick(&mut self, run: &mut Invocation<'_>, item: &Value) -> Outcome<Value> {
        let picked = self.values(run, item)?;
        let same = picked.len() == self.shape.names.len()
            && picked
                .iter()
                .zip(&self.shape.names)
                .all(|((name, _), known)| name.same(known) || name.as_str() == known.as_str());
        let (names, values): (Vec<Str>, Vec<Value>) = picked.into_iter().unzip();
        if !same {
            self.shape = Rc::new(Shape { names });
        }
        let made = PsObject {
            kind: TypeRef::PSCUSTOMOBJECT,
            shape: self.shape.clone().into(),
            values: values.into(),
            extension: ExtensionSlot::with_type_names(self.type_names(item)),
        };
        Ok(Value::Object(Rc::new(made)))
    }

    fn type_names(&mut self, item: &Value) -> Rc<[Str]> {
        let first = Str::from(TypeRef::of(item).full_name().as_ref());
        if first.as_str() != self.made_of.0.as_str() {
            let selected = Str::from(format!("Selected.{first}"));
            let own = ["System.Management.Automation.PSCustomObject", "System.Object"].map(Str::from);
            self.made_of = (first, std::iter::once(selected).chain(own).collect());
        }
        self.made_of.1.clone()
    }
}

/// A property of an object that has nothing but plain ones, with its name as the object writes it.
fn plain_property(item: &Value, name: &str) -> Option<(Str, Value)> {
    let Value::Object(object) = item else { return None };
    if object.extension.has_members() {
        return None;
    }
    let shape = object.shape.borrow();
    let at = shape.names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    let value = object.values.borrow().get(at).cloned().filter(|value| !matches!(value, Value::Nothing));
    Some((shape.names.get(at)?.clone(), value.unwrap_or_default()))
}

/// The value of an expression; `None` where the object has no such property. A block that fails is reported.
pub(super) fn value_or_report(
    run: &mut Invocation<'_>,
    item: &Value,
    expression: &Expression,
) -> Outcome<Option<Value>> {
    match expression.value(run.session, item) {
        Ok(Some(Value::Nothing)) => Ok(Some(Value::Null)),
        Ok(found) => Ok(found),
        Err(unwind) if is_error(&unwind) => {
            run.error_about(unwind, "ExpressionEvaluation", ErrorCategory::InvalidResult, item.clone())?;
            Ok(Some(Value::Null))
        }
        Err(unwind) => Err(unwind),
    }
}

/// The value of an expression; null where it failed.
pub(super) fn value_or_null(engine: &mut dyn Engine, item: &Value, expression: &Expression) -> Outcome<Value> {
    match expression.value(engine, item) {
        // A collection that a block wrote is a list; no output is null.
        Ok(Some(Value::Nothing)) | Ok(None) => Ok(Value::Null),
        Ok(Some(value)) => Ok(value),
        Err(unwind) if is_error(&unwind) => Ok(Value::Null),
        Err(unwind) => Err(unwind),
    }
}
