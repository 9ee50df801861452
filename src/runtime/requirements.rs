//! What `#Requires` lines of a script ask for, checked before anything of it runs.

use super::session::Session;
use super::sink::Discard;
use crate::syntax::{Requires, Source};
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, Unwind};
use std::rc::Rc;

/// The version of the language, as scripts ask for it.
const VERSION: [u32; 2] = [7, 6];

impl Session {
    /// Fails where this shell is not what the script needs; loads the modules it names.
    pub(super) fn check_requirements(&mut self, block: &Rc<ScriptBlock>) -> Outcome<()> {
        let path = block.source.path.as_deref().unwrap_or("");
        let name = path.rsplit('/').next().unwrap_or(path);
        for requirement in &block.ast.requires {
            match requirement {
                Requires::Version(wanted) if !is_met(wanted) => {
                    let why =
                        format!("'{name}' needs version {wanted}; this shell offers {}.{}.", VERSION[0], VERSION[1]);
                    return refused("ScriptRequiresUnmatchedPSVersion", why, name);
                }
                Requires::Edition(wanted) if !wanted.eq_ignore_ascii_case("Core") => {
                    let why = format!("'{name}' needs the edition {wanted}; this shell is of the edition Core.");
                    return refused("ScriptRequiresUnmatchedPSEdition", why, name);
                }
                Requires::Module(wanted) => self.require_module(wanted, name)?,
                Requires::Version(_) | Requires::Edition(_) | Requires::Administrator => {}
            }
        }
        Ok(())
    }

    fn require_module(&mut self, wanted: &str, script: &str) -> Outcome<()> {
        let given = if wanted.starts_with('@') { "-FullyQualifiedName" } else { "-Name" };
        let text = format!("Import-Module {given} {wanted} -Global -ErrorAction Stop");
        let import = self.parse_block(Source::anonymous(text))?;
        let loaded = self.run_block_with(&import, &[], None, &mut Discard);
        match loaded {
            Err(unwind @ (Unwind::Fault(_) | Unwind::Error(_))) => {
                self.record_of(unwind)?;
                let why = format!("'{script}' needs the module {wanted}, which cannot be loaded.");
                refused("ScriptRequiresMissingModules", why, script)
            }
            _ => Ok(()),
        }
    }
}

fn refused(id: &'static str, why: String, script: &str) -> Outcome<()> {
    Fault::new(id, why)
        .category(ErrorCategory::ResourceUnavailable)
        .exception("System.Management.Automation.ScriptRequiresException")
        .target(script)
        .err()
}

/// True where a version is not above this shell's.
fn is_met(wanted: &str) -> bool {
    let mut parts = wanted.trim().split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let wanted = [parts.next().unwrap_or(0), parts.next().unwrap_or(0)];
    wanted <= VERSION
}
