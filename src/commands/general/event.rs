//! Events: `New-Event`, `Get-Event`, `Remove-Event`, `Wait-Event`, `Register-EngineEvent`, `Register-ObjectEvent`,
//! `Get-EventSubscriber`, `Unregister-Event`. Events of the engine are raised by `New-Event`; jobs and timers
//! raise theirs; a subscription to another object's event is kept and shown but stays silent.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::events::{Raised, Reaction};
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Discard, Invocation, ParameterSpec, Session, SetMembership, Symbol, Validation,
    object,
};
use crate::value::wildcard::Wildcard;
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, ScriptBlock, Str, Value};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &NewEvent::SPEC,
    &GetEvent::SPEC,
    &RemoveEvent::SPEC,
    &WaitEvent::SPEC,
    &RegisterEngineEvent::SPEC,
    &RegisterObjectEvent::SPEC,
    &GetEventSubscriber::SPEC,
    &UnregisterEvent::SPEC,
];

/// A waiting event.
struct Waiting {
    id: i32,
    source: Str,
    shown: Value,
}

/// A subscription.
#[derive(Clone)]
struct Subscriber {
    id: i32,
    source: Str,
    action: Option<Rc<ScriptBlock>>,
    data: Value,
    left: Option<i32>,
    support: bool,
    shown: Value,
}

/// The events of a session.
#[derive(Default)]
struct Events {
    queue: Vec<Waiting>,
    subscribers: Vec<Subscriber>,
    last_event: i32,
    last_subscriber: i32,
}

fn fits(patterns: &[Str], source: &str) -> Outcome<bool> {
    for pattern in patterns {
        if Wildcard::new(pattern, false)?.matches(source) {
            return Ok(true);
        }
    }
    Ok(patterns.is_empty())
}

fn missing(id: &'static str, what: String) -> Fault {
    Fault::new(id, what).category(ErrorCategory::InvalidArgument).exception("System.ArgumentException")
}

cmdlet! {
    /// `New-Event`.
    pub(crate) struct NewEvent = "New-Event", class "Microsoft.PowerShell.Commands.NewEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Raises an event of one's own.", examples: &[("(New-Event -SourceIdentifier a).SourceIdentifier", "a\n")],
        outputs: &["System.Management.Automation.PSEventArgs"],
    }
    parameters {
        source: Str = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("").mandatory().position(0)]),
        sender: Value = ParameterSpec::new("Sender").sets(&[SetMembership::of("").position(1)]),
        arguments: Vec<Value> = ParameterSpec::new("EventArguments").sets(&[SetMembership::of("").position(2)]),
        data: Value = ParameterSpec::new("MessageData").sets(&[SetMembership::of("").position(3)]),
    }
    state {}
}

impl Cmdlet for NewEvent {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let events = run.session.extension::<Events>();
        let subscribers: Vec<Subscriber> =
            events.subscribers.iter().filter(|s| s.source.eq_ignore_ascii_case(&self.source)).cloned().collect();
        let occurrence = Happening {
            source: self.source.clone(),
            sender: self.sender.clone(),
            arguments: self.arguments.clone(),
            data: self.data.clone(),
            own: Value::Null,
        };
        let shown = occurrence.happen(run.session, &subscribers)?;
        run.write(shown)
    }
}

/// An event that happens now.
struct Happening {
    source: Str,
    sender: Value,
    arguments: Vec<Value>,
    data: Value,
    /// What an object's event says of itself.
    own: Value,
}

