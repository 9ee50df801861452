//! Where tasks join the interpreter: giving way, waiting, and the `&` that runs a pipeline as a job.

use super::argument::Argument;
use super::command::Command;
use super::invoke::Call;
use super::pipeline::Place;
use super::session::Session;
use super::sink::Collector;
use super::symbol::Symbol;
use super::tasks;
use crate::syntax::Source;
use crate::value::{Control, Outcome, ScriptBlock, Value};
use std::rc::Rc;
use std::time::Instant;

impl Session {
    /// `a | b &`: the same as `Start-Job`, with the caller's variables as `$using:` would give them.
    pub(super) fn start_background(&mut self, block: &Rc<ScriptBlock>) -> Outcome<Value> {
        let written = block.text().trim_end();
        let written = written.strip_suffix('&').unwrap_or(written);
        let exists = |name: &str| self.find_variable(Symbol::new(name)).is_some();
        let text = super::jobs::using_variables_of_caller(written, exists);
        let block = self.parse_block(Source::anonymous(text))?;
        let command = self.resolve_command("Start-Job", Symbol::new("Start-Job"))?;
        let mut output = Collector::Empty;
        self.run_command_with(command, vec![Argument::named("ScriptBlock", Value::ScriptBlock(block))], &mut output)?;
        Ok(output.into_value())
    }

    /// Runs a command with arguments that code gives, as a pipeline of its own.
    fn run_command_with(&mut self, command: Command, arguments: Vec<Argument>, out: &mut Collector) -> Outcome<()> {
        self.pipelines += 1;
        let number = self.pipelines;
        let place = Place { position: 1, length: 1, pipeline: number, input: false };
        let span = self.position;
        let call = Call { name: "".into(), arguments, place, span, plan: None, dotted: false };
        let processor = self.processor_of(command, call)?;
        self.run_processor(processor, span, number, out)
    }

    /// Lets the tasks of this process have their turn.
    #[inline]
    pub(super) fn give_way(&mut self) {
        if tasks::any() {
            tasks::give_way();
            if !self.events.is_empty() {
                self.act_on_events();
            }
        }
    }

    /// Waits until `ready` says so (true) or the time is up (false), while other tasks run. `Err` when stopped.
    pub(crate) fn wait(&mut self, ready: &mut dyn FnMut() -> bool, deadline: Option<Instant>) -> Outcome<bool> {
        self.host.flush();
        let (cancellation, events, acting) = (self.cancellation.clone(), self.events.clone(), self.acting);
        loop {
            let mut came = false;
            let mut wakes = || {
                came = ready();
                came || cancellation.is_cancelled() || (!acting && !events.is_empty())
            };
            let woken = tasks::wait(&mut wakes, deadline);
            if cancellation.is_cancelled() {
                return Err(Control::Cancelled.into());
            }
            if !acting && !events.is_empty() {
                self.act_on_events();
            }
            if came || !woken {
                return Ok(came);
            }
        }
    }
}
