//! `Get-Verb`: the approved verbs of command names.

use crate::cmdlet;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation, object};
use crate::value::wildcard::Wildcard;
use crate::value::{Outcome, Str, Value};

/// Group, verb, the beginning of aliases, and what the verb says.
pub(crate) const VERBS: &[(&str, &str, &str, &str)] = &[
    ("Common", "Add", "a", "Puts something into a container, or joins one thing to another."),
    ("Common", "Clear", "cl", "Takes everything out of a container without removing it."),
    ("Common", "Close", "cs", "Makes something unreachable or unusable."),
    ("Common", "Copy", "cp", "Makes a second one elsewhere or under another name."),
    ("Common", "Enter", "et", "Moves into a place."),
    ("Common", "Exit", "ex", "Goes back to the place left last."),
    ("Common", "Find", "fd", "Looks for something that is not known yet or may not be there."),
    ("Common", "Format", "f", "Arranges objects in a form or layout."),
    ("Common", "Get", "g", "Fetches something."),
    ("Common", "Hide", "h", "Makes something invisible."),
    ("Common", "Join", "j", "Makes one out of several."),
    ("Common", "Lock", "lk", "Guards something against use."),
    ("Common", "Move", "m", "Takes something to another place."),
    ("Common", "New", "n", "Makes something."),
    ("Common", "Open", "op", "Makes something reachable or usable."),
    ("Common", "Optimize", "om", "Makes something work better."),
    ("Common", "Push", "pu", "Puts something on top of a stack."),
    ("Common", "Pop", "pop", "Takes something from the top of a stack."),
    ("Common", "Redo", "re", "Does again what was undone."),
    ("Common", "Remove", "r", "Takes something out of a container."),
    ("Common", "Rename", "rn", "Gives something another name."),
    ("Common", "Reset", "rs", "Puts something back into its first state."),
    ("Common", "Resize", "rz", "Changes how large something is."),
    ("Common", "Search", "sr", "Looks for a reference to something in a container."),
    ("Common", "Select", "sc", "Picks something out of a container."),
    ("Common", "Set", "s", "Replaces what something holds, or makes it with that."),
    ("Common", "Show", "sh", "Makes something visible."),
    ("Common", "Skip", "sk", "Passes over something in a sequence."),
    ("Common", "Split", "sl", "Takes something apart."),
    ("Common", "Step", "st", "Goes to the next place in a sequence."),
    ("Common", "Switch", "sw", "Changes between two things."),
    ("Common", "Undo", "un", "Puts something back to how it was before."),
    ("Common", "Unlock", "uk", "Lets go of what was locked."),
    ("Common", "Watch", "wc", "Keeps looking for changes."),
    ("Data", "Backup", "ba", "Keeps data by making a copy of it."),
    ("Data", "Checkpoint", "ch", "Records a state that can be gone back to."),
    ("Data", "Compare", "cr", "Weighs one source of data against another."),
    ("Data", "Compress", "cm", "Packs data densely."),
    ("Data", "Convert", "cv", "Changes data from one form to another and back."),
    ("Data", "ConvertFrom", "cf", "Changes one form of data into many."),
    ("Data", "ConvertTo", "ct", "Changes many forms of data into one."),
    ("Data", "Dismount", "dm", "Takes something out of where it was mounted."),
    ("Data", "Edit", "ed", "Changes data in place."),
    ("Data", "Expand", "en", "Brings packed data back to its full size."),
    ("Data", "Export", "ep", "Puts data into a form to be kept or sent."),
    ("Data", "Group", "gp", "Orders things by what they share."),
    ("Data", "Import", "ip", "Makes something of data in a kept form."),
    ("Data", "Initialize", "in", "Makes something ready for use."),
    ("Data", "Limit", "l", "Sets bounds to something."),
    ("Data", "Merge", "mg", "Makes one out of several of a kind."),
    ("Data", "Mount", "mt", "Attaches something to a place."),
    ("Data", "Out", "o", "Sends data out of the surroundings."),
    ("Data", "Publish", "pb", "Makes something available to others."),
    ("Data", "Restore", "rr", "Brings something back to a known state."),
    ("Data", "Save", "sv", "Keeps data so that it is not lost."),
    ("Data", "Sync", "sy", "Makes two or more things the same."),
    ("Data", "Unpublish", "ub", "Makes something unavailable to others."),
    ("Data", "Update", "ud", "Brings something up to date."),
    ("Lifecycle", "Approve", "ap", "Agrees to something."),
    ("Lifecycle", "Assert", "as", "States that something holds."),
    ("Lifecycle", "Build", "bd", "Makes something, such as a program, of its sources."),
    ("Lifecycle", "Complete", "cmp", "Ends an operation."),
    ("Lifecycle", "Confirm", "cn", "Acknowledges or verifies something."),
    ("Lifecycle", "Deny", "dn", "Refuses something."),
    ("Lifecycle", "Deploy", "dp", "Sends an application to where it is to run."),
    ("Lifecycle", "Disable", "d", "Makes something unavailable or inactive."),
    ("Lifecycle", "Enable", "e", "Makes something available or active."),
    ("Lifecycle", "Install", "is", "Puts something in its place and makes it ready."),
    ("Lifecycle", "Invoke", "i", "Performs an action."),
    ("Lifecycle", "Register", "rg", "Enters something in a list."),
    ("Lifecycle", "Request", "rq", "Asks for something or for permission."),
    ("Lifecycle", "Restart", "rt", "Stops something and starts it again."),
    ("Lifecycle", "Resume", "ru", "Goes on with what was suspended."),
    ("Lifecycle", "Start", "sa", "Begins an operation."),
    ("Lifecycle", "Stop", "sp", "Ends an activity."),
    ("Lifecycle", "Submit", "sb", "Hands something over for approval."),
    ("Lifecycle", "Suspend", "ss", "Halts an activity for a while."),
    ("Lifecycle", "Uninstall", "us", "Takes something from where it was installed."),
    ("Lifecycle", "Unregister", "ur", "Takes an entry off a list."),
    ("Lifecycle", "Wait", "w", "Pauses until something has happened."),
    ("Diagnostic", "Debug", "db", "Examines an operation to find what is wrong with it."),
    ("Diagnostic", "Measure", "ms", "Finds how much something takes, or its statistics."),
    ("Diagnostic", "Ping", "pi", "Sees whether something answers; Test says it better."),
    ("Diagnostic", "Repair", "rp", "Brings something back to a usable state."),
    ("Diagnostic", "Resolve", "rv", "Finds the full form of a short one."),
    ("Diagnostic", "Test", "t", "Checks that something works or holds."),
    ("Diagnostic", "Trace", "tr", "Follows what something does."),
    ("Communications", "Connect", "cc", "Ties a source to a destination."),
    ("Communications", "Disconnect", "dc", "Cuts a source from its destination."),
    ("Communications", "Read", "rd", "Takes information from a source."),
    ("Communications", "Receive", "rc", "Takes what was sent."),
    ("Communications", "Send", "sd", "Gives information to a destination."),
    ("Communications", "Write", "wr", "Puts information into a target."),
    ("Security", "Block", "bl", "Keeps others from something."),
    ("Security", "Grant", "gr", "Gives access to something."),
    ("Security", "Protect", "pt", "Guards something against attack or loss."),
    ("Security", "Revoke", "rk", "Takes access back."),
    ("Security", "Unblock", "ul", "Lets others have something again."),
    ("Security", "Unprotect", "up", "Takes a guard away."),
    ("Other", "Use", "u", "Uses a resource to do something."),
];

