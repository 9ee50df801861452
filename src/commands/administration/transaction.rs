//! Use-CsTransaction: the writes of a block take effect together, or not at all.

use super::problem;
use super::state::{Administration, client};
use crate::cmdlet;
use crate::runtime::cmdlet::Block;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{Fault, Outcome, Value};

/// The cmdlets of this file.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&UseCsTransaction::SPEC];

cmdlet! {
    /// Makes the writes of a block atomic.
    pub(crate) struct UseCsTransaction = "Use-CsTransaction", class "Use-CsTransaction", module "SkypeForBusiness" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Runs a block whose changes take effect together at its end; an error that ends the block undoes them.",
        examples: &[(
            "Use-CsTransaction { New-CsPersistentChatCategory -Name HR; New-CsPersistentChatRoom -Name Pay -Category HR }",
            "Makes a category and a room, or neither."
        )],
        outputs: &[],
    }
    parameters {
        block: Option<Block> = ParameterSpec::new("ScriptBlock").sets(&[SetMembership::of("").mandatory().position(0)]),
    }
    state {}
}

impl Cmdlet for UseCsTransaction {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(block) = self.block.take() else { return Ok(()) };
        if Administration::of(run.session).transaction.is_some() {
            return Fault::new("NestedTransaction", "A transaction is open already; its block cannot hold another.")
                .err();
        }
        let client = client(run);
        let id = client.begin().map_err(|refused| problem::fault(&refused))?;
        Administration::of(run.session).transaction = Some(id.clone());
        let outcome = run.run_block(&block, Value::Null);
        Administration::of(run.session).transaction = None;
        let ended = match &outcome {
            Ok(()) => client.commit(&id),
            Err(_) => client.rollback(&id),
        };
        outcome?;
        Ok(ended.map_err(|refused| problem::fault(&refused))?)
    }
}
