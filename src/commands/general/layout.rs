//! `Format-Table`, `Format-List`, `Format-Wide` and `Format-Custom`: objects to finished text in packets, which the
//! Out cmdlets write as lines.

use crate::cmdlet;
use crate::format::expression::Selector;
use crate::format::{GROUP_KEYS, Packet, Request, ShapeKind, Shaper};
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation, display,
};
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&FormatTable::SPEC, &FormatList::SPEC, &FormatWide::SPEC, &FormatCustom::SPEC];

const EXPAND: ParameterSpec =
    ParameterSpec::new("Expand").validate(&[Validation::Set(&["CoreOnly", "EnumOnly", "Both"])]);
const INPUT: ParameterSpec = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]).allow_null();
const PROPERTY: ParameterSpec = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]);

/// What the four have in common.
struct Common<'a> {
    properties: &'a [Value],
    group_by: &'a Option<Value>,
    view: &'a Option<Str>,
    force: Switch,
    display_error: Switch,
    expand: &'a Option<Str>,
    exclude: &'a [Str],
}

fn request(shape: ShapeKind, common: Common<'_>) -> Outcome<Request> {
    let mut request = Request::of(shape);
    if common.view.is_some() && !common.properties.is_empty() {
        let message = "a view already says which properties are shown; give -View or -Property, not both";
        return Fault::new("FormatCannotSpecifyViewAndProperty", message)
            .category(ErrorCategory::InvalidArgument)
            .exception("System.IO.InvalidDataException")
            .err();
    }
    let all = [Value::from("*")];
    let everything = common.properties.is_empty() && !common.exclude.is_empty();
    request.read_properties(if everything { &all } else { common.properties })?;
    request.exclude = common.exclude.iter().map(|name| Wildcard::new(name, false)).collect::<Outcome<_>>()?;
    if let Some(group_by) = common.group_by {
        request.group_by = Some(Selector::read(group_by, GROUP_KEYS)?);
    }
    request.view = common.view.clone();
    request.force = common.force.0;
    request.display_error = common.display_error.0;
    request.expand_collections = !common.expand.as_ref().is_some_and(|expand| expand.eq_ignore_ascii_case("CoreOnly"));
    Ok(request)
}

/// The shaper of one command and the packets it has made.
#[derive(Default)]
struct Stage {
    shaper: Option<Shaper>,
    packets: Vec<Packet>,
}

impl Stage {
    fn begin(&mut self, run: &mut Invocation<'_>, request: Request) {
        self.shaper = Some(Shaper::new(display::settings(run.session), Rc::new(request)));
    }

    fn process(&mut self, run: &mut Invocation<'_>, input: &Option<Value>) -> Outcome<()> {
        let item = if run.expects_input() { run.object.cloned() } else { input.clone() };
        let (Some(shaper), Some(item)) = (&mut self.shaper, item) else { return Ok(()) };
        if Packet::of(&item).is_some() {
            return run.write(item);
        }
        let result = shaper.process(run.session, &item, &mut self.packets);
        self.send(run)?;
        result
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(shaper) = &mut self.shaper {
            shaper.finish(&mut self.packets);
        }
        self.send(run)
    }

    fn send(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.packets.drain(..).try_for_each(|packet| run.write(packet.value()))
    }
}

/// The common fields of a Format cmdlet.
macro_rules! common {
    ($cmdlet:ident) => {
        Common {
            properties: &$cmdlet.property,
            group_by: &$cmdlet.group_by,
            view: &$cmdlet.view,
            force: $cmdlet.force,
            display_error: $cmdlet.display_error,
            expand: &$cmdlet.expand,
            exclude: &$cmdlet.exclude,
        }
    };
}

cmdlet! {
    /// `Format-Table`.
    pub(crate) struct FormatTable = "Format-Table", class "Microsoft.PowerShell.Commands.FormatTableCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows objects as a table.",
        examples: &[("[pscustomobject]@{ Name = 'ops'; Size = 3 } | Format-Table", "\nName Size\n---- ----\nops     3\n\n")],
        outputs: &["Microsoft.PowerShell.Commands.Internal.Format.FormatStartData"],
    }
    parameters {
        auto_size: Switch = ParameterSpec::new("AutoSize"),
        repeat_header: Switch = ParameterSpec::new("RepeatHeader"),
        hide_table_headers: Switch = ParameterSpec::new("HideTableHeaders"),
        wrap: Switch = ParameterSpec::new("Wrap"),
        property: Vec<Value> = PROPERTY,
        group_by: Option<Value> = ParameterSpec::new("GroupBy"),
        view: Option<Str> = ParameterSpec::new("View"),
        show_error: Switch = ParameterSpec::new("ShowError"),
        display_error: Switch = ParameterSpec::new("DisplayError"),
        force: Switch = ParameterSpec::new("Force"),
        expand: Option<Str> = EXPAND,
        exclude: Vec<Str> = ParameterSpec::new("ExcludeProperty"),
        input: Option<Value> = INPUT,
    }
    state { stage: Stage }
}

