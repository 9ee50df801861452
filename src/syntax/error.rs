//! Syntax errors: PowerShell's error ids, our own words. One table holds every id with its text.

use super::span::Span;

/// One thing that is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// PowerShell's id, for example `MissingEndCurlyBrace`.
    pub(crate) id: &'static str,
    /// What is wrong, in our words.
    pub(crate) message: String,
    /// The text to point at.
    pub span: Span,
    /// More input could cure it: the prompt asks for another line.
    pub(crate) incomplete: bool,
}

impl SyntaxError {
    /// An error whose words come from the table; `detail` stands where the text has `{}`.
    pub(super) fn new(id: &'static str, span: Span, detail: &str, incomplete: bool) -> Self {
        let template = TEXTS.iter().find(|(known, _)| *known == id).map_or("This cannot be understood: '{}'.", |t| t.1);
        Self { id, message: template.replace("{}", detail), span, incomplete }
    }
}

/// Error ids with what they say.
const TEXTS: &[(&str, &str)] = &[
    ("ArrayReferenceNotSupportedInDataSection", "A data section cannot take elements by index."),
    ("AssignmentStatementNotSupportedInDataSection", "A data section cannot assign to variables."),
    ("AttributeNotAllowedOnDeclaration", "The attribute '{}' cannot stand here."),
    ("AttributeNotSupportedInDataSection", "A data section cannot hold attributes."),
    ("BadNumericConstant", "The number '{}' does not fit the type its suffix asks for."),
    ("BaseMethodCallOnlyInConstructor", "Only a constructor can call its base with ': {}( )'."),
    ("CmdletNotInAllowedListForDataSection", "A data section may not run '{}'; allow it with -SupportedCommand."),
    ("ConstructorCantHaveReturnType", "A constructor returns nothing; '[{}]' before its name must go."),
    ("ControlLeavingFinally", "A 'finally' block always runs to its end; '{}' cannot leave it."),
    ("DataSectionStatementNotSupportedInDataSection", "A data section cannot hold another one."),
    ("DoWhileStatementNotSupportedInDataSection", "A data section cannot hold a 'do' loop."),
    ("DotSourcingNotSupportedInDataSection", "A data section cannot dot-source commands."),
    ("DuplicateFormalParameter", "The parameter '${}' is declared twice; give each parameter a name of its own."),
    ("DuplicateKeyInHashLiteral", "The key '{}' stands twice in this hash table."),
    ("DuplicateNamedArgument", "The argument '{}' is given twice."),
    ("DuplicateQualifier", "'{}' is written twice."),
    ("DuplicateScriptCommandClause", "There is already a '{}' block here; only one is allowed."),
    ("EmptyCatchNotLast", "A 'catch' without types catches everything, so it must be the last one."),
    ("EmptyPipeElement", "A command is missing beside '|'."),
    ("EmptyPipelineChainElement", "A pipeline is missing after '{}'."),
    ("EmptyVariableReference", "The braces of '${}' hold no variable name."),
    ("EndSquareBracketExpectedAtEndOfAttribute", "The ']' that closes this type or attribute is missing."),
    ("EnumeratorValueMustBeConstant", "The value of an enumeration's member must be a constant."),
    ("ExceptionTypeAlreadyCaught", "[{}] is caught by an earlier 'catch' already."),
    ("ExpectedExpression", "An expression or command must follow '{}'."),
    ("ExpectedValueExpression", "A value must follow '{}'."),
    ("ExpressionsMustBeFirstInPipeline", "After '|' there must be a command; an expression can only come first."),
    (
        "FlowControlStatementNotSupportedInDataSection",
        "A data section cannot be left by break, continue, return, throw or exit.",
    ),
    ("ForWhileStatementNotSupportedInDataSection", "A data section cannot hold a 'for' or 'while' loop."),
    ("ForeachStatementNotSupportedInDataSection", "A data section cannot hold a 'foreach' loop."),
    ("FunctionDeclarationNotSupportedInDataSection", "A data section cannot declare functions or types."),
    ("IfStatementMissingCondition", "The condition after '{} (' is missing."),
    ("IncompleteDollarSubexpressionReference", "The ')' that closes '$(' inside this string is missing."),
    ("IncompleteDollarVariableReference", "The '}' that closes '${' is missing."),
    ("IncompleteMemberDefinition", "A property or method name must follow the type or attribute."),
    ("InvalidForeachFlag", "'foreach' has no option '{}'."),
    ("InvalidFunctionParameter", "A variable must follow the type or attribute of a parameter."),
    ("InvalidLeftHandSide", "'{}' cannot be assigned to; use a variable, a property or an element."),
    ("InvalidParameterForDataSectionStatement", "A data section has no option '{}'; it knows -SupportedCommand."),
    ("InvalidSwitchFlag", "'switch' has no option '{}'; it knows -Regex, -Wildcard, -Exact, -CaseSensitive and -File."),
    ("InvalidUnicodeEscapeSequence", "`u must be followed by one to six hexadecimal digits in braces."),
    ("InvalidUnicodeEscapeSequenceValue", "The largest character is `u{10FFFF}; this one is beyond it."),
    ("InvalidVariableReference", "'{}' ends in a colon without a name after it."),
    (
        "InvalidVariableReferenceWithDrive",
        "'{}' ends in a colon without a name after it; write ${name} to end the name before the colon.",
    ),
    (
        "KeywordParameterReservedForFutureUse",
        "The option '{}' of 'foreach' works in workflows only, which do not exist here.",
    ),
    ("MemberAlreadyDefined", "There is a member '{}' already."),
    ("MethodCallNotSupportedInDataSection", "A data section cannot call methods."),
    ("MethodHasCodePathNotReturn", "Not every way through the method '{}' returns a value."),
    ("MissingArgument", "An argument is missing before ','."),
    ("MissingArrayIndexExpression", "The index between '[' and ']' is missing."),
    ("MissingCatchHandlerBlock", "The block of 'catch' is missing."),
    ("MissingCatchOrFinally", "'try' needs a 'catch' or a 'finally' after its block."),
    ("MissingColonInTernaryExpression", "The ':' of this '? :' expression is missing."),
    ("MissingCurlyBraceInSwitchStatement", "The '{' that opens the clauses of 'switch' is missing."),
    ("MissingEndCurlyBrace", "The '}' that closes this block is missing."),
    ("MissingEndParenthesisAfterForeach", "The ')' after the items of 'foreach' is missing."),
    ("MissingEndParenthesisAfterStatement", "The ')' after the expression of '{}' is missing."),
    ("MissingEndParenthesisInExpression", "The ')' that closes this expression is missing."),
    ("MissingEndParenthesisInFunctionParameterList", "The ')' that closes this parameter list is missing."),
    ("MissingEndParenthesisInMethodCall", "The ')' that closes the arguments of this call is missing."),
    ("MissingEndParenthesisInSubexpression", "The ')' that closes this subexpression is missing."),
    ("MissingEndParenthesisInSwitchStatement", "The ')' after the value of 'switch' is missing."),
    ("MissingEndSquareBracket", "The ']' that closes this index is missing."),
    ("MissingEqualsInHashLiteral", "The '=' after this key is missing."),
    ("MissingExpression", "An expression is missing after '{}'."),
    ("MissingExpressionAfterKeyword", "The condition of '{}' is missing."),
    ("MissingExpressionAfterOperator", "A value must follow the operator '{}'."),
    ("MissingExpressionAfterToken", "An expression must follow '{}'."),
    ("MissingExpressionInNamedArgument", "A value must follow '=' of this argument."),
    ("MissingFileSpecification", "A file name must follow the redirection."),
    ("MissingFilenameOption", "A file name must follow -File."),
    ("MissingFinallyStatementBlock", "The block of 'finally' is missing."),
    ("MissingForeachExpression", "What 'foreach' goes through is missing after 'in'."),
    ("MissingForeachStatement", "The body of this 'foreach' loop is missing."),
    ("MissingFunctionBody", "The body in braces is missing."),
    ("MissingInInForeach", "The word 'in' is missing after the variable of 'foreach'."),
    ("MissingLoopStatement", "The body of this '{}' loop is missing."),
    ("MissingMethodParameterList", "A method needs its parameter list in parentheses."),
    ("MissingNameAfterKeyword", "A name must follow '{}'."),
    (
        "MissingNamedBlocks",
        "After a named block only begin, process, end, clean and dynamicparam blocks can follow, not '{}'.",
    ),
    ("MissingNamedStatementBlock", "The block after '{}' is missing."),
    ("MissingOpenParenthesisAfterKeyword", "The '(' after '{}' is missing."),
    ("MissingOpenParenthesisInIfStatement", "The '(' after '{}' is missing."),
    ("MissingPropertyName", "A member name must follow '{}'."),
    ("MissingPropertyTerminator", "A ';' or a new line must end this member."),
    ("MissingStatementBlock", "The block after the condition of '{}' is missing."),
    ("MissingStatementBlockAfterElse", "The block after 'else' is missing."),
    ("MissingStatementBlockForDataSection", "The block of this data section is missing."),
    ("MissingStatementInHashLiteral", "The value after '=' is missing."),
    ("MissingSwitchConditionExpression", "A 'switch' needs at least one clause, each with a test and a block."),
    ("MissingSwitchStatementClause", "The block after this test of 'switch' is missing."),
    ("MissingTerminatorMultiLineComment", "The '#>' that closes this comment is missing."),
    ("MissingThis", "'{}' is a property here; write $this.{} to assign to it."),
    ("MissingTrapStatement", "The block of 'trap' is missing."),
    ("MissingTryStatementBlock", "The block of 'try' is missing."),
    ("MissingTypeBody", "The body in braces after this '{}' is missing."),
    (
        "MissingTypeInStaticPropertyAssignment",
        "'{}' is a static property here; write its class and '::' before the name.",
    ),
    ("MissingTypeLiteralToken", "A type in square brackets must follow ','."),
    ("MissingTypename", "A type name must follow '['."),
    ("MissingUnicodeEscapeSequenceTerminator", "The '}' that closes this `u escape is missing."),
    ("MissingUsingItemName", "A name must follow 'using {}'."),
    ("MissingUsingStatementDirective", "After 'using' comes namespace, module or assembly."),
    (
        "MissingValueForSupportedCommandInDataSectionStatement",
        "The name of a command must follow -SupportedCommand or the comma.",
    ),
    ("MissingVariableNameAfterForeach", "The variable of 'foreach (' is missing."),
    ("MissingWhileOrUntilInDoWhile", "'while' or 'until' must follow the block of 'do'."),
    ("MultipleSwitchDefaultClauses", "A 'switch' can have only one 'default' clause."),
    ("MultipleTypeConstraintsOnMethodParam", "The parameter '${}' has more than one type."),
    ("NamedBlockNotAllowedInMethod", "A method has no '{}' block; write the statements themselves."),
    ("NonVoidMethodMissingReturnValue", "The method '{}' must return a value here."),
    (
        "OnlyOneParameterListAllowed",
        "Parameters stand after the function's name already, so 'param' is one list too many.",
    ),
    ("OperatorNotSupportedInDataSection", "The operator {} cannot be used in a data section."),
    ("OperatorRequiresVariableOrProperty", "'{}' works only on something that can be assigned to."),
    ("ParamBlockNotAllowedInMethod", "The parameters of a method stand behind its name, not in 'param'."),
    ("ParameterRequiresArgument", "The parameter '{}' ends in a colon, so a value must follow."),
    ("PipelineValueRequired", "'switch' needs a value in parentheses."),
    ("PropertyReferenceNotSupportedInDataSection", "A data section cannot read properties."),
    ("RedirectionNotSupported", "The redirection '{}' is not available."),
    ("RedirectionNotSupportedInDataSection", "A data section cannot redirect output."),
    (
        "ReferenceNeedsToBeByItselfInTypeConstraint",
        "[ref] cannot be combined with other types where a variable is assigned to.",
    ),
    ("ReferenceNeedsToBeByItselfInTypeSequence", "[ref] can stand only once before a value."),
    ("ReferenceNeedsToBeLastTypeInTypeConversion", "[ref] must be the first of the types before a value."),
    ("ReservedKeywordNotAllowed", "'{}' is reserved and cannot be used."),
    ("ScriptBlockNotSupportedInDataSection", "A data section cannot hold script blocks."),
    ("ScriptTooComplicated", "This is nested too deeply; split it into smaller parts."),
    ("SplattingNotPermitted", "'@{}' passes arguments to a command; in an expression write '${}'."),
    ("StaticConstructorCantHaveParameters", "The static constructor of '{}' cannot have parameters."),
    ("StreamAlreadyRedirected", "This stream of the command is redirected already."),
    ("SwitchStatementNotSupportedInDataSection", "A data section cannot hold a 'switch'."),
    ("TerminatorExpectedAtEndOfString", "The closing {} of this string is missing."),
    ("TooManyDigitsInUnicodeEscapeSequence", "A `u escape has at most six hexadecimal digits."),
    ("TooManyTypes", "A member has one type; '[{}]' is one too many."),
    ("TrapStatementNotSupportedInDataSection", "A data section cannot hold a 'trap'."),
    ("TryStatementNotSupportedInDataSection", "A data section cannot hold a 'try'."),
    ("TypeNameExpected", "A type name must follow '{}'."),
    ("TypeNotAllowedBeforeParam", "The type [{}] has no meaning before 'param'."),
    ("UnexpectedAttribute", "The attribute '{}' can stand only before a variable or parameter."),
    ("UnexpectedCharactersAfterHereStringHeader", "Nothing may follow the opening of a here-string on its line."),
    ("UnexpectedToken", "'{}' is not expected here."),
    ("UnrecognizedToken", "'{}' means nothing here."),
    ("UsingMustBeAtStartOfScript", "'using' statements must come before everything else in a script."),
    (
        "VariableNotLocal",
        "The variable '${}' is not assigned in this method; write $script:{} or $global:{} for one outside of it.",
    ),
    ("VariableReferenceNotSupportedInDataSection", "A data section cannot read the variable '${}'."),
    ("VoidMethodHasReturn", "The method '{}' says that it returns nothing, so no value can stand here."),
    ("VoidTypeConstraintNotAllowed", "[void] cannot be the type of a variable or parameter."),
    ("WhitespaceBeforeHereStringFooter", "The closing mark of a here-string must be the first thing on its line."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_free_of_doubles() {
        assert!(TEXTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
