//! Between the interpreter and the parameter binder: functions with attributes, and cmdlets.

use super::argument::Argument;
use super::code::Code;
use super::scope::Frame;
use super::session::Session;
use super::sink::Sink;
use super::streams::CommandContext;
use crate::value::{Outcome, ScriptBlock, Value};
use std::rc::Rc;

/// What binds pipeline objects to an advanced function's parameters.
pub(super) struct PipelineBinder {}

impl Session {
    /// Binds arguments to a block whose parameters have attributes.
    pub(super) fn bind_block(
        &mut self,
        _block: &Rc<ScriptBlock>,
        code: &Code,
        frame: &Rc<Frame>,
        _context: &Rc<CommandContext>,
        arguments: Vec<Argument>,
    ) -> Outcome<Option<PipelineBinder>> {
        let mut scratch = self.frame_for(code, &frame.state.clone(), super::FrameKind::Local);
        self.bind_plain(code, &mut scratch, arguments, "")?;
        for param in &code.params {
            frame.put_slot(param.slot, scratch.slot(param.slot));
        }
        Ok(None)
    }

    /// The same for a dot-sourced block: into the slots of the frame in use.
    pub(super) fn bind_block_into(
        &mut self,
        block: &Rc<ScriptBlock>,
        code: &Code,
        arguments: Vec<Argument>,
        frame: &Rc<Frame>,
    ) -> Outcome<()> {
        let context = Rc::new(CommandContext::new(None, frame.clone()));
        self.bind_block(block, code, frame, &context, arguments).map(|_| ())
    }

    /// Binds one pipeline object; false where it was refused and the error written.
    pub(super) fn bind_pipeline_object(
        &mut self,
        _binder: &mut PipelineBinder,
        _code: &Code,
        _frame: &Rc<Frame>,
        _context: &Rc<CommandContext>,
        _item: &Value,
        _out: &mut dyn Sink,
    ) -> Outcome<bool> {
        Ok(true)
    }

    /// Runs a block with attributes on its parameters, called with positional arguments.
    pub(super) fn run_bound_block(
        &mut self,
        block: &Rc<ScriptBlock>,
        arguments: Vec<Argument>,
        _this: Option<Value>,
        out: &mut dyn Sink,
    ) -> Outcome<()> {
        self.pipelines += 1;
        let number = self.pipelines;
        let place = super::pipeline::Place { position: 1, length: 1, pipeline: number };
        let span = self.position;
        let call = super::invoke::Call { name: "".into(), arguments, place, span, dotted: false };
        let processor = self.block_processor(block.clone(), None, call)?;
        self.run_processor(processor, span, number, out)
    }

    /// The processor of a cmdlet.
    pub(super) fn cmdlet_processor<'c>(
        &mut self,
        spec: &'static super::CmdletSpec,
        call: super::invoke::Call,
    ) -> Outcome<Box<dyn super::pipeline::Processor + 'c>> {
        let _ = call;
        super::command_lookup::not_found(spec.name)
    }
}
