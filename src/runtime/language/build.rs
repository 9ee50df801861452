//! From the syntax storey's tree to the numbered one that scripts see: blocks, definitions and statements.

use super::{AstNode, Field, Node, NodeId, Tree, names};
use crate::syntax::{
    Attribute, Block, Broken, Catch, ChainOperator, Class, ClassMethod, ClassProperty, Command, CommandKind, Enum,
    Expr, Function, Parameter, ParameterAttribute, Part, Pipeline, PipelineChain, PipelineKind, ScriptBlock, Source,
    Span, Statement, StatementKind, SwitchMatching, Trap, TypeName, Using, UsingKind,
};
use crate::value::{TypeRef, Value, types};
use std::rc::Rc;

/// Properties of a node in the order its children are visited.
pub(super) type Fields = Vec<(&'static str, Field)>;

/// Makes nodes.
pub(super) struct Builder {
    pub(super) source: Rc<Source>,
    nodes: Vec<Node>,
}

/// The tree of a whole script or of a block.
pub(super) fn script_tree(ast: &Rc<ScriptBlock>, source: &Rc<Source>) -> Value {
    finished(source, |builder| builder.script_block(ast))
}

/// The tree of a function's definition.
pub(super) fn function_tree(function: &Rc<Function>, source: &Rc<Source>) -> Value {
    finished(source, |builder| builder.function(function))
}

fn finished(source: &Rc<Source>, build: impl FnOnce(&mut Builder) -> NodeId) -> Value {
    let mut builder = Builder { source: source.clone(), nodes: Vec::new() };
    let id = build(&mut builder);
    AstNode { tree: Rc::new(Tree { source: source.clone(), nodes: builder.nodes }), id }.value()
}

/// A member of one of the language's enumerations.
pub(super) fn member(kind: TypeRef, name: &str) -> Value {
    kind.enum_value(name).unwrap_or_else(|| Value::str(name))
}

pub(super) fn truth(value: bool) -> Field {
    Field::Plain(Value::Bool(value))
}

pub(super) fn text(value: &str) -> Field {
    Field::Plain(Value::str(value))
}

impl Builder {
    /// A node whose children are ready: they learn who their parent is.
    pub(super) fn node(&mut self, kind: TypeRef, span: Span, fields: Fields) -> NodeId {
        let id = self.nodes.len() as NodeId;
        for (_, field) in &fields {
            match field {
                Field::Child(child) => child.iter().for_each(|child| self.adopt(*child, id)),
                Field::Children(children) => children.iter().for_each(|child| self.adopt(*child, id)),
                Field::Pairs(pairs) => pairs.iter().for_each(|(first, second)| {
                    self.adopt(*first, id);
                    self.adopt(*second, id);
                }),
                Field::Flags(flags) => flags.iter().filter_map(|(_, id)| *id).for_each(|child| self.adopt(child, id)),
                Field::Same(_) | Field::Plain(_) => {}
            }
        }
        self.nodes.push(Node { kind, span, parent: None, fields, block: None });
        id
    }

    fn adopt(&mut self, child: NodeId, parent: NodeId) {
        if let Some(node) = self.nodes.get_mut(child as usize) {
            node.parent = Some(parent);
        }
    }

    pub(super) fn span_of(&self, id: NodeId) -> Span {
        self.nodes.get(id as usize).map_or(Span::default(), |node| node.span)
    }

    /// From the first to the last of some nodes; `otherwise` where there are none.
    fn around(&self, ids: &[NodeId], otherwise: Span) -> Span {
        let spans = ids.iter().map(|id| self.span_of(*id));
        spans.reduce(Span::to).unwrap_or(otherwise)
    }

    /// With the braces that stand around it.
    fn with_braces(&self, span: Span) -> Span {
        let bytes = self.source.text.as_bytes();
        let opens = span.start > 0 && bytes.get(span.start as usize - 1) == Some(&b'{');
        let closes = bytes.get(span.end as usize) == Some(&b'}');
        Span::new(span.start - u32::from(opens), span.end + u32::from(closes))
    }

    /// With the keyword that stands before it.
    fn with_keyword(&self, span: Span, keyword: &str) -> Span {
        let before = self.source.text.get(..span.start as usize).unwrap_or_default().trim_end();
        let start = before.len().saturating_sub(keyword.len());
        match before.get(start..) {
            Some(word) if word.eq_ignore_ascii_case(keyword) => Span::new(start as u32, span.end),
            _ => span,
        }
    }

    // Blocks ------------------------------------------------------------------------------------------

    pub(super) fn script_block(&mut self, block: &Rc<ScriptBlock>) -> NodeId {
        let span = self.with_braces(block.span);
        let using = block.using.iter().map(|using| self.using(using)).collect();
        let param = block.params.as_ref().map(|params| self.param_block(block, params));
        let mut named = |keyword: &'static str, body: &Option<Block>, unnamed: bool| {
            body.as_ref()
                .filter(|body| !unnamed || !body.statements.is_empty() || !body.traps.is_empty() || param.is_none())
                .map(|body| self.named_block(keyword, body, unnamed))
        };
        let dynamic = named("dynamicparam", &block.dynamic_param, false);
        let begin = named("begin", &block.begin, false);
        let process = named("process", &block.process, false);
        let end = named("end", &block.end, block.unnamed);
        let clean = named("clean", &block.clean, false);
        let fields = vec![
            ("UsingStatements", Field::Children(using)),
            ("Attributes", Field::Children(Vec::new())),
            ("ParamBlock", Field::Child(param)),
            ("DynamicParamBlock", Field::Child(dynamic)),
            ("BeginBlock", Field::Child(begin)),
            ("ProcessBlock", Field::Child(process)),
            ("EndBlock", Field::Child(end)),
            ("CleanBlock", Field::Child(clean)),
            ("ScriptRequirements", Field::Plain(Value::Null)),
        ];
        let id = self.node(TypeRef::SCRIPT_BLOCK_AST, span, fields);
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.block = Some(block.clone());
        }
        id
    }

    fn param_block(&mut self, block: &ScriptBlock, params: &[Parameter]) -> NodeId {
        let attributes: Vec<NodeId> = block.attributes.iter().map(|one| self.attribute(one)).collect();
        let parameters: Vec<NodeId> = params.iter().map(|one| self.parameter(one)).collect();
        let fields = vec![("Attributes", Field::Children(attributes)), ("Parameters", Field::Children(parameters))];
        self.node(TypeRef::PARAM_BLOCK_AST, block.params_span, fields)
    }

    fn named_block(&mut self, keyword: &'static str, body: &Block, unnamed: bool) -> NodeId {
        let (statements, traps) = self.statements_and_traps(body);
        let all: Vec<NodeId> = statements.iter().chain(&traps).copied().collect();
        let span = match unnamed {
            true => self.around(&all, body.span),
            false => self.with_keyword(body.span, keyword),
        };
        let fields = vec![
            ("Traps", traps_field(traps)),
            ("Statements", Field::Children(statements)),
            ("Unnamed", truth(unnamed)),
            ("BlockKind", Field::Plain(member(TypeRef::TOKEN_KIND, keyword))),
        ];
        self.node(TypeRef::NAMED_BLOCK_AST, span, fields)
    }

    fn statements_and_traps(&mut self, body: &Block) -> (Vec<NodeId>, Vec<NodeId>) {
        let statements = body.statements.iter().map(|one| self.statement(one)).collect();
        let traps = body.traps.iter().map(|one| self.trap(one)).collect();
        (statements, traps)
    }

    /// Statements between braces.
    fn block(&mut self, body: &Block) -> NodeId {
        self.block_at(body, body.span)
    }

    fn block_at(&mut self, body: &Block, span: Span) -> NodeId {
        let (statements, traps) = self.statements_and_traps(body);
        let fields = vec![("Traps", traps_field(traps)), ("Statements", Field::Children(statements))];
        self.node(TypeRef::STATEMENT_BLOCK_AST, span, fields)
    }

    /// Statements in `$( )` or `@( )`, the brackets not among them.
    pub(super) fn inner_block(&mut self, body: &Block) -> NodeId {
        let first = body.statements.first().map(|one| one.span);
        let last = body.statements.last().map(|one| one.span);
        let span = match (first, last) {
            (Some(first), Some(last)) => first.to(last),
            _ => body.span,
        };
        self.block_at(body, span)
    }

    fn trap(&mut self, trap: &Trap) -> NodeId {
        let kind = trap.kind.as_ref().map(|name| self.type_constraint(name));
        let body = self.block(&trap.body);
        let fields = vec![("TrapType", Field::Child(kind)), ("Body", Field::Child(Some(body)))];
        self.node(TypeRef::TRAP_STATEMENT_AST, trap.span, fields)
    }

    // Attributes and parameters -----------------------------------------------------------------------

    /// `[int]`, the brackets included.
    pub(super) fn type_constraint(&mut self, name: &TypeName) -> NodeId {
        let span = self.bracketed(name.span);
        let fields = vec![("TypeName", Field::Plain(names::type_name(name, &self.source)))];
        self.node(TypeRef::TYPE_CONSTRAINT_AST, span, fields)
    }

    /// A name's place with the square brackets around it, where there are any.
    pub(super) fn bracketed(&self, span: Span) -> Span {
        let text = &self.source.text;
        let before = text.get(..span.start as usize).unwrap_or_default().trim_end();
        let after = text.get(span.end as usize..).unwrap_or_default();
        let blanks = after.len() - after.trim_start().len();
        match (before.ends_with('['), after.trim_start().starts_with(']')) {
            (true, true) => Span::new(before.len() as u32 - 1, span.end + blanks as u32 + 1),
            _ => span,
        }
    }

    pub(super) fn attribute(&mut self, attribute: &Attribute) -> NodeId {
        let positional = attribute.positional.iter().map(|one| self.expression(one)).collect();
        let named = attribute.named.iter().map(|(name, value, span)| {
            let argument = match value {
                Some(value) => self.expression(value),
                None => self.constant(Value::Bool(true), *span),
            };
            let fields = vec![
                ("Argument", Field::Child(Some(argument))),
                ("ArgumentName", text(name)),
                ("ExpressionOmitted", truth(value.is_none())),
            ];
            self.node(TypeRef::NAMED_ATTRIBUTE_ARGUMENT_AST, *span, fields)
        });
        let named = named.collect();
        let fields = vec![
            ("PositionalArguments", Field::Children(positional)),
            ("NamedArguments", Field::Children(named)),
            ("TypeName", Field::Plain(names::type_name(&attribute.name, &self.source))),
        ];
        self.node(TypeRef::ATTRIBUTE_AST, attribute.span, fields)
    }

    fn parameter(&mut self, parameter: &Parameter) -> NodeId {
        let mut static_type = Value::Type(TypeRef::OBJECT);
        let mut attributes = Vec::with_capacity(parameter.attributes.len());
        for one in &parameter.attributes {
            attributes.push(match one {
                ParameterAttribute::Type(name) => {
                    static_type = names::static_type(name);
                    self.type_constraint(name)
                }
                ParameterAttribute::Attribute(attribute) => self.attribute(attribute),
            });
        }
        let name = self.variable_named(&parameter.name, parameter.name_span);
        let default = parameter.default.as_ref().map(|value| self.expression(value));
        let fields = vec![
            ("Attributes", Field::Children(attributes)),
            ("Name", Field::Child(Some(name))),
            ("DefaultValue", Field::Child(default)),
            ("StaticType", Field::Plain(static_type)),
        ];
        self.node(TypeRef::PARAMETER_AST, parameter.span, fields)
    }

    fn using(&mut self, using: &Using) -> NodeId {
        let kind = match using.kind {
            UsingKind::Namespace => "Namespace",
            UsingKind::Module => "Module",
            UsingKind::Assembly => "Assembly",
        };
        let specification = using.specification.as_ref().map(|one| self.expression(one));
        let name = match specification {
            Some(_) => None,
            None => Some(self.bare_word(&using.name, self.ending(using.span, &using.name))),
        };
        let fields = vec![
            ("Name", Field::Child(name)),
            ("Alias", Field::Child(None)),
            ("ModuleSpecification", Field::Child(specification)),
            ("UsingStatementKind", Field::Plain(member(TypeRef::USING_STATEMENT_KIND, kind))),
        ];
        self.node(TypeRef::USING_STATEMENT_AST, using.span, fields)
    }

    /// The last part of a stretch, as long as a word, where the word stands there.
    fn ending(&self, span: Span, word: &str) -> Span {
        let start = span.end.saturating_sub(word.len() as u32).max(span.start);
        Span::new(start, span.end)
    }

    // Definitions -------------------------------------------------------------------------------------

    pub(super) fn function(&mut self, function: &Rc<Function>) -> NodeId {
        let parameters = function.params.as_ref().map(|list| list.iter().map(|one| self.parameter(one)).collect());
        let body = self.script_block(&function.body);
        let fields = vec![
            ("Parameters", parameters.map_or(Field::Plain(Value::Null), Field::Children)),
            ("Body", Field::Child(Some(body))),
            ("Name", text(&function.name)),
            ("IsFilter", truth(function.filter)),
            ("IsWorkflow", truth(false)),
        ];
        self.node(TypeRef::FUNCTION_DEFINITION_AST, function.span, fields)
    }

    fn definition(&mut self, span: Span, name: &str, kind: &str, lists: [Vec<NodeId>; 3]) -> NodeId {
        let [attributes, bases, members] = lists;
        let fields = vec![
            ("Attributes", Field::Children(attributes)),
            ("BaseTypes", Field::Children(bases)),
            ("Members", Field::Children(members)),
            ("Name", text(name)),
            ("TypeAttributes", Field::Plain(member(TypeRef::TYPE_ATTRIBUTES, kind))),
            ("IsEnum", truth(kind == "Enum")),
            ("IsClass", truth(kind == "Class")),
            ("IsInterface", truth(false)),
        ];
        self.node(TypeRef::TYPE_DEFINITION_AST, span, fields)
    }

    fn class(&mut self, class: &Class) -> NodeId {
        let attributes = class.attributes.iter().map(|one| self.attribute(one)).collect();
        let bases = class.bases.iter().map(|one| self.type_constraint(one)).collect();
        let mut members: Vec<NodeId> = class.properties.iter().map(|one| self.property(one)).collect();
        members.extend(class.methods.iter().map(|one| self.method(one)).collect::<Vec<_>>());
        members.sort_by_key(|id| self.span_of(*id).start);
        self.definition(class.span, &class.name, "Class", [attributes, bases, members])
    }

    fn enumeration(&mut self, definition: &Enum) -> NodeId {
        let attributes = definition.attributes.iter().map(|one| self.attribute(one)).collect();
        let bases = definition.underlying.iter().map(|one| self.type_constraint(one)).collect();
        let members = definition.members.iter().map(|(name, value, span)| {
            let initial = value.as_ref().map(|value| self.expression(value));
            let flags = MemberFlags { is_static: true, is_hidden: false, literal: true };
            self.property_node(*span, name, [None, initial], Vec::new(), flags)
        });
        let members = members.collect();
        self.definition(definition.span, &definition.name, "Enum", [attributes, bases, members])
    }

    fn property(&mut self, property: &ClassProperty) -> NodeId {
        let kind = property.kind.as_ref().map(|name| self.type_constraint(name));
        let attributes = property.attributes.iter().map(|one| self.attribute(one)).collect();
        let initial = property.default.as_ref().map(|value| self.expression(value));
        let flags = MemberFlags { is_static: property.is_static, is_hidden: property.is_hidden, literal: false };
        self.property_node(property.span, &property.name, [kind, initial], attributes, flags)
    }

    fn property_node(
        &mut self,
        span: Span,
        name: &str,
        [kind, initial]: [Option<NodeId>; 2],
        attributes: Vec<NodeId>,
        flags: MemberFlags,
    ) -> NodeId {
        let bits =
            1 | (i64::from(flags.is_static) * 16) | (i64::from(flags.literal) * 32) | (i64::from(flags.is_hidden) * 64);
        let mut fields = vec![
            ("Attributes", Field::Children(attributes)),
            ("PropertyType", Field::Child(kind)),
            ("InitialValue", Field::Child(initial)),
            ("Name", text(name)),
            ("PropertyAttributes", Field::Plain(TypeRef::PROPERTY_ATTRIBUTES.enum_of(bits))),
        ];
        fields.extend(flags.fields());
        self.node(TypeRef::PROPERTY_MEMBER_AST, span, fields)
    }

    fn method(&mut self, method: &ClassMethod) -> NodeId {
        let attributes = Vec::new();
        let kind = method.kind.as_ref().map(|name| self.type_constraint(name));
        let parameters = method.params.iter().map(|one| self.parameter(one)).collect();
        let body = self.script_block(&method.body);
        let bits = 1 | (i64::from(method.is_static) * 16) | (i64::from(method.is_hidden) * 64);
        let flags = MemberFlags { is_static: method.is_static, is_hidden: method.is_hidden, literal: false };
        let mut fields = vec![
            ("Attributes", Field::Children(attributes)),
            ("ReturnType", Field::Child(kind)),
            ("Parameters", Field::Children(parameters)),
            ("Body", Field::Child(Some(body))),
            ("Name", text(&method.name)),
            ("MethodAttributes", Field::Plain(TypeRef::METHOD_ATTRIBUTES.enum_of(bits))),
            ("IsConstructor", truth(method.is_constructor)),
        ];
        fields.extend(flags.fields());
        self.node(TypeRef::FUNCTION_MEMBER_AST, method.span, fields)
    }

    // Statements --------------------------------------------------------------------------------------

    pub(super) fn statement(&mut self, statement: &Statement) -> NodeId {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Pipeline(chain) => self.chain(chain),
            StatementKind::Function(function) => self.function(function),
            StatementKind::Class(class) => self.class(class),
            StatementKind::Enum(definition) => self.enumeration(definition),
            StatementKind::If { clauses, otherwise } => {
                let pairs = clauses.iter().map(|(test, body)| (self.chain(test), self.block(body))).collect();
                let otherwise = otherwise.as_ref().map(|body| self.block(body));
                let fields = vec![("Clauses", Field::Pairs(pairs)), ("ElseClause", Field::Child(otherwise))];
                self.node(TypeRef::IF_STATEMENT_AST, span, fields)
            }
            StatementKind::Try { body, catches, finally } => {
                let body = self.block(body);
                let clauses = catches.iter().map(|one| self.catch(one)).collect();
                let finally = finally.as_ref().map(|body| self.block(body));
                let fields = vec![
                    ("Body", Field::Child(Some(body))),
                    ("CatchClauses", Field::Children(clauses)),
                    ("Finally", Field::Child(finally)),
                ];
                self.node(TypeRef::TRY_STATEMENT_AST, span, fields)
            }
            StatementKind::Break(label) => self.jump(TypeRef::BREAK_STATEMENT_AST, span, label.as_ref()),
            StatementKind::Continue(label) => self.jump(TypeRef::CONTINUE_STATEMENT_AST, span, label.as_ref()),
            StatementKind::Return(value) => self.leave(TypeRef::RETURN_STATEMENT_AST, span, value.as_ref()),
            StatementKind::Exit(value) => self.leave(TypeRef::EXIT_STATEMENT_AST, span, value.as_ref()),
            StatementKind::Throw(value) => self.leave(TypeRef::THROW_STATEMENT_AST, span, value.as_ref()),
            StatementKind::Data { name, supported, body } => {
                let allowed = supported.iter().map(|one| self.expression(one)).collect();
                let body = self.block(body);
                let fields = vec![
                    ("CommandsAllowed", Field::Children(allowed)),
                    ("Body", Field::Child(Some(body))),
                    ("Variable", Field::Plain(name.as_deref().map_or(Value::Null, Value::from))),
                ];
                self.node(TypeRef::DATA_STATEMENT_AST, span, fields)
            }
            StatementKind::Broken(broken) => self.broken(broken, span),
            StatementKind::While { .. }
            | StatementKind::Do { .. }
            | StatementKind::For { .. }
            | StatementKind::ForEach { .. }
            | StatementKind::Switch { .. } => self.labelled(statement),
        }
    }

    fn broken(&mut self, broken: &Broken, span: Span) -> NodeId {
        let parts = broken.parts.iter().map(|part| self.part(part)).collect();
        let conditions = broken.conditions.iter().map(|part| self.part(part)).collect();
        let bodies = broken.bodies.iter().map(|part| self.part(part)).collect();
        let mut flags = Vec::new();
        for (name, chain) in &broken.flags {
            flags.push((name.clone(), chain.as_ref().map(|chain| self.chain(chain))));
        }
        let fields = vec![
            ("Conditions", Field::Children(conditions)),
            ("Bodies", Field::Children(bodies)),
            ("NestedAst", Field::Children(parts)),
            ("Flags", Field::Flags(flags)),
            ("Kind", Field::Plain(Value::Null)),
        ];
        self.node(TypeRef::ERROR_STATEMENT_AST, span, fields)
    }

    fn part(&mut self, part: &Part) -> NodeId {
        match part {
            Part::Chain(chain) => self.chain(chain),
            Part::Statement(statement) => self.statement(statement),
            Part::Block(block) => self.block(block),
            Part::Expression(expression) => self.expression(expression),
            Part::Type(name) => self.type_constraint(name),
            Part::Catch(clause) => self.catch(clause),
            Part::Parameter(parameter) => self.parameter(parameter),
            Part::Variable(variable) => self.variable(variable),
        }
    }

    fn labelled(&mut self, statement: &Statement) -> NodeId {
        let span = statement.span;
        let (kind, label, mut fields) = match &statement.kind {
            StatementKind::While { label, condition, body } => {
                let fields = vec![self.child_chain("Condition", condition), self.child_block("Body", body)];
                (TypeRef::WHILE_STATEMENT_AST, label, fields)
            }
            StatementKind::Do { label, body, condition, until } => {
                let kind = if *until { TypeRef::DO_UNTIL_STATEMENT_AST } else { TypeRef::DO_WHILE_STATEMENT_AST };
                (kind, label, vec![self.child_block("Body", body), self.child_chain("Condition", condition)])
            }
            StatementKind::For { label, initializer, condition, iterator, body } => {
                let initializer = initializer.as_ref().map(|one| self.statement(one));
                let condition = condition.as_ref().map(|one| self.chain(one));
                let iterator = iterator.as_ref().map(|one| self.statement(one));
                let fields = vec![
                    ("Initializer", Field::Child(initializer)),
                    ("Condition", Field::Child(condition)),
                    ("Iterator", Field::Child(iterator)),
                    self.child_block("Body", body),
                ];
                (TypeRef::FOR_STATEMENT_AST, label, fields)
            }
            StatementKind::ForEach { label, variable, items, body, .. } => {
                let variable = self.variable(variable);
                let fields = vec![
                    ("Variable", Field::Child(Some(variable))),
                    self.child_chain("Condition", items),
                    ("ThrottleLimit", Field::Child(None)),
                    self.child_block("Body", body),
                    ("Flags", Field::Plain(TypeRef::FOR_EACH_FLAGS.enum_of(0))),
                ];
                (TypeRef::FOR_EACH_STATEMENT_AST, label, fields)
            }
            StatementKind::Switch { label, matching, case_sensitive, file, subject, clauses, default } => {
                let condition = self.child_chain("Condition", subject);
                let pairs = clauses.iter().map(|(test, body)| (self.expression(test), self.block(body))).collect();
                let default = default.as_ref().map(|body| self.block(body));
                let bits = switch_bits(*matching) | (i64::from(*case_sensitive) * 16) | i64::from(*file);
                let fields = vec![
                    condition,
                    ("Clauses", Field::Pairs(pairs)),
                    ("Default", Field::Child(default)),
                    ("Flags", Field::Plain(TypeRef::SWITCH_FLAGS.enum_of(bits))),
                ];
                (TypeRef::SWITCH_STATEMENT_AST, label, fields)
            }
            _ => return self.node(TypeRef::ERROR_STATEMENT_AST, span, Vec::new()),
        };
        fields.push(("Label", Field::Plain(label.as_deref().map_or(Value::Null, Value::from))));
        self.node(kind, span, fields)
    }

    fn child_chain(&mut self, name: &'static str, chain: &PipelineChain) -> (&'static str, Field) {
        (name, Field::Child(Some(self.chain(chain))))
    }

    fn child_block(&mut self, name: &'static str, body: &Block) -> (&'static str, Field) {
        (name, Field::Child(Some(self.block(body))))
    }

    fn catch(&mut self, clause: &Catch) -> NodeId {
        let kinds = clause.types.iter().map(|name| self.type_constraint(name)).collect();
        let body = self.block(&clause.body);
        let fields = vec![
            ("CatchTypes", Field::Children(kinds)),
            ("Body", Field::Child(Some(body))),
            ("IsCatchAll", truth(clause.types.is_empty())),
        ];
        self.node(TypeRef::CATCH_CLAUSE_AST, clause.span, fields)
    }

    fn jump(&mut self, kind: TypeRef, span: Span, label: Option<&Expr>) -> NodeId {
        let label = label.map(|label| self.expression(label));
        self.node(kind, span, vec![("Label", Field::Child(label))])
    }

    fn leave(&mut self, kind: TypeRef, span: Span, value: Option<&PipelineChain>) -> NodeId {
        let pipeline = value.map(|value| self.chain(value));
        let mut fields = vec![("Pipeline", Field::Child(pipeline))];
        if kind == TypeRef::THROW_STATEMENT_AST {
            fields.push(("IsRethrow", truth(false)));
        }
        self.node(kind, span, fields)
    }

    // Pipelines ---------------------------------------------------------------------------------------

    pub(super) fn chain(&mut self, chain: &PipelineChain) -> NodeId {
        let in_background = chain.background && chain.rest.is_empty();
        let mut left = self.pipeline(&chain.first, in_background, chain.span);
        for (at, (operator, next)) in chain.rest.iter().enumerate() {
            let is_last = at + 1 == chain.rest.len();
            let right = self.pipeline(next, false, next.span);
            let operator = if *operator == ChainOperator::And { "AndAnd" } else { "OrOr" };
            let span = self.span_of(left).to(if is_last { chain.span } else { next.span });
            let fields = vec![
                ("LhsPipelineChain", Field::Child(Some(left))),
                ("RhsPipeline", Field::Child(Some(right))),
                ("Operator", Field::Plain(member(TypeRef::TOKEN_KIND, operator))),
                ("Background", truth(chain.background && is_last)),
            ];
            left = self.node(TypeRef::PIPELINE_CHAIN_AST, span, fields);
        }
        left
    }

    fn pipeline(&mut self, pipeline: &Pipeline, background: bool, whole: Span) -> NodeId {
        match &pipeline.kind {
            PipelineKind::Commands(commands) => {
                let elements = commands.iter().map(|command| self.command(command)).collect();
                let span = if background { whole } else { pipeline.span };
                let fields = vec![("PipelineElements", Field::Children(elements)), ("Background", truth(background))];
                self.node(TypeRef::PIPELINE_AST, span, fields)
            }
            PipelineKind::Assignment { target, operator, value } => {
                let left = self.expression(target);
                let right = match lone_expression(value) {
                    Some(command) => self.command(command),
                    None => self.statement(value),
                };
                let operator = super::expressions::assignment_kind(*operator);
                let fields = vec![
                    ("Left", Field::Child(Some(left))),
                    ("Right", Field::Child(Some(right))),
                    ("Operator", Field::Plain(member(TypeRef::TOKEN_KIND, operator))),
                    ("ErrorPosition", Field::Plain(super::extent(&self.source, pipeline.span))),
                ];
                self.node(TypeRef::ASSIGNMENT_STATEMENT_AST, pipeline.span, fields)
            }
        }
    }
}

