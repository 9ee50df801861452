//! Modules: a session state of their own, what they export, and how that becomes visible elsewhere.

mod constraint;
mod find;
mod load;
mod object;

pub(crate) use constraint::ModuleConstraint;
pub(crate) use find::ModuleFile;
pub(crate) use load::ImportOptions;
pub(crate) use object::{module_object, module_of};

use super::Session;
use super::function::FunctionInfo;
use super::scope::{Frame, FrameKind, Layout, Slot};
use super::session_state::{Module, SessionState};
use super::sink::Sink;
use super::symbol::Symbol;
use crate::value::wildcard::Wildcard;
use crate::value::{Outcome, ScriptBlock, Str, Value};
use std::rc::Rc;

/// What a module lets out, by name.
#[derive(Clone, Default)]
pub(crate) struct Exported {
    /// Functions and filters.
    pub(crate) functions: Vec<(Str, Rc<FunctionInfo>)>,
    /// Aliases.
    pub(crate) aliases: Vec<(Str, Rc<super::AliasInfo>)>,
    /// Variables.
    pub(crate) variables: Vec<Symbol>,
}

impl Session {
    /// An empty module with a session state of its own.
    pub(crate) fn make_module(&mut self, name: &str, path: &str) -> Rc<Module> {
        let module = Rc::new(Module {
            name: Str::from(name).into(),
            path: Str::from(path).into(),
            version: Str::from("0.0").into(),
            properties: Default::default(),
            exports: Default::default(),
            state: Default::default(),
            nested: Default::default(),
            object: Default::default(),
        });
        let state = SessionState::new(Some(module.clone()));
        let layout = Rc::new(Layout::default());
        let frame = Rc::new(Frame::new(layout, Some(self.global.clone()), state.clone(), FrameKind::Module));
        // Both cells are fresh, so setting them cannot fail.
        let _ = state.frame.set(frame.clone());
        state.current.replace(Some(frame));
        let _ = module.state.set(state);
        module
    }

    /// Runs a block as the module's own code, in its outermost scope.
    pub(crate) fn run_in_module(
        &mut self,
        module: &Rc<Module>,
        block: &Rc<ScriptBlock>,
        args: &[Value],
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        let Some(state) = module.state.get().cloned() else { return Ok(()) };
        let Some(frame) = state.frame.get().cloned() else { return Ok(()) };
        let body = self.block_in_module(block, module);
        let suspended = self.enter(frame, &block.source)?;
        let result = self.run_in_current_scope(&body, None, args, out);
        self.leave(suspended);
        result
    }

    /// The same code at home in a module: `& $module { }`.
    pub(crate) fn block_in_module(&self, block: &Rc<ScriptBlock>, module: &Rc<Module>) -> Rc<ScriptBlock> {
        let copy = super::lower::instance(block);
        if let Some(state) = module.state.get() {
            copy.home.replace(Some(state.clone()));
        }
        Rc::new(copy)
    }

    /// What a module exports: what it said, or all its functions and aliases.
    pub(crate) fn exported(&self, module: &Rc<Module>) -> Exported {
        let mut found = Exported::default();
        let Some(frame) = module.state.get().and_then(|state| state.frame.get()) else { return found };
        let said = module.exports.borrow().clone();
        let lets = |patterns: Option<&Vec<Str>>, name: &str, otherwise: bool| match patterns {
            None => otherwise,
            Some(patterns) => patterns.iter().any(|p| Wildcard::new(p, false).is_ok_and(|w| w.matches(name))),
        };
        if let Some(extra) = frame.extra() {
            for function in extra.functions.borrow().values() {
                if lets(said.as_ref().map(|s| &s.functions), &function.name, true) {
                    found.functions.push((function.name.clone(), function.clone()));
                }
            }
            for alias in extra.aliases.borrow().values() {
                if lets(said.as_ref().map(|s| &s.aliases), &alias.name, true) {
                    found.aliases.push((alias.name.clone(), alias.clone()));
                }
            }
        }
        for (name, _) in frame.variables() {
            if lets(said.as_ref().map(|s| &s.variables), name.name(), false) {
                found.variables.push(name);
            }
        }
        found.functions.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        found.aliases.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        found
    }

    /// Takes a module's commands out of a scope and forgets the module.
    pub(crate) fn remove_module(&mut self, module: &Rc<Module>) -> Outcome<()> {
        if let Some(block) = object::on_remove(module) {
            let shown = module_object(self, module);
            self.run_block_with(&block, &[shown], None, &mut super::run::HostSink)?;
        }
        let Some(home) = module.state.get().cloned() else { return Ok(()) };
        let mut frames = vec![self.global.clone(), self.frame.clone(), self.frame.script_frame()];
        frames.extend(self.state.frame.get().cloned());
        frames.extend(self.modules.values().filter_map(|m| m.state.get().and_then(|s| s.frame.get().cloned())));
        let own = home.frame.get().cloned();
        for frame in frames.iter().filter(|frame| own.as_ref().is_none_or(|own| !Rc::ptr_eq(own, frame))) {
            self.forget_imports(frame, &home, module);
        }
        self.modules.retain(|_, known| !Rc::ptr_eq(known, module));
        self.generation += 1;
        Ok(())
    }

    fn forget_imports(&self, frame: &Rc<Frame>, home: &Rc<SessionState>, module: &Rc<Module>) {
        let Some(extra) = frame.extra() else { return };
        let nested: Vec<Rc<SessionState>> =
            module.nested.borrow().iter().filter_map(|m| m.state.get().cloned()).collect();
        let belongs = |state: &Rc<SessionState>| Rc::ptr_eq(state, home) || nested.iter().any(|n| Rc::ptr_eq(n, state));
        extra.functions.borrow_mut().retain(|_, function| !belongs(&function.home));
        let own = home.frame.get().and_then(|f| f.extra());
        extra.aliases.borrow_mut().retain(|name, alias| {
            let theirs = own.and_then(|own| own.aliases.borrow().get(name).cloned());
            theirs.is_none_or(|theirs| !Rc::ptr_eq(&theirs, alias))
        });
        if let Some(own) = home.frame.get() {
            for (name, slot) in own.variables() {
                let shared = matches!((&slot, frame.own(name)), (Slot::Boxed(a), Slot::Boxed(b)) if Rc::ptr_eq(a, &b));
                if shared {
                    frame.unset(name);
                }
            }
        }
    }
}
