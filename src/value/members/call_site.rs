//! What a place in a script that calls a method remembers of its last call: a receiver and arguments of the same
//! types mean the same overload again, so that a loop looks a method up once. The name must be the same at each call.

use super::extension;
use super::invoke::{self, Found};
use super::overload::{self, Site};
use super::table::{self, Overload};
use crate::value::{Engine, Outcome, TypeRef, Value};
use std::cell::Cell;

/// Calls of more arguments than this are looked up each time.
const REMEMBERED_ARGUMENTS: usize = 3;

/// The memory of one call site.
#[derive(Default)]
pub(crate) struct CallSite(Cell<Option<Known>>);

/// A call that was resolved: for which types, and to what.
#[derive(Clone, Copy)]
struct Known {
    kind: TypeRef,
    declaring: TypeRef,
    types: [Option<TypeRef>; REMEMBERED_ARGUMENTS],
    overload: &'static Overload,
    spread: bool,
    exact: bool,
}

/// The types of arguments, where they alone decide the overload: null fits many types, and so does what is wrapped.
fn types_of(args: &[Value]) -> Option<[Option<TypeRef>; REMEMBERED_ARGUMENTS]> {
    let mut types = [None; REMEMBERED_ARGUMENTS];
    for (at, arg) in args.iter().enumerate() {
        if matches!(arg, Value::Null | Value::Nothing | Value::Wrapped(_)) {
            return None;
        }
        *types.get_mut(at)? = Some(TypeRef::of(arg));
    }
    Some(types)
}

impl CallSite {
    /// Calls `value.name(args)` where the last call here was of the same types, which need no conversion: nobody else
    /// answered to the name then, so nobody has to be asked now.
    #[inline]
    pub(crate) fn call_known(
        &self,
        engine: &mut dyn Engine,
        value: &Value,
        name: &str,
        args: &mut [Value],
    ) -> Option<Outcome<Value>> {
        let known = self.0.get()?;
        let same = known.exact && !matches!(value, Value::Wrapped(_)) && known.kind == TypeRef::of(value);
        if !same || types_of(args)? != known.types || extension::find_member(value, name).is_some() {
            return None;
        }
        Some(known.run_exact(engine, value, name, args))
    }

    /// The same for `[kind]::name(args)`.
    #[inline]
    pub(crate) fn call_known_static(
        &self,
        engine: &mut dyn Engine,
        kind: TypeRef,
        name: &str,
        args: &mut [Value],
    ) -> Option<Outcome<Value>> {
        let known = self.0.get()?;
        let same = known.exact && known.kind == kind && types_of(args)? == known.types;
        same.then(|| known.run_exact(engine, &Value::Null, name, args))
    }

    /// Calls `value.name(args)`.
    pub(crate) fn call(&self, engine: &mut dyn Engine, value: &Value, name: &str, args: Vec<Value>) -> Outcome<Value> {
        let kind = TypeRef::of(value);
        if matches!(value, Value::Wrapped(_)) || kind.is_script_class() || extension::find_member(value, name).is_some()
        {
            return invoke::call(engine, value, name, args);
        }
        let found = |kind| invoke::find(kind, name);
        match self.resolved(kind, name, &args, found)? {
            Some(known) => known.run(engine, value, name, args),
            None => invoke::call(engine, value, name, args),
        }
    }

    /// Calls `[kind]::name(args)`.
    pub(crate) fn call_static(
        &self,
        engine: &mut dyn Engine,
        kind: TypeRef,
        name: &str,
        args: Vec<Value>,
    ) -> Outcome<Value> {
        if kind.is_script_class() {
            return invoke::call_static(engine, kind, name, args);
        }
        let found = |kind| table::find_static_method(kind, name).map(|method| Found { method, declaring: kind });
        match self.resolved(kind, name, &args, found)? {
            Some(known) => known.run(engine, &Value::Null, name, args),
            None => invoke::call_static(engine, kind, name, args),
        }
    }

    /// What the call means, from the last time where the types are the same; `None` where the general way must go.
    fn resolved(
        &self,
        kind: TypeRef,
        name: &str,
        args: &[Value],
        find: impl FnOnce(TypeRef) -> Option<Found>,
    ) -> Outcome<Option<Known>> {
        let Some(types) = types_of(args) else { return Ok(None) };
        if let Some(known) = self.0.get()
            && known.kind == kind
            && known.types == types
        {
            return Ok(Some(known));
        }
        let Some(Found { method, declaring }) = find(kind) else { return Ok(None) };
        let site = Site { kind: declaring, name };
        let (overload, spread, exact) = overload::select(&site, method, args)?;
        let known = Known { kind, declaring, types, overload, spread, exact };
        self.0.set(Some(known));
        Ok(Some(known))
    }
}

impl Known {
    fn run_exact(&self, engine: &mut dyn Engine, this: &Value, name: &str, args: &mut [Value]) -> Outcome<Value> {
        let count = args.len();
        invoke::run(engine, this, &Site { kind: self.declaring, name }, self.overload, args, count)
    }

    fn run(&self, engine: &mut dyn Engine, this: &Value, name: &str, mut args: Vec<Value>) -> Outcome<Value> {
        let count = args.len();
        let site = Site { kind: self.declaring, name };
        if !self.exact {
            overload::convert_arguments(engine, &site, self.overload, self.spread, &mut args)?;
        }
        invoke::run(engine, this, &site, self.overload, &mut args, count)
    }
}