impl Happening {
    /// Runs the actions of subscriptions, or lets the event wait; the event's object.
    fn happen(&self, session: &mut Session, subscribers: &[Subscriber]) -> Outcome<Value> {
        let events = session.extension::<Events>();
        events.last_event += 1;
        let id = events.last_event;
        let event = |data: &Value| {
            object(
                "System.Management.Automation.PSEventArgs",
                vec![
                    ("ComputerName", Value::Null),
                    ("RunspaceId", Value::Null),
                    ("EventIdentifier", Value::I32(id)),
                    ("Sender", self.sender.clone()),
                    ("SourceEventArgs", self.own.clone()),
                    ("SourceArgs", Value::array(self.arguments.clone())),
                    ("SourceIdentifier", Value::Str(self.source.clone())),
                    ("TimeGenerated", Value::DateTime(DateTime::now())),
                    ("MessageData", data.clone()),
                ],
            )
        };
        let mut acted = false;
        for subscriber in subscribers {
            let data = if self.data.is_null() { &subscriber.data } else { &self.data };
            if let Some(action) = &subscriber.action {
                acted = true;
                self.act(session, subscriber, action, event(data))?;
            }
            count_down(session, subscriber.id);
        }
        let shown = event(&self.data);
        if !acted {
            let waiting = Waiting { id, source: self.source.clone(), shown: shown.clone() };
            session.extension::<Events>().queue.push(waiting);
        }
        Ok(shown)
    }

    /// Runs a subscription's action with the event in its variables.
    fn act(
        &self,
        session: &mut Session,
        subscriber: &Subscriber,
        action: &Rc<ScriptBlock>,
        event: Value,
    ) -> Outcome<()> {
        let rows = [
            ("Event", event),
            ("EventSubscriber", subscriber.shown.clone()),
            ("Sender", self.sender.clone()),
            (
                "EventArgs",
                if self.own.is_null() { self.arguments.first().cloned().unwrap_or_default() } else { self.own.clone() },
            ),
        ];
        let frame = session.global.clone();
        let before: Vec<(Symbol, Option<Value>)> =
            rows.iter().map(|(name, _)| (Symbol::new(name), session.variable(Symbol::new(name)))).collect();
        for (name, value) in rows {
            frame.put_name(Symbol::new(name), value);
        }
        let result = session.run_block_with(action, &self.arguments, None, &mut Discard);
        for (name, value) in before {
            frame.put_name(name, value.unwrap_or_default());
        }
        match result {
            // An action's error stays with the action.
            Err(crate::value::Unwind::Fault(_) | crate::value::Unwind::Error(_)) => Ok(()),
            other => other,
        }
    }
}

/// Acts on the event of an object for the subscription it was raised for.
fn react(session: &mut Session, raised: Raised) {
    let events = session.extension::<Events>();
    let Some(subscriber) = events.subscribers.iter().find(|s| s.id == raised.subscription).cloned() else { return };
    let occurrence = Happening {
        source: subscriber.source.clone(),
        sender: raised.sender.clone(),
        arguments: vec![raised.sender, raised.arguments.clone()],
        data: subscriber.data.clone(),
        own: raised.arguments,
    };
    // An action that ended the code around it, as by `exit`, has nobody to tell: it runs beside that code.
    let _ = occurrence.happen(session, &[subscriber]);
}

/// A subscription that was to act a number of times ends with the last.
fn count_down(session: &mut Session, id: i32) {
    let subscribers = &mut session.extension::<Events>().subscribers;
    if let Some(subscriber) = subscribers.iter_mut().find(|subscriber| subscriber.id == id) {
        subscriber.left = subscriber.left.map(|left| left - 1);
    }
    subscribers.retain(|subscriber| subscriber.left.is_none_or(|left| left > 0));
}

cmdlet! {
    /// `Get-Event`.
    pub(crate) struct GetEvent = "Get-Event", class "Microsoft.PowerShell.Commands.GetEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("BySource"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the events that wait.", examples: &[], outputs: &["System.Management.Automation.PSEventArgs"],
    }
    parameters {
        source: Option<Str> = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("BySource").position(0).by_property()]),
        id: Option<i32> = ParameterSpec::new("EventIdentifier").alias(&["Id"]).sets(&[SetMembership::of("ById").mandatory().position(0).by_property()]),
    }
    state {}
}