/// What the members of classes and enumerations say of themselves.
struct MemberFlags {
    is_static: bool,
    is_hidden: bool,
    literal: bool,
}

impl MemberFlags {
    fn fields(&self) -> Fields {
        vec![
            ("IsPublic", truth(true)),
            ("IsPrivate", truth(false)),
            ("IsHidden", truth(self.is_hidden)),
            ("IsStatic", truth(self.is_static)),
        ]
    }
}

/// The expression that an assigned statement is, where it is nothing more.
fn lone_expression(statement: &Statement) -> Option<&Command> {
    let StatementKind::Pipeline(chain) = &statement.kind else { return None };
    if !chain.rest.is_empty() || chain.background {
        return None;
    }
    match &chain.first.kind {
        PipelineKind::Commands(commands) => match commands.as_slice() {
            [only @ Command { kind: CommandKind::Expression(_), .. }] => Some(only),
            _ => None,
        },
        PipelineKind::Assignment { .. } => None,
    }
}

/// No traps at all show as null.
fn traps_field(traps: Vec<NodeId>) -> Field {
    if traps.is_empty() { Field::Plain(Value::Null) } else { Field::Children(traps) }
}

fn switch_bits(matching: SwitchMatching) -> i64 {
    match matching {
        SwitchMatching::Exact => 0,
        SwitchMatching::Regex => 2,
        SwitchMatching::Wildcard => 4,
    }
}

/// A type by name; `System.Object` where this build does not know it.
pub(super) fn type_value(name: &str) -> Value {
    Value::Type(types::resolve(name).unwrap_or(TypeRef::OBJECT))
}
