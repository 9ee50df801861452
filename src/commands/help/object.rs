//! Help as objects, shaped as PowerShell's are: `parameters.parameter`, `examples.example`, `description.Text`.

use super::topic::{ParameterTopic, Topic};
use crate::format::{Body, Token, View};
use crate::runtime::Session;
use crate::runtime::display::Display;
use crate::value::{Engine, Outcome, PsObject, Shape, Str, Value};
use std::rc::Rc;

/// The help of a command.
const COMMAND: &str = "MamlCommandHelpInfo";
/// The help of a parameter.
const PARAMETER: &str = "MamlCommandHelpInfo#parameter";
/// What holds the text that is shown.
const SHOWN: &str = "Text";

/// Shows help objects by their text wherever they stand.
pub(super) fn register_views(session: &mut Session) {
    let views = session.extension::<Display>().views.clone();
    views.register(View {
        name: Str::from(COMMAND),
        types: vec![Str::from(COMMAND), Str::from(PARAMETER)],
        group_by: None,
        body: Body::Custom(text_of),
        out_of_band: true,
    });
}

fn text_of(_: &mut dyn Engine, value: &Value) -> Outcome<Vec<Token>> {
    let Value::Object(object) = value else { return Ok(Vec::new()) };
    let shape = object.shape.borrow();
    let at = shape.names.iter().position(|name| name.as_str() == SHOWN);
    let text = at.and_then(|at| object.values.borrow().get(at).cloned());
    let Some(Value::Str(text)) = text else { return Ok(Vec::new()) };
    Ok(text.lines().flat_map(|line| [Token::Text(Str::from(line)), Token::NewLine]).collect())
}

/// The help of a command as an object; `shown` is what a person sees.
pub(super) fn of_topic(topic: &Topic, shown: &str) -> Value {
    let parameters = topic.parameters.iter().map(|parameter| of_parameter(parameter, "")).collect();
    let examples = topic.examples.iter().enumerate().map(|(number, (code, remarks))| {
        custom(
            "MamlCommandHelpInfo#example",
            vec![
                ("title", Value::from(format!("---------- Example {} ----------", number + 1))),
                ("introduction", texts("PS > ")),
                ("code", Value::from(code.as_str())),
                ("remarks", texts(remarks)),
            ],
        )
    });
    let syntax = topic.syntax.iter().map(|line| {
        let rows = vec![("name", Value::from(topic.name.as_str())), ("line", Value::from(line.as_str()))];
        custom("MamlCommandHelpInfo#syntaxItem", rows)
    });
    let typed = |names: &[String]| {
        let one = |name: &String| custom("MamlCommandHelpInfo#type", vec![("name", Value::from(name.as_str()))]);
        Value::array(names.iter().map(|name| custom("MamlCommandHelpInfo#value", vec![("type", one(name))])).collect())
    };
    let links = topic
        .links
        .iter()
        .map(|link| custom("MamlCommandHelpInfo#navigationLink", vec![("linkText", Value::from(link.as_str()))]));
    let holding = |name: &'static str, items: Value| custom("MamlCommandHelpInfo#list", vec![(name, items)]);
    let details = vec![("name", Value::from(topic.name.as_str())), ("description", texts(&topic.synopsis))];
    let rows = vec![
        ("Name", Value::from(topic.name.as_str())),
        ("Category", Value::from(topic.category)),
        ("Synopsis", Value::from(topic.synopsis.as_str())),
        ("Component", Value::Null),
        ("Role", Value::Null),
        ("Functionality", Value::Null),
        ("ModuleName", Value::from(topic.module.as_str())),
        ("details", custom("MamlCommandHelpInfo#details", details)),
        ("description", texts(&topic.description)),
        ("syntax", holding("syntaxItem", Value::array(syntax.collect()))),
        ("parameters", holding("parameter", Value::array(parameters))),
        ("inputTypes", holding("inputType", typed(&topic.inputs))),
        ("returnValues", holding("returnValue", typed(&topic.outputs))),
        ("alertSet", holding("alert", texts(&topic.notes))),
        ("examples", holding("example", Value::array(examples.collect()))),
        ("relatedLinks", holding("navigationLink", Value::array(links.collect()))),
        (SHOWN, Value::from(shown)),
    ];
    custom(COMMAND, rows)
}

/// The help of a parameter as an object.
pub(super) fn of_parameter(parameter: &ParameterTopic, shown: &str) -> Value {
    let kind = custom("MamlCommandHelpInfo#type", vec![("name", Value::from(parameter.type_name.as_str()))]);
    let position = parameter.position.map_or_else(|| "Named".to_owned(), |position| position.to_string());
    let rows = vec![
        ("name", Value::from(parameter.name.as_str())),
        ("type", kind),
        ("description", texts(&parameter.help)),
        ("required", Value::from(if parameter.required { "true" } else { "false" })),
        ("position", Value::from(position)),
        ("pipelineInput", Value::from(parameter.pipeline)),
        ("globbing", Value::from(if parameter.wildcards { "true" } else { "false" })),
        ("aliases", Value::from(parameter.aliases.join(", "))),
        ("parameterValue", Value::from(parameter.type_name.as_str())),
        ("acceptedValues", Value::array(parameter.values.iter().map(|value| Value::from(value.as_str())).collect())),
        (SHOWN, Value::from(shown)),
    ];
    custom(PARAMETER, rows)
}

/// Paragraphs, each an object with a `Text`.
fn texts(text: &str) -> Value {
    let one = |part: &str| custom("MamlParaTextItem", vec![("Text", Value::from(part))]);
    Value::array(text.split("\n\n").filter(|part| !part.trim().is_empty()).map(one).collect())
}

/// An object of a named type.
pub(super) fn custom(type_name: &str, rows: Vec<(&str, Value)>) -> Value {
    let names = rows.iter().map(|(name, _)| Str::from(*name)).collect();
    let object = PsObject::custom(Rc::new(Shape { names }), rows.into_iter().map(|(_, value)| value).collect());
    let types = [type_name, "System.Management.Automation.PSCustomObject", "System.Object"];
    object.extension.make().borrow_mut().type_names = Some(types.iter().map(|name| Str::from(*name)).collect());
    Value::Object(object)
}