impl Cmdlet for GetEvent {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let pattern: Vec<Str> = self.source.iter().cloned().collect();
        let mut found = Vec::new();
        for event in &run.session.extension::<Events>().queue {
            if self.id.is_none_or(|id| id == event.id) && fits(&pattern, &event.source)? {
                found.push(event.shown.clone());
            }
        }
        if found.is_empty() {
            match (&self.source, self.id) {
                (Some(source), _) if !crate::value::wildcard::has_wildcard(source) => {
                    return run.error(missing("INVALID_SOURCE_IDENTIFIER", format!("No event of '{source}' waits.")));
                }
                (_, Some(id)) => {
                    return run.error(missing("INVALID_EVENT_IDENTIFIER", format!("No event {id} waits.")));
                }
                _ => {}
            }
        }
        found.into_iter().try_for_each(|event| run.write(event))
    }
}

cmdlet! {
    /// `Remove-Event`.
    pub(crate) struct RemoveEvent = "Remove-Event", class "Microsoft.PowerShell.Commands.RemoveEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("BySource"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Takes waiting events away.", examples: &[], outputs: &[],
    }
    parameters {
        source: Option<Str> = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("BySource").mandatory().position(0).by_property()]),
        id: Option<i32> = ParameterSpec::new("EventIdentifier").sets(&[SetMembership::of("ByIdentifier").mandatory().position(0).by_property()]),
    }
    state {}
}