const GROUPS: &[&str] = &["Common", "Communications", "Data", "Diagnostic", "Lifecycle", "Other", "Security"];

cmdlet! {
    /// `Get-Verb`.
    pub(crate) struct GetVerb = "Get-Verb", class "Microsoft.PowerShell.Commands.GetVerbCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the approved verbs of command names.",
        examples: &[("(Get-Verb -Verb Get).Group", "Common\n")], outputs: &["System.Management.Automation.VerbInfo"],
    }
    parameters {
        verb: Vec<Str> = ParameterSpec::new("Verb").sets(&[SetMembership::of("").position(0).by_value()]),
        group: Vec<Str> = ParameterSpec::new("Group").validate(&[Validation::Set(GROUPS)])
            .sets(&[SetMembership::of("").position(1).by_property()]),
    }
    state {}
}

impl Cmdlet for GetVerb {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let patterns = self.verb.iter().map(|verb| Wildcard::new(verb, false)).collect::<Outcome<Vec<_>>>()?;
        for (group, verb, prefix, description) in VERBS {
            let named = patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(verb));
            let grouped = self.group.is_empty() || self.group.iter().any(|wanted| wanted.eq_ignore_ascii_case(group));
            if named && grouped {
                let rows = [("Verb", verb), ("AliasPrefix", prefix), ("Group", group), ("Description", description)];
                let rows = rows.into_iter().map(|(name, text)| (name, Value::from(*text))).collect();
                run.write(object("System.Management.Automation.VerbInfo", rows))?;
            }
        }
        Ok(())
    }
}
