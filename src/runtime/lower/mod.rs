//! Syntax tree to executable tree: names become slots of a layout, operators become nodes that run fast.
//! Runs nothing and reports nothing: what cannot be is lowered to a node that raises its error when reached.

mod commands;
mod expressions;
mod statements;

pub(super) use expressions::number_value;

use super::code::{BlockCode, Code, Compiled, Facts, ParamCode, TrapCode, TypeCode, TypeDefinition};
use super::scope::Layout;
use super::symbol::Symbol;
use crate::syntax::{self, ParameterAttribute, Source};
use crate::value::{ScriptBlock, Str};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Lowers one body against one layout.
pub(super) struct Lowerer {
    layout: Rc<Layout>,
    source: Rc<Source>,
    /// Set once the code being lowered mentions `$foreach` or `$switch`.
    enumerator: Cell<bool>,
    /// Variables the code assigns to.
    assigned: RefCell<Vec<Symbol>>,
    /// Set once the code holds blocks, which may assign to anything.
    opaque: Cell<bool>,
    /// True for the body of a class's method, whose `return` gives the method's result.
    method: bool,
    /// The layout is the body's own: it began empty.
    own: bool,
    /// The body's parameters bind as a cmdlet's.
    advanced: bool,
    /// Set once the code mentions what it was called with: `$PSBoundParameters`, `$MyInvocation`.
    asks_invocation: Cell<bool>,
    /// Set once the code mentions `$args`.
    asks_arguments: Cell<bool>,
    /// Classes and enumerations that the code declares.
    types: RefCell<Vec<TypeDefinition>>,
}

/// The compiled forms of a script block, shared by all blocks made from the same place in the text.
pub(super) fn compiled(block: &ScriptBlock) -> Rc<Compiled> {
    let any = block.compiled.get_or_init(|| Rc::new(Compiled::default())).clone();
    any.downcast::<Compiled>().unwrap_or_default()
}

/// What a caller must know of a body.
pub(super) fn facts(block: &ScriptBlock, compiled: &Compiled) -> Facts {
    *compiled.facts.get_or_init(|| find_facts(block))
}

/// The code of a block for a scope of its own.
pub(super) fn own_code(block: &ScriptBlock) -> Rc<Code> {
    let compiled = compiled(block);
    compiled.own.get_or_init(|| Rc::new(lower(block, Rc::new(Layout::default()), &compiled, false))).clone()
}

/// The code of a class's method or constructor.
pub(super) fn method_code(block: &ScriptBlock) -> Rc<Code> {
    Rc::new(lower(block, Rc::new(Layout::default()), &compiled(block), true))
}

/// The code of a block for running in a frame of this layout.
pub(super) fn shared_code(block: &ScriptBlock, layout: &Rc<Layout>) -> Rc<Code> {
    let compiled = compiled(block);
    let found = compiled.shared.borrow().iter().find(|(l, _)| std::ptr::eq(l.as_ptr(), Rc::as_ptr(layout))).cloned();
    if let Some((weak, code)) = found
        && weak.strong_count() > 0
    {
        return code;
    }
    let code = Rc::new(lower(block, layout.clone(), &compiled, false));
    let mut shared = compiled.shared.borrow_mut();
    shared.retain(|(layout, _)| layout.strong_count() > 0);
    shared.insert(0, (Rc::downgrade(layout), code.clone()));
    shared.truncate(8);
    code
}

/// A block made from a template in the code, with a home of its own.
pub(super) fn instance(template: &ScriptBlock) -> ScriptBlock {
    let copy = ScriptBlock {
        ast: template.ast.clone(),
        source: template.source.clone(),
        is_filter: template.is_filter,
        compiled: Default::default(),
        home: Default::default(),
        function: template.function.clone(),
    };
    let shared: Rc<dyn std::any::Any> = compiled(template);
    // The cell is fresh, so setting it cannot fail.
    let _ = copy.compiled.set(shared);
    copy
}

/// The parameters of a block: those after the function's name, or those of its `param`.
pub(super) fn parameters(block: &ScriptBlock) -> &[syntax::Parameter] {
    let own = block.ast.params.as_deref();
    let after_name = block.function.as_ref().and_then(|f| f.params.as_deref());
    after_name.or(own).unwrap_or(&[])
}

fn find_facts(block: &ScriptBlock) -> Facts {
    let ast = &block.ast;
    let is = |attribute: &syntax::Attribute, name: &str| {
        let written = &attribute.name.name;
        let short = written.rsplit('.').next().unwrap_or(written);
        short.eq_ignore_ascii_case(name)
            || short.strip_suffix("Attribute").is_some_and(|s| s.eq_ignore_ascii_case(name))
    };
    let params = parameters(block);
    let attributes = || params.iter().flat_map(|p| &p.attributes);
    let advanced = ast.attributes.iter().any(|a| is(a, "CmdletBinding"))
        || attributes().any(|a| matches!(a, ParameterAttribute::Attribute(a) if is(a, "Parameter")));
    let simple = !advanced && attributes().all(|a| matches!(a, ParameterAttribute::Type(_)));
    let process = ast.process.is_some() || block.is_filter;
    let blocks = process || ast.begin.is_some() || ast.clean.is_some() || ast.dynamic_param.is_some();
    Facts { advanced, simple, blocks }
}