impl Cmdlet for RemoveEvent {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let pattern: Vec<Str> = self.source.iter().cloned().collect();
        let mut found = Vec::new();
        for event in &run.session.extension::<Events>().queue {
            if self.id.is_none_or(|id| id == event.id) && fits(&pattern, &event.source)? {
                found.push((event.id, event.source.clone()));
            }
        }
        if found.is_empty() {
            return match (&self.source, self.id) {
                (Some(source), _) if !crate::value::wildcard::has_wildcard(source) => {
                    run.error(missing("INVALID_SOURCE_IDENTIFIER", format!("No event of '{source}' waits.")))
                }
                (_, Some(id)) => run.error(missing("INVALID_EVENT_IDENTIFIER", format!("No event {id} waits."))),
                _ => Ok(()),
            };
        }
        for (id, source) in found {
            if run.should_process(&format!("Event '{source}'"), "Remove")? {
                run.session.extension::<Events>().queue.retain(|event| event.id != id);
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Wait-Event`.
    pub(crate) struct WaitEvent = "Wait-Event", class "Microsoft.PowerShell.Commands.WaitEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Waits for an event.", examples: &[], outputs: &["System.Management.Automation.PSEventArgs"],
    }
    parameters {
        source: Option<Str> = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("").position(0).by_property()]),
        timeout: Option<i32> = ParameterSpec::new("Timeout").alias(&["TimeoutSec"])
            .validate(&[Validation::Range(-1.0, 2_147_483_647.0)]),
    }
    state {}
}

impl Cmdlet for WaitEvent {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let pattern: Vec<Str> = self.source.iter().cloned().collect();
        let begun = Instant::now();
        let limit = self.timeout.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
        loop {
            for event in &run.session.extension::<Events>().queue {
                if fits(&pattern, &event.source)? {
                    let shown = event.shown.clone();
                    return run.write(shown);
                }
            }
            if limit.is_some_and(|limit| begun.elapsed() >= limit) {
                return Ok(());
            }
            run.session.wait(&mut || false, Some(Instant::now() + Duration::from_millis(20)))?;
        }
    }
}

/// What a subscription is told.
struct Wanted<'a> {
    source: Str,
    object: Value,
    event: Option<Str>,
    action: Option<&'a Rc<ScriptBlock>>,
    data: &'a Value,
    support: bool,
    forward: bool,
    count: i32,
}

fn subscribe(run: &mut Invocation<'_>, wanted: Wanted<'_>) -> Outcome<()> {
    let events = run.session.extension::<Events>();
    let taken = |s: &Subscriber| s.source.eq_ignore_ascii_case(&wanted.source);
    if events.subscribers.iter().any(|s| taken(s) && wanted.event.is_some()) {
        return missing("SUBSCRIBER_EXISTS", format!("'{}' is subscribed already.", wanted.source)).err();
    }
    events.last_subscriber += 1;
    let id = events.last_subscriber;
    let job = wanted.action.map(|action| {
        object(
            "System.Management.Automation.PSEventJob",
            vec![
                ("Id", Value::I32(id)),
                ("Name", Value::Str(wanted.source.clone())),
                ("PSJobTypeName", Value::Null),
                ("State", Value::from("NotStarted")),
                ("HasMoreData", Value::Bool(false)),
                ("Location", Value::Null),
                ("Command", Value::from(action.text())),
                ("Module", Value::Null),
            ],
        )
    });
    let (name, sender) = (wanted.event.clone(), wanted.object.clone());
    let shown = object(
        "System.Management.Automation.PSEventSubscriber",
        vec![
            ("SubscriptionId", Value::I32(id)),
            ("SourceObject", wanted.object),
            ("EventName", wanted.event.map_or(Value::Null, Value::Str)),
            ("SourceIdentifier", Value::Str(wanted.source.clone())),
            ("Action", job.clone().unwrap_or_default()),
            ("HandlerDelegate", Value::Null),
            ("SupportEvent", Value::Bool(wanted.support)),
            ("ForwardEvent", Value::Bool(wanted.forward)),
        ],
    );
    if let Some(event) = &name {
        run.session.extension::<Reaction>().0 = Some(react);
        run.session.listen(&sender, event, id);
    }
    let left = (wanted.count > 0).then_some(wanted.count);
    let (source, action, data, support) = (wanted.source, wanted.action.cloned(), wanted.data.clone(), wanted.support);
    run.session.extension::<Events>().subscribers.push(Subscriber { id, source, action, data, left, support, shown });
    match job {
        Some(job) => run.write(job),
        None => Ok(()),
    }
}

cmdlet! {
    /// `Register-EngineEvent`.
    pub(crate) struct RegisterEngineEvent = "Register-EngineEvent", class "Microsoft.PowerShell.Commands.RegisterEngineEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Subscribes to events that the engine or New-Event raises.", examples: &[],
        outputs: &["System.Management.Automation.PSEventJob"],
    }
    parameters {
        source: Str = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("").mandatory().position(100)]),
        action: Option<Rc<ScriptBlock>> = ParameterSpec::new("Action").sets(&[SetMembership::of("").position(101)]),
        data: Value = ParameterSpec::new("MessageData"),
        support: Switch = ParameterSpec::new("SupportEvent"),
        forward: Switch = ParameterSpec::new("Forward"),
        count: i32 = ParameterSpec::new("MaxTriggerCount"),
    }
    state {}
}

impl Cmdlet for RegisterEngineEvent {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let wanted = Wanted {
            source: self.source.clone(),
            object: Value::Null,
            event: None,
            action: self.action.as_ref(),
            data: &self.data,
            support: self.support.0,
            forward: self.forward.0,
            count: self.count,
        };
        subscribe(run, wanted)
    }
}

cmdlet! {
    /// `Register-ObjectEvent`.
    pub(crate) struct RegisterObjectEvent = "Register-ObjectEvent", class "Microsoft.PowerShell.Commands.RegisterObjectEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Subscribes to an event of an object.", examples: &[],
        outputs: &["System.Management.Automation.PSEventJob"],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").mandatory().position(0)]),
        event: Str = ParameterSpec::new("EventName").sets(&[SetMembership::of("").mandatory().position(1)]),
        source: Option<Str> = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("").position(100)]),
        action: Option<Rc<ScriptBlock>> = ParameterSpec::new("Action").sets(&[SetMembership::of("").position(101)]),
        data: Value = ParameterSpec::new("MessageData"),
        support: Switch = ParameterSpec::new("SupportEvent"),
        forward: Switch = ParameterSpec::new("Forward"),
        count: i32 = ParameterSpec::new("MaxTriggerCount"),
    }
    state {}
}

impl Cmdlet for RegisterObjectEvent {
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let made = || Str::from(uuid::Uuid::new_v4().to_string());
        let wanted = Wanted {
            source: self.source.clone().unwrap_or_else(made),
            object: self.input.clone(),
            event: Some(self.event.clone()),
            action: self.action.as_ref(),
            data: &self.data,
            support: self.support.0,
            forward: self.forward.0,
            count: self.count,
        };
        subscribe(run, wanted)
    }
}

const SUBSCRIPTION: ParameterSpec =
    ParameterSpec::new("SubscriptionId")
        .alias(&["Id"])
        .sets(&[SetMembership::of("ById").mandatory().position(0).by_property()]);

cmdlet! {
    /// `Get-EventSubscriber`.
    pub(crate) struct GetEventSubscriber = "Get-EventSubscriber", class "Microsoft.PowerShell.Commands.GetEventSubscriberCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("BySource"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists subscriptions to events.", examples: &[], outputs: &["System.Management.Automation.PSEventSubscriber"],
    }
    parameters {
        source: Option<Str> = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("BySource").position(0).by_property()]),
        id: Option<i32> = SUBSCRIPTION,
        force: Switch = ParameterSpec::new("Force").sets(&[SetMembership::of("").position(1)]),
    }
    state {}
}

/// The subscriptions that a source or a number means.
fn subscribers(
    run: &mut Invocation<'_>,
    source: Option<&Str>,
    id: Option<i32>,
    force: bool,
) -> Outcome<Vec<Subscriber>> {
    let pattern: Vec<Str> = source.into_iter().cloned().collect();
    let mut found = Vec::new();
    for subscriber in &run.session.extension::<Events>().subscribers {
        let wanted = id.is_none_or(|id| id == subscriber.id) && fits(&pattern, &subscriber.source)?;
        if wanted && (force || !subscriber.support) {
            found.push(subscriber.clone());
        }
    }
    if found.is_empty() {
        match (source, id) {
            (Some(source), _) if !crate::value::wildcard::has_wildcard(source) => {
                run.error(missing("INVALID_SOURCE_IDENTIFIER", format!("Nothing subscribes to '{source}'.")))?;
            }
            (_, Some(id)) => {
                run.error(missing("INVALID_SUBSCRIPTION_IDENTIFIER", format!("There is no subscription {id}.")))?;
            }
            _ => {}
        }
    }
    Ok(found)
}

impl Cmdlet for GetEventSubscriber {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let found = subscribers(run, self.source.as_ref(), self.id, self.force.0)?;
        found.into_iter().try_for_each(|subscriber| run.write(subscriber.shown))
    }
}

cmdlet! {
    /// `Unregister-Event`.
    pub(crate) struct UnregisterEvent = "Unregister-Event", class "Microsoft.PowerShell.Commands.UnregisterEventCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("BySource"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Ends subscriptions to events.", examples: &[], outputs: &[],
    }
    parameters {
        source: Option<Str> = ParameterSpec::new("SourceIdentifier").sets(&[SetMembership::of("BySource").mandatory().position(0).by_property()]),
        id: Option<i32> = SUBSCRIPTION,
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for UnregisterEvent {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for subscriber in subscribers(run, self.source.as_ref(), self.id, self.force.0)? {
            if run.should_process(&format!("Event subscription '{}'", subscriber.source), "Unsubscribe")? {
                run.session.extension::<Events>().subscribers.retain(|known| known.id != subscriber.id);
            }
        }
        Ok(())
    }
}
