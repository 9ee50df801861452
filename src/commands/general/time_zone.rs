//! `Get-TimeZone`: the machine's time zone, or those that are asked for.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, Str, TypeRef, Unwind, Value, convert, enumerate, members};

cmdlet! {
    /// `Get-TimeZone`.
    pub(crate) struct GetTimeZone = "Get-TimeZone", class "Microsoft.PowerShell.Commands.GetTimeZoneCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Name"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gets the time zone of this machine, or others by id or name.",
        examples: &[("(Get-TimeZone -Id UTC).BaseUtcOffset.TotalHours", "0\n")], outputs: &["System.TimeZoneInfo"],
    }
    parameters {
        id: Vec<Str> = ParameterSpec::new("Id").sets(&[SetMembership::of("Id").mandatory().by_property()]),
        list: Switch = ParameterSpec::new("ListAvailable").sets(&[SetMembership::of("ListAvailable").mandatory()]),
        name: Vec<Str> = ParameterSpec::new("Name").sets(&[SetMembership::of("Name").position(1).by_value().by_property()]),
    }
    state {}
}

impl Cmdlet for GetTimeZone {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let set = run.parameter_set();
        if self.list.0 {
            for zone in all(run)? {
                run.write(zone)?;
            }
            return Ok(());
        }
        if set == "Id" {
            return self.by_id(run);
        }
        if self.name.is_empty() {
            let local = members::get_static(run.session, TypeRef::TIMEZONEINFO, "Local")?.unwrap_or_default();
            return run.write(local);
        }
        self.by_name(run)
    }
}

impl GetTimeZone {
    fn by_id(&self, run: &mut Invocation<'_>) -> Outcome<()> {
        for id in self.id.clone() {
            let arguments = vec![Value::Str(id.clone())];
            match members::call_static(run.session, TypeRef::TIMEZONEINFO, "FindSystemTimeZoneById", arguments) {
                Ok(zone) => run.write(zone)?,
                Err(Unwind::Fault(_)) => run.error(not_found(&id))?,
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Names are those of the clock, with or without daylight saving; wildcards are allowed.
    fn by_name(&self, run: &mut Invocation<'_>) -> Outcome<()> {
        let zones = all(run)?;
        for name in self.name.clone() {
            let pattern = Wildcard::new(&name, false)?;
            let mut found = false;
            for zone in &zones {
                let mut fits = false;
                for property in ["StandardName", "DaylightName"] {
                    let text = members::get(run.session, zone, property)?.unwrap_or_default();
                    fits |= pattern.matches(&convert::to_text(&text));
                }
                if fits {
                    found = true;
                    run.write(zone.clone())?;
                }
            }
            if !found {
                run.error(not_found(&name))?;
            }
        }
        Ok(())
    }
}

fn all(run: &mut Invocation<'_>) -> Outcome<Vec<Value>> {
    let zones = members::call_static(run.session, TypeRef::TIMEZONEINFO, "GetSystemTimeZones", Vec::new())?;
    Ok(enumerate(&zones).unwrap_or_default())
}

fn not_found(name: &str) -> Fault {
    Fault::new("TimeZoneNotFound", format!("There is no time zone '{name}' here."))
        .category(ErrorCategory::InvalidArgument)
        .exception("System.TimeZoneNotFoundException")
        .target(name)
}