fn lower(block: &ScriptBlock, layout: Rc<Layout>, compiled: &Compiled, method: bool) -> Code {
    let lowerer = Lowerer {
        layout: layout.clone(),
        source: block.source.clone(),
        enumerator: Cell::new(false),
        assigned: RefCell::default(),
        opaque: Cell::new(false),
        method,
        own: layout.is_empty(),
        advanced: facts(block, compiled).advanced,
        asks_invocation: Cell::new(false),
        asks_arguments: Cell::new(false),
        types: RefCell::default(),
    };
    let ast = &block.ast;
    // Parameters get the first slots, so that a plain call fills them in order.
    let mut params: Vec<ParamCode> = Vec::new();
    for parameter in parameters(block) {
        params.push(lowerer.parameter(parameter));
    }
    for (code, parameter) in params.iter_mut().zip(parameters(block)) {
        code.default = parameter.default.as_ref().map(|d| lowerer.expression(d));
    }
    let part = |b: &Option<syntax::Block>| b.as_ref().map(|b| lowerer.block(b));
    let (mut process, mut end) = (part(&ast.process), part(&ast.end));
    if block.is_filter && ast.unnamed && process.is_none() {
        process = end.take();
    }
    let clean = part(&ast.clean);
    for param in &mut params {
        param.assigned = lowerer.opaque.get() || lowerer.assigned.borrow().contains(&param.name);
    }
    let (dynamic_param, begin) = (part(&ast.dynamic_param), part(&ast.begin));
    Code {
        params: params.into_boxed_slice(),
        dynamic_param,
        begin,
        process,
        end,
        clean,
        asks_invocation: lowerer.asks_invocation.get(),
        asks_arguments: lowerer.asks_arguments.get(),
        types: lowerer.types.take().into_boxed_slice(),
        facts: facts(block, compiled),
        using: ast.using.clone().into_boxed_slice(),
        source: block.source.clone(),
        layout,
    }
}

impl Lowerer {
    fn parameter(&self, parameter: &syntax::Parameter) -> ParamCode {
        let name = Symbol::new(&parameter.name);
        let mut types = parameter.attributes.iter().filter_map(|a| match a {
            ParameterAttribute::Type(name) => Some(name),
            ParameterAttribute::Attribute(_) => None,
        });
        let kind = types.next_back();
        // `$input`, and `$args` of a plain function, are the engine's whatever a parameter of that name was given.
        let automatic = name == Symbol::INPUT || name == Symbol::ARGS && !self.advanced;
        let name = if automatic { Symbol::new(&format!("\u{1}{}", parameter.name)) } else { name };
        ParamCode {
            name,
            text: Str::from(&*parameter.name),
            slot: self.layout.slot(name),
            is_switch: kind.is_some_and(is_switch),
            kind: kind.map(type_code),
            default: None,
            assigned: true,
        }
    }

    fn block(&self, block: &syntax::Block) -> BlockCode {
        BlockCode {
            statements: block.statements.iter().map(|s| self.statement(s)).collect(),
            traps: block.traps.iter().map(|t| self.trap(t)).collect(),
        }
    }

    fn trap(&self, trap: &syntax::Trap) -> TrapCode {
        TrapCode { kind: trap.kind.as_ref().map(type_code), body: self.block(&trap.body) }
    }
}

/// An expression that stands outside any body, such as an attribute's argument.
pub(super) fn expression(expr: &syntax::Expr, source: &Rc<Source>, layout: &Rc<Layout>) -> super::code::Node {
    let lowerer = Lowerer {
        layout: layout.clone(),
        source: source.clone(),
        enumerator: Cell::new(false),
        assigned: RefCell::default(),
        opaque: Cell::new(false),
        method: false,
        own: false,
        advanced: false,
        asks_invocation: Cell::new(false),
        asks_arguments: Cell::new(false),
        types: RefCell::default(),
    };
    lowerer.expression(expr)
}

fn is_switch(name: &syntax::TypeName) -> bool {
    let plain = name.arguments.is_empty() && name.ranks.is_empty();
    const NAMES: [&str; 3] = ["switch", "SwitchParameter", "System.Management.Automation.SwitchParameter"];
    plain && NAMES.iter().any(|n| n.eq_ignore_ascii_case(&name.name))
}

/// A type name to be resolved later.
pub(super) fn type_code(name: &syntax::TypeName) -> TypeCode {
    TypeCode { name: name.clone(), resolved: Cell::new(None) }
}
