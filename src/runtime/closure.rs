//! Closures: a block with copies of the variables around it, in a dynamic module of its own.

use super::cmdlet::ConfirmImpact;
use super::command::Command;
use super::lower;
use super::scope::{Frame, FrameKind, Layout, Options, Slot};
use super::session::Session;
use super::session_state::SessionState;
use super::streams::CommandContext;
use crate::value::ScriptBlock;
use std::rc::Rc;

impl Session {
    /// `.GetNewClosure()`: the variables of the current scope, copied.
    pub(super) fn new_closure(&mut self, block: &Rc<ScriptBlock>) -> Rc<ScriptBlock> {
        let state = SessionState::new(None);
        let layout = Rc::new(Layout::default());
        let parent = self.frame.global_frame();
        let frame = Rc::new(Frame::new(layout, Some(parent), state.clone(), FrameKind::Module));
        for (name, slot) in self.frame.variables() {
            match slot {
                Slot::Plain(value) => frame.put_name(name, value),
                Slot::Boxed(variable) if variable.options.get() == Options::NONE => {
                    frame.put_name(name, variable.get());
                }
                Slot::Boxed(_) | Slot::Unset => {}
            }
        }
        // The cell is fresh, so setting it cannot fail.
        let _ = state.frame.set(frame.clone());
        state.current.replace(Some(frame));
        let copy = lower::instance(block);
        copy.home.replace(Some(state));
        Rc::new(copy)
    }

    /// The `ConfirmImpact` that a function declares.
    pub(super) fn confirm_impact(&self, context: &CommandContext) -> ConfirmImpact {
        let Some(Command::Function(function)) = &context.command else { return ConfirmImpact::Medium };
        for attribute in &function.block.ast.attributes {
            for (name, value, _) in &attribute.named {
                if name.eq_ignore_ascii_case("ConfirmImpact")
                    && let Some(crate::syntax::ExprKind::String(text, _)) = value.as_ref().map(|v| &v.kind)
                {
                    return match text.to_ascii_lowercase().as_str() {
                        "none" => ConfirmImpact::None,
                        "low" => ConfirmImpact::Low,
                        "high" => ConfirmImpact::High,
                        _ => ConfirmImpact::Medium,
                    };
                }
            }
        }
        ConfirmImpact::Medium
    }
}