impl Cmdlet for FormatTable {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut request = request(ShapeKind::Table, common!(self))?;
        request.auto_size = self.auto_size.0;
        request.wrap = self.wrap.0;
        request.hide_headers = self.hide_table_headers.0;
        self.stage.begin(run, request);
        Ok(())
    }
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.process(run, &self.input)
    }
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.end(run)
    }
}

cmdlet! {
    /// `Format-List`.
    pub(crate) struct FormatList = "Format-List", class "Microsoft.PowerShell.Commands.FormatListCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows objects as lists, a property per line.",
        examples: &[("[pscustomobject]@{ Name = 'ops'; Size = 3 } | Format-List", "\nName : ops\nSize : 3\n\n")],
        outputs: &["Microsoft.PowerShell.Commands.Internal.Format.FormatStartData"],
    }
    parameters {
        property: Vec<Value> = PROPERTY,
        group_by: Option<Value> = ParameterSpec::new("GroupBy"),
        view: Option<Str> = ParameterSpec::new("View"),
        show_error: Switch = ParameterSpec::new("ShowError"),
        display_error: Switch = ParameterSpec::new("DisplayError"),
        force: Switch = ParameterSpec::new("Force"),
        expand: Option<Str> = EXPAND,
        exclude: Vec<Str> = ParameterSpec::new("ExcludeProperty"),
        input: Option<Value> = INPUT,
    }
    state { stage: Stage }
}

impl Cmdlet for FormatList {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let request = request(ShapeKind::List, common!(self))?;
        self.stage.begin(run, request);
        Ok(())
    }
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.process(run, &self.input)
    }
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.end(run)
    }
}

cmdlet! {
    /// `Format-Wide`.
    pub(crate) struct FormatWide = "Format-Wide", class "Microsoft.PowerShell.Commands.FormatWideCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows one property of each object, side by side.",
        examples: &[("[pscustomobject]@{ Name = 'ops' } | Format-Wide -Column 1", "\nops\n\n")],
        outputs: &["Microsoft.PowerShell.Commands.Internal.Format.FormatStartData"],
    }
    parameters {
        property: Vec<Value> = PROPERTY,
        auto_size: Switch = ParameterSpec::new("AutoSize"),
        column: Option<i32> = ParameterSpec::new("Column").validate(&[Validation::Range(1.0, 2_147_483_647.0)]),
        group_by: Option<Value> = ParameterSpec::new("GroupBy"),
        view: Option<Str> = ParameterSpec::new("View"),
        show_error: Switch = ParameterSpec::new("ShowError"),
        display_error: Switch = ParameterSpec::new("DisplayError"),
        force: Switch = ParameterSpec::new("Force"),
        expand: Option<Str> = EXPAND,
        exclude: Vec<Str> = ParameterSpec::new("ExcludeProperty"),
        input: Option<Value> = INPUT,
    }
    state { stage: Stage }
}

impl Cmdlet for FormatWide {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.auto_size.0 && self.column.is_some() {
            let message = "-AutoSize finds the number of columns itself; give it or -Column, not both";
            return Fault::new("FormatCannotSpecifyAutosizeAndColumns", message)
                .category(ErrorCategory::InvalidArgument)
                .exception("System.IO.InvalidDataException")
                .err();
        }
        let mut request = request(ShapeKind::Wide, common!(self))?;
        request.auto_size = self.auto_size.0;
        request.columns = self.column.and_then(|column| usize::try_from(column).ok()).unwrap_or(0);
        self.stage.begin(run, request);
        Ok(())
    }
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.process(run, &self.input)
    }
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.end(run)
    }
}

cmdlet! {
    /// `Format-Custom`.
    pub(crate) struct FormatCustom = "Format-Custom", class "Microsoft.PowerShell.Commands.FormatCustomCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows objects in a layout of their own, with the objects inside them.",
        examples: &[("'text' | Format-Custom", "text\n")],
        outputs: &["Microsoft.PowerShell.Commands.Internal.Format.FormatStartData"],
    }
    parameters {
        property: Vec<Value> = PROPERTY,
        depth: Option<i32> = ParameterSpec::new("Depth"),
        group_by: Option<Value> = ParameterSpec::new("GroupBy"),
        view: Option<Str> = ParameterSpec::new("View"),
        show_error: Switch = ParameterSpec::new("ShowError"),
        display_error: Switch = ParameterSpec::new("DisplayError"),
        force: Switch = ParameterSpec::new("Force"),
        expand: Option<Str> = EXPAND,
        exclude: Vec<Str> = ParameterSpec::new("ExcludeProperty"),
        input: Option<Value> = INPUT,
    }
    state { stage: Stage }
}

impl Cmdlet for FormatCustom {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut request = request(ShapeKind::Custom, common!(self))?;
        if let Some(depth) = self.depth.and_then(|depth| usize::try_from(depth).ok()) {
            request.depth = depth;
        }
        self.stage.begin(run, request);
        Ok(())
    }
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.process(run, &self.input)
    }
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.stage.end(run)
    }
}
